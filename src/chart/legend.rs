//! Keys that flow over as many lines as they need.

use super::Language;
use super::canvas::{Anchor, Canvas, Ground, LABEL, Rect, Shape, reach};
use super::palette::{Colour, INK, INTERVAL, MUTED, POINT, QUIET, WHITE, on};
use super::text::label;

/// Room between two entries, and between a symbol and its text.
const BETWEEN: f64 = 14.0;
const GAP: f64 = 4.0;
/// Most lines of one entry.
const MOST_LINES: usize = 3;

/// What stands before the text of an entry.
#[derive(Debug, Clone, Copy)]
pub enum Symbol {
    Filled(Shape, Colour, f64),
    Hollow(Shape, Colour, f64),
    /// A circle drawn only as its outline, for sizes.
    Size(f64),
    Interval,
    Swatch(Colour),
    Hatched,
    /// The sign of an area that is closed on a map.
    CrossHatched,
    /// A colour in the rim that sets apart what leads on a map.
    Rimmed(Colour),
    Lettered(char),
    /// An upright line, as a median's.
    Tick(Colour),
    Nothing,
}

impl Symbol {
    fn extent(self) -> (f64, f64) {
        match self {
            Self::Filled(shape, _, radius) | Self::Hollow(shape, _, radius) => {
                let side = 2.0 * reach(shape, radius);
                (side, side)
            }
            Self::Size(radius) => (2.0 * radius, 2.0 * radius),
            Self::Interval => (24.0, 6.0),
            Self::Swatch(_) | Self::Hatched | Self::CrossHatched | Self::Rimmed(_) | Self::Lettered(_) => (16.0, 12.0),
            Self::Tick(_) => (4.0, 12.0),
            Self::Nothing => (0.0, 0.0),
        }
    }

    fn draw(self, canvas: &mut Canvas, left: f64, middle: f64) {
        let (width, height) = self.extent();
        let centre = (left + width / 2.0, middle);
        let rect = Rect::new(left, middle - height / 2.0, width, height);
        match self {
            Self::Filled(shape, colour, radius) => canvas.shape(shape, centre, radius, colour),
            Self::Hollow(shape, colour, radius) => canvas.hollow(shape, centre, radius, colour),
            Self::Size(radius) => canvas.ring(centre, radius - 0.5, MUTED, 1.0),
            Self::Interval => {
                canvas.block(rect, INTERVAL);
            }
            Self::Swatch(colour) => {
                canvas.block(rect, colour);
                canvas.frame(rect, QUIET, 0.4);
            }
            Self::Hatched => hatched(canvas, rect),
            Self::CrossHatched => {
                canvas.area(vec![corners(rect)], Ground::CrossHatched, Some((QUIET, 0.4)));
            }
            Self::Rimmed(colour) => {
                let inner = corners(rect.grown(-1.2));
                canvas.area(vec![inner.clone()], Ground::Plain(colour), Some((INK, 2.4)));
                canvas.area(vec![inner], Ground::Open, Some((WHITE, 0.9)));
            }
            Self::Lettered(letter) => lettered(canvas, rect, letter),
            Self::Tick(colour) => canvas.line((centre.0, rect.top), (centre.0, rect.bottom()), colour, 1.8),
            Self::Nothing => {}
        }
    }
}

fn corners(rect: Rect) -> Vec<(f64, f64)> {
    vec![(rect.left, rect.top), (rect.right(), rect.top), (rect.right(), rect.bottom()), (rect.left, rect.bottom())]
}

/// The sign of a missing value.
pub fn hatched(canvas: &mut Canvas, rect: Rect) {
    canvas.block(rect, WHITE);
    canvas.hatch(rect, QUIET);
    canvas.frame(rect, QUIET, 0.4);
}

/// The sign of a cell that a gate has closed.
pub fn lettered(canvas: &mut Canvas, rect: Rect, letter: char) {
    canvas.block(rect, WHITE);
    canvas.frame(rect.grown(-0.5), INK, 1.0);
    let top = rect.centre().1 - super::canvas::HEADING.leading() / 2.0;
    canvas.text((rect.centre().0, top), &letter.to_string(), super::canvas::HEADING, on(WHITE), Anchor::Middle);
}

/// A median dot, as in the ranking.
pub const MEDIAN: Symbol = Symbol::Filled(Shape::Circle, POINT, 3.6);

/// Draws entries from left to right inside `(left, right)` below `top`; returns where the legend ends.
pub fn legend(canvas: &mut Canvas, (left, right): (f64, f64), top: f64, entries: &[(Symbol, String)], language: Language) -> f64 {
    let mut x = left;
    let mut top = top;
    let mut row: Vec<(Symbol, Vec<String>, f64)> = Vec::new();
    let mut tallest: f64 = 0.0;
    let flush = |canvas: &mut Canvas, row: &mut Vec<(Symbol, Vec<String>, f64)>, top: f64, tallest: f64| {
        for (symbol, lines, x) in row.drain(..) {
            let middle = top + tallest / 2.0;
            symbol.draw(canvas, x, middle);
            let width = symbol.extent().0;
            let indent = if width > 0.0 { width + GAP } else { 0.0 };
            canvas.lines_about((x + indent, middle), &lines, LABEL, MUTED, Anchor::Start);
        }
    };
    for (symbol, text) in entries {
        let (width, height) = symbol.extent();
        let indent = if width > 0.0 { width + GAP } else { 0.0 };
        let lines = LABEL.wrapped(&label(text), right - left - indent, MOST_LINES, language);
        let wide = indent + LABEL.widest(&lines);
        if x > left && x + wide > right {
            flush(canvas, &mut row, top, tallest);
            top += tallest + 3.0;
            x = left;
            tallest = 0.0;
        }
        tallest = tallest.max(height).max(LABEL.leading() * lines.len() as f64);
        row.push((*symbol, lines, x));
        x += wide + BETWEEN;
    }
    flush(canvas, &mut row, top, tallest);
    top + tallest
}
