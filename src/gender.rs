//! Women and men (method, section 5): shares in the county, in Sweden and in the market, and what recruiting would do to them.

use crate::code::Ssyk;
use crate::config::{Area, Config, GenderMethod};
use crate::demand::{CountyDemand, exact};
use crate::figures::Persons;
use crate::market::AreaWeights;
use crate::supply::{Market, Supply, share_women};

/// A class of the share of women: bounds in percent, lower bound included.
#[must_use]
pub fn class(share: f64, bounds: &[f64; 4]) -> String {
    let percent = |bound: f64| format!("{:.0}", bound * 100.0);
    match bounds.iter().position(|bound| share < *bound) {
        Some(0) => format!("<{}", percent(bounds[0])),
        Some(position) => format!("{}-{}", percent(bounds[position - 1]), percent(bounds[position])),
        None => format!(">{}", percent(bounds[3])),
    }
}

/// The share of women that a report may tell: none on a small base, nor where one sex is so few that the share would tell the count.
#[must_use]
pub fn told_share(persons: Persons, method: &GenderMethod) -> Option<f64> {
    let is_few = |count: i64| (1..=method.small_count).contains(&count);
    share_women(persons, method.least_base).filter(|_| !is_few(persons.women) && !is_few(persons.men))
}

/// What recruiting from a market does to an occupation's balance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Recruits {
    /// Recruits, drawn like the market's pool, that bring the smaller sex to the level; `None` where no number does.
    pub needed: Option<i64>,
    /// Whether that is no more than are employed in the occupation.
    pub reachable: bool,
}

/// The share of women after `recruits` persons drawn like a pool with `market_share` women: `(F + n·f)/(F + M + n)`.
#[must_use]
pub fn share_after(now: Persons, market_share: f64, recruits: f64) -> Option<f64> {
    let after = exact(now.total()) + recruits;
    (after > 0.0).then(|| (exact(now.women) + recruits * market_share) / after)
}

/// How many recruits bring the smaller sex to `level`.
#[must_use]
pub fn recruits_to(now: Persons, market_share: f64, level: f64) -> Recruits {
    let total = exact(now.total());
    let (smaller, share) = if now.women <= now.men { (exact(now.women), market_share) } else { (exact(now.men), 1.0 - market_share) };
    if smaller >= level * total {
        return Recruits { needed: Some(0), reachable: true };
    }
    if share <= level {
        return Recruits { needed: None, reachable: false };
    }
    // A whole person; the small step back keeps an exact solution from being rounded up by its last bit.
    let needed = ((level * total - smaller) / (share - level) - 1e-9).ceil();
    let whole = needed.min(9e15) as i64;
    Recruits { needed: Some(whole), reachable: whole <= now.total() }
}

/// One row of the table `gender`.
#[derive(Clone, Debug, PartialEq)]
pub struct GenderRow {
    /// Key of the area.
    pub area: String,
    /// Occupation.
    pub occupation: Ssyk,
    /// Market.
    pub market: Market,
    /// Share of women in the county; `None` on a small base.
    pub share_county: Option<f64>,
    /// Share of women in Sweden.
    pub share_sweden: Option<f64>,
    /// Share of women in the market's pool.
    pub share_market: Option<f64>,
    /// Class of the county's share.
    pub class_county: Option<String>,
    /// What recruiting does; `None` where a share is unknown.
    pub recruits: Option<Recruits>,
}

/// The table `gender`: every recruited occupation of an area with every market that has a pool.
#[must_use]
pub fn gender(config: &Config, demand: &CountyDemand, supply: &Supply, area_weights: &[AreaWeights]) -> Vec<GenderRow> {
    let method = &config.method.gender;
    let markets: Vec<Market> =
        supply.countries.iter().copied().map(Market::Country).chain(supply.counties.iter().copied().map(Market::County)).collect();
    let mut rows = Vec::new();
    for area in area_weights {
        for occupation in area.weights.keys() {
            let Some(row) = demand.occupations.get(occupation) else { continue };
            let share_county = share_women(row.employed, method.least_base);
            let share_sweden = share_women(row.employed_sweden, method.least_base);
            let class_county = share_county.map(|share| class(share, &method.class_bounds));
            for market in &markets {
                let Some(pool) = supply.pools.get(&(*market, *occupation)) else { continue };
                // A county's pool is a count; no share on a small base.
                let enough = pool.total >= method.least_base as f64;
                let share_market = pool.share_women.filter(|_| enough || matches!(market, Market::Country(_)));
                let recruits = share_county.zip(share_market).map(|(_, share)| recruits_to(row.employed, share, method.balance));
                rows.push(GenderRow {
                    area: area.area.clone(),
                    occupation: *occupation,
                    market: *market,
                    share_county,
                    share_sweden,
                    share_market,
                    class_county: class_county.clone(),
                    recruits,
                });
            }
        }
    }
    rows
}

/// Duncan's index of an area: `½·Σ |F_o/F − M_o/M|`, the share of either sex that would have to change occupation.
#[must_use]
pub fn duncan(area: &Area, demand: &CountyDemand) -> Option<f64> {
    let rows: Vec<Persons> = area.occupations.keys().filter_map(|occupation| demand.occupations.get(occupation)).map(|row| row.employed).collect();
    let (women, men) = rows.iter().fold((0, 0), |(women, men), row| (women + row.women, men + row.men));
    (women > 0 && men > 0).then(|| rows.iter().map(|row| (exact(row.women) / exact(women) - exact(row.men) / exact(men)).abs()).sum::<f64>() / 2.0)
}
