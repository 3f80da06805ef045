//! Which occupations are short in a county (method, section 2): five indicators of 0–3 points, their weighted mean, a rating, need and volume.

use std::collections::{BTreeMap, BTreeSet};

use crate::code::{County, Ssyk};
use crate::config::{Config, Method};
use crate::evidence::{Evidence, Word};
use crate::figures::{Area, Figures, FiguresError, Persons, Words};
use crate::kept::Kept;

/// The rating of an occupation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rating {
    /// *brist*
    Shortage,
    /// *bevakas*
    Watch,
    /// *ingen brist*
    NoShortage,
    /// *kan inte bedömas*
    NotAssessed,
}

impl Rating {
    /// The word in tables and Swedish reports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Shortage => "brist",
            Self::Watch => "bevakas",
            Self::NoShortage => "ingen brist",
            Self::NotAssessed => "kan inte bedömas",
        }
    }

    /// Whether markets are ranked for the occupation.
    #[must_use]
    pub fn is_recruited(self) -> bool {
        matches!(self, Self::Shortage | Self::Watch)
    }
}

/// The five indicators, in the method's order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Indicator {
    /// Arbetsförmedlingen's recruitment situation.
    Recruitment,
    /// Arbetsförmedlingen's five-year forecast.
    Outlook,
    /// Ads per employed.
    Vacancies,
    /// Share aged 55+.
    Replacement,
    /// Growth above all occupations.
    Growth,
}

/// All five.
pub const INDICATORS: [Indicator; 5] = [Indicator::Recruitment, Indicator::Outlook, Indicator::Vacancies, Indicator::Replacement, Indicator::Growth];

/// One occupation in the county. Missing is `None`, to the last table.
#[derive(Clone, Debug, PartialEq)]
pub struct Demand {
    /// Unit group.
    pub occupation: Ssyk,
    /// Employed with workplace in the county.
    pub employed: Persons,
    /// Employed in Sweden (sum of the counties).
    pub employed_sweden: Persons,
    /// Year of the register.
    pub period: i32,
    /// Ads in the county in the year, of the JobTech group.
    pub ads: Option<i64>,
    /// Ads per 100 employed of the JobTech group.
    pub ads_per_100: Option<f64>,
    /// Whether the JobTech group merges several unit groups.
    pub ads_merged: bool,
    /// Share aged 55+, Sweden.
    pub share_55_plus: Option<f64>,
    /// Growth above all occupations in Sweden, percentage points a year.
    pub growth_excess: Option<f64>,
    /// The county's own growth, percent a year: shown, never scored.
    pub county_growth: Option<f64>,
    /// Points 0–3 in the order of [`INDICATORS`].
    pub indicator_points: [Option<f64>; 5],
    /// Share of the weight that is present.
    pub coverage: f64,
    /// Weighted mean of the points present, `m`.
    pub points: Option<f64>,
    /// Rating, after employer evidence.
    pub rating: Rating,
    /// Need N = 100·m/3.
    pub need: Option<f64>,
    /// Volume V, persons a year.
    pub volume: f64,
    /// Whether the share aged 55+ in the volume is the county's mean.
    pub volume_borrowed: bool,
    /// The two indicators that drive the rating.
    pub drivers: Vec<Indicator>,
    /// Whether Arbetsförmedlingen says nothing.
    pub without_assessment: bool,
    /// Employer evidence that set the rating.
    pub evidence: Option<Override>,
    /// Arbetsförmedlingen's words, by round, that the points come from.
    pub words: Vec<Words>,
}

/// A rating that employers' evidence has set.
#[derive(Clone, Debug, PartialEq)]
pub struct Override {
    /// Who said it, when and why.
    pub evidence: Evidence,
    /// The rating that the figures alone give.
    pub otherwise: Rating,
}

impl From<Word> for Rating {
    fn from(word: Word) -> Self {
        match word {
            Word::Shortage => Self::Shortage,
            Word::Watch => Self::Watch,
            Word::NoShortage => Self::NoShortage,
        }
    }
}

/// A county's demand.
#[derive(Clone, Debug, PartialEq)]
pub struct CountyDemand {
    /// The county.
    pub county: County,
    /// Every unit group that the register has, in code order.
    pub occupations: BTreeMap<Ssyk, Demand>,
    /// Year of the register.
    pub period: i32,
    /// Year of the ads.
    pub ads_period: Option<i32>,
    /// Year of the age structure.
    pub age_period: Option<i32>,
    /// Employed in all occupations of the method.
    pub employed: Persons,
}

/// Which unit groups each of Arbetsförmedlingen's occupations is taken for: an inferred code in a list of several is dropped where another occupation has
/// it as its only code.
#[must_use]
pub fn assessed_groups(figures: &Figures) -> BTreeMap<String, Vec<Ssyk>> {
    let mut only: BTreeMap<Ssyk, BTreeSet<&str>> = BTreeMap::new();
    for (id, (_, codes, _)) in &figures.assessment_occupations {
        if let [code] = codes.as_slice() {
            only.entry(*code).or_default().insert(id);
        }
    }
    let taken_elsewhere = |id: &str, code: &Ssyk| only.get(code).is_some_and(|others| others.iter().any(|other| *other != id));
    let kept = figures.assessment_occupations.iter().map(|(id, (_, codes, inferred))| {
        let several = codes.len() > 1;
        let kept = codes.iter().filter(|code| !(*inferred && several && taken_elsewhere(id, code))).copied().collect();
        (id.clone(), kept)
    });
    kept.collect()
}

/// Arbetsförmedlingen's words for each unit group in an area, over all of its occupations, from rounds not later than `year`.
#[must_use]
pub fn words_by_group<'a>(figures: &'a Figures, groups: &BTreeMap<String, Vec<Ssyk>>, area: Area, year: i32) -> BTreeMap<Ssyk, Vec<&'a Words>> {
    let mut words: BTreeMap<Ssyk, Vec<&Words>> = BTreeMap::new();
    for (id, codes) in groups {
        let said = figures.assessments.get(&(id.clone(), area)).filter(|words| words.period <= year);
        let Some(said) = said else { continue };
        for code in codes {
            words.entry(*code).or_default().push(said);
        }
    }
    words
}

/// The mean of the values that are there.
pub(crate) fn mean(values: impl IntoIterator<Item = Option<f64>>) -> Option<f64> {
    let (sum, count) = values.into_iter().flatten().fold((0.0, 0.0), |(sum, count), value| (sum + value, count + 1.0));
    (count > 0.0).then(|| sum / count)
}

fn recruitment_points(words: &Words, method: &Method) -> Option<f64> {
    let points = &method.demand.recruitment;
    let opportunities = &method.demand.opportunities;
    match (words.recruitment.as_deref(), words.opportunities.as_deref()) {
        (Some("brist"), _) => Some(points.shortage),
        (Some("paradox"), _) => Some(points.paradox),
        (Some("balans"), _) => Some(points.balance),
        (Some("överskott"), _) => Some(points.surplus),
        (None, Some("stora")) => Some(opportunities.large),
        (None, Some("medelstora")) => Some(opportunities.medium),
        (None, Some("små")) => Some(opportunities.small),
        _ => None,
    }
}

fn outlook_points(words: &Words, method: &Method) -> Option<f64> {
    let points = &method.demand.outlook;
    match words.outlook.as_deref() {
        Some("öka") => Some(points.increase),
        Some("vara oförändrad") => Some(points.unchanged),
        Some("minska") => Some(points.decrease),
        _ => None,
    }
}

fn cut_points(value: f64, cuts: &[f64; 3]) -> f64 {
    match cuts.iter().position(|cut| value < *cut) {
        Some(0) => 0.0,
        Some(1) => 1.0,
        Some(_) => 2.0,
        None => 3.0,
    }
}

pub(crate) fn exact(count: i64) -> f64 {
    count as f64
}

/// Years `(from, to)` over which growth is measured: the links of the last `years` that cross no break.
pub(crate) fn growth_links(method: &Method, newest: i32) -> Vec<(i32, i32)> {
    let growth = &method.demand.growth;
    let years = newest - growth.years..newest;
    years.map(|from| (from, from + 1)).filter(|(from, to)| !growth.breaks.contains(&[*from, *to])).collect()
}

/// Mean annual log change over the links; missing where a link has no figure, or its first year is under the floor.
fn log_growth(links: &[(i32, i32)], floor: i64, count: impl Fn(i32) -> Option<i64>) -> Option<f64> {
    let mut sum = 0.0;
    for (from, to) in links {
        let (first, second) = (count(*from)?, count(*to)?);
        if first < floor || first <= 0 || second <= 0 {
            return None;
        }
        sum += (exact(second) / exact(first)).ln();
    }
    let count = i64::try_from(links.len()).ok().filter(|count| *count > 0)?;
    Some(sum / exact(count))
}

struct Ads {
    rate: BTreeMap<String, Option<f64>>,
    count: BTreeMap<String, i64>,
    base: BTreeMap<String, i64>,
    period: Option<i32>,
}

fn ads(figures: &Figures, config: &Config, county: County, year: i32, employed: &BTreeMap<Ssyk, Persons>) -> Ads {
    let mut base: BTreeMap<String, i64> = BTreeMap::new();
    for (occupation, persons) in employed {
        if let Some(group) = &config.codes.occupation(*occupation).jobtech_group {
            *base.entry(group.clone()).or_default() += persons.total();
        }
    }
    let mut count = BTreeMap::new();
    let mut period = None;
    for group in base.keys() {
        if let Some(ads) = figures.ads.get(&(Some(county), group.clone())).and_then(|series| series.newest(year)) {
            count.insert(group.clone(), ads.value);
            period = period.max(Some(ads.period));
        }
    }
    let rate = base
        .iter()
        .map(|(group, employed)| {
            let ads = count.get(group).filter(|_| *employed > 0);
            (group.clone(), ads.map(|ads| exact(*ads) / exact(*employed) * 100.0))
        })
        .collect();
    Ads { rate, count, base, period }
}

/// The county's demand in the run's `year`.
///
/// # Errors
/// The register has no figure that old.
pub fn county_demand(figures: &Figures, config: &Config, county: County, year: i32) -> Result<CountyDemand, FiguresError> {
    demand_of_kept(figures, config, county, year, None)
}

/// [`county_demand`] from no other points than those that are kept; all of them without `kept`.
///
/// # Errors
/// The register has no figure that old.
pub fn demand_of_kept(figures: &Figures, config: &Config, county: County, year: i32, kept: Option<&Kept>) -> Result<CountyDemand, FiguresError> {
    let method = &config.method;
    let occupations = config.occupations();
    let years: BTreeSet<i32> = figures.employed.values().flat_map(crate::figures::Series::periods).collect();
    let too_early = || FiguresError::TooEarly { what: "employment by occupation and county", year, first: years.first().copied().unwrap_or(year) };
    let period = years.range(..=year).next_back().copied().ok_or_else(too_early)?;
    let persons = |county: County, occupation: Ssyk, year: i32| figures.employed.get(&(county, occupation)).and_then(|series| series.at(year));
    let counties: Vec<County> = config.codes.counties().map(|(county, _)| county).collect();
    let nation = |occupation: Ssyk, year: i32| {
        let mut sum = None;
        for county in &counties {
            if let Some(cell) = persons(*county, occupation, year) {
                *sum.get_or_insert(Persons::default()) += cell;
            }
        }
        sum
    };
    // Only what the register has: a unit group without a row in the county is not in its table.
    let employed: BTreeMap<Ssyk, Persons> =
        occupations.iter().filter_map(|occupation| persons(county, *occupation, period).map(|cell| (*occupation, cell))).collect();

    let ads = ads(figures, config, county, year, &employed);
    let group_of = |occupation: Ssyk| config.codes.occupation(occupation).jobtech_group.clone();
    let scored_rate = |occupation: Ssyk| {
        let group = group_of(occupation)?;
        let enough = ads.base.get(&group).is_some_and(|base| *base >= method.demand.vacancies.least_employed);
        ads.rate.get(&group).copied().flatten().filter(|_| enough)
    };
    let mut rates: Vec<f64> = employed.keys().filter_map(|occupation| scored_rate(*occupation)).collect();
    rates.sort_by(f64::total_cmp);

    let links = growth_links(method, period);
    let floor = method.demand.growth.least_employed;
    let whole = |year: i32| -> Option<i64> {
        let counts: Vec<i64> = occupations.iter().filter_map(|occupation| nation(*occupation, year)).map(Persons::total).collect();
        (!counts.is_empty()).then(|| counts.iter().sum())
    };
    let growth_of_all = log_growth(&links, floor, whole);

    let groups = assessed_groups(figures);
    let words = words_by_group(figures, &groups, Some(county), year);

    let mut age_period = None;
    let mut demand = BTreeMap::new();
    for (occupation, persons_now) in &employed {
        let share_55_plus = figures.ages.get(occupation).and_then(|years| {
            let (period, ages) = years.range(..=year).next_back()?;
            age_period = age_period.max(Some(*period));
            share_55_plus(ages, method)
        });
        let growth = log_growth(&links, floor, |year| nation(*occupation, year).map(Persons::total));
        let growth_excess = growth.zip(growth_of_all).map(|(own, all)| (own - all) * 100.0);
        let county_growth = log_growth(&links, floor, |year| persons(county, *occupation, year).map(Persons::total)).map(|own| own * 100.0);
        let said: Vec<Words> = words.get(occupation).map(|words| words.iter().map(|words| (*words).clone()).collect()).unwrap_or_default();
        let quartile = scored_rate(*occupation).map(|rate| {
            let below = rates.partition_point(|other| *other < rate);
            exact(i64::try_from(4 * below / rates.len()).unwrap_or(0))
        });
        let mut points = [
            mean(said.iter().map(|words| recruitment_points(words, method))),
            mean(said.iter().map(|words| outlook_points(words, method))),
            quartile,
            share_55_plus.map(|share| cut_points(share, &method.demand.replacement.cuts)),
            growth_excess.map(|growth| cut_points(growth, &method.demand.growth.cuts)),
        ];
        for (position, points) in points.iter_mut().enumerate() {
            *points = points.filter(|_| kept.is_none_or(|kept| kept.has_points(*occupation, position)));
        }
        let group = group_of(*occupation);
        demand.insert(
            *occupation,
            Demand {
                occupation: *occupation,
                employed: *persons_now,
                employed_sweden: nation(*occupation, period).unwrap_or_default(),
                period,
                ads: group.as_ref().and_then(|group| ads.count.get(group).copied()),
                ads_per_100: group.as_ref().and_then(|group| ads.rate.get(group).copied().flatten()),
                ads_merged: group.as_ref().is_some_and(|group| employed.keys().filter(|other| group_of(**other).as_ref() == Some(group)).count() > 1),
                share_55_plus,
                growth_excess,
                county_growth,
                indicator_points: points,
                coverage: 0.0,
                points: None,
                rating: Rating::NotAssessed,
                need: None,
                volume: 0.0,
                volume_borrowed: false,
                drivers: Vec::new(),
                without_assessment: points[0].is_none() && points[1].is_none(),
                evidence: None,
                words: said,
            },
        );
    }
    rate(&mut demand, config, county, year);
    let mut all = Persons::default();
    for cell in employed.values() {
        all += *cell;
    }
    Ok(CountyDemand { county, occupations: demand, period, ads_period: ads.period, age_period, employed: all })
}

fn share_55_plus(ages: &BTreeMap<String, Option<i64>>, method: &Method) -> Option<f64> {
    // Every age group must be published: a sum over some of them would be a wrong share without a sign of it.
    let all: i64 = ages.values().copied().sum::<Option<i64>>()?;
    let old: i64 = method.demand.replacement.age_groups.iter().map(|group| ages.get(group).copied().flatten()).sum::<Option<i64>>()?;
    (all >= method.demand.replacement.least_base && all > 0).then(|| exact(old) / exact(all))
}

/// Weights of the five indicators, in the order of [`INDICATORS`].
pub(crate) fn weights(method: &Method) -> [f64; 5] {
    let weights = &method.demand.weights;
    [weights.recruitment, weights.outlook, weights.vacancies, weights.replacement, weights.growth]
}

fn rate(demand: &mut BTreeMap<Ssyk, Demand>, config: &Config, county: County, year: i32) {
    let method = &config.method;
    let weights = weights(method);
    let whole: f64 = weights.iter().sum();
    // The county's employed-weighted mean share, for occupations whose own is missing.
    let (old, all) = demand.values().fold((0.0, 0.0), |(old, all), row| match row.share_55_plus {
        Some(share) => (old + exact(row.employed.total()) * share, all + exact(row.employed.total())),
        None => (old, all),
    });
    let mean_share = if all > 0.0 { old / all } else { 0.0 };
    let cuts = &method.demand.rating;
    for row in demand.values_mut() {
        let (mut sum, mut present) = (0.0, 0.0);
        for (points, weight) in row.indicator_points.iter().zip(weights) {
            if let Some(points) = points {
                sum += weight * points;
                present += weight;
            }
        }
        row.coverage = if whole > 0.0 { present / whole } else { 0.0 };
        row.points = (present > 0.0).then(|| sum / present);
        row.need = row.points.map(|points| 100.0 * points / 3.0);
        let points = row.points.unwrap_or(0.0);
        row.rating = if row.coverage < cuts.least_coverage {
            if row.without_assessment && row.coverage >= cuts.silent_coverage && points >= cuts.silent_points {
                Rating::Watch
            } else {
                Rating::NotAssessed
            }
        } else if points >= cuts.shortage {
            Rating::Shortage
        } else if points >= cuts.watch {
            Rating::Watch
        } else {
            Rating::NoShortage
        };
        row.volume_borrowed = row.share_55_plus.is_none();
        row.volume = exact(row.employed.total()) * row.share_55_plus.unwrap_or(mean_share) / method.demand.volume.years_to_retirement;
        let pull = |position: &usize| row.indicator_points[*position].map(|points| weights[*position] * (points - 1.5));
        let mut order: Vec<usize> = (0..INDICATORS.len()).filter(|position| pull(position).is_some()).collect();
        order.sort_by(|first, second| pull(second).unwrap_or(0.0).total_cmp(&pull(first).unwrap_or(0.0)));
        row.drivers = order.into_iter().take(2).map(|position| INDICATORS[position]).collect();
        if let Some(item) = crate::evidence::newest(&config.evidence, county, row.occupation, year) {
            row.evidence = Some(Override { evidence: item.clone(), otherwise: row.rating });
            row.rating = item.rating.into();
        }
    }
}
