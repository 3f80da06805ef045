//! What two runs both have figures for. With it a ranking is made from nothing else, so that what came or went between the runs is held apart from what
//! changed (method, section 9).

use std::collections::{BTreeMap, BTreeSet};

use crate::analysis::Analysis;
use crate::code::Ssyk;
use crate::supply::Market;

/// The indicators that count: points of an occupation's shortage, and indicators of a market that it has for itself or for some occupation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Kept {
    points: BTreeSet<(Ssyk, usize)>,
    indicators: BTreeMap<Market, BTreeSet<&'static str>>,
}

impl Kept {
    /// Everything that an analysis has.
    #[must_use]
    pub fn of(analysis: &Analysis) -> Self {
        let points = analysis.demand.occupations.values().flat_map(|row| {
            let present = row.indicator_points.iter().enumerate().filter(|(_, points)| points.is_some());
            present.map(|(position, _)| (row.occupation, position))
        });
        let mut indicators: BTreeMap<Market, BTreeSet<&str>> = BTreeMap::new();
        for value in &analysis.markets.indicators {
            indicators.entry(value.market).or_default().insert(value.indicator);
        }
        Self { points: points.collect(), indicators }
    }

    /// What both have.
    #[must_use]
    pub fn and(&self, other: &Self) -> Self {
        let shared = |(market, own): (&Market, &BTreeSet<&'static str>)| {
            let theirs = other.indicators.get(market)?;
            Some((*market, own.intersection(theirs).copied().collect()))
        };
        Self { points: self.points.intersection(&other.points).copied().collect(), indicators: self.indicators.iter().filter_map(shared).collect() }
    }

    /// Whether the points at `position` of [`crate::demand::INDICATORS`] count for an occupation.
    #[must_use]
    pub fn has_points(&self, occupation: Ssyk, position: usize) -> bool {
        self.points.contains(&(occupation, position))
    }

    /// Whether an indicator counts for a market.
    #[must_use]
    pub fn has_indicator(&self, market: Market, indicator: &str) -> bool {
        self.indicators.get(&market).is_some_and(|names| names.contains(indicator))
    }

    /// How many points of occupations and indicators of markets there are.
    #[must_use]
    pub fn counts(&self) -> (usize, usize) {
        (self.points.len(), self.indicators.values().map(BTreeSet::len).sum())
    }
}
