//! Uncertainty: how sure an order is. A model that scores the units is run at every point of a Sobol sequence, and only counts are kept: which rank each
//! unit had how often, and who beat whom. So memory hardly grows with the replicates (16 bytes each, for their order), and, counts being whole numbers, the result has the same
//! bits for any number of threads.

use std::sync::{Mutex, PoisonError};

use rayon::prelude::*;

use super::error::IndexError;
use super::rank::competition_ranks_into;
use super::sequence::fill;

/// Replicates that a thread runs before it counts them: no more than a byte holds.
const BLOCK: usize = 32;
const _: () = assert!(BLOCK <= u8::MAX as usize, "a block's counts of pairs stand in a byte");

/// How a model is run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Design {
    /// Coordinates that the model takes.
    pub factors: usize,
    /// Units that it scores.
    pub units: usize,
    /// Points; a power of two fills the cube most evenly.
    pub replicates: usize,
    /// Seed of the sequence.
    pub seed: u32,
}

impl Design {
    fn check(&self) -> Result<(), IndexError> {
        if self.units == 0 {
            return Err(IndexError::Empty { what: "units" });
        }
        if self.replicates == 0 || self.replicates > u32::MAX as usize {
            return Err(IndexError::Parameter {
                what: "the number of replicates".into(),
                value: self.replicates.to_string(),
                hint: "at least 1; a power of two such as 4096 fills the space most evenly",
            });
        }
        Ok(())
    }
}

/// Counts over all replicates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Uncertainty {
    units: usize,
    replicates: usize,
    /// `[unit][rank − 1]`: replicates in which the unit had the rank.
    ranks: Vec<u32>,
    /// `[a][b]`: replicates in which a ranked above b, both being ranked.
    beats: Vec<u32>,
    /// `[a][b]`: replicates that did not rank every unit but did rank both.
    together: Vec<u32>,
    /// Replicates that ranked every unit.
    complete: u32,
}

/// What is told of one unit; `None` for a unit that no replicate ranked.
#[derive(Clone, Debug, PartialEq)]
pub struct UnitUncertainty {
    /// Place in the order by tier, median rank, mean rank, from 1.
    pub place: Option<u32>,
    /// Tier, from 1.
    pub tier: Option<u32>,
    /// Median rank.
    pub median: Option<f64>,
    /// Mean rank.
    pub mean: Option<f64>,
    /// 5th percentile of the ranks.
    pub p05: Option<f64>,
    /// 95th percentile.
    pub p95: Option<f64>,
    /// Probability of a rank of at most k, one per k asked for.
    pub top: Vec<Option<f64>>,
    /// Share of the replicates that ranked the unit.
    pub ranked_share: f64,
}

/// A number for each point, equal for points whose runs have much in common.
pub type Alike<'a> = &'a (dyn Fn(&[f64]) -> u64 + Sync);

struct Counting {
    counts: Vec<Uncertainty>,
    point: Vec<f64>,
    scores: Vec<f64>,
    order: Vec<u128>,
    ranks: Vec<u32>,
}

/// Runs `model` at every point of the design. The model gets a point of the unit cube (one coordinate per factor) and writes a score per unit, higher is
/// better, NaN = not ranked; it must give the same scores for the same point.
///
/// # Errors
/// Without units or replicates.
pub fn uncertainty<M>(model: &M, design: &Design) -> Result<Uncertainty, IndexError>
where
    M: Fn(&[f64], &mut [f64]) + Sync,
{
    let mut found = uncertainties(model, design, &[design.units])?;
    found.pop().ok_or(IndexError::Empty { what: "units" })
}

/// As [`uncertainty`], for a model that makes several rankings at once: it writes the scores of the first `rankings[0]` units, then those of the next
/// ranking, and so on. What a run computes for all of them is then computed once. `design.units` is ignored: it is their sum.
///
/// # Errors
/// Without rankings, without units in one, or without replicates.
pub fn uncertainties<M>(model: &M, design: &Design, rankings: &[usize]) -> Result<Vec<Uncertainty>, IndexError>
where
    M: Fn(&[f64], &mut [f64]) + Sync,
{
    uncertainties_in_order(model, design, rankings, &|_| 0)
}

/// As [`uncertainties`], with the points in rising order of what `alike` gives for them: a model that keeps what it worked out for the last point finds it
/// again for points that are alike. What is counted does not depend on the order.
///
/// # Errors
/// As [`uncertainties`].
pub fn uncertainties_in_order<M>(model: &M, design: &Design, rankings: &[usize], alike: Alike) -> Result<Vec<Uncertainty>, IndexError>
where
    M: Fn(&[f64], &mut [f64]) + Sync,
{
    let units: usize = rankings.iter().sum();
    let smallest = rankings.iter().copied().min().unwrap_or(0);
    Design { units: smallest, ..*design }.check()?;
    let empty = || rankings.iter().map(|units| Uncertainty::empty(*units)).collect::<Vec<_>>();
    // Every thread counts for itself. What was counted is whole numbers, so that the sums are the same whoever counted what.
    let idle: Mutex<Vec<Counting>> = Mutex::new(Vec::new());
    let start = || Counting {
        counts: empty(),
        point: vec![0.0; design.factors],
        scores: vec![f64::NAN; units],
        order: Vec::with_capacity(units),
        ranks: vec![0; units * BLOCK],
    };
    let mut point = vec![0.0; design.factors];
    let order = (0..design.replicates).map(|replicate| {
        fill(&mut point, replicate as u64, 0, design.seed);
        (alike(&point), replicate)
    });
    let mut order: Vec<(u64, usize)> = order.collect();
    order.sort_unstable();
    order.par_chunks(BLOCK).for_each(|replicates| {
        let taken = idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut counting = taken.unwrap_or_else(start);
        counting.run(model, design, replicates);
        idle.lock().unwrap_or_else(PoisonError::into_inner).push(counting);
    });
    let counted = idle.into_inner().unwrap_or_else(PoisonError::into_inner);
    let whole = counted.into_iter().map(|counting| counting.counts);
    Ok(whole.reduce(|left, right| left.into_iter().zip(&right).map(|(left, right)| left.plus(right)).collect()).unwrap_or_else(empty))
}

impl Counting {
    /// Runs the replicates, then counts them ranking by ranking, so that one ranking's counts are at hand while they are written.
    fn run<M>(&mut self, model: &M, design: &Design, replicates: &[(u64, usize)])
    where
        M: Fn(&[f64], &mut [f64]),
    {
        let units = self.scores.len();
        for ((_, replicate), ranks) in replicates.iter().zip(self.ranks.chunks_exact_mut(units)) {
            fill(&mut self.point, *replicate as u64, 0, design.seed);
            self.scores.fill(f64::NAN);
            model(&self.point, &mut self.scores);
            let mut from = 0;
            for counts in &self.counts {
                let own = from..from + counts.units;
                competition_ranks_into(&self.scores[own.clone()], &mut self.order, &mut ranks[own]);
                from += counts.units;
            }
        }
        let mut from = 0;
        for counts in &mut self.counts {
            let own = from..from + counts.units;
            let ranks: Vec<&[u32]> = self.ranks.chunks_exact(units).take(replicates.len()).map(|ranks| &ranks[own.clone()]).collect();
            counts.count(&ranks);
            from = own.end;
        }
    }
}

impl Uncertainty {
    fn empty(units: usize) -> Self {
        let square = vec![0; units * units];
        Self { units, replicates: 0, ranks: square.clone(), beats: square.clone(), together: square, complete: 0 }
    }

    /// Counts at most [`BLOCK`] replicates; rank 0 = not ranked.
    fn count(&mut self, replicates: &[&[u32]]) {
        self.replicates += replicates.len();
        let units = self.units;
        for ranks in replicates {
            for (unit, rank) in ranks.iter().enumerate().filter(|(_, rank)| **rank > 0) {
                self.ranks[unit * units + *rank as usize - 1] += 1;
            }
        }
        let gaps: Vec<&[u32]> = replicates.iter().copied().filter(|ranks| ranks.contains(&0)).collect();
        self.complete += (replicates.len() - gaps.len()) as u32;
        // Small numbers, since many of them are compared at a time: ranks in a byte where they have room there, and a block's sums in one always.
        if u8::try_from(units).is_ok() {
            self.count_pairs::<u8>(replicates, &gaps);
        } else if u16::try_from(units).is_ok() {
            self.count_pairs::<u16>(replicates, &gaps);
        } else {
            self.count_pairs::<u32>(replicates, &gaps);
        }
    }

    /// Counts who beat whom, and in the replicates with gaps who was ranked together.
    fn count_pairs<T: Short>(&mut self, replicates: &[&[u32]], gaps: &[&[u32]]) {
        // Nothing is above a unit without rank (0), nor is it above another.
        add_pairs(&mut self.beats, &Block::<T>::of(replicates, |own| if own == T::default() { T::LAST } else { own }), |own, other| own < other);
        if !gaps.is_empty() {
            add_pairs(&mut self.together, &Block::<T>::of(gaps, |own| own), |own, other| own.min(other) > T::default());
        }
    }

    fn plus(mut self, other: &Self) -> Self {
        let add = |left: &mut [u32], right: &[u32]| {
            for (left, right) in left.iter_mut().zip(right) {
                *left += right;
            }
        };
        add(&mut self.ranks, &other.ranks);
        add(&mut self.beats, &other.beats);
        add(&mut self.together, &other.together);
        self.complete += other.complete;
        self.replicates += other.replicates;
        self
    }

    /// Units.
    pub fn units(&self) -> usize {
        self.units
    }

    /// Replicates.
    pub fn replicates(&self) -> usize {
        self.replicates
    }

    fn histogram(&self, unit: usize) -> &[u32] {
        &self.ranks[unit * self.units..(unit + 1) * self.units]
    }

    /// Replicates in which the unit was ranked.
    pub fn ranked(&self, unit: usize) -> u32 {
        self.histogram(unit).iter().sum()
    }

    /// Rank acceptability: probability of each rank (1, 2, …), over the replicates that ranked the unit; `None` if none did.
    pub fn acceptability(&self, unit: usize) -> Option<Vec<f64>> {
        let ranked = self.ranked(unit);
        (ranked > 0).then(|| self.histogram(unit).iter().map(|count| f64::from(*count) / f64::from(ranked)).collect())
    }

    /// Mean rank.
    pub fn mean(&self, unit: usize) -> Option<f64> {
        let ranked = self.ranked(unit);
        let sum: u64 = self.histogram(unit).iter().zip(1..).map(|(count, rank): (&u32, u64)| u64::from(*count) * rank).sum();
        (ranked > 0).then(|| sum as f64 / f64::from(ranked))
    }

    /// Quantile of the ranks, linear between order statistics (R's type 7); the median at 0.5.
    pub fn quantile(&self, unit: usize, probability: f64) -> Option<f64> {
        let ranked = self.ranked(unit);
        if ranked == 0 {
            return None;
        }
        let at = f64::from(ranked - 1) * probability.clamp(0.0, 1.0);
        let low = self.order_statistic(unit, at.floor() as u64);
        let high = self.order_statistic(unit, at.ceil() as u64);
        Some(low + (high - low) * (at - at.floor()))
    }

    /// The rank with `below` smaller or equal ones before it.
    fn order_statistic(&self, unit: usize, below: u64) -> f64 {
        let mut seen = 0;
        for (place, count) in self.histogram(unit).iter().enumerate() {
            seen += u64::from(*count);
            if seen > below {
                return place as f64 + 1.0;
            }
        }
        self.units as f64
    }

    /// Probability of a rank of at most `k`, over the replicates that ranked the unit.
    pub fn top(&self, unit: usize, k: usize) -> Option<f64> {
        let ranked = self.ranked(unit);
        let within: u32 = self.histogram(unit).iter().take(k).sum();
        (ranked > 0).then(|| f64::from(within) / f64::from(ranked))
    }

    /// Probability that `first` ranks above `second`, half of the ties counted, over the replicates that ranked both.
    pub fn beats(&self, first: usize, second: usize) -> Option<f64> {
        let (there, back) = (first * self.units + second, second * self.units + first);
        let both = self.complete + self.together[there];
        let (won, lost) = (self.beats[there], self.beats[back]);
        (both > 0).then(|| (f64::from(won) + f64::from(both - won - lost) / 2.0) / f64::from(both))
    }

    /// All of [`Uncertainty::beats`], row-major units × units; NaN where the two were never ranked together, 0.5 on the diagonal of ranked units.
    pub fn pairwise(&self) -> Vec<f64> {
        let units = 0..self.units;
        units.clone().flat_map(|a| units.clone().map(move |b| (a, b))).map(|(a, b)| self.beats(a, b).unwrap_or(f64::NAN)).collect()
    }

    /// Ranked units by median rank, then mean rank, then their own order.
    pub fn order(&self) -> Vec<usize> {
        let mut keyed: Vec<(f64, f64, usize)> =
            (0..self.units).filter_map(|unit| Some((self.quantile(unit, 0.5)?, self.mean(unit)?, unit))).collect();
        keyed.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)).then(a.2.cmp(&b.2)));
        keyed.into_iter().map(|(_, _, unit)| unit).collect()
    }

    /// Tier of each unit, from 1: walking down [`Uncertainty::order`], a new tier starts where the first of the tier beats the unit with at least
    /// `certainty` (method.md §6: 0.90). Who is in the same tier can't be told from its first.
    pub fn tiers(&self, certainty: f64) -> Vec<Option<u32>> {
        let mut tiers = vec![None; self.units];
        let mut tier = 0;
        let mut first = None;
        for unit in self.order() {
            let starts = first.is_none_or(|first| self.beats(first, unit).is_some_and(|p| p >= certainty));
            if starts {
                tier += 1;
                first = Some(unit);
            }
            tiers[unit] = Some(tier);
        }
        tiers
    }

    /// Everything about every unit; `tops` are the k of P(top k).
    pub fn summaries(&self, certainty: f64, tops: &[usize]) -> Vec<UnitUncertainty> {
        let tiers = self.tiers(certainty);
        let mut places = vec![None; self.units];
        for (place, unit) in self.order().into_iter().enumerate() {
            places[unit] = Some(place as u32 + 1);
        }
        (0..self.units)
            .map(|unit| UnitUncertainty {
                place: places[unit],
                tier: tiers[unit],
                median: self.quantile(unit, 0.5),
                mean: self.mean(unit),
                p05: self.quantile(unit, 0.05),
                p95: self.quantile(unit, 0.95),
                top: tops.iter().map(|k| self.top(unit, *k)).collect(),
                ranked_share: f64::from(self.ranked(unit)) / self.replicates.max(1) as f64,
            })
            .collect()
    }

    /// Whether a baseline rank lies outside the unit's own 5–95 % interval.
    pub fn lies_outside(&self, unit: usize, baseline: u32) -> bool {
        let rank = f64::from(baseline);
        match (self.quantile(unit, 0.05), self.quantile(unit, 0.95)) {
            (Some(low), Some(high)) => rank < low || rank > high,
            _ => false,
        }
    }
}

/// Ranks as small numbers.
trait Short: Copy + Default + Ord + TryFrom<u32> + Into<u32> {
    /// After every rank.
    const LAST: Self;
    /// One more if `is_more`, without the check for overflow, which a block cannot reach: so many are added at a time.
    fn counted(self, is_more: bool) -> Self;
}

macro_rules! short {
    ($($kind:ty),+) => {
        $(impl Short for $kind {
            const LAST: Self = Self::MAX;

            fn counted(self, is_more: bool) -> Self {
                self.wrapping_add(Self::from(is_more))
            }
        })+
    };
}

short!(u8, u16, u32);

/// Units that are compared side by side: as many as a processor keeps at hand.
const LANES: usize = 32;

/// The ranks of at most [`BLOCK`] replicates.
struct Block<T> {
    units: usize,
    /// A replicate's length in `ranks`, a multiple of [`LANES`].
    stride: usize,
    /// By replicate and unit; 0 = not ranked.
    ranks: Vec<T>,
    /// By unit and replicate: what the ranks of others are held against.
    own: Vec<T>,
}

impl<T: Short> Block<T> {
    fn of(replicates: &[&[u32]], own: impl Fn(T) -> T) -> Self {
        let units = replicates.first().map_or(0, |ranks| ranks.len());
        let stride = units.next_multiple_of(LANES);
        let mut block =
            Self { units, stride, ranks: vec![T::default(); stride * replicates.len()], own: vec![T::default(); units * replicates.len()] };
        for (replicate, (found, ranks)) in replicates.iter().zip(block.ranks.chunks_exact_mut(stride.max(1))).enumerate() {
            for (unit, (rank, found)) in ranks.iter_mut().zip(*found).enumerate() {
                *rank = T::try_from(*found).unwrap_or_default();
                block.own[unit * replicates.len() + replicate] = own(*rank);
            }
        }
        block
    }
}

/// Adds to `counts[a][b]` in how many replicates of the block `holds` is true of the own rank of a and that of b.
fn add_pairs<T: Short>(counts: &mut [u32], block: &Block<T>, holds: impl Fn(T, T) -> bool) {
    let Some(replicates) = block.own.len().checked_div(block.units) else { return };
    for (row, own) in counts.chunks_exact_mut(block.units).zip(block.own.chunks_exact(replicates)) {
        for (lanes, counts) in row.chunks_mut(LANES).enumerate() {
            let mut sums = [T::default(); LANES];
            for (own, ranks) in own.iter().zip(block.ranks.chunks_exact(block.stride)) {
                for (sum, other) in sums.iter_mut().zip(&ranks[lanes * LANES..(lanes + 1) * LANES]) {
                    *sum = sum.counted(holds(*own, *other));
                }
            }
            for (count, sum) in counts.iter_mut().zip(sums) {
                *count += sum.into();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn design(factors: usize, units: usize, replicates: usize) -> Design {
        Design { factors, units, replicates, seed: 7 }
    }

    #[test]
    fn what_is_certain_has_probability_one_and_a_tier_of_its_own() {
        let model = |_: &[f64], scores: &mut [f64]| scores.copy_from_slice(&[1.0, 3.0, 2.0, f64::NAN]);
        let found = uncertainty(&model, &design(0, 4, 100)).unwrap();
        assert_eq!(found.tiers(0.9), [Some(3), Some(1), Some(2), None]);
        assert_eq!(found.order(), [1, 2, 0]);
        assert_eq!(found.beats(1, 0), Some(1.0));
        assert_eq!(found.beats(1, 3), None);
        assert_eq!(found.top(2, 1), Some(0.0));
        assert_eq!(found.top(3, 1), None);
        assert!(found.summaries(0.9, &[1])[3].ranked_share.abs() < 1e-15);
    }

    #[test]
    fn the_order_in_which_the_points_come_does_not_show() {
        let model = |point: &[f64], scores: &mut [f64]| {
            let last = if point[0] < 0.1 { f64::NAN } else { point[0] * point[1] };
            scores.copy_from_slice(&[point[0], point[1], 1.0 - point[0], last]);
        };
        let design = design(2, 4, 300);
        let found = uncertainties(&model, &design, &[1, 3]).unwrap();
        for alike in [|point: &[f64]| (point[1] * 7.0) as u64, |point: &[f64]| u64::MAX - (point[0] * 1e6) as u64] {
            assert!(uncertainties_in_order(&model, &design, &[1, 3], &alike).unwrap() == found);
        }
    }

    #[test]
    fn a_coin_flip_is_half_and_shares_a_tier() {
        let model = |point: &[f64], scores: &mut [f64]| {
            scores[0] = point[0];
            scores[1] = 0.5;
        };
        let found = uncertainty(&model, &design(1, 2, 1024)).unwrap();
        assert!((found.beats(0, 1).unwrap() - 0.5).abs() < 0.01);
        assert!((found.mean(0).unwrap() - 1.5).abs() < 0.01);
        assert_eq!(found.tiers(0.9), [Some(1), Some(1)]);
    }

    #[test]
    fn quantiles_are_type_seven_of_the_ranks() {
        let mut counts = Uncertainty::empty(4);
        // Ranks of unit 0: 1 1 2 4.
        counts.count(&[&[1, 2, 3, 4], &[1, 3, 2, 4], &[2, 1, 3, 4], &[4, 1, 2, 3]]);
        assert_eq!(counts.quantile(0, 0.5), Some(1.5));
        assert!((counts.quantile(0, 0.95).unwrap() - 3.7).abs() < 1e-12);
        assert_eq!(counts.mean(0), Some(2.0));
        assert_eq!(counts.acceptability(0).unwrap(), [0.5, 0.25, 0.0, 0.25]);
        assert!(!counts.lies_outside(0, 3));
        assert!(counts.lies_outside(0, 4));
    }

    #[test]
    fn pairs_are_counted_alike_whatever_the_number_of_units_and_whoever_is_missing() {
        for units in [3_usize, 255, 256, 300] {
            // Scores of a few levels, so that some tie, and now and then none.
            let score = |replicate: usize, unit: usize| match (replicate * 7919 + unit * 104_729) % 23 {
                0 if replicate.is_multiple_of(3) => f64::NAN,
                level => level as f64 + if unit > 250 { 0.5 } else { 0.0 },
            };
            let ranks: Vec<Vec<u32>> = (0..BLOCK)
                .map(|replicate| {
                    let mut ranks = vec![0; units];
                    let scores: Vec<f64> = (0..units).map(|unit| score(replicate, unit)).collect();
                    competition_ranks_into(&scores, &mut Vec::new(), &mut ranks);
                    ranks
                })
                .collect();
            let mut counts = Uncertainty::empty(units);
            counts.count(&ranks.iter().map(Vec::as_slice).collect::<Vec<_>>());
            assert!(ranks.iter().any(|ranks| ranks.contains(&0)) && counts.complete > 0);
            for (first, second) in (0..units).flat_map(|first| (0..units).map(move |second| (first, second))) {
                let both = ranks.iter().filter(|ranks| ranks[first] > 0 && ranks[second] > 0);
                let won = both.clone().filter(|ranks| ranks[first] < ranks[second]).count() as f64;
                let tied = both.clone().filter(|ranks| ranks[first] == ranks[second]).count() as f64;
                let of = both.count() as f64;
                assert_eq!(counts.beats(first, second), (of > 0.0).then(|| (won + tied / 2.0) / of), "{units} units: {first} and {second}");
            }
        }
    }

    #[test]
    fn a_replicate_without_a_unit_is_no_loss_to_it() {
        let model = |point: &[f64], scores: &mut [f64]| {
            scores[0] = 2.0;
            scores[1] = if point[0] < 0.5 { f64::NAN } else { 3.0 };
        };
        let found = uncertainty(&model, &design(1, 2, 256)).unwrap();
        assert_eq!(found.beats(1, 0), Some(1.0));
        assert_eq!(found.mean(1), Some(1.0));
        assert!((found.summaries(0.9, &[])[1].ranked_share - 0.5).abs() < 1e-12);
    }

    #[test]
    fn ties_count_half() {
        let model = |_: &[f64], scores: &mut [f64]| scores.fill(1.0);
        let found = uncertainty(&model, &design(0, 3, 10)).unwrap();
        assert_eq!(found.beats(0, 2), Some(0.5));
        assert_eq!(found.quantile(2, 0.95), Some(1.0));
    }

    #[test]
    fn nothing_to_run_is_an_error() {
        let model = |_: &[f64], _: &mut [f64]| {};
        assert!(uncertainty(&model, &design(1, 0, 10)).is_err());
        assert!(uncertainty(&model, &design(1, 3, 0)).is_err());
    }
}
