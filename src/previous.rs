//! The places of an earlier run, read from its folder, to be held against this one's.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::archive::ArchiveError;
use crate::compare::recorded::{Recorded, RecordedError};
use crate::compare::{Comparison, Run, compare};
use crate::demand::CountyDemand;
use crate::manifest::{Hashed, Manifest, ManifestError};
use crate::tidy::sha256;

/// The table that is read.
const TABLE: &str = "data/markets.csv";
/// The table that says what the occupations were rated by.
const DEMAND: &str = "data/demand.csv";
/// Its columns of the points of Arbetsförmedlingen's assessment; an occupation has it where either holds something.
const OF_SERVICE: [&str; 2] = ["recruitment", "outlook"];

/// Columns that the places are taken from; those of another version may have others besides.
const COLUMNS: [&str; 8] = ["weighting", "market_type", "area", "market", "tier", "rank_median", "rank_p05", "rank_p95"];

/// The earlier run cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum PreviousError {
    /// It is no finished run.
    #[error("--previous: {0}")]
    Manifest(ManifestError),
    /// It is of another county.
    #[error(
        "--previous: {path} is a run of county {found}, this one is of county {wanted}\nhint: give the folder of an earlier run of county {wanted}, <year>-{wanted}"
    )]
    County {
        /// The folder.
        path: PathBuf,
        /// Its county.
        found: String,
        /// This run's.
        wanted: String,
    },
    /// The table is missing.
    #[error("--previous: cannot read {path}: {reason}\nhint: the earlier run must have been written with --formats csv among its formats")]
    Missing {
        /// The table.
        path: PathBuf,
        /// The operating system's words.
        reason: String,
    },
    /// Its bytes are not those that the run wrote.
    #[error("--previous: {path} has been changed since its run\nhint: `malmarknad verify` says what else has; make the earlier run again")]
    Changed {
        /// The table.
        path: PathBuf,
    },
    /// Another version wrote other columns.
    #[error(
        "--previous: {path} lacks the column {column}\nhint: the run was made by version {version}, whose table is of another shape; run that year again with this version and give the new folder"
    )]
    Columns {
        /// The table.
        path: PathBuf,
        /// What is absent.
        column: &'static str,
        /// Version that wrote it.
        version: String,
    },
    /// A row cannot be read.
    #[error("--previous: {path}: row {row}: {problem}\nhint: `malmarknad verify` says whether the run is as it was written")]
    Row {
        /// The table.
        path: PathBuf,
        /// Row from 1 after the header.
        row: usize,
        /// What is wrong.
        problem: String,
    },
}

// Not as its source: what it says is in this error's own words, and would be printed twice.
impl From<ManifestError> for PreviousError {
    fn from(error: ManifestError) -> Self {
        Self::Manifest(error)
    }
}

/// How many of a county's occupations have Arbetsförmedlingen's assessment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Assessed {
    /// So many.
    pub occupations: usize,
    /// Of so many that the register has.
    pub of: usize,
}

impl Assessed {
    /// Of the run that is made.
    #[must_use]
    pub fn of(demand: &CountyDemand) -> Self {
        let rows = demand.occupations.values();
        Self { occupations: rows.filter(|row| !row.without_assessment).count(), of: demand.occupations.len() }
    }

    /// Whether two runs rest on the assessment alike, so that what they count can be held against each other: neither has less than half the other's share.
    /// Where one has none, hardly any occupation is rated as short in it, whatever the county is short of.
    #[must_use]
    pub fn is_like(self, other: Self) -> bool {
        // The shares over the same denominator.
        let (own, theirs) = (self.occupations * other.of, other.occupations * self.of);
        2 * own.min(theirs) >= own.max(theirs)
    }
}

/// A market's place in the earlier run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PreviousPlace {
    /// Tier, 1 first.
    pub tier: u32,
    /// Median rank.
    pub median: f64,
    /// 5th percentile of the rank.
    pub p05: f64,
    /// 95th percentile.
    pub p95: f64,
}

/// An earlier run.
#[derive(Clone, Debug, PartialEq)]
pub struct Previous {
    /// Its year.
    pub year: i32,
    /// Whether its method was the same as now.
    pub same_method: bool,
    /// The table that was read, for the manifest: name of the run's folder, no machine's path.
    pub input: Hashed,
    /// Places by weighting (empty for counties), area and market's code.
    pub places: BTreeMap<(String, String, String), PreviousPlace>,
    /// What its occupations were rated by; `None` where it did not write that.
    pub assessed: Option<Assessed>,
    /// What the changes since are due to; `None` until [`Previous::compared`], and where it cannot be said.
    pub comparison: Option<Comparison>,
}

impl Previous {
    /// Reads the run in `folder`, which must be of `county`.
    ///
    /// # Errors
    /// No finished run, another county, a table that is missing, changed or of another shape.
    pub fn read(folder: &Path, county: &str, method_sha256: &str) -> Result<Self, PreviousError> {
        let manifest = Manifest::read(folder)?;
        if manifest.county != county {
            let found = manifest.county.chars().take(20).flat_map(char::escape_debug).collect();
            return Err(PreviousError::County { path: folder.to_path_buf(), found, wanted: county.to_owned() });
        }
        let (path, bytes, hash) = table(folder, &manifest, TABLE)?;
        let assessed = if manifest.outputs.iter().any(|output| output.path == DEMAND) {
            let (path, bytes, _) = table(folder, &manifest, DEMAND)?;
            assessed(&bytes, &path)?
        } else {
            None
        };
        let version: String = manifest.version.chars().take(20).flat_map(char::escape_debug).collect();
        let name = format!("{}-{county}/{TABLE}", manifest.year);
        Ok(Self {
            year: manifest.year,
            same_method: manifest.method_sha256 == method_sha256,
            input: Hashed { path: name, bytes: Some(bytes.len() as u64), sha256: hash },
            places: places(&bytes, &path, &version)?,
            assessed,
            comparison: None,
        })
    }

    /// The same with what the changes until `now` are due to, and a warning where that cannot be said: the places can be held against each other without it.
    ///
    /// # Errors
    /// The run in `folder` has been changed since it was written.
    pub fn compared(self, folder: &Path, now: Run) -> Result<(Self, Option<String>), PreviousError> {
        let found = Recorded::read(folder).and_then(|recorded| Ok(compare(recorded.run(), now)?));
        match found {
            Ok(comparison) => Ok((Self { comparison: Some(comparison), ..self }, None)),
            Err(RecordedError::Archive(ArchiveError::Changed { .. } | ArchiveError::Damaged { .. })) => {
                Err(PreviousError::Changed { path: folder.join(crate::archive::FILE) })
            }
            Err(error) => Ok((self, Some(error.to_string()))),
        }
    }
}

/// A table of the run in `folder` with its path and hash, proved by the manifest.
fn table(folder: &Path, manifest: &Manifest, name: &str) -> Result<(PathBuf, Vec<u8>, String), PreviousError> {
    let path = folder.join(name);
    let bytes = std::fs::read(&path).map_err(|error| PreviousError::Missing { path: path.clone(), reason: error.to_string() })?;
    let hash = sha256(&bytes);
    if manifest.outputs.iter().any(|output| output.path == name && output.sha256 != hash) {
        return Err(PreviousError::Changed { path });
    }
    Ok((path, bytes, hash))
}

/// How many occupations the Service had assessed; `None` where another version wrote other columns.
fn assessed(bytes: &[u8], path: &Path) -> Result<Option<Assessed>, PreviousError> {
    let mut reader = csv::Reader::from_reader(bytes);
    let wrong = |row: usize, problem: String| PreviousError::Row { path: path.to_path_buf(), row, problem };
    let header = reader.headers().map_err(|error| wrong(0, error.to_string()))?.clone();
    let positions: Option<Vec<usize>> = OF_SERVICE.iter().map(|column| header.iter().position(|name| name == *column)).collect();
    let Some(positions) = positions else { return Ok(None) };
    let mut found = Assessed { occupations: 0, of: 0 };
    for (index, record) in reader.records().enumerate() {
        let record = record.map_err(|error| wrong(index + 1, error.to_string()))?;
        found.of += 1;
        found.occupations += usize::from(positions.iter().any(|position| !record[*position].is_empty()));
    }
    Ok(Some(found))
}

fn places(bytes: &[u8], path: &Path, version: &str) -> Result<BTreeMap<(String, String, String), PreviousPlace>, PreviousError> {
    let mut reader = csv::Reader::from_reader(bytes);
    let wrong = |row: usize, problem: String| PreviousError::Row { path: path.to_path_buf(), row, problem };
    let header = reader.headers().map_err(|error| wrong(0, error.to_string()))?.clone();
    let mut positions = [0; COLUMNS.len()];
    for (position, column) in positions.iter_mut().zip(COLUMNS) {
        *position = header.iter().position(|name| name == column).ok_or_else(|| PreviousError::Columns {
            path: path.to_path_buf(),
            column,
            version: version.to_owned(),
        })?;
    }
    let mut places = BTreeMap::new();
    for (index, record) in reader.records().enumerate() {
        let record = record.map_err(|error| wrong(index + 1, error.to_string()))?;
        let [weighting, kind, area, market, tier, median, p05, p95] = positions.map(|position| &record[position]);
        // A market that is not ranked, or whose place's uncertainty was not computed, has no place to compare.
        if !["country", "county"].contains(&kind) || tier.is_empty() {
            continue;
        }
        let rank = |text: &str| {
            let value = text.parse::<f64>().ok().filter(|value| (1.0..1e6).contains(value));
            value.ok_or_else(|| wrong(index + 1, format!("{} is no rank", text.chars().take(40).flat_map(char::escape_debug).collect::<String>())))
        };
        let place = PreviousPlace { tier: rank(tier)? as u32, median: rank(median)?, p05: rank(p05)?, p95: rank(p95)? };
        let key = (weighting.to_owned(), area.to_owned(), market.to_owned());
        if places.insert(key, place).is_some() {
            return Err(wrong(index + 1, "a second place for the same market".to_owned()));
        }
    }
    Ok(places)
}
