//! How well an order agrees with what followed: rank correlation, first places and pairs, with intervals from resamples (method, section 10).

use std::ops::{Add, AddAssign, Mul, Sub};

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

/// What ranks and counts are summed in. All of them are whole numbers or halves, and their products quarters.
trait Number: Copy + Default + From<f32> + Into<f64> + Add<Output = Self> + Sub<Output = Self> + Mul<Output = Self> + AddAssign {}

impl Number for f64 {}

/// Exact for quarters under 2²².
impl Number for f32 {}

/// As many markets as sums of squared ranks are exact for in half the precision: n³/12 at most, in quarters.
const MOST_EXACT: usize = 300;
const _: () = assert!(MOST_EXACT.pow(3) / 12 * 4 < 1 << f32::MANTISSA_DIGITS, "sums of squared ranks are exact");

/// One number for each of several draws.
type Draws<T, const N: usize> = [T; N];

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
    fn ranks<T: Number, const N: usize>(&self, counts: &[Draws<T, N>], out: &mut [Draws<T, N>]) {
        let half = T::from(0.5);
        let (mut start, mut below) = (0, [T::default(); N]);
        for end in &self.ends {
            let run = &self.order[start..*end as usize];
            let mut weight = [T::default(); N];
            for position in run {
                add(&mut weight, &counts[*position as usize]);
            }
            let rank: Draws<T, N> = std::array::from_fn(|draw| below[draw] + (half * weight[draw] + half));
            for position in run {
                out[*position as usize] = rank;
            }
            add(&mut below, &weight);
            start = *end as usize;
        }
    }

    /// Probability that a positive position lies above another, ties counting half; NaN without one of each.
    fn auc<T: Number, const N: usize>(&self, positive: &[bool], counts: &[Draws<T, N>]) -> [f64; N] {
        let none = [T::default(); N];
        let (mut start, mut others_below, mut positives, mut won) = (0, none, none, none);
        for end in &self.ends {
            let (mut here, mut others) = (none, none);
            for position in &self.order[start..*end as usize] {
                let position = *position as usize;
                add(if positive[position] { &mut here } else { &mut others }, &counts[position]);
            }
            for draw in 0..N {
                won[draw] += here[draw] * (others_below[draw] + T::from(0.5) * others[draw]);
            }
            add(&mut others_below, &others);
            add(&mut positives, &here);
            start = *end as usize;
        }
        std::array::from_fn(|draw| {
            let (positives, others, won): (f64, f64, f64) = (positives[draw].into(), others_below[draw].into(), won[draw].into());
            if positives > 0.0 && others > 0.0 { won / (positives * others) } else { f64::NAN }
        })
    }
}

fn add<T: Number, const N: usize>(sums: &mut Draws<T, N>, values: &Draws<T, N>) {
    for (sum, value) in sums.iter_mut().zip(values) {
        *sum += *value;
    }
}

/// The ranks of a row's outcome, for the correlation of any order with them.
struct OutcomeRanks<T, const N: usize> {
    ranks: Vec<Draws<T, N>>,
    /// How far each rank is from their mean, times its count.
    gaps: Vec<Draws<T, N>>,
    mean: Draws<T, N>,
    squares: Draws<T, N>,
}

impl<T: Number, const N: usize> OutcomeRanks<T, N> {
    fn empty() -> Self {
        Self { ranks: Vec::new(), gaps: Vec::new(), mean: [T::default(); N], squares: [T::default(); N] }
    }

    fn set(&mut self, outcome: &Ordered, counts: &[Draws<T, N>]) {
        self.ranks.resize(counts.len(), [T::default(); N]);
        outcome.ranks(counts, &mut self.ranks);
        // Ranks and counts are whole or halves, so that every sum here and below is exact, in whatever order it is made.
        let mut whole = [T::default(); N];
        for counts in counts {
            add(&mut whole, counts);
        }
        let half = T::from(0.5);
        self.mean = whole.map(|whole| half * whole + half);
        self.squares = [T::default(); N];
        self.gaps.clear();
        for (ranks, counts) in self.ranks.iter().zip(counts) {
            let gaps: Draws<T, N> = std::array::from_fn(|draw| counts[draw] * (ranks[draw] - self.mean[draw]));
            add(&mut self.squares, &std::array::from_fn(|draw| gaps[draw] * (ranks[draw] - self.mean[draw])));
            self.gaps.push(gaps);
        }
    }

    /// Correlation of an order's mean ranks with those of the outcome, each position counted `counts[position]` times; NaN where either has no spread.
    fn correlation(&self, order: &Ordered, counts: &[Draws<T, N>]) -> [f64; N] {
        let (none, half) = ([T::default(); N], T::from(0.5));
        let (mut start, mut below, mut squares, mut products) = (0, none, none, none);
        for end in &order.ends {
            let (mut weight, mut gaps) = (none, none);
            for position in &order.order[start..*end as usize] {
                add(&mut weight, &counts[*position as usize]);
                add(&mut gaps, &self.gaps[*position as usize]);
            }
            for draw in 0..N {
                let gap = below[draw] + (half * weight[draw] + half) - self.mean[draw];
                squares[draw] += weight[draw] * gap * gap;
                products[draw] += gap * gaps[draw];
            }
            add(&mut below, &weight);
            start = *end as usize;
        }
        std::array::from_fn(|draw| {
            let (own, outcome, products): (f64, f64, f64) = (squares[draw].into(), self.squares[draw].into(), products[draw].into());
            if own > 1e-9 && outcome > 1e-9 { products / (own * outcome).sqrt() } else { f64::NAN }
        })
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

    /// Each ranker's measure in each of several draws, markets and rows counted so many times; NaN where no row allows it. Several draws at a time, since
    /// most of the work is to look up where each market stands.
    fn measured<T: Number, const N: usize>(&self, markets: &[Draws<T, N>], rows: &[[f64; N]], rankers: usize) -> Vec<[f64; N]> {
        let (mut sums, mut whole) = (vec![[0.0; N]; rankers], vec![[0.0; N]; rankers]);
        let (mut outcome_ranks, mut counts) = (OutcomeRanks::<T, N>::empty(), Vec::new());
        let is_drawn = |times: &[f64; N]| times.iter().any(|times| *times > 0.0);
        for ((numbers, outcome, positive, orders), times) in self.rows.iter().zip(rows).filter(|(_, times)| is_drawn(times)) {
            counts.clear();
            counts.extend(numbers.iter().map(|number| markets[*number]));
            if self.measure == Measure::Spearman {
                outcome_ranks.set(outcome, &counts);
            }
            for (ranker, order) in orders.iter().enumerate() {
                let values = match self.measure {
                    Measure::Spearman => outcome_ranks.correlation(order, &counts),
                    Measure::Auc => order.auc(positive, &counts),
                };
                for (draw, value) in values.into_iter().enumerate().filter(|(_, value)| !value.is_nan()) {
                    sums[ranker][draw] += times[draw] * value;
                    whole[ranker][draw] += times[draw];
                }
            }
        }
        let mean =
            |(sums, whole): ([f64; N], [f64; N])| std::array::from_fn(|draw| if whole[draw] > 0.0 { sums[draw] / whole[draw] } else { f64::NAN });
        sums.into_iter().zip(whole).map(mean).collect()
    }

    /// Each ranker's measure in every draw: as many markets as there are, and as many rows where there are several. As many draws at a time as a processor
    /// keeps at hand.
    fn resampled<T: Number, const N: usize>(&self, markets: usize, rankers: usize, draws: usize, seed: u64) -> Vec<Vec<Option<f64>>> {
        let blocks = (0..draws.div_ceil(N)).into_par_iter().flat_map_iter(|block| {
            let (mut of_markets, mut of_rows) = (vec![[T::default(); N]; markets], vec![[0.0; N]; self.rows.len()]);
            let own = block * N..((block + 1) * N).min(draws);
            for (place, draw) in own.clone().enumerate() {
                let mut random = ChaCha8Rng::seed_from_u64(seed);
                random.set_stream(draw as u64);
                for _ in 0..markets {
                    of_markets[random.random_range(0..markets)][place] += T::from(1.0);
                }
                if self.rows.len() > 1 {
                    for _ in 0..self.rows.len() {
                        of_rows[random.random_range(0..self.rows.len())][place] += 1.0;
                    }
                } else {
                    for times in &mut of_rows {
                        times[place] = 1.0;
                    }
                }
            }
            let found = self.measured(&of_markets, &of_rows, rankers);
            (0..own.len()).map(move |place| found.iter().map(|values| Some(values[place]).filter(|value| !value.is_nan())).collect())
        });
        blocks.collect()
    }

    /// The same, once.
    fn measured_once(&self, markets: &[f64], rows: &[f64], rankers: usize) -> Vec<Option<f64>> {
        let single = |counts: &[f64]| -> Vec<[f64; 1]> { counts.iter().map(|count| [*count]).collect() };
        let found = self.measured(&single(markets), &single(rows), rankers);
        found.into_iter().map(|[value]| Some(value).filter(|value| !value.is_nan())).collect()
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
    let point = prepared.measured_once(&vec![1.0; markets], &vec![1.0; rows.len()], rankers);
    let resampled = if markets <= MOST_EXACT {
        prepared.resampled::<f32, 8>(markets, rankers, draws, seed)
    } else {
        prepared.resampled::<f64, 4>(markets, rankers, draws, seed)
    };
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
    Prepared::new(rows, measure).measured_once(&markets, &kept.iter().map(number).collect::<Vec<_>>(), rankers)
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
        let counted = prepared.measured_once(&[1.0, 2.0, 1.0, 0.0], &[1.0], 1);
        let twice = Prepared::new(&[row(&[9.0, 2.0, 2.0, 4.0], &[&[3.0, 1.0, 1.0, 2.0]])], Measure::Spearman).measured_once(&[1.0; 4], &[1.0], 1);
        assert!((counted[0].unwrap() - twice[0].unwrap()).abs() < 1e-12);
    }

    #[test]
    fn the_true_order_has_every_gain_and_every_hit() {
        let outcome = [5.0, 0.0, 3.0, 1.0];
        assert_eq!((ndcg10(&outcome, &outcome), hits10(&outcome, &outcome)), (Some(1.0), Some(1.0)));
        assert!(ndcg10(&[0.0, 9.0, 1.0, 2.0], &outcome).unwrap() < 0.8);
        assert_eq!(ndcg10(&[1.0], &[0.0]), None);
    }

    /// Halves and their products are exact in half the precision, at the most markets that it is used for.
    #[test]
    fn half_the_precision_gives_the_same_bits() {
        let mut random = ChaCha8Rng::seed_from_u64(1);
        let mut values = |ties: u32| -> Vec<f64> { (0..MOST_EXACT).map(|_| f64::from(random.random_range(0..ties))).collect() };
        let rows = [
            row(&values(1000), &[&values(3), &values(100_000)]),
            row(&values(2), &[&values(50), &values(9)]),
            row(&(0..MOST_EXACT as u32).map(f64::from).collect::<Vec<_>>(), &[&values(2), &values(100_000)]),
        ];
        for measure in [Measure::Spearman, Measure::Auc] {
            let prepared = Prepared::new(&rows, measure);
            // A draw of rows in which every market got something has no pairs to compare.
            let bits =
                |found: Vec<Vec<Option<f64>>>| -> Vec<Option<u64>> { found.into_iter().flatten().map(|value| value.map(f64::to_bits)).collect() };
            let half = bits(prepared.resampled::<f32, 8>(MOST_EXACT, 2, 50, 7));
            assert_eq!(half, bits(prepared.resampled::<f64, 4>(MOST_EXACT, 2, 50, 7)));
            assert!(half.iter().flatten().count() > 50, "{measure:?}");
        }
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
