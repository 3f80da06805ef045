//! Imputation: a figure for what is missing, from the other units of the same indicator. Never silent: what was filled is returned.

use serde::{Deserialize, Serialize};

use super::{ascending, mean_of, median_of};

/// A way to fill what is missing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Imputation {
    /// Leaves it missing.
    #[default]
    None,
    /// The mean of the others (`COINr` `i_mean`).
    Mean,
    /// The median of the others (`i_median`).
    Median,
    /// The mean of the unit's group (`i_mean_grp`).
    GroupMean {
        /// Code of the grouping.
        group: String,
    },
    /// The median of the unit's group (`i_median_grp`).
    GroupMedian {
        /// Code of the grouping.
        group: String,
    },
}

impl Imputation {
    /// The grouping it needs.
    pub fn group(&self) -> Option<&str> {
        match self {
            Self::GroupMean { group } | Self::GroupMedian { group } => Some(group),
            Self::None | Self::Mean | Self::Median => None,
        }
    }
}

/// One indicator (`values` one per unit, NaN = missing) with its gaps filled as far as they can be, and the units that were filled.
///
/// `groups` gives each unit's group where the rule needs one. A unit in no group, or in one where nobody has a value, stays missing.
pub fn impute(values: &[f64], rule: &Imputation, groups: &[Option<String>]) -> (Vec<f64>, Vec<usize>) {
    let mut filled = values.to_vec();
    let mut units = Vec::new();
    let centre = |present: &[f64]| match rule {
        Imputation::None => None,
        Imputation::Mean | Imputation::GroupMean { .. } => mean_of(present),
        Imputation::Median | Imputation::GroupMedian { .. } => median_of(present),
    };
    for unit in 0..values.len() {
        if values[unit].is_finite() {
            continue;
        }
        let others: Vec<f64> = if rule.group().is_some() {
            let Some(group) = groups.get(unit).and_then(Option::as_ref) else {
                continue;
            };
            let same = |other: &usize| groups.get(*other).and_then(Option::as_ref) == Some(group);
            (0..values.len()).filter(same).map(|other| values[other]).collect()
        } else {
            values.to_vec()
        };
        if let Some(value) = centre(&ascending(&others)) {
            filled[unit] = value;
            units.push(unit);
        }
    }
    (filled, units)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gap_gets_the_centre_of_its_group_and_stays_a_gap_without_one() {
        let values = [1.0, f64::NAN, 3.0, 10.0, f64::NAN, f64::NAN];
        let group = |name: &str| Some(name.to_string());
        let groups = [group("a"), group("a"), group("a"), group("b"), group("c"), None];
        let (filled, units) = impute(&values, &Imputation::GroupMean { group: "g".into() }, &groups);
        assert_eq!(units, [1]);
        assert!((filled[1] - 2.0).abs() < 1e-15);
        assert!(filled[4].is_nan() && filled[5].is_nan());
        let (filled, _) = impute(&values, &Imputation::Median, &[]);
        assert!((filled[4] - 3.0).abs() < 1e-15);
        assert_eq!(impute(&values, &Imputation::None, &[]).1, [0; 0]);
    }
}
