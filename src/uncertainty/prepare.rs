//! From an analysis to the model of a ranking: figures as dense arrays with their errors, and everything that is drawn beforehand.

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;

use super::employment::{employment, groups_of};
use super::model::{
    self, Column, Employment, Floor, IndicatorModel, Kind, Model, OccupationModel, PoolModel, Pools, Scale, Slot, WeightModel, Word, WordModel,
};
use super::{WEIGHTING, by_sex, recruited};
use crate::analysis::Analysis;
use crate::code::{Country, County, Isco, Sex, Ssyk};
use crate::config::{Config, ErrorSize, UncertaintyMethod, Weighting};
use crate::ethics::Gate;
use crate::figures::Figures;
use crate::market::{Fit, IndicatorValue, Ranking};
use crate::supply::{Market, MarketKind};

/// Figures of whole countries, as they stand in a model.
const WHOLE: [&str; 7] = ["unemployment", "median_age", "diaspora_sweden", "diaspora_county", "recent", "income_gap", "distance"];

/// What all models of the same figures, method and year share.
pub(super) struct Common<'a> {
    pub figures: &'a Figures,
    pub config: &'a Config,
    countries: Vec<Country>,
    employment: Arc<Employment>,
    normals: Arc<Vec<f64>>,
    drawn: BTreeMap<Ssyk, Drawn>,
    /// Points of the way in, by county and occupation: one a country, NaN where there is none.
    entries: BTreeMap<(County, Ssyk), Vec<f64>>,
    /// Figures of whole countries, by county.
    whole: BTreeMap<County, Vec<Column>>,
    /// Whether people of a country may come and work without a permit.
    is_free: Vec<bool>,
}

/// An occupation's way to the countries' figures: the given one, then one a draw.
struct Drawn {
    groups: Vec<usize>,
    weights: Vec<Vec<f64>>,
    word: Arc<Word>,
}

/// A county's ranking, by their positions among the analyses and among the county's rankings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Member {
    pub position: usize,
    pub county: usize,
}

/// A model of one or several rankings, of one or several counties.
pub(super) struct Prepared {
    pub model: Model,
    /// Markets, in order.
    pub markets: Vec<Market>,
    /// For each member its ranking among the model's, and its occupations, in the order of their codes, as positions in the model.
    pub members: Vec<(usize, Vec<usize>)>,
}

/// How an occupation is closed, entered and ranked for in a county, under the floor in force and the earlier one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Variant {
    closed: [Vec<usize>; 2],
    /// Bits of the points, so that they can be ordered.
    entry: [Vec<u64>; 2],
    sets: [Vec<usize>; 2],
}

/// Numbers equal things alike.
struct Numbered<T>(BTreeMap<T, usize>);

impl<T: Ord + Clone> Numbered<T> {
    fn new() -> Self {
        Self(BTreeMap::new())
    }

    fn number(&mut self, thing: T) -> usize {
        let next = self.0.len();
        *self.0.entry(thing).or_insert(next)
    }

    /// The things by number.
    fn list(self) -> Vec<T> {
        let mut numbered: Vec<(usize, T)> = self.0.into_iter().map(|(thing, number)| (number, thing)).collect();
        numbered.sort_by_key(|(number, _)| *number);
        numbered.into_iter().map(|(_, thing)| thing).collect()
    }
}

/// An occupation's code as a number, mixed into what is drawn for it alone: the same in every county.
fn salt(occupation: Ssyk) -> u64 {
    occupation.as_str().bytes().fold(0, |number, digit| number * 10 + u64::from(digit - b'0'))
}

/// An indicator's value, if there is one. The values are sorted by market, occupation and indicator.
fn cell<'a>(analysis: &'a Analysis, market: Market, occupation: Option<Ssyk>, indicator: &str) -> Option<&'a IndicatorValue> {
    let values = &analysis.markets.indicators;
    let found = values.binary_search_by(|value| (value.market, value.occupation, value.indicator).cmp(&(market, occupation, indicator)));
    found.ok().map(|position| &values[position])
}

impl<'a> Common<'a> {
    pub fn new(analyses: &[Analysis], figures: &'a Figures, config: &'a Config) -> Self {
        let normals = Arc::new(model::normal_quantiles());
        let doubt = &config.method.uncertainty;
        let Some(first) = analyses.first() else {
            return Self {
                figures,
                config,
                countries: Vec::new(),
                employment: Arc::new(Employment::default()),
                normals,
                drawn: BTreeMap::new(),
                entries: BTreeMap::new(),
                whole: BTreeMap::new(),
                is_free: Vec::new(),
            };
        };
        let countries = first.supply.countries.clone();
        let mut employment = employment(first, figures, config, &countries);
        if doubt.factors.data_error {
            employment.disturb(doubt.draws, &normals);
        }
        let groups = groups_of(first);
        // What a country says of shortages at home is the same for every county that ranks for the occupation.
        let mut owners: BTreeMap<Ssyk, &Analysis> = BTreeMap::new();
        for analysis in analyses {
            for occupation in recruited(analysis) {
                owners.entry(occupation).or_insert(analysis);
            }
        }
        let owners: Vec<(Ssyk, &Analysis)> = owners.into_iter().collect();
        let drawn = owners.into_par_iter().map(|(occupation, analysis)| (occupation, drawn(analysis, figures, config, occupation, &groups)));
        let drawn = drawn.collect::<Vec<_>>().into_iter().collect();
        let entries = analyses.iter().flat_map(|analysis| entries(analysis, &countries)).collect();
        let whole = analyses.par_iter().map(|analysis| (analysis.county, whole(analysis, config, &countries)));
        let whole = whole.collect::<Vec<_>>().into_iter().collect();
        let is_free = countries.iter().map(|country| figures.free_movement.contains_key(country)).collect();
        Self { figures, config, countries, employment: Arc::new(employment), normals, drawn, entries, whole, is_free }
    }

    /// Rankings that share a model, in steps that are made one after another. All of one county's rankings of countries are made of the same figures; with
    /// several counties the counts of one ranking fill the memory, and each ranking is a step. Counties as markets are each county's own.
    pub fn steps(analyses: &[Analysis]) -> Vec<Vec<Vec<Member>>> {
        let Some(first) = analyses.first() else { return Vec::new() };
        let is_own = |position: &usize| first.markets.rankings[*position].kind == MarketKind::County;
        let (own, shared): (Vec<usize>, Vec<usize>) = (0..first.markets.rankings.len()).partition(is_own);
        let shared: Vec<Vec<usize>> = if analyses.len() == 1 { vec![shared] } else { shared.into_iter().map(|position| vec![position]).collect() };
        let counties = || 0..analyses.len();
        let shared = shared.into_iter().map(|positions| {
            vec![positions.into_iter().flat_map(|position| counties().map(move |county| Member { position, county })).collect::<Vec<_>>()]
        });
        let own = own.into_iter().map(|position| counties().map(|county| vec![Member { position, county }]).collect::<Vec<_>>());
        shared.chain(own).map(|groups| groups.into_iter().filter(|group| !group.is_empty()).collect()).collect()
    }

    /// The model of the rankings of a group; with the pool of one sex alone for the markets whose pools are known by sex (method,
    /// section 5).
    pub fn prepared(&self, rankings: &[(&Analysis, &Ranking)], sex: Option<Sex>) -> Prepared {
        match rankings {
            [(analysis, ranking)] if ranking.kind == MarketKind::County => self.of_counties(analysis, ranking, sex),
            _ => self.of_countries(rankings, sex),
        }
    }

    /// What the two kinds share: everything but the figures.
    fn frame(&self, markets: usize, scales: Vec<Scale>) -> Model {
        let method = &self.config.method;
        let switches = &method.uncertainty.factors;
        Model {
            markets,
            indicators: Vec::new(),
            columns: Vec::new(),
            counties: Vec::new(),
            employment: Arc::new(Employment::default()),
            occupations: Vec::new(),
            words: Vec::new(),
            pools: Vec::new(),
            entries: Vec::new(),
            sets: Vec::new(),
            whole_sets: Vec::new(),
            word_sets: Vec::new(),
            pool_sets: Vec::new(),
            entry_sets: Vec::new(),
            kinds: Vec::new(),
            weightings: Vec::new(),
            rankings: Vec::new(),
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
            normals: Arc::clone(&self.normals),
            laid: model::Laid::default(),
            number: model::numbered(),
        }
    }

    fn of_countries(&self, rankings: &[(&Analysis, &Ranking)], sex: Option<Sex>) -> Prepared {
        let method = &self.config.method;
        let doubt = &method.uncertainty;
        let markets: Vec<Market> = self.countries.iter().copied().map(Market::Country).collect();
        let mut model = self.frame(markets.len(), vec![Scale::Goalposts, Scale::MinMax, Scale::ZScore, Scale::Rank]);
        if rankings.is_empty() {
            return Prepared { model, markets, members: Vec::new() };
        }
        let weightings: Vec<&Weighting> = method.weightings.values().collect();
        // Past the end for a name that the method does not have, so that none is taken in its place.
        let own = |ranking: &Ranking| {
            let name = ranking.weighting.as_deref().unwrap_or(crate::config::BALANCED);
            method.weightings.keys().take_while(|known| *known != name).count()
        };
        let mut named = Numbered::new();
        let numbers: Vec<usize> = rankings.iter().map(|(_, ranking)| named.number(own(ranking))).collect();
        let others = |own: usize| (0..weightings.len()).filter(move |other| *other != own);
        let orders: Vec<Vec<usize>> = named.list().into_iter().map(|own| std::iter::once(own).chain(others(own)).collect()).collect();
        let counties = self.columns_of(rankings, &mut model);
        model.employment = Arc::clone(&self.employment);
        (model.indicators, model.weightings) = indicators(&weightings, &WHOLE, doubt, |name| {
            let goalpost = method.goalposts.get(name).cloned();
            let reverse = goalpost.as_ref().is_some_and(|goalpost| goalpost.reverse);
            (goalpost, reverse)
        });
        model.rankings = orders.into_iter().map(|order| counted(&order, &weightings, &model)).collect();
        // Each ranking's way with each of its occupations; equal ways are one.
        let ways: Vec<Vec<(Ssyk, Variant)>> =
            rankings.par_iter().map(|(analysis, ranking)| self.variants(analysis, ranking, weightings[own(ranking)], &markets, sex)).collect();
        let mut variants: BTreeMap<(Ssyk, &Variant, usize), (usize, &Analysis)> = BTreeMap::new();
        for (((analysis, _), ways), county) in rankings.iter().zip(&ways).zip(&counties) {
            for (occupation, variant) in ways {
                variants.entry((*occupation, variant, *county)).or_insert((0, analysis));
            }
        }
        for (position, (at, _)) in variants.values_mut().enumerate() {
            *at = position;
        }
        let (mut pools, mut entries, mut sets) = (BTreeMap::new(), Numbered::new(), Numbered::new());
        let (mut whole_sets, mut word_sets, mut pool_sets, mut entry_sets) = (Numbered::new(), Numbered::new(), Numbered::new(), Numbered::new());
        let (mut words, mut kinds) = (Numbered::new(), Numbered::new());
        for ((occupation, variant, county), (_, analysis)) in &variants {
            let drawn = &self.drawn[occupation];
            let word = words.number(*occupation);
            // With a single group the pool is the group's own; a share of one sex is the occupation's.
            let is_own = drawn.groups.len() > 1 || sex.is_some();
            let key = (drawn.groups.clone(), is_own.then_some(*occupation));
            let pool = *pools.entry(key).or_insert_with(|| {
                let share = sex.map(|sex| self.share(analysis, *occupation, sex));
                let figures = Pools::Groups { groups: drawn.groups.clone(), weights: drawn.weights.clone() };
                model.pools.push(PoolModel { pools: figures, share, salt: salt(*occupation) });
                model.pools.len() - 1
            });
            let floors = [0, 1].map(|floor| {
                let set = sets.number(variant.sets[floor].clone());
                let entry = entries.number(variant.entry[floor].clone());
                let whole = whole_sets.number((*county, set));
                let kind = Kind { whole, pool: pool_sets.number((pool, set)), entry: entry_sets.number((entry, whole)) };
                Floor { closed: variant.closed[floor].clone(), kind: kinds.number(kind), word: word_sets.number((word, set)) }
            });
            model.occupations.push(OccupationModel { floors });
        }
        let words = words.list().into_iter();
        model.words = words.map(|occupation| WordModel { word: Arc::clone(&self.drawn[&occupation].word), salt: salt(occupation) }).collect();
        (model.whole_sets, model.word_sets) = (whole_sets.list(), word_sets.list());
        model.entries = entries.list().into_iter().map(|bits| bits.into_iter().map(f64::from_bits).collect()).collect();
        (model.sets, model.pool_sets, model.entry_sets, model.kinds) = (sets.list(), pool_sets.list(), entry_sets.list(), kinds.list());
        let members = ways.iter().zip(&counties).zip(numbers).map(|((ways, county), number)| {
            let position = |(occupation, variant): &(Ssyk, Variant)| variants[&(*occupation, variant, *county)].0;
            (number, ways.iter().map(position).collect())
        });
        let members = members.collect();
        Prepared { model, markets, members }
    }

    /// Gives the model the counties' figures of whole countries, equal ones once, and says which of the model's counties each is.
    fn columns_of(&self, rankings: &[(&Analysis, &Ranking)], model: &mut Model) -> Vec<usize> {
        let mut known: BTreeMap<(usize, Vec<u64>), usize> = BTreeMap::new();
        let mut counties = Numbered::new();
        let numbers = rankings.iter().map(|(analysis, _)| {
            let columns = self.whole[&analysis.county].iter().enumerate().map(|(position, column)| {
                let bits = column.raw.iter().chain(&column.deviation).map(|value| value.to_bits()).collect();
                *known.entry((position, bits)).or_insert_with(|| {
                    model.columns.push((position, column.clone()));
                    model.columns.len() - 1
                })
            });
            counties.number(columns.collect::<Vec<usize>>())
        });
        let numbers = numbers.collect();
        model.counties = counties.list();
        numbers
    }

    /// A county's ways with its occupations, in the order of their codes.
    fn variants(&self, analysis: &Analysis, ranking: &Ranking, own: &Weighting, markets: &[Market], sex: Option<Sex>) -> Vec<(Ssyk, Variant)> {
        let floor = &self.config.permit_rules.pay_floor;
        let floors = [floor.floor, floor.median * floor.earlier_share];
        // A list of untested markets is laid on its scales without the others.
        let on_list = |country: &Country| !own.only_untested || analysis.markets.trials.get(country).is_some_and(crate::market::Trial::is_untested);
        let is_on_list: Vec<bool> = self.countries.iter().map(on_list).collect();
        let variant = |occupation: Ssyk| {
            let fits = fits_of(ranking, occupation, markets);
            let pay = &analysis.markets.pay[&occupation];
            let given = self.entries.get(&(analysis.county, occupation));
            let points_of = |level: f64| pay.entry_points(self.config, level) - pay.entry_points(self.config, floors[0]);
            let (moves, is_below) = (floors.map(points_of), floors.map(|level| pay.is_below(level)));
            let (mut closed, mut entry) = ([Vec::new(), Vec::new()], [Vec::new(), Vec::new()]);
            for (position, free) in self.is_free.iter().enumerate() {
                let gate = fits[position].and_then(|fit| fit.gate);
                let points = given.map_or(f64::NAN, |given| given[position]);
                for floor in [0, 1] {
                    // D stands whatever the floor; E is the floor's own.
                    if gate == Some(Gate::NoActiveRecruitment) || (!free && is_below[floor]) {
                        closed[floor].push(position);
                    }
                    let moved = if *free { 0.0 } else { moves[floor] };
                    entry[floor].push((points + moved).to_bits());
                }
            }
            let of_sex =
                |position: usize| sex.is_none_or(|sex| share_of(analysis, markets[position], occupation, sex).is_some_and(|share| share > 0.0));
            let sets = [0, 1].map(|floor| ranked(&fits, &closed[floor], |position| is_on_list[position] && of_sex(position)));
            (occupation, Variant { closed, entry, sets })
        };
        recruited(analysis).map(variant).collect()
    }

    /// ln of the share of one sex in each country's pool with its error, and ln of that at home.
    fn share(&self, analysis: &Analysis, occupation: Ssyk, sex: Sex) -> (Column, f64) {
        let home = analysis.demand.occupations.get(&occupation).and_then(|row| share_among(row.employed_sweden, sex));
        let mut column = Column::default();
        for country in &self.countries {
            let share = share_of(analysis, Market::Country(*country), occupation, sex).filter(|share| *share > 0.0);
            column.raw.push(share.map_or(f64::NAN, f64::ln));
            let error = by_sex::deviation_of_share(analysis, self.figures, self.config, *country, occupation, share);
            column.deviation.push(if sex == Sex::Total { 0.0 } else { error });
        }
        (column, home.map_or(f64::NAN, f64::ln))
    }

    fn of_counties(&self, analysis: &Analysis, ranking: &Ranking, sex: Option<Sex>) -> Prepared {
        let method = &self.config.method;
        let doubt = &method.uncertainty;
        let weighting = &method.county_markets.weights;
        let markets: Vec<Market> = analysis.supply.counties.iter().copied().map(Market::County).collect();
        let mut model = self.frame(markets.len(), vec![Scale::MinMax, Scale::ZScore, Scale::Rank]);
        // The crosswalk, the pay floor and the named weightings have no part in markets within Sweden.
        (model.factors[5], model.factors[6], model.factors[WEIGHTING]) = (false, false, false);
        let column = |occupation: Option<Ssyk>, name: &str, size: Option<&ErrorSize>| {
            let mut column = Column::default();
            for market in &markets {
                let value = cell(analysis, *market, occupation, name);
                column.raw.push(value.map_or(f64::NAN, |value| value.raw));
                let period = value.and_then(|value| value.period);
                // Logarithms turn a coefficient of variation into a standard deviation; moves per inhabitant are none.
                let level = value.map_or(0.0, |value| if name == "moves" { value.raw } else { 1.0 });
                column.deviation.push(size.filter(|_| value.is_some()).map_or(0.0, |size| deviation(doubt, size, level, period, analysis.year, &[])));
            }
            column
        };
        let sizes = &doubt.data_error.indicators;
        // The distance between two counties is known. Moves are there where they have been fetched.
        let mut whole = vec![("distance", column(None, "distance", None))];
        let moves = column(None, "moves", Some(&sizes.moves));
        if moves.raw.iter().any(|value| !value.is_nan()) {
            whole.push(("moves", moves));
        }
        let (names, columns): (Vec<&str>, Vec<Column>) = whole.into_iter().unzip();
        model.counties.push((0..columns.len()).collect());
        model.columns = columns.into_iter().enumerate().collect();
        (model.indicators, model.weightings) = indicators(&[weighting], &names, doubt, |_| (None, false));
        model.rankings = vec![counted(&[0], &[weighting], &model)];
        let mut sets = Numbered::new();
        for (position, occupation) in recruited(analysis).enumerate() {
            let fits = fits_of(ranking, occupation, &markets);
            let mut pool = column(Some(occupation), "pool", Some(&sizes.county_pool));
            let mut specialisation = column(Some(occupation), "specialisation", Some(&sizes.county_pool));
            if let Some(sex) = sex {
                let home = analysis.demand.occupations.get(&occupation).and_then(|row| share_among(row.employed, sex));
                for (position, market) in markets.iter().enumerate() {
                    let share = share_of(analysis, *market, occupation, sex).unwrap_or(f64::NAN);
                    pool.raw[position] = (pool.raw[position].exp_m1() * share).ln_1p();
                    let ratio = (specialisation.raw[position] + share.ln() - home.map_or(f64::NAN, f64::ln)).exp();
                    specialisation.raw[position] = ratio.max(method.fit.least_ratio).ln();
                }
            }
            model.pools.push(PoolModel { pools: Pools::Counted { pool, specialisation }, share: None, salt: salt(occupation) });
            let known = |position: usize| sex.is_none_or(|sex| share_of(analysis, markets[position], occupation, sex).is_some());
            let set = sets.number(ranked(&fits, &[], known));
            // Every occupation has its own pools; nothing is entered.
            model.pool_sets.push((position, set));
            model.word_sets.push((position, set));
            model.kinds.push(Kind { whole: set, pool: position, entry: usize::MAX });
            let word = Arc::new(Word { given: column(Some(occupation), "assessment", Some(&sizes.assessment)), draws: Vec::new() });
            model.words.push(WordModel { word, salt: salt(occupation) });
            let floor = Floor { closed: Vec::new(), kind: position, word: position };
            model.occupations.push(OccupationModel { floors: [floor.clone(), floor] });
        }
        model.sets = sets.list();
        model.whole_sets = (0..model.sets.len()).map(|set| (0, set)).collect();
        // As many markets as each occupation's set has: kinds and sets are the occupations' own here.
        let ranked_in = model.kinds.iter().map(|kind| model.sets[kind.whole].len());
        model.laid = model::Laid::with_room(ranked_in, model.draws, model.scales.len());
        let members = vec![(0, (0..model.occupations.len()).collect())];
        Prepared { model, markets, members }
    }
}

/// Figures of whole countries.
fn whole(analysis: &Analysis, config: &Config, countries: &[Country]) -> Vec<Column> {
    let doubt = &config.method.uncertainty;
    let column = |name: &&str| {
        let mut column = Column::default();
        for country in countries {
            let value = cell(analysis, Market::Country(*country), None, name);
            column.raw.push(value.map_or(f64::NAN, |value| value.raw));
            let error = &doubt.data_error.indicators;
            let size = match *name {
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
            let level = value.map_or(0.0, |value| if matches!(*name, "unemployment" | "median_age") { value.raw } else { 1.0 });
            let period = value.and_then(|value| value.period);
            column.deviation.push(size.filter(|_| value.is_some()).map_or(0.0, |size| deviation(doubt, size, level, period, analysis.year, &[])));
        }
        column
    };
    WHOLE.iter().map(column).collect()
}

/// A county's points of the way in, read in one pass: they are asked for thousands of times.
fn entries(analysis: &Analysis, countries: &[Country]) -> BTreeMap<(County, Ssyk), Vec<f64>> {
    let mut entries: BTreeMap<(County, Ssyk), Vec<f64>> = BTreeMap::new();
    for value in analysis.markets.indicators.iter().filter(|value| value.indicator == "entry") {
        if let (Market::Country(country), Some(occupation)) = (value.market, value.occupation)
            && let Ok(position) = countries.binary_search(&country)
        {
            entries.entry((analysis.county, occupation)).or_insert_with(|| vec![f64::NAN; countries.len()])[position] = value.raw;
        }
    }
    entries
}

/// Crosswalk weights of an occupation and what countries say of it, given and drawn.
fn drawn(analysis: &Analysis, figures: &Figures, config: &Config, occupation: Ssyk, groups: &BTreeMap<Isco, usize>) -> Drawn {
    let doubt = &config.method.uncertainty;
    let list = &analysis.supply.countries;
    let link = &analysis.links[&occupation];
    let given: Vec<f64> = link.weights.values().copied().collect();
    let unit_groups: Vec<Isco> = link.weights.keys().copied().collect();
    let drawn = model::crosswalk_draws(&given, doubt, salt(occupation));
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
    let weights: Vec<Vec<f64>> = if baseline.len() == 1 {
        // A single group has the whole weight, however it is divided inside.
        vec![vec![1.0]]
    } else {
        std::iter::once(baseline.values().copied().collect()).chain(drawn.iter().map(|weights| summed(weights).into_values().collect())).collect()
    };
    let mut word = Word::default();
    let mut is_known = Vec::new();
    for country in list {
        let value = cell(analysis, Market::Country(*country), Some(occupation), "no_shortage_at_home");
        let flags: Vec<&ErrorSize> =
            value.filter(|value| value.flag.is_some()).map(|_| &doubt.data_error.flags.unknown_shortage).into_iter().collect();
        word.given.raw.push(value.map_or(f64::NAN, |value| value.raw));
        word.given.deviation.push(deviation(doubt, &doubt.data_error.indicators.no_shortage_at_home, 0.0, None, analysis.year, &flags));
        is_known.push(value.is_some_and(|value| value.flag.is_none()));
    }
    // Which of the unit groups each country lists as short; `None` where it lists nothing or what it lists leaves the occupation unknown.
    let short: Vec<Option<Vec<bool>>> = list
        .iter()
        .zip(&is_known)
        .map(|(country, is_known)| {
            let (_, short) = figures.shortages.get(country).filter(|(period, _)| *is_known && *period <= analysis.year)?;
            Some(unit_groups.iter().map(|group| short.contains(group)).collect())
        })
        .collect();
    let draw = |weights: &Vec<f64>| {
        let row = short.iter().zip(&word.given.raw).map(|(short, given)| match short {
            Some(short) => 1.0 - short.iter().zip(weights).filter(|(is_short, _)| **is_short).map(|(_, weight)| weight).sum::<f64>(),
            // What is unknown stays unknown whatever the crosswalk.
            None => *given,
        });
        row.collect()
    };
    let draws = drawn.iter().map(draw).collect();
    word.draws = draws;
    Drawn { groups: baseline.into_keys().collect(), weights, word: Arc::new(word) }
}

/// The markets that are open and have a fit: a fit has a score exactly where it has a pool and enough coverage, closed or not.
fn ranked(fits: &[Option<&Fit>], closed: &[usize], known: impl Fn(usize) -> bool) -> Vec<usize> {
    let open = |position: &usize| closed.binary_search(position).is_err();
    let scored = fits.iter().enumerate().filter(|(_, fit)| fit.is_some_and(|fit| fit.score.is_some()));
    scored.map(|(position, _)| position).filter(open).filter(|position| known(*position)).collect()
}

/// Fits of an occupation, in the order of `markets`.
fn fits_of<'a>(ranking: &'a Ranking, occupation: Ssyk, markets: &[Market]) -> Vec<Option<&'a Fit>> {
    let fits = &ranking.fits;
    let start = fits.partition_point(|fit| fit.occupation < occupation);
    let mut own = vec![None; markets.len()];
    for fit in fits[start..].iter().take_while(|fit| fit.occupation == occupation) {
        if let Ok(position) = markets.binary_search(&fit.market) {
            own[position] = Some(fit);
        }
    }
    own
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

/// Standard deviation on the indicator's scale of a figure of `period`: the size of its error, its age and its flags.
pub(super) fn deviation(method: &UncertaintyMethod, size: &ErrorSize, level: f64, period: Option<i32>, year: i32, flags: &[&ErrorSize]) -> f64 {
    let error = &method.data_error;
    let old = period.map_or(0, |period| (year - period - error.fresh_years).max(0));
    let relative = size.cv + f64::from(old) * error.per_year + flags.iter().map(|flag| flag.cv).sum::<f64>();
    let absolute = size.absolute + flags.iter().map(|flag| flag.absolute).sum::<f64>();
    // Errors with causes of their own add as variances.
    (relative * level).hypot(absolute)
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
        WeightModel { indicators: inside, pillars, draws: model::pillar_weight_draws(pillars, method) }
    });
    let models = models.collect();
    (list, models)
}

/// The weightings of a ranking in their order, with the indicators that each counts, as positions in the model: those of the ranking's own come first.
fn counted(order: &[usize], weightings: &[&Weighting], model: &Model) -> Vec<(usize, Vec<usize>)> {
    let mut list: Vec<usize> = Vec::new();
    for (pillar, (_, weights)) in order.iter().flat_map(|weighting| weightings[*weighting].pillars().into_iter().enumerate()) {
        for (name, _) in model::indicators_of(weights) {
            let known = model.indicators.iter().position(|indicator| indicator.name == name && indicator.pillar == pillar);
            list.extend(known.filter(|known| !list.contains(known)));
        }
    }
    let of = |weighting: usize| list.iter().copied().filter(|position| model.weightings[weighting].indicators[*position] > 0.0).collect();
    order.iter().map(|weighting| (*weighting, of(*weighting))).collect()
}
