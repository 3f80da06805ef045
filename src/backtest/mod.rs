//! Does the ranking predict? Rankings as of earlier years against what followed, beside simple baselines (method, section 10).
//!
//! Tests: (a) all occupations together against first-time work permits by citizenship, third countries; (b) against the change of the number of persons born
//! in a country and living in Sweden, all countries; (c) occupation group by occupation group against permits 2018–2020; (d) the same on new markets only.

pub mod as_of;
pub mod gravity;
pub mod measure;
pub mod proposal;

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use crate::code::{Country, Sex, Ssyk};
use crate::config::{Config, Weighting};
use crate::crosswalk::Link;
use crate::demand::exact;
use crate::figures::{Figures, Series};
use as_of::{Entry, Scores};
pub use as_of::{Leak, World};
use measure::{Interval, Judged, Measure, Row, hits10, judge, ndcg10};

/// What a ranker is held against, in this order; the first two are the simple ones that decide the label.
pub const BASELINES: [&str; 5] = ["population", "pool", "born_in_sweden", "history", "gravity"];

/// Resamples that an interval takes: the 2.5th and the 97.5th percentile of fewer lie at its outermost draws, or are none.
pub const LEAST_DRAWS: usize = 20;

/// The intervals would be made of too few resamples.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{draws} resamples are too few for an interval from the 2.5th to the 97.5th percentile\nhint: give at least {LEAST_DRAWS}; the method comes with 1000"
)]
pub struct TooFewDraws {
    /// How many were asked for.
    pub draws: usize,
}

/// Whether the intervals of the method, or of whoever overrides it, have resamples enough.
///
/// # Errors
/// They are fewer than [`LEAST_DRAWS`].
pub fn check_draws(draws: usize) -> Result<(), TooFewDraws> {
    if draws < LEAST_DRAWS { Err(TooFewDraws { draws }) } else { Ok(()) }
}

/// How far a result supports a ranking.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Label {
    /// Better than chance, and than the best of population and pool, also at the intervals' lower ends.
    Support,
    /// Better than chance at the interval's lower end, but not than the best of population and pool.
    WeakSupport,
    /// Neither.
    NoSupport,
}

impl Label {
    /// The word in the tables.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Support => "stöd",
            Self::WeakSupport => "svagt stöd",
            Self::NoSupport => "inget stöd",
        }
    }

    fn of(judged: &Judged, measure: Measure) -> Option<Self> {
        let chance = if measure == Measure::Spearman { 0.0 } else { 0.5 };
        // Beating a simple order that is itself worse than chance is no support.
        if judged.value?.low <= chance {
            return Some(Self::NoSupport);
        }
        Some(if judged.above_simple.is_some_and(|above| above.low > 0.0) { Self::Support } else { Self::WeakSupport })
    }
}

/// Which test.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Test {
    /// (a) all occupations, third countries, permits by citizenship.
    National,
    /// (b) all countries, change of the number born there and living in Sweden.
    Stock,
    /// (c) by occupation group, permits 2018–2020.
    Benchmark,
    /// (d) new markets of (a).
    NewMarkets,
    /// (d) new pairs of occupation and country of (c).
    NewPairs,
}

impl Test {
    /// The letter of the method.
    #[must_use]
    pub fn letter(self) -> &'static str {
        match self {
            Self::National => "a",
            Self::Stock => "b",
            Self::Benchmark => "c",
            Self::NewMarkets | Self::NewPairs => "d",
        }
    }

    /// The word in the tables.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::National => "national",
            Self::Stock => "stock",
            Self::Benchmark => "benchmark",
            Self::NewMarkets => "new_markets",
            Self::NewPairs => "new_pairs",
        }
    }
}

/// A ranker in a test.
#[derive(Clone, Debug, PartialEq)]
pub struct RankerResult {
    /// Name of a weighting, a baseline, or `indicator:` and an indicator.
    pub ranker: String,
    /// The measure with its interval, and the paired differences.
    pub judged: Judged,
    /// NDCG of the first ten; over occupations the mean.
    pub ndcg10: Option<f64>,
    /// Hits among the first ten; over occupations the mean.
    pub hits10: Option<f64>,
    /// The label; not of the simple baselines themselves, nor of indicators, nor where there are too few countries, or resamples for an interval.
    pub label: Option<Label>,
}

/// One test of one year.
#[derive(Clone, Debug, PartialEq)]
pub struct TestResult {
    /// The test.
    pub test: Test,
    /// Which markets: `third`, `all`, `free_movement`, `unlisted`, `listed`; with `estimated` pools too.
    pub scope: &'static str,
    /// Which sex the outcome is of.
    pub sex: Sex,
    /// Year of the ranking.
    pub as_of: i32,
    /// Years that followed.
    pub outcome: Vec<i32>,
    /// What is measured.
    pub measure: Measure,
    /// Countries.
    pub countries: usize,
    /// Occupation groups; 1 where all are taken together.
    pub groups: usize,
    /// Pairs, or countries, with an outcome above 0.
    pub positives: usize,
    /// The rankers.
    pub rankers: Vec<RankerResult>,
    /// Baselines that the differences are to, by name.
    pub baselines: Vec<&'static str>,
    /// Of the tests of all occupations together: each country's outcome and every ranker's value, for the chart.
    pub points: Vec<(Country, f64, Vec<f64>)>,
}

impl TestResult {
    /// The result of a ranker.
    #[must_use]
    pub fn ranker(&self, name: &str) -> Option<&RankerResult> {
        self.rankers.iter().find(|row| row.ranker == name)
    }

    /// The difference of a ranker to a baseline.
    #[must_use]
    pub fn difference(&self, ranker: &str, baseline: &str) -> Option<Interval> {
        let position = self.baselines.iter().position(|name| *name == baseline)?;
        self.ranker(ranker)?.judged.differences[position]
    }
}

/// The whole back-test.
#[derive(Clone, Debug, PartialEq)]
pub struct BackTest {
    /// Every test.
    pub tests: Vec<TestResult>,
    /// Figures that are later than the ranking they are used in.
    pub leaks: Vec<Leak>,
}

impl BackTest {
    /// The newest result of a test and scope, of both sexes.
    #[must_use]
    pub fn newest(&self, test: Test, scope: &str) -> Option<&TestResult> {
        self.tests.iter().filter(|row| row.test == test && row.scope == scope && row.sex == Sex::Total).max_by_key(|row| row.as_of)
    }
}

/// What the tests share: the worlds as of each year and every weighting's fits in them.
pub(crate) struct Bench<'a> {
    figures: &'a Figures,
    config: &'a Config,
    weightings: Vec<(String, &'a Weighting)>,
    years: BTreeMap<i32, (World, Vec<Scores>)>,
    leaks: Vec<Leak>,
}

/// A column of values by country, under a ranker's name.
type Named = (String, Vec<f64>);

impl<'a> Bench<'a> {
    fn new(
        figures: &'a Figures,
        config: &'a Config,
        links: &BTreeMap<Ssyk, Link>,
        extra: Option<(&str, &'a Weighting)>,
        years: &BTreeSet<i32>,
    ) -> Self {
        let named = config.method.weightings.iter().map(|(name, weighting)| (name.clone(), weighting));
        let weightings: Vec<(String, &Weighting)> = named.chain(extra.map(|(name, weighting)| (name.to_owned(), weighting))).collect();
        let made: Vec<(i32, World, Vec<Leak>, Vec<Scores>)> = years
            .par_iter()
            .map(|year| {
                let (world, leaks) = World::new(figures, config, links, *year);
                let fits = weightings.iter().map(|(_, weighting)| world.fits(config, weighting)).collect();
                (*year, world, leaks, fits)
            })
            .collect();
        let mut leaks = Vec::new();
        let mut by_year = BTreeMap::new();
        for (year, world, found, fits) in made {
            leaks.extend(found);
            by_year.insert(year, (world, fits));
        }
        Self { figures, config, weightings, years: by_year, leaks }
    }

    /// Published years of permits from `first` to `last`, if enough of them are.
    fn window(&self, first: i32, last: i32) -> Option<Vec<i32>> {
        let years: Vec<i32> = self.figures.permit_years().range(first..=last).copied().collect();
        (years.len() >= self.config.method.backtest.least_window_years).then_some(years)
    }

    /// First-time permits of each country of `world` over `years`; a country that a published year does not name got none.
    fn permits(&self, world: &World, years: &[i32]) -> Vec<f64> {
        world.countries.iter().map(|country| summed(self.figures.permits.get(country), years)).collect()
    }

    /// The same by occupation group.
    fn group_permits(&self, world: &World, years: &[i32]) -> Scores {
        let by_group = |group: &as_of::Group| {
            world.countries.iter().map(|country| summed(self.figures.permits_by_group.get(&(group.code, *country)), years)).collect()
        };
        world.groups.iter().map(by_group).collect()
    }

    /// The weightings' orders of all occupations together.
    fn area_free(&self, year: i32) -> Vec<Named> {
        let (world, fits) = &self.years[&year];
        let least = self.config.method.area.least_weight;
        self.weightings.iter().zip(fits).map(|((name, _), fits)| (name.clone(), world.area_free(fits, least))).collect()
    }

    /// A gravity model fitted on an earlier world and what followed it, as values of the later one. Columns are by country.
    fn gravity(
        &self,
        before: i32,
        followed: &[f64],
        pool_before: &[f64],
        now: i32,
        pool_now: &[f64],
        kept: impl Fn(&World, usize) -> bool,
    ) -> Option<Vec<f64>> {
        let (past, _) = self.years.get(&before)?;
        let (world, _) = &self.years[&now];
        let mut rows = Vec::new();
        let mut outcome = Vec::new();
        for (country, count) in followed.iter().enumerate().filter(|(country, _)| kept(past, *country)) {
            let features = features(past, pool_before, country);
            if features.iter().all(|value| value.is_finite()) && count.is_finite() {
                rows.push(features);
                outcome.push(count.max(0.0).ln_1p());
            }
        }
        let line = gravity::fitted(&rows, &outcome)?;
        Some((0..world.countries.len()).map(|country| gravity::predicted(&line, &features(world, pool_now, country))).collect())
    }
}

fn features(world: &World, pools: &[f64], country: usize) -> Vec<f64> {
    vec![pools[country].ln_1p(), world.born[country].ln_1p(), world.distance[country].ln(), world.income_gap[country], world.visa_free[country]]
}

fn summed(series: Option<&Series<i64>>, years: &[i32]) -> f64 {
    exact(years.iter().filter_map(|year| series?.at(*year)).sum())
}

/// A test's markets and rankers before they are judged.
struct Setup<'a> {
    test: Test,
    scope: &'static str,
    sex: Sex,
    world: &'a World,
    outcome_years: Vec<i32>,
    measure: Measure,
    /// Every ranker's values by country, for each group (one where all are taken together), and the outcome.
    groups: Vec<(Vec<Named>, Vec<f64>)>,
    /// Whether a country is in a group's row, by group and country.
    kept: Vec<Vec<bool>>,
}

/// The rows of a set-up: only countries that every ranker and the outcome have a value for. Numbers of the markets are made dense.
fn rows_of(setup: &Setup) -> (Vec<Row>, Vec<usize>) {
    let mut numbers: BTreeMap<usize, usize> = BTreeMap::new();
    let mut rows = Vec::new();
    for (group, (rankers, outcome)) in setup.groups.iter().enumerate() {
        let there: Vec<usize> = (0..setup.world.countries.len())
            .filter(|country| setup.kept[group][*country])
            .filter(|country| outcome[*country].is_finite() && rankers.iter().all(|(_, values)| values[*country].is_finite()))
            .collect();
        for country in &there {
            let next = numbers.len();
            numbers.entry(*country).or_insert(next);
        }
        rows.push(Row {
            markets: there.clone(),
            outcome: there.iter().map(|country| outcome[*country]).collect(),
            rankers: rankers.iter().map(|(_, values)| there.iter().map(|country| values[*country]).collect()).collect(),
        });
    }
    // Dense numbers in the countries' own order, so that a resample does not depend on which group named a country first.
    let countries: Vec<usize> = numbers.into_keys().collect();
    for row in &mut rows {
        for market in &mut row.markets {
            *market = countries.binary_search(market).unwrap_or(0);
        }
    }
    (rows, countries)
}

fn mean(values: impl Iterator<Item = Option<f64>>) -> Option<f64> {
    let (sum, count) = values.flatten().fold((0.0, 0.0), |(sum, count), value| (sum + value, count + 1.0));
    (count > 0.0).then(|| sum / count)
}

fn judged(setup: &Setup, config: &Config) -> Option<TestResult> {
    let (mut rows, countries) = rows_of(setup);
    rows.retain(|row| !row.markets.is_empty());
    if countries.len() < 3 {
        return None;
    }
    let names: Vec<&str> = setup.groups.first()?.0.iter().map(|(name, _)| name.as_str()).collect();
    let baselines: Vec<&'static str> = BASELINES.into_iter().filter(|name| names.contains(name)).collect();
    let positions: Vec<usize> = baselines.iter().filter_map(|name| names.iter().position(|known| known == name)).collect();
    let method = &config.method.backtest;
    let results = judge(&rows, countries.len(), &positions, setup.measure, method.draws, method.seed);
    let rankers = names.iter().zip(results).enumerate().map(|(position, (name, judged))| {
        let enough = countries.len() >= method.least_countries && method.draws >= LEAST_DRAWS;
        let labelled = enough && !BASELINES[..2].contains(name) && !name.starts_with(INDICATOR);
        RankerResult {
            ranker: (*name).to_owned(),
            ndcg10: mean(rows.iter().map(|row| ndcg10(&row.rankers[position], &row.outcome))),
            hits10: mean(rows.iter().map(|row| hits10(&row.rankers[position], &row.outcome))),
            label: Label::of(&judged, setup.measure).filter(|_| labelled),
            judged,
        }
    });
    let rankers = rankers.collect();
    let points = match rows.as_slice() {
        [only] => only
            .markets
            .iter()
            .enumerate()
            .map(|(place, market)| {
                let values = only.rankers.iter().map(|values| values[place]).collect();
                (setup.world.countries[countries[*market]], only.outcome[place], values)
            })
            .collect(),
        _ => Vec::new(),
    };
    Some(TestResult {
        test: setup.test,
        scope: setup.scope,
        sex: setup.sex,
        as_of: setup.world.year,
        outcome: setup.outcome_years.clone(),
        measure: setup.measure,
        countries: countries.len(),
        groups: rows.len(),
        positives: rows.iter().flat_map(|row| &row.outcome).filter(|outcome| **outcome > 0.0).count(),
        rankers,
        baselines,
        points,
    })
}

/// Third countries that publish shares of occupations.
pub const PUBLISHED: &str = "third";
/// All third countries, with estimated pools; only weightings that take those.
pub const ESTIMATED: &str = "third, estimated";

/// Prefix of an indicator as a ranker of its own.
pub const INDICATOR: &str = "indicator:";

/// The indicators that are tried alone, so that a wrong sign is seen.
const ALONE: [&str; 8] = ["specialisation", "unemployment", "median_age", "diaspora_sweden", "recent", "income_gap", "entry", "distance"];

impl Bench<'_> {
    /// Rankers of a year for one column of pools: the weightings' values, then the baselines.
    fn rankers(&self, year: i32, weightings: Vec<Named>, pools: &[f64], history: Option<Vec<f64>>, gravity: Option<Vec<f64>>) -> Vec<Named> {
        let (world, _) = &self.years[&year];
        let simple = [("population", world.population.clone()), ("pool", pools.to_vec()), ("born_in_sweden", world.born.clone())];
        let more = [("history", history), ("gravity", gravity)].into_iter().filter_map(|(name, values)| Some((name, values?)));
        weightings.into_iter().chain(simple.into_iter().chain(more).map(|(name, values)| (name.to_owned(), values))).collect()
    }

    /// Test (a) of year `t`, and (d) on its new markets.
    fn national(&self, t: i32) -> Vec<TestResult> {
        self.national_setups(t).iter().filter_map(|setup| judged(setup, self.config)).collect()
    }

    /// Test (d) of year `t`, with published pools.
    fn new_markets(&self, t: i32) -> Vec<Setup<'_>> {
        self.national_setups(t).into_iter().filter(|setup| setup.test == Test::NewMarkets && setup.scope == PUBLISHED).collect()
    }

    fn national_setups(&self, t: i32) -> Vec<Setup<'_>> {
        let year = t - 4;
        let (Some((world, _)), Some(years)) = (self.years.get(&year), self.window(t - 3, t - 1)) else { return Vec::new() };
        let outcome = self.permits(world, &years);
        let history = self.window(t - 6, t - 4).map(|years| self.permits(world, &years));
        let gravity = self.window(t - 6, t - 4).and_then(|years| {
            let (past, _) = self.years.get(&(year - 3))?;
            let followed = self.permits(past, &years);
            self.gravity(year - 3, &followed, &past.employed, year, &world.employed, |world, country| world.entry[country] == Entry::Third)
        });
        let third = |country: usize| world.entry[country] == Entry::Third;
        let rankers = self.rankers(year, self.area_free(year), &world.employed, history.clone(), gravity);
        let estimating = |(name, _): &&Named| self.weightings.iter().all(|(known, weighting)| known != name || weighting.estimated_pools);
        let with_estimated: Vec<Named> = rankers.iter().filter(estimating).cloned().collect();
        let countries = 0..world.countries.len();
        let setup = |test, scope, rankers: Vec<Named>, kept: Vec<bool>| Setup {
            test,
            scope,
            sex: Sex::Total,
            world,
            outcome_years: years.clone(),
            measure: Measure::Spearman,
            groups: vec![(rankers, outcome.clone())],
            kept: vec![kept],
        };
        let published = |country: usize| third(country) && world.published[country];
        let mut setups = vec![
            setup(Test::National, PUBLISHED, rankers.clone(), countries.clone().map(published).collect()),
            setup(Test::National, ESTIMATED, with_estimated.clone(), countries.clone().map(third).collect()),
        ];
        if let Some(history) = history {
            let mut known: Vec<f64> = (0..history.len()).filter(|country| third(*country)).map(|country| history[country]).collect();
            known.sort_by(f64::total_cmp);
            let Some(last) = known.len().checked_sub(1) else { return setups };
            let median = f64::midpoint(known[last / 2], known[known.len() / 2]);
            let new = |country: usize| history[country] < median;
            setups.push(setup(Test::NewMarkets, PUBLISHED, rankers, countries.clone().map(|country| published(country) && new(country)).collect()));
            setups.push(setup(Test::NewMarkets, ESTIMATED, with_estimated, countries.map(|country| third(country) && new(country)).collect()));
        }
        setups
    }

    /// Test (b): the change between two years that the stock is published for.
    fn stock(&self, first: i32, last: i32) -> Vec<TestResult> {
        let year = last - 5;
        let Some((world, _)) = self.years.get(&year) else { return Vec::new() };
        let change = |world: &World, from: i32, to: i32, sex: Sex| -> Vec<f64> {
            let count = |country: &Country, period: i32| {
                let persons = self.figures.born_in_sweden.get(country)?.at(period)?;
                Some(exact(match sex {
                    Sex::Women => persons.women,
                    Sex::Men => persons.men,
                    Sex::Total => persons.total(),
                }))
            };
            world.countries.iter().map(|country| count(country, to).zip(count(country, from)).map_or(f64::NAN, |(to, from)| to - from)).collect()
        };
        let periods: BTreeSet<i32> = self.figures.born_in_sweden.values().flat_map(Series::periods).collect();
        let before = periods.range(..=year).next_back().copied().zip(periods.range(..=year).nth_back(1).copied());
        let history = before.map(|(last, first)| change(world, first, last, Sex::Total));
        let gravity = periods.range(..first).next_back().and_then(|earlier| {
            let year_before = first - 5;
            let (past, _) = self.years.get(&year_before)?;
            let followed = change(past, *earlier, first, Sex::Total);
            self.gravity(year_before, &followed, &past.employed, year, &world.employed, |_, _| true)
        });
        let rankers = self.rankers(year, self.area_free(year), &world.employed, history, gravity);
        let listed = |country: usize| self.config.not_recruited.contains_key(&world.countries[country]);
        let free = |country: usize| world.entry[country] != Entry::Third;
        let all = || 0..world.countries.len();
        let scopes: Vec<(&'static str, Sex, Vec<bool>)> = vec![
            ("all", Sex::Total, all().map(|_| true).collect()),
            ("all", Sex::Women, all().map(|_| true).collect()),
            ("all", Sex::Men, all().map(|_| true).collect()),
            ("unlisted", Sex::Total, all().map(|country| !listed(country)).collect()),
            ("listed", Sex::Total, all().map(listed).collect()),
            ("free_movement", Sex::Total, all().map(free).collect()),
            (PUBLISHED, Sex::Total, all().map(|country| !free(country) && !listed(country)).collect()),
        ];
        let setups: Vec<Setup> = scopes
            .into_iter()
            .map(|(scope, sex, kept)| Setup {
                test: Test::Stock,
                scope,
                sex,
                world,
                outcome_years: vec![first, last],
                measure: Measure::Spearman,
                groups: vec![(rankers.clone(), change(world, first, last, sex))],
                kept: vec![kept],
            })
            .collect();
        setups.iter().filter_map(|setup| judged(setup, self.config)).collect()
    }

    /// The set-ups of test (c) for permits of `outcome_years` with a ranking as of `year`, and of (d) on pairs without a permit in `history_years`.
    pub(crate) fn benchmark_setups(&self, year: i32, outcome_years: &[i32], history_years: Option<&[i32]>, alone: bool) -> Vec<SetupParts<'_>> {
        let Some((world, fits)) = self.years.get(&year) else { return Vec::new() };
        let outcome = self.group_permits(world, outcome_years);
        let history = history_years.map(|years| self.group_permits(world, years));
        let before = history_years.and_then(|years| {
            let (past, _) = self.years.get(&(year - 3))?;
            Some((past, self.group_permits(past, years)))
        });
        let third = |world: &World, country: usize| world.entry[country] == Entry::Third;
        let chosen: Vec<usize> = (0..world.groups.len())
            .filter(|group| {
                let all: f64 = self
                    .figures
                    .permits_by_group
                    .iter()
                    .filter(|((code, _), _)| *code == world.groups[*group].code)
                    .map(|(_, series)| summed(Some(series), outcome_years))
                    .sum();
                all >= self.config.method.backtest.least_permits as f64
            })
            .collect();
        // One line for all pairs: the same features mean the same whatever the occupation, and the order within it is what is judged.
        let line = before.as_ref().and_then(|(past, followed)| {
            let (mut rows, mut counts) = (Vec::new(), Vec::new());
            for group in &chosen {
                let Some(place) = past.groups.iter().position(|known| known.code == world.groups[*group].code) else { continue };
                for country in (0..past.countries.len()).filter(|country| third(past, *country) && past.published[*country]) {
                    let features = features(past, &past.pools[place], country);
                    if features.iter().all(|value| value.is_finite()) {
                        rows.push(features);
                        counts.push(followed[place][country].ln_1p());
                    }
                }
            }
            gravity::fitted(&rows, &counts)
        });
        let alone: Vec<(&str, Scores)> = if alone { ALONE.iter().filter_map(|name| Some((*name, world.raw(name)?))).collect() } else { Vec::new() };
        let columns = |group: usize, estimated: bool| {
            let own = self.weightings.iter().zip(fits).filter(|((_, weighting), _)| !estimated || weighting.estimated_pools);
            let weightings = own.map(|((name, _), fits)| (name.clone(), fits[group].clone())).collect();
            let pools = &world.pools[group];
            let gravity = line
                .as_ref()
                .map(|line| (0..world.countries.len()).map(|country| gravity::predicted(line, &features(world, pools, country))).collect());
            let mut rankers = self.rankers(year, weightings, pools, history.as_ref().map(|history| history[group].clone()), gravity);
            for (name, scores) in &alone {
                let reverse = self.config.method.goalposts.get(*name).is_some_and(|goalpost| goalpost.reverse);
                let signed = scores[group].iter().map(|value| if reverse { -value } else { *value }).collect();
                rankers.push((format!("{INDICATOR}{name}"), signed));
            }
            (rankers, outcome[group].clone())
        };
        let groups = |estimated: bool| -> Vec<(Vec<Named>, Vec<f64>)> { chosen.iter().map(|group| columns(*group, estimated)).collect() };
        let mut parts = vec![
            SetupParts { test: Test::Benchmark, scope: PUBLISHED, world, measure: Measure::Spearman, groups: groups(false), new: None },
            SetupParts { test: Test::Benchmark, scope: ESTIMATED, world, measure: Measure::Spearman, groups: groups(true), new: None },
        ];
        if let Some(history) = &history {
            let new: Vec<Vec<bool>> = chosen.iter().map(|group| history[*group].iter().map(|permits| *permits <= 0.0).collect()).collect();
            for (scope, estimated) in [(PUBLISHED, false), (ESTIMATED, true)] {
                let mut groups = groups(estimated);
                for (rankers, _) in &mut groups {
                    // Every new pair has the same history: none.
                    rankers.retain(|(name, _)| name != "history");
                }
                parts.push(SetupParts { test: Test::NewPairs, scope, world, measure: Measure::Auc, groups, new: Some(new.clone()) });
            }
        }
        parts
    }
}

/// A test by occupation group before it is judged.
pub(crate) struct SetupParts<'a> {
    test: Test,
    scope: &'static str,
    world: &'a World,
    measure: Measure,
    groups: Vec<(Vec<Named>, Vec<f64>)>,
    /// Whether a pair is new, by group and country.
    new: Option<Vec<Vec<bool>>>,
}

impl<'a> SetupParts<'a> {
    fn setup(self, outcome_years: Vec<i32>) -> Setup<'a> {
        let (world, new, estimated) = (self.world, self.new, self.scope == ESTIMATED);
        let kept = |group: usize, country: usize| {
            world.entry[country] == Entry::Third
                && (estimated || world.published[country])
                && new.as_ref().is_none_or(|new: &Vec<Vec<bool>>| new[group][country])
        };
        Setup {
            test: self.test,
            scope: self.scope,
            sex: Sex::Total,
            world,
            outcome_years,
            measure: self.measure,
            kept: (0..self.groups.len()).map(|group| (0..world.countries.len()).map(|country| kept(group, country)).collect()).collect(),
            groups: self.groups,
        }
    }
}

/// The years of worlds that the tests need.
fn years_needed(figures: &Figures, config: &Config) -> BTreeSet<i32> {
    let method = &config.method.backtest;
    let mut years = BTreeSet::from([method.benchmark_as_of, method.benchmark_as_of - 3]);
    for t in tested_years(figures) {
        years.extend([t - 4, t - 7]);
    }
    for (_, last) in steps(figures) {
        years.insert(last - 5);
    }
    let first = figures.population.values().flat_map(Series::periods).min().unwrap_or(0);
    years.retain(|year| *year >= first);
    years
}

/// Years `t` of test (a): the last of the three years before must be published.
fn tested_years(figures: &Figures) -> Vec<i32> {
    figures.permit_years().into_iter().map(|year| year + 1).collect()
}

/// Steps of the stock of persons born abroad.
fn steps(figures: &Figures) -> Vec<(i32, i32)> {
    let periods: BTreeSet<i32> = figures.born_in_sweden.values().flat_map(Series::periods).collect();
    let periods: Vec<i32> = periods.into_iter().collect();
    periods.array_windows().map(|[first, last]| (*first, *last)).collect()
}

/// The whole back-test on `figures`. `links` are those of the classification in force.
#[must_use]
pub fn back_test(figures: &Figures, config: &Config, links: &BTreeMap<Ssyk, Link>) -> BackTest {
    let bench = Bench::new(figures, config, links, None, &years_needed(figures, config));
    let method = &config.method.backtest;
    let mut tests = Vec::new();
    for t in tested_years(figures) {
        tests.extend(bench.national(t));
    }
    for (first, last) in steps(figures) {
        tests.extend(bench.stock(first, last));
    }
    for parts in bench.benchmark_setups(method.benchmark_as_of, &method.benchmark_outcome, Some(&method.benchmark_history), true) {
        tests.extend(judged(&parts.setup(method.benchmark_outcome.clone()), config));
    }
    tests.sort_by_key(|row| (row.test, row.as_of, row.scope, row.sex));
    let used = years_used(&tests);
    BackTest { leaks: bench.leaks.into_iter().filter(|leak| used.contains(&leak.as_of)).collect(), tests }
}

/// The years of rankings that `tests` rest on: their own, and the earlier ones that gravity was fitted on.
fn years_used(tests: &[TestResult]) -> BTreeSet<i32> {
    let fitted_on = |test: &TestResult| {
        test.ranker("gravity")?;
        Some(if test.test == Test::Stock { test.outcome.first()? - 5 } else { test.as_of - 3 })
    };
    tests.iter().flat_map(|test| std::iter::once(test.as_of).chain(fitted_on(test))).collect()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn an_outcome_that_is_a_lists_own_score_gives_that_list_one() {
        let home = Path::new(env!("CARGO_MANIFEST_DIR"));
        let config = Config::read(&home.join("data")).unwrap();
        let figures = Figures::read(&home.join("data/bundled"), &config.codes).unwrap();
        let links = crate::crosswalk::links(&figures, &config.occupations());
        let bench = Bench::new(&figures, &config, &links, None, &BTreeSet::from([2018, 2021]));
        let mut setups = bench.national_setups(2025);
        let setup = setups.iter_mut().find(|setup| setup.test == Test::National && setup.scope == PUBLISHED).unwrap();
        let (rankers, outcome) = &mut setup.groups[0];
        outcome.clone_from(&rankers.iter().find(|(name, _)| name == "likely").unwrap().1);
        let found = judged(setup, &config).unwrap();
        let likely = found.ranker("likely").unwrap();
        let value = likely.judged.value.unwrap();
        assert!((value.value - 1.0).abs() < 1e-12 && (value.low - 1.0).abs() < 1e-12, "{value:?}");
        assert_eq!((likely.label, likely.hits10), (Some(Label::Support), Some(1.0)));
        assert!(found.ranker("potential").unwrap().judged.value.unwrap().value < 1.0);
    }

    #[test]
    fn to_beat_an_order_that_is_worse_than_chance_is_no_support() {
        let interval = |low: f64, high: f64| Some(Interval { value: f64::midpoint(low, high), low, high });
        let judged = |value, above_simple| Judged { value, differences: Vec::new(), above_simple };
        let label = |judged: Judged| Label::of(&judged, Measure::Spearman);
        assert_eq!(label(judged(interval(-0.1, 0.3), interval(0.1, 0.9))), Some(Label::NoSupport));
        assert_eq!(label(judged(interval(0.1, 0.3), interval(0.1, 0.9))), Some(Label::Support));
        assert_eq!(label(judged(interval(0.1, 0.3), interval(-0.1, 0.9))), Some(Label::WeakSupport));
        assert_eq!(Label::of(&judged(interval(0.4, 0.9), interval(0.1, 0.2)), Measure::Auc), Some(Label::NoSupport));
    }
}
