//! Reads `COINr`-shaped tables for the engine's tests, and makes small made-up indices.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use malmarknad::index::Table;
use malmarknad::index::normalise::Direction;
use malmarknad::index::structure::{Aggregate, Denominator, Grouping, IndexInput, Indicator};

/// A CSV file as columns of text.
pub struct Csv {
    pub header: Vec<String>,
    pub rows: Vec<Vec<String>>,
}

impl Csv {
    pub fn read(path: &Path) -> Self {
        let mut reader = csv::Reader::from_path(path).unwrap();
        let header = reader.headers().unwrap().iter().map(String::from).collect();
        let rows = reader.records().map(|row| row.unwrap().iter().map(String::from).collect()).collect();
        Self { header, rows }
    }

    pub fn place(&self, name: &str) -> usize {
        self.header.iter().position(|other| other == name).unwrap_or_else(|| panic!("no column {name}"))
    }

    pub fn text(&self, name: &str) -> Vec<&str> {
        let place = self.place(name);
        self.rows.iter().map(|row| row[place].as_str()).collect()
    }

    pub fn numbers(&self, name: &str) -> Vec<f64> {
        self.text(name).iter().map(|text| text.parse().unwrap_or(f64::NAN)).collect()
    }

    /// Row number of each key.
    pub fn keyed(&self, name: &str) -> BTreeMap<String, usize> {
        self.text(name).iter().enumerate().map(|(row, key)| ((*key).to_string(), row)).collect()
    }
}

/// The folder of published results, if this machine has it.
pub fn reference() -> Option<PathBuf> {
    let path =
        std::env::var_os("MALMARKNAD_REFERENCE").map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/reference"), PathBuf::from);
    if path.join("asem/asem_idata.csv").exists() {
        Some(path)
    } else {
        eprintln!("skipped: no reference results at {}", path.display());
        None
    }
}

/// The ASEM example as the engine takes it.
pub fn asem(folder: &Path) -> IndexInput {
    let data = Csv::read(&folder.join("asem/asem_idata.csv"));
    let meta = Csv::read(&folder.join("asem/asem_imeta.csv"));
    let cell = |row: &Vec<String>, name: &str| {
        let text = row[meta.place(name)].clone();
        (!text.is_empty() && text != "NA").then_some(text)
    };
    let mut input = IndexInput {
        units: data.text("uCode").iter().map(|code| (*code).to_string()).collect(),
        indicators: Vec::new(),
        values: Table::missing(0, 0),
        aggregates: Vec::new(),
        denominators: Vec::new(),
        groups: Vec::new(),
    };
    let mut columns = Vec::new();
    for row in &meta.rows {
        let code = row[meta.place("iCode")].clone();
        match row[meta.place("Type")].as_str() {
            "Indicator" => {
                columns.push(data.numbers(&code));
                input.indicators.push(Indicator {
                    parent: cell(row, "Parent"),
                    direction: if row[meta.place("Direction")] == "-1" { Direction::Down } else { Direction::Up },
                    weight: row[meta.place("Weight")].parse().unwrap(),
                    denominator: cell(row, "Denominator"),
                    target: cell(row, "Target").and_then(|text| text.parse().ok()),
                    code,
                });
            }
            "Aggregate" => input.aggregates.push(Aggregate {
                level: row[meta.place("Level")].parse().unwrap(),
                parent: cell(row, "Parent"),
                weight: row[meta.place("Weight")].parse().unwrap(),
                code,
            }),
            "Denominator" => input.denominators.push(Denominator { values: data.numbers(&code), code }),
            "Group" => input.groups.push(Grouping { of: data.text(&code).iter().map(|text| Some((*text).to_string())).collect(), code }),
            other => panic!("unknown type {other}"),
        }
    }
    input.values = Table::from_columns(input.units.len(), &columns);
    input
}

/// How the ASEM example was made, as a method file.
pub const ASEM_METHOD: &str = r#"
order = ["denominate", "impute", "screen", "treat"]

[denominate]

[impute]
group_mean = { group = "EurAsia_group" }

[screen]
by = "missing"
availability = 0.9

[treat.rule]
skew_limit = 2.0
kurt_limit = 3.5
first = { winsorise = { max = 5, count = "points" } }
then = "log_ct"

[normalise.all]
min_max = { range = [0.0, 100.0] }

[weights]
source = "given"

[aggregate]
levels = ["arithmetic"]
"#;
