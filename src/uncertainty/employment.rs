//! Shares and employment of the countries with the size of their errors, as dense arrays.

use std::collections::BTreeMap;

use super::by_sex;
use super::model::Employment;
use super::prepare::deviation;
use crate::analysis::Analysis;
use crate::code::{Country, Isco, Sex};
use crate::config::{Config, ErrorSize};
use crate::figures::Figures;

/// ISCO groups at the level of the ranking, numbered.
pub(super) fn groups_of(analysis: &Analysis) -> BTreeMap<Isco, usize> {
    let digits = analysis.supply.level.digits;
    let mut groups: Vec<Isco> = analysis.links.values().flat_map(|link| link.weights.keys()).map(|isco| isco.at_level(digits)).collect();
    groups.sort_unstable();
    groups.dedup();
    groups.into_iter().enumerate().map(|(position, group)| (group, position)).collect()
}

/// Shares and employment of the countries, with their errors.
pub(super) fn employment(analysis: &Analysis, figures: &Figures, config: &Config, list: &[Country]) -> Employment {
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
