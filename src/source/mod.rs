//! What is fetched from whom: the table [`SOURCES`], one file a publisher. A source is pure: it says which calls are to be made, given the answers so far,
//! and makes tidy tables of the answers. Asking, waiting, keeping and resuming are [`crate::fetch`]'s.

mod arbetsformedlingen;
mod cepii;
mod ela;
mod eurostat;
mod ilostat;
mod jobtech;
mod migrationsverket;
mod passport_index;
mod scb;
mod un_desa;
mod who;
mod world_bank;

use std::collections::BTreeMap;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use crate::code::Codes;
use crate::tidy::dataset::SourceRow;
use crate::tidy::{Shelf, TidyError};

/// As much of a body as is looked at to tell what it is.
pub const HEAD_BYTES: u64 = 65_536;

/// What a body must be, told from its first bytes and, where the format allows it, proved to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Body {
    /// JSON, read to its end.
    Json,
    /// Text of rows: never markup.
    Rows,
    /// Rows packed with gzip, unpacked to the end.
    Gzip,
    /// A workbook: .xlsx, whose parts may not unpack beyond a bound, or .xls.
    Workbook,
    /// A packed archive too large to be unpacked before it is used; its directory is read.
    Archive,
    /// A page.
    Page,
}

impl Body {
    /// The largest body of this kind that is taken, in bytes: some ten times the largest that the publishers have today.
    #[must_use]
    pub fn most_bytes(self) -> u64 {
        match self {
            Self::Json | Self::Rows | Self::Gzip => 300_000_000,
            Self::Workbook => 60_000_000,
            Self::Archive => 4_000_000_000,
            Self::Page => 10_000_000,
        }
    }

    /// What it is, for a message.
    #[must_use]
    pub fn told(self) -> &'static str {
        match self {
            Self::Json => "JSON",
            Self::Rows => "rows of text",
            Self::Gzip => "packed rows",
            Self::Workbook => "a workbook",
            Self::Archive => "a packed archive",
            Self::Page => "a page",
        }
    }
}

/// One request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// Names the answer within its source: lower-case letters, digits and hyphens. A call that is asked differently has another name.
    pub name: String,
    /// What is asked for, for the progress line.
    pub what: String,
    /// Which of the source's addresses it is below.
    pub base: usize,
    /// Path and query below that address, percent-encoded.
    pub path: String,
    /// JSON to post; absent: GET.
    pub body: Option<String>,
    /// What the answer must be.
    pub expects: Body,
    /// Cells asked for, where the service has a limit on them.
    pub cells: Option<u64>,
}

impl Call {
    /// A GET.
    fn get(name: impl Into<String>, what: impl Into<String>, path: impl Into<String>, expects: Body) -> Self {
        Self { name: name.into(), what: what.into(), base: 0, path: path.into(), body: None, expects, cells: None }
    }
}

/// Why a call got no answer: what the publisher said or did, with the remedy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// What happened.
    pub reason: String,
    /// The service asks for less at a time.
    pub too_large: bool,
}

/// The answers of a source so far, and the calls that were refused.
#[derive(Clone, Debug, Default)]
pub struct Answers {
    /// The files of the answers, their bytes as received, by name of the call.
    pub kept: BTreeMap<String, PathBuf>,
    /// By name of the call.
    pub refused: BTreeMap<String, Refusal>,
}

impl Answers {
    /// Where an answer lies.
    ///
    /// # Errors
    /// There is none of that name.
    pub fn path(&self, name: &str) -> Result<&Path, TidyError> {
        let missing = || TidyError::Missing { path: PathBuf::from(name), reason: "the snapshot has no such answer".to_owned() };
        self.kept.get(name).map(PathBuf::as_path).ok_or_else(missing)
    }

    /// The bytes of an answer.
    ///
    /// # Errors
    /// There is no such answer, or its file cannot be read.
    pub fn bytes(&self, name: &str) -> Result<Vec<u8>, TidyError> {
        self.up_to(name, u64::MAX)
    }

    /// The first bytes of an answer, at most 64 kB.
    ///
    /// # Errors
    /// As [`Answers::bytes`].
    pub fn head(&self, name: &str) -> Result<Vec<u8>, TidyError> {
        self.up_to(name, HEAD_BYTES)
    }

    fn up_to(&self, name: &str, most: u64) -> Result<Vec<u8>, TidyError> {
        let path = self.path(name)?;
        let mut bytes = Vec::new();
        let read = std::fs::File::open(path).and_then(|file| file.take(most).read_to_end(&mut bytes));
        read.map_err(|error| TidyError::Missing { path: path.to_path_buf(), reason: error.to_string() })?;
        // A byte-order mark says nothing of the text, and parsers of JSON refuse it.
        if bytes.starts_with(b"\xef\xbb\xbf") {
            bytes.drain(..3);
        }
        Ok(bytes)
    }

    /// The answers whose names begin so, in order of their names.
    pub fn named<'a>(&'a self, start: &'a str) -> impl Iterator<Item = (&'a str, &'a Path)> {
        self.kept.iter().map(|(name, path)| (name.as_str(), path.as_path())).filter(move |(name, _)| name.starts_with(start))
    }
}

/// What a fetch is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// The latest year that is wanted: this year's, or as typed.
    pub year: i32,
    /// The lists of codes.
    pub codes: &'a Codes,
}

/// What a service allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    /// Calls in a window.
    pub calls: u32,
    /// The window in seconds.
    pub seconds: u32,
}

/// What a source's own check says of a body that the general one took.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing is wrong with it; the general check follows.
    Sound,
    /// It is an answer of the service's own kind, which the general check would not take.
    Foreign,
    /// The service is busy: the same call may succeed later.
    Busy(String),
    /// It will not succeed.
    Refused(String),
    /// Less at a time must be asked for.
    TooLarge(String),
}

/// The call that a file of this name takes the place of.
pub type OfFile = fn(&str) -> Result<Call, TidyError>;

type Made = Vec<(&'static str, Vec<u8>)>;

/// A dataset of a publisher.
#[derive(Debug)]
pub struct Source {
    /// Key, as the tidy tables have it.
    pub key: &'static str,
    /// The publisher's name of the dataset.
    pub dataset: &'static str,
    /// Publisher.
    pub publisher: &'static str,
    /// Title, in the language that the publisher has it in.
    pub title: &'static str,
    /// Page of the dataset, for readers.
    pub page: &'static str,
    /// Licence.
    pub licence: &'static str,
    /// Attribution line.
    pub attribution: &'static str,
    /// What it is used for in the method.
    pub used_for: &'static str,
    /// Days between the publisher's updates: an older snapshot is stale.
    pub cadence_days: i32,
    /// The service's addresses, the one turned to first at the head, each with what it allows until it says otherwise.
    pub bases: &'static [(&'static str, Pace)],
    /// There is no address to fetch it from: a person gives the file.
    pub by_hand: bool,
    /// The call that a file given by a person takes the place of, told from the file's name, where the source has an answer a file; absent: the source has one
    /// answer.
    pub of_file: Option<OfFile>,
    /// Keys of bundled sources whose figures these take the place of.
    pub replaces: &'static [&'static str],
    /// Whether the bundled sources that it replaces keep the years that it does not have.
    pub keeps_years: bool,
    /// The calls still to be made, given the answers so far; none when all is there.
    pub calls: fn(&Asked, &Answers) -> Result<Vec<Call>, TidyError>,
    /// What the service at the first address says it allows, once it has.
    pub allowed: fn(&Answers) -> Option<Pace>,
    /// The source's own check of a body that begins with these bytes (at most the first 64 kB).
    pub judge: fn(&Call, &[u8]) -> Verdict,
    /// The answers as tidy tables, in CSV.
    pub tables: fn(&mut Shelf, &Answers) -> Result<Made, TidyError>,
}

impl Source {
    /// What the table `sources` says of a snapshot, before its figures are counted.
    #[must_use]
    pub fn row(&self, retrieved: &str, sha256: &str) -> SourceRow {
        SourceRow {
            source: self.key.to_owned(),
            dataset: self.dataset.to_owned(),
            publisher: self.publisher.to_owned(),
            title: self.title.to_owned(),
            url: self.page.to_owned(),
            retrieved: retrieved.to_owned(),
            period: String::new(),
            licence: self.licence.to_owned(),
            attribution: self.attribution.to_owned(),
            sha256: sha256.to_owned(),
            rows: 0,
            used_for: self.used_for.to_owned(),
        }
    }
}

fn sound(_: &Call, _: &[u8]) -> Verdict {
    Verdict::Sound
}

fn nothing_allowed(_: &Answers) -> Option<Pace> {
    None
}

/// One call that is the whole source.
fn once(call: Call, answers: &Answers) -> Vec<Call> {
    if answers.kept.contains_key(&call.name) { Vec::new() } else { vec![call] }
}

/// Every source that is fetched, by key.
pub static SOURCES: &[&Source] = &[
    &arbetsformedlingen::BAROMETER,
    &cepii::DISTANCES,
    &ela::SHORTAGES,
    &eurostat::EGISED,
    &eurostat::URGAN,
    &ilostat::EMPLOYED,
    &ilostat::SHARES,
    &ilostat::UNEMPLOYMENT,
    &jobtech::ADS,
    &jobtech::OPEN_ADS,
    &jobtech::TAXONOMY,
    &migrationsverket::PERMITS,
    &passport_index::VISAS,
    &scb::BORN_ABROAD,
    &scb::MOVES,
    &scb::PAY_DISPERSION,
    &scb::PAY_REGION,
    &scb::POPULATION,
    &scb::EMPLOYED_AGE,
    &scb::EMPLOYED_COUNTY,
    &un_desa::MIGRANT_STOCK,
    &who::SAFEGUARDS,
    &world_bank::INCOME,
    &world_bank::POPULATION,
];

/// The source of a key.
#[must_use]
pub fn source(key: &str) -> Option<&'static Source> {
    SOURCES.iter().copied().find(|source| source.key == key)
}
