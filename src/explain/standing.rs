//! The place of a market: its rank, how sure it is, and which markets stand beside it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Context;
use crate::index::rank::competition_ranks;
use crate::market::{Fit, MarketScore, Ranking};
use crate::supply::Market;

/// Markets on each side of the own one that are named, beside those of the same tier.
const NEAREST: usize = 3;

/// A market that stands beside.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Neighbour {
    /// Code.
    pub code: String,
    /// Name.
    pub name: String,
    /// Whether it shares the tier: the two cannot be told apart. Null without tiers.
    pub same_tier: Option<bool>,
    /// Score.
    pub score: Option<f64>,
    /// Rank of the score.
    pub rank: Option<u32>,
    /// Median rank over the replicates.
    pub rank_median: Option<f64>,
    /// 5th percentile of the rank.
    pub rank_p05: Option<f64>,
    /// 95th percentile.
    pub rank_p95: Option<f64>,
    /// Probability that the explained market comes before this one.
    pub behind: Option<f64>,
}

/// A market's place.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Standing {
    /// Rank of the score among the ranked, ties share the lowest.
    pub rank: u32,
    /// How many are ranked.
    pub of: u32,
    /// Order in the reports: tier, median rank, mean rank.
    pub place: Option<u32>,
    /// Tier, 1 first.
    pub tier: Option<u32>,
    /// How many share the tier.
    pub tier_members: Option<u32>,
    /// Median rank over the replicates.
    pub rank_median: Option<f64>,
    /// Mean rank.
    pub rank_mean: Option<f64>,
    /// 5th percentile of the rank.
    pub rank_p05: Option<f64>,
    /// 95th percentile.
    pub rank_p95: Option<f64>,
    /// Probability of being among the first three, five and ten.
    pub p_top3: Option<f64>,
    /// First five.
    pub p_top5: Option<f64>,
    /// First ten.
    pub p_top10: Option<f64>,
    /// The factor that moves a market whose rank lies outside its interval.
    pub moved_by: Option<String>,
    /// Replicates; null where the uncertainty was not computed.
    pub replicates: Option<u64>,
    /// Seed of the replicates.
    pub seed: Option<u32>,
    /// The nearest on each side and all of the same tier, in the order of the reports.
    pub beside: Vec<Neighbour>,
}

/// The place of a market in an area; `None` where it is not ranked.
pub(super) fn of_area(context: &Context, ranking: &Ranking, row: &MarketScore) -> Option<Standing> {
    let rank = row.rank.filter(|_| row.ranked)?;
    let mut ranked: Vec<&MarketScore> =
        ranking.scores.iter().filter(|other| other.area == row.area && other.ranked && other.rank.is_some()).collect();
    let place = |row: &MarketScore| row.uncertainty.as_ref().map(|doubt| doubt.place);
    ranked.sort_by_key(|row| (place(row).or(row.rank), row.market));
    let own = ranked.iter().position(|other| other.market == row.market)?;
    let doubt = row.uncertainty.as_ref();
    let tier = |row: &MarketScore| row.uncertainty.as_ref().map(|doubt| doubt.tier);
    let counts = context
        .analysis
        .assessed
        .areas
        .iter()
        .find(|found| found.area == row.area && found.kind == ranking.kind && found.weighting == ranking.weighting);
    let unit = |market: Market| counts?.markets.iter().position(|other| *other == market);
    let beside = ranked
        .iter()
        .enumerate()
        .filter(|(position, other)| *position != own && (position.abs_diff(own) <= NEAREST || (tier(other).is_some() && tier(other) == tier(row))));
    let beside = beside
        .map(|(_, other)| Neighbour {
            code: other.market.code().to_owned(),
            name: context.market_name(other.market),
            same_tier: tier(row).map(|own| tier(other) == Some(own)),
            score: other.score,
            rank: other.rank,
            rank_median: other.uncertainty.as_ref().map(|doubt| doubt.median),
            rank_p05: other.uncertainty.as_ref().map(|doubt| doubt.p05),
            rank_p95: other.uncertainty.as_ref().map(|doubt| doubt.p95),
            behind: unit(row.market).zip(unit(other.market)).and_then(|(first, second)| counts?.counts.beats(first, second)),
        })
        .collect();
    let effort = context.analysis.assessed.effort.filter(|_| doubt.is_some());
    Some(Standing {
        rank,
        of: u32::try_from(ranked.len()).unwrap_or(u32::MAX),
        place: place(row),
        tier: tier(row),
        tier_members: tier(row).map(|own| ranked.iter().filter(|other| tier(other) == Some(own)).count() as u32),
        rank_median: doubt.map(|doubt| doubt.median),
        rank_mean: doubt.map(|doubt| doubt.mean),
        rank_p05: doubt.map(|doubt| doubt.p05),
        rank_p95: doubt.map(|doubt| doubt.p95),
        p_top3: doubt.map(|doubt| doubt.p_top[0]),
        p_top5: doubt.map(|doubt| doubt.p_top[1]),
        p_top10: doubt.map(|doubt| doubt.p_top[2]),
        moved_by: doubt.and_then(|doubt| doubt.moved_by).map(str::to_owned),
        replicates: effort.map(|effort| effort.replicates as u64),
        seed: effort.map(|effort| effort.seed),
        beside,
    })
}

/// The place of a market among those ranked for an occupation; `None` where it is not ranked.
pub(super) fn of_occupation(context: &Context, ranking: &Ranking, fit: &Fit) -> Option<Standing> {
    let mut ranked: Vec<&Fit> =
        ranking.fits.iter().filter(|other| other.occupation == fit.occupation && other.ranked && other.score.is_some()).collect();
    let score = |fit: &Fit| fit.score.unwrap_or(f64::NAN);
    ranked.sort_by(|first, second| score(second).total_cmp(&score(first)).then(first.market.cmp(&second.market)));
    let ranks = competition_ranks(&ranked.iter().map(|fit| score(fit)).collect::<Vec<f64>>());
    let own = ranked.iter().position(|other| other.market == fit.market)?;
    let nearest = ranked.iter().zip(&ranks).enumerate().filter(|(position, _)| *position != own && position.abs_diff(own) <= NEAREST);
    let beside = nearest
        .map(|(_, (other, rank))| Neighbour {
            code: other.market.code().to_owned(),
            name: context.market_name(other.market),
            same_tier: None,
            score: other.score,
            rank: *rank,
            rank_median: None,
            rank_p05: None,
            rank_p95: None,
            behind: None,
        })
        .collect();
    Some(Standing {
        rank: ranks.get(own).copied().flatten()?,
        of: u32::try_from(ranked.len()).unwrap_or(u32::MAX),
        place: None,
        tier: None,
        tier_members: None,
        rank_median: None,
        rank_mean: None,
        rank_p05: None,
        rank_p95: None,
        p_top3: None,
        p_top5: None,
        p_top10: None,
        moved_by: None,
        replicates: None,
        seed: None,
        beside,
    })
}
