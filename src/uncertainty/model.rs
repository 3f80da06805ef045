//! The ranking as dense arrays, so that it can be made again thousands of times with one thing or another drawn anew (method, section 6).
//!
//! With every factor at its baseline the scores are those of [`crate::market`]; a test holds them equal.

use std::cell::{Cell, OnceCell, RefCell};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use statrs::distribution::{ContinuousCDF, Normal};

use super::rows::Classes;
use crate::config::{Goalpost, PillarWeight, Treatment, UncertaintyMethod};
use crate::index::draw::weight_sets;
use crate::index::factor::WeightSpread;
use crate::index::sequence::choice;

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

/// One run's choices; the default is the baseline of the model's first ranking.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Choices {
    /// Which of the model's rankings is made.
    pub ranking: usize,
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
    /// Position among the ranking's weightings; 0 is its own.
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

/// The pools of an occupation; occupations that map to the same single group have the same.
#[derive(Clone, Debug)]
pub(super) struct PoolModel {
    pub pools: Pools,
    /// Where the pool of one sex alone is asked for: ln of its share of each market's pool, and of the pool at home.
    pub share: Option<(Column, f64)>,
    /// Mixed into the errors that are these pools' own.
    pub salt: u64,
}

/// Shortage at home or assessment: the given figure, then one a draw of the crosswalk (empty where it does not matter).
#[derive(Clone, Debug, Default)]
pub(super) struct Word {
    pub given: Column,
    pub draws: Vec<Vec<f64>>,
}

/// The word on an occupation, the same in every county.
#[derive(Clone, Debug)]
pub(super) struct WordModel {
    pub word: Arc<Word>,
    /// Mixed into the errors that are an occupation's own.
    pub salt: u64,
}

/// An occupation. Where a model holds several counties or rankings, an occupation that they close, enter or rank for differently is there once for each way.
#[derive(Clone, Debug)]
pub(super) struct OccupationModel {
    /// Under the floor in force and the earlier one.
    pub floors: [Floor; 2],
}

/// An occupation under a pay floor.
#[derive(Clone, Debug)]
pub(super) struct Floor {
    /// Markets that the occupation is closed for.
    pub closed: Vec<usize>,
    /// Position among the model's kinds.
    pub kind: usize,
    /// Among the model's `word_sets`.
    pub word: usize,
}

/// What decides an occupation's fits, but for the word on shortage: positions in the model's lists. Occupations of one kind are worked out once a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Kind {
    /// Among the model's `whole_sets`: the markets that are open for the occupation and have a fit, seen from a county.
    pub whole: usize,
    /// Among the model's `pool_sets`.
    pub pool: usize,
    /// Among the model's `entry_sets`.
    pub entry: usize,
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
#[derive(Debug)]
pub struct Model {
    pub(super) markets: usize,
    pub(super) indicators: Vec<IndicatorModel>,
    /// Figures of whole markets, each with its place among the indicators of whole markets. Where counties have different ones, all of theirs.
    pub(super) columns: Vec<(usize, Column)>,
    /// Which columns a county has, by place. Counties with the same ones are one.
    pub(super) counties: Vec<Vec<usize>>,
    pub(super) employment: Arc<Employment>,
    /// In the order of their codes.
    pub(super) occupations: Vec<OccupationModel>,
    pub(super) words: Vec<WordModel>,
    pub(super) pools: Vec<PoolModel>,
    /// The distinct points of the way in, by market.
    pub(super) entries: Vec<Vec<f64>>,
    /// The distinct ranked sets, as positions of markets.
    pub(super) sets: Vec<Vec<usize>>,
    /// What is seen from a county over a set, and words, pools and entries over one: positions in the lists above, and of the entries in `whole_sets`.
    pub(super) whole_sets: Vec<(usize, usize)>,
    pub(super) word_sets: Vec<(usize, usize)>,
    pub(super) pool_sets: Vec<(usize, usize)>,
    pub(super) entry_sets: Vec<(usize, usize)>,
    pub(super) kinds: Vec<Kind>,
    pub(super) weightings: Vec<WeightModel>,
    /// Of each ranking that the model makes: its own weighting, then the alternatives, with the indicators that each counts, any of which may be dropped.
    pub(super) rankings: Vec<Vec<(usize, Vec<usize>)>>,
    pub(super) scales: Vec<Scale>,
    pub(super) scale: [f64; 2],
    pub(super) z_score_limit: f64,
    pub(super) treatment: Treatment,
    pub(super) closed_score: f64,
    pub(super) draws: usize,
    pub(super) factors: [bool; 8],
    /// Standard normal quantiles, picked by a hash of what the error is of.
    pub(super) normals: Arc<Vec<f64>>,
    /// What runs have laid on their scales, for the runs after them.
    pub(super) laid: Laid,
    /// Tells it from every other model.
    pub(super) number: u64,
}

/// A number that no other model and no other areas have.
pub(super) fn numbered() -> u64 {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

/// What a run worked out that holds for every run with the same errors, whichever ranking it makes; made when it is first asked for.
#[derive(Debug)]
pub(super) struct Shared {
    /// Model and draw of errors.
    of: (u64, Option<usize>),
    /// The model's columns with their errors.
    pub(super) columns: Vec<OnceCell<Vec<f64>>>,
    /// `ln(1 + persons)` and `ln` of the share's ratio of each pool whose weights no crosswalk moves, over all markets.
    pub(super) pools: Vec<OnceCell<[Vec<f64>; 2]>>,
    /// Of each ranking, which markets have scores for the same occupations: mostly as in the run before.
    pub(super) classes: Vec<RefCell<Option<Classes>>>,
    /// What holds only on the same scale as well.
    pub(super) scaled: Scaled,
    /// What holds only with the same crosswalk as well, on any scale.
    pub(super) crossed: Crossed,
}

/// What a run laid on its scale.
#[derive(Debug)]
pub(super) struct Scaled {
    of: usize,
    /// The model's columns, column after column, over each set.
    pub(super) wholes: Vec<OnceCell<Vec<f64>>>,
    /// Pool and specialisation of each of `pool_sets` whose weights no crosswalk moves.
    pub(super) pools: Vec<[OnceCell<Vec<f64>>; 2]>,
    /// Of each of `entry_sets`.
    pub(super) entries: Vec<OnceCell<Vec<f64>>>,
    /// Of each of `word_sets` that no crosswalk moves.
    pub(super) words: Vec<OnceCell<Vec<f64>>>,
}

/// What a run worked out with its crosswalk.
#[derive(Debug)]
pub(super) struct Crossed {
    of: Option<usize>,
    /// `ln(1 + persons)` and `ln` of the share's ratio of each pool that the crosswalk moves, over all markets.
    pub(super) pools: Vec<OnceCell<[Vec<f64>; 2]>>,
    /// What holds only on the same scale as well.
    pub(super) scaled: CrossedScaled,
}

/// What a run laid on its scale with its crosswalk.
#[derive(Debug)]
pub(super) struct CrossedScaled {
    /// Pool and specialisation of each of `pool_sets` that the crosswalk moves.
    pub(super) pools: Vec<[OnceCell<Vec<f64>>; 2]>,
    /// Of each of `word_sets` that it moves.
    pub(super) words: Vec<OnceCell<Vec<f64>>>,
}

thread_local! {
    /// Vectors of a thread's earlier runs: a run needs hundreds, of a size that is slow to get.
    static SPARE: Cell<Vec<Vec<f64>>> = const { Cell::new(Vec::new()) };
    /// What this thread's last run worked out. One is kept: runs that have it in common come one after another.
    static LAST: Cell<Option<Box<Shared>>> = const { Cell::new(None) };
}

/// The thread's spare vectors, for one run.
pub(super) fn spare() -> Vec<Vec<f64>> {
    SPARE.take()
}

/// As many vectors as a thread keeps.
const MOST_SPARE: usize = 1 << 14;

/// Vectors for the thread's next runs.
pub(super) fn give_back(mut spare: Vec<Vec<f64>>) {
    spare.truncate(MOST_SPARE);
    SPARE.set(spare);
}

fn cells<T: Default>(count: usize) -> Vec<T> {
    (0..count).map(|_| T::default()).collect()
}

/// Takes what is in the cells out.
fn taken<'a, T: 'a>(cells: impl IntoIterator<Item = &'a mut OnceCell<T>>) -> impl Iterator<Item = T> {
    cells.into_iter().filter_map(OnceCell::take)
}

impl CrossedScaled {
    fn vectors(&mut self) -> impl Iterator<Item = Vec<f64>> {
        taken(self.pools.iter_mut().flatten().chain(&mut self.words))
    }
}

impl Crossed {
    fn vectors(&mut self) -> impl Iterator<Item = Vec<f64>> {
        taken(&mut self.pools).flatten().chain(self.scaled.vectors())
    }
}

impl Scaled {
    fn vectors(&mut self) -> impl Iterator<Item = Vec<f64>> {
        let single = [&mut self.wholes, &mut self.entries, &mut self.words].into_iter().flatten();
        taken(single.chain(self.pools.iter_mut().flatten()))
    }
}

impl Shared {
    fn new(model: &Model) -> Self {
        let pool_sets = || cells(model.pool_sets.len());
        Self {
            of: (model.number, None),
            columns: cells(model.columns.len()),
            pools: cells(model.pools.len()),
            classes: cells(model.rankings.len()),
            scaled: Scaled {
                of: 0,
                wholes: cells(model.columns.len() * model.sets.len()),
                pools: pool_sets(),
                entries: cells(model.entry_sets.len()),
                words: cells(model.word_sets.len()),
            },
            crossed: Crossed {
                of: None,
                pools: cells(model.pools.len()),
                scaled: CrossedScaled { pools: pool_sets(), words: cells(model.word_sets.len()) },
            },
        }
    }

    fn vectors(&mut self) -> impl Iterator<Item = Vec<f64>> {
        let raw = taken(&mut self.columns).chain(taken(&mut self.pools).flatten());
        raw.chain(self.scaled.vectors()).chain(self.crossed.vectors())
    }

    /// Runs `run` with what the last run of this thread worked out, as far as it was of the same model, errors, scale and crosswalk.
    pub(super) fn with<T>(model: &Model, choices: &Choices, run: impl FnOnce(&Self) -> T) -> T {
        let mut shared = match LAST.take() {
            Some(last) if last.of.0 == model.number => last,
            Some(mut last) => {
                keep(last.vectors());
                Box::new(Self::new(model))
            }
            None => Box::new(Self::new(model)),
        };
        if shared.of.1 != choices.error {
            keep(shared.vectors());
            shared.of.1 = choices.error;
        }
        let (is_scale, is_crosswalk) = (shared.scaled.of == choices.scale, shared.crossed.of == choices.crosswalk);
        if !is_scale {
            keep(shared.scaled.vectors());
            keep(shared.crossed.scaled.vectors());
            shared.scaled.of = choices.scale;
        }
        if !is_crosswalk {
            keep(shared.crossed.vectors());
            shared.crossed.of = choices.crosswalk;
        }
        let found = run(&shared);
        LAST.set(Some(shared));
        found
    }
}

/// Keeps vectors for the thread's next runs.
fn keep(vectors: impl Iterator<Item = Vec<f64>>) {
    let mut spare = spare();
    spare.extend(vectors.filter(|vector| vector.capacity() > 0));
    give_back(spare);
}

/// Scores of every occupation's indicators, one occupation after the other, by draw of errors and scale: few of either, so that most runs find them made.
/// Only for models in which nothing else moves them: a crosswalk or a floor would.
#[derive(Clone, Debug, Default)]
pub(super) struct Laid {
    places: Arc<Vec<OnceLock<Vec<f64>>>>,
    /// Where each occupation's scores begin, and where the last one's end; empty where nothing is kept.
    pub(super) starts: Vec<usize>,
    scales: usize,
}

impl Laid {
    /// Room for the pool, the specialisation and the word of occupations that are ranked in so many markets each.
    pub(super) fn with_room(markets: impl Iterator<Item = usize>, draws: usize, scales: usize) -> Self {
        let places = (0..(draws + 1) * scales * 3).map(|_| OnceLock::new()).collect();
        let ends = markets.scan(0, |end, markets| {
            *end += markets;
            Some(*end)
        });
        Self { places: Arc::new(places), starts: std::iter::once(0).chain(ends).collect(), scales }
    }

    /// Whether nothing is kept.
    pub(super) fn is_empty(&self) -> bool {
        self.starts.is_empty()
    }

    /// Where the scores of an indicator are; `None` where they are not kept.
    pub(super) fn place(&self, choices: &Choices, slot: Slot) -> Option<&OnceLock<Vec<f64>>> {
        let indicator = match slot {
            Slot::Pool => 0,
            Slot::Specialisation => 1,
            Slot::Word => 2,
            Slot::Entry | Slot::Whole(_) => return None,
        };
        let run = choices.error.map_or(0, |draw| draw + 1) * self.scales + choices.scale;
        self.places.get(run * 3 + indicator)
    }
}

/// The weights of an area's occupations and the markets that are ranked in it.
#[derive(Clone, Debug)]
pub struct AreaModel {
    /// The area's occupations as positions in the model, ascending, with their weights, sum 1.
    pub weights: Vec<(usize, f64)>,
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

impl Model {
    /// How many rankings it makes.
    #[must_use]
    pub fn rankings(&self) -> usize {
        self.rankings.len()
    }

    /// As [`Model::choices`], with the ranking's own weighting.
    #[must_use]
    pub fn choices_of_own(&self, ranking: usize, point: &[f64]) -> Choices {
        let mut point = point.to_vec();
        point[7] = 0.0;
        self.choices(ranking, &point)
    }

    /// The choices at a point of the unit cube, for one of the model's rankings. A factor that is switched off stays at its baseline.
    #[must_use]
    pub fn choices(&self, ranking: usize, point: &[f64]) -> Choices {
        let on = |factor: usize| self.factors[factor];
        let weightings = &self.rankings[ranking];
        let weighting = if on(7) { choice(point[7], weightings.len()) } else { 0 };
        let (_, counted) = &weightings[weighting];
        let dropped = choice(point[4], counted.len() + 1);
        Choices {
            ranking,
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

    /// The weighting of a run.
    pub(super) fn weighting(&self, choices: &Choices) -> &WeightModel {
        &self.weightings[self.rankings[choices.ranking][choices.weighting].0]
    }

    /// A number that is equal for points whose runs have the same errors on the same scale with the same crosswalk, and near where they have all but the last.
    #[must_use]
    pub fn alike(&self, point: &[f64]) -> u64 {
        let choices = self.choices(0, point);
        let draw = |draw: Option<usize>| draw.map_or(0, |draw| draw as u64 + 1);
        (draw(choices.error) * self.scales.len() as u64 + choices.scale as u64) * (self.draws as u64 + 1) + draw(choices.crosswalk)
    }

    pub(super) fn with_error(&self, column: &Column, error: Option<usize>, market: usize, of: u64) -> f64 {
        let (value, deviation) = (column.raw[market], column.deviation[market]);
        match error {
            Some(draw) if deviation > 0.0 => value + deviation * normal(&self.normals, draw, market, of),
            _ => value,
        }
    }
}

/// A standard normal error of draw `draw`, the same wherever the same thing is asked for.
fn normal(normals: &[f64], draw: usize, market: usize, of: u64) -> f64 {
    let key = (draw as u64) << 40 ^ (market as u64) << 28 ^ of;
    normals[mixed(key.wrapping_add(0x9e37_79b9_7f4a_7c15)) as usize % NORMALS]
}

impl Employment {
    /// Makes each draw's shares and employment once: errors are lognormal, so that a share stays above 0.
    pub(super) fn disturb(&mut self, draws: usize, normals: &[f64]) {
        let groups = self.groups;
        if groups == 0 {
            return;
        }
        let draws = (0..draws).map(|draw| {
            let mut shares = self.shares.clone();
            let mut employed = self.employed.clone();
            for (market, shares) in shares.chunks_exact_mut(groups).enumerate() {
                let deviations = &self.share_deviation[market * groups..];
                for (group, share) in shares.iter_mut().enumerate().filter(|(_, share)| !share.is_nan()) {
                    *share *= (deviations[group] * normal(normals, draw, market, 2 << 20 | group as u64)).exp();
                }
                employed[market] *= (self.employed_deviation[market] * normal(normals, draw, market, 3 << 20)).exp();
            }
            (shares, employed)
        });
        self.draws = draws.collect();
    }
}

/// A pillar's indicators in the model's order.
pub(super) fn indicators_of(pillar: &PillarWeight) -> impl Iterator<Item = (&str, f64)> {
    pillar.indicators.iter().map(|(name, weight)| (name.as_str(), *weight))
}
