//! The start page: what the run is, the answer for every area in a line, the files, the sources.

use super::super::RunContext;
use super::super::builder::Builder;
use super::super::model::{Cell, Column, Document, Grid, Origin, Prose};
use super::super::section::{answer, left_out, sources};
use super::super::text::sv;
use super::super::view::{Lookup, View, stem};
use crate::chart::plain;
use crate::config::AreaKind;
use crate::demand::Rating;
use crate::tables::outside_areas;

/// The run's tables and what they hold, in the order of the documentation.
pub const TABLES: [(&str, &str); 10] = [
    ("demand", "Bristen i länet, ett yrke per rad"),
    ("area_occupations", "Yrkena i varje område och deras vikt"),
    ("crosswalk", "Från svenska yrkeskoder (SSYK) till internationella (ISCO)"),
    ("supply", "Hur många som har yrket i varje land och län"),
    ("indicators", "Varje uppgift om varje land och län, rå och på gemensam skala"),
    ("fit", "Matchningen mellan varje land eller län och varje yrke, med skäl där något är stängt"),
    ("markets", "Rangordningen i varje område"),
    ("gender", "Kvinnor och män i varje yrke och land"),
    ("sensitivity", "Vad som avgör platserna: hur mycket varje antagande flyttar dem"),
    ("sources", "Källorna med licenser och kontrollsummor"),
];

/// The start page.
pub fn index(run: &RunContext, lookup: &Lookup) -> Document {
    let mut builder = Builder::new(run, "index".to_owned());
    let views: Vec<View> = (0..run.config.areas.len()).map(|position| View::new(run, lookup, position)).collect();
    let county = plain(&run.config.codes.county_info(run.analysis.county).swedish);
    let year = run.analysis.year;
    builder.answer(answer::overall(&views).unwrap_or_else(|| views.iter().map(answer::one_line).collect()));
    for (kind, heading, anchor) in [(AreaKind::Strength, "Styrkeområden", "styrkeomraden"), (AreaKind::Industry, "Branscher", "branscher")] {
        let of_kind: Vec<&View> = views.iter().filter(|view| view.area.kind == kind).collect();
        if of_kind.is_empty() {
            continue;
        }
        builder.heading(heading, anchor);
        let items = of_kind.iter().map(|view| {
            let mut line = Prose::new().link(view.name.clone(), format!("{}.html", stem(view.area))).text(": ");
            line.0.extend(answer::one_line(view).0);
            line
        });
        builder.list(items.collect());
    }
    if views.iter().all(|view| !view.has_tiers(crate::supply::MarketKind::Country)) {
        builder.note("Hur säkra platserna är har inte räknats ut i den här körningen. Läs de första länderna som en grupp att undersöka vidare, inte som en bestämd ordning.");
    }
    builder.paragraph(answer::SAME_IN_ALL_COUNTIES);
    scope(&mut builder, run);
    files(&mut builder);
    builder.heading("Länder som projektet inte rekryterar från", "inte-rekryteras");
    left_out::not_recruited(&mut builder);
    builder.heading("Källor och licenser", "kallor");
    sources::list(&mut builder);
    let lead = Prose::from(format!(
        "Rapport från {}. Siffror: {}. Program: malmarknad {}.",
        sv::date(&run.date),
        plain(&run.data_status),
        plain(run.version)
    ));
    builder.finish(format!("Målmarknader för {county} {year}"), format!("Målmarknader för {county} {year}"), lead, false)
}

fn scope(builder: &mut Builder, run: &RunContext) {
    builder.heading("Vad körningen omfattar", "omfattning");
    let demand = &run.analysis.demand;
    let count = |rating: Rating| demand.occupations.values().filter(|row| row.rating == rating).count();
    let employed = demand.employed;
    let mut items: Vec<Prose> = vec![
        format!(
            "Länets arbetsmarknad {}: {} kvinnor och {} män i {} yrken. {} har brist, {} bevakas, {} har ingen brist och {} kan inte bedömas.",
            demand.period,
            sv::whole(employed.women),
            sv::whole(employed.men),
            demand.occupations.len(),
            count(Rating::Shortage),
            count(Rating::Watch),
            count(Rating::NoShortage),
            count(Rating::NotAssessed)
        )
        .into(),
        format!("Möjliga målmarknader: {} länder och {} svenska län.", run.analysis.supply.countries.len(), run.analysis.supply.counties.len())
            .into(),
    ];
    let outside = outside_areas(run.analysis, run.config);
    let persons: i64 = outside.iter().map(|(_, employed)| *employed).sum();
    let largest: Vec<String> =
        outside.iter().take(5).map(|(occupation, _)| sv::small(&plain(&run.config.codes.occupation(*occupation).swedish))).collect();
    if persons > 0 {
        items.push(
            format!(
                "Utanför alla områden: {} yrken med {} anställda ({} av alla). De största är {}.",
                outside.len(),
                sv::whole(persons),
                sv::percent(crate::demand::exact(persons) / crate::demand::exact(employed.total().max(1))),
                sv::list(&largest)
            )
            .into(),
        );
    }
    items.push(
        "Vilka yrken som hör till ett område eller en bransch är projektets eget antagande: ingen offentlig källa delar in dem i yrken.".into(),
    );
    builder.list(items);
}

fn files(builder: &mut Builder) {
    builder.heading("Tabeller och filer", "filer");
    builder.paragraph(
        Prose::new()
            .text("Alla siffror i rapporterna finns som CSV och Parquet i mappen data, alla figurer som bilder i mappen diagram. Kolumnerna beskrivs i ")
            .link("datapackage.json", "data/datapackage.json")
            .text("."),
    );
    let grid = Grid {
        columns: vec![Column::text("Tabell"), Column::text("Innehåll"), Column::text("Filer")],
        rows: TABLES
            .iter()
            .map(|(name, content)| {
                let links = Prose::new().link("CSV", format!("data/{name}.csv")).text(", ").link("Parquet", format!("data/{name}.parquet"));
                vec![Cell::Text((*name).to_owned()), Cell::Text((*content).to_owned()), Cell::Prose(links)]
            })
            .collect(),
    };
    builder.table("Körningens tabeller".to_owned(), grid, Vec::new(), Origin::default());
}
