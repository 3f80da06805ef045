//! The manifest of a run: what went in and what came out, each with its hash, so that a run can be proved and repeated.

use std::collections::BTreeMap;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::config::Config;
use crate::figures::Figures;
use crate::language::Language;
use crate::tidy::sha256;

/// The manifest's name in the run's folder.
pub const FILE: &str = "manifest.json";

/// A file with its hash.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hashed {
    /// Name, or path below the run's folder.
    pub path: String,
    /// Size in bytes.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub bytes: Option<u64>,
    /// SHA-256.
    pub sha256: String,
}

/// `manifest.json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// Always `malmarknad`.
    pub program: String,
    /// The program's version.
    pub version: String,
    /// County.
    pub county: String,
    /// Year.
    pub year: i32,
    /// Replicates of the uncertainty analysis.
    pub replicates: usize,
    /// Its seed.
    pub seed: u32,
    /// Language tag of the reports; left out of the file where it is Swedish, as it was before there was a choice.
    #[serde(default = "swedish", skip_serializing_if = "is_swedish")]
    pub language: String,
    /// Keys of the areas.
    pub areas: Vec<String>,
    /// `bundled` or the folder's name.
    pub data: String,
    /// Formats written.
    pub formats: Vec<String>,
    /// One hash for all that the method says.
    pub method_sha256: String,
    /// The table of the earlier run that this one was held against.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous: Option<Hashed>,
    /// The method's files and the tidy tables that were read.
    pub inputs: Vec<Hashed>,
    /// The publishers' files behind the tables: key, when retrieved, hash.
    pub receipts: Vec<Receipt>,
    /// Everything that was written but this file.
    pub outputs: Vec<Hashed>,
}

fn swedish() -> String {
    Language::Swedish.tag().to_owned()
}

fn is_swedish(language: &str) -> bool {
    language == Language::Swedish.tag()
}

/// The receipt of a publisher's file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// Key of the source.
    pub source: String,
    /// When it was retrieved.
    pub retrieved: String,
    /// SHA-256 of the publisher's bytes.
    pub sha256: String,
}

/// A manifest cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("cannot read the manifest {path}: {reason}\nhint: a finished run has one; run `malmarknad run` again if it is damaged")]
pub struct ManifestError {
    /// The file.
    pub path: String,
    /// Why not.
    pub reason: String,
}

/// Hashes of everything that a run reads, by the name in its manifest.
#[must_use]
pub fn input_hashes(config: &Config, figures: &Figures) -> BTreeMap<String, String> {
    let method = config.hashes.iter().map(|(name, hash)| (format!("data/{name}"), hash.clone()));
    let tables = figures.hashes.iter().map(|(name, hash)| (format!("table {name}"), hash.clone()));
    method.chain(tables).collect()
}

impl Manifest {
    /// Reads the manifest of the run in `folder`.
    ///
    /// # Errors
    /// It is missing or damaged.
    pub fn read(folder: &Path) -> Result<Self, ManifestError> {
        let path = folder.join(FILE);
        let wrong = |reason: String| ManifestError { path: path.display().to_string(), reason };
        let text = std::fs::read_to_string(&path).map_err(|error| wrong(error.to_string()))?;
        serde_json::from_str(&text).map_err(|error| wrong(error.to_string()))
    }

    /// What is wrong with the outputs in `folder`: each with what was found.
    #[must_use]
    pub fn differences(&self, folder: &Path) -> Vec<String> {
        let check = |output: &Hashed| match std::fs::read(folder.join(&output.path)) {
            Err(error) => Some(format!("{}: {error}", output.path)),
            Ok(bytes) if sha256(&bytes) != output.sha256 => Some(format!("{}: its bytes have changed", output.path)),
            Ok(_) => None,
        };
        self.outputs.iter().filter_map(check).collect()
    }

    /// What differs between this run's inputs and those of today: a run is repeated to the byte only where nothing does.
    #[must_use]
    pub fn changed_inputs(&self, now: &BTreeMap<String, String>) -> Vec<String> {
        self.inputs.iter().filter(|input| now.get(&input.path) != Some(&input.sha256)).map(|input| input.path.clone()).collect()
    }
}
