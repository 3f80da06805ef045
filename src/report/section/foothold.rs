//! "Who has a foothold here already?": of one country on its page, and of the first countries beside an area's ranking. Evidence, never scored.

use std::collections::{BTreeMap, BTreeSet};

use super::super::RunContext;
use super::super::builder::Builder;
use super::super::country_view::CountryView;
use super::super::model::{Cell, Column, Grid, Origin, Prose};
use super::super::text::{capital, years};
use super::super::view::{View, occupation_name};
use super::country_people::count_words;
use super::sources;
use crate::code::{Country, Ssyk, SsykGroup};
use crate::config::{LIKELY, POTENTIAL};
use crate::foothold::{Told, born_in_county, by_sex, group_years, permits_by_group, shown_groups};
use crate::language::{Language, say};
use crate::supply::{Market, MarketKind};

/// Occupations of a group that a cell names.
const NAMED: usize = 3;
/// Occupation groups in a country's table.
const GROUPS: usize = 10;

/// The heading of both.
fn heading(language: Language) -> &'static str {
    say!(language, sv: "Vilka har redan fäste här?", en: "Who has a foothold here already?")
}

/// A count as a cell.
fn cell(told: Told, small: i64, language: Language) -> Cell {
    match told {
        Told::Exactly(count) => Cell::Count(count),
        Told::Few => Cell::SmallCount { most: small },
        Told::Withheld => Cell::Missing {
            reason: say!(language, sv: "antalet visas inte, för att det skulle röja ett litet antal", en: "the count is not shown, as it would give away a small count"),
        },
        Told::Missing => Cell::Missing { reason: say!(language, sv: "antalet redovisas inte", en: "the count is not published") },
    }
}

/// A count in prose; nothing where it may not be told.
fn in_prose(told: Told, small: i64, language: Language) -> Option<String> {
    match told {
        Told::Exactly(count) => Some(count_words(count, small, language)),
        Told::Few => Some(format!("1–{small}")),
        Told::Withheld | Told::Missing => None,
    }
}

/// Permits of a country's citizens in the occupation groups of `occupations`, as they may be told, the most first.
fn permits_in(run: &RunContext, country: Country, occupations: &BTreeSet<Ssyk>) -> Vec<(SsykGroup, i64)> {
    let wanted: BTreeSet<SsykGroup> = occupations.iter().map(Ssyk::group).collect();
    let all = permits_by_group(run.figures, country, run.analysis.year);
    // What may be told is decided over all groups: the sum of all is known elsewhere.
    let shown = shown_groups(&all, run.config.method.gender.small_count);
    shown.into_iter().filter(|(group, _)| wanted.contains(group)).collect()
}

/// The section of a country: in which of the county's shortage occupations its citizens have been granted permits, and who can tell about the way here.
pub fn country(builder: &mut Builder, view: &CountryView) {
    let language = view.language();
    let run = view.run;
    let small = run.config.method.gender.small_count;
    builder.heading(heading(language), "faste");
    let (name, county, recruited) = (&view.in_prose, &view.county, view.recruited());
    let here = born_in_county(run.figures, run.analysis.county, view.country, run.analysis.year, small);
    let neighbours = here.and_then(|(period, told)| Some((period, in_prose(told[2], small, language)?)));
    let living = match neighbours {
        Some((period, count)) => say!(language,
            sv: format!("{count} personer som är födda i {name} bor i {county} ({period}). De kan berätta om länet på sitt språk, om de vill."),
            en: format!("{count} persons born in {name} live in {county} ({period}). They can tell about the county in their language, if they want to."),
        ),
        None => say!(language,
            sv: format!("Hur många som är födda i {name} och bor i {county} finns inte bland rapportens siffror."),
            en: format!("How many persons born in {name} live in {county} is not among the figures of the report."),
        ),
    };
    let not_scored = say!(language,
        sv: "Det som står här är kunskap vid sidan av rangordningen, och räknas inte i någon poäng på det här sättet.",
        en: "What stands here is knowledge beside the ranking, and is not counted in any score in this way.",
    );
    let span = group_years(run.figures, run.analysis.year);
    let permits = if view.moves_freely() { Vec::new() } else { permits_in(run, view.country, &recruited) };
    let worked = match (view.moves_freely(), span) {
        (true, _) => say!(language,
            sv: " Medborgare där behöver inget arbetstillstånd, så inga tillstånd visar i vilka yrken de har fått arbete.".to_owned(),
            en: " Its citizens need no work permit, so no permits show in which occupations they have found work.".to_owned(),
        ),
        (_, None) => {
            say!(language, sv: " Arbetstillstånd efter yrke saknas bland siffrorna.".to_owned(), en: " Work permits by occupation are not among the figures.".to_owned())
        }
        (_, Some((first, last))) if permits.is_empty() => {
            let span = years(first, last);
            say!(language,
                sv: format!(" I de yrkesgrupper som länet söker har för få medborgare i {name} fått arbetstillstånd {span} för att visas."),
                en: format!(" In the occupation groups that the county looks for, too few citizens of {name} were granted work permits in {span} to be shown."),
            )
        }
        (_, Some((first, last))) => {
            let (span, groups) = (years(first, last), permits.len());
            let groups = if groups == 1 {
                say!(language, sv: "en yrkesgrupp", en: "one occupation group").to_owned()
            } else {
                say!(language, sv: format!("{groups} yrkesgrupper"), en: format!("{groups} occupation groups"))
            };
            say!(language,
                sv: format!(" I {groups} som länet söker har fler än {small} medborgare i {name} fått arbetstillstånd i Sverige {span}."),
                en: format!(" In {groups} that the county looks for, more than {small} citizens of {name} were granted work permits in Sweden in {span}."),
            )
        }
    };
    builder.paragraph(Prose::new().strong(living).text(format!("{worked} {not_scored}")));
    builder.paragraph(say!(language,
        sv: "Siffrorna säger inte var i landet de fick arbete, om de är kvar, eller vad de kan. Var någon är född är inte vad någon är medborgare i.",
        en: "The figures do not say where in the country they found work, whether they are still here, or what they can do. Where somebody was born is not what somebody is a citizen of.",
    ));
    let (Some((first, last)), false) = (span, permits.is_empty()) else { return };
    let rows: Vec<Vec<Cell>> = permits
        .iter()
        .take(GROUPS)
        .map(|(group, count)| {
            let names: Vec<String> =
                recruited.iter().filter(|code| code.group() == *group).map(|code| language.small(&occupation_name(run, *code))).collect();
            vec![Cell::Text(capital(&language.list_of_first(&names, NAMED))), Cell::Text(group.to_string()), Cell::Count(*count)]
        })
        .collect();
    let columns = vec![
        Column::text(say!(language, sv: "Yrken som länet söker", en: "Occupations that the county looks for")),
        Column::text(say!(language, sv: "SSYK-grupp", en: "SSYK group")),
        Column::number(
            say!(language, sv: "Tillstånd", en: "Permits"),
            say!(language, sv: "beslut i Sverige, alla åren", en: "decisions in Sweden, all years"),
        ),
    ];
    let span = years(first, last);
    let title = say!(language,
        sv: format!("Arbetstillstånd till medborgare i {name} i yrkesgrupper som länet söker, {span}"),
        en: format!("Work permits to citizens of {name} in occupation groups that the county looks for, {span}"),
    );
    let notes = vec![
        say!(language,
            sv: format!("Tillstånden redovisas för hela gruppen och inte för kvinnor och män var för sig. En grupp med högst {small} tillstånd visas inte, och inte heller en vars antal skulle röja en sådan."),
            en: format!("The permits are published for the whole group and not for women and men separately. A group with {small} permits or fewer is not shown, nor one whose count would give such a group away."),
        )
        .into(),
    ];
    let origin = Origin { unit: None, period: Some(span), source: sources::line(run, &sources::permits(run)), tables: vec!["foothold"] };
    builder.table(title, Grid { columns, rows }, notes, origin);
}

/// The section of an area: the countries of both first tiers.
pub fn area(builder: &mut Builder, view: &View) {
    let language = view.language();
    let run = view.run;
    let small = run.config.method.gender.small_count;
    let mut countries: BTreeMap<Country, Market> = BTreeMap::new();
    for list in [LIKELY, POTENTIAL] {
        for row in view.list(list).front(MarketKind::Country).members {
            if let Market::Country(country) = row.market {
                countries.insert(country, row.market);
            }
        }
    }
    if countries.is_empty() {
        return;
    }
    builder.heading(heading(language), "faste");
    builder.paragraph(say!(language,
        sv: "Människor som redan har flyttat hit kan visa vägen för andra, om de vill. Tabellen har länderna i de första grupperna på båda listorna, i bokstavsordning. Den står vid sidan av rangordningen.",
        en: "People who have moved here already can show others the way, if they want to. The table has the countries of the first tiers of both lists, in alphabetical order. It stands beside the ranking.",
    ));
    let occupations: BTreeSet<Ssyk> = view.weights.keys().copied().collect();
    let order = language.order();
    let mut listed: Vec<(Country, Market)> = countries.into_iter().collect();
    listed.sort_by(|one, other| order.compare(&view.market(one.1), &view.market(other.1)));
    // Without the figures of the county its column would say nothing.
    let any_county = listed.iter().any(|(country, _)| born_in_county(run.figures, run.analysis.county, *country, run.analysis.year, small).is_some());
    let rows = listed
        .iter()
        .map(|(country, market)| {
            let here = born_in_county(run.figures, run.analysis.county, *country, run.analysis.year, small);
            let here = here.map_or(Told::Missing, |(_, told)| told[2]);
            let born = run.figures.born_in_sweden.get(country).and_then(|series| series.newest(run.analysis.year));
            let told = by_sex(born.map(|born| born.value.women), born.map(|born| born.value.men), None, small);
            let permits = if run.figures.free_movement.contains_key(country) {
                Cell::Text(say!(language, sv: "behövs inte", en: "not needed").to_owned())
            } else {
                let sum: i64 = permits_in(run, *country, &occupations).iter().map(|(_, count)| count).sum();
                if sum > 0 {
                    Cell::Count(sum)
                } else {
                    Cell::Missing { reason: say!(language, sv: "inga tillstånd, eller så få att de inte visas", en: "no permits, or so few that they are not shown") }
                }
            };
            let here = any_county.then(|| cell(here, small, language));
            let others = [cell(told[0], small, language), cell(told[1], small, language), permits];
            std::iter::once(view.linked(*market)).chain(here).chain(others).collect()
        })
        .collect();
    let persons = say!(language, sv: "födda i landet, bor i Sverige", en: "born in the country, live in Sweden");
    let in_county = any_county.then(|| {
        Column::number(
            say!(language, sv: "Bor i länet", en: "Live in the county"),
            say!(language, sv: "födda i landet, kvinnor och män", en: "born in the country, women and men"),
        )
    });
    let mut columns: Vec<Column> = std::iter::once(Column::text(say!(language, sv: "Land", en: "Country"))).chain(in_county).collect();
    columns.extend([
        Column::number(say!(language, sv: "Kvinnor", en: "Women"), persons),
        Column::number(say!(language, sv: "Män", en: "Men"), persons),
        Column::number(
            say!(language, sv: "Arbetstillstånd", en: "Work permits"),
            say!(language, sv: "beslut i områdets yrkesgrupper", en: "decisions in the area’s occupation groups"),
        ),
    ]);
    let count = listed.len();
    let title = say!(language,
        sv: format!("Födda i de {count} länderna som bor här, och tillstånd till deras medborgare"),
        en: format!("Born in the {count} countries and living here, and permits to their citizens"),
    );
    let mut keys = if any_county { vec!["scb_born_abroad", sources::STOCK] } else { vec![sources::STOCK] };
    keys.extend(sources::permits(run));
    let newest = |periods: Option<i32>| periods.map(|period| period.to_string());
    let in_county = run.figures.born_in_county.iter().filter(|((county, _), _)| *county == run.analysis.county);
    let in_county = newest(in_county.filter_map(|(_, series)| Some(series.newest(run.analysis.year)?.period)).max());
    let in_sweden = newest(run.figures.born_in_sweden.values().filter_map(|series| Some(series.newest(run.analysis.year)?.period)).max());
    let permits = group_years(run.figures, run.analysis.year).map(|(first, last)| years(first, last));
    let named = [
        in_county.map(|period| say!(language, sv: format!("{period} (länet)"), en: format!("{period} (county)"))),
        in_sweden.map(|period| say!(language, sv: format!("{period} (Sverige)"), en: format!("{period} (Sweden)"))),
        permits.map(|period| say!(language, sv: format!("{period} (tillstånd)"), en: format!("{period} (permits)"))),
    ];
    let period: Vec<String> = named.into_iter().flatten().collect();
    let by_sex = if any_county {
        say!(language,
            sv: "Länets uppgift redovisas inte för kvinnor och män var för sig, och tillstånden inte heller.",
            en: "The county’s figure is not published for women and men separately, nor are the permits.",
        )
    } else {
        say!(language,
            sv: "Hur många som är födda i länderna och bor i länet ingår inte i körningens siffror. Tillstånden redovisas inte för kvinnor och män var för sig.",
            en: "How many persons born in the countries live in the county is not among the figures of the run. The permits are not published for women and men separately.",
        )
    };
    let notes: Vec<Prose> = vec![
        say!(language,
            sv: format!("{by_sex} Yrkesgrupper med högst {small} tillstånd räknas inte med."),
            en: format!("{by_sex} Occupation groups with {small} permits or fewer are not counted."),
        )
        .into(),
    ];
    let origin = Origin { unit: None, period: Some(period.join(", ")), source: sources::line(run, &keys), tables: vec!["foothold"] };
    builder.table(title, Grid { columns, rows }, notes, origin);
}
