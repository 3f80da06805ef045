//! The tables `skilled_needs` and `skilled_pools`: what the skilled-needs analysis rests on.

use compact_str::ToCompactString;
use std::collections::BTreeMap;

use super::influence::keys;
use crate::analysis::Analysis;
use crate::code::Ssyk;
use crate::config::Config;
use crate::figures::Figures;
use crate::influence::PayBasis;
use crate::skills::{CountryPool, Outlook, SkilledNeed, skilled_needs};
use crate::table::{Column, Table, Values};

/// Both tables, from one computation.
pub(super) fn tables(analysis: &Analysis, config: &Config, figures: &Figures) -> [Table; 2] {
    let needs = skilled_needs(analysis, config, figures);
    [of_needs(analysis, config, &needs), of_pools(config, &needs)]
}

/// One row an area and occupation.
fn of_needs(analysis: &Analysis, config: &Config, needs: &BTreeMap<Ssyk, SkilledNeed>) -> Table {
    let rows: Vec<(&str, f64, &SkilledNeed)> = config
        .areas
        .iter()
        .flat_map(|area| area.occupations.iter().filter_map(|(occupation, share)| Some((area.key.as_str(), *share, needs.get(occupation)?))))
        .collect();
    let number = |get: fn(&SkilledNeed) -> Option<f64>| rows.iter().map(move |(_, _, row)| get(row)).collect::<Vec<_>>();
    let whole = |get: fn(&SkilledNeed) -> usize| rows.iter().map(move |(_, _, row)| i64::try_from(get(row)).ok()).collect::<Vec<_>>();
    let codes = |row: &SkilledNeed| row.competitors.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
    Table {
        name: "skilled_needs",
        title: "Skilled occupations (SSYK major groups 1–3) of each area",
        columns: vec![
            Column::text("county", "Swedish county", rows.iter().map(|_| Some(analysis.county.to_compact_string()))),
            Column::text("area", "Key of the area", rows.iter().map(|row| Some(row.0))),
            Column::text("ssyk4", "SSYK 2012 unit group", rows.iter().map(|row| Some(row.2.occupation().to_compact_string()))),
            Column::text("occupation", "Name", rows.iter().map(|row| Some(config.codes.occupation(row.2.occupation()).swedish.as_str()))),
            Column::number("weight", "Share of the area: 1 core, 0.5 works in many industries", rows.iter().map(|row| Some(row.1))),
            Column::text(
                "rating",
                "Need now: brist, bevakas, ingen brist, kan inte bedömas",
                rows.iter().map(|row| Some(row.2.demand.rating.as_str())),
            ),
            Column::text(
                "outlook",
                "Need in five years: öka, vara oförändrad, minska; empty where not assessed",
                rows.iter().map(|row| row.2.outlook.map(Outlook::as_str)),
            ),
            Column::number("need", "100 · points / 3", number(|row| row.demand.need)),
            Column::number("volume", "Persons a year that leave by age", number(|row| Some(row.demand.volume))),
            Column::whole("employed_women", "Employed women, persons", rows.iter().map(|row| Some(row.2.demand.employed.women))),
            Column::whole("employed_men", "Employed men, persons", rows.iter().map(|row| Some(row.2.demand.employed.men))),
            Column::whole(
                "employed_total",
                "Women + men; the register publishes no total",
                rows.iter().map(|row| Some(row.2.demand.employed.total())),
            ),
            Column::number("share_women_county", "Share of women in the county, 0…1; empty on a base under 10", number(|row| row.share_women[0])),
            Column::number("share_women_sweden", "Share of women in Sweden", number(|row| row.share_women[1])),
            Column::number("pay", "Usual pay in the county's region, kronor a month", number(|row| row.pay.map(|(pay, _)| pay.value))),
            Column::text(
                "pay_basis",
                "region_mean, country_median or country_upper_quartile",
                rows.iter().map(|row| row.2.pay.map(|(_, basis)| PayBasis::as_str(basis))),
            ),
            Column::whole("pay_period", "Year of the pay", rows.iter().map(|row| row.2.pay.map(|(pay, _)| i64::from(pay.period)))),
            Column::number("pay_women", "Women's pay of the same table and year", number(|row| row.pay_by_sex[0])),
            Column::number("pay_men", "Men's pay, likewise", number(|row| row.pay_by_sex[1])),
            Column {
                name: "below_floor",
                description: "Whether the pay is under the floor of a work permit; empty where no pay is published",
                values: Values::Truth(rows.iter().map(|row| row.2.below_floor).collect()),
            },
            Column::number(
                "income_share",
                "Median over the largest pools of income per person (PPP) as a share of Sweden's",
                number(|row| row.income_share),
            ),
            Column::whole("competitors", "Countries but Sweden that report the occupation short to ELA", whole(|row| row.competitors.len())),
            Column::whole("reporting", "Countries but Sweden that report to ELA", whole(|row| row.reporting)),
            Column::text("competing", "Those countries, ISO 3166-1 alpha-2", rows.iter().map(|row| Some(codes(row.2)))),
            Column::number(
                "world_women",
                "Women in the candidates' pools whose sexes are known",
                number(|row| Some(row.world_by_sex().0).filter(|_| row.world_by_sex().2 > 0)),
            ),
            Column::number("world_men", "Men, likewise", number(|row| Some(row.world_by_sex().1).filter(|_| row.world_by_sex().2 > 0))),
            Column::whole("countries_by_sex", "Countries whose sexes are known", whole(|row| row.world_by_sex().2)),
            Column::number(
                "world_published",
                "Persons in the candidates that publish",
                number(|row| Some(row.world()[0]).filter(|_| row.countries()[0] > 0)),
            ),
            Column::number(
                "world_total",
                "Persons, with estimates for those that do not",
                number(|row| Some(row.world()[1]).filter(|_| !row.pools.is_empty())),
            ),
            Column::whole("countries_published", "Candidates that publish", whole(|row| row.countries()[0])),
            Column::whole("countries_estimated", "Candidates that are estimated", whole(|row| row.countries()[1])),
            Column::text(
                "rules",
                "Keys of the rules of data/permit-rules.toml that hold for the occupation",
                rows.iter().map(|row| Some(keys(&row.2.rules, true))),
            ),
            Column::text("rules_partly", "Keys of the rules that hold for some of its jobs", rows.iter().map(|row| Some(keys(&row.2.rules, false)))),
        ],
    }
}

/// The largest pools of each occupation.
fn of_pools(config: &Config, needs: &BTreeMap<Ssyk, SkilledNeed>) -> Table {
    let most = config.method.skilled.largest_pools;
    let rows: Vec<(Ssyk, i64, &CountryPool)> =
        needs.values().flat_map(|need| need.pools.iter().take(most).zip(1..).map(|(pool, place)| (need.occupation(), place, pool))).collect();
    let number = |get: fn(&CountryPool) -> Option<f64>| rows.iter().map(move |(_, _, pool)| get(pool)).collect::<Vec<_>>();
    Table {
        name: "skilled_pools",
        title: "The candidate countries with most people in each skilled occupation",
        columns: vec![
            Column::text("ssyk4", "SSYK 2012 unit group", rows.iter().map(|row| Some(row.0.to_compact_string()))),
            Column::whole("place", "1 is the largest", rows.iter().map(|row| Some(row.1))),
            Column::text("market", "ISO 3166-1 alpha-2", rows.iter().map(|row| Some(row.2.country.to_compact_string()))),
            Column::text("name", "Name in Swedish", rows.iter().map(|row| Some(config.codes.country_name(row.2.country).swedish.as_str()))),
            Column::number("pool_women", "Women, persons", number(|pool| pool.pool.women())),
            Column::number("pool_men", "Men, persons", number(|pool| pool.pool.men())),
            Column::number("pool_total", "Persons", number(|pool| Some(pool.pool.total))),
            Column::text("level", "Level of the occupation figures", rows.iter().map(|row| Some(row.2.pool.level.as_str()))),
            Column::whole("period", "Year of the occupation figures", rows.iter().map(|row| Some(i64::from(row.2.pool.period)))),
            Column::number(
                "income",
                "Gross domestic product per person at purchasing power parity, international dollars",
                number(|pool| pool.income.map(|income| income.value)),
            ),
            Column::whole("income_period", "Its year", rows.iter().map(|row| row.2.income.map(|income| i64::from(income.period)))),
            Column::number("income_share", "The same as a share of Sweden's", number(|pool| pool.income_share)),
            Column::number(
                "short",
                "Share of the occupation that the country reports short to ELA; empty where it does not report",
                number(|pool| pool.short),
            ),
            Column::text("gate", "Gate A–E", rows.iter().map(|row| Some(row.2.gate.letter()))),
            Column {
                name: "estimated",
                description: "Whether the pool is estimated from income",
                values: Values::Truth(rows.iter().map(|row| Some(row.2.pool.level == crate::supply::Level::Estimated)).collect()),
            },
        ],
    }
}
