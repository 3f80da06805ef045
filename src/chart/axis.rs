//! Scales, round tick values, and tick labels that never touch.

use super::Language;
use super::canvas::{Anchor, Canvas, LABEL, WIDTH};
use super::number::shortest;
use super::palette::{GRID, MUTED};

/// Least room between two tick labels, in points.
const BETWEEN: f64 = 6.0;

/// How values become places.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Linear,
    /// Square root: crowded small values get room, and zero has a place, which a logarithm denies it.
    Root,
}

/// A mapping from values to points along one direction.
#[derive(Debug, Clone, Copy)]
pub struct Scale {
    pub kind: Kind,
    pub values: (f64, f64),
    pub points: (f64, f64),
}

impl Scale {
    /// The place of a value; values outside the scale stop at its ends.
    pub fn place(&self, value: f64) -> f64 {
        let bent = |value: f64| match self.kind {
            Kind::Linear => value,
            Kind::Root => value.max(0.0).sqrt(),
        };
        let (from, to) = (bent(self.values.0), bent(self.values.1));
        let share = if to > from { ((bent(value) - from) / (to - from)).clamp(0.0, 1.0) } else { 0.5 };
        self.points.0 + share * (self.points.1 - self.points.0)
    }

    /// Tick labels centred below `top`, earlier ones preferred; those that would touch another or leave the page are left
    /// out. Returns the values that got one.
    pub fn label_across(&self, canvas: &mut Canvas, ticks: &[f64], top: f64, language: Language) -> Vec<f64> {
        let mut taken: Vec<(f64, f64)> = Vec::new();
        let mut kept = Vec::new();
        for &tick in ticks {
            let text = shortest(tick, 2, language);
            let (place, half) = (self.place(tick), LABEL.width(&text) / 2.0);
            let span = (place - half, place + half);
            let fits = span.0 >= 0.0 && span.1 <= WIDTH && taken.iter().all(|other| span.1 + BETWEEN <= other.0 || other.1 + BETWEEN <= span.0);
            if fits {
                canvas.text((place, top), &text, LABEL, MUTED, Anchor::Middle);
                taken.push(span);
                kept.push(tick);
            }
        }
        kept
    }

    /// Light vertical lines at some values.
    pub fn grid_down(&self, canvas: &mut Canvas, ticks: &[f64], top: f64, bottom: f64) {
        for &tick in ticks {
            let x = self.place(tick);
            canvas.line((x, top), (x, bottom), GRID, 0.6);
        }
    }
}

/// The smallest of 1, 2, 5 × 10ⁿ that divides `span` into at most `most` steps.
pub fn round_step(span: f64, most: usize) -> f64 {
    let rough = (span / most.max(1) as f64).max(f64::MIN_POSITIVE);
    let power = 10_f64.powf(rough.log10().floor());
    [1.0, 2.0, 5.0].into_iter().map(|digit| digit * power).find(|step| *step >= rough * (1.0 - 1e-9)).unwrap_or(10.0 * power)
}

/// The largest of 1, 2, 5 × 10ⁿ that is no larger than a positive value.
pub fn round_below(value: f64) -> f64 {
    let power = 10_f64.powf(value.max(f64::MIN_POSITIVE).log10().floor());
    [5.0, 2.0, 1.0].into_iter().map(|digit| digit * power).find(|round| *round <= value * (1.0 + 1e-9)).unwrap_or(power)
}

/// Round values from `from` to `to`, at most `most` steps of them.
pub fn round_ticks((from, to): (f64, f64), most: usize) -> Vec<f64> {
    let step = round_step(to - from, most);
    let first = (from / step - 1e-9).ceil();
    let last = (to / step + 1e-9).floor();
    let count = (last - first).clamp(0.0, 1000.0) as usize;
    (0..=count).map(|index| (first + index as f64) * step).collect()
}

/// Ticks of a scale of ranks: 1, then round ranks.
pub fn rank_ticks(last: f64) -> Vec<f64> {
    let step = round_step(last, 8).max(1.0);
    let mut ticks = vec![1.0];
    let mut rank = if step > 1.0 { step } else { 2.0 };
    while rank <= last + 1e-9 && ticks.len() < 20 {
        ticks.push(rank);
        rank += step;
    }
    ticks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_round() {
        assert!((round_step(100.0, 5) - 20.0).abs() < 1e-9);
        assert!((round_step(7.0, 5) - 2.0).abs() < 1e-9);
        assert!((round_step(0.3, 5) - 0.1).abs() < 1e-9);
    }

    #[test]
    fn ranks_start_at_one() {
        assert_eq!(rank_ticks(4.0), [1.0, 2.0, 3.0, 4.0]);
        assert_eq!(rank_ticks(20.0), [1.0, 5.0, 10.0, 15.0, 20.0]);
    }

    #[test]
    fn a_root_scale_has_a_place_for_zero() {
        let scale = Scale { kind: Kind::Root, values: (0.0, 100.0), points: (0.0, 10.0) };
        assert!(scale.place(0.0).abs() < 1e-9);
        assert!((scale.place(25.0) - 5.0).abs() < 1e-9);
    }
}
