//! How well an order agrees with what followed: rank correlation, first places and pairs, with intervals from resamples (method, section 10).

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;

/// A figure with the 2.5th and 97.5th percentile of its resamples.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// On the figures as they are.
    pub value: f64,
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

/// What is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// Spearman's rank correlation, equal values sharing their mean rank; over several rows the mean of the rows'.
    Spearman,
    /// Probability that a market with an outcome above 0 is ranked before one without, ties counting half; over several rows the mean of the rows'.
    Auc,
}

/// The order of a row's values, so that the ranks of any resample take one pass.
struct Ordered {
    /// Positions by rising value.
    order: Vec<u32>,
    /// Where each run of equal values ends in `order`.
    ends: Vec<u32>,
}

impl Ordered {
    fn of(values: &[f64]) -> Self {
        let mut order: Vec<u32> = (0..values.len() as u32).collect();
        // Adding zero makes −0 equal to +0, so that total_cmp ties them.
        let value = |position: u32| values[position as usize] + 0.0;
        order.sort_by(|first, second| value(*first).total_cmp(&value(*second)));
        let last = |place: &usize| order.get(place + 1).is_none_or(|next| value(*next).total_cmp(&value(order[*place])).is_ne());
        let ends = (0..order.len()).filter(last).map(|place| place as u32 + 1).collect();
        Self { order, ends }
    }

    /// Mean ranks, each position counted `counts[position]` times.
    fn ranks(&self, counts: &[f64], out: &mut [f64]) {
        let (mut start, mut below) = (0, 0.0);
        for end in &self.ends {
            let run = &self.order[start..*end as usize];
            let weight: f64 = run.iter().map(|position| counts[*position as usize]).sum();
            for position in run {
                out[*position as usize] = below + f64::midpoint(weight, 1.0);
            }
            below += weight;
            start = *end as usize;
        }
    }

    /// Probability that a positive position lies above another, ties counting half; `None` without one of each.
    fn auc(&self, positive: &[bool], counts: &[f64]) -> Option<f64> {
        let (mut start, mut others_below, mut positives, mut won) = (0, 0.0, 0.0, 0.0);
        for end in &self.ends {
            let (mut here, mut others) = (0.0, 0.0);
            for position in &self.order[start..*end as usize] {
                let position = *position as usize;
                *(if positive[position] { &mut here } else { &mut others }) += counts[position];
            }
            won += here * (others_below + others / 2.0);
            others_below += others;
            positives += here;
            start = *end as usize;
        }
        (positives > 0.0 && others_below > 0.0).then(|| won / (positives * others_below))
    }
}

/// The ranks of a row's outcome, for the correlation of any order with them.
#[derive(Default)]
struct OutcomeRanks {
    ranks: Vec<f64>,
    /// How far each rank is from their mean, times its count.
    gaps: Vec<f64>,
    mean: f64,
    squares: f64,
}

impl OutcomeRanks {
    fn set(&mut self, outcome: &Ordered, counts: &[f64]) {
        self.ranks.resize(counts.len(), 0.0);
        outcome.ranks(counts, &mut self.ranks);
        // Ranks and counts are whole or halves, so that every sum here and below is exact, in whatever order it is made.
        self.mean = f64::midpoint(counts.iter().sum(), 1.0);
        self.gaps.clear();
        self.gaps.extend(self.ranks.iter().zip(counts).map(|(rank, count)| count * (rank - self.mean)));
        self.squares = self.ranks.iter().zip(&self.gaps).map(|(rank, gap)| gap * (rank - self.mean)).sum();
    }

    /// Correlation of an order's mean ranks with those of the outcome, each position counted `counts[position]` times; `None` where either has no spread.
    fn correlation(&self, order: &Ordered, counts: &[f64]) -> Option<f64> {
        let (mut start, mut below, mut squares, mut products) = (0, 0.0, 0.0, 0.0);
        for end in &order.ends {
            let (mut weight, mut gaps) = (0.0, 0.0);
            for position in &order.order[start..*end as usize] {
                weight += counts[*position as usize];
                gaps += self.gaps[*position as usize];
            }
            let gap = below + f64::midpoint(weight, 1.0) - self.mean;
            squares += weight * gap * gap;
            products += gap * gaps;
            below += weight;
            start = *end as usize;
        }
        (squares > 1e-9 && self.squares > 1e-9).then(|| products / (squares * self.squares).sqrt())
    }
}

/// One ranking to be judged: an occupation's markets, or the markets of the whole country.
#[derive(Clone, Debug)]
pub struct Row {
    /// Numbers of the markets; a resample draws markets, the same for every row.
    pub markets: Vec<usize>,
    /// What followed, one a market.
    pub outcome: Vec<f64>,
    /// Each ranker's values, one a market; larger is ranked before smaller. None is missing: every ranker is judged on the same markets.
    pub rankers: Vec<Vec<f64>>,
}

/// A ranker's result.
#[derive(Clone, Debug, PartialEq)]
pub struct Judged {
    /// The measure; `None` where no row allows it.
    pub value: Option<Interval>,
    /// The measure less that of each baseline, on the same resamples.
    pub differences: Vec<Option<Interval>>,
    /// The measure less the best of the first two baselines (population and pool).
    pub above_simple: Option<Interval>,
}

/// A row's markets, the order of its outcome, which outcomes are above 0, and the order of every ranker.
type PreparedRow = (Vec<usize>, Ordered, Vec<bool>, Vec<Ordered>);

/// The rows prepared for one measure.
struct Prepared {
    rows: Vec<PreparedRow>,
    measure: Measure,
}

impl Prepared {
    fn new(rows: &[Row], measure: Measure) -> Self {
        let prepare = |row: &Row| {
            let positive = row.outcome.iter().map(|outcome| *outcome > 0.0).collect();
            (row.markets.clone(), Ordered::of(&row.outcome), positive, row.rankers.iter().map(|values| Ordered::of(values)).collect())
        };
        Self { rows: rows.iter().map(prepare).collect(), measure }
    }

    /// Each ranker's measure, markets and rows counted so many times.
    fn measured(&self, markets: &[f64], rows: &[f64], rankers: usize) -> Vec<Option<f64>> {
        let (mut sums, mut whole) = (vec![0.0; rankers], vec![0.0; rankers]);
        let (mut outcome_ranks, mut counts) = (OutcomeRanks::default(), Vec::new());
        for ((numbers, outcome, positive, orders), times) in self.rows.iter().zip(rows).filter(|(_, times)| **times > 0.0) {
            counts.clear();
            counts.extend(numbers.iter().map(|number| markets[*number]));
            if self.measure == Measure::Spearman {
                outcome_ranks.set(outcome, &counts);
            }
            for (ranker, order) in orders.iter().enumerate() {
                let value = match self.measure {
                    Measure::Spearman => outcome_ranks.correlation(order, &counts),
                    Measure::Auc => order.auc(positive, &counts),
                };
                if let Some(value) = value {
                    sums[ranker] += times * value;
                    whole[ranker] += times;
                }
            }
        }
        sums.into_iter().zip(whole).map(|(sum, whole)| (whole > 0.0).then(|| sum / whole)).collect()
    }
}

/// Quantile of rising values, linear between them.
pub(crate) fn quantile(ascending: &[f64], probability: f64) -> f64 {
    let place = probability * (ascending.len() - 1) as f64;
    let (low, part) = (place.floor() as usize, place.fract());
    ascending[low] + part * (ascending[(low + 1).min(ascending.len() - 1)] - ascending[low])
}

fn interval(value: Option<f64>, draws: impl Iterator<Item = Option<f64>>) -> Option<Interval> {
    let value = value?;
    let mut values: Vec<f64> = draws.flatten().collect();
    values.sort_by(f64::total_cmp);
    let ends = if values.is_empty() { (f64::NAN, f64::NAN) } else { (quantile(&values, 0.025), quantile(&values, 0.975)) };
    Some(Interval { value, low: ends.0, high: ends.1 })
}

/// Judges every ranker of `rows` over `markets` markets. `baselines` are positions of rankers, population and pool first. A resample draws as many markets
/// as there are, and as many rows where there are several; differences are of the same resample. The same seed gives the same bits on any number of threads.
#[must_use]
pub fn judge(rows: &[Row], markets: usize, baselines: &[usize], measure: Measure, draws: usize, seed: u64) -> Vec<Judged> {
    let rankers = rows.first().map_or(0, |row| row.rankers.len());
    let prepared = Prepared::new(rows, measure);
    let point = prepared.measured(&vec![1.0; markets], &vec![1.0; rows.len()], rankers);
    let resampled: Vec<Vec<Option<f64>>> = (0..draws as u64)
        .into_par_iter()
        .map(|draw| {
            let mut random = ChaCha8Rng::seed_from_u64(seed);
            random.set_stream(draw);
            let mut counted = |count: usize| {
                let mut counts = vec![0.0; count];
                for _ in 0..count {
                    counts[random.random_range(0..count)] += 1.0;
                }
                counts
            };
            let markets = counted(markets);
            let rows = if rows.len() > 1 { counted(rows.len()) } else { vec![1.0; rows.len()] };
            prepared.measured(&markets, &rows, rankers)
        })
        .collect();
    let simple = |values: &[Option<f64>]| {
        let best = baselines.iter().take(2).filter_map(|baseline| values[*baseline]).fold(f64::NEG_INFINITY, f64::max);
        best.is_finite().then_some(best)
    };
    let minus = |values: &[Option<f64>], ranker: usize, baseline: usize| Some(values[ranker]? - values[baseline]?);
    let above = |values: &[Option<f64>], ranker: usize| Some(values[ranker]? - simple(values)?);
    (0..rankers)
        .map(|ranker| Judged {
            value: interval(point[ranker], resampled.iter().map(|values| values[ranker])),
            differences: baselines
                .iter()
                .map(|baseline| interval(minus(&point, ranker, *baseline), resampled.iter().map(|values| minus(values, ranker, *baseline))))
                .collect(),
            above_simple: interval(above(&point, ranker), resampled.iter().map(|values| above(values, ranker))),
        })
        .collect()
}

/// The measure of each ranker on the markets and rows that are kept, without intervals.
#[must_use]
pub fn measured(rows: &[Row], markets: &[bool], kept: &[bool], measure: Measure) -> Vec<Option<f64>> {
    let number = |kept: &bool| f64::from(u8::from(*kept));
    let rankers = rows.first().map_or(0, |row| row.rankers.len());
    let markets: Vec<f64> = markets.iter().map(number).collect();
    Prepared::new(rows, measure).measured(&markets, &kept.iter().map(number).collect::<Vec<_>>(), rankers)
}

/// Positions by falling value; equal values in their own order.
fn falling(values: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|first, second| values[*second].total_cmp(&values[*first]));
    order
}

/// NDCG@10: `Σ_{j≤10} ln(1+y_(j)) / log2(1+j)` of the ranking over the same sum of the true order. Outcomes under 0 count as 0; `None` where none is above.
#[must_use]
pub fn ndcg10(values: &[f64], outcome: &[f64]) -> Option<f64> {
    let gain = |order: &[usize]| -> f64 {
        order.iter().take(10).enumerate().map(|(place, position)| outcome[*position].max(0.0).ln_1p() / (place as f64 + 2.0).log2()).sum()
    };
    let ideal = gain(&falling(outcome));
    (ideal > 0.0).then(|| gain(&falling(values)) / ideal)
}

/// Share of the true first ten (with an outcome above 0) that the ranking's first ten hold, over the most that there can be.
#[must_use]
pub fn hits10(values: &[f64], outcome: &[f64]) -> Option<f64> {
    let first = |values: &[f64]| -> Vec<usize> { falling(values).into_iter().take(10).collect() };
    let positives = outcome.iter().filter(|outcome| **outcome > 0.0).count();
    let truth: Vec<usize> = first(outcome).into_iter().filter(|position| outcome[*position] > 0.0).collect();
    (positives > 0).then(|| first(values).iter().filter(|position| truth.contains(position)).count() as f64 / positives.min(10) as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(outcome: &[f64], rankers: &[&[f64]]) -> Row {
        Row { markets: (0..outcome.len()).collect(), outcome: outcome.to_vec(), rankers: rankers.iter().map(|values| values.to_vec()).collect() }
    }

    #[test]
    fn equal_values_share_their_mean_rank_and_the_correlation_is_spearmans() {
        // By hand: ranks of x 1, 2.5, 2.5, 4 and of y 1, 3, 2, 4: covariance 4.5, variances 4.5 and 5.
        let rows = [row(&[1.0, 30.0, 20.0, 40.0], &[&[0.1, 0.2, 0.2, 0.9]])];
        let found = judge(&rows, 4, &[], Measure::Spearman, 50, 1)[0].value.unwrap();
        assert!((found.value - 4.5 / (4.5_f64 * 5.0).sqrt()).abs() < 1e-12);
        assert!(found.low <= found.value && found.value <= found.high);
    }

    #[test]
    fn a_pair_is_won_where_the_market_that_got_one_stands_before_and_ties_count_half() {
        let rows = [row(&[0.0, 0.0, 1.0, 5.0], &[&[1.0, 3.0, 2.0, 3.0]])];
        // Of four pairs: 2 > 1 won, 2 < 3 lost, 3 > 1 won, 3 = 3 half.
        let found = judge(&rows, 4, &[], Measure::Auc, 0, 1)[0].value.unwrap().value;
        assert!((found - 2.5 / 4.0).abs() < 1e-12);
    }

    #[test]
    fn counting_a_market_twice_is_having_it_twice() {
        let (values, outcome) = ([3.0, 1.0, 2.0, 2.0], [9.0, 2.0, 4.0, 1.0]);
        let prepared = Prepared::new(&[row(&outcome, &[&values])], Measure::Spearman);
        let counted = prepared.measured(&[1.0, 2.0, 1.0, 0.0], &[1.0], 1);
        let twice = Prepared::new(&[row(&[9.0, 2.0, 2.0, 4.0], &[&[3.0, 1.0, 1.0, 2.0]])], Measure::Spearman).measured(&[1.0; 4], &[1.0], 1);
        assert!((counted[0].unwrap() - twice[0].unwrap()).abs() < 1e-12);
    }

    #[test]
    fn the_true_order_has_every_gain_and_every_hit() {
        let outcome = [5.0, 0.0, 3.0, 1.0];
        assert_eq!((ndcg10(&outcome, &outcome), hits10(&outcome, &outcome)), (Some(1.0), Some(1.0)));
        assert!(ndcg10(&[0.0, 9.0, 1.0, 2.0], &outcome).unwrap() < 0.8);
        assert_eq!(ndcg10(&[1.0], &[0.0]), None);
    }

    #[test]
    fn the_same_bits_on_any_number_of_threads() {
        let rows = [row(&[1.0, 3.0, 2.0, 7.0, 4.0], &[&[1.0, 2.0, 3.0, 4.0, 5.0], &[2.0, 1.0, 3.0, 5.0, 4.0]])];
        let run = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| judge(&rows, 5, &[0, 1], Measure::Spearman, 200, 70))
        };
        assert_eq!(run(1), run(4));
    }
}
