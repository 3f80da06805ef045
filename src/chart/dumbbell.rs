//! The share of women in each occupation in the county, in Sweden and in the market, against the 40–60 % that counts as balanced.

use super::axis::{Kind, Scale};
use super::canvas::{Anchor, Canvas, LABEL, Rect, Shape, WIDTH};
use super::number::formatted;
use super::palette::{BAND, Colour, GRID, INK, MEN, MUTED, QUIET, SECOND, WOMEN};
use super::text::label;
use super::{ChartError, Description, HUNDRED, Language, check};

const WIDEST_NAME: f64 = 140.0;
const MOST_NAME_LINES: usize = 3;
const GUTTER: f64 = 8.0;
const WIDEST_COLUMN: f64 = 56.0;
const ROW_AIR: f64 = 7.0;
const LEAST_ROW: f64 = 22.0;
const RADIUS: f64 = 3.8;
/// Marks nearer than this are drawn above each other.
const NEAR: f64 = 8.5;
const LANE: f64 = 8.0;
const BALANCED: (f64, f64) = (40.0, 60.0);

/// Occupations in the caller's order.
#[derive(Debug, Clone, Default)]
pub struct DumbbellData {
    /// What the chart says of itself.
    pub about: Description,
    /// The county's name, as in "Jämtlands län".
    pub county: String,
    /// The market's name, or what the median was taken over ("Grupp 1, median").
    pub market: String,
    /// Rows, from the top.
    pub occupations: Vec<DumbbellRow>,
}

/// Shares of women in per cent, 0–100; `None` prints "uppgift saknas".
#[derive(Debug, Clone, Default)]
pub struct DumbbellRow {
    /// Name of the occupation.
    pub name: String,
    /// Share of women in the county, per cent.
    pub county: Option<f64>,
    /// Share of women in Sweden, per cent.
    pub sweden: Option<f64>,
    /// Share of women in the market, per cent.
    pub market: Option<f64>,
}

/// County, Sweden, market: shape, colour, hollow. Squares and diamonds are left to the men.
const LOOKS: [(Shape, Colour, bool); 3] = [(Shape::Circle, WOMEN, false), (Shape::Circle, WOMEN, true), (Shape::Triangle, SECOND, false)];

/// Draws the shares of women.
///
/// # Errors
/// [`ChartError::OutOfRange`] for a number outside the range that its field states.
pub fn svg(data: &DumbbellData) -> Result<String, ChartError> {
    draw(data)?.svg()
}

pub(super) fn draw(data: &DumbbellData) -> Result<Canvas, ChartError> {
    for row in &data.occupations {
        for share in [row.county, row.sweden, row.market] {
            check("share of women", share, HUNDRED)?;
        }
    }
    let language = data.about.language;
    let mut canvas = Canvas::new(&data.about);
    if data.occupations.is_empty() {
        canvas.nothing(language);
        return Ok(canvas);
    }
    let names: Vec<Vec<String>> =
        data.occupations.iter().map(|row| LABEL.wrapped(&label(&row.name), WIDEST_NAME, MOST_NAME_LINES, language)).collect();
    let name_width = names.iter().map(|lines| LABEL.widest(lines)).fold(0.0, f64::max);
    let columns = Columns::new(data);
    let plot = (name_width + GUTTER + RADIUS * 2.0, WIDTH - columns.width() - GUTTER - RADIUS * 2.0);
    let scale = Scale { kind: Kind::Linear, values: (0.0, 100.0), points: plot };
    let top = head(&mut canvas, &scale, &columns, language);

    let heights: Vec<f64> = (0..data.occupations.len())
        .map(|index| {
            let lines = names[index].len().max(columns.lines(index));
            let (_, most) = lanes(&places(&data.occupations[index], &scale));
            (LABEL.leading() * lines as f64 + ROW_AIR).max(LEAST_ROW).max(LANE * most as f64 + 4.0)
        })
        .collect();
    let bottom = top + heights.iter().sum::<f64>();
    let band = Rect::new(
        scale.place(BALANCED.0),
        // From the tick labels down, right below its own label.
        top - LABEL.leading() - 4.0,
        scale.place(BALANCED.1) - scale.place(BALANCED.0),
        bottom - top + LABEL.leading() + 4.0,
    );
    canvas.backdrop(band, BAND);
    scale.grid_down(&mut canvas, &[0.0, 20.0, 40.0, 60.0, 80.0, 100.0], top, bottom);
    let mut row_top = top;
    for (index, row) in data.occupations.iter().enumerate() {
        let height = heights[index];
        let middle = row_top + height / 2.0;
        canvas.line((0.0, row_top), (WIDTH, row_top), GRID, 0.5);
        canvas.lines_about((0.0, middle), &names[index], LABEL, INK, Anchor::Start);
        marks(&mut canvas, row, &scale, middle);
        columns.draw_row(&mut canvas, index, middle);
        row_top += height;
    }
    canvas.line((0.0, bottom), (WIDTH, bottom), GRID, 0.5);
    canvas.height = bottom + 2.0;
    Ok(canvas)
}

fn values(row: &DumbbellRow) -> [Option<f64>; 3] {
    [row.county, row.sweden, row.market].map(|share| share.filter(|share| share.is_finite()).map(|share| share.clamp(0.0, 100.0)))
}

fn places(row: &DumbbellRow, scale: &Scale) -> [Option<f64>; 3] {
    values(row).map(|share| share.map(|share| scale.place(share)))
}

/// The lane of every mark, in lanes from the middle, and the most lanes of any crowd: marks that touch, or are tied by a third
/// that touches both, each get their own.
fn lanes(places: &[Option<f64>; 3]) -> ([f64; 3], usize) {
    let mut order: Vec<(f64, usize)> = places.iter().enumerate().filter_map(|(index, place)| place.map(|place| (place, index))).collect();
    order.sort_by(|one, other| one.0.total_cmp(&other.0));
    let mut lanes = [0.0; 3];
    let mut most = 1;
    for crowd in order.chunk_by(|one, other| other.0 - one.0 < NEAR) {
        let mut members: Vec<usize> = crowd.iter().map(|(_, index)| *index).collect();
        members.sort_unstable();
        for (lane, member) in members.iter().enumerate() {
            lanes[*member] = lane as f64 - (members.len() - 1) as f64 / 2.0;
        }
        most = most.max(members.len());
    }
    (lanes, most)
}

/// A bar from the lowest to the highest share with the marks on it, in lanes where they would cover each other.
fn marks(canvas: &mut Canvas, row: &DumbbellRow, scale: &Scale, middle: f64) {
    let places = places(row, scale);
    let (lanes, _) = lanes(&places);
    let known: Vec<f64> = places.iter().flatten().copied().collect();
    let (low, high) = known.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), place| (low.min(*place), high.max(*place)));
    if high - low > NEAR {
        canvas.line((low, middle), (high, middle), QUIET, 1.2);
    }
    for (index, place) in places.iter().enumerate() {
        let Some(x) = *place else { continue };
        let y = middle + lanes[index] * LANE;
        let (shape, colour, hollow) = LOOKS[index];
        if hollow {
            canvas.hollow(shape, (x, y), RADIUS, colour);
        } else {
            canvas.shape(shape, (x, y), RADIUS, colour);
        }
    }
}

/// The three columns of numbers, whose headings are the legend.
struct Columns {
    headings: [Vec<String>; 3],
    cells: Vec<[Vec<String>; 3]>,
    widths: [f64; 3],
}

impl Columns {
    fn new(data: &DumbbellData) -> Self {
        let language = data.about.language;
        let missing = language.pick("uppgift saknas", "figure missing");
        let headings = [label(&data.county), language.pick("Sverige", "Sweden").to_owned(), label(&data.market)]
            .map(|name| LABEL.wrapped(&name, WIDEST_COLUMN, 4, language));
        let cells: Vec<[Vec<String>; 3]> = data
            .occupations
            .iter()
            .map(|row| {
                values(row).map(|share| match share {
                    Some(share) => vec![format!("{}{}", formatted(share, 0, language), language.pick(" %", "%"))],
                    None => LABEL.wrapped(missing, 44.0, 2, language),
                })
            })
            .collect();
        let widths = [0, 1, 2].map(|column| cells.iter().map(|row| LABEL.widest(&row[column])).fold(LABEL.widest(&headings[column]), f64::max));
        Self { headings, cells, widths }
    }

    fn width(&self) -> f64 {
        self.widths.iter().map(|width| width + GUTTER).sum()
    }

    fn lines(&self, row: usize) -> usize {
        self.cells[row].iter().map(Vec::len).max().unwrap_or(1)
    }

    /// The right edges of the columns.
    fn edges(&self) -> [f64; 3] {
        let mut right = WIDTH - self.width();
        self.widths.map(|width| {
            right += width + GUTTER;
            right
        })
    }

    fn draw_row(&self, canvas: &mut Canvas, row: usize, middle: f64) {
        for (lines, right) in self.cells[row].iter().zip(self.edges()) {
            let colour = if lines.len() > 1 { MUTED } else { INK };
            canvas.lines_about((right, middle), lines, LABEL, colour, Anchor::End);
        }
    }
}

/// Axis and column headings; returns where the rows start.
fn head(canvas: &mut Canvas, scale: &Scale, columns: &Columns, language: Language) -> f64 {
    let (left, right) = scale.points;
    let title = LABEL.wrapped(language.pick("Andel kvinnor, procent", "Share of women, per cent"), right - left, 2, language);
    let balance = LABEL.wrapped(language.pick("jämn könsfördelning", "gender balance"), (right - left) / 2.0, 3, language);
    let heading_lines = columns.headings.iter().map(Vec::len).max().unwrap_or(1);
    let symbols = 2.0 * RADIUS + 7.0;
    let leading = LABEL.leading();
    let directions = Directions::new(right - left, language);
    let axis_lines = title.len() + directions.rows + balance.len() + 1;
    let axis_height = leading * axis_lines as f64 + 8.0;
    let height = axis_height.max(leading * heading_lines as f64 + symbols + 3.0);
    let bottom = 2.0 + height;

    for ((heading, edge), (shape, colour, hollow)) in columns.headings.iter().zip(columns.edges()).zip(LOOKS) {
        let top = bottom - symbols - leading * heading.len() as f64;
        canvas.lines((edge, top), heading, LABEL, INK, Anchor::End);
        let centre = (edge - RADIUS * 1.2 - 1.0, bottom - symbols / 2.0);
        if hollow {
            canvas.hollow(shape, centre, RADIUS, colour);
        } else {
            canvas.shape(shape, centre, RADIUS, colour);
        }
    }
    let mut y = bottom - axis_height;
    canvas.lines((left, y), &title, LABEL, MUTED, Anchor::Start);
    y += leading * title.len() as f64 + 2.0;
    y = directions.draw(canvas, (left, right), y);
    canvas.lines((f64::midpoint(left, right), y), &balance, LABEL, INK, Anchor::Middle);
    y += leading * balance.len() as f64 + 1.0;
    scale.label_across(canvas, &[0.0, 100.0, 40.0, 60.0, 20.0, 80.0], y, language);
    bottom
}

/// Which way is more women, which way more men: in words and with the shapes of the two sexes.
struct Directions {
    women: &'static str,
    men: &'static str,
    rows: usize,
}

impl Directions {
    const INDENT: f64 = 10.0;

    fn new(room: f64, language: Language) -> Self {
        let women = language.pick("fler kvinnor →", "more women →");
        let men = language.pick("← fler män", "← more men");
        let together = LABEL.width(women) + LABEL.width(men) + 2.0 * Self::INDENT + GUTTER <= room;
        Self { women, men, rows: if together { 1 } else { 2 } }
    }

    /// Draws them on one row, or women above men where they would meet; returns where they end.
    fn draw(&self, canvas: &mut Canvas, (left, right): (f64, f64), top: f64) -> f64 {
        let leading = LABEL.leading();
        let middle = top + leading / 2.0;
        canvas.shape(Shape::Circle, (right - 3.5, middle), 3.2, WOMEN);
        let x = right - Self::INDENT;
        canvas.text((x, top), self.women, LABEL, MUTED, Anchor::End);
        let down = leading * (self.rows - 1) as f64;
        canvas.shape(Shape::Square, (left + 3.5, middle + down), 3.2, MEN);
        let x = left + Self::INDENT;
        canvas.text((x, top + down), self.men, LABEL, MUTED, Anchor::Start);
        top + leading * self.rows as f64 + 2.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_on_the_same_share_stand_above_each_other() {
        let (lanes, most) = lanes(&[Some(50.0), Some(51.0), Some(50.5)]);
        assert_eq!((lanes, most), ([-1.0, 0.0, 1.0], 3));
    }

    #[test]
    fn marks_apart_share_the_middle() {
        assert_eq!(lanes(&[Some(50.0), None, Some(90.0)]), ([0.0; 3], 1));
    }
}
