//! The ranking with women's and men's pool alone, where pools by sex exist (method, section 5), and how sure that order is.

use rayon::prelude::*;

use super::prepare::{Common, Member, deviation};
use super::{AreaModel, Areas, Choices, Design, Effort, FACTORS, IndexError, Model, area_model, rankings_of, uncertainties_in_order};
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

/// Rows of each county.
pub(super) fn ranks(common: &Common, analyses: &[Analysis], effort: Effort) -> Result<Vec<Vec<SexRank>>, IndexError> {
    let mut found: Vec<(Member, SexRank)> = Vec::new();
    for groups in Common::steps(analyses) {
        let of_sexes = groups.par_iter().flat_map(|group| [Sex::Women, Sex::Men, Sex::Total].into_par_iter().map(move |sex| (group, sex)));
        let made = of_sexes.map(|(group, sex)| ranks_of_sex(common, analyses, group, sex, effort));
        found.extend(made.collect::<Result<Vec<_>, IndexError>>()?.into_iter().flatten());
    }
    // By ranking, then by sex in the order above, as the rows of one ranking come.
    found.sort_by_key(|(member, _)| *member);
    let mut rows: Vec<Vec<SexRank>> = vec![Vec::new(); analyses.len()];
    for (member, row) in found {
        rows[member.county].push(row);
    }
    Ok(rows)
}

/// The same for rankings that share a model.
fn ranks_of_sex(common: &Common, analyses: &[Analysis], group: &[Member], sex: Sex, effort: Effort) -> Result<Vec<(Member, SexRank)>, IndexError> {
    let mut rows = Vec::new();
    let own = rankings_of(analyses, group);
    let prepared = common.prepared(&own, Some(sex));
    let (model, markets) = (&prepared.model, &prepared.markets);
    let mut keys: Vec<(Member, &str)> = Vec::new();
    let mut areas: Vec<Areas> = Vec::new();
    let mut parts: Vec<Vec<((Member, &str), AreaModel)>> = vec![Vec::new(); model.rankings()];
    for ((member, (analysis, ranking)), (number, occupations)) in group.iter().zip(&own).zip(&prepared.members) {
        let known: Vec<bool> = markets.iter().map(|market| has_sexes(analysis, *market)).collect();
        for area in &common.config.areas {
            let mut part = area_model(analysis, common.config, ranking, &area.key, markets, occupations);
            part.markets.retain(|market| known[*market]);
            parts[*number].push(((*member, &area.key), part));
        }
    }
    for (ranking, parts) in parts.into_iter().enumerate() {
        // A market whose pools are not known by sex, or not for enough of the need, is in no such ranking.
        let (own, mut parts): (Vec<(Member, &str)>, Vec<AreaModel>) = parts.into_iter().unzip();
        let scores = baseline(model, ranking, &model.areas(parts.clone()));
        let mut rest = scores.as_slice();
        for part in &mut parts {
            let (own, after) = rest.split_at(part.markets.len());
            rest = after;
            part.markets = part.markets.iter().zip(own).filter(|(_, score)| !score.is_nan()).map(|(market, _)| *market).collect();
        }
        let (own, parts): (Vec<(Member, &str)>, Vec<AreaModel>) = own.into_iter().zip(parts).filter(|(_, part)| !part.markets.is_empty()).unzip();
        keys.extend(own);
        areas.push(model.areas(parts));
    }
    if keys.is_empty() {
        return Ok(rows);
    }
    let all: Vec<f64> = areas.iter().enumerate().flat_map(|(ranking, areas)| baseline(model, ranking, areas)).collect();
    let mut scores = all.as_slice();
    let held = |point: &[f64], out: &mut [f64]| model.scores_of_rankings(&areas, |ranking| model.choices_of_own(ranking, point), out);
    let replicates = effort.replicates.div_ceil(REPLICATES_DIVIDED_BY);
    let design = Design { factors: FACTORS.len(), units: 0, replicates, seed: effort.seed };
    // Both sexes stand there for comparison; how sure that order is, the ranking itself tells.
    let counts = if sex == Sex::Total {
        Vec::new()
    } else {
        let units: Vec<usize> = areas.iter().flat_map(Areas::units).collect();
        uncertainties_in_order(&held, &design, &units, &|point| model.alike(point))?
    };
    let parts = areas.iter().flat_map(|areas| &areas.parts);
    for (place, ((member, area), part)) in keys.into_iter().zip(parts).enumerate() {
        let ranking = &analyses[member.county].markets.rankings[member.position];
        let (here, after) = scores.split_at(part.markets.len());
        scores = after;
        for (unit, ((position, score), rank)) in part.markets.iter().zip(here).zip(competition_ranks(here)).enumerate() {
            let quantile = |probability: f64| counts.get(place)?.quantile(unit, probability);
            let row = SexRank {
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
            };
            rows.push((member, row));
        }
    }
    Ok(rows)
}

/// Whether any of a market's pools is known by sex.
fn has_sexes(analysis: &Analysis, market: Market) -> bool {
    let pools = analysis.supply.pools.range((market, Ssyk::FIRST)..).take_while(|((other, _), _)| *other == market);
    pools.into_iter().any(|(_, pool)| pool.share_women.is_some())
}

fn baseline(model: &Model, ranking: usize, areas: &Areas) -> Vec<f64> {
    let mut scores = vec![f64::NAN; areas.units().iter().sum()];
    model.scores(&Choices { ranking, ..Choices::default() }, areas, &mut scores);
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
