//! Comma-separated text with a header row, UTF-8 with or without a byte-order mark.

use super::{FormatError, TextTable};

const BYTE_ORDER_MARK: &str = "\u{feff}";

/// Reads a CSV file. Every row must have as many cells as the header.
///
/// # Errors
/// Text that is not UTF-8, or rows of unequal length.
pub fn read(bytes: &[u8], file: &str) -> Result<TextTable, FormatError> {
    read_whole(bytes.to_vec(), file)
}

/// As [`read`], of text that nobody else needs: the cells stay where they are in it.
///
/// # Errors
/// As [`read`].
pub fn read_whole(bytes: Vec<u8>, file: &str) -> Result<TextTable, FormatError> {
    let unreadable = |reason: String| FormatError::Unreadable { file: file.to_owned(), format: "CSV (UTF-8)", reason };
    let text = String::from_utf8(bytes).map_err(|error| unreadable(error.to_string()))?;
    match plain(&text) {
        Some((header, first, ends)) => Ok(TextTable::in_place(file, header, text, first, ends)),
        None => quoted(&text, file).map_err(|error| unreadable(error.to_string())),
    }
}

/// Header, where the first cell begins and where each ends, of text without quotes: the cells stand between commas and line ends. `None` where that is not
/// so, or where rows are unequal, for [`quoted`] to read or to say what is wrong.
fn plain(text: &str) -> Option<(Vec<String>, usize, Vec<usize>)> {
    let bytes = text.as_bytes();
    if memchr::memchr2(b'"', b'\r', bytes).is_some() {
        return None;
    }
    let begin = if text.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len() } else { 0 };
    let header_end = begin + memchr::memchr(b'\n', &bytes[begin..])?;
    let header: Vec<String> = text[begin..header_end].split(',').map(str::to_owned).collect();
    // A line without a cell is no row of a table with one column.
    if header.len() < 2 {
        return None;
    }
    let first = header_end + 1;
    let mut ends = Vec::with_capacity(bytes.len() / 8);
    let (mut column, mut line) = (0, first);
    for at in memchr::memchr2_iter(b',', b'\n', &bytes[first..]).map(|at| first + at) {
        let is_last = bytes[at] == b'\n';
        if is_last != (column + 1 == header.len()) {
            return None;
        }
        ends.push(at);
        (column, line) = if is_last { (0, at + 1) } else { (column + 1, line) };
    }
    if line < bytes.len() {
        // The last line need not end.
        if column + 1 != header.len() {
            return None;
        }
        ends.push(bytes.len());
    }
    Some((header, first, ends))
}

fn quoted(text: &str, file: &str) -> Result<TextTable, csv::Error> {
    let mut reader = csv::Reader::from_reader(text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text).as_bytes());
    let header = reader.headers()?.iter().map(str::to_owned).collect();
    let mut table = TextTable::new(file, header);
    let mut record = csv::StringRecord::new();
    while reader.read_record(&mut record)? {
        record.iter().for_each(|cell| table.push(cell));
    }
    Ok(table)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn rows(table: &TextTable) -> Vec<Vec<String>> {
        let row = |row| (0..table.header.len()).map(|column| table.text(row, column).to_owned()).collect();
        (0..table.len()).map(row).collect()
    }

    #[test]
    fn a_mark_a_missing_line_end_and_empty_cells_are_read() {
        let table = read("\u{feff}a,b\n1,\n,å".as_bytes(), "x").unwrap();
        assert_eq!(table.header, ["a", "b"]);
        assert_eq!(rows(&table), [["1", ""], ["", "å"]]);
        assert_eq!(rows(&read(b"a,b\n", "x").unwrap()), Vec::<Vec<String>>::new());
    }

    #[test]
    fn a_row_that_is_too_short_or_too_long_is_an_error() {
        for text in ["a,b\n1\n", "a,b\n1,2,3\n", "a,b\n1,2\n3", "a,b\n1,2\n3,4,5"] {
            assert!(read(text.as_bytes(), "x").is_err(), "{text}");
        }
    }

    proptest! {
        /// Signs that tables are made of, in any order: the two ways agree on every text that the one without quotes reads.
        #[test]
        fn both_ways_read_the_same(text in "[ab,\"\n\r å]{0,40}") {
            if let Some((header, first, ends)) = plain(&text) {
                let here = TextTable::in_place("x", header, text.clone(), first, ends);
                let there = quoted(&text, "x").unwrap();
                prop_assert_eq!(&here.header, &there.header);
                prop_assert_eq!(rows(&here), rows(&there));
            }
        }
    }
}
