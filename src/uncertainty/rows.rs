//! Rows of scores by occupation, from which areas' scores are summed (method, section 4). Sums run over an area's occupations in their order, so that an area
//! gets the same bits whatever other areas and occupations the model holds.

/// Markets that are summed side by side: as many as a processor keeps at hand.
const LANES: usize = 16;

/// Every occupation's scores over all markets.
pub(super) struct Rows {
    markets: usize,
    /// A row's length, a multiple of [`LANES`].
    stride: usize,
    /// By occupation and market; 0 where there is none.
    scores: Vec<f64>,
    /// Whether there is a score, by occupation and market.
    present: Vec<bool>,
}

/// Markets that have scores for the same occupations, so that what an area counts of one it counts of all.
#[derive(Debug)]
pub(super) struct Classes {
    /// The areas' number and whether there is a score, by occupation and market: what they are made from.
    areas: u64,
    present: Vec<bool>,
    /// By market.
    of: Vec<usize>,
    /// A market of each class.
    first: Vec<usize>,
    /// Of each area the weight of what each class has scores for.
    counted: Vec<Vec<f64>>,
}

impl Classes {
    fn one(areas: u64, present: Vec<bool>, markets: usize) -> Self {
        Self { areas, present, counted: Vec::new(), of: vec![0; markets], first: vec![0; markets.min(1)] }
    }

    /// Whether they hold for `rows` of the areas with this number.
    pub(super) fn are_of(&self, areas: u64, rows: &Rows) -> bool {
        self.areas == areas && self.of.len() == rows.markets && self.present == rows.present
    }

    /// Parts every class in those that are there and those that are not.
    fn part(&mut self, present: &[bool]) {
        let mut parts = vec![[None; 2]; self.first.len()];
        self.first.clear();
        for (market, (class, is_present)) in self.of.iter_mut().zip(present).enumerate() {
            *class = *parts[*class][usize::from(*is_present)].get_or_insert_with(|| {
                self.first.push(market);
                self.first.len() - 1
            });
        }
    }
}

impl Rows {
    pub(super) fn new(occupations: usize, markets: usize) -> Self {
        let stride = markets.next_multiple_of(LANES);
        Self { markets, stride, scores: vec![0.0; occupations * stride], present: vec![false; occupations * markets] }
    }

    /// The row of an occupation: its scores and which of them there are.
    pub(super) fn row(&mut self, occupation: usize) -> (&mut [f64], &mut [bool]) {
        let from = occupation * self.stride;
        (&mut self.scores[from..from + self.markets], &mut self.present[occupation * self.markets..(occupation + 1) * self.markets])
    }

    fn present(&self, occupation: usize) -> &[bool] {
        &self.present[occupation * self.markets..(occupation + 1) * self.markets]
    }

    /// Markets that have scores for the same occupations, for areas with this number and these weights.
    pub(super) fn classes(&self, areas: u64, weights: &[Vec<(usize, f64)>]) -> Classes {
        let mut classes = Classes::one(areas, self.present.clone(), self.markets);
        let mut seen: Vec<usize> = Vec::new();
        for occupation in 0..self.scores.len() / self.stride.max(1) {
            let present = self.present(occupation);
            if !seen.iter().rev().any(|before| self.present(*before) == present) {
                seen.push(occupation);
                classes.part(present);
            }
        }
        let sum_of = |weights: &[(usize, f64)], market: usize| {
            let present = weights.iter().filter(|(occupation, _)| self.present[occupation * self.markets + market]);
            present.fold(0.0, |sum, (_, weight)| sum + weight)
        };
        classes.counted = weights.iter().map(|weights| classes.first.iter().map(|market| sum_of(weights, *market)).collect()).collect();
        classes
    }

    /// Every market's mean over the occupations of the area in a place, with their weights, in their order; NaN where the weight of those that it has a
    /// score for is under `least`.
    pub(super) fn means(&self, weights: &[(usize, f64)], area: usize, classes: &Classes, least: f64, out: &mut Vec<f64>) {
        let counted = &classes.counted[area];
        out.clear();
        for start in (0..self.stride).step_by(LANES) {
            let mut sums = [0.0; LANES];
            for (occupation, weight) in weights {
                let from = occupation * self.stride + start;
                for (sum, score) in sums.iter_mut().zip(&self.scores[from..from + LANES]) {
                    *sum += weight * score;
                }
            }
            out.extend_from_slice(&sums);
        }
        out.truncate(self.markets);
        for (score, class) in out.iter_mut().zip(&classes.of) {
            *score = if counted[*class] >= least { *score / counted[*class] } else { f64::NAN };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_area_is_the_weighted_mean_of_what_is_there_whichever_markets_share_their_gaps() {
        // Scores of 3 occupations over 40 markets, with gaps in patterns that cross.
        let score = |occupation: usize, market: usize| {
            let is_missing = market.is_multiple_of(occupation + 2) || (occupation == 2 && market > 30);
            (!is_missing).then(|| 1.0 + ((occupation * 31 + market * 17) % 97) as f64 / 0.7)
        };
        let mut rows = Rows::new(3, 40);
        for (occupation, market) in (0..3).flat_map(|occupation| (0..40).map(move |market| (occupation, market))) {
            let (scores, present) = rows.row(occupation);
            if let Some(score) = score(occupation, market) {
                (scores[market], present[market]) = (score, true);
            }
        }
        let areas = [vec![(0, 0.3), (1, 0.1), (2, 0.6)], vec![(1, 1.0)]];
        let classes = rows.classes(0, &areas);
        assert!((4..=8).contains(&classes.first.len()), "{} classes", classes.first.len());
        let mut out = Vec::new();
        for (area, weights) in areas.iter().enumerate() {
            rows.means(weights, area, &classes, 0.5, &mut out);
            for (market, found) in out.iter().enumerate() {
                let there = || weights.iter().filter_map(|(occupation, weight)| Some((*weight, score(*occupation, market)?)));
                let counted: f64 = there().map(|(weight, _)| weight).sum();
                let sum: f64 = there().map(|(weight, score)| weight * score).sum();
                let wanted = if counted >= 0.5 { sum / counted } else { f64::NAN };
                assert!(found.to_bits() == wanted.to_bits() || (found.is_nan() && wanted.is_nan()), "market {market}: {found} for {wanted}");
            }
            assert!(out.iter().any(|score| score.is_nan()) && out.iter().any(|score| !score.is_nan()));
        }
    }
}
