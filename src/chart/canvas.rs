//! A page that remembers its marks before it writes them with plotters' SVG backend, so that layout can be tested as rectangles
//! and the height may be known last.

use std::fmt::Write as _;

use plotters::prelude::{Color, DrawingBackend, FontDesc, FontFamily, FontStyle, FontTransform, RGBColor, SVGBackend, ShapeStyle, TextStyle};
use plotters::style::text_anchor::{HPos, Pos, VPos};

use super::palette::{Colour, MUTED, QUIET, WHITE};
use super::text::{Face, LEADING, Type, plain};
use super::{ChartError, Description, Language};

/// Width of every chart in points: the text width of an A4 page with 20 mm margins.
pub const WIDTH: f64 = 482.0;
/// Units of the SVG per point, because the backend knows whole numbers only.
pub const PER_POINT: f64 = 10.0;
/// Size of labels in points, the smallest in any chart.
pub const LABEL: Type = Type::regular(9.0);
/// Headings inside a chart.
pub const HEADING: Type = Type::semi_bold(9.0);

/// Baseline below the top of the line, as a share of the size: room for the ring of Å.
const BASELINE: f64 = 0.94;
/// Where the backend puts the baseline of a text that hangs from its point.
const BACKEND_BASELINE: f64 = 0.76;
/// The backend divides sizes by this.
const BACKEND_SIZE: f64 = 1.24;

/// A rectangle in points, y downwards.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rect {
    pub left: f64,
    pub top: f64,
    pub width: f64,
    pub height: f64,
}

impl Rect {
    pub const fn new(left: f64, top: f64, width: f64, height: f64) -> Self {
        Self { left, top, width, height }
    }

    /// The square around a circle.
    pub fn around(x: f64, y: f64, radius: f64) -> Self {
        Self::new(x - radius, y - radius, 2.0 * radius, 2.0 * radius)
    }

    pub fn right(self) -> f64 {
        self.left + self.width
    }

    pub fn bottom(self) -> f64 {
        self.top + self.height
    }

    pub fn centre(self) -> (f64, f64) {
        (self.left + self.width / 2.0, self.top + self.height / 2.0)
    }

    /// Grown by `by` on every side (shrunk if negative).
    pub fn grown(self, by: f64) -> Self {
        Self::new(self.left - by, self.top - by, self.width + 2.0 * by, self.height + 2.0 * by)
    }

    /// Grown by `by` to the left and right.
    pub fn widened(self, by: f64) -> Self {
        Self::new(self.left - by, self.top, self.width + 2.0 * by, self.height)
    }

    pub fn overlaps(self, other: Self) -> bool {
        self.left < other.right() && other.left < self.right() && self.top < other.bottom() && other.top < self.bottom()
    }

    pub fn contains(self, other: Self) -> bool {
        self.left <= other.left && self.top <= other.top && self.right() >= other.right() && self.bottom() >= other.bottom()
    }
}

/// Which end of a text stands at its point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Anchor {
    Start,
    Middle,
    End,
}

/// One line of text where it will stand.
#[derive(Debug, Clone)]
pub struct PlacedText {
    pub text: String,
    pub rect: Rect,
    kind: Type,
    colour: Colour,
    anchor: Anchor,
    upright: bool,
}

#[derive(Debug, Clone)]
enum Mark {
    Path(Vec<(f64, f64)>, Colour, f64),
    Polygon(Vec<(f64, f64)>, Colour),
    Block(Rect, Colour),
    Disc(f64, f64, f64, Colour),
    Ring(f64, f64, f64, Colour, f64),
    Area(Vec<Vec<(f64, f64)>>, Ground, Option<(Colour, f64)>),
    Text(PlacedText),
}

/// What an area of a map is filled with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ground {
    /// One colour.
    Plain(Colour),
    /// Diagonal lines on paper: the sign of a missing value.
    Hatched,
    /// Lines both ways on paper.
    CrossHatched,
    /// Nothing: only the outline is drawn.
    Open,
}

/// The shapes that stand for series and ratings, about equally large at the same radius.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    Circle,
    Square,
    Diamond,
    Triangle,
}

/// The marks of one chart in drawing order.
#[derive(Debug, Clone)]
pub struct Canvas {
    about: Description,
    marks: Vec<Mark>,
    pub height: f64,
}

impl Canvas {
    pub fn new(about: &Description) -> Self {
        Self { about: about.clone(), marks: Vec::new(), height: 0.0 }
    }

    /// Every text of the chart, where it stands.
    #[cfg(test)]
    pub fn texts(&self) -> impl Iterator<Item = &PlacedText> {
        self.marks.iter().filter_map(|mark| match mark {
            Mark::Text(text) => Some(text),
            _ => None,
        })
    }

    pub fn line(&mut self, from: (f64, f64), to: (f64, f64), colour: Colour, width: f64) {
        self.marks.push(Mark::Path(vec![from, to], colour, width));
    }

    pub fn block(&mut self, rect: Rect, colour: Colour) {
        self.marks.push(Mark::Block(rect, colour));
    }

    /// A block behind everything drawn so far.
    pub fn backdrop(&mut self, rect: Rect, colour: Colour) {
        self.marks.insert(0, Mark::Block(rect, colour));
    }

    pub fn frame(&mut self, rect: Rect, colour: Colour, width: f64) {
        self.marks.push(Mark::Path(outline(rect), colour, width));
    }

    /// An area of open rings: what an odd number of them encloses is filled, and each is outlined.
    pub fn area(&mut self, rings: Vec<Vec<(f64, f64)>>, ground: Ground, rim: Option<(Colour, f64)>) {
        self.marks.push(Mark::Area(rings, ground, rim));
    }

    /// Diagonal lines inside a rectangle.
    pub fn hatch(&mut self, rect: Rect, colour: Colour) {
        const GAP: f64 = 4.5;
        let mut offset = GAP / 2.0;
        while offset < rect.width + rect.height {
            let from = (rect.left + offset.min(rect.width), rect.top + (offset - rect.width).max(0.0));
            let to = (rect.left + (offset - rect.height).max(0.0), rect.top + offset.min(rect.height));
            self.line(from, to, colour, 0.6);
            offset += GAP;
        }
    }

    /// A filled shape with a rim of paper that keeps neighbours apart.
    pub fn shape(&mut self, shape: Shape, (x, y): (f64, f64), radius: f64, colour: Colour) {
        self.solid(shape, (x, y), radius + 0.7, WHITE);
        self.solid(shape, (x, y), radius, colour);
    }

    /// The shape's outline around paper.
    pub fn hollow(&mut self, shape: Shape, (x, y): (f64, f64), radius: f64, colour: Colour) {
        self.shape(shape, (x, y), radius, colour);
        self.solid(shape, (x, y), radius - 1.4, WHITE);
    }

    /// An outline that shows what lies under it.
    pub fn ring(&mut self, (x, y): (f64, f64), radius: f64, colour: Colour, width: f64) {
        self.marks.push(Mark::Ring(x, y, radius, colour, width));
    }

    pub fn solid(&mut self, shape: Shape, (x, y): (f64, f64), radius: f64, colour: Colour) {
        match shape {
            Shape::Circle => self.marks.push(Mark::Disc(x, y, radius, colour)),
            Shape::Square | Shape::Diamond | Shape::Triangle => self.marks.push(Mark::Polygon(corners(shape, (x, y), radius), colour)),
        }
    }

    /// The outline of a shape over what lies under it.
    pub fn rim(&mut self, shape: Shape, (x, y): (f64, f64), radius: f64, colour: Colour, width: f64) {
        match shape {
            Shape::Circle => self.ring((x, y), radius, colour, width),
            Shape::Square | Shape::Diamond | Shape::Triangle => {
                let mut points = corners(shape, (x, y), radius);
                points.extend(points.first().copied());
                points.extend(points.get(1).copied());
                self.marks.push(Mark::Path(points, colour, width));
            }
        }
    }

    /// One line of text whose line box has its top at `top`; returns the box.
    pub fn text(&mut self, (x, top): (f64, f64), text: &str, kind: Type, colour: Colour, anchor: Anchor) -> Rect {
        let text = plain(text);
        let width = kind.width(&text);
        let left = match anchor {
            Anchor::Start => x,
            Anchor::Middle => x - width / 2.0,
            Anchor::End => x - width,
        };
        let rect = Rect::new(left, top, width, kind.leading());
        if !text.is_empty() {
            self.marks.push(Mark::Text(PlacedText { text, rect, kind, colour, anchor, upright: false }));
        }
        rect
    }

    /// Lines of text below each other.
    pub fn lines(&mut self, (x, top): (f64, f64), lines: &[String], kind: Type, colour: Colour, anchor: Anchor) {
        let mut top = top;
        for line in lines {
            self.text((x, top), line, kind, colour, anchor);
            top += kind.leading();
        }
    }

    /// Lines centred on a height.
    pub fn lines_about(&mut self, (x, middle): (f64, f64), lines: &[String], kind: Type, colour: Colour, anchor: Anchor) {
        let top = middle - kind.leading() * lines.len() as f64 / 2.0;
        self.lines((x, top), lines, kind, colour, anchor);
    }

    /// One line of text that reads upwards from `bottom`, with the left of its line box at `left`.
    pub fn upright(&mut self, (left, bottom): (f64, f64), text: &str, kind: Type, colour: Colour) {
        let text = plain(text);
        let width = kind.width(&text);
        self.marks.push(Mark::Text(PlacedText {
            text,
            rect: Rect::new(left, bottom - width, kind.leading(), width),
            kind,
            colour,
            anchor: Anchor::Start,
            upright: true,
        }));
    }

    /// Says that there is nothing to show, instead of an empty frame.
    pub fn nothing(&mut self, language: Language) {
        let text = language.pick("Inga uppgifter att visa.", "No data to show.");
        self.text((0.0, 4.0), text, LABEL, MUTED, Anchor::Start);
        self.height = LABEL.leading() + 8.0;
    }

    /// The SVG document.
    pub fn svg(&self) -> Result<String, ChartError> {
        let (width, height) = (units(WIDTH), units(self.height.max(1.0)));
        let id = identifier(&self.about.id);
        let mut svg = String::with_capacity(4000 + 80 * self.marks.len());
        write!(
            svg,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" id=\"{id}\" viewBox=\"0 0 {width} {height}\" width=\"100%\" \
             role=\"img\" lang=\"{}\" aria-labelledby=\"{id}-title\" aria-describedby=\"{id}-desc\">\n\
             <title id=\"{id}-title\">{}</title>\n<desc id=\"{id}-desc\">{}</desc>\n\
             <rect width=\"{width}\" height=\"{height}\" fill=\"#FFFFFF\"/>",
            self.about.language.tag(),
            escaped(&self.about.title),
            escaped(&self.about.alternative),
        )
        .map_err(|error| ChartError::Drawing(error.to_string()))?;
        let has = |wanted: Ground| self.marks.iter().any(|mark| matches!(mark, Mark::Area(_, ground, _) if *ground == wanted));
        if has(Ground::Hatched) || has(Ground::CrossHatched) {
            svg.push_str(&patterns(&id));
        }
        // The backend draws no areas with holes; those between its marks are written here.
        for marks in self.marks.chunk_by(|one, other| !matches!(one, Mark::Area(..)) && !matches!(other, Mark::Area(..))) {
            if let [Mark::Area(rings, ground, rim)] = marks {
                svg.push_str(&area(rings, *ground, *rim, &id));
                continue;
            }
            push_marks(&mut svg, marks, (width.unsigned_abs(), height.unsigned_abs()))?;
        }
        svg.push_str("</svg>\n");
        Ok(svg)
    }
}

/// What the backend makes of marks, without its own opening and closing tags.
fn push_marks(svg: &mut String, marks: &[Mark], size: (u32, u32)) -> Result<(), ChartError> {
    let mut drawn = String::new();
    {
        let mut backend = SVGBackend::with_string(&mut drawn, size);
        for mark in marks {
            draw(&mut backend, mark)?;
        }
        backend.present().map_err(|error| ChartError::Drawing(error.to_string()))?;
    }
    // The backend's own opening tag has a fixed size and nothing for screen readers: ours stands in its place.
    let body = drawn.split_once('>').map_or(drawn.as_str(), |(_, body)| body);
    for line in body.lines().filter(|line| *line != "</svg>") {
        svg.push_str(line);
        // The backend breaks the line inside text elements, where white space may show.
        let inside = line.starts_with("<text ") || !line.starts_with('<');
        if !inside {
            svg.push('\n');
        }
    }
    Ok(())
}

/// The two hatchings, as wide as [`Canvas::hatch`] draws them.
fn patterns(id: &str) -> String {
    let colour = hexadecimal(QUIET);
    let lines = "M0 45L45 0M-11 11L11 -11M34 56L56 34";
    let pattern = |name: &str, lines: &str| {
        format!(
            "<pattern id=\"{id}-{name}\" patternUnits=\"userSpaceOnUse\" width=\"45\" height=\"45\">\
             <rect width=\"45\" height=\"45\" fill=\"#FFFFFF\"/><path d=\"{lines}\" stroke=\"{colour}\" stroke-width=\"6\"/></pattern>"
        )
    };
    let crossed = format!("{lines}M0 0L45 45M-11 34L11 56M34 -11L56 11");
    format!("<defs>{}{}</defs>\n", pattern("hatched", lines), pattern("crossed", &crossed))
}

fn hexadecimal(Colour(red, green, blue): Colour) -> String {
    format!("#{red:02X}{green:02X}{blue:02X}")
}

/// An area as one path of steps from point to point, which is half as long as places are.
fn area(rings: &[Vec<(f64, f64)>], ground: Ground, rim: Option<(Colour, f64)>, id: &str) -> String {
    let mut path = String::new();
    for ring in rings {
        let mut points: Vec<(i32, i32)> = ring.iter().map(|point| at(*point)).collect();
        points.dedup();
        for (index, (x, y)) in points.iter().enumerate() {
            let before = index.checked_sub(1).map_or((0, 0), |before| points[before]);
            let (right, down) = (x - before.0, y - before.1);
            let letter = match index {
                0 => "M",
                1 => "l",
                _ if right < 0 => "",
                _ => " ",
            };
            let glue = if down < 0 { "" } else { " " };
            let _ = write!(path, "{letter}{right}{glue}{down}");
        }
        path.push('z');
    }
    let fill = match ground {
        Ground::Plain(colour) => hexadecimal(colour),
        Ground::Hatched => format!("url(#{id}-hatched)"),
        Ground::CrossHatched => format!("url(#{id}-crossed)"),
        Ground::Open => "none".to_owned(),
    };
    let rim = rim.map_or_else(String::new, |(colour, width)| {
        format!(" stroke=\"{}\" stroke-width=\"{}\" stroke-linejoin=\"round\"", hexadecimal(colour), units(width))
    });
    format!("<path d=\"{path}\" fill=\"{fill}\" fill-rule=\"evenodd\"{rim}/>\n")
}

fn outline(rect: Rect) -> Vec<(f64, f64)> {
    vec![
        (rect.left, rect.top),
        (rect.right(), rect.top),
        (rect.right(), rect.bottom()),
        (rect.left, rect.bottom()),
        (rect.left, rect.top),
        (rect.right(), rect.top),
    ]
}

fn corners(shape: Shape, (x, y): (f64, f64), radius: f64) -> Vec<(f64, f64)> {
    let reach = reach(shape, radius);
    match shape {
        Shape::Square => vec![(x - reach, y - reach), (x + reach, y - reach), (x + reach, y + reach), (x - reach, y + reach)],
        Shape::Triangle => vec![(x, y - reach), (x + reach, y + reach * 0.8), (x - reach, y + reach * 0.8)],
        Shape::Diamond | Shape::Circle => {
            vec![(x, y - reach), (x + reach, y), (x, y + reach), (x - reach, y)]
        }
    }
}

/// How far a shape reaches to the side from its centre.
pub fn reach(shape: Shape, radius: f64) -> f64 {
    match shape {
        Shape::Circle => radius,
        Shape::Square => radius * 0.89,
        Shape::Diamond => radius * 1.25,
        Shape::Triangle => radius * 1.2,
    }
}

fn units(points: f64) -> i32 {
    (points * PER_POINT).round() as i32
}

fn at((x, y): (f64, f64)) -> (i32, i32) {
    (units(x), units(y))
}

fn ink(Colour(red, green, blue): Colour, width: f64) -> ShapeStyle {
    ShapeStyle { color: RGBColor(red, green, blue).to_rgba(), filled: true, stroke_width: units(width).unsigned_abs() }
}

/// The size that the backend's own division turns into exactly the size asked for, so that no `89.99999` is written.
fn backend_size(size: f64) -> f64 {
    let wanted = f64::from(units(size));
    let near = wanted * BACKEND_SIZE;
    [near, near.next_up(), near.next_down()].into_iter().find(|candidate| (candidate / BACKEND_SIZE).total_cmp(&wanted).is_eq()).unwrap_or(near)
}

fn draw(backend: &mut SVGBackend, mark: &Mark) -> Result<(), ChartError> {
    let drawn = match mark {
        Mark::Path(points, colour, width) => backend.draw_path(points.iter().map(|point| at(*point)), &ink(*colour, *width)),
        Mark::Polygon(points, colour) => backend.fill_polygon(points.iter().map(|point| at(*point)), &ink(*colour, 0.0)),
        Mark::Block(rect, colour) => backend.draw_rect(at((rect.left, rect.top)), at((rect.right(), rect.bottom())), &ink(*colour, 0.0), true),
        Mark::Disc(x, y, radius, colour) => backend.draw_circle(at((*x, *y)), units(*radius).unsigned_abs(), &ink(*colour, 0.0), true),
        Mark::Ring(x, y, radius, colour, width) => backend.draw_circle(at((*x, *y)), units(*radius).unsigned_abs(), &ink(*colour, *width), false),
        // Written by the canvas itself.
        Mark::Area(..) => return Ok(()),
        Mark::Text(placed) => {
            let (style, point) = setting(placed);
            backend.draw_text(&placed.text, &style, at(point))
        }
    };
    drawn.map_err(|error| ChartError::Drawing(error.to_string()))
}

/// The backend's style for a text, and the point that it hangs from.
fn setting(placed: &PlacedText) -> (TextStyle<'static>, (f64, f64)) {
    let weight = match placed.kind.face {
        Face::Regular => FontStyle::Normal,
        // The browser, usvg and typst all pick the SemiBold cut for "bold" when it is the heaviest there is.
        Face::SemiBold => FontStyle::Bold,
    };
    let font = FontDesc::new(FontFamily::Name("Inter, sans-serif"), backend_size(placed.kind.size), weight);
    let Colour(red, green, blue) = placed.colour;
    let horizontal = match placed.anchor {
        Anchor::Start => HPos::Left,
        Anchor::Middle => HPos::Center,
        Anchor::End => HPos::Right,
    };
    let mut style = TextStyle::from(font).pos(Pos::new(horizontal, VPos::Top));
    style.color = RGBColor(red, green, blue).to_backend_color();
    let hang = (BASELINE - BACKEND_BASELINE) * placed.kind.size;
    let rect = placed.rect;
    if placed.upright {
        let style = style.transform(FontTransform::Rotate270);
        return (style, (rect.left + hang, rect.bottom()));
    }
    let x = match placed.anchor {
        Anchor::Start => rect.left,
        Anchor::Middle => rect.centre().0,
        Anchor::End => rect.right(),
    };
    (style, (x, rect.top + hang))
}

fn identifier(id: &str) -> String {
    let mut safe: String = id.chars().map(|character| if character.is_ascii_alphanumeric() { character } else { '-' }).collect();
    if !safe.starts_with(|first: char| first.is_ascii_alphabetic()) {
        safe.insert_str(0, "chart-");
    }
    safe
}

fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in plain(text).chars() {
        match character {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            _ => safe.push(character),
        }
    }
    safe
}

const _: () = assert!(BASELINE < LEADING);
