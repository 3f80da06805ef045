//! Who has a foothold here already: what the table and the pages tell is what the figures hold, and few people are never told or given away.

use std::collections::{BTreeMap, BTreeSet};

use malmarknad::code::Sex;
use malmarknad::figures::{Figures, Persons};
use malmarknad::foothold::{Foothold, Measure, Told, by_sex, footholds, shown_groups};
use malmarknad::language::Language;
use malmarknad::report::documents;
use malmarknad::report::model::{Block, Cell, Document, Table};

use proptest::prelude::{prop_assert, proptest};

use crate::report::{analysed, context, texts};

fn rows(figures: &Figures) -> Vec<Foothold> {
    let config = crate::config();
    let county = config.codes.county("23", "test").unwrap();
    footholds(figures, county, 2026, config.method.gender.small_count)
}

/// The table under the heading "Vilka har redan fäste här?".
fn table(document: &Document) -> Option<&Table> {
    let mut inside = false;
    document.parts().find_map(|block| match block {
        Block::Heading { level: 2, anchor, .. } => {
            inside = anchor == "faste";
            None
        }
        Block::Table(table) if inside => Some(table),
        _ => None,
    })
}

#[test]
fn what_the_table_tells_is_what_the_figures_hold() {
    let config = crate::config();
    let figures = crate::figures(&config);
    let rows = rows(&figures);
    let mut checked: BTreeMap<Measure, usize> = BTreeMap::new();
    for row in &rows {
        let Told::Exactly(count) = row.told else { continue };
        let county = config.codes.county("23", "test").unwrap();
        let expected = match row.measure {
            Measure::BornCounty => figures.born_in_county[&(county, row.country)].at(row.period.1).unwrap(),
            Measure::BornSweden => {
                let persons = figures.born_in_sweden[&row.country].at(row.period.1).unwrap();
                if row.sex == Sex::Women { persons.women } else { persons.men }
            }
            Measure::PermitsGroup => {
                let series = &figures.permits_by_group[&(row.group.unwrap(), row.country)];
                series.periods().filter_map(|period| series.at(period)).sum()
            }
            Measure::PermitsYear => figures.permits.get(&row.country).and_then(|series| series.at(row.period.1)).unwrap_or(0),
        };
        assert_eq!(count, expected, "{row:?}");
        assert!(!(1..=4).contains(&count), "{row:?}");
        *checked.entry(row.measure).or_default() += 1;
    }
    assert!(checked.len() == 4 && checked.values().all(|count| *count > 50), "{checked:?}");
    // The county's figure has no sexes: that is told as missing, and no sex is made of it.
    let sexes = rows.iter().filter(|row| row.measure == Measure::BornCounty && row.sex != Sex::Total);
    assert!(sexes.clone().count() > 100 && sexes.clone().all(|row| row.told == Told::Missing));
    // Whose citizens need no permit has no row of permits.
    assert!(
        rows.iter()
            .all(|row| !figures.free_movement.contains_key(&row.country) || !matches!(row.measure, Measure::PermitsGroup | Measure::PermitsYear))
    );
}

#[test]
fn groups_small_enough_to_point_at_people_are_nowhere() {
    let config = crate::config();
    let (analysis, mut figures) = analysed(&config);
    for series in figures.born_in_sweden.values_mut() {
        let periods: Vec<i32> = series.periods().collect();
        *series = periods.into_iter().map(|period| (period, Persons { women: 2, men: 3 })).collect();
    }
    for series in figures.born_in_county.values_mut() {
        *series = [(2025, 3)].into_iter().collect();
    }
    for series in figures.permits.values_mut() {
        *series = [(2020, 7)].into_iter().collect();
    }
    // Two groups of each country: seven in all, of which two and five: five would give the two away.
    let mut seen: BTreeMap<_, usize> = BTreeMap::new();
    figures.permits_by_group.retain(|(_, country), series| {
        let place = seen.entry(*country).or_default();
        *place += 1;
        *series = [(2020, if *place == 1 { 2 } else { 5 })].into_iter().collect();
        *place <= 2
    });
    let rows = rows(&figures);
    assert!(rows.iter().all(|row| row.measure != Measure::PermitsGroup), "{:?}", rows.iter().find(|row| row.measure == Measure::PermitsGroup));
    for row in &rows {
        match row.measure {
            Measure::BornCounty => assert_eq!(row.told, if row.sex == Sex::Total { Told::Few } else { Told::Missing }),
            Measure::BornSweden => assert_eq!(row.told, Told::Few),
            _ => assert!(matches!(row.told, Told::Exactly(0 | 7)), "{row:?}"),
        }
    }
    for language in [Language::Swedish, Language::English] {
        for document in documents(&context(&analysis, &figures, &config, language)).unwrap() {
            let is_area = document.stem.starts_with("omrade-");
            if !document.stem.starts_with("land-") && !is_area {
                continue;
            }
            let found = table(&document);
            assert_eq!(found.is_some(), is_area, "{}: a country has no group that may be told", document.stem);
            for cells in found.into_iter().flat_map(|table| &table.grid.rows) {
                assert!(cells[1..4].iter().all(|cell| matches!(cell, Cell::SmallCount { most: 4 } | Cell::Missing { .. })), "{cells:?}");
                assert!(matches!(&cells[4], Cell::Text(_) | Cell::Missing { .. }), "{cells:?}");
            }
        }
    }
}

#[test]
fn an_area_tells_of_the_countries_of_both_first_tiers() {
    let config = crate::config();
    let (analysis, figures) = analysed(&config);
    let [swedish, english] =
        [Language::Swedish, Language::English].map(|language| documents(&context(&analysis, &figures, &config, language)).unwrap());
    let mut counted = 0;
    for (document, other) in swedish.iter().zip(&english).filter(|(document, _)| document.stem.starts_with("omrade-")) {
        let (table, other) = (table(document).unwrap(), table(other).unwrap());
        assert_eq!(table.grid.rows.len(), other.grid.rows.len());
        let key = document.stem["omrade-".len()..].replace('-', "_");
        let first: BTreeSet<_> = ["likely", "potential"]
            .into_iter()
            .flat_map(|list| &analysis.markets.ranking(malmarknad::supply::MarketKind::Country, list).unwrap().scores)
            .filter(|row| row.area == key && row.uncertainty.as_ref().is_some_and(|doubt| doubt.tier == 1))
            .map(|row| row.market)
            .collect();
        assert_eq!(table.grid.rows.len(), first.len(), "{}", document.stem);
        counted += first.len();
    }
    assert!(counted > 10);
    // Every page of a country has the section, whether or not it has anything to count.
    for document in swedish.iter().filter(|document| document.stem.starts_with("land-")) {
        let said: String = document.parts().flat_map(|block| texts(block, Language::Swedish)).collect();
        assert!(said.contains("Vilka har redan fäste här?") && said.contains("räknas inte i någon poäng"), "{}", document.stem);
    }
}

const SMALL: i64 = 4;

/// Every pair of counts of women and men that leads to what was told.
fn possible(told: [Told; 3], with_total: bool) -> BTreeSet<(i64, i64)> {
    let pairs = (0..=40).flat_map(|women| (0..=40).map(move |men| (women, men)));
    pairs.filter(|(women, men)| by_sex(Some(*women), Some(*men), with_total.then_some(women + men), SMALL) == told).collect()
}

#[test]
fn no_few_women_or_men_can_be_worked_out_from_what_is_told() {
    for women in 0..=20_i64 {
        for men in 0..=20_i64 {
            let told = by_sex(Some(women), Some(men), Some(women + men), SMALL);
            let possible = possible(told, true);
            assert!(possible.contains(&(women, men)));
            let few = |count: i64| (1..=SMALL).contains(&count);
            if few(women) {
                let all: BTreeSet<i64> = possible.iter().map(|pair| pair.0).collect();
                assert!(all.len() > 1, "{women} women and {men} men: {told:?}");
            }
            if few(men) {
                let all: BTreeSet<i64> = possible.iter().map(|pair| pair.1).collect();
                assert!(all.len() > 1, "{women} women and {men} men: {told:?}");
            }
        }
    }
}

#[test]
fn a_sex_is_withheld_where_the_total_would_give_the_other_away() {
    assert_eq!(by_sex(Some(3), Some(9), Some(12), SMALL), [Told::Few, Told::Withheld, Told::Exactly(12)]);
    assert_eq!(by_sex(Some(0), Some(9), Some(9), SMALL), [Told::Exactly(0), Told::Exactly(9), Told::Exactly(9)]);
    assert_eq!(by_sex(Some(1), Some(2), Some(3), SMALL), [Told::Withheld, Told::Withheld, Told::Few]);
    assert_eq!(by_sex(Some(9), None, Some(12), SMALL), [Told::Withheld, Told::Missing, Told::Exactly(12)]);
    assert_eq!(by_sex(None, None, Some(3), SMALL), [Told::Missing, Told::Missing, Told::Few]);
    assert_eq!(by_sex(Some(3), Some(900), None, SMALL), [Told::Few, Told::Exactly(900), Told::Missing]);
}

#[test]
fn the_smallest_group_that_could_be_told_keeps_the_few_company() {
    assert_eq!(shown_groups(&[("a", 20), ("b", 7), ("c", 2)], SMALL), [("a", 20)]);
    assert_eq!(shown_groups(&[("a", 20), ("b", 7), ("c", 2), ("d", 3)], SMALL), [("a", 20), ("b", 7)]);
    assert_eq!(shown_groups(&[("a", 6), ("b", 1)], SMALL), []);
    assert_eq!(shown_groups(&[("b", 7), ("a", 20)], SMALL), [("a", 20), ("b", 7)]);
}

proptest! {
    #[test]
    fn what_is_left_of_the_sum_is_never_few(counts in proptest::collection::vec(0_i64..30, 0..12)) {
        let counts: Vec<(usize, i64)> = counts.into_iter().enumerate().collect();
        let shown = shown_groups(&counts, SMALL);
        prop_assert!(shown.iter().all(|(_, count)| *count > SMALL));
        let left = counts.iter().map(|(_, count)| count).sum::<i64>() - shown.iter().map(|(_, count)| count).sum::<i64>();
        prop_assert!(!(1..=SMALL).contains(&left) || shown.is_empty());
    }
}
