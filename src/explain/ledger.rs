//! The publishers' cells: every row of the tidy tables as it stands in the data folder, found by its key.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{ExplainError, remark};
use crate::chart::plain;
use crate::figures::Figures;
use crate::language::Language;
use crate::tidy::dataset::DATASETS;

/// A publisher's cell as the tidy table holds it, or the sum of some.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Cell {
    /// Tidy table of the data folder, without ending.
    pub table: String,
    /// The columns that tell the row apart, with what they hold: `country=PL isco2=22 period=2023`.
    pub row: String,
    /// Column; several columns that were added stand with + between them.
    pub column: String,
    /// The text of the cell; of a sum, the sum.
    pub text: String,
    /// The same as a number (true is 1, false is 0); null where it is a word or nothing.
    pub number: Option<f64>,
    /// Line of the row in the CSV, the header is line 1; null for a sum over several rows.
    pub line: Option<u64>,
    /// How many rows were added.
    pub rows: u64,
    /// Year of the figure.
    pub period: Option<i32>,
    /// The publisher's flag or remark, in words of the explanation's language where there are any.
    pub flag: Option<String>,
    /// Key of the source.
    pub source: String,
}

/// A row of a table.
#[derive(Clone, Debug)]
pub struct Record {
    table: &'static str,
    key: &'static [&'static str],
    line: u64,
    header: Arc<[String]>,
    cells: csv::StringRecord,
    language: Language,
}

struct Row {
    key: String,
    start: usize,
    end: usize,
    line: u64,
}

struct Index {
    header: Arc<[String]>,
    rows: Vec<Row>,
}

/// The tables' rows by their keys. A table is read when the first of its cells is asked for.
pub struct Ledger {
    bytes: BTreeMap<String, Arc<[u8]>>,
    tables: BTreeMap<&'static str, OnceLock<Index>>,
    language: Language,
}

fn number(text: &str) -> Option<f64> {
    match text {
        "true" => Some(1.0),
        "false" => Some(0.0),
        _ => text.parse::<f64>().ok().filter(|number| number.is_finite()),
    }
}

fn index(bytes: &[u8], key: &[&str]) -> Index {
    let mut reader = csv::Reader::from_reader(bytes);
    let header: Arc<[String]> = reader.headers().map(|header| header.iter().map(str::to_owned).collect()).unwrap_or_default();
    let places: Vec<Option<usize>> = key.iter().map(|name| header.iter().position(|column| column == name)).collect();
    let mut rows: Vec<Row> = Vec::new();
    let mut record = csv::StringRecord::new();
    // The tables were read and proved before; what cannot be read here has no cells.
    while reader.read_record(&mut record).unwrap_or(false) {
        let (start, line) = record.position().map_or((0, 0), |position| (usize::try_from(position.byte()).unwrap_or(0), position.line()));
        let end = usize::try_from(reader.position().byte()).unwrap_or(0);
        // The rest of the line end before the row, and empty lines, belong to no row.
        let before = bytes.get(start..end).unwrap_or_default().iter().take_while(|byte| matches!(byte, b'\n' | b'\r'));
        let (start, line) = (start + before.clone().count(), line + before.filter(|byte| **byte == b'\n').count() as u64);
        let parts: Vec<&str> = places.iter().map(|place| place.and_then(|place| record.get(place)).unwrap_or("")).collect();
        rows.push(Row { key: parts.join(" "), start, end, line });
    }
    rows.sort_by(|first, second| first.key.cmp(&second.key));
    Index { header, rows }
}

impl Ledger {
    /// Of a data folder's figures; remarks on them are told in `language`.
    #[must_use]
    pub fn new(figures: &Figures, language: Language) -> Self {
        Self { bytes: figures.tables.clone(), tables: DATASETS.iter().map(|table| (table.name, OnceLock::new())).collect(), language }
    }

    fn index(&self, table: &'static str) -> Option<(&Index, &[u8], &'static [&'static str])> {
        let key = DATASETS.iter().find(|dataset| dataset.name == table)?.key;
        let bytes = self.bytes.get(table)?;
        Some((self.tables.get(table)?.get_or_init(|| index(bytes, key)), bytes, key))
    }

    fn record(&self, table: &'static str, row: &Row) -> Option<Record> {
        let (index, bytes, key) = self.index(table)?;
        let bytes = bytes.get(row.start..row.end)?;
        // Tens of thousands of rows are asked for, and making a reader takes longer than reading one: without a quote the cells stand between the commas.
        let cells = if bytes.contains(&b'"') {
            csv::ReaderBuilder::new().has_headers(false).from_reader(bytes).records().next()?.ok()?
        } else {
            std::str::from_utf8(bytes).ok()?.trim_end_matches(['\n', '\r']).split(',').collect()
        };
        Some(Record { table, key, line: row.line, header: Arc::clone(&index.header), cells, language: self.language })
    }

    /// The row with this key; `None` where the table has none.
    #[must_use]
    pub fn find(&self, table: &'static str, key: &[&str]) -> Option<Record> {
        let (index, _, _) = self.index(table)?;
        let key = key.join(" ");
        let place = index.rows.binary_search_by(|row| row.key.as_str().cmp(&key)).ok()?;
        self.record(table, &index.rows[place])
    }

    /// The row with this key.
    ///
    /// # Errors
    /// The table has none.
    pub fn row(&self, table: &'static str, key: &[&str]) -> Result<Record, ExplainError> {
        self.find(table, key).ok_or_else(|| ExplainError::NoCell { table, row: key.join(" ") })
    }

    /// The rows whose key begins with these parts, in the order of their keys.
    #[must_use]
    pub fn rows(&self, table: &'static str, beginning: &[&str]) -> Vec<Record> {
        self.rows_with(table, beginning, |_| true)
    }

    /// Those of them whose key goes on with what `is_wanted` asks for: the other parts, with spaces between.
    #[must_use]
    pub fn rows_with(&self, table: &'static str, beginning: &[&str], is_wanted: impl Fn(&str) -> bool) -> Vec<Record> {
        let Some((index, _, _)) = self.index(table) else { return Vec::new() };
        let beginning = format!("{} ", beginning.join(" "));
        let first = index.rows.partition_point(|row| row.key.as_str() < beginning.as_str());
        let found = index.rows[first..].iter().map_while(|row| Some((row, row.key.strip_prefix(&beginning)?)));
        found.filter(|(_, rest)| is_wanted(rest)).filter_map(|(row, _)| self.record(table, row)).collect()
    }
}

impl Record {
    /// The text of a column.
    #[must_use]
    pub fn text(&self, column: &str) -> &str {
        let place = self.header.iter().position(|name| name == column);
        place.and_then(|place| self.cells.get(place)).unwrap_or("")
    }

    /// The columns that tell the row apart, with what they hold.
    fn name(&self) -> String {
        let named: Vec<String> = self.key.iter().map(|name| format!("{name}={}", self.text(name))).collect();
        named.join(" ")
    }

    /// The number in a column.
    #[must_use]
    pub fn number(&self, column: &str) -> Option<f64> {
        number(self.text(column))
    }

    /// The cell of a column.
    #[must_use]
    pub fn cell(&self, column: &str) -> Cell {
        let flag = match (self.text("flag"), self.text("reliability")) {
            ("", "") => None,
            ("", reliability) => Some(remark::words(&format!("reliability {reliability}"), self.language)),
            (flag, _) => Some(remark::words(flag, self.language)),
        };
        Cell {
            table: self.table.to_owned(),
            row: plain(&self.name()),
            column: column.to_owned(),
            text: plain(self.text(column)),
            number: self.number(column),
            line: Some(self.line),
            rows: 1,
            period: self.text("period").parse().ok(),
            flag,
            source: self.text("source").to_owned(),
        }
    }
}

/// One cell for the sum of `columns` over rows of a table; `row` says which rows. `None` where there is no row, or one has no number.
#[must_use]
pub fn sum(records: &[Record], columns: &[&str], row: String) -> Option<Cell> {
    let first = records.first()?;
    let numbers = records.iter().flat_map(|record| columns.iter().map(|column| record.number(column)));
    let sum: f64 = numbers.sum::<Option<f64>>()?;
    let same_period = records.iter().all(|record| record.text("period") == first.text("period"));
    Some(Cell {
        table: first.table.to_owned(),
        row,
        column: columns.join(" + "),
        text: format!("{sum}"),
        number: Some(sum),
        line: None,
        rows: records.len() as u64,
        period: first.text("period").parse().ok().filter(|_| same_period),
        flag: None,
        source: first.text("source").to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_the_same_with_quotes_and_with_any_line_end() {
        let plain = "country,period,kilometres,source\nDE,2010,800,cepii\nPL,2010,809,cepii";
        let of = |text: String| {
            let bytes = BTreeMap::from([("distance".to_owned(), Arc::from(text.into_bytes()))]);
            let tables = DATASETS.iter().map(|table| (table.name, OnceLock::new())).collect();
            let ledger = Ledger { bytes, tables, language: Language::Swedish };
            ["DE", "PL"].map(|country| ledger.row("distance", &[country]).unwrap().cell("kilometres"))
        };
        let wanted = of(plain.to_owned());
        assert_eq!((wanted[0].row.as_str(), wanted[0].number, wanted[1].number, wanted[1].line), ("country=DE", Some(800.0), Some(809.0), Some(3)));
        for text in [
            plain.replace('\n', "\r\n"),
            plain.to_owned() + "\n",
            plain.to_owned() + "\r\n\r\n",
            plain.replace("cepii", "\"cepii\""),
            plain.replace("\nPL", "\n\"PL\""),
        ] {
            assert_eq!(of(text.clone()), wanted, "{text:?}");
        }
    }
}
