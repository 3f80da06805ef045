//! Women and men: shares in the county, in Sweden and in the first countries, and what recruiting could even out.

use super::super::ReportError;
use super::super::builder::{Builder, FigureText};
use super::super::model::{Cell, Column, FigureData, Grid, Origin, Prose};
use super::super::text::sv;
use super::super::view::View;
use super::shortage::SMALL_BASE;
use super::sources;
use crate::chart::dumbbell::{self, DumbbellData, DumbbellRow};
use crate::demand::Demand;
use crate::gender::duncan;
use crate::supply::{Market, MarketKind, share_women};

/// How many of the first countries stand for "the first countries".
const COUNTRIES: usize = 10;
const NO_SEX_ABROAD: &str = "inget av länderna redovisar kvinnor och män";

/// An occupation with what is known of its women and men.
struct Row<'a> {
    demand: &'a Demand,
    county: Option<f64>,
    sweden: Option<f64>,
    /// Median of the first countries.
    abroad: Option<f64>,
    change: Change,
}

/// What recruiting from the first countries could do.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Change {
    /// Already even.
    Even,
    /// The fewest recruits that bring the smaller sex to the level, and from where.
    Reached(i64, Market),
    /// Not from any of them.
    OutOfReach,
    /// A share is unknown.
    Unknown,
}

/// The first countries whose women and men are known for some occupation of the area.
fn abroad(view: &View) -> Vec<Market> {
    let known = |market: Market| view.weights.keys().any(|occupation| view.gender(market, *occupation).is_some_and(|row| row.share_market.is_some()));
    view.ranked(MarketKind::Country).into_iter().map(|row| row.market).filter(|market| known(*market)).take(COUNTRIES).collect()
}

fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    match values.len() {
        0 => None,
        count if count % 2 == 1 => Some(values[middle]),
        _ => Some(f64::midpoint(values[middle - 1], values[middle])),
    }
}

fn rows<'a>(view: &View<'a>, markets: &[Market], most: usize) -> Vec<Row<'a>> {
    let method = &view.run.config.method.gender;
    let recruited = view.recruited().into_iter().take(most);
    recruited
        .map(|demand| {
            let share = |market: &Market| view.gender(*market, demand.occupation).and_then(|row| row.share_market);
            let county = share_women(demand.employed, method.least_base);
            let fewest = markets
                .iter()
                .filter_map(|market| {
                    let recruits = view.gender(*market, demand.occupation)?.recruits?;
                    recruits.needed.filter(|_| recruits.reachable).map(|needed| (needed, *market))
                })
                .min_by_key(|(needed, _)| *needed);
            let known = markets.iter().any(|market| view.gender(*market, demand.occupation).is_some_and(|row| row.recruits.is_some()));
            let change = match (county, fewest) {
                (Some(share), _) if share >= method.balance && share <= 1.0 - method.balance => Change::Even,
                (None, _) => Change::Unknown,
                (_, Some((needed, market))) => Change::Reached(needed, market),
                _ if known => Change::OutOfReach,
                _ => Change::Unknown,
            };
            Row {
                demand,
                county,
                sweden: share_women(demand.employed_sweden, method.least_base),
                abroad: median(markets.iter().filter_map(share).collect()),
                change,
            }
        })
        .collect()
}

fn names(view: &View, rows: &[Row], which: impl Fn(Change) -> bool) -> Vec<String> {
    rows.iter().filter(|row| which(row.change)).map(|row| sv::small(&view.occupation(row.demand.occupation))).collect()
}

/// What the shares say, in sentences.
fn sentences(view: &View, rows: &[Row], unit: &str) -> Vec<Prose> {
    let mut items = Vec::new();
    if let Some(index) = duncan(view.area, &view.run.analysis.demand) {
        items.push(
            Prose::new().strong(format!("Uppdelningen mellan könen är {}.", sv::percent(index))).text(format!(
                " Så stor andel av kvinnorna, eller av männen, skulle behöva byta yrke för att kvinnor och män skulle fördela sig lika över {unit} yrken (Duncans index)."
            )),
        );
    }
    let level = view.run.config.method.gender.balance;
    let span = format!("{}–{}", sv::number(level * 100.0, 0), sv::percent(1.0 - level));
    let even = names(view, rows, |change| change == Change::Even);
    if !even.is_empty() {
        items.push(Prose::new().strong("Redan jämna").text(format!(" ({span} kvinnor): {}.", sv::list_of_first(&even, 6))));
    }
    let reached = names(view, rows, |change| matches!(change, Change::Reached(..)));
    if !reached.is_empty() {
        items.push(Prose::new().strong("Rekrytering kan göra dem jämnare").text(format!(": {}.", sv::list_of_first(&reached, 6))));
    }
    let out = names(view, rows, |change| change == Change::OutOfReach);
    if !out.is_empty() {
        items.push(Prose::new().strong("Går inte att jämna ut härifrån").text(format!(
            ": {}. Också i de första länderna är ett av könen för få i yrket, eller så skulle det krävas fler rekryteringar än länet har anställda. Här krävs andra åtgärder.",
            sv::list_of_first(&out, 6)
        )));
    }
    items
}

fn change_cell(view: &View, change: Change) -> Cell {
    match change {
        Change::Even => Cell::Text("Redan jämnt".to_owned()),
        Change::Reached(needed, market) => Cell::Text(format!("{} från {}", sv::whole(needed), view.market(market))),
        Change::OutOfReach => Cell::Text("Går inte att nå härifrån".to_owned()),
        Change::Unknown => Cell::Missing { reason: "kvinnor och män kan inte anges i länet eller i länderna" },
    }
}

/// Shares of women as a figure with its table.
fn figure(builder: &mut Builder, view: &View, rows: &[Row], markets: &[Market]) -> Result<(), ReportError> {
    let percent = |share: Option<f64>| share.map(|share| share * 100.0);
    let known: Vec<(&Row, f64)> = rows.iter().filter_map(|row| row.county.map(|share| (row, share))).collect();
    let extreme = |more: bool| {
        known.iter().copied().reduce(|best, other| if (other.1 > best.1) == more && (other.1 - best.1).abs() > 0.0 { other } else { best })
    };
    let describe = |(row, share): (&Row, f64)| {
        format!("{} procent kvinnor bland {}", sv::number(share * 100.0, 0), sv::small(&view.occupation(row.demand.occupation)))
    };
    let title = match extreme(false).zip(extreme(true)) {
        Some((low, high)) if low.0.demand.occupation != high.0.demand.occupation => {
            format!("I länet går det från {} till {}", describe(low), describe(high))
        }
        Some((low, _)) => format!("I länet är det {}", describe(low)),
        None => "Andelen kvinnor kan inte visas: för få anställda".to_owned(),
    };
    let market_names: Vec<String> = markets.iter().map(|market| view.market(*market)).collect();
    let abroad = if market_names.is_empty() {
        "Inget land i rangordningen redovisar kvinnor och män i yrkena.".to_owned()
    } else {
        format!(
            "”Första länderna” är medianen av {} (skattad: varje lands egen fördelning i yrkets huvudgrupp, justerad med Sveriges i yrket).",
            sv::list(&market_names)
        )
    };
    let caption = format!("Andel kvinnor i procent. Det grå bandet visar 40–60 procent, som räknas som jämnt. {abroad}");
    let described: Vec<String> = rows
        .iter()
        .map(|row| {
            let share = |value: Option<f64>| value.map_or_else(|| "uppgift saknas".to_owned(), |value| sv::number(value * 100.0, 0));
            format!(
                "{}: {} i länet, {} i Sverige, {} i de första länderna",
                view.occupation(row.demand.occupation),
                share(row.county),
                share(row.sweden),
                share(row.abroad)
            )
        })
        .collect();
    let alternative = format!("Diagram med andelen kvinnor i procent för {}. {}.", sv::neuter(rows.len(), "yrke", "yrken"), described.join("; "));
    let occupations = rows
        .iter()
        .map(|row| DumbbellRow {
            name: view.occupation(row.demand.occupation),
            county: percent(row.county),
            sweden: percent(row.sweden),
            market: percent(row.abroad),
        })
        .collect();
    let level = sv::number(view.run.config.method.gender.balance * 100.0, 0);
    let grid = Grid {
        columns: vec![
            Column::text("Yrke"),
            Column::number("Länet", "% kvinnor"),
            Column::number("Sverige", "% kvinnor"),
            Column::number("Första länderna, skattad", "% kvinnor"),
            Column::text(format!("Rekryteringar till {level} % av det mindre könet")),
        ],
        rows: rows
            .iter()
            .map(|row| {
                vec![
                    Cell::Text(view.occupation(row.demand.occupation)),
                    Cell::number(percent(row.county), 0, SMALL_BASE),
                    Cell::number(percent(row.sweden), 0, SMALL_BASE),
                    Cell::number(percent(row.abroad), 0, NO_SEX_ABROAD),
                    change_cell(view, row.change),
                ]
            })
            .collect(),
    };
    let origin = Origin {
        unit: Some("andel kvinnor, procent".to_owned()),
        period: Some(format!("{} (länet och Sverige), senaste år (andra länder)", view.run.analysis.demand.period)),
        source: sources::line(view.run, &sources::PEOPLE),
        tables: vec!["gender"],
    };
    let text = FigureText { slug: "kvinnor-och-man", title, caption: caption.into(), alternative };
    let county = view.county.clone();
    let market = if markets.is_empty() { "Andra länder".to_owned() } else { "Första länderna".to_owned() };
    builder.figure(text, |about| dumbbell::svg(&DumbbellData { about, county, market, occupations }), FigureData::Own(grid), origin)
}

/// The section of an area or an industry: at most `most` occupations.
pub fn whole(builder: &mut Builder, view: &View, most: usize, unit: &str) -> Result<(), ReportError> {
    builder.heading("Kvinnor och män", "kvinnor-och-man");
    let markets = abroad(view);
    let all = rows(view, &markets, usize::MAX);
    if all.is_empty() {
        builder.paragraph("Inget yrke rekryteras, så det finns inget att jämföra.");
        return Ok(());
    }
    builder.list(sentences(view, &all, unit));
    builder.paragraph(
        "Kön påverkar aldrig ett lands poäng. Hur många rekryteringar som krävs räknas som om de som kommer fördelar sig som i landets yrke.",
    );
    figure(builder, view, &all[..all.len().min(most)], &markets)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_of_an_even_count_lies_between_the_two_in_the_middle() {
        assert_eq!(median(vec![0.4, 0.1, 0.2, 0.3]), Some(0.25));
        assert_eq!(median(vec![0.9, 0.1, 0.2]), Some(0.2));
        assert_eq!(median(Vec::new()), None);
    }
}
