//! Markets × occupations with the fit printed in every cell; missing and closed cells look like neither a low nor a high fit.

use super::canvas::{Anchor, Canvas, LABEL, Rect, WIDTH};
use super::legend::{Symbol, hatched, legend, lettered};
use super::number::formatted;
use super::palette::{Colour, GRID, HEAT, INK, on};
use super::text::label;
use super::{ChartError, Description, HUNDRED, Language, check};

const WIDEST_NAME: f64 = 118.0;
const MOST_NAME_LINES: usize = 3;
const WIDEST_CELL: f64 = 76.0;
const NARROWEST_CELL: f64 = 22.0;
const LEAST_ROW: f64 = 19.0;
/// Heights of upright headings, of which the first that shortens no name is used.
const UPRIGHT_HEIGHTS: [f64; 5] = [100.0, 125.0, 150.0, 175.0, 200.0];
const MOST_LEVEL_LINES: usize = 5;
/// Narrowest column whose words may be hyphenated on level lines; below it upright headings read better.
const LEAST_LEVEL: f64 = 50.0;

/// What marks a fit of an occupation that the market itself reports short.
pub const SHORT: &str = "*";

/// A table of fits; the caller sorts rows and columns.
#[derive(Debug, Clone, Default)]
pub struct HeatTableData {
    /// What the chart says of itself.
    pub about: Description,
    /// What the numbers are; `None` writes "Matchning (1–100)".
    pub measure: Option<String>,
    /// Occupations. More than fit across the page continue in a further block below.
    pub columns: Vec<String>,
    /// Rows, from the top.
    pub rows: Vec<HeatRow>,
}

/// One market.
#[derive(Debug, Clone, Default)]
pub struct HeatRow {
    /// Name of the market.
    pub name: String,
    /// In the order of the columns; cells that are not there count as missing.
    pub cells: Vec<HeatCell>,
}

/// What is known of one market for one occupation.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub enum HeatCell {
    /// 1–100; rounded to a whole number in print. Not a number counts as missing.
    Fit(f64),
    /// The same, of an occupation that the market itself reports short: marked with an asterisk.
    Short(f64),
    #[default]
    /// No figure: hatched.
    Missing,
    /// Outside the ranking by the ethics or the entry gate.
    Gated(Gate),
}

/// The gates that close a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gate {
    /// No active recruitment: health occupation in a country on the WHO list.
    D,
    /// No permit route.
    E,
}

impl Gate {
    const fn letter(self) -> char {
        match self {
            Self::D => 'D',
            Self::E => 'E',
        }
    }

    const fn meaning(self, language: Language) -> &'static str {
        match self {
            Self::D => language.pick("ingen aktiv rekrytering (WHO:s lista)", "no active recruitment (WHO list)"),
            Self::E => language.pick("ingen väg till arbetstillstånd", "no work permit route"),
        }
    }
}

/// Draws the table.
///
/// # Errors
/// [`ChartError::OutOfRange`] for a number outside the range that its field states.
pub fn svg(data: &HeatTableData) -> Result<String, ChartError> {
    draw(data)?.svg()
}

pub(super) fn draw(data: &HeatTableData) -> Result<Canvas, ChartError> {
    for cell in data.rows.iter().flat_map(|row| &row.cells) {
        if let HeatCell::Fit(fit) | HeatCell::Short(fit) = cell {
            check("fit", Some(*fit), HUNDRED)?;
        }
    }
    let language = data.about.language;
    let mut canvas = Canvas::new(&data.about);
    if data.columns.is_empty() || data.rows.is_empty() {
        canvas.nothing(language);
        return Ok(canvas);
    }
    let mut top = legend(&mut canvas, (0.0, WIDTH), 2.0, &legend_entries(data), language) + 10.0;

    let names: Vec<Vec<String>> = data.rows.iter().map(|row| LABEL.wrapped(&label(&row.name), WIDEST_NAME, MOST_NAME_LINES, language)).collect();
    let left = names.iter().map(|lines| LABEL.widest(lines)).fold(0.0, f64::max) + 8.0;
    let most = (((WIDTH - left) / NARROWEST_CELL) as usize).max(1);
    let blocks = data.columns.len().div_ceil(most);
    let per_block = data.columns.len().div_ceil(blocks);
    let cell = ((WIDTH - left) / per_block as f64).min(WIDEST_CELL);
    for block in 0..blocks {
        let first = block * per_block;
        let last = (first + per_block).min(data.columns.len());
        if block > 0 {
            top += 14.0;
        }
        top = headings(&mut canvas, &data.columns[first..last], left, cell, top, language);
        for (row, lines) in data.rows.iter().zip(&names) {
            let height = (LABEL.leading() * lines.len() as f64 + 5.0).max(LEAST_ROW);
            let middle = top + height / 2.0;
            canvas.lines_about((0.0, middle), lines, LABEL, INK, Anchor::Start);
            for column in first..last {
                let x = left + (column - first) as f64 * cell;
                let rect = Rect::new(x, top, cell, height).grown(-0.7);
                draw_cell(&mut canvas, row.cells.get(column).copied().unwrap_or_default(), rect, language);
            }
            top += height;
        }
    }
    canvas.height = top + 2.0;
    Ok(canvas)
}

/// Column headings: level if the columns are wide enough for the names, else upright, on as many lines as the column is wide.
fn headings(canvas: &mut Canvas, columns: &[String], left: f64, cell: f64, top: f64, language: Language) -> f64 {
    let names: Vec<String> = columns.iter().map(|name| label(name)).collect();
    let room = cell - 4.0;
    let level: Vec<Vec<String>> = names.iter().map(|name| LABEL.wrapped(name, room, usize::MAX, language)).collect();
    let whole = names.iter().all(|name| LABEL.widest_word(name) <= room);
    let fits = (whole || cell >= LEAST_LEVEL) && level.iter().all(|lines| lines.len() <= MOST_LEVEL_LINES);
    if fits {
        let height = level.iter().map(|lines| LABEL.leading() * lines.len() as f64).fold(0.0, f64::max);
        for (index, lines) in level.iter().enumerate() {
            let middle = left + (index as f64 + 0.5) * cell;
            let start = top + height - LABEL.leading() * lines.len() as f64;
            canvas.lines((middle, start), lines, LABEL, INK, Anchor::Middle);
        }
        return top + height + 3.0;
    }
    let most = ((cell / LABEL.leading()) as usize).max(1);
    let wrapped = |room: f64, most: usize| -> Vec<Vec<String>> { names.iter().map(|name| LABEL.wrapped(name, room, most, language)).collect() };
    let [.., tallest] = UPRIGHT_HEIGHTS;
    let room = UPRIGHT_HEIGHTS
        .into_iter()
        .find(|room| names.iter().all(|name| LABEL.widest_word(name) <= *room) && wrapped(*room, usize::MAX).iter().all(|lines| lines.len() <= most))
        .unwrap_or(tallest);
    let upright = wrapped(room, most);
    let height = upright.iter().map(|lines| LABEL.widest(lines)).fold(0.0, f64::max);
    for (index, lines) in upright.iter().enumerate() {
        let middle = left + (index as f64 + 0.5) * cell;
        let mut x = middle - LABEL.leading() * lines.len() as f64 / 2.0;
        if index > 0 {
            // Without it, the lines of neighbours stand as near as the lines of one name.
            let edge = middle - cell / 2.0;
            canvas.line((edge, top), (edge, top + height), GRID, 0.6);
        }
        for line in lines {
            canvas.upright((x, top + height), line, LABEL, INK);
            x += LABEL.leading();
        }
    }
    top + height + 4.0
}

fn draw_cell(canvas: &mut Canvas, cell: HeatCell, rect: Rect, language: Language) {
    match cell {
        HeatCell::Fit(fit) | HeatCell::Short(fit) if fit.is_finite() => {
            let colour = step(fit);
            canvas.block(rect, colour);
            let (x, y) = rect.centre();
            let mark = if matches!(cell, HeatCell::Short(_)) { SHORT } else { "" };
            let text = format!("{}{mark}", formatted(fit.clamp(0.0, 100.0), 0, language));
            canvas.text((x, y - LABEL.leading() / 2.0), &text, LABEL, on(colour), Anchor::Middle);
        }
        HeatCell::Fit(_) | HeatCell::Short(_) | HeatCell::Missing => hatched(canvas, rect),
        HeatCell::Gated(gate) => lettered(canvas, rect, gate.letter()),
    }
}

/// The colour of a fit, judged by the whole number that is printed: 1–20, 21–40 … 81–100.
fn step(fit: f64) -> Colour {
    let index = ((fit.round() - 1.0) / 20.0).floor().clamp(0.0, 4.0);
    HEAT[index as usize]
}

fn legend_entries(data: &HeatTableData) -> Vec<(Symbol, String)> {
    let language = data.about.language;
    let cells = || data.rows.iter().flat_map(|row| (0..data.columns.len()).map(|column| row.cells.get(column).copied().unwrap_or_default()));
    let measure = data.measure.as_deref().map_or_else(|| language.pick("Matchning (1–100)", "Fit (1–100)").to_owned(), label);
    let mut entries = vec![(Symbol::Nothing, format!("{measure}:"))];
    for (index, colour) in HEAT.into_iter().enumerate() {
        entries.push((Symbol::Swatch(colour), format!("{}–{}", index * 20 + 1, index * 20 + 20)));
    }
    if cells().any(|cell| match cell {
        HeatCell::Missing => true,
        HeatCell::Fit(fit) | HeatCell::Short(fit) => !fit.is_finite(),
        HeatCell::Gated(_) => false,
    }) {
        entries.push((Symbol::Hatched, language.pick("saknas", "missing").to_owned()));
    }
    if cells().any(|cell| matches!(cell, HeatCell::Short(_))) {
        entries.push((
            Symbol::Lettered('*'),
            language.pick("landet har själv brist på yrket", "the country itself is short of the occupation").to_owned(),
        ));
    }
    for gate in [Gate::D, Gate::E] {
        if cells().any(|cell| cell == HeatCell::Gated(gate)) {
            entries.push((Symbol::Lettered(gate.letter()), gate.meaning(language).to_owned()));
        }
    }
    entries
}
