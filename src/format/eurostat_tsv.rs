//! Eurostat's TSV: a first column of comma-separated dimension codes, then one column a period; cells like `470.7 b`, `: u`, `: `.

use super::FormatError;

/// One published cell. A cell can carry a flag and no value.
#[derive(Clone, Debug, PartialEq)]
pub struct Observation {
    /// Position of its series in [`EurostatTable::series`].
    pub series: usize,
    /// Year.
    pub period: i32,
    /// The figure; `None` for `:`.
    pub value: Option<f64>,
    /// Flags as published (`b`, `u`, `bu`, …), empty where there are none.
    pub flag: String,
}

/// A whole file.
#[derive(Clone, Debug)]
pub struct EurostatTable {
    /// Dimension names in the file's order, the last one being `geo`.
    pub dimensions: Vec<String>,
    /// Codes of each series, in the order of `dimensions`.
    pub series: Vec<Vec<String>>,
    /// Cells that have a value or a flag.
    pub observations: Vec<Observation>,
}

/// Reads a yearly table.
///
/// # Errors
/// A header of another shape, a row with another number of cells, or a cell that is neither `:` nor a number with flags.
pub fn read(bytes: &[u8], file: &str) -> Result<EurostatTable, FormatError> {
    let unreadable = |reason: String| FormatError::Unreadable { file: file.to_owned(), format: "Eurostat TSV", reason };
    let text = std::str::from_utf8(bytes).map_err(|error| unreadable(error.to_string()))?;
    let mut lines = text.lines();
    let header = lines.next().ok_or_else(|| unreadable("the file is empty".to_owned()))?;
    let mut columns = header.split('\t');
    let first = columns.next().unwrap_or("");
    let dimensions =
        first.strip_suffix("\\TIME_PERIOD").ok_or_else(|| unreadable(format!("the first column is \"{first}\", not dimensions\\TIME_PERIOD")))?;
    let dimensions: Vec<String> = dimensions.split(',').map(str::to_owned).collect();
    let mut periods = Vec::new();
    for period in columns {
        let year = crate::code::Period::parse(period.trim()).ok_or_else(|| unreadable(format!("period \"{period}\" is not a year")))?;
        periods.push(year.year());
    }
    let mut table = EurostatTable { dimensions, series: Vec::new(), observations: Vec::new() };
    for (row, line) in lines.enumerate().filter(|(_, line)| !line.is_empty()) {
        let mut cells = line.split('\t');
        let codes: Vec<String> = cells.next().unwrap_or("").split(',').map(str::to_owned).collect();
        if codes.len() != table.dimensions.len() {
            return Err(unreadable(format!("row {} has {} dimension codes, the header {}", row + 1, codes.len(), table.dimensions.len())));
        }
        let mut count = 0;
        for (cell, period) in cells.by_ref().zip(&periods) {
            count += 1;
            let (value, flag) = cell.trim_end().split_once(' ').unwrap_or((cell.trim_end(), ""));
            let value = match value {
                ":" | "" => None,
                number => Some(number.parse::<f64>().ok().filter(|number| number.is_finite()).ok_or_else(|| FormatError::Cell {
                    file: file.to_owned(),
                    row: row + 1,
                    column: period.to_string(),
                    found: cell.chars().take(40).flat_map(char::escape_debug).collect(),
                    expected: "\":\" or a number, with flags behind",
                })?),
            };
            if value.is_some() || !flag.is_empty() {
                table.observations.push(Observation { series: table.series.len(), period: *period, value, flag: flag.trim().to_owned() });
            }
        }
        if count != periods.len() || cells.next().is_some() {
            return Err(unreadable(format!("row {} has not {} periods as the header has", row + 1, periods.len())));
        }
        table.series.push(codes);
    }
    Ok(table)
}
