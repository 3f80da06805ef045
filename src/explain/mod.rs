//! Why: from a score or a rank down to the publishers' cells (`malmarknad explain`, and a section of every country's page). The chain is computed anew from
//! the cells of the data folder and the numbers of the method, and held against what the run has at every step.

mod answer;
mod area;
mod country;
mod county;
mod find;
mod fit;
mod gate;
mod ledger;
mod need;
mod pool;
mod rating;
mod remark;
mod standing;
mod step;
mod text;

pub use answer::explain;
pub use area::area_chain;
pub use find::{Subject, find_market, find_subject};
pub use fit::fit_chain;
pub use gate::GateExplained;
pub use ledger::{Cell, Ledger};
pub use need::demand_chain;
pub use rating::{EvidenceExplained, RatingExplained};
pub use standing::{Neighbour, Standing};
pub use step::{Check, Gap, Operation, Step, TOLERANCE, check};
pub use text::text;

use std::collections::BTreeMap;
use std::sync::OnceLock;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::analysis::Analysis;
use crate::chart::plain;
use crate::code::{Isco, Ssyk};
use crate::config::Config;
use crate::figures::{Figures, FiguresError};
use crate::language::{Language, say};
use crate::market::IndicatorValue;
use crate::supply::{Market, MarketKind};

/// What an explanation is called that a program can read; a new number where a field changes its meaning.
pub const FORMAT: &str = "malmarknad-explanation-1";

/// What stands in the way of an explanation.
#[derive(Debug, thiserror::Error)]
pub enum ExplainError {
    /// The data folder lacks a cell that the run used.
    #[error(
        "the table {table} has no row \"{row}\", which the run used\nhint: the data folder is not the one that the run read; run `malmarknad run` again with it"
    )]
    NoCell {
        /// The table.
        table: &'static str,
        /// The row's key.
        row: String,
    },
    /// The chain is not what the run has.
    #[error(
        "does not add up: {path} is {} by its own chain, and {of_run} in the run\nhint: this is a fault in malmarknad; please report it with the command you ran",
        recomputed.map_or_else(|| "missing".to_owned(), |number| number.to_string())
    )]
    DoesNotAddUp {
        /// The keys that lead to the step.
        path: String,
        /// By the chain.
        recomputed: Option<f64>,
        /// By the run.
        of_run: f64,
    },
    /// No such market.
    #[error("there is no country or county \"{typed}\"\nhint: {hint}")]
    Market {
        /// As typed, made safe.
        typed: String,
        /// The nearest names.
        hint: String,
    },
    /// Sweden, or the county itself.
    #[error("{typed} is no target market of the county\nhint: a market is another country, or another county than the one that recruits (--county)")]
    Home {
        /// As typed, made safe.
        typed: String,
    },
    /// No such occupation or area.
    #[error("\"{typed}\" is neither an area nor an occupation of SSYK 2012\nhint: {hint}")]
    Subject {
        /// As typed, made safe.
        typed: String,
        /// The nearest names.
        hint: String,
    },
    /// No such weighting.
    #[error("there is no weighting {typed}\nhint: data/method.toml has {list}")]
    Weighting {
        /// As typed, made safe.
        typed: String,
        /// Those there are.
        list: String,
    },
    /// The analysis could not be made.
    #[error(transparent)]
    Figures(#[from] FiguresError),
}

impl From<Gap> for ExplainError {
    fn from(gap: Gap) -> Self {
        Self::DoesNotAddUp { path: gap.path, recomputed: gap.recomputed, of_run: gap.of_run }
    }
}

/// A code with its name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Named {
    /// Kind: country, county, occupation, area.
    pub kind: String,
    /// Code or key.
    pub code: String,
    /// Name in the explanation's language.
    pub name: String,
}

/// Where a publisher's file came from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SourceOfCells {
    /// Key that the cells use.
    pub source: String,
    /// The publisher's name of the dataset.
    pub dataset: String,
    /// Publisher.
    pub publisher: String,
    /// Title.
    pub title: String,
    /// Address.
    pub url: String,
    /// When the copy was made.
    pub retrieved: String,
    /// Span of periods.
    pub period: String,
    /// Licence.
    pub licence: String,
    /// SHA-256 of the publisher's file that was read.
    pub sha256: String,
    /// Language of the names, the title and the licence: that of the explanation where they have been translated, else `sv`.
    pub language: String,
}

/// A tidy table that cells of the chain stand in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TableOfCells {
    /// Name of the table.
    pub table: String,
    /// SHA-256 of the table in the data folder.
    pub sha256: String,
}

/// Where a score or a rank comes from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(title = "malmarknad explanation")]
pub struct Explanation {
    /// Always `malmarknad-explanation-1`.
    pub format: String,
    /// Version of the program.
    pub version: String,
    /// Language of every text, `sv` or `en`.
    pub language: String,
    /// The county that recruits.
    pub county: Named,
    /// Year of the run: no later figure is used.
    pub year: i32,
    /// Named weighting; null for counties, which have their own.
    pub weighting: Option<String>,
    /// The market.
    pub market: Named,
    /// The occupation or the area.
    pub subject: Named,
    /// The answer in a sentence or two.
    pub answer: String,
    /// What it cannot answer.
    pub limits: Vec<String>,
    /// The score, 1…100; null where there is none that counts.
    pub score: Option<f64>,
    /// Whether the market is ranked.
    pub ranked: bool,
    /// Why not, where it is not.
    pub reason: Option<String>,
    /// The publishers' cells that the reason rests on, where it rests on any.
    pub reason_cells: Vec<Cell>,
    /// The gate, for a country and an occupation.
    pub gate: Option<GateExplained>,
    /// The place.
    pub standing: Option<Standing>,
    /// The score, step by step down to the cells.
    pub chain: Option<Step>,
    /// Share of the indicators' weight that has figures, step by step; for an occupation.
    pub coverage: Option<Step>,
    /// The occupation's points in the county, step by step; for an occupation.
    pub demand: Option<Step>,
    /// The rating of the occupation in the county; of an area, those that employers' evidence sets.
    pub ratings: Vec<RatingExplained>,
    /// The sources of the cells.
    pub sources: Vec<SourceOfCells>,
    /// The tables that the cells stand in.
    pub tables: Vec<TableOfCells>,
    /// SHA-256 over the files of the method.
    pub method_sha256: String,
    /// How the chain was held against the run.
    pub check: Check,
}

/// The JSON schema of an explanation.
#[must_use]
pub fn schema() -> serde_json::Value {
    schemars::schema_for!(Explanation).to_value()
}

type IndicatorKey = (Market, Option<Ssyk>, &'static str);

/// Everything that a chain is made from, with what several chains share.
pub struct Context<'a> {
    /// The county's analysis.
    pub analysis: &'a Analysis,
    /// The method and the lists.
    pub config: &'a Config,
    /// The figures.
    pub figures: &'a Figures,
    /// Language of the words.
    pub language: Language,
    /// The cells.
    pub ledger: Ledger,
    indicators: BTreeMap<IndicatorKey, &'a IndicatorValue>,
    growth_of_all: OnceLock<Option<Step>>,
    /// Points of the county's occupations, followed when they are first asked for: every country's page weighs the same ones.
    points: BTreeMap<Ssyk, OnceLock<Step>>,
    /// Rates of advertisements that are scored, by occupation.
    rates: OnceLock<BTreeMap<Ssyk, f64>>,
    lines: OnceLock<BTreeMap<Isco, pool::LineSums>>,
    employed: OnceLock<BTreeMap<crate::code::County, Option<Cell>>>,
}

impl<'a> Context<'a> {
    /// Of an analysis.
    #[must_use]
    pub fn new(analysis: &'a Analysis, config: &'a Config, figures: &'a Figures, language: Language) -> Self {
        let rows = &analysis.markets.indicators;
        Self {
            analysis,
            config,
            figures,
            language,
            ledger: Ledger::new(figures, language),
            indicators: rows.iter().map(|row| ((row.market, row.occupation, row.indicator), row)).collect(),
            growth_of_all: OnceLock::new(),
            points: analysis.demand.occupations.keys().map(|occupation| (*occupation, OnceLock::new())).collect(),
            rates: OnceLock::new(),
            lines: OnceLock::new(),
            employed: OnceLock::new(),
        }
    }

    /// What the run has for an indicator.
    fn indicator(&self, market: Market, occupation: Ssyk, indicator: &str) -> Option<&'a IndicatorValue> {
        let of = |occupation| self.indicators.get(&(market, occupation, stable(indicator)?)).copied();
        of(Some(occupation)).or_else(|| of(None))
    }

    /// Whether some market of the kind has a score of the indicator for the occupation: else it is not counted.
    fn is_counted(&self, kind: MarketKind, occupation: Ssyk, indicator: &str) -> bool {
        let markets: Vec<Market> = match kind {
            MarketKind::Country => self.analysis.supply.countries.iter().copied().map(Market::Country).collect(),
            MarketKind::County => self.analysis.supply.counties.iter().copied().map(Market::County).collect(),
        };
        markets.into_iter().any(|market| self.indicator(market, occupation, indicator).is_some_and(|row| row.normalised.is_some()))
    }

    /// The name of a market.
    fn market_name(&self, market: Market) -> String {
        let codes = &self.config.codes;
        plain(match market {
            Market::Country(country) => {
                let name = codes.country_name(country);
                self.language.pick(&name.swedish, &name.english)
            }
            Market::County(county) => {
                let info = codes.county_info(county);
                self.language.pick(&info.swedish, &info.english)
            }
        })
    }

    /// The name of an occupation.
    fn occupation_name(&self, occupation: Ssyk) -> String {
        let name = self.config.codes.occupation(occupation);
        plain(self.language.pick(&name.swedish, &name.english))
    }

    /// A text that there is in Swedish only, marked as such among English ones.
    fn swedish_only(&self, text: &str) -> String {
        let text = plain(text);
        say!(self.language, sv: text, en: format!("{text} (in Swedish)"))
    }

    fn year(&self) -> i32 {
        self.analysis.year
    }
}

/// The program's own text of an indicator's name.
fn stable(indicator: &str) -> Option<&'static str> {
    INDICATORS.into_iter().find(|name| *name == indicator)
}

/// Every indicator of the markets.
const INDICATORS: [&str; 13] = [
    "pool",
    "specialisation",
    "unemployment",
    "no_shortage_at_home",
    "median_age",
    "diaspora_sweden",
    "diaspora_county",
    "income_gap",
    "recent",
    "entry",
    "distance",
    "assessment",
    "moves",
];
