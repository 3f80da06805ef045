//! Who has a foothold here already: people born in a country who live in the county and in Sweden, and work permits granted to its citizens by occupation
//! group. Evidence beside the ranking; nothing in it is scored.
//!
//! A count of one to four persons is never told, and never left to be worked out from what is told (method, section 5).

use std::collections::{BTreeMap, BTreeSet};

use crate::code::{Country, County, Sex, SsykGroup};
use crate::figures::{Figures, Series};

/// A count as it may be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    /// So many.
    Exactly(i64),
    /// One to the method's small count.
    Few,
    /// Known, but it would give away a few others.
    Withheld,
    /// Not published.
    Missing,
}

impl Told {
    /// The number, where it may be told.
    #[must_use]
    pub fn count(self) -> Option<i64> {
        if let Self::Exactly(count) = self { Some(count) } else { None }
    }

    fn of(count: Option<i64>, small: i64) -> Self {
        match count {
            None => Self::Missing,
            Some(count) if (1..=small).contains(&count) => Self::Few,
            Some(count) => Self::Exactly(count),
        }
    }
}

/// Women, men and all of them as they may be told together: who subtracts finds no few.
#[must_use]
pub fn by_sex(women: Option<i64>, men: Option<i64>, total: Option<i64>, small: i64) -> [Told; 3] {
    let [mut women_told, mut men_told, mut total_told] = [women, men, total].map(|count| Told::of(count, small));
    if total.is_none() || women.is_none() || men.is_none() {
        // Two of the three give the third only where all are there; of a sex and a total the other sex is the difference.
        if let (Some(total), Some(sex)) = (total, women.or(men)) {
            let other_is_few = (1..=small).contains(&(total - sex));
            if other_is_few || Told::of(Some(sex), small) == Told::Few {
                let hide = |told: Told| if told == Told::Missing || told == Told::Few { told } else { Told::Withheld };
                (women_told, men_told) = (hide(women_told), hide(men_told));
            }
        }
        return [women_told, men_told, total_told];
    }
    if total_told == Told::Few {
        // A sum of few is said once; its parts would tell it.
        let hide = |told: Told| if told == Told::Exactly(0) { told } else { Told::Withheld };
        return [hide(women_told), hide(men_told), total_told];
    }
    let few = [women_told, men_told].map(|told| told == Told::Few);
    if few.contains(&true) {
        // A total that two few could make says, beside a sex that is not few, how few the other is.
        if total.is_some_and(|total| total <= 2 * small) {
            total_told = Told::Withheld;
        }
        match few {
            [true, false] => men_told = Told::Withheld,
            [false, true] => women_told = Told::Withheld,
            _ => {}
        }
    }
    [women_told, men_told, total_told]
}

/// The groups whose counts may be told, the largest first: none is few, and what is left of the sum of all is not few either.
#[must_use]
pub fn shown_groups<Group: Copy + Ord>(counts: &[(Group, i64)], small: i64) -> Vec<(Group, i64)> {
    let mut shown: Vec<(Group, i64)> = counts.iter().copied().filter(|(_, count)| *count > small).collect();
    shown.sort_by(|one, other| other.1.cmp(&one.1).then(one.0.cmp(&other.0)));
    let mut left: i64 = counts.iter().filter(|(_, count)| (1..=small).contains(count)).map(|(_, count)| count).sum();
    // Whoever knows the sum of all would know the few: the smallest group that could be told keeps them company.
    while (1..=small).contains(&left) {
        match shown.pop() {
            Some((_, count)) => left += count,
            None => break,
        }
    }
    shown
}

/// Permits granted to a country's citizens by occupation group, over the years up to `year`.
#[must_use]
pub fn permits_by_group(figures: &Figures, country: Country, year: i32) -> Vec<(SsykGroup, i64)> {
    let own = figures.permits_by_group.iter().filter(|((_, other), _)| *other == country);
    let sum = |series: &Series<i64>| series.periods().filter(|period| *period <= year).filter_map(|period| series.at(period)).sum::<i64>();
    own.map(|((group, _), series)| (*group, sum(series))).filter(|(_, count)| *count > 0).collect()
}

/// Years with permits by occupation group, not later than `year`: first and last.
#[must_use]
pub fn group_years(figures: &Figures, year: i32) -> Option<(i32, i32)> {
    let years: BTreeSet<i32> = figures.permit_group_years().into_iter().filter(|period| *period <= year).collect();
    Some((*years.first()?, *years.last()?))
}

/// What a row of the table `foothold` counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Measure {
    /// Born in the country and living in the county.
    BornCounty,
    /// Born in the country and living in Sweden.
    BornSweden,
    /// First-time work permits granted to its citizens in an occupation group.
    PermitsGroup,
    /// First-time work permits granted to its citizens in a year, all occupations.
    PermitsYear,
}

impl Measure {
    /// The word in the table.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::BornCounty => "born_county",
            Self::BornSweden => "born_sweden",
            Self::PermitsGroup => "permits_group",
            Self::PermitsYear => "permits_year",
        }
    }
}

/// A count of the table `foothold`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Foothold {
    /// The country.
    pub country: Country,
    /// What is counted.
    pub measure: Measure,
    /// Occupation group of permits.
    pub group: Option<SsykGroup>,
    /// Whose count; permits are not published by sex and occupation.
    pub sex: Sex,
    /// First and last year.
    pub period: (i32, i32),
    /// The count.
    pub told: Told,
}

/// People born in the country who live in the county, by sex as far as that is published, with the year; `None` where the figures have no row.
#[must_use]
pub fn born_in_county(figures: &Figures, county: County, country: Country, year: i32, small: i64) -> Option<(i32, [Told; 3])> {
    let found = figures.born_in_county.get(&(county, country))?.newest(year)?;
    Some((found.period, by_sex(None, None, Some(found.value), small)))
}

/// Every row of the table, by country and measure: of the countries that the figures know anything of.
#[must_use]
pub fn footholds(figures: &Figures, county: County, year: i32, small: i64) -> Vec<Foothold> {
    let mut countries: BTreeSet<Country> = figures.permits.keys().chain(figures.born_in_sweden.keys()).copied().collect();
    countries.extend(figures.permits_by_group.keys().map(|(_, country)| *country));
    countries.extend(figures.born_in_county.keys().filter(|(own, _)| *own == county).map(|(_, country)| *country));
    let mut groups: BTreeMap<Country, Vec<(SsykGroup, i64)>> = BTreeMap::new();
    for country in &countries {
        groups.insert(*country, permits_by_group(figures, *country, year));
    }
    let span = group_years(figures, year);
    let published: Vec<i32> = figures.permit_years().into_iter().filter(|period| *period <= year).collect();
    let mut rows = Vec::new();
    for country in countries {
        let row = |measure, group, sex, period, told| Foothold { country, measure, group, sex, period, told };
        let sexes = [Sex::Women, Sex::Men, Sex::Total];
        if let Some((period, told)) = born_in_county(figures, county, country, year, small) {
            rows.extend(sexes.into_iter().zip(told).map(|(sex, told)| row(Measure::BornCounty, None, sex, (period, period), told)));
        }
        if let Some(found) = figures.born_in_sweden.get(&country).and_then(|series| series.newest(year)) {
            let told = by_sex(Some(found.value.women), Some(found.value.men), None, small);
            let period = (found.period, found.period);
            // No total is published: only the two sexes are told.
            rows.extend(sexes.into_iter().zip(told).take(2).map(|(sex, told)| row(Measure::BornSweden, None, sex, period, told)));
        }
        if figures.free_movement.contains_key(&country) {
            // Its citizens need no permit: a number of permits would be a number of something else.
            continue;
        }
        if let Some(span) = span {
            let shown = shown_groups(&groups[&country], small);
            rows.extend(shown.into_iter().map(|(group, count)| row(Measure::PermitsGroup, Some(group), Sex::Total, span, Told::Exactly(count))));
        }
        let series = figures.permits.get(&country);
        // A country that a published year does not name got none that year.
        let granted = |period: i32| series.and_then(|series| series.at(period)).unwrap_or(0);
        rows.extend(
            published.iter().map(|period| row(Measure::PermitsYear, None, Sex::Total, (*period, *period), Told::of(Some(granted(*period)), small))),
        );
    }
    rows
}
