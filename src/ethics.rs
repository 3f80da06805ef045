//! The ethics and entry gate, per country and occupation (method, section 7).

use crate::code::{Country, Ssyk};
use crate::config::Config;
use crate::crosswalk::Link;
use crate::evidence::in_force;
use crate::figures::{Dated, Figures};
use crate::market::Inputs;
use crate::reason::Reason;

/// The gate's answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Gate {
    /// Free movement.
    FreeMovement,
    /// No known obstacle.
    Open,
    /// Care: the occupation is short in the country too.
    Care,
    /// No active recruitment: health occupation and a country on the WHO list.
    NoActiveRecruitment,
    /// No permit route: usual pay below the floor.
    NoPermitRoute,
}

impl Gate {
    /// The letter in the tables.
    #[must_use]
    pub fn letter(self) -> &'static str {
        match self {
            Self::FreeMovement => "A",
            Self::Open => "B",
            Self::Care => "C",
            Self::NoActiveRecruitment => "D",
            Self::NoPermitRoute => "E",
        }
    }

    /// Whether the country is out of the ranking for the occupation.
    #[must_use]
    pub fn is_closed(self) -> bool {
        matches!(self, Self::NoActiveRecruitment | Self::NoPermitRoute)
    }
}

/// Pay in an occupation in the county's NUTS 2 region, and what it says of the permit's pay floor.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Pay {
    /// Usual pay: NUTS 2 mean, else national median, kronor a month.
    pub usual: Option<Dated<f64>>,
    /// Whether the usual pay is the region's own mean.
    pub regional: bool,
    /// National upper quartile, kronor a month.
    pub upper_quartile: Option<Dated<f64>>,
}

impl Pay {
    /// Points of the entry indicator for a third country, before visa freedom.
    #[must_use]
    pub fn entry_points(&self, config: &Config, floor: f64) -> f64 {
        let points = &config.method.entry;
        if self.usual.is_some_and(|pay| pay.value >= floor) {
            points.pay_reaches_floor
        } else if self.upper_quartile.is_some_and(|pay| pay.value >= floor) || (self.usual.is_none() && self.upper_quartile.is_none()) {
            points.upper_quartile_reaches_floor
        } else {
            points.pay_below_floor
        }
    }

    /// Whether the published pay is below the floor: usual pay, or the upper quartile where that is all there is; `None` where none is published.
    #[must_use]
    pub fn below(&self, floor: f64) -> Option<bool> {
        self.usual.or(self.upper_quartile).map(|pay| pay.value < floor)
    }

    /// Whether the floor closes the occupation: pay that is not published closes nothing.
    #[must_use]
    pub fn is_below(&self, floor: f64) -> bool {
        self.below(floor) == Some(true)
    }
}

/// Pay of `occupation` in the region, from the newest year of each wage table not later than `year`.
#[must_use]
pub fn pay(figures: &Figures, region: &str, occupation: Ssyk, year: i32) -> Pay {
    // The table's newest year, not the cell's: an older cell would be compared with this year's floor.
    let newest_region = figures.pay_region.get(&(region.to_owned(), "0000".to_owned())).and_then(|series| series.newest(year));
    let newest_nation = figures.pay_dispersion.get("0000").and_then(|series| series.newest(year));
    let mean = newest_region.and_then(|newest| {
        let series = figures.pay_region.get(&(region.to_owned(), occupation.to_string()))?;
        series.at(newest.period).flatten().map(|value| Dated { period: newest.period, value })
    });
    let nation = newest_nation.and_then(|newest| {
        let pay = figures.pay_dispersion.get(occupation.as_str())?.at(newest.period)?;
        Some((pay.median, pay.upper_quartile, newest.period))
    });
    let dated = |value: Option<f64>, period: i32| value.map(|value| Dated { period, value });
    let median = nation.and_then(|(median, _, period)| dated(median, period));
    let upper_quartile = nation.and_then(|(_, upper, period)| dated(upper, period));
    Pay { usual: mean.or(median), regional: mean.is_some(), upper_quartile }
}

/// Whether the occupation is a health occupation of the WHO list.
#[must_use]
pub fn is_health_occupation(config: &Config, occupation: Ssyk) -> bool {
    let ethics = &config.method.ethics;
    ethics.health.iter().any(|prefix| occupation.starts_with(prefix)) && !ethics.health_exceptions.iter().any(|prefix| occupation.starts_with(prefix))
}

/// The share of an occupation that a country has reported short to ELA by `year`; `None` where the country does not report.
#[must_use]
pub fn reported_short(figures: &Figures, link: &Link, country: Country, year: i32) -> Option<f64> {
    let (_, listed) = figures.shortages.get(&country).filter(|(period, _)| *period <= year)?;
    Some(link.weights.iter().filter(|(group, _)| listed.contains(group)).map(|(_, weight)| weight).sum())
}

/// The gate for a country and an occupation, with the reason; an open gate needs none, unless an agreement has opened it.
#[must_use]
pub fn gate(inputs: &Inputs, pay: &Pay, country: Country, occupation: Ssyk) -> (Gate, Option<Reason>) {
    let Inputs { figures, config, links, .. } = *inputs;
    let free = figures.free_movement.contains_key(&country);
    let listed = figures.who_list.get(&country).filter(|_| is_health_occupation(config, occupation));
    let agreement = listed.and_then(|_| in_force(&config.agreements, country, occupation, inputs.year));
    if let (Some(listed), None) = (listed, agreement) {
        return (Gate::NoActiveRecruitment, Some(Reason::WhoList { listed: *listed }));
    }
    let floor = &config.permit_rules.pay_floor;
    if !free && pay.is_below(floor.floor) {
        let pay = pay.usual.or(pay.upper_quartile).map_or(0.0, |pay| pay.value);
        return (Gate::NoPermitRoute, Some(Reason::PayBelowFloor { pay, floor: floor.floor, valid_from: floor.valid_from.clone() }));
    }
    if let Some(short) = links.get(&occupation).and_then(|link| reported_short(figures, link, country, inputs.year))
        && short > config.method.ethics.care_share + 1e-12
    {
        let year = figures.shortages.get(&country).map_or(0, |(year, _)| *year);
        return (Gate::Care, Some(Reason::ShortAtHome { share: short, year }));
    }
    match agreement {
        _ if free => (Gate::FreeMovement, Some(Reason::FreeMovement)),
        Some(agreement) => {
            (Gate::Open, Some(Reason::Agreement { name: agreement.name.clone(), valid_to: agreement.valid_to.map(|day| day.to_string()) }))
        }
        None => (Gate::Open, None),
    }
}
