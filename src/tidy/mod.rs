//! From the publishers' files to one long table a dataset, in our own codes. Changes shape and codes, never meaning: a missing value stays missing,
//! an unmapped code stops the step with a message that says what to add where.

pub mod dataset;
pub mod migration;
mod outline;
pub(crate) mod sweden;
pub(crate) mod world;

pub(crate) use sweden::pay_occupation;

use std::collections::BTreeMap;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use sha2::{Digest, Sha256};

use crate::code::{CodeError, Codes, Country, CountryScheme};
use crate::format::FormatError;
use crate::source::Answers;
use dataset::{Dataset, SourceRow};

/// What is wrong in a tidy step.
#[derive(Debug, thiserror::Error)]
pub enum TidyError {
    /// A file of a publisher is missing.
    #[error(
        "cannot read {path}: {reason}\nhint: give the folder of the publishers' files with --from; data/recorded.toml lists every file that is needed"
    )]
    Missing {
        /// The file.
        path: PathBuf,
        /// The operating system's words.
        reason: String,
    },
    /// The list of files is wrong.
    #[error(
        "{path}: {reason}\nhint: each table of this file needs path, dataset, publisher, title, url, retrieved, licence, attribution and used_for"
    )]
    Recorded {
        /// The list.
        path: PathBuf,
        /// The parser's words.
        reason: String,
    },
    /// The bytes are not what they should be.
    #[error(transparent)]
    Format(#[from] FormatError),
    /// A code is unknown.
    #[error(transparent)]
    Code(#[from] CodeError),
    /// A word that the vocabulary lacks, or a figure given twice.
    #[error("{place}: {problem}\nhint: {hint}")]
    Meaning {
        /// File and row.
        place: String,
        /// What is wrong.
        problem: String,
        /// The remedy.
        hint: &'static str,
    },
}

/// What is known of a publisher's file.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Recorded {
    path: String,
    dataset: String,
    publisher: String,
    title: String,
    url: String,
    retrieved: String,
    licence: String,
    attribution: String,
    used_for: String,
}

/// The publishers' files below a folder, opened by the key that `data/recorded.toml` gives them; remembers what was read from each.
#[derive(Debug)]
pub struct Shelf<'a> {
    folder: &'a Path,
    recorded: BTreeMap<String, Recorded>,
    /// The lists of codes.
    pub(crate) codes: &'a Codes,
    read: BTreeMap<String, SourceRow>,
    /// The answers of a snapshot, where the shelf is of one.
    answers: Option<&'a Answers>,
    /// Which of them [`Shelf::bytes`] gives.
    pub(crate) answer: &'static str,
}

impl<'a> Shelf<'a> {
    /// A shelf of one source: the answers of a snapshot, and what the table `sources` says of it.
    #[must_use]
    pub fn of_answers(row: SourceRow, answers: &'a Answers, codes: &'a Codes) -> Self {
        Self {
            folder: Path::new(""),
            recorded: BTreeMap::new(),
            codes,
            read: BTreeMap::from([(row.source.clone(), row)]),
            answers: Some(answers),
            answer: "data",
        }
    }

    /// The year that the newest of what has been read is of: later figures are forecasts.
    pub(crate) fn year(&self) -> i32 {
        let year = |row: &SourceRow| row.retrieved.get(..4)?.parse().ok();
        self.read.values().filter_map(year).max().unwrap_or(i32::MAX)
    }

    /// The year in which the copy of a source that has been read was made; 0 where nothing has been read of it.
    pub(crate) fn year_of(&self, source: &str) -> i32 {
        self.read.get(source).and_then(|row| row.retrieved.get(..4)?.parse().ok()).unwrap_or(0)
    }

    /// What the table `sources` says of a source that has been read.
    ///
    /// # Errors
    /// Nothing has been read from it.
    pub fn into_row(mut self, source: &str) -> Result<SourceRow, TidyError> {
        self.read.remove(source).filter(|row| row.rows > 0).ok_or_else(|| TidyError::Meaning {
            place: source.to_owned(),
            problem: "not one figure was read from it".to_owned(),
            hint: "the publisher has emptied the dataset, or its codes have changed",
        })
    }

    pub(crate) fn bytes(&mut self, source: &str) -> Result<(Vec<u8>, String), TidyError> {
        if let Some(answers) = self.answers {
            return Ok((answers.bytes(self.answer)?, format!("{source}, {}", self.answer)));
        }
        let recorded = self
            .recorded
            .get(source)
            .ok_or_else(|| TidyError::Recorded { path: PathBuf::from("data/recorded.toml"), reason: format!("no table [{source}]") })?;
        let path = self.folder.join(&recorded.path);
        let bytes = std::fs::read(&path).map_err(|error| TidyError::Missing { path: path.clone(), reason: error.to_string() })?;
        let name = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        let row = SourceRow {
            source: source.to_owned(),
            dataset: recorded.dataset.clone(),
            publisher: recorded.publisher.clone(),
            title: recorded.title.clone(),
            url: recorded.url.clone(),
            retrieved: recorded.retrieved.clone(),
            period: String::new(),
            licence: recorded.licence.clone(),
            attribution: recorded.attribution.clone(),
            sha256: sha256(&bytes),
            rows: 0,
            used_for: recorded.used_for.clone(),
        };
        self.read.insert(source.to_owned(), row);
        Ok((bytes, name))
    }

    /// Notes what a source gave: how many rows of which periods.
    pub(crate) fn receipt(&mut self, source: &str, periods: impl IntoIterator<Item = i32>) {
        let periods: Vec<i32> = periods.into_iter().collect();
        if let (Some(row), Some(first), Some(last)) = (self.read.get_mut(source), periods.iter().min(), periods.iter().max()) {
            row.rows = i64::try_from(periods.len()).unwrap_or(i64::MAX);
            row.period = if first == last { first.to_string() } else { format!("{first}–{last}") };
        }
    }

    pub(crate) fn country(&self, scheme: CountryScheme, spelling: &str, place: &str) -> Result<Option<Country>, CodeError> {
        self.codes.country_spelled(scheme, spelling, place)
    }
}

/// SHA-256 in lower-case hexadecimal.
#[must_use]
pub fn sha256(bytes: &[u8]) -> String {
    hexadecimal(&Sha256::digest(bytes))
}

/// Bytes in lower-case hexadecimal.
#[must_use]
pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
        use std::fmt::Write as _;
        let _ = write!(text, "{byte:02x}");
        text
    })
}

pub(crate) fn whole(value: f64) -> Option<i64> {
    (value.fract() == 0.0 && value.abs() < 9e15).then_some(value as i64)
}

pub(crate) fn unreadable(file: &str, format: &'static str, reason: impl Into<String>) -> TidyError {
    FormatError::Unreadable { file: file.to_owned(), format, reason: reason.into() }.into()
}

/// The unpacked size beyond which a compressed table is not read: the largest real one has some 60 MB.
const MOST_UNPACKED: u64 = 2_000_000_000;

/// Unpacks gzip.
///
/// # Errors
/// It is not gzip, is cut off, or is too large.
pub(crate) fn unpacked(bytes: &[u8], file: &str) -> Result<Vec<u8>, TidyError> {
    // The last four bytes say how much there is; it is believed as far as tables are packed in reality, so that no false number takes the memory.
    let told = bytes.last_chunk::<4>().map_or(0, |told| u32::from_le_bytes(*told) as usize);
    let mut unpacked = Vec::with_capacity(told.min(bytes.len().saturating_mul(64)));
    let read = flate2::bufread::MultiGzDecoder::new(bytes).take(MOST_UNPACKED).read_to_end(&mut unpacked);
    match read {
        Err(error) => Err(unreadable(file, "gzip", error.to_string())),
        Ok(read) if read as u64 == MOST_UNPACKED => Err(unreadable(file, "gzip", "it unpacks to more than 2 GB")),
        Ok(_) => Ok(unpacked),
    }
}

/// Writes rows as a tidy CSV table, sorted by their text so that the same figures are the same bytes.
pub(crate) fn table<D: Dataset>(mut rows: Vec<D>) -> Result<(&'static str, Vec<u8>), TidyError> {
    rows.sort_by_cached_key(D::key);
    if let Some([repeated, _]) = rows.array_windows().find(|[first, second]| first.key() == second.key()) {
        return Err(TidyError::Meaning {
            place: D::NAME.to_owned(),
            problem: format!("two figures for {}", repeated.key()),
            hint: "the publisher's file repeats a cell; decide which one holds before either is used",
        });
    }
    let mut writer = csv::Writer::from_writer(Vec::new());
    for row in &rows {
        writer.serialize(row).map_err(|error| FormatError::Unreadable {
            file: D::NAME.to_owned(),
            format: "a table row",
            reason: error.to_string(),
        })?;
    }
    let bytes =
        writer.into_inner().map_err(|error| FormatError::Unreadable { file: D::NAME.to_owned(), format: "a table", reason: error.to_string() })?;
    Ok((D::NAME, bytes))
}

/// Makes every bundled table from the publishers' files below `folder`: table name to CSV bytes.
///
/// # Errors
/// A missing file, a changed layout, an unmapped code or a figure given twice.
pub fn bundle(folder: &Path, recorded: &Path, codes: &Codes) -> Result<BTreeMap<&'static str, Vec<u8>>, TidyError> {
    let text = std::fs::read_to_string(recorded).map_err(|error| TidyError::Missing { path: recorded.to_path_buf(), reason: error.to_string() })?;
    let list = toml::from_str(&text).map_err(|error| TidyError::Recorded { path: recorded.to_path_buf(), reason: error.to_string() })?;
    let mut shelf = Shelf { folder, recorded: list, codes, read: BTreeMap::new(), answers: None, answer: "" };
    let mut tables = BTreeMap::new();
    tables.extend(sweden::tables(&mut shelf)?);
    tables.extend(world::tables(&mut shelf)?);
    tables.extend(migration::tables(&mut shelf)?);
    tables.extend(outline::tables(&mut shelf)?);
    let sources: Vec<SourceRow> = shelf.read.into_values().collect();
    tables.extend([table(sources)?]);
    Ok(tables)
}
