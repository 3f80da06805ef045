//! Demand and supply brought together (method, section 4): indicators, fit of each market to each occupation, area scores and ranks.

use std::collections::{BTreeMap, BTreeSet};

use crate::code::{Country, County, Isco, Sex, Ssyk};
use crate::config::{Area, Config, Goalpost, Treatment};
use crate::crosswalk::Link;
use crate::demand::{CountyDemand, assessed_groups, exact, mean, words_by_group};
use crate::ethics::{Gate, Pay, gate, pay, reported_short};
use crate::figures::{Figures, Persons, Series, Words};
use crate::fit::{Counting, Order, Scored, some_have};
use crate::index::median;
use crate::index::normalise::{goalposts, min_max};
use crate::index::rank::competition_ranks;
use crate::index::treat::{WinsoriseCount, log_ct, passes, shape, winsorise};
use crate::kept::Kept;
use crate::reason::Reason;
use crate::supply::{Level, Market, MarketKind, Supply};

/// The pillars' names in the tables, in the method's order.
pub const PILLARS: [&str; 4] = ["pool", "availability", "mobility", "feasibility"];

/// A number that is just under a cut because of rounding still reaches it.
const ROUNDING: f64 = 1e-12;

/// One indicator of a market, for an occupation or for the whole market.
#[derive(Clone, Debug, PartialEq)]
pub struct IndicatorValue {
    /// Market.
    pub market: Market,
    /// Occupation; `None` where the value holds for the whole market.
    pub occupation: Option<Ssyk>,
    /// Indicator.
    pub indicator: &'static str,
    /// As defined, logarithm included.
    pub raw: f64,
    /// After treatment of outliers.
    pub treated: f64,
    /// On the common scale; `None` for a constant indicator, which is left out.
    pub normalised: Option<f64>,
    /// Year of the figure.
    pub period: Option<i32>,
    /// Remark: unknown, treated, the publisher's flag.
    pub flag: Option<String>,
    /// Key of the source.
    pub source: &'static str,
}

/// Fit of a market to an occupation.
#[derive(Clone, Debug, PartialEq)]
pub struct Fit {
    /// Market.
    pub market: Market,
    /// Occupation.
    pub occupation: Ssyk,
    /// Pillar scores 1…100, in the order of [`PILLARS`].
    pub pillars: [Option<f64>; 4],
    /// Share of each pillar's weight inside that is present; `None` for a pillar that is not counted.
    pub pillar_coverage: [Option<f64>; 4],
    /// Fit F, 1…100; missing without a pool or with too little coverage.
    pub score: Option<f64>,
    /// Share of the indicators' weight that is present.
    pub coverage: f64,
    /// The gate, for countries.
    pub gate: Option<Gate>,
    /// Why the gate answers so.
    pub gate_reason: Option<Reason>,
    /// Whether the market is in the occupation's ranking.
    pub ranked: bool,
    /// Why not.
    pub reason: Option<Reason>,
}

/// How sure a market's place is (method, section 6).
#[derive(Clone, Debug, PartialEq)]
pub struct RankUncertainty {
    /// Order in the reports: by tier, median rank, mean rank.
    pub place: u32,
    /// Tier, 1 first; inside a tier the markets cannot be told apart.
    pub tier: u32,
    /// Median rank.
    pub median: f64,
    /// Mean rank.
    pub mean: f64,
    /// 5th percentile of the rank.
    pub p05: f64,
    /// 95th percentile of the rank.
    pub p95: f64,
    /// Probability of being among the first three, five and ten.
    pub p_top: [f64; 3],
    /// Where the baseline rank lies outside the interval: the factor that moves it.
    pub moved_by: Option<&'static str>,
}

/// A market's place in an area.
#[derive(Clone, Debug, PartialEq)]
pub struct MarketScore {
    /// Key of the area.
    pub area: String,
    /// Market.
    pub market: Market,
    /// Score T, 1…100.
    pub score: Option<f64>,
    /// Rank of the score among the ranked, ties share the lowest.
    pub rank: Option<u32>,
    /// Coverage of the fits, weighted as the score.
    pub coverage: Option<f64>,
    /// Share of the area's weight that the market has a fit for, or is closed for.
    pub weight_share: Option<f64>,
    /// Share of the need that the market is open for.
    pub open_share: Option<f64>,
    /// Whether it is ranked.
    pub ranked: bool,
    /// Why not.
    pub reason: Option<Reason>,
    /// How sure the place is; `None` where it has not been computed.
    pub uncertainty: Option<RankUncertainty>,
}

/// Weight of an occupation in an area: `w_o ∝ N·V·share`, summing to 1 over the recruited occupations.
#[derive(Clone, Debug, PartialEq)]
pub struct AreaWeights {
    /// Key of the area.
    pub area: String,
    /// Unit group to weight.
    pub weights: BTreeMap<Ssyk, f64>,
}

/// The ranking of one kind of market with one weighting.
#[derive(Clone, Debug, PartialEq)]
pub struct Ranking {
    /// Kind of market.
    pub kind: MarketKind,
    /// Name of the weighting; counties have their own, without a name.
    pub weighting: Option<String>,
    /// Fits, sorted by occupation and market.
    pub fits: Vec<Fit>,
    /// Places, by area and rank (by place once the uncertainty is known); those without rank last.
    pub scores: Vec<MarketScore>,
}

impl Ranking {
    /// The fit of a market to an occupation; `None` where the occupation is not recruited or has no pair in the crosswalk.
    #[must_use]
    pub fn fit(&self, market: Market, occupation: Ssyk) -> Option<&Fit> {
        self.fits.binary_search_by_key(&(occupation, market), |fit| (fit.occupation, fit.market)).ok().map(|place| &self.fits[place])
    }
}

/// How far a country has been tried (method, section 10).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Trial {
    /// Third countries: first-time work permits per million inhabitants over the counted years. Free movement: the indicator `recent`.
    pub measure: f64,
    /// Median of the same measure over the candidates of the same kind.
    pub median: f64,
    /// Whether the measure is of permits.
    pub of_permits: bool,
    /// Whether so many live in Sweden already that the market is tried whatever the measure says (free movement: `diaspora_sweden` from the median up).
    pub is_rooted: bool,
}

impl Trial {
    /// Whether the market is untested.
    #[must_use]
    pub fn is_untested(&self) -> bool {
        self.measure < self.median && !self.is_rooted
    }
}

/// Everything that is known of the markets.
#[derive(Clone, Debug, PartialEq)]
pub struct MarketResult {
    /// Indicators, sorted by kind, market, occupation and indicator.
    pub indicators: Vec<IndicatorValue>,
    /// Weights of the occupations in each area.
    pub area_weights: Vec<AreaWeights>,
    /// Countries by each named weighting, then counties.
    pub rankings: Vec<Ranking>,
    /// How far each candidate country has been tried; absent where it is not known.
    pub trials: BTreeMap<Country, Trial>,
    /// The years of permits that the trials count.
    pub trial_years: Vec<i32>,
    /// Pay by occupation in the county's region.
    pub pay: BTreeMap<Ssyk, Pay>,
    /// Pillars that the kind of market has no figures for, and so are left out.
    pub empty_pillars: BTreeMap<MarketKind, Vec<&'static str>>,
}

impl MarketResult {
    /// The ranking of `kind`; of countries, that of `weighting`. `None` where the method has no such weighting.
    #[must_use]
    pub fn ranking(&self, kind: MarketKind, weighting: &str) -> Option<&Ranking> {
        let own = |ranking: &&Ranking| ranking.kind == kind && ranking.weighting.as_deref().is_none_or(|name| name == weighting);
        self.rankings.iter().find(own)
    }
}

/// Everything a ranking needs.
#[derive(Clone, Copy)]
pub struct Inputs<'a> {
    /// The tidy figures.
    pub figures: &'a Figures,
    /// The method and the lists.
    pub config: &'a Config,
    /// SSYK → ISCO.
    pub links: &'a BTreeMap<Ssyk, Link>,
    /// The county's demand.
    pub demand: &'a CountyDemand,
    /// The pools.
    pub supply: &'a Supply,
    /// The run's year.
    pub year: i32,
    /// The indicators that count; all of them where it is `None`.
    pub kept: Option<&'a Kept>,
}

impl Inputs<'_> {
    /// Whether an indicator of a market counts.
    fn keeps(&self, market: Market, indicator: &str) -> bool {
        self.kept.is_none_or(|kept| kept.has_indicator(market, indicator))
    }
}

impl Goalpost {
    /// The scores of raw values (logarithm already taken where the scale has one) on `scale`.
    #[must_use]
    pub fn scores(&self, raw: &[f64], scale: [f64; 2]) -> Vec<f64> {
        let (low, high) = if self.ln { (self.low.ln(), self.high.ln()) } else { (self.low, self.high) };
        let mut scores = goalposts(raw, low, high, scale, true);
        if self.reverse {
            for score in &mut scores {
                *score = scale[0] + scale[1] - *score;
            }
        }
        scores
    }

    /// The score of one raw value.
    #[must_use]
    pub fn score(&self, raw: f64, scale: [f64; 2]) -> f64 {
        self.scores(&[raw], scale)[0]
    }
}

/// The ranking of countries for every named weighting, and of counties.
#[must_use]
pub fn rank_markets(inputs: &Inputs) -> MarketResult {
    let region = &inputs.config.codes.county_info(inputs.demand.county).nuts2;
    let recruited: Vec<Ssyk> = inputs.demand.occupations.values().filter(|row| row.rating.is_recruited()).map(|row| row.occupation).collect();
    let pay: BTreeMap<Ssyk, Pay> =
        inputs.demand.occupations.keys().map(|occupation| (*occupation, pay(inputs.figures, region, *occupation, inputs.year))).collect();
    let mut indicators = Vec::new();
    let mut empty_pillars = BTreeMap::new();
    let area_weights: Vec<AreaWeights> = inputs.config.areas.iter().map(|area| weights_of(area, inputs.demand)).collect();
    let (trials, trial_years) = trials(inputs);
    let mut rankings = Vec::new();
    for (name, fits) in rank_countries(inputs, &recruited, &pay, &trials, &mut indicators) {
        let only_untested = inputs.config.method.weightings[&name].only_untested;
        let scores = score_areas(inputs, MarketKind::Country, &fits, &area_weights, only_untested.then_some(&trials));
        rankings.push(Ranking { kind: MarketKind::Country, weighting: Some(name), fits, scores });
    }
    let (missing, fits) = rank_counties(inputs, &recruited, &mut indicators);
    empty_pillars.insert(MarketKind::County, missing);
    let scores = score_areas(inputs, MarketKind::County, &fits, &area_weights, None);
    rankings.push(Ranking { kind: MarketKind::County, weighting: None, fits, scores });
    for ranking in &mut rankings {
        ranking.fits.sort_by_key(|fit| (fit.occupation, fit.market));
    }
    indicators.sort_by_cached_key(|value| (value.market, value.occupation, value.indicator));
    // It is kept as long as the county's run, and there may be 21 of them.
    indicators.shrink_to_fit();
    MarketResult { indicators, area_weights, rankings, trials, trial_years, pay, empty_pillars }
}

/// Why a market is not on a list of untested ones; `None` where it is.
fn why_tested(trials: &BTreeMap<Country, Trial>, market: Market) -> Option<Reason> {
    let Market::Country(country) = market else { return None };
    match trials.get(&country) {
        Some(trial) if trial.is_untested() => None,
        Some(_) => Some(Reason::Tested),
        None => Some(Reason::TrialUnknown),
    }
}

/// How far each candidate has been tried, and the years of permits that were counted. A country that a published year does not name got none.
fn trials(inputs: &Inputs) -> (BTreeMap<Country, Trial>, Vec<i32>) {
    let Inputs { figures, config, supply, year, .. } = *inputs;
    let published: BTreeSet<i32> = figures.permits.values().flat_map(Series::periods).filter(|period| *period <= year).collect();
    let years: Vec<i32> = published.into_iter().rev().take(config.method.untested.years).collect();
    let recent = |country: &Country| recent_increase(figures, *country, year).map(|(increase, _)| increase.max(0.0).ln_1p());
    let per_inhabitant = |country: &Country, persons: f64| supply.population.get(country).map(|population| persons / population.value);
    let rooted = |country: &Country| {
        let born = figures.born_in_sweden.get(country)?.newest(year)?;
        per_inhabitant(country, exact(born.value.total()))
    };
    let permits = |country: &Country| {
        let series = figures.permits.get(country);
        let granted: i64 = years.iter().filter_map(|year| series?.at(*year)).sum();
        per_inhabitant(country, exact(granted) * 1_000_000.0).filter(|_| !years.is_empty())
    };
    let moves_freely = |country: &&Country| figures.free_movement.contains_key(*country);
    let third = || supply.countries.iter().filter(|country| !moves_freely(country));
    let median_permits = median(third().filter_map(permits).collect());
    // Countries with free movement are compared with each other: nearly all are closer and better known than the candidates of the whole world.
    let free = || supply.countries.iter().filter(moves_freely);
    let median_recent = median(free().filter_map(recent).collect());
    let median_rooted = median(free().filter_map(rooted).collect()).filter(|_| config.method.untested.rooted_are_tried);
    let third = third().filter_map(|country| {
        let trial = Trial { measure: permits(country)?, median: median_permits?, of_permits: true, is_rooted: false };
        Some((*country, trial))
    });
    let free = free().filter_map(|country| {
        let is_rooted = rooted(country).zip(median_rooted).is_some_and(|(share, median)| share >= median);
        Some((*country, Trial { measure: recent(country)?, median: median_recent?, of_permits: false, is_rooted }))
    });
    (third.chain(free).collect(), years)
}

/// Change of the number of persons born in `country` and living in Sweden over the last step that is published not later than `year`, and the step's years.
#[must_use]
pub fn recent_increase(figures: &Figures, country: Country, year: i32) -> Option<(f64, (i32, i32))> {
    let series = figures.born_in_sweden.get(&country)?;
    let periods: Vec<i32> = series.periods().filter(|period| *period <= year).collect();
    let [.., before, last] = periods.as_slice() else { return None };
    let count = |period: i32| series.at(period).map(|persons| exact(persons.total()));
    Some((count(*last)? - count(*before)?, (*before, *last)))
}

fn weights_of(area: &Area, demand: &CountyDemand) -> AreaWeights {
    let mut weights = BTreeMap::new();
    for (occupation, share) in &area.occupations {
        let Some(row) = demand.occupations.get(occupation).filter(|row| row.rating.is_recruited()) else { continue };
        let Some(need) = row.need else { continue };
        weights.insert(*occupation, need * row.volume * share);
    }
    let sum: f64 = weights.values().sum();
    if sum > 0.0 {
        for weight in weights.values_mut() {
            *weight /= sum;
        }
    }
    AreaWeights { area: area.key.clone(), weights }
}

/// An indicator's raw value as it is read off the figures.
pub(crate) struct Reading {
    pub indicator: &'static str,
    pub raw: f64,
    pub period: Option<i32>,
    flag: Option<&'static str>,
    source: &'static str,
}

impl Reading {
    fn new(indicator: &'static str, raw: f64, period: Option<i32>, source: &'static str) -> Self {
        Self { indicator, raw, period, flag: None, source }
    }

    fn flagged(self, flag: Option<&'static str>) -> Self {
        Self { flag, ..self }
    }
}

/// The indicators that hold for a whole country of so many inhabitants; without a `county`, not those of the county.
pub(crate) fn country_indicators(
    figures: &Figures,
    config: &Config,
    county: Option<County>,
    population: Option<f64>,
    country: Country,
    year: i32,
) -> Vec<Reading> {
    let mut values = Vec::new();
    let oldest = config.method.supply.oldest_unemployment_years;
    if let Some(rate) =
        figures.unemployment.get(&(country, Sex::Total)).and_then(|series| series.newest(year)).filter(|rate| year - rate.period <= oldest)
    {
        values.push(Reading::new("unemployment", rate.value, Some(rate.period), "gapminder_unemployment"));
    }
    if let Some(age) = figures.median_age.get(&country).and_then(|series| series.at(year - 1)) {
        values.push(Reading::new("median_age", age, Some(year - 1), "un_median_age"));
    }
    if let (Some(born), Some(population)) = (figures.born_in_sweden.get(&country).and_then(|series| series.newest(year)), population) {
        let per_100_000 = exact(born.value.total()) / population * 100_000.0;
        // UN DESA publishes no total here: women + men is used, and marked.
        values.push(Reading::new("diaspora_sweden", per_100_000.ln_1p(), Some(born.period), "un_migrant_stock").flagged(Some("women + men")));
    }
    if let Some((increase, (_, last))) = recent_increase(figures, country, year) {
        values.push(Reading::new("recent", increase.max(0.0).ln_1p(), Some(last), "un_migrant_stock").flagged(Some("women + men")));
    }
    if let Some(born) = county.and_then(|county| figures.born_in_county.get(&(county, country))).and_then(|series| series.newest(year)) {
        values.push(Reading::new("diaspora_county", exact(born.value).ln_1p(), Some(born.period), "scb_born_abroad"));
    }
    let income = |country: Country| figures.income.get(&country).and_then(|series| series.newest(year));
    if let (Some(here), Some(there)) = (income(Country::SWEDEN), income(country)) {
        values.push(Reading::new("income_gap", (here.value / there.value).ln(), Some(there.period), "world_bank_income"));
    }
    if let Some(distance) = figures.distance.get(&country) {
        values.push(Reading::new("distance", distance.value.ln(), Some(distance.period), "cepii_distance"));
    }
    values
}

/// Fits of every country by each named weighting, in the order of the names.
fn rank_countries(
    inputs: &Inputs,
    recruited: &[Ssyk],
    pay: &BTreeMap<Ssyk, Pay>,
    trials: &BTreeMap<Country, Trial>,
    indicators: &mut Vec<IndicatorValue>,
) -> Vec<(String, Vec<Fit>)> {
    let Inputs { figures, config, links, supply, .. } = *inputs;
    let mut lists: Vec<(String, Vec<Fit>)> =
        config.method.weightings.keys().map(|name| (name.clone(), Vec::with_capacity(recruited.len() * supply.countries.len()))).collect();
    let method = &config.method;
    let scale = method.fit.scale;
    let floor = config.permit_rules.pay_floor.floor;
    let score = |indicator: &str, raw: f64| method.goalposts.get(indicator).map(|goalpost| goalpost.score(raw, scale));
    let mut add = |market, occupation, reading: &Reading| {
        let normalised = score(reading.indicator, reading.raw);
        indicators.push(IndicatorValue {
            market,
            occupation,
            indicator: reading.indicator,
            raw: reading.raw,
            treated: reading.raw,
            normalised,
            period: reading.period,
            flag: reading.flag.map(str::to_owned),
            source: figures.source_key(reading.source),
        });
        normalised
    };
    let order = Order::of(method.weightings.values());
    let mut whole: Vec<Vec<f64>> = Vec::new();
    for country in &supply.countries {
        let mut present = order.nothing();
        let population = supply.population.get(country).map(|persons| persons.value);
        for value in country_indicators(figures, config, Some(inputs.demand.county), population, *country, inputs.year) {
            if let (Some(normalised), Some(place)) = (add(Market::Country(*country), None, &value), order.place(value.indicator)) {
                present[place] = normalised;
            }
        }
        whole.push(present);
    }
    for occupation in recruited {
        let Some(link) = links.get(occupation) else { continue };
        let mut present_by_country: Vec<Vec<f64>> = Vec::with_capacity(whole.len());
        for (country, whole) in supply.countries.iter().zip(&whole) {
            let market = Market::Country(*country);
            let mut present = whole.clone();
            let mut values = Vec::new();
            if let Some(pool) = supply.pools.get(&(market, *occupation)) {
                let flag = match pool.level {
                    Level::TwoDigits => Some("both sexes only"),
                    Level::TwoDigitsBorrowedSex => Some("sexes estimated"),
                    Level::Estimated => Some("estimated"),
                    _ => None,
                };
                // The graver remark wins: the whole pool is in doubt.
                let impossible = supply.implausible.iter().any(|found| found.country == *country);
                let flag = if impossible { Some("more employed than inhabitants") } else { flag };
                values.push(Reading::new("pool", pool.total.ln_1p(), Some(pool.period), "ilostat_shares").flagged(flag));
                if let Some(home) = supply.sweden_share.get(occupation).filter(|home| **home > 0.0) {
                    let ratio = (pool.share / home).max(method.fit.least_ratio);
                    values.push(Reading::new("specialisation", ratio.ln(), Some(pool.period), "ilostat_shares"));
                }
            }
            let (shortage, known) = no_shortage_at_home(inputs, link, *country);
            let year = figures.shortages.get(country).map(|(year, _)| *year);
            values.push(Reading::new("no_shortage_at_home", shortage, year, "ela_shortages").flagged((!known).then_some("unknown")));
            let (entry, period) = entry(inputs, &pay[occupation], *country, floor);
            values.push(Reading::new("entry", entry, period, "scb_pay_region"));
            for value in values {
                if let (Some(normalised), Some(place)) = (add(market, Some(*occupation), &value), order.place(value.indicator)) {
                    present[place] = normalised;
                }
            }
            for (present, indicator) in present.iter_mut().zip(order.indicators()) {
                if !inputs.keeps(market, indicator) {
                    *present = f64::NAN;
                }
            }
            present_by_country.push(present);
        }
        let some = some_have(order.indicators().count(), present_by_country.iter().map(Vec::as_slice));
        let gates: Vec<(Gate, Option<Reason>)> =
            supply.countries.iter().map(|country| gate(inputs, &pay[occupation], *country, *occupation)).collect();
        let mut counted = order.nothing();
        for (name, fits) in &mut lists {
            let weighting = &method.weightings[name];
            let counting = Counting::new(weighting, &order, &some);
            for ((country, present), gate) in supply.countries.iter().zip(&present_by_country).zip(&gates) {
                let market = Market::Country(*country);
                let pool = supply.pools.get(&(market, *occupation));
                let has_pool = pool.is_some_and(|pool| weighting.estimated_pools || pool.level != Level::Estimated) && inputs.keeps(market, "pool");
                counted.copy_from_slice(present);
                if !has_pool {
                    order.of_pool().for_each(|place| counted[place] = f64::NAN);
                }
                let Scored { pillars, pillar_coverage, score, coverage } = counting.fit(&counted);
                let (gate, gate_reason) = gate.clone();
                let covered = coverage >= method.fit.least_coverage - ROUNDING;
                let reason = if gate.is_closed() {
                    Some(Reason::Closed { gate, because: gate_reason.clone().map(Box::new) })
                } else if !has_pool {
                    Some(Reason::NoPool)
                } else if !covered {
                    Some(Reason::TooFewFigures)
                } else {
                    why_tested(trials, market).filter(|_| weighting.only_untested)
                };
                fits.push(Fit {
                    market,
                    occupation: *occupation,
                    pillars,
                    pillar_coverage,
                    score: score.filter(|_| has_pool && covered),
                    coverage,
                    gate: Some(gate),
                    gate_reason,
                    ranked: reason.is_none(),
                    reason,
                });
            }
        }
    }
    lists
}

/// `1 − Σ k·[reported short]`, and whether it is known.
fn no_shortage_at_home(inputs: &Inputs, link: &Link, country: Country) -> (f64, bool) {
    let method = &inputs.config.method.fit;
    let Some(short) = reported_short(inputs.figures, link, country, inputs.year) else { return (method.unknown_shortage, false) };
    let listed = inputs.figures.shortages.get(&country).map_or(0, |(_, groups): &(i32, BTreeSet<Isco>)| groups.len());
    // A short list that does not name the occupation says nothing of it.
    if short == 0.0 && listed < method.full_list_groups {
        return (method.unknown_shortage, false);
    }
    (1.0 - short, true)
}

/// Points of the way in, and the year of the pay they rest on.
fn entry(inputs: &Inputs, pay: &Pay, country: Country, floor: f64) -> (f64, Option<i32>) {
    let points = &inputs.config.method.entry;
    match inputs.figures.free_movement.get(&country).map(String::as_str) {
        Some("nordic") => (points.nordic, None),
        Some(_) => (points.free_movement, None),
        None => {
            let visa = inputs.figures.visa_free.get(&country).is_some_and(|rule| rule.value);
            let period = pay.usual.or(pay.upper_quartile).map(|pay| pay.period);
            (pay.entry_points(inputs.config, floor) + if visa { points.visa_free } else { 0.0 }, period)
        }
    }
}

/// How many persons Arbetsförmedlingen sees without work there, as points: the mirror of the shortage.
fn availability_points(words: &Words, inputs: &Inputs) -> Option<f64> {
    let points = &inputs.config.method.county_markets;
    match (words.recruitment.as_deref(), words.opportunities.as_deref()) {
        (Some("överskott"), _) => Some(points.surplus),
        (Some("balans"), _) => Some(points.balance),
        (Some("paradox"), _) => Some(points.paradox),
        (Some("brist"), _) => Some(points.shortage),
        (None, Some("små")) => Some(points.small),
        (None, Some("medelstora")) => Some(points.medium),
        (None, Some("stora")) => Some(points.large),
        _ => None,
    }
}

/// Great-circle distance between two points, degrees in, kilometres out (haversine).
pub(crate) fn great_circle(first: (f64, f64), second: (f64, f64), radius: f64) -> f64 {
    let (latitude, other) = (first.0.to_radians(), second.0.to_radians());
    let half = |angle: f64| (angle / 2.0).sin().powi(2);
    let value = half(other - latitude) + latitude.cos() * other.cos() * half((second.1 - first.1).to_radians());
    2.0 * radius * value.sqrt().asin()
}

/// Treats an indicator's outliers by the method's rule; NaN is missing and stays so. Also says what was done.
///
/// Winsorising may leave all markets equal, where a single one stood apart: by the method's text the indicator is then constant.
pub(crate) fn treated(values: &[f64], limits: &Treatment) -> (Vec<f64>, Option<&'static str>) {
    let fails = |values: &[f64]| passes(shape(values), limits.skewness, limits.kurtosis) == Some(false);
    if !fails(values) {
        return (values.to_vec(), None);
    }
    let winsorised = winsorise(values, Some(limits.most_rounds), WinsoriseCount::Rounds, false, limits.skewness, limits.kurtosis);
    if !fails(&winsorised.values) {
        return (winsorised.values, Some("winsorised"));
    }
    if winsorised.rounds < limits.most_rounds {
        // The engine stops before the last two values become one; the method's next round is that step.
        let skewed_up = shape(&winsorised.values).skewness.is_none_or(|skewness| skewness >= 0.0);
        let (low, high) = range(&winsorised.values);
        let shared = if skewed_up { low } else { high };
        return (values.iter().map(|value| if value.is_nan() { f64::NAN } else { shared }).collect(), Some("winsorised"));
    }
    match log_ct(values) {
        Some(treated) => (treated, Some("log_CT")),
        None => (winsorised.values, Some("winsorised")),
    }
}

/// Smallest and largest value present.
pub(crate) fn range(values: &[f64]) -> (f64, f64) {
    values.iter().filter(|value| value.is_finite()).fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(*value), high.max(*value)))
}

/// Treats and normalises one indicator over the counties that have it: treated values, scores (`None` where all are equal) and what was done.
fn treated_scores(values: &[f64], inputs: &Inputs) -> (Vec<f64>, Option<Vec<f64>>, Option<String>) {
    let (treated, done) = treated(values, &inputs.config.method.county_markets.treatment);
    let (low, high) = range(&treated);
    let scores = (low < high).then(|| min_max(&treated, inputs.config.method.fit.scale));
    (treated, scores, done.map(str::to_owned))
}

/// Years of moves that are added up.
pub(crate) const YEARS_OF_MOVES: i32 = 5;

/// The last of the years whose moves into `county` are counted: the newest published one not later than `year`. `None` where five years in a row are not
/// there.
pub(crate) fn last_year_of_moves(figures: &Figures, county: County, year: i32) -> Option<i32> {
    let into = figures.moves.iter().filter(|((_, destination), _)| *destination == county);
    let published: BTreeSet<i32> = into.flat_map(|(_, series)| series.periods()).filter(|period| *period <= year).collect();
    let last = *published.last()?;
    (last + 1 - YEARS_OF_MOVES..=last).all(|year| published.contains(&year)).then_some(last)
}

/// The last of the years whose moves are counted, and the moves of all of them to `county` from each county that has every one.
pub(crate) fn moves_into(figures: &Figures, county: County, year: i32) -> Option<(i32, BTreeMap<County, Persons>)> {
    let last = last_year_of_moves(figures, county, year)?;
    let moved = |series: &Series<Persons>| {
        let mut sum = Persons::default();
        for year in last + 1 - YEARS_OF_MOVES..=last {
            sum += series.at(year)?;
        }
        Some(sum)
    };
    let into = figures.moves.iter().filter(|((_, destination), _)| *destination == county);
    Some((last, into.filter_map(|((origin, _), series)| Some((*origin, moved(series)?))).collect()))
}

/// Moves from each of the counties to `county` in the last five years, per 1 000 inhabitants of the county that they left at the end of them, and the last
/// of the years. A county that lacks a year, or its inhabitants, is left out.
fn moves_per_thousand(figures: &Figures, counties: &[County], county: County, year: i32) -> Option<(Vec<(County, f64)>, i32)> {
    let (last, moved) = moves_into(figures, county, year)?;
    let rate = |origin: &County| {
        // Inhabitants of an earlier time are another measure.
        let inhabitants = figures.inhabitants.get(origin)?.newest(last).filter(|found| found.period > last - YEARS_OF_MOVES)?.value.total();
        (inhabitants > 0).then_some(exact(moved.get(origin)?.total()) * 1000.0 / exact(inhabitants))
    };
    let rates: Vec<(County, f64)> = counties.iter().filter_map(|origin| Some((*origin, rate(origin)?))).collect();
    (!rates.is_empty()).then_some((rates, last))
}

/// Pillars that nothing feeds, and the fits of every county.
fn rank_counties(inputs: &Inputs, recruited: &[Ssyk], indicators: &mut Vec<IndicatorValue>) -> (Vec<&'static str>, Vec<Fit>) {
    let mut fits = Vec::new();
    let Inputs { figures, config, demand, supply, .. } = *inputs;
    let method = &config.method.county_markets;
    let weighting = &method.weights;
    let groups = assessed_groups(figures);
    let words: BTreeMap<County, BTreeMap<Ssyk, Vec<&Words>>> =
        supply.counties.iter().map(|county| (*county, words_by_group(figures, &groups, Some(*county), inputs.year))).collect();
    let place = |county: County| {
        let info = config.codes.county_info(county);
        (info.latitude, info.longitude)
    };
    // −ln km, so that nearer is better.
    let distances: Vec<(County, f64)> =
        supply.counties.iter().map(|county| (*county, -great_circle(place(*county), place(demand.county), method.earth_radius_km).ln())).collect();
    let order = Order::of([weighting]);
    let mut whole: BTreeMap<County, Vec<f64>> = supply.counties.iter().map(|county| (*county, order.nothing())).collect();
    let mut add =
        |occupation: Option<Ssyk>, indicator: &'static str, values: &[(County, f64)], period, source, present: &mut BTreeMap<County, Vec<f64>>| {
            let values: Vec<(County, f64)> = values.iter().copied().filter(|(county, _)| inputs.keeps(Market::County(*county), indicator)).collect();
            let raw: Vec<f64> = values.iter().map(|(_, value)| *value).collect();
            let (treated, scores, done) = treated_scores(&raw, inputs);
            for (position, (county, raw)) in values.iter().enumerate() {
                let normalised = scores.as_ref().map(|scores| scores[position]);
                let flag = done.clone().or_else(|| normalised.is_none().then(|| "the same everywhere: left out".to_owned()));
                let market = Market::County(*county);
                indicators.push(IndicatorValue {
                    market,
                    occupation,
                    indicator,
                    raw: *raw,
                    treated: treated[position],
                    normalised,
                    period,
                    flag,
                    source: inputs.figures.source_key(source),
                });
                if let (Some(score), Some(present), Some(place)) = (normalised, present.get_mut(county), order.place(indicator)) {
                    present[place] = score;
                }
            }
        };
    add(None, "distance", &distances, None, "", &mut whole);
    if let Some((moves, last)) = moves_per_thousand(figures, &supply.counties, demand.county, inputs.year) {
        add(None, "moves", &moves, Some(last), "scb_moves", &mut whole);
    }
    let some_of = |present: &BTreeMap<County, Vec<f64>>| some_have(order.indicators().count(), present.values().map(Vec::as_slice));
    let mut seen = some_of(&whole);
    for occupation in recruited {
        let mut present = whole.clone();
        let pool = |county: &County| supply.pools.get(&(Market::County(*county), *occupation));
        let pools: Vec<(County, f64)> = supply.counties.iter().filter_map(|county| Some((*county, pool(county)?.total.ln_1p()))).collect();
        add(Some(*occupation), "pool", &pools, Some(demand.period), "scb_yreg60", &mut present);
        let own = demand.occupations.get(occupation).map_or(0, |row| row.employed.total());
        if own > 0 {
            let here = exact(own) / exact(demand.employed.total());
            let ratio = |share: f64| (share / here).max(config.method.fit.least_ratio).ln();
            let values: Vec<(County, f64)> = supply.counties.iter().filter_map(|county| Some((*county, ratio(pool(county)?.share)))).collect();
            add(Some(*occupation), "specialisation", &values, Some(demand.period), "scb_yreg60", &mut present);
        }
        let mut period = None;
        let mut points = Vec::new();
        for county in &supply.counties {
            let said = words[county].get(occupation).map(Vec::as_slice).unwrap_or_default();
            if let Some(value) = mean(said.iter().map(|words| availability_points(words, inputs))) {
                points.push((*county, value));
                period = said.iter().map(|words| words.period).max();
            }
        }
        add(Some(*occupation), "assessment", &points, period, "af_yrkesbarometer_2025_05", &mut present);
        let some = some_of(&present);
        seen.iter_mut().zip(&some).for_each(|(seen, some)| *seen |= some);
        let counting = Counting::new(weighting, &order, &some);
        for (county, present) in &present {
            let Scored { pillars, pillar_coverage, score, coverage } = counting.fit(present);
            let covered = coverage >= config.method.fit.least_coverage - ROUNDING;
            let has_pool = pool(county).is_some() && inputs.keeps(Market::County(*county), "pool");
            let reason = match (has_pool, covered) {
                (false, _) => Some(Reason::NoPool),
                (_, false) => Some(Reason::TooFewFigures),
                _ => None,
            };
            fits.push(Fit {
                market: Market::County(*county),
                occupation: *occupation,
                pillars,
                pillar_coverage,
                score: score.filter(|_| has_pool && covered),
                coverage,
                gate: None,
                gate_reason: None,
                ranked: reason.is_none(),
                reason,
            });
        }
    }
    let is_seen = |indicator: &str| order.place(indicator).is_some_and(|place| seen[place]);
    let empty = weighting.pillars().into_iter().filter(|(_, pillar)| !pillar.indicators.keys().any(|name| is_seen(name)));
    (empty.map(|(name, _)| name).collect(), fits)
}

/// Places in every area. With `trials`, only untested markets are ranked.
fn score_areas(
    inputs: &Inputs,
    kind: MarketKind,
    fits: &[Fit],
    area_weights: &[AreaWeights],
    trials: Option<&BTreeMap<Country, Trial>>,
) -> Vec<MarketScore> {
    let by_pair: BTreeMap<(Market, Ssyk), &Fit> = fits.iter().map(|fit| ((fit.market, fit.occupation), fit)).collect();
    let markets: Vec<Market> = match kind {
        MarketKind::Country => inputs.supply.countries.iter().copied().map(Market::Country).collect(),
        MarketKind::County => inputs.supply.counties.iter().copied().map(Market::County).collect(),
    };
    let mut scores = Vec::new();
    for area in area_weights {
        let mut rows: Vec<MarketScore> = markets.iter().map(|market| score_area(inputs, &by_pair, area, *market)).collect();
        for row in rows.iter_mut().filter(|row| row.ranked) {
            if let Some(reason) = trials.and_then(|trials| why_tested(trials, row.market)) {
                (row.ranked, row.score, row.reason) = (false, None, Some(reason));
            }
        }
        let values: Vec<f64> = rows.iter().map(|row| row.score.unwrap_or(f64::NAN)).collect();
        for (row, rank) in rows.iter_mut().zip(competition_ranks(&values)) {
            row.rank = rank;
        }
        if kind == MarketKind::Country {
            rows.extend(inputs.supply.not_recruited.iter().map(|country| {
                MarketScore {
                    area: area.area.clone(),
                    market: Market::Country(*country),
                    score: None,
                    rank: None,
                    coverage: None,
                    weight_share: None,
                    open_share: None,
                    ranked: false,
                    reason: inputs
                        .config
                        .not_recruited
                        .get(country)
                        .map(|why| Reason::NotRecruited { swedish: why.reason.clone(), english: why.reason_en.clone() }),
                    uncertainty: None,
                }
            }));
        }
        rows.sort_by_key(|row| (row.rank.unwrap_or(u32::MAX), row.market));
        scores.append(&mut rows);
    }
    scores
}

fn score_area(inputs: &Inputs, fits: &BTreeMap<(Market, Ssyk), &Fit>, area: &AreaWeights, market: Market) -> MarketScore {
    let method = &inputs.config.method.area;
    let (mut sum, mut counted, mut coverage, mut open) = (0.0, 0.0, 0.0, 0.0);
    for (occupation, weight) in &area.weights {
        let Some(fit) = fits.get(&(market, *occupation)) else { continue };
        let closed = fit.gate.is_some_and(Gate::is_closed);
        if !closed {
            open += weight;
        }
        let score = if closed { Some(method.closed_score) } else { fit.score };
        if let Some(score) = score {
            sum += weight * score;
            counted += weight;
            coverage += weight * fit.coverage;
        }
    }
    let whole: f64 = area.weights.values().sum();
    let share = |part: f64| (whole > 0.0).then(|| part / whole);
    let weight_share = share(counted);
    let ranked = weight_share.is_some_and(|share| share >= method.least_weight - ROUNDING);
    let reason = match (ranked, whole > 0.0) {
        (true, _) => None,
        (_, false) => Some(Reason::NothingRecruited),
        _ => Some(Reason::TooLittleNeed { least: method.least_weight }),
    };
    MarketScore {
        area: area.area.clone(),
        market,
        score: (ranked && counted > 0.0).then(|| sum / counted),
        rank: None,
        coverage: (counted > 0.0).then(|| coverage / counted),
        weight_share,
        open_share: share(open),
        ranked,
        reason,
        uncertainty: None,
    }
}
