//! Need against volume: one mark per occupation, sized by its employed, named beside the mark or, when it gets dense, by a
//! number with a key below.

use super::axis::{Kind, Scale, round_below, round_step, round_ticks};
use super::canvas::{Anchor, Canvas, LABEL, Rect, Shape, WIDTH, reach};
use super::label_placement::{Dot, Placement, Placer, Side};
use super::legend::{Symbol, legend};
use super::number::shortest;
use super::palette::{GRID, INK, MUTED, QUIET, SHORTAGE, WATCHED, WHITE, on};
use super::text::label;
use super::{ChartError, Description, HUNDRED, Language, PERSONS, check};

const LARGEST: f64 = 13.0;
const SMALLEST: f64 = 2.8;
/// Inside the frame, so that no mark is cut by it.
const INSET: f64 = 16.0;
const PLOT_HEIGHT: f64 = 330.0;
/// More marks than this are told apart by position only; the note says so.
const MOST_NUMBERS: usize = 99;
/// Above this, names beside the marks are not even tried.
const MOST_NAMES: usize = 30;
const NAME_WIDTHS: [f64; 3] = [130.0, 96.0, 76.0];
const MOST_NAME_LINES: usize = 3;

/// The occupations of an area in the order that decides who gets the best place for its name.
#[derive(Debug, Clone, Default)]
pub struct ShortageMapData {
    /// What the chart says of itself.
    pub about: Description,
    /// Title of the vertical axis; `None` writes "Behov (poäng 0–100)".
    pub need_axis: Option<String>,
    /// Title of the horizontal axis; `None` writes "Volym (personer per år)".
    pub volume_axis: Option<String>,
    /// Occupations, the weightiest first.
    pub occupations: Vec<MappedOccupation>,
}

/// One mark of the shortage map.
#[derive(Debug, Clone, Default)]
pub struct MappedOccupation {
    /// Name of the occupation.
    pub name: String,
    /// 0–100. Without it the occupation is listed below the chart.
    pub need: Option<f64>,
    /// Persons per year, not negative. Without it the occupation is listed below the chart.
    pub volume: Option<f64>,
    /// Women and men employed; gives the area of the mark. `None` draws a small hollow mark.
    pub employed: Option<f64>,
    /// Rating, drawn as colour and shape.
    pub rating: Rating,
}

/// How the occupation's need was rated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Rating {
    /// *Brist*: a dark circle.
    #[default]
    Shortage,
    /// *Bevakas*: a lighter diamond.
    Watched,
}

impl Rating {
    const fn look(self) -> (Shape, super::palette::Colour) {
        match self {
            Self::Shortage => (Shape::Circle, SHORTAGE),
            Self::Watched => (Shape::Diamond, WATCHED),
        }
    }

    const fn word(self, language: Language) -> &'static str {
        match self {
            Self::Shortage => language.pick("brist", "shortage"),
            Self::Watched => language.pick("bevakas", "watch"),
        }
    }
}

struct Mark<'a> {
    occupation: &'a MappedOccupation,
    name: String,
    need: f64,
    volume: f64,
    employed: Option<f64>,
    radius: f64,
    place: (f64, f64),
}

impl Mark<'_> {
    fn dot(&self) -> Dot {
        Dot { centre: self.place, radius: reach(self.occupation.rating.look().0, self.radius) + 0.7 }
    }
}

/// Draws the shortage map.
///
/// # Errors
/// [`ChartError::OutOfRange`] for a number outside the range that its field states.
pub fn svg(data: &ShortageMapData) -> Result<String, ChartError> {
    draw(data)?.svg()
}

pub(super) fn draw(data: &ShortageMapData) -> Result<Canvas, ChartError> {
    for occupation in &data.occupations {
        check("need", occupation.need, HUNDRED)?;
        check("volume", occupation.volume, PERSONS)?;
        check("employed", occupation.employed, PERSONS)?;
    }
    let language = data.about.language;
    let mut canvas = Canvas::new(&data.about);
    let mut marks = marks(data);
    if marks.is_empty() {
        canvas.nothing(language);
        let top = canvas.height;
        canvas.height = note_missing(&mut canvas, data, top) + 2.0;
        return Ok(canvas);
    }
    let largest = marks.iter().filter_map(|mark| mark.employed).fold(0.0, f64::max);
    for mark in &mut marks {
        mark.radius = radius(mark.employed, largest);
    }

    let top = legend(&mut canvas, (0.0, WIDTH), 2.0, &legend_entries(&marks, largest, language), language) + 10.0;
    let title = data.need_axis.as_deref().map_or_else(|| language.pick("↑ Behov (poäng 0–100)", "↑ Need (score 0–100)").to_owned(), label);
    let title = LABEL.wrapped(&title, WIDTH, 2, language);
    canvas.lines((0.0, top), &title, LABEL, MUTED, Anchor::Start);
    let top = top + LABEL.leading() * title.len() as f64 + 4.0;

    let (frame, bottom) = frame(&mut canvas, data, &mut marks, top);
    let bottom = draw_marks(&mut canvas, &marks, frame, bottom, language);
    let bottom = note_missing(&mut canvas, data, bottom);
    canvas.height = bottom + 2.0;
    Ok(canvas)
}

fn marks(data: &ShortageMapData) -> Vec<Mark<'_>> {
    data.occupations
        .iter()
        .filter_map(|occupation| {
            Some(Mark {
                occupation,
                name: label(&occupation.name),
                need: occupation.need.filter(|need| need.is_finite())?.clamp(0.0, 100.0),
                volume: occupation.volume.filter(|volume| volume.is_finite())?.max(0.0),
                employed: occupation.employed.filter(|employed| employed.is_finite() && *employed >= 0.0),
                radius: SMALLEST,
                place: (0.0, 0.0),
            })
        })
        .collect()
}

/// Area in proportion to the employed.
fn radius(employed: Option<f64>, largest: f64) -> f64 {
    match employed {
        Some(employed) if largest > 0.0 => (LARGEST * (employed / largest).sqrt()).max(SMALLEST),
        Some(_) => SMALLEST,
        None => SMALLEST + 0.8,
    }
}

fn legend_entries(marks: &[Mark], largest: f64, language: Language) -> Vec<(Symbol, String)> {
    let mut entries = Vec::new();
    for rating in [Rating::Shortage, Rating::Watched] {
        if marks.iter().any(|mark| mark.occupation.rating == rating) {
            let (shape, colour) = rating.look();
            entries.push((Symbol::Filled(shape, colour, 4.5), rating.word(language).to_owned()));
        }
    }
    if largest >= 1.0 {
        let high = round_below(largest);
        let low = round_below(high / 5.0);
        let unit = language.pick("sysselsatta", "employed");
        for size in [low, high] {
            if size >= 1.0 {
                entries.push((Symbol::Size(radius(Some(size), largest)), format!("{} {unit}", shortest(size, 0, language))));
            }
        }
    }
    if marks.iter().any(|mark| mark.employed.is_none()) {
        entries.push((
            Symbol::Hollow(Shape::Circle, QUIET, SMALLEST + 0.8),
            language.pick("ofylld: antal sysselsatta saknas", "hollow: employed missing").to_owned(),
        ));
    }
    entries
}

/// The range of needs that the marks use, in whole tens and at least forty wide: marks by position need no zero.
fn need_range(marks: &[Mark]) -> (f64, f64) {
    let low = marks.iter().map(|mark| mark.need).fold(f64::INFINITY, f64::min);
    let high = marks.iter().map(|mark| mark.need).fold(0.0, f64::max);
    let mut from = (low / 10.0).floor() * 10.0;
    let mut to = (high / 10.0).ceil() * 10.0;
    while to - from < 40.0 {
        if to < 100.0 {
            to += 10.0;
        }
        if to - from < 40.0 && from > 0.0 {
            from -= 10.0;
        }
    }
    (from, to)
}

/// Axes and grid; gives every mark its place and returns the frame that the labels must stay in, and where the axis ends.
fn frame(canvas: &mut Canvas, data: &ShortageMapData, marks: &mut [Mark], top: f64) -> (Rect, f64) {
    let language = data.about.language;
    let needs = need_range(marks);
    let volumes = volume_range(marks);
    let need_ticks = round_ticks(needs, 6);
    let gutter = need_ticks.iter().map(|tick| LABEL.width(&shortest(*tick, 0, language))).fold(0.0, f64::max) + 5.0;
    let frame = Rect::new(gutter, top, WIDTH - gutter, PLOT_HEIGHT);
    let down = Scale { kind: Kind::Linear, values: needs, points: (frame.bottom() - INSET, frame.top + INSET) };
    let across = Scale { kind: Kind::Root, values: volumes, points: (frame.left + INSET, frame.right() - INSET) };
    for tick in need_ticks {
        let y = down.place(tick);
        canvas.line((frame.left, y), (frame.right(), y), GRID, 0.6);
        canvas.text((gutter - 5.0, y - LABEL.leading() / 2.0), &shortest(tick, 0, language), LABEL, MUTED, Anchor::End);
    }
    let ticks = root_ticks(volumes);
    let ticks = across.label_across(canvas, &ticks, frame.bottom() + 3.0, language);
    across.grid_down(canvas, &ticks, frame.top, frame.bottom());
    canvas.line((frame.left, frame.bottom()), (frame.right(), frame.bottom()), QUIET, 0.8);
    for mark in marks {
        mark.place = (across.place(mark.volume), down.place(mark.need));
    }
    let title = data.volume_axis.as_deref().map_or_else(
        || language.pick("Volym (personer per år, kvadratrotsskala) →", "Volume (persons a year, square root scale) →").to_owned(),
        label,
    );
    let title = LABEL.wrapped(&title, frame.width, 2, language);
    let top = frame.bottom() + 3.0 + LABEL.leading() + 1.0;
    canvas.lines((frame.right(), top), &title, LABEL, MUTED, Anchor::End);
    (frame, top + LABEL.leading() * title.len() as f64)
}

/// The range of volumes: from zero, unless several marks would crowd in the far half of the chart.
fn volume_range(marks: &[Mark]) -> (f64, f64) {
    const CROWD: usize = 5;
    let largest = marks.iter().map(|mark| mark.volume).fold(1.0, f64::max);
    let smallest = marks.iter().map(|mark| mark.volume).fold(f64::INFINITY, f64::min);
    let from_zero = marks.len() < CROWD || smallest < largest / 4.0;
    let span = if from_zero { largest } else { (largest - smallest).max(largest / 10.0) };
    let step = round_step(span, 5);
    let end = (largest / step - 1e-9).ceil() * step;
    if from_zero {
        return (0.0, end);
    }
    let start = (smallest / step + 1e-9).floor() * step;
    (start.min(end - 2.0 * step).max(0.0), end)
}

/// The ends and round values between them: from a start above zero in even steps, else 1, 2, 5 … from the largest down.
fn root_ticks((first, last): (f64, f64)) -> Vec<f64> {
    let mut ticks = vec![first, last];
    if first > 0.0 {
        ticks.extend(round_ticks((first, last), 6));
        ticks.dedup();
        return ticks;
    }
    let mut tick = round_below(last);
    let smallest = if last > 5.0 { 1.0 } else { last / 100.0 };
    while tick >= smallest {
        if tick < last {
            ticks.push(tick);
        }
        tick = round_below(tick * 0.99);
    }
    ticks
}

/// Marks, largest first so that none is hidden, with names or numbers; returns where the chart ends.
fn draw_marks(canvas: &mut Canvas, marks: &[Mark], frame: Rect, bottom: f64, language: Language) -> f64 {
    let mut order: Vec<usize> = (0..marks.len()).collect();
    order.sort_by(|one, other| marks[*other].radius.total_cmp(&marks[*one].radius));
    for index in order {
        let mark = &marks[index];
        let (shape, colour) = mark.occupation.rating.look();
        if mark.employed.is_some() {
            canvas.solid(shape, mark.place, mark.radius, colour);
            canvas.rim(shape, mark.place, mark.radius, WHITE, 0.9);
        } else {
            canvas.hollow(shape, mark.place, mark.radius, colour);
        }
    }
    let dots: Vec<Dot> = marks.iter().map(Mark::dot).collect();
    let names = (marks.len() <= MOST_NAMES).then(|| names(marks, &dots, frame, language)).flatten();
    if let Some(names) = names {
        for (placement, lines) in names {
            placement.draw_leader(canvas);
            canvas.block(placement.rect, WHITE);
            let (x, anchor) = match placement.side {
                Side::Right => (placement.rect.left, Anchor::Start),
                Side::Left => (placement.rect.right(), Anchor::End),
                Side::Level => (placement.rect.centre().0, Anchor::Middle),
            };
            let middle = placement.rect.centre().1;
            canvas.lines_about((x, middle), &lines, LABEL, INK, anchor);
        }
        return bottom;
    }
    numbered(canvas, marks, &dots, frame);
    key(canvas, marks, bottom, language)
}

/// A place for every name, or nothing if some name has none or too many need leader lines.
fn names(marks: &[Mark], dots: &[Dot], frame: Rect, language: Language) -> Option<Vec<(Placement, Vec<String>)>> {
    let mut placer = Placer::new(frame.grown(-1.0), dots);
    let mut names = Vec::new();
    for (index, mark) in marks.iter().enumerate() {
        let shapes: Vec<Vec<String>> = NAME_WIDTHS.iter().map(|room| LABEL.wrapped(&mark.name, *room, MOST_NAME_LINES, language)).collect();
        let sizes: Vec<(f64, f64)> = shapes.iter().map(|lines| (LABEL.widest(lines), LABEL.leading() * lines.len() as f64)).collect();
        let (placement, shape) = placer.place(index, &sizes)?;
        names.push((placement, shapes[shape].clone()));
    }
    let leaders = names.iter().filter(|(placement, _)| placement.leader.is_some()).count();
    (leaders * 2 <= marks.len()).then_some(names)
}

/// Numbers in the marks that have room for them, beside the others.
fn numbered(canvas: &mut Canvas, marks: &[Mark], dots: &[Dot], frame: Rect) {
    let mut placer = Placer::new(frame.grown(-1.0), dots);
    for (index, mark) in marks.iter().enumerate().take(MOST_NUMBERS) {
        let text = (index + 1).to_string();
        // Digits fill less than their line; the air around labels makes up for the rest.
        let size = (LABEL.width(&text), LABEL.leading() - 1.4);
        let (_, colour) = mark.occupation.rating.look();
        let (placement, colour) = if mark.employed.is_some()
            && let Some(inside) = placer.place_inside(index, size)
        {
            (inside, on(colour))
        } else {
            let Some(placement) = placer.place_anywhere(index, size) else {
                continue;
            };
            (placement, INK)
        };
        placement.draw_leader(canvas);
        let (x, y) = placement.rect.centre();
        canvas.text((x, y - LABEL.leading() / 2.0), &text, LABEL, colour, Anchor::Middle);
    }
}

/// The names behind the numbers in two columns.
fn key(canvas: &mut Canvas, marks: &[Mark], top: f64, language: Language) -> f64 {
    const BETWEEN: f64 = 16.0;
    let top = top + 8.0;
    let count = marks.len().min(MOST_NUMBERS);
    let widest = (1..=count).map(|number| LABEL.width(&number.to_string())).fold(0.0, f64::max);
    let indent = widest + 6.0;
    let column = (WIDTH - BETWEEN) / 2.0;
    let entries: Vec<Vec<String>> = marks[..count].iter().map(|mark| LABEL.wrapped(&mark.name, column - indent, 2, language)).collect();
    let height = |lines: &Vec<String>| LABEL.leading() * lines.len().max(1) as f64 + 2.0;
    let total: f64 = entries.iter().map(height).sum();
    let (mut left, mut y, mut bottom) = (0.0, top, top);
    let mut second = false;
    for (index, lines) in entries.iter().enumerate() {
        if !second && y - top >= total / 2.0 - 1e-6 {
            second = true;
            left = column + BETWEEN;
            y = top;
        }
        canvas.text((left + indent - 6.0, y), &(index + 1).to_string(), LABEL, MUTED, Anchor::End);
        canvas.lines((left + indent, y), lines, LABEL, INK, Anchor::Start);
        y += height(lines);
        bottom = f64::max(bottom, y);
    }
    if marks.len() > count {
        let rest = shortest((marks.len() - count) as f64, 0, language);
        let text = match language {
            Language::Swedish => format!("Ytterligare {rest} yrken är utritade utan nummer."),
            Language::English => format!("{rest} more occupations are drawn without a number."),
        };
        canvas.text((0.0, bottom + 2.0), &text, LABEL, MUTED, Anchor::Start);
        bottom += 2.0 + LABEL.leading();
    }
    bottom
}

/// Names those that have no place in the chart, because missing is not zero.
fn note_missing(canvas: &mut Canvas, data: &ShortageMapData, top: f64) -> f64 {
    let language = data.about.language;
    let missing: Vec<String> = data
        .occupations
        .iter()
        .filter(|occupation| !(occupation.need.is_some_and(f64::is_finite) && occupation.volume.is_some_and(f64::is_finite)))
        .map(|occupation| label(&occupation.name))
        .collect();
    if missing.is_empty() {
        return top;
    }
    let text =
        format!("{}: {}", language.pick("Uppgift saknas, därför inte i diagrammet", "Figures missing, so not in the chart"), missing.join("; "));
    let lines = LABEL.wrapped(&text, WIDTH, 6, language);
    canvas.lines((0.0, top + 8.0), &lines, LABEL, MUTED, Anchor::Start);
    top + 8.0 + LABEL.leading() * lines.len() as f64
}
