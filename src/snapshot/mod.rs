//! Snapshots: what publishers sent, byte for byte, named by its hash, with a receipt beside it. Everything is written under another name first and renamed, so
//! that a fetch that is killed leaves only whole files; what was fetched of an unfinished source is gone on with.

pub mod changes;
pub mod figures;

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::source::{Answers, Source};

/// What is wrong with the snapshots.
#[derive(Debug, thiserror::Error)]
pub enum SnapshotError {
    /// A file cannot be read or written.
    #[error("{path}: {reason}\nhint: the folder of snapshots needs room and rights; `malmarknad verify` says what is whole")]
    File {
        /// The file.
        path: PathBuf,
        /// The operating system's words.
        reason: String,
    },
    /// A receipt is damaged.
    #[error("{path} is no receipt: {reason}\nhint: move the file away; the snapshot before it is used then, and `malmarknad fetch` makes a new one")]
    Receipt {
        /// The file.
        path: PathBuf,
        /// The parser's words.
        reason: String,
    },
    /// The bytes are not those of the receipt.
    #[error("{path} is not what its receipt says: expected {expected}, found {found}\nhint: move the file away and fetch the source again")]
    Changed {
        /// The file.
        path: PathBuf,
        /// Hash in the receipt.
        expected: String,
        /// Hash of the bytes.
        found: String,
    },
    /// Another fetch is at work.
    #[error("another fetch is writing to {path}\nhint: wait until it has ended; two at a time would ask the publishers twice")]
    Locked {
        /// The folder.
        path: PathBuf,
    },
    /// Nothing was fetched by then.
    #[error("no snapshot from {day} or before\nhint: `malmarknad sources --snapshots` lists those that there are")]
    NoneBy {
        /// The day asked for.
        day: String,
    },
}

fn of_file(path: &Path) -> impl FnOnce(std::io::Error) -> SnapshotError {
    let path = path.to_path_buf();
    move |error| SnapshotError::File { path, reason: error.to_string() }
}

/// A kept answer in a receipt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kept {
    /// Name of the call.
    pub name: String,
    /// Address as asked.
    pub url: String,
    /// What was posted.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub body: Option<String>,
    /// When it came, UTC.
    pub retrieved: String,
    /// HTTP status.
    pub status: u16,
    /// Media type.
    pub media_type: String,
    /// `ETag`.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub etag: Option<String>,
    /// `Last-Modified`: when the publisher says it was changed.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub last_modified: Option<String>,
    /// Size.
    pub bytes: u64,
    /// SHA-256 of the bytes as received.
    pub sha256: String,
}

/// The receipt of a snapshot: a source's answers, whole, and understood.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Receipt {
    /// Key of the source.
    pub source: String,
    /// The publisher's name of the dataset.
    pub dataset: String,
    /// Title.
    pub title: String,
    /// Publisher.
    pub publisher: String,
    /// Page of the dataset.
    pub page: String,
    /// Licence.
    pub licence: String,
    /// Attribution line.
    pub attribution: String,
    /// When the last answer came, UTC.
    pub retrieved: String,
    /// The year that was asked for.
    pub year: i32,
    /// Rows read.
    pub rows: i64,
    /// Span of periods.
    pub period: String,
    /// Version of the program.
    pub tool_version: String,
    /// The answers.
    pub answers: Vec<Kept>,
}

impl Receipt {
    /// The day of the snapshot.
    #[must_use]
    pub fn day(&self) -> &str {
        self.retrieved.get(..10).unwrap_or(&self.retrieved)
    }

    /// One hash for all the answers: that of the only one, or of the list of names and hashes.
    #[must_use]
    pub fn sha256(&self) -> String {
        if let [only] = self.answers.as_slice() {
            return only.sha256.clone();
        }
        let list: Vec<String> = self.answers.iter().map(|answer| format!("{} {}\n", answer.name, answer.sha256)).collect();
        crate::tidy::sha256(list.concat().as_bytes())
    }
}

/// What has been fetched of a source that is not finished.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UnderWay {
    /// The year asked for.
    pub year: i32,
    /// Version of the program: another may ask otherwise.
    pub tool_version: String,
    /// The addresses asked.
    pub bases: Vec<String>,
    /// When it was begun, UTC.
    pub begun: String,
    /// What has come.
    pub answers: Vec<Kept>,
}

/// What the last try came to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attempt {
    /// When, UTC.
    pub at: String,
    /// Whether the publisher's figures are at hand after it.
    pub succeeded: bool,
    /// Why not; empty where they are.
    pub reason: String,
}

/// The folder of snapshots.
#[derive(Clone, Debug)]
pub struct Store {
    folder: PathBuf,
}

/// A name that may be part of a path: what the program itself calls sources and answers.
fn is_plain(name: &str) -> bool {
    !name.is_empty() && name.len() <= 100 && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-_".contains(&byte))
}

fn is_hash(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
}

/// Writes a file under another name, to the disk, and renames it.
fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), SnapshotError> {
    let folder = path.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder).map_err(of_file(folder))?;
    let mut file = tempfile::Builder::new().prefix(".part-").tempfile_in(folder).map_err(of_file(folder))?;
    file.write_all(bytes).and_then(|()| file.as_file().sync_all()).map_err(of_file(path))?;
    file.persist(path).map(|_| ()).map_err(|error| SnapshotError::File { path: path.to_path_buf(), reason: error.to_string() })
}

fn write_json<T: Serialize>(path: &Path, value: &T) -> Result<(), SnapshotError> {
    let text = serde_json::to_string_pretty(value).map_err(|error| SnapshotError::File { path: path.to_path_buf(), reason: error.to_string() })?;
    write_whole(path, format!("{text}\n").as_bytes())
}

fn read_json<T: for<'de> Deserialize<'de>>(path: &Path) -> Result<Option<T>, SnapshotError> {
    match std::fs::read(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(of_file(path)(error)),
        Ok(bytes) => {
            serde_json::from_slice(&bytes).map(Some).map_err(|error| SnapshotError::Receipt { path: path.to_path_buf(), reason: error.to_string() })
        }
    }
}

/// Held while a fetch writes.
#[derive(Debug)]
pub struct Lock(File);

impl Drop for Lock {
    fn drop(&mut self) {
        // Closing the file is not enough: a process that is being started beside this one holds a copy of it for a moment.
        let _ = self.0.unlock();
    }
}

impl Store {
    /// The snapshots in `folder`, which need not exist yet.
    #[must_use]
    pub fn new(folder: &Path) -> Self {
        Self { folder: folder.to_path_buf() }
    }

    /// The folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Whether a folder is one of snapshots.
    #[must_use]
    pub fn is_one(folder: &Path) -> bool {
        folder.join("receipts").is_dir()
    }

    /// Takes the folder for a fetch, and clears what a killed one left half written.
    ///
    /// # Errors
    /// Another fetch has it, or it cannot be written.
    pub fn lock(&self) -> Result<Lock, SnapshotError> {
        let objects = self.folder.join("objects");
        std::fs::create_dir_all(&objects).map_err(of_file(&objects))?;
        let path = self.folder.join(".lock");
        let file = File::options().create(true).truncate(false).write(true).open(&path).map_err(of_file(&path))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(std::fs::TryLockError::WouldBlock) => return Err(SnapshotError::Locked { path: self.folder.clone() }),
            Err(std::fs::TryLockError::Error(error)) => return Err(of_file(&path)(error)),
        }
        for entry in std::fs::read_dir(&objects).map_err(of_file(&objects))?.flatten() {
            if entry.file_name().to_string_lossy().starts_with(".part-") {
                let _ = std::fs::remove_file(entry.path());
            }
        }
        Ok(Lock(file))
    }

    /// Where a body is written while it comes.
    #[must_use]
    pub fn arriving(&self) -> PathBuf {
        self.folder.join("objects").join(format!(".part-{}", std::process::id()))
    }

    /// The file of a hash.
    #[must_use]
    pub fn object(&self, sha256: &str) -> PathBuf {
        self.folder.join("objects").join(sha256.get(..2).unwrap_or("xx")).join(sha256)
    }

    /// Gives an arrived body its place.
    ///
    /// # Errors
    /// It cannot be moved.
    pub fn keep(&self, arrived: &Path, sha256: &str) -> Result<PathBuf, SnapshotError> {
        let path = self.object(sha256);
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(of_file(folder))?;
        }
        std::fs::rename(arrived, &path).map_err(of_file(&path))?;
        Ok(path)
    }

    fn of(&self, source: &str) -> PathBuf {
        self.folder.join("receipts").join(source)
    }

    /// The receipts of a source, oldest first.
    ///
    /// # Errors
    /// One that cannot be read.
    pub fn receipts(&self, source: &str) -> Result<Vec<Receipt>, SnapshotError> {
        let folder = self.of(source);
        let Ok(entries) = std::fs::read_dir(&folder) else { return Ok(Vec::new()) };
        let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
        // Their names begin with the time.
        paths.retain(|path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(|first: char| first.is_ascii_digit())));
        paths.retain(|path| path.extension().is_some_and(|ending| ending == "json"));
        paths.sort();
        let mut receipts = Vec::new();
        for path in paths {
            let receipt: Option<Receipt> = read_json(&path)?;
            let receipt = receipt.ok_or_else(|| SnapshotError::Receipt { path: path.clone(), reason: "it is gone".to_owned() })?;
            let sound = receipt.source == source && receipt.answers.iter().all(|answer| is_plain(&answer.name) && is_hash(&answer.sha256));
            if !sound {
                return Err(SnapshotError::Receipt { path, reason: "it is of another source, or names an answer that no fetch makes".to_owned() });
            }
            receipts.push(receipt);
        }
        Ok(receipts)
    }

    /// The newest snapshot of a source, or the newest until the end of a day.
    ///
    /// # Errors
    /// A receipt that cannot be read.
    pub fn newest(&self, source: &str, until: Option<&str>) -> Result<Option<Receipt>, SnapshotError> {
        let mut receipts = self.receipts(source)?;
        receipts.retain(|receipt| until.is_none_or(|day| receipt.day() <= day));
        Ok(receipts.pop())
    }

    /// Writes a receipt: from now on it is the newest snapshot.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn commit(&self, receipt: &Receipt) -> Result<(), SnapshotError> {
        let stamp: String = receipt.retrieved.chars().filter(|character| !":.".contains(*character)).collect();
        write_json(&self.of(&receipt.source).join(format!("{stamp}.json")), receipt)?;
        self.forget_under_way(&receipt.source)
    }

    /// What has been fetched of an unfinished source; what cannot be gone on with is as if it were not there.
    #[must_use]
    pub fn under_way(&self, source: &str) -> Option<UnderWay> {
        let under_way: UnderWay = read_json(&self.of(source).join("under-way.json")).ok().flatten()?;
        under_way.answers.iter().all(|answer| is_plain(&answer.name) && is_hash(&answer.sha256)).then_some(under_way)
    }

    /// Notes what has been fetched so far.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn note_under_way(&self, source: &str, under_way: &UnderWay) -> Result<(), SnapshotError> {
        write_json(&self.of(source).join("under-way.json"), under_way)
    }

    /// Begins a source anew.
    ///
    /// # Errors
    /// The note cannot be removed.
    pub fn forget_under_way(&self, source: &str) -> Result<(), SnapshotError> {
        let path = self.of(source).join("under-way.json");
        match std::fs::remove_file(&path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(of_file(&path)(error)),
            _ => Ok(()),
        }
    }

    /// Notes what a try came to.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn note_attempt(&self, source: &str, attempt: &Attempt) -> Result<(), SnapshotError> {
        write_json(&self.of(source).join("last-attempt.json"), attempt)
    }

    /// What the last try came to.
    ///
    /// # Errors
    /// The note is damaged.
    pub fn attempt(&self, source: &str) -> Result<Option<Attempt>, SnapshotError> {
        read_json(&self.of(source).join("last-attempt.json"))
    }

    /// The answers of a receipt, every one proved.
    ///
    /// # Errors
    /// A file that is missing or has changed.
    pub fn answers(&self, receipt: &Receipt) -> Result<Answers, SnapshotError> {
        let mut kept = BTreeMap::new();
        for answer in &receipt.answers {
            self.prove(answer)?;
            kept.insert(answer.name.clone(), self.object(&answer.sha256));
        }
        Ok(Answers { kept, refused: BTreeMap::new() })
    }

    /// Proves that an answer's bytes are those of its receipt.
    ///
    /// # Errors
    /// They are not, or the file is gone.
    pub fn prove(&self, answer: &Kept) -> Result<(), SnapshotError> {
        let path = self.object(&answer.sha256);
        let mut file = File::open(&path).map_err(of_file(&path))?;
        let mut hash = Sha256::new();
        let mut buffer = vec![0; 1 << 16];
        loop {
            let read = file.read(&mut buffer).map_err(of_file(&path))?;
            if read == 0 {
                break;
            }
            hash.update(&buffer[..read]);
        }
        let found = crate::tidy::hexadecimal(&hash.finalize());
        if found == answer.sha256 { Ok(()) } else { Err(SnapshotError::Changed { path, expected: answer.sha256.clone(), found }) }
    }
}

/// A receipt of answers that have been understood.
#[must_use]
pub fn receipt(source: &Source, answers: Vec<Kept>, year: i32, rows: i64, period: String) -> Receipt {
    Receipt {
        source: source.key.to_owned(),
        dataset: source.dataset.to_owned(),
        title: source.title.to_owned(),
        publisher: source.publisher.to_owned(),
        page: source.page.to_owned(),
        licence: source.licence.to_owned(),
        attribution: source.attribution.to_owned(),
        retrieved: answers.iter().map(|answer| answer.retrieved.as_str()).max().unwrap_or_default().to_owned(),
        year,
        rows,
        period,
        tool_version: env!("CARGO_PKG_VERSION").to_owned(),
        answers,
    }
}
