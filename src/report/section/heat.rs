//! How well each of the first countries fits each of the heaviest occupations.

use super::super::ReportError;
use super::super::builder::{Builder, FigureText};
use super::super::model::{Cell, Column, FigureData, Grid, Origin, Prose};
use super::super::text::{COUNTRY, capital, en};
use super::super::view::View;
use super::sources;
use crate::chart::heat_table::{self, Gate as ChartGate, HeatCell, HeatRow, HeatTableData, SHORT};
use crate::code::Ssyk;
use crate::ethics::Gate;
use crate::language::{Language, say};
use crate::supply::{Market, MarketKind};

fn cell(view: &View, market: Market, occupation: Ssyk) -> HeatCell {
    let Some(fit) = view.fit(market, occupation) else { return HeatCell::Missing };
    match (fit.gate, fit.score) {
        (Some(Gate::NoActiveRecruitment), _) => HeatCell::Gated(ChartGate::D),
        (Some(Gate::NoPermitRoute), _) => HeatCell::Gated(ChartGate::E),
        (Some(Gate::Care), Some(score)) => HeatCell::Short(score),
        (_, Some(score)) => HeatCell::Fit(score),
        _ => HeatCell::Missing,
    }
}

fn printed(cell: HeatCell, language: Language) -> Cell {
    match cell {
        HeatCell::Fit(value) => Cell::Number { value, decimals: 0 },
        HeatCell::Short(value) => Cell::Text(format!("{}{SHORT}", language.number(value, 0))),
        HeatCell::Missing => {
            Cell::Missing { reason: say!(language, sv: "landet saknar uppgift om yrket", en: "the country has no figure for the occupation") }
        }
        HeatCell::Gated(ChartGate::D) => Cell::Text("D".to_owned()),
        HeatCell::Gated(ChartGate::E) => Cell::Text("E".to_owned()),
    }
}

/// The fit, where the country has one that is not closed.
fn value(cell: HeatCell) -> Option<f64> {
    match cell {
        HeatCell::Fit(value) | HeatCell::Short(value) => Some(value),
        HeatCell::Missing | HeatCell::Gated(_) => None,
    }
}

/// Fits that differ by no more are in practice equal: no country is called the best over another by so little.
const CLOSE: f64 = 3.0;
/// How many countries a title names.
const NAMED_IN_TITLE: usize = 3;

/// The finding: who fits best, or as good as best, for how many of the occupations.
fn finding(view: &View, markets: &[Market], occupations: &[Ssyk]) -> (String, String) {
    let language = view.language();
    let mut best: Vec<(Market, usize)> = markets.iter().map(|market| (*market, 0)).collect();
    let mut sentences = Vec::new();
    for occupation in occupations {
        let fit = |market: Market| value(cell(view, market, *occupation)).unwrap_or(f64::NEG_INFINITY);
        let Some(first) = markets.iter().copied().reduce(|best, other| if fit(other) > fit(best) { other } else { best }) else { continue };
        let highest = fit(first);
        if highest.is_finite() {
            let near = |market: Market| fit(market) >= highest - CLOSE;
            best.iter_mut().filter(|(market, _)| near(*market)).for_each(|(_, times)| *times += 1);
            let near = markets.iter().filter(|market| near(**market));
            let near: Vec<String> = near.map(|market| format!("{} {}", view.market_in_prose(*market), language.number(fit(*market), 0))).collect();
            sentences.push(format!("{}: {}", view.occupation(*occupation), language.list(&near)));
        }
    }
    let most = best.iter().map(|(_, times)| *times).max().unwrap_or(0);
    let leading: Vec<Market> = best.into_iter().filter(|(_, times)| *times == most).map(|(market, _)| market).collect();
    let all = occupations.len();
    let title = if most == 0 {
        say!(language, sv: "Inget av de första länderna har uppgifter om yrkena", en: "None of the first countries has figures for the occupations")
            .to_owned()
    } else {
        let names = if leading.len() > NAMED_IN_TITLE {
            language.count(leading.len(), COUNTRY)
        } else {
            let mut names: Vec<String> = leading.iter().map(|market| view.market(*market)).collect();
            language.order().sort(&mut names);
            language.list(&names.iter().map(|name| language.country_in_prose(name)).collect::<Vec<_>>())
        };
        let (names, verb) = (capital(&names), en::agrees(leading.len(), "fits", "fit"));
        let times = match most {
            1 if all == 1 => say!(language, sv: "yrket".to_owned(), en: "the occupation".to_owned()),
            _ if most == all => say!(language, sv: format!("alla {all} yrken"), en: format!("all {all} occupations")),
            1 => say!(language, sv: format!("ett av {all} yrken"), en: format!("one of {all} occupations")),
            _ => say!(language, sv: format!("{most} av {all} yrken"), en: format!("{most} of {all} occupations")),
        };
        say!(language, sv: format!("{names} passar bäst, eller nästan lika bra, för {times}"), en: format!("{names} {verb} best, or nearly as well, for {times}"))
    };
    (title, sentences.join("; "))
}

/// What counts as no difference, and what the mark means.
fn reading(view: &View, markets: &[Market], occupations: &[Ssyk]) -> String {
    let language = view.language();
    let close = language.number(CLOSE, 0);
    let is_short = |market: &Market| occupations.iter().any(|occupation| matches!(cell(view, *market, *occupation), HeatCell::Short(_)));
    let mark = if markets.iter().any(is_short) {
        say!(language,
            sv: format!(" {SHORT} betyder att landet självt har brist på yrket."),
            en: format!(" {SHORT} means that the country itself is short of the occupation."),
        )
    } else {
        String::new()
    };
    // Unit groups that one ISCO group holds have the same figures.
    let same = occupations.iter().enumerate().any(|(place, occupation)| {
        let fits = |occupation: Ssyk| markets.iter().map(move |market| cell(view, *market, occupation));
        occupations[..place].iter().any(|before| fits(*before).eq(fits(*occupation)))
    });
    let same = if same {
        say!(language,
            sv: " Yrken med samma tal hör till samma internationella yrkesgrupp.",
            en: " Occupations with the same numbers belong to the same international occupation group.",
        )
    } else {
        ""
    };
    say!(language,
        sv: format!("Tal som skiljer sig med högst {close} är i praktiken lika.{mark}{same}"),
        en: format!("Numbers that differ by at most {close} are in practice equal.{mark}{same}"),
    )
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
    let reading = reading(view, &markets, &occupations);
    let caption = Prose::from(say!(language,
        sv: format!("Länderna står i rangordningens ordning, yrkena efter hur tungt de väger. Talen är matchning 1–100: mörkare är bättre. {reading}"),
        en: format!("Countries are in the order of the ranking, occupations by the weight they carry. The numbers are fit, 1–100: darker is better. {reading}"),
    ));
    let (many, columns) = (markets.len(), occupations.len());
    let alternative = say!(language,
        sv: format!("Tabell med {many} länder och {columns} yrken. Högst matchning i varje yrke, eller nästan så hög: {best}."),
        en: format!("Table of {many} countries and {columns} occupations. Best fit for each occupation, or nearly as good: {best}."),
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
            let fit = |market: Market| {
                let cell = cell(view, market, *occupation);
                Some((market, value(cell)?, if matches!(cell, HeatCell::Short(_)) { SHORT } else { "" }))
            };
            let mut fits: Vec<(Market, f64, &str)> = markets.iter().filter_map(|market| fit(*market)).collect();
            // Stable: of equals the first on the list stands first.
            fits.sort_by(|first, second| second.1.total_cmp(&first.1));
            let named = fits.iter().take(NAMED);
            let named: Vec<String> =
                named.map(|(market, value, mark)| format!("{} {}{mark}", view.market_in_prose(*market), language.number(*value, 0))).collect();
            let best = if named.is_empty() { Cell::Missing { reason: no_figure } } else { Cell::Text(capital(&language.list(&named))) };
            vec![Cell::Text(view.occupation(*occupation)), best]
        })
        .collect();
    let mut best = Column::text(say!(language, sv: "Passar bäst", en: "Best fit"));
    best.unit = Some(say!(language, sv: "matchning 1–100", en: "fit 1–100").to_owned());
    let columns = vec![Column::text(say!(language, sv: "Yrke", en: "Occupation")), best];
    let (count, list, reading) = (markets.len(), view.list_name(), reading(view, &markets, &occupations));
    let notes = vec![
        say!(language,
            sv: format!("Av de {count} första på {list}. {reading}"),
            en: format!("Of the first {count} on {list}. {reading}"),
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
        sv: "Samma land kan passa bra för ett yrke och sämre för ett annat.",
        en: "The same country may suit one occupation well and another less well.",
    ));
    figure(builder, view, 12, 10)
}
