//! Common scales: raw figures over a ranked set onto 1…100 (method, sections 4 and 6).

use super::model::{IndicatorModel, Model, Scale};
use crate::config::Treatment;
use crate::index::rank::competition_ranks_into;
use crate::market::{range, treated};

/// What ranking needs, kept from one time to the next.
#[derive(Default)]
pub(super) struct Ranks {
    order: Vec<u128>,
    of: Vec<u32>,
    /// How many have each rank.
    equal: Vec<u32>,
}

impl Ranks {
    /// For each value the middle of the places, from 0 for the lowest, that it shares with its equals; NaN for one that is missing.
    fn places<'r>(&'r mut self, values: &[f64]) -> impl Iterator<Item = f64> + 'r {
        let Self { order, of: ranks, equal } = self;
        ranks.resize(values.len(), 0);
        competition_ranks_into(values, order, ranks);
        equal.clear();
        equal.resize(values.len() + 1, 0);
        for rank in ranks.iter() {
            equal[*rank as usize] += 1;
        }
        let present = values.len() as u32 - equal[0];
        ranks.iter().map(move |rank| {
            let equal = equal[*rank as usize];
            // The best has rank 1; those below a value are the rest after those above it and its equals.
            if *rank == 0 { f64::NAN } else { f64::from(present + 1 - *rank - equal) + f64::from(equal - 1) / 2.0 }
        })
    }
}

impl Model {
    /// Lays raw values on the common scale. A data-made scale of values that are all equal is no scale: NaN.
    pub(super) fn lay(&self, scale: Scale, indicator: &IndicatorModel, raw: &[f64], out: &mut Vec<f64>, ranks: &mut Ranks) {
        out.clear();
        let [bottom, top] = self.scale;
        let turned = |score: f64| if indicator.reverse { bottom + top - score } else { score };
        if scale == Scale::Goalposts {
            let Some(goalpost) = &indicator.goalpost else {
                out.resize(raw.len(), f64::NAN);
                return;
            };
            let (low, high) = if goalpost.ln { (goalpost.low.ln(), goalpost.high.ln()) } else { (goalpost.low, goalpost.high) };
            // NaN stays NaN: f64::clamp keeps it.
            out.extend(raw.iter().map(|value| turned(bottom + (top - bottom) * ((value - low) / (high - low)).clamp(0.0, 1.0))));
            return;
        }
        let moments = Moments::of(raw);
        if moments.low >= moments.high {
            out.resize(raw.len(), f64::NAN);
            return;
        }
        match scale {
            Scale::Goalposts | Scale::MinMax if moments.is_skewed(&self.treatment) => {
                let (values, _) = treated(raw, &self.treatment);
                let (low, high) = range(&values);
                let lay = |value: &f64| if low < high { turned(bottom + (top - bottom) * ((value - low) / (high - low))) } else { f64::NAN };
                out.extend(values.iter().map(lay));
            }
            Scale::Goalposts | Scale::MinMax => {
                let (low, high) = (moments.low, moments.high);
                out.extend(raw.iter().map(|value| turned(bottom + (top - bottom) * ((value - low) / (high - low)))));
            }
            Scale::ZScore => {
                let (limit, deviation) = (self.z_score_limit, (moments.squares / (moments.count - 1.0)).sqrt());
                out.extend(raw.iter().map(|value| {
                    let score = ((value - moments.mean) / deviation).clamp(-limit, limit);
                    turned(bottom + (top - bottom) * ((score + limit) / (2.0 * limit)))
                }));
            }
            Scale::Rank => {
                out.extend(ranks.places(raw).map(|place| turned(bottom + (top - bottom) * place / (moments.count - 1.0))));
            }
        }
    }
}

/// Mean, spread and shape of the values present.
struct Moments {
    count: f64,
    mean: f64,
    /// Sum of squared deviations from the mean.
    squares: f64,
    cubes: f64,
    fourths: f64,
    low: f64,
    high: f64,
}

impl Moments {
    fn of(values: &[f64]) -> Self {
        let mut moments = Self { count: 0.0, mean: 0.0, squares: 0.0, cubes: 0.0, fourths: 0.0, low: f64::INFINITY, high: f64::NEG_INFINITY };
        for value in values.iter().filter(|value| !value.is_nan()) {
            moments.count += 1.0;
            moments.mean += value;
            moments.low = moments.low.min(*value);
            moments.high = moments.high.max(*value);
        }
        moments.mean /= moments.count.max(1.0);
        for value in values.iter().filter(|value| !value.is_nan()) {
            let gap = value - moments.mean;
            let square = gap * gap;
            moments.squares += square;
            moments.cubes += square * gap;
            moments.fourths += square * square;
        }
        moments
    }

    /// Whether the values may fail the test of outliers: G1 and G2 as in [`crate::index::treat`], a little before the limits, where [`treated`] decides.
    fn is_skewed(&self, limits: &Treatment) -> bool {
        let n = self.count;
        if n < 4.0 || self.squares <= 0.0 {
            return false;
        }
        let variance = self.squares / n;
        let g1 = self.cubes / n / variance.powf(1.5) * (n * (n - 1.0)).sqrt() / (n - 2.0);
        let g2 = (n - 1.0) / ((n - 2.0) * (n - 3.0)) * ((n + 1.0) * (self.fourths / n / (variance * variance) - 3.0) + 6.0);
        g1.abs() >= limits.skewness - 1e-9 && g2 >= limits.kurtosis - 1e-9
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_values_share_the_middle_of_their_places_and_missing_ones_have_none() {
        let mut ranks = Ranks::default();
        let nan = f64::NAN;
        // More units than are compared each with each, and fewer; the same buffers for both.
        let many: Vec<f64> = (0..60).map(|unit| if unit % 7 == 0 { nan } else { f64::from(unit * 13 % 20) }).collect();
        for values in [vec![3.0, 1.0, nan, 2.0, 2.0, 0.0], many, vec![0.0, -0.0, -5.0]] {
            let found: Vec<f64> = ranks.places(&values).collect();
            for (value, found) in values.iter().zip(&found) {
                let below = values.iter().filter(|other| *other < value).count() as f64;
                let others = values.iter().filter(|other| *other <= value).count() as f64 - below;
                let wanted = if value.is_nan() { f64::NAN } else { below + (others - 1.0) / 2.0 };
                assert!(found.to_bits() == wanted.to_bits() || (found.is_nan() && wanted.is_nan()), "{values:?} {found}");
            }
            assert_eq!(found.len(), values.len());
        }
    }
}
