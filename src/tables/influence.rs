//! The table `influence`: pay against the floor of a work permit, and the rules for the occupation.

use crate::analysis::Analysis;
use crate::config::Config;
use crate::figures::Figures;
use crate::influence::{InfluenceRow, PayBasis, earlier_floor, influence};
use crate::table::{Column, Table, Values};
use compact_str::ToCompactString;

/// The keys of the rules that hold for all (or, if not `whole`, some) of an occupation's jobs.
pub(super) fn keys(rules: &[(&crate::config::OccupationRule, bool)], whole: bool) -> String {
    rules.iter().filter(|(_, all)| *all == whole).map(|(rule, _)| rule.key.as_str()).collect::<Vec<_>>().join("; ")
}

/// Every occupation that is short or watched, most persons to replace first.
pub(super) fn table(analysis: &Analysis, config: &Config, figures: &Figures) -> Table {
    let rows = influence(analysis, config, figures);
    let (floor, earlier) = (config.permit_rules.pay_floor.floor, earlier_floor(config));
    let number = |get: fn(&InfluenceRow) -> Option<f64>| rows.iter().map(get).collect::<Vec<_>>();
    let whole = |get: fn(&InfluenceRow) -> i64| rows.iter().map(move |row| Some(get(row))).collect::<Vec<_>>();
    Table {
        name: "influence",
        title: "Pay of the shortage occupations against the floor of a work permit",
        columns: vec![
            Column::text("county", "Swedish county", rows.iter().map(|_| Some(analysis.county.to_compact_string()))),
            Column::text("ssyk4", "SSYK 2012 unit group", rows.iter().map(|row| Some(row.occupation().to_compact_string()))),
            Column::text("occupation", "Name", rows.iter().map(|row| Some(config.codes.occupation(row.occupation()).swedish.as_str()))),
            Column::text("rating", "brist or bevakas", rows.iter().map(|row| Some(row.demand.rating.as_str()))),
            Column::number("need", "100 · points / 3", number(|row| row.demand.need)),
            Column::number("volume", "Persons a year that leave by age", number(|row| Some(row.demand.volume))),
            Column::whole("employed_women", "Employed women, persons", whole(|row| row.demand.employed.women)),
            Column::whole("employed_men", "Employed men, persons", whole(|row| row.demand.employed.men)),
            Column::whole("employed_total", "Women + men; the register publishes no total", whole(|row| row.demand.employed.total())),
            Column::number("pay", "Pay that gate E looks at, kronor a month", number(|row| row.pay.map(|pay| pay.value))),
            Column::text(
                "pay_basis",
                "region_mean: mean of the NUTS 2 region; country_median, country_upper_quartile: Sweden, where that is all there is",
                rows.iter().map(|row| row.basis.map(PayBasis::as_str)),
            ),
            Column::whole("pay_period", "Year of the pay", rows.iter().map(|row| row.pay.map(|pay| i64::from(pay.period)))),
            Column::number("pay_women", "Women's pay of the same table and year; empty where not published", number(|row| row.women)),
            Column::number("pay_men", "Men's pay, likewise", number(|row| row.men)),
            Column::number("upper_quartile", "Upper quartile in Sweden, kronor a month", number(|row| row.upper_quartile.map(|pay| pay.value))),
            Column::number("floor", "Pay floor of a work permit, kronor a month", rows.iter().map(|_| Some(floor))),
            Column::number("gap", "floor − pay, kronor a month; negative where the pay reaches the floor", number(|row| row.gap)),
            Column::number("gap_share", "gap / floor", rows.iter().map(|row| row.gap_share(floor))),
            Column {
                name: "below",
                description: "Whether gate E closes the occupation for third countries; empty where no pay is published",
                values: Values::Truth(rows.iter().map(|row| row.below).collect()),
            },
            Column::number("floor_earlier", "Floor by the share of the earlier rule, same median", rows.iter().map(|_| Some(earlier))),
            Column {
                name: "below_earlier",
                description: "Whether that floor would close it, likewise",
                values: Values::Truth(rows.iter().map(|row| row.below_earlier).collect()),
            },
            Column {
                name: "quartile_reaches",
                description: "Whether the upper quartile reaches the floor; empty where it is not published",
                values: Values::Truth(rows.iter().map(|row| row.quartile_reaches).collect()),
            },
            Column::text(
                "rules",
                "Keys of the rules of data/permit-rules.toml that hold for the occupation",
                rows.iter().map(|row| Some(keys(&row.rules, true))),
            ),
            Column::text("rules_partly", "Keys of the rules that hold for some of its jobs", rows.iter().map(|row| Some(keys(&row.rules, false)))),
        ],
    }
}
