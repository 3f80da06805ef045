//! How well each of the first countries fits each of the heaviest occupations.

use super::super::ReportError;
use super::super::builder::{Builder, FigureText};
use super::super::model::{Cell, Column, FigureData, Grid, Origin, Prose};
use super::super::text::capital;
use super::super::view::View;
use super::sources;
use crate::chart::heat_table::{self, Gate as ChartGate, HeatCell, HeatRow, HeatTableData};
use crate::code::Ssyk;
use crate::ethics::Gate;
use crate::language::{Language, say};
use crate::supply::{Market, MarketKind};

fn cell(view: &View, market: Market, occupation: Ssyk) -> HeatCell {
    let Some(fit) = view.fit(market, occupation) else { return HeatCell::Missing };
    match (fit.gate, fit.score) {
        (Some(Gate::NoActiveRecruitment), _) => HeatCell::Gated(ChartGate::D),
        (Some(Gate::NoPermitRoute), _) => HeatCell::Gated(ChartGate::E),
        (_, Some(score)) => HeatCell::Fit(score),
        _ => HeatCell::Missing,
    }
}

fn printed(cell: HeatCell, language: Language) -> Cell {
    match cell {
        HeatCell::Fit(value) => Cell::Number { value, decimals: 0 },
        HeatCell::Missing => {
            Cell::Missing { reason: say!(language, sv: "landet saknar uppgift om yrket", en: "the country has no figure for the occupation") }
        }
        HeatCell::Gated(ChartGate::D) => Cell::Text("D".to_owned()),
        HeatCell::Gated(ChartGate::E) => Cell::Text("E".to_owned()),
    }
}

/// The finding: who fits best for how many of the occupations.
fn finding(view: &View, markets: &[Market], occupations: &[Ssyk]) -> (String, String) {
    let language = view.language();
    let mut best: Vec<(Market, usize)> = markets.iter().map(|market| (*market, 0)).collect();
    let mut sentences = Vec::new();
    for occupation in occupations {
        let fit = |market: Market| match cell(view, market, *occupation) {
            HeatCell::Fit(value) => value,
            _ => f64::NEG_INFINITY,
        };
        let Some(first) = markets.iter().copied().reduce(|best, other| if fit(other) > fit(best) { other } else { best }) else { continue };
        if fit(first).is_finite() {
            sentences.push(format!("{}: {} {}", view.occupation(*occupation), view.market(first), language.number(fit(first), 0)));
            if let Some((_, wins)) = best.iter_mut().find(|(market, _)| *market == first) {
                *wins += 1;
            }
        }
    }
    // The first in the order of the reports where two win as often.
    let winner = best.iter().copied().reduce(|first, other| if other.1 > first.1 { other } else { first });
    let title = match winner {
        Some((market, wins)) if wins > 1 && wins == occupations.len() => {
            let name = capital(&view.market_in_prose(market));
            say!(language,
                sv: format!("{name} passar bäst för alla {wins} yrken som väger tyngst"),
                en: format!("{name} is the best fit for all {wins} occupations that carry the most weight"),
            )
        }
        Some((market, wins)) if wins > 0 => {
            let name = capital(&view.market_in_prose(market));
            let (wins, all) = (if wins == 1 { say!(language, sv: "ett", en: "one").to_owned() } else { wins.to_string() }, occupations.len());
            say!(language,
                sv: format!("{name} passar bäst för {wins} av de {all} yrken som väger tyngst"),
                en: format!("{name} is the best fit for {wins} of the {all} occupations that carry the most weight"),
            )
        }
        _ => say!(language,
            sv: "Inget av de första länderna har uppgifter om yrkena",
            en: "None of the first countries has figures for the occupations",
        )
        .to_owned(),
    };
    (title, sentences.join("; "))
}

/// The period of what rests on figures of many years.
pub fn latest(view: &View) -> String {
    let year = view.year();
    say!(view.language(),
        sv: format!("senaste år för varje uppgift, till och med {year}"),
        en: format!("latest year of each figure, up to {year}"),
    )
}

/// The heat table of the first `countries` and the `occupations` heaviest occupations.
pub fn figure(builder: &mut Builder, view: &View, countries: usize, occupations: usize) -> Result<(), ReportError> {
    let language = view.language();
    let markets: Vec<Market> = view.ranked(MarketKind::Country).into_iter().take(countries).map(|row| row.market).collect();
    let occupations: Vec<Ssyk> = view.recruited().into_iter().take(occupations).map(|row| row.occupation).collect();
    if markets.is_empty() || occupations.is_empty() {
        return Ok(());
    }
    let (title, best) = finding(view, &markets, &occupations);
    let caption = Prose::from(say!(language,
        sv: "Länderna står i rangordningens ordning, yrkena efter hur tungt de väger. Talen är matchning 1–100: mörkare är bättre.",
        en: "Countries are in the order of the ranking, occupations by the weight they carry. The numbers are fit, 1–100: darker is better.",
    ));
    let (many, columns) = (markets.len(), occupations.len());
    let alternative = say!(language,
        sv: format!("Tabell med {many} länder och {columns} yrken. Högst matchning i varje yrke: {best}."),
        en: format!("Table of {many} countries and {columns} occupations. Best fit for each occupation: {best}."),
    );
    let rows: Vec<HeatRow> = markets
        .iter()
        .map(|market| HeatRow { name: view.market(*market), cells: occupations.iter().map(|occupation| cell(view, *market, *occupation)).collect() })
        .collect();
    let columns: Vec<String> = occupations.iter().map(|occupation| view.occupation(*occupation)).collect();
    let mut heads = vec![Column::text(say!(language, sv: "Land", en: "Country"))];
    heads.extend(columns.iter().map(|name| Column::number(name.clone(), "")));
    let grid = Grid {
        columns: heads,
        rows: rows
            .iter()
            .map(|row| std::iter::once(Cell::Text(row.name.clone())).chain(row.cells.iter().map(|cell| printed(*cell, language))).collect())
            .collect(),
    };
    let origin = Origin {
        unit: Some(say!(language, sv: "matchning 1–100", en: "fit 1–100").to_owned()),
        period: Some(latest(view)),
        source: sources::all(view.run),
        tables: vec!["fit"],
    };
    let text = FigureText { slug: "matchning", title, caption, alternative };
    builder.figure(text, |about| heat_table::svg(&HeatTableData { about, measure: None, columns, rows }), FigureData::Own(grid), origin)
}

/// How many countries are named for an occupation.
const NAMED: usize = 3;

/// Which of the first `countries` countries fit each of the heaviest occupations best, as a table for a sheet of two pages.
pub fn sheet(builder: &mut Builder, view: &View, countries: usize, occupations: usize) {
    let language = view.language();
    let markets: Vec<Market> = view.ranked(MarketKind::Country).into_iter().take(countries).map(|row| row.market).collect();
    let occupations: Vec<Ssyk> = view.recruited().into_iter().take(occupations).map(|row| row.occupation).collect();
    if markets.is_empty() || occupations.is_empty() {
        return;
    }
    let (title, _) = finding(view, &markets, &occupations);
    let no_figure = say!(language, sv: "inget av länderna har uppgift om yrket", en: "none of the countries has a figure for the occupation");
    let rows = occupations
        .iter()
        .map(|occupation| {
            let fit = |market: Market| if let HeatCell::Fit(value) = cell(view, market, *occupation) { Some((market, value)) } else { None };
            let mut fits: Vec<(Market, f64)> = markets.iter().filter_map(|market| fit(*market)).collect();
            // Stable: of equals the first on the list stands first.
            fits.sort_by(|first, second| second.1.total_cmp(&first.1));
            let named: Vec<String> =
                fits.iter().take(NAMED).map(|(market, value)| format!("{} {}", view.market_in_prose(*market), language.number(*value, 0))).collect();
            let best = if named.is_empty() { Cell::Missing { reason: no_figure } } else { Cell::Text(capital(&language.list(&named))) };
            vec![Cell::Text(view.occupation(*occupation)), best]
        })
        .collect();
    let mut best = Column::text(say!(language, sv: "Passar bäst", en: "Best fit"));
    best.unit = Some(say!(language, sv: "matchning 1–100", en: "fit 1–100").to_owned());
    let columns = vec![Column::text(say!(language, sv: "Yrke", en: "Occupation")), best];
    let (count, list) = (markets.len(), view.list_name());
    let notes = vec![
        say!(language,
            sv: format!("Av de {count} första på {list}. Två tal som skiljer sig med några få enheter är i praktiken lika."),
            en: format!("Of the first {count} on {list}. Two numbers that differ by a few points are in practice equal."),
        )
        .into(),
    ];
    builder.table(title, Grid { columns, rows }, notes, Origin { tables: vec!["fit"], ..Origin::default() });
}

/// The section of an area.
pub fn whole(builder: &mut Builder, view: &View) -> Result<(), ReportError> {
    if view.ranked(MarketKind::Country).is_empty() || view.weights.is_empty() {
        return Ok(());
    }
    let language = view.language();
    builder.heading(say!(language, sv: "Vilket land passar för vilket yrke?", en: "Which country suits which occupation?"), "matchning");
    builder.paragraph(say!(language,
        sv: "Samma land kan passa bra för ett yrke och sämre för ett annat. Två tal som skiljer sig med några få enheter är i praktiken lika.",
        en: "The same country may suit one occupation well and another less well. Two numbers that differ by a few points are in practice equal.",
    ));
    figure(builder, view, 12, 10)
}
