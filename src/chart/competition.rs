//! Who else looks for the same people: for each occupation, how many of the countries that report have it short, as a bar from zero, with the number of
//! people in the world beside it.

use super::axis::{Kind, Scale, round_ticks};
use super::canvas::{Anchor, Canvas, LABEL, Rect, WIDTH};
use super::palette::{GRID, INK, INTERVAL, MUTED};
use super::text::label;
use super::{ChartError, Description, check};

const WIDEST_NAME: f64 = 190.0;
const MOST_NAME_LINES: usize = 3;
const GUTTER: f64 = 10.0;
const BAR: f64 = 9.0;
const ROW_AIR: f64 = 6.0;

/// Occupations from the top.
#[derive(Debug, Clone, Default)]
pub struct CompetitionData {
    /// What the chart says of itself.
    pub about: Description,
    /// Title of the axis.
    pub axis: String,
    /// Head of the column of people.
    pub people: String,
    /// How many countries report: the end of the axis.
    pub reporting: usize,
    /// Rows, from the top.
    pub occupations: Vec<ContestedOccupation>,
}

/// An occupation.
#[derive(Debug, Clone, Default)]
pub struct ContestedOccupation {
    /// Its name.
    pub name: String,
    /// Countries that report it short.
    pub countries: usize,
    /// People in the world, as it is written: "2,4 miljoner".
    pub people: String,
}

/// Draws who else looks for the same people.
///
/// # Errors
/// [`ChartError::OutOfRange`] for more countries than report.
pub fn svg(data: &CompetitionData) -> Result<String, ChartError> {
    draw(data)?.svg()
}

pub(super) fn draw(data: &CompetitionData) -> Result<Canvas, ChartError> {
    for occupation in &data.occupations {
        check("countries that report the occupation short", Some(occupation.countries as f64), (0.0, data.reporting as f64))?;
    }
    let language = data.about.language;
    let mut canvas = Canvas::new(&data.about);
    if data.occupations.is_empty() {
        canvas.nothing(language);
        return Ok(canvas);
    }
    let names: Vec<Vec<String>> =
        data.occupations.iter().map(|row| LABEL.wrapped(&label(&row.name), WIDEST_NAME, MOST_NAME_LINES, language)).collect();
    let people: Vec<String> = data.occupations.iter().map(|row| label(&row.people)).collect();
    let head = LABEL.wrapped(&label(&data.people), 90.0, 3, language);
    let people_width = LABEL.widest(&people).max(LABEL.widest(&head));
    let counts: Vec<String> = data.occupations.iter().map(|row| row.countries.to_string()).collect();
    let plot =
        (names.iter().map(|lines| LABEL.widest(lines)).fold(0.0, f64::max) + GUTTER, WIDTH - people_width - 2.0 * GUTTER - LABEL.widest(&counts));
    // Nobody may report at all.
    let last = data.reporting.max(1) as f64;
    let scale = Scale { kind: Kind::Linear, values: (0.0, last), points: plot };
    let ticks: Vec<f64> = round_ticks((0.0, last), 6).into_iter().filter(|tick| (tick - tick.round()).abs() < 1e-9).collect();

    canvas.lines((WIDTH, 2.0), &head, LABEL, MUTED, Anchor::End);
    let top = 2.0 + LABEL.leading() * head.len() as f64 + 4.0;
    let heights: Vec<f64> = names.iter().map(|lines| (LABEL.leading() * lines.len() as f64).max(BAR + 2.0) + ROW_AIR).collect();
    let bottom = top + heights.iter().sum::<f64>();
    scale.grid_down(&mut canvas, &ticks, top, bottom);
    let mut row_top = top;
    for (index, row) in data.occupations.iter().enumerate() {
        let middle = row_top + heights[index] / 2.0;
        canvas.line((0.0, row_top), (WIDTH, row_top), GRID, 0.5);
        canvas.lines_about((0.0, middle), &names[index], LABEL, INK, Anchor::Start);
        let end = scale.place(row.countries as f64);
        if row.countries > 0 {
            canvas.block(Rect::new(plot.0, middle - BAR / 2.0, end - plot.0, BAR), INTERVAL);
        }
        canvas.text((end + 4.0, middle - LABEL.leading() / 2.0), &counts[index], LABEL, INK, Anchor::Start);
        canvas.text((WIDTH, middle - LABEL.leading() / 2.0), &people[index], LABEL, INK, Anchor::End);
        row_top += heights[index];
    }
    canvas.line((0.0, bottom), (WIDTH, bottom), GRID, 0.5);
    canvas.line((plot.0, top), (plot.0, bottom), MUTED, 0.9);
    scale.label_across(&mut canvas, &ticks, bottom + 3.0, language);
    let title = LABEL.wrapped(&label(&data.axis), plot.1 - plot.0, 3, language);
    let title_top = bottom + 3.0 + LABEL.leading() + 1.0;
    canvas.lines((plot.0, title_top), &title, LABEL, MUTED, Anchor::Start);
    canvas.height = title_top + LABEL.leading() * title.len() as f64 + 2.0;
    Ok(canvas)
}
