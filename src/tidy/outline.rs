//! Outlines of countries and counties, simplified as far as a map in print allows. A border that two areas share stays one line: it is found again as an arc
//! between the points where more than two lines meet, and each arc is simplified once, whichever area asks.

use std::collections::{BTreeMap, BTreeSet};

use super::dataset::Outline;
use super::{Shelf, TidyError, table};
use crate::code::CountryScheme;
use crate::format::outlines::{Point, Ring, geojson, topojson};

/// Kilometres of a degree of latitude.
const DEGREE: f64 = 111.2;

/// How a map is drawn from its outlines.
struct Plan {
    map: &'static str,
    /// Longitudes and latitudes that the map shows; what lies outside is kept only as far as its rings reach in.
    shown: Option<[f64; 4]>,
    /// How far a simplified line may lie from the published one, kilometres.
    tolerance: f64,
    /// The same outside what the map shows.
    tolerance_outside: f64,
    /// Smallest island that is kept, square kilometres; the largest of an area always is.
    least: f64,
    /// Decimals of the degrees.
    decimals: u32,
}

const EUROPE: Plan =
    Plan { map: "europe", shown: Some([-40.0, 75.0, 28.0, 82.0]), tolerance: 2.8, tolerance_outside: 60.0, least: 80.0, decimals: 2 };
const WORLD: Plan = Plan { map: "world", shown: None, tolerance: 17.5, tolerance_outside: 17.5, least: 3000.0, decimals: 1 };
const SWEDEN: Plan = Plan { map: "sweden", shown: None, tolerance: 0.9, tolerance_outside: 0.9, least: 15.0, decimals: 2 };

/// Year of the outlines of countries: the edition of world-atlas.
const COUNTRIES_OF: i32 = 2019;
/// Year of the outlines of municipalities.
const MUNICIPALITIES_OF: i32 = 2020;

type Areas = BTreeMap<String, Vec<Ring>>;

pub(super) fn tables(shelf: &mut Shelf) -> Result<Vec<(&'static str, Vec<u8>)>, TidyError> {
    let source = "natural_earth_countries";
    let (bytes, file) = shelf.bytes(source)?;
    let mut countries = Areas::new();
    let mut published = 0;
    for outline in topojson(&bytes, &file, "countries", "name")? {
        published += 1;
        // Land that is no country of our lists is drawn without a code.
        let country = shelf.country(CountryScheme::NaturalEarth, &outline.name, &file)?;
        countries.entry(country.map_or_else(String::new, |country| country.to_string())).or_default().extend(outline.rings);
    }
    let mut rows = Vec::new();
    for plan in [&EUROPE, &WORLD] {
        rows.extend(drawn(&countries, plan, COUNTRIES_OF, source));
    }
    shelf.receipt(source, std::iter::repeat_n(COUNTRIES_OF, published));

    let source = "okfse_municipalities";
    let (bytes, file) = shelf.bytes(source)?;
    let mut municipalities: BTreeMap<String, Vec<Ring>> = BTreeMap::new();
    let mut published = 0;
    for outline in geojson(&bytes, &file, "lan_code")? {
        published += 1;
        let county = shelf.codes.county(&outline.name, &file)?;
        municipalities.entry(county.to_string()).or_default().extend(outline.rings);
    }
    let counties = municipalities.into_iter().map(|(county, rings)| (county, dissolved(&rings))).collect();
    rows.extend(drawn(&counties, &SWEDEN, MUNICIPALITIES_OF, source));
    shelf.receipt(source, std::iter::repeat_n(MUNICIPALITIES_OF, published));
    Ok(vec![table(rows)?])
}

fn edges(ring: &Ring) -> impl Iterator<Item = (Point, Point)> {
    ring.array_windows().map(|[from, to]| (*from, *to))
}

/// The outline of neighbours taken together: the edges that only one of them has, put end to end.
fn dissolved(rings: &[Ring]) -> Vec<Ring> {
    let all: BTreeSet<(Point, Point)> = rings.iter().flat_map(edges).collect();
    let mut next: BTreeMap<Point, BTreeSet<Point>> = BTreeMap::new();
    for (from, to) in all.iter().filter(|(from, to)| !all.contains(&(*to, *from))) {
        next.entry(*from).or_default().insert(*to);
    }
    let mut joined = Vec::new();
    while let Some((start, _)) = next.first_key_value() {
        let (start, mut ring) = (*start, vec![*start]);
        let mut at = start;
        while let Some(to) = next.get_mut(&at).and_then(BTreeSet::pop_first) {
            if next.get(&at).is_some_and(BTreeSet::is_empty) {
                next.remove(&at);
            }
            ring.push(to);
            at = to;
        }
        // Edges of neighbours that do not fit each other leave open ends; they enclose nothing.
        if at == start && ring.len() >= 4 {
            joined.push(ring);
        }
    }
    joined
}

fn degrees(point: Point) -> (f64, f64) {
    (point.0 as f64 / 1e6, point.1 as f64 / 1e6)
}

/// The area that a ring encloses, square kilometres, near enough to tell islands from skerries.
fn square_kilometres(ring: &Ring) -> f64 {
    let sum: f64 = edges(ring)
        .map(|(from, to)| {
            let ((x0, y0), (x1, y1)) = (degrees(from), degrees(to));
            (x1 - x0) * f64::midpoint(y0.to_radians().sin(), y1.to_radians().sin())
        })
        .sum();
    sum.abs() * DEGREE * DEGREE * 180.0 / std::f64::consts::PI
}

/// From a point to a line between two others, kilometres, on the plane that touches Earth at the point.
fn kilometres(point: Point, from: Point, to: Point) -> f64 {
    let (x, y) = degrees(point);
    let narrow = y.to_radians().cos();
    let flat = |other: Point| {
        let (longitude, latitude) = degrees(other);
        ((longitude - x) * narrow * DEGREE, (latitude - y) * DEGREE)
    };
    let ((ax, ay), (bx, by)) = (flat(from), flat(to));
    let (dx, dy) = (bx - ax, by - ay);
    let length = dx * dx + dy * dy;
    let share = if length > 0.0 { (-(ax * dx + ay * dy) / length).clamp(0.0, 1.0) } else { 0.0 };
    f64::hypot(ax + share * dx, ay + share * dy)
}

/// Ramer, Douglas and Peucker: the points that lie further from the simplified line than `tolerance` allows at them.
fn simplified(arc: &[Point], tolerance: &impl Fn(Point) -> f64) -> Vec<Point> {
    let mut kept = vec![false; arc.len()];
    let mut open = vec![(0, arc.len() - 1)];
    kept[0] = true;
    kept[arc.len() - 1] = true;
    while let Some((first, last)) = open.pop() {
        let far = (first + 1..last)
            .map(|index| (kilometres(arc[index], arc[first], arc[last]) / tolerance(arc[index]), index))
            .reduce(|most, next| if next.0 > most.0 { next } else { most });
        if let Some((_, index)) = far.filter(|(distance, _)| *distance > 1.0) {
            kept[index] = true;
            open.extend([(first, index), (index, last)]);
        }
    }
    arc.iter().zip(kept).filter(|(_, kept)| *kept).map(|(point, _)| *point).collect()
}

/// The arcs of a ring between the points where lines meet.
fn arcs(ring: &Ring, meets: &impl Fn(Point) -> bool) -> Vec<Vec<Point>> {
    let corners = &ring[..ring.len() - 1];
    // A ring that meets nothing begins at its smallest point, in whichever area it stands.
    let start = (0..corners.len()).find(|index| meets(corners[*index])).or_else(|| (0..corners.len()).min_by_key(|index| corners[*index]));
    let mut turned = corners.to_vec();
    turned.rotate_left(start.unwrap_or(0));
    turned.extend(turned.first().copied());
    let mut arcs = Vec::new();
    let mut arc = Vec::new();
    for (index, point) in turned.iter().enumerate() {
        arc.push(*point);
        if index > 0 && (index + 1 == turned.len() || meets(*point)) {
            arcs.push(std::mem::replace(&mut arc, vec![*point]));
        }
    }
    arcs
}

/// A ring with each arc simplified the way it would be from its other end.
fn coarse(ring: &Ring, meets: &impl Fn(Point) -> bool, tolerance: &impl Fn(Point) -> f64) -> Ring {
    let mut whole: Ring = Vec::new();
    for mut arc in arcs(ring, meets) {
        let backwards = arc.iter().rev().lt(arc.iter());
        if backwards {
            arc.reverse();
        }
        let mut arc = simplified(&arc, tolerance);
        if backwards {
            arc.reverse();
        }
        whole.extend(arc);
    }
    whole.dedup();
    whole
}

/// The rows of a map.
fn drawn(areas: &Areas, plan: &Plan, period: i32, source: &str) -> Vec<Outline> {
    let mut neighbours: BTreeMap<Point, BTreeSet<Point>> = BTreeMap::new();
    for (from, to) in areas.values().flatten().flat_map(edges) {
        neighbours.entry(from).or_default().insert(to);
        neighbours.entry(to).or_default().insert(from);
    }
    let meets = |point: Point| neighbours.get(&point).is_some_and(|around| around.len() != 2);
    let shown = |point: Point| {
        let (x, y) = degrees(point);
        plan.shown.is_none_or(|[west, east, south, north]| (west..=east).contains(&x) && (south..=north).contains(&y))
    };
    // A small country keeps its shape: its own size says how coarse its line may be.
    let largest = |rings: &[Ring]| rings.iter().map(square_kilometres).fold(0.0, f64::max);
    let mut fine: BTreeMap<Point, f64> = BTreeMap::new();
    for (code, rings) in areas {
        let size = largest(rings);
        let tolerance = 0.1 * size.sqrt();
        if code.is_empty() || tolerance >= plan.tolerance {
            continue;
        }
        for point in rings.iter().filter(|ring| square_kilometres(ring) >= size).flatten() {
            let finest = fine.entry(*point).or_insert(tolerance);
            *finest = finest.min(tolerance);
        }
    }
    let tolerance = |point: Point| match fine.get(&point) {
        Some(fine) => *fine,
        None if shown(point) => plan.tolerance,
        None => plan.tolerance_outside,
    };
    let mut rows = Vec::new();
    for (code, rings) in areas {
        let size = largest(rings);
        let mut number = 0;
        for ring in rings {
            let own = square_kilometres(ring);
            let is_largest = !code.is_empty() && own >= size;
            if !(ring.iter().any(|point| shown(*point)) && (own >= plan.least || is_largest)) {
                continue;
            }
            // A square kilometre is a hundredth of a degree wide; smaller states need a finer grid to be more than a point.
            let decimals = if own < 40.0 * plan.least { plan.decimals + 1 } else { plan.decimals } + u32::from(own < 100.0) + u32::from(own < 5.0);
            let line = written(&coarse(ring, &meets, &tolerance), decimals.min(5));
            let Some(line) = line.or_else(|| written(ring, 5).filter(|_| is_largest)) else { continue };
            number += 1;
            let area = Some(code.clone()).filter(|code| !code.is_empty());
            rows.push(Outline { map: plan.map.to_owned(), area, ring: number, line, period, source: source.to_owned() });
        }
    }
    rows
}

/// A ring as WKT with so many decimals; `None` where it shrinks to less than a triangle.
fn written(ring: &Ring, decimals: u32) -> Option<String> {
    let step = 10_i64.pow(6 - decimals);
    let round = |millionths: i64| (millionths + step / 2).div_euclid(step);
    let mut points: Vec<(i64, i64)> = ring.iter().map(|(x, y)| (round(*x), round(*y))).collect();
    points.dedup();
    if points.len() < 4 {
        return None;
    }
    let number = |value: i64| {
        let text = format!("{:.*}", decimals as usize, value as f64 / 10_f64.powi(decimals.cast_signed()));
        let text = text.trim_end_matches('0').trim_end_matches('.');
        if text == "-0" { "0".to_owned() } else { text.to_owned() }
    };
    let points: Vec<String> = points.into_iter().map(|(x, y)| format!("{} {}", number(x), number(y))).collect();
    Some(format!("LINESTRING({})", points.join(",")))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two squares with a wavy border between them, the second drawn the other way round.
    fn neighbours() -> Areas {
        let wave: Vec<Point> = (0..=20).map(|step| (1_000_000 + (step % 2) * 30_000, step * 50_000)).collect();
        let mut left = vec![(0, 0)];
        left.extend(&wave);
        left.extend([(0, 1_000_000), (0, 0)]);
        let mut right = vec![(2_000_000, 0), (2_000_000, 1_000_000)];
        right.extend(wave.iter().rev());
        right.push((2_000_000, 0));
        Areas::from([("AA".to_owned(), vec![left]), ("BB".to_owned(), vec![right])])
    }

    fn points(line: &str) -> Vec<&str> {
        line.trim_start_matches("LINESTRING(").trim_end_matches(')').split(',').collect()
    }

    #[test]
    fn a_shared_border_stays_shared_when_it_is_simplified() {
        for tolerance in [0.5, 20.0] {
            let plan = Plan { map: "test", shown: None, tolerance, tolerance_outside: tolerance, least: 0.0, decimals: 3 };
            let rows = drawn(&neighbours(), &plan, 2020, "test");
            let border = |row: &Outline| -> BTreeSet<String> {
                points(&row.line).into_iter().filter(|point| point.starts_with("1 ") || point.starts_with("1.03")).map(str::to_owned).collect()
            };
            assert_eq!(border(&rows[0]), border(&rows[1]));
            assert_eq!(border(&rows[0]).len(), if tolerance < 1.0 { 21 } else { 2 });
        }
    }

    #[test]
    fn neighbours_dissolve_into_one_ring_without_the_border_between_them() {
        let rings: Vec<Ring> = neighbours().into_values().flatten().collect();
        let one = dissolved(&rings);
        assert_eq!(one.len(), 1);
        assert!(!one[0].contains(&(1_030_000, 50_000)));
    }

    #[test]
    fn a_square_of_a_degree_has_the_area_that_the_sphere_gives_it() {
        let ring = vec![(0, 0), (1_000_000, 0), (1_000_000, 1_000_000), (0, 1_000_000), (0, 0)];
        assert!((square_kilometres(&ring) / (DEGREE * DEGREE) - 1.0).abs() < 0.01);
    }
}
