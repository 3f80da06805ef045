//! The table `changes`.

use super::{Change, Comparison, STEPS, Standing, Step, Whole};
use crate::config::Config;
use crate::table::{Column, Table};
use crate::tables::market_name;

/// Names and descriptions of the columns of a part: of the score, and of the places.
fn part(step: Step) -> [(&'static str, &'static str); 2] {
    match step {
        Step::Went => [
            ("score_coverage_went", "Part of the score's change: indicators of the earlier run that the later one lacks"),
            ("places_coverage_went", "Part of the places: markets and indicators that went"),
        ],
        Step::Figures => {
            [("score_data", "Part of the score's change: new figures, old method"), ("places_data", "Part of the places: new figures, old method")]
        }
        Step::Method => [
            ("score_method", "Part of the score's change: new method, new figures"),
            ("places_method", "Part of the places: new method, new figures"),
        ],
        Step::Came => [
            ("score_coverage_came", "Part of the score's change: indicators that the earlier run lacked"),
            ("places_coverage_came", "Part of the places: markets and indicators that came"),
        ],
    }
}

/// The changes as a table: one row a weighting, kind of market, area and market that either run ranks.
#[must_use]
pub fn table(comparison: &Comparison, config: &Config) -> Table {
    let rows: Vec<&Change> = comparison.changes.iter().collect();
    let rows = rows.as_slice();
    let score = |get: fn(&Change) -> Option<Standing>| rows.iter().map(move |row| get(row).map(|standing| standing.score));
    let rank = |get: fn(&Change) -> Option<Standing>| rows.iter().map(move |row| get(row).map(|standing| i64::from(standing.rank)));
    let [old, new] = comparison.years.map(i64::from);
    let mut columns = vec![
        Column::text("weighting", "Named weighting of data/method.toml; empty for counties", rows.iter().map(|row| row.weighting.as_deref())),
        Column::text("market_type", "country or county", rows.iter().map(|row| Some(row.kind.as_str()))),
        Column::text("area", "Key of the area", rows.iter().map(|row| Some(row.area.as_str()))),
        Column::text("market", "ISO 3166-1 alpha-2 or county", rows.iter().map(|row| Some(row.market.code()))),
        Column::text("name", "Name in Swedish", rows.iter().map(|row| Some(market_name(config, row.market)))),
        Column::whole("year_before", "Year of the earlier run", rows.iter().map(|_| Some(old))),
        Column::whole("year_now", "Year of the later run", rows.iter().map(|_| Some(new))),
        Column::number("score_before", "Score 1…100 in the earlier run; empty where it was not ranked", score(|row| row.before)),
        Column::number("score_now", "Score 1…100 in the later run; empty where it is not ranked", score(|row| row.now)),
        Column::number("score_change", "Score now less score before; the sum of the four parts", rows.iter().map(|row| row.score())),
    ];
    for (position, step) in STEPS.into_iter().enumerate() {
        let [(name, description), _] = part(step);
        columns.push(Column::number(name, description, rows.iter().map(move |row| row.parts.ok().map(|parts| parts.score[position]))));
    }
    columns.extend([
        Column::whole("rank_before", "Rank of the score in the earlier run", rank(|row| row.before)),
        Column::whole("rank_now", "Rank of the score in the later run", rank(|row| row.now)),
        Column::whole("places_up", "Rank before less rank now: above 0 is a rise; the sum of the four parts", rows.iter().map(|row| row.places())),
    ]);
    for (position, step) in STEPS.into_iter().enumerate() {
        let [_, (name, description)] = part(step);
        columns.push(Column::whole(name, description, rows.iter().map(move |row| row.parts.ok().map(|parts| parts.places[position]))));
    }
    columns.push(Column::text("reason", "Why the change has no parts", rows.iter().map(|row| row.parts.err().map(Whole::as_str))));
    Table { name: "changes", title: "Changes since the earlier run, split into coverage, figures and method", columns }
}
