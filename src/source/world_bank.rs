//! The World Bank's indicators, JSON in pages. An error comes with status 200.

use serde_json::Value;

use super::{Answers, Asked, Body, Call, Pace, Source, Verdict, nothing_allowed};
use crate::code::CountryScheme;
use crate::tidy::dataset::{Income, Population};
use crate::tidy::{Shelf, TidyError, table, unreadable, world};

const BASES: &[(&str, Pace)] = &[("https://api.worldbank.org/v2", Pace { calls: 5, seconds: 5 })];
const PUBLISHER: &str = "Världsbanken";
const LICENCE: &str = "CC BY 4.0";
const ATTRIBUTION: &str = "Source: World Development Indicators, The World Bank";
const INCOME_ID: &str = "NY.GDP.PCAP.PP.CD";
const POPULATION_ID: &str = "SP.POP.TOTL";
/// Rows of a page; all areas and years make fewer.
const PAGE_ROWS: u32 = 20_000;
/// A table of this size is none of these.
const MOST_PAGES: u64 = 50;

/// Income.
pub(super) static INCOME: Source = Source {
    key: "world_bank_income",
    dataset: INCOME_ID,
    publisher: PUBLISHER,
    title: "GDP per capita, PPP (current international $)",
    page: "https://data.worldbank.org/indicator/NY.GDP.PCAP.PP.CD",
    licence: LICENCE,
    attribution: ATTRIBUTION,
    used_for: "income against Sweden's",
    cadence_days: 200,
    bases: BASES,
    by_hand: false,
    of_file: None,
    replaces: &["world_bank_income"],
    keeps_years: false,
    calls: |asked, answers| calls(INCOME_ID, asked, answers),
    allowed: nothing_allowed,
    judge,
    tables: |shelf, answers| {
        let mut rows = Vec::new();
        for (country, period, value) in observations(shelf, answers, INCOME_ID)? {
            rows.push(Income { country, period, gdp_per_person: value, source: INCOME.key.to_owned() });
        }
        shelf.receipt(INCOME.key, rows.iter().map(|row| row.period));
        Ok(vec![table(rows)?])
    },
};

/// Population.
pub(super) static POPULATION: Source = Source {
    key: "world_bank_population",
    dataset: POPULATION_ID,
    publisher: PUBLISHER,
    title: "Population, total",
    page: "https://data.worldbank.org/indicator/SP.POP.TOTL",
    licence: LICENCE,
    attribution: ATTRIBUTION,
    used_for: "per person",
    cadence_days: 200,
    bases: BASES,
    by_hand: false,
    of_file: None,
    replaces: &["world_bank_population"],
    keeps_years: false,
    calls: |asked, answers| calls(POPULATION_ID, asked, answers),
    allowed: nothing_allowed,
    judge,
    tables: |shelf, answers| {
        let mut rows = Vec::new();
        for (country, period, value) in observations(shelf, answers, POPULATION_ID)? {
            rows.push(Population { country, period, persons: value, source: POPULATION.key.to_owned() });
        }
        shelf.receipt(POPULATION.key, rows.iter().map(|row| row.period));
        Ok(vec![table(rows)?])
    },
};

fn page(number: u64) -> String {
    format!("page-{number:02}")
}

fn calls(indicator: &str, asked: &Asked, answers: &Answers) -> Result<Vec<Call>, TidyError> {
    let call = |number: u64| {
        let path =
            format!("/country/all/indicator/{indicator}?format=json&date={}:{}&per_page={PAGE_ROWS}&page={number}", world::FIRST_PERIOD, asked.year);
        Call::get(page(number), format!("{indicator}: page {number}"), path, Body::Json)
    };
    if !answers.kept.contains_key(&page(1)) {
        return Ok(vec![call(1)]);
    }
    let first: Value =
        serde_json::from_slice(&answers.bytes(&page(1))?).map_err(|error| unreadable(indicator, "World Bank JSON", error.to_string()))?;
    let pages = first[0]["pages"].as_u64().filter(|pages| (1..=MOST_PAGES).contains(pages));
    let pages = pages.ok_or_else(|| unreadable(indicator, "World Bank JSON", "it does not say how many pages there are, or says too many"))?;
    Ok((2..=pages).filter(|number| !answers.kept.contains_key(&page(*number))).map(call).collect())
}

fn judge(_: &Call, head: &[u8]) -> Verdict {
    let Ok(body) = serde_json::from_slice::<Value>(head) else { return Verdict::Sound };
    match body[0]["message"].as_array() {
        Some(messages) => {
            let told: Vec<&str> = messages.iter().filter_map(|message| message["value"].as_str()).collect();
            Verdict::Refused(format!("the World Bank says: {}", told.join("; ").chars().take(200).collect::<String>()))
        }
        None => Verdict::Sound,
    }
}

/// The figures of countries, from all pages.
fn observations(shelf: &Shelf, answers: &Answers, indicator: &str) -> Result<Vec<(String, i32, f64)>, TidyError> {
    let mut found = Vec::new();
    let mut rows_told = None;
    let mut edition = None;
    let mut rows_read = 0;
    for (name, _) in answers.named("page-") {
        let wrong = |reason: String| unreadable(&format!("{indicator}, {name}"), "World Bank JSON", reason);
        let document: Value = serde_json::from_slice(&answers.bytes(name)?).map_err(|error| wrong(error.to_string()))?;
        rows_told = rows_told.or(document[0]["total"].as_u64());
        let updated = document[0]["lastupdated"].as_str().unwrap_or_default().to_owned();
        if edition.get_or_insert_with(|| updated.clone()) != &updated {
            return Err(wrong("it is of another edition than the pages before".to_owned()));
        }
        let rows = document[1].as_array().ok_or_else(|| wrong("the second part holds no rows".to_owned()))?;
        for (position, row) in rows.iter().enumerate() {
            rows_read += 1;
            let place = format!("{indicator}, {name}, row {}", position + 1);
            if row["indicator"]["id"].as_str() != Some(indicator) {
                return Err(wrong(format!("row {} is about another indicator", position + 1)));
            }
            let period =
                row["date"].as_str().and_then(crate::code::Period::parse).ok_or_else(|| wrong(format!("row {} has no year", position + 1)))?;
            let value = match &row["value"] {
                Value::Null => continue,
                value => value.as_f64().filter(|value| value.is_finite()).ok_or_else(|| wrong(format!("row {} has no number", position + 1)))?,
            };
            // Aggregates have either no three-letter code or one that the list excludes.
            let code = row["countryiso3code"].as_str().unwrap_or_default();
            let code = if code.is_empty() { row["country"]["id"].as_str().unwrap_or_default() } else { code };
            if code.len() == 2 {
                continue;
            }
            if let Some(country) = shelf.codes.country_spelled(CountryScheme::WorldBank, code, &place)? {
                found.push((country.to_string(), period.year(), value));
            }
        }
    }
    if rows_told != Some(rows_read) {
        return Err(unreadable(indicator, "World Bank JSON", format!("{rows_told:?} rows were told, {rows_read} came")));
    }
    Ok(found)
}
