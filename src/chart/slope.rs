//! Places in an earlier run against those of this one: a line for each market, its names on both sides.

use super::canvas::{Anchor, Canvas, HEADING, LABEL, Shape, WIDTH};
use super::number::shortest;
use super::palette::{GRID, INK, INTERVAL, MUTED, POINT, QUIET};
use super::text::{Type, label};
use super::{ChartError, Description, Language, RANKS, check};

const WIDEST_NAME: f64 = 170.0;
const GUTTER: f64 = 8.0;
const DOT: f64 = 3.2;
const LINE_AIR: f64 = 3.0;

/// Markets in the order of the reports.
#[derive(Debug, Clone, Default)]
pub struct SlopeData {
    /// What the chart says of itself.
    pub about: Description,
    /// What the left side is: "Körningen 2025".
    pub before: String,
    /// What the right side is: "Den här körningen".
    pub after: String,
    /// The markets.
    pub markets: Vec<SlopeMarket>,
}

/// A market.
#[derive(Debug, Clone, Default)]
pub struct SlopeMarket {
    /// Its name.
    pub name: String,
    /// Median rank and interval in the earlier run; `None` where it was not ranked there.
    pub before: Option<SlopePlace>,
    /// The same in this run.
    pub after: Option<SlopePlace>,
    /// Whether the intervals lie apart, so that the move is certain.
    pub is_certain: bool,
}

/// A place with its interval, 1 is best.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SlopePlace {
    /// Median.
    pub median: f64,
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

impl SlopePlace {
    fn is_finite(self) -> bool {
        self.median.is_finite() && self.low.is_finite() && self.high.is_finite()
    }
}

/// Draws the moves.
///
/// # Errors
/// [`ChartError::OutOfRange`] for a place below 1.
pub fn svg(data: &SlopeData) -> Result<String, ChartError> {
    draw(data)?.svg()
}

pub(super) fn draw(data: &SlopeData) -> Result<Canvas, ChartError> {
    for place in data.markets.iter().flat_map(|market| [market.before, market.after]).flatten() {
        for value in [place.median, place.low, place.high] {
            check("rank", Some(value), RANKS)?;
        }
    }
    let language = data.about.language;
    let mut canvas = Canvas::new(&data.about);
    let before = side(data, |market| market.before, language);
    let after = side(data, |market| market.after, language);
    if before.is_empty() && after.is_empty() {
        canvas.nothing(language);
        return Ok(canvas);
    }
    let room = |entries: &[Entry]| entries.iter().map(|entry| entry.kind.width(&entry.text)).fold(0.0, f64::max);
    let (left, right) = (room(&before) + GUTTER + DOT, WIDTH - room(&after) - GUTTER - DOT);
    let heads = [(&data.before, 0.0, Anchor::Start), (&data.after, WIDTH, Anchor::End)];
    let mut head_lines = 0;
    for (text, x, anchor) in heads {
        let lines = HEADING.wrapped(&label(text), WIDTH / 2.0 - GUTTER, 3, language);
        canvas.lines((x, 2.0), &lines, HEADING, MUTED, anchor);
        head_lines = head_lines.max(lines.len());
    }
    let top = 2.0 + HEADING.leading() * head_lines as f64 + 6.0;
    let line = LABEL.leading() + LINE_AIR;
    let height = line * before.len().max(after.len()).max(2) as f64;
    let medians = || before.iter().chain(&after).map(|entry| entry.place.median);
    let (first, last) = medians().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high): (f64, f64), rank| (low.min(rank), high.max(rank)));
    let bent = |rank: f64| if last > first { ((rank - first) / (last - first)).clamp(0.0, 1.0) } else { 0.0 };
    let spot = |rank: f64| top + line / 2.0 + bent(rank) * (height - line);
    let levels = |entries: &[Entry]| spread(&entries.iter().map(|entry| spot(entry.place.median)).collect::<Vec<_>>(), line, (top, top + height));
    let (before_levels, after_levels) = (levels(&before), levels(&after));
    for x in [left, right] {
        canvas.line((x, top), (x, top + height), GRID, 0.8);
    }
    let level =
        |entries: &[Entry], levels: &[f64], market: usize| entries.iter().position(|entry| entry.market == market).map(|position| levels[position]);
    // Certain moves over the others.
    for certain in [false, true] {
        for (index, market) in data.markets.iter().enumerate().filter(|(_, market)| market.is_certain == certain) {
            if let (Some(from), Some(to)) = (level(&before, &before_levels, index), level(&after, &after_levels, index)) {
                let (colour, width) = if certain { (POINT, 2.0) } else { (INTERVAL, 1.0) };
                canvas.line((left, from), (right, to), colour, width);
            }
            for (x, y) in [(left, level(&before, &before_levels, index)), (right, level(&after, &after_levels, index))] {
                if let Some(y) = y {
                    let colour = if market.is_certain { POINT } else { QUIET };
                    canvas.shape(Shape::Circle, (x, y), DOT, colour);
                }
            }
        }
    }
    for (entries, levels, x, anchor) in
        [(&before, &before_levels, left - GUTTER, Anchor::End), (&after, &after_levels, right + GUTTER, Anchor::Start)]
    {
        for (entry, level) in entries.iter().zip(levels) {
            canvas.text((x, level - LABEL.leading() / 2.0), &entry.text, entry.kind, INK, anchor);
        }
    }
    canvas.height = top + height + 2.0;
    Ok(canvas)
}

/// A market on one side.
struct Entry {
    market: usize,
    place: SlopePlace,
    text: String,
    kind: Type,
}

/// The markets of a side, the first place on top.
fn side(data: &SlopeData, place: impl Fn(&SlopeMarket) -> Option<SlopePlace>, language: Language) -> Vec<Entry> {
    let mut entries: Vec<Entry> = data
        .markets
        .iter()
        .enumerate()
        .filter_map(|(index, market)| {
            let place = place(market).filter(|place| place.is_finite())?;
            let kind = if market.is_certain { HEADING } else { LABEL };
            let name = kind.wrapped(&label(&market.name), WIDEST_NAME / 1.6, 1, language).into_iter().next().unwrap_or_default();
            let number = |value: f64| shortest(value, 1, language);
            let text = format!("{name} {} ({}–{})", number(place.median), number(place.low.round()), number(place.high.round()));
            Some(Entry { market: index, place, text, kind })
        })
        .collect();
    entries.sort_by(|one, other| one.place.median.total_cmp(&other.place.median).then(one.market.cmp(&other.market)));
    entries
}

/// Levels at least `apart` from each other, near the wanted ones, which rise, inside `(top, bottom)`.
fn spread(wanted: &[f64], apart: f64, (top, bottom): (f64, f64)) -> Vec<f64> {
    let mut levels: Vec<f64> = Vec::with_capacity(wanted.len());
    for (index, level) in wanted.iter().enumerate() {
        let least = levels.last().map_or(top + apart / 2.0, |before| before + apart);
        let most = bottom - apart / 2.0 - apart * (wanted.len() - 1 - index) as f64;
        levels.push(level.max(least).min(most.max(least)));
    }
    levels
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_on_the_same_place_are_spread_in_order_inside_the_side() {
        let levels = spread(&[5.0, 5.0, 5.0, 38.0, 39.0], 8.0, (0.0, 40.0));
        assert!(levels.array_windows().all(|[one, other]| other - one >= 8.0 - 1e-9), "{levels:?}");
        assert!(levels[0] >= 4.0 && levels[4] <= 36.0 + 1e-9, "{levels:?}");
    }
}
