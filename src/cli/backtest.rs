//! `malmarknad backtest`: does the ranking predict, and may a weighting be changed?

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;
use clap::Args;
use serde_json::json;

use super::{Data, Printer, aligned};
use crate::backtest::measure::{Interval, Measure};
use crate::backtest::proposal::{Proposal, Verdict, tried};
use crate::backtest::{BASELINES, BackTest, TestResult, back_test, check_draws};
use crate::crosswalk::links;
use crate::settings::Settings;

/// `malmarknad backtest`
#[derive(Debug, Args)]
pub(super) struct Backtest {
    /// A proposed weighting (TOML) to be judged by the rule for changing weights
    #[arg(long = "try", value_name = "WEIGHTS.toml")]
    proposal: Option<PathBuf>,
    #[command(flatten)]
    data: Data,
    /// Resamples of the intervals, at least 20 [default: data/method.toml]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(0..=100_000))]
    draws: Option<u32>,
    /// As JSON
    #[arg(long)]
    json: bool,
}

impl Backtest {
    pub(super) fn execute(&self, settings: &Settings, printer: &Printer) -> anyhow::Result<ExitCode> {
        let mut config = settings.config()?;
        if let Some(draws) = self.draws {
            config.method.backtest.draws = draws as usize;
        }
        let of = if self.draws.is_some() { "--draws" } else { "data/method.toml, backtest.draws" };
        check_draws(config.method.backtest.draws).context(of)?;
        let data = self.data.choice(settings)?;
        let (figures, folder) = settings.figures(&data, &config.codes)?;
        printer.status(&format!("figures in {}", folder.display()));
        let links = links(&figures, &config.occupations());
        if let Some(path) = &self.proposal {
            let proposal = Proposal::read(path, &config)?;
            let verdict = tried(&proposal, &figures, &config, &links);
            Printer::result(&if self.json { verdict_json(&verdict)? } else { verdict_text(&verdict, &proposal) })?;
            return Ok(ExitCode::SUCCESS);
        }
        let found = back_test(&figures, &config, &links);
        Printer::result(&if self.json { json_of(&found)? } else { text_of(&found) })?;
        Ok(ExitCode::SUCCESS)
    }
}

fn number(value: Option<f64>) -> String {
    value.map_or_else(|| "-".to_owned(), |value| format!("{value:.2}"))
}

fn span(interval: Option<Interval>) -> String {
    interval.map_or_else(|| "-".to_owned(), |interval| format!("{:.2} [{:.2}, {:.2}]", interval.value, interval.low, interval.high))
}

/// Years as they are told: the span, and which of it are not published.
fn years(years: &[i32]) -> String {
    years.iter().map(i32::to_string).collect::<Vec<_>>().join(", ")
}

fn heading(test: &TestResult) -> String {
    let what = match test.measure {
        Measure::Spearman => "Spearman",
        Measure::Auc => "AUC",
    };
    format!(
        "({}) {} / {} / {}: ranked as of {}, followed {}; {} countries, {} {}; {what} with 95 % interval",
        test.test.letter(),
        test.test.as_str(),
        test.scope,
        test.sex.as_str(),
        test.as_of,
        years(&test.outcome),
        test.countries,
        test.groups,
        if test.groups == 1 { "group" } else { "groups" },
    )
}

fn text_of(found: &BackTest) -> String {
    let mut text = String::new();
    for test in &found.tests {
        text.push_str(&heading(test));
        text.push('\n');
        let header = ["", "", "NDCG@10", "hits", "less the best of population and pool", "label"];
        let mut lines = vec![header.map(str::to_owned).to_vec()];
        for row in &test.rankers {
            lines.push(vec![
                row.ranker.clone(),
                span(row.judged.value),
                number(row.ndcg10),
                number(row.hits10),
                if BASELINES[..2].contains(&row.ranker.as_str()) { String::new() } else { span(row.judged.above_simple) },
                row.label.map_or("", crate::backtest::Label::as_str).to_owned(),
            ]);
        }
        text.push_str(&aligned(&lines, &[2, 3]));
        text.push('\n');
    }
    text.push_str("Leaks: figures later than the ranking that uses them, because there is no older vintage\n");
    let mut lines = vec![["as of", "table", "newest", "countries"].map(str::to_owned).to_vec()];
    for leak in &found.leaks {
        lines.push(vec![leak.as_of.to_string(), leak.table.to_owned(), leak.newest.to_string(), leak.countries.to_string()]);
    }
    text.push_str(&aligned(&lines, &[0, 2, 3]));
    text
}

fn json_of(found: &BackTest) -> anyhow::Result<String> {
    let interval = |value: Option<Interval>| value.map(|value| json!({"value": value.value, "p025": value.low, "p975": value.high}));
    let tests: Vec<_> = found
        .tests
        .iter()
        .map(|test| {
            let rankers: Vec<_> = test
                .rankers
                .iter()
                .map(|row| {
                    let differences: serde_json::Map<String, serde_json::Value> = test
                        .baselines
                        .iter()
                        .zip(&row.judged.differences)
                        .map(|(name, value)| ((*name).to_owned(), json!(interval(*value))))
                        .collect();
                    json!({"ranker": row.ranker, "value": interval(row.judged.value), "ndcg10": row.ndcg10, "hits10": row.hits10,
                           "above_simple": interval(row.judged.above_simple), "differences": differences,
                           "label": row.label.map(crate::backtest::Label::as_str)})
                })
                .collect();
            json!({"test": test.test.letter(), "name": test.test.as_str(), "scope": test.scope, "sex": test.sex.as_str(), "as_of": test.as_of,
                   "outcome": test.outcome, "measure": if test.measure == Measure::Spearman { "spearman" } else { "auc" },
                   "countries": test.countries, "groups": test.groups, "positives": test.positives, "rankers": rankers})
        })
        .collect();
    let leaks: Vec<_> = found
        .leaks
        .iter()
        .map(|leak| json!({"as_of": leak.as_of, "table": leak.table, "newest": leak.newest, "countries": leak.countries}))
        .collect();
    Ok(format!("{}\n", serde_json::to_string_pretty(&json!({"tests": tests, "leaks": leaks}))?))
}

fn verdict_text(verdict: &Verdict, proposal: &Proposal) -> String {
    let mut lines = vec![["", "proposal", proposal.replaces.as_str()].map(str::to_owned).to_vec()];
    for row in verdict.whole.iter().chain(&verdict.splits).chain(&verdict.new) {
        lines.push(vec![row.of.clone(), number(row.proposal), number(row.current)]);
    }
    let mut text = aligned(&lines, &[1, 2]);
    text.push_str(if verdict.accepted { "\nAccepted: " } else { "\nNot accepted: " });
    text.push_str(&verdict.reasons.join("; "));
    text.push_str(".\n");
    text
}

fn verdict_json(verdict: &Verdict) -> anyhow::Result<String> {
    let rows = |rows: &[crate::backtest::proposal::Comparison]| -> Vec<serde_json::Value> {
        rows.iter().map(|row| json!({"of": row.of, "proposal": row.proposal, "current": row.current})).collect()
    };
    let value = json!({"accepted": verdict.accepted, "reasons": verdict.reasons, "judged_on": verdict.judged_on, "whole": rows(&verdict.whole),
                       "splits": rows(&verdict.splits), "new": rows(&verdict.new)});
    Ok(format!("{}\n", serde_json::to_string_pretty(&value)?))
}
