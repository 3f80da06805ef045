//! Tables in `COINr`'s shape: units and their figures (iData) and what the columns are (iMeta), read into the index engine's input, and the engine's
//! results written as CSV. docs/index-method.md tells the shape.
//!
//! A row is counted as a spreadsheet counts it: the header is row 1, a blank line is a row, and so is a record with line breaks inside its quotes. Where a text
//! editor counts otherwise, the line is told too. An empty cell and `NA` are missing.

pub mod analyses;
mod parameters;

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read as _;
use std::path::{Path, PathBuf};

pub use parameters::Parameters;

use crate::index::Table;
use crate::index::normalise::Direction;
use crate::index::structure::{Aggregate, Denominator, Grouping, IndexInput, Indicator, LARGEST};
use crate::table::inert;

/// A table that can't be used as it is.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}{place}: {problem}\nhint: {hint}", .file.display())]
pub struct BadTable {
    /// The file.
    pub file: PathBuf,
    /// Where in it, beginning with a comma; empty: the whole.
    pub place: String,
    /// What is wrong.
    pub problem: String,
    /// What to do.
    pub hint: String,
}

/// What iData holds beside the columns that iMeta names.
const OWN: [&str; 3] = ["uCode", "uName", "Time"];
/// Names that no element may have, because the written tables have columns of that name.
const TAKEN: [&str; 4] = ["uCode", "uName", "Time", "Rank"];
/// Characters of the longest code.
const LONGEST_CODE: usize = 200;
/// Larger files are refused: the whole table is held in memory.
const LARGEST_FILE: u64 = 256 << 20;
/// Columns that iMeta must have.
const META: [&str; 6] = ["Level", "iCode", "Direction", "Weight", "Parent", "Type"];
/// Columns that iMeta may have and that are read, beside those of [`parameters`].
const META_MORE: [&str; 4] = ["iName", "Unit", "Target", "Denominator"];
/// Kinds of rows in iMeta.
const TYPES: &str = "Indicator, Aggregate, Group, Denominator, Other";

/// A CSV file as text.
struct Sheet {
    file: PathBuf,
    header: Vec<String>,
    places: BTreeMap<String, usize>,
    rows: Vec<Vec<String>>,
    /// Where the header stands in the file.
    header_at: Place,
    /// Where each of `rows` stands in the file.
    rows_at: Vec<Place>,
    notes: Vec<(String, String)>,
}

/// Where a record begins.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Place {
    /// As a spreadsheet counts, from 1.
    row: usize,
    /// As a text editor counts, from 1.
    line: usize,
}

impl std::fmt::Display for Place {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "row {}", self.row)?;
        if self.line == self.row { Ok(()) } else { write!(formatter, " (line {})", self.line) }
    }
}

/// Finds where each record stands: the CSV reader skips blank lines without counting them.
struct Places<'a> {
    bytes: &'a [u8],
    /// Where the record before begins, and its place.
    before: (usize, Place),
}

impl Places<'_> {
    /// The place of the next record, which the reader began to read at the byte `from`: behind the record before, and before any blank lines.
    fn next(&mut self, from: usize) -> Place {
        let rest = self.bytes.get(from..).unwrap_or_default();
        let begin = from + rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        let (start, Place { row, line }) = self.before;
        // A reader that took a carriage return for the end of a record left the line feed that belongs to it.
        let split = from > start && self.bytes[from - 1] == b'\r' && rest.first() == Some(&b'\n');
        let blank = line_ends(&self.bytes[from + usize::from(split)..begin]);
        let place = Place { row: row + 1 + blank, line: line.max(1) + line_ends(&self.bytes[start..begin]) };
        self.before = (begin, place);
        place
    }
}

/// Line ends in a text that doesn't end between the halves of one: LF, CRLF or CR.
fn line_ends(bytes: &[u8]) -> usize {
    bytes.iter().enumerate().filter(|(at, byte)| **byte == b'\n' || (**byte == b'\r' && bytes.get(at + 1) != Some(&b'\n'))).count()
}

/// A row of iMeta.
struct MetaRow {
    row: usize,
    code: String,
    kind: Kind,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Indicator,
    Aggregate,
    Group,
    Denominator,
    Other,
}

impl Sheet {
    fn read(file: &Path) -> Result<Self, BadTable> {
        let whole = |problem: String, hint: &str| BadTable { file: file.to_path_buf(), place: String::new(), problem, hint: hint.into() };
        let unreadable = |error: std::io::Error| whole(format!("cannot be read: {error}"), "check the name and the rights of the file");
        let mut bytes = Vec::new();
        std::fs::File::open(file).map_err(unreadable)?.take(LARGEST_FILE + 1).read_to_end(&mut bytes).map_err(unreadable)?;
        if bytes.len() as u64 > LARGEST_FILE {
            return Err(whole(format!("is larger than {} MiB", LARGEST_FILE >> 20), "index fewer units or indicators at a time"));
        }
        if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
            return Err(whole("is in UTF-16".into(), "save the table as CSV in UTF-8"));
        }
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
        let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(bytes);
        let mut sheet = Self {
            file: file.to_path_buf(),
            header: Vec::new(),
            places: BTreeMap::new(),
            rows: Vec::new(),
            header_at: Place::default(),
            rows_at: Vec::new(),
            notes: Vec::new(),
        };
        let mut places = Places { bytes, before: (0, Place::default()) };
        for (count, record) in reader.byte_records().enumerate() {
            let record = record.map_err(|error| whole(format!("is not CSV: {error}"), "save the table as CSV with commas, UTF-8"))?;
            let place = places.next(record.position().map_or(bytes.len(), |position| position.byte() as usize));
            let mut cells = Vec::with_capacity(record.len());
            for (column, cell) in record.iter().enumerate() {
                let fault = |problem: String, hint: &str| {
                    let column = sheet.header.get(column).filter(|name| !name.is_empty()).cloned().unwrap_or_else(|| (column + 1).to_string());
                    sheet.bad(&format!(", {place}, column {}", plain(&column)), problem, hint)
                };
                if cell.contains(&0) {
                    let hint = "the file is damaged, in UTF-16, or no CSV file at all: save the table as CSV in UTF-8";
                    return Err(fault("the cell holds a NUL byte".into(), hint));
                }
                let text = std::str::from_utf8(cell)
                    .map_err(|_| fault(format!("{} is not UTF-8", quoted(&String::from_utf8_lossy(cell))), "save the table as CSV in UTF-8"))?;
                cells.push(text.trim().to_owned());
            }
            if count == 0 {
                (sheet.header, sheet.header_at) = (cells, place);
            } else {
                sheet.rows.push(cells);
                sheet.rows_at.push(place);
            }
        }
        // Spreadsheets leave rows of empty cells at the end.
        while sheet.rows.last().is_some_and(|row| row.iter().all(String::is_empty)) {
            sheet.rows.pop();
        }
        if sheet.header.iter().all(String::is_empty) {
            return Err(whole("is empty".into(), "the first row holds the names of the columns, the others one unit or one code each"));
        }
        sheet.check_shape()?;
        // R's write.csv puts its row names first, in a column without a name.
        if sheet.header[0].is_empty() {
            sheet.header.remove(0);
            for row in &mut sheet.rows {
                row.remove(0);
            }
            sheet.notes.push((String::new(), format!("{}: the first column has no name and is left out (row names of R)", sheet.name())));
        }
        sheet.places = sheet.header.iter().cloned().zip(0..).collect();
        Ok(sheet)
    }

    fn check_shape(&self) -> Result<(), BadTable> {
        if self.header.len() == 1 && self.header[0].contains([';', '\t']) {
            let problem = "the cells are not separated by commas".into();
            return Err(self.bad(&format!(", {}", self.header_at), problem, "save the table as CSV with commas and dot decimals"));
        }
        let mut seen = BTreeSet::new();
        for (place, name) in self.header.iter().enumerate() {
            if name.is_empty() && (place > 0 || self.header.len() == 1) {
                let problem = "the column has no name".into();
                return Err(self.bad(&format!(", {}, column {}", self.header_at, place + 1), problem, "name the column or remove it"));
            }
            if !seen.insert(name) {
                return Err(self.at_header(name, "the column is there twice".into(), "every column needs a name of its own"));
            }
        }
        for (row, cells) in self.rows.iter().enumerate() {
            if cells.len() != self.header.len() {
                let hint = if cells.iter().any(|cell| cell.contains('\n')) {
                    "a quotation mark is not closed, or closed in another row: the row goes on over several lines"
                } else {
                    "a text with a comma in it stands in quotes, and decimals are written with a dot, not a comma"
                };
                let problem = format!("{} cells where the header has {}", cells.len(), self.header.len());
                return Err(self.bad(&format!(", {}", self.rows_at[row]), problem, hint));
            }
        }
        if self.rows.is_empty() {
            return Err(self.bad("", "there is a header but no rows".into(), "one row for each unit (data, denominators) or each code (metadata)"));
        }
        Ok(())
    }

    fn bad(&self, place: &str, problem: String, hint: &str) -> BadTable {
        BadTable { file: self.file.clone(), place: place.into(), problem, hint: hint.into() }
    }

    fn at(&self, row: usize, column: &str, problem: String, hint: &str) -> BadTable {
        self.bad(&format!(", {}, column {}", self.rows_at[row], plain(column)), problem, hint)
    }

    /// A fault in the name of a column.
    fn at_header(&self, column: &str, problem: String, hint: &str) -> BadTable {
        self.bad(&format!(", {}, column {}", self.header_at, plain(column)), problem, hint)
    }

    fn column(&self, name: &str) -> Option<usize> {
        self.places.get(name).copied()
    }

    /// The file's name, for a note.
    fn name(&self) -> String {
        self.file.file_name().unwrap_or_default().to_string_lossy().into_owned()
    }

    /// A column that must be there.
    fn needed(&self, name: &str, hint: &str) -> Result<usize, BadTable> {
        self.column(name).ok_or_else(|| {
            let near = self.header.iter().find(|other| other.eq_ignore_ascii_case(name));
            let near = near.map_or_else(String::new, |near| format!("; there is {}, and case counts", quoted(near)));
            self.bad("", format!("there is no column {name}"), &format!("{hint}{near}"))
        })
    }

    /// A cell's text, unless it is missing.
    fn text(&self, row: usize, column: Option<usize>) -> Option<&str> {
        let text = self.rows[row][column?].as_str();
        (!text.is_empty() && text != "NA").then_some(text)
    }

    fn number(&self, row: usize, column: usize) -> Result<Option<f64>, BadTable> {
        let Some(text) = self.text(row, Some(column)) else { return Ok(None) };
        let plain = text.bytes().all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte));
        if let Some(value) = text.parse::<f64>().ok().filter(|_| plain) {
            if value.abs() <= LARGEST {
                return Ok(Some(value));
            }
            return Err(self.at(row, &self.header[column], format!("{} is too large", quoted(text)), "the largest size is 1e150"));
        }
        let digits = text.chars().any(|character| character.is_ascii_digit());
        let hint = if digits && text.contains(',') {
            "write decimals with a dot and thousands without a separator: 1234.5"
        } else if digits && text.contains(char::is_whitespace) {
            "write thousands without a space: 1234.5"
        } else if text.contains('%') {
            "write the figure without the percent sign"
        } else {
            "write a number with a dot for decimals; leave a missing one empty, or write NA"
        };
        Err(self.at(row, &self.header[column], format!("{} is not a number", quoted(text)), hint))
    }

    fn numbers(&self, column: usize) -> Result<Vec<f64>, BadTable> {
        (0..self.rows.len()).map(|row| Ok(self.number(row, column)?.unwrap_or(f64::NAN))).collect()
    }

    /// The codes in a column, which must be there, once each.
    fn keys(&self, name: &str, column: usize) -> Result<BTreeMap<&str, usize>, BadTable> {
        let mut keys = BTreeMap::new();
        for row in 0..self.rows.len() {
            let Some(code) = self.text(row, Some(column)).or_else(|| (self.rows[row][column] == "NA").then_some("NA")) else {
                return Err(self.at(row, name, "the cell is empty".into(), "every row needs a code of its own"));
            };
            if code.contains(char::is_control) {
                return Err(self.at(
                    row,
                    name,
                    format!("the code {} holds a control character", quoted(code)),
                    "write codes in plain letters and digits",
                ));
            }
            if code.chars().count() > LONGEST_CODE {
                return Err(self.at(row, name, format!("the code {} is too long", quoted(code)), "a code has at most 200 characters"));
            }
            if let Some(first) = keys.insert(code, row) {
                return Err(self.at(
                    row,
                    name,
                    format!("the code {} is already in {}", quoted(code), self.rows_at[first]),
                    "every row needs a code of its own; data of several years are indexed one year at a time",
                ));
            }
        }
        Ok(keys)
    }
}

/// Text from a file, in quotes, for a message.
fn quoted(text: &str) -> String {
    format!("\"{}\"", plain(text))
}

/// Text from a file, short and without control characters.
fn plain(text: &str) -> String {
    let mut short: String = text.chars().take(60).map(|character| if character.is_control() { '\u{fffd}' } else { character }).collect();
    if text.chars().nth(60).is_some() {
        short.push('…');
    }
    short
}

/// What was read.
#[derive(Clone, Debug, PartialEq)]
pub struct Read {
    /// The engine's input.
    pub input: IndexInput,
    /// Names of the units, where the data have the column uName.
    pub unit_names: Option<Vec<String>>,
    /// Names of indicators and aggregates by code, where the metadata have the column iName.
    pub names: BTreeMap<String, String>,
    /// How each indicator is normalised, as far as the metadata say.
    pub parameters: Parameters,
    /// Where each code of the metadata stands in their file, for messages: `row 7`.
    pub rows: BTreeMap<String, String>,
    /// Where each unit stands in the data.
    pub unit_rows: Vec<String>,
    /// What a reader of the results should know: the code and the text.
    pub notes: Vec<(String, String)>,
}

/// Reads data and metadata, and denominators from a table of their own if there is one; its columns go before those of the data.
///
/// `by` are the denominators that the method names for itself.
///
/// # Errors
/// What is wrong, with its file, row and column.
pub fn read(data: &Path, meta: &Path, denominators: Option<&Path>, by: &[&str]) -> Result<Read, BadTable> {
    let meta = Sheet::read(meta)?;
    let data = Sheet::read(data)?;
    let more = denominators.map(Sheet::read).transpose()?;
    let unit_column = data.needed("uCode", "uCode holds a code for each unit")?;
    let units = data.keys("uCode", unit_column)?;
    let rows = meta_rows(&meta)?;
    check_columns(&data, &meta, more.as_ref(), &rows)?;

    let mut notes: Vec<(String, String)> =
        [Some(&meta), Some(&data), more.as_ref()].into_iter().flatten().flat_map(|sheet| sheet.notes.clone()).collect();
    for name in &meta.header {
        if !META.contains(&name.as_str()) && !META_MORE.contains(&name.as_str()) && !parameters::COLUMNS.contains(&name.as_str()) {
            notes.push((String::new(), format!("{}: the column {} is not used", meta.name(), quoted(name))));
        }
    }
    let unit_names = data.column("uName").map(|column| data.rows.iter().map(|row| row[column].clone()).collect());
    let mut input = IndexInput {
        units: (0..data.rows.len()).map(|row| data.rows[row][unit_column].clone()).collect(),
        indicators: Vec::new(),
        values: Table::missing(0, 0),
        aggregates: Vec::new(),
        denominators: Vec::new(),
        groups: Vec::new(),
    };
    if let Some(sheet) = &more {
        let mut wanted: BTreeSet<&str> = by.iter().copied().collect();
        wanted.extend(rows.iter().filter(|row| row.kind == Kind::Denominator).map(|row| row.code.as_str()));
        wanted.extend((0..meta.rows.len()).filter_map(|row| meta.text(row, meta.column("Denominator"))));
        input.denominators = denominator_columns(sheet, &data, &input_codes(&units, &data), &wanted)?;
        for code in input.denominators.iter().filter(|denominator| data.column(&denominator.code).is_some()) {
            notes.push((code.code.clone(), format!("the denominator is taken from {}, not from {}", sheet.name(), data.name())));
        }
    }
    let mut columns = Vec::new();
    for MetaRow { row, code, kind } in &rows {
        let parent = meta.text(*row, meta.column("Parent")).map(str::to_owned);
        match (kind, data.column(code)) {
            (Kind::Indicator, Some(column)) => {
                level(&meta, *row, true)?;
                columns.push(data.numbers(column)?);
                input.indicators.push(Indicator {
                    code: code.clone(),
                    parent,
                    direction: direction(&meta, *row)?.ok_or_else(|| missing(&meta, *row, "Direction", "1: more is better; -1: less is better"))?,
                    weight: weight(&meta, *row)?,
                    denominator: meta.text(*row, meta.column("Denominator")).map(str::to_owned),
                    target: meta.column("Target").map(|column| meta.number(*row, column)).transpose()?.flatten(),
                });
            }
            (Kind::Aggregate, _) => {
                if direction(&meta, *row)? == Some(Direction::Down) {
                    notes.push((code.clone(), "the direction -1 of an aggregate is not used: only indicators have one".to_owned()));
                }
                input.aggregates.push(Aggregate { code: code.clone(), level: level(&meta, *row, false)?, parent, weight: weight(&meta, *row)? });
            }
            (Kind::Denominator, Some(column)) if !input.denominators.iter().any(|other| other.code == *code) => {
                input.denominators.push(Denominator { code: code.clone(), values: data.numbers(column)? });
            }
            (Kind::Group, Some(column)) => {
                let of: Vec<Option<String>> = (0..data.rows.len()).map(|row| data.text(row, Some(column)).map(str::to_owned)).collect();
                input.groups.push(Grouping { code: code.clone(), of });
            }
            _ => {}
        }
    }
    if columns.is_empty() {
        return Err(meta.bad("", "there is no indicator".into(), "an indicator is a row with the Type Indicator and the Level 1"));
    }
    input.values = Table::from_columns(input.units.len(), &columns);
    check_tree(&meta, &rows, &input)?;
    check_denominators(&meta, &rows, &input)?;
    let names = meta.column("iName").map_or_else(BTreeMap::new, |column| {
        rows.iter().filter_map(|MetaRow { row, code, .. }| Some((code.clone(), meta.text(*row, Some(column))?.to_owned()))).collect()
    });
    let indicators: Vec<&MetaRow> = rows.iter().filter(|row| row.kind == Kind::Indicator).collect();
    let parameters = Parameters::read(&meta, &indicators)?;
    let rows = rows.iter().map(|MetaRow { row, code, .. }| (code.clone(), meta.rows_at[*row].to_string())).collect();
    let unit_rows = data.rows_at.iter().map(Place::to_string).collect();
    Ok(Read { input, unit_names, names, parameters, rows, unit_rows, notes })
}

fn input_codes<'a>(units: &BTreeMap<&'a str, usize>, data: &Sheet) -> Vec<&'a str> {
    let mut codes = vec![""; data.rows.len()];
    for (code, row) in units {
        codes[*row] = code;
    }
    codes
}

fn meta_rows(meta: &Sheet) -> Result<Vec<MetaRow>, BadTable> {
    for name in META {
        meta.needed(name, &format!("the metadata have the columns {}, and may have iName, Unit, Target and Denominator", META.join(", ")))?;
    }
    let code_column = meta.needed("iCode", "")?;
    meta.keys("iCode", code_column)?;
    (0..meta.rows.len())
        .map(|row| {
            let code = meta.rows[row][code_column].clone();
            if TAKEN.contains(&code.as_str()) {
                let hint = format!("choose another code: {} are columns of the tables themselves", TAKEN.join(", "));
                return Err(meta.at(row, "iCode", format!("{} can't be a code", quoted(&code)), &hint));
            }
            let kind = match meta.text(row, meta.column("Type")) {
                Some("Indicator") => Kind::Indicator,
                Some("Aggregate") => Kind::Aggregate,
                Some("Group") => Kind::Group,
                Some("Denominator") => Kind::Denominator,
                Some("Other") => Kind::Other,
                Some(other) => return Err(meta.at(row, "Type", format!("{} is not a type", quoted(other)), &format!("the types are {TYPES}"))),
                None => return Err(missing(meta, row, "Type", &format!("the types are {TYPES}"))),
            };
            Ok(MetaRow { row, code, kind })
        })
        .collect()
}

fn missing(sheet: &Sheet, row: usize, column: &str, hint: &str) -> BadTable {
    sheet.at(row, column, "the cell is empty".into(), hint)
}

/// Whether the columns of the data are those that the metadata name.
fn check_columns(data: &Sheet, meta: &Sheet, more: Option<&Sheet>, rows: &[MetaRow]) -> Result<(), BadTable> {
    for MetaRow { row, code, kind } in rows {
        let elsewhere = *kind == Kind::Aggregate || (*kind == Kind::Denominator && more.is_some_and(|sheet| sheet.column(code).is_some()));
        if data.column(code).is_none() && !elsewhere {
            return Err(meta.at(
                *row,
                "iCode",
                format!("{} has no column in {}", quoted(code), data.file.display()),
                "add the column to the data, or remove the row; codes are case-sensitive",
            ));
        }
        if data.column(code).is_some() && *kind == Kind::Aggregate {
            return Err(meta.at(
                *row,
                "iCode",
                format!("{} is an aggregate, and {} has a column of that name", quoted(code), data.file.display()),
                "aggregates are computed: remove the column from the data, or call the row an Indicator",
            ));
        }
    }
    let known: BTreeSet<&str> = rows.iter().map(|row| row.code.as_str()).collect();
    for name in &data.header {
        if !OWN.contains(&name.as_str()) && !known.contains(name.as_str()) {
            return Err(data.at_header(
                name,
                format!("{} has no row in {}", quoted(name), meta.file.display()),
                "add a row with that iCode to the metadata (Type Other if the column is not to be used), or remove the column",
            ));
        }
    }
    Ok(())
}

/// The `wanted` columns of a table of denominators, in the order of the data's units.
fn denominator_columns(sheet: &Sheet, data: &Sheet, units: &[&str], wanted: &BTreeSet<&str>) -> Result<Vec<Denominator>, BadTable> {
    let keys = sheet.keys("uCode", sheet.needed("uCode", "uCode holds the codes of the units in the data")?)?;
    let mut places = Vec::with_capacity(units.len());
    for (row, unit) in units.iter().enumerate() {
        let place = keys.get(unit).ok_or_else(|| {
            sheet.bad(
                ", column uCode",
                format!("there is no row for the unit {} of {}, {}", quoted(unit), data.file.display(), data.rows_at[row]),
                "add a row for the unit; leave cells empty where the size is not known",
            )
        })?;
        places.push(*place);
    }
    let mut found = Vec::new();
    for (column, code) in sheet.header.iter().enumerate().filter(|(_, name)| wanted.contains(name.as_str())) {
        let values = sheet.numbers(column)?;
        found.push(Denominator { code: code.clone(), values: places.iter().map(|place| values[*place]).collect() });
    }
    Ok(found)
}

/// A row's level: 1 for an indicator, 2 or more for an aggregate.
fn level(meta: &Sheet, row: usize, indicator: bool) -> Result<usize, BadTable> {
    let hint = if indicator { "an indicator stands at level 1" } else { "an aggregate stands at level 2 or higher, one above its children" };
    let column = meta.needed("Level", hint)?;
    let value = meta.number(row, column)?.ok_or_else(|| missing(meta, row, "Level", hint))?;
    // Whole numbers may come as 1.0: pandas writes a column with gaps in it so.
    let whole = value.fract().abs() == 0.0;
    let fits = whole && if indicator { (1.0..2.0).contains(&value) } else { (2.0..=100.0).contains(&value) };
    if fits { Ok(value as usize) } else { Err(meta.at(row, "Level", format!("{} does not fit", quoted(&meta.rows[row][column])), hint)) }
}

fn direction(meta: &Sheet, row: usize) -> Result<Option<Direction>, BadTable> {
    let hint = "1: more is better; -1: less is better";
    let column = meta.needed("Direction", hint)?;
    match meta.number(row, column)? {
        None => Ok(None),
        Some(value) if (value - 1.0).abs() == 0.0 => Ok(Some(Direction::Up)),
        Some(value) if (value + 1.0).abs() == 0.0 => Ok(Some(Direction::Down)),
        Some(_) => Err(meta.at(row, "Direction", format!("{} is not a direction", quoted(&meta.rows[row][column])), hint)),
    }
}

fn weight(meta: &Sheet, row: usize) -> Result<f64, BadTable> {
    let hint = "a weight is a number of at least 0; 0 leaves the element out";
    let column = meta.needed("Weight", hint)?;
    let weight = meta.number(row, column)?.ok_or_else(|| missing(meta, row, "Weight", hint))?;
    if weight < 0.0 {
        return Err(meta.at(row, "Weight", format!("the weight is {weight}"), hint));
    }
    Ok(weight)
}

/// What the engine would refuse about the tree, told with the row.
fn check_tree(meta: &Sheet, rows: &[MetaRow], input: &IndexInput) -> Result<(), BadTable> {
    let levels: BTreeMap<&str, usize> = input.aggregates.iter().map(|aggregate| (aggregate.code.as_str(), aggregate.level)).collect();
    let top = levels.values().copied().max().unwrap_or(1);
    let elements = input
        .indicators
        .iter()
        .map(|indicator| (&indicator.code, 1, indicator.parent.as_deref()))
        .chain(input.aggregates.iter().map(|aggregate| (&aggregate.code, aggregate.level, aggregate.parent.as_deref())));
    if levels.is_empty() {
        return Err(meta.bad(
            "",
            "there is no aggregate, so there is no index".into(),
            "add a row with the Type Aggregate and the Level 2, and name it as the Parent of the indicators",
        ));
    }
    let mut parents = BTreeSet::new();
    let places: BTreeMap<&str, usize> = rows.iter().map(|row| (row.code.as_str(), row.row)).collect();
    let row_of = |code: &str| places.get(code).copied().unwrap_or(0);
    check_loops(meta, input, &row_of)?;
    for (code, level, parent) in elements {
        let row = row_of(code);
        let Some(parent) = parent else {
            if level < top {
                return Err(missing(meta, row, "Parent", "every element below the top level has a parent"));
            }
            continue;
        };
        parents.insert(parent);
        match levels.get(parent) {
            None => {
                let known = if levels.is_empty() || levels.len() > 12 {
                    String::new()
                } else {
                    format!("; there are {}", levels.keys().copied().collect::<Vec<_>>().join(", "))
                };
                return Err(meta.at(
                    row,
                    "Parent",
                    format!("{} is not an aggregate", quoted(parent)),
                    &format!("name a row with the Type Aggregate{known}; codes are case-sensitive"),
                ));
            }
            Some(above) if *above != level + 1 => {
                return Err(meta.at(
                    row,
                    "Parent",
                    format!("{} stands at level {above}, and {} at level {level}", quoted(parent), quoted(code)),
                    "a parent stands exactly one level above its children",
                ));
            }
            Some(_) => {}
        }
    }
    let tops: Vec<&str> = levels.iter().filter(|(_, level)| **level == top).map(|(code, _)| *code).collect();
    if let [first, second, ..] = tops[..] {
        return Err(meta.at(
            row_of(second),
            "Level",
            format!("{} and {} both stand at the highest level, {top}: there is no index above them", quoted(first), quoted(second)),
            &format!("add an Aggregate at level {} with an empty Parent, and name it as the Parent of all at level {top}", top + 1),
        ));
    }
    if let Some(childless) = input.aggregates.iter().find(|aggregate| !parents.contains(aggregate.code.as_str())) {
        return Err(meta.at(
            row_of(&childless.code),
            "iCode",
            format!("the aggregate {} has no children", quoted(&childless.code)),
            "give it children by their column Parent, or remove the row",
        ));
    }
    Ok(())
}

/// Whether any aggregate is above itself.
fn check_loops(meta: &Sheet, input: &IndexInput, row_of: &impl Fn(&str) -> usize) -> Result<(), BadTable> {
    let parents: BTreeMap<&str, &str> =
        input.aggregates.iter().filter_map(|aggregate| Some((aggregate.code.as_str(), aggregate.parent.as_deref()?))).collect();
    for start in parents.keys() {
        let mut way = vec![*start];
        while let Some(next) = parents.get(way[way.len() - 1]) {
            way.push(next);
            if next == start {
                let told: Vec<String> = way.iter().map(|code| quoted(code)).collect();
                return Err(meta.at(
                    row_of(start),
                    "Parent",
                    format!("the parents go round in a circle: {}", told.join(" → ")),
                    "the element at the highest level has an empty Parent",
                ));
            }
            // A circle further up is told of one of its own.
            if way.len() > parents.len() + 1 {
                break;
            }
        }
    }
    Ok(())
}

/// Whether every denominator that an indicator names is there.
fn check_denominators(meta: &Sheet, rows: &[MetaRow], input: &IndexInput) -> Result<(), BadTable> {
    let known: BTreeSet<&str> = input.denominators.iter().map(|denominator| denominator.code.as_str()).collect();
    for MetaRow { row, kind, .. } in rows {
        let Some(code) = meta.text(*row, meta.column("Denominator")).filter(|_| *kind == Kind::Indicator) else { continue };
        if !known.contains(code) {
            let listed = if known.is_empty() || known.len() > 12 {
                String::new()
            } else {
                format!("; there are {}", known.iter().copied().collect::<Vec<_>>().join(", "))
            };
            return Err(meta.at(
                *row,
                "Denominator",
                format!("there is no denominator {}", quoted(code)),
                &format!("add the column to the data and a row with the Type Denominator to the metadata, or give the table that has it with --denominators{listed}"),
            ));
        }
    }
    Ok(())
}

/// A cell of a written table.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Text or a code.
    Text(String),
    /// A number; NaN is missing.
    Number(f64),
    /// A number or nothing.
    Whole(Option<u32>),
    /// Yes or no.
    Truth(bool),
}

/// A table as CSV: UTF-8, comma, dot decimals, LF; an empty cell is missing; numbers with the shortest text that reads back to the same bits; no text is a
/// formula to a spreadsheet.
pub fn csv_text(header: &[String], rows: &[Vec<Cell>]) -> String {
    let mut text = String::new();
    line(&mut text, header.iter().map(|name| field(&inert(name))));
    for row in rows {
        line(
            &mut text,
            row.iter().map(|cell| match cell {
                Cell::Text(text) => field(&inert(text)),
                Cell::Truth(value) => value.to_string(),
                Cell::Number(value) if value.is_finite() => number_text(*value),
                Cell::Number(_) | Cell::Whole(None) => String::new(),
                Cell::Whole(Some(value)) => value.to_string(),
            }),
        );
    }
    text
}

/// The shortest digits that read back to the same bits; very large and very small numbers with an exponent, as Python writes them.
fn number_text(value: f64) -> String {
    let size = value.abs();
    if size > 0.0 && !(1e-5..1e16).contains(&size) { format!("{value:e}") } else { value.to_string() }
}

fn line(text: &mut String, cells: impl Iterator<Item = String>) {
    text.push_str(&cells.collect::<Vec<_>>().join(","));
    text.push('\n');
}

fn field(text: &str) -> String {
    if text.contains(['"', ',', '\n', '\r']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text.to_owned() }
}
