//! How sure the order of the markets is, and what decides it (method, section 6): ranks over many runs, tiers, and sensitivity to each factor.

mod by_occupation;
mod by_sex;
mod model;

use std::collections::BTreeMap;

use crate::analysis::Analysis;
use crate::code::{Country, Isco, Sex, Ssyk};
use crate::config::{Config, ErrorSize, UncertaintyMethod, Weighting};
use crate::ethics::Gate;
use crate::figures::Figures;
use crate::index::IndexError;
use crate::index::sensitivity::{Estimate, OutputSensitivity, RankSensitivity, SensitivityDesign, rank_sensitivities};
use crate::index::uncertainty::{Design, Uncertainty, uncertainties};
use crate::market::{Fit, IndicatorValue, MarketScore, RankUncertainty, Ranking};
use crate::supply::{Market, MarketKind};

pub use by_occupation::OccupationPlace;
pub use by_sex::SexRank;
pub use model::{AreaModel, Choices, FACTORS, Model, Scale};
use model::{Column, Employment, IndicatorModel, OccupationModel, Pools, Slot, WeightModel};

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
    let mut assessed = Assessed { effort: Some(effort), ..Assessed::default() };
    let doubt = &config.method.uncertainty;
    for position in 0..analysis.markets.rankings.len() {
        let ranking = &analysis.markets.rankings[position];
        let (kind, weighting) = (ranking.kind, ranking.weighting.clone());
        let (model, markets) = prepared(analysis, figures, config, ranking);
        let named = config.areas.iter().map(|area| (area.key.as_str(), area_model(analysis, config, ranking, &area.key, &markets)));
        let (keys, parts): (Vec<&str>, Vec<AreaModel>) = named.filter(|(_, part)| !part.markets.is_empty()).unzip();
        if parts.is_empty() {
            continue;
        }
        let rankings: Vec<usize> = parts.iter().map(|part| part.markets.len()).collect();
        let scores = |point: &[f64], out: &mut [f64]| model.scores(&model.choices(point), &parts, out);
        // A list's own intervals hold its weighting: the lists answer different questions, and are never averaged.
        let own = |point: &[f64], out: &mut [f64]| {
            let mut point = point.to_vec();
            point[WEIGHTING] = 0.0;
            model.scores(&model.choices(&point), &parts, out);
        };
        let design = Design { factors: FACTORS.len(), units: 0, replicates: effort.replicates, seed: effort.seed };
        let counts = uncertainties(&own, &design, &rankings)?;
        let sensitivities = if effort.sensitivity_rows > 0 {
            let mut baseline = vec![f64::NAN; rankings.iter().sum()];
            model.scores(&Choices::default(), &parts, &mut baseline);
            let mut rest = baseline.as_slice();
            let mut baselines = Vec::new();
            for units in &rankings {
                let (own, after) = rest.split_at(*units);
                baselines.push(crate::index::rank::competition_ranks(own));
                rest = after;
            }
            let design = SensitivityDesign {
                factors: FACTORS.len(),
                outputs: 0,
                rows: effort.sensitivity_rows,
                resamples: doubt.resamples,
                seed: effort.seed,
            };
            rank_sensitivities(&scores, &baselines, &design)?.into_iter().map(Some).collect()
        } else {
            vec![None::<RankSensitivity>; parts.len()]
        };
        for (((key, part), counts), sensitivity) in keys.into_iter().zip(&parts).zip(counts).zip(sensitivities) {
            let units: Vec<Market> = part.markets.iter().map(|position| markets[*position]).collect();
            let moved =
                |unit: usize| sensitivity.as_ref().and_then(|found| found.units[unit].as_ref()).and_then(|found| found.moving_factor_of(..WEIGHTING));
            for (unit, (market, summary)) in units.iter().zip(counts.summaries(doubt.certainty, &[3, 5, 10])).enumerate() {
                let scores = &mut analysis.markets.rankings[position].scores;
                let row = scores.iter_mut().find(|row| row.area == key && row.market == *market);
                let (Some(row), Some(place), Some(tier)) = (row, summary.place, summary.tier) else { continue };
                let number = |value: Option<f64>| value.unwrap_or(f64::NAN);
                let outside = row.rank.is_some_and(|rank| counts.lies_outside(unit, rank));
                row.uncertainty = Some(RankUncertainty {
                    place,
                    tier,
                    median: number(summary.median),
                    mean: number(summary.mean),
                    p05: number(summary.p05),
                    p95: number(summary.p95),
                    p_top: [number(summary.top[0]), number(summary.top[1]), number(summary.top[2])],
                    moved_by: moved(unit).filter(|_| outside).map(|factor| FACTORS[factor]),
                });
            }
            if let Some(found) = sensitivity {
                let all = std::iter::once((None, found.shift)).chain(units.iter().map(|market| Some(*market)).zip(found.units));
                for (market, indices) in all {
                    assessed.sensitivity.extend(rows_of(key, kind, weighting.as_ref(), market, indices));
                }
            }
            assessed.areas.push(AreaUncertainty { area: key.to_owned(), kind, weighting: weighting.clone(), markets: units, counts });
        }
    }
    let order: BTreeMap<&str, usize> = config.areas.iter().enumerate().map(|(position, area)| (area.key.as_str(), position)).collect();
    for ranking in &mut analysis.markets.rankings {
        ranking.scores.sort_by_key(|row: &MarketScore| {
            let place = row.uncertainty.as_ref().map_or(u32::MAX, |uncertainty| uncertainty.place);
            (order.get(row.area.as_str()).copied(), place, row.rank.unwrap_or(u32::MAX), row.market)
        });
    }
    assessed.by_sex = by_sex::ranks(analysis, figures, config, effort)?;
    assessed.by_occupation = by_occupation::places(analysis, figures, config, effort)?;
    analysis.assessed = assessed;
    Ok(())
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

/// The area's occupations and ranked markets as positions in the model.
#[must_use]
pub fn area_model(analysis: &Analysis, config: &Config, ranking: &Ranking, area: &str, markets: &[Market]) -> AreaModel {
    let own = analysis.markets.area_weights.iter().find(|weights| weights.area == area);
    let weights = recruited(analysis).into_iter().map(|code| own.and_then(|own| own.weights.get(&code).copied())).collect();
    let ranked = ranking.scores.iter().filter(|row| row.area == area && row.ranked);
    let mut positions: Vec<usize> = ranked.filter_map(|row| markets.binary_search(&row.market).ok()).collect();
    positions.sort_unstable();
    AreaModel { weights, markets: positions, least_weight: config.method.area.least_weight }
}

fn recruited(analysis: &Analysis) -> Vec<Ssyk> {
    analysis.demand.occupations.values().filter(|row| row.rating.is_recruited()).map(|row| row.occupation).collect()
}

/// The model of a ranking, and its markets in order.
#[must_use]
pub fn prepared(analysis: &Analysis, figures: &Figures, config: &Config, ranking: &Ranking) -> (Model, Vec<Market>) {
    match ranking.kind {
        MarketKind::Country => countries(analysis, figures, config, ranking, None),
        MarketKind::County => counties(analysis, config, ranking, None),
    }
}

/// The same with the pool of one sex alone, for the markets whose pools are known by sex (method, section 5).
fn prepared_for(analysis: &Analysis, figures: &Figures, config: &Config, ranking: &Ranking, sex: Sex) -> (Model, Vec<Market>) {
    match ranking.kind {
        MarketKind::Country => countries(analysis, figures, config, ranking, Some(sex)),
        MarketKind::County => counties(analysis, config, ranking, Some(sex)),
    }
}

/// The share of `sex` in a market's pool; for both sexes 1, and only where the sexes are known.
fn share_of(analysis: &Analysis, market: Market, occupation: Ssyk, sex: Sex) -> Option<f64> {
    let women = analysis.supply.pools.get(&(market, occupation))?.share_women?;
    Some(match sex {
        Sex::Women => women,
        Sex::Men => 1.0 - women,
        Sex::Total => 1.0,
    })
}

/// The share of `sex` in an occupation in the area that pools are compared with.
fn share_among(persons: crate::figures::Persons, sex: Sex) -> Option<f64> {
    let whole = persons.total();
    let part = match sex {
        Sex::Women => persons.women,
        Sex::Men => persons.men,
        Sex::Total => whole,
    };
    (part > 0).then(|| crate::demand::exact(part) / crate::demand::exact(whole))
}

/// What the two kinds share: everything but the figures.
fn frame(config: &Config, markets: usize, scales: Vec<Scale>) -> Model {
    let method = &config.method;
    let switches = &method.uncertainty.factors;
    Model {
        markets,
        indicators: Vec::new(),
        whole: Vec::new(),
        employment: Employment::default(),
        occupations: Vec::new(),
        sets: Vec::new(),
        weightings: Vec::new(),
        scales,
        scale: method.fit.scale,
        z_score_limit: method.uncertainty.scales.z_score_limit,
        treatment: method.county_markets.treatment.clone(),
        closed_score: method.area.closed_score,
        draws: method.uncertainty.draws,
        factors: [
            switches.data_error,
            switches.normalisation,
            switches.aggregation,
            switches.pillar_weights,
            switches.drop_indicator,
            switches.crosswalk,
            switches.pay_floor,
            switches.weighting,
        ],
        normals: model::normal_quantiles(),
    }
}

/// Numbers equal sets of ranked markets alike.
#[derive(Default)]
struct Sets(BTreeMap<Vec<usize>, usize>);

impl Sets {
    fn number(&mut self, fits: &[Option<&Fit>], closed: &[usize], known: impl Fn(usize) -> bool) -> usize {
        // A fit has a score exactly where it has a pool and enough coverage, closed or not.
        let open = |position: &usize| closed.binary_search(position).is_err();
        let scored = fits.iter().enumerate().filter(|(_, fit)| fit.is_some_and(|fit| fit.score.is_some()));
        let ranked = scored.map(|(position, _)| position).filter(open).filter(|position| known(*position)).collect();
        let next = self.0.len();
        *self.0.entry(ranked).or_insert(next)
    }

    /// The sets by number.
    fn list(self) -> Vec<Vec<usize>> {
        let mut numbered: Vec<(usize, Vec<usize>)> = self.0.into_iter().map(|(set, number)| (number, set)).collect();
        numbered.sort();
        numbered.into_iter().map(|(_, set)| set).collect()
    }
}

/// Standard deviation on the indicator's scale of a figure of `period`: the size of its error, its age and its flags.
fn deviation(method: &UncertaintyMethod, size: &ErrorSize, level: f64, period: Option<i32>, year: i32, flags: &[&ErrorSize]) -> f64 {
    let error = &method.data_error;
    let old = period.map_or(0, |period| (year - period - error.fresh_years).max(0));
    let relative = size.cv + f64::from(old) * error.per_year + flags.iter().map(|flag| flag.cv).sum::<f64>();
    let absolute = size.absolute + flags.iter().map(|flag| flag.absolute).sum::<f64>();
    // Errors with causes of their own add as variances.
    (relative * level).hypot(absolute)
}

fn countries(analysis: &Analysis, figures: &Figures, config: &Config, ranking: &Ranking, sex: Option<Sex>) -> (Model, Vec<Market>) {
    let method = &config.method;
    let doubt = &method.uncertainty;
    let name = ranking.weighting.as_deref().unwrap_or(crate::config::BALANCED);
    let own = &method.weightings[name];
    let others = method.weightings.iter().filter(|(other, _)| *other != name).map(|(_, weighting)| weighting);
    let weightings: Vec<&Weighting> = std::iter::once(own).chain(others).collect();
    let list = &analysis.supply.countries;
    let markets: Vec<Market> = list.iter().copied().map(Market::Country).collect();
    let mut model = frame(config, markets.len(), vec![Scale::Goalposts, Scale::MinMax, Scale::ZScore, Scale::Rank]);

    let by_cell: BTreeMap<(Market, Option<Ssyk>, &str), &IndicatorValue> =
        analysis.markets.indicators.iter().map(|value| ((value.market, value.occupation, value.indicator), value)).collect();
    let whole = ["unemployment", "median_age", "diaspora_sweden", "diaspora_county", "recent", "income_gap", "distance"];
    for name in whole {
        let mut column = Column::default();
        for market in &markets {
            let value = by_cell.get(&(*market, None, name));
            column.raw.push(value.map_or(f64::NAN, |value| value.raw));
            let error = &doubt.data_error.indicators;
            let size = match name {
                "unemployment" => Some(&error.unemployment),
                "median_age" => Some(&error.median_age),
                "diaspora_sweden" => Some(&error.diaspora_sweden),
                "diaspora_county" => Some(&error.diaspora_county),
                "recent" => Some(&error.recent),
                "income_gap" => Some(&error.income_gap),
                // The distance between two capitals is known.
                _ => None,
            };
            // Logarithms turn a coefficient of variation into a standard deviation.
            let level = value.map_or(0.0, |value| if matches!(name, "unemployment" | "median_age") { value.raw } else { 1.0 });
            let period = value.and_then(|value| value.period);
            column.deviation.push(size.filter(|_| value.is_some()).map_or(0.0, |size| deviation(doubt, size, level, period, analysis.year, &[])));
        }
        model.whole.push(column);
    }
    model.employment = employment(analysis, figures, config, list);
    (model.indicators, model.weightings) = indicators(&weightings, &whole, doubt, |name| {
        let goalpost = method.goalposts.get(name).cloned();
        let reverse = goalpost.as_ref().is_some_and(|goalpost| goalpost.reverse);
        (goalpost, reverse)
    });
    let groups = groups_of(analysis);
    let mut sets = Sets::default();
    let floor = &config.permit_rules.pay_floor;
    let floors = [floor.floor, floor.median * floor.earlier_share];
    for (salt, occupation) in recruited(analysis).into_iter().enumerate() {
        let fits = fits_of(ranking, occupation, &markets);
        let mut part = occupation_model(salt as u64);
        let link = &analysis.links[&occupation];
        let given: Vec<f64> = link.weights.values().copied().collect();
        let unit_groups: Vec<Isco> = link.weights.keys().copied().collect();
        let drawn = model::crosswalk_draws(&given, doubt, salt as u64);
        let digits = analysis.supply.level.digits;
        // Draws are made over ISCO unit groups, then summed to the level of the shares.
        let summed = |weights: &[f64]| {
            let mut sums: BTreeMap<usize, f64> = BTreeMap::new();
            for (unit_group, weight) in unit_groups.iter().zip(weights) {
                *sums.entry(groups[&unit_group.at_level(digits)]).or_insert(0.0) += weight;
            }
            sums
        };
        let baseline = summed(&given);
        let sets_of_weights =
            std::iter::once(baseline.values().copied().collect()).chain(drawn.iter().map(|weights| summed(weights).into_values().collect()));
        part.pools = Pools::Groups { groups: baseline.keys().copied().collect(), weights: sets_of_weights.collect() };
        for (position, country) in list.iter().enumerate() {
            let cell = by_cell.get(&(markets[position], Some(occupation), "no_shortage_at_home"));
            let flags: Vec<&ErrorSize> =
                cell.filter(|cell| cell.flag.is_some()).map(|_| &doubt.data_error.flags.unknown_shortage).into_iter().collect();
            part.word.raw.push(cell.map_or(f64::NAN, |cell| cell.raw));
            part.word.deviation.push(deviation(doubt, &doubt.data_error.indicators.no_shortage_at_home, 0.0, None, analysis.year, &flags));
            let gate = fits[position].and_then(|fit| fit.gate);
            let free = figures.free_movement.contains_key(country);
            let pay = &analysis.markets.pay[&occupation];
            let entry = by_cell.get(&(markets[position], Some(occupation), "entry")).map_or(f64::NAN, |cell| cell.raw);
            for (floor, level) in floors.into_iter().enumerate() {
                // D stands whatever the floor; E is the floor's own.
                let closed = gate == Some(Gate::NoActiveRecruitment) || (!free && pay.is_below(level));
                if closed {
                    part.closed[floor].push(position);
                }
                let moved = if free { 0.0 } else { pay.entry_points(config, level) - pay.entry_points(config, floors[0]) };
                part.entry[floor].push(entry + moved);
            }
        }
        let listed = |country: &Country| figures.shortages.get(country).filter(|(period, _)| *period <= analysis.year);
        part.word_draws = drawn
            .iter()
            .map(|weights| {
                let row = list.iter().enumerate().map(|(position, country)| match listed(country) {
                    // What is unknown stays unknown whatever the crosswalk.
                    Some((_, short))
                        if by_cell.get(&(markets[position], Some(occupation), "no_shortage_at_home")).is_some_and(|cell| cell.flag.is_none()) =>
                    {
                        1.0 - unit_groups.iter().zip(weights).filter(|(group, _)| short.contains(group)).map(|(_, weight)| weight).sum::<f64>()
                    }
                    _ => part.word.raw[position],
                });
                row.collect()
            })
            .collect();
        let of_sex = |position: usize| sex.is_none_or(|sex| share_of(analysis, markets[position], occupation, sex).is_some_and(|share| share > 0.0));
        // A list of untested markets is laid on its scales without the others.
        let on_list =
            |position: usize| !own.only_untested || analysis.markets.trials.get(&list[position]).is_some_and(crate::market::Trial::is_untested);
        let known = |position: usize| on_list(position) && of_sex(position);
        part.share = sex.map(|sex| {
            let home = analysis.demand.occupations.get(&occupation).and_then(|row| share_among(row.employed_sweden, sex));
            let mut column = Column::default();
            for (position, country) in list.iter().enumerate() {
                let share = share_of(analysis, markets[position], occupation, sex).filter(|share| *share > 0.0);
                column.raw.push(share.map_or(f64::NAN, f64::ln));
                let error = by_sex::deviation_of_share(analysis, figures, config, *country, occupation, share);
                column.deviation.push(if sex == Sex::Total { 0.0 } else { error });
            }
            (column, home.map_or(f64::NAN, f64::ln))
        });
        part.set = [sets.number(&fits, &part.closed[0], known), sets.number(&fits, &part.closed[1], known)];
        model.occupations.push(part);
    }
    model.sets = sets.list();
    model.disturb_employment();
    (model, markets)
}

/// Fits of an occupation, in the order of `markets`.
fn fits_of<'a>(ranking: &'a Ranking, occupation: Ssyk, markets: &[Market]) -> Vec<Option<&'a Fit>> {
    let fits = &ranking.fits;
    let start = fits.partition_point(|fit| fit.occupation < occupation);
    let own: BTreeMap<Market, &Fit> = fits[start..].iter().take_while(|fit| fit.occupation == occupation).map(|fit| (fit.market, fit)).collect();
    markets.iter().map(|market| own.get(market).copied()).collect()
}

fn occupation_model(salt: u64) -> OccupationModel {
    OccupationModel {
        pools: Pools::Groups { groups: Vec::new(), weights: vec![Vec::new()] },
        word: Column::default(),
        word_draws: Vec::new(),
        entry: [Vec::new(), Vec::new()],
        closed: [Vec::new(), Vec::new()],
        set: [0, 0],
        share: None,
        salt,
    }
}

/// Indicators of all the weightings with a slot for each, and the weightings' weights of them; an indicator that nothing feeds is left out.
fn indicators(
    weightings: &[&Weighting],
    whole: &[&str],
    method: &UncertaintyMethod,
    scale_of: impl Fn(&str) -> (Option<crate::config::Goalpost>, bool),
) -> (Vec<IndicatorModel>, Vec<WeightModel>) {
    let mut list: Vec<IndicatorModel> = Vec::new();
    let pillars = weightings.iter().flat_map(|weighting| weighting.pillars().into_iter().enumerate());
    for (pillar, (_, weights)) in pillars {
        for (name, _) in model::indicators_of(weights) {
            if list.iter().any(|known| known.name == name && known.pillar == pillar) {
                continue;
            }
            let source = match name {
                "pool" => Slot::Pool,
                "specialisation" => Slot::Specialisation,
                "no_shortage_at_home" | "assessment" => Slot::Word,
                "entry" => Slot::Entry,
                other => match whole.iter().position(|name| *name == other) {
                    Some(position) => Slot::Whole(position),
                    None => continue,
                },
            };
            let (goalpost, reverse) = scale_of(name);
            list.push(IndicatorModel { name: name.to_owned(), pillar, goalpost, reverse, source });
        }
    }
    let models = weightings.iter().map(|weighting| {
        let parts = weighting.pillars();
        let weight = |indicator: &IndicatorModel| parts[indicator.pillar].1.indicators.get(&indicator.name).copied().unwrap_or(0.0);
        let inside: Vec<f64> = list.iter().map(weight).collect();
        let pillars = parts.map(|(_, pillar)| pillar.weight);
        WeightModel {
            counted: (0..list.len()).filter(|position| inside[*position] > 0.0).collect(),
            indicators: inside,
            pillars,
            draws: model::pillar_weight_draws(pillars, method),
        }
    });
    let models = models.collect();
    (list, models)
}

/// ISCO groups at the level of the ranking, numbered.
fn groups_of(analysis: &Analysis) -> BTreeMap<Isco, usize> {
    let digits = analysis.supply.level.digits;
    let mut groups: Vec<Isco> = analysis.links.values().flat_map(|link| link.weights.keys()).map(|isco| isco.at_level(digits)).collect();
    groups.sort_unstable();
    groups.dedup();
    groups.into_iter().enumerate().map(|(position, group)| (group, position)).collect()
}

/// Shares and employment of the countries, with their errors.
fn employment(analysis: &Analysis, figures: &Figures, config: &Config, list: &[Country]) -> Employment {
    let doubt = &config.method.uncertainty;
    let groups = groups_of(analysis);
    let (sizes, flags) = (&doubt.data_error.indicators, &doubt.data_error.flags);
    let mut employment = Employment { groups: groups.len(), least_ratio: config.method.fit.least_ratio, ..Employment::default() };
    let row = |country: Country| -> (Vec<f64>, Option<i32>) {
        let mut shares = vec![f64::NAN; groups.len()];
        let found = crate::supply::shares_at_level(figures, config, country, analysis.year, analysis.supply.level.digits);
        let period = found.as_ref().map(|(period, _)| *period);
        for (group, share) in found.into_iter().flat_map(|(_, shares)| shares) {
            if let Some(position) = groups.get(&group) {
                shares[*position] = share;
            }
        }
        (shares, period)
    };
    employment.home = row(Country::SWEDEN).0;
    for country in list {
        let (mut shares, period) = row(*country);
        let estimated = &analysis.supply.estimated;
        let guess = estimated.shares.get(country).filter(|_| period.is_none());
        for (group, share) in guess.into_iter().flatten() {
            if let Some(position) = groups.get(group) {
                shares[*position] = *share;
            }
        }
        employment.shares.extend(shares);
        let reliability = match figures.share_reliability.get(country).map(String::as_str) {
            Some("medium") => vec![&flags.medium_reliability],
            Some("low") => vec![&flags.low_reliability],
            _ => Vec::new(),
        };
        let letters = if analysis.supply.level.digits == 1 { major_group_flags(figures, *country, period) } else { String::new() };
        let remarks: Vec<&ErrorSize> = reliability.into_iter().chain(by_sex::flag_errors(config, &letters)).collect();
        let published = deviation(doubt, &sizes.share, 1.0, period, analysis.year, &remarks);
        employment.share_deviation.extend(groups.keys().map(|group| match (guess, estimated.variation.get(group)) {
            // The errors are lognormal; this spread of the logarithm gives the coefficient of variation that leaving one out found.
            (Some(_), Some(variation)) => (variation * variation).ln_1p().sqrt(),
            _ => published,
        }));
        let employed = figures.employed_abroad.get(&(*country, Sex::Total)).and_then(|series| series.newest(analysis.year));
        employment.employed.push(employed.map_or(f64::NAN, |figure| figure.value));
        let remark = employed.and_then(|figure| figures.employed_abroad_flags.get(&(*country, Sex::Total, figure.period)));
        let remark = match remark.map(String::as_str) {
            Some("Break in series") => vec![&flags.r#break],
            Some("Unreliable") => vec![&flags.unreliable],
            Some(_) => vec![&flags.definition],
            None => Vec::new(),
        };
        employment.employed_deviation.push(deviation(doubt, &sizes.employed, 1.0, employed.map(|figure| figure.period), analysis.year, &remark));
    }
    employment
}

/// The letters of Eurostat's flags on any of a country's major groups in `period`, each once.
fn major_group_flags(figures: &Figures, country: Country, period: Option<i32>) -> String {
    let Some(period) = period else { return String::new() };
    let own = figures.major_groups.range((country, None)..).take_while(|((other, _), _)| *other == country);
    let letters: std::collections::BTreeSet<char> = own.filter_map(|(_, years)| years.get(&period)?.flag.as_deref()).flat_map(str::chars).collect();
    letters.into_iter().collect()
}

fn counties(analysis: &Analysis, config: &Config, ranking: &Ranking, sex: Option<Sex>) -> (Model, Vec<Market>) {
    let method = &config.method;
    let doubt = &method.uncertainty;
    let weighting = &method.county_markets.weights;
    let markets: Vec<Market> = analysis.supply.counties.iter().copied().map(Market::County).collect();
    let mut model = frame(config, markets.len(), vec![Scale::MinMax, Scale::ZScore, Scale::Rank]);
    // The crosswalk, the pay floor and the named weightings have no part in markets within Sweden.
    (model.factors[5], model.factors[6], model.factors[WEIGHTING]) = (false, false, false);
    let by_cell: BTreeMap<(Market, Option<Ssyk>, &str), &IndicatorValue> =
        analysis.markets.indicators.iter().map(|value| ((value.market, value.occupation, value.indicator), value)).collect();
    let column = |occupation: Option<Ssyk>, name: &str, size: Option<&ErrorSize>| {
        let mut column = Column::default();
        for market in &markets {
            let value = by_cell.get(&(*market, occupation, name));
            column.raw.push(value.map_or(f64::NAN, |value| value.raw));
            let period = value.and_then(|value| value.period);
            column.deviation.push(size.filter(|_| value.is_some()).map_or(0.0, |size| deviation(doubt, size, 1.0, period, analysis.year, &[])));
        }
        column
    };
    model.whole.push(column(None, "distance", None));
    (model.indicators, model.weightings) = indicators(&[weighting], &["distance"], doubt, |_| (None, false));
    let sizes = &doubt.data_error.indicators;
    let mut sets = Sets::default();
    for (salt, occupation) in recruited(analysis).into_iter().enumerate() {
        let fits = fits_of(ranking, occupation, &markets);
        let mut part = occupation_model(salt as u64);
        part.pools = Pools::Counted {
            pool: column(Some(occupation), "pool", Some(&sizes.county_pool)),
            specialisation: column(Some(occupation), "specialisation", Some(&sizes.county_pool)),
        };
        if let (Some(sex), Pools::Counted { pool, specialisation }) = (sex, &mut part.pools) {
            let home = analysis.demand.occupations.get(&occupation).and_then(|row| share_among(row.employed, sex));
            for (position, market) in markets.iter().enumerate() {
                let share = share_of(analysis, *market, occupation, sex).unwrap_or(f64::NAN);
                pool.raw[position] = (pool.raw[position].exp_m1() * share).ln_1p();
                let ratio = (specialisation.raw[position] + share.ln() - home.map_or(f64::NAN, f64::ln)).exp();
                specialisation.raw[position] = ratio.max(method.fit.least_ratio).ln();
            }
        }
        part.word = column(Some(occupation), "assessment", Some(&sizes.assessment));
        part.entry = [vec![f64::NAN; markets.len()], vec![f64::NAN; markets.len()]];
        let known = |position: usize| sex.is_none_or(|sex| share_of(analysis, markets[position], occupation, sex).is_some());
        let set = sets.number(&fits, &part.closed[0], known);
        part.set = [set, set];
        model.occupations.push(part);
    }
    model.sets = sets.list();
    (model, markets)
}
