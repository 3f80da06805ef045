//! Skilled-needs analysis (*nulägesanalys*; method, section 8): for the occupations of SSYK major groups 1–3 of an area, need now and in five years, pay against
//! income where most people of the occupation are, who competes for them, and how many there are in the world.

use std::collections::BTreeMap;

use crate::analysis::Analysis;
use crate::code::{Country, Sex, Ssyk};
use crate::config::{Config, OccupationRule};
use crate::demand::Demand;
use crate::ethics::{Gate, reported_short};
use crate::figures::{Dated, Figures};
use crate::index::median;
use crate::influence::{PayBasis, pay_of_sex, pay_that_decides};
use crate::market::Inputs;
use crate::supply::{Level, Pool, PoolFigures, share_women};

/// The five-year forecast in a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outlook {
    /// The need increases.
    Increases,
    /// It stays.
    Unchanged,
    /// It decreases.
    Decreases,
}

impl Outlook {
    /// The word in the tables.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Increases => "öka",
            Self::Unchanged => "vara oförändrad",
            Self::Decreases => "minska",
        }
    }
}

/// A country's people in an occupation, and what income is there.
#[derive(Clone, Debug, PartialEq)]
pub struct CountryPool {
    /// The country.
    pub country: Country,
    /// Its people.
    pub pool: Pool,
    /// Gross domestic product per person at purchasing power parity.
    pub income: Option<Dated<f64>>,
    /// The same as a share of Sweden's newest.
    pub income_share: Option<f64>,
    /// Share of the occupation that the country reports short; `None` where it does not report.
    pub short: Option<f64>,
    /// What recruiting there meets (method, section 7).
    pub gate: Gate,
}

/// An occupation and its people in the world.
#[derive(Clone, Debug, PartialEq)]
pub struct SkilledNeed<'a> {
    /// The county's demand.
    pub demand: &'a Demand,
    /// The forecast; `None` where Arbetsförmedlingen says nothing.
    pub outlook: Option<Outlook>,
    /// Share of women in the county and in Sweden, none on a small base.
    pub share_women: [Option<f64>; 2],
    /// Usual pay in the county's region, kronor a month, and which pay it is.
    pub pay: Option<(Dated<f64>, PayBasis)>,
    /// Women's and men's pay of the same table.
    pub pay_by_sex: [Option<f64>; 2],
    /// Whether the pay is under the floor of a work permit; `None` where no pay is published.
    pub below_floor: Option<bool>,
    /// Countries other than Sweden that report the occupation short to the European Labour Authority, in code order.
    pub competitors: Vec<Country>,
    /// Countries other than Sweden that report at all.
    pub reporting: usize,
    /// Every candidate country with people in the occupation, the largest first.
    pub pools: Vec<CountryPool>,
    /// Median of the income shares in the largest pools.
    pub income_share: Option<f64>,
    /// The rules for the occupation, each with whether it holds for all of its jobs.
    pub rules: Vec<(&'a OccupationRule, bool)>,
}

impl SkilledNeed<'_> {
    /// The occupation.
    #[must_use]
    pub fn occupation(&self) -> Ssyk {
        self.demand.occupation
    }

    /// Whether it is short or watched now.
    #[must_use]
    pub fn is_needed_now(&self) -> bool {
        self.demand.rating.is_recruited()
    }

    /// The world's people in the occupation: of countries that publish, and of all with an estimate too.
    #[must_use]
    pub fn world(&self) -> [f64; 2] {
        let sum = |kept: fn(&&CountryPool) -> bool| self.pools.iter().filter(kept).fold(0.0, |sum, pool| sum + pool.pool.total);
        [sum(|pool| pool.pool.level != Level::Estimated), sum(|_| true)]
    }

    /// How many countries publish, and how many are estimated.
    #[must_use]
    pub fn countries(&self) -> [usize; 2] {
        let estimated = self.pools.iter().filter(|pool| pool.pool.level == Level::Estimated).count();
        [self.pools.len() - estimated, estimated]
    }

    /// Women, men and the number of countries over the pools whose sexes are known.
    #[must_use]
    pub fn world_by_sex(&self) -> (f64, f64, usize) {
        let known = self.pools.iter().filter_map(|pool| pool.pool.women().zip(pool.pool.men()));
        known.fold((0.0, 0.0, 0), |(women, men, count), (own_women, own_men)| (women + own_women, men + own_men, count + 1))
    }
}

/// The forecast that the points stand for: those of an unchanged need are the middle.
fn outlook(points: Option<f64>, unchanged: f64) -> Option<Outlook> {
    let points = points?;
    Some(match points.total_cmp(&unchanged) {
        std::cmp::Ordering::Greater => Outlook::Increases,
        std::cmp::Ordering::Equal => Outlook::Unchanged,
        std::cmp::Ordering::Less => Outlook::Decreases,
    })
}

/// Whether an occupation is one of the analysis: managers, and those that ask for higher education or equivalent.
#[must_use]
pub fn is_skilled(config: &Config, occupation: Ssyk) -> bool {
    config.method.skilled.major_groups.iter().any(|group| occupation.starts_with(group))
}

/// The skilled occupations of every area that the county's register has, by code.
#[must_use]
pub fn skilled_needs<'a>(analysis: &'a Analysis, config: &'a Config, figures: &'a Figures) -> BTreeMap<Ssyk, SkilledNeed<'a>> {
    let listed = |occupation: &Ssyk| config.areas.iter().any(|area| area.occupations.contains_key(occupation));
    let rows: Vec<&Demand> = analysis
        .demand
        .occupations
        .values()
        .filter(|row| is_skilled(config, row.occupation) && listed(&row.occupation) && row.employed.total() > 0)
        .collect();
    let world = PoolFigures::new(figures, config, &analysis.supply, analysis.year);
    let inputs =
        Inputs { figures, config, links: &analysis.links, demand: &analysis.demand, supply: &analysis.supply, year: analysis.year, kept: None };
    let region = config.codes.county_info(analysis.county).nuts2.as_str();
    rows.into_iter().map(|demand| (demand.occupation, need(&inputs, analysis, &world, region, demand))).collect()
}

fn need<'a>(inputs: &Inputs<'a>, analysis: &'a Analysis, world: &PoolFigures, region: &str, demand: &'a Demand) -> SkilledNeed<'a> {
    let Inputs { figures, config, year, .. } = *inputs;
    let method = &config.method;
    let occupation = demand.occupation;
    let published = analysis.markets.pay.get(&occupation).copied().unwrap_or_default();
    let pay = pay_that_decides(&published);
    let by_sex = |sex| pay.and_then(|(pay, basis)| pay_of_sex(figures, region, occupation, sex, pay.period, basis));
    let link = analysis.links.get(&occupation);
    let short = |country: Country| link.and_then(|link| reported_short(figures, link, country, year));
    let reporting = || figures.shortages.iter().filter(|(country, (period, _))| **country != Country::SWEDEN && *period <= year);
    let is_short = |country: &Country| short(*country).is_some_and(|share| share > method.ethics.care_share + 1e-12);
    let income = |country: Country| figures.income.get(&country).and_then(|series| series.newest(year));
    let home = income(Country::SWEDEN);
    let women_sweden = share_women(demand.employed_sweden, method.gender.least_base);
    let mut pools: Vec<CountryPool> = analysis
        .supply
        .countries
        .iter()
        .filter_map(|country| {
            let pool = world.pool(*country, link?, women_sweden)?;
            let income = income(*country);
            Some(CountryPool {
                country: *country,
                pool,
                income,
                income_share: income.zip(home).map(|(there, here)| there.value / here.value),
                short: short(*country),
                gate: crate::ethics::gate(inputs, &published, *country, occupation).0,
            })
        })
        .collect();
    pools.sort_by(|first, second| second.pool.total.total_cmp(&first.pool.total).then(first.country.cmp(&second.country)));
    SkilledNeed {
        demand,
        outlook: outlook(demand.indicator_points[1], method.demand.outlook.unchanged),
        share_women: [share_women(demand.employed, method.gender.least_base), women_sweden],
        pay,
        pay_by_sex: [by_sex(Sex::Women), by_sex(Sex::Men)],
        below_floor: published.below(config.permit_rules.pay_floor.floor),
        competitors: reporting().map(|(country, _)| *country).filter(is_short).collect(),
        reporting: reporting().count(),
        income_share: median(pools.iter().take(method.skilled.largest_pools).filter_map(|pool| pool.income_share).collect()),
        pools,
        rules: config.rules_of(occupation).collect(),
    }
}
