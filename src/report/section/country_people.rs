//! The people of one country's page: women and men in its best occupations, who lives here already, and work permits granted.

use super::super::ReportError;
use super::super::builder::{Builder, FigureText};
use super::super::country_view::CountryView;
use super::super::model::{Cell, Column, FigureData, Grid, Origin};
use super::super::text::{OCCUPATION, capital, years};
use super::shortage::small_base;
use super::sources;
use crate::chart::dumbbell::{self, DumbbellData, DumbbellRow};
use crate::code::{Ssyk, SsykGroup};
use crate::figures::Persons;
use crate::foothold::{permits_by_group, shown_groups};
use crate::gender::told_share;
use crate::language::{Language, say};
use crate::supply::share_women;

/// Occupations in the chart of women and men.
const OCCUPATIONS: usize = 8;

/// Occupation groups in the table of permits.
const GROUPS: usize = 10;

/// A count in prose; so few that they could be pointed at are a span.
pub fn count_words(count: i64, small: i64, language: Language) -> String {
    if (1..=small).contains(&count) { format!("1–{small}") } else { language.whole(count) }
}

/// Shares of women of an occupation: the county, Sweden, the country.
struct Shares {
    name: String,
    county: Option<f64>,
    sweden: Option<f64>,
    abroad: Option<f64>,
}

fn shares(view: &CountryView) -> Vec<Shares> {
    let least = view.run.config.method.gender.least_base;
    let Some(any) = view.views.first() else { return Vec::new() };
    let known = view.matches().into_iter().filter_map(|found| {
        let abroad = found.pool?.share_women?;
        let demand = view.run.analysis.demand.occupations.get(&found.occupation)?;
        Some(Shares {
            name: any.occupation(found.occupation),
            county: told_share(demand.employed, &view.run.config.method.gender),
            sweden: share_women(demand.employed_sweden, least),
            abroad: Some(abroad),
        })
    });
    known.take(OCCUPATIONS).collect()
}

/// The section: shares of women.
pub fn women_and_men(builder: &mut Builder, view: &CountryView) -> Result<(), ReportError> {
    let language = view.language();
    builder.heading(say!(language, sv: "Kvinnor och män i yrkena", en: "Women and men in the occupations"), "kvinnor-och-man");
    let rows = shares(view);
    if rows.is_empty() {
        builder.paragraph(say!(language,
            sv: "Landet redovisar inte kvinnor och män i de yrken som passar bäst, så andelarna kan inte jämföras. Kön påverkar aldrig ett lands poäng.",
            en: "The country does not report women and men in the occupations that fit best, so the shares cannot be compared. Sex never affects a country’s score.",
        ));
        return Ok(());
    }
    builder.paragraph(say!(language,
        sv: "Andelen i landet är skattad: landets egen fördelning i yrkets huvudgrupp, justerad med Sveriges i yrket. Kön påverkar aldrig ett lands poäng.",
        en: "The share in the country is estimated: its own distribution in the occupation’s major group, adjusted by Sweden’s in the occupation. Sex never affects a country’s score.",
    ));
    let percent = |share: Option<f64>| share.map(|share| share * 100.0);
    let both: Vec<(f64, f64)> = rows.iter().filter_map(|row| row.abroad.zip(row.county)).collect();
    let (more, compared) = (both.iter().filter(|(abroad, county)| abroad > county).count(), both.len());
    let (name, opening) = (&view.in_prose, capital(&view.in_prose));
    let title = if compared == 0 {
        say!(language, sv: format!("Andelen kvinnor i {name}; länet har för få anställda för en andel"), en: format!("The share of women in {name}; the county has too few employees for a share"))
    } else {
        say!(language,
            sv: format!("I {more} av {compared} yrken är andelen kvinnor högre i {name} än i länet"),
            en: format!("In {more} of {compared} occupations the share of women is higher in {name} than in the county"),
        )
    };
    let caption = say!(language,
        sv: format!("Andel kvinnor i procent i de yrken där landet passar bäst. Det grå bandet visar 40–60 procent, som räknas som jämnt. {opening}: skattad andel."),
        en: format!("Share of women, per cent, in the occupations that the country fits best. The grey band shows 40–60 per cent, which counts as balanced. {opening}: estimated share."),
    );
    let missing = say!(language, sv: "uppgift saknas", en: "no figure");
    let share = |value: Option<f64>| value.map_or_else(|| missing.to_owned(), |value| language.number(value * 100.0, 0));
    let described: Vec<String> = rows
        .iter()
        .map(|row| {
            let (occupation, county, sweden, abroad) = (&row.name, share(row.county), share(row.sweden), share(row.abroad));
            say!(language,
                sv: format!("{occupation}: {county} i länet, {sweden} i Sverige, {abroad} i {name}"),
                en: format!("{occupation}: {county} in the county, {sweden} in Sweden, {abroad} in {name}"),
            )
        })
        .collect();
    let (count, described) = (language.count(rows.len(), OCCUPATION), described.join("; "));
    let alternative = say!(language,
        sv: format!("Diagram med andelen kvinnor i procent för {count}. {described}."),
        en: format!("Chart of the share of women, per cent, for {count}. {described}."),
    );
    let estimated = say!(language, sv: format!("{}, skattad", view.name), en: format!("{}, estimated", view.name));
    let of_women = say!(language, sv: "% kvinnor", en: "% women");
    let grid = Grid {
        columns: vec![
            Column::text(say!(language, sv: "Yrke", en: "Occupation")),
            Column::number(say!(language, sv: "Länet", en: "County"), of_women),
            Column::number(say!(language, sv: "Sverige", en: "Sweden"), of_women),
            Column::number(estimated.clone(), of_women),
        ],
        rows: rows
            .iter()
            .map(|row| {
                let mut cells = vec![Cell::Text(row.name.clone())];
                cells.extend([row.county, row.sweden, row.abroad].map(|share| Cell::number(percent(share), 0, small_base(language))));
                cells
            })
            .collect(),
    };
    let period = view.run.analysis.demand.period;
    let origin = Origin {
        unit: Some(say!(language, sv: "andel kvinnor, procent", en: "share of women, per cent").to_owned()),
        period: Some(say!(language,
            sv: format!("{period} (länet och Sverige), senaste år (landet)"),
            en: format!("{period} (county and Sweden), latest year (the country)"),
        )),
        source: sources::line(view.run, &sources::PEOPLE),
        tables: vec!["gender"],
    };
    let occupations = rows
        .iter()
        .map(|row| DumbbellRow { name: row.name.clone(), county: percent(row.county), sweden: percent(row.sweden), market: percent(row.abroad) })
        .collect();
    let text = FigureText { slug: "kvinnor-och-man", title, caption: caption.into(), alternative };
    let county = view.county.clone();
    builder.figure(text, |about| dumbbell::svg(&DumbbellData { about, county, market: estimated, occupations }), FigureData::Own(grid), origin)
}

/// The section: people born there who live here.
pub fn networks(builder: &mut Builder, view: &CountryView) {
    let language = view.language();
    let small = view.run.config.method.gender.small_count;
    let run = view.run;
    builder.heading(say!(language, sv: "Nätverk att bygga på", en: "Networks to build on"), "natverk");
    let (name, county) = (&view.in_prose, &view.county);
    let here = run.figures.born_in_county.get(&(run.analysis.county, view.country)).and_then(|series| series.newest(run.analysis.year));
    let any_county = run.figures.born_in_county.keys().any(|(other, _)| *other == run.analysis.county);
    builder.paragraph(match here {
        Some(found) => {
            let (count, period) = (count_words(found.value, small, language), found.period);
            say!(language,
                sv: format!("I {county} bor {count} personer som är födda i {name} ({period}). De kan språket och vägen hit, och kan berätta om båda. Uppgiften redovisas inte för kvinnor och män var för sig."),
                en: format!("{count} persons born in {name} live in {county} ({period}). They know the language and the way here, and can tell about both. The figure is not published for women and men separately."),
            )
        }
        None if any_county => say!(language,
            sv: format!("Hur många som är födda i {name} och bor i {county} redovisas inte."),
            en: format!("How many persons born in {name} live in {county} is not published."),
        ),
        None => say!(language,
            sv: format!("Hur många som är födda i {name} och bor i {county} finns inte bland rapportens siffror."),
            en: format!("How many persons born in {name} live in {county} is not among the figures of the report."),
        ),
    });
    let series = run.figures.born_in_sweden.get(&view.country);
    let found: Vec<(i32, Persons)> =
        series.into_iter().flat_map(|series| series.periods().filter_map(|period| Some((period, series.at(period)?)))).collect();
    let found: Vec<(i32, Persons)> = found.into_iter().filter(|(period, _)| *period <= run.analysis.year).collect();
    let Some((last, newest)) = found.last().copied() else {
        builder.paragraph(say!(language,
            sv: format!("Hur många som är födda i {name} och bor i Sverige saknas."),
            en: format!("There is no figure for how many persons born in {name} live in Sweden."),
        ));
        return;
    };
    let words = |persons: Persons| (count_words(persons.women, small, language), count_words(persons.men, small, language));
    let (women, men) = words(newest);
    let title = match found.first() {
        Some((first, before)) if *first < last => {
            let (women_before, men_before) = words(*before);
            say!(language,
                sv: format!("{women} kvinnor och {men} män födda i {name} bor i Sverige ({last}), mot {women_before} kvinnor och {men_before} män {first}"),
                en: format!("{women} women and {men} men born in {name} live in Sweden ({last}), against {women_before} women and {men_before} men in {first}"),
            )
        }
        _ => say!(language,
            sv: format!("{women} kvinnor och {men} män födda i {name} bor i Sverige ({last})"),
            en: format!("{women} women and {men} men born in {name} live in Sweden ({last})"),
        ),
    };
    let persons = say!(language, sv: "personer", en: "persons");
    let grid = Grid {
        columns: vec![
            Column::text(say!(language, sv: "År", en: "Year")),
            Column::number(say!(language, sv: "Kvinnor", en: "Women"), persons),
            Column::number(say!(language, sv: "Män", en: "Men"), persons),
        ],
        rows: found
            .iter()
            .rev()
            .map(|(period, count)| vec![Cell::Text(period.to_string()), Cell::persons(count.women, small), Cell::persons(count.men, small)])
            .collect(),
    };
    let mut keys = vec!["un_migrant_stock"];
    keys.extend(here.map(|_| "scb_born_abroad"));
    let origin = Origin { unit: None, period: Some(years(found[0].0, last)), source: sources::line(run, &keys), tables: Vec::new() };
    builder.table(title, grid, Vec::new(), origin);
}

/// The unit groups of an occupation group, in a few words.
fn group_words(view: &CountryView, group: SsykGroup) -> String {
    let Some(any) = view.views.first() else { return String::new() };
    let inside: Vec<Ssyk> = view.run.config.codes.occupations().map(|(code, _)| code).filter(|code| code.group() == group).collect();
    let names: Vec<String> = inside.iter().map(|code| any.occupation_in_prose(*code)).collect();
    capital(&view.language().list_of_first(&names, 2))
}

/// The section: work permits granted to its citizens.
pub fn permits(builder: &mut Builder, view: &CountryView) {
    let language = view.language();
    let run = view.run;
    builder.heading(say!(language, sv: "Arbetstillstånd till landets medborgare", en: "Work permits granted to its citizens"), "tillstand");
    if view.moves_freely() {
        builder.paragraph(say!(language,
            sv: "Den som är medborgare i landet har fri rörlighet och behöver inget arbetstillstånd. Det finns därför inga tillstånd som visar hur många som har kommit för att arbeta, eller i vilka yrken.",
            en: "Its citizens have free movement and need no work permit. So no permits show how many have come to work, or in which occupations.",
        ));
        return;
    }
    let small = run.config.method.gender.small_count;
    let published: Vec<i32> = run.figures.permit_years().into_iter().filter(|year| *year <= run.analysis.year).collect();
    let (Some(first), Some(last)) = (published.first().copied(), published.last().copied()) else { return };
    let series = run.figures.permits.get(&view.country);
    // A country that a published year does not name got none that year.
    let granted = |year: i32| series.and_then(|series| series.at(year)).unwrap_or(0);
    let rows = published.iter().rev().map(|year| vec![Cell::Text(year.to_string()), Cell::persons(granted(*year), small)]).collect();
    let (name, newest) = (&view.in_prose, count_words(granted(last), small, language));
    let title = say!(language,
        sv: format!("{newest} förstagångstillstånd för arbete till medborgare i {name} {last}"),
        en: format!("{newest} first-time work permits to citizens of {name} in {last}"),
    );
    let decisions = say!(language, sv: "beslut", en: "decisions");
    let grid = Grid {
        columns: vec![Column::text(say!(language, sv: "År", en: "Year")), Column::number(say!(language, sv: "Tillstånd", en: "Permits"), decisions)],
        rows,
    };
    let missing: Vec<String> = (first..=last).filter(|year| !published.contains(year)).map(|year| year.to_string()).collect();
    let mut notes = vec![
        say!(language,
            sv: "Alla yrken. Tillstånden redovisas inte för kvinnor och män var för sig efter yrke.",
            en: "All occupations. The permits are not published for women and men separately by occupation.",
        )
        .into(),
    ];
    if !missing.is_empty() {
        let missing = language.list(&missing);
        notes
            .push(say!(language, sv: format!("{missing} finns inte bland uppgifterna."), en: format!("{missing} are not among the figures.")).into());
    }
    let origin = || Origin { unit: None, period: None, source: sources::line(run, &sources::permits(run)), tables: Vec::new() };
    builder.table(title, grid, notes, Origin { period: Some(years(first, last)), ..origin() });
    let groups = permits_by_group(run.figures, view.country, run.analysis.year);
    let mut shown = shown_groups(&groups, small);
    shown.truncate(GROUPS);
    let group_years: Vec<i32> = run.figures.permit_group_years().into_iter().filter(|year| *year <= run.analysis.year).collect();
    let (Some(from), Some(to)) = (group_years.first().copied(), group_years.last().copied()) else { return };
    let span = years(from, to);
    let Some((largest, _)) = shown.first() else {
        builder.paragraph(say!(language,
            sv: format!("För få har fått tillstånd i varje yrke {span} för att en fördelning på yrken ska kunna visas."),
            en: format!("Too few were granted permits in each occupation in {span} for a distribution by occupation to be shown."),
        ));
        return;
    };
    let largest = language.small(&group_words(view, *largest));
    let title = say!(language,
        sv: format!("Flest tillstånd {span} har gått till gruppen {largest}"),
        en: format!("Most permits in {span} went to the group {largest}"),
    );
    let grid = Grid {
        columns: vec![
            Column::text(say!(language, sv: "Yrken i gruppen", en: "Occupations of the group")),
            Column::text(say!(language, sv: "SSYK-grupp", en: "SSYK group")),
            Column::number(say!(language, sv: "Tillstånd", en: "Permits"), say!(language, sv: "beslut, alla åren", en: "decisions, all years")),
        ],
        rows: shown
            .iter()
            .map(|(group, count)| vec![Cell::Text(group_words(view, *group)), Cell::Text(group.to_string()), Cell::Count(*count)])
            .collect(),
    };
    let notes = vec![
        say!(language,
            sv: format!("Uppgiften efter yrke slutar {to}. De {GROUPS} största grupperna visas; ingen grupp med högst {small} tillstånd skrivs ut, och ingen vars antal skulle röja en sådan."),
            en: format!("The figure by occupation ends in {to}. The {GROUPS} largest groups are shown; no group with {small} permits or fewer is printed, nor one whose count would give such a group away."),
        )
        .into(),
    ];
    builder.table(title, grid, notes, Origin { period: Some(span), ..origin() });
}
