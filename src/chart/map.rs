//! Areas shaded by score: countries of Europe, of the world, or Sweden's counties.

use std::collections::BTreeMap;

use super::base_map::{BaseMap, Extent};
use super::canvas::{Anchor, Canvas, Ground, HEADING, LABEL, Rect, Shape as Mark, WIDTH};
use super::label_placement::{Dot, Placer};
use super::legend::{Symbol, legend};
use super::number::formatted;
use super::palette::{GRID, INK, LAND, MAP, MUTED, QUIET, WHITE, on};
use super::text::label;
use super::{ChartError, Description, HUNDRED, Language, check};

/// Steps between classes, so that five of them hold all scores between round numbers.
const STEPS: [f64; 12] = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0, 12.0, 15.0, 16.0, 20.0];
/// Radius of the circle that stands for an area too small to be seen.
const CIRCLE: f64 = 2.8;
/// Radius of the dot at which a leader begins.
const FOOT: f64 = 1.3;
/// What a label that touches land costs, and what one wholly over land costs besides, in points of leader.
const TOUCHES_LAND: f64 = 35.0;
const OVER_LAND: f64 = 150.0;
/// Room for the legend beside the map of Sweden, and how far down its northern part leaves it.
const BESIDE: f64 = 205.0;
const BESIDE_SWEDEN: f64 = 95.0;
/// Longest name on a map.
const WIDEST_NAME: f64 = 110.0;
const SWATCH: (f64, f64) = (37.0, 11.0);

/// Areas and what is known of each.
#[derive(Debug, Clone)]
pub struct MapData<'a> {
    /// What the chart says of itself.
    pub about: Description,
    /// The outlines.
    pub base: &'a BaseMap,
    /// The areas that the map is about; the rest of the land is drawn without figures.
    pub areas: Vec<MapArea>,
    /// What the closed areas are, in words: "rekryteras inte ifrån".
    pub closed: String,
    /// What the areas that lead are, in words: "första gruppen".
    pub first: String,
    /// What the area that the map is for is, in words: "det egna länet".
    pub home: String,
    /// What the shades measure, where it is no score: "andel av områdena, procent".
    pub measure: Option<String>,
}

/// An area.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct MapArea {
    /// Country or county, as in the outlines.
    pub code: String,
    /// Its name.
    pub name: String,
    /// What it is shaded by.
    pub shade: Shade,
    /// Whether it is among those that lead, which are outlined strongly.
    pub first: bool,
    /// Whether its name is written where there is room.
    pub named: bool,
}

/// What an area is shaded by.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub enum Shade {
    /// A score, 0–100.
    Score(f64),
    /// Nobody is recruited from there.
    Closed,
    /// Figures are missing.
    #[default]
    Missing,
    /// It is not on this list.
    Unlisted,
    /// The area that the map is for.
    Home,
}

/// The bounds of five classes that hold every score: equally wide, between round numbers.
#[must_use]
pub fn classes(scores: impl IntoIterator<Item = f64>) -> [f64; 6] {
    let finite = scores.into_iter().filter(|score| score.is_finite());
    let (low, high) = finite.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high): (f64, f64), score| (low.min(score), high.max(score)));
    let (low, high) = if low <= high { (low, high) } else { (0.0, 100.0) };
    let first = |step: f64| (low / step).floor().max(0.0) * step;
    let step = STEPS.into_iter().find(|step| first(*step) + 5.0 * step >= high && first(*step) + 5.0 * step <= 100.0 + 1e-9).unwrap_or(20.0);
    let first = if step >= 20.0 { 0.0 } else { first(step) };
    std::array::from_fn(|bound| first + step * bound as f64)
}

/// The class of a score, 0–4; a bound belongs to the class above it.
#[must_use]
pub fn class(score: f64, bounds: &[f64; 6]) -> usize {
    bounds[1..5].iter().filter(|bound| score >= **bound).count()
}

impl MapData<'_> {
    fn scores(&self) -> impl Iterator<Item = f64> {
        self.areas.iter().filter_map(|area| match area.shade {
            Shade::Score(score) if score.is_finite() => Some(score),
            _ => None,
        })
    }
}

fn ground(area: &MapArea, bounds: &[f64; 6]) -> Ground {
    match area.shade {
        Shade::Score(score) if score.is_finite() => Ground::Plain(MAP[class(score, bounds)]),
        Shade::Score(_) | Shade::Missing => Ground::Hatched,
        Shade::Closed => Ground::CrossHatched,
        Shade::Unlisted => Ground::Plain(LAND),
        Shade::Home => Ground::Plain(WHITE),
    }
}

/// Draws the map.
///
/// # Errors
/// [`ChartError::OutOfRange`] for a score outside 0–100.
pub fn svg(data: &MapData) -> Result<String, ChartError> {
    draw(data)?.svg()
}

pub(super) fn draw(data: &MapData) -> Result<Canvas, ChartError> {
    for area in &data.areas {
        if let Shade::Score(score) = area.shade {
            check("score", Some(score), HUNDRED)?;
        }
    }
    let language = data.about.language;
    let mut canvas = Canvas::new(&data.about);
    let shown: BTreeMap<&str, &MapArea> =
        data.areas.iter().filter(|area| data.base.shape(&area.code).is_some()).map(|area| (area.code.as_str(), area)).collect();
    if shown.is_empty() {
        canvas.nothing(language);
        return Ok(canvas);
    }
    let bounds = classes(data.scores());
    let sweden = data.base.extent == Extent::Sweden;
    let below = head(&mut canvas, data, &shown, &bounds, if sweden { BESIDE } else { WIDTH }) + 8.0;
    // Sweden leaves room for the legend on its left.
    let top = if sweden { (below - BESIDE_SWEDEN).max(2.0) } else { below };
    let left = (WIDTH - data.base.width) / 2.0 + if sweden { 30.0 } else { 0.0 };
    let moved = |rings: &[Vec<(f64, f64)>]| -> Vec<Vec<(f64, f64)>> {
        rings.iter().map(|ring| ring.iter().map(|(x, y)| (x + left, y + top)).collect()).collect()
    };
    let rim = if data.base.extent == Extent::World { 0.3 } else { 0.5 };
    for shape in &data.base.shapes {
        let area = shown.get(shape.code.as_str());
        let ground = area.map_or(Ground::Plain(LAND), |area| ground(area, &bounds));
        canvas.area(moved(&shape.rings), ground, Some((if area.is_some() { MUTED } else { QUIET }, rim)));
    }
    // Over all fills, so that no neighbour hides half of it: a dark rim, and a light one inside it that shows on dark areas.
    for area in shown.values().filter(|area| area.first || area.shade == Shade::Home) {
        if let Some((_, shape)) = data.base.shape(&area.code).filter(|(_, shape)| shape.is_visible) {
            if !area.first {
                canvas.area(moved(&shape.rings), Ground::Open, Some((INK, 0.9)));
                continue;
            }
            let (dark, light) = if data.base.extent == Extent::World { (1.6, 0.5) } else { (2.4, 0.9) };
            canvas.area(moved(&shape.rings), Ground::Open, Some((INK, dark)));
            canvas.area(moved(&shape.rings), Ground::Open, Some((WHITE, light)));
        }
    }
    let page = Rect::new(0.0, below, WIDTH, (top + data.base.height - below).max(0.0));
    if data.base.extent == Extent::Europe {
        canvas.frame(Rect::new(left, top, data.base.width, data.base.height), GRID, 1.0);
    }
    circles(&mut canvas, data, &shown, &bounds, (left, top));
    names(&mut canvas, data, &shown, &bounds, (left, top), page);
    canvas.height = top + data.base.height + 2.0;
    Ok(canvas)
}

/// The areas that are too small to be seen: circles, hollow where nothing is known.
fn circles(canvas: &mut Canvas, data: &MapData, shown: &BTreeMap<&str, &MapArea>, bounds: &[f64; 6], (left, top): (f64, f64)) {
    for area in shown.values() {
        let Some((_, shape)) = data.base.shape(&area.code).filter(|(_, shape)| !shape.is_visible && area.shade != Shade::Unlisted) else { continue };
        let centre = (shape.middle.0 + left, shape.middle.1 + top);
        if area.first {
            canvas.solid(Mark::Circle, centre, CIRCLE + 1.4, INK);
        }
        match ground(area, bounds) {
            Ground::Plain(colour) if colour != LAND => {
                canvas.shape(Mark::Circle, centre, CIRCLE, MUTED);
                canvas.solid(Mark::Circle, centre, CIRCLE - 0.5, colour);
            }
            // A hatching would not be seen in a circle: hollow, with a cross where the country is closed.
            ground => {
                canvas.hollow(Mark::Circle, centre, CIRCLE - 0.4, QUIET);
                if ground == Ground::CrossHatched {
                    canvas.line((centre.0 - 1.6, centre.1 - 1.6), (centre.0 + 1.6, centre.1 + 1.6), QUIET, 0.6);
                    canvas.line((centre.0 - 1.6, centre.1 + 1.6), (centre.0 + 1.6, centre.1 - 1.6), QUIET, 0.6);
                }
            }
        }
    }
}

/// Names inside their areas, else beside them with a leader, over water where it can be; none where there is no room.
fn names(canvas: &mut Canvas, data: &MapData, shown: &BTreeMap<&str, &MapArea>, bounds: &[f64; 6], (left, top): (f64, f64), page: Rect) {
    let language = data.about.language;
    let placed = |rect: Rect| Rect::new(rect.left + left, rect.top + top, rect.width, rect.height);
    let at_home = |rect: Rect| Rect::new(rect.left - left, rect.top - top, rect.width, rect.height);
    // Circles first: no name may cover them.
    let mut dots: Vec<Dot> = Vec::new();
    let mut feet: BTreeMap<&str, usize> = BTreeMap::new();
    for (code, area) in shown {
        let Some((position, shape)) = data.base.shape(code) else { continue };
        let centre = (shape.middle.0 + left, shape.middle.1 + top);
        if !shape.is_visible && area.shade != Shade::Unlisted {
            feet.insert(code, dots.len());
            dots.push(Dot { centre, radius: CIRCLE + 0.7 });
        } else if area.named && name(area, language).is_some_and(|(_, size)| data.base.rooms(position, size).is_empty()) {
            feet.insert(code, dots.len());
            dots.push(Dot { centre, radius: FOOT });
        }
    }
    let mut placer = Placer::new(page, &dots);
    let named: Vec<(&MapArea, String, (f64, f64))> =
        data.areas.iter().filter(|area| area.named).filter_map(|area| name(area, language).map(|(text, size)| (area, text, size))).collect();
    for (area, text, size) in &named {
        let Some((position, _)) = data.base.shape(&area.code).filter(|_| !feet.contains_key(area.code.as_str())) else { continue };
        if let Some(rect) = data.base.rooms(position, *size).into_iter().map(placed).find(|rect| placer.take(*rect)) {
            let ink = if let Ground::Plain(colour) = ground(area, bounds) {
                on(colour)
            } else {
                canvas.block(rect.grown(-1.0), WHITE);
                INK
            };
            canvas.text((rect.centre().0, rect.top + 1.0), text, kind(area), ink, Anchor::Middle);
        }
    }
    // In the crowd of the world a long leader leads astray.
    let longest = if data.base.extent == Extent::World { 62.0 } else { 200.0 };
    for (area, text, size) in &named {
        let Some(own) = feet.get(area.code.as_str()) else { continue };
        let cost = |rect: Rect| match data.base.land(at_home(rect)) {
            land if land > 0.0 => TOUCHES_LAND + OVER_LAND * land,
            _ => 0.0,
        };
        let Some(placement) = placer.place_cheapest(*own, *size, longest, cost) else { continue };
        if let Some((from, to)) = placement.leader {
            // White under the line, so that it is seen on every area.
            canvas.line(from, to, WHITE, 2.2);
            canvas.line(from, to, INK, 0.7);
        }
        if dots[*own].radius <= FOOT {
            canvas.solid(Mark::Circle, dots[*own].centre, FOOT + 0.7, WHITE);
            canvas.solid(Mark::Circle, dots[*own].centre, FOOT, INK);
        }
        if data.base.land(at_home(placement.rect)) > 0.0 {
            canvas.block(placement.rect.grown(-1.0).widened(1.5), WHITE);
        }
        canvas.text((placement.rect.left + 1.0, placement.rect.top + 1.0), text, kind(area), INK, Anchor::Start);
    }
}

fn kind(area: &MapArea) -> super::text::Type {
    if area.first || area.shade == Shade::Home { HEADING } else { LABEL }
}

/// An area's name on one line and the room that it takes.
fn name(area: &MapArea, language: Language) -> Option<(String, (f64, f64))> {
    let kind = kind(area);
    let line = kind.wrapped(&label(&area.name), WIDEST_NAME, 1, language).into_iter().next()?;
    let size = (kind.width(&line) + 2.0, kind.leading() + 2.0);
    Some((line, size))
}

/// What the shades mean; returns where the legend ends.
fn head(canvas: &mut Canvas, data: &MapData, shown: &BTreeMap<&str, &MapArea>, bounds: &[f64; 6], right: f64) -> f64 {
    let language = data.about.language;
    let mut top = 2.0;
    if data.scores().next().is_some() {
        let scores = language.pick("Poäng, 1–100 (mörkare är högre)", "Score, 1–100 (darker is higher)");
        let title = data.measure.as_ref().map_or_else(|| scores.to_owned(), |measure| label(measure));
        canvas.text((0.0, top), &title, LABEL, MUTED, Anchor::Start);
        top += LABEL.leading() + 3.0;
        let left = 8.0;
        for (index, colour) in MAP.into_iter().enumerate() {
            let rect = Rect::new(left + SWATCH.0 * index as f64, top, SWATCH.0, SWATCH.1);
            canvas.block(rect, colour);
            canvas.frame(rect, QUIET, 0.4);
        }
        top += SWATCH.1 + 2.0;
        for (index, bound) in bounds.iter().enumerate() {
            canvas.text((left + SWATCH.0 * index as f64, top), &formatted(*bound, 0, language), LABEL, MUTED, Anchor::Middle);
        }
        top += LABEL.leading() + 4.0;
    }
    let any = |wanted: fn(&MapArea) -> bool| shown.values().any(|area| wanted(area));
    let mut entries: Vec<(Symbol, String)> = Vec::new();
    let darkest = MAP[3];
    if any(|area| area.first) {
        entries.push((Symbol::Rimmed(darkest), data.first.clone()));
    }
    if any(|area| area.shade == Shade::Home) {
        entries.push((Symbol::Swatch(WHITE), data.home.clone()));
    }
    if any(|area| area.shade == Shade::Missing || matches!(area.shade, Shade::Score(score) if !score.is_finite())) {
        entries.push((Symbol::Hatched, language.pick("uppgifter saknas", "figures missing").to_owned()));
    }
    if any(|area| area.shade == Shade::Closed) {
        entries.push((Symbol::CrossHatched, data.closed.clone()));
    }
    let others = data.base.shapes.iter().any(|shape| !shown.contains_key(shape.code.as_str()));
    if others || any(|area| area.shade == Shade::Unlisted) {
        entries.push((Symbol::Swatch(LAND), language.pick("ingår inte på listan", "not on the list").to_owned()));
    }
    let small = |area: &MapArea| area.shade != Shade::Unlisted && data.base.shape(&area.code).is_some_and(|(_, shape)| !shape.is_visible);
    if shown.values().any(|area| small(area)) {
        let text = language.pick("land som är för litet för kartan", "country too small for the map");
        entries.push((Symbol::Filled(Mark::Circle, MAP[2], CIRCLE), text.to_owned()));
    }
    legend(canvas, (0.0, right), top, &entries, language)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_classes_hold_every_score_between_round_numbers() {
        assert_eq!(classes([2.7, 71.4]).map(|bound| bound as i32), [0, 15, 30, 45, 60, 75]);
        assert_eq!(classes([10.2, 88.4]).map(|bound| bound as i32), [0, 20, 40, 60, 80, 100]);
        assert_eq!(classes([13.1, 45.8]).map(|bound| bound as i32), [8, 16, 24, 32, 40, 48]);
        for low in 0..100 {
            for high in low..=100 {
                let scores = [f64::from(low), f64::from(high)];
                let bounds = classes(scores);
                assert!(bounds[0] <= scores[0] && scores[1] <= bounds[5], "{scores:?}: {bounds:?}");
                assert!(bounds[0] >= 0.0 && bounds[5] <= 100.0 + 1e-9, "{bounds:?}");
            }
        }
    }

    #[test]
    fn a_bound_belongs_to_the_class_above_it() {
        let bounds = [0.0, 15.0, 30.0, 45.0, 60.0, 75.0];
        assert_eq!([0.0, 14.9, 15.0, 59.9, 60.0, 75.0].map(|score| class(score, &bounds)), [0, 0, 1, 3, 4, 4]);
    }
}
