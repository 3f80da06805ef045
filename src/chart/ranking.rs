//! The main chart: markets in order with their score, or with the interval of their rank and the tiers that cannot be told apart.

use std::ops::Range;

use super::axis::{Kind, Scale, rank_ticks, round_ticks};
use super::canvas::{Anchor, Canvas, HEADING, LABEL, Rect, Shape, WIDTH};
use super::legend::{MEDIAN, Symbol, legend};
use super::number::formatted;
use super::palette::{BAND, Colour, GRID, INK, INTERVAL, MUTED, POINT, WHITE};
use super::text::label;
use super::{ChartError, Description, HUNDRED, Language, RANKS, check};

const WIDEST_NAME: f64 = 150.0;
const MOST_NAME_LINES: usize = 3;
const ROW_AIR: f64 = 6.0;
const TIER_HEADING: f64 = 15.0;
const GUTTER: f64 = 10.0;
const DOT: f64 = 3.6;

/// Markets in the order of the report.
#[derive(Debug, Clone, Default)]
pub struct RankingData {
    /// What the chart says of itself.
    pub about: Description,
    /// How many markets were ranked in all: the end of the axis of ranks. Ignored without intervals; raised to the largest interval.
    pub candidates: usize,
    /// Title of the axis; `None` writes "Poäng (0–100)" or "Plats i rangordningen (1 är bäst)".
    pub axis: Option<String>,
    /// Markets, from the top.
    pub markets: Vec<RankedMarket>,
}

/// One row of the ranking.
#[derive(Debug, Clone, Default)]
pub struct RankedMarket {
    /// Name of the market.
    pub name: String,
    /// Baseline score, 0–100; `None` prints that it is missing.
    pub score: Option<f64>,
    /// `None` for every market draws the chart of scores.
    pub interval: Option<RankInterval>,
    /// Number of the tier, from 1. Neighbours with the same number share a band.
    pub tier: Option<u32>,
}

/// Where a market's rank lies over the simulated weightings and figures.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct RankInterval {
    /// 5th percentile; 1 is the best rank, none may be below it.
    pub low: f64,
    /// Median rank.
    pub median: f64,
    /// 95th percentile.
    pub high: f64,
}

impl RankInterval {
    fn is_finite(&self) -> bool {
        self.low.is_finite() && self.median.is_finite() && self.high.is_finite()
    }
}

/// Draws the ranking: scores as dots on stalks if no market has an interval, else ranks with intervals, medians and tiers.
///
/// # Errors
/// [`ChartError::OutOfRange`] for a number outside the range that its field states.
pub fn svg(data: &RankingData) -> Result<String, ChartError> {
    draw(data)?.svg()
}

pub(super) fn draw(data: &RankingData) -> Result<Canvas, ChartError> {
    for market in &data.markets {
        check("score", market.score, HUNDRED)?;
        if let Some(interval) = market.interval {
            for rank in [interval.low, interval.median, interval.high] {
                check("rank", Some(rank), RANKS)?;
            }
        }
    }
    let language = data.about.language;
    let mut canvas = Canvas::new(&data.about);
    if data.markets.is_empty() {
        canvas.nothing(language);
        return Ok(canvas);
    }
    let layout = Layout::new(data);
    let mut top = 2.0;
    if layout.ranks {
        let simulations = language.pick("plats i 9 av 10 simuleringar", "rank in 9 of 10 simulations");
        let median = language.pick("medianplats", "median rank");
        let entries = [(Symbol::Interval, simulations.to_owned()), (MEDIAN, median.to_owned())];
        top = legend(&mut canvas, (0.0, WIDTH), top, &entries, language) + 10.0;
    }
    top = head(&mut canvas, &layout, top);
    let ticks = if layout.ranks { rank_ticks(layout.scale.values.1 - 0.5) } else { round_ticks(layout.scale.values, 5) };
    let ticks = layout.scale.label_across(&mut canvas, &ticks, top, language);
    top += LABEL.leading() + 3.0;

    let mut first = 0;
    let mut ground = WHITE;
    for markets in data.markets.chunk_by(|one, other| one.tier == other.tier) {
        let rows = first..first + markets.len();
        ground = match markets[0].tier {
            Some(_) if ground == WHITE => BAND,
            _ => WHITE,
        };
        top = tier(&mut canvas, &layout, rows, &ticks, ground, top);
        first += markets.len();
    }
    canvas.line((0.0, top), (WIDTH, top), GRID, 0.8);
    canvas.height = top + 2.0;
    Ok(canvas)
}

/// What all rows share.
struct Layout<'a> {
    data: &'a RankingData,
    /// Whether the axis shows ranks, not scores.
    ranks: bool,
    names: Vec<Vec<String>>,
    columns: Vec<Column>,
    scale: Scale,
}

impl<'a> Layout<'a> {
    fn new(data: &'a RankingData) -> Self {
        let language = data.about.language;
        let ranks = data.markets.iter().any(|market| market.interval.is_some_and(|interval| interval.is_finite()));
        let names: Vec<Vec<String>> =
            data.markets.iter().map(|market| LABEL.wrapped(&label(&market.name), WIDEST_NAME, MOST_NAME_LINES, language)).collect();
        let name_width = names.iter().map(|lines| LABEL.widest(lines)).fold(0.0, f64::max);
        let columns = columns(data, ranks);
        let columns_width: f64 = columns.iter().map(|column| column.width + GUTTER).sum();
        let at_dots = if ranks { GUTTER } else { LABEL.width("100,0") + DOT + 6.0 };
        let plot = (name_width + GUTTER + 6.0, WIDTH - columns_width - at_dots);
        Self { data, ranks, names, columns, scale: scale(data, ranks, plot) }
    }
}

/// The rows of neighbours in one tier with the tier's heading and band; returns where they end.
fn tier(canvas: &mut Canvas, layout: &Layout, rows: Range<usize>, ticks: &[f64], ground: Colour, top: f64) -> f64 {
    let language = layout.data.about.language;
    let number = layout.data.markets[rows.start].tier;
    let heights: Vec<f64> = layout.names[rows.clone()].iter().map(|lines| LABEL.leading() * lines.len().max(1) as f64 + ROW_AIR).collect();
    let heading = if number.is_some() { TIER_HEADING } else { 0.0 };
    let bottom = top + heading + heights.iter().sum::<f64>();
    if let Some(number) = number {
        canvas.block(Rect::new(0.0, top, WIDTH, bottom - top), ground);
        canvas.line((0.0, top), (WIDTH, top), GRID, 0.8);
        let text = tier_heading(number, rows.len(), language);
        canvas.text((4.0, top + 3.0), &text, HEADING, INK, Anchor::Start);
    }
    layout.scale.grid_down(canvas, ticks, top + heading, bottom);
    let mut row_top = top + heading;
    for (index, height) in rows.zip(heights) {
        let middle = row_top + height / 2.0;
        let name = &layout.names[index];
        canvas.lines_about((4.0, middle), name, LABEL, INK, Anchor::Start);
        mark(canvas, layout, index, middle, ground);
        let mut right = WIDTH - 4.0;
        for column in layout.columns.iter().rev() {
            let top = middle - LABEL.leading() / 2.0;
            canvas.text((right, top), &column.cells[index], LABEL, INK, Anchor::End);
            right -= column.width + GUTTER;
        }
        row_top += height;
    }
    bottom
}

fn tier_heading(tier: u32, members: usize, language: Language) -> String {
    let name = format!("{} {tier}", language.pick("Grupp", "Tier"));
    if members > 1 { format!("{name} – {}", language.pick("kan inte skiljas åt", "cannot be told apart")) } else { name }
}

struct Column {
    heading: Vec<String>,
    cells: Vec<String>,
    width: f64,
}

impl Column {
    fn new(heading: &str, cells: Vec<String>, language: Language) -> Self {
        let cells_width = LABEL.widest(&cells);
        let heading = LABEL.wrapped(heading, cells_width.max(44.0), 3, language);
        Self { width: cells_width.max(LABEL.widest(&heading)), heading, cells }
    }
}

/// The numbers beside the plot: rank with its interval, and the score. In a chart of scores they stand at the dots instead.
fn columns(data: &RankingData, ranks: bool) -> Vec<Column> {
    let language = data.about.language;
    let missing = language.pick("saknas", "missing").to_owned();
    let mut columns = Vec::new();
    let halves = data.markets.iter().filter_map(|market| market.interval).any(|interval| (interval.median - interval.median.round()).abs() > 0.05);
    if ranks {
        let cells = data
            .markets
            .iter()
            .map(|market| match market.interval {
                Some(interval) if interval.is_finite() => format!(
                    "{} ({}–{})",
                    formatted(interval.median, usize::from(halves), language),
                    formatted(interval.low, 0, language),
                    formatted(interval.high, 0, language)
                ),
                _ => missing.clone(),
            })
            .collect();
        columns.push(Column::new(language.pick("Plats, median (intervall)", "Rank, median (interval)"), cells, language));
    }
    if ranks && data.markets.iter().any(|market| market.score.is_some()) {
        let cells = data
            .markets
            .iter()
            .map(|market| match market.score {
                Some(score) if score.is_finite() => formatted(score, 1, language),
                _ => missing.clone(),
            })
            .collect();
        columns.push(Column::new(language.pick("Poäng", "Score"), cells, language));
    }
    columns
}

fn scale(data: &RankingData, ranks: bool, plot: (f64, f64)) -> Scale {
    let values = if ranks {
        let last = data
            .markets
            .iter()
            .filter_map(|market| market.interval)
            .filter(RankInterval::is_finite)
            .map(|interval| interval.high.max(interval.median))
            .fold(data.candidates as f64, f64::max)
            .max(2.0);
        (0.5, last + 0.5)
    } else {
        (0.0, 100.0)
    };
    Scale { kind: Kind::Linear, values, points: plot }
}

/// Axis title and column headings; returns where the tick labels go.
fn head(canvas: &mut Canvas, layout: &Layout, top: f64) -> f64 {
    let Layout { data, ranks, columns, scale, .. } = layout;
    let plot = scale.points;
    let language = data.about.language;
    let title = match &data.axis {
        Some(title) => label(title),
        None if *ranks => language.pick("Plats i rangordningen (1 är bäst)", "Rank (1 is best)").to_owned(),
        None => language.pick("Poäng (0–100)", "Score (0–100)").to_owned(),
    };
    let title = LABEL.wrapped(&title, plot.1 - plot.0, 3, language);
    let lines = columns
        .iter()
        .map(|column| column.heading.len())
        // The tick labels take the line below the title.
        .chain([title.len() + 1])
        .max()
        .unwrap_or(1);
    let bottom = top + LABEL.leading() * lines as f64;
    canvas.lines((plot.0, bottom - LABEL.leading() * (title.len() + 1) as f64 - 2.0), &title, LABEL, MUTED, Anchor::Start);
    let mut right = WIDTH - 4.0;
    for column in columns.iter().rev() {
        let height = LABEL.leading() * column.heading.len() as f64;
        canvas.lines((right, bottom - height), &column.heading, LABEL, MUTED, Anchor::End);
        right -= column.width + GUTTER;
    }
    bottom - LABEL.leading()
}

fn mark(canvas: &mut Canvas, layout: &Layout, index: usize, middle: f64, ground: Colour) {
    let Layout { data, scale, .. } = layout;
    let (language, market) = (data.about.language, &data.markets[index]);
    if layout.ranks {
        let Some(interval) = market.interval.filter(RankInterval::is_finite) else {
            let text = language.pick("osäkerhet saknas", "uncertainty missing");
            beside(canvas, (scale.points.0, middle), text, MUTED, ground);
            return;
        };
        let (left, right) = (scale.place(interval.low.min(interval.median)), scale.place(interval.high.max(interval.median)));
        let width = (right - left).max(2.0);
        let left = f64::midpoint(left, right) - width / 2.0;
        canvas.block(Rect::new(left, middle - 3.0, width, 6.0), INTERVAL);
        let centre = (scale.place(interval.median), middle);
        canvas.shape(Shape::Circle, centre, DOT, POINT);
    } else if let Some(score) = market.score.filter(|score| score.is_finite()) {
        let x = scale.place(score);
        canvas.line((scale.place(0.0), middle), (x, middle), INTERVAL, 1.6);
        canvas.shape(Shape::Circle, (x, middle), DOT, POINT);
        let text = formatted(score, 1, language);
        beside(canvas, (x + DOT, middle), &text, INK, ground);
    } else {
        let text = language.pick("poäng saknas", "score missing");
        beside(canvas, (scale.points.0, middle), text, MUTED, ground);
    }
}

/// A text to the right of a point, on its own piece of ground so that no grid line runs through it.
fn beside(canvas: &mut Canvas, (x, middle): (f64, f64), text: &str, colour: Colour, ground: Colour) {
    let top = middle - LABEL.leading() / 2.0;
    let rect = Rect::new(x + 4.0, top, LABEL.width(text), LABEL.leading());
    canvas.block(rect, ground);
    canvas.text((rect.left, top), text, LABEL, colour, Anchor::Start);
}
