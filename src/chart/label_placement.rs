//! Finds places for labels beside marks: near first, then with a leader line, never over a mark, a label or a leader.

use super::canvas::{Canvas, Rect};
use super::palette::QUIET;

/// Least room between two labels, and between a label and a mark.
const AIR: f64 = 1.5;
/// More of it sideways, so that two labels do not read as one.
const BETWEEN_WORDS: f64 = 3.0;
/// Room between a mark and the label that belongs to it.
const GAP: f64 = 2.5;
/// Lengths of leader lines that are tried, in points.
const LEADERS: [f64; 6] = [9.0, 16.0, 24.0, 34.0, 46.0, 60.0];
/// Longer ones, for a map with room beside it.
const FAR_LEADERS: [f64; 5] = [75.0, 95.0, 120.0, 150.0, 190.0];
const DIRECTIONS: usize = 24;
/// How much nearer a label without a leader must be to its own mark than to another.
const CLEARLY: f64 = 1.5;
/// Step of the search over the whole frame when nothing nearer is free.
const STEP: f64 = 6.0;

/// A straight line from one point to another.
pub type Segment = ((f64, f64), (f64, f64));

/// A mark as an obstacle.
#[derive(Debug, Clone, Copy)]
pub struct Dot {
    pub centre: (f64, f64),
    pub radius: f64,
}

/// Where a label goes, and the line that ties it to its mark if it is not beside it.
#[derive(Debug, Clone)]
pub struct Placement {
    pub rect: Rect,
    pub side: Side,
    pub leader: Option<Segment>,
}

impl Placement {
    pub fn draw_leader(&self, canvas: &mut Canvas) {
        if let Some((from, to)) = self.leader {
            canvas.line(from, to, QUIET, 0.7);
        }
    }
}

/// On which side of its mark a label stands, so that its lines can start or end there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    Left,
    Right,
    Level,
}

/// Remembers what is taken.
pub struct Placer<'a> {
    frame: Rect,
    dots: &'a [Dot],
    labels: Vec<Rect>,
    leaders: Vec<Segment>,
}

impl<'a> Placer<'a> {
    pub fn new(frame: Rect, dots: &'a [Dot]) -> Self {
        Self { frame, dots, labels: Vec::new(), leaders: Vec::new() }
    }

    /// A place for a mark's label in one of the sizes (width, height), tried in order; also which size it was.
    pub fn place(&mut self, own: usize, sizes: &[(f64, f64)]) -> Option<(Placement, usize)> {
        let beside = sizes.iter().enumerate().flat_map(|(index, size)| beside(self.dots[own], *size).into_iter().map(move |rect| (rect, index)));
        for (rect, index) in beside {
            if self.is_free(rect) && self.belongs(own, rect) {
                return Some((self.keep(own, rect, None), index));
            }
        }
        for length in LEADERS {
            for (index, size) in sizes.iter().enumerate() {
                for direction in 0..DIRECTIONS {
                    let rect = led(self.dots[own], *size, length, direction);
                    if let Some(placement) = self.with_leader(own, rect) {
                        return Some((placement, index));
                    }
                }
            }
        }
        None
    }

    /// A place inside the mark, if the label fits there and no other mark or leader touches it.
    pub fn place_inside(&mut self, own: usize, (width, height): (f64, f64)) -> Option<Placement> {
        let Dot { centre, radius } = self.dots[own];
        // The diamond's corner is nearer than its reach.
        let half = f64::hypot(width, height) / 2.0;
        let rect = Rect::new(centre.0 - width / 2.0, centre.1 - height / 2.0, width, height);
        let free = half < radius * 0.8
            && self.dots.iter().enumerate().all(|(index, dot)| index == own || !touches(*dot, rect))
            && self.misses_labels(rect)
            && self.leaders.iter().all(|leader| !crosses(*leader, rect));
        free.then(|| self.keep(own, rect, None))
    }

    /// Takes a place that the caller has chosen for a mark's label, if it is free of all but the mark itself.
    pub fn take(&mut self, rect: Rect) -> bool {
        let free = self.is_free(rect);
        if free {
            self.labels.push(rect);
        }
        free
    }

    /// The cheapest free place at the end of a leader no longer than `longest`: its length, and what the caller says that the place itself costs.
    pub fn place_cheapest(&mut self, own: usize, size: (f64, f64), longest: f64, cost: impl Fn(Rect) -> f64) -> Option<Placement> {
        let mut best: Option<(f64, Rect)> = None;
        for length in LEADERS.into_iter().chain(FAR_LEADERS).filter(|length| *length <= longest) {
            for direction in 0..DIRECTIONS {
                let rect = led(self.dots[own], size, length, direction);
                // The dearest thing is tested last.
                if best.is_some_and(|(least, _)| least <= length) || !self.is_free(rect) || !self.is_clear(own, self.leader(own, rect)) {
                    continue;
                }
                let whole = length + cost(rect);
                if best.is_none_or(|(least, _)| whole < least) {
                    best = Some((whole, rect));
                }
            }
        }
        let (_, rect) = best?;
        Some(self.keep(own, rect, Some(self.leader(own, rect))))
    }

    /// As [`Self::place`] with one size, then the best free place in the whole frame: near, with a leader that crosses as
    /// little as it can.
    pub fn place_anywhere(&mut self, own: usize, size: (f64, f64)) -> Option<Placement> {
        if let Some((placement, _)) = self.place(own, &[size]) {
            return Some(placement);
        }
        let centre = self.dots[own].centre;
        let columns = ((self.frame.width - size.0) / STEP) as usize;
        let rows = ((self.frame.height - size.1) / STEP) as usize;
        let mut best: Option<(f64, Rect, Segment)> = None;
        for row in 0..=rows {
            for column in 0..=columns {
                let rect = Rect::new(self.frame.left + column as f64 * STEP, self.frame.top + row as f64 * STEP, size.0, size.1);
                let (x, y) = rect.centre();
                let distance = f64::hypot(x - centre.0, y - centre.1);
                if best.is_some_and(|(least, ..)| least <= distance) || !self.is_free(rect) {
                    continue;
                }
                let leader = self.leader(own, rect);
                let cost = distance + self.crossing_cost(leader);
                if best.is_none_or(|(least, ..)| cost < least) {
                    best = Some((cost, rect, leader));
                }
            }
        }
        let (_, rect, leader) = best?;
        Some(self.keep(own, rect, Some(leader)))
    }

    /// What a leader's crossings are worth in points of distance.
    fn crossing_cost(&self, leader: Segment) -> f64 {
        let labels = self.labels.iter().filter(|taken| crosses(leader, taken.grown(AIR / 2.0))).count();
        let leaders = self.leaders.iter().filter(|other| meets(leader, **other)).count();
        200.0 * labels as f64 + 15.0 * leaders as f64
    }

    fn with_leader(&mut self, own: usize, rect: Rect) -> Option<Placement> {
        if !self.is_free(rect) {
            return None;
        }
        let leader = self.leader(own, rect);
        self.is_clear(own, leader).then(|| self.keep(own, rect, Some(leader)))
    }

    /// Whether a leader meets no label, leader or mark but its own.
    fn is_clear(&self, own: usize, leader: Segment) -> bool {
        self.labels.iter().all(|taken| !crosses(leader, taken.grown(AIR)))
            && self.leaders.iter().all(|other| !meets(leader, *other))
            && self.dots.iter().enumerate().all(|(index, dot)| index == own || !crosses(leader, Rect::around(dot.centre.0, dot.centre.1, dot.radius)))
    }

    /// From the edge of the mark to the nearest point of the label.
    fn leader(&self, own: usize, rect: Rect) -> Segment {
        let Dot { centre, radius } = self.dots[own];
        let rect = rect.grown(0.5);
        let to = (centre.0.clamp(rect.left, rect.right()), centre.1.clamp(rect.top, rect.bottom()));
        let length = f64::hypot(to.0 - centre.0, to.1 - centre.1).max(1e-9);
        let share = (radius / length).min(1.0);
        let from = (centre.0 + (to.0 - centre.0) * share, centre.1 + (to.1 - centre.1) * share);
        (from, to)
    }

    fn keep(&mut self, own: usize, rect: Rect, leader: Option<Segment>) -> Placement {
        self.labels.push(rect);
        self.leaders.extend(leader);
        let x = self.dots[own].centre.0;
        let side = if rect.left >= x {
            Side::Right
        } else if rect.right() <= x {
            Side::Left
        } else {
            Side::Level
        };
        Placement { rect, side, leader }
    }

    /// Whether a label without a leader is clearly nearer to its own mark than to any other.
    fn belongs(&self, own: usize, rect: Rect) -> bool {
        let nearest = distance(self.dots[own], rect) + CLEARLY;
        self.dots.iter().enumerate().all(|(index, dot)| index == own || distance(*dot, rect) >= nearest)
    }

    fn is_free(&self, rect: Rect) -> bool {
        self.frame.contains(rect)
            && self.misses_labels(rect)
            && self.dots.iter().all(|dot| !touches(*dot, rect.grown(AIR / 2.0)))
            && self.leaders.iter().all(|leader| !crosses(*leader, rect.grown(AIR / 2.0)))
    }

    fn misses_labels(&self, rect: Rect) -> bool {
        self.labels.iter().all(|taken| !taken.widened(BETWEEN_WORDS).overlaps(rect.grown(AIR)))
    }
}

/// The places that touch the mark, best first: right, left, above, below, then the corners.
fn beside(dot: Dot, (width, height): (f64, f64)) -> Vec<Rect> {
    let (x, y) = dot.centre;
    let off = dot.radius + GAP;
    let corner = dot.radius * 0.75 + 1.5;
    [
        (x + off, y - height / 2.0),
        (x - off - width, y - height / 2.0),
        (x - width / 2.0, y - off - height + 1.0),
        (x - width / 2.0, y + off - 1.0),
        (x + corner, y - corner - height + 1.0),
        (x + corner, y + corner - 1.0),
        (x - corner - width, y - corner - height + 1.0),
        (x - corner - width, y + corner - 1.0),
    ]
    .into_iter()
    .map(|(left, top)| Rect::new(left, top, width, height))
    .collect()
}

/// A label at the end of a leader: pushed away so far that its nearest edge stands at `length` from the mark.
fn led(dot: Dot, (width, height): (f64, f64), length: f64, direction: usize) -> Rect {
    let angle = std::f64::consts::TAU * direction as f64 / DIRECTIONS as f64;
    let (cosine, sine) = (angle.cos(), angle.sin());
    let off = dot.radius + length;
    let (tip_x, tip_y) = (dot.centre.0 + off * cosine, dot.centre.1 + off * sine);
    Rect::new(tip_x + (cosine - 1.0) * width / 2.0, tip_y + (sine - 1.0) * height / 2.0, width, height)
}

fn touches(dot: Dot, rect: Rect) -> bool {
    distance(dot, rect) < 0.0
}

/// From the edge of a mark to a rectangle; negative inside.
fn distance(dot: Dot, rect: Rect) -> f64 {
    let (x, y) = dot.centre;
    let near = (x.clamp(rect.left, rect.right()), y.clamp(rect.top, rect.bottom()));
    f64::hypot(near.0 - x, near.1 - y) - dot.radius
}

/// Whether a segment passes through a rectangle (Liang and Barsky).
fn crosses((from, to): Segment, rect: Rect) -> bool {
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let (mut enter, mut leave) = (0.0_f64, 1.0_f64);
    for (delta, room) in [(-dx, from.0 - rect.left), (dx, rect.right() - from.0), (-dy, from.1 - rect.top), (dy, rect.bottom() - from.1)] {
        if delta.abs() < 1e-12 {
            if room < 0.0 {
                return false;
            }
        } else if delta < 0.0 {
            enter = enter.max(room / delta);
        } else {
            leave = leave.min(room / delta);
        }
    }
    enter < leave
}

/// Whether two segments cross.
fn meets((a, b): Segment, (c, d): Segment) -> bool {
    let side = |from: (f64, f64), to: (f64, f64), point: (f64, f64)| (to.0 - from.0) * (point.1 - from.1) - (to.1 - from.1) * (point.0 - from.0);
    side(a, b, c) * side(a, b, d) < 0.0 && side(c, d, a) * side(c, d, b) < 0.0
}

#[cfg(test)]
mod tests {
    use super::*;

    const FRAME: Rect = Rect::new(0.0, 0.0, 200.0, 200.0);

    #[test]
    fn a_lone_mark_has_its_label_to_the_right() {
        let dots = [Dot { centre: (50.0, 50.0), radius: 5.0 }];
        let (placement, _) = Placer::new(FRAME, &dots).place(0, &[(40.0, 10.0)]).expect("there is room");
        assert!(placement.leader.is_none());
        assert!((placement.rect.left - 57.5).abs() < 1e-9);
    }

    #[test]
    fn forty_marks_on_one_spot_all_get_a_number() {
        let dots = [Dot { centre: (100.0, 100.0), radius: 5.0 }; 40];
        let mut placer = Placer::new(FRAME, &dots);
        for own in 0..dots.len() {
            assert!(placer.place_anywhere(own, (12.0, 10.0)).is_some());
        }
        for (index, one) in placer.labels.iter().enumerate() {
            assert!(FRAME.contains(*one));
            assert!(placer.labels[..index].iter().all(|other| !one.overlaps(*other)));
        }
    }

    #[test]
    fn a_segment_through_a_rectangle_crosses_it() {
        let rect = Rect::new(10.0, 10.0, 10.0, 10.0);
        assert!(crosses(((0.0, 15.0), (30.0, 15.0)), rect));
        assert!(!crosses(((0.0, 5.0), (30.0, 5.0)), rect));
        assert!(!crosses(((0.0, 15.0), (9.0, 15.0)), rect));
    }
}
