//! The rule for changing weights (method, section 10): a proposed weighting must be better than the one it would replace on a period that it was not chosen on,
//! in most of several separate parts of the occupations and countries, and not worse on new markets.

use std::collections::BTreeMap;
use std::path::Path;

use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;
use serde::Deserialize;

use super::measure::{Measure, measured};
use super::{Bench, PUBLISHED, Test, judged, rows_of, years_needed};
use crate::code::Ssyk;
use crate::config::{Config, LIKELY, Weighting, check_weighting};
use crate::crosswalk::Link;
use crate::figures::Figures;

/// A proposed weighting, as an analyst writes it.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Proposal {
    /// Named weighting that it would replace.
    #[serde(default = "likely")]
    pub replaces: String,
    /// Years of permits that it was chosen on; empty where it was chosen without looking at any.
    #[serde(default)]
    pub chosen_on: Vec<i32>,
    /// The weighting, as in data/method.toml.
    pub weighting: Weighting,
}

fn likely() -> String {
    LIKELY.to_owned()
}

/// What is wrong with a proposal.
#[derive(Debug, thiserror::Error)]
pub enum ProposalError {
    /// The file cannot be read.
    #[error("cannot read {path}: {reason}\nhint: give the path of a TOML file with a table [weighting], as in data/method.toml")]
    Missing {
        /// The file.
        path: String,
        /// The operating system's words.
        reason: String,
    },
    /// It is no proposal.
    #[error(
        "{path}: {reason}\nhint: it holds replaces = \"likely\", chosen_on = [2018, 2019, 2020] and a table [weighting] with the pillars as in data/method.toml"
    )]
    Malformed {
        /// The file.
        path: String,
        /// The parser's words, with the line.
        reason: String,
    },
    /// A value is wrong.
    #[error("{path}: {key}: {problem}\nhint: {hint}")]
    Value {
        /// The file.
        path: String,
        /// The key.
        key: String,
        /// What is wrong.
        problem: String,
        /// The remedy.
        hint: String,
    },
}

impl Proposal {
    /// Reads and checks a proposal.
    ///
    /// # Errors
    /// A missing or malformed file, weights that do not sum to 1, an unknown indicator, a weighting that does not exist, an indicator that is not known of the
    /// past.
    pub fn read(path: &Path, config: &Config) -> Result<Self, ProposalError> {
        let shown = path.display().to_string();
        let text = std::fs::read_to_string(path).map_err(|error| ProposalError::Missing { path: shown.clone(), reason: error.to_string() })?;
        let proposal: Self = toml::from_str(&text)
            .map_err(|error| ProposalError::Malformed { path: shown.clone(), reason: error.to_string().trim_end().to_owned() })?;
        let value = |key: String, problem: String, hint: String| ProposalError::Value { path: shown.clone(), key, problem, hint };
        if !config.method.weightings.contains_key(&proposal.replaces) {
            let known: Vec<&str> = config.method.weightings.keys().map(String::as_str).collect();
            return Err(value(
                "replaces".to_owned(),
                format!("there is no weighting {}", proposal.replaces),
                format!("data/method.toml has {}", known.join(", ")),
            ));
        }
        check_weighting("weighting", &proposal.weighting, Some(&config.method.goalposts))
            .map_err(|(key, problem, hint)| value(key, problem, hint.to_owned()))?;
        let known_of_the_past = |name: &str| !["no_shortage_at_home", "diaspora_county"].contains(&name);
        for (pillar, weights) in proposal.weighting.pillars() {
            if let Some(name) = weights.indicators.iter().find(|(name, weight)| **weight > 0.0 && !known_of_the_past(name)).map(|(name, _)| name) {
                return Err(value(
                    format!("weighting.{pillar}.indicators.{name}"),
                    "no figure of the past is at hand, so the proposal cannot be tried".to_owned(),
                    "try it without, or give it no weight".to_owned(),
                ));
            }
        }
        Ok(proposal)
    }
}

/// One comparison of the proposal and the weighting in force.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    /// What it is of, in words.
    pub of: String,
    /// Measure of the proposal.
    pub proposal: Option<f64>,
    /// Measure of the weighting in force.
    pub current: Option<f64>,
}

impl Comparison {
    fn is_better(&self) -> bool {
        self.proposal.zip(self.current).is_some_and(|(proposal, current)| proposal > current)
    }

    /// A proposal that ranks nothing is worse than one that does.
    fn is_worse(&self) -> bool {
        self.current.is_some_and(|current| self.proposal.is_none_or(|proposal| proposal < current))
    }
}

/// What the rule says.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    /// Whether the proposal may replace the weighting.
    pub accepted: bool,
    /// Why, one sentence a point of the rule.
    pub reasons: Vec<String>,
    /// Years of permits that the splits were judged on.
    pub judged_on: Vec<i32>,
    /// The splits of every period.
    pub splits: Vec<Comparison>,
    /// The whole of every period.
    pub whole: Vec<Comparison>,
    /// New markets and new pairs.
    pub new: Vec<Comparison>,
}

/// Name of the proposal among the rankers.
const PROPOSAL: &str = "proposal";

/// Numbers `0..count` dealt to `folds` hands at random: the fold of each.
fn dealt(count: usize, folds: usize, random: &mut ChaCha8Rng) -> Vec<usize> {
    let mut order: Vec<usize> = (0..count).collect();
    order.shuffle(random);
    let mut fold = vec![0; count];
    for (place, number) in order.into_iter().enumerate() {
        fold[number] = place % folds;
    }
    fold
}

/// Judges `proposal` by the rule.
#[must_use]
pub fn tried(proposal: &Proposal, figures: &Figures, config: &Config, links: &BTreeMap<Ssyk, Link>) -> Verdict {
    let method = &config.method.backtest;
    let bench = Bench::new(figures, config, links, Some((PROPOSAL, &proposal.weighting)), &years_needed(figures, config));
    let (history, outcome) = (method.benchmark_history.as_slice(), method.benchmark_outcome.as_slice());
    let periods = [(method.benchmark_as_of - 3, history, None), (method.benchmark_as_of, outcome, Some(history))];
    let unseen: Vec<_> = periods.iter().filter(|(_, years, _)| !years.iter().any(|year| proposal.chosen_on.contains(year))).collect();

    let mut verdict = Verdict { accepted: false, reasons: Vec::new(), judged_on: Vec::new(), splits: Vec::new(), whole: Vec::new(), new: Vec::new() };
    let mut better_everywhere = !unseen.is_empty();
    if unseen.is_empty() {
        verdict.reasons.push("no period of permits by occupation group is left that it was not chosen on".to_owned());
    }
    let names = [PROPOSAL, proposal.replaces.as_str()];
    let compared = |of: String, values: &[Option<f64>], positions: &[Option<usize>]| {
        let value = |place: usize| positions[place].and_then(|position| values[position]);
        Comparison { of, proposal: value(0), current: value(1) }
    };
    for (year, years, before) in &unseen {
        verdict.judged_on.extend_from_slice(years);
        let parts = bench.benchmark_setups(*year, years, *before, false);
        // Where either takes estimated pools, both are judged on the countries that the other has too.
        let Some(setup) =
            parts.into_iter().find(|parts| parts.test == Test::Benchmark && parts.scope == PUBLISHED).map(|parts| parts.setup(years.to_vec()))
        else {
            better_everywhere = false;
            continue;
        };
        let (rows, countries) = rows_of(&setup);
        let positions = names.map(|name| setup.groups.first().and_then(|(rankers, _)| rankers.iter().position(|(known, _)| known == name)));
        let span = format!("{}–{}", years.first().unwrap_or(&0), years.last().unwrap_or(&0));
        let all = measured(&rows, &vec![true; countries.len()], &vec![true; rows.len()], Measure::Spearman);
        verdict.whole.push(compared(format!("permits {span}"), &all, &positions));
        let mut random = ChaCha8Rng::seed_from_u64(method.seed);
        let occupation_fold = dealt(rows.len(), method.folds.occupations, &mut random);
        let country_fold = dealt(countries.len(), method.folds.countries, &mut random);
        let mut better = 0;
        for occupations in 0..method.folds.occupations {
            for part in 0..method.folds.countries {
                let kept: Vec<bool> = occupation_fold.iter().map(|fold| *fold == occupations).collect();
                let markets: Vec<bool> = country_fold.iter().map(|fold| *fold == part).collect();
                let values = measured(&rows, &markets, &kept, Measure::Spearman);
                let split = compared(format!("permits {span}, occupations {}, countries {}", occupations + 1, part + 1), &values, &positions);
                better += usize::from(split.is_better());
                verdict.splits.push(split);
            }
        }
        let splits = method.folds.occupations * method.folds.countries;
        let enough = better >= method.splits_needed;
        better_everywhere &= enough;
        let word = if enough { "enough" } else { "not enough" };
        verdict.reasons.push(format!("better in {better} of {splits} splits on permits {span}; {} are needed: {word}", method.splits_needed));
    }
    // Test (d) is asked whatever the period: it may not be worse anywhere.
    for parts in bench.benchmark_setups(method.benchmark_as_of, outcome, Some(history), false) {
        if parts.test == Test::NewPairs && parts.scope == PUBLISHED {
            let setup = parts.setup(outcome.to_vec());
            let (rows, countries) = rows_of(&setup);
            let positions = names.map(|name| setup.groups.first().and_then(|(rankers, _)| rankers.iter().position(|(known, _)| known == name)));
            let values = measured(&rows, &vec![true; countries.len()], &vec![true; rows.len()], Measure::Auc);
            verdict.new.push(compared("new pairs of occupation and country, AUC".to_owned(), &values, &positions));
        }
    }
    let mut quick = config.clone();
    quick.method.backtest.draws = 0;
    let national: Vec<Comparison> = super::tested_years(figures)
        .into_iter()
        .flat_map(|t| bench.new_markets(t))
        .filter_map(|setup| judged(&setup, &quick))
        .map(|found| {
            let value = |name: &str| found.ranker(name).and_then(|row| row.judged.value).map(|value| value.value);
            Comparison { of: format!("new markets as of {}", found.as_of), proposal: value(PROPOSAL), current: value(&proposal.replaces) }
        })
        .collect();
    let mean = |value: fn(&Comparison) -> Option<f64>| super::mean(national.iter().map(value));
    let all = Comparison { of: "new markets, mean over the years".to_owned(), proposal: mean(|row| row.proposal), current: mean(|row| row.current) };
    if all.proposal.is_some() {
        verdict.new.push(all);
    }
    verdict.new.extend(national);
    let worse: Vec<&Comparison> = verdict.new.iter().filter(|row| !row.of.starts_with("new markets as of") && row.is_worse()).collect();
    verdict.reasons.push(match worse.as_slice() {
        [] => "not worse on new markets and new pairs".to_owned(),
        worse => format!("worse on {}", worse.iter().map(|row| row.of.as_str()).collect::<Vec<_>>().join(" and ")),
    });
    verdict.accepted = better_everywhere && worse.is_empty();
    verdict
}
