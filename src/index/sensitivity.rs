//! Sensitivity: how much of the variance of a ranking each factor makes, alone (first order) and with all others (total order).
//!
//! With A and B two matrices of N points and `AB_i` the matrix A with column i from B, and y the model's output (method.md §6; Saltelli et al. 2010,
//! Jansen 1999):
//!
//! - `S_i = mean((y_B − μ)·(y_AB_i − y_A))/V`, μ the mean of all N·(d + 2) outputs, as `SALib` centres them. (Without μ, as in `COINr`, it goes wrong off-centre.)
//! - `T_i = mean((y_A − y_AB_i)²)/(2·V)`, V the variance of `y_A` and `y_B` together (over 2N).
//!
//! Intervals: bootstrap over whole rows, μ and V of each resample its own. Where the outputs are many, the rows are worked off in blocks and only sums are
//! kept, so memory doesn't grow with N; the sums are made row by row for each output, so the result has the same bits for any number of threads.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;

use super::error::IndexError;
use super::rank::competition_ranks_into;
use super::sequence::fill;
use super::uncertainty::Alike;

/// Rows worked off at a time.
const BLOCK: usize = 64;
/// Sums that are made at a time: as many as a processor keeps at hand.
const LANES: usize = 16;
/// Whole numbers under this are exact in half the precision.
const LARGEST_WHOLE: f64 = (1_u32 << f32::MANTISSA_DIGITS) as f64;
/// Outputs that are gathered at once, since they stand side by side: as many as are read from memory together.
const SIDE_BY_SIDE: usize = 8;
/// As many outputs as are kept at once, if they are all: 400 MB.
const AT_ONCE: usize = 50_000_000;
/// Sums that don't belong to a factor: weight, `y_A`, `y_B`, their squares, all `y_AB`.
const COMMON: usize = 6;
/// Sums per factor: `y_B·(y_AB` − `y_A`), `y_AB` − `y_A`, (`y_A` − `y_AB)²`.
const PER_FACTOR: usize = 3;

/// How a sensitivity analysis is run. It takes `rows · (factors + 2)` runs of the model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SensitivityDesign {
    /// Coordinates that the model takes.
    pub factors: usize,
    /// Outputs that it gives.
    pub outputs: usize,
    /// Rows N; a power of two fills the cube most evenly.
    pub rows: usize,
    /// Bootstrap resamples; 0: no intervals.
    pub resamples: usize,
    /// Seed of the sequence and the bootstrap.
    pub seed: u32,
}

/// An index and its bootstrap interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// The index.
    pub value: f64,
    /// 5th percentile of the resamples (the value itself without any).
    pub p05: f64,
    /// 95th percentile.
    pub p95: f64,
}

/// Indices of one output, one per factor.
#[derive(Clone, Debug, PartialEq)]
pub struct OutputSensitivity {
    /// First-order indices.
    pub first: Vec<Estimate>,
    /// Total-order indices.
    pub total: Vec<Estimate>,
    /// Variance of the output; where it is 0, so are all indices.
    pub variance: f64,
    /// Rows in which the output was there in all runs.
    pub rows: usize,
}

impl OutputSensitivity {
    /// The factor with the largest total index, if any is above 0: the one that moves the output most.
    pub fn moving_factor(&self) -> Option<usize> {
        self.moving_factor_of(..self.total.len())
    }

    /// The same among the factors before the end of `factors`.
    pub fn moving_factor_of(&self, factors: std::ops::RangeTo<usize>) -> Option<usize> {
        let mut best: Option<usize> = None;
        for (factor, total) in self.total.iter().enumerate().take(factors.end) {
            if total.value > best.map_or(0.0, |best| self.total[best].value) {
                best = Some(factor);
            }
        }
        best
    }
}

/// Sensitivity of a ranking.
#[derive(Clone, Debug, PartialEq)]
pub struct RankSensitivity {
    /// Of the mean absolute difference between a run's ranks and the baseline's; `None` where no run could be compared.
    pub shift: Option<OutputSensitivity>,
    /// Of each unit's rank; `None` for a unit that was not ranked in any row.
    pub units: Vec<Option<OutputSensitivity>>,
}

/// Sensitivity of every output of `model`, which gets a point of the unit cube and writes its outputs, NaN = missing. A row in which an output is missing
/// in any run is left out for that output; an output without two rows is `None`.
///
/// # Errors
/// Without factors, outputs or rows.
pub fn sensitivity<M>(model: &M, design: &SensitivityDesign) -> Result<Vec<Option<OutputSensitivity>>, IndexError>
where
    M: Fn(&[f64], &mut [f64]) + Sync,
{
    sensitivity_in_order(model, design, &|_| 0)
}

/// As [`sensitivity`], with each row's runs in rising order of what `alike` gives for their points.
fn sensitivity_in_order<M>(model: &M, design: &SensitivityDesign, alike: Alike) -> Result<Vec<Option<OutputSensitivity>>, IndexError>
where
    M: Fn(&[f64], &mut [f64]) + Sync,
{
    for (what, value) in [("factors", design.factors), ("outputs", design.outputs), ("rows", design.rows)] {
        if value == 0 {
            return Err(IndexError::Parameter {
                what: format!("the number of {what} of the sensitivity analysis"),
                value: "0".into(),
                hint: "at least one factor, one output and, better, 1024 rows",
            });
        }
    }
    let runs = design.factors + 2;
    let width = design.outputs;
    let mut resampling = Resampling::new(design);
    let add = |sums: &mut Sums, output: usize, width: usize, outputs: &[f64], resamples: &[Resample]| {
        let own: Vec<f64> = outputs.iter().skip(output).step_by(width).copied().collect();
        sums.add(&own, resamples);
    };
    let block = if design.rows * runs * width <= AT_ONCE { design.rows } else { BLOCK };
    let mut evaluate = |start: usize| {
        let rows = block.min(design.rows - start);
        let mut outputs = vec![f64::NAN; rows * runs * width];
        outputs.par_chunks_mut(runs * width).enumerate().for_each(|(row, outputs)| evaluate_row(model, design, alike, (start + row) as u64, outputs));
        (outputs, resampling.next_rows(rows, design.rows - start))
    };
    if block == design.rows {
        // All outputs are there: the sums of one are needed no longer than it takes to read its indices.
        let (outputs, resamples) = evaluate(0);
        let found = (0..width.div_ceil(SIDE_BY_SIDE)).into_par_iter().flat_map_iter(|part| {
            let first = part * SIDE_BY_SIDE;
            let own = first..(first + SIDE_BY_SIDE).min(width);
            let gathered: Vec<f64> = outputs.chunks_exact(width).flat_map(|run| &run[own.clone()]).copied().collect();
            let resamples = &resamples;
            (0..own.len()).map(move |output| {
                let mut sums = Sums::empty(design);
                add(&mut sums, output, own.len(), &gathered, resamples);
                sums.indices()
            })
        });
        return Ok(found.collect());
    }
    let mut sums: Vec<Sums> = (0..width).map(|_| Sums::empty(design)).collect();
    for start in (0..design.rows).step_by(block) {
        let (outputs, resamples) = evaluate(start);
        sums.par_iter_mut().enumerate().for_each(|(output, sums)| add(sums, output, width, &outputs, &resamples));
    }
    Ok(sums.into_par_iter().map(|sums| sums.indices()).collect())
}

/// Sensitivity of the ranking that `model` makes: of the mean rank shift against `baseline` (one rank per unit, `None` = not ranked), and of every
/// unit's rank. `design.outputs` is ignored: it is the number of units plus one.
///
/// # Errors
/// Without factors, units or rows.
pub fn rank_sensitivity<M>(model: &M, baseline: &[Option<u32>], design: &SensitivityDesign) -> Result<RankSensitivity, IndexError>
where
    M: Fn(&[f64], &mut [f64]) + Sync,
{
    let mut found = rank_sensitivities(model, &[baseline.to_vec()], design, &|_| 0)?;
    found.pop().ok_or(IndexError::Empty { what: "units" })
}

/// As [`rank_sensitivity`], for a model that makes several rankings at once and writes their scores one after another; one baseline each. A row's runs are
/// made in rising order of what `alike` gives for their points, for a model that keeps what it worked out for the last one.
///
/// # Errors
/// Without factors, rankings, units in one, or rows.
pub fn rank_sensitivities<M>(
    model: &M,
    baselines: &[Vec<Option<u32>>],
    design: &SensitivityDesign,
    alike: Alike,
) -> Result<Vec<RankSensitivity>, IndexError>
where
    M: Fn(&[f64], &mut [f64]) + Sync,
{
    if baselines.is_empty() || baselines.iter().any(Vec::is_empty) {
        return Err(IndexError::Empty { what: "units" });
    }
    let units: usize = baselines.iter().map(Vec::len).sum();
    // The scores of all rankings first, in place of which their ranks are written; then one shift each.
    let ranked = |point: &[f64], outputs: &mut [f64]| {
        let (scores, shifts) = outputs.split_at_mut(units);
        model(point, scores);
        let mut order = Vec::with_capacity(units);
        let mut ranks = vec![0; units];
        let mut from = 0;
        for (baseline, shift) in baselines.iter().zip(shifts) {
            let scores = &mut scores[from..from + baseline.len()];
            let ranks = &mut ranks[..baseline.len()];
            competition_ranks_into(scores, &mut order, ranks);
            let (mut moved, mut compared) = (0_u64, 0_u32);
            for ((score, rank), before) in scores.iter_mut().zip(&*ranks).zip(baseline) {
                *score = if *rank == 0 { f64::NAN } else { f64::from(*rank) };
                if let (Some(before), true) = (before, *rank > 0) {
                    moved += u64::from(before.abs_diff(*rank));
                    compared += 1;
                }
            }
            *shift = if compared == 0 { f64::NAN } else { moved as f64 / f64::from(compared) };
            from += baseline.len();
        }
    };
    let design = SensitivityDesign { outputs: units + baselines.len(), ..*design };
    let mut found = sensitivity_in_order(&ranked, &design, alike)?;
    let mut shifts = found.split_off(units).into_iter();
    let mut found = found.into_iter();
    let each =
        baselines.iter().map(|baseline| RankSensitivity { units: found.by_ref().take(baseline.len()).collect(), shift: shifts.next().flatten() });
    Ok(each.collect())
}

/// Sensitivity from outputs that are already there: row-major rows × (factors + 2), each row `y_A`, `y_B`, `y_AB_1` … `y_AB_d`, NaN = missing. For a model that can't
/// be called from here, and for comparing with other programs on the same sample. `None` without two complete rows.
///
/// # Errors
/// If the number of outputs is no multiple of `factors + 2`.
pub fn sensitivity_of(outputs: &[f64], factors: usize, resamples: usize, seed: u32) -> Result<Option<OutputSensitivity>, IndexError> {
    let runs = factors + 2;
    if factors == 0 || !outputs.len().is_multiple_of(runs) {
        return Err(IndexError::Size { what: "the table of outputs".into(), wanted: outputs.len() / runs * runs, found: outputs.len() });
    }
    let rows = outputs.len() / runs;
    let design = SensitivityDesign { factors, outputs: 1, rows, resamples, seed };
    let mut sums = Sums::empty(&design);
    let mut resampling = Resampling::new(&design);
    sums.add(outputs, &resampling.next_rows(rows, rows));
    Ok(sums.indices())
}

/// Runs the model for one row: A, B, then `AB_i` for every factor stand one after another; they are made in the order of `alike`.
fn evaluate_row<M>(model: &M, design: &SensitivityDesign, alike: Alike, row: u64, outputs: &mut [f64])
where
    M: Fn(&[f64], &mut [f64]) + Sync,
{
    let (mut a, mut b) = (vec![0.0; design.factors], vec![0.0; design.factors]);
    fill(&mut a, row, 0, design.seed);
    fill(&mut b, row, design.factors, design.seed);
    let mixed = (0..design.factors).map(|factor| {
        let mut mixed = a.clone();
        mixed[factor] = b[factor];
        mixed
    });
    let points: Vec<Vec<f64>> = [a.clone(), b.clone()].into_iter().chain(mixed).collect();
    outputs.fill(f64::NAN);
    let mut runs: Vec<(&Vec<f64>, &mut [f64])> = points.iter().zip(outputs.chunks_exact_mut(design.outputs)).collect();
    runs.sort_by_key(|(point, _)| alike(point));
    for (point, outputs) in runs {
        model(point, outputs);
    }
}

/// The rows that a resample takes, and how often.
type Resample = Vec<(usize, f32)>;

/// How often each resample takes each row, drawn as the rows come: a multinomial as a chain of binomials, so that nothing is kept but how many draws
/// each resample has left.
struct Resampling {
    left: Vec<u32>,
    generators: Vec<ChaCha8Rng>,
}

impl Resampling {
    fn new(design: &SensitivityDesign) -> Self {
        let generators = (0..design.resamples)
            .map(|resample| {
                let mut generator = ChaCha8Rng::seed_from_u64(u64::from(design.seed));
                generator.set_stream(resample as u64);
                generator
            })
            .collect();
        Self { left: vec![design.rows as u32; design.resamples], generators }
    }

    /// For the next `rows` of `remaining` rows.
    fn next_rows(&mut self, rows: usize, remaining: usize) -> Vec<Resample> {
        let each = self.left.iter_mut().zip(&mut self.generators).map(|(left, generator)| {
            let mut taken = Vec::new();
            for row in 0..rows {
                let times = binomial(*left, 1.0 / (remaining - row) as f64, generator.random::<f64>());
                *left -= times;
                if times > 0 {
                    taken.push((row, times as f32));
                }
            }
            taken
        });
        each.collect()
    }
}

/// The binomial quantile of `uniform`, by walking up from 0.
fn binomial(trials: u32, share: f64, uniform: f64) -> u32 {
    if share >= 1.0 {
        return trials;
    }
    let odds = share / (1.0 - share);
    let mut probability = (1.0 - share).powi(i32::try_from(trials).unwrap_or(i32::MAX));
    let (mut cumulated, mut count) = (probability, 0);
    while cumulated <= uniform && count < trials {
        probability *= odds * f64::from(trials - count) / f64::from(count + 1);
        count += 1;
        cumulated += probability;
        if probability < 1e-300 {
            break;
        }
    }
    count
}

/// What sums are made in.
trait Sum: Copy + Default + std::ops::AddAssign + std::ops::Mul<Output = Self> {
    /// A term.
    fn of(term: f64) -> Self;
    /// How often a row is taken.
    fn times(times: f32) -> Self;
    /// Where a sum begins that is to be added to `total`.
    fn begun(total: f64) -> Self;
    /// The new total.
    fn ended(self, total: f64) -> f64;
}

impl Sum for f64 {
    fn of(term: f64) -> Self {
        term
    }

    fn times(times: f32) -> Self {
        times.into()
    }

    /// From what the rows before gave: the same sums whether all rows come at once or not.
    fn begun(total: f64) -> Self {
        total
    }

    fn ended(self, _: f64) -> f64 {
        self
    }
}

/// Exact for whole numbers under [`LARGEST_WHOLE`].
impl Sum for f32 {
    fn of(term: f64) -> Self {
        term as Self
    }

    fn times(times: f32) -> Self {
        times
    }

    fn begun(_: f64) -> Self {
        0.0
    }

    fn ended(self, total: f64) -> f64 {
        total + f64::from(self)
    }
}

/// Sums of one output: for all rows, then for each resample.
struct Sums {
    factors: usize,
    width: usize,
    /// First output seen: all sums are of differences from it, so that a large offset costs no digits.
    origin: Option<f64>,
    rows: usize,
    /// As many rows as there will be, and as many as a resample takes.
    most: f64,
    totals: Vec<f64>,
}

impl Sums {
    fn empty(design: &SensitivityDesign) -> Self {
        let width = COMMON + PER_FACTOR * design.factors;
        Self { factors: design.factors, width, origin: None, rows: 0, most: design.rows as f64, totals: vec![0.0; width * (design.resamples + 1)] }
    }

    /// Adds rows: of each its outputs (A, B, `AB_i` …). A row in which one is missing is left out.
    fn add(&mut self, outputs: &[f64], resamples: &[Resample]) {
        let runs = self.factors + 2;
        let rows = outputs.len() / runs;
        // A row that is left out adds zeros.
        let mut terms = vec![0.0; rows * self.width];
        let mut is_moved = vec![false; self.factors];
        let (mut is_whole, mut largest) = (true, 0.0_f64);
        for (outputs, terms) in outputs.chunks_exact(runs).zip(terms.chunks_exact_mut(self.width)) {
            if outputs.iter().any(|value| !value.is_finite()) {
                continue;
            }
            self.rows += 1;
            let origin = *self.origin.get_or_insert(outputs[0]);
            let (a, b) = (outputs[0] - origin, outputs[1] - origin);
            for value in outputs {
                let value = value - origin;
                is_whole &= (f64::from(value as i32) - value).abs() <= 0.0;
                largest = largest.max(value.abs());
            }
            let mut all = 0.0;
            for (factor, value) in outputs[2..].iter().enumerate() {
                let mixed = value - origin;
                let step = mixed - a;
                let at = COMMON + PER_FACTOR * factor;
                terms[at..at + PER_FACTOR].copy_from_slice(&[b * step, step, step * step]);
                is_moved[factor] |= step != 0.0;
                all += mixed;
            }
            terms[..COMMON].copy_from_slice(&[1.0, a, b, a * a, b * b, all]);
        }
        // A factor that moves the output in no row has sums of zeros.
        let moved = (0..self.factors).filter(|factor| is_moved[*factor]);
        let places: Vec<usize> =
            (0..COMMON).chain(moved.flat_map(|factor| (0..PER_FACTOR).map(move |of| COMMON + PER_FACTOR * factor + of))).collect();
        let every: Resample = (0..rows).map(|row| (row, 1.0)).collect();
        let resamples = || std::iter::once(&every).chain(resamples);
        // Sums of ranks are whole numbers. Where none can be larger than half the precision holds, they are as exact in that, and twice as many are added at
        // a time. No term is larger than the square of a difference between two outputs.
        if is_whole && (2.0 * largest).powi(2).max(self.factors as f64 * largest) * self.most < LARGEST_WHOLE {
            places.chunks(LANES).for_each(|places| self.add_places::<f32, LANES>(places, &terms, rows, resamples()));
        } else {
            places.chunks(LANES).for_each(|places| self.add_places::<f64, LANES>(places, &terms, rows, resamples()));
        }
    }

    /// Adds the terms in `places`, at most `N`, for each resample.
    fn add_places<'r, T: Sum, const N: usize>(
        &mut self,
        places: &[usize],
        terms: &[f64],
        rows: usize,
        resamples: impl Iterator<Item = &'r Resample>,
    ) {
        let mut own = vec![[T::default(); N]; rows];
        for (own, terms) in own.iter_mut().zip(terms.chunks_exact(self.width)) {
            for (own, place) in own.iter_mut().zip(places) {
                *own = T::of(terms[*place]);
            }
        }
        for (totals, taken) in self.totals.chunks_exact_mut(self.width).zip(resamples) {
            let mut sums = [T::default(); N];
            for (sum, place) in sums.iter_mut().zip(places) {
                *sum = T::begun(totals[*place]);
            }
            for (row, times) in taken {
                let times = T::times(*times);
                for (sum, term) in sums.iter_mut().zip(&own[*row]) {
                    *sum += times * *term;
                }
            }
            for (sum, place) in sums.iter().zip(places) {
                totals[*place] = sum.ended(totals[*place]);
            }
        }
    }

    /// The variance of one set of sums, after each factor's first-order and total index has been given to `each`.
    fn of(&self, sums: &[f64], mut each: impl FnMut(usize, f64, f64)) -> Option<f64> {
        let [weight, a, b, squares_a, squares_b, all] = sums[..COMMON] else {
            return None;
        };
        if weight <= 0.0 {
            return None;
        }
        let centre = (a + b) / (2.0 * weight);
        let moment = (squares_a + squares_b) / (2.0 * weight);
        let variance = moment - centre * centre;
        let mean = (a + b + all) / (weight * (self.factors + 2) as f64);
        // What is left of a constant by rounding is no variance.
        let is_constant = variance <= 1e-14 * moment || variance <= 0.0;
        for (factor, of) in sums[COMMON..].chunks_exact(PER_FACTOR).enumerate() {
            if is_constant {
                each(factor, 0.0, 0.0);
            } else {
                each(factor, (of[0] - mean * of[1]) / weight / variance, of[2] / (2.0 * weight) / variance);
            }
        }
        Some(if is_constant { 0.0 } else { variance })
    }

    fn indices(&self) -> Option<OutputSensitivity> {
        if self.rows < 2 {
            return None;
        }
        let (mut first, mut total) = (vec![0.0; self.factors], vec![0.0; self.factors]);
        let variance = self.of(&self.totals[..self.width], |factor, of_first, of_total| (first[factor], total[factor]) = (of_first, of_total))?;
        // Of each factor the resamples' indices side by side.
        let most = self.totals.len() / self.width - 1;
        let (mut firsts, mut totals) = (vec![0.0; self.factors * most], vec![0.0; self.factors * most]);
        let mut resamples = 0;
        for sums in self.totals[self.width..].chunks_exact(self.width) {
            let made = self.of(sums, |factor, of_first, of_total| {
                (firsts[factor * most + resamples], totals[factor * most + resamples]) = (of_first, of_total);
            });
            resamples += usize::from(made.is_some());
        }
        let estimates = |values: &[f64], spread: &mut [f64]| {
            let of_factor = |(factor, value): (usize, &f64)| {
                let spread = &mut spread[factor * most..factor * most + resamples];
                let mut quantile = |probability: f64| quantile(spread, probability).unwrap_or(*value);
                Estimate { value: *value, p05: quantile(0.05), p95: quantile(0.95) }
            };
            values.iter().enumerate().map(of_factor).collect()
        };
        Some(OutputSensitivity { first: estimates(&first, &mut firsts), total: estimates(&total, &mut totals), variance, rows: self.rows })
    }
}

/// Quantile of values in any order, which changes; R's type 7.
fn quantile(values: &mut [f64], probability: f64) -> Option<f64> {
    let last = values.len().checked_sub(1)?;
    let at = last as f64 * probability;
    let (_, low, above) = values.select_nth_unstable_by(at.floor() as usize, f64::total_cmp);
    let high = if at.fract() > 0.0 { above.iter().copied().min_by(f64::total_cmp).unwrap_or(*low) } else { *low };
    Some(*low + (high - *low) * (at - at.floor()))
}

#[cfg(test)]
mod tests {
    use super::super::sequence::DEFAULT_SEED;
    use super::*;

    fn design(factors: usize, rows: usize) -> SensitivityDesign {
        SensitivityDesign { factors, outputs: 1, rows, resamples: 200, seed: DEFAULT_SEED }
    }

    fn of(model: impl Fn(&[f64]) -> f64 + Sync, factors: usize) -> OutputSensitivity {
        let model = |point: &[f64], outputs: &mut [f64]| outputs[0] = model(point);
        sensitivity(&model, &design(factors, 1024)).unwrap().remove(0).unwrap()
    }

    #[test]
    fn the_order_of_a_rows_runs_does_not_show() {
        let model = |point: &[f64], outputs: &mut [f64]| outputs.copy_from_slice(&[point[0] + 2.0 * point[1], point[0] * point[2]]);
        let design = SensitivityDesign { outputs: 2, ..design(3, 64) };
        let found = sensitivity(&model, &design).unwrap();
        assert!(sensitivity_in_order(&model, &design, &|point| u64::MAX - (point[1] * 1e6) as u64).unwrap() == found);
    }

    fn holds(found: &OutputSensitivity, first: &[f64], total: &[f64]) {
        for (factor, (have, want)) in found.first.iter().zip(first).enumerate() {
            assert!((have.value - want).abs() < 0.01, "first order of {factor}: {have:?} is not {want}");
            assert!(have.p05 <= have.value && have.value <= have.p95, "{have:?}");
        }
        for (factor, (have, want)) in found.total.iter().zip(total).enumerate() {
            assert!((have.value - want).abs() < 0.01, "total order of {factor}: {have:?} is not {want}");
        }
    }

    fn ishigami(point: &[f64]) -> f64 {
        let x: Vec<f64> = point.iter().map(|u| std::f64::consts::PI * (2.0 * u - 1.0)).collect();
        x[0].sin() + 7.0 * x[1].sin().powi(2) + 0.1 * x[2].powi(4) * x[0].sin()
    }

    #[test]
    fn the_ishigami_function_has_its_known_indices() {
        let found = of(ishigami, 3);
        holds(&found, &[0.313_905, 0.442_411, 0.0], &[0.557_589, 0.442_411, 0.243_684]);
    }

    #[test]
    fn sobols_g_function_has_its_known_indices() {
        let a = [0.0_f64, 1.0, 4.5, 9.0, 99.0, 99.0, 99.0, 99.0];
        let parts: Vec<f64> = a.iter().map(|a| 1.0 / (3.0 * (1.0 + a).powi(2))).collect();
        let whole = parts.iter().map(|part| 1.0 + part).product::<f64>() - 1.0;
        let first: Vec<f64> = parts.iter().map(|part| part / whole).collect();
        let total: Vec<f64> = parts.iter().map(|part| part * (whole + 1.0) / (1.0 + part) / whole).collect();
        let model = |point: &[f64]| point.iter().zip(a).map(|(u, a)| ((4.0 * u - 2.0).abs() + a) / (1.0 + a)).product();
        holds(&of(model, 8), &first, &total);
    }

    #[test]
    fn a_large_offset_changes_nothing() {
        let truth = [1.0 / 14.0, 4.0 / 14.0, 9.0 / 14.0];
        for offset in [0.0, 100.0, 1e6] {
            let found = of(|point| offset + point[0] + 2.0 * point[1] + 3.0 * point[2], 3);
            holds(&found, &truth, &truth);
        }
    }

    #[test]
    fn a_factor_that_is_not_used_has_index_zero() {
        let found = of(|point| 100.0 + point[0] * point[2], 3);
        assert_eq!(found.first[1], Estimate { value: 0.0, p05: 0.0, p95: 0.0 });
        assert_eq!(found.total[1], Estimate { value: 0.0, p05: 0.0, p95: 0.0 });
        assert!(found.moving_factor().is_some_and(|factor| factor != 1));
    }

    #[test]
    fn what_never_changes_has_no_variance_and_no_indices() {
        let found = of(|_| 0.1, 2);
        assert_eq!(found.variance.to_bits(), 0.0_f64.to_bits());
        assert!(found.total.iter().all(|total| total.value.to_bits() == 0));
        assert_eq!(found.moving_factor(), None);
        let model = |_: &[f64], _: &mut [f64]| {};
        assert_eq!(sensitivity(&model, &design(2, 64)).unwrap(), [None]);
    }

    #[test]
    fn a_resample_takes_as_many_rows_as_there_are() {
        let design = SensitivityDesign { resamples: 50, ..design(1, 300) };
        let mut resampling = Resampling::new(&design);
        let mut taken = vec![0.0; 50];
        let mut singles = 0.0;
        let mut start = 0;
        while start < 300 {
            let rows = BLOCK.min(300 - start);
            for (taken, resample) in taken.iter_mut().zip(resampling.next_rows(rows, 300 - start)) {
                for (_, times) in resample {
                    *taken += f64::from(times);
                    singles += f64::from(u32::from(times > 0.5 && times < 1.5));
                }
            }
            start += rows;
        }
        assert!(taken.iter().all(|taken| (taken - 300.0).abs() < 1e-9));
        assert!((singles / 15_000.0 - 0.368).abs() < 0.02, "a share 1/e of the rows comes once");
    }

    #[test]
    fn sums_of_ranks_are_exact_in_either_precision() {
        let mut state = 3_u64;
        let mut drawn = |below: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) % below
        };
        // As many rows and units as a run has, then too many for half the precision; once with halves between the ranks, which are not whole.
        for (rows, units, part) in [(128, 130, 1.0), (4096, 2000, 1.0), (128, 130, 0.5)] {
            let design = SensitivityDesign { factors: 8, outputs: 1, rows, resamples: 20, seed: 5 };
            let ranks: Vec<i64> = (0..rows * 10).map(|_| 1 + drawn(units).cast_signed()).collect();
            let outputs: Vec<f64> = ranks.iter().map(|rank| part * *rank as f64).collect();
            let resamples = Resampling::new(&design).next_rows(rows, rows);
            let mut sums = Sums::empty(&design);
            sums.add(&outputs, &resamples);
            let every: Resample = (0..rows).map(|row| (row, 1.0)).collect();
            for (totals, taken) in sums.totals.chunks_exact(sums.width).zip(std::iter::once(&every).chain(&resamples)) {
                let mut wanted = vec![0_i64; sums.width];
                for (row, times) in taken {
                    let own: Vec<i64> = ranks[row * 10..(row + 1) * 10].iter().map(|rank| rank - ranks[0]).collect();
                    let (a, b) = (own[0], own[1]);
                    let common = [1, a, b, a * a, b * b, own[2..].iter().sum()];
                    let of_factors = own[2..].iter().flat_map(|mixed| [b * (mixed - a), mixed - a, (mixed - a) * (mixed - a)]);
                    for (sum, term) in wanted.iter_mut().zip(common.into_iter().chain(of_factors)) {
                        *sum += *times as i64 * term;
                    }
                }
                // Every sum but the first is of differences or of their products.
                let degree = |place: usize| match place {
                    0 => 0,
                    1 | 2 | 5 => 1,
                    3 | 4 => 2,
                    of_factor => {
                        if (of_factor - COMMON) % PER_FACTOR == 1 {
                            1
                        } else {
                            2
                        }
                    }
                };
                for (place, (total, wanted)) in totals.iter().zip(&wanted).enumerate() {
                    assert_eq!(total.to_bits(), (*wanted as f64 * f64::powi(part, degree(place)) + 0.0).to_bits(), "{rows} rows, sum {place}");
                }
            }
        }
    }

    #[test]
    fn the_same_bits_with_one_two_and_sixteen_threads() {
        let run = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| of(ishigami, 3))
        };
        let one = run(1);
        assert_eq!(one, run(2));
        assert_eq!(one, run(16));
    }

    #[test]
    fn only_the_factor_that_swaps_two_units_moves_their_ranks() {
        let model = |point: &[f64], scores: &mut [f64]| {
            scores[0] = 5.0;
            scores[1] = 1.0 + point[1];
            scores[2] = 1.5;
        };
        let baseline = [Some(1), Some(2), Some(3)];
        let found = rank_sensitivity(&model, &baseline, &design(2, 256)).unwrap();
        assert_eq!(found.units[0].as_ref().unwrap().moving_factor(), None);
        assert_eq!(found.units[1].as_ref().unwrap().moving_factor(), Some(1));
        assert!((found.shift.unwrap().total[1].value - 1.0).abs() < 0.05);
    }
}
