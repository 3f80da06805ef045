//! Strengths and weaknesses of one unit: the indicators where it ranks best and worst.

use super::Table;
use super::rank::competition_ranks;

/// One indicator in a unit's profile.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Trait {
    /// Indicator column.
    pub indicator: usize,
    /// The unit's rank.
    pub rank: u32,
    /// The unit's value in the table given.
    pub value: f64,
}

/// A unit's best and worst indicators.
#[derive(Clone, Debug, PartialEq)]
pub struct Profile {
    /// Best first.
    pub strengths: Vec<Trait>,
    /// Worst last, as in `COINr`.
    pub weaknesses: Vec<Trait>,
}

/// The `top` best and `bottom` worst indicators of every unit by rank (`COINr` `get_str_weak`). `table` is units × indicators with higher better: a
/// normalised table, or a raw one turned by [`super::chain::directed`]. Each indicator is ranked once.
///
/// Indicators the unit lacks are left out; with `discard_lowest` also those where it shares the lowest rank of all (which says little where many are
/// zero); with `unique_above` those where at most that share of the units has a value of its own. Ties keep the order of the indicators. With few
/// indicators one may be both.
pub fn profiles(table: &Table, top: usize, bottom: usize, discard_lowest: bool, unique_above: Option<f64>) -> Vec<Profile> {
    let mut traits: Vec<Vec<Trait>> = vec![Vec::new(); table.rows];
    for indicator in 0..table.columns {
        let column = table.column(indicator);
        if let Some(limit) = unique_above {
            let mut different: Vec<u64> = column.iter().map(|value| (value + 0.0).to_bits()).collect();
            different.sort_unstable();
            different.dedup();
            if different.len() as f64 / column.len() as f64 <= limit {
                continue;
            }
        }
        let ranks = competition_ranks(&column);
        let lowest = ranks.iter().flatten().max().copied();
        for (unit, rank) in ranks.iter().enumerate() {
            let Some(rank) = *rank else { continue };
            if !(discard_lowest && Some(rank) == lowest) {
                traits[unit].push(Trait { indicator, rank, value: column[unit] });
            }
        }
    }
    traits
        .into_iter()
        .map(|mut traits| {
            traits.sort_by_key(|found| found.rank);
            let strengths = traits.iter().take(top).copied().collect();
            let weaknesses = traits[traits.len().saturating_sub(bottom)..].to_vec();
            Profile { strengths, weaknesses }
        })
        .collect()
}

/// The profile of one unit, as in [`profiles`]; an empty one for a unit that the table doesn't have.
pub fn profile(table: &Table, unit: usize, top: usize, bottom: usize, discard_lowest: bool, unique_above: Option<f64>) -> Profile {
    let nothing = || Profile { strengths: Vec::new(), weaknesses: Vec::new() };
    profiles(table, top, bottom, discard_lowest, unique_above).into_iter().nth(unit).unwrap_or_else(nothing)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_profile_names_the_best_and_the_worst_and_skips_gaps() {
        let table = Table { rows: 3, columns: 4, values: vec![3.0, 1.0, f64::NAN, 2.0, 1.0, 2.0, 1.0, 3.0, 2.0, 3.0, 2.0, 1.0] };
        let found = profile(&table, 0, 1, 1, true, None);
        assert_eq!(found.strengths[0].indicator, 0);
        assert_eq!((found.weaknesses[0].indicator, found.weaknesses[0].rank), (3, 2));
        let all = profile(&table, 0, 9, 1, false, None);
        assert_eq!(all.strengths.len(), 3);
        assert_eq!(all.weaknesses[0].indicator, 1);
    }
}
