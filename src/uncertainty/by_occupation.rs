//! Counties ranked as markets for one occupation at a time, and how sure each of those orders is (method, sections 4 and 6).

use super::prepare::Prepared;
use super::{AreaModel, recruited};
use crate::analysis::Analysis;
use crate::code::Ssyk;
use crate::index::rank::competition_ranks;
use crate::index::uncertainty::Uncertainty;
use crate::market::{Fit, RankUncertainty, Ranking};
use crate::supply::Market;

/// A county's place for one occupation.
#[derive(Clone, Debug, PartialEq)]
pub struct OccupationPlace {
    /// Unit group.
    pub occupation: Ssyk,
    /// The county.
    pub market: Market,
    /// Fit, 1…100.
    pub score: f64,
    /// Rank of the fit among the counties that are ranked for the occupation, ties share the lowest.
    pub rank: u32,
    /// How sure the place is.
    pub uncertainty: RankUncertainty,
}

/// Every recruited occupation with its ranked counties, and as an area of its own in a ranking of counties.
///
/// They are ranked by the same model and at the same points as the areas, with one occupation for an area: the two orders are made under the same choices.
pub(super) fn parts<'a>(
    analysis: &Analysis,
    ranking: &'a Ranking,
    Prepared { markets, members, .. }: &Prepared,
    least_weight: f64,
) -> (Vec<Vec<&'a Fit>>, Vec<AreaModel>) {
    let named = recruited(analysis).zip(members.iter().flat_map(|(_, occupations)| occupations)).map(|(occupation, position)| {
        let own = fits(ranking, occupation);
        let markets = own.iter().filter_map(|fit| markets.binary_search(&fit.market).ok()).collect();
        (own, AreaModel { weights: vec![(*position, 1.0)], markets, least_weight })
    });
    named.filter(|(_, part)| !part.markets.is_empty()).unzip()
}

/// Places of the counties for each of the occupations that [`parts`] gave, by occupation and place.
pub(super) fn places(occupations: Vec<Vec<&Fit>>, counts: impl IntoIterator<Item = Uncertainty>, certainty: f64) -> Vec<OccupationPlace> {
    let mut rows = Vec::new();
    for (own, counts) in occupations.into_iter().zip(counts) {
        let values: Vec<f64> = own.iter().map(|fit| fit.score.unwrap_or(f64::NAN)).collect();
        let summaries = counts.summaries(certainty, &[3, 5, 10]);
        let mut places: Vec<OccupationPlace> = own
            .into_iter()
            .zip(competition_ranks(&values))
            .zip(summaries)
            .filter_map(|((fit, rank), summary)| {
                let number = |value: Option<f64>| value.unwrap_or(f64::NAN);
                Some(OccupationPlace {
                    occupation: fit.occupation,
                    market: fit.market,
                    score: fit.score?,
                    rank: rank?,
                    uncertainty: RankUncertainty {
                        place: summary.place?,
                        tier: summary.tier?,
                        median: summary.median?,
                        mean: summary.mean?,
                        p05: summary.p05?,
                        p95: summary.p95?,
                        p_top: [number(summary.top[0]), number(summary.top[1]), number(summary.top[2])],
                        moved_by: None,
                    },
                })
            })
            .collect();
        places.sort_by_key(|row| (row.uncertainty.place, row.market));
        rows.extend(places);
    }
    rows
}

/// The ranked fits of an occupation, in the order of the markets.
fn fits(ranking: &Ranking, occupation: Ssyk) -> Vec<&Fit> {
    let start = ranking.fits.partition_point(|fit| fit.occupation < occupation);
    ranking.fits[start..].iter().take_while(|fit| fit.occupation == occupation).filter(|fit| fit.ranked && fit.score.is_some()).collect()
}
