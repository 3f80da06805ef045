//! Writing results so that a killed run leaves the last good one whole: everything is written to a folder beside the target first, then moved in.

use std::path::{Path, PathBuf};

/// A file that a run makes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct OutputFile {
    /// Its place in the run's folder, with `/` between folders.
    pub path: String,
    /// What it holds.
    pub bytes: Vec<u8>,
    /// Its SHA-256, hexadecimal: several descriptions tell it.
    pub sha256: String,
}

impl OutputFile {
    /// A file with its hash.
    #[must_use]
    pub fn new(path: impl Into<String>, bytes: Vec<u8>) -> Self {
        Self { path: path.into(), sha256: crate::tidy::sha256(&bytes), bytes }
    }
}

/// A result could not be written.
#[derive(Debug, thiserror::Error)]
#[error("cannot write {path}: {reason}\nhint: choose another folder with --out, or make room and rights for this one")]
pub struct OutputError {
    /// The file or folder.
    pub path: PathBuf,
    /// The operating system's words.
    pub reason: String,
}

fn refused(path: &Path) -> impl FnOnce(std::io::Error) -> OutputError {
    let path = path.to_path_buf();
    move |error| OutputError { path, reason: error.to_string() }
}

/// Writes a file and its folders.
///
/// # Errors
/// The file cannot be written.
pub fn write_file(path: &Path, bytes: &[u8]) -> Result<(), OutputError> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(refused(folder))?;
    }
    std::fs::write(path, bytes).map_err(refused(path))
}

/// A folder beside the target in which a run's files are gathered. Dropped without [`Staging::publish`], it is removed and the target is untouched.
#[derive(Debug)]
pub struct Staging {
    /// Where the files are written.
    pub folder: PathBuf,
    target: PathBuf,
}

impl Staging {
    /// Opens a staging folder for `target`, before any work is done, so that a folder that cannot be written is told at once.
    ///
    /// # Errors
    /// The target or its parent cannot be written.
    pub fn open(target: &Path) -> Result<Self, OutputError> {
        std::fs::create_dir_all(target).map_err(refused(target))?;
        let name = target.file_name().map_or_else(|| "run".to_owned(), |name| name.to_string_lossy().into_owned());
        let folder = target.with_file_name(format!(".{name}.{}.part", std::process::id()));
        std::fs::create_dir_all(&folder).map_err(refused(&folder))?;
        let staging = Self { folder, target: target.to_path_buf() };
        // Rights on the parent do not tell those on the target itself.
        let probe = target.join(".malmarknad-probe");
        std::fs::write(&probe, []).and_then(|()| std::fs::remove_file(&probe)).map_err(refused(target))?;
        Ok(staging)
    }

    /// Moves every file into the target, `last` at the end in their order, and returns how many there were.
    ///
    /// # Errors
    /// A file cannot be moved.
    pub fn publish(self, last: &[&str]) -> Result<usize, OutputError> {
        let mut files = Vec::new();
        list(&self.folder, Path::new(""), &mut files)?;
        files.sort();
        let (mut first, end): (Vec<PathBuf>, Vec<PathBuf>) = files.into_iter().partition(|file| !last.iter().any(|name| file == Path::new(name)));
        first.extend(end);
        for file in &first {
            let target = self.target.join(file);
            if let Some(folder) = target.parent() {
                std::fs::create_dir_all(folder).map_err(refused(folder))?;
            }
            std::fs::rename(self.folder.join(file), &target).map_err(refused(&target))?;
        }
        Ok(first.len())
    }
}

impl Drop for Staging {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
        // Only if the run made it and left it empty.
        let _ = std::fs::remove_dir(&self.target);
    }
}

/// The files below `folder`, relative to it.
fn list(folder: &Path, below: &Path, files: &mut Vec<PathBuf>) -> Result<(), OutputError> {
    let path = folder.join(below);
    for entry in std::fs::read_dir(&path).map_err(refused(&path))? {
        let entry = entry.map_err(refused(&path))?;
        let name = below.join(entry.file_name());
        if entry.file_type().map_err(refused(&path))?.is_dir() {
            list(folder, &name, files)?;
        } else {
            files.push(name);
        }
    }
    Ok(())
}
