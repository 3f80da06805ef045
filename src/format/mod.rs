//! Parsers of the publishers' file formats: bytes in, rows of text or numbers out. They know shapes, never meanings.

pub mod delimited;
pub mod eurostat;
pub mod eurostat_tsv;
pub mod job_ads;
pub mod json_stat;
pub mod outlines;
pub mod parquet_rows;
pub mod workbook;
pub mod world_bank;

/// What is wrong with a file, and where.
#[derive(Debug, thiserror::Error)]
pub enum FormatError {
    /// The bytes are not of the format.
    #[error(
        "{file}: not readable as {format}: {reason}\nhint: compare the file's first bytes with a good copy; a publisher's error page is often HTML"
    )]
    Unreadable {
        /// File name, as given by the caller.
        file: String,
        /// The format expected.
        format: &'static str,
        /// The parser's words.
        reason: String,
    },
    /// Columns differ from what is expected.
    #[error(
        "{file}: expected the columns {expected}, found {found}\nhint: the publisher has changed the table's layout; the parser must be told before a figure is read from it"
    )]
    Columns {
        /// File name.
        file: String,
        /// Columns wanted.
        expected: String,
        /// Columns there.
        found: String,
    },
    /// A cell holds something else than its column should.
    #[error(
        "{file}: row {row}, column {column}: \"{found}\" is not {expected}\nhint: see the publisher's notes on the table; nothing is guessed from a cell that cannot be read"
    )]
    Cell {
        /// File name.
        file: String,
        /// Row, counted from 1 after the header.
        row: usize,
        /// Column name.
        column: String,
        /// The cell.
        found: String,
        /// What it should be.
        expected: &'static str,
    },
}

thread_local! {
    static CONTAINED: std::cell::Cell<bool> = const { std::cell::Cell::new(false) };
}

/// What `read` gives, or `None` where a library that it uses panics: at some broken files its own counting runs over. That is a fault of the file, not of
/// the run, and nothing is said of it but by the caller's error.
fn contained<T>(read: impl FnOnce() -> T) -> Option<T> {
    static QUIET: std::sync::Once = std::sync::Once::new();
    QUIET.call_once(|| {
        let told = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            if !CONTAINED.get() {
                told(panic);
            }
        }));
    });
    CONTAINED.set(true);
    let found = std::panic::catch_unwind(std::panic::AssertUnwindSafe(read));
    CONTAINED.set(false);
    found.ok()
}

/// A rectangle of text with named columns. The cells stand in one text, since a table of millions of them is read.
#[derive(Clone, Debug)]
pub struct TextTable {
    /// Where it came from, for messages.
    pub file: String,
    /// Column names.
    pub header: Vec<String>,
    /// All cells, row by row.
    cells: String,
    /// Where each cell begins and ends in it.
    spans: Vec<(usize, usize)>,
}

/// Tables are equal that come from the same file and say the same, wherever their cells stand.
impl PartialEq for TextTable {
    fn eq(&self, other: &Self) -> bool {
        let count = self.spans.len();
        let same = |position| self.at(position) == other.at(position);
        self.file == other.file && self.header == other.header && count == other.spans.len() && (0..count).all(same)
    }
}

impl TextTable {
    /// A table without rows.
    #[must_use]
    pub fn new(file: &str, header: Vec<String>) -> Self {
        Self { file: file.to_owned(), header, cells: String::new(), spans: Vec::new() }
    }

    /// A table whose cells stay where they are in `text`: `spans` says where each begins and ends.
    fn in_place(file: &str, header: Vec<String>, text: String, spans: Vec<(usize, usize)>) -> Self {
        Self { file: file.to_owned(), header, cells: text, spans }
    }

    /// Adds a cell at the end of the last row, or of a new one where that is full. An absent cell is an empty one.
    pub fn push(&mut self, cell: &str) {
        let begin = self.cells.len();
        self.cells.push_str(cell);
        self.spans.push((begin, self.cells.len()));
    }

    /// How many rows there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.spans.len() / self.header.len().max(1)
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.spans.is_empty()
    }

    /// A cell; `None` where it is absent or empty.
    #[must_use]
    pub fn cell(&self, row: usize, column: usize) -> Option<&str> {
        Some(self.text(row, column)).filter(|text| !text.is_empty())
    }

    /// The positions of `wanted` columns.
    ///
    /// # Errors
    /// A wanted column is absent.
    pub fn columns<const N: usize>(&self, wanted: [&str; N]) -> Result<[usize; N], FormatError> {
        let mut positions = [0; N];
        for (position, name) in positions.iter_mut().zip(wanted) {
            *position = self.header.iter().position(|column| column == name).ok_or_else(|| FormatError::Columns {
                file: self.file.clone(),
                expected: wanted.join(", "),
                found: self.header.join(", "),
            })?;
        }
        Ok(positions)
    }

    /// The text of a cell; empty where it is absent.
    #[must_use]
    pub fn text(&self, row: usize, column: usize) -> &str {
        self.at(row * self.header.len() + column)
    }

    fn at(&self, position: usize) -> &str {
        let (begin, end) = self.spans[position];
        &self.cells[begin..end]
    }

    /// The number in a cell; `None` where it is absent or empty.
    ///
    /// # Errors
    /// The cell holds something that is not a finite number.
    pub fn number(&self, row: usize, column: usize) -> Result<Option<f64>, FormatError> {
        let text = self.text(row, column).trim();
        if text.is_empty() {
            return Ok(None);
        }
        match text.parse::<f64>() {
            Ok(value) if value.is_finite() => Ok(Some(value)),
            _ => Err(self.bad_cell(row, column, "a number")),
        }
    }

    /// The year in a cell.
    ///
    /// # Errors
    /// The cell is not a four-digit year.
    pub fn year(&self, row: usize, column: usize) -> Result<i32, FormatError> {
        crate::code::Period::parse(self.text(row, column)).map(crate::code::Period::year).ok_or_else(|| self.bad_cell(row, column, "a year"))
    }

    /// An error about a cell.
    #[must_use]
    pub fn bad_cell(&self, row: usize, column: usize, expected: &'static str) -> FormatError {
        FormatError::Cell {
            file: self.file.clone(),
            row: row + 1,
            column: self.header[column].clone(),
            found: self.text(row, column).chars().take(60).flat_map(char::escape_debug).collect(),
            expected,
        }
    }

    /// "file, row n" for messages about codes.
    #[must_use]
    pub fn place(&self, row: usize) -> String {
        format!("{}, row {}", self.file, row + 1)
    }
}
