//! Parquet files of flat columns, as rows of text.

use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int32Type, Int64Type};
use arrow_array::{Array, RecordBatch};
use arrow_schema::DataType;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use super::{FormatError, TextTable, contained};

/// The text of a cell, empty where it is missing; an error names a type that is neither text nor a number.
fn cell_text(column: &dyn Array, row: usize) -> Result<String, DataType> {
    if column.is_null(row) {
        return Ok(String::new());
    }
    Ok(match column.data_type() {
        DataType::Utf8 => column.as_string::<i32>().value(row).to_owned(),
        DataType::LargeUtf8 => column.as_string::<i64>().value(row).to_owned(),
        DataType::Utf8View => column.as_string_view().value(row).to_owned(),
        DataType::Int64 => column.as_primitive::<Int64Type>().value(row).to_string(),
        DataType::Int32 => column.as_primitive::<Int32Type>().value(row).to_string(),
        DataType::Float64 => {
            let value = column.as_primitive::<Float64Type>().value(row);
            // pandas writes a missing number as NaN.
            if value.is_nan() { String::new() } else { value.to_string() }
        }
        DataType::Boolean => column.as_boolean().value(row).to_string(),
        other => return Err(other.clone()),
    })
}

/// Reads a Parquet file whose columns are text, integers, 64-bit floats or booleans.
///
/// # Errors
/// Bytes that are not Parquet, or a column of another type.
pub fn read(bytes: Vec<u8>, file: &str) -> Result<TextTable, FormatError> {
    let broken =
        || FormatError::Unreadable { file: file.to_owned(), format: "Parquet", reason: "its description of itself makes no sense".to_owned() };
    contained(|| rows(bytes, file)).unwrap_or_else(|| Err(broken()))
}

fn rows(bytes: Vec<u8>, file: &str) -> Result<TextTable, FormatError> {
    let unreadable = |reason: String| FormatError::Unreadable { file: file.to_owned(), format: "Parquet", reason };
    let builder = ParquetRecordBatchReaderBuilder::try_new(bytes::Bytes::from(bytes)).map_err(|error| unreadable(error.to_string()))?;
    let header: Vec<String> = builder.schema().fields().iter().map(|field| field.name().clone()).collect();
    let reader = builder.build().map_err(|error| unreadable(error.to_string()))?;
    let mut table = TextTable::new(file, header);
    for batch in reader {
        let batch: RecordBatch = batch.map_err(|error| unreadable(error.to_string()))?;
        for row in 0..batch.num_rows() {
            for (position, column) in batch.columns().iter().enumerate() {
                let cell = cell_text(column.as_ref(), row)
                    .map_err(|kind| unreadable(format!("column {} has the type {kind}, which is not text or a number", table.header[position])))?;
                table.push(&cell);
            }
        }
    }
    Ok(table)
}
