//! What rules close for the county: for each occupation that is short or watched, the usual pay against the floor that a work permit asks for (gate E,
//! method, section 7), women's and men's pay beside it, and the rules that ask more of a person than a permit. Nothing here changes a ranking.

use crate::analysis::Analysis;
use crate::code::{Sex, Ssyk};
use crate::config::{Config, OccupationRule};
use crate::demand::Demand;
use crate::ethics::Pay;
use crate::figures::{Dated, Figures, Persons};

/// Which published pay gate E looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PayBasis {
    /// Mean in the county's NUTS 2 region.
    RegionMean,
    /// Median in Sweden, where the region's mean is not published.
    CountryMedian,
    /// Upper quartile in Sweden, where that is all there is.
    CountryUpperQuartile,
}

impl PayBasis {
    /// The word in the tables.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::RegionMean => "region_mean",
            Self::CountryMedian => "country_median",
            Self::CountryUpperQuartile => "country_upper_quartile",
        }
    }
}

/// An occupation and what the rules say of it.
#[derive(Clone, Debug, PartialEq)]
pub struct InfluenceRow<'a> {
    /// The county's demand.
    pub demand: &'a Demand,
    /// Pay that gate E looks at, kronor a month; `None` where none is published.
    pub pay: Option<Dated<f64>>,
    /// Which pay that is.
    pub basis: Option<PayBasis>,
    /// Women's pay, of the same table as `pay`; missing where it is not published.
    pub women: Option<f64>,
    /// Men's pay, likewise.
    pub men: Option<f64>,
    /// National upper quartile, kronor a month.
    pub upper_quartile: Option<Dated<f64>>,
    /// The floor less the pay, kronor a month: what is lacking, negative where the pay reaches the floor.
    pub gap: Option<f64>,
    /// Whether the pay is under the floor, so that gate E closes the occupation for third countries; `None` where no pay is published.
    pub below: Option<bool>,
    /// The same with the floor of the earlier rule.
    pub below_earlier: Option<bool>,
    /// Whether the upper quartile reaches the floor; `None` where it is not published.
    pub quartile_reaches: Option<bool>,
    /// The rules for the occupation, each with whether it holds for all of its jobs.
    pub rules: Vec<(&'a OccupationRule, bool)>,
}

impl InfluenceRow<'_> {
    /// The occupation.
    #[must_use]
    pub fn occupation(&self) -> Ssyk {
        self.demand.occupation
    }

    /// Whether the floor closes the occupation; one without published pay is not closed, but nor is it known to be open.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.below == Some(true)
    }

    /// How far the pay is under the floor, as a share of the floor; negative where it reaches it.
    #[must_use]
    pub fn gap_share(&self, floor: f64) -> Option<f64> {
        self.gap.map(|gap| gap / floor)
    }
}

/// What the pay floor closes of an area, for countries without free movement.
#[derive(Clone, Debug, PartialEq)]
pub struct AreaInfluence {
    /// Share of the area's weight (need times volume times share) that the floor closes, 0…1.
    pub closed: f64,
    /// The same with the floor of the earlier rule.
    pub closed_earlier: f64,
    /// The closed occupations, the heaviest first.
    pub occupations: Vec<Ssyk>,
    /// How many occupations the area has with a shortage or under watch.
    pub of: usize,
}

/// The floor of the earlier rule at the same median, kronor a month.
#[must_use]
pub fn earlier_floor(config: &Config) -> f64 {
    let floor = &config.permit_rules.pay_floor;
    floor.median * floor.earlier_share
}

/// The pay that gate E looks at, and which pay that is.
pub(crate) fn pay_that_decides(pay: &Pay) -> Option<(Dated<f64>, PayBasis)> {
    let usual = if pay.regional { PayBasis::RegionMean } else { PayBasis::CountryMedian };
    pay.usual.map(|pay| (pay, usual)).or_else(|| pay.upper_quartile.map(|pay| (pay, PayBasis::CountryUpperQuartile)))
}

/// A sex's pay in the table that `basis` names, of `period`.
pub(crate) fn pay_of_sex(figures: &Figures, region: &str, occupation: Ssyk, sex: Sex, period: i32, basis: PayBasis) -> Option<f64> {
    match basis {
        PayBasis::RegionMean => figures.pay_region_by_sex.get(&(region.to_owned(), occupation.to_string(), sex))?.at(period)?,
        PayBasis::CountryMedian => figures.pay_median_by_sex.get(&(occupation.to_string(), sex))?.at(period)?,
        PayBasis::CountryUpperQuartile => None,
    }
}

/// Every occupation that is short or watched in the county, most persons to replace first.
#[must_use]
pub fn influence<'a>(analysis: &'a Analysis, config: &'a Config, figures: &Figures) -> Vec<InfluenceRow<'a>> {
    let region = config.codes.county_info(analysis.county).nuts2.as_str();
    let (floor, earlier) = (config.permit_rules.pay_floor.floor, earlier_floor(config));
    let mut rows: Vec<InfluenceRow> = analysis
        .demand
        .occupations
        .values()
        .filter(|demand| demand.rating.is_recruited())
        .map(|demand| {
            let occupation = demand.occupation;
            let published = analysis.markets.pay.get(&occupation).copied().unwrap_or_default();
            let decides = pay_that_decides(&published);
            let by_sex = |sex| decides.and_then(|(pay, basis)| pay_of_sex(figures, region, occupation, sex, pay.period, basis));
            let pay = decides.map(|(pay, _)| pay);
            InfluenceRow {
                demand,
                pay,
                basis: decides.map(|(_, basis)| basis),
                women: by_sex(Sex::Women),
                men: by_sex(Sex::Men),
                upper_quartile: published.upper_quartile,
                gap: pay.map(|pay| floor - pay.value),
                below: published.below(floor),
                below_earlier: published.below(earlier),
                quartile_reaches: published.upper_quartile.map(|pay| pay.value >= floor),
                rules: config.rules_of(occupation).collect(),
            }
        })
        .collect();
    rows.sort_by(|first, second| second.demand.volume.total_cmp(&first.demand.volume).then(first.occupation().cmp(&second.occupation())));
    rows
}

/// What the floor closes of each area, in the order of the areas. The areas' weights sum to 1, so the parts of a country that no other gate closes
/// are what its `open_share` lacks.
#[must_use]
pub fn areas(analysis: &Analysis, rows: &[InfluenceRow]) -> Vec<AreaInfluence> {
    let of_area = |weights: &crate::market::AreaWeights| {
        let weight = |row: &InfluenceRow| weights.weights.get(&row.occupation()).copied();
        let sum = |closed: fn(&InfluenceRow) -> bool| rows.iter().filter(|row| closed(row)).filter_map(weight).fold(0.0, |sum, weight| sum + weight);
        let mut occupations: Vec<(f64, Ssyk)> =
            rows.iter().filter(|row| row.is_closed()).filter_map(|row| Some((weight(row)?, row.occupation()))).collect();
        occupations.sort_by(|first, second| second.0.total_cmp(&first.0).then(first.1.cmp(&second.1)));
        AreaInfluence {
            closed: sum(|row| row.below == Some(true)),
            closed_earlier: sum(|row| row.below_earlier == Some(true)),
            occupations: occupations.into_iter().map(|(_, occupation)| occupation).collect(),
            of: weights.weights.len(),
        }
    };
    analysis.markets.area_weights.iter().map(of_area).collect()
}

/// Women and men employed in some rows.
pub fn employed<'a, 'b: 'a>(rows: impl IntoIterator<Item = &'a InfluenceRow<'b>>) -> Persons {
    rows.into_iter().fold(Persons::default(), |mut sum, row| {
        sum += row.demand.employed;
        sum
    })
}
