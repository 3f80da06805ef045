//! `malmarknad explain`: from a score or a rank down to the publishers' cells.

use std::process::ExitCode;

use clap::Args;

use super::{Doubt, Lang, Printer, Scope, warn_of_weighting};
use crate::analysis::analyse;
use crate::config::LIKELY;
use crate::explain::{Context, Subject, explain, find_market, find_subject, text};
use crate::settings::{Settings, keep_areas};
use crate::uncertainty::{Effort, assess};

/// `malmarknad explain`
#[derive(Debug, Args)]
pub(super) struct Explain {
    /// A country (PL, Polen, Poland) or another Swedish county (22, Västernorrlands län)
    #[arg(value_name = "MARKET")]
    market: String,
    /// An occupation (2221, or its name) or an area of data/areas.toml (vard_omsorg)
    #[arg(value_name = "OCCUPATION|AREA")]
    subject: String,
    #[command(flatten)]
    scope: Scope,
    #[command(flatten)]
    doubt: Doubt,
    /// Named weighting of data/method.toml: likely, potential, balanced; counties have weights of their own [default: likely]
    #[arg(long, value_name = "NAME")]
    weighting: Option<String>,
    /// Every step down to the cells also for each occupation of an area
    #[arg(long)]
    full: bool,
    /// Everything as JSON, by data/schema/explain.json
    #[arg(long)]
    json: bool,
    /// Language of the words
    #[arg(long, value_enum, value_name = "LANGUAGE", default_value_t = Lang::Sv)]
    lang: Lang,
}

impl Explain {
    pub(super) fn execute(&self, settings: &Settings, printer: &Printer) -> anyhow::Result<ExitCode> {
        let mut config = settings.config()?;
        let county = crate::settings::county(&config.codes, &self.scope.county)?;
        // Told before the figures are read: a misspelt name costs no waiting.
        let market = find_market(&config, county, &self.market)?;
        let subject = find_subject(&config, &self.subject)?;
        let (figures, folder) = settings.figures(&self.scope.data.choice(settings)?, &config.codes)?;
        let year = self.scope.year.unwrap_or_else(|| figures.newest_year());
        printer.status(&format!("{}, {year}; figures in {}", config.codes.county_info(county).swedish, folder.display()));
        warn_of_weighting(market.kind(), self.weighting.as_ref(), printer);
        let weighting = self.weighting.as_deref().unwrap_or(LIKELY);
        if let Subject::Area(area) = &subject {
            keep_areas(&mut config, std::slice::from_ref(area))?;
        }
        let mut analysis = analyse(&figures, &config, county, year)?;
        if matches!(subject, Subject::Area(_)) {
            // Only the ranking that is asked for is made again thousands of times.
            let asked =
                |ranking: &crate::market::Ranking| ranking.kind == market.kind() && ranking.weighting.as_deref().is_none_or(|name| name == weighting);
            analysis.markets.rankings.retain(asked);
            let effort = Effort { sensitivity_rows: super::rank::SENSITIVITY_ROWS, ..self.doubt.effort(&config) };
            assess(&mut analysis, &figures, &config, effort)?;
        }
        let language = self.lang.language();
        let context = Context::new(&analysis, &config, &figures, language);
        let explanation = explain(&context, weighting, market, &subject)?;
        if self.json {
            Printer::result(&format!("{}\n", serde_json::to_string_pretty(&explanation)?))?;
        } else {
            Printer::result(&text(&explanation, self.full))?;
        }
        Ok(ExitCode::SUCCESS)
    }
}
