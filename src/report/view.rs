//! One area of the analysis as its document sees it: names made inert, occupations by weight, markets in the order of the reports.

use std::collections::BTreeMap;

use super::RunContext;
use super::model::{Cell, Prose};
use super::text::capital;
use crate::chart::base_map::{BaseMap, Extent};
use crate::chart::plain;
use crate::code::{Country, Ssyk};
use crate::config::{Area, AreaKind, LIKELY, POTENTIAL};
use crate::demand::Demand;
use crate::ethics::Gate;
use crate::gender::GenderRow;
use crate::language::{Language, say};
use crate::market::{Fit, MarketScore};
use crate::supply::{Level, Market, MarketKind};

/// Where a country shares the first tier: the lists, each with the positions of its areas.
pub type First = BTreeMap<&'static str, Vec<usize>>;

/// Women and men by area, and the countries that have a page of their own.
pub struct Lookup<'a> {
    first: BTreeMap<Country, First>,
    /// Rows by occupation and market.
    gender: BTreeMap<&'a str, &'a [GenderRow]>,
}

impl<'a> Lookup<'a> {
    /// Of a run.
    pub fn new(run: &RunContext<'a>) -> Self {
        let areas = run.analysis.gender.chunk_by(|row, next| row.area == next.area);
        let gender = areas.filter_map(|rows| Some((rows.first()?.area.as_str(), rows))).collect();
        let mut lookup = Self { first: BTreeMap::new(), gender };
        lookup.first = first(run, &lookup);
        lookup
    }

    /// The countries of the first tier of any area on either list (without tiers: those that are named).
    pub fn first(&self) -> &BTreeMap<Country, First> {
        &self.first
    }
}

/// Who shares the first tier of which area, on either list.
fn first(run: &RunContext, lookup: &Lookup) -> BTreeMap<Country, First> {
    let mut found: BTreeMap<Country, First> = BTreeMap::new();
    for position in 0..run.config.areas.len() {
        let view = View::new(run, lookup, position);
        for list in [LIKELY, POTENTIAL] {
            for row in view.list(list).front(MarketKind::Country).members {
                if let Market::Country(country) = row.market {
                    found.entry(country).or_default().entry(list).or_default().push(position);
                }
            }
        }
    }
    found
}

/// File name of a country's document, without ending.
pub fn country_stem(country: Country) -> String {
    format!("land-{}", country.as_str().to_lowercase())
}

/// What a list is called.
pub fn list_name(weighting: &str, language: Language) -> &'static str {
    if weighting == POTENTIAL { say!(language, sv: "Oprövad", en: "Untested") } else { say!(language, sv: "Trolig", en: "Likely") }
}

/// One area.
#[derive(Clone)]
pub struct View<'a> {
    /// The run.
    pub run: &'a RunContext<'a>,
    /// Place of the area in the configuration.
    pub position: usize,
    /// The named weighting that its countries are ordered by.
    pub weighting: &'static str,
    /// The area.
    pub area: &'a Area,
    /// Its name.
    pub name: String,
    /// The county's name.
    pub county: String,
    /// Weights of the recruited occupations.
    pub weights: &'a BTreeMap<Ssyk, f64>,
    lookup: &'a Lookup<'a>,
}

/// The name of an area.
pub fn area_name(area: &Area, language: Language) -> String {
    plain(language.pick(&area.name, &area.name_en))
}

/// The name of the run's county.
pub fn county_name(run: &RunContext) -> String {
    market_name(run, Market::County(run.analysis.county))
}

/// The name of an occupation.
pub fn occupation_name(run: &RunContext, occupation: Ssyk) -> String {
    let name = run.config.codes.occupation(occupation);
    plain(run.language.pick(&name.swedish, &name.english))
}

/// The name of a market.
pub fn market_name(run: &RunContext, market: Market) -> String {
    let codes = &run.config.codes;
    let (swedish, english) = match market {
        Market::Country(country) => {
            let name = codes.country_name(country);
            (&name.swedish, &name.english)
        }
        Market::County(county) => {
            let info = codes.county_info(county);
            (&info.swedish, &info.english)
        }
    };
    plain(run.language.pick(swedish, english))
}

/// File name of an area's document, without ending.
pub fn stem(area: &Area) -> String {
    let kind = match area.kind {
        AreaKind::Strength => "omrade",
        AreaKind::Industry => "bransch",
    };
    format!("{kind}-{}", area.key.replace('_', "-"))
}

/// What stands between a country's people and the area's occupations.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Obstacles {
    /// Occupations that the country itself reports short (gate C).
    pub care: Vec<Ssyk>,
    /// Occupations without active recruitment (gate D).
    pub no_active: Vec<Ssyk>,
    /// Occupations without permit route (gate E).
    pub no_route: Vec<Ssyk>,
}

/// The markets that the answer names.
pub struct Front<'a> {
    /// Those that are named, in the order of the reports.
    pub markets: Vec<&'a MarketScore>,
    /// All that share the first tier, or the same as are named where tiers are not computed.
    pub members: Vec<&'a MarketScore>,
    /// How many share the first tier; `None` where tiers are not computed.
    pub tier: Option<usize>,
}

/// How many of the first countries a country is compared with.
const FIRST: usize = 15;

/// How many markets an answer names, with tiers and without.
const NAMED_OF_TIER: usize = 12;
const NAMED_BY_SCORE: usize = 3;

impl<'a> View<'a> {
    /// The area at `position`.
    pub fn new(run: &'a RunContext<'a>, lookup: &'a Lookup<'a>, position: usize) -> Self {
        let area = &run.config.areas[position];
        let county = county_name(run);
        Self {
            run,
            position,
            weighting: LIKELY,
            area,
            name: area_name(area, run.language),
            county,
            weights: &run.analysis.markets.area_weights[position].weights,
            lookup,
        }
    }

    /// The same area with its countries ordered by another named weighting.
    #[must_use]
    pub fn list(&self, weighting: &'static str) -> Self {
        Self { weighting, ..self.clone() }
    }

    /// The name of the list that the view's weighting makes.
    pub fn list_name(&self) -> &'static str {
        list_name(self.weighting, self.language())
    }

    /// The name of a market with a link to its page, where it has one.
    pub fn linked(&self, market: Market) -> Cell {
        let name = self.market(market);
        match market {
            Market::Country(country) if self.lookup.first.contains_key(&country) => {
                Cell::Prose(Prose::new().link(name, format!("{}.html", country_stem(country))))
            }
            _ => Cell::Text(name),
        }
    }

    /// Whether the market's people in the occupations are estimated for most of the need, because it publishes no shares of occupations.
    pub fn is_estimated(&self, market: Market) -> bool {
        let weight: f64 = self
            .weights
            .iter()
            .filter(|(occupation, _)| self.run.analysis.supply.pools.get(&(market, **occupation)).is_some_and(|pool| pool.level == Level::Estimated))
            .map(|(_, weight)| weight)
            .sum();
        weight > 0.5
    }

    /// Ranks of the countries' scores by the view's weights among all countries that have one, tried or not.
    pub fn ranks_of_scores(&self) -> BTreeMap<Market, usize> {
        let score = |market: Market| {
            let (mut sum, mut counted) = (0.0, 0.0);
            for (occupation, weight) in self.weights {
                let Some(fit) = self.fit(market, *occupation) else { continue };
                let closed = fit.gate.is_some_and(Gate::is_closed).then_some(self.run.config.method.area.closed_score);
                if let Some(score) = closed.or(fit.score) {
                    sum += weight * score;
                    counted += weight;
                }
            }
            (counted >= self.run.config.method.area.least_weight - 1e-12).then(|| sum / counted)
        };
        let countries = self.run.analysis.supply.countries.iter().map(|country| Market::Country(*country));
        let scores: Vec<(Market, f64)> = countries.filter_map(|market| Some((market, score(market)?))).collect();
        let above = |own: f64| scores.iter().filter(|(_, other)| *other > own).count();
        scores.iter().map(|(market, own)| (*market, 1 + above(*own))).collect()
    }

    /// Each pillar's median among the list's first countries.
    pub fn middle(&self) -> [Option<f64>; 4] {
        self.middle_of(self.ranked(MarketKind::Country).iter().take(FIRST).map(|row| row.market))
    }

    fn middle_of(&self, markets: impl Iterator<Item = Market>) -> [Option<f64>; 4] {
        let all: Vec<[Option<f64>; 4]> = markets.map(|market| self.pillars(market)).collect();
        std::array::from_fn(|pillar| {
            let mut values: Vec<f64> = all.iter().filter_map(|pillars| pillars[pillar]).collect();
            values.sort_by(f64::total_cmp);
            values.get(values.len() / 2).copied()
        })
    }

    /// The pillar that sets a country apart most from the [`View::middle`] of the list's first countries, and whether upwards: the largest part of ln score
    /// against that of the medians.
    pub fn leading_pillar(&self, market: Market, middle: &[Option<f64>; 4]) -> Option<(usize, bool)> {
        let weights = self.run.config.method.weightings.get(self.weighting)?.pillars().map(|(_, pillar)| pillar.weight);
        let own = self.pillars(market);
        let part = |pillar: usize| -> Option<f64> { Some(weights[pillar] * (own[pillar]? / middle[pillar]?).ln()) };
        let parts = (0..4).filter(|pillar| weights[*pillar] > 0.0).filter_map(|pillar| Some((pillar, part(pillar)?)));
        let best = parts.reduce(|best, other| if other.1.abs() > best.1.abs() { other } else { best })?;
        Some((best.0, best.1 >= 0.0))
    }

    /// The pillar that lifts (or, if not `up`, lowers) a country most on this list against `other`: the largest difference of the weighted ln score, each list's
    /// pillars against the medians of the same countries, the first of this list. A pillar that both lists weigh alike explains nothing.
    pub fn pillar_of_difference(&self, other: &Self, market: Market, up: bool) -> Option<usize> {
        let first: Vec<Market> = self.ranked(MarketKind::Country).iter().take(FIRST).map(|row| row.market).collect();
        let parts = |view: &Self| -> [f64; 4] {
            let weights = view.run.config.method.weightings.get(view.weighting).map(|weighting| weighting.pillars().map(|(_, pillar)| pillar.weight));
            let (own, middle) = (view.pillars(market), view.middle_of(first.iter().copied()));
            std::array::from_fn(|pillar| {
                let weight = weights.map_or(0.0, |weights| weights[pillar]);
                own[pillar].zip(middle[pillar]).map_or(0.0, |(own, median)| weight * (own / median).ln())
            })
        };
        let (here, there) = (parts(self), parts(other));
        let sign = if up { 1.0 } else { -1.0 };
        let parts = (0..4).map(|pillar| (pillar, sign * (here[pillar] - there[pillar])));
        parts.reduce(|best, next| if next.1 > best.1 { next } else { best }).filter(|(_, size)| *size > 0.0).map(|(pillar, _)| pillar)
    }

    /// The outlines of a map; `None` where the run's figures have none.
    pub fn base_map(&self, extent: Extent) -> Option<&'a BaseMap> {
        self.run.maps.of(self.run.figures).iter().find(|map| map.extent == extent)
    }

    /// The language of the document.
    pub fn language(&self) -> Language {
        self.run.language
    }

    /// The run's year.
    pub fn year(&self) -> i32 {
        self.run.analysis.year
    }

    /// The name of an occupation.
    pub fn occupation(&self, occupation: Ssyk) -> String {
        occupation_name(self.run, occupation)
    }

    /// The name of an occupation inside a sentence.
    pub fn occupation_in_prose(&self, occupation: Ssyk) -> String {
        self.language().small(&self.occupation(occupation))
    }

    /// The name of a market, as it stands alone.
    pub fn market(&self, market: Market) -> String {
        market_name(self.run, market)
    }

    /// The name of a market inside a sentence.
    pub fn market_in_prose(&self, market: Market) -> String {
        self.language().country_in_prose(&self.market(market))
    }

    /// Names of markets inside a sentence.
    pub fn names(&self, markets: &[&MarketScore]) -> Vec<String> {
        markets.iter().map(|row| self.market_in_prose(row.market)).collect()
    }

    /// The occupations that are recruited, the heaviest first.
    pub fn recruited(&self) -> Vec<&'a Demand> {
        let mut rows: Vec<&Demand> = self.weights.keys().filter_map(|occupation| self.run.analysis.demand.occupations.get(occupation)).collect();
        rows.sort_by(|first, second| {
            self.weight(second.occupation).total_cmp(&self.weight(first.occupation)).then(first.occupation.cmp(&second.occupation))
        });
        rows
    }

    /// Weight of an occupation in the area's score.
    pub fn weight(&self, occupation: Ssyk) -> f64 {
        self.weights.get(&occupation).copied().unwrap_or(0.0)
    }

    /// The area's occupations that the county's register has.
    pub fn in_register(&self) -> impl Iterator<Item = &'a Demand> {
        self.area.occupations.keys().filter_map(|occupation| self.run.analysis.demand.occupations.get(occupation))
    }

    /// Whether an occupation works in many industries.
    pub fn is_shared(&self, occupation: Ssyk) -> bool {
        self.area.occupations.get(&occupation).is_some_and(|share| *share < 1.0)
    }

    /// The ranked markets in the order of the reports: by place where it is computed, else by score.
    pub fn ranked(&self, kind: MarketKind) -> Vec<&'a MarketScore> {
        let mut rows: Vec<&MarketScore> = self.scores(kind).filter(|row| row.ranked && row.score.is_some()).collect();
        let place = |row: &MarketScore| row.uncertainty.as_ref().map(|uncertainty| uncertainty.place);
        if !rows.is_empty() && rows.iter().all(|row| place(row).is_some()) {
            rows.sort_by_key(|row| (place(row), row.market));
        } else {
            rows.sort_by_key(|row| (row.rank, row.market));
        }
        rows
    }

    /// Whether the places' uncertainty is known.
    pub fn has_tiers(&self, kind: MarketKind) -> bool {
        let ranked = self.ranked(kind);
        !ranked.is_empty() && ranked.iter().all(|row| row.uncertainty.is_some())
    }

    /// Every market of a kind in the area.
    pub fn scores(&self, kind: MarketKind) -> impl Iterator<Item = &'a MarketScore> {
        let ranking = self.run.analysis.markets.ranking(kind, self.weighting);
        ranking.into_iter().flat_map(|ranking| &ranking.scores).filter(|row| row.area == self.area.key)
    }

    /// The markets that the answer names.
    pub fn front(&self, kind: MarketKind) -> Front<'a> {
        let mut markets = self.ranked(kind);
        if !self.has_tiers(kind) {
            markets.truncate(NAMED_BY_SCORE);
            return Front { members: markets.clone(), markets, tier: None };
        }
        let tier = |row: &&MarketScore| row.uncertainty.as_ref().map_or(u32::MAX, |uncertainty| uncertainty.tier);
        let first = markets.iter().map(tier).min();
        markets.retain(|row| Some(tier(row)) == first);
        let members = markets.clone();
        markets.truncate(NAMED_OF_TIER);
        Front { markets, tier: Some(members.len()), members }
    }

    /// The fit of a market to an occupation.
    pub fn fit(&self, market: Market, occupation: Ssyk) -> Option<&'a Fit> {
        self.run.analysis.markets.ranking(market.kind(), self.weighting)?.fit(market, occupation)
    }

    /// Women and men of a market and an occupation.
    pub fn gender(&self, market: Market, occupation: Ssyk) -> Option<&'a GenderRow> {
        let rows = *self.lookup.gender.get(self.area.key.as_str())?;
        rows.binary_search_by_key(&(occupation, market), |row| (row.occupation, row.market)).ok().map(|place| &rows[place])
    }

    /// The pillars of a market over the area's occupations, weighted as the score; `None` where no occupation has the pillar.
    pub fn pillars(&self, market: Market) -> [Option<f64>; 4] {
        std::array::from_fn(|pillar| {
            let (mut sum, mut counted) = (0.0, 0.0);
            for (occupation, weight) in self.weights {
                let fit = self.fit(market, *occupation).filter(|fit| fit.score.is_some() && !fit.gate.is_some_and(Gate::is_closed));
                if let Some(value) = fit.and_then(|fit| fit.pillars[pillar]) {
                    sum += weight * value;
                    counted += weight;
                }
            }
            (counted > 0.0).then(|| sum / counted)
        })
    }

    /// What stands in the way for a market.
    pub fn obstacles(&self, market: Market) -> Obstacles {
        let mut obstacles = Obstacles::default();
        for occupation in self.weights.keys() {
            match self.fit(market, *occupation).and_then(|fit| fit.gate) {
                Some(Gate::Care) => obstacles.care.push(*occupation),
                Some(Gate::NoActiveRecruitment) => obstacles.no_active.push(*occupation),
                Some(Gate::NoPermitRoute) => obstacles.no_route.push(*occupation),
                _ => {}
            }
        }
        obstacles
    }

    /// What to think of before recruiting from a market, in a few words; empty for a county.
    pub fn care_words(&self, market: Market) -> String {
        let Market::Country(country) = market else { return String::new() };
        let all = self.weights.len();
        let language = self.language();
        let entry = match self.run.figures.free_movement.get(&country).map(String::as_str) {
            Some("nordic") => say!(language, sv: "fri rörlighet i Norden", en: "free movement within the Nordic countries"),
            Some(_) => say!(language, sv: "fri rörlighet", en: "free movement"),
            None => say!(language, sv: "arbetstillstånd krävs", en: "work permit needed"),
        };
        let mut parts = vec![capital(entry)];
        if self.is_estimated(market) {
            parts.push(say!(language, sv: "antalet i yrket är skattat", en: "the number in the occupation is estimated").to_owned());
        }
        let Obstacles { care, no_active, no_route } = self.obstacles(market);
        if !care.is_empty() {
            let count = care.len();
            parts.push(
                say!(language, sv: format!("egen brist i {count} av {all} yrken"), en: format!("own shortage in {count} of {all} occupations")),
            );
        }
        if !no_active.is_empty() {
            let count = no_active.len();
            parts.push(say!(language,
                sv: format!("ingen aktiv rekrytering i {count} av {all} yrken"),
                en: format!("no active recruitment in {count} of {all} occupations"),
            ));
        }
        if !no_route.is_empty() {
            let count = no_route.len();
            parts.push(say!(language, sv: format!("stängt för {count} av {all} yrken"), en: format!("closed for {count} of {all} occupations")));
        }
        parts.join("; ")
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::config::Config;
    use crate::figures::Figures;

    /// Rows are found by halving, which needs them in order.
    #[test]
    fn every_fit_and_every_row_of_women_and_men_is_found_by_its_key() {
        let home = Path::new(env!("CARGO_MANIFEST_DIR"));
        let config = Config::read(&home.join("data")).unwrap();
        let figures = Figures::read(&home.join("data/bundled"), &config.codes).unwrap();
        let county = config.codes.counties().map(|(county, _)| county).next().unwrap();
        let analysis = crate::analysis::analyse(&figures, &config, county, 2026).unwrap();
        let run = RunContext {
            analysis: &analysis,
            back_test: None,
            previous: None,
            config: &config,
            figures: &figures,
            language: Language::Swedish,
            data_status: String::new(),
            date: "2026-01-01".to_owned(),
            version: "",
            png: false,
            pdf: false,
            share: false,
            companions: Vec::new(),
            maps: std::sync::Arc::default(),
        };
        let lookup = Lookup::new(&run);
        let mut found = 0;
        for position in 0..config.areas.len() {
            let view = View::new(&run, &lookup, position);
            for row in analysis.gender.iter().filter(|row| row.area == view.area.key) {
                assert!(std::ptr::eq(view.gender(row.market, row.occupation).unwrap(), row));
                found += 1;
            }
        }
        assert_eq!(found, analysis.gender.len());
        for ranking in &analysis.markets.rankings {
            assert!(ranking.fits.iter().all(|fit| std::ptr::eq(ranking.fit(fit.market, fit.occupation).unwrap(), fit)));
        }
    }
}
