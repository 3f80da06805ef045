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
        Some((header, spans)) => Ok(TextTable::in_place(file, header, text, spans)),
        None => quoted(&text, file).map_err(|error| unreadable(error.to_string())),
    }
}

/// Where a cell begins and ends, without its quotes.
type Span = (usize, usize);

/// The cell that begins at `begin`, where the next one does, and whether a line ends between them. `None` where it does not stand as it is read: with a quote in quotes, with something
/// after its closing quote, or before another line end than the plain one.
fn cell(bytes: &[u8], begin: usize) -> Option<(Span, usize, bool)> {
    let (span, end) = if bytes.get(begin) == Some(&b'"') {
        let close = begin + 1 + memchr::memchr(b'"', &bytes[begin + 1..])?;
        ((begin + 1, close), close + 1)
    } else {
        let end = memchr::memchr3(b',', b'\n', b'\r', &bytes[begin..]).map_or(bytes.len(), |at| begin + at);
        ((begin, end), end)
    };
    match bytes.get(end) {
        Some(b',') => Some((span, end + 1, false)),
        Some(b'\n') | None => Some((span, end + 1, true)),
        Some(_) => None,
    }
}

/// Header, and where each cell stands, of text whose cells can be read where they are: between commas and line ends, or between quotes that hold no quote.
/// `None` where that is not so, or where rows are unequal, for [`quoted`] to read or to say what is wrong.
fn plain(text: &str) -> Option<(Vec<String>, Vec<Span>)> {
    let bytes = text.as_bytes();
    let mut at = if text.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len() } else { 0 };
    let mut header = Vec::new();
    loop {
        let ((begin, end), next, is_last) = cell(bytes, at)?;
        header.push(text.get(begin..end)?.to_owned());
        at = next;
        if is_last {
            break;
        }
    }
    // A line without a cell is no row of a table with one column; a second mark is the reader's to judge.
    if header.len() < 2 || header[0].starts_with(BYTE_ORDER_MARK) {
        return None;
    }
    // A cell has some twenty signs in the publishers' tables.
    let mut spans = Vec::with_capacity(bytes.len() / 16);
    while at < bytes.len() {
        for column in 1..=header.len() {
            let (span, next, is_last) = cell(bytes, at)?;
            if is_last != (column == header.len()) {
                return None;
            }
            spans.push(span);
            at = next;
        }
    }
    Some((header, spans))
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
        fn both_ways_read_the_same(text in "\u{feff}{0,2}[ab,\"\n\r å\u{feff}]{0,40}") {
            if let Some((header, spans)) = plain(&text) {
                let here = TextTable::in_place("x", header, text.clone(), spans);
                let there = quoted(&text, "x").unwrap();
                prop_assert_eq!(&here.header, &there.header);
                prop_assert_eq!(rows(&here), rows(&there));
            }
        }
    }
}
