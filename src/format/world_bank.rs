//! The World Bank's CSV download: a byte-order mark, four lines before the header, a column a year and an empty last column.

use super::FormatError;

/// One figure of an area and year.
#[derive(Clone, Debug, PartialEq)]
pub struct Observation {
    /// The World Bank's area code (three letters, also for aggregates).
    pub area: String,
    /// Year.
    pub period: i32,
    /// The figure.
    pub value: f64,
}

/// Reads the published figures and the file's "Last Updated Date".
///
/// # Errors
/// A header that does not begin `Country Name, Country Code, Indicator Name, Indicator Code`, or a cell that is not a number.
pub fn read(bytes: &[u8], file: &str, indicator: &str) -> Result<(Vec<Observation>, String), FormatError> {
    let unreadable = |reason: String| FormatError::Unreadable { file: file.to_owned(), format: "World Bank CSV", reason };
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(bytes);
    let rows = reader.records().collect::<Result<Vec<_>, _>>().map_err(|error| unreadable(error.to_string()))?;
    let start = rows.iter().position(|row| row.get(0) == Some("Country Name")).ok_or_else(|| unreadable("no header row".to_owned()))?;
    let header = &rows[start];
    if header.iter().take(4).ne(["Country Name", "Country Code", "Indicator Name", "Indicator Code"]) {
        return Err(unreadable("the header row has other columns than expected".to_owned()));
    }
    let updated = rows[..start].iter().find(|row| row.get(0) == Some("Last Updated Date")).and_then(|row| row.get(1)).unwrap_or("").to_owned();
    let mut observations = Vec::new();
    for (index, row) in rows[start + 1..].iter().enumerate() {
        if row.get(3) != Some(indicator) {
            return Err(unreadable(format!("row {} is about {}, not {indicator}", index + 1, row.get(3).unwrap_or("nothing"))));
        }
        for (year, cell) in header.iter().zip(row).skip(4).filter(|(_, cell)| !cell.is_empty()) {
            let bad =
                |expected| FormatError::Cell { file: file.to_owned(), row: index + 1, column: year.to_owned(), found: cell.to_owned(), expected };
            let period = crate::code::Period::parse(year).ok_or_else(|| bad("under a year"))?.year();
            let value = cell.parse::<f64>().ok().filter(|value| value.is_finite()).ok_or_else(|| bad("a number"))?;
            observations.push(Observation { area: row[1].to_owned(), period, value });
        }
    }
    Ok((observations, updated))
}
