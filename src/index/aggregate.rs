//! Aggregation: several indicators, or several pillars, into one score.
//!
//! Row-wise means skip what is missing and let the weights of the rest sum to one again (`COINr`'s `a_amean`, `a_gmean`, `a_hmean`, `a_genmean`).
//! A weight of zero leaves its value out altogether. They return `None` when nothing is present or what is present weighs nothing.

use serde::{Deserialize, Serialize};

use super::Table;

/// A way to bring values together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Aggregation {
    /// [`weighted_arithmetic`].
    #[default]
    Arithmetic,
    /// [`weighted_geometric`].
    Geometric,
    /// [`weighted_harmonic`].
    Harmonic,
    /// [`power_mean`].
    Power {
        /// The exponent; 1 arithmetic, 0 geometric, −1 harmonic.
        exponent: f64,
    },
    /// [`ampi`].
    Ampi {
        /// Which way an uneven profile counts.
        #[serde(default)]
        penalty: Penalty,
    },
    /// [`copeland`], over the whole table.
    Copeland,
    /// [`ratio`] of two: the Gender Development Index is one of two Human Development Indices.
    Ratio {
        /// One minus the ratio, as the Gender Inequality Index has it.
        #[serde(default)]
        complement: bool,
    },
}

/// Which way the Mazziotta–Pareto index counts an uneven profile.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Penalty {
    /// Subtracted: for an index where more is better.
    #[default]
    Down,
    /// Added: for an index where more is worse.
    Up,
}

impl Aggregation {
    /// The score of one unit; [`Aggregation::Copeland`], which needs the whole table, gives `None`.
    pub fn of_row(self, values: &[f64], weights: &[f64]) -> Option<f64> {
        match self {
            Self::Arithmetic => weighted_arithmetic(values, weights),
            Self::Geometric => weighted_geometric(values, weights),
            Self::Harmonic => weighted_harmonic(values, weights),
            Self::Power { exponent } => power_mean(values, weights, exponent),
            Self::Ampi { penalty } => ampi(values, weights, penalty),
            Self::Ratio { complement } => ratio(values, weights, complement),
            Self::Copeland => None,
        }
    }

    /// The score of every unit, NaN = missing.
    pub fn of_table(self, table: &Table, weights: &[f64]) -> Vec<f64> {
        match self {
            Self::Copeland => copeland(table, weights),
            _ => (0..table.rows).map(|row| self.of_row(table.row(row), weights).unwrap_or(f64::NAN)).collect(),
        }
    }

    /// Whether it is made for a value. The geometric and the harmonic mean want positive ones, and so do power means with an exponent of at most 0; other
    /// power means want none below 0. (`COINr` stops there; so does this engine's chain.)
    pub fn accepts(self, value: f64) -> bool {
        match self {
            Self::Geometric | Self::Harmonic => value > 0.0,
            Self::Power { exponent } if exponent <= 0.0 => value > 0.0,
            Self::Power { exponent } if (exponent - 1.0).abs() > 0.0 => value >= 0.0,
            Self::Power { .. } | Self::Arithmetic | Self::Ampi { .. } | Self::Copeland | Self::Ratio { .. } => true,
        }
    }

    /// Its name in messages.
    pub fn name(self) -> &'static str {
        match self {
            Self::Arithmetic => "arithmetic",
            Self::Geometric => "geometric",
            Self::Harmonic => "harmonic",
            Self::Power { .. } => "power",
            Self::Ampi { .. } => "Mazziotta–Pareto",
            Self::Copeland => "Copeland",
            Self::Ratio { .. } => "ratio",
        }
    }
}

/// What takes part: values that are present and weigh something.
fn taking_part<'a>(values: &'a [f64], weights: &'a [f64]) -> impl Iterator<Item = (f64, f64)> + Clone + 'a {
    values.iter().copied().zip(weights.iter().copied()).filter(takes_part)
}

fn takes_part((value, weight): &(f64, f64)) -> bool {
    value.is_finite() && weight.is_finite() && weight.abs() > 0.0
}

/// Sum of the weights that take part; `None` if they are none, or cancel.
fn whole_weight(parts: impl Iterator<Item = (f64, f64)>) -> Option<f64> {
    let whole: f64 = parts.map(|(_, weight)| weight).sum();
    (whole.is_finite() && whole.abs() > 0.0).then_some(whole)
}

fn stated(value: f64) -> Option<f64> {
    value.is_finite().then_some(value)
}

/// `Σ w·x / Σ w` over what is present. `values` and `weights` have the same length.
pub fn weighted_arithmetic(values: &[f64], weights: &[f64]) -> Option<f64> {
    weighted_arithmetic_of(values.iter().copied().zip(weights.iter().copied()))
}

/// As [`weighted_arithmetic`], of values with their weights.
pub(crate) fn weighted_arithmetic_of(parts: impl Iterator<Item = (f64, f64)> + Clone) -> Option<f64> {
    let parts = parts.filter(takes_part);
    let whole = whole_weight(parts.clone())?;
    stated(parts.map(|(value, weight)| weight / whole * value).sum())
}

/// `exp(Σ w·ln x / Σ w)` over what is present. A zero gives 0, the limit; a negative value `None`.
pub fn weighted_geometric(values: &[f64], weights: &[f64]) -> Option<f64> {
    let parts = taking_part(values, weights);
    let whole = whole_weight(parts.clone())?;
    if parts.clone().any(|(value, _)| value < 0.0) {
        return None;
    }
    if parts.clone().any(|(value, _)| value.abs() == 0.0) {
        return Some(0.0);
    }
    stated((parts.map(|(value, weight)| weight * value.ln()).sum::<f64>() / whole).exp())
}

/// `Σ w / Σ (w/x)` over what is present. A zero gives 0, the limit; a negative value `None`.
pub fn weighted_harmonic(values: &[f64], weights: &[f64]) -> Option<f64> {
    let parts = taking_part(values, weights);
    let whole = whole_weight(parts.clone())?;
    if parts.clone().any(|(value, _)| value < 0.0) {
        return None;
    }
    if parts.clone().any(|(value, _)| value.abs() == 0.0) {
        return Some(0.0);
    }
    stated(whole / parts.map(|(value, weight)| weight / value).sum::<f64>())
}

/// `(Σ w·x^p / Σ w)^(1/p)` over what is present; the geometric mean at p = 0.
///
/// A negative value gives `None` unless p = 1, where it is the arithmetic mean; a zero under a negative p gives 0, the limit.
pub fn power_mean(values: &[f64], weights: &[f64], exponent: f64) -> Option<f64> {
    if exponent.abs() == 0.0 {
        return weighted_geometric(values, weights);
    }
    if (exponent - 1.0).abs() == 0.0 {
        return weighted_arithmetic(values, weights);
    }
    let parts = taking_part(values, weights);
    let whole = whole_weight(parts.clone())?;
    if !exponent.is_finite() || parts.clone().any(|(value, _)| value < 0.0) {
        return None;
    }
    if exponent < 0.0 && parts.clone().any(|(value, _)| value.abs() == 0.0) {
        return Some(0.0);
    }
    // In units of the largest value, so that a power can't overflow.
    let largest = parts.clone().map(|(value, _)| value).fold(0.0, f64::max);
    if largest.abs() == 0.0 {
        return Some(0.0);
    }
    let mean = parts.map(|(value, weight)| weight * (value / largest).powf(exponent)).sum::<f64>() / whole;
    stated(largest * mean.powf(exponent.recip()))
}

/// Adjusted Mazziotta–Pareto index of one unit: `M ∓ S·(S/M)` with M the mean and S the standard deviation (over n) of the unit's normalised values
/// (Mazziotta and Pareto 2016; Compind's `ci_ampi`). The values should be on the index's own scale, 70…130: [`super::normalise::around_reference`].
/// Weights other than equal are this engine's extension. `None` where the mean is not positive.
pub fn ampi(values: &[f64], weights: &[f64], penalty: Penalty) -> Option<f64> {
    let mean = weighted_arithmetic(values, weights)?;
    if mean <= 0.0 {
        return None;
    }
    let parts = taking_part(values, weights);
    let whole = whole_weight(parts.clone())?;
    let variance: f64 = parts.map(|(value, weight)| weight / whole * (value - mean) * (value - mean)).sum();
    let spread = variance / mean;
    stated(match penalty {
        Penalty::Down => mean - spread,
        Penalty::Up => mean + spread,
    })
}

/// The first of two values over the second, or one minus that. `None` where either is missing or weighs nothing, or the second is not above 0; what the two weigh
/// otherwise doesn't matter.
pub fn ratio(values: &[f64], weights: &[f64], complement: bool) -> Option<f64> {
    let [above, below] = values else { return None };
    if taking_part(values, weights).count() < 2 || *below <= 0.0 {
        return None;
    }
    stated(if complement { 1.0 - above / below } else { above / below })
}

/// Share of the weight by which each unit beats each other: row-major units × units, `[a][b]` = (weight where a is higher + half where they
/// tie) / weight of the indicators that both have. The diagonal is 0, as in `COINr`; a pair with nothing in common is 0.5.
pub fn outranking(table: &Table, weights: &[f64]) -> Table {
    let mut outranking = Table { rows: table.rows, columns: table.rows, values: vec![0.0; table.rows * table.rows] };
    for first in 0..table.rows {
        for second in first + 1..table.rows {
            let (won, lost, tied) = duel(table.row(first), table.row(second), weights);
            let whole = won + lost + tied;
            let share = if whole > 0.0 { (won + tied / 2.0) / whole } else { 0.5 };
            outranking.set(first, second, share);
            outranking.set(second, first, 1.0 - share);
        }
    }
    outranking
}

/// Copeland scores: for each unit the number of others it beats minus the number that beat it, where beating means more than half of the
/// weight. A missing value takes no part in a duel (in `COINr` it counts as lost). A unit with nothing present is NaN.
pub fn copeland(table: &Table, weights: &[f64]) -> Vec<f64> {
    let mut scores: Vec<f64> =
        (0..table.rows).map(|row| if taking_part(table.row(row), weights).next().is_some() { 0.0 } else { f64::NAN }).collect();
    for first in 0..table.rows {
        for second in first + 1..table.rows {
            let (won, lost, tied) = duel(table.row(first), table.row(second), weights);
            // Weights like 1/49 don't sum to exactly a half: what differs by rounding alone is a draw.
            if (won - lost).abs() <= 1e-12 * (won + lost + tied) {
                continue;
            }
            let point = if won > lost { 1.0 } else { -1.0 };
            scores[first] += point;
            scores[second] -= point;
        }
    }
    scores
}

/// Weight where the first is higher, lower and equal.
fn duel(first: &[f64], second: &[f64], weights: &[f64]) -> (f64, f64, f64) {
    let (mut won, mut lost, mut tied) = (0.0, 0.0, 0.0);
    for ((a, b), weight) in first.iter().zip(second).zip(weights) {
        if !(a.is_finite() && b.is_finite() && weight.is_finite()) {
            continue;
        }
        if a > b {
            won += weight;
        } else if a < b {
            lost += weight;
        } else {
            tied += weight;
        }
    }
    (won, lost, tied)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAN: f64 = f64::NAN;

    fn close(left: Option<f64>, right: f64) {
        assert!((left.unwrap() - right).abs() < 1e-12, "{left:?} is not {right}");
    }

    #[test]
    fn means_are_their_formulas() {
        let (values, weights) = ([2.0, 8.0], [1.0, 3.0]);
        close(weighted_arithmetic(&values, &weights), 6.5);
        close(weighted_geometric(&values, &weights), 2.0_f64.powf(2.5));
        close(weighted_harmonic(&values, &weights), 4.0 / (0.5 + 3.0 / 8.0));
        close(power_mean(&values, &weights, 2.0), (49.0_f64).sqrt());
        close(power_mean(&values, &weights, 0.0), 2.0_f64.powf(2.5));
        close(power_mean(&values, &weights, -1.0), 4.0 / (0.5 + 3.0 / 8.0));
    }

    #[test]
    fn a_missing_value_gives_its_weight_to_the_others() {
        close(weighted_arithmetic(&[2.0, NAN, 8.0], &[1.0, 5.0, 1.0]), 5.0);
        close(weighted_geometric(&[2.0, NAN, 8.0], &[1.0, 5.0, 1.0]), 4.0);
        close(weighted_harmonic(&[2.0, NAN, 8.0], &[1.0, 5.0, 1.0]), 3.2);
        assert_eq!(weighted_arithmetic(&[NAN, NAN], &[1.0, 1.0]), None);
        assert_eq!(weighted_arithmetic(&[], &[]), None);
        assert_eq!(weighted_arithmetic(&[3.0], &[0.0]), None);
    }

    #[test]
    fn a_zero_weight_leaves_even_a_zero_out() {
        close(weighted_geometric(&[0.0, 4.0], &[0.0, 1.0]), 4.0);
        close(weighted_geometric(&[0.0, 4.0], &[1.0, 1.0]), 0.0);
        assert_eq!(weighted_geometric(&[-1.0, 4.0], &[1.0, 1.0]), None);
    }

    #[test]
    fn an_uneven_profile_costs_under_ampi() {
        close(ampi(&[100.0, 100.0], &[1.0, 1.0], Penalty::Down), 100.0);
        close(ampi(&[90.0, 110.0], &[1.0, 1.0], Penalty::Down), 99.0);
        close(ampi(&[90.0, 110.0], &[1.0, 1.0], Penalty::Up), 101.0);
    }

    #[test]
    fn a_ratio_needs_both_and_something_to_divide_by() {
        close(ratio(&[3.0, 4.0], &[1.0, 9.0], false), 0.75);
        close(ratio(&[3.0, 4.0], &[1.0, 9.0], true), 0.25);
        for (values, weights) in [([3.0, NAN], [1.0, 1.0]), ([3.0, 0.0], [1.0, 1.0]), ([3.0, -4.0], [1.0, 1.0]), ([3.0, 4.0], [0.0, 1.0])] {
            assert_eq!(ratio(&values, &weights, false), None, "{values:?} {weights:?}");
        }
        assert_eq!(ratio(&[1.0, 2.0, 3.0], &[1.0; 3], false), None);
    }

    #[test]
    fn copeland_counts_wins_minus_losses_and_a_gap_is_no_loss() {
        let table = Table { rows: 3, columns: 3, values: vec![3.0, 3.0, 1.0, 2.0, 2.0, 2.0, 1.0, NAN, 3.0] };
        // 0 beats 1 two to one, 1 and 2 draw one to one, 0 and 2 draw one to one.
        assert_eq!(copeland(&table, &[1.0; 3]), [1.0, -1.0, 0.0]);
        let share = outranking(&table, &[1.0; 3]);
        assert!((share.get(0, 1) - 2.0 / 3.0).abs() < 1e-12);
        assert!((share.get(0, 2) - 0.5).abs() < 1e-12);
    }
}
