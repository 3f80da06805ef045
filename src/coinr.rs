//! Tables in `COINr`'s shape: units and their figures (iData) and what the columns are (iMeta), read into the index engine's input, and the engine's
//! results written as CSV. docs/index-method.md tells the shape.
//!
//! A row is counted as a spreadsheet counts it: the header is row 1. An empty cell and `NA` are missing.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use crate::index::Table;
use crate::index::normalise::Direction;
use crate::index::structure::{Aggregate, Denominator, Grouping, IndexInput, Indicator, LARGEST};

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
/// Columns that iMeta must have.
const META: [&str; 6] = ["Level", "iCode", "Direction", "Weight", "Parent", "Type"];
/// Kinds of rows in iMeta.
const TYPES: &str = "Indicator, Aggregate, Group, Denominator, Other";

/// A CSV file as text.
struct Sheet {
    file: PathBuf,
    header: Vec<String>,
    rows: Vec<Vec<String>>,
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
        let bytes = std::fs::read(file).map_err(|error| whole(format!("cannot be read: {error}"), "check the name and the rights of the file"))?;
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
        let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(bytes);
        let mut sheet = Self { file: file.to_path_buf(), header: Vec::new(), rows: Vec::new() };
        for (place, record) in reader.byte_records().enumerate() {
            let record = record.map_err(|error| whole(format!("is not CSV: {error}"), "save the table as CSV with commas, UTF-8"))?;
            let mut cells = Vec::with_capacity(record.len());
            for cell in &record {
                let text = std::str::from_utf8(cell).map_err(|_| {
                    sheet.bad(
                        &format!(", row {}", place + 1),
                        format!("{} is not UTF-8", quoted(&String::from_utf8_lossy(cell))),
                        "save the table as CSV in UTF-8",
                    )
                })?;
                cells.push(text.trim().to_owned());
            }
            if place == 0 {
                sheet.header = cells;
            } else {
                sheet.rows.push(cells);
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
        Ok(sheet)
    }

    fn check_shape(&self) -> Result<(), BadTable> {
        if self.header.len() == 1 && self.header[0].contains([';', '\t']) {
            return Err(self.bad(", row 1", "the cells are not separated by commas".into(), "save the table as CSV with commas and dot decimals"));
        }
        let mut seen = BTreeSet::new();
        for (place, name) in self.header.iter().enumerate() {
            if name.is_empty() {
                return Err(self.bad(&format!(", row 1, column {}", place + 1), "the column has no name".into(), "name the column or remove it"));
            }
            if !seen.insert(name) {
                return Err(self.bad(&format!(", row 1, column {name}"), "the column is there twice".into(), "every column needs a name of its own"));
            }
        }
        for (row, cells) in self.rows.iter().enumerate() {
            if cells.len() != self.header.len() {
                return Err(self.bad(
                    &format!(", row {}", row + 2),
                    format!("{} cells where the header has {}", cells.len(), self.header.len()),
                    "a text with a comma in it stands in quotes, and decimals are written with a dot",
                ));
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
        self.bad(&format!(", row {}, column {column}", row + 2), problem, hint)
    }

    fn column(&self, name: &str) -> Option<usize> {
        self.header.iter().position(|other| other == name)
    }

    /// A column that must be there.
    fn needed(&self, name: &str, hint: &str) -> Result<usize, BadTable> {
        self.column(name).ok_or_else(|| self.bad("", format!("there is no column {name}"), hint))
    }

    /// A cell's text, unless it is missing.
    fn text(&self, row: usize, column: Option<usize>) -> Option<&str> {
        let text = self.rows[row][column?].as_str();
        (!text.is_empty() && text != "NA").then_some(text)
    }

    fn number(&self, row: usize, column: usize) -> Result<Option<f64>, BadTable> {
        let Some(text) = self.text(row, Some(column)) else { return Ok(None) };
        let plain = text.bytes().all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte));
        if let Some(value) = text.parse::<f64>().ok().filter(|value| plain && value.is_finite()) {
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
            if let Some(first) = keys.insert(code, row) {
                return Err(self.at(
                    row,
                    name,
                    format!("the code {} is already in row {}", quoted(code), first + 2),
                    "every row needs a code of its own; data of several years are indexed one year at a time",
                ));
            }
        }
        Ok(keys)
    }
}

/// Text from a file, short and without control characters, for a message.
fn quoted(text: &str) -> String {
    let short: String = text.chars().take(60).map(|character| if character.is_control() { '\u{fffd}' } else { character }).collect();
    if short.len() < text.len() && text.chars().count() > 60 { format!("\"{short}…\"") } else { format!("\"{short}\"") }
}

/// What was read.
#[derive(Clone, Debug, PartialEq)]
pub struct Read {
    /// The engine's input.
    pub input: IndexInput,
    /// What a reader of the results should know: the code and the text.
    pub notes: Vec<(String, String)>,
}

/// Reads data and metadata, and denominators from a table of their own if there is one; its columns go before those of the data.
///
/// # Errors
/// What is wrong, with its file, row and column.
pub fn read(data: &Path, meta: &Path, denominators: Option<&Path>) -> Result<Read, BadTable> {
    let meta = Sheet::read(meta)?;
    let data = Sheet::read(data)?;
    let more = denominators.map(Sheet::read).transpose()?;
    let unit_column = data.needed("uCode", "uCode holds a code for each unit")?;
    let units = data.keys("uCode", unit_column)?;
    let rows = meta_rows(&meta)?;
    check_columns(&data, &meta, more.as_ref(), &rows)?;

    let mut notes = Vec::new();
    let mut input = IndexInput {
        units: (0..data.rows.len()).map(|row| data.rows[row][unit_column].clone()).collect(),
        indicators: Vec::new(),
        values: Table::missing(0, 0),
        aggregates: Vec::new(),
        denominators: more.as_ref().map(|sheet| denominator_columns(sheet, &data, &input_codes(&units, &data))).transpose()?.unwrap_or_default(),
        groups: Vec::new(),
    };
    let mut columns = Vec::new();
    for MetaRow { row, code, kind } in &rows {
        let parent = meta.text(*row, meta.column("Parent")).map(str::to_owned);
        match (kind, data.column(code)) {
            (Kind::Indicator, Some(column)) => {
                level(&meta, *row, 1)?;
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
                input.aggregates.push(Aggregate { code: code.clone(), level: level(&meta, *row, 2)?, parent, weight: weight(&meta, *row)? });
            }
            (Kind::Denominator, Some(column)) if !input.denominators.iter().any(|other| other.code == *code) => {
                input.denominators.push(Denominator { code: code.clone(), values: data.numbers(column)? });
            }
            (Kind::Group, Some(column)) => {
                let of = (0..data.rows.len()).map(|row| data.text(row, Some(column)).map(str::to_owned)).collect();
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
    Ok(Read { input, notes })
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
            if OWN.contains(&code.as_str()) {
                return Err(meta.at(row, "iCode", format!("{code} is the name of a column that is no indicator"), "choose another code"));
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
    for name in &data.header {
        if !OWN.contains(&name.as_str()) && !rows.iter().any(|row| row.code == *name) {
            return Err(data.bad(
                &format!(", row 1, column {name}"),
                format!("{} has no row in {}", quoted(name), meta.file.display()),
                "add a row with that iCode to the metadata (Type Other if the column is not to be used), or remove the column",
            ));
        }
    }
    Ok(())
}

/// The number columns of a table of denominators, in the order of the data's units; columns with text, such as names, are left out.
fn denominator_columns(sheet: &Sheet, data: &Sheet, units: &[&str]) -> Result<Vec<Denominator>, BadTable> {
    let keys = sheet.keys("uCode", sheet.needed("uCode", "uCode holds the codes of the units in the data")?)?;
    let mut places = Vec::with_capacity(units.len());
    for (row, unit) in units.iter().enumerate() {
        let place = keys.get(unit).ok_or_else(|| {
            sheet.bad(
                ", column uCode",
                format!("there is no row for the unit {} of {}, row {}", quoted(unit), data.file.display(), row + 2),
                "add a row for the unit; leave cells empty where the size is not known",
            )
        })?;
        places.push(*place);
    }
    let mut found = Vec::new();
    for (column, code) in sheet.header.iter().enumerate().filter(|(_, name)| !OWN.contains(&name.as_str())) {
        let texts = (0..sheet.rows.len()).filter(|row| sheet.text(*row, Some(column)).is_some());
        // A column without a single number is a column of names, not a denominator with faults in it.
        if texts.clone().any(|row| sheet.number(row, column).is_ok()) {
            let values = sheet.numbers(column)?;
            found.push(Denominator { code: code.clone(), values: places.iter().map(|place| values[*place]).collect() });
        }
    }
    Ok(found)
}

/// A row's level: 1 for an indicator, 2 or more for an aggregate (`least` is 2).
fn level(meta: &Sheet, row: usize, least: usize) -> Result<usize, BadTable> {
    let hint = if least == 1 { "an indicator stands at level 1" } else { "an aggregate stands at level 2 or higher, one above its children" };
    let text = meta.text(row, meta.column("Level")).ok_or_else(|| missing(meta, row, "Level", hint))?;
    let fits = |level: &usize| if least == 1 { *level == 1 } else { (2..=100).contains(level) };
    text.parse().ok().filter(fits).ok_or_else(|| meta.at(row, "Level", format!("{} does not fit", quoted(text)), hint))
}

fn direction(meta: &Sheet, row: usize) -> Result<Option<Direction>, BadTable> {
    match meta.text(row, meta.column("Direction")) {
        None => Ok(None),
        Some("1") => Ok(Some(Direction::Up)),
        Some("-1") => Ok(Some(Direction::Down)),
        Some(other) => Err(meta.at(row, "Direction", format!("{} is not a direction", quoted(other)), "1: more is better; -1: less is better")),
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
    let mut parents = BTreeSet::new();
    let row_of = |code: &str| rows.iter().find(|row| row.code == code).map_or(0, |row| row.row);
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

/// A cell of a written table.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Text or a code.
    Text(String),
    /// A number; NaN is missing.
    Number(f64),
    /// A number or nothing.
    Whole(Option<u32>),
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
                Cell::Number(value) if value.is_finite() => value.to_string(),
                Cell::Number(_) | Cell::Whole(None) => String::new(),
                Cell::Whole(Some(value)) => value.to_string(),
            }),
        );
    }
    text
}

fn line(text: &mut String, cells: impl Iterator<Item = String>) {
    text.push_str(&cells.collect::<Vec<_>>().join(","));
    text.push('\n');
}

/// As table.rs: a cell that begins with `=`, `+`, `-`, `@`, a tab or a carriage return is never a formula.
fn inert(text: &str) -> std::borrow::Cow<'_, str> {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}").into() } else { text.into() }
}

fn field(text: &str) -> String {
    if text.contains(['"', ',', '\n', '\r']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text.to_owned() }
}
