//! Excel workbooks, one sheet as a rectangle of text. calamine's range begins at the first used cell; here cells keep their own address.

use std::io::Cursor;

use calamine::{Data, Reader};

use super::{FormatError, TextTable};

/// A sheet's cells by row, from the sheet's first row and column, absent cells as empty text.
#[derive(Clone, Debug)]
pub struct Sheet {
    /// Where it came from, for messages.
    pub file: String,
    /// Rows of cells; whole numbers are written without decimals.
    pub rows: Vec<Vec<String>>,
}

/// The largest sheet that is read, rows × columns: beyond it the file is not a table of ours.
const MOST_CELLS: usize = 20_000_000;

fn text(cell: &Data) -> String {
    match cell {
        Data::Float(value) => value.to_string(),
        Data::Int(value) => value.to_string(),
        Data::Bool(value) => value.to_string(),
        Data::DateTime(value) => value.as_f64().to_string(),
        Data::String(value) | Data::DateTimeIso(value) | Data::DurationIso(value) => value.clone(),
        Data::Empty | Data::Error(_) => String::new(),
    }
}

/// Reads the sheet named `sheet`.
///
/// # Errors
/// Not a workbook, no such sheet, or a sheet beyond the size cap.
pub fn read(bytes: &[u8], file: &str, sheet: &str) -> Result<Sheet, FormatError> {
    let unreadable = |reason: String| FormatError::Unreadable { file: file.to_owned(), format: "an Excel workbook", reason };
    let mut workbook = calamine::open_workbook_auto_from_rs(Cursor::new(bytes)).map_err(|error| unreadable(error.to_string()))?;
    if !workbook.sheet_names().iter().any(|name| name == sheet) {
        return Err(unreadable(format!("no sheet {sheet}; there are {}", workbook.sheet_names().join(", "))));
    }
    let range = workbook.worksheet_range(sheet).map_err(|error| unreadable(error.to_string()))?;
    let (Some((first_row, first_column)), Some((last_row, last_column))) = (range.start(), range.end()) else {
        return Ok(Sheet { file: file.to_owned(), rows: Vec::new() });
    };
    if (last_row as usize + 1).saturating_mul(last_column as usize + 1) > MOST_CELLS {
        return Err(unreadable("the sheet is larger than 20 million cells".to_owned()));
    }
    let mut rows = vec![Vec::new(); first_row as usize];
    for row in range.rows() {
        let mut cells = vec![String::new(); first_column as usize];
        cells.extend(row.iter().map(text));
        rows.push(cells);
    }
    Ok(Sheet { file: format!("{file}, sheet {sheet}"), rows })
}

impl Sheet {
    /// The sheet as a table whose header stands in its first row.
    #[must_use]
    pub fn table(&self) -> TextTable {
        let width = self.rows.first().map_or(0, Vec::len);
        let mut table = TextTable::new(&self.file, (0..width).map(|column| self.cell(0, column).to_owned()).collect());
        for (row, column) in (1..self.rows.len()).flat_map(|row| (0..width).map(move |column| (row, column))) {
            table.push(self.cell(row, column));
        }
        table
    }

    /// A cell's text, trimmed; empty where the sheet has no such cell. Both counted from 0.
    #[must_use]
    pub fn cell(&self, row: usize, column: usize) -> &str {
        self.rows.get(row).and_then(|cells| cells.get(column)).map_or("", |cell| cell.trim())
    }
}
