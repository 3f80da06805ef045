//! Sources: the line under a figure or table, and the list with licences at the end.

use super::super::RunContext;
use super::super::builder::Builder;
use super::super::model::{Cell, Column, Grid, Origin, Prose};
use super::super::text::sv;
use crate::chart::plain;

/// Sources of the demand.
pub const DEMAND: [&str; 6] =
    ["af_yrkesbarometer_2025_2", "af_yrkesbarometer_2025_05", "scb_yreg60", "scb_yreg54", "jobtech_ads", "af_occupation_key"];

/// Sources of the shares of women and men.
pub const PEOPLE: [&str; 2] = ["scb_yreg60", "eurostat_lfsa_egised"];

/// Sources of the ranking of counties.
pub const COUNTIES: [&str; 3] = ["scb_yreg60", "af_yrkesbarometer_2025_2", "af_yrkesbarometer_2025_05"];

/// In the data folder, but not in the ranking.
const UNUSED: [&str; 11] = [
    "gapminder_unemployment_men",
    "gapminder_unemployment_women",
    "eurostat_lfsa_urgan",
    "migrationsverket_2015",
    "migrationsverket_2016",
    "migrationsverket_2017",
    "migrationsverket_2018",
    "migrationsverket_2019",
    "migrationsverket_2020",
    "migrationsverket_2022",
    "migrationsverket_2024",
];

/// "Källa: SCB, Yrkesregistret (YREG54BAS, hämtad 2026); …": publisher, table and retrieval of each.
pub fn line(run: &RunContext, keys: &[&str]) -> Prose {
    let mut entries: Vec<(String, Vec<String>, Vec<String>)> = Vec::new();
    for source in keys.iter().filter_map(|key| run.figures.sources.get(*key)) {
        let who = plain(source.attribution.trim_start_matches("Källa:"));
        let dataset = plain(&source.dataset);
        // A publisher's code of a table is worth printing; a title is in the list at the end.
        let code = !dataset.contains(|character: char| character.is_lowercase()) || dataset.contains("LonYrke") || dataset.contains("LoneSprid");
        let code = (code && !who.contains(&dataset)).then_some(dataset);
        let retrieved = sv::date(&source.retrieved);
        if let Some((_, codes, dates)) = entries.iter_mut().find(|(other, _, _)| *other == who) {
            codes.extend(code.filter(|code| !codes.contains(code)));
            if !dates.contains(&retrieved) {
                dates.push(retrieved);
            }
        } else {
            entries.push((who, code.into_iter().collect(), vec![retrieved]));
        }
    }
    if entries.is_empty() {
        return Prose::new();
    }
    let texts: Vec<String> = entries
        .iter()
        .map(|(who, codes, dates)| {
            let codes = if codes.is_empty() { String::new() } else { format!("{}; ", codes.join(", ")) };
            format!("{who} ({codes}hämtad {})", sv::list(dates))
        })
        .collect();
    let word = if texts.len() == 1 { "Källa" } else { "Källor" };
    Prose::from(format!("{word}: {}.", texts.join("; ")))
}

/// The source line of what rests on nearly all sources.
pub fn all(run: &RunContext) -> Prose {
    let mut publishers: Vec<String> = Vec::new();
    for (_, source) in used(run) {
        let publisher = plain(source.publisher.split([',', '(']).next().unwrap_or_default().trim());
        let publisher = if source.publisher.contains("SCB") { "SCB".to_owned() } else { publisher };
        if !publishers.contains(&publisher) {
            publishers.push(publisher);
        }
    }
    sv::Order::default().sort(&mut publishers);
    Prose::new()
        .text(format!("Egna beräkningar. Källor: {}. Tabeller, hämtningsdagar och licenser står under ", sv::list(&publishers)))
        .link("Källor och licenser", "#kallor")
        .text(".")
}

fn used<'a>(run: &RunContext<'a>) -> impl Iterator<Item = (&'a String, &'a crate::tidy::dataset::SourceRow)> {
    run.figures.sources.iter().filter(|(key, _)| !UNUSED.contains(&key.as_str()))
}

/// The list of all sources with their licences.
pub fn list(builder: &mut Builder) {
    let run = builder.run();
    let mut rows: Vec<(String, Vec<Cell>)> = used(run)
        .map(|(_, source)| {
            let publisher = plain(&source.publisher);
            let title = Prose::new().link(plain(&source.title), plain(&source.url)).text(format!(" ({})", plain(&source.dataset)));
            let cells = vec![
                Cell::Text(publisher.clone()),
                Cell::Prose(title),
                Cell::Text(plain(&source.period)),
                Cell::Text(sv::date(&source.retrieved)),
                Cell::Text(plain(&source.licence)),
                Cell::Text(plain(&source.attribution)),
            ];
            (format!("{publisher} {}", source.title), cells)
        })
        .collect();
    let order = sv::Order::default();
    rows.sort_by(|first, second| order.compare(&first.0, &second.0));
    builder
        .paragraph("Den som återanvänder siffrorna ska ange källan så som den sista kolumnen visar. Figurerna och beräkningarna är projektets egna.");
    let title = format!("Siffrorna kommer från {} hos offentliga utgivare", sv::common(rows.len(), "källa", "källor"));
    let columns = ["Utgivare", "Titel och tabell", "Period", "Hämtad", "Licens", "Så anges källan"].into_iter().map(Column::text).collect();
    let grid = Grid { columns, rows: rows.into_iter().map(|(_, cells)| cells).collect() };
    builder.table(title, grid, Vec::new(), Origin { tables: vec!["sources"], ..Origin::default() });
}

/// The attribution lines in one paragraph, for a document of two pages.
pub fn short(builder: &mut Builder) {
    let run = builder.run();
    let mut lines: Vec<String> = Vec::new();
    for (_, source) in used(run) {
        let line = format!("{} ({})", plain(source.attribution.trim_start_matches("Källa:")), plain(&source.licence));
        if !lines.contains(&line) {
            lines.push(line);
        }
    }
    sv::Order::default().sort(&mut lines);
    builder.paragraph(
        Prose::new()
            .text(format!("{}. Titlar, perioder och hämtningsdagar står på ", lines.join("; ")))
            .link("startsidan", "index.html#kallor")
            .text("."),
    );
}
