//! Year on year (method, section 9): each market's change of score and rank between two runs, split into coverage that went, new figures, new method and
//! coverage that came. One thing moves at a time, in that order, so the parts add up to the change.
//!
//! The states in between are rankings of their own: the earlier run, the earlier run from what both have ([`Kept`]), its method on the later figures, the
//! later method on them, and the later run. Ranks in between are counted among the markets that all five rank. Code lists go with the figures, since they
//! say what the publishers' codes mean.

pub mod recorded;
mod table;

use std::collections::{BTreeMap, BTreeSet};

use crate::analysis::{Analysis, analyse_kept};
use crate::config::Config;
use crate::figures::{Figures, FiguresError};
use crate::index::rank::competition_ranks;
use crate::kept::Kept;
use crate::language::{Language, say};
use crate::supply::{Market, MarketKind};

pub use table::table;

/// What can move, in the order in which it does.
pub const STEPS: [Step; 4] = [Step::Went, Step::Figures, Step::Method, Step::Came];

/// A part of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Markets and indicators of the earlier run that the later one lacks.
    Went,
    /// New figures, old method.
    Figures,
    /// New method, new figures.
    Method,
    /// Markets and indicators of the later run that the earlier one lacked.
    Came,
}

impl Step {
    /// The word in columns and JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Went => "coverage_went",
            Self::Figures => "data",
            Self::Method => "method",
            Self::Came => "coverage_came",
        }
    }
}

/// A market's score, 1…100, and its rank among the ranked, ties share the lowest.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Standing {
    /// Score.
    pub score: f64,
    /// Rank.
    pub rank: u32,
}

/// The parts of a change in the order of [`STEPS`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Parts {
    /// Of the score.
    pub score: [f64; 4],
    /// Places up; negative is down.
    pub places: [i64; 4],
}

/// Why a change has no parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whole {
    /// The market was not ranked in the earlier run.
    Came,
    /// It is not ranked in the later run.
    Went,
    /// It is ranked in both, but not in a state between them.
    Between,
}

impl Whole {
    /// The words in the table, which are Swedish.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.words(Language::Swedish)
    }

    /// The words in a language.
    #[must_use]
    pub fn words(self, language: Language) -> &'static str {
        match self {
            Self::Came => say!(language, sv: "rangordnades inte i den tidigare körningen", en: "not ranked in the earlier run"),
            Self::Went => say!(language, sv: "rangordnas inte i den senare körningen", en: "not ranked in the later run"),
            Self::Between => say!(language, sv: "rangordnas inte i något av leden emellan", en: "not ranked in one of the states between"),
        }
    }
}

/// A market in an area, then and now.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// Kind of market.
    pub kind: MarketKind,
    /// Named weighting; `None` for counties.
    pub weighting: Option<String>,
    /// Key of the area.
    pub area: String,
    /// Market.
    pub market: Market,
    /// In the earlier run.
    pub before: Option<Standing>,
    /// In the later run.
    pub now: Option<Standing>,
    /// The parts of the change, or why there are none.
    pub parts: Result<Parts, Whole>,
}

impl Change {
    /// Change of the score, where both runs rank the market.
    #[must_use]
    pub fn score(&self) -> Option<f64> {
        Some(self.now?.score - self.before?.score)
    }

    /// Places up, negative is down, where both runs rank the market.
    #[must_use]
    pub fn places(&self) -> Option<i64> {
        Some(i64::from(self.before?.rank) - i64::from(self.now?.rank))
    }
}

/// Two runs held against each other.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    /// Years of the earlier and the later run.
    pub years: [i32; 2],
    /// Changes by weighting, kind, area, and the order of the later run; those that went last.
    pub changes: Vec<Change>,
    /// Files of the method that differ.
    pub method_files: Vec<String>,
    /// Tables of figures that differ.
    pub tables: Vec<String>,
    /// Areas that only one of the runs has.
    pub other_areas: Vec<String>,
}

/// How far the markets have moved, in the mean.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Moves {
    /// Markets, or pairs of area and market, whose change has parts.
    pub markets: usize,
    /// Mean number of places, up or down.
    pub places: f64,
    /// The same of each part, in the order of [`STEPS`]; parts that go against each other make them more together than the whole.
    pub parts: [f64; 4],
}

impl Comparison {
    /// The changes of a list (counties have one, without a weighting), of one area or of all.
    pub fn of<'a>(&'a self, kind: MarketKind, weighting: &'a str, area: Option<&'a str>) -> impl Iterator<Item = &'a Change> {
        self.changes.iter().filter(move |row| {
            let in_list = row.kind == kind && row.weighting.as_deref().is_none_or(|name| name == weighting);
            in_list && area.is_none_or(|area| area == row.area)
        })
    }

    /// How far the markets of [`Comparison::of`] have moved; `None` where no change has parts.
    #[must_use]
    pub fn moves(&self, kind: MarketKind, weighting: &str, area: Option<&str>) -> Option<Moves> {
        Moves::of(self.of(kind, weighting, area))
    }
}

impl Moves {
    /// Of some changes; `None` where none of them has parts.
    pub fn of<'a>(changes: impl Iterator<Item = &'a Change>) -> Option<Self> {
        let rows: Vec<(i64, Parts)> = changes.filter_map(|row| Some((row.places()?, row.parts.ok()?))).collect();
        let mean = |size: &dyn Fn(&(i64, Parts)) -> i64| {
            let sum: i64 = rows.iter().map(|row| size(row).abs()).sum();
            crate::demand::exact(sum) / rows.len() as f64
        };
        (!rows.is_empty()).then(|| Self {
            markets: rows.len(),
            places: mean(&|row| row.0),
            parts: std::array::from_fn(|step| mean(&move |row| row.1.places[step])),
        })
    }
}

/// One of the two runs.
#[derive(Clone, Copy, Debug)]
pub struct Run<'a> {
    /// Its method and lists.
    pub config: &'a Config,
    /// Its figures.
    pub figures: &'a Figures,
    /// Its analysis, from these.
    pub analysis: &'a Analysis,
}

/// Names that two maps do not have with the same value.
fn differing(before: &BTreeMap<&str, &str>, now: &BTreeMap<&str, &str>) -> Vec<String> {
    let names: BTreeSet<&str> = before.keys().chain(now.keys()).copied().collect();
    names.into_iter().filter(|name| before.get(name) != now.get(name)).map(str::to_owned).collect()
}

fn hashes(figures: &Figures) -> BTreeMap<&str, &str> {
    figures.hashes.iter().map(|(name, hash)| (name.as_str(), hash.as_str())).collect()
}

type Standings = BTreeMap<Market, Standing>;

/// The ranked markets of an area.
fn standings(analysis: &Analysis, kind: MarketKind, weighting: Option<&str>, area: &str) -> Standings {
    let ranking = analysis.markets.rankings.iter().find(|ranking| ranking.kind == kind && ranking.weighting.as_deref() == weighting);
    let rows = ranking.into_iter().flat_map(|ranking| &ranking.scores).filter(|row| row.area == area && row.ranked);
    rows.filter_map(|row| Some((row.market, Standing { score: row.score?, rank: row.rank? }))).collect()
}

/// Ranks of `markets` by their scores in `standings`, among themselves.
fn ranks_among(markets: &[Market], standings: &Standings) -> Vec<i64> {
    let scores: Vec<f64> = markets.iter().map(|market| standings.get(market).map_or(f64::NAN, |standing| standing.score)).collect();
    competition_ranks(&scores).into_iter().map(|rank| i64::from(rank.unwrap_or(0))).collect()
}

/// The changes of one ranking and area. `states` are the five, first to last.
fn changes(states: &[Standings; 5], kind: MarketKind, weighting: Option<&str>, area: &str) -> Vec<Change> {
    let [first, .., last] = states;
    let common: Vec<Market> = first.keys().copied().filter(|market| states.iter().all(|state| state.contains_key(market))).collect();
    let between: Vec<Vec<i64>> = states[1..4].iter().map(|state| ranks_among(&common, state)).collect();
    let markets: BTreeSet<Market> = first.keys().chain(last.keys()).copied().collect();
    let mut rows: Vec<Change> = markets
        .into_iter()
        .map(|market| {
            let (before, now) = (first.get(&market).copied(), last.get(&market).copied());
            let parts = match (before, now) {
                (None, _) => Err(Whole::Came),
                (_, None) => Err(Whole::Went),
                (Some(before), Some(now)) => match common.binary_search(&market) {
                    Err(_) => Err(Whole::Between),
                    Ok(place) => {
                        let scores: Vec<f64> = states.iter().filter_map(|state| state.get(&market)).map(|standing| standing.score).collect();
                        let ranks = [i64::from(before.rank), between[0][place], between[1][place], between[2][place], i64::from(now.rank)];
                        Ok(Parts {
                            score: std::array::from_fn(|step| scores[step + 1] - scores[step]),
                            places: std::array::from_fn(|step| ranks[step] - ranks[step + 1]),
                        })
                    }
                },
            };
            Change { kind, weighting: weighting.map(str::to_owned), area: area.to_owned(), market, before, now, parts }
        })
        .collect();
    let rank = |standing: Option<Standing>| standing.map_or(u32::MAX, |standing| standing.rank);
    rows.sort_by_key(|row| (rank(row.now), rank(row.before), row.market));
    rows
}

/// Splits the changes between two runs of the same county.
///
/// # Errors
/// The figures hold nothing as old as one of the years.
pub fn compare(before: Run, now: Run) -> Result<Comparison, FiguresError> {
    let kept = Kept::of(before.analysis).and(&Kept::of(now.analysis));
    let county = now.analysis.county;
    let old_method = Config { codes: now.config.codes.clone(), ..before.config.clone() };
    let [old, new] = [before.analysis.year, now.analysis.year];
    let (first, (second, third)) = rayon::join(
        || analyse_kept(before.figures, before.config, county, old, Some(&kept)),
        || {
            rayon::join(
                || analyse_kept(now.figures, &old_method, county, new, Some(&kept)),
                || analyse_kept(now.figures, now.config, county, new, Some(&kept)),
            )
        },
    );
    let (first, second, third) = (first?, second?, third?);
    let states = [before.analysis, &first, &second, &third, now.analysis];
    let areas = |config: &Config| config.areas.iter().map(|area| area.key.clone()).collect::<BTreeSet<String>>();
    let (then, later) = (areas(before.config), areas(now.config));
    let mut found = Vec::new();
    for ranking in &now.analysis.markets.rankings {
        let weighting = ranking.weighting.as_deref();
        // A weighting of one of the runs only has nothing to be held against.
        if !before.analysis.markets.rankings.iter().any(|other| other.kind == ranking.kind && other.weighting.as_deref() == weighting) {
            continue;
        }
        for area in now.config.areas.iter().filter(|area| then.contains(&area.key)) {
            let states = states.map(|analysis| standings(analysis, ranking.kind, weighting, &area.key));
            found.extend(changes(&states, ranking.kind, weighting, &area.key));
        }
    }
    Ok(Comparison {
        years: [old, new],
        changes: found,
        method_files: differing(&before.config.method_hashes().collect(), &now.config.method_hashes().collect()),
        tables: differing(&hashes(before.figures), &hashes(now.figures)),
        other_areas: then.symmetric_difference(&later).cloned().collect(),
    })
}
