//! One run of the model: the scores of every area's markets under the run's choices. What occupations have in common is worked out once.

use std::cell::OnceCell;
use std::collections::BTreeSet;

use super::model::{AreaModel, Choices, Floor, IndicatorModel, Model, PoolModel, Pools, Scale, Shared, Slot, WordModel, give_back, numbered, spare};
use super::rows::Rows;
use super::scale::Ranks;
use crate::index::elementary::{exponentials, logarithms};

/// Areas, with which of the model's occupations any of them weighs.
#[derive(Clone, Debug)]
pub struct Areas {
    /// The areas.
    pub parts: Vec<AreaModel>,
    /// Positions of the occupations, rising.
    weighed: Vec<usize>,
    /// Each area's weights, by place in `weighed`.
    weights: Vec<Vec<(usize, f64)>>,
    /// Tells them from all other areas.
    number: u64,
}

impl Areas {
    /// How many markets each area ranks.
    #[must_use]
    pub fn units(&self) -> Vec<usize> {
        self.parts.iter().map(|part| part.markets.len()).collect()
    }
}

/// What one run is given.
struct Run<'a> {
    choices: &'a Choices,
    scale: Scale,
    /// Weights of the indicators inside their pillars, 0 for the one that is dropped; and of the pillars.
    inside: Vec<f64>,
    weights: &'a [f64],
    shares: &'a [f64],
    employed: &'a [f64],
    home: &'a [f64],
    /// What each pillar is made of.
    depends: [Dependence; 4],
}

/// What a pillar's scores depend on, besides the ranked set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Dependence {
    /// Figures of whole markets alone.
    Whole,
    /// The pools alone.
    Pool,
    /// The way in, and figures of whole markets.
    Entry,
    /// Anything else: what has no other occupation's.
    Occupation,
}

/// Scores over a ranked set, in the set's order; empty where the run does not count an indicator.
#[derive(Default)]
struct Laid<'m> {
    /// By position among the model's whole figures.
    whole: Vec<&'m [f64]>,
    /// Pool and specialisation; or the way in.
    own: [&'m [f64]; 2],
    /// Pillars that are ready to be averaged: the score, or its logarithm under a geometric mean.
    pillars: [Option<Vec<f64>>; 4],
}

/// Scores of one occupation's indicators over its ranked set.
#[derive(Clone, Copy)]
struct Own<'a> {
    whole: &'a Laid<'a>,
    pool: Option<&'a Laid<'a>>,
    entry: Option<&'a Laid<'a>>,
    word: &'a [f64],
}

impl<'a> Own<'a> {
    fn scores(&self, slot: Slot) -> &'a [f64] {
        let of = |laid: Option<&'a Laid<'a>>, position: usize| laid.map_or(&[][..], |laid| laid.own[position]);
        match slot {
            Slot::Whole(position) => self.whole.whole[position],
            Slot::Pool => of(self.pool, 0),
            Slot::Specialisation => of(self.pool, 1),
            Slot::Entry => of(self.entry, 0),
            Slot::Word => self.word,
        }
    }
}

/// Vectors that are used again and again.
#[derive(Default)]
struct Buffers {
    spare: Vec<Vec<f64>>,
    raw: Vec<f64>,
    ranks: Ranks,
    pillar: Vec<f64>,
    sums: Vec<f64>,
    present: Vec<f64>,
    /// Weights that are there, of one pillar.
    there: Vec<f64>,
}

impl Buffers {
    fn empty(&mut self) -> Vec<f64> {
        let mut vector = self.spare.pop().unwrap_or_default();
        vector.clear();
        vector
    }

    fn take_back(&mut self, laid: Laid) {
        self.spare.extend(laid.pillars.into_iter().flatten().filter(|vector| vector.capacity() > 0));
    }
}

fn none<T>(count: usize) -> Vec<Option<T>> {
    (0..count).map(|_| None).collect()
}

impl Model {
    /// Areas for [`Model::scores`].
    #[must_use]
    pub fn areas(&self, parts: Vec<AreaModel>) -> Areas {
        let weighed: BTreeSet<usize> = parts.iter().flat_map(|part| &part.weights).map(|(occupation, _)| *occupation).collect();
        let weighed: Vec<usize> = weighed.into_iter().collect();
        let place = |(occupation, weight): &(usize, f64)| Some((weighed.binary_search(occupation).ok()?, *weight));
        let weights = parts.iter().map(|part| part.weights.iter().filter_map(place).collect()).collect();
        Areas { parts, weighed, weights, number: numbered() }
    }

    /// Scores under `choices` of the markets of each area in turn, each area's in its own order; NaN where a market is not ranked then.
    pub fn scores(&self, choices: &Choices, areas: &Areas, out: &mut [f64]) {
        Shared::with(self, choices, |shared| self.scores_with(shared, choices, areas, out));
    }

    /// Scores of the areas of each of the model's rankings in turn, under the choices for it.
    pub fn scores_of_rankings(&self, areas: &[Areas], choices: impl Fn(usize) -> Choices, out: &mut [f64]) {
        let mut rest = out;
        for (ranking, areas) in areas.iter().enumerate() {
            let units = areas.parts.iter().map(|part| part.markets.len()).sum();
            let (own, after) = rest.split_at_mut(units);
            self.scores(&choices(ranking), areas, own);
            rest = after;
        }
    }

    fn scores_with(&self, shared: &Shared, choices: &Choices, areas: &Areas, out: &mut [f64]) {
        let run = self.run(choices);
        let mut buffers = Buffers { spare: spare(), ..Buffers::default() };
        let [raw, pillar, sums, present, there] = std::array::from_fn(|_| buffers.empty());
        buffers = Buffers { raw, pillar, sums, present, there, ..buffers };
        let mut rows = Rows::new(areas.weighed.len(), self.markets);
        if self.laid.is_empty() {
            self.fill(&run, shared, areas, &mut rows, &mut buffers);
        } else {
            self.fill_at_once(&run, shared, areas, &mut rows, &mut buffers);
        }
        buffers.spare.extend([buffers.raw, buffers.pillar, buffers.sums, buffers.present, buffers.there]);
        give_back(buffers.spare);
        let mut known = shared.classes[choices.ranking].borrow_mut();
        let classes = &*match known.take() {
            Some(classes) if classes.are_of(areas.number, &rows) => known.insert(classes),
            _ => known.insert(rows.classes(areas.number, &areas.weights)),
        };
        let mut means = Vec::new();
        let mut out = out.iter_mut();
        for (area, (part, weights)) in areas.parts.iter().zip(&areas.weights).enumerate() {
            rows.means(weights, area, classes, part.least_weight - 1e-12, &mut means);
            for (market, score) in part.markets.iter().zip(&mut out) {
                *score = means[*market];
            }
        }
    }

    /// Fills the rows occupation by occupation; what they have in common is worked out once.
    fn fill(&self, run: &Run, shared: &Shared, areas: &Areas, rows: &mut Rows, buffers: &mut Buffers) {
        let mut wholes: Vec<Option<Laid>> = none(self.whole_sets.len());
        let mut pools: Vec<Option<Laid>> = none(self.pool_sets.len());
        let mut entries: Vec<Option<Laid>> = none(self.entry_sets.len());
        let mut words: Vec<Option<&[f64]>> = none(self.word_sets.len());
        let mut fits: Vec<Option<Vec<f64>>> = none(self.kinds.len());
        let has_word = self.counted(run, Slot::Word).is_some();
        let floor = usize::from(run.choices.earlier_floor);
        for (row, occupation) in areas.weighed.iter().enumerate() {
            let here = &self.occupations[*occupation].floors[floor];
            let kind = self.kinds[here.kind];
            let (county, set_position) = self.whole_sets[kind.whole];
            let set = &self.sets[set_position];
            if has_word || fits[here.kind].is_none() {
                let whole = &*wholes[kind.whole].get_or_insert_with(|| self.whole_scores(run, shared, county, set_position, buffers));
                let pool = self
                    .pool_sets
                    .get(kind.pool)
                    .map(|(pool, _)| &*pools[kind.pool].get_or_insert_with(|| self.pool_scores(run, shared, kind.pool, *pool, set, buffers)));
                let entry = self.entry_sets.get(kind.entry).map(|(entry, _)| {
                    &*entries[kind.entry]
                        .get_or_insert_with(|| self.entry_scores(run, &shared.scaled.entries[kind.entry], &self.entries[*entry], set, whole, buffers))
                });
                let word: &[f64] =
                    if has_word { words[here.word].get_or_insert_with(|| self.word_scores(run, shared, here.word, set, buffers)) } else { &[] };
                self.fit(run, Own { whole, pool, entry, word }, set.len(), buffers);
                if !has_word {
                    let next = buffers.empty();
                    fits[here.kind] = Some(std::mem::replace(&mut buffers.sums, next));
                }
            }
            let fit = fits[here.kind].as_ref().unwrap_or(&buffers.sums);
            self.fill_row(rows, row, here, set, fit);
        }
        let laid = wholes.into_iter().chain(pools).chain(entries).flatten();
        laid.for_each(|laid| buffers.take_back(laid));
        buffers.spare.extend(fits.into_iter().flatten());
    }

    /// Fills the rows with all occupations in one pass, one after the other in each vector: for models whose occupations have nothing in common, and few
    /// markets each.
    fn fill_at_once(&self, run: &Run, shared: &Shared, areas: &Areas, rows: &mut Rows, buffers: &mut Buffers) {
        if self.occupations.is_empty() {
            return;
        }
        let floor = usize::from(run.choices.earlier_floor);
        let set_of = |occupation: usize| self.whole_sets[self.kinds[self.occupations[occupation].floors[floor].kind].whole];
        let mut of_sets: Vec<Option<Laid>> = none(self.whole_sets.len());
        let mut wholes: Vec<Vec<f64>> = Vec::new();
        for occupation in 0..self.occupations.len() {
            let kind = self.kinds[self.occupations[occupation].floors[floor].kind];
            let (county, set) = set_of(occupation);
            let laid = of_sets[kind.whole].get_or_insert_with(|| self.whole_scores(run, shared, county, set, buffers));
            wholes.resize_with(laid.whole.len(), || buffers.empty());
            for (all, own) in wholes.iter_mut().zip(&laid.whole) {
                all.extend_from_slice(own);
            }
        }
        let raw_of_pool = |slot: Slot| {
            move |occupation: usize, values: &mut Vec<f64>| {
                let pool = &self.pools[occupation];
                let set = &self.sets[set_of(occupation).1];
                let Pools::Counted { pool: persons, specialisation } = &pool.pools else {
                    // Only models of counted pools are made for this; another's are missing rather than another occupation's.
                    values.resize(set.len(), f64::NAN);
                    return;
                };
                // A miscount moves the count and its share alike.
                let column = if slot == Slot::Pool { persons } else { specialisation };
                values.extend(set.iter().map(|market| self.with_error(column, run.choices.error, *market, pool.salt << 4 | 4 << 20)));
            }
        };
        let raw_of_word = |occupation: usize, values: &mut Vec<f64>| {
            let WordModel { word, salt } = &self.words[occupation];
            let set = &self.sets[set_of(occupation).1];
            values.extend(set.iter().map(|market| self.with_error(&word.given, run.choices.error, *market, *salt << 4 | 5 << 20)));
        };
        let own = [
            self.kept(run, Slot::Pool, raw_of_pool(Slot::Pool), buffers),
            self.kept(run, Slot::Specialisation, raw_of_pool(Slot::Specialisation), buffers),
        ];
        let word = self.kept(run, Slot::Word, raw_of_word, buffers);
        let whole = Laid { whole: wholes.iter().map(Vec::as_slice).collect(), ..Laid::default() };
        let pool = Laid { own, ..Laid::default() };
        let starts = &self.laid.starts;
        self.fit(run, Own { whole: &whole, pool: Some(&pool), entry: None, word }, starts[self.occupations.len()], buffers);
        for (row, occupation) in areas.weighed.iter().enumerate() {
            let here = &self.occupations[*occupation].floors[floor];
            self.fill_row(rows, row, here, &self.sets[set_of(*occupation).1], &buffers.sums[starts[*occupation]..starts[occupation + 1]]);
        }
        of_sets.into_iter().flatten().for_each(|laid| buffers.take_back(laid));
        buffers.spare.extend(wholes.into_iter().filter(|vector| vector.capacity() > 0));
    }

    /// An occupation's fits over its ranked set, and the markets that it is closed for.
    fn fill_row(&self, rows: &mut Rows, row: usize, here: &Floor, set: &[usize], fits: &[f64]) {
        let (scores, present) = rows.row(row);
        for market in &here.closed {
            (scores[*market], present[*market]) = (self.closed_score, true);
        }
        for (market, fit) in set.iter().zip(fits).filter(|(_, fit)| !fit.is_nan()) {
            (scores[*market], present[*market]) = (*fit, true);
        }
    }

    fn run<'a>(&'a self, choices: &'a Choices) -> Run<'a> {
        let employment = &self.employment;
        let weighting = self.weighting(choices);
        let drawn = choices.error.and_then(|draw| employment.draws.get(draw));
        let (shares, employed) = drawn.map_or((&employment.shares, &employment.employed), |(shares, employed)| (shares, employed));
        let mut inside = weighting.indicators.clone();
        if let Some(dropped) = choices.dropped {
            inside[dropped] = 0.0;
        }
        let depends = std::array::from_fn(|pillar| {
            let counted = self.indicators.iter().zip(&inside).filter(|(indicator, weight)| indicator.pillar == pillar && **weight > 0.0);
            let sources: Vec<Slot> = counted.map(|(indicator, _)| indicator.source).collect();
            let only = |wanted: fn(&Slot) -> bool| sources.iter().all(wanted);
            if only(|slot| matches!(slot, Slot::Whole(_))) {
                Dependence::Whole
            } else if only(|slot| matches!(slot, Slot::Pool | Slot::Specialisation)) {
                Dependence::Pool
            } else if only(|slot| matches!(slot, Slot::Entry | Slot::Whole(_))) {
                Dependence::Entry
            } else {
                Dependence::Occupation
            }
        });
        Run {
            choices,
            scale: self.scales[choices.scale],
            inside,
            weights: choices.weights.map_or(weighting.pillars.as_slice(), |draw| &weighting.draws[draw]),
            shares,
            employed,
            home: &employment.home,
            depends,
        }
    }

    /// The indicator in `slot`, if the run counts it.
    fn counted(&self, run: &Run, slot: Slot) -> Option<&IndicatorModel> {
        let found = self.indicators.iter().zip(&run.inside).find(|(indicator, weight)| indicator.source == slot && **weight > 0.0);
        found.map(|(indicator, _)| indicator)
    }

    /// What `raw` gives for each occupation's indicator in `slot`, laid on the run's scale, one occupation after the other, unless an earlier run of the same
    /// draw of errors and the same scale has laid it; empty where the run does not count it.
    fn kept(&self, run: &Run, slot: Slot, raw: impl Fn(usize, &mut Vec<f64>), buffers: &mut Buffers) -> &[f64] {
        let (Some(indicator), Some(place)) = (self.counted(run, slot), self.laid.place(run.choices, slot)) else { return &[] };
        place.get_or_init(|| {
            let mut all = Vec::with_capacity(self.laid.starts[self.occupations.len()]);
            let mut scores = buffers.empty();
            let Buffers { raw: values, ranks, spare, .. } = buffers;
            for occupation in 0..self.occupations.len() {
                values.clear();
                raw(occupation, values);
                self.lay(run.scale, indicator, values, &mut scores, ranks);
                all.extend_from_slice(&scores);
            }
            spare.push(scores);
            all
        })
    }

    /// What `raw` gives for the indicator in `slot`, laid on the run's scale, unless an earlier run of the same errors and scale has laid it in `place`; empty
    /// where the run does not count it.
    fn shared<'s>(&self, run: &Run, slot: Slot, place: &'s OnceCell<Vec<f64>>, raw: impl FnOnce(&mut Vec<f64>), buffers: &mut Buffers) -> &'s [f64] {
        let Some(indicator) = self.counted(run, slot) else { return &[] };
        place.get_or_init(|| {
            let mut scores = buffers.empty();
            let Buffers { raw: values, ranks, .. } = buffers;
            values.clear();
            raw(values);
            self.lay(run.scale, indicator, values, &mut scores, ranks);
            scores
        })
    }

    /// Figures of whole markets are on the same scale for every occupation with the same ranked set, and most of them for every county.
    fn whole_scores<'s>(&self, run: &Run, shared: &'s Shared, county: usize, set_position: usize, buffers: &mut Buffers) -> Laid<'s> {
        let set = &self.sets[set_position];
        let scores = self.counties[county].iter().enumerate().map(|(position, column)| {
            let whole = shared.columns[*column].get_or_init(|| {
                let (place, column) = &self.columns[*column];
                let mut values = buffers.empty();
                values.extend((0..self.markets).map(|market| self.with_error(column, run.choices.error, market, 1 << 20 | *place as u64)));
                values
            });
            let raw = |values: &mut Vec<f64>| values.extend(set.iter().map(|market| whole[*market]));
            self.shared(run, Slot::Whole(position), &shared.scaled.wholes[column * self.sets.len() + set_position], raw, buffers)
        });
        let mut laid = Laid { whole: scores.collect(), ..Laid::default() };
        let mut ready = [const { None }; 4];
        for (pillar, ready) in ready.iter_mut().enumerate().filter(|(pillar, _)| run.depends[*pillar] == Dependence::Whole) {
            let mut out = buffers.empty();
            self.pillar(run, pillar, Own { whole: &laid, pool: None, entry: None, word: &[] }, set.len(), &mut out, &mut buffers.there);
            *ready = Some(out);
        }
        laid.pillars = ready;
        laid
    }

    /// Raw values of a pool of ISCO groups over all markets: `ln(1 + persons)`, and `ln` of the share against that at home.
    fn pool_of_groups(&self, run: &Run, pool: &PoolModel, groups: &[usize], weights: &[f64], out: [Vec<f64>; 2]) -> [Vec<f64>; 2] {
        let [mut persons, mut ratio] = out;
        let sum = |shares: &[f64]| {
            let published = groups.iter().zip(weights).filter(|(group, _)| !shares[**group].is_nan());
            published.map(|(group, weight)| weight * shares[*group]).sum::<f64>()
        };
        let home = sum(run.home);
        let home = home * pool.share.as_ref().map_or(1.0, |(_, home)| home.exp());
        for market in 0..self.markets {
            let share = sum(&run.shares[market * self.employment.groups..]);
            // No sex is more than the whole pool, whatever the error.
            let of_sex = pool
                .share
                .as_ref()
                .map_or(1.0, |(column, _)| self.with_error(column, run.choices.error, market, pool.salt << 4 | 6 << 20).min(0.0).exp());
            let share = share * of_sex;
            persons.push(1.0 + share * run.employed[market]);
            ratio.push(if home > 0.0 { (share / home).max(self.employment.least_ratio) } else { f64::NAN });
        }
        logarithms(&mut persons);
        logarithms(&mut ratio);
        [persons, ratio]
    }

    fn pool_scores<'m>(&'m self, run: &Run, shared: &'m Shared, pool_set: usize, position: usize, set: &[usize], buffers: &mut Buffers) -> Laid<'m> {
        const SLOTS: [Slot; 2] = [Slot::Pool, Slot::Specialisation];
        let pool = &self.pools[position];
        let own = match &pool.pools {
            Pools::Groups { groups, weights } => {
                // An occupation that maps to a single group has no other weights.
                let (raw, places) = if weights.len() == 1 {
                    (&shared.pools[position], &shared.scaled.pools[pool_set])
                } else {
                    (&shared.crossed.pools[position], &shared.crossed.scaled.pools[pool_set])
                };
                // Set 0 holds the given weights.
                let drawn = run.choices.crosswalk.map_or(0, |draw| draw + 1);
                let raw = raw.get_or_init(|| {
                    let out = [buffers.empty(), buffers.empty()];
                    self.pool_of_groups(run, pool, groups, weights.get(drawn).unwrap_or(&weights[0]), out)
                });
                std::array::from_fn(|slot| {
                    let values = |values: &mut Vec<f64>| values.extend(set.iter().map(|market| raw[slot][*market]));
                    self.shared(run, SLOTS[slot], &places[slot], values, buffers)
                })
            }
            // A miscount moves the count and its share alike.
            Pools::Counted { pool: counted, specialisation } => {
                [(Slot::Pool, counted), (Slot::Specialisation, specialisation)].map(|(slot, column)| {
                    let raw = |values: &mut Vec<f64>| {
                        values.extend(set.iter().map(|market| self.with_error(column, run.choices.error, *market, pool.salt << 4 | 4 << 20)));
                    };
                    self.shared(run, slot, &shared.scaled.pools[pool_set][usize::from(slot == Slot::Specialisation)], raw, buffers)
                })
            }
        };
        let mut laid = Laid { own, ..Laid::default() };
        laid.pillars =
            self.ready(run, Dependence::Pool, Own { whole: &Laid::default(), pool: Some(&laid), entry: None, word: &[] }, set.len(), buffers);
        laid
    }

    fn entry_scores<'s>(
        &self,
        run: &Run,
        place: &'s OnceCell<Vec<f64>>,
        points: &[f64],
        set: &[usize],
        whole: &Laid,
        buffers: &mut Buffers,
    ) -> Laid<'s> {
        let raw = |values: &mut Vec<f64>| values.extend(set.iter().map(|market| points[*market]));
        let own = [self.shared(run, Slot::Entry, place, raw, buffers), &[]];
        let mut laid = Laid { own, ..Laid::default() };
        laid.pillars = self.ready(run, Dependence::Entry, Own { whole, pool: None, entry: Some(&laid), word: &[] }, set.len(), buffers);
        laid
    }

    fn word_scores<'m>(&'m self, run: &Run, shared: &'m Shared, word_set: usize, set: &[usize], buffers: &mut Buffers) -> &'m [f64] {
        let position = self.word_sets[word_set].0;
        let WordModel { word, salt } = &self.words[position];
        let drawn = run.choices.crosswalk.and_then(|draw| word.draws.get(draw));
        let raw = |values: &mut Vec<f64>| {
            for market in set {
                let value = self.with_error(&word.given, run.choices.error, *market, *salt << 4 | 5 << 20);
                values.push(value + drawn.map_or(0.0, |drawn| drawn[*market] - word.given.raw[*market]));
            }
        };
        let place = if word.draws.is_empty() { &shared.scaled.words[word_set] } else { &shared.crossed.scaled.words[word_set] };
        self.shared(run, Slot::Word, place, raw, buffers)
    }

    /// The pillars that depend on `dependence`.
    fn ready(&self, run: &Run, dependence: Dependence, own: Own, count: usize, buffers: &mut Buffers) -> [Option<Vec<f64>>; 4] {
        std::array::from_fn(|pillar| {
            (run.depends[pillar] == dependence).then(|| {
                let mut out = buffers.empty();
                self.pillar(run, pillar, own, count, &mut out, &mut buffers.there);
                out
            })
        })
    }

    /// A pillar's scores over a set: the weighted mean of what is there, NaN where nothing is; its logarithm under a geometric mean.
    fn pillar(&self, run: &Run, pillar: usize, own: Own, count: usize, out: &mut Vec<f64>, there: &mut Vec<f64>) {
        out.clear();
        let counted = self.indicators.iter().zip(&run.inside).filter(|(indicator, weight)| indicator.pillar == pillar && **weight > 0.0);
        let inner = counted.map(|(indicator, weight)| (own.scores(indicator.source), *weight));
        // The common case in one pass; else one indicator after the other, so that many markets are added at a time.
        let mut begun = inner.clone();
        if let (Some((first, first_weight)), Some((second, second_weight)), None) = (begun.next(), begun.next(), begun.next()) {
            for (one, two) in first.iter().zip(second) {
                let (has_one, has_two) = (!one.is_nan(), !two.is_nan());
                let sum = if has_one { first_weight * one } else { 0.0 } + if has_two { second_weight * two } else { 0.0 };
                let present = if has_one { first_weight } else { 0.0 } + if has_two { second_weight } else { 0.0 };
                out.push(if present > 0.0 { sum / present } else { f64::NAN });
            }
        } else {
            out.resize(count, 0.0);
            there.clear();
            there.resize(count, 0.0);
            for (scores, weight) in inner {
                for ((sum, present), score) in out.iter_mut().zip(there.iter_mut()).zip(scores) {
                    let is_there = !score.is_nan();
                    *sum += if is_there { weight * score } else { 0.0 };
                    *present += if is_there { weight } else { 0.0 };
                }
            }
            for (sum, present) in out.iter_mut().zip(there.iter()) {
                *sum = if *present > 0.0 { *sum / present } else { f64::NAN };
            }
        }
        if !run.choices.arithmetic {
            logarithms(out);
        }
    }

    /// Fit of every market in the set, into `buffers.sums`; NaN where no pillar is there.
    fn fit(&self, run: &Run, own: Own, count: usize, buffers: &mut Buffers) {
        let mut made = std::mem::take(&mut buffers.pillar);
        buffers.sums.clear();
        buffers.sums.resize(count, 0.0);
        buffers.present.clear();
        buffers.present.resize(count, 0.0);
        for (pillar, weight) in run.weights.iter().enumerate().filter(|(_, weight)| **weight > 0.0) {
            let ready = match run.depends[pillar] {
                Dependence::Whole => own.whole.pillars[pillar].as_ref(),
                Dependence::Pool => own.pool.and_then(|pool| pool.pillars[pillar].as_ref()),
                Dependence::Entry => own.entry.and_then(|entry| entry.pillars[pillar].as_ref()),
                Dependence::Occupation => None,
            };
            let scores = if let Some(ready) = ready {
                ready
            } else {
                self.pillar(run, pillar, own, count, &mut made, &mut buffers.there);
                &made
            };
            for ((sum, present), score) in buffers.sums.iter_mut().zip(&mut buffers.present).zip(scores) {
                let there = f64::from(u8::from(!score.is_nan()));
                *sum += weight * if score.is_nan() { 0.0 } else { *score };
                *present += weight * there;
            }
        }
        for (sum, present) in buffers.sums.iter_mut().zip(&buffers.present) {
            *sum = if *present > 0.0 { *sum / present } else { f64::NAN };
        }
        if !run.choices.arithmetic {
            exponentials(&mut buffers.sums);
        }
        buffers.pillar = made;
    }
}
