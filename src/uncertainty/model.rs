//! The ranking as dense arrays, so that it can be made again thousands of times with one thing or another drawn anew (method, section 6).
//!
//! With every factor at its baseline the scores are those of [`crate::market`]; a test holds them equal.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use statrs::distribution::{ContinuousCDF, Normal};

use crate::config::{Goalpost, PillarWeight, Treatment, UncertaintyMethod};
use crate::index::draw::weight_sets;
use crate::index::factor::WeightSpread;
use crate::index::sequence::choice;
use crate::market::{range, treated};

/// The factors, in the order of the coordinates of a point.
pub const FACTORS: [&str; 8] =
    ["data_error", "normalisation", "aggregation", "pillar_weights", "drop_indicator", "crosswalk", "pay_floor", "weighting"];

/// A common scale.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scale {
    /// Fixed goalposts.
    Goalposts,
    /// Treatment of outliers, then min–max.
    MinMax,
    /// Standard deviations from the mean, cut and laid on the scale.
    ZScore,
    /// Order among the markets.
    Rank,
}

/// One run's choices; the default is the baseline.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Choices {
    /// Draw of data errors; `None` is no error.
    pub error: Option<usize>,
    /// Position in the model's scales; 0 is the baseline's.
    pub scale: usize,
    /// Arithmetic instead of geometric mean across pillars.
    pub arithmetic: bool,
    /// Draw of pillar weights; `None` are the given ones.
    pub weights: Option<usize>,
    /// Indicator left out.
    pub dropped: Option<usize>,
    /// Draw of crosswalk weights; `None` are the given ones.
    pub crosswalk: Option<usize>,
    /// The earlier pay floor instead of the one in force.
    pub earlier_floor: bool,
    /// Position in the model's weightings; 0 is the ranking's own.
    pub weighting: usize,
}

/// A figure of every market, with the standard deviation of its error on the indicator's scale. NaN is missing.
#[derive(Clone, Debug, Default)]
pub(super) struct Column {
    pub raw: Vec<f64>,
    pub deviation: Vec<f64>,
}

/// Where an occupation's pools come from.
#[derive(Clone, Debug)]
pub(super) enum Pools {
    /// `Σ k·share·employed` over ISCO groups: the given weights, then one set a draw.
    Groups { groups: Vec<usize>, weights: Vec<Vec<f64>> },
    /// Counted persons: `ln(1 + persons)` and `ln` of the share's ratio.
    Counted { pool: Column, specialisation: Column },
}

/// An occupation.
#[derive(Clone, Debug)]
pub(super) struct OccupationModel {
    pub pools: Pools,
    /// Shortage at home or assessment: the given figure, then one a draw of the crosswalk (empty where it does not matter).
    pub word: Column,
    pub word_draws: Vec<Vec<f64>>,
    /// Points of the way in, under the floor in force and the earlier one.
    pub entry: [Vec<f64>; 2],
    /// Markets that the occupation is closed for, likewise.
    pub closed: [Vec<usize>; 2],
    /// Which of the model's ranked sets holds the open markets that have a fit, likewise.
    pub set: [usize; 2],
    /// Where the pool of one sex alone is asked for: ln of its share of each market's pool, and of the pool at home.
    pub share: Option<(Column, f64)>,
    /// Mixed into the errors that are an occupation's own.
    pub salt: u64,
}

/// Shares and employment of countries.
#[derive(Clone, Debug, Default)]
pub(super) struct Employment {
    /// ISCO groups.
    pub groups: usize,
    /// Markets × groups.
    pub shares: Vec<f64>,
    /// Markets × groups, standard deviation of a share's logarithm.
    pub share_deviation: Vec<f64>,
    /// Persons.
    pub employed: Vec<f64>,
    /// Coefficient of variation of the employment.
    pub employed_deviation: Vec<f64>,
    /// Shares and employment of each draw of errors.
    pub draws: Vec<(Vec<f64>, Vec<f64>)>,
    /// Shares at home.
    pub home: Vec<f64>,
    /// Least ratio to home.
    pub least_ratio: f64,
}

/// Indicators of a model: where each stands is fixed, so that the inner loop needs no names.
#[derive(Clone, Debug)]
pub(super) struct IndicatorModel {
    pub name: String,
    pub pillar: usize,
    pub goalpost: Option<Goalpost>,
    /// Whether a lower raw value is better.
    pub reverse: bool,
    pub source: Slot,
}

/// A named weighting.
#[derive(Clone, Debug)]
pub(super) struct WeightModel {
    /// Weight of each of the model's indicators inside its pillar; 0 where the weighting does not count it.
    pub indicators: Vec<f64>,
    /// The indicators that it counts, as positions.
    pub counted: Vec<usize>,
    /// Weights of the pillars.
    pub pillars: [f64; 4],
    /// Drawn weights of the pillars.
    pub draws: Vec<Vec<f64>>,
}

/// Where an indicator's figures are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Slot {
    Pool,
    Specialisation,
    Word,
    Entry,
    Whole(usize),
}

/// A kind of market, with everything drawn beforehand.
#[derive(Clone, Debug)]
pub struct Model {
    pub(super) markets: usize,
    pub(super) indicators: Vec<IndicatorModel>,
    pub(super) whole: Vec<Column>,
    pub(super) employment: Employment,
    pub(super) occupations: Vec<OccupationModel>,
    /// The distinct ranked sets, as positions of markets.
    pub(super) sets: Vec<Vec<usize>>,
    /// The ranking's own weighting, then the alternatives.
    pub(super) weightings: Vec<WeightModel>,
    pub(super) scales: Vec<Scale>,
    pub(super) scale: [f64; 2],
    pub(super) z_score_limit: f64,
    pub(super) treatment: Treatment,
    pub(super) closed_score: f64,
    pub(super) draws: usize,
    pub(super) factors: [bool; 8],
    /// Standard normal quantiles, picked by a hash of what the error is of.
    pub(super) normals: Vec<f64>,
}

/// The weights of an area's occupations (position in the model) and the markets that are ranked in it.
#[derive(Clone, Debug)]
pub struct AreaModel {
    /// Weight of each of the model's occupations in the area, sum 1; `None` for those that are not its own.
    pub weights: Vec<Option<f64>>,
    /// Positions of the markets.
    pub markets: Vec<usize>,
    /// Share of the weight that a market must have.
    pub least_weight: f64,
}

fn mixed(mut hash: u64) -> u64 {
    hash ^= hash >> 33;
    hash = hash.wrapping_mul(0xff51_afd7_ed55_8ccd);
    hash ^= hash >> 33;
    hash = hash.wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    hash ^ (hash >> 33)
}

/// How many normal quantiles are kept.
const NORMALS: usize = 1 << 14;

/// Standard normal quantiles of evenly spread probabilities: mean 0 and, scaled, standard deviation 1.
pub(super) fn normal_quantiles() -> Vec<f64> {
    let normal = Normal::standard();
    let mut values: Vec<f64> = (0..NORMALS).map(|place| normal.inverse_cdf((place as f64 + 0.5) / NORMALS as f64)).collect();
    let deviation = (values.iter().map(|value| value * value).sum::<f64>() / NORMALS as f64).sqrt();
    for value in &mut values {
        *value /= deviation;
    }
    values
}

/// Pillar weights around the given ones, one set a draw.
pub(super) fn pillar_weight_draws(given: [f64; 4], method: &UncertaintyMethod) -> Vec<Vec<f64>> {
    weight_sets(&given, WeightSpread::Uniform { share: method.pillar_weights.spread }, method.draws, method.seed)
}

/// Weights drawn from a Dirichlet distribution around `given`, one set a draw. A single weight does not move.
pub(super) fn crosswalk_draws(given: &[f64], method: &UncertaintyMethod, salt: u64) -> Vec<Vec<f64>> {
    if given.len() < 2 {
        return Vec::new();
    }
    let seed = ChaCha8Rng::seed_from_u64(u64::from(method.seed) ^ mixed(salt)).random::<u32>();
    weight_sets(given, WeightSpread::Dirichlet { concentration: method.crosswalk.concentration }, method.draws, seed)
}

/// What one run shares between its occupations.
struct Run<'a> {
    choices: &'a Choices,
    scale: Scale,
    /// Weights of the indicators inside their pillars, and of the pillars.
    inside: &'a [f64],
    weights: &'a [f64],
    shares: &'a [f64],
    employed: &'a [f64],
    home: &'a [f64],
    /// Figures of whole markets, errors included.
    whole: Vec<Vec<f64>>,
    /// Their scores, for each ranked set met so far.
    sets: Vec<Option<SetScores>>,
}

/// Scores of the figures of whole markets over a ranked set, in the set's order.
struct SetScores {
    whole: Vec<Vec<f64>>,
    /// Pillars that hold nothing else, ready to be averaged: the score, or its logarithm under a geometric mean.
    pillars: [Option<Vec<f64>>; 4],
}

/// Buffers of an occupation, in the order of its ranked set.
#[derive(Default)]
struct Buffers {
    raw: [Vec<f64>; 4],
    scores: [Vec<f64>; 4],
    sorted: Vec<(f64, u32)>,
    pillar: Vec<f64>,
    sums: Vec<f64>,
    present: Vec<f64>,
}

/// Where a slot of an occupation stands among its buffers.
fn buffer_of(slot: Slot) -> Option<usize> {
    match slot {
        Slot::Pool => Some(0),
        Slot::Specialisation => Some(1),
        Slot::Word => Some(2),
        Slot::Entry => Some(3),
        Slot::Whole(_) => None,
    }
}

impl Model {
    /// The choices at a point of the unit cube. A factor that is switched off stays at its baseline.
    #[must_use]
    pub fn choices(&self, point: &[f64]) -> Choices {
        let on = |factor: usize| self.factors[factor];
        let weighting = if on(7) { choice(point[7], self.weightings.len()) } else { 0 };
        let counted = &self.weightings[weighting].counted;
        let dropped = choice(point[4], counted.len() + 1);
        Choices {
            error: on(0).then(|| choice(point[0], self.draws)),
            scale: if on(1) { choice(point[1], self.scales.len()) } else { 0 },
            arithmetic: on(2) && choice(point[2], 2) == 1,
            weights: on(3).then(|| choice(point[3], self.draws)),
            dropped: if on(4) { dropped.checked_sub(1).map(|place| counted[place]) } else { None },
            crosswalk: on(5).then(|| choice(point[5], self.draws)),
            earlier_floor: on(6) && choice(point[6], 2) == 1,
            weighting,
        }
    }

    /// A standard normal error of draw `draw`, the same wherever the same thing is asked for.
    fn normal(&self, draw: usize, market: usize, of: u64) -> f64 {
        let key = (draw as u64) << 40 ^ (market as u64) << 28 ^ of;
        self.normals[mixed(key.wrapping_add(0x9e37_79b9_7f4a_7c15)) as usize % NORMALS]
    }

    /// Makes each draw's shares and employment once: errors are lognormal, so that a share stays above 0.
    pub(super) fn disturb_employment(&mut self) {
        let groups = self.employment.groups;
        if groups == 0 || !self.factors[0] {
            return;
        }
        let draws = (0..self.draws).map(|draw| {
            let mut shares = self.employment.shares.clone();
            let mut employed = self.employment.employed.clone();
            for (market, shares) in shares.chunks_exact_mut(groups).enumerate() {
                let deviations = &self.employment.share_deviation[market * groups..];
                for (group, share) in shares.iter_mut().enumerate().filter(|(_, share)| !share.is_nan()) {
                    *share *= (deviations[group] * self.normal(draw, market, 2 << 20 | group as u64)).exp();
                }
                employed[market] *= (self.employment.employed_deviation[market] * self.normal(draw, market, 3 << 20)).exp();
            }
            (shares, employed)
        });
        self.employment.draws = draws.collect();
    }

    /// Scores under `choices` of the markets of each area in turn, each area's in its own order; NaN where a market is not ranked then.
    pub fn scores(&self, choices: &Choices, areas: &[AreaModel], out: &mut [f64]) {
        let employment = &self.employment;
        let weighting = &self.weightings[choices.weighting];
        let drawn = choices.error.and_then(|draw| employment.draws.get(draw));
        let (shares, employed) = drawn.map_or((&employment.shares, &employment.employed), |(shares, employed)| (shares, employed));
        let mut run = Run {
            choices,
            scale: self.scales[choices.scale],
            inside: &weighting.indicators,
            weights: choices.weights.map_or(weighting.pillars.as_slice(), |draw| &weighting.draws[draw]),
            shares,
            employed,
            home: &employment.home,
            whole: Vec::with_capacity(self.whole.len()),
            sets: (0..self.sets.len()).map(|_| None).collect(),
        };
        for (position, column) in self.whole.iter().enumerate() {
            let all = 0..self.markets;
            let values = all.map(|market| self.with_error(column, choices.error, market, 1 << 20 | position as u64)).collect();
            run.whole.push(values);
        }
        let mut buffers = Buffers::default();
        let mut sums = vec![vec![0.0; self.markets]; areas.len()];
        let mut counted = sums.clone();
        for (position, occupation) in self.occupations.iter().enumerate() {
            let weights = || areas.iter().enumerate().filter_map(|(area, part)| part.weights[position].map(|weight| (area, weight)));
            if weights().next().is_none() {
                continue;
            }
            let floor = usize::from(choices.earlier_floor);
            let set = occupation.set[floor];
            if run.sets[set].is_none() {
                let scores = self.set_scores(&run, &self.sets[set], &mut buffers);
                run.sets[set] = Some(scores);
            }
            let Some(shared) = &run.sets[set] else { continue };
            self.read(&run, occupation, floor, &self.sets[set], &mut buffers);
            self.fit(&run, shared, &mut buffers);
            for (area, weight) in weights() {
                let (sums, counted) = (&mut sums[area], &mut counted[area]);
                for market in &occupation.closed[floor] {
                    sums[*market] += weight * self.closed_score;
                    counted[*market] += weight;
                }
                for (market, fit) in self.sets[set].iter().zip(&buffers.sums) {
                    if !fit.is_nan() {
                        sums[*market] += weight * fit;
                        counted[*market] += weight;
                    }
                }
            }
        }
        let mut out = out.iter_mut();
        for (area, part) in areas.iter().enumerate() {
            for (market, score) in part.markets.iter().zip(&mut out) {
                let counted = counted[area][*market];
                *score = if counted >= part.least_weight - 1e-12 { sums[area][*market] / counted } else { f64::NAN };
            }
        }
    }

    fn with_error(&self, column: &Column, error: Option<usize>, market: usize, of: u64) -> f64 {
        let (value, deviation) = (column.raw[market], column.deviation[market]);
        match error {
            Some(draw) if deviation > 0.0 => value + deviation * self.normal(draw, market, of),
            _ => value,
        }
    }

    /// Figures of whole markets are on the same scale for every occupation with the same ranked set.
    fn set_scores(&self, run: &Run, set: &[usize], buffers: &mut Buffers) -> SetScores {
        let mut whole = vec![Vec::new(); self.whole.len()];
        for (indicator, weight) in self.indicators.iter().zip(run.inside) {
            if let (Slot::Whole(position), true) = (indicator.source, *weight > 0.0) {
                let raw: Vec<f64> = set.iter().map(|market| run.whole[position][*market]).collect();
                self.lay(run.scale, indicator, &raw, &mut whole[position], &mut buffers.sorted);
            }
        }
        let mut scores = SetScores { whole, pillars: [const { None }; 4] };
        for pillar in 0..4 {
            let counted = self.indicators.iter().zip(run.inside).filter(|(indicator, weight)| indicator.pillar == pillar && **weight > 0.0);
            let mut own = counted.map(|(indicator, _)| indicator).peekable();
            if own.peek().is_some() && own.all(|indicator| matches!(indicator.source, Slot::Whole(_))) {
                self.pillar(run, pillar, &scores, &buffers.scores, set.len(), &mut buffers.pillar);
                scores.pillars[pillar] = Some(std::mem::take(&mut buffers.pillar));
            }
        }
        scores
    }

    /// Raw values of an occupation's own indicators over its ranked set, into the buffers, and their scores.
    fn read(&self, run: &Run, occupation: &OccupationModel, floor: usize, set: &[usize], buffers: &mut Buffers) {
        let [pool, specialisation, word, entry] = &mut buffers.raw;
        for values in [&mut *pool, &mut *specialisation, &mut *word, &mut *entry] {
            values.clear();
        }
        match &occupation.pools {
            Pools::Groups { groups, weights } => {
                // Set 0 holds the given weights; an occupation that maps to a single group has no other.
                let drawn = run.choices.crosswalk.map_or(0, |draw| draw + 1);
                let weights = weights.get(drawn).unwrap_or(&weights[0]);
                let sum = |shares: &[f64]| {
                    let published = groups.iter().zip(weights).filter(|(group, _)| !shares[**group].is_nan());
                    published.map(|(group, weight)| weight * shares[*group]).sum::<f64>()
                };
                let home = sum(run.home);
                let home = home * occupation.share.as_ref().map_or(1.0, |(_, home)| home.exp());
                for market in set {
                    let share = sum(&run.shares[market * self.employment.groups..]);
                    // No sex is more than the whole pool, whatever the error.
                    let of_sex = occupation.share.as_ref().map_or(1.0, |(column, _)| {
                        self.with_error(column, run.choices.error, *market, occupation.salt << 4 | 6 << 20).min(0.0).exp()
                    });
                    let share = share * of_sex;
                    pool.push(share * run.employed[*market]);
                    specialisation.push(if home > 0.0 { (share / home).max(self.employment.least_ratio) } else { f64::NAN });
                }
                for value in pool.iter_mut() {
                    *value = value.ln_1p();
                }
                for value in specialisation.iter_mut() {
                    *value = value.ln();
                }
            }
            Pools::Counted { pool: counted, specialisation: ratio } => {
                // A miscount moves the count and its share alike.
                let of = occupation.salt << 4 | 4 << 20;
                pool.extend(set.iter().map(|market| self.with_error(counted, run.choices.error, *market, of)));
                specialisation.extend(set.iter().map(|market| self.with_error(ratio, run.choices.error, *market, of)));
            }
        }
        let drawn = run.choices.crosswalk.and_then(|draw| occupation.word_draws.get(draw));
        for market in set {
            let value = self.with_error(&occupation.word, run.choices.error, *market, occupation.salt << 4 | 5 << 20);
            word.push(value + drawn.map_or(0.0, |drawn| drawn[*market] - occupation.word.raw[*market]));
            entry.push(occupation.entry[floor][*market]);
        }
        for (indicator, weight) in self.indicators.iter().zip(run.inside) {
            if let (Some(position), true) = (buffer_of(indicator.source), *weight > 0.0) {
                self.lay(run.scale, indicator, &buffers.raw[position], &mut buffers.scores[position], &mut buffers.sorted);
            }
        }
    }

    /// A pillar's scores over a set: the weighted mean of what is there, NaN where nothing is.
    fn pillar(&self, run: &Run, pillar: usize, shared: &SetScores, own: &[Vec<f64>; 4], count: usize, out: &mut Vec<f64>) {
        out.clear();
        let inner: Vec<(&[f64], f64)> = self
            .indicators
            .iter()
            .zip(run.inside)
            .enumerate()
            .filter(|(position, (indicator, weight))| indicator.pillar == pillar && run.choices.dropped != Some(*position) && **weight > 0.0)
            .map(|(_, (indicator, weight))| {
                let scores = match indicator.source {
                    Slot::Whole(position) => &shared.whole[position],
                    slot => &own[buffer_of(slot).unwrap_or(0)],
                };
                (scores.as_slice(), *weight)
            })
            .collect();
        match inner.as_slice() {
            // The common case without a branch: two indicators, added where they are there.
            [(first, first_weight), (second, second_weight)] => {
                for (one, two) in first.iter().zip(*second) {
                    let (has_one, has_two) = (!one.is_nan(), !two.is_nan());
                    let sum = if has_one { first_weight * one } else { 0.0 } + if has_two { second_weight * two } else { 0.0 };
                    let present = if has_one { *first_weight } else { 0.0 } + if has_two { *second_weight } else { 0.0 };
                    out.push(if present > 0.0 { sum / present } else { f64::NAN });
                }
            }
            _ => {
                for place in 0..count {
                    let (mut sum, mut present) = (0.0, 0.0);
                    for (scores, weight) in &inner {
                        let score = scores[place];
                        if !score.is_nan() {
                            sum += weight * score;
                            present += weight;
                        }
                    }
                    out.push(if present > 0.0 { sum / present } else { f64::NAN });
                }
            }
        }
        if !run.choices.arithmetic {
            for value in out.iter_mut() {
                *value = value.ln();
            }
        }
    }

    /// Fit of every market in the set, into `buffers.sums`; NaN where no pillar is there.
    fn fit(&self, run: &Run, shared: &SetScores, buffers: &mut Buffers) {
        let count = buffers.raw[0].len();
        let mut pillar_scores = std::mem::take(&mut buffers.pillar);
        buffers.sums.clear();
        buffers.sums.resize(count, 0.0);
        buffers.present.clear();
        buffers.present.resize(count, 0.0);
        for (pillar, weight) in run.weights.iter().enumerate().filter(|(_, weight)| **weight > 0.0) {
            let scores = if let Some(ready) = &shared.pillars[pillar] {
                ready
            } else {
                self.pillar(run, pillar, shared, &buffers.scores, count, &mut pillar_scores);
                &pillar_scores
            };
            for ((sum, present), score) in buffers.sums.iter_mut().zip(&mut buffers.present).zip(scores) {
                let there = f64::from(u8::from(!score.is_nan()));
                *sum += weight * if score.is_nan() { 0.0 } else { *score };
                *present += weight * there;
            }
        }
        for (sum, present) in buffers.sums.iter_mut().zip(&buffers.present) {
            let mean = if *present > 0.0 { *sum / present } else { f64::NAN };
            *sum = if run.choices.arithmetic { mean } else { mean.exp() };
        }
        buffers.pillar = pillar_scores;
    }

    /// Lays raw values on the common scale. A data-made scale of values that are all equal is no scale: NaN.
    fn lay(&self, scale: Scale, indicator: &IndicatorModel, raw: &[f64], out: &mut Vec<f64>, sorted: &mut Vec<(f64, u32)>) {
        out.clear();
        let [bottom, top] = self.scale;
        let turned = |score: f64| if indicator.reverse { bottom + top - score } else { score };
        if scale == Scale::Goalposts {
            let Some(goalpost) = &indicator.goalpost else {
                out.resize(raw.len(), f64::NAN);
                return;
            };
            let (low, high) = if goalpost.ln { (goalpost.low.ln(), goalpost.high.ln()) } else { (goalpost.low, goalpost.high) };
            // NaN stays NaN: f64::clamp keeps it.
            out.extend(raw.iter().map(|value| turned(bottom + (top - bottom) * ((value - low) / (high - low)).clamp(0.0, 1.0))));
            return;
        }
        let moments = Moments::of(raw);
        if moments.low >= moments.high {
            out.resize(raw.len(), f64::NAN);
            return;
        }
        match scale {
            Scale::Goalposts | Scale::MinMax if moments.is_skewed(&self.treatment) => {
                let (values, _) = treated(raw, &self.treatment);
                let (low, high) = range(&values);
                let lay = |value: &f64| if low < high { turned(bottom + (top - bottom) * ((value - low) / (high - low))) } else { f64::NAN };
                out.extend(values.iter().map(lay));
            }
            Scale::Goalposts | Scale::MinMax => {
                let (low, high) = (moments.low, moments.high);
                out.extend(raw.iter().map(|value| turned(bottom + (top - bottom) * ((value - low) / (high - low)))));
            }
            Scale::ZScore => {
                let (limit, deviation) = (self.z_score_limit, (moments.squares / (moments.count - 1.0)).sqrt());
                out.extend(raw.iter().map(|value| {
                    let score = ((value - moments.mean) / deviation).clamp(-limit, limit);
                    turned(bottom + (top - bottom) * ((score + limit) / (2.0 * limit)))
                }));
            }
            Scale::Rank => {
                sorted.clear();
                sorted.extend(raw.iter().copied().zip(0..).filter(|(value, _)| !value.is_nan()));
                sorted.sort_unstable_by(|(first, _), (second, _)| first.total_cmp(second));
                out.resize(raw.len(), f64::NAN);
                let mut start = 0;
                while start < sorted.len() {
                    let equal = sorted[start..].iter().take_while(|(value, _)| *value <= sorted[start].0).count();
                    // Equal values share the middle of their places.
                    let place = start as f64 + (equal - 1) as f64 / 2.0;
                    for (_, position) in &sorted[start..start + equal] {
                        out[*position as usize] = turned(bottom + (top - bottom) * place / (moments.count - 1.0));
                    }
                    start += equal;
                }
            }
        }
    }
}

/// Mean, spread and shape of the values present.
struct Moments {
    count: f64,
    mean: f64,
    /// Sum of squared deviations from the mean.
    squares: f64,
    cubes: f64,
    fourths: f64,
    low: f64,
    high: f64,
}

impl Moments {
    fn of(values: &[f64]) -> Self {
        let mut moments = Self { count: 0.0, mean: 0.0, squares: 0.0, cubes: 0.0, fourths: 0.0, low: f64::INFINITY, high: f64::NEG_INFINITY };
        for value in values.iter().filter(|value| !value.is_nan()) {
            moments.count += 1.0;
            moments.mean += value;
            moments.low = moments.low.min(*value);
            moments.high = moments.high.max(*value);
        }
        moments.mean /= moments.count.max(1.0);
        for value in values.iter().filter(|value| !value.is_nan()) {
            let gap = value - moments.mean;
            let square = gap * gap;
            moments.squares += square;
            moments.cubes += square * gap;
            moments.fourths += square * square;
        }
        moments
    }

    /// Whether the values may fail the test of outliers: G1 and G2 as in [`crate::index::treat`], a little before the limits, where [`treated`] decides.
    fn is_skewed(&self, limits: &Treatment) -> bool {
        let n = self.count;
        if n < 4.0 || self.squares <= 0.0 {
            return false;
        }
        let variance = self.squares / n;
        let g1 = self.cubes / n / variance.powf(1.5) * (n * (n - 1.0)).sqrt() / (n - 2.0);
        let g2 = (n - 1.0) / ((n - 2.0) * (n - 3.0)) * ((n + 1.0) * (self.fourths / n / (variance * variance) - 3.0) + 6.0);
        g1.abs() >= limits.skewness - 1e-9 && g2 >= limits.kurtosis - 1e-9
    }
}

/// A pillar's indicators in the model's order.
pub(super) fn indicators_of(pillar: &PillarWeight) -> impl Iterator<Item = (&str, f64)> {
    pillar.indicators.iter().map(|(name, weight)| (name.as_str(), *weight))
}
