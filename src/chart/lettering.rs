//! Paints the texts of a picture. A text is hundreds of edges a pixel wide; resvg mixes each of them in a pipeline made for wide fills, which was half of the
//! time of a picture. Here the share of each pixel that the letters cover is summed exactly, and mixed once. All else is left to resvg.

use ab_glyph_rasterizer::{Rasterizer, point};
use resvg::tiny_skia::{Pixmap, PixmapMut, PremultipliedColorU8, Transform};
use resvg::usvg::tiny_skia_path::{Path as Outline, PathSegment, Point};
use resvg::usvg::{Color, Group, Node, Paint, Path, Text};

/// Paints a group with all that it holds, in its order.
pub(super) fn paint(group: &Group, transform: Transform, pixels: &mut Pixmap) {
    for node in group.children() {
        match node {
            Node::Group(inner) if !inner.should_isolate() => paint(inner, transform.pre_concat(inner.transform()), pixels),
            Node::Text(text) => {
                let flat = text.flattened();
                let inside = transform.pre_concat(flat.transform());
                let is_lettered = letters(text).is_some_and(|letters| {
                    let placed: Option<Vec<Placed>> = letters.into_iter().map(|letters| Placed::of(letters, inside, pixels)).collect();
                    placed.map(|placed| placed.iter().for_each(|placed| placed.paint(pixels))).is_some()
                });
                if !is_lettered {
                    paint_node(node, transform, &mut pixels.as_mut());
                }
            }
            Node::Path(path) if node.abs_layer_bounding_box().is_none() => paint_line(path, transform, pixels),
            other => paint_node(other, transform, &mut pixels.as_mut()),
        }
    }
}

/// A node as resvg paints it, which lays a single node at the corner of the picture unless it is moved back.
fn paint_node(node: &Node, transform: Transform, pixels: &mut PixmapMut) {
    if let Some(bounds) = node.abs_layer_bounding_box() {
        let _ = resvg::render_node(node, transform.pre_translate(bounds.x(), bounds.y()), pixels);
    }
}

/// An upright or level line: it has no area, and resvg paints none alone.
fn paint_line(path: &Path, transform: Transform, pixels: &mut Pixmap) {
    let Some(stroke) = path.stroke().filter(|_| path.is_visible()) else { return };
    let Paint::Color(colour) = stroke.paint() else { return };
    let mut paint = resvg::tiny_skia::Paint::default();
    paint.set_color_rgba8(colour.red, colour.green, colour.blue, stroke.opacity().to_u8());
    paint.anti_alias = path.rendering_mode().use_shape_antialiasing();
    pixels.stroke_path(path.data(), &paint, &stroke.to_tiny_skia(), transform, None);
}

/// The outlines of a text's letters and their colour; `None` if it is more than letters in one opaque colour each.
fn letters(text: &Text) -> Option<Vec<(&Outline, Color)>> {
    let flat = text.flattened();
    if flat.should_isolate() {
        return None;
    }
    flat.children().iter().map(letters_of).collect()
}

fn letters_of(node: &Node) -> Option<(&Outline, Color)> {
    let Node::Path(path) = node else { return None };
    let fill = path.fill().filter(|fill| path.is_visible() && path.stroke().is_none() && fill.opacity().get() >= 1.0)?;
    let Paint::Color(colour) = fill.paint() else { return None };
    Some((path.data(), *colour))
}

/// Letters on the grid of the picture.
struct Placed {
    left: usize,
    top: usize,
    cover: Rasterizer,
    colour: Color,
}

impl Placed {
    /// `None` if the letters reach outside the picture.
    fn of((outline, colour): (&Outline, Color), transform: Transform, pixels: &Pixmap) -> Option<Self> {
        let bounds = outline.bounds().transform(transform)?;
        let (left, top) = (bounds.left().floor(), bounds.top().floor());
        // One pixel more, for the edge that the sum runs out in.
        let (width, height) = (bounds.right().floor() - left + 2.0, bounds.bottom().floor() - top + 1.0);
        if left < 0.0 || top < 0.0 || left + width > pixels.width() as f32 || top + height > pixels.height() as f32 {
            return None;
        }
        let mut cover = Rasterizer::new(width as usize, height as usize);
        let at = |mut place: Point| {
            transform.map_point(&mut place);
            point(place.x - left, place.y - top)
        };
        let mut start = point(0.0, 0.0);
        let mut here = start;
        for segment in outline.segments() {
            match segment {
                PathSegment::MoveTo(to) => {
                    cover.draw_line(here, start);
                    start = at(to);
                    here = start;
                }
                PathSegment::LineTo(to) => {
                    cover.draw_line(here, at(to));
                    here = at(to);
                }
                PathSegment::QuadTo(by, to) => {
                    cover.draw_quad(here, at(by), at(to));
                    here = at(to);
                }
                PathSegment::CubicTo(by, then, to) => {
                    cover.draw_cubic(here, at(by), at(then), at(to));
                    here = at(to);
                }
                PathSegment::Close => {
                    cover.draw_line(here, start);
                    here = start;
                }
            }
        }
        cover.draw_line(here, start);
        Some(Self { left: left as usize, top: top as usize, cover, colour })
    }

    fn paint(&self, pixels: &mut Pixmap) {
        let stride = pixels.width() as usize;
        let (width, _) = self.cover.dimensions();
        let all = pixels.pixels_mut();
        let (mut row, mut column) = (self.top * stride + self.left, 0);
        self.cover.for_each_pixel(|_, share| {
            // Letters that overlap, as an accent on its letter, cover a pixel twice.
            // Steps of a thirty-second, so that a picture of a few inks keeps to a few colours.
            let share = ((share.min(1.0) * 32.0).round() * (255.0 / 32.0)).round() as u16;
            if share > 0 {
                let pixel = &mut all[row + column];
                let mixed = |under: u8, over: u8| ((u16::from(under) * (255 - share) + u16::from(over) * share + 127) / 255) as u8;
                let Color { red, green, blue } = self.colour;
                let alpha = mixed(pixel.alpha(), u8::MAX);
                let colours = [mixed(pixel.red(), red), mixed(pixel.green(), green), mixed(pixel.blue(), blue)];
                // A colour is never above its alpha: both are mixed in the same shares.
                if let Some(found) = PremultipliedColorU8::from_rgba(colours[0], colours[1], colours[2], alpha) {
                    *pixel = found;
                }
            }
            column += 1;
            if column == width {
                (row, column) = (row + stride, 0);
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use resvg::usvg::Tree;

    use super::*;
    use crate::chart::png::options;

    fn painted(svg: &str, lettered: bool) -> Pixmap {
        let tree = Tree::from_str(svg, &options()).unwrap();
        let mut pixels = Pixmap::new(240, 90).unwrap();
        pixels.fill(resvg::tiny_skia::Color::WHITE);
        let scale = Transform::from_scale(2.0, 2.0);
        if lettered {
            paint(tree.root(), scale, &mut pixels);
        } else {
            resvg::render(&tree, scale, &mut pixels.as_mut());
        }
        pixels
    }

    /// The sum takes a letter's outlines for one where they turn the same way, and for a hole where they turn against each other: a letter that is drawn in
    /// another manner would have a wrong face.
    #[test]
    fn every_letter_has_the_face_that_resvg_gives_it() {
        let letters: Vec<char> =
            (' '..='~').chain('\u{a1}'..='ž').chain("–—‘’“”•…−≤≥→".chars()).filter(|letter| !"<&\u{ad}".contains(*letter)).collect();
        for (letter, weight) in letters.into_iter().flat_map(|letter| [(letter, 400), (letter, 600)]) {
            let svg = picture(&format!("<text x='40' y='30' font-size='24' font-weight='{weight}'>{letter}</text>"));
            let (largest, mean) = differences(&painted(&svg, true), &painted(&svg, false));
            assert!(largest < 64 && mean < 0.4, "{letter} {weight}: {largest} {mean}");
        }
    }

    fn picture(inside: &str) -> String {
        format!("<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 120 45' font-family='Inter' font-size='11'>{inside}</svg>")
    }

    /// Largest and mean difference of a channel.
    fn differences(first: &Pixmap, second: &Pixmap) -> (u8, f64) {
        let each: Vec<u8> = first.data().iter().zip(second.data()).map(|(first, second)| first.abs_diff(*second)).collect();
        (each.iter().copied().max().unwrap(), each.iter().map(|value| f64::from(*value)).sum::<f64>() / each.len() as f64)
    }

    #[test]
    fn letters_are_painted_where_resvg_paints_them() {
        let text = picture(
            "<rect width='60' height='45' fill='#d8e8f0'/><text x='4' y='20' fill='#0b3c5d'>Åre, Östersund 8</text><text x='4' y='40' fill='#4a5560' font-weight='600' transform='rotate(-12 4 40)'>på väg</text>",
        );
        let (ours, theirs) = (painted(&text, true), painted(&text, false));
        let (largest, mean) = differences(&ours, &theirs);
        // Theirs counts sixteen points of a pixel, ours its area: no pixel is another, and the picture as dark.
        assert!(largest < 64 && mean < 0.8, "{largest} {mean}");
        let sum = |pixels: &Pixmap| pixels.data().iter().map(|value| f64::from(*value)).sum::<f64>();
        assert!((sum(&ours) / sum(&theirs) - 1.0).abs() < 0.001, "{} {}", sum(&ours), sum(&theirs));
        // The letters are there at all.
        let (largest, _) = differences(&ours, &painted(&picture("<rect width='60' height='45' fill='#d8e8f0'/>"), true));
        assert!(largest > 150, "{largest}");
    }

    #[test]
    fn what_is_more_than_letters_is_as_resvg_paints_it() {
        for inside in [
            "<text x='4' y='20' opacity='0.4'>svagt</text>",
            "<text x='4' y='20' stroke='red' fill='blue'>kant</text>",
            "<text x='90' y='20'>utanför bilden</text>",
            "<polyline points='4,10 110,10' stroke='#75808b' stroke-width='0.4' fill='none' opacity='1'/><path d='M20 2v40' stroke='#0b3c5d' stroke-dasharray='2 1' stroke-opacity='0.7'/><path d='M20 5v0' stroke='red' stroke-linecap='round'/>",
            "<defs><pattern id='p' patternUnits='userSpaceOnUse' width='4' height='4'><path d='M0 4L4 0' stroke='#75808b'/></pattern></defs><path d='M9 9h50v20h-30z' fill='url(#p)' stroke='#0b3c5d' stroke-width='0.7'/>",
            "<g opacity='0.5'><circle cx='20' cy='20' r='9'/><path d='M2 30h40' stroke='green'/></g><g transform='translate(40 8) rotate(20)'><rect width='30' height='8' fill='#a9ccde'/></g>",
        ] {
            let svg = picture(inside);
            assert_eq!(differences(&painted(&svg, true), &painted(&svg, false)), (0, 0.0), "{inside}");
        }
    }

    #[test]
    fn later_marks_cover_earlier_texts() {
        let covered = painted(&picture("<text x='4' y='20'>dold</text><rect width='120' height='45' fill='#ffffff'/>"), true);
        assert!(covered.data().iter().all(|value| *value == 255));
    }
}
