//! One county's analysis from tidy figures to ranked markets: the pure core of `malmarknad run`.

use std::collections::BTreeMap;

use crate::code::{County, Ssyk};
use crate::config::Config;
use crate::crosswalk::{Link, links};
use crate::demand::{CountyDemand, demand_of_kept};
use crate::figures::{Figures, FiguresError};
use crate::gender::{GenderRow, gender};
use crate::kept::Kept;
use crate::market::{Inputs, MarketResult, rank_markets};
use crate::supply::{Supply, supply};
use crate::uncertainty::Assessed;

/// Everything that tables and reports are made from.
#[derive(Clone, Debug)]
pub struct Analysis {
    /// The run's year.
    pub year: i32,
    /// The county.
    pub county: County,
    /// SSYK → ISCO weights of every unit group.
    pub links: BTreeMap<Ssyk, Link>,
    /// The county's demand.
    pub demand: CountyDemand,
    /// Pools.
    pub supply: Supply,
    /// Fits, scores and ranks.
    pub markets: MarketResult,
    /// Women and men.
    pub gender: Vec<GenderRow>,
    /// How sure the order is; empty until [`crate::uncertainty::assess`].
    pub assessed: Assessed,
}

/// Analyses `county` in `year`, with every named weighting.
///
/// # Errors
/// The figures hold nothing as old as `year`.
pub fn analyse(figures: &Figures, config: &Config, county: County, year: i32) -> Result<Analysis, FiguresError> {
    analyse_kept(figures, config, county, year, None)
}

/// [`analyse`] from no other indicators than those that are kept; from all of them without `kept`.
///
/// # Errors
/// The figures hold nothing as old as `year`.
pub fn analyse_kept(figures: &Figures, config: &Config, county: County, year: i32, kept: Option<&Kept>) -> Result<Analysis, FiguresError> {
    let links = links(figures, &config.occupations());
    let demand = demand_of_kept(figures, config, county, year, kept)?;
    let supply = supply(figures, config, &links, &demand, year);
    let inputs = Inputs { figures, config, links: &links, demand: &demand, supply: &supply, year, kept };
    let markets = rank_markets(&inputs);
    let gender = gender(config, &demand, &supply, &markets.area_weights);
    Ok(Analysis { year, county, links, demand, supply, markets, gender, assessed: Assessed::default() })
}
