//! From flags and environment to ready objects: where the program's folder is, what the method says, which figures are used.

use std::path::{Path, PathBuf};

use crate::code::{Codes, County};
use crate::config::{Config, ConfigError};
use crate::figures::{Figures, FiguresError};

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
}

/// Which figures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DataChoice {
    /// The figures that came with the program.
    Bundled,
    /// A folder of the same shape.
    Folder(PathBuf),
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

    /// Reads the figures, with the folder they came from.
    ///
    /// # Errors
    /// Whatever is wrong with them.
    pub fn figures(&self, choice: &DataChoice, codes: &Codes) -> Result<(Figures, PathBuf), SettingsError> {
        let folder = match choice {
            DataChoice::Bundled => self.data().join("bundled"),
            DataChoice::Folder(folder) => folder.clone(),
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
