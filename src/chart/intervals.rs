//! Results with their intervals, one a row, beside lines for what they are held against.

use super::axis::{Kind, Scale, round_ticks};
use super::canvas::{Anchor, Canvas, HEADING, LABEL, Rect, Shape, WIDTH};
use super::number::formatted;
use super::palette::{BAND, GRID, INK, INTERVAL, MUTED, POINT, QUIET};
use super::text::label;
use super::{ChartError, Description, Language, check};

const WIDEST_NAME: f64 = 170.0;
const MOST_NAME_LINES: usize = 3;
const ROW_AIR: f64 = 6.0;
const GUTTER: f64 = 10.0;
const DOT: f64 = 3.6;
/// Rank correlations and probabilities.
const UNIT: (f64, f64) = (-1.0, 1.0);

/// Results from the top.
#[derive(Debug, Clone, Default)]
pub struct IntervalData {
    /// What the chart says of itself.
    pub about: Description,
    /// Title of the axis.
    pub axis: String,
    /// Vertical lines with their labels, −1…1; one that is not a number is left out.
    pub references: Vec<(String, f64)>,
    /// Rows, from the top.
    pub rows: Vec<IntervalRow>,
}

/// A result.
#[derive(Debug, Clone, Default)]
pub struct IntervalRow {
    /// Whose it is.
    pub name: String,
    /// The result, −1…1; `None` prints that it is missing.
    pub value: Option<f64>,
    /// Ends of its interval, −1…1; not a number where there are none.
    pub ends: (f64, f64),
    /// Whether the chart is about this row.
    pub emphasised: bool,
}

/// Draws the results.
///
/// # Errors
/// [`ChartError::OutOfRange`] for a number outside the range that its field states.
pub fn svg(data: &IntervalData) -> Result<String, ChartError> {
    draw(data)?.svg()
}

pub(super) fn draw(data: &IntervalData) -> Result<Canvas, ChartError> {
    for row in &data.rows {
        for value in [row.value, Some(row.ends.0), Some(row.ends.1)] {
            check("result", value, UNIT)?;
        }
    }
    for (_, value) in &data.references {
        check("reference", Some(*value), UNIT)?;
    }
    let language = data.about.language;
    let mut canvas = Canvas::new(&data.about);
    if data.rows.is_empty() {
        canvas.nothing(language);
        return Ok(canvas);
    }
    let kind = |row: &IntervalRow| if row.emphasised { HEADING } else { LABEL };
    let names: Vec<Vec<String>> = data.rows.iter().map(|row| kind(row).wrapped(&label(&row.name), WIDEST_NAME, MOST_NAME_LINES, language)).collect();
    let name_width = data.rows.iter().zip(&names).map(|(row, lines)| kind(row).widest(lines)).fold(0.0, f64::max);
    let numbers: Vec<String> = data.rows.iter().map(|row| printed(row, language)).collect();
    let numbers_width = data.rows.iter().zip(&numbers).map(|(row, text)| kind(row).width(text)).fold(0.0, f64::max);
    let plot = (4.0 + name_width + GUTTER + DOT, WIDTH - 4.0 - numbers_width - GUTTER - DOT);
    let scale = Scale { kind: Kind::Linear, values: span(data), points: plot };

    let top = head(&mut canvas, data, &scale);
    let heights: Vec<f64> = names.iter().map(|lines| LABEL.leading() * lines.len().max(1) as f64 + ROW_AIR).collect();
    let bottom = top + heights.iter().sum::<f64>();
    let mut row_top = top;
    for (row, height) in data.rows.iter().zip(&heights) {
        if row.emphasised {
            canvas.block(Rect::new(0.0, row_top, WIDTH, *height), BAND);
        }
        row_top += height;
    }
    let ticks = round_ticks(scale.values, 5);
    scale.grid_down(&mut canvas, &ticks, top, bottom);
    for (_, value) in data.references.iter().filter(|(_, value)| value.is_finite()) {
        let x = scale.place(*value);
        canvas.line((x, top - 2.0), (x, bottom), MUTED, 1.0);
    }
    row_top = top;
    for (index, row) in data.rows.iter().enumerate() {
        let middle = row_top + heights[index] / 2.0;
        canvas.lines_about((4.0, middle), &names[index], kind(row), INK, Anchor::Start);
        mark(&mut canvas, row, &scale, middle);
        canvas.text((WIDTH - 4.0, middle - LABEL.leading() / 2.0), &numbers[index], kind(row), INK, Anchor::End);
        row_top += heights[index];
    }
    canvas.line((0.0, bottom), (WIDTH, bottom), GRID, 0.8);
    scale.label_across(&mut canvas, &ticks, bottom + 3.0, language);
    let title = LABEL.wrapped(&label(&data.axis), plot.1 - plot.0, 3, language);
    let title_top = bottom + 3.0 + LABEL.leading() + 1.0;
    canvas.lines((plot.0, title_top), &title, LABEL, MUTED, Anchor::Start);
    canvas.height = title_top + LABEL.leading() * title.len() as f64 + 2.0;
    Ok(canvas)
}

/// "0,55 [0,45; 0,62]": a minus before a number keeps its meaning where a dash between two would not.
fn printed(row: &IntervalRow, language: Language) -> String {
    let Some(value) = row.value.filter(|value| value.is_finite()) else { return language.pick("saknas", "missing").to_owned() };
    let number = |value: f64| formatted(value, 2, language);
    if !(row.ends.0.is_finite() && row.ends.1.is_finite()) {
        return number(value);
    }
    format!("{} [{}{} {}]", number(value), number(row.ends.0), language.pick(";", ","), number(row.ends.1))
}

/// From the lowest end to the highest, 0 always among them.
fn span(data: &IntervalData) -> (f64, f64) {
    let rows = data.rows.iter().flat_map(|row| [row.value.unwrap_or(f64::NAN), row.ends.0, row.ends.1]);
    let all = rows.chain(data.references.iter().map(|(_, value)| *value)).filter(|value| value.is_finite());
    let (low, high) = all.fold((0.0, 0.2), |(low, high): (f64, f64), value| (low.min(value), high.max(value)));
    (if low < 0.0 { (low * 10.0).floor() / 10.0 } else { 0.0 }, (high * 10.0).ceil() / 10.0)
}

/// The labels of the reference lines, each on a line of its own above its line; returns where the rows start.
fn head(canvas: &mut Canvas, data: &IntervalData, scale: &Scale) -> f64 {
    let language = data.about.language;
    let mut top = 2.0;
    for (text, value) in data.references.iter().filter(|(_, value)| value.is_finite()) {
        let lines = LABEL.wrapped(&label(text), WIDTH / 2.0, 2, language);
        let half = LABEL.widest(&lines) / 2.0;
        let x = scale.place(*value);
        canvas.lines((x.clamp(half, (WIDTH - half).max(half)), top), &lines, LABEL, INK, Anchor::Middle);
        top += LABEL.leading() * lines.len() as f64;
    }
    top + 4.0
}

fn mark(canvas: &mut Canvas, row: &IntervalRow, scale: &Scale, middle: f64) {
    let Some(value) = row.value.filter(|value| value.is_finite()) else { return };
    if row.ends.0.is_finite() && row.ends.1.is_finite() {
        let (left, right) = (scale.place(row.ends.0.min(value)), scale.place(row.ends.1.max(value)));
        let (height, colour) = if row.emphasised { (6.0, INTERVAL) } else { (2.0, QUIET) };
        canvas.block(Rect::new(left, middle - height / 2.0, (right - left).max(1.0), height), colour);
    }
    let centre = (scale.place(value), middle);
    if row.emphasised {
        canvas.shape(Shape::Circle, centre, DOT, POINT);
    } else {
        canvas.hollow(Shape::Circle, centre, DOT, MUTED);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zero_is_always_on_the_axis() {
        let row = |value| IntervalRow { value: Some(value), ends: (value - 0.05, value + 0.05), ..IntervalRow::default() };
        let data = |value| IntervalData { rows: vec![row(value)], ..IntervalData::default() };
        assert_eq!(span(&data(0.62)), (0.0, 0.7));
        assert_eq!(span(&data(-0.32)), (-0.4, 0.2));
    }

    #[test]
    fn an_interval_below_zero_is_read_without_doubt() {
        let row = IntervalRow { value: Some(-0.31), ends: (-0.42, -0.19), ..IntervalRow::default() };
        assert_eq!(printed(&row, Language::Swedish), "\u{2212}0,31 [\u{2212}0,42; \u{2212}0,19]");
        assert_eq!(printed(&IntervalRow { ends: (f64::NAN, f64::NAN), ..row }, Language::English), "\u{2212}0.31");
    }
}
