//! What several counties are short of together: where joint recruitment could begin. The ratings are each county's own; nothing is scored here.

use std::collections::{BTreeMap, BTreeSet};

use crate::analysis::Analysis;
use crate::code::{Codes, Country, County, Ssyk};
use crate::config::{LIKELY, POTENTIAL};
use crate::demand::Rating;
use crate::figures::Persons;
use crate::market::great_circle;
use crate::supply::{Market, MarketKind};
use crate::table::{Column, Table};

/// An occupation that a county is short of (*brist*).
#[derive(Clone, Debug, PartialEq)]
pub struct Shortage {
    /// Employed with workplace in the county.
    pub employed: Persons,
    /// Persons a year that leave by age.
    pub volume: f64,
}

/// What is kept of a county's analysis for the comparison.
#[derive(Clone, Debug, PartialEq)]
pub struct CountyShortages {
    /// The county.
    pub county: County,
    /// Its shortages.
    pub shortages: BTreeMap<Ssyk, Shortage>,
    /// The countries of the first tier, by list (key of the weighting) and area (key).
    pub first: BTreeMap<(&'static str, String), Vec<Country>>,
}

impl CountyShortages {
    /// Of an analysis whose order has been assessed; without that no country is in a first tier.
    #[must_use]
    pub fn of(analysis: &Analysis) -> Self {
        let short = analysis.demand.occupations.values().filter(|row| row.rating == Rating::Shortage);
        let shortages = short.map(|row| (row.occupation, Shortage { employed: row.employed, volume: row.volume })).collect();
        let mut first: BTreeMap<(&'static str, String), Vec<Country>> = BTreeMap::new();
        for list in [LIKELY, POTENTIAL] {
            let scores = analysis.markets.ranking(MarketKind::Country, list).into_iter().flat_map(|ranking| &ranking.scores);
            for row in scores.filter(|row| row.ranked && row.uncertainty.as_ref().is_some_and(|places| places.tier == 1)) {
                if let Market::Country(country) = row.market {
                    first.entry((list, row.area.clone())).or_default().push(country);
                }
            }
        }
        Self { county: analysis.county, shortages, first }
    }
}

/// An occupation over all counties that are short of it.
#[derive(Clone, Debug, PartialEq)]
pub struct SharedShortage {
    /// The occupation.
    pub occupation: Ssyk,
    /// The counties, in the order of their codes.
    pub counties: Vec<County>,
    /// Employed in them.
    pub employed: Persons,
    /// Persons a year that leave by age in them.
    pub volume: f64,
}

/// One county seen from another.
#[derive(Clone, Debug, PartialEq)]
pub struct Pair {
    /// The county.
    pub county: County,
    /// The other.
    pub other: County,
    /// Between the centroids, kilometres.
    pub distance: f64,
    /// Occupations that the county is short of.
    pub shortages: usize,
    /// Those that both are short of, the largest joint volume first.
    pub shared: Vec<Ssyk>,
    /// Persons a year that leave by age in the shared ones, in both counties together.
    pub volume: f64,
    /// Shared occupations among those that either is short of; `None` where neither is short of any.
    pub likeness: Option<f64>,
}

impl Pair {
    /// Share of the county's shortages that the other has too; `None` where it has none.
    #[must_use]
    pub fn share(&self) -> Option<f64> {
        (self.shortages > 0).then(|| self.shared.len() as f64 / self.shortages as f64)
    }
}

/// The comparison.
#[derive(Clone, Debug, PartialEq)]
pub struct Joint {
    /// The counties, in the order of their codes.
    pub counties: Vec<CountyShortages>,
    /// Every occupation that any county is short of; most counties first, then the largest volume.
    pub occupations: Vec<SharedShortage>,
    /// Every county with every other, in the order of their codes.
    pub pairs: Vec<Pair>,
}

impl Joint {
    /// Compares `counties`.
    #[must_use]
    pub fn new(mut counties: Vec<CountyShortages>, codes: &Codes, earth_radius: f64) -> Self {
        counties.sort_by_key(|county| county.county);
        let mut occupations: BTreeMap<Ssyk, SharedShortage> = BTreeMap::new();
        for county in &counties {
            for (occupation, shortage) in &county.shortages {
                let row = occupations.entry(*occupation).or_insert_with(|| SharedShortage {
                    occupation: *occupation,
                    counties: Vec::new(),
                    employed: Persons::default(),
                    volume: 0.0,
                });
                row.counties.push(county.county);
                row.employed.women += shortage.employed.women;
                row.employed.men += shortage.employed.men;
                row.volume += shortage.volume;
            }
        }
        let mut occupations: Vec<SharedShortage> = occupations.into_values().collect();
        occupations.sort_by(|one, other| {
            let most = other.counties.len().cmp(&one.counties.len());
            most.then(other.volume.total_cmp(&one.volume)).then(one.occupation.cmp(&other.occupation))
        });
        let place = |county: County| {
            let info = codes.county_info(county);
            (info.latitude, info.longitude)
        };
        let mut pairs = Vec::new();
        for one in &counties {
            for other in counties.iter().filter(|other| other.county != one.county) {
                let both =
                    one.shortages.iter().filter_map(|(occupation, own)| Some((*occupation, own.volume + other.shortages.get(occupation)?.volume)));
                let mut both: Vec<(Ssyk, f64)> = both.collect();
                both.sort_by(|first, second| second.1.total_cmp(&first.1).then(first.0.cmp(&second.0)));
                let either: BTreeSet<&Ssyk> = one.shortages.keys().chain(other.shortages.keys()).collect();
                pairs.push(Pair {
                    county: one.county,
                    other: other.county,
                    distance: great_circle(place(one.county), place(other.county), earth_radius),
                    shortages: one.shortages.len(),
                    volume: both.iter().map(|(_, volume)| volume).sum(),
                    likeness: (!either.is_empty()).then(|| both.len() as f64 / either.len() as f64),
                    shared: both.into_iter().map(|(occupation, _)| occupation).collect(),
                });
            }
        }
        Self { counties, occupations, pairs }
    }

    /// The pairs of a county, the nearest first.
    #[must_use]
    pub fn nearest(&self, county: County) -> Vec<&Pair> {
        let mut pairs: Vec<&Pair> = self.pairs.iter().filter(|pair| pair.county == county).collect();
        pairs.sort_by(|one, other| one.distance.total_cmp(&other.distance).then(one.other.cmp(&other.other)));
        pairs
    }

    /// The tables `shared_shortages`, `county_pairs` and `first_tiers`.
    #[must_use]
    pub fn tables(&self, codes: &Codes) -> Vec<Table> {
        let rows = &self.occupations;
        let listed = |row: &SharedShortage| row.counties.iter().map(|county| county.as_str().to_owned()).collect::<Vec<_>>().join(" ");
        let shared = Table {
            name: "shared_shortages",
            title: "Occupations by the counties that are short of them",
            columns: vec![
                Column::text("ssyk4", "Occupation, SSYK 2012 unit group", rows.iter().map(|row| Some(row.occupation.as_str()))),
                Column::text("occupation", "Its name", rows.iter().map(|row| Some(codes.occupation(row.occupation).swedish.as_str()))),
                Column::whole("counties", "How many counties rate it brist", rows.iter().map(|row| i64::try_from(row.counties.len()).ok())),
                Column::text("county_codes", "Their codes, with spaces between", rows.iter().map(|row| Some(listed(row)))),
                Column::whole("employed_women", "Women employed in them", rows.iter().map(|row| Some(row.employed.women))),
                Column::whole("employed_men", "Men employed in them", rows.iter().map(|row| Some(row.employed.men))),
                Column::number("volume", "Persons a year that leave by age in them", rows.iter().map(|row| Some(row.volume))),
            ],
        };
        let rows = &self.pairs;
        let pairs = Table {
            name: "county_pairs",
            title: "What each county is short of together with each other",
            columns: vec![
                Column::text("county", "County", rows.iter().map(|row| Some(row.county.as_str()))),
                Column::text("other", "The other county", rows.iter().map(|row| Some(row.other.as_str()))),
                Column::number("distance_km", "Between the centroids, kilometres", rows.iter().map(|row| Some(row.distance))),
                Column::whole("shortages", "Occupations that the county rates brist", rows.iter().map(|row| i64::try_from(row.shortages).ok())),
                Column::whole("shared", "Those that both rate brist", rows.iter().map(|row| i64::try_from(row.shared.len()).ok())),
                Column::number("share", "Shared among the county's own, 0 to 1", rows.iter().map(Pair::share)),
                Column::number("likeness", "Shared among those that either is short of, 0 to 1", rows.iter().map(|row| row.likeness)),
                Column::number(
                    "volume",
                    "Persons a year that leave by age in the shared ones, both counties",
                    rows.iter().map(|row| Some(row.volume)),
                ),
            ],
        };
        let first: Vec<(&str, &str, County, Country)> = self
            .counties
            .iter()
            .flat_map(|county| {
                county
                    .first
                    .iter()
                    .flat_map(|((list, area), countries)| countries.iter().map(|country| (*list, area.as_str(), county.county, *country)))
            })
            .collect();
        let tiers = Table {
            name: "first_tiers",
            title: "Countries of the first tier in each county",
            columns: vec![
                Column::text("weighting", "Key of the list's weighting", first.iter().map(|row| Some(row.0))),
                Column::text("area", "Key of the area", first.iter().map(|row| Some(row.1))),
                Column::text("county", "County", first.iter().map(|row| Some(row.2.as_str()))),
                Column::text("market", "Country, ISO 3166-1 alpha-2", first.iter().map(|row| Some(row.3.as_str()))),
            ],
        };
        vec![shared, pairs, tiers]
    }
}
