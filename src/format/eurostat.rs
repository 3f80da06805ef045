//! Eurostat's tables in the three forms that it gives: TSV, JSON-stat and SDMX-CSV. All become the same series and observations.

use std::collections::BTreeMap;

use super::eurostat_tsv::{self, EurostatTable, Observation};
use super::{FormatError, delimited, json_stat};
use crate::code::Period;

/// What an SDMX-CSV begins with.
const DATAFLOW: &str = "DATAFLOW";
const TIME: &str = "TIME_PERIOD";

/// Reads a yearly table, whichever of the forms it is in.
///
/// # Errors
/// Those of the form that it seems to be in.
pub fn read(bytes: &[u8], file: &str) -> Result<EurostatTable, FormatError> {
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if text.trim_ascii_start().starts_with(b"{") {
        of_json(text, file)
    } else if text.strip_prefix(b"\"").unwrap_or(text).starts_with(DATAFLOW.as_bytes()) {
        of_csv(text, file)
    } else {
        eurostat_tsv::read(bytes, file)
    }
}

fn unreadable(file: &str, format: &'static str, reason: String) -> FormatError {
    FormatError::Unreadable { file: file.to_owned(), format, reason }
}

/// Series by their codes, in the order in which they come.
#[derive(Default)]
struct Numbered {
    positions: BTreeMap<Vec<String>, usize>,
    series: Vec<Vec<String>>,
}

impl Numbered {
    fn number(&mut self, codes: Vec<String>) -> usize {
        let next = self.series.len();
        *self.positions.entry(codes).or_insert_with_key(|codes| {
            self.series.push(codes.clone());
            next
        })
    }
}

fn of_json(bytes: &[u8], file: &str) -> Result<EurostatTable, FormatError> {
    const FORMAT: &str = "Eurostat JSON-stat";
    let data = json_stat::read(bytes, file)?;
    let time = data.dimensions.iter().position(|name| name == "time");
    let time = time.ok_or_else(|| unreadable(file, FORMAT, format!("no dimension time among {}", data.dimensions.join(", "))))?;
    let mut dimensions = data.dimensions.clone();
    dimensions.remove(time);
    let mut table = EurostatTable { dimensions, series: Vec::new(), observations: Vec::new() };
    let mut series = Numbered::default();
    for (cell, (codes, value)) in data.cells().enumerate() {
        let flag = data.flags.get(&cell).cloned().unwrap_or_default();
        if value.is_none() && flag.is_empty() {
            continue;
        }
        let period =
            Period::parse(codes[time]).ok_or_else(|| unreadable(file, FORMAT, format!("the period {:?} is not a year", codes[time])))?.year();
        let codes = codes.iter().enumerate().filter(|(position, _)| *position != time).map(|(_, code)| (*code).to_owned()).collect();
        table.observations.push(Observation { series: series.number(codes), period, value, flag });
    }
    table.series = series.series;
    Ok(table)
}

fn of_csv(bytes: &[u8], file: &str) -> Result<EurostatTable, FormatError> {
    let text = delimited::read(bytes, file)?;
    let [time, value, flag] = text.columns([TIME, "OBS_VALUE", "OBS_FLAG"])?;
    // Before the period stand the dataset and the day of its update, and then the dimensions.
    let dimensions: Vec<usize> = (0..time).filter(|column| ![DATAFLOW, "LAST UPDATE"].contains(&text.header[*column].as_str())).collect();
    let names = dimensions.iter().map(|column| text.header[*column].clone()).collect();
    let mut table = EurostatTable { dimensions: names, series: Vec::new(), observations: Vec::new() };
    let mut series = Numbered::default();
    for row in 0..text.len() {
        let (number, told) = (text.number(row, value)?, text.text(row, flag).trim());
        if number.is_none() && told.is_empty() {
            continue;
        }
        let codes = dimensions.iter().map(|column| text.text(row, *column).to_owned()).collect();
        table.observations.push(Observation { series: series.number(codes), period: text.year(row, time)?, value: number, flag: told.to_owned() });
    }
    table.series = series.series;
    Ok(table)
}
