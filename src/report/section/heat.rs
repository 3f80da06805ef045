//! How well each of the first countries fits each of the heaviest occupations.

use super::super::ReportError;
use super::super::builder::{Builder, FigureText};
use super::super::model::{Cell, Column, FigureData, Grid, Origin, Prose};
use super::super::text::sv;
use super::super::view::View;
use super::sources;
use crate::chart::heat_table::{self, Gate as ChartGate, HeatCell, HeatRow, HeatTableData};
use crate::code::Ssyk;
use crate::ethics::Gate;
use crate::supply::{Market, MarketKind};

const NO_POOL: &str = "landet saknar uppgift om yrket";

fn cell(view: &View, market: Market, occupation: Ssyk) -> HeatCell {
    let Some(fit) = view.fit(market, occupation) else { return HeatCell::Missing };
    match (fit.gate, fit.score) {
        (Some(Gate::NoActiveRecruitment), _) => HeatCell::Gated(ChartGate::D),
        (Some(Gate::NoPermitRoute), _) => HeatCell::Gated(ChartGate::E),
        (_, Some(score)) => HeatCell::Fit(score),
        _ => HeatCell::Missing,
    }
}

fn printed(cell: HeatCell) -> Cell {
    match cell {
        HeatCell::Fit(value) => Cell::Number { value, decimals: 0 },
        HeatCell::Missing => Cell::Missing { reason: NO_POOL },
        HeatCell::Gated(ChartGate::D) => Cell::Text("D".to_owned()),
        HeatCell::Gated(ChartGate::E) => Cell::Text("E".to_owned()),
    }
}

/// The finding: who fits best for how many of the occupations.
fn finding(view: &View, markets: &[Market], occupations: &[Ssyk]) -> (String, String) {
    let mut best: Vec<(Market, usize)> = markets.iter().map(|market| (*market, 0)).collect();
    let mut sentences = Vec::new();
    for occupation in occupations {
        let fit = |market: Market| match cell(view, market, *occupation) {
            HeatCell::Fit(value) => value,
            _ => f64::NEG_INFINITY,
        };
        let Some(first) = markets.iter().copied().reduce(|best, other| if fit(other) > fit(best) { other } else { best }) else { continue };
        if fit(first).is_finite() {
            sentences.push(format!("{}: {} {}", view.occupation(*occupation), view.market(first), sv::number(fit(first), 0)));
            if let Some((_, wins)) = best.iter_mut().find(|(market, _)| *market == first) {
                *wins += 1;
            }
        }
    }
    // The first in the order of the reports where two win as often.
    let winner = best.iter().copied().reduce(|first, other| if other.1 > first.1 { other } else { first });
    let title = match winner {
        Some((market, wins)) if wins > 0 => {
            format!(
                "{} passar bäst för {} av de {} yrken som väger tyngst",
                view.market(market),
                if wins == 1 { "ett".to_owned() } else { wins.to_string() },
                occupations.len()
            )
        }
        _ => "Inget av de första länderna har uppgifter om yrkena".to_owned(),
    };
    (title, sentences.join("; "))
}

/// The heat table of the first `countries` and the `occupations` heaviest occupations.
pub fn figure(builder: &mut Builder, view: &View, countries: usize, occupations: usize) -> Result<(), ReportError> {
    let markets: Vec<Market> = view.ranked(MarketKind::Country).into_iter().take(countries).map(|row| row.market).collect();
    let occupations: Vec<Ssyk> = view.recruited().into_iter().take(occupations).map(|row| row.occupation).collect();
    if markets.is_empty() || occupations.is_empty() {
        return Ok(());
    }
    let (title, best) = finding(view, &markets, &occupations);
    let caption =
        Prose::from("Länderna står i rangordningens ordning, yrkena efter hur tungt de väger. Talen är matchning 1–100: mörkare är bättre.");
    let alternative = format!("Tabell med {} länder och {} yrken. Högst matchning i varje yrke: {best}.", markets.len(), occupations.len());
    let rows: Vec<HeatRow> = markets
        .iter()
        .map(|market| HeatRow { name: view.market(*market), cells: occupations.iter().map(|occupation| cell(view, *market, *occupation)).collect() })
        .collect();
    let columns: Vec<String> = occupations.iter().map(|occupation| view.occupation(*occupation)).collect();
    let mut heads = vec![Column::text("Land")];
    heads.extend(columns.iter().map(|name| Column::number(name.clone(), "")));
    let grid = Grid {
        columns: heads,
        rows: rows
            .iter()
            .map(|row| std::iter::once(Cell::Text(row.name.clone())).chain(row.cells.iter().map(|cell| printed(*cell))).collect())
            .collect(),
    };
    let origin = Origin {
        unit: Some("matchning 1–100".to_owned()),
        period: Some(format!("senaste år för varje uppgift, till och med {}", view.year())),
        source: sources::all(view.run),
        tables: vec!["fit"],
    };
    let text = FigureText { slug: "matchning", title, caption, alternative };
    builder.figure(text, |about| heat_table::svg(&HeatTableData { about, measure: None, columns, rows }), FigureData::Own(grid), origin)
}

/// The section of an area.
pub fn whole(builder: &mut Builder, view: &View) -> Result<(), ReportError> {
    if view.ranked(MarketKind::Country).is_empty() || view.weights.is_empty() {
        return Ok(());
    }
    builder.heading("Vilket land passar för vilket yrke?", "matchning");
    builder.paragraph(
        "Samma land kan passa bra för ett yrke och sämre för ett annat. Två tal som skiljer sig med några få enheter är i praktiken lika.",
    );
    figure(builder, view, 12, 10)
}
