//! What each market has of an occupation's people (method, section 4, and the sexes abroad of section 5).

use std::collections::BTreeMap;

use crate::code::{Country, County, Isco, Sex, Ssyk};
use crate::config::{Config, EstimatedPoolMethod};
use crate::crosswalk::Link;
use crate::demand::{CountyDemand, exact};
use crate::figures::{Dated, Figures, Persons};

/// A target market. Countries and counties are ranked separately, never mixed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Market {
    /// A country.
    Country(Country),
    /// A Swedish county.
    County(County),
}

impl Market {
    /// The word in the tables.
    #[must_use]
    pub fn kind(self) -> MarketKind {
        match self {
            Self::Country(_) => MarketKind::Country,
            Self::County(_) => MarketKind::County,
        }
    }

    /// The code in the tables.
    #[must_use]
    pub fn code(&self) -> &str {
        match self {
            Self::Country(country) => country.as_str(),
            Self::County(county) => county.as_str(),
        }
    }
}

/// Kinds of market.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum MarketKind {
    /// Countries.
    Country,
    /// Swedish counties.
    County,
}

impl MarketKind {
    /// The word in the tables.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Country => "country",
            Self::County => "county",
        }
    }
}

/// The level of the occupation figures that a pool rests on, finest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Two ISCO digits by sex.
    TwoDigitsBySex,
    /// Two ISCO digits, the sexes borrowed from the major group (*skattad*).
    TwoDigitsBorrowedSex,
    /// Two ISCO digits, sexes unknown.
    TwoDigits,
    /// One ISCO digit by sex.
    OneDigitBySex,
    /// Estimated from the country's income, where no shares of occupations are published (*skattad*).
    Estimated,
    /// The Swedish register: unit group by sex.
    UnitGroupBySex,
}

impl Level {
    /// The word in the tables.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::TwoDigitsBySex => "isco2_sex",
            Self::TwoDigitsBorrowedSex => "isco2_borrowed_sex",
            Self::TwoDigits => "isco2_both",
            Self::OneDigitBySex => "isco1_sex",
            Self::Estimated => "isco_estimated",
            Self::UnitGroupBySex => "ssyk4_sex",
        }
    }
}

/// The people of an occupation in a market.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pool {
    /// Persons.
    pub total: f64,
    /// Share of women, where it is known or estimated.
    pub share_women: Option<f64>,
    /// The pool's share of the market's employment.
    pub share: f64,
    /// Level of the figures.
    pub level: Level,
    /// Year of the occupation figures.
    pub period: i32,
    /// Year of the employment total.
    pub employed_period: i32,
}

impl Pool {
    /// Women, persons; an empty pool has none whatever its share.
    #[must_use]
    pub fn women(&self) -> Option<f64> {
        if self.total == 0.0 { Some(0.0) } else { self.share_women.map(|share| share * self.total) }
    }

    /// Men, persons.
    #[must_use]
    pub fn men(&self) -> Option<f64> {
        if self.total == 0.0 { Some(0.0) } else { self.share_women.map(|share| (1.0 - share) * self.total) }
    }
}

/// Which ISCO level the ranking of countries uses, and how many candidates have each.
#[derive(Clone, Debug, PartialEq)]
pub struct LevelChoice {
    /// Digits of the level used: 2 or 1.
    pub digits: u8,
    /// Candidates that have two digits, both sexes.
    pub with_two_digits: usize,
    /// Candidates that have one digit by sex.
    pub with_one_digit: usize,
    /// Candidates.
    pub candidates: usize,
    /// Whether the chosen level reaches the share that the method asks for.
    pub reaches: bool,
}

/// A country whose published employment exceeds its population: impossible, and used as published, so every report says so.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Implausible {
    /// The country.
    pub country: Country,
    /// Employed persons.
    pub employed: Dated<f64>,
    /// Inhabitants.
    pub population: Dated<f64>,
}

/// Supply of all markets for the occupations that are recruited.
#[derive(Clone, Debug, PartialEq)]
pub struct Supply {
    /// Candidate countries, in code order.
    pub countries: Vec<Country>,
    /// Countries on the list of those not recruited from, of candidate size.
    pub not_recruited: Vec<Country>,
    /// Other counties, in code order.
    pub counties: Vec<County>,
    /// Population of each candidate.
    pub population: BTreeMap<Country, Dated<f64>>,
    /// The level.
    pub level: LevelChoice,
    /// Candidates with more employed than inhabitants.
    pub implausible: Vec<Implausible>,
    /// Shares of occupations by country and ISCO group, estimated where none are published.
    pub estimated: EstimatedShares,
    /// Pools, published and estimated: absent where missing.
    pub pools: BTreeMap<(Market, Ssyk), Pool>,
    /// Sweden's own pool share by occupation, at the level of the ranking.
    pub sweden_share: BTreeMap<Ssyk, f64>,
}

/// Shares of ISCO groups that are estimated from income (method, section 10).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct EstimatedShares {
    /// Shares by country, for those that publish none, each country's sum 1.
    pub shares: BTreeMap<Country, BTreeMap<Isco, f64>>,
    /// Year of the income that a country's shares rest on.
    pub periods: BTreeMap<Country, i32>,
    /// Root mean square error of the estimates over the published shares' mean, each country estimated from all others: 0.5 is half the share.
    pub variation: BTreeMap<Isco, f64>,
}

/// Sums over the countries of a group's line, from which any one country can be taken out again.
#[derive(Clone, Copy, Default)]
struct Sums {
    count: f64,
    x: f64,
    y: f64,
    xx: f64,
    xy: f64,
}

impl Sums {
    fn add(&mut self, x: f64, y: f64, sign: f64) {
        self.count += sign;
        self.x += sign * x;
        self.y += sign * y;
        self.xx += sign * x * x;
        self.xy += sign * x * y;
    }

    /// The least-squares line at `x`; `None` where all incomes are equal.
    fn at(&self, x: f64) -> Option<f64> {
        let (mean_x, mean_y) = (self.x / self.count, self.y / self.count);
        let spread = self.xx / self.count - mean_x * mean_x;
        (spread > 1e-12).then(|| mean_y + (self.xy / self.count - mean_x * mean_y) / spread * (x - mean_x))
    }
}

/// Estimates the shares of ISCO groups of every country in `wanted` that has an income but no published shares: for each group a least-squares line of
/// ln(share + offset) on ln of gross domestic product per person over the countries in `published`, scaled to sum 1.
#[must_use]
pub fn estimate_shares(
    published: &BTreeMap<Country, (i32, BTreeMap<Isco, f64>)>,
    income: &BTreeMap<Country, Dated<f64>>,
    wanted: &[Country],
    method: &EstimatedPoolMethod,
) -> EstimatedShares {
    let mut lines: BTreeMap<Isco, Sums> = BTreeMap::new();
    for (country, (_, shares)) in published {
        let Some(income) = income.get(country) else { continue };
        for (group, share) in shares {
            lines.entry(*group).or_default().add(income.value.ln(), (share + method.offset).ln(), 1.0);
        }
    }
    lines.retain(|_, sums| sums.count >= method.least_countries as f64);
    let scaled = |lines: &BTreeMap<Isco, Sums>, x: f64| -> BTreeMap<Isco, f64> {
        let raw: BTreeMap<Isco, f64> =
            lines.iter().filter_map(|(group, line)| Some((*group, (line.at(x)?.exp() - method.offset).max(0.0)))).collect();
        let whole: f64 = raw.values().sum();
        raw.into_iter().filter(|_| whole > 0.0).map(|(group, share)| (group, share / whole)).collect()
    };
    let mut errors: BTreeMap<Isco, (f64, f64, f64)> = BTreeMap::new();
    for (country, (_, shares)) in published {
        let Some(income) = income.get(country) else { continue };
        let x = income.value.ln();
        let mut others = lines.clone();
        for (group, share) in shares {
            if let Some(line) = others.get_mut(group) {
                line.add(x, (share + method.offset).ln(), -1.0);
            }
        }
        for (group, estimate) in scaled(&others, x) {
            if let Some(share) = shares.get(&group) {
                let (squares, sum, count) = errors.entry(group).or_insert((0.0, 0.0, 0.0));
                *squares += (estimate - share) * (estimate - share);
                *sum += share;
                *count += 1.0;
            }
        }
    }
    let variation = errors
        .into_iter()
        .filter(|(_, (_, sum, _))| *sum > 0.0)
        .map(|(group, (squares, sum, count))| (group, (squares / count).sqrt() / (sum / count)))
        .collect();
    let mut estimated = EstimatedShares { variation, ..EstimatedShares::default() };
    for country in wanted.iter().filter(|country| !published.contains_key(*country)) {
        let Some(income) = income.get(country) else { continue };
        let shares = scaled(&lines, income.value.ln());
        if !shares.is_empty() {
            estimated.shares.insert(*country, shares);
            estimated.periods.insert(*country, income.period);
        }
    }
    estimated
}

/// A country's employment shares not later than `year` and not older than the method allows.
fn shares_of<'a>(figures: &'a Figures, config: &Config, country: Country, year: i32) -> Option<(i32, &'a BTreeMap<Isco, f64>)> {
    let (period, shares) = figures.shares.get(&country)?.range(..=year).next_back()?;
    (year - period <= config.method.supply.oldest_share_years).then_some((*period, shares))
}

/// Shares of the major groups in classified employment, newest year with both sexes of every group that is published.
fn major_shares(figures: &Figures, config: &Config, country: Country, year: i32) -> Option<(i32, BTreeMap<Isco, f64>)> {
    let groups: Vec<(Isco, &BTreeMap<i32, crate::figures::MajorGroup>)> = figures
        .major_groups
        .range((country, None)..)
        .take_while(|((other, _), _)| *other == country)
        .filter_map(|((_, group), years)| group.map(|group| (group, years)))
        .collect();
    let period = groups.iter().filter_map(|(_, years)| years.range(..=year).next_back().map(|(period, _)| *period)).max()?;
    if year - period > config.method.supply.oldest_share_years {
        return None;
    }
    let sums: BTreeMap<Isco, f64> = groups
        .iter()
        .filter_map(|(group, years)| {
            let cell = years.get(&period)?;
            Some((*group, cell.women? + cell.men?))
        })
        .collect();
    // NRP (no response) jumps between years, so shares are of classified employment.
    let whole: f64 = sums.values().sum();
    (whole > 0.0).then(|| (period, sums.into_iter().map(|(group, sum)| (group, sum / whole)).collect()))
}

/// Share of women of a major group in a country, newest year in which both sexes have a figure.
#[must_use]
pub fn share_women_of_major_group(figures: &Figures, country: Country, group: Isco, year: i32) -> Option<Dated<f64>> {
    let years = figures.major_groups.get(&(country, Some(group)))?;
    years.range(..=year).rev().find_map(|(period, cell)| {
        let (women, men) = (cell.women?, cell.men?);
        (women + men > 0.0).then(|| Dated { period: *period, value: women / (women + men) })
    })
}

/// A country's shares of employment by ISCO groups of `digits` digits, and their year.
#[must_use]
pub fn shares_at_level(figures: &Figures, config: &Config, country: Country, year: i32, digits: u8) -> Option<(i32, BTreeMap<Isco, f64>)> {
    if digits == 2 {
        shares_of(figures, config, country, year).map(|(period, shares)| (period, shares.clone()))
    } else {
        major_shares(figures, config, country, year)
    }
}

fn logit(share: f64) -> f64 {
    (share / (1.0 - share)).ln()
}

fn logistic(value: f64) -> f64 {
    1.0 / (1.0 + (-value).exp())
}

/// The share of women in an occupation abroad, estimated from Sweden's and the major groups' (method, section 5):
/// `logit f = logit f_SE(o) + logit f(c, major) − logit f(SE, major)`.
///
/// An occupation of one sex in Sweden (share 0 or 1) has no logit and stays of one sex.
#[must_use]
pub fn borrowed_share_women(sweden: f64, abroad_major: f64, sweden_major: f64) -> Option<f64> {
    if sweden <= 0.0 || sweden >= 1.0 {
        return Some(sweden.clamp(0.0, 1.0));
    }
    let value = logit(sweden) + logit(abroad_major) - logit(sweden_major);
    (!value.is_nan()).then(|| logistic(value))
}

/// Share of women among persons, none on a base below `least`.
#[must_use]
pub fn share_women(persons: Persons, least: i64) -> Option<f64> {
    let total = persons.total();
    (total >= least && total > 0).then(|| exact(persons.women) / exact(total))
}

/// Sum of `k · share` over the groups that a country publishes; missing where they carry too little of the occupation.
pub(crate) fn pool_share(weights: &BTreeMap<Isco, f64>, shares: &BTreeMap<Isco, f64>, least: f64) -> Option<f64> {
    let (mut sum, mut carried) = (0.0, 0.0);
    for (group, weight) in weights {
        if let Some(share) = shares.get(group) {
            sum += weight * share;
            carried += weight;
        }
    }
    (carried >= least - 1e-12).then_some(sum)
}

/// What the pools of any occupation in the candidate countries are made from, at the level of the ranking.
pub(crate) struct PoolFigures<'a> {
    figures: &'a Figures,
    year: i32,
    digits: u8,
    /// Share of an occupation's crosswalk that a country must publish.
    least: f64,
    /// Published shares by country, with their year.
    shares: BTreeMap<Country, (i32, BTreeMap<Isco, f64>)>,
    estimated: &'a EstimatedShares,
}

impl<'a> PoolFigures<'a> {
    /// As in a `supply` that is made.
    pub(crate) fn new(figures: &'a Figures, config: &Config, supply: &'a Supply, year: i32) -> Self {
        let digits = supply.level.digits;
        let countries = supply.countries.iter().chain([&Country::SWEDEN]);
        let shares = countries.filter_map(|country| Some((*country, shares_at_level(figures, config, *country, year, digits)?))).collect();
        Self { figures, year, digits, least: config.method.supply.least_crosswalk_weight, shares, estimated: &supply.estimated }
    }

    /// The people of an occupation in a country, its sexes borrowed from the major group and Sweden's share of women in the occupation.
    pub(crate) fn pool(&self, country: Country, link: &Link, women_sweden: Option<f64>) -> Option<Pool> {
        let employed = self.figures.employed_abroad.get(&(country, Sex::Total)).and_then(|series| series.newest(self.year))?;
        let published = self.shares.get(&country).map(|(period, shares)| (*period, shares, true));
        let found = published.or_else(|| Some((*self.estimated.periods.get(&country)?, self.estimated.shares.get(&country)?, false)));
        let (period, abroad, is_published) = found?;
        let share = pool_share(&link.at_level(self.digits), abroad, self.least)?;
        // An estimate is as old as the older of its two figures: an old employment total (Congo's is of 2009) must be warned of.
        let period = if is_published { period } else { period.min(employed.period) };
        let borrowed = women_sweden.zip(link.main_major_group()).and_then(|(women, major)| {
            let there = share_women_of_major_group(self.figures, country, major, self.year)?;
            let here = share_women_of_major_group(self.figures, Country::SWEDEN, major, self.year)?;
            borrowed_share_women(women, there.value, here.value)
        });
        let level = match (is_published, self.digits, borrowed) {
            (false, _, _) => Level::Estimated,
            (true, 1, _) => Level::OneDigitBySex,
            (true, _, Some(_)) => Level::TwoDigitsBorrowedSex,
            (true, _, None) => Level::TwoDigits,
        };
        Some(Pool { total: share * employed.value, share_women: borrowed, share, level, period, employed_period: employed.period })
    }
}

/// The supply for `demand`'s recruited occupations in the run's `year`.
#[must_use]
pub fn supply(figures: &Figures, config: &Config, links: &BTreeMap<Ssyk, Link>, demand: &CountyDemand, year: i32) -> Supply {
    let method = &config.method;
    let population: BTreeMap<Country, Dated<f64>> = figures
        .population
        .iter()
        .filter_map(|(country, series)| Some((*country, series.newest(year)?)))
        .filter(|(country, persons)| *country != Country::SWEDEN && persons.value >= method.supply.least_population)
        .collect();
    let (not_recruited, countries): (Vec<Country>, Vec<Country>) =
        population.keys().copied().partition(|country| config.not_recruited.contains_key(country));
    let counties: Vec<County> = config.codes.counties().map(|(county, _)| county).filter(|county| *county != demand.county).collect();

    let employed = |country: Country| figures.employed_abroad.get(&(country, Sex::Total)).and_then(|series| series.newest(year));
    let implausible: Vec<Implausible> = countries
        .iter()
        .filter_map(|country| Some(Implausible { country: *country, employed: employed(*country)?, population: *population.get(country)? }))
        .filter(|found| found.employed.value > found.population.value)
        .collect();
    let has_two = |country: &&Country| shares_of(figures, config, **country, year).is_some() && employed(**country).is_some();
    let has_one = |country: &&Country| major_shares(figures, config, **country, year).is_some() && employed(**country).is_some();
    let with_two_digits = countries.iter().filter(has_two).count();
    let with_one_digit = countries.iter().filter(has_one).count();
    let enough = |count: usize| {
        let share = count as f64 / countries.len().max(1) as f64;
        share >= method.supply.level_coverage
    };
    // Two digits by sex are not among the figures yet; then the finest level that enough candidates have, else the level that most have.
    let digits = if enough(with_two_digits) || (!enough(with_one_digit) && with_two_digits >= with_one_digit) { 2 } else { 1 };
    let reaches = enough(if digits == 2 { with_two_digits } else { with_one_digit });
    let level = LevelChoice { digits, with_two_digits, with_one_digit, candidates: countries.len(), reaches };

    let employed_here: BTreeMap<County, i64> =
        counties.iter().map(|county| (*county, employed_in_county(figures, config, *county, demand.period).total())).collect();

    let mut pools = BTreeMap::new();
    let mut sweden_share = BTreeMap::new();
    let shares: BTreeMap<Country, (i32, BTreeMap<Isco, f64>)> = countries
        .iter()
        .chain([&Country::SWEDEN])
        .filter_map(|country| Some((*country, shares_at_level(figures, config, *country, year, digits)?)))
        .collect();
    let income: BTreeMap<Country, Dated<f64>> =
        figures.income.iter().filter_map(|(country, series)| Some((*country, series.newest(year)?))).collect();
    let estimated = estimate_shares(&shares, &income, &countries, &method.estimated_pool);
    let abroad = PoolFigures { figures, year, digits, least: method.supply.least_crosswalk_weight, shares, estimated: &estimated };
    for (occupation, row) in demand.occupations.iter().filter(|(_, row)| row.rating.is_recruited()) {
        let Some(link) = links.get(occupation) else { continue };
        if let Some((_, home)) = abroad.shares.get(&Country::SWEDEN)
            && let Some(share) = pool_share(&link.at_level(digits), home, abroad.least)
        {
            sweden_share.insert(*occupation, share);
        }
        let women_sweden = share_women(row.employed_sweden, method.gender.least_base);
        for country in &countries {
            if let Some(pool) = abroad.pool(*country, link, women_sweden) {
                pools.insert((Market::Country(*country), *occupation), pool);
            }
        }
        for county in &counties {
            let Some(cell) = figures.employed.get(&(*county, *occupation)).and_then(|series| series.at(demand.period)) else { continue };
            let whole = employed_here[county];
            if whole == 0 {
                continue;
            }
            let pool = Pool {
                total: exact(cell.total()),
                share_women: (cell.total() > 0).then(|| exact(cell.women) / exact(cell.total())),
                share: exact(cell.total()) / exact(whole),
                level: Level::UnitGroupBySex,
                period: demand.period,
                employed_period: demand.period,
            };
            pools.insert((Market::County(*county), *occupation), pool);
        }
    }
    Supply { countries, not_recruited, counties, population, level, implausible, estimated, pools, sweden_share }
}

/// Employed in a county in all occupations of the method.
#[must_use]
pub fn employed_in_county(figures: &Figures, config: &Config, county: County, period: i32) -> Persons {
    let left_out = &config.method.units.left_out_prefixes;
    let mut sum = Persons::default();
    let first = config.codes.occupations().map(|(code, _)| code).next();
    let Some(first) = first else { return sum };
    for ((_, _), series) in figures
        .employed
        .range((county, first)..)
        .take_while(|((other, _), _)| *other == county)
        .filter(|((_, code), _)| !left_out.iter().any(|prefix| code.starts_with(prefix)))
    {
        if let Some(cell) = series.at(period) {
            sum += cell;
        }
    }
    sum
}
