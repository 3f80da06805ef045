//! Excel workbooks, one sheet as a rectangle of text. calamine's range begins at the first used cell; here cells keep their own address.

use std::io::Cursor;

use calamine::{Data, Reader, Xls, Xlsx};

use super::{FormatError, TextTable, contained};

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
const TOO_LARGE: &str = "the sheet is larger than 20 million cells";

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

/// Rows and columns of the largest sheet that Excel has: a cell beyond is no cell.
const MOST_ROWS: u32 = 1_048_576;
const MOST_COLUMNS: u32 = 16_384;

/// Reads the sheet named `sheet`.
///
/// # Errors
/// Not a workbook, no such sheet, or a sheet beyond the size cap.
pub fn read(bytes: &[u8], file: &str, sheet: &str) -> Result<Sheet, FormatError> {
    let unreadable = |reason: String| FormatError::Unreadable { file: file.to_owned(), format: "an Excel workbook", reason };
    let rows = contained(|| if bytes.starts_with(b"PK") { packed(bytes, sheet) } else { older(bytes, sheet) });
    let rows = rows.unwrap_or_else(|| Err("its cells cannot be counted".to_owned())).map_err(unreadable)?;
    Ok(Sheet { file: format!("{file}, sheet {sheet}"), rows })
}

fn has(names: &[String], sheet: &str) -> Result<(), String> {
    if names.iter().any(|name| name == sheet) { Ok(()) } else { Err(format!("no sheet {sheet}; there are {}", names.join(", "))) }
}

/// The rows of a sheet of a workbook in parts (.xlsx). Cell by cell: the library would make the whole rectangle between the first and the last of them
/// before it could be refused, and two cells can be billions apart.
fn packed(bytes: &[u8], sheet: &str) -> Result<Vec<Vec<String>>, String> {
    let mut workbook = Xlsx::new(Cursor::new(bytes)).map_err(|error| error.to_string())?;
    has(&workbook.sheet_names(), sheet)?;
    let mut reader = workbook.worksheet_cells_reader(sheet).map_err(|error| error.to_string())?;
    let mut rows: Vec<Vec<String>> = Vec::new();
    let mut width = 0;
    while let Some(cell) = reader.next_cell().map_err(|error| error.to_string())? {
        let (row, column) = cell.get_position();
        let cell = Data::from(cell.get_value().clone());
        if cell == Data::Empty {
            continue;
        }
        if row >= MOST_ROWS || column >= MOST_COLUMNS {
            return Err(format!("a cell in row {row}, column {column}, outside a sheet"));
        }
        let (row, column) = (row as usize, column as usize);
        width = width.max(column + 1);
        if rows.len().max(row + 1) * width > MOST_CELLS {
            return Err(TOO_LARGE.to_owned());
        }
        if rows.len() <= row {
            rows.resize(row + 1, Vec::new());
        }
        if rows[row].len() <= column {
            rows[row].resize(column + 1, String::new());
        }
        rows[row][column] = text(&cell);
    }
    for row in &mut rows {
        row.resize(width, String::new());
    }
    Ok(rows)
}

/// The rows of a sheet of an older workbook (.xls).
fn older(bytes: &[u8], sheet: &str) -> Result<Vec<Vec<String>>, String> {
    let mut workbook = Xls::new(Cursor::new(bytes)).map_err(|error| error.to_string())?;
    has(&workbook.sheet_names(), sheet)?;
    let range = workbook.worksheet_range(sheet).map_err(|error| error.to_string())?;
    let (Some((first_row, first_column)), Some((last_row, last_column))) = (range.start(), range.end()) else {
        return Ok(Vec::new());
    };
    if (last_row as usize + 1).saturating_mul(last_column as usize + 1) > MOST_CELLS {
        return Err(TOO_LARGE.to_owned());
    }
    let mut rows = vec![Vec::new(); first_row as usize];
    for row in range.rows() {
        let mut cells = vec![String::new(); first_column as usize];
        cells.extend(row.iter().map(text));
        rows.push(cells);
    }
    Ok(rows)
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
