//! Comma-separated text with a header row, UTF-8 with or without a byte-order mark.

use super::{FormatError, TextTable};

/// Reads a CSV file. Every row must have as many cells as the header.
///
/// # Errors
/// Text that is not UTF-8, or rows of unequal length.
pub fn read(bytes: &[u8], file: &str) -> Result<TextTable, FormatError> {
    let unreadable = |reason: String| FormatError::Unreadable { file: file.to_owned(), format: "CSV (UTF-8)", reason };
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut reader = csv::Reader::from_reader(bytes);
    let header = reader.headers().map_err(|error| unreadable(error.to_string()))?.iter().map(str::to_owned).collect();
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| unreadable(error.to_string()))?;
        rows.push(record.iter().map(|cell| (!cell.is_empty()).then(|| cell.to_owned())).collect());
    }
    Ok(TextTable { file: file.to_owned(), header, rows })
}
