//! One country as its document sees it: the areas where it comes first, its occupations by fit, what is open to it.

use std::collections::BTreeSet;

use super::RunContext;
use super::view::{First, Lookup, View, list_name};
use crate::code::{Country, Ssyk};
use crate::config::{LIKELY, POTENTIAL};
use crate::ethics::Gate;
use crate::language::Language;
use crate::market::{Fit, MarketScore};
use crate::supply::{Market, MarketKind, Pool};

/// The lists in the order of the reports.
pub const LISTS: [&str; 2] = [LIKELY, POTENTIAL];

/// A country that has a page of its own.
pub struct CountryView<'a> {
    /// The run.
    pub run: &'a RunContext<'a>,
    /// The country.
    pub country: Country,
    /// The same as a market.
    pub market: Market,
    /// Its name, as it stands alone.
    pub name: String,
    /// Its name inside a sentence.
    pub in_prose: String,
    /// The county's name.
    pub county: String,
    /// The list that the page follows where it must choose: Trolig, unless the country comes first on Oprövad alone.
    pub list: &'static str,
    /// Where it shares the first tier.
    pub first: &'a First,
    /// The areas, in the order of the reports, each by [`Self::list`].
    pub views: Vec<View<'a>>,
}

/// A country's place in an area.
pub struct Standing<'a> {
    /// The area, by the list.
    pub view: View<'a>,
    /// The place.
    pub row: &'a MarketScore,
    /// How many countries share its tier; `None` without tiers.
    pub tier_members: Option<usize>,
}

/// A country's fit for an occupation that is recruited in some area.
#[derive(Clone, Copy)]
pub struct Match<'a> {
    /// The occupation.
    pub occupation: Ssyk,
    /// The fit by the page's list.
    pub fit: &'a Fit,
    /// The people; `None` where nothing is known of them.
    pub pool: Option<&'a Pool>,
}

impl<'a> CountryView<'a> {
    /// Of a country with a page; `None` for another.
    pub fn new(run: &'a RunContext<'a>, lookup: &'a Lookup<'a>, country: Country) -> Option<Self> {
        let first = lookup.first().get(&country)?;
        let list = if first.contains_key(LIKELY) { LIKELY } else { POTENTIAL };
        let views: Vec<View> = (0..run.config.areas.len()).map(|position| View::new(run, lookup, position).list(list)).collect();
        let any = views.first()?;
        let market = Market::Country(country);
        Some(Self {
            run,
            country,
            market,
            name: any.market(market),
            in_prose: any.market_in_prose(market),
            county: any.county.clone(),
            list,
            first,
            views,
        })
    }

    /// The language of the document.
    pub fn language(&self) -> Language {
        self.run.language
    }

    /// What the page's list is called.
    pub fn list_name(&self) -> &'static str {
        list_name(self.list, self.language())
    }

    /// Whether its citizens may work here without a permit.
    pub fn moves_freely(&self) -> bool {
        self.run.figures.free_movement.contains_key(&self.country)
    }

    /// The country's places on a list, in the order of the areas; also those without rank.
    pub fn standings(&self, list: &'static str) -> Vec<Standing<'a>> {
        let of_area = |view: &View<'a>| {
            let view = view.list(list);
            let row = view.scores(MarketKind::Country).find(|row| row.market == self.market)?;
            let tier = row.uncertainty.as_ref().map(|uncertainty| uncertainty.tier);
            let in_tier = |tier: u32| {
                let others = view.ranked(MarketKind::Country);
                others.iter().filter(|other| other.uncertainty.as_ref().is_some_and(|uncertainty| uncertainty.tier == tier)).count()
            };
            let tier_members = tier.map(in_tier);
            Some(Standing { view, row, tier_members })
        };
        self.views.iter().filter_map(of_area).collect()
    }

    /// Where the country stands best on the page's list: in the first tier, with the lowest end of its interval, then the highest score.
    pub fn best(&self) -> Option<Standing<'a>> {
        let areas = self.first.get(self.list)?;
        let standings = self.standings(self.list).into_iter().filter(|standing| areas.contains(&standing.view.position));
        let last = |standing: &Standing| standing.row.uncertainty.as_ref().map_or(f64::INFINITY, |uncertainty| uncertainty.p95);
        let score = |standing: &Standing| standing.row.score.unwrap_or(0.0);
        standings.reduce(|best, next| {
            let better = last(&next).total_cmp(&last(&best)).then(score(&best).total_cmp(&score(&next)));
            if better.is_lt() { next } else { best }
        })
    }

    /// The occupations that some area recruits.
    pub fn recruited(&self) -> BTreeSet<Ssyk> {
        self.views.iter().flat_map(|view| view.weights.keys().copied()).collect()
    }

    /// Those that the country has a fit for and that are not closed, the best first.
    pub fn matches(&self) -> Vec<Match<'a>> {
        let Some(view) = self.views.first() else { return Vec::new() };
        let of = |occupation: Ssyk| {
            let fit = view.fit(self.market, occupation).filter(|fit| fit.score.is_some() && !fit.gate.is_some_and(Gate::is_closed))?;
            Some(Match { occupation, fit, pool: self.run.analysis.supply.pools.get(&(self.market, occupation)) })
        };
        let mut matches: Vec<Match> = self.recruited().into_iter().filter_map(of).collect();
        let score = |found: &Match| found.fit.score.unwrap_or(0.0);
        matches.sort_by(|first, second| score(second).total_cmp(&score(first)).then(first.occupation.cmp(&second.occupation)));
        matches
    }

    /// Recruited occupations that a gate answers so for.
    pub fn gated(&self, gate: Gate) -> Vec<Ssyk> {
        let Some(view) = self.views.first() else { return Vec::new() };
        self.recruited().into_iter().filter(|occupation| view.fit(self.market, *occupation).is_some_and(|fit| fit.gate == Some(gate))).collect()
    }

    /// Names of occupations inside a sentence, the first `most` and how many more.
    pub fn occupations(&self, occupations: &[Ssyk], most: usize) -> String {
        let language = self.language();
        let Some(view) = self.views.first() else { return String::new() };
        let names: Vec<String> = occupations.iter().map(|occupation| view.occupation_in_prose(*occupation)).collect();
        language.list_of_first(&names, most)
    }
}
