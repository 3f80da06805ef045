//! The skilled-needs analysis of one area: need now and in five years, who else looks for the same people, pay against income where most of them are, rules.

use std::collections::BTreeMap;

use super::super::ReportError;
use super::super::builder::{Builder, FigureText};
use super::super::model::{Cell, Column, FigureData, Grid, Origin, Prose};
use super::super::text::en::agrees;
use super::super::text::{COUNTRY, OCCUPATION, capital};
use super::super::view::View;
use super::{rules, shortage, sources};
use crate::chart::competition::{self, CompetitionData, ContestedOccupation};
use crate::code::Ssyk;
use crate::config::RuleKind;
use crate::demand::{Demand, Rating};
use crate::figures::Persons;
use crate::gender::told_share;
use crate::influence::PayBasis;
use crate::language::{Language, say};
use crate::skills::{Outlook, SkilledNeed};

/// Occupations that a sentence names.
const NAMED: usize = 8;

/// Occupations that an alternative text tells one by one.
const DESCRIBED: usize = 6;

/// The needs by occupation.
pub type Needs<'a> = BTreeMap<Ssyk, SkilledNeed<'a>>;

/// Women and men of some needs.
pub fn employed(rows: &[&SkilledNeed]) -> Persons {
    rows.iter().fold(Persons::default(), |mut sum, row| {
        sum += row.demand.employed;
        sum
    })
}

/// The need that most other countries report short too; the first in code order of those that share the number.
pub fn most_contested<'a, 'b>(rows: &[&'b SkilledNeed<'a>]) -> Option<&'b SkilledNeed<'a>> {
    let known = rows.iter().copied().filter(|row| !row.competitors.is_empty());
    known.reduce(|best, next| if next.competitors.len() > best.competitors.len() { next } else { best })
}

/// Whether a rule asks for a licence, a title, an authorisation or a certificate in all of the occupation's jobs.
pub fn asks_for_proof(row: &SkilledNeed) -> bool {
    row.rules.iter().any(|(rule, whole)| *whole && rule.kind != RuleKind::NoPermit)
}

/// The area's needs that are short or watched now, the heaviest first.
fn rated<'a, 'b>(view: &View, needs: &'b Needs<'a>) -> Vec<&'b SkilledNeed<'a>> {
    view.recruited().iter().filter_map(|row| needs.get(&row.occupation)).collect()
}

/// The section of an area.
pub fn area(builder: &mut Builder, view: &View, needs: &Needs) -> Result<(), ReportError> {
    let language = view.language();
    builder.heading(&view.name, &view.area.key.replace('_', "-"));
    let all: Vec<&SkilledNeed> = view.area.occupations.keys().filter_map(|occupation| needs.get(occupation)).collect();
    let rows = rated(view, needs);
    builder.paragraph(finding(view, all.len(), &rows));
    if !rows.is_empty() {
        need_table(builder, view, &rows);
        let table = builder.next_table() - 1;
        let demands: Vec<&Demand> = rows.iter().map(|row| row.demand).collect();
        shortage::map(builder, view, &demands, table)?;
        competition_table(builder, view, &rows);
        let table = builder.next_table() - 1;
        competition_chart(builder, view, &rows, table)?;
    }
    let named = |wanted: &dyn Fn(&SkilledNeed) -> bool| -> Vec<String> {
        let own = all.iter().filter(|row| !row.is_needed_now() && wanted(row));
        own.map(|row| view.occupation_in_prose(row.occupation())).collect()
    };
    let growing = named(&|row| row.outlook == Some(Outlook::Increases));
    let unknown = named(&|row| row.outlook != Some(Outlook::Increases) && row.demand.rating == Rating::NotAssessed);
    let mut items: Vec<Prose> = Vec::new();
    if !growing.is_empty() {
        let growing = language.list_of_first(&growing, NAMED);
        items.push(
            Prose::new()
                .strong(say!(language, sv: "Ingen brist nu, men behovet väntas öka:", en: "No shortage now, but the need is expected to increase:"))
                .text(format!(" {growing}.")),
        );
    }
    if !unknown.is_empty() {
        let unknown = language.list_of_first(&unknown, NAMED);
        items.push(Prose::new().strong(say!(language, sv: "Kan inte bedömas:", en: "Cannot be assessed:")).text(format!(" {unknown}.")));
    }
    builder.list(items);
    Ok(())
}

/// In how many of the needs that have a forecast it is an increase: "i 23 av de 33 yrken som har en prognos". One without is in neither number.
struct Reach {
    /// Whether it is in none, so that the verb before the words is to be denied.
    denied: bool,
    words: String,
    /// Needs without a forecast.
    without: usize,
}

/// The same; `kind` stands after the noun. Nothing where no need has a forecast.
fn reach(rows: &[&SkilledNeed], kind: &str, language: Language) -> Option<Reach> {
    let known = rows.iter().filter(|row| row.outlook.is_some()).count();
    let growing = rows.iter().filter(|row| row.outlook == Some(Outlook::Increases)).count();
    let without = rows.len() - known;
    // "de 33 yrken som har", but "de 33 yrkena" where no clause follows.
    let (forecast, one, many) =
        if without > 0 { (say!(language, sv: " som har en prognos", en: " that have a forecast"), "yrke", "yrken") } else { ("", "yrket", "yrkena") };
    let [some, all] = [growing, known].map(|count| language.count_alone(count));
    let words = match (growing, known) {
        (_, 0) => return None,
        (_, 1) => {
            let forecast = if without > 0 { language.pick(forecast, " that has a forecast") } else { "" };
            say!(language, sv: format!("i det enda {one}{kind}{forecast}"), en: format!("in the only occupation{kind}{forecast}"))
        }
        (0, 2) => say!(language,
            sv: format!("i något av de två {many}{kind}{forecast}"),
            en: format!("in either of the two occupations{kind}{forecast}"),
        ),
        (0, _) => say!(language,
            sv: format!("i något av de {all} {many}{kind}{forecast}"),
            en: format!("in any of the {all} occupations{kind}{forecast}"),
        ),
        (2, 2) => say!(language, sv: format!("i båda yrkena{kind}{forecast}"), en: format!("in both occupations{kind}{forecast}")),
        _ if growing == known => say!(language,
            sv: format!("i alla {all} {many}{kind}{forecast}"),
            en: format!("in all {all} occupations{kind}{forecast}"),
        ),
        _ => say!(language,
            sv: format!("i {some} av de {all} {many}{kind}{forecast}"),
            en: format!("in {some} of the {all} occupations{kind}{forecast}"),
        ),
    };
    Some(Reach { denied: growing == 0, words, without })
}

/// What is expected in five years, in a sentence.
pub fn in_five_years(rows: &[&SkilledNeed], language: Language) -> String {
    let Some(Reach { denied, words, without }) = reach(rows, "", language) else {
        return say!(language,
            sv: "Det finns ingen prognos för hur behovet är om fem år.",
            en: "There is no forecast of what the need is in five years.",
        )
        .to_owned();
    };
    let rest = if without == 0 {
        String::new()
    } else {
        let (without, have) = (language.count_alone(without), agrees(without, "has", "have"));
        say!(language, sv: format!("; {without} saknar en sådan"), en: format!("; {without} {have} none"))
    };
    if denied {
        return say!(language,
            sv: format!("Om fem år väntas behovet inte ha ökat {words}{rest}."),
            en: format!("In five years the need is not expected to have increased {words}{rest}."),
        );
    }
    say!(language,
        sv: format!("Om fem år väntas behovet ha ökat {words}{rest}."),
        en: format!("In five years the need is expected to have increased {words}{rest}."),
    )
}

/// How many of the needs ask for proof, and in how many usual pay is below the floor, in two sentences. Pay that is not published is told as such.
pub fn proof_and_pay(rows: &[&SkilledNeed], language: Language) -> String {
    let all = rows.len();
    let count = |wanted: &dyn Fn(&SkilledNeed) -> bool| rows.iter().filter(|row| wanted(row)).count();
    let proof = count(&|row| asks_for_proof(row));
    let whose = match (proof, all) {
        (0, 1) => say!(language, sv: "Yrket kräver varken", en: "The occupation asks for neither a").to_owned(),
        (1, 1) => say!(language, sv: "Yrket kräver", en: "The occupation asks for a").to_owned(),
        (0, _) => say!(language, sv: "Inget av yrkena kräver", en: "None of the occupations asks for a").to_owned(),
        _ if proof == all => say!(language, sv: "Alla yrken kräver", en: "All the occupations ask for a").to_owned(),
        _ => {
            let (of, ask) = (capital(&language.count_alone(proof)), agrees(proof, "asks", "ask"));
            say!(language, sv: format!("{of} av yrkena kräver"), en: format!("{of} of the occupations {ask} for a"))
        }
    };
    let or = if (proof, all) == (0, 1) { say!(language, sv: "eller", en: "nor") } else { say!(language, sv: "eller", en: "or") };
    let first = say!(language, sv: format!("{whose} legitimation {or} annat bevis."), en: format!("{whose} licence {or} other proof."));
    let (below, hidden) = (count(&|row| row.below_floor == Some(true)), count(&|row| row.below_floor.is_none()));
    let unpublished = language.count_alone(hidden);
    let second = match (below, hidden) {
        (_, _) if hidden == all => say!(language, sv: "Lönen är inte publicerad.", en: "The pay is not published.").to_owned(),
        (0, 0) => say!(language,
            sv: "Den vanliga lönen når arbetstillståndens lönegolv överallt.",
            en: "Usual pay reaches the pay floor of work permits everywhere.",
        )
        .to_owned(),
        (0, _) => say!(language,
            sv: format!("Den vanliga lönen når arbetstillståndens lönegolv där den är publicerad; i {unpublished} är den inte det."),
            en: format!("Usual pay reaches the pay floor of work permits where it is published; in {unpublished} it is not."),
        ),
        (_, 0) if below == all => say!(language,
            sv: "Den vanliga lönen ligger under arbetstillståndens lönegolv överallt.",
            en: "Usual pay is below the pay floor of work permits everywhere.",
        )
        .to_owned(),
        _ => {
            let below = language.count_alone(below);
            let rest = say!(language,
                sv: format!("; i {unpublished} är lönen inte publicerad"),
                en: format!("; in {unpublished} it is not published"),
            );
            let rest = if hidden == 0 { "" } else { rest.as_str() };
            say!(language,
                sv: format!("I {below} av dem ligger den vanliga lönen under arbetstillståndens lönegolv{rest}."),
                en: format!("In {below} of them usual pay is below the pay floor of work permits{rest}."),
            )
        }
    };
    format!("{first} {second}")
}

/// What the area's figures say, in sentences.
fn finding(view: &View, all: usize, rows: &[&SkilledNeed]) -> Prose {
    let language = view.language();
    let small = view.run.config.method.gender.small_count;
    let of_all = language.count(all, OCCUPATION);
    let has = say!(language,
        sv: format!("Området har {of_all} på chefs- och högskolenivå med anställda i länet."),
        en: format!("The area has {of_all} at managerial and higher-education level with employees in the county."),
    );
    if rows.is_empty() {
        let none = match all {
            0 => return has.into(),
            1 => say!(language, sv: "Det har varken brist eller bevakas.", en: "It neither has a shortage nor is under watch."),
            _ => say!(language, sv: "Inget av dem har brist eller bevakas.", en: "Not one of them has a shortage or is under watch."),
        };
        return format!("{has} {none}").into();
    }
    let of = |rating: Rating| rows.iter().filter(|row| row.demand.rating == rating).count();
    let (short, watched) = (of(Rating::Shortage), of(Rating::Watch));
    let people = rules::people(employed(rows), small, language);
    let [short_words, watched_words] = [short, watched].map(|count| language.count_alone(count));
    let rated = match (all, short) {
        (1, 1) => say!(language, sv: "Det har brist", en: "It has a shortage").to_owned(),
        (1, _) => say!(language, sv: "Det bevakas", en: "It is under watch").to_owned(),
        _ => {
            let (of, have, are) = (capital(&short_words), agrees(short, "has", "have"), agrees(watched, "is", "are"));
            say!(language,
                sv: format!("{of} av dem har brist och {watched_words} bevakas"),
                en: format!("{of} of them {have} a shortage and {watched_words} {are} under watch"),
            )
        }
    };
    let (there, they) = if rows.len() == 1 { ("i det", "it employs") } else { ("i dem", "they employ") };
    let five_years = in_five_years(rows, language);
    let mut text = Prose::new().text(say!(language,
        sv: format!("{has} {rated}; {there} arbetar {people}. {five_years}"),
        en: format!("{has} {rated}; {they} {people}. {five_years}"),
    ));
    if let Some(contested) = most_contested(rows) {
        let name = view.occupation_in_prose(contested.occupation());
        let (countries, of) = (contested.competitors.len(), contested.reporting);
        let (also, countries) = (agrees(countries, "also has", "also have"), language.count_alone(countries));
        text = text.text(say!(language,
            sv: format!(" Konkurrensen är störst om {name}: {countries} av de {of} länder som rapporterar till Europeiska arbetsmyndigheten har också brist."),
            en: format!(" Competition is greatest for {name}: {countries} of the {of} countries that report to the European Labour Authority {also} a shortage."),
        ));
    }
    let mut incomes: Vec<f64> = rows.iter().filter_map(|row| row.income_share).collect();
    incomes.sort_by(f64::total_cmp);
    if let (Some(low), Some(high)) = (incomes.first(), incomes.last()) {
        let number = |share: &f64| language.number(share * 100.0, 0);
        let (low, high, largest) = (number(low), number(high), view.run.config.method.skilled.largest_pools);
        let span = if low == high { low } else { format!("{low}–{high}") };
        text = text.text(say!(language,
            sv: format!(" I de {largest} länder där flest finns i ett yrke är inkomsten per person i mitten {span} procent av Sveriges, räknat i köpkraft."),
            en: format!(" In the {largest} countries with most people in an occupation, income per person is in the middle {span} per cent of Sweden’s, in purchasing power."),
        ));
    }
    text.text(format!(" {}", proof_and_pay(rows, language)))
}

fn outlook_words(outlook: Option<Outlook>, language: Language) -> Cell {
    let words = match outlook {
        Some(Outlook::Increases) => say!(language, sv: "Ökar", en: "Increases"),
        Some(Outlook::Unchanged) => say!(language, sv: "Oförändrat", en: "Unchanged"),
        Some(Outlook::Decreases) => say!(language, sv: "Minskar", en: "Decreases"),
        None => {
            return Cell::Missing {
                reason: say!(language, sv: "Arbetsförmedlingen har ingen prognos för yrket", en: "the Public Employment Service has no forecast for the occupation"),
            };
        }
    };
    Cell::Text(words.to_owned())
}

fn need_table(builder: &mut Builder, view: &View, rows: &[&SkilledNeed]) {
    let language = view.language();
    let method = &view.run.config.method.gender;
    let women_share = say!(language, sv: "% kvinnor", en: "% women");
    let columns = vec![
        Column::text(say!(language, sv: "Yrke", en: "Occupation")),
        Column::text(say!(language, sv: "SSYK-kod", en: "SSYK code")),
        Column::text(say!(language, sv: "Nu", en: "Now")),
        Column::text(say!(language, sv: "Om fem år", en: "In five years")),
        Column::number(say!(language, sv: "Behov", en: "Need"), "0–100"),
        Column::number(say!(language, sv: "Ersätts", en: "To replace"), say!(language, sv: "personer per år", en: "persons a year")),
        Column::number(say!(language, sv: "Kvinnor", en: "Women"), say!(language, sv: "anställda", en: "employees")),
        Column::number(say!(language, sv: "Män", en: "Men"), say!(language, sv: "anställda", en: "employees")),
        Column::number(say!(language, sv: "Länet", en: "County"), women_share),
        Column::number(say!(language, sv: "Sverige", en: "Sweden"), women_share),
    ];
    let share = |share: Option<f64>| Cell::number(share.map(|share| share * 100.0), 0, shortage::small_base(language));
    let cells = rows
        .iter()
        .map(|row| {
            vec![
                Cell::Text(view.occupation(row.occupation())),
                Cell::Text(row.occupation().to_string()),
                shortage::rating(row.demand, language),
                outlook_words(row.outlook, language),
                Cell::number(row.demand.need, 0, say!(language, sv: "behovet kan inte räknas ut", en: "the need cannot be calculated")),
                Cell::rounded(row.demand.volume),
                Cell::persons(row.demand.employed.women, method.small_count),
                Cell::persons(row.demand.employed.men, method.small_count),
                share(told_share(row.demand.employed, method)),
                share(row.share_women[1]),
            ]
        })
        .collect();
    let demands: Vec<&Demand> = rows.iter().map(|row| row.demand).collect();
    let kind = say!(language, sv: " med brist eller bevakning", en: " with a shortage or under watch");
    let title = match reach(rows, kind, language) {
        None => say!(language,
            sv: "Yrkena med brist eller bevakning saknar prognos för hur behovet är om fem år",
            en: "The occupations with a shortage or under watch have no forecast of what the need is in five years",
        )
        .to_owned(),
        Some(Reach { denied: true, words, .. }) => say!(language,
            sv: format!("Behovet väntas inte öka på fem år {words}"),
            en: format!("The need is not expected to increase in five years {words}"),
        ),
        Some(Reach { words, .. }) => say!(language,
            sv: format!("Behovet väntas öka på fem år {words}"),
            en: format!("The need is expected to increase in five years {words}"),
        ),
    };
    let mut notes = shortage::notes(view, &demands);
    notes.push(
        say!(language,
            sv: "Om fem år: Arbetsförmedlingens prognos för länet. Den ingår också i behovet.",
            en: "In five years: the Public Employment Service’s forecast for the county. It is also part of the need.",
        )
        .into(),
    );
    let origin = Origin { tables: vec!["skilled_needs"], ..shortage::origin(view) };
    builder.table(title, Grid { columns, rows: cells }, notes, origin);
}

/// People in the world in thousands.
fn thousands(row: &SkilledNeed) -> Option<f64> {
    (!row.pools.is_empty()).then(|| row.world()[1] / 1000.0)
}

fn rules_cell(row: &SkilledNeed, language: Language) -> Cell {
    let mut words: Vec<String> = Vec::new();
    for (rule, whole) in &row.rules {
        let kind = rules::kind_words(rule.kind, language);
        let partly = say!(language, sv: "för en del", en: "for some");
        words.push(if *whole { kind.to_owned() } else { format!("{kind} {partly}") });
    }
    if row.below_floor == Some(true) {
        words.push(say!(language, sv: "lön under golvet", en: "pay below the floor").to_owned());
    }
    Cell::Text(capital(&words.join("; ")))
}

fn competition_table(builder: &mut Builder, view: &View, rows: &[&SkilledNeed]) {
    let language = view.language();
    let run = view.run;
    let largest = run.config.method.skilled.largest_pools;
    let pay_unit = say!(language, sv: "kr/mån", en: "SEK/month");
    let known = say!(language, sv: "% där könen är kända", en: "% where the sexes are known");
    let reporting = rows.first().map_or(0, |row| row.reporting);
    let columns = vec![
        Column::text(say!(language, sv: "Yrke", en: "Occupation")),
        Column::number(say!(language, sv: "Kvinnors lön", en: "Women’s pay"), pay_unit),
        Column::number(say!(language, sv: "Mäns lön", en: "Men’s pay"), pay_unit),
        Column::number(say!(language, sv: "Allas lön", en: "Pay of all"), pay_unit),
        Column::number(
            say!(language, sv: format!("Inkomst i de {largest} största länderna"), en: format!("Income in the {largest} largest countries")),
            say!(language, sv: "% av Sveriges", en: "% of Sweden’s"),
        ),
        Column::number(
            say!(language, sv: "Länder med brist", en: "Countries with a shortage"),
            &say!(language, sv: format!("av {reporting} som rapporterar"), en: format!("of {reporting} that report")),
        ),
        Column::number(say!(language, sv: "I världen", en: "In the world"), say!(language, sv: "tusental", en: "thousands")),
        Column::number(say!(language, sv: "Kvinnor", en: "Women"), known),
        Column::number(say!(language, sv: "Män", en: "Men"), known),
        Column::number(say!(language, sv: "Publicerat", en: "Published"), say!(language, sv: "länder", en: "countries")),
        Column::number(say!(language, sv: "Skattat", en: "Estimated"), say!(language, sv: "länder", en: "countries")),
        Column::text(say!(language, sv: "Regler", en: "Rules")),
    ];
    let hidden = say!(language, sv: "lönen är inte publicerad", en: "the pay is not published");
    let unknown = say!(language, sv: "yrket har ingen motsvarighet i den internationella indelningen", en: "the occupation has no counterpart in the international classification");
    let sexless = say!(language, sv: "inget land redovisar kvinnor och män", en: "no country reports women and men");
    let cells = rows
        .iter()
        .map(|row| {
            let (women, men, countries) = row.world_by_sex();
            let share = |part: f64| Cell::number((countries > 0 && women + men > 0.0).then(|| part / (women + men) * 100.0), 0, sexless);
            let mark = if row.pay.is_none_or(|(_, basis)| basis == PayBasis::RegionMean) { "" } else { "\u{a0}*" };
            let count = |count: usize| Cell::Count(i64::try_from(count).unwrap_or(i64::MAX));
            vec![
                Cell::Text(format!("{}{mark}", view.occupation(row.occupation()))),
                Cell::number(row.pay_by_sex[0], 0, hidden),
                Cell::number(row.pay_by_sex[1], 0, hidden),
                Cell::number(row.pay.map(|(pay, _)| pay.value), 0, hidden),
                Cell::number(row.income_share.map(|share| share * 100.0), 0, unknown),
                count(row.competitors.len()),
                thousands(row).map_or(Cell::Missing { reason: unknown }, Cell::rounded),
                share(women),
                share(men),
                count(row.countries()[0]),
                count(row.countries()[1]),
                rules_cell(row, language),
            ]
        })
        .collect();
    let title = most_contested(rows).map_or_else(
        || {
            say!(language, sv: "Inget annat land har rapporterat brist i yrkena", en: "No other country has reported a shortage in the occupations")
                .to_owned()
        },
        |row| {
            let (name, countries, of) = (capital(&view.occupation_in_prose(row.occupation())), row.competitors.len(), row.reporting);
            say!(language,
                sv: format!("{name}: brist också i {countries} av {of} andra länder som rapporterar"),
                en: format!("{name}: short also in {countries} of {of} other countries that report"),
            )
        },
    );
    let notes = vec![
        say!(language,
            sv: "I världen: möjliga målmarknader, i den grövre yrkesgrupp som länderna redovisar. Yrken i samma grupp får därför samma antal, och det säger inget om hur många som vill flytta.",
            en: "In the world: possible target markets, in the coarser group that countries report. Occupations of the same group therefore get the same number, and it says nothing of how many want to move.",
        )
        .into(),
        say!(language,
            sv: "Inkomst: bruttonationalprodukt per person i köpkraft, medianen av de länder där flest finns i yrket. Den är inte lönen i yrket. Lön: medellönen i länets riksområde (NUTS 2); * medianen i hela landet.",
            en: "Income: gross domestic product per person in purchasing power, the median of the countries with most people in the occupation. It is not the pay in the occupation. Pay: the mean in the county’s NUTS 2 region; * the median of all of Sweden.",
        )
        .into(),
    ];
    let pay = rows.iter().filter_map(|row| row.pay.map(|(pay, _)| pay.period)).max();
    let short = run.figures.shortages.values().map(|(year, _)| *year).max();
    let word = |swedish: &str, english: &str, year: i32| format!("{} {year}", language.pick(swedish, english));
    let period = [pay.map(|year| word("lön", "pay", year)), short.map(|year| word("brist i andra länder", "shortages abroad", year))];
    let origin = Origin {
        unit: None,
        period: Some(period.into_iter().flatten().collect::<Vec<_>>().join(", ")),
        source: sources::line(run, &sources::SKILLED),
        tables: vec!["skilled_needs", "skilled_pools"],
    };
    builder.table(title, Grid { columns, rows: cells }, notes, origin);
}

fn competition_chart(builder: &mut Builder, view: &View, rows: &[&SkilledNeed], table: usize) -> Result<(), ReportError> {
    let language = view.language();
    let mut sorted: Vec<&SkilledNeed> = rows.to_vec();
    sorted.sort_by(|first, second| {
        second
            .competitors
            .len()
            .cmp(&first.competitors.len())
            .then(second.world()[1].total_cmp(&first.world()[1]))
            .then(first.occupation().cmp(&second.occupation()))
    });
    let (Some(first), Some(last)) = (sorted.first(), sorted.last()) else { return Ok(()) };
    let name = |row: &SkilledNeed| view.occupation_in_prose(row.occupation());
    let (most, least, reporting) = (first.competitors.len(), last.competitors.len(), first.reporting);
    let (of_most, of_least) = (name(first), name(last));
    let title = if most == 0 {
        say!(language,
            sv: "Inget annat land har rapporterat brist i de här yrkena",
            en: "No other country has reported a shortage in these occupations",
        )
        .to_owned()
    } else {
        let most = language.count_alone(most);
        say!(language,
            sv: format!("Konkurrensen är störst om {of_most}: {most} av {reporting} länder söker också dem"),
            en: format!("Competition is greatest for {of_most}: {most} of {reporting} countries also look for them"),
        )
    };
    // Read aloud, a bare number after "nivå 2" would be part of the name.
    let described: Vec<String> = sorted
        .iter()
        .take(DESCRIBED)
        .map(|row| format!("{}: {}", view.occupation(row.occupation()), language.count(row.competitors.len(), COUNTRY)))
        .collect();
    let (described, all) = (described.join("; "), language.count(rows.len(), OCCUPATION));
    let last = if sorted.len() > DESCRIBED {
        let least = language.count(least, COUNTRY);
        say!(language, sv: format!(" Sist kommer {of_least}: {least}."), en: format!(" Last come {of_least}: {least}."))
    } else {
        String::new()
    };
    let alternative = say!(language,
        sv: format!("Liggande staplar för {all}, med antalet länder som har rapporterat brist. Från flest till färst: {described}.{last}"),
        en: format!("Horizontal bars for {all}, with the number of countries that have reported a shortage. From most to fewest: {described}.{last}"),
    );
    let caption = say!(language,
        sv: "Stapeln visar hur många länder som har rapporterat brist i mer än hälften av yrket till Europeiska arbetsmyndigheten. Till höger: hur många som finns i yrkesgruppen i världen.",
        en: "The bar shows how many countries have reported a shortage in more than half of the occupation to the European Labour Authority. To the right: how many there are in the occupation group in the world.",
    )
    .into();
    let occupations = sorted
        .iter()
        .map(|row| ContestedOccupation {
            name: view.occupation(row.occupation()),
            countries: row.competitors.len(),
            people: thousands(row).map_or_else(|| "–".to_owned(), |persons| language.number(persons, 0)),
        })
        .collect();
    let axis = say!(language, sv: "Länder som har rapporterat brist", en: "Countries that have reported a shortage").to_owned();
    let people = say!(language, sv: "I världen, tusental personer", en: "In the world, thousands of persons").to_owned();
    let unit = say!(language, sv: "länder, och tusental personer", en: "countries, and thousands of persons");
    let origin = Origin {
        unit: Some(unit.to_owned()),
        period: None,
        source: sources::line(view.run, &["ela_shortages", "ilostat_shares", "ilostat_employed"]),
        tables: vec!["skilled_needs"],
    };
    let text = FigureText { slug: "konkurrens", title, caption, alternative };
    builder.figure(text, |about| competition::svg(&CompetitionData { about, axis, people, reporting, occupations }), FigureData::Table(table), origin)
}
