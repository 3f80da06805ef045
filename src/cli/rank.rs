//! `malmarknad rank`: a ranking in the terminal.

use std::process::ExitCode;

use anyhow::bail;
use clap::Args;
use serde_json::json;

use super::{Doubt, Kind, Printer, Scope, aligned, left_out, terminal, warn_of_weighting};
use crate::analysis::{Analysis, analyse};
use crate::config::{Config, LIKELY};
use crate::settings::Settings;
use crate::supply::MarketKind;
use crate::tables::market_name;
use crate::uncertainty::Effort;

/// `malmarknad rank`
#[derive(Debug, Args)]
pub(super) struct Rank {
    /// An area of data/areas.toml (vard_omsorg), or an SSYK 2012 code (2221)
    #[arg(value_name = "AREA|SSYK")]
    subject: String,
    #[command(flatten)]
    scope: Scope,
    #[command(flatten)]
    doubt: Doubt,
    /// Countries or Swedish counties; they are never mixed
    #[arg(long, value_enum, default_value = "country")]
    market: Kind,
    /// Named weighting of data/method.toml: likely (where people are likely to come from), potential (untested markets), balanced; counties have weights of
    /// their own [default: likely]
    #[arg(long, value_name = "NAME")]
    weighting: Option<String>,
    /// How many markets
    #[arg(long, value_name = "N", default_value_t = 20)]
    top: usize,
    /// As JSON
    #[arg(long)]
    json: bool,
}

/// Rows of the sensitivity analysis in the terminal: enough to name the factor that moves a market.
pub(super) const SENSITIVITY_ROWS: usize = 64;

fn number(value: Option<f64>, decimals: usize) -> String {
    value.map_or_else(|| "-".to_owned(), |value| format!("{value:.decimals$}"))
}

impl Rank {
    fn weighting(&self) -> &str {
        self.weighting.as_deref().unwrap_or(LIKELY)
    }

    pub(super) fn execute(&self, settings: &Settings, printer: &Printer) -> anyhow::Result<ExitCode> {
        let mut config = settings.config()?;
        if !config.method.weightings.contains_key(self.weighting()) {
            let known: Vec<&str> = config.method.weightings.keys().map(String::as_str).collect();
            bail!("there is no weighting {}\nhint: data/method.toml has {}", terminal(self.weighting()), known.join(", "));
        }
        let county = crate::settings::county(&config.codes, &self.scope.county)?;
        let (figures, folder) = settings.figures(&self.scope.data.choice(settings)?, &config.codes)?;
        let year = self.scope.year.unwrap_or_else(|| figures.newest_year());
        let mut analysis = analyse(&figures, &config, county, year)?;
        let kind = self.market.of_market();
        printer.status(&format!("{}, {year}; figures in {}", config.codes.county_info(county).swedish, folder.display()));
        warn_of_weighting(kind, self.weighting.as_ref(), printer);
        if config.areas.iter().any(|area| area.key == self.subject) {
            crate::settings::keep_areas(&mut config, std::slice::from_ref(&self.subject))?;
            // Only what is asked for is made again thousands of times.
            let asked =
                |ranking: &crate::market::Ranking| ranking.kind == kind && ranking.weighting.as_deref().is_none_or(|name| name == self.weighting());
            analysis.markets.rankings.retain(asked);
            let effort = Effort { sensitivity_rows: SENSITIVITY_ROWS, ..self.doubt.effort(&config) };
            crate::uncertainty::assess(&mut analysis, &figures, &config, effort)?;
            self.area(&analysis, &config, kind)
        } else if let Ok(code) = config.codes.ssyk(&self.subject, "") {
            self.occupation(&analysis, &config, kind, code)
        } else {
            bail!(
                "{} is neither an area nor an SSYK 2012 unit group\nhint: the areas are {}; codes have four digits",
                terminal(&self.subject),
                config.areas.iter().map(|area| area.key.as_str()).collect::<Vec<_>>().join(", ")
            )
        }
    }

    fn area(&self, analysis: &Analysis, config: &Config, kind: MarketKind) -> anyhow::Result<ExitCode> {
        let scores = analysis.markets.ranking(kind, self.weighting()).map(|ranking| ranking.scores.as_slice()).unwrap_or_default();
        let rows: Vec<_> = scores.iter().filter(|row| row.area == self.subject && row.ranked).take(self.top).collect();
        if self.json {
            let list: Vec<_> = rows
                .iter()
                .map(|row| {
                    let doubt = row.uncertainty.as_ref();
                    json!({"market": row.market.code(), "name": market_name(config, row.market), "place": doubt.map(|doubt| doubt.place),
                           "tier": doubt.map(|doubt| doubt.tier), "score": row.score, "rank": row.rank, "rank_median": doubt.map(|doubt| doubt.median),
                           "rank_mean": doubt.map(|doubt| doubt.mean), "rank_p05": doubt.map(|doubt| doubt.p05), "rank_p95": doubt.map(|doubt| doubt.p95),
                           "p_top3": doubt.map(|doubt| doubt.p_top[0]), "p_top5": doubt.map(|doubt| doubt.p_top[1]),
                           "p_top10": doubt.map(|doubt| doubt.p_top[2]), "coverage": row.coverage, "weight_share": row.weight_share,
                           "open_share": row.open_share, "moved_by": doubt.and_then(|doubt| doubt.moved_by)})
                })
                .collect();
            Printer::result(&format!("{}\n", serde_json::to_string_pretty(&list)?))?;
            return Ok(ExitCode::SUCCESS);
        }
        let header = ["tier", "", "market", "median rank", "5-95 %", "top 5", "score", "rank", "open share", "moved by"];
        let mut lines = vec![header.map(str::to_owned).to_vec()];
        for row in &rows {
            let Some(doubt) = &row.uncertainty else { continue };
            lines.push(vec![
                doubt.tier.to_string(),
                row.market.code().to_owned(),
                market_name(config, row.market).to_owned(),
                format!("{:.0}", doubt.median),
                format!("{:.0}-{:.0}", doubt.p05, doubt.p95),
                format!("{:.0} %", doubt.p_top[1] * 100.0),
                number(row.score, 1),
                row.rank.map_or_else(String::new, |rank| rank.to_string()),
                number(row.open_share, 2),
                doubt.moved_by.unwrap_or("").to_owned(),
            ]);
        }
        let mut text = aligned(&lines, &[0, 3, 4, 5, 6, 7, 8]);
        text.push_str("Inside a tier the markets cannot be told apart.\n");
        Printer::result(&text)?;
        Ok(ExitCode::SUCCESS)
    }

    fn occupation(&self, analysis: &Analysis, config: &Config, kind: MarketKind, code: crate::code::Ssyk) -> anyhow::Result<ExitCode> {
        let name = &config.codes.occupation(code).swedish;
        if !config.occupations().contains(&code) {
            let (problem, hint) = left_out(code);
            bail!("{problem} ({name})\nhint: {hint}");
        }
        let Some(row) = analysis.demand.occupations.get(&code) else {
            bail!(
                "the county's register does not have {code} {name}, so no market is ranked for it\nhint: `malmarknad run` shows the occupations that it has in data/demand.csv"
            );
        };
        if !row.rating.is_recruited() {
            bail!(
                "{code} {name} is rated \"{}\" in the county, so no market is ranked for it\nhint: only brist and bevakas are ranked; `malmarknad run` shows every rating in data/demand.csv",
                row.rating.as_str()
            );
        }
        let fits = analysis.markets.ranking(kind, self.weighting()).map(|ranking| ranking.fits.as_slice()).unwrap_or_default();
        let mut rows: Vec<_> = fits.iter().filter(|fit| fit.occupation == code && fit.ranked).collect();
        rows.sort_by(|first, second| second.score.unwrap_or(0.0).total_cmp(&first.score.unwrap_or(0.0)).then(first.market.cmp(&second.market)));
        let scores: Vec<f64> = rows.iter().map(|row| row.score.unwrap_or(f64::NAN)).collect();
        let ranks = crate::index::rank::competition_ranks(&scores);
        let rows: Vec<_> = rows.into_iter().zip(ranks).take(self.top).collect();
        if self.json {
            let list: Vec<_> = rows
                .iter()
                .map(|(row, rank)| {
                    json!({"market": row.market.code(), "name": market_name(config, row.market), "rank": rank, "score": row.score, "pool": row.pillars[0],
                           "availability": row.pillars[1], "mobility": row.pillars[2], "feasibility": row.pillars[3], "coverage": row.coverage,
                           "gate": row.gate.map(crate::ethics::Gate::letter)})
                })
                .collect();
            Printer::result(&format!("{}\n", serde_json::to_string_pretty(&list)?))?;
            return Ok(ExitCode::SUCCESS);
        }
        let header = ["rank", "", "market", "fit", "pool", "availability", "mobility", "feasibility", "gate"];
        let mut lines = vec![header.map(str::to_owned).to_vec()];
        for (row, rank) in &rows {
            let mut line = vec![
                rank.map_or_else(String::new, |rank| rank.to_string()),
                row.market.code().to_owned(),
                market_name(config, row.market).to_owned(),
                number(row.score, 1),
            ];
            line.extend(row.pillars.iter().map(|pillar| number(*pillar, 1)));
            line.push(row.gate.map_or_else(String::new, |gate| gate.letter().to_owned()));
            lines.push(line);
        }
        Printer::result(&aligned(&lines, &[0, 3, 4, 5, 6, 7]))?;
        Ok(ExitCode::SUCCESS)
    }
}
