//! From flags and environment to ready objects: where the program's folder is, what the method says, which figures are used.

use std::path::{Path, PathBuf};

use crate::code::{Codes, County};
use crate::config::{Config, ConfigError};
use crate::figures::{Figures, FiguresError};
use crate::snapshot::Store;
use crate::snapshot::figures::{Made, MakeError};
use crate::source::SOURCES;
use crate::tidy::sha256;

/// What is wrong with the settings.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// The program's folder is not found.
    #[error(
        "cannot find the program's folder: there is no data/method.toml in {start} or above it\nhint: run from the folder of malmarknad, or point to it with --home or MALMARKNAD_HOME"
    )]
    NoHome {
        /// Where the search began.
        start: PathBuf,
    },
    /// An unknown county.
    #[error("there is no county {county}\nhint: use two digits: {list}")]
    County {
        /// As typed.
        county: String,
        /// All codes with names.
        list: String,
    },
    /// An unknown area.
    #[error("there is no area {area}\nhint: the areas of data/areas.toml are {list}")]
    Area {
        /// As typed.
        area: String,
        /// All keys.
        list: String,
    },
    /// The configuration is wrong.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The figures are wrong.
    #[error(transparent)]
    Figures(#[from] FiguresError),
    /// The snapshots are wrong.
    #[error(transparent)]
    Snapshots(Box<MakeError>),
    /// The code lists cannot be read.
    #[error("cannot read {path}: {reason}\nhint: a fresh copy of the program has every list of data/mappings")]
    Lists {
        /// The file or folder.
        path: PathBuf,
        /// The operating system's words.
        reason: String,
    },
    /// A day where there are no snapshots.
    #[error("--as-of chooses among snapshots, and {folder} holds none\nhint: `malmarknad fetch` makes snapshots in data/snapshots")]
    AsOf {
        /// What was given.
        folder: String,
    },
}

/// Which figures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DataChoice {
    /// The figures that came with the program.
    Bundled,
    /// A folder of the same shape.
    Folder(PathBuf),
    /// A folder of snapshots.
    Snapshots {
        /// The folder.
        folder: PathBuf,
        /// The day until whose end snapshots count.
        until: Option<String>,
    },
}

/// The program's folder and what it holds.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The folder that holds `data/`.
    pub home: PathBuf,
}

impl Settings {
    /// Finds the program's folder: as given, else upwards from the current folder, else from the program itself, else where it was built.
    ///
    /// # Errors
    /// No such folder.
    pub fn find(home: Option<&Path>) -> Result<Self, SettingsError> {
        let is_home = |folder: &&Path| folder.join("data/method.toml").is_file();
        if let Some(home) = home {
            let found = Some(home).filter(|home| is_home(home));
            return found.map(|home| Self { home: home.to_path_buf() }).ok_or_else(|| SettingsError::NoHome { start: home.to_path_buf() });
        }
        let here = std::env::current_dir().unwrap_or_else(|_| PathBuf::from("."));
        let program = std::env::current_exe().ok();
        let built = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
        let starts = [Some(here.as_path()), program.as_deref(), Some(built.as_path())];
        let found = starts.into_iter().flatten().find_map(|start| start.ancestors().find(is_home));
        // A home that is the current folder is shown as such, not as a long path.
        found
            .map(|home| Self { home: if home == here { PathBuf::new() } else { home.to_path_buf() } })
            .ok_or(SettingsError::NoHome { start: here.clone() })
    }

    /// The folder `data/`.
    #[must_use]
    pub fn data(&self) -> PathBuf {
        self.home.join("data")
    }

    /// Reads the method, the lists and the code lists.
    ///
    /// # Errors
    /// Whatever is wrong with them.
    pub fn config(&self) -> Result<Config, SettingsError> {
        Ok(Config::read(&self.data())?)
    }

    /// The folder that `fetch` writes to.
    #[must_use]
    pub fn snapshots(&self) -> PathBuf {
        self.data().join("snapshots")
    }

    /// Whether every source has been fetched. A damaged receipt counts as none here; who uses the snapshots is told of it.
    #[must_use]
    pub fn has_every_snapshot(&self) -> bool {
        let store = Store::new(&self.snapshots());
        Store::is_one(store.folder())
            && SOURCES.iter().filter(|source| !source.by_hand).all(|source| store.newest(source.key, None).ok().flatten().is_some())
    }

    /// One hash for the code lists: what snapshots are understood with.
    fn lists(&self) -> Result<String, SettingsError> {
        let folder = self.data().join("mappings");
        let wrong = |path: &Path, error: std::io::Error| SettingsError::Lists { path: path.to_path_buf(), reason: error.to_string() };
        let mut paths: Vec<PathBuf> =
            std::fs::read_dir(&folder).map_err(|error| wrong(&folder, error))?.flatten().map(|entry| entry.path()).collect();
        paths.retain(|path| path.extension().is_some_and(|ending| ending == "csv"));
        paths.sort();
        let mut all = String::new();
        for path in paths {
            all.push_str(&sha256(&std::fs::read(&path).map_err(|error| wrong(&path, error))?));
        }
        Ok(sha256(all.as_bytes()))
    }

    /// The figures of snapshots, put together with the bundled ones.
    ///
    /// # Errors
    /// A snapshot that is damaged or cannot be understood.
    pub fn of_snapshots(&self, folder: &Path, until: Option<&str>, codes: &Codes) -> Result<Made, SettingsError> {
        crate::snapshot::figures::folder(&Store::new(folder), &self.data().join("bundled"), codes, &self.lists()?, until)
            .map_err(|error| SettingsError::Snapshots(Box::new(error)))
    }

    /// Reads the figures, with the folder they came from.
    ///
    /// # Errors
    /// Whatever is wrong with them.
    pub fn figures(&self, choice: &DataChoice, codes: &Codes) -> Result<(Figures, PathBuf), SettingsError> {
        let folder = match choice {
            DataChoice::Bundled => self.data().join("bundled"),
            DataChoice::Folder(folder) => folder.clone(),
            DataChoice::Snapshots { folder, until } => self.of_snapshots(folder, until.as_deref(), codes)?.folder,
        };
        Ok((Figures::read(&folder, codes)?, folder))
    }
}

/// The county as typed.
///
/// # Errors
/// It is not one of the 21.
pub fn county(codes: &Codes, typed: &str) -> Result<County, SettingsError> {
    codes.county(typed, "--county").map_err(|_| SettingsError::County {
        county: typed.chars().take(40).collect(),
        list: codes.counties().map(|(code, info)| format!("{code} {}", info.swedish)).collect::<Vec<_>>().join(", "),
    })
}

/// Keeps only the areas named; all of them where none is.
///
/// # Errors
/// A name that no area has.
pub fn keep_areas(config: &mut Config, names: &[String]) -> Result<(), SettingsError> {
    for name in names {
        if !config.areas.iter().any(|area| area.key == *name) {
            return Err(SettingsError::Area {
                area: name.chars().take(60).collect(),
                list: config.areas.iter().map(|area| area.key.as_str()).collect::<Vec<_>>().join(", "),
            });
        }
    }
    if !names.is_empty() {
        config.areas.retain(|area| names.contains(&area.key));
    }
    Ok(())
}
