//! The bundled figures: what they are, and that they can be made again.

use malmarknad::tidy::dataset::DATASETS;

#[test]
fn the_bundled_figures_are_what_the_publishers_files_give() {
    let Some(recorded) = crate::shared("MALMARKNAD_RECORDED", "../shared/recorded") else { return };
    crate::malmarknad().args(["bundle", "--check", "--from"]).arg(recorded).assert().success();
}

#[test]
fn every_table_is_described_and_stays_small() {
    let mut whole = 0;
    for table in DATASETS {
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
    for table in DATASETS.iter().filter(|table| table.name != "sources") {
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

#[test]
fn the_schemas_beside_the_configuration_are_those_of_the_program() {
    for (_, name) in malmarknad::config::FILES {
        let committed = std::fs::read_to_string(crate::home().join(format!("data/schema/{name}.json"))).unwrap();
        let committed: serde_json::Value = serde_json::from_str(&committed).unwrap();
        assert_eq!(Some(committed), malmarknad::config::schema(name), "make it again: malmarknad config schema {name} > data/schema/{name}.json");
    }
}
