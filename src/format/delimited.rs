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
    let mut table = TextTable::new(file, header);
    let mut record = csv::StringRecord::new();
    while reader.read_record(&mut record).map_err(|error| unreadable(error.to_string()))? {
        record.iter().for_each(|cell| table.push(cell));
    }
    Ok(table)
}
