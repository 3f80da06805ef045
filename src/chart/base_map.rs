//! The outlines of a map, projected and clipped once for all maps of a run, with a grid that says which area each spot belongs to.

use super::canvas::{Rect, WIDTH};
use super::projection::Projection;

/// Side of a cell of the grid, points.
const CELL: f64 = 1.5;
/// What has less room than this on the map gets a circle, square points.
const VISIBLE: f64 = 9.0;
/// The same on the map of the world.
const VISIBLE_IN_WORLD: f64 = 2.5;
/// Height of the map of Sweden, points.
const SWEDEN_HEIGHT: f64 = 350.0;

/// What a map shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// Europe with its neighbours in the south and east.
    Europe,
    /// All continents but Antarctica.
    World,
    /// Sweden.
    Sweden,
}

impl Extent {
    /// The column `map` of the table of outlines.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Europe => "europe",
            Self::World => "world",
            Self::Sweden => "sweden",
        }
    }

    fn projection(self) -> Projection {
        match self {
            Self::Europe => Projection::Azimuthal { middle: (10.0, 52.0) },
            Self::World => Projection::EqualEarth,
            Self::Sweden => Projection::Azimuthal { middle: (16.5, 62.0) },
        }
    }

    /// West, south, east and north of the frame, metres.
    fn frame(self) -> [f64; 4] {
        match self {
            // Iceland, Gibraltar, Crete, Cyprus, the Caucasus and North Cape lie inside.
            Self::Europe => [-1_870_000.0, -1_960_000.0, 3_230_000.0, 2_230_000.0],
            Self::World => {
                let edge = self.projection();
                [edge.place((-180.0, 0.0)).0, edge.place((0.0, -56.0)).1, edge.place((180.0, 0.0)).0, edge.place((0.0, 84.0)).1]
            }
            Self::Sweden => [-310_000.0, -765_000.0, 395_000.0, 815_000.0],
        }
    }
}

/// A point of an outline in points from the map's upper left corner.
type Spot = (f64, f64);

/// An area on the map.
#[derive(Debug, Clone, PartialEq)]
pub struct Shape {
    /// Country or county; empty for land that is none of the lists'.
    pub code: String,
    /// Its rings, open, in points from the map's upper left corner; the area is what an odd number of them encloses.
    pub rings: Vec<Vec<Spot>>,
    /// Its area on the map, square points.
    pub area: f64,
    /// Whether it is large enough to be seen as it is.
    pub is_visible: bool,
    /// The spot that lies furthest from its border.
    pub middle: Spot,
}

/// A map without its figures.
#[derive(Debug, Clone, PartialEq)]
pub struct BaseMap {
    /// What it shows.
    pub extent: Extent,
    /// Width, points.
    pub width: f64,
    /// Height, points.
    pub height: f64,
    /// Its areas, by code.
    pub shapes: Vec<Shape>,
    columns: usize,
    /// Position of the shape at every cell, from 1; 0 is water.
    cells: Vec<u16>,
}

impl BaseMap {
    /// Projects outlines: the code of an area and its rings in degrees.
    #[must_use]
    pub fn new<'a>(extent: Extent, outlines: impl IntoIterator<Item = (&'a str, &'a [Vec<(f64, f64)>])>) -> Self {
        let projection = extent.projection();
        let [west, south, east, north] = extent.frame();
        let scale = match extent {
            Extent::Europe | Extent::World => WIDTH / (east - west),
            Extent::Sweden => SWEDEN_HEIGHT / (north - south),
        };
        let (width, height) = ((east - west) * scale, (north - south) * scale);
        let frame = Rect::new(0.0, 0.0, width, height);
        let mut shapes: Vec<Shape> = outlines
            .into_iter()
            .map(|(code, rings)| {
                let spot = |place: &(f64, f64)| {
                    let (x, y) = projection.place(*place);
                    ((x - west) * scale, (north - y) * scale)
                };
                let rings: Vec<Vec<Spot>> = rings
                    .iter()
                    .flat_map(|ring| on_one_sheet(ring, extent))
                    .map(|ring| clipped(ring.iter().map(spot).collect(), frame))
                    .filter(|ring| ring.len() >= 3)
                    .collect();
                let largest = rings.iter().max_by(|one, other| doubled_area(one).abs().total_cmp(&doubled_area(other).abs()));
                let middle = largest.map_or((0.0, 0.0), |ring| middle(ring));
                // Holes count as land here, which only says that the country is large enough to be seen.
                let area = rings.iter().map(|ring| doubled_area(ring).abs() / 2.0).sum();
                let least = if extent == Extent::World { VISIBLE_IN_WORLD } else { VISIBLE };
                Shape { code: code.to_owned(), rings, area, is_visible: area >= least, middle }
            })
            .filter(|shape| !shape.rings.is_empty())
            .collect();
        shapes.sort_by(|one, other| one.code.cmp(&other.code));
        let (columns, rows) = ((width / CELL).ceil() as usize, (height / CELL).ceil() as usize);
        let mut map = Self { extent, width, height, shapes, columns, cells: vec![0; columns * rows] };
        map.fill();
        map.find_middles();
        map
    }

    /// The area with a code.
    #[must_use]
    pub fn shape(&self, code: &str) -> Option<(usize, &Shape)> {
        let position = self.shapes.binary_search_by(|shape| shape.code.as_str().cmp(code)).ok()?;
        Some((position, &self.shapes[position]))
    }

    /// The cells of each area, row by row.
    fn fill(&mut self) {
        let rows = self.cells.len() / self.columns.max(1);
        for (position, shape) in self.shapes.iter().enumerate() {
            let mut crossings: Vec<Vec<f64>> = vec![Vec::new(); rows];
            for ring in &shape.rings {
                for (index, from) in ring.iter().enumerate() {
                    let to = ring[(index + 1) % ring.len()];
                    let (upper, lower) = if from.1 <= to.1 { (*from, to) } else { (to, *from) };
                    let first = (upper.1 / CELL - 0.5).ceil().max(0.0) as usize;
                    for (row, places) in crossings.iter_mut().enumerate().skip(first) {
                        let y = (row as f64 + 0.5) * CELL;
                        if y >= lower.1 {
                            break;
                        }
                        places.push(upper.0 + (y - upper.1) / (lower.1 - upper.1) * (lower.0 - upper.0));
                    }
                }
            }
            for (row, mut places) in crossings.into_iter().enumerate() {
                places.sort_by(f64::total_cmp);
                for inside in places.chunks_exact(2) {
                    let from = (inside[0] / CELL - 0.5).ceil().max(0.0) as usize;
                    let to = ((inside[1] / CELL - 0.5).ceil().max(0.0) as usize).min(self.columns);
                    for cell in self.cells.iter_mut().skip(row * self.columns + from).take(to.saturating_sub(from)) {
                        *cell = u16::try_from(position + 1).unwrap_or(u16::MAX);
                    }
                }
            }
        }
    }

    /// Moves each area's middle to the cell that lies furthest from its border.
    fn find_middles(&mut self) {
        let columns = self.columns;
        if columns == 0 {
            return;
        }
        let rows = self.cells.len() / columns;
        let mut depth: Vec<f64> = vec![0.5; self.cells.len()];
        let neighbours = |index: usize, step: isize| -> [Option<(usize, f64)>; 4] {
            let (row, column) = ((index / columns).cast_signed(), (index % columns).cast_signed());
            [(0, 1, 1.0), (1, -1, 1.414), (1, 0, 1.0), (1, 1, 1.414)].map(|(down, right, length)| {
                let (row, column) = (row + step * down, column + step * right);
                let inside = row >= 0 && column >= 0 && row < rows.cast_signed() && column < columns.cast_signed();
                inside.then(|| (row.unsigned_abs() * columns + column.unsigned_abs(), length))
            })
        };
        let cells = &self.cells;
        let reach = |depth: &[f64], index: usize, step: isize| {
            neighbours(index, step).into_iter().fold(f64::INFINITY, |least, neighbour| match neighbour {
                Some((other, length)) if cells[other] == cells[index] => least.min(depth[other] + length),
                // A border, or the frame.
                _ => least.min(0.5),
            })
        };
        for index in 0..depth.len() {
            depth[index] = reach(&depth, index, -1);
        }
        for index in (0..depth.len()).rev() {
            depth[index] = depth[index].min(reach(&depth, index, 1));
        }
        let mut deepest: Vec<(f64, usize)> = vec![(0.0, 0); self.shapes.len()];
        for (index, cell) in cells.iter().enumerate().filter(|(_, cell)| **cell > 0) {
            let best = &mut deepest[usize::from(*cell) - 1];
            if depth[index] > best.0 {
                *best = (depth[index], index);
            }
        }
        for (shape, (depth, index)) in self.shapes.iter_mut().zip(deepest) {
            if depth > 0.0 {
                shape.middle = ((index % columns) as f64 * CELL + CELL / 2.0, (index / columns) as f64 * CELL + CELL / 2.0);
            }
        }
    }

    fn at(&self, x: f64, y: f64) -> u16 {
        let (column, row) = ((x / CELL) as usize, (y / CELL) as usize);
        if x < 0.0 || y < 0.0 || column >= self.columns { 0 } else { self.cells.get(row * self.columns + column).copied().unwrap_or(0) }
    }

    /// Share of a rectangle that is land.
    pub fn land(&self, rect: Rect) -> f64 {
        let spots: Vec<bool> = spots(rect).map(|(x, y)| self.at(x, y) > 0).collect();
        spots.iter().filter(|land| **land).count() as f64 / spots.len().max(1) as f64
    }

    /// Rectangles of a size that lie wholly inside an area, the nearest to its middle first.
    pub fn rooms(&self, position: usize, (width, height): (f64, f64)) -> Vec<Rect> {
        let own = u16::try_from(position + 1).unwrap_or(u16::MAX);
        let (middle_x, middle_y) = self.shapes[position].middle;
        let mut rooms: Vec<(f64, Rect)> = Vec::new();
        for down in -12_i32..=12 {
            for right in -16_i32..=16 {
                let (x, y) = (middle_x + f64::from(right) * 2.0 * CELL, middle_y + f64::from(down) * CELL);
                let rect = Rect::new(x - width / 2.0, y - height / 2.0, width, height);
                if spots(rect).all(|(x, y)| self.at(x, y) == own) {
                    rooms.push((f64::hypot(x - middle_x, y - middle_y), rect));
                }
            }
        }
        rooms.sort_by(|one, other| one.0.total_cmp(&other.0));
        rooms.into_iter().map(|(_, rect)| rect).collect()
    }
}

/// Spots all over a rectangle, no further apart than a cell and a half.
fn spots(rect: Rect) -> impl Iterator<Item = Spot> {
    let columns = (rect.width / (1.5 * CELL)).ceil().max(1.0) as usize;
    let rows = (rect.height / (1.5 * CELL)).ceil().max(1.0) as usize;
    (0..=rows).flat_map(move |row| {
        let y = rect.top + rect.height * row as f64 / rows as f64;
        (0..=columns).map(move |column| (rect.left + rect.width * column as f64 / columns as f64, y))
    })
}

/// An open ring in degrees without a jump where it crosses the date line: on the map of the world it is cut there, and each part drawn at its own edge.
fn on_one_sheet(ring: &[(f64, f64)], extent: Extent) -> Vec<Vec<(f64, f64)>> {
    let mut turns = 0.0;
    let mut before: Option<f64> = None;
    let unrolled: Vec<(f64, f64)> = ring[..ring.len().saturating_sub(1)]
        .iter()
        .map(|(longitude, latitude)| {
            let step = before.map_or(0.0, |before| longitude - before);
            turns -= if step > 180.0 { 360.0 } else { 0.0 };
            turns += if step < -180.0 { 360.0 } else { 0.0 };
            before = Some(*longitude);
            (longitude + turns, *latitude)
        })
        .collect();
    if extent != Extent::World || turns == 0.0 && unrolled.iter().all(|(longitude, _)| longitude.abs() <= 180.0) {
        return vec![unrolled];
    }
    let sheet = Rect::new(-180.0, -90.0, 360.0, 180.0);
    [-360.0, 0.0, 360.0].map(|shift| clipped(unrolled.iter().map(|(longitude, latitude)| (longitude + shift, *latitude)).collect(), sheet)).into()
}

fn doubled_area(ring: &[Spot]) -> f64 {
    (0..ring.len())
        .map(|index| {
            let ((x0, y0), (x1, y1)) = (ring[index], ring[(index + 1) % ring.len()]);
            x0 * y1 - x1 * y0
        })
        .sum()
}

fn middle(ring: &[Spot]) -> Spot {
    let (x, y) = ring.iter().fold((0.0, 0.0), |(x, y), spot| (x + spot.0, y + spot.1));
    (x / ring.len() as f64, y / ring.len() as f64)
}

/// The part of a ring inside a rectangle (Sutherland and Hodgman).
fn clipped(ring: Vec<Spot>, frame: Rect) -> Vec<Spot> {
    let sides: [(bool, f64, f64); 4] = [(true, frame.left, 1.0), (true, frame.right(), -1.0), (false, frame.top, 1.0), (false, frame.bottom(), -1.0)];
    sides.into_iter().fold(ring, |ring, (upright, side, sign)| {
        let depth = |spot: Spot| sign * (if upright { spot.0 } else { spot.1 } - side);
        let mut kept = Vec::with_capacity(ring.len());
        for (index, to) in ring.iter().enumerate() {
            let from = ring[(index + ring.len() - 1) % ring.len()];
            let (before, after) = (depth(from), depth(*to));
            if (before < 0.0) != (after < 0.0) {
                let share = before / (before - after);
                kept.push((from.0 + share * (to.0 - from.0), from.1 + share * (to.1 - from.1)));
            }
            if after >= 0.0 {
                kept.push(*to);
            }
        }
        kept
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ring_is_clipped_at_the_frame() {
        let ring = clipped(vec![(-5.0, 2.0), (5.0, 2.0), (5.0, 8.0), (-5.0, 8.0)], Rect::new(0.0, 0.0, 10.0, 10.0));
        assert!((doubled_area(&ring).abs() - 60.0).abs() < 1e-9, "{ring:?}");
    }

    #[test]
    fn land_across_the_date_line_is_cut_and_not_drawn_around_the_world() {
        let ring = vec![(170.0, 60.0), (-170.0, 60.0), (-170.0, 70.0), (170.0, 70.0), (170.0, 60.0)];
        let rings = [ring];
        let map = BaseMap::new(Extent::World, [("AA", &rings[..])]);
        let shape = map.shape("AA").expect("it is there").1;
        assert_eq!(shape.rings.len(), 2);
        for ring in &shape.rings {
            let (low, high) = ring.iter().fold((f64::INFINITY, 0.0_f64), |(low, high), spot| (low.min(spot.0), high.max(spot.0)));
            assert!(high - low < map.width / 8.0, "{low} {high}");
        }
    }

    #[test]
    fn the_middle_of_a_country_lies_inside_it_and_has_room_for_a_word() {
        // A thick L: its centroid is outside.
        let ring = vec![(0.0, 45.0), (2.0, 45.0), (2.0, 53.0), (12.0, 53.0), (12.0, 55.0), (0.0, 55.0), (0.0, 45.0)];
        let rings = [ring];
        let map = BaseMap::new(Extent::Europe, [("AA", &rings[..])]);
        let (position, shape) = map.shape("AA").expect("it is there");
        assert!(shape.is_visible);
        assert!(map.at(shape.middle.0, shape.middle.1) > 0);
        let rooms = map.rooms(position, (12.0, 8.0));
        assert!(!rooms.is_empty() && (map.land(rooms[0]) - 1.0).abs() < 1e-9);
        assert!(map.rooms(position, (300.0, 8.0)).is_empty());
    }
}
