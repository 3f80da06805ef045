//! The follow-up of what the project has promised: target markets identified and communicated, women and men in shortage occupations, people born abroad in
//! the areas' occupations; each with a baseline, this year's figure and the direction. A figure that is not there stays missing, with the reason.

use std::collections::BTreeSet;

use crate::analysis::Analysis;
use crate::code::{Sex, Ssyk};
use crate::config::{Config, LIKELY, POTENTIAL};
use crate::demand::{Rating, exact};
use crate::figures::{Figures, Persons};
use crate::previous::{Assessed, Previous};
use crate::supply::{Market, MarketKind, share_women};
use crate::table::{Column, Table};

/// What is followed up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Promise {
    /// Target markets in the first tier: countries of either list, counties.
    Identified,
    /// Target markets that the project has told of, up to and with the year.
    Communicated,
    /// Share of the employed in the occupations that are short now.
    ShareOfShortage,
    /// Share born abroad of the employed in the area's occupations.
    BornAbroad,
}

impl Promise {
    /// The key in the table.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Identified => "markets_identified",
            Self::Communicated => "markets_communicated",
            Self::ShareOfShortage => "share_in_shortage_occupations",
            Self::BornAbroad => "share_born_abroad",
        }
    }

    /// The unit in the table.
    #[must_use]
    pub fn unit(self) -> &'static str {
        match self {
            Self::Identified | Self::Communicated => "markets",
            Self::ShareOfShortage | Self::BornAbroad => "percent",
        }
    }
}

/// Why a figure or a direction is missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Missing {
    /// No run of the baseline year was given.
    NoBaselineRun,
    /// The area has no ranked markets with tiers in that run.
    NoTiers,
    /// Nothing has been written down as communicated.
    NothingNoted,
    /// Too few persons for a share.
    TooFew,
    /// No occupation of the area is short.
    NoShortage,
    /// The register has no figure of that year.
    NotInRegister,
    /// The newest figure is not later than the baseline.
    NothingLater,
    /// The two runs do not rest on Arbetsförmedlingen's assessment alike: more or fewer markets may be no more than that.
    OtherCoverage,
    /// No source publishes it.
    NotPublished,
}

impl Missing {
    /// The words in the table.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NoBaselineRun => "ingen körning från basåret är given med --previous",
            Self::NoTiers => "platsernas osäkerhet är inte beräknad",
            Self::NothingNoted => "inget är noterat i data/communicated.csv",
            Self::TooFew => "för få anställda för en andel",
            Self::NoShortage => "inget yrke har brist",
            Self::NotInRegister => "registret saknar året",
            Self::NothingLater => "ingen siffra efter basåret är publicerad",
            Self::OtherCoverage => "de två körningarna har inte Arbetsförmedlingens bedömning av lika många yrken",
            Self::NotPublished => "ingen av källorna har födelseland efter yrke och län",
        }
    }
}

/// A figure with its year.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Figure {
    /// Year.
    pub period: i32,
    /// Markets, or percent.
    pub value: f64,
}

/// Which way a figure has gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// It has risen.
    Up,
    /// It has fallen.
    Down,
    /// No change, or one that is too small to be called so.
    Same,
}

impl Direction {
    /// The word in the table.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Up => "ökar",
            Self::Down => "minskar",
            Self::Same => "oförändrat",
        }
    }
}

/// A row of the follow-up.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// What is followed up.
    pub promise: Promise,
    /// Key of the area; `None` for the whole county.
    pub area: Option<String>,
    /// Kind of market, where markets are counted.
    pub kind: Option<MarketKind>,
    /// Sex, where persons are.
    pub sex: Option<Sex>,
    /// The baseline.
    pub baseline: Result<Figure, Missing>,
    /// This year.
    pub now: Result<Figure, Missing>,
    /// Which way, or why that cannot be said.
    pub direction: Result<Direction, Missing>,
}

/// What the follow-up is made from.
#[derive(Clone, Copy, Debug)]
pub struct Basis<'a> {
    /// The run's analysis, with tiers.
    pub analysis: &'a Analysis,
    /// The method and the lists, among them what has been communicated.
    pub config: &'a Config,
    /// The figures.
    pub figures: &'a Figures,
    /// An earlier run; the baseline of the identified markets where it is of the baseline year.
    pub previous: Option<&'a Previous>,
}

const KINDS: [MarketKind; 2] = [MarketKind::Country, MarketKind::County];

/// The lists whose first tier counts as identified.
const LISTS: [&str; 2] = [LIKELY, POTENTIAL];

impl Basis<'_> {
    fn baseline_year(&self) -> i32 {
        self.config.follow_up.baseline_year
    }

    fn row(&self, promise: Promise, area: Option<&str>, baseline: Result<Figure, Missing>, now: Result<Figure, Missing>) -> Row {
        let least = if promise.unit() == "percent" { self.config.follow_up.least_change } else { f64::MIN_POSITIVE };
        let direction = match (baseline, now) {
            (_, Err(missing)) | (Err(missing), _) => Err(missing),
            (Ok(baseline), Ok(now)) if now.period <= baseline.period => Err(Missing::NothingLater),
            (Ok(baseline), Ok(now)) if (now.value - baseline.value).abs() < least => Ok(Direction::Same),
            (Ok(baseline), Ok(now)) => Ok(if now.value > baseline.value { Direction::Up } else { Direction::Down }),
        };
        Row { promise, area: area.map(str::to_owned), kind: None, sex: None, baseline, now, direction }
    }

    /// Markets of a kind in the first tier of an area (without one: of any), each once whatever the lists that have it.
    fn identified(&self, area: Option<&str>, kind: MarketKind) -> Result<Figure, Missing> {
        let mut found: BTreeSet<Market> = BTreeSet::new();
        let mut ranked = false;
        let of_lists = |weighting: Option<&str>| weighting.is_none_or(|name| LISTS.contains(&name));
        for ranking in self.analysis.markets.rankings.iter().filter(|ranking| ranking.kind == kind && of_lists(ranking.weighting.as_deref())) {
            for row in ranking.scores.iter().filter(|row| area.is_none_or(|area| row.area == area)) {
                let Some(doubt) = &row.uncertainty else { continue };
                ranked = true;
                if doubt.tier == 1 {
                    found.insert(row.market);
                }
            }
        }
        if ranked { Ok(counted(self.analysis.year, found.len())) } else { Err(Missing::NoTiers) }
    }

    /// The earlier run, where it is of the baseline year.
    fn baseline_run(&self) -> Option<&Previous> {
        self.previous.filter(|previous| previous.year == self.baseline_year())
    }

    /// What the occupations of the baseline's run and of this one are rated by, where that is too different for a direction.
    #[must_use]
    pub fn other_coverage(&self) -> Option<[Assessed; 2]> {
        let (then, now) = (self.baseline_run()?.assessed?, Assessed::of(&self.analysis.demand));
        (!then.is_like(now)).then_some([then, now])
    }

    /// The same in the earlier run, where it is of the baseline year.
    fn identified_before(&self, area: Option<&str>, kind: MarketKind) -> Result<Figure, Missing> {
        let year = self.baseline_year();
        let previous = self.baseline_run().ok_or(Missing::NoBaselineRun)?;
        let lists: &[&str] = if kind == MarketKind::Country { &LISTS } else { &[""] };
        let rows =
            || previous.places.iter().filter(|((weighting, of, _), _)| lists.contains(&weighting.as_str()) && area.is_none_or(|area| of == area));
        let first: BTreeSet<&str> = rows().filter(|(_, place)| place.tier == 1).map(|((_, _, market), _)| market.as_str()).collect();
        if rows().next().is_some() { Ok(counted(year, first.len())) } else { Err(Missing::NoTiers) }
    }

    /// Markets that had been communicated by the end of `year`.
    fn communicated(&self, area: Option<&str>, kind: MarketKind, year: i32) -> Result<Figure, Missing> {
        let all = &self.config.communicated;
        if all.is_empty() {
            return Err(Missing::NothingNoted);
        }
        let told: BTreeSet<Market> = all
            .iter()
            .filter(|row| area.is_none_or(|area| row.area == area) && row.market.kind() == kind && row.year <= year)
            .map(|row| row.market)
            .collect();
        Ok(counted(year, told.len()))
    }

    /// The occupations of the county, or of an area, that are short now: the same in both years, so that a share does not move because the list does.
    fn short(&self, area: Option<&str>) -> Vec<Ssyk> {
        let listed = area.and_then(|key| self.config.areas.iter().find(|area| area.key == key));
        let rows = self.analysis.demand.occupations.values().filter(|row| row.rating == Rating::Shortage);
        rows.map(|row| row.occupation).filter(|code| listed.is_none_or(|area| area.occupations.contains_key(code))).collect()
    }

    /// Women and men in `occupations` in the register of `year`.
    fn employed(&self, occupations: &[Ssyk], year: i32) -> Result<Persons, Missing> {
        let mut sum = Persons::default();
        for occupation in occupations {
            let cell = self.figures.employed.get(&(self.analysis.county, *occupation)).and_then(|series| series.at(year));
            sum += cell.ok_or(Missing::NotInRegister)?;
        }
        Ok(sum)
    }

    fn share(&self, occupations: &[Ssyk], year: i32, sex: Sex) -> Result<Figure, Missing> {
        if occupations.is_empty() {
            return Err(Missing::NoShortage);
        }
        let persons = self.employed(occupations, year)?;
        let women = share_women(persons, self.config.method.gender.least_base).ok_or(Missing::TooFew)?;
        Ok(Figure { period: year, value: 100.0 * if sex == Sex::Women { women } else { 1.0 - women } })
    }

    /// Women and men that are employed now in the county's, or an area's, occupations with a shortage.
    #[must_use]
    pub fn employed_short(&self, area: Option<&str>) -> Persons {
        self.short(area).iter().fold(Persons::default(), |mut sum, occupation| {
            sum += self.analysis.demand.occupations[occupation].employed;
            sum
        })
    }

    /// Every row: area by area in the order of the file, countries before counties, the whole county first, women before men.
    #[must_use]
    pub fn rows(&self) -> Vec<Row> {
        let areas = || self.config.areas.iter().map(|area| area.key.as_str());
        let county_and_areas = || std::iter::once(None).chain(areas().map(Some));
        let (year, base) = (self.analysis.year, self.baseline_year());
        let is_alike = self.other_coverage().is_none();
        let mut rows = Vec::new();
        for (area, kind) in county_and_areas().flat_map(|area| KINDS.map(|kind| (area, kind))) {
            let row = self.row(Promise::Identified, area, self.identified_before(area, kind), self.identified(area, kind));
            let direction = row.direction.and_then(|way| if is_alike { Ok(way) } else { Err(Missing::OtherCoverage) });
            rows.push(Row { kind: Some(kind), direction, ..row });
        }
        for (area, kind) in county_and_areas().flat_map(|area| KINDS.map(|kind| (area, kind))) {
            let row = self.row(Promise::Communicated, area, self.communicated(area, kind, base), self.communicated(area, kind, year));
            rows.push(Row { kind: Some(kind), ..row });
        }
        for area in county_and_areas() {
            let short = self.short(area);
            for sex in [Sex::Women, Sex::Men] {
                let share = |year: i32| self.share(&short, year, sex);
                let row = self.row(Promise::ShareOfShortage, area, share(base), share(self.analysis.demand.period));
                rows.push(Row { sex: Some(sex), ..row });
            }
        }
        for area in areas() {
            let missing = Err(Missing::NotPublished);
            rows.push(self.row(Promise::BornAbroad, Some(area), missing, missing));
        }
        rows
    }
}

fn counted(year: i32, count: usize) -> Figure {
    Figure { period: year, value: exact(i64::try_from(count).unwrap_or(i64::MAX)) }
}

/// The table `follow_up`.
#[must_use]
pub fn table(rows: &[Row]) -> Table {
    let figure = |get: fn(&Row) -> Result<Figure, Missing>| rows.iter().map(move |row| get(row).ok());
    let reason = |row: &Row| {
        let missing: BTreeSet<Missing> = [row.baseline.err(), row.now.err(), row.direction.err()].into_iter().flatten().collect();
        missing.into_iter().map(Missing::as_str).collect::<Vec<_>>().join("; ")
    };
    let change = |row: &Row| Some(row.now.ok()?.value - row.baseline.ok()?.value);
    Table {
        name: "follow_up",
        title: "Follow-up of what the project has promised",
        columns: vec![
            Column::text(
                "indicator",
                "markets_identified: in the first tier of Trolig or Oprövad, or of the counties; markets_communicated: up to and with the year; share_in_shortage_occupations; share_born_abroad",
                rows.iter().map(|row| Some(row.promise.as_str())),
            ),
            Column::text("area", "Key of the area; empty for the whole county", rows.iter().map(|row| row.area.as_deref())),
            Column::text("market_type", "country or county, where markets are counted", rows.iter().map(|row| row.kind.map(MarketKind::as_str))),
            Column::text("sex", "women or men, where persons are", rows.iter().map(|row| row.sex.map(Sex::as_str))),
            Column::text("unit", "markets or percent", rows.iter().map(|row| Some(row.promise.unit()))),
            Column::whole(
                "baseline_period",
                "Year of the baseline",
                figure(|row| row.baseline).map(|found| found.map(|found| i64::from(found.period))),
            ),
            Column::number("baseline", "The baseline", figure(|row| row.baseline).map(|found| found.map(|found| found.value))),
            Column::whole("period", "Year of the newest figure", figure(|row| row.now).map(|found| found.map(|found| i64::from(found.period)))),
            Column::number("value", "The newest figure", figure(|row| row.now).map(|found| found.map(|found| found.value))),
            Column::number("change", "Newest less baseline", rows.iter().map(change)),
            Column::text(
                "direction",
                "ökar, minskar, oförändrat; empty where it cannot be said, as where only one of the two runs has Arbetsförmedlingen's assessments",
                rows.iter().map(|row| row.direction.ok().map(Direction::as_str)),
            ),
            Column::text("reason", "Why a figure or the direction is missing", rows.iter().map(|row| Some(reason(row)))),
        ],
    }
}
