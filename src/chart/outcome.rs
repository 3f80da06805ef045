//! A list held against what followed: each market by its place and its outcome, zero in a band of its own, the telling ones named.

use super::axis::{Kind, Scale, rank_ticks};
use super::canvas::{Anchor, Canvas, LABEL, Rect, Shape, WIDTH};
use super::label_placement::{Dot, Placer};
use super::number::shortest;
use super::palette::{BAND, GRID, INK, INTERVAL, MUTED, POINT};
use super::text::label;
use super::{ChartError, Description, PERSONS, RANKS, check};

const PLOT_HEIGHT: f64 = 250.0;
const ZERO_BAND: f64 = 30.0;
const RADIUS: f64 = 2.8;
const WIDEST_LABEL: f64 = 110.0;
/// The lowest value that the logarithmic part has a place for.
const LEAST: f64 = 1.0;

/// Markets with their place in a list and what followed.
#[derive(Debug, Clone, Default)]
pub struct OutcomeData {
    /// What the chart says of itself.
    pub about: Description,
    /// Title of the axis of places.
    pub place_axis: String,
    /// Title of the axis of outcomes.
    pub outcome_axis: String,
    /// Name of the band of zeros.
    pub zero: String,
    /// Markets, in any order; those that are named first get the best places for their names.
    pub markets: Vec<OutcomeMarket>,
}

/// A market.
#[derive(Debug, Clone, Default)]
pub struct OutcomeMarket {
    /// Its name.
    pub name: String,
    /// Place in the list, 1 is first.
    pub place: f64,
    /// What followed; under 1 counts as nothing, and what is not a number is not drawn.
    pub outcome: f64,
    /// Whether its name is written.
    pub named: bool,
}

/// Draws the list against what followed.
///
/// # Errors
/// [`ChartError::OutOfRange`] for a number outside the range that its field states.
pub fn svg(data: &OutcomeData) -> Result<String, ChartError> {
    draw(data)?.svg()
}

pub(super) fn draw(data: &OutcomeData) -> Result<Canvas, ChartError> {
    for market in &data.markets {
        check("place", Some(market.place), RANKS)?;
        check("outcome", Some(market.outcome), PERSONS)?;
    }
    let language = data.about.language;
    let mut canvas = Canvas::new(&data.about);
    let markets: Vec<&OutcomeMarket> = data.markets.iter().filter(|market| market.place.is_finite() && market.outcome.is_finite()).collect();
    if markets.is_empty() {
        canvas.nothing(language);
        return Ok(canvas);
    }
    let most = markets.iter().map(|market| market.outcome).fold(10.0, f64::max);
    let decades = most.log10().ceil() as i32;
    let values: Vec<f64> = (0..=decades).map(|power| 10_f64.powi(power)).collect();
    let ticks: Vec<String> = values.iter().map(|value| shortest(*value, 0, language)).collect();
    let zero = LABEL.wrapped(&label(&data.zero), 60.0, 2, language);
    let left = LABEL.widest(&ticks).max(LABEL.widest(&zero)) + 8.0;

    let title = LABEL.wrapped(&label(&data.outcome_axis), WIDTH, 2, language);
    canvas.lines((0.0, 2.0), &title, LABEL, MUTED, Anchor::Start);
    let top = 2.0 + LABEL.leading() * title.len() as f64 + 8.0;
    let bottom = top + PLOT_HEIGHT;
    let band = Rect::new(left, bottom + 6.0, WIDTH - left, ZERO_BAND);
    let upright = Scale { kind: Kind::Linear, values: (0.0, f64::from(decades)), points: (bottom - RADIUS, top + RADIUS) };
    let last = markets.iter().map(|market| market.place).fold(2.0, f64::max);
    let across = Scale { kind: Kind::Linear, values: (1.0, last), points: (left + 10.0, WIDTH - 14.0) };

    canvas.block(band, BAND);
    for (power, text) in ticks.iter().enumerate() {
        let y = upright.place(power as f64);
        canvas.line((left, y), (WIDTH, y), GRID, 0.6);
        canvas.text((left - 6.0, y - LABEL.leading() / 2.0), text, LABEL, MUTED, Anchor::End);
    }
    canvas.lines_about((left - 6.0, band.centre().1), &zero, LABEL, MUTED, Anchor::End);

    let dots: Vec<Dot> = markets
        .iter()
        .map(|market| {
            let y = if market.outcome < LEAST { band.centre().1 } else { upright.place(market.outcome.log10()) };
            Dot { centre: (across.place(market.place), y), radius: RADIUS }
        })
        .collect();
    let frame = Rect::new(left, top - 4.0, WIDTH - left, band.bottom() - top + 4.0);
    let mut placer = Placer::new(frame, &dots);
    let mut names = Vec::new();
    for (index, market) in markets.iter().enumerate().filter(|(_, market)| market.named) {
        let Some(line) = LABEL.wrapped(&label(&market.name), WIDEST_LABEL, 1, language).into_iter().next() else { continue };
        // Where no place is left the name stays in the table of the figure.
        if let Some(placement) = placer.place_anywhere(index, (LABEL.width(&line), LABEL.leading())) {
            placement.draw_leader(&mut canvas);
            names.push((placement.rect, line));
        }
    }
    for (market, dot) in markets.iter().zip(&dots) {
        canvas.shape(Shape::Circle, dot.centre, RADIUS, if market.named { POINT } else { INTERVAL });
    }
    for (rect, line) in names {
        canvas.text((rect.left, rect.top), &line, LABEL, INK, Anchor::Start);
    }

    across.label_across(&mut canvas, &rank_ticks(last), band.bottom() + 3.0, language);
    let title = LABEL.wrapped(&label(&data.place_axis), WIDTH - left, 2, language);
    let title_top = band.bottom() + 3.0 + LABEL.leading() + 1.0;
    canvas.lines((left, title_top), &title, LABEL, MUTED, Anchor::Start);
    canvas.height = title_top + LABEL.leading() * title.len() as f64 + 2.0;
    Ok(canvas)
}
