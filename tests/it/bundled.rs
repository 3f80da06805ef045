//! The bundled figures: what they are, and that they can be made again.

use std::collections::BTreeMap;

use malmarknad::tidy::dataset::{DATASETS, Description, FETCHED_ONLY};

#[test]
fn the_bundled_figures_are_what_the_publishers_files_give() {
    let Some(recorded) = crate::shared("MALMARKNAD_RECORDED", "../shared/recorded") else { return };
    crate::malmarknad().args(["bundle", "--check", "--from"]).arg(recorded).assert().success();
}

/// The tables of the bundled figures: all but those that only a fetch brings, of which none lies there.
fn bundled_tables() -> impl Iterator<Item = &'static Description> {
    let path = |table: &Description| crate::home().join(format!("data/bundled/{}.csv", table.name));
    let (fetched, bundled): (Vec<&Description>, Vec<&Description>) = DATASETS.iter().partition(|table| FETCHED_ONLY.contains(&table.name));
    assert!(fetched.len() == FETCHED_ONLY.len() && fetched.iter().all(|table| !path(table).exists()));
    bundled.into_iter()
}

#[test]
fn every_table_is_described_and_stays_small() {
    let mut whole = 0;
    for table in bundled_tables() {
        let name = table.name;
        assert!(!table.title.trim().is_empty() && table.fields.iter().all(|field| !field.description.trim().is_empty()), "{name}");
        whole += std::fs::metadata(crate::home().join(format!("data/bundled/{name}.csv"))).unwrap().len();
    }
    assert!(whole < 10_000_000, "{whole} bytes");
}

#[test]
fn every_row_names_a_source_that_is_described() {
    let config = crate::config();
    let figures = crate::figures(&config);
    for table in bundled_tables().filter(|table| table.name != "sources") {
        let name = table.name;
        let position = table.fields.iter().position(|field| field.name == "source").unwrap_or_else(|| panic!("{name} has no source"));
        let mut reader = csv::Reader::from_path(crate::home().join(format!("data/bundled/{name}.csv"))).unwrap();
        for record in reader.records() {
            let record = record.unwrap();
            assert!(figures.sources.contains_key(&record[position]), "{name}: {}", &record[position]);
        }
    }
}

#[test]
fn spot_values_equal_the_publishers_own() {
    let config = crate::config();
    let figures = crate::figures(&config);
    let county = config.codes.county("23", "test").unwrap();
    // SCB, YREG60BAS, Jämtlands län 2024, forest-machine operators: 439 employed (method, section 2).
    let operators = figures.employed[&(county, config.codes.ssyk("8341", "test").unwrap())].at(2024).unwrap();
    assert_eq!(operators.total(), 439);
    // The distance from Helsinki to Stockholm in CEPII's table.
    let finland = config.codes.country("FI", "test").unwrap();
    assert!((figures.distance[&finland].value - 397.0).abs() < 5.0);
    // Codes keep their leading zeros.
    assert!(config.codes.ssyk("110", "test").is_err());
}

/// Migrationsverket's totals of first-time permits, with what the tables lack of them: permits of no country (stateless, unknown), and permits of no
/// country or no group of SSYK 2012.
const PERMITS: [(i32, i64, i64, Option<i64>); 8] = [
    (2015, 13_313, 22, Some(433)),
    (2016, 12_526, 17, Some(60)),
    (2017, 15_552, 27, Some(78)),
    (2018, 20_841, 22, Some(91)),
    (2019, 21_950, 18, Some(51)),
    (2020, 15_231, 27, Some(85)),
    (2022, 24_117, 29, None),
    (2024, 13_427, 7, None),
];

#[test]
fn permits_are_migrationsverkets_totals_but_for_those_left_out_with_a_reason() {
    let config = crate::config();
    let figures = crate::figures(&config);
    assert_eq!(figures.permit_years().into_iter().collect::<Vec<_>>(), PERMITS.map(|(year, ..)| year));
    for (year, total, stateless, ungrouped) in PERMITS {
        let countries: i64 = figures.permits.values().filter_map(|series| series.at(year)).sum();
        assert_eq!(countries, total - stateless, "{year}");
        let groups: i64 = figures.permits_by_group.values().filter_map(|series| series.at(year)).sum();
        assert_eq!(groups, ungrouped.map_or(0, |ungrouped| total - ungrouped), "{year}");
        assert_eq!(figures.permit_group_years().contains(&year), ungrouped.is_some(), "{year}");
        // A group is part of the whole, also for each country.
        let mut by_country = BTreeMap::new();
        for ((_, country), series) in &figures.permits_by_group {
            *by_country.entry(*country).or_insert(0) += series.at(year).unwrap_or(0);
        }
        for (country, groups) in by_country {
            assert!(groups <= figures.permits[&country].at(year).unwrap_or(0), "{country} {year}");
        }
    }
}

#[test]
fn spot_permits_equal_migrationsverkets_own() {
    let config = crate::config();
    let figures = crate::figures(&config);
    let country = |code| config.codes.country(code, "test").unwrap();
    let group = |code| config.codes.ssyk_group(code, "test").unwrap();
    // The sheet "Yrkesgrupp, Medborgarskap" and, from 2022, "Medborgarskap, förstagångs".
    for (code, year, permits) in
        [("TH", 2015, 4155), ("IN", 2015, 3305), ("UA", 2020, 1604), ("RU", 2015, 184), ("AF", 2022, 55), ("BA", 2022, 253), ("AF", 2024, 15)]
    {
        assert_eq!(figures.permits[&country(code)].at(year), Some(permits), "{code} {year}");
    }
    // The blocks: berry pickers of Thailand, systems developers of India, foresters of Ukraine, nurses of the Philippines.
    for (code, from, year, permits) in [("921", "TH", 2019, 5935), ("251", "IN", 2015, 2716), ("621", "UA", 2019, 352), ("222", "PH", 2019, 62)] {
        assert_eq!(figures.permits_by_group[&(group(code), country(from))].at(year), Some(permits), "{code} {from} {year}");
    }
    // Groups' own sums in the sheet "Yrkesgrupp, Medborgarskap" of 2015.
    let of_group = |code, year| -> i64 {
        figures.permits_by_group.iter().filter(|((other, _), _)| *other == group(code)).filter_map(|(_, series)| series.at(year)).sum()
    };
    assert_eq!((of_group("921", 2015), of_group("214", 2015), of_group("621", 2015)), (3784, 709, 260));
    assert_eq!(config.codes.ssyk("6210", "test").unwrap().group(), group("621"));
    // Years that the publisher has and the recorded files lack are missing, not zero.
    assert!(!figures.permit_years().contains(&2021) && !figures.permit_years().contains(&2023));
}

#[test]
fn a_permit_label_is_scbs_name_of_its_group_but_for_four() {
    let rows = |name: &str| csv::Reader::from_path(crate::home().join("data/mappings").join(name)).unwrap().records().collect::<Result<Vec<_>, _>>();
    let names: BTreeMap<String, String> =
        rows("ssyk2012.csv").unwrap().iter().filter(|row| &row[0] == "3").map(|row| (row[1].to_owned(), row[2].to_owned())).collect();
    let labels = rows("permit_groups.csv").unwrap();
    let others: Vec<&str> = labels.iter().filter(|row| !row[1].is_empty() && names[&row[1]] != row[0]).map(|row| &row[0]).collect();
    let four = ["Bil-, motorcykel och cykelförare", "Djursjukskötare m.fl.", "Fysiker och kemister m.fl.", "Universitets- och högskollärare"];
    assert_eq!(others, four);
    for row in labels.iter().filter(|row| row[1].is_empty()) {
        assert!(!names.values().any(|name| *name == row[0]), "{} is a name of SSYK 2012 and should not be left out", &row[0]);
        assert!(row[2].len() > 10, "{} is left out without a reason", &row[0]);
    }
}

#[test]
fn migrants_in_sweden_are_there_for_every_year_of_the_publisher() {
    let config = crate::config();
    let figures = crate::figures(&config);
    let poland = &figures.born_in_sweden[&config.codes.country("PL", "test").unwrap()];
    assert_eq!(poland.periods().collect::<Vec<_>>(), [1990, 1995, 2000, 2005, 2010, 2015, 2019]);
    let persons = poland.at(2015).unwrap();
    assert_eq!((persons.women, persons.men), (46_907, 38_610));
    assert!(figures.born_in_sweden.values().all(|series| series.periods().eq(poland.periods())));
}

#[test]
fn the_schemas_beside_the_configuration_are_those_of_the_program() {
    for (_, name) in malmarknad::config::FILES {
        let committed = std::fs::read_to_string(crate::home().join(format!("data/schema/{name}.json"))).unwrap();
        let committed: serde_json::Value = serde_json::from_str(&committed).unwrap();
        assert_eq!(Some(committed), malmarknad::config::schema(name), "make it again: malmarknad config schema {name} > data/schema/{name}.json");
    }
}
