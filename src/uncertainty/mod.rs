//! How sure the order of the markets is, and what decides it (method, section 6): ranks over many runs, tiers, and sensitivity to each factor.

mod by_occupation;
mod by_sex;
mod employment;
mod model;
mod prepare;
mod rows;
mod scale;
mod scores;

use std::collections::BTreeMap;

use rayon::prelude::*;

use crate::analysis::Analysis;
use crate::code::Ssyk;
use crate::config::{Config, UncertaintyMethod};
use crate::figures::Figures;
use crate::index::IndexError;
use crate::index::sensitivity::{Estimate, OutputSensitivity, RankSensitivity, SensitivityDesign, rank_sensitivities};
use crate::index::uncertainty::{Design, Uncertainty, uncertainties_in_order};
use crate::market::{MarketScore, RankUncertainty, Ranking};
use crate::supply::{Market, MarketKind};

pub use by_occupation::OccupationPlace;
pub use by_sex::SexRank;
pub use model::{AreaModel, Choices, FACTORS, Model, Scale};
use prepare::{Common, Member, Prepared};
pub use scores::Areas;

/// The factor that chooses among the named weightings.
const WEIGHTING: usize = 7;

/// What moves the ranking, or one market's rank, in an area.
#[derive(Clone, Debug, PartialEq)]
pub struct SensitivityRow {
    /// Key of the area.
    pub area: String,
    /// Kind of market.
    pub kind: MarketKind,
    /// The weighting; `None` for counties.
    pub weighting: Option<String>,
    /// Market; `None` for the mean shift of all ranks.
    pub market: Option<Market>,
    /// The factor.
    pub factor: &'static str,
    /// Share of the variance that the factor makes alone.
    pub first_order: Estimate,
    /// Share that it makes alone and together with others.
    pub total_order: Estimate,
}

/// How often one market of an area came before another.
#[derive(Clone, Debug, PartialEq)]
pub struct AreaUncertainty {
    /// Key of the area.
    pub area: String,
    /// Kind of market.
    pub kind: MarketKind,
    /// The weighting; `None` for counties.
    pub weighting: Option<String>,
    /// Markets, in the order of the counts.
    pub markets: Vec<Market>,
    /// The counts.
    pub counts: Uncertainty,
}

/// The result for a whole analysis.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Assessed {
    /// How it was run; `None` where it was not.
    pub effort: Option<Effort>,
    /// Per kind of market and area.
    pub areas: Vec<AreaUncertainty>,
    /// Rows of the table `sensitivity`.
    pub sensitivity: Vec<SensitivityRow>,
    /// Rows of the table `gender_ranks`.
    pub by_sex: Vec<SexRank>,
    /// Rows of the table `occupation_places`: counties for one occupation at a time.
    pub by_occupation: Vec<OccupationPlace>,
}

/// How the uncertainty is run, over what the method says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Effort {
    /// Replicates.
    pub replicates: usize,
    /// Rows of the sensitivity analysis; 0 leaves it out.
    pub sensitivity_rows: usize,
    /// Seed.
    pub seed: u32,
}

impl Effort {
    /// What `data/method.toml` says.
    #[must_use]
    pub fn of(method: &UncertaintyMethod) -> Self {
        Self { replicates: method.replicates, sensitivity_rows: method.sensitivity_rows, seed: method.seed }
    }
}

/// Assesses every area of `analysis`, puts the places into its scores, sorts them by place and keeps what was found in `analysis.assessed`.
///
/// # Errors
/// The engine refuses the design (no replicates).
pub fn assess(analysis: &mut Analysis, figures: &Figures, config: &Config, effort: Effort) -> Result<(), IndexError> {
    assess_all(std::slice::from_mut(analysis), figures, config, effort)
}

/// As [`assess`], for several counties of the same figures, method and year: what their rankings have in common is worked out once. Each county gets the
/// same bits as alone.
///
/// # Errors
/// The engine refuses the design (no replicates).
pub fn assess_all(analyses: &mut [Analysis], figures: &Figures, config: &Config, effort: Effort) -> Result<(), IndexError> {
    let mut found: Vec<Assessed> = analyses.iter().map(|_| Assessed { effort: Some(effort), ..Assessed::default() }).collect();
    let mut places = Vec::new();
    {
        let common = Common::new(analyses, figures, config);
        for groups in Common::steps(analyses) {
            let of_groups = groups.par_iter().map(|group| assess_group(&common, analyses, group, effort));
            for (of_group, of_counties) in of_groups.collect::<Result<Vec<_>, IndexError>>()? {
                places.extend(of_group);
                for (county, part) in of_counties {
                    found[county].areas.extend(part.areas);
                    found[county].sensitivity.extend(part.sensitivity);
                    found[county].by_occupation.extend(part.by_occupation);
                }
            }
        }
        for (assessed, by_sex) in found.iter_mut().zip(by_sex::ranks(&common, analyses, effort)?) {
            assessed.by_sex = by_sex;
        }
    }
    let mut found_of: BTreeMap<(usize, usize), BTreeMap<(String, Market), RankUncertainty>> = BTreeMap::new();
    for Place { county, ranking, area, market, uncertainty } in places {
        found_of.entry((county, ranking)).or_default().insert((area, market), uncertainty);
    }
    for ((county, ranking), mut of_ranking) in found_of {
        for row in &mut analyses[county].markets.rankings[ranking].scores {
            row.uncertainty = of_ranking.remove(&(row.area.clone(), row.market));
        }
    }
    let order: BTreeMap<&str, usize> = config.areas.iter().enumerate().map(|(position, area)| (area.key.as_str(), position)).collect();
    for (analysis, assessed) in analyses.iter_mut().zip(found) {
        for ranking in &mut analysis.markets.rankings {
            ranking.scores.sort_by_key(|row: &MarketScore| {
                let place = row.uncertainty.as_ref().map_or(u32::MAX, |uncertainty| uncertainty.place);
                (order.get(row.area.as_str()).copied(), place, row.rank.unwrap_or(u32::MAX), row.market)
            });
        }
        analysis.assessed = assessed;
    }
    Ok(())
}

/// What was found of a market in an area of a county's ranking.
struct Place {
    county: usize,
    ranking: usize,
    area: String,
    market: Market,
    uncertainty: RankUncertainty,
}

/// Rankings that share a model: their places, and of each county what belongs to its areas.
fn assess_group(
    common: &Common,
    analyses: &[Analysis],
    group: &[Member],
    effort: Effort,
) -> Result<(Vec<Place>, BTreeMap<usize, Assessed>), IndexError> {
    let mut found: BTreeMap<usize, Assessed> = BTreeMap::new();
    let config = common.config;
    let own = rankings_of(analyses, group);
    let prepared = common.prepared(&own, None);
    let Prepared { model, markets, .. } = &prepared;
    let method = &config.method;
    let mut parts: Vec<Vec<AreaModel>> = vec![Vec::new(); model.rankings()];
    let mut keys: Vec<(Member, &str)> = Vec::new();
    for ((member, (analysis, ranking)), (number, occupations)) in group.iter().zip(&own).zip(&prepared.members) {
        let named = config.areas.iter().map(|area| (area.key.as_str(), area_model(analysis, config, ranking, &area.key, markets, occupations)));
        for (key, part) in named.filter(|(_, part)| !part.markets.is_empty()) {
            keys.push((*member, key));
            parts[*number].push(part);
        }
    }
    // Counties are ranked for single occupations too, in the same runs.
    let (of_occupations, occupations) = match own.as_slice() {
        [(analysis, ranking)] if ranking.kind == MarketKind::County => by_occupation::parts(analysis, ranking, &prepared, method.area.least_weight),
        _ => (Vec::new(), Vec::new()),
    };
    if keys.is_empty() && occupations.is_empty() {
        return Ok((Vec::new(), found));
    }
    let mut all: Vec<Areas> = parts.iter().map(|parts| model.areas(parts.clone())).collect();
    if let (false, Some(last)) = (occupations.is_empty(), all.last_mut()) {
        *last = model.areas(last.parts.drain(..).chain(occupations).collect());
    }
    let areas: Vec<Areas> = parts.into_iter().map(|parts| model.areas(parts)).collect();
    let units_of = |areas: &[Areas]| -> Vec<usize> { areas.iter().flat_map(Areas::units).collect() };
    let units = units_of(&areas);
    let scores = |point: &[f64], out: &mut [f64]| model.scores_of_rankings(&areas, |ranking| model.choices(ranking, point), out);
    // A list's own intervals hold its weighting: the lists answer different questions, and are never averaged.
    let held = |point: &[f64], out: &mut [f64]| model.scores_of_rankings(&all, |ranking| model.choices_of_own(ranking, point), out);
    let design = Design { factors: FACTORS.len(), units: 0, replicates: effort.replicates, seed: effort.seed };
    let mut counts = uncertainties_in_order(&held, &design, &units_of(&all), &|point| model.alike(point))?;
    let of_single = counts.split_off(units.len());
    if let [Member { county, .. }] = group {
        found.entry(*county).or_default().by_occupation.extend(by_occupation::places(of_occupations, of_single, method.uncertainty.certainty));
    }
    let sensitivities = if effort.sensitivity_rows > 0 && !units.is_empty() {
        let mut baseline = vec![f64::NAN; units.iter().sum()];
        model.scores_of_rankings(&areas, |ranking| Choices { ranking, ..Choices::default() }, &mut baseline);
        let mut rest = baseline.as_slice();
        let mut baselines = Vec::new();
        for units in &units {
            let (own, after) = rest.split_at(*units);
            baselines.push(crate::index::rank::competition_ranks(own));
            rest = after;
        }
        let resamples = method.uncertainty.resamples;
        let design = SensitivityDesign { factors: FACTORS.len(), outputs: 0, rows: effort.sensitivity_rows, resamples, seed: effort.seed };
        rank_sensitivities(&scores, &baselines, &design, &|point| model.alike(point))?.into_iter().map(Some).collect()
    } else {
        vec![None::<RankSensitivity>; keys.len()]
    };
    let mut places = Vec::new();
    let parts = areas.iter().flat_map(|areas| &areas.parts);
    for ((((Member { county, position }, key), part), counts), sensitivity) in keys.into_iter().zip(parts).zip(counts).zip(sensitivities) {
        let ranking = &analyses[county].markets.rankings[position];
        let (kind, weighting) = (ranking.kind, ranking.weighting.clone());
        let units: Vec<Market> = part.markets.iter().map(|position| markets[*position]).collect();
        let ranks: BTreeMap<Market, Option<u32>> = ranking.scores.iter().filter(|row| row.area == key).map(|row| (row.market, row.rank)).collect();
        let moved =
            |unit: usize| sensitivity.as_ref().and_then(|found| found.units[unit].as_ref()).and_then(|found| found.moving_factor_of(..WEIGHTING));
        let summaries = counts.summaries(method.uncertainty.certainty, &[3, 5, 10]);
        for (unit, (market, summary)) in units.iter().zip(summaries).enumerate() {
            let (Some(rank), Some(place), Some(tier)) = (ranks.get(market), summary.place, summary.tier) else { continue };
            let number = |value: Option<f64>| value.unwrap_or(f64::NAN);
            let outside = rank.is_some_and(|rank| counts.lies_outside(unit, rank));
            let uncertainty = RankUncertainty {
                place,
                tier,
                median: number(summary.median),
                mean: number(summary.mean),
                p05: number(summary.p05),
                p95: number(summary.p95),
                p_top: [number(summary.top[0]), number(summary.top[1]), number(summary.top[2])],
                moved_by: moved(unit).filter(|_| outside).map(|factor| FACTORS[factor]),
            };
            places.push(Place { county, ranking: position, area: key.to_owned(), market: *market, uncertainty });
        }
        let assessed = found.entry(county).or_default();
        if let Some(sensitivity) = sensitivity {
            let all = std::iter::once((None, sensitivity.shift)).chain(units.iter().map(|market| Some(*market)).zip(sensitivity.units));
            for (market, indices) in all {
                assessed.sensitivity.extend(rows_of(key, kind, weighting.as_ref(), market, indices));
            }
        }
        assessed.areas.push(AreaUncertainty { area: key.to_owned(), kind, weighting, markets: units, counts });
    }
    Ok((places, found))
}

/// The analyses and rankings of a group.
fn rankings_of<'a>(analyses: &'a [Analysis], group: &[Member]) -> Vec<(&'a Analysis, &'a Ranking)> {
    let ranking = |Member { position, county }: &Member| (&analyses[*county], &analyses[*county].markets.rankings[*position]);
    group.iter().map(ranking).collect()
}

fn rows_of(
    area: &str,
    kind: MarketKind,
    weighting: Option<&String>,
    market: Option<Market>,
    indices: Option<OutputSensitivity>,
) -> Vec<SensitivityRow> {
    let Some(indices) = indices else { return Vec::new() };
    let factors = FACTORS.iter().zip(indices.first.into_iter().zip(indices.total));
    factors
        .map(|(factor, (first_order, total_order))| SensitivityRow {
            area: area.to_owned(),
            kind,
            weighting: weighting.cloned(),
            market,
            factor,
            first_order,
            total_order,
        })
        .collect()
}

/// The area's occupations and ranked markets as positions in a model, of whose occupations `occupations` are the county's, in the order of their codes.
#[must_use]
fn area_model(analysis: &Analysis, config: &Config, ranking: &Ranking, area: &str, markets: &[Market], occupations: &[usize]) -> AreaModel {
    let own = analysis.markets.area_weights.iter().find(|weights| weights.area == area);
    let weights = recruited(analysis).zip(occupations).filter_map(|(code, position)| Some((*position, *own?.weights.get(&code)?))).collect();
    let ranked = ranking.scores.iter().filter(|row| row.area == area && row.ranked);
    let mut positions: Vec<usize> = ranked.filter_map(|row| markets.binary_search(&row.market).ok()).collect();
    positions.sort_unstable();
    AreaModel { weights, markets: positions, least_weight: config.method.area.least_weight }
}

/// The occupations that are ranked for, in the order of their codes.
fn recruited(analysis: &Analysis) -> impl Iterator<Item = Ssyk> {
    analysis.demand.occupations.values().filter(|row| row.rating.is_recruited()).map(|row| row.occupation)
}

/// The model of a ranking, its markets in order, and the model's areas in the order of `areas.toml`.
#[must_use]
pub fn prepared(analysis: &Analysis, figures: &Figures, config: &Config, ranking: &Ranking) -> (Model, Vec<Market>, Vec<AreaModel>) {
    let common = Common::new(std::slice::from_ref(analysis), figures, config);
    let Prepared { model, markets, members } = common.prepared(&[(analysis, ranking)], None);
    let parts = config.areas.iter().map(|area| area_model(analysis, config, ranking, &area.key, &markets, &members[0].1)).collect();
    (model, markets, parts)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::code::County;
    use crate::index::sequence::coordinate;

    /// Counties as markets are scored with all occupations in one pass. Without what makes that possible they are scored occupation by occupation, as
    /// countries are: the same bits under any choices.
    #[test]
    fn all_occupations_in_one_pass_have_the_scores_that_they_have_one_by_one() {
        let home = Path::new(env!("CARGO_MANIFEST_DIR"));
        let config = Config::read(&home.join("data")).unwrap();
        let figures = Figures::read(&home.join("data/bundled"), &config.codes).unwrap();
        let county = config.codes.counties().map(|(county, _)| county).find(|county: &County| county.as_str() == "23").unwrap();
        let analysis = crate::analysis::analyse(&figures, &config, county, 2026).unwrap();
        let ranking = analysis.markets.rankings.iter().find(|ranking| ranking.kind == MarketKind::County).unwrap();
        let (at_once, _, parts) = prepared(&analysis, &figures, &config, ranking);
        let (mut one_by_one, _, _) = prepared(&analysis, &figures, &config, ranking);
        assert!(!at_once.laid.is_empty());
        one_by_one.laid = model::Laid::default();
        let mut compared = 0;
        for replicate in 0..64 {
            let point: Vec<f64> = (0..FACTORS.len()).map(|factor| coordinate(replicate, factor, 7)).collect();
            let scores = |model: &Model| {
                let areas = model.areas(parts.clone());
                let mut scores = vec![f64::NAN; areas.units().iter().sum()];
                model.scores(&model.choices(0, &point), &areas, &mut scores);
                scores
            };
            for (first, second) in scores(&at_once).into_iter().zip(scores(&one_by_one)) {
                assert!(first.to_bits() == second.to_bits() || (first.is_nan() && second.is_nan()), "replicate {replicate}: {first} and {second}");
                compared += usize::from(!first.is_nan());
            }
        }
        assert!(compared > 5_000, "{compared}");
    }
}
