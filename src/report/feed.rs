//! What a web platform reads (`feed.json`): the target markets and shortage occupations of every area, with how sure they are, and the pages to link to.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::RunContext;
use super::section::answer::{answer, two_lists};
use super::section::sources::citations;
use super::view::{Lookup, View, county_name, stem};
use crate::chart::plain;
use crate::config::{AreaKind, LIKELY, POTENTIAL};
use crate::demand::{Demand, Rating as DemandRating};

use crate::gender::told_share;
use crate::language::say;
use crate::market::MarketScore;
use crate::supply::{Market, MarketKind};

/// The feed's name in the run's folder.
pub const FILE: &str = "feed.json";
/// Its schema's name beside it.
pub const SCHEMA_FILE: &str = "feed.schema.json";

/// Target markets and shortage occupations of a county, for a web platform. A figure that is missing is null, never 0.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "malmarknad feed")]
pub struct Feed {
    /// The schema beside the file.
    #[serde(rename = "$schema")]
    pub schema: String,
    /// Always `malmarknad`.
    pub program: String,
    /// Version of the program.
    pub version: String,
    /// The county that recruits.
    pub county: County,
    /// Year of the run: no later figure is used.
    pub year: i32,
    /// Language of every text, `sv` or `en`.
    pub language: String,
    /// Date of the run, ISO 8601.
    pub date: String,
    /// Which figures the run used, in words.
    pub data_status: String,
    /// The start page, where it was written.
    pub page: Option<String>,
    /// What the two lists are, to be shown beside them.
    pub about_lists: String,
    /// How to read a rank, to be shown beside ranks.
    pub about_ranks: String,
    /// The areas, in the order of the reports.
    pub areas: Vec<Area>,
    /// Lines that must be shown where the figures are.
    pub attribution: Vec<String>,
}

/// A Swedish county.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct County {
    /// Two digits.
    pub code: String,
    /// Name.
    pub name: String,
}

/// What an area is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// One of the county's strength areas.
    Strength,
    /// An industry.
    Industry,
}

/// Files of a page, relative to the feed; null where the run did not write it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Page {
    /// HTML.
    pub html: Option<String>,
    /// PDF.
    pub pdf: Option<String>,
}

/// A strength area or an industry.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Area {
    /// Key in `areas.toml` and the tables.
    pub key: String,
    /// Name.
    pub name: String,
    /// What it is.
    pub kind: Kind,
    /// Its page.
    pub page: Page,
    /// The answer in a sentence: the first markets and how sure it is.
    pub answer: String,
    /// Occupations with a shortage or under watch, the heaviest first.
    pub occupations: Vec<Occupation>,
    /// Countries on the two lists, which are never combined.
    pub lists: Vec<List>,
    /// Swedish counties, in the order of the reports. Their scores cannot be compared with those of countries.
    pub counties: Vec<CountyMarket>,
}

/// How an occupation is rated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Rating {
    /// Shortage.
    Shortage,
    /// To be watched.
    Watch,
}

/// A count of persons; small counts are not told exactly.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Persons {
    /// The count; null where it is too small to be told exactly.
    pub count: Option<i64>,
    /// What is to be shown: the count, or a span as "1–4".
    pub text: String,
}

/// An occupation of the county.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Occupation {
    /// Unit group of SSYK 2012, four digits.
    pub ssyk: String,
    /// Name.
    pub name: String,
    /// Rating.
    pub rating: Rating,
    /// How strongly the figures point to a shortage, 0–100.
    pub need: Option<f64>,
    /// Weight in the area's ranking of markets, 0–1.
    pub weight: f64,
    /// Employed women in the county.
    pub women: Persons,
    /// Employed men in the county.
    pub men: Persons,
    /// Share of women among the employed, 0–1; null on a base under 10.
    pub share_women: Option<f64>,
}

/// One of the two lists of countries.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct List {
    /// `likely` or `potential`, as the column `weighting` of the tables.
    pub key: String,
    /// Name.
    pub name: String,
    /// The countries that are ranked, in the order of the reports.
    pub countries: Vec<CountryMarket>,
}

/// Where a market stands, with how sure that is; null where it was not calculated.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Standing {
    /// Tier, 1 first; inside a tier the markets cannot be told apart.
    pub tier: u32,
    /// Median rank over the simulations.
    pub median: f64,
    /// The ranks of nine simulations in ten.
    pub interval: Interval,
}

/// An interval of ranks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Interval {
    /// 5th percentile.
    pub p05: f64,
    /// 95th percentile.
    pub p95: f64,
}

/// A country on a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CountryMarket {
    /// ISO 3166-1 alpha-2.
    pub iso2: String,
    /// Name.
    pub name: String,
    /// Where it stands.
    pub standing: Option<Standing>,
    /// Score, 1–100.
    pub score: Option<f64>,
    /// Share of the weight of the indicators that has figures, 0–1.
    pub coverage: Option<f64>,
    /// Share of the need that the country is open for, 0–1.
    pub open_share: Option<f64>,
    /// What to think of before recruiting there.
    pub care: String,
    /// Its own page, where it has one.
    pub page: Page,
}

/// A county as a market.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CountyMarket {
    /// Two digits.
    pub code: String,
    /// Name.
    pub name: String,
    /// Where it stands.
    pub standing: Option<Standing>,
    /// Score, 1–100.
    pub score: Option<f64>,
    /// Share of the weight of the indicators that has figures, 0–1.
    pub coverage: Option<f64>,
}

/// The feed's JSON schema.
#[must_use]
pub fn schema() -> serde_json::Value {
    schemars::schema_for!(Feed).to_value()
}

fn standing(row: &MarketScore) -> Option<Standing> {
    row.uncertainty.as_ref().map(|doubt| Standing { tier: doubt.tier, median: doubt.median, interval: Interval { p05: doubt.p05, p95: doubt.p95 } })
}

/// The files of a page that are among those of the run.
fn page(stem: &str, written: &BTreeSet<&str>) -> Page {
    let file = |ending: &str| {
        let name = format!("{stem}.{ending}");
        written.contains(name.as_str()).then_some(name)
    };
    Page { html: file("html"), pdf: file("pdf") }
}

fn occupation(view: &View, row: &Demand) -> Occupation {
    let method = &view.run.config.method.gender;
    let persons = |count: i64| {
        if (1..=method.small_count).contains(&count) {
            Persons { count: None, text: format!("1–{}", method.small_count) }
        } else {
            Persons { count: Some(count), text: view.language().whole(count) }
        }
    };
    Occupation {
        ssyk: row.occupation.to_string(),
        name: view.occupation(row.occupation),
        rating: if row.rating == DemandRating::Shortage { Rating::Shortage } else { Rating::Watch },
        need: row.need,
        weight: view.weight(row.occupation),
        women: persons(row.employed.women),
        men: persons(row.employed.men),
        // A share would tell the small count behind it.
        share_women: told_share(row.employed, method),
    }
}

fn country(view: &View, row: &MarketScore, written: &BTreeSet<&str>) -> CountryMarket {
    let iso2 = row.market.code().to_owned();
    CountryMarket {
        name: view.market(row.market),
        standing: standing(row),
        score: row.score,
        coverage: row.coverage,
        open_share: row.open_share,
        care: view.care_words(row.market),
        page: page(&format!("land-{}", iso2.to_lowercase()), written),
        iso2,
    }
}

fn area(view: &View, written: &BTreeSet<&str>) -> Area {
    let list = |weighting: &'static str| {
        let view = view.list(weighting);
        let countries = view.ranked(MarketKind::Country).into_iter().map(|row| country(&view, row, written)).collect();
        List { key: weighting.to_owned(), name: view.list_name().to_owned(), countries }
    };
    let county = |row: &MarketScore| CountyMarket {
        code: row.market.code().to_owned(),
        name: view.market(row.market),
        standing: standing(row),
        score: row.score,
        coverage: row.coverage,
    };
    Area {
        key: view.area.key.clone(),
        name: view.name.clone(),
        kind: if view.area.kind == AreaKind::Strength { Kind::Strength } else { Kind::Industry },
        page: page(&stem(view.area), written),
        answer: answer(view).first().map_or_else(String::new, super::model::Prose::plain),
        occupations: view.recruited().into_iter().map(|row| occupation(view, row)).collect(),
        lists: [LIKELY, POTENTIAL].map(list).into(),
        counties: view.ranked(MarketKind::County).into_iter().map(county).collect(),
    }
}

/// The feed of a run; `written` are the paths of the run's files, so that no link leads nowhere.
#[must_use]
pub fn feed(run: &RunContext, written: &BTreeSet<&str>) -> Feed {
    let lookup = Lookup::new(run);
    let language = run.language;
    let mut attribution: Vec<String> = Vec::new();
    for citation in citations(run) {
        let line = format!("{} ({})", citation.attribution, citation.licence);
        if !attribution.contains(&line) {
            attribution.push(line);
        }
    }
    Feed {
        schema: SCHEMA_FILE.to_owned(),
        program: "malmarknad".to_owned(),
        version: plain(run.version),
        county: County { code: Market::County(run.analysis.county).code().to_owned(), name: county_name(run) },
        year: run.analysis.year,
        language: language.tag().to_owned(),
        date: run.date.clone(),
        data_status: plain(&run.data_status),
        page: page("index", written).html,
        about_lists: two_lists(language).to_owned(),
        about_ranks: say!(language,
            sv: "Visa alltid en plats med sitt intervall. Inom en grupp kan marknaderna inte skiljas åt. Landets plats är densamma för kvinnor och män.",
            en: "Always show a rank with its interval. Inside a tier the markets cannot be told apart. A country’s place is the same for women and men.",
        )
        .to_owned(),
        areas: (0..run.config.areas.len()).map(|position| area(&View::new(run, &lookup, position), written)).collect(),
        attribution,
    }
}
