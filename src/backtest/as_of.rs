//! The ranking as it could have been made in an earlier year: every figure later than that year is dropped, and what cannot be dropped is listed.

use std::collections::BTreeMap;

use crate::code::{Country, Isco, Sex, Ssyk, SsykGroup};
use crate::config::{Config, Weighting};
use crate::crosswalk::Link;
use crate::demand::exact;
use crate::figures::{Dated, Figures};
use crate::fit::{Counting, Order, some_have};
use crate::market::country_indicators;
use crate::supply::{estimate_shares, shares_at_level};

/// A figure that a ranking as of an earlier year uses although it is later: there is no older vintage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leak {
    /// The year of the ranking.
    pub as_of: i32,
    /// The tidy table.
    pub table: &'static str,
    /// Newest year used.
    pub newest: i32,
    /// Countries that it concerns.
    pub countries: usize,
}

impl Figures {
    /// The figures as they could be known at the end of `year`: of every series of countries, and of the register, only what is of that year or earlier.
    ///
    /// A table that has one vintage alone (shares of occupations of most countries, rules for visas) keeps it; each is returned as a leak. Distances do not
    /// change. Every figure is of today's revision of its year.
    #[must_use]
    pub fn as_of(&self, year: i32) -> (Self, Vec<Leak>) {
        let mut past = Self {
            employed: self.employed.clone(),
            key: self.key.clone(),
            shares: self.shares.clone(),
            share_reliability: self.share_reliability.clone(),
            employed_abroad: self.employed_abroad.clone(),
            unemployment: self.unemployment.clone(),
            income: self.income.clone(),
            population: self.population.clone(),
            median_age: self.median_age.clone(),
            born_in_sweden: self.born_in_sweden.clone(),
            permits: self.permits.clone(),
            permits_by_group: self.permits_by_group.clone(),
            distance: self.distance.clone(),
            visa_free: self.visa_free.clone(),
            free_movement: self.free_movement.clone(),
            ..Self::default()
        };
        let mut leaks = Vec::new();
        past.employed.values_mut().for_each(|series| series.until(year));
        past.employed_abroad.values_mut().for_each(|series| series.until(year));
        past.unemployment.values_mut().for_each(|series| series.until(year));
        past.income.values_mut().for_each(|series| series.until(year));
        past.population.values_mut().for_each(|series| series.until(year));
        past.median_age.values_mut().for_each(|series| series.until(year));
        past.born_in_sweden.values_mut().for_each(|series| series.until(year));
        past.permits.values_mut().for_each(|series| series.until(year));
        past.permits_by_group.values_mut().for_each(|series| series.until(year));
        past.shortages = self.shortages.iter().filter(|(_, (period, _))| *period <= year).map(|(country, list)| (*country, list.clone())).collect();
        let (mut later, mut newest) = (0, year);
        for vintages in past.shares.values_mut() {
            let after = vintages.split_off(&(year + 1));
            if vintages.is_empty()
                && let Some((period, shares)) = after.into_iter().next()
            {
                // The structure of work changes slowly, and there is no older vintage: used as if it were of that year, and listed.
                vintages.insert(year, shares);
                later += 1;
                newest = newest.max(period);
            }
        }
        if later > 0 {
            leaks.push(Leak { as_of: year, table: "employment_share", newest, countries: later });
        }
        let visas: Vec<i32> = past.visa_free.values().map(|rule| rule.period).filter(|period| *period > year).collect();
        if let Some(newest) = visas.iter().max() {
            leaks.push(Leak { as_of: year, table: "visa", newest: *newest, countries: visas.len() });
        }
        (past, leaks)
    }
}

/// Where the outside stands: free movement to Sweden or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entry {
    /// Nordic country.
    Nordic,
    /// EU, EEA, Switzerland.
    Free,
    /// Third country.
    Third,
}

/// Occupations that are ranked together: unit groups of one three-digit group.
#[derive(Clone, Debug)]
pub struct Group {
    /// SSYK 2012, three digits.
    pub code: SsykGroup,
    /// Weights over two-digit ISCO groups, sum 1.
    pub weights: BTreeMap<Isco, f64>,
    /// Employed in Sweden.
    pub employed: f64,
}

/// Names of the indicators that are read per country, in the order of [`World::whole`].
const WHOLE: [&str; 7] = ["unemployment", "median_age", "diaspora_sweden", "recent", "income_gap", "distance", "entry"];

/// The world as of a year. All columns are in the order of `countries`, NaN is missing.
#[derive(Clone, Debug)]
pub struct World {
    /// The year.
    pub year: i32,
    /// Countries of candidate size; the list of those not recruited from is today's, and is not applied.
    pub countries: Vec<Country>,
    /// How people come in, by the rules of the year.
    pub entry: Vec<Entry>,
    /// Inhabitants.
    pub population: Vec<f64>,
    /// Employed persons.
    pub employed: Vec<f64>,
    /// Born there and living in Sweden.
    pub born: Vec<f64>,
    /// Increase of those over the last step, not under 0.
    pub recent: Vec<f64>,
    /// Kilometres.
    pub distance: Vec<f64>,
    /// ln of Sweden's income over the country's.
    pub income_gap: Vec<f64>,
    /// 1 where no visa is needed.
    pub visa_free: Vec<f64>,
    /// Whether shares of occupations are published; else the pools are estimated.
    pub published: Vec<bool>,
    /// Occupation groups.
    pub groups: Vec<Group>,
    /// Raw values of [`WHOLE`] by indicator.
    whole: Vec<Vec<f64>>,
    /// Persons by group and country.
    pub pools: Vec<Vec<f64>>,
    /// ln of the share's ratio to Sweden's, by group and country.
    pub specialisation: Vec<Vec<f64>>,
}

/// An indicator as a ranker of its own: scores by group and country.
pub type Scores = Vec<Vec<f64>>;

/// Scores of an indicator, by country.
enum Scored {
    /// The same for every group.
    Whole(Vec<f64>),
    /// One list a group.
    ByGroup(Scores),
}

impl Scored {
    fn of_group(&self, group: usize) -> &[f64] {
        match self {
            Self::Whole(scores) => scores,
            Self::ByGroup(scores) => &scores[group],
        }
    }
}

impl World {
    /// The world as of `year` for the three-digit groups of `links`.
    #[must_use]
    pub fn new(figures: &Figures, config: &Config, links: &BTreeMap<Ssyk, Link>, year: i32) -> (Self, Vec<Leak>) {
        let (past, leaks) = figures.as_of(year);
        let method = &config.method;
        let countries: Vec<Country> = past
            .population
            .iter()
            .filter(|(country, series)| {
                **country != Country::SWEDEN && series.newest(year).is_some_and(|persons| persons.value >= method.supply.least_population)
            })
            .map(|(country, _)| *country)
            .collect();
        let entry: Vec<Entry> = countries.iter().map(|country| entry_of(&past, config, *country, year)).collect();
        let all: Vec<Country> = countries.iter().copied().chain([Country::SWEDEN]).collect();
        let shares: BTreeMap<Country, (i32, BTreeMap<Isco, f64>)> =
            all.iter().filter_map(|country| Some((*country, shares_at_level(&past, config, *country, year, 2)?))).collect();
        let income: BTreeMap<Country, Dated<f64>> =
            past.income.iter().filter_map(|(country, series)| Some((*country, series.newest(year)?))).collect();
        let estimated = estimate_shares(&shares, &income, &countries, &method.estimated_pool);
        let column =
            |value: &dyn Fn(Country) -> Option<f64>| -> Vec<f64> { countries.iter().map(|country| value(*country).unwrap_or(f64::NAN)).collect() };
        let population = column(&|country| Some(past.population.get(&country)?.newest(year)?.value));
        let employed = column(&|country| Some(past.employed_abroad.get(&(country, Sex::Total))?.newest(year)?.value));
        let born = column(&|country| Some(exact(past.born_in_sweden.get(&country)?.newest(year)?.value.total())));
        let recent = column(&|country| Some(crate::market::recent_increase(&past, country, year)?.0.max(0.0)));
        let distance = column(&|country| Some(past.distance.get(&country)?.value));
        let visa_free = column(&|country| Some(f64::from(u8::from(past.visa_free.get(&country).is_some_and(|rule| rule.value)))));
        let home = income.get(&Country::SWEDEN).map(|income| income.value);
        let income_gap = column(&|country| Some((home? / income.get(&country)?.value).ln()));
        let published: Vec<bool> = countries.iter().map(|country| shares.contains_key(country)).collect();

        let mut whole = vec![vec![f64::NAN; countries.len()]; WHOLE.len()];
        for (position, country) in countries.iter().enumerate() {
            for reading in country_indicators(&past, config, None, Some(population[position]), *country, year) {
                if let Some(indicator) = WHOLE.iter().position(|name| *name == reading.indicator) {
                    whole[indicator][position] = reading.raw;
                }
            }
            let points = &method.entry;
            let visa = if visa_free[position] > 0.0 { points.visa_free } else { 0.0 };
            // Pay by occupation is not known for those years; the floor then was a fixed sum that the pay of any full-time work reached.
            let third =
                if year <= config.permit_rules.pay_floor.fixed.last_year { points.pay_reaches_floor } else { points.upper_quartile_reaches_floor };
            whole[WHOLE.len() - 1][position] = match entry[position] {
                Entry::Nordic => points.nordic,
                Entry::Free => points.free_movement,
                Entry::Third => third + visa,
            };
        }

        let groups = groups(&past, links, year);
        let (mut pools, mut specialisation) = (Vec::new(), Vec::new());
        let least = method.supply.least_crosswalk_weight;
        for group in &groups {
            let share = |shares: &BTreeMap<Isco, f64>| crate::supply::pool_share(&group.weights, shares, least);
            let here = shares.get(&Country::SWEDEN).and_then(|(_, shares)| share(shares)).filter(|share| *share > 0.0);
            let there: Vec<Option<f64>> = countries
                .iter()
                .map(|country| share(shares.get(country).map(|(_, shares)| shares).or_else(|| estimated.shares.get(country))?))
                .collect();
            pools.push(there.iter().zip(&employed).map(|(share, employed)| share.map_or(f64::NAN, |share| share * employed)).collect::<Vec<f64>>());
            let ratio = |share: &Option<f64>| Some((share.as_ref()? / here?).max(method.fit.least_ratio).ln());
            let known = pools.last().map_or(&[][..], Vec::as_slice);
            specialisation.push(there.iter().zip(known).map(|(share, pool)| ratio(share).filter(|_| !pool.is_nan()).unwrap_or(f64::NAN)).collect());
        }
        let world = Self {
            year,
            countries,
            entry,
            population,
            employed,
            born,
            recent,
            distance,
            income_gap,
            visa_free,
            published,
            groups,
            whole,
            pools,
            specialisation,
        };
        (world, leaks)
    }

    /// The raw values of an indicator, by group and country; `None` for one that is not known of the past (the county's, shortages at home).
    #[must_use]
    pub fn raw(&self, indicator: &str) -> Option<Scores> {
        match indicator {
            "pool" => Some(self.pools.iter().map(|pools| pools.iter().map(|pool| pool.ln_1p()).collect()).collect()),
            "specialisation" => Some(self.specialisation.clone()),
            name => {
                let position = WHOLE.iter().position(|known| *known == name)?;
                Some(vec![self.whole[position].clone(); self.groups.len()])
            }
        }
    }

    /// The scores of an indicator on its goalposts; `None` for one that is not known of the past.
    fn scored(&self, config: &Config, indicator: &str) -> Option<Scored> {
        let goalpost = config.method.goalposts.get(indicator)?;
        let scores = |raw: &[f64]| goalpost.scores(raw, config.method.fit.scale);
        match WHOLE.iter().position(|known| *known == indicator) {
            Some(position) => Some(Scored::Whole(scores(&self.whole[position]))),
            None => Some(Scored::ByGroup(self.raw(indicator)?.iter().map(|raw| scores(raw)).collect())),
        }
    }

    /// The fit of every country to every group by `weighting`, as [`crate::market`] makes it: NaN without a pool or with too little coverage.
    #[must_use]
    pub fn fits(&self, config: &Config, weighting: &Weighting) -> Scores {
        let order = Order::of([weighting]);
        let scored: Vec<Option<Scored>> = order.indicators().map(|indicator| self.scored(config, indicator)).collect();
        let mut is_of_pool = vec![false; scored.len()];
        order.of_pool().for_each(|place| is_of_pool[place] = true);
        (0..self.groups.len())
            .map(|group| {
                let known = |country: usize| self.published[country] || weighting.estimated_pools;
                let score = |(country, place): (usize, usize)| match &scored[place] {
                    Some(scored) if known(country) || !is_of_pool[place] => scored.of_group(group)[country],
                    _ => f64::NAN,
                };
                // Country by country.
                let present: Vec<f64> =
                    (0..self.countries.len()).flat_map(|country| (0..scored.len()).map(move |place| (country, place))).map(score).collect();
                let by_country = || present.chunks_exact(scored.len().max(1));
                let some = some_have(scored.len(), by_country());
                let counting = Counting::new(weighting, &order, &some);
                let fit = |(country, present): (usize, &[f64])| {
                    let fit = counting.fit(present);
                    // No pool, no rank, whether or not the weighting counts how large it is.
                    let has_pool = known(country) && !self.pools[group][country].is_nan();
                    fit.score.filter(|_| has_pool && fit.coverage >= config.method.fit.least_coverage - 1e-12).unwrap_or(f64::NAN)
                };
                by_country().enumerate().map(fit).collect()
            })
            .collect()
    }

    /// The mean of a country's fits over all groups, each weighted by its employed in Sweden: no area's order, and no county's. NaN where the groups with a
    /// fit carry too little.
    #[must_use]
    pub fn area_free(&self, fits: &Scores, least_weight: f64) -> Vec<f64> {
        let whole: f64 = self.groups.iter().map(|group| group.employed).sum();
        (0..self.countries.len())
            .map(|country| {
                let (mut sum, mut weight) = (0.0, 0.0);
                for (group, fits) in self.groups.iter().zip(fits).filter(|(_, fits)| !fits[country].is_nan()) {
                    sum += group.employed * fits[country];
                    weight += group.employed;
                }
                if weight > 0.0 && weight >= least_weight * whole { sum / weight } else { f64::NAN }
            })
            .collect()
    }
}

/// How people of a country came in, by the members of that year.
fn entry_of(past: &Figures, config: &Config, country: Country, year: i32) -> Entry {
    let dates = &config.free_movement_dates;
    let left = dates.left.get(&country).is_some_and(|last| year <= *last);
    let not_yet = dates.joined.get(&country).is_some_and(|first| year < *first);
    match past.free_movement.get(&country).map(String::as_str) {
        _ if left => Entry::Free,
        _ if not_yet => Entry::Third,
        Some("nordic") => Entry::Nordic,
        Some(_) => Entry::Free,
        None => Entry::Third,
    }
}

/// The three-digit groups: each unit group's weights to ISCO by its employed in Sweden, of the newest year not later than `year` (the register's first year
/// where that is later; then the weights alone are of a later year).
fn groups(past: &Figures, links: &BTreeMap<Ssyk, Link>, year: i32) -> Vec<Group> {
    let mut employed: BTreeMap<Ssyk, f64> = BTreeMap::new();
    for ((_, occupation), series) in &past.employed {
        if let Some(persons) = series.newest(year) {
            *employed.entry(*occupation).or_insert(0.0) += exact(persons.value.total());
        }
    }
    let mut groups: BTreeMap<SsykGroup, Group> = BTreeMap::new();
    for (occupation, link) in links.iter().filter(|(_, link)| !link.weights.is_empty()) {
        // Without a register of the time every unit group counts the same.
        let persons = if employed.is_empty() { 1.0 } else { employed.get(occupation).copied().unwrap_or(0.0) };
        let code = occupation.group();
        let group = groups.entry(code).or_insert_with(|| Group { code, weights: BTreeMap::new(), employed: 0.0 });
        group.employed += persons;
        for (isco, weight) in link.at_level(2) {
            *group.weights.entry(isco).or_insert(0.0) += persons * weight;
        }
    }
    groups.retain(|_, group| group.employed > 0.0);
    for group in groups.values_mut() {
        for weight in group.weights.values_mut() {
            *weight /= group.employed;
        }
    }
    groups.into_values().collect()
}
