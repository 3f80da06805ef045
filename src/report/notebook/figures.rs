//! What the notebook's cells print, from the run's tables.

use std::collections::BTreeMap;

use base64::Engine;
use serde_json::{Value, json};

use super::super::model::Document;
use super::super::section::judged::label_words;
use super::super::view::{View, market_name, occupation_name};
use super::super::{ReportError, RunContext, documents};
use super::{Shown, lines};
use crate::backtest::Label;
use crate::chart::png;
use crate::config::{AreaKind, LIKELY};
use crate::demand::Rating;
use crate::language::{Language, say};
use crate::market::PILLARS;
use crate::supply::Market;
use crate::table::{Table, Values, inert};

/// Countries in a table.
const COUNTRIES: usize = 15;
/// Rows of a reweighed list.
const REWEIGHED: usize = 10;
/// Pixels per point of a picture.
const SCALE: f32 = 1.5;
/// The orders that the back-test's table shows.
pub const RANKERS: [&str; 6] = ["likely", "potential", "population", "pool", "born_in_sweden", "history"];

/// The run's tables, by name, with the words that they lack.
pub struct Tables<'a> {
    run: &'a RunContext<'a>,
    by_name: BTreeMap<&'static str, &'a Table>,
    /// Names by code in a language that the tables are not in.
    pub names: BTreeMap<String, String>,
    /// Words of the tables in that language.
    pub words: Vec<(&'static str, &'static str)>,
}

/// A row of a table.
#[derive(Clone, Copy)]
struct Row<'a> {
    table: &'a Table,
    row: usize,
}

impl<'a> Row<'a> {
    fn values(self, column: &str) -> Option<&'a Values> {
        self.table.columns.iter().find(|found| found.name == column).map(|found| &found.values)
    }

    fn text(self, column: &str) -> String {
        match self.values(column) {
            Some(Values::Text(values)) => values[self.row].as_deref().map_or_else(String::new, |text| inert(text).into_owned()),
            _ => String::new(),
        }
    }

    fn number(self, column: &str) -> Option<f64> {
        match self.values(column)? {
            Values::Number(values) => values[self.row],
            Values::Whole(values) => values[self.row].map(crate::demand::exact),
            _ => None,
        }
    }
}

impl<'a> Tables<'a> {
    pub fn new(run: &'a RunContext<'a>, tables: &'a [Table]) -> Self {
        let mut names = BTreeMap::new();
        let mut words = Vec::new();
        if run.language != Language::Swedish {
            for country in &run.analysis.supply.countries {
                let market = Market::Country(*country);
                names.insert(market.code().to_owned(), market_name(run, market));
            }
            for occupation in run.analysis.markets.area_weights.iter().flat_map(|area| area.weights.keys()) {
                names.insert(occupation.to_string(), occupation_name(run, *occupation));
            }
            words.extend([(Rating::Shortage.as_str(), "shortage"), (Rating::Watch.as_str(), "watch")]);
            words.extend([Label::Support, Label::WeakSupport, Label::NoSupport].map(|label| (label.as_str(), label_words(label, run.language))));
        }
        Self { run, by_name: tables.iter().map(|table| (table.name, table)).collect(), names, words }
    }

    fn language(&self) -> Language {
        self.run.language
    }

    fn rows(&self, table: &str, wanted: &[(&str, &str)]) -> Vec<Row<'a>> {
        let Some(table) = self.by_name.get(table).copied() else { return Vec::new() };
        (0..table.rows()).map(|row| Row { table, row }).filter(|row| wanted.iter().all(|(column, value)| row.text(column) == *value)).collect()
    }

    fn named(&self, code: &str, swedish: String) -> String {
        self.names.get(code).cloned().unwrap_or(swedish)
    }

    fn word(&self, text: String) -> String {
        self.words.iter().find(|(swedish, _)| *swedish == text).map_or(text, |(_, word)| (*word).to_owned())
    }

    fn number(&self, value: Option<f64>, decimals: usize) -> String {
        value.map_or_else(String::new, |value| self.language().number(value, decimals))
    }

    fn interval(&self, row: Row, low: &str, high: &str, decimals: usize) -> String {
        match (row.number(low), row.number(high)) {
            (Some(low), Some(high)) => format!("{}–{}", self.number(Some(low), decimals), self.number(Some(high), decimals)),
            _ => String::new(),
        }
    }

    /// The ranked countries of a list in an area, in the order of the reports.
    fn ranked(&self, area: &str, list: &str) -> Vec<Row<'a>> {
        let mut rows = self.rows("markets", &[("weighting", list), ("market_type", "country"), ("area", area)]);
        rows.retain(|row| row.number("place").is_some());
        rows.sort_by(|first, second| first.number("place").unwrap_or(0.0).total_cmp(&second.number("place").unwrap_or(0.0)));
        rows
    }

    pub fn first_tiers(&self, views: &[View]) -> Shown {
        let language = self.language();
        let mut body = Vec::new();
        for view in views {
            for list in super::source::LISTS {
                let first: Vec<Row> = self.ranked(&view.area.key, list).into_iter().filter(|row| row.number("tier") == Some(1.0)).collect();
                let names: Vec<String> = first.iter().map(|row| self.named(&row.text("market"), row.text("name"))).collect();
                let low = first.iter().filter_map(|row| row.number("rank_p05")).reduce(f64::min);
                let high = first.iter().filter_map(|row| row.number("rank_p95")).reduce(f64::max);
                let span =
                    low.zip(high).map_or_else(String::new, |(low, high)| format!("{}–{}", self.number(Some(low), 0), self.number(Some(high), 0)));
                body.push(vec![view.name.clone(), super::source::list_name(list, language).to_owned(), names.join(", "), span]);
            }
        }
        let (title, head) = super::source::first_tiers_words(language);
        Shown { title: title.to_owned(), head: head.map(str::to_owned).into(), body }
    }

    pub fn ranking(&self, area: &str, list: &str) -> Shown {
        let language = self.language();
        let body = self
            .ranked(area, list)
            .into_iter()
            .take(COUNTRIES)
            .map(|row| {
                vec![
                    self.named(&row.text("market"), row.text("name")),
                    self.number(row.number("tier"), 0),
                    self.number(row.number("rank_median"), 1),
                    self.interval(row, "rank_p05", "rank_p95", 1),
                    self.number(row.number("score"), 1),
                ]
            })
            .collect();
        Shown {
            title: super::source::list_name(list, language).to_owned(),
            head: super::source::ranking_head(language).map(str::to_owned).into(),
            body,
        }
    }

    pub fn occupations(&self, area: &str) -> Shown {
        let language = self.language();
        let demand: BTreeMap<String, Row> = self.rows("demand", &[]).into_iter().map(|row| (row.text("ssyk4"), row)).collect();
        let mut listed = self.rows("area_occupations", &[("area", area)]);
        listed.retain(|row| row.number("score_weight").is_some());
        listed.sort_by(|first, second| {
            let weight = |row: &Row| row.number("score_weight").unwrap_or(0.0);
            weight(second).total_cmp(&weight(first)).then_with(|| first.text("ssyk4").cmp(&second.text("ssyk4")))
        });
        let small = crate::demand::exact(self.run.config.method.gender.small_count);
        let least = crate::demand::exact(self.run.config.method.gender.least_base);
        let persons =
            |count: f64| if (1.0..=small).contains(&count) { format!("1–{}", self.number(Some(small), 0)) } else { self.number(Some(count), 0) };
        let body = listed
            .into_iter()
            .filter_map(|row| {
                let code = row.text("ssyk4");
                let row = *demand.get(&code)?;
                let (women, men) = (row.number("employed_women")?, row.number("employed_men")?);
                // A share would tell the small count behind it.
                let few = [women, men].iter().any(|count| (1.0..=small).contains(count));
                let share = (women + men >= least && !few).then(|| 100.0 * women / (women + men));
                Some(vec![
                    self.named(&code, row.text("occupation")),
                    code,
                    self.word(row.text("rating")),
                    self.number(row.number("need"), 0),
                    persons(women),
                    persons(men),
                    self.number(share, 0),
                ])
            })
            .collect();
        let (title, head) = super::source::occupations_words(language);
        Shown { title: title.to_owned(), head: head.map(str::to_owned).into(), body }
    }

    pub fn back_test(&self) -> Shown {
        let language = self.language();
        let rows: Vec<Row> = self
            .rows("backtest", &[("sex", "total"), ("scope", "third")])
            .into_iter()
            .filter(|row| RANKERS.contains(&row.text("ranker").as_str()))
            .collect();
        let mut newest: BTreeMap<String, f64> = BTreeMap::new();
        for row in &rows {
            let year = row.number("as_of").unwrap_or(0.0);
            newest.entry(row.text("name")).and_modify(|found| *found = found.max(year)).or_insert(year);
        }
        let body = rows
            .into_iter()
            .filter(|row| newest.get(&row.text("name")).copied() == row.number("as_of"))
            .map(|row| {
                let as_of = row.number("as_of").map_or_else(String::new, |year| format!("{year:.0}"));
                let lists = super::source::LISTS.contains(&row.text("ranker").as_str());
                let ranker = row.text("ranker");
                let ranker = if lists { super::source::list_name(&ranker, language).to_owned() } else { ranker };
                vec![
                    row.text("name"),
                    as_of,
                    row.text("outcome_years"),
                    ranker,
                    row.text("measure"),
                    self.number(row.number("value"), 2),
                    self.interval(row, "p025", "p975", 2),
                    self.word(row.text("label")),
                ]
            })
            .collect();
        let (title, head) = super::source::back_test_words(language);
        Shown { title: title.to_owned(), head: head.map(str::to_owned).into(), body }
    }

    /// The pillars' weights of Likely.
    pub fn weights(&self) -> Vec<(&'static str, f64)> {
        let weighting = self.run.config.method.weightings.get(LIKELY);
        let pillars = weighting.map(crate::config::Weighting::pillars);
        PILLARS.iter().enumerate().map(|(position, name)| (*name, pillars.as_ref().map_or(0.0, |pillars| pillars[position].1.weight))).collect()
    }

    pub fn reweighed(&self, area: &str, weights: &[(&'static str, f64)]) -> Shown {
        let language = self.language();
        let weight: BTreeMap<String, f64> = self
            .rows("area_occupations", &[("area", area)])
            .into_iter()
            .filter_map(|row| Some((row.text("ssyk4"), row.number("score_weight")?)))
            .collect();
        let mut sums: BTreeMap<String, (f64, f64)> = BTreeMap::new();
        for row in self.rows("fit", &[("weighting", LIKELY), ("market_type", "country")]) {
            let Some(weight) = weight.get(&row.text("ssyk4")) else { continue };
            let closed = super::source::CLOSED.contains(&row.text("gate").as_str());
            let pillars: Vec<(f64, f64)> =
                weights.iter().filter(|(_, share)| *share > 0.0).filter_map(|(name, share)| Some((row.number(name)?, *share))).collect();
            let score = if closed {
                self.run.config.method.area.closed_score
            } else if row.number("score").is_none() || pillars.is_empty() {
                continue;
            } else {
                let whole: f64 = pillars.iter().map(|(_, share)| share).sum();
                (pillars.iter().map(|(value, share)| share * value.ln()).sum::<f64>() / whole).exp()
            };
            let sum = sums.entry(row.text("market")).or_insert((0.0, 0.0));
            sum.0 += weight * score;
            sum.1 += weight;
        }
        let mut rows: Vec<(f64, Row)> = self
            .ranked(area, LIKELY)
            .into_iter()
            .filter_map(|row| sums.get(&row.text("market")).map(|(sum, counted)| (sum / counted, row)))
            .collect();
        // Rounded, so that a last bit never decides the order.
        let rounded = |value: f64| (value * 1e6).round();
        rows.sort_by(|first, second| {
            rounded(second.0).total_cmp(&rounded(first.0)).then_with(|| first.1.text("market").cmp(&second.1.text("market")))
        });
        let body = rows
            .into_iter()
            .take(REWEIGHED)
            .map(|(score, row)| {
                vec![
                    self.named(&row.text("market"), row.text("name")),
                    self.number(Some(score), 1),
                    self.number(row.number("score"), 1),
                    self.number(row.number("tier"), 0),
                    self.interval(row, "rank_p05", "rank_p95", 1),
                ]
            })
            .collect();
        let parts: Vec<String> = weights.iter().map(|(name, share)| format!("{name} {}", self.number(Some(*share), 2))).collect();
        let title = format!("{}: {}", say!(language, sv: "Vikter", en: "Weights"), parts.join(", "));
        Shown { title, head: super::source::reweighed_head(language).map(str::to_owned).into(), body }
    }
}

/// A chart of the area's page as the output of a cell; none where the page has no such chart.
pub fn picture(view: &View, slug: &str) -> Result<Vec<Value>, ReportError> {
    let document: Document = match view.area.kind {
        AreaKind::Strength => documents::area(view)?,
        AreaKind::Industry => documents::brief(view)?,
    };
    let Some(figure) = document.figures().find(|figure| figure.file.ends_with(slug)) else { return Ok(Vec::new()) };
    let bytes = png(&figure.svg, SCALE).map_err(|source| ReportError::Picture { file: format!("{}.png", figure.file), source })?;
    let picture = base64::engine::general_purpose::STANDARD.encode(bytes);
    Ok(vec![json!({
        "data": {"image/png": picture, "text/plain": lines(&figure.alternative)},
        "metadata": {},
        "output_type": "display_data",
    })])
}
