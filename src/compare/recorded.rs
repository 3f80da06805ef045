//! Finished runs as they are compared: what they were made from, made again, and held against what they wrote.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::analysis::{Analysis, analyse};
use crate::archive::{ArchiveError, Underlay, told};
use crate::code::{CodeError, County};
use crate::figures::FiguresError;
use crate::manifest::{Manifest, ManifestError};
use crate::settings::{SettingsError, keep_areas};
use crate::tidy::sha256;

/// The table that is held against what is made again.
const TABLE: &str = "data/markets.csv";
/// The columns of it that are read.
const COLUMNS: [&str; 6] = ["weighting", "market_type", "area", "market", "score", "rank"];
/// Two scores are the same that differ by no more than rounding does.
const TOLERANCE: f64 = 1e-9;

/// A run cannot be compared.
#[derive(Debug, thiserror::Error)]
pub enum RecordedError {
    /// It is no finished run.
    #[error(transparent)]
    Manifest(#[from] ManifestError),
    /// What it was made from is not at hand.
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    /// Its county is unknown.
    #[error(transparent)]
    Code(#[from] CodeError),
    /// Its areas are not in its method.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// Its figures are not old enough.
    #[error(transparent)]
    Figures(#[from] FiguresError),
    /// Its table cannot be read.
    #[error("{path}: {problem}\nhint: `malmarknad verify` says whether the run is as it was written; make it again with csv among --formats")]
    Table {
        /// The table.
        path: PathBuf,
        /// What is wrong.
        problem: String,
    },
    /// This version computes something else.
    #[error(
        "{run}: version {version} gave {difference} from the same method and figures\nhint: the computation has changed between the versions, so the runs cannot be compared as they are; make that year again with this version (unpack {archive} and give the folder as --home)",
        archive = crate::archive::FILE
    )]
    Computation {
        /// The run's folder.
        run: PathBuf,
        /// Version that wrote it.
        version: String,
        /// The first difference: market, area, score as written and now.
        difference: String,
    },
}

/// A finished run, made again from its archive.
#[derive(Clone, Debug)]
pub struct Recorded {
    /// Its manifest.
    pub manifest: Manifest,
    /// Its method and figures.
    pub underlay: Underlay,
    /// Its analysis, without the uncertainty.
    pub analysis: Analysis,
}

type Key = (String, String, String, String);

/// Scores and ranks as the run wrote them, as text; empty where there is none.
fn written(path: &Path, manifest: &Manifest) -> Result<BTreeMap<Key, (String, String)>, RecordedError> {
    let wrong = |problem: String| RecordedError::Table { path: path.to_path_buf(), problem };
    let bytes = std::fs::read(path).map_err(|error| wrong(error.to_string()))?;
    let hash = sha256(&bytes);
    if !manifest.outputs.iter().any(|output| output.path == TABLE && output.sha256 == hash) {
        return Err(wrong("its bytes are not those that the run wrote".to_owned()));
    }
    let mut reader = csv::Reader::from_reader(bytes.as_slice());
    let header = reader.headers().map_err(|error| wrong(error.to_string()))?.clone();
    let mut positions = [0; COLUMNS.len()];
    for (position, column) in positions.iter_mut().zip(COLUMNS) {
        *position = header.iter().position(|name| name == column).ok_or_else(|| wrong(format!("it lacks the column {column}")))?;
    }
    let mut rows = BTreeMap::new();
    for record in reader.records() {
        let record = record.map_err(|error| wrong(error.to_string()))?;
        let [weighting, kind, area, market, score, rank] = positions.map(|position| record[position].to_owned());
        rows.insert((weighting, kind, area, market), (score, rank));
    }
    Ok(rows)
}

impl Recorded {
    /// Reads the run in `folder`, makes its ranking again, and proves that it is the one that was written.
    ///
    /// # Errors
    /// No finished run, no archive or another than the manifest's, or a version that computes something else.
    pub fn read(folder: &Path) -> Result<Self, RecordedError> {
        let manifest = Manifest::read(folder)?;
        let mut underlay = Underlay::read(folder, &manifest)?;
        keep_areas(&mut underlay.config, &manifest.areas)?;
        let county: County = underlay.config.codes.county(&manifest.county, "manifest.json")?;
        let analysis = analyse(&underlay.figures, &underlay.config, county, manifest.year)?;
        let recorded = Self { manifest, underlay, analysis };
        recorded.prove(folder)?;
        Ok(recorded)
    }

    /// The run as it is compared.
    #[must_use]
    pub fn run(&self) -> super::Run<'_> {
        super::Run { config: &self.underlay.config, figures: &self.underlay.figures, analysis: &self.analysis }
    }

    fn prove(&self, folder: &Path) -> Result<(), RecordedError> {
        let path = folder.join(TABLE);
        let mut written = written(&path, &self.manifest)?;
        for ranking in &self.analysis.markets.rankings {
            for row in &ranking.scores {
                let weighting = ranking.weighting.clone().unwrap_or_default();
                let key = (weighting, ranking.kind.as_str().to_owned(), row.area.clone(), row.market.code().to_owned());
                let (then, rank) = written.remove(&key).unwrap_or_default();
                let same = match (then.parse::<f64>(), row.score) {
                    (Ok(then), Some(now)) => (then - now).abs() <= TOLERANCE && row.rank.map(|rank| rank.to_string()) == Some(rank),
                    (Err(_), None) => then.is_empty(),
                    _ => false,
                };
                if !same {
                    let none = || "none".to_owned();
                    let (then, now) = (if then.is_empty() { none() } else { told(&then) }, row.score.map_or_else(none, |score| score.to_string()));
                    let difference = format!("{} in {} the score {then}, this version gives {now}", row.market.code(), row.area);
                    return Err(RecordedError::Computation { run: folder.to_path_buf(), version: told(&self.manifest.version), difference });
                }
            }
        }
        match written.keys().next() {
            None => Ok(()),
            Some((weighting, kind, area, market)) => {
                let problem = format!("it ranks {} ({}, {}, {}), which this version does not", told(market), told(kind), told(area), told(weighting));
                Err(RecordedError::Table { path, problem })
            }
        }
    }
}
