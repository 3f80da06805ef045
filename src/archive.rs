//! What a run was made from, in one file beside its tables (`underlag.zip`): the method's files, the code lists and the figures. Unpacked it is a folder for
//! `--home`, so that a later version can make the run again and say what has changed since.

use std::io::{Cursor, Read as _, Write as _};
use std::path::{Path, PathBuf};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipArchive, ZipWriter};

use crate::config::{Config, ConfigError};
use crate::figures::{Figures, FiguresError};
use crate::manifest::Manifest;
use crate::tidy::sha256;

/// Its name in the run's folder.
pub const FILE: &str = "underlag.zip";

/// Where the figures are in it.
const FIGURES: &str = "data/bundled";
/// Files of `data/` that no run reads.
const NOT_READ: [&str; 1] = ["recorded.toml"];
/// Most files of an archive that is read.
const MOST_FILES: usize = 1_000;
/// Most bytes that it may unpack to.
const MOST_BYTES: u64 = 1 << 29;

/// The archive cannot be written or read.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    /// A file that was to go in cannot be read.
    #[error("cannot pack {path}: {reason}\nhint: the figures and data/ must stay as they are while a run is made")]
    Packed {
        /// The file.
        path: PathBuf,
        /// Why not.
        reason: String,
    },
    /// The run has none.
    #[error(
        "{run} has no {FILE}: {reason}\nhint: it lies beside the tables of a run with csv among its --formats; make that year again (--year, --county, --out) with the method and figures of then"
    )]
    Missing {
        /// The run's folder.
        run: PathBuf,
        /// The operating system's words.
        reason: String,
    },
    /// Its bytes, or those of a file in it, are not the run's own.
    #[error("{run}: {what} is not what the run was made from\nhint: `malmarknad verify` says what has been changed; make that run again")]
    Changed {
        /// The run's folder.
        run: PathBuf,
        /// What differs from the manifest.
        what: String,
    },
    /// It cannot be unpacked.
    #[error("{run}: {FILE} cannot be unpacked: {reason}\nhint: make that run again")]
    Damaged {
        /// The run's folder.
        run: PathBuf,
        /// Why not.
        reason: String,
    },
    /// This version cannot read its method or lists.
    #[error(
        "{run}: version {version} wrote a method that this version cannot read: {source}\nhint: make that year again with this version, and give the new folder"
    )]
    Method {
        /// The run's folder.
        run: PathBuf,
        /// The version that wrote it.
        version: String,
        /// What is wrong.
        source: Box<ConfigError>,
    },
    /// This version cannot read its figures.
    #[error(
        "{run}: version {version} wrote figures that this version cannot read: {source}\nhint: make that year again with this version, and give the new folder"
    )]
    Figures {
        /// The run's folder.
        run: PathBuf,
        /// The version that wrote it.
        version: String,
        /// What is wrong.
        source: Box<FiguresError>,
    },
}

/// Text from a file of somebody else's, short and without control characters.
pub(crate) fn told(text: &str) -> String {
    text.chars().take(60).flat_map(char::escape_debug).collect()
}

/// Names of the files of `folder` with one of `endings`, sorted.
fn files_of(folder: &Path, endings: &[&str]) -> Result<Vec<String>, ArchiveError> {
    let wrong = |error: std::io::Error| ArchiveError::Packed { path: folder.to_path_buf(), reason: error.to_string() };
    let mut names = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(wrong)? {
        let entry = entry.map_err(wrong)?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let is_wanted = Path::new(&name).extension().is_some_and(|ending| endings.iter().any(|wanted| ending == *wanted));
        if is_wanted && entry.path().is_file() {
            names.push(name);
        }
    }
    names.sort();
    Ok(names)
}

/// The archive of a run made with `config` and the figures in `folder`: the same bytes for the same content.
///
/// # Errors
/// A file cannot be read, or is no longer what the run read.
pub fn pack(config: &Config, figures: &Figures, folder: &Path) -> Result<Vec<u8>, ArchiveError> {
    let mut files: Vec<(String, PathBuf, Option<&String>)> = Vec::new();
    for name in files_of(&config.folder, &["toml", "csv"])?.into_iter().filter(|name| !NOT_READ.contains(&name.as_str())) {
        let hash = config.hashes.get(&name);
        files.push((format!("data/{name}"), config.folder.join(name), hash));
    }
    let mappings = config.folder.join("mappings");
    for name in files_of(&mappings, &["csv"])? {
        files.push((format!("data/mappings/{name}"), mappings.join(name), None));
    }
    let package = folder.join("datapackage.json");
    let paths = figures.paths(folder).map_err(|error| ArchiveError::Packed { path: package.clone(), reason: error.to_string() })?;
    files.push((format!("{FIGURES}/datapackage.json"), package, None));
    for (table, path) in paths {
        files.push((format!("{FIGURES}/{path}"), folder.join(path), figures.hashes.get(&table)));
    }
    files.sort();
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        // Sooner packed than by the default, for a file that is a seventh larger.
        .compression_level(Some(2))
        .last_modified_time(DateTime::default())
        .unix_permissions(0o644);
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, path, hash) in files {
        let wrong = |reason: String| ArchiveError::Packed { path: path.clone(), reason };
        let bytes = std::fs::read(&path).map_err(|error| wrong(error.to_string()))?;
        if hash.is_some_and(|hash| *hash != sha256(&bytes)) {
            return Err(wrong("it has been changed since the run began".to_owned()));
        }
        writer.start_file(name, options).map_err(|error| wrong(error.to_string()))?;
        writer.write_all(&bytes).map_err(|error| wrong(error.to_string()))?;
    }
    let packed = writer.finish().map_err(|error| ArchiveError::Packed { path: FILE.into(), reason: error.to_string() })?;
    Ok(packed.into_inner())
}

/// What an earlier run was made from.
#[derive(Clone, Debug)]
pub struct Underlay {
    /// Its method and lists.
    pub config: Config,
    /// Its figures.
    pub figures: Figures,
}

/// Unpacks `bytes` into `target`. No path may lead out of it, and no archive may swell beyond what figures need.
fn unpack(bytes: &[u8], target: &Path) -> Result<(), String> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| error.to_string())?;
    if archive.len() > MOST_FILES {
        return Err(format!("it holds {} files", archive.len()));
    }
    let mut left = MOST_BYTES;
    for position in 0..archive.len() {
        let mut file = archive.by_index(position).map_err(|error| error.to_string())?;
        let name = file.enclosed_name().filter(|name| name.starts_with("data") && file.is_file()).ok_or_else(|| {
            let name = file.name().map(|name| told(&name)).unwrap_or_default();
            format!("{name} is no file of data/")
        })?;
        let path = target.join(name);
        let mut content = Vec::new();
        file.by_ref().take(left + 1).read_to_end(&mut content).map_err(|error| error.to_string())?;
        left = left.checked_sub(content.len() as u64).ok_or_else(|| "it unpacks to too much".to_owned())?;
        crate::output::write_file(&path, &content).map_err(|error| error.to_string())?;
    }
    Ok(())
}

impl Underlay {
    /// Reads the archive of the run in `run`, and proves it by the run's manifest.
    ///
    /// # Errors
    /// It is missing, changed, damaged, or of a shape that this version cannot read.
    pub fn read(run: &Path, manifest: &Manifest) -> Result<Self, ArchiveError> {
        let path = run.join(FILE);
        let run = || run.to_path_buf();
        let bytes = std::fs::read(&path).map_err(|error| ArchiveError::Missing { run: run(), reason: error.to_string() })?;
        let hash = sha256(&bytes);
        if !manifest.outputs.iter().any(|output| output.path == FILE && output.sha256 == hash) {
            return Err(ArchiveError::Changed { run: run(), what: FILE.to_owned() });
        }
        let damaged = |reason: String| ArchiveError::Damaged { run: run(), reason };
        let folder = tempfile::tempdir().map_err(|error| damaged(error.to_string()))?;
        unpack(&bytes, folder.path()).map_err(damaged)?;
        let version = || told(&manifest.version);
        let config = Config::read(&folder.path().join("data")).map_err(|source| ArchiveError::Method {
            run: run(),
            version: version(),
            source: Box::new(source),
        })?;
        let figures = Figures::read(&folder.path().join(FIGURES), &config.codes).map_err(|source| ArchiveError::Figures {
            run: run(),
            version: version(),
            source: Box::new(source),
        })?;
        let now = crate::manifest::input_hashes(&config, &figures);
        if let Some(what) = manifest.changed_inputs(&now).first() {
            return Err(ArchiveError::Changed { run: run(), what: format!("{} in {FILE}", told(what)) });
        }
        Ok(Self { config, figures })
    }
}
