//! `malmarknad compare`: year on year, in the terminal.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::bail;
use clap::Args;
use serde_json::json;

use super::{Kind, Printer, aligned, terminal};
use crate::compare::recorded::Recorded;
use crate::compare::{Change, Comparison, STEPS, compare, table};
use crate::language::Language;
use crate::output::write_file;
use crate::supply::MarketKind;
use crate::tables::market_name;

/// Where the parts are explained.
pub(super) const ABOUT: &str = "Year on year: each market's change of score and rank between two finished runs of a county, split into four parts that add up.\n\n\
Both runs are made again from their underlag.zip, which is proved by their manifests, and held against what they wrote. Then one thing moves at a time: \
coverage that went (markets and indicators that only the earlier run has), data (new figures, old method), method (new method, new figures) and coverage \
that came. Where that cannot be done, the reason is told. The command speaks English; changes.csv has the reasons in Swedish, as all tables.";

/// `malmarknad compare`
#[derive(Debug, Args)]
pub(super) struct Compare {
    /// Folder of the earlier run
    #[arg(value_name = "RUN_A")]
    before: PathBuf,
    /// Folder of the later run
    #[arg(value_name = "RUN_B")]
    now: PathBuf,
    /// Only this area of data/areas.toml
    #[arg(long, value_name = "NAME")]
    area: Option<String>,
    /// Countries or Swedish counties; they are never mixed
    #[arg(long, value_enum, default_value = "country")]
    market: Kind,
    /// Named weighting of data/method.toml
    #[arg(long, value_name = "NAME", default_value = crate::config::LIKELY)]
    weighting: String,
    /// How many markets of each area
    #[arg(long, value_name = "N", default_value_t = 20)]
    top: usize,
    /// As JSON
    #[arg(long)]
    json: bool,
    /// Also writes every change, of all areas, lists and kinds of market, to changes.csv in this folder
    #[arg(long, value_name = "DIR")]
    csv: Option<PathBuf>,
}

/// A number with its sign; nothing where there is none.
fn signed(value: Option<f64>) -> String {
    value.map_or_else(|| "-".to_owned(), |value| if value.abs() < 0.05 { "0.0".to_owned() } else { format!("{value:+.1}") })
}

fn signed_whole(value: Option<i64>) -> String {
    value.map_or_else(|| "-".to_owned(), |value| if value == 0 { "0".to_owned() } else { format!("{value:+}") })
}

impl Compare {
    pub(super) fn execute(&self, printer: &Printer) -> anyhow::Result<ExitCode> {
        let (before, now) = rayon::join(|| Recorded::read(&self.before), || Recorded::read(&self.now));
        let (before, now) = (before?, now?);
        let counties = [&before, &now].map(|run| run.analysis.county);
        if counties[0] != counties[1] {
            bail!(
                "{} is a run of county {}, {} of county {}\nhint: only runs of the same county have anything to compare",
                self.before.display(),
                counties[0],
                self.now.display(),
                counties[1]
            );
        }
        let comparison = compare(before.run(), now.run())?;
        let kind = self.market.of_market();
        let of_kind = |row: &&Change| row.kind == kind && row.weighting.as_deref().is_none_or(|name| name == self.weighting);
        let rows: Vec<&Change> = comparison.changes.iter().filter(of_kind).collect();
        let common: Vec<&str> = now
            .underlay
            .config
            .areas
            .iter()
            .map(|area| area.key.as_str())
            .filter(|area| !comparison.other_areas.iter().any(|other| other == area))
            .collect();
        if let Some(area) = self.area.as_deref().filter(|area| !common.contains(area)) {
            bail!(
                "{} is no area of both runs\nhint: both have {}",
                terminal(area),
                if common.is_empty() { "none".to_owned() } else { common.join(", ") }
            );
        }
        let known = |run: &Recorded| run.underlay.config.method.weightings.contains_key(&self.weighting);
        if kind == MarketKind::Country && !(known(&before) && known(&now)) {
            let weightings = before.underlay.config.method.weightings.keys().filter(|name| now.underlay.config.method.weightings.contains_key(*name));
            let weightings: Vec<&str> = weightings.map(String::as_str).collect();
            bail!("{} is no weighting of both runs\nhint: both have {}", terminal(&self.weighting), weightings.join(", "));
        }
        if common.is_empty() {
            bail!("the runs have no area in common\nhint: make one of them again with the areas of the other (--area)");
        }
        if rows.is_empty() {
            bail!(
                "neither run ranks a {} in any area of both\nhint: --market country or --market county chooses the kind; an early year may lack the figures",
                kind.as_str()
            );
        }
        if let Some(folder) = &self.csv {
            let path = folder.join("changes.csv");
            write_file(&path, &table(&comparison, &now.underlay.config).csv()?)?;
            printer.status(&format!("every change is in {}", path.display()));
        }
        let areas: Vec<&str> = common.into_iter().filter(|area| self.area.as_deref().is_none_or(|wanted| wanted == *area)).collect();
        let shown: Vec<&Change> = areas.iter().flat_map(|area| rows.iter().copied().filter(move |row| row.area == *area).take(self.top)).collect();
        let text =
            if self.json { self.machine(&comparison, &shown, [&before, &now])? } else { Self::people(&comparison, &shown, &areas, [&before, &now]) };
        Printer::result(&text)?;
        Ok(ExitCode::SUCCESS)
    }

    /// As JSON.
    fn machine(&self, comparison: &Comparison, shown: &[&Change], runs: [&Recorded; 2]) -> anyhow::Result<String> {
        let parts = |row: &Change| {
            let parts = row.parts.ok()?;
            let steps = STEPS.iter().enumerate();
            Some(
                steps
                    .map(|(position, step)| (step.as_str().to_owned(), json!({"score": parts.score[position], "places": parts.places[position]})))
                    .collect::<serde_json::Map<_, _>>()
                    .into(),
            )
        };
        let rows: Vec<serde_json::Value> = shown
            .iter()
            .map(|row| {
                let standing = |standing: Option<crate::compare::Standing>| standing.map(|standing| json!({"score": standing.score, "rank": standing.rank}));
                json!({"area": row.area, "market": row.market.code(), "name": market_name(&runs[1].underlay.config, row.market), "before": standing(row.before),
                       "now": standing(row.now), "score_change": row.score(), "places_up": row.places(), "parts": parts(row) as Option<serde_json::Value>,
                       "reason": row.parts.err().map(|why| why.words(Language::English))})
            })
            .collect();
        let value = json!({
            "county": runs[1].manifest.county, "years": comparison.years, "versions": runs.map(|run| &run.manifest.version),
            "market_type": self.market.of_market().as_str(),
            "weighting": (self.market == Kind::Country).then_some(&self.weighting),
            "method_files_changed": comparison.method_files, "tables_changed": comparison.tables, "areas_in_one_run_only": comparison.other_areas,
            "changes": rows,
        });
        Ok(format!("{}\n", serde_json::to_string_pretty(&value)?))
    }

    /// As lines.
    fn people(comparison: &Comparison, shown: &[&Change], areas: &[&str], runs: [&Recorded; 2]) -> String {
        let codes = &runs[1].underlay.config.codes;
        let none_or = |names: &[String]| {
            if names.is_empty() { "none".to_owned() } else { names.iter().map(|name| terminal(name)).collect::<Vec<_>>().join(", ") }
        };
        let [old, new] = comparison.years;
        let mut text = format!(
            "{}, {old} to {new}\nmethod files that differ: {}\ntables of figures that differ: {}\n",
            codes.county_info(runs[1].analysis.county).swedish,
            none_or(&comparison.method_files),
            none_or(&comparison.tables)
        );
        let header = ["rank", "was", "", "market", "up", "went", "data", "method", "came", "score", "change", "went", "data", "method", "came", ""];
        for area in areas {
            let mut lines = vec![header.map(str::to_owned).to_vec()];
            for row in shown.iter().filter(|row| row.area == *area) {
                let rank = |standing: Option<crate::compare::Standing>| standing.map_or_else(|| "-".to_owned(), |standing| standing.rank.to_string());
                let mut line =
                    vec![rank(row.now), rank(row.before), row.market.code().to_owned(), market_name(&runs[1].underlay.config, row.market).to_owned()];
                line.push(signed_whole(row.places()));
                line.extend((0..4).map(|step| signed_whole(row.parts.ok().map(|parts| parts.places[step]))));
                line.push(row.now.map_or_else(|| "-".to_owned(), |standing| format!("{:.1}", standing.score)));
                line.push(signed(row.score()));
                line.extend((0..4).map(|step| signed(row.parts.ok().map(|parts| parts.score[step]))));
                line.push(row.parts.err().map_or("", |why| why.words(Language::English)).to_owned());
                lines.push(line);
            }
            let _ = writeln!(text, "\n{}", terminal(area));
            text.push_str(&aligned(&lines, &[0, 1, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14]));
        }
        text.push_str("\nup: places risen. went: coverage that went; data: new figures; method: new method; came: coverage that came. Ranks are of the score; their uncertainty is in each run's own reports.\n");
        text
    }
}
