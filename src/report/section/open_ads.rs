//! Ads that were open on the day they were fetched, beside a ranking that rests on a whole year's ads.

use std::collections::BTreeMap;

use super::super::RunContext;
use super::super::builder::Builder;
use super::super::model::{Cell, Column, Grid, Origin};
use super::super::text::en::agrees;
use super::super::text::{OCCUPATION, capital};
use super::super::view::View;
use super::sources;
use crate::code::{County, Ssyk};
use crate::language::say;
use crate::tables::OPEN_ADS;

/// Occupations in the table.
const ROWS: usize = 12;
/// Occupations that a title names.
const NAMED: usize = 3;

struct Row {
    names: Vec<String>,
    county: i64,
    sweden: i64,
}

/// Whether the run has a table of them: they have been fetched, and no later than the run's year.
pub fn are_known(run: &RunContext) -> bool {
    let counted = |group: &str| run.figures.open_ads_until(run.analysis.year, None, group).is_some();
    let group_of = |occupation: &Ssyk| run.config.codes.occupation(*occupation).jobtech_group.as_deref();
    run.figures.sources.contains_key(OPEN_ADS) && run.analysis.demand.occupations.keys().filter_map(group_of).any(counted)
}

/// The section; nothing where open ads have not been fetched, or later than the run's year.
pub fn whole(builder: &mut Builder, view: &View) {
    let language = view.language();
    let run = view.run;
    let Some(source) = run.figures.sources.get(OPEN_ADS) else { return };
    let ads = |area: Option<County>, group: &str| run.figures.open_ads_until(run.analysis.year, area, group);
    // A group that holds several of the occupations is counted once.
    let mut groups: BTreeMap<&str, Row> = BTreeMap::new();
    for row in view.recruited() {
        let Some(group) = run.config.codes.occupation(row.occupation).jobtech_group.as_deref() else { continue };
        let (Some(county), Some(sweden)) = (ads(Some(run.analysis.county), group), ads(None, group)) else { continue };
        groups.entry(group).or_insert_with(|| Row { names: Vec::new(), county, sweden }).names.push(view.occupation(row.occupation));
    }
    let mut rows: Vec<Row> = groups.into_values().collect();
    rows.sort_by_key(|row| std::cmp::Reverse((row.county, row.sweden)));
    if rows.is_empty() {
        return;
    }
    builder.heading(say!(language, sv: "Öppna annonser i Platsbanken", en: "Open ads in Platsbanken"), "oppna-annonser");
    let (date, county) = (language.date(&source.retrieved), &view.county);
    let (here, all): (i64, i64) = (rows.iter().map(|row| row.county).sum(), rows.iter().map(|row| row.sweden).sum());
    let were = agrees(usize::try_from(here).unwrap_or(0), "was", "were");
    let here = match here {
        0 => say!(language, sv: "ingen öppen annons", en: "no open ads").to_owned(),
        1 => say!(language, sv: "en öppen annons", en: "one open ad").to_owned(),
        _ => say!(language, sv: format!("{} öppna annonser", language.whole(here)), en: format!("{} open ads", language.whole(here))),
    };
    let all = language.whole(all);
    let year = run.analysis.demand.ads_period.map_or_else(String::new, |year| format!(" {year}"));
    builder.paragraph(say!(language,
        sv: format!(
            "Den {date} fanns {here} i {county} i områdets yrken med brist eller bevakning, av {all} i hela landet. Rangordningen bygger inte på dem utan på ett helt års annonser{year}: vad som är öppet en viss dag beror på säsongen. En annons kan gälla flera jobb, och alla jobb annonseras inte i Platsbanken."
        ),
        en: format!(
            "On {date} there {were} {here} in {county} in the area’s occupations with a shortage or under watch, of {all} in all of Sweden. The ranking does not rest on them but on a whole year’s ads{year}: what is open on one day depends on the season. An ad may be for several jobs, and not all jobs are advertised in Platsbanken."
        ),
    ));
    let open = rows.iter().filter(|row| row.county > 0).count();
    if open == 0 {
        return;
    }
    // A merged group holds several occupations.
    let occupations = |rows: &[Row]| rows.iter().map(|row| row.names.len()).sum::<usize>();
    let largest = rows.iter().take_while(|row| row.county == rows[0].county).count();
    let title = if largest == 1 {
        let (name, count) = (language.small(&language.list(&rows[0].names)), language.whole(rows[0].county));
        say!(language, sv: format!("Flest annonser var öppna för {name}: {count}"), en: format!("Most ads were open for {name}: {count}"))
    } else {
        let names: Vec<String> = rows[..largest].iter().map(|row| language.small(&language.list(&row.names))).collect();
        let (names, count) = (language.list_of_first(&names, NAMED), language.whole(rows[0].county));
        say!(language, sv: format!("Flest annonser var öppna för {names}: {count} var"), en: format!("Most ads were open for {names}: {count} each"))
    };
    let mut notes = Vec::new();
    if open > ROWS {
        let more = occupations(&rows[ROWS..open]);
        let more = language.count(more, OCCUPATION);
        notes.push(
            say!(language,
                sv: format!("Ytterligare {more} hade öppna annonser: se tabellen open_ads."),
                en: format!("Besides, {more} had open ads: see the table open_ads."),
            )
            .into(),
        );
    }
    if open < rows.len() {
        let none = occupations(&rows[open..]);
        let none = capital(&language.count(none, OCCUPATION));
        notes
            .push(say!(language, sv: format!("{none} hade ingen öppen annons i länet."), en: format!("{none} had no open ad in the county.")).into());
    }
    let columns = vec![
        Column::text(say!(language, sv: "Yrke", en: "Occupation")),
        Column::number(say!(language, sv: "I länet", en: "In the county"), say!(language, sv: "öppna annonser", en: "open ads")),
        Column::number(say!(language, sv: "I Sverige", en: "In Sweden"), say!(language, sv: "öppna annonser", en: "open ads")),
    ];
    let rows = rows
        .into_iter()
        .take(open.min(ROWS))
        .map(|row| vec![Cell::Text(row.names.join("; ")), Cell::Count(row.county), Cell::Count(row.sweden)])
        .collect();
    let origin = Origin { unit: None, period: Some(date), source: sources::line(run, &[OPEN_ADS]), tables: vec!["open_ads"] };
    builder.table(title, Grid { columns, rows }, notes, origin);
}
