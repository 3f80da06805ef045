//! The ranking with women's and men's pool alone, where pools by sex exist (method, section 5), and how sure that order is.

use super::{AreaModel, Choices, Design, Effort, FACTORS, IndexError, WEIGHTING, area_model, deviation, prepared_for, uncertainties};
use crate::analysis::Analysis;
use crate::code::{Country, Sex, Ssyk};
use crate::config::{Config, ErrorSize};
use crate::figures::Figures;
use crate::index::rank::competition_ranks;
use crate::supply::{Market, MarketKind};

/// A market's place when only one sex's pool is counted, among the markets whose pools are known by sex.
#[derive(Clone, Debug, PartialEq)]
pub struct SexRank {
    /// Kind of market.
    pub kind: MarketKind,
    /// The weighting; `None` for counties.
    pub weighting: Option<String>,
    /// Key of the area.
    pub area: String,
    /// Market.
    pub market: Market,
    /// Whose pool: women, men, or both for comparison among the same markets.
    pub sex: Sex,
    /// Score 1…100.
    pub score: f64,
    /// Rank of the score, ties share the lowest.
    pub rank: u32,
    /// Median rank over the replicates; `None` for both sexes, and where no replicate ranked the market.
    pub median: Option<f64>,
    /// 5th percentile of the rank.
    pub p05: Option<f64>,
    /// 95th percentile.
    pub p95: Option<f64>,
}

/// An eighth of the replicates is enough for an interval that stands beside another.
const REPLICATES_DIVIDED_BY: usize = 8;

pub(super) fn ranks(analysis: &Analysis, figures: &Figures, config: &Config, effort: Effort) -> Result<Vec<SexRank>, IndexError> {
    let mut rows = Vec::new();
    let replicates = effort.replicates.div_ceil(REPLICATES_DIVIDED_BY);
    for ranking in &analysis.markets.rankings {
        for sex in [Sex::Women, Sex::Men, Sex::Total] {
            let (model, markets) = prepared_for(analysis, figures, config, ranking, sex);
            let known: Vec<bool> = markets.iter().map(|market| has_sexes(analysis, *market)).collect();
            let mut parts: Vec<(&str, AreaModel)> =
                config.areas.iter().map(|area| (area.key.as_str(), area_model(analysis, config, ranking, &area.key, &markets))).collect();
            for (_, part) in &mut parts {
                // A market whose pools are not known by sex, or not for enough of the need, is in no such ranking.
                part.markets.retain(|market| known[*market]);
                let scores = baseline(&model, std::slice::from_ref(part));
                part.markets = part.markets.iter().zip(&scores).filter(|(_, score)| !score.is_nan()).map(|(market, _)| *market).collect();
            }
            parts.retain(|(_, part)| !part.markets.is_empty());
            let (keys, parts): (Vec<&str>, Vec<AreaModel>) = parts.into_iter().unzip();
            if parts.is_empty() {
                continue;
            }
            let all = baseline(&model, &parts);
            let mut scores = all.as_slice();
            let own = |point: &[f64], out: &mut [f64]| {
                let mut point = point.to_vec();
                point[WEIGHTING] = 0.0;
                model.scores(&model.choices(&point), &parts, out);
            };
            let design = Design { factors: FACTORS.len(), units: 0, replicates, seed: effort.seed };
            let rankings: Vec<usize> = parts.iter().map(|part| part.markets.len()).collect();
            // Both sexes stand there for comparison; how sure that order is, the ranking itself tells.
            let counts = if sex == Sex::Total { Vec::new() } else { uncertainties(&own, &design, &rankings)? };
            for (place, (area, part)) in keys.into_iter().zip(&parts).enumerate() {
                let (here, after) = scores.split_at(part.markets.len());
                scores = after;
                for (unit, ((position, score), rank)) in part.markets.iter().zip(here).zip(competition_ranks(here)).enumerate() {
                    let quantile = |probability: f64| counts.get(place)?.quantile(unit, probability);
                    rows.push(SexRank {
                        kind: ranking.kind,
                        weighting: ranking.weighting.clone(),
                        area: area.to_owned(),
                        market: markets[*position],
                        sex,
                        score: *score,
                        rank: rank.unwrap_or(0),
                        median: quantile(0.5),
                        p05: quantile(0.05),
                        p95: quantile(0.95),
                    });
                }
            }
        }
    }
    Ok(rows)
}

/// Whether any of a market's pools is known by sex.
fn has_sexes(analysis: &Analysis, market: Market) -> bool {
    let pools = analysis.supply.pools.range((market, Ssyk::FIRST)..).take_while(|((other, _), _)| *other == market);
    pools.into_iter().any(|(_, pool)| pool.share_women.is_some())
}

fn baseline(model: &super::Model, parts: &[AreaModel]) -> Vec<f64> {
    let mut scores = vec![f64::NAN; parts.iter().map(|part| part.markets.len()).sum()];
    model.scores(&Choices::default(), parts, &mut scores);
    scores
}

/// Standard deviation of ln of the share of a sex that is borrowed from the major group: the method's error on the logit, and Eurostat's flags on the cell.
pub(super) fn deviation_of_share(
    analysis: &Analysis,
    figures: &Figures,
    config: &Config,
    country: Country,
    occupation: Ssyk,
    share: Option<f64>,
) -> f64 {
    let Some(share) = share else { return 0.0 };
    let doubt = &config.method.uncertainty;
    let major = analysis.links.get(&occupation).and_then(crate::crosswalk::Link::main_major_group);
    let cell = major.and_then(|major| {
        let years = figures.major_groups.get(&(country, Some(major)))?;
        years.range(..=analysis.year).rev().find(|(_, cell)| cell.women.is_some() && cell.men.is_some())
    });
    let letters = cell.and_then(|(_, cell)| cell.flag.as_deref()).unwrap_or("");
    let flags = flag_errors(config, letters);
    let period = cell.map(|(period, _)| *period);
    // ln f moves by (1 − f) times what the logit moves.
    (1.0 - share) * deviation(doubt, &doubt.data_error.indicators.borrowed_sex, 1.0, period, analysis.year, &flags)
}

/// The errors that Eurostat's flags stand for: `b` break, `u` low reliability, `d` definition differs; others say nothing of size.
pub(super) fn flag_errors<'a>(config: &'a Config, letters: &str) -> Vec<&'a ErrorSize> {
    let flags = &config.method.uncertainty.data_error.flags;
    letters
        .chars()
        .filter_map(|letter| match letter {
            'b' => Some(&flags.r#break),
            'u' => Some(&flags.unreliable),
            'd' => Some(&flags.definition),
            _ => None,
        })
        .collect()
}
