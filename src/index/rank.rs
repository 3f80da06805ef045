//! Competition ranks: the best score has rank 1, ties share the lowest rank, a missing score has none.

/// As many as are ranked by comparing each with each.
const FEW: usize = 32;
/// As many as a byte can number.
const SHORT: usize = 256;

/// Ranks of `scores` (one per unit, NaN = missing), descending: 1 + the number of units with a higher score.
///
/// Ranks are made on the values as they are, never on rounded ones. Positive and negative zero tie.
pub fn competition_ranks(scores: &[f64]) -> Vec<Option<u32>> {
    let mut order = Vec::with_capacity(scores.len());
    let mut ranks = vec![0; scores.len()];
    competition_ranks_into(scores, &mut order, &mut ranks);
    ranks.into_iter().map(|rank| (rank > 0).then_some(rank)).collect()
}

/// As [`competition_ranks`], into buffers that the caller keeps: `ranks` (one per unit) gets 0 for a missing score; `order` is scratch.
///
/// # Panics
/// If `ranks` is shorter than `scores`.
pub fn competition_ranks_into(scores: &[f64], order: &mut Vec<u128>, ranks: &mut [u32]) {
    if scores.len() <= FEW {
        ranks_of_few(scores, ranks);
        return;
    }
    if scores.len() <= SHORT && ranks_by_short_keys(scores, ranks) {
        return;
    }
    order.clear();
    for (unit, score) in scores.iter().enumerate() {
        ranks[unit] = 0;
        if score.is_finite() {
            order.push(u128::from(descending(*score)) << 32 | unit as u128);
        }
    }
    // A whole number for each unit, the score before the unit: sorted without looking the scores up again.
    order.sort_unstable();
    let mut rank = 0;
    let mut previous = None;
    for (place, entry) in order.iter().enumerate() {
        let score = (entry >> 32) as u64;
        if previous != Some(score) {
            rank = place as u32 + 1;
            previous = Some(score);
        }
        ranks[(entry & u128::from(u32::MAX)) as usize] = rank;
    }
}

/// Each score is held against all others, many at a time: for few that is sooner done than sorting them.
fn ranks_of_few(scores: &[f64], ranks: &mut [u32]) {
    let mut present = [f64::NAN; FEW];
    for (present, score) in present.iter_mut().zip(scores).filter(|(_, score)| score.is_finite()) {
        *present = *score;
    }
    for (rank, score) in ranks.iter_mut().zip(&present[..scores.len()]) {
        // Nothing is above a missing score, nor is it above another.
        let above = present.iter().map(|other| u64::from(other > score)).sum::<u64>() as u32;
        *rank = if score.is_nan() { 0 } else { 1 + above };
    }
}

/// Sorts numbers of half the width, the unit in the place of a score's last eight bits. Returns whether that was enough: not if two scores differ in no
/// others.
fn ranks_by_short_keys(scores: &[f64], ranks: &mut [u32]) -> bool {
    let mut keys = [0; SHORT];
    let mut count = 0;
    for (unit, score) in scores.iter().enumerate() {
        ranks[unit] = 0;
        if score.is_finite() {
            keys[count] = (descending(*score) & !0xff) | unit as u64;
            count += 1;
        }
    }
    keys[..count].sort_unstable();
    let mut rank = 0;
    let mut previous: Option<u64> = None;
    for (place, key) in keys[..count].iter().enumerate() {
        let unit = (key & 0xff) as usize;
        let score = descending(scores[unit]);
        if previous != Some(score) {
            if previous.is_some_and(|previous| previous >> 8 == score >> 8) {
                return false;
            }
            rank = place as u32 + 1;
            previous = Some(score);
        }
        ranks[unit] = rank;
    }
    true
}

/// A number that is the smaller the higher the score, equal where scores are equal.
fn descending(score: f64) -> u64 {
    // Adding zero makes −0 equal to +0.
    let bits = (score + 0.0).to_bits();
    // Bits of positive numbers rise with them, those of negative ones fall.
    if bits >> 63 == 0 { !(bits | 1 << 63) } else { bits }
}

/// Ranks within groups: `groups[unit]` is a group number, `None` = in no group and not ranked.
pub fn group_ranks(scores: &[f64], groups: &[Option<usize>]) -> Vec<Option<u32>> {
    scores
        .iter()
        .zip(groups)
        .map(|(score, group)| {
            let group = (*group)?;
            score.is_finite().then(|| {
                1 + scores.iter().zip(groups).filter(|(other, of)| **of == Some(group) && other.is_finite() && **other > *score).count() as u32
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ties_share_the_lowest_rank_and_the_next_rank_is_skipped() {
        assert_eq!(competition_ranks(&[3.0, 5.0, 3.0, 1.0]), [Some(2), Some(1), Some(2), Some(4)]);
    }

    #[test]
    fn a_missing_score_has_no_rank_and_costs_nobody_a_place() {
        assert_eq!(competition_ranks(&[f64::NAN, 1.0, f64::INFINITY, 2.0]), [None, Some(2), None, Some(1)]);
        assert_eq!(competition_ranks(&[]), []);
    }

    #[test]
    fn the_two_zeros_tie() {
        assert_eq!(competition_ranks(&[0.0, -0.0, -1.0]), [Some(1), Some(1), Some(3)]);
    }

    #[test]
    fn scores_under_zero_and_of_every_size_are_ranked_as_numbers() {
        let scores = [-1.0, 1e-300, -1e300, 5.0, -1e-300, 1e300, 0.0];
        assert_eq!(competition_ranks(&scores), [6, 3, 7, 2, 5, 1, 4].map(Some));
    }

    #[test]
    fn every_way_of_ranking_counts_the_scores_above_however_close_they_are() {
        let mut state = 9_u64;
        let mut drawn = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            state >> 33
        };
        for units in [1, 5, FEW, FEW + 1, 130, SHORT, SHORT + 1, 400] {
            for _ in 0..20 {
                // Some equal, some missing, and some that differ in their last bits only.
                let score = |number: u64| match number % 7 {
                    0 => f64::NAN,
                    1 => 50.0,
                    2 => f64::from_bits(50.0_f64.to_bits() + number / 7 % 3),
                    3 => -1.0 - (number / 7 % 5) as f64,
                    _ => (number / 7) as f64 / 1e6,
                };
                let scores: Vec<f64> = (0..units).map(|_| score(drawn())).collect();
                let above = |score: f64| 1 + scores.iter().filter(|other| **other > score).count() as u32;
                let wanted: Vec<Option<u32>> = scores.iter().map(|score| (!score.is_nan()).then(|| above(*score))).collect();
                assert_eq!(competition_ranks(&scores), wanted, "{scores:?}");
            }
        }
    }

    #[test]
    fn a_rank_inside_a_group_counts_only_the_group() {
        let groups = [Some(0), Some(1), Some(0), None];
        assert_eq!(group_ranks(&[1.0, 2.0, 3.0, 4.0], &groups), [Some(2), Some(1), Some(1), None]);
    }
}
