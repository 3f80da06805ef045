//! What a market is strong and weak in: a bar for each pillar of its score, before where the middle of all candidates lies.

use super::axis::{Kind, Scale};
use super::canvas::{Anchor, Canvas, HEADING, LABEL, Rect, WIDTH};
use super::legend::{Symbol, legend};
use super::number::formatted;
use super::palette::{GRID, INK, MUTED, POINT, QUIET};
use super::text::label;
use super::{ChartError, Description, HUNDRED, Language, check};

const WIDEST_NAME: f64 = 130.0;
const MOST_NAME_LINES: usize = 3;
const WIDEST_COLUMN: f64 = 90.0;
const GUTTER: f64 = 10.0;
const ROW_AIR: f64 = 12.0;
const LEAST_ROW: f64 = 34.0;
/// Height of a bar, and of the range behind it.
const BAR: f64 = 9.0;
const RANGE: f64 = 22.0;

/// A market among its candidates.
#[derive(Debug, Clone, Default)]
pub struct ProfileData {
    /// What the chart says of itself.
    pub about: Description,
    /// The market's name.
    pub market: String,
    /// Who it is compared with, as in "84 länder på Trolig".
    pub candidates: String,
    /// Pillars, from the top.
    pub pillars: Vec<PillarRow>,
}

/// Scores of a pillar, 0–100.
#[derive(Debug, Clone, Default)]
pub struct PillarRow {
    /// Name of the pillar.
    pub name: String,
    /// The market's score; `None` prints "uppgift saknas".
    pub value: Option<f64>,
    /// Lower quartile, median and upper quartile of the candidates; `None` draws no range.
    pub quartiles: Option<[f64; 3]>,
}

/// Draws the profile.
///
/// # Errors
/// [`ChartError::OutOfRange`] for a number outside the range that its field states.
pub fn svg(data: &ProfileData) -> Result<String, ChartError> {
    draw(data)?.svg()
}

pub(super) fn draw(data: &ProfileData) -> Result<Canvas, ChartError> {
    for row in &data.pillars {
        check("pillar score", row.value, HUNDRED)?;
        for value in row.quartiles.into_iter().flatten() {
            check("quartile", Some(value), HUNDRED)?;
        }
    }
    let language = data.about.language;
    let mut canvas = Canvas::new(&data.about);
    if data.pillars.is_empty() {
        canvas.nothing(language);
        return Ok(canvas);
    }
    let names: Vec<Vec<String>> = data.pillars.iter().map(|row| LABEL.wrapped(&label(&row.name), WIDEST_NAME, MOST_NAME_LINES, language)).collect();
    let name_width = names.iter().map(|lines| LABEL.widest(lines)).fold(0.0, f64::max);
    let columns = Columns::new(data);
    let plot = (name_width + GUTTER, WIDTH - columns.width() - GUTTER);
    let scale = Scale { kind: Kind::Linear, values: (0.0, 100.0), points: plot };

    let key = legend(&mut canvas, (0.0, WIDTH), 2.0, &entries(data), language);
    let head = LABEL.leading() * columns.headings.iter().map(Vec::len).max().unwrap_or(1) as f64;
    let top = key + 8.0 + head + 3.0;
    columns.draw_head(&mut canvas, top - 3.0);
    let heights: Vec<f64> = names
        .iter()
        .enumerate()
        .map(|(index, lines)| (LABEL.leading() * lines.len().max(columns.lines(index)) as f64 + ROW_AIR).max(LEAST_ROW))
        .collect();
    let bottom = top + heights.iter().sum::<f64>();
    let ticks = [0.0, 100.0, 50.0, 25.0, 75.0];
    scale.grid_down(&mut canvas, &ticks, top, bottom);
    let mut row_top = top;
    for (index, row) in data.pillars.iter().enumerate() {
        let middle = row_top + heights[index] / 2.0;
        canvas.line((0.0, row_top), (WIDTH, row_top), GRID, 0.5);
        canvas.lines_about((0.0, middle), &names[index], LABEL, INK, Anchor::Start);
        marks(&mut canvas, row, &scale, middle);
        columns.draw_row(&mut canvas, index, middle);
        row_top += heights[index];
    }
    canvas.line((0.0, bottom), (WIDTH, bottom), GRID, 0.5);
    scale.label_across(&mut canvas, &ticks, bottom + 3.0, language);
    let title = LABEL.wrapped(language.pick("Delens poäng, 1–100", "Score of the component, 1–100"), plot.1 - plot.0, 2, language);
    let title_top = bottom + 3.0 + LABEL.leading() + 1.0;
    canvas.lines((plot.0, title_top), &title, LABEL, MUTED, Anchor::Start);
    canvas.height = title_top + LABEL.leading() * title.len() as f64 + 2.0;
    Ok(canvas)
}

fn known(value: Option<f64>) -> Option<f64> {
    value.filter(|value| value.is_finite()).map(|value| value.clamp(0.0, 100.0))
}

/// The quartiles in order, where all three are numbers.
fn quartiles(row: &PillarRow) -> Option<[f64; 3]> {
    let mut values = row.quartiles.filter(|values| values.iter().all(|value| value.is_finite()))?.map(|value| value.clamp(0.0, 100.0));
    values.sort_by(f64::total_cmp);
    Some(values)
}

fn entries(data: &ProfileData) -> Vec<(Symbol, String)> {
    let language = data.about.language;
    let mut entries = vec![(Symbol::Swatch(POINT), label(&data.market))];
    if data.pillars.iter().any(|row| quartiles(row).is_some()) {
        let of = label(&data.candidates);
        let of = if of.is_empty() { String::new() } else { format!(" ({of})") };
        let half = language.pick("mittersta hälften av länderna", "middle half of the countries");
        entries.push((Symbol::Swatch(GRID), format!("{half}{of}")));
        entries.push((Symbol::Tick(INK), language.pick("medianen", "the median").to_owned()));
    }
    entries
}

/// The range of the candidates with its ends and its median, and the market's bar before it.
fn marks(canvas: &mut Canvas, row: &PillarRow, scale: &Scale, middle: f64) {
    let (above, below) = (middle - RANGE / 2.0, middle + RANGE / 2.0);
    let quartiles = quartiles(row);
    if let Some([low, _, high]) = quartiles {
        let (left, right) = (scale.place(low), scale.place(high));
        canvas.block(Rect::new(left, above, (right - left).max(1.0), RANGE), GRID);
        for end in [left, right] {
            canvas.line((end, above), (end, below), QUIET, 1.0);
        }
    }
    if let Some(value) = known(row.value) {
        let (start, end) = (scale.place(0.0), scale.place(value));
        canvas.block(Rect::new(start, middle - BAR / 2.0, (end - start).max(1.0), BAR), POINT);
    }
    // The median stays in sight on either side of a bar that passes it.
    if let Some([_, median, _]) = quartiles {
        let x = scale.place(median);
        for (from, to) in [(above - 2.0, middle - BAR / 2.0), (middle + BAR / 2.0, below + 2.0)] {
            canvas.line((x, from), (x, to), INK, 1.8);
        }
    }
}

/// The market's score, and the median with the quartiles, in numbers.
struct Columns {
    headings: [Vec<String>; 2],
    cells: Vec<[Vec<String>; 2]>,
    widths: [f64; 2],
}

impl Columns {
    fn new(data: &ProfileData) -> Self {
        let language = data.about.language;
        let others = language.pick("Median (kvartiler)", "Median (quartiles)");
        let headings = [HEADING.wrapped(&label(&data.market), WIDEST_COLUMN, 3, language), LABEL.wrapped(others, WIDEST_COLUMN, 2, language)];
        let missing = language.pick("uppgift saknas", "figure missing");
        let cells: Vec<[Vec<String>; 2]> = data
            .pillars
            .iter()
            .map(|row| {
                let own = known(row.value).map_or_else(|| LABEL.wrapped(missing, 44.0, 2, language), |value| vec![formatted(value, 0, language)]);
                [own, quartiles(row).map_or_else(Vec::new, |values| vec![range(values, language)])]
            })
            .collect();
        let widest = |column: usize, kind: super::text::Type| cells.iter().map(|row| kind.widest(&row[column])).fold(0.0, f64::max);
        let widths = [HEADING.widest(&headings[0]).max(widest(0, HEADING)), LABEL.widest(&headings[1]).max(widest(1, LABEL))];
        Self { headings, cells, widths }
    }

    fn width(&self) -> f64 {
        self.widths.iter().map(|width| width + GUTTER).sum()
    }

    fn lines(&self, row: usize) -> usize {
        self.cells[row].iter().map(Vec::len).max().unwrap_or(1)
    }

    /// The right edges of the columns.
    fn edges(&self) -> [f64; 2] {
        [WIDTH - self.widths[1] - GUTTER, WIDTH]
    }

    fn draw_head(&self, canvas: &mut Canvas, bottom: f64) {
        for ((lines, right), kind) in self.headings.iter().zip(self.edges()).zip([HEADING, LABEL]) {
            let top = bottom - LABEL.leading() * lines.len() as f64;
            canvas.lines((right, top), lines, kind, if kind == HEADING { INK } else { MUTED }, Anchor::End);
        }
    }

    fn draw_row(&self, canvas: &mut Canvas, row: usize, middle: f64) {
        let [own, others] = &self.cells[row];
        let [first, second] = self.edges();
        // A number stands out; "uppgift saknas" does not.
        let (kind, colour) = if own.len() > 1 { (LABEL, MUTED) } else { (HEADING, INK) };
        canvas.lines_about((first, middle), own, kind, colour, Anchor::End);
        canvas.lines_about((second, middle), others, LABEL, MUTED, Anchor::End);
    }
}

/// "48 (35–60)".
fn range([low, median, high]: [f64; 3], language: Language) -> String {
    let number = |value: f64| formatted(value, 0, language);
    format!("{} ({}–{})", number(median), number(low), number(high))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quartiles_in_any_order_are_drawn_from_low_to_high() {
        let row = PillarRow { quartiles: Some([60.0, 35.0, 48.0]), ..PillarRow::default() };
        assert_eq!(quartiles(&row), Some([35.0, 48.0, 60.0]));
        assert_eq!(quartiles(&PillarRow { quartiles: Some([f64::NAN, 1.0, 2.0]), ..row }), None);
    }

    #[test]
    fn the_median_is_printed_with_its_quartiles() {
        assert_eq!(range([35.2, 48.0, 60.4], Language::Swedish), "48 (35–60)");
    }
}
