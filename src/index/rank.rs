//! Competition ranks: the best score has rank 1, ties share the lowest rank, a missing score has none.

/// Ranks of `scores` (one per unit, NaN = missing), descending: 1 + the number of units with a higher score.
///
/// Ranks are made on the values as they are, never on rounded ones. Positive and negative zero tie.
pub fn competition_ranks(scores: &[f64]) -> Vec<Option<u32>> {
    let mut order = Vec::with_capacity(scores.len());
    let mut ranks = vec![0; scores.len()];
    competition_ranks_into(scores, &mut order, &mut ranks);
    ranks.into_iter().map(|rank| (rank > 0).then_some(rank)).collect()
}

/// As [`competition_ranks`], into buffers that the caller keeps: `ranks` (one per unit) gets 0 for a missing score; `order` is scratch and holds
/// the ranked units afterwards, best first, ties in the order of the units.
///
/// # Panics
/// If `ranks` is shorter than `scores`.
pub fn competition_ranks_into(scores: &[f64], order: &mut Vec<u32>, ranks: &mut [u32]) {
    order.clear();
    for (unit, score) in scores.iter().enumerate() {
        ranks[unit] = 0;
        if score.is_finite() {
            order.push(unit as u32);
        }
    }
    // Adding zero makes −0 equal to +0, so that total_cmp ties them.
    order.sort_unstable_by(|&a, &b| (scores[b as usize] + 0.0).total_cmp(&(scores[a as usize] + 0.0)).then(a.cmp(&b)));
    let mut rank = 0;
    let mut previous = f64::NAN;
    for (place, &unit) in order.iter().enumerate() {
        let score = scores[unit as usize];
        if score.partial_cmp(&previous) != Some(std::cmp::Ordering::Equal) {
            rank = place as u32 + 1;
            previous = score;
        }
        ranks[unit as usize] = rank;
    }
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
    fn a_rank_inside_a_group_counts_only_the_group() {
        let groups = [Some(0), Some(1), Some(0), None];
        assert_eq!(group_ranks(&[1.0, 2.0, 3.0, 4.0], &groups), [Some(2), Some(1), Some(1), None]);
    }
}
