//! Normalisation: one indicator's values onto a scale where higher is better.
//!
//! Direction: as in `COINr`, an indicator where less is better is multiplied by −1 *before* it is normalised. The plain functions below take values that
//! have already been turned so. [`Normalisation::apply`] turns them, and turns what is stated in the indicator's own unit (goalposts, a scale's
//! ends, a target) with them, so that a method file always states those in the indicator's own unit.
//!
//! A value that is missing stays missing. A column that no scale can tell apart (all equal) comes out as missing throughout, that is, it is
//! left out, under every method that takes its scale from the data.

use serde::{Deserialize, Serialize};

use super::{ascending, deviation_of, mean_of};

/// Which way an indicator points.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// More is better: +1.
    #[default]
    Up,
    /// Less is better: −1.
    Down,
}

impl Direction {
    /// +1 or −1.
    pub fn sign(self) -> f64 {
        match self {
            Self::Up => 1.0,
            Self::Down => -1.0,
        }
    }
}

/// A way to normalise, with its parameters in the indicator's own unit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Normalisation {
    /// Only the direction is turned.
    None,
    /// [`min_max`] onto `range`.
    MinMax {
        /// Worst and best score.
        #[serde(default = "hundred", deserialize_with = "two")]
        range: [f64; 2],
    },
    /// [`goalposts`] onto `range`.
    Goalposts {
        /// The value at the low end of the indicator's own scale.
        low: f64,
        /// The value at the high end.
        high: f64,
        /// Worst and best score.
        #[serde(default = "hundred", deserialize_with = "two")]
        range: [f64; 2],
        /// Clips what lies outside the goalposts.
        #[serde(default = "yes")]
        clip: bool,
    },
    /// [`around_reference`] onto `range`, for the adjusted Mazziotta–Pareto index.
    AroundReference {
        /// The value that gets the middle of the range.
        reference: f64,
        /// Scores at half the data's range below and above the reference.
        #[serde(default = "seventy_to_130", deserialize_with = "two")]
        range: [f64; 2],
    },
    /// [`z_score`] with a wanted mean and standard deviation.
    ZScore {
        /// Mean of the scores.
        #[serde(default)]
        mean: f64,
        /// Standard deviation of the scores.
        #[serde(default = "one")]
        deviation: f64,
    },
    /// [`rank`].
    Rank,
    /// [`percentile_rank`].
    PercentileRank,
    /// [`borda`].
    Borda,
    /// [`scaled`].
    Scaled {
        /// The ends of the indicator's own scale.
        #[serde(deserialize_with = "two")]
        from: [f64; 2],
        /// The score at the better end.
        #[serde(default = "hundred_factor")]
        factor: f64,
    },
    /// [`distance_to_max`].
    DistanceToMax,
    /// [`distance_to_target`].
    DistanceToTarget {
        /// The target, in the indicator's own unit; absent: the one in the indicator's metadata.
        #[serde(default)]
        target: Option<f64>,
        /// Caps scores at 1.
        #[serde(default)]
        cap: bool,
    },
    /// [`distance_to_reference`].
    DistanceToReference {
        /// The code of the unit that the others are measured against.
        unit: String,
        /// Caps scores at 1.
        #[serde(default)]
        cap: bool,
    },
    /// [`fraction_of_max`].
    FractionOfMax,
    /// [`reciprocal`], for what is counted per something else than is wanted, as maternal deaths in the Gender Inequality Index.
    Reciprocal {
        /// What is divided by the value.
        #[serde(default = "one")]
        numerator: f64,
        /// Values outside are taken as the nearer end, in the indicator's own unit.
        #[serde(default, deserialize_with = "perhaps_two")]
        clip: Option<[f64; 2]>,
    },
}

/// Two numbers and no third: a TOML list that is too long would lose its end unseen.
fn two<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<[f64; 2], D::Error> {
    let numbers = Vec::<f64>::deserialize(deserializer)?;
    <[f64; 2]>::try_from(numbers).map_err(|numbers| serde::de::Error::invalid_length(numbers.len(), &"two numbers, [low, high]"))
}
fn perhaps_two<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<[f64; 2]>, D::Error> {
    two(deserializer).map(Some)
}
fn seventy_to_130() -> [f64; 2] {
    [70.0, 130.0]
}
fn hundred() -> [f64; 2] {
    [0.0, 100.0]
}
fn hundred_factor() -> f64 {
    100.0
}
fn one() -> f64 {
    1.0
}
fn yes() -> bool {
    true
}

impl Default for Normalisation {
    /// Min–max onto 0…100, `COINr`'s default.
    fn default() -> Self {
        Self::MinMax { range: hundred() }
    }
}

impl Normalisation {
    /// Normalises one indicator (`values` one per unit, in its own unit, NaN = missing). `reference` is the place among `values` of the
    /// reference unit; without one, a distance to a reference is missing throughout.
    pub fn apply(&self, values: &[f64], direction: Direction, reference: Option<usize>) -> Vec<f64> {
        let sign = direction.sign();
        let turned: Vec<f64> = values.iter().map(|value| value * sign).collect();
        // A scale turned with its indicator has its ends swapped: [low, high] becomes [−high, −low].
        let ends = |low: f64, high: f64| match direction {
            Direction::Up => (low, high),
            Direction::Down => (-high, -low),
        };
        match self {
            Self::None => turned.iter().map(|value| finite(value + 0.0)).collect(),
            Self::MinMax { range } => min_max(&turned, *range),
            Self::Goalposts { low, high, range, clip } => {
                let (low, high) = ends(*low, *high);
                goalposts(&turned, low, high, *range, *clip)
            }
            Self::AroundReference { reference, range } => around_reference(&turned, reference * sign, *range),
            Self::ZScore { mean, deviation } => z_score(&turned, *mean, *deviation),
            Self::Rank => rank(&turned),
            Self::PercentileRank => percentile_rank(&turned),
            Self::Borda => borda(&turned),
            Self::Scaled { from, factor } => {
                let (low, high) = ends(from[0], from[1]);
                scaled(&turned, [low, high], *factor)
            }
            Self::DistanceToMax => distance_to_max(&turned),
            Self::DistanceToTarget { target, cap } => distance_to_target(&turned, target.unwrap_or(f64::NAN) * sign, *cap),
            Self::DistanceToReference { cap, .. } => match reference {
                Some(unit) => distance_to_reference(&turned, unit, *cap),
                None => vec![f64::NAN; values.len()],
            },
            Self::FractionOfMax => fraction_of_max(&turned),
            Self::Reciprocal { numerator, clip } => reciprocal(values, *numerator, *clip).iter().map(|value| -sign * value).collect(),
        }
    }

    /// Whether the scale is fixed by the method, so that a constant indicator and a single unit still get a score.
    pub fn has_fixed_scale(&self) -> bool {
        matches!(self, Self::None | Self::Goalposts { .. } | Self::Scaled { .. } | Self::Reciprocal { .. })
    }
}

/// An infinity is missing, as everywhere in the engine; −0 becomes 0.
fn finite(value: f64) -> f64 {
    if value.is_finite() { value + 0.0 } else { f64::NAN }
}

fn each(values: &[f64], function: impl Fn(f64) -> f64) -> Vec<f64> {
    values.iter().map(|&value| if value.is_finite() { finite(function(value)) } else { f64::NAN }).collect()
}

fn nothing(values: &[f64]) -> Vec<f64> {
    vec![f64::NAN; values.len()]
}

/// Smallest and largest value present, if they differ.
fn span(values: &[f64]) -> Option<(f64, f64)> {
    let (mut lowest, mut highest) = (f64::INFINITY, f64::NEG_INFINITY);
    for value in values.iter().filter(|value| value.is_finite()) {
        lowest = lowest.min(*value);
        highest = highest.max(*value);
    }
    (lowest < highest).then_some((lowest, highest))
}

/// `(x − min)/(max − min)` onto `range` = [worst, best] score (`COINr` `n_minmax`). All equal: missing throughout.
pub fn min_max(values: &[f64], range: [f64; 2]) -> Vec<f64> {
    let Some((lowest, highest)) = span(values) else {
        return nothing(values);
    };
    each(values, |value| (value - lowest) / (highest - lowest) * (range[1] - range[0]) + range[0])
}

/// `(x − low)/(high − low)` onto `range`, clipped to it if `clip` (`COINr` `n_goalposts`, whose third goalpost is `range[1]` with `range[0]` = 0).
///
/// The scale is fixed, so a constant indicator keeps its score. Equal goalposts: missing throughout.
pub fn goalposts(values: &[f64], low: f64, high: f64, range: [f64; 2], clip: bool) -> Vec<f64> {
    let width = high - low;
    if !(width.is_finite() && width.abs() > 0.0) {
        return nothing(values);
    }
    each(values, |value| {
        let share = (value - low) / width;
        let share = if clip { share.clamp(0.0, 1.0) } else { share };
        share * (range[1] - range[0]) + range[0]
    })
}

/// `(x − (reference − d))/(2·d)` onto `range`, d = (max − min)/2: the reference gets the middle, and the data span as much as the range (Mazziotta and Pareto;
/// Compind `ci_ampi`). All equal: missing throughout.
pub fn around_reference(values: &[f64], reference: f64, range: [f64; 2]) -> Vec<f64> {
    let Some((lowest, highest)) = span(values) else {
        return nothing(values);
    };
    let low = reference - (highest - lowest) / 2.0;
    each(values, |value| (value - low) / (highest - lowest) * (range[1] - range[0]) + range[0])
}

/// `(x − mean)/sd·deviation + mean_wanted`, standard deviation over n − 1 (`COINr` `n_zscore`). All equal: missing throughout.
pub fn z_score(values: &[f64], mean: f64, deviation: f64) -> Vec<f64> {
    let present = ascending(values);
    let (Some(_), Some(centre), Some(spread)) = (span(values), mean_of(&present), deviation_of(&present)) else {
        return nothing(values);
    };
    each(values, |value| (value - centre) / spread * deviation + mean)
}

/// Ascending competition rank: 1 + the number of units with a lower value, ties share the lowest (`COINr` `n_rank`). All equal: missing throughout.
pub fn rank(values: &[f64]) -> Vec<f64> {
    if span(values).is_none() {
        return nothing(values);
    }
    let present = ascending(values);
    each(values, |value| present.partition_point(|other| *other < value) as f64 + 1.0)
}

/// `(rank − 1)/(n − 1)`, n counting what is present (`COINr` `n_prank`). All equal: missing throughout.
pub fn percentile_rank(values: &[f64]) -> Vec<f64> {
    let count = values.iter().filter(|value| value.is_finite()).count() as f64;
    rank(values).into_iter().map(|rank| (rank - 1.0) / (count - 1.0)).collect()
}

/// `rank − 1`, the Borda count (`COINr` `n_borda`). All equal: missing throughout.
pub fn borda(values: &[f64]) -> Vec<f64> {
    rank(values).into_iter().map(|rank| rank - 1.0).collect()
}

/// `(x − from[0])/(from[1] − from[0])·factor`, not clipped (`COINr` `n_scaled`). Equal ends: missing throughout.
pub fn scaled(values: &[f64], from: [f64; 2], factor: f64) -> Vec<f64> {
    let width = from[1] - from[0];
    if !(width.is_finite() && width.abs() > 0.0) {
        return nothing(values);
    }
    each(values, |value| (value - from[0]) / width * factor)
}

/// `1 − (max − x)/(max − min)` (`COINr` `n_dist2max`). All equal: missing throughout.
pub fn distance_to_max(values: &[f64]) -> Vec<f64> {
    let Some((lowest, highest)) = span(values) else {
        return nothing(values);
    };
    each(values, |value| 1.0 - (highest - value) / (highest - lowest))
}

/// `(x − min)/(target − min)`, at most 1 if `cap` (`COINr` `n_dist2targ`). Missing throughout if the target is not above the smallest value,
/// because the order would turn round there (`COINr` only warns).
pub fn distance_to_target(values: &[f64], target: f64, cap: bool) -> Vec<f64> {
    let present = ascending(values);
    let Some(&lowest) = present.first() else {
        return nothing(values);
    };
    if !(target > lowest && target.is_finite()) {
        return nothing(values);
    }
    each(values, |value| capped((value - lowest) / (target - lowest), cap))
}

/// `1 − (reference − x)/(reference − min)`, at most 1 if `cap` (`COINr` `n_dist2ref`). `reference` is a place among `values`; missing throughout if the
/// reference's value is missing or is the smallest.
pub fn distance_to_reference(values: &[f64], reference: usize, cap: bool) -> Vec<f64> {
    let present = ascending(values);
    let (Some(&lowest), Some(&reference)) = (present.first(), values.get(reference)) else {
        return nothing(values);
    };
    if !(reference > lowest && reference.is_finite()) {
        return nothing(values);
    }
    each(values, |value| capped(1.0 - (reference - value) / (reference - lowest), cap))
}

/// `x/max` (`COINr` `n_fracmax`). It keeps the order only where the largest value is positive, so not for an indicator whose direction was turned:
/// there, as in `COINr`, the worst gets the highest value, and the caller is warned by [`fraction_turns_round`]. A largest value of 0: missing throughout.
pub fn fraction_of_max(values: &[f64]) -> Vec<f64> {
    let present = ascending(values);
    match present.last() {
        Some(&highest) if highest.abs() > 0.0 => each(values, |value| value / highest),
        _ => nothing(values),
    }
}

/// Whether [`fraction_of_max`] turns the order of these values round (the largest is negative).
pub fn fraction_turns_round(values: &[f64]) -> bool {
    ascending(values).last().is_some_and(|highest| *highest < 0.0)
}

/// `numerator/x`, x clipped to `clip`. Missing where x is not above 0: the chain refuses that. Where less is better the scores are positive and the smallest value
/// has the highest; where more is better they are turned, and negative.
pub fn reciprocal(values: &[f64], numerator: f64, clip: Option<[f64; 2]>) -> Vec<f64> {
    each(values, |value| {
        let value = clip.map_or(value, |[low, high]| value.max(low).min(high));
        if value > 0.0 { numerator / value } else { f64::NAN }
    })
}

fn capped(value: f64, cap: bool) -> f64 {
    if cap { value.min(1.0) } else { value }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAN: f64 = f64::NAN;

    fn same(left: &[f64], right: &[f64]) {
        assert_eq!(left.len(), right.len());
        for (a, b) in left.iter().zip(right) {
            assert!((a.is_nan() && b.is_nan()) || (a - b).abs() < 1e-12, "{left:?} is not {right:?}");
        }
    }

    #[test]
    fn a_reciprocal_keeps_the_order_whichever_way_is_better() {
        let way = Normalisation::Reciprocal { numerator: 10.0, clip: Some([10.0, 1000.0]) };
        let down = way.apply(&[4.0, 20.0, 2000.0, f64::NAN], Direction::Down, None);
        assert_eq!(down[..3], [1.0, 0.5, 0.01]);
        assert!(down[3].is_nan());
        assert_eq!(way.apply(&[4.0, 20.0, 2000.0], Direction::Up, None), [-1.0, -0.5, -0.01]);
        assert!(reciprocal(&[0.0, -1.0], 1.0, None).iter().all(|value| value.is_nan()));
    }

    #[test]
    fn each_method_gives_its_formula() {
        let values = [2.0, NAN, 4.0, 10.0, 4.0];
        same(&min_max(&values, [1.0, 100.0]), &[1.0, NAN, 25.75, 100.0, 25.75]);
        same(&rank(&values), &[1.0, NAN, 2.0, 4.0, 2.0]);
        same(&percentile_rank(&values), &[0.0, NAN, 1.0 / 3.0, 1.0, 1.0 / 3.0]);
        same(&borda(&values), &[0.0, NAN, 1.0, 3.0, 1.0]);
        same(&scaled(&values, [0.0, 20.0], 100.0), &[10.0, NAN, 20.0, 50.0, 20.0]);
        same(&distance_to_max(&values), &[0.0, NAN, 0.25, 1.0, 0.25]);
        same(&distance_to_target(&values, 6.0, true), &[0.0, NAN, 0.5, 1.0, 0.5]);
        same(&distance_to_target(&values, 6.0, false), &[0.0, NAN, 0.5, 2.0, 0.5]);
        same(&distance_to_reference(&values, 2, false), &[0.0, NAN, 1.0, 4.0, 1.0]);
        same(&distance_to_reference(&values, 2, true), &[0.0, NAN, 1.0, 1.0, 1.0]);
        same(&fraction_of_max(&values), &[0.2, NAN, 0.4, 1.0, 0.4]);
        same(&goalposts(&values, 3.0, 5.0, [1.0, 100.0], true), &[1.0, NAN, 50.5, 100.0, 50.5]);
        same(&around_reference(&values, 4.0, [70.0, 130.0]), &[85.0, NAN, 100.0, 145.0, 100.0]);
        let z = z_score(&[1.0, 2.0, 3.0], 10.0, 2.0);
        same(&z, &[8.0, 10.0, 12.0]);
    }

    #[test]
    fn less_is_better_is_the_mirror_image() {
        let values = [25.0, 30.0, 48.0, 60.0];
        let spec = Normalisation::Goalposts { low: 25.0, high: 48.0, range: [1.0, 100.0], clip: true };
        let up = spec.apply(&values, Direction::Up, None);
        let down = spec.apply(&values, Direction::Down, None);
        for (up, down) in up.iter().zip(&down) {
            assert!((101.0 - up - down).abs() < 1e-12);
        }
        same(&Normalisation::default().apply(&values, Direction::Down, None)[..1], &[100.0]);
        let target = Normalisation::DistanceToTarget { target: Some(30.0), cap: true };
        same(&target.apply(&values, Direction::Down, None), &[1.0, 1.0, 0.4, 0.0]);
        let scale = Normalisation::Scaled { from: [0.0, 100.0], factor: 100.0 };
        same(&scale.apply(&values, Direction::Down, None), &[75.0, 70.0, 52.0, 40.0]);
    }

    #[test]
    fn a_constant_indicator_is_left_out_where_the_data_make_the_scale() {
        let values = [0.1, 0.1, NAN, 0.1];
        for spec in [
            Normalisation::default(),
            Normalisation::ZScore { mean: 0.0, deviation: 1.0 },
            Normalisation::Rank,
            Normalisation::PercentileRank,
            Normalisation::Borda,
            Normalisation::DistanceToMax,
        ] {
            assert!(spec.apply(&values, Direction::Up, None).iter().all(|value| value.is_nan()), "{spec:?}");
        }
        let fixed = Normalisation::Scaled { from: [0.0, 1.0], factor: 100.0 };
        same(&fixed.apply(&values, Direction::Up, None), &[10.0, 10.0, NAN, 10.0]);
    }

    #[test]
    fn a_fraction_of_a_negative_maximum_turns_the_order_round_and_says_so() {
        same(&Normalisation::FractionOfMax.apply(&[1.0, 5.0], Direction::Down, None), &[1.0, 5.0]);
        assert!(fraction_turns_round(&[-1.0, -5.0]));
        assert!(!fraction_turns_round(&[-1.0, 5.0]));
    }

    #[test]
    fn nothing_gives_nothing() {
        assert!(min_max(&[], [0.0, 1.0]).is_empty());
        assert!(rank(&[NAN, f64::INFINITY]).iter().all(|value| value.is_nan()));
    }
}
