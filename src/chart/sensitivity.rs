//! What decides the places: for each choice, the share of the variation of the ranks that it makes alone, and together with others.

use super::axis::{Kind, Scale, round_ticks};
use super::canvas::{Anchor, Canvas, LABEL, Rect, WIDTH};
use super::legend::{Symbol, legend};
use super::number::formatted;
use super::palette::{Colour, GRID, HEAT, INK, INTERVAL, MUTED};
use super::text::label;
use super::{ChartError, Description, Language, check};

const WIDEST_NAME: f64 = 150.0;
const MOST_NAME_LINES: usize = 3;
const GUTTER: f64 = 10.0;
const BAR: f64 = 7.0;
const ROW_AIR: f64 = 8.0;
/// Estimates of shares: chance takes them somewhat below 0 and above 100.
pub(crate) const SHARES: (f64, f64) = (-1000.0, 1000.0);

/// Choices from the top.
#[derive(Debug, Clone, Default)]
pub struct SensitivityData {
    /// What the chart says of itself.
    pub about: Description,
    /// Title of the axis.
    pub axis: String,
    /// What the dark bar is: "ensamt".
    pub alone: String,
    /// What the light bar is: "med samspel".
    pub together: String,
    /// Rows, from the top.
    pub factors: Vec<SensitivityFactor>,
}

/// A choice.
#[derive(Debug, Clone, Default)]
pub struct SensitivityFactor {
    /// Its name.
    pub name: String,
    /// Share of the variation that it makes alone, per cent.
    pub alone: Share,
    /// Share that it makes alone and together with others, per cent.
    pub together: Share,
}

/// An estimated share with its interval, per cent; not a number where it is missing.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Share {
    /// The estimate.
    pub value: f64,
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

impl Default for Share {
    fn default() -> Self {
        Self { value: f64::NAN, low: f64::NAN, high: f64::NAN }
    }
}

impl Share {
    fn has_interval(self) -> bool {
        self.low.is_finite() && self.high.is_finite()
    }

    /// "76 (60–91)"; a minus keeps its meaning because the ends are joined by a word then.
    fn printed(self, language: Language) -> String {
        let number = |value: f64| formatted(value, 0, language);
        if !self.value.is_finite() {
            return language.pick("saknas", "missing").to_owned();
        }
        if !self.has_interval() {
            return number(self.value);
        }
        let glue = if self.low.round() < 0.0 { language.pick("\u{a0}till\u{a0}", "\u{a0}to\u{a0}") } else { "–" };
        format!("{} ({}{glue}{})", number(self.value), number(self.low), number(self.high))
    }
}

/// Draws what decides the places.
///
/// # Errors
/// [`ChartError::OutOfRange`] for a number outside the range that its field states.
pub fn svg(data: &SensitivityData) -> Result<String, ChartError> {
    draw(data)?.svg()
}

pub(super) fn draw(data: &SensitivityData) -> Result<Canvas, ChartError> {
    for share in data.factors.iter().flat_map(|factor| [factor.alone, factor.together]) {
        for value in [share.value, share.low, share.high] {
            check("share of the variation", Some(value), SHARES)?;
        }
    }
    let language = data.about.language;
    let mut canvas = Canvas::new(&data.about);
    if data.factors.is_empty() {
        canvas.nothing(language);
        return Ok(canvas);
    }
    let names: Vec<Vec<String>> =
        data.factors.iter().map(|factor| LABEL.wrapped(&label(&factor.name), WIDEST_NAME, MOST_NAME_LINES, language)).collect();
    let name_width = names.iter().map(|lines| LABEL.widest(lines)).fold(0.0, f64::max);
    let numbers: Vec<[String; 2]> = data.factors.iter().map(|factor| [factor.alone.printed(language), factor.together.printed(language)]).collect();
    let number_width = numbers.iter().flatten().map(|text| LABEL.width(text)).fold(0.0, f64::max);
    let plot = (name_width + GUTTER, WIDTH - number_width - GUTTER);
    let scale = Scale { kind: Kind::Linear, values: span(data), points: plot };

    let key = [(Symbol::Swatch(INTERVAL), data.alone.clone()), (Symbol::Swatch(HEAT[1]), data.together.clone())];
    let top = legend(&mut canvas, (0.0, WIDTH), 2.0, &key, language) + 6.0;
    let least = (2.0 * LABEL.leading()).max(2.0 * BAR + 2.0);
    let heights: Vec<f64> = names.iter().map(|lines| (LABEL.leading() * lines.len() as f64).max(least) + ROW_AIR).collect();
    let bottom = top + heights.iter().sum::<f64>();
    let ticks = round_ticks(scale.values, 6);
    scale.grid_down(&mut canvas, &ticks, top, bottom);
    let mut row_top = top;
    for (index, factor) in data.factors.iter().enumerate() {
        let middle = row_top + heights[index] / 2.0;
        canvas.line((0.0, row_top), (WIDTH, row_top), GRID, 0.5);
        canvas.lines_about((0.0, middle), &names[index], LABEL, INK, Anchor::Start);
        bar(&mut canvas, &scale, factor.alone, middle - LABEL.leading() / 2.0, INTERVAL);
        bar(&mut canvas, &scale, factor.together, middle + LABEL.leading() / 2.0, HEAT[1]);
        canvas.lines_about((WIDTH, middle), &numbers[index], LABEL, INK, Anchor::End);
        row_top += heights[index];
    }
    canvas.line((0.0, bottom), (WIDTH, bottom), GRID, 0.5);
    let zero = scale.place(0.0);
    canvas.line((zero, top), (zero, bottom), MUTED, 0.9);
    scale.label_across(&mut canvas, &ticks, bottom + 3.0, language);
    let title = LABEL.wrapped(&label(&data.axis), plot.1 - plot.0, 3, language);
    let title_top = bottom + 3.0 + LABEL.leading() + 1.0;
    canvas.lines((plot.0, title_top), &title, LABEL, MUTED, Anchor::Start);
    canvas.height = title_top + LABEL.leading() * title.len() as f64 + 2.0;
    Ok(canvas)
}

/// 0–100, and further where an interval goes.
fn span(data: &SensitivityData) -> (f64, f64) {
    let ends = data.factors.iter().flat_map(|factor| [factor.alone, factor.together]).flat_map(|share| [share.value, share.low, share.high]);
    let (low, high) = ends.filter(|end| end.is_finite()).fold((0.0, 100.0), |(low, high): (f64, f64), end| (low.min(end), high.max(end)));
    ((low / 10.0).floor() * 10.0, (high / 10.0).ceil() * 10.0)
}

/// A bar from zero with its interval.
fn bar(canvas: &mut Canvas, scale: &Scale, share: Share, middle: f64, colour: Colour) {
    if !share.value.is_finite() {
        return;
    }
    let (zero, end) = (scale.place(0.0), scale.place(share.value));
    canvas.block(Rect::new(zero.min(end), middle - BAR / 2.0, (end - zero).abs().max(0.8), BAR), colour);
    if share.has_interval() {
        let (low, high) = (scale.place(share.low.min(share.high)), scale.place(share.high.max(share.low)));
        canvas.line((low, middle), (high, middle), INK, 0.8);
        for x in [low, high] {
            canvas.line((x, middle - 2.0), (x, middle + 2.0), INK, 0.8);
        }
    }
}
