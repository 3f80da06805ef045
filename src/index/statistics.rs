//! What an analyst looks at before and after: statistics with flags, correlations with flags and p-values, Cronbach's alpha.

use serde::{Deserialize, Serialize};
use statrs::distribution::{ContinuousCDF, Normal, StudentsT};

use super::structure::Tree;
use super::treat::{kurtosis, skewness};
use super::{Table, ascending, deviation_of, mean_of, median_of};

/// Limits for the flags of [`describe`] (`COINr` `get_stats`).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct StatisticsLimits {
    /// An outlier flag needs |G1| above this …
    pub skew: f64,
    /// … and G2 above this.
    pub kurt: f64,
    /// Least share of values present.
    pub available: f64,
    /// Least share of all units with a value other than zero.
    pub nonzero: f64,
    /// Least share of all units with a value of their own.
    pub unique: f64,
}

impl Default for StatisticsLimits {
    fn default() -> Self {
        Self { skew: 2.0, kurt: 3.5, available: 0.65, nonzero: 0.5, unique: 0.5 }
    }
}

#[allow(clippy::struct_excessive_bools)] // four flags, which are what the table shows
/// Statistics of one indicator; `None` where undefined. A flag is true where something is wrong.
#[derive(Clone, Debug, PartialEq)]
pub struct Statistics {
    /// Smallest value.
    pub min: Option<f64>,
    /// Largest value.
    pub max: Option<f64>,
    /// Mean.
    pub mean: Option<f64>,
    /// Median.
    pub median: Option<f64>,
    /// Standard deviation, n − 1.
    pub deviation: Option<f64>,
    /// G1.
    pub skewness: Option<f64>,
    /// G2.
    pub kurtosis: Option<f64>,
    /// Values present.
    pub available: usize,
    /// Values other than zero.
    pub nonzero: usize,
    /// Different values.
    pub unique: usize,
    /// The most units with the same value.
    pub same: usize,
    /// Units.
    pub units: usize,
    /// Too few values.
    pub low_available: bool,
    /// Too many zeros.
    pub low_nonzero: bool,
    /// Too few different values.
    pub low_unique: bool,
    /// Skewed by outliers.
    pub outliers: bool,
}

/// Statistics of one indicator, `values` one per unit, NaN = missing.
pub fn describe(values: &[f64], limits: &StatisticsLimits) -> Statistics {
    let present = ascending(values);
    let units = values.len();
    let (mut unique, mut same, mut run) = (0, 0, 0);
    for (place, value) in present.iter().enumerate() {
        if place > 0 && (value - present[place - 1]).abs() == 0.0 {
            run += 1;
        } else {
            unique += 1;
            run = 1;
        }
        same = same.max(run);
    }
    let nonzero = present.iter().filter(|value| value.abs() > 0.0).count();
    let (skew, kurt) = (skewness(values), kurtosis(values));
    let share = |count: usize| {
        if units == 0 { 0.0 } else { count as f64 / units as f64 }
    };
    Statistics {
        min: present.first().copied(),
        max: present.last().copied(),
        mean: mean_of(&present),
        median: median_of(&present),
        deviation: deviation_of(&present),
        skewness: skew,
        kurtosis: kurt,
        available: present.len(),
        nonzero,
        unique,
        same,
        units,
        low_available: share(present.len()) < limits.available,
        low_nonzero: share(nonzero) < limits.nonzero,
        low_unique: share(unique) < limits.unique,
        outliers: skew.is_some_and(|g1| g1.abs() > limits.skew) && kurt.is_some_and(|g2| g2 > limits.kurt),
    }
}

/// A kind of correlation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CorrelationKind {
    /// Of the values.
    #[default]
    Pearson,
    /// Of their mean ranks.
    Spearman,
    /// Tau-b.
    Kendall,
}

/// The pairs that both have.
fn pairs(left: &[f64], right: &[f64]) -> (Vec<f64>, Vec<f64>) {
    left.iter().zip(right).filter(|(a, b)| a.is_finite() && b.is_finite()).map(|(a, b)| (*a, *b)).unzip()
}

/// Correlation over the units that have both; `None` under two such units or where either doesn't vary.
pub fn correlation(left: &[f64], right: &[f64], kind: CorrelationKind) -> Option<f64> {
    let (left, right) = pairs(left, right);
    match kind {
        CorrelationKind::Pearson => pearson(&left, &right),
        CorrelationKind::Spearman => pearson(&mean_ranks(&left), &mean_ranks(&right)),
        CorrelationKind::Kendall => kendall(&left, &right),
    }
}

fn varies(values: &[f64]) -> bool {
    values.iter().any(|value| (value - values[0]).abs() > 0.0)
}

fn pearson(left: &[f64], right: &[f64]) -> Option<f64> {
    if left.len() < 2 || !varies(left) || !varies(right) {
        return None;
    }
    let (mean_left, mean_right) = (mean_of(&ascending(left))?, mean_of(&ascending(right))?);
    let mut products: Vec<f64> = left.iter().zip(right).map(|(a, b)| (a - mean_left) * (b - mean_right)).collect();
    // In ascending order, so that the order of the units doesn't matter to the last bit.
    products.sort_unstable_by(f64::total_cmp);
    let squares = |values: &[f64], mean: f64| ascending(values).iter().map(|value| (value - mean) * (value - mean)).sum::<f64>();
    let r = products.iter().sum::<f64>() / (squares(left, mean_left).sqrt() * squares(right, mean_right).sqrt());
    r.is_finite().then_some(r.clamp(-1.0, 1.0))
}

/// Ascending ranks where ties share the mean; the values are all present.
fn mean_ranks(values: &[f64]) -> Vec<f64> {
    let sorted = ascending(values);
    values
        .iter()
        .map(|value| {
            let below = sorted.partition_point(|other| other < value);
            let to = sorted.partition_point(|other| other <= value);
            (below + 1 + to) as f64 / 2.0
        })
        .collect()
}

/// Concordant minus discordant pairs, and the pairs tied in neither.
fn kendall_counts(left: &[f64], right: &[f64]) -> (f64, f64, f64) {
    let (mut surplus, mut differ_left, mut differ_right) = (0.0, 0.0, 0.0);
    for first in 0..left.len() {
        for second in first + 1..left.len() {
            let a = sign(left[first] - left[second]);
            let b = sign(right[first] - right[second]);
            surplus += a * b;
            differ_left += a.abs();
            differ_right += b.abs();
        }
    }
    (surplus, differ_left, differ_right)
}

fn kendall(left: &[f64], right: &[f64]) -> Option<f64> {
    let (surplus, differ_left, differ_right) = kendall_counts(left, right);
    (differ_left > 0.0 && differ_right > 0.0).then(|| (surplus / (differ_left.sqrt() * differ_right.sqrt())).clamp(-1.0, 1.0))
}

fn sign(value: f64) -> f64 {
    if value > 0.0 {
        1.0
    } else if value < 0.0 {
        -1.0
    } else {
        0.0
    }
}

/// Two-sided p-value of no correlation: Pearson and Spearman by t on n − 2 degrees of freedom, Kendall by the normal approximation without ties
/// (R's `cor.test` computes the last two exactly in small samples). `None` under three pairs.
pub fn correlation_p_value(left: &[f64], right: &[f64], kind: CorrelationKind) -> Option<f64> {
    let r = correlation(left, right, kind)?;
    let (left, right) = pairs(left, right);
    let count = left.len() as f64;
    if left.len() < 3 {
        return None;
    }
    match kind {
        CorrelationKind::Pearson | CorrelationKind::Spearman => {
            let rest = 1.0 - r * r;
            if rest <= 0.0 {
                return Some(0.0);
            }
            let t = r * ((count - 2.0) / rest).sqrt();
            let distribution = StudentsT::new(0.0, 1.0, count - 2.0).ok()?;
            Some((2.0 * distribution.cdf(-t.abs())).min(1.0))
        }
        CorrelationKind::Kendall => {
            let (surplus, _, _) = kendall_counts(&left, &right);
            let z = surplus / (count * (count - 1.0) * (2.0 * count + 5.0) / 18.0).sqrt();
            let distribution = Normal::new(0.0, 1.0).ok()?;
            Some((2.0 * distribution.cdf(-z.abs())).min(1.0))
        }
    }
}

/// A pair of columns and how they correlate.
#[derive(Clone, Debug, PartialEq)]
pub struct CorrelatedPair {
    /// First column.
    pub first: usize,
    /// Second column.
    pub second: usize,
    /// The ancestor that both have at the level asked for, or the only one of them that is an aggregate.
    pub group: Option<usize>,
    /// Correlation over the units that have both.
    pub correlation: Option<f64>,
    /// Two-sided p-value.
    pub p_value: Option<f64>,
}

/// Correlations of every two columns of `columns` of an aggregated table.
pub fn correlations(table: &Table, columns: &[usize], kind: CorrelationKind) -> Vec<CorrelatedPair> {
    let picked: Vec<Vec<f64>> = columns.iter().map(|column| table.column(*column)).collect();
    let mut found = Vec::new();
    for first in 0..columns.len() {
        for second in first + 1..columns.len() {
            found.push(CorrelatedPair {
                first: columns[first],
                second: columns[second],
                group: None,
                correlation: correlation(&picked[first], &picked[second], kind),
                p_value: correlation_p_value(&picked[first], &picked[second], kind),
            });
        }
    }
    found
}

/// Correlations of each column at `level` with its ancestor at `with` (a pillar, the index), from an aggregated table.
pub fn correlations_with_parent(table: &Table, tree: &Tree, level: usize, with: usize, kind: CorrelationKind) -> Vec<CorrelatedPair> {
    tree.at_level(level)
        .into_iter()
        .filter_map(|column| {
            let parent = tree.ancestor(column, with)?;
            let (left, right) = (table.column(column), table.column(parent));
            Some(CorrelatedPair {
                first: column,
                second: parent,
                group: Some(parent),
                correlation: correlation(&left, &right, kind),
                p_value: correlation_p_value(&left, &right, kind),
            })
        })
        .collect()
}

/// Pairs of indicators inside the same group at `group_level` whose correlation is above `limit` (collinear, if `high`) or below it (at odds, if
/// not): `COINr` `get_corr_flags`, whose limits are 0.9 for high and commonly −0.4 for low. `table` has the indicators in its first columns.
pub fn correlation_flags(table: &Table, tree: &Tree, group_level: usize, limit: f64, high: bool, kind: CorrelationKind) -> Vec<CorrelatedPair> {
    let indicators: Vec<usize> = (0..tree.indicators).collect();
    correlations(table, &indicators, kind)
        .into_iter()
        .filter_map(|pair| {
            let group = tree.ancestor(pair.first, group_level)?;
            let r = pair.correlation?;
            let flagged = if high { r > limit } else { r < limit };
            (tree.ancestor(pair.second, group_level) == Some(group) && flagged).then_some(CorrelatedPair { group: Some(group), ..pair })
        })
        .collect()
}

/// Indicators whose correlation with a denominator is larger in size than `limit`: those that may still measure size. Pairs of indicator and denominator
/// number with the correlation.
pub fn denominator_flags(table: &Table, denominators: &[Vec<f64>], limit: f64, kind: CorrelationKind) -> Vec<(usize, usize, f64)> {
    let mut found = Vec::new();
    for column in 0..table.columns {
        for (denominator, values) in denominators.iter().enumerate() {
            if let Some(r) = correlation(&table.column(column), values, kind)
                && r.abs() > limit
            {
                found.push((column, denominator, r));
            }
        }
    }
    found
}

/// Covariance (n − 1) over the units that have both; `None` under two.
fn covariance(left: &[f64], right: &[f64]) -> Option<f64> {
    let (left, right) = pairs(left, right);
    if left.len() < 2 {
        return None;
    }
    let (mean_left, mean_right) = (mean_of(&ascending(&left))?, mean_of(&ascending(&right))?);
    let mut products: Vec<f64> = left.iter().zip(&right).map(|(a, b)| (a - mean_left) * (b - mean_right)).collect();
    products.sort_unstable_by(f64::total_cmp);
    Some(products.iter().sum::<f64>() / (left.len() - 1) as f64)
}

/// Cronbach's alpha of `columns`: `k²·c̄ / Σ C`, with C the covariance matrix over pairwise complete units and c̄ the mean off its diagonal (`COINr`
/// `get_cronbach`). `None` with one column or nothing that varies.
pub fn cronbach_alpha(table: &Table, columns: &[usize]) -> Option<f64> {
    let count = columns.len() as f64;
    if columns.len() < 2 {
        return None;
    }
    let picked: Vec<Vec<f64>> = columns.iter().map(|column| table.column(*column)).collect();
    let (mut whole, mut diagonal) = (0.0, 0.0);
    for first in 0..picked.len() {
        for second in 0..picked.len() {
            let value = covariance(&picked[first], &picked[second]).unwrap_or(0.0);
            whole += value;
            if first == second {
                diagonal += value;
            }
        }
    }
    let alpha = count * count * ((whole - diagonal) / (count * (count - 1.0))) / whole;
    alpha.is_finite().then_some(alpha)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAN: f64 = f64::NAN;

    #[test]
    fn correlations_skip_what_either_lacks() {
        let left = [1.0, 2.0, 3.0, 4.0, NAN, 9.0];
        let right = [2.0, 1.0, 4.0, 3.0, 7.0, NAN];
        for (kind, wanted) in [(CorrelationKind::Pearson, 0.6), (CorrelationKind::Spearman, 0.6), (CorrelationKind::Kendall, 1.0 / 3.0)] {
            assert!((correlation(&left, &right, kind).unwrap() - wanted).abs() < 1e-12, "{kind:?}");
        }
        // scipy.stats.pearsonr([1, 2, 3, 4], [2, 1, 4, 3]).pvalue
        assert!((correlation_p_value(&left, &right, CorrelationKind::Pearson).unwrap() - 0.4).abs() < 1e-9);
        assert_eq!(correlation(&left, &[5.0; 6], CorrelationKind::Spearman), None);
    }

    #[test]
    fn alpha_is_one_for_copies_and_falls_with_noise() {
        let table = Table { rows: 3, columns: 3, values: vec![1.0, 1.0, 3.0, 2.0, 2.0, 1.0, 3.0, 3.0, 2.0] };
        assert!((cronbach_alpha(&table, &[0, 1]).unwrap() - 1.0).abs() < 1e-12);
        assert!(cronbach_alpha(&table, &[0, 1, 2]).unwrap() < 1.0);
        assert_eq!(cronbach_alpha(&table, &[0]), None);
    }

    #[test]
    fn flags_tell_what_is_thin() {
        let found = describe(&[0.0, 0.0, 0.0, NAN, NAN, 5.0], &StatisticsLimits::default());
        assert_eq!((found.available, found.nonzero, found.unique, found.same), (4, 1, 2, 3));
        assert!(!found.low_available && found.low_nonzero && found.low_unique && !found.outliers);
    }
}
