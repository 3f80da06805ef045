//! A table that leaves the program: typed columns, written as CSV and as Parquet with the same content.
//!
//! CSV: UTF-8, comma, dot decimals, header, LF; an empty cell is missing. Numbers are written with the shortest text that reads back to the same bits.

use std::fmt::Write;
use std::sync::Arc;

use arrow_array::{ArrayRef, BooleanArray, Float64Array, Int64Array, RecordBatch, StringArray};
use arrow_schema::{DataType, Field, Schema};
use compact_str::CompactString;
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;
use serde_json::{Value, json};

/// The values of a column; `None` is missing, zero is zero.
#[derive(Clone, Debug, PartialEq)]
pub enum Values {
    /// Text and codes: mostly so short that they stand in the cell itself.
    Text(Vec<Option<CompactString>>),
    /// Finite numbers.
    Number(Vec<Option<f64>>),
    /// Whole numbers.
    Whole(Vec<Option<i64>>),
    /// Yes or no.
    Truth(Vec<Option<bool>>),
}

/// A named column.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// Name, as in the header.
    pub name: &'static str,
    /// What it holds, with its unit.
    pub description: &'static str,
    /// Its values.
    pub values: Values,
}

/// A table with its columns in order; all columns have the same length.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// File name without ending.
    pub name: &'static str,
    /// What a row is.
    pub title: &'static str,
    /// The columns.
    pub columns: Vec<Column>,
}

/// A table could not be written.
#[derive(Debug, thiserror::Error)]
pub enum TableError {
    /// A number that is not finite reached a table: a bug in the step that made it, never to be published.
    #[error(
        "table {table}, column {column}, row {row}: the number is not finite\nhint: this is a fault in malmarknad; please report it with the command you ran"
    )]
    NotFinite {
        /// Table.
        table: &'static str,
        /// Column.
        column: &'static str,
        /// Row from 1.
        row: usize,
    },
    /// The writer refused.
    #[error("table {table} could not be written: {reason}\nhint: this is a fault in malmarknad; please report it with the command you ran")]
    Write {
        /// Table.
        table: &'static str,
        /// The writer's words.
        reason: String,
    },
}

/// Text made safe for a spreadsheet: a cell that begins with `=`, `+`, `-`, `@`, a tab or a carriage return is never a formula.
pub(crate) fn inert(text: &str) -> std::borrow::Cow<'_, str> {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}").into() } else { text.into() }
}

/// Writes a finite number as [`f64`] is displayed: the shortest digits that read back to it, without exponent.
fn spell(value: f64, out: &mut String) {
    let mut buffer = zmij::Buffer::new();
    let text = buffer.format_finite(value);
    if text.contains('e') {
        // Writing to a text cannot fail.
        let _ = write!(out, "{value}");
    } else {
        out.push_str(text.strip_suffix(".0").unwrap_or(text));
    }
}

impl Values {
    /// How many rows.
    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            Self::Text(values) => values.len(),
            Self::Number(values) => values.len(),
            Self::Whole(values) => values.len(),
            Self::Truth(values) => values.len(),
        }
    }

    /// Whether there are no rows.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The cell as CSV has it, empty where it is missing; numbers are spelled out in `buffer`.
    fn cell<'a>(&'a self, row: usize, buffer: &'a mut String) -> std::borrow::Cow<'a, str> {
        buffer.clear();
        match self {
            Self::Text(values) => return values[row].as_deref().map(inert).unwrap_or_default(),
            Self::Truth(values) => return values[row].map_or("", |value| if value { "true" } else { "false" }).into(),
            Self::Number(values) => values[row].into_iter().for_each(|value| spell(value, buffer)),
            Self::Whole(values) => values[row].into_iter().for_each(|value| buffer.push_str(&value.to_string())),
        }
        buffer.as_str().into()
    }

    /// The Frictionless type of the column.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Text(_) => "string",
            Self::Number(_) => "number",
            Self::Whole(_) => "integer",
            Self::Truth(_) => "boolean",
        }
    }
}

impl Column {
    /// A column of text.
    pub fn text<T: Into<CompactString>>(name: &'static str, description: &'static str, values: impl IntoIterator<Item = Option<T>>) -> Self {
        // Missing and empty text are one thing in CSV, so they are one thing here.
        let values = values.into_iter().map(|value| value.map(Into::into).filter(|text: &CompactString| !text.is_empty())).collect();
        Self { name, description, values: Values::Text(values) }
    }

    /// A column of numbers.
    pub fn number(name: &'static str, description: &'static str, values: impl IntoIterator<Item = Option<f64>>) -> Self {
        Self { name, description, values: Values::Number(values.into_iter().collect()) }
    }

    /// A column of whole numbers.
    pub fn whole(name: &'static str, description: &'static str, values: impl IntoIterator<Item = Option<i64>>) -> Self {
        Self { name, description, values: Values::Whole(values.into_iter().collect()) }
    }

    /// A column of yes and no.
    pub fn truth(name: &'static str, description: &'static str, values: impl IntoIterator<Item = bool>) -> Self {
        Self { name, description, values: Values::Truth(values.into_iter().map(Some).collect()) }
    }
}

impl Table {
    /// How many rows.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.columns.first().map_or(0, |column| column.values.len())
    }

    /// Whether every number is finite.
    pub(crate) fn check(&self) -> Result<(), TableError> {
        for column in &self.columns {
            if let Values::Number(values) = &column.values
                && let Some(row) = values.iter().position(|value| value.is_some_and(|value| !value.is_finite()))
            {
                return Err(TableError::NotFinite { table: self.name, column: column.name, row: row + 1 });
            }
        }
        Ok(())
    }

    fn refused(&self, reason: &dyn std::fmt::Display) -> TableError {
        TableError::Write { table: self.name, reason: reason.to_string() }
    }

    /// The table as CSV bytes.
    ///
    /// # Errors
    /// A number that is not finite.
    pub fn csv(&self) -> Result<Vec<u8>, TableError> {
        self.check()?;
        let mut writer = csv::WriterBuilder::new().from_writer(Vec::new());
        writer.write_record(self.columns.iter().map(|column| column.name)).map_err(|error| self.refused(&error))?;
        let mut buffer = String::new();
        for row in 0..self.rows() {
            for column in &self.columns {
                writer.write_field(&*column.values.cell(row, &mut buffer)).map_err(|error| self.refused(&error))?;
            }
            writer.write_record(None::<&[u8]>).map_err(|error| self.refused(&error))?;
        }
        writer.into_inner().map_err(|error| self.refused(&error))
    }

    /// The table as Parquet bytes (Zstandard), the same bytes for the same content.
    ///
    /// # Errors
    /// A number that is not finite, or columns of unequal length.
    pub fn parquet(&self) -> Result<Vec<u8>, TableError> {
        self.check()?;
        let mut fields = Vec::new();
        let mut arrays: Vec<ArrayRef> = Vec::new();
        for column in &self.columns {
            let (kind, array): (DataType, ArrayRef) = match &column.values {
                Values::Text(values) => (DataType::Utf8, Arc::new(values.iter().map(|value| value.as_deref().map(inert)).collect::<StringArray>())),
                Values::Number(values) => (DataType::Float64, Arc::new(values.iter().copied().collect::<Float64Array>())),
                Values::Whole(values) => (DataType::Int64, Arc::new(values.iter().copied().collect::<Int64Array>())),
                Values::Truth(values) => (DataType::Boolean, Arc::new(values.iter().copied().collect::<BooleanArray>())),
            };
            fields.push(Field::new(column.name, kind, true));
            arrays.push(array);
        }
        let schema = Arc::new(Schema::new(fields));
        let batch = RecordBatch::try_new(schema.clone(), arrays).map_err(|error| self.refused(&error))?;
        let level = ZstdLevel::try_new(3).map_err(|error| self.refused(&error))?;
        let properties = WriterProperties::builder().set_compression(Compression::ZSTD(level)).set_created_by("malmarknad".to_owned()).build();
        let mut bytes = Vec::new();
        let mut writer = ArrowWriter::try_new(&mut bytes, schema, Some(properties)).map_err(|error| self.refused(&error))?;
        writer.write(&batch).map_err(|error| self.refused(&error))?;
        writer.close().map_err(|error| self.refused(&error))?;
        Ok(bytes)
    }

    /// The table's Frictionless Table Schema.
    #[must_use]
    pub fn schema(&self) -> Value {
        let fields: Vec<Value> =
            self.columns.iter().map(|column| json!({"name": column.name, "type": column.values.kind(), "description": column.description})).collect();
        json!({"fields": fields, "missingValues": [""]})
    }

    /// The cells of a text column.
    #[must_use]
    pub fn texts(&self, name: &str) -> Option<&[Option<CompactString>]> {
        self.columns.iter().find(|column| column.name == name).and_then(|column| match &column.values {
            Values::Text(values) => Some(values.as_slice()),
            _ => None,
        })
    }

    /// The cells of a number column.
    #[must_use]
    pub fn numbers(&self, name: &str) -> Option<&[Option<f64>]> {
        self.columns.iter().find(|column| column.name == name).and_then(|column| match &column.values {
            Values::Number(values) => Some(values.as_slice()),
            _ => None,
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn spelled(value: f64) -> String {
        let mut text = String::new();
        spell(value, &mut text);
        text
    }

    #[test]
    fn numbers_are_spelled_without_exponent_whatever_their_size() {
        let named = [0.0, -0.0, 1.0, 0.1, 1e-7, 1e21, 5e-324, f64::MAX, f64::MIN_POSITIVE, 123_456_789.125, 1e15, 1e16, 1e17, 1e-5, 1e-4];
        for value in named {
            assert_eq!(spelled(value), value.to_string());
        }
    }

    proptest! {
        // Of two spellings as short that lie as near, the standard library takes the upper and ours the even one (223365584830.07812|5): the last digit is one off.
        #[test]
        fn numbers_are_spelled_as_they_are_displayed(value in prop_oneof![proptest::num::f64::NORMAL, -1e6..1e6, 0.0..100.0, Just(223_365_584_830.078_13)]) {
            let (spelled, displayed) = (spelled(value), value.to_string());
            if spelled != displayed {
                prop_assert_eq!(spelled.parse::<f64>().map(f64::to_bits), Ok(value.to_bits()), "{}", &spelled);
                let ((start, last), (same, other)) = (spelled.split_at(spelled.len() - 1), displayed.split_at(displayed.len() - 1));
                let digit = |text: &str| text.parse::<i32>().unwrap_or(i32::MAX);
                prop_assert!(start == same && digit(other) - digit(last) == 1, "{} for {}", spelled, displayed);
            }
        }
    }
}
