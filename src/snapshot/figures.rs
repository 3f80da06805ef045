//! A folder of figures made of snapshots: where a source has been fetched its figures take the place of the bundled ones; the rest stays as it is bundled.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::{Receipt, SnapshotError, Store};
use crate::code::Codes;
use crate::output::{Staging, write_file};
use crate::source::{SOURCES, Source};
use crate::tidy::dataset::{DATASETS, Description, FETCHED_ONLY, SourceRow};
use crate::tidy::{Shelf, TidyError, sha256};

/// Why no folder could be made.
#[derive(Debug, thiserror::Error)]
pub enum MakeError {
    /// A snapshot.
    #[error(transparent)]
    Snapshot(#[from] SnapshotError),
    /// A snapshot's figures cannot be understood.
    #[error("the snapshot of {source_key} from {day}: {error}")]
    Tidy {
        /// Key of the source.
        source_key: &'static str,
        /// Its day.
        day: String,
        /// What is wrong.
        error: Box<TidyError>,
    },
    /// The bundled table that is to be added to is damaged.
    #[error("{path}: {reason}\nhint: `malmarknad verify` tells which bundled tables are whole; a fresh copy of the program has them all")]
    Bundled {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// The folder cannot be written.
    #[error(transparent)]
    Output(#[from] crate::output::OutputError),
}

/// A source's figures as one of its snapshots has them.
#[derive(Debug)]
pub struct Understood {
    /// Tidy tables in CSV.
    pub tables: Vec<(&'static str, Vec<u8>)>,
    /// What the table `sources` says of it.
    pub row: SourceRow,
}

/// Makes tidy tables of a source's answers.
///
/// # Errors
/// Whatever the source's tidy step finds: a layout, a code or a word that is not known.
pub fn understood(
    source: &'static Source,
    answers: &crate::source::Answers,
    retrieved: &str,
    hash: &str,
    codes: &Codes,
) -> Result<Understood, TidyError> {
    let mut shelf = Shelf::of_answers(source.row(retrieved, hash), answers, codes);
    let tables = (source.tables)(&mut shelf, answers)?;
    let row = shelf.into_row(source.key)?;
    Ok(Understood { tables, row })
}

/// A folder of figures with the snapshots in it.
#[derive(Clone, Debug)]
pub struct Made {
    /// The folder.
    pub folder: PathBuf,
    /// The snapshots, by key of their source.
    pub receipts: BTreeMap<&'static str, Receipt>,
    /// Those that are not what the publisher has now, as far as is known.
    pub stale: Vec<Stale>,
}

/// A snapshot that is not what the publisher has now.
#[derive(Clone, Debug)]
pub struct Stale {
    /// The source.
    pub source: &'static Source,
    /// Its day; `None` where nothing was ever fetched and the bundled figures are in use.
    pub day: Option<String>,
    /// The day of the fetch that failed, or of the newest snapshot, beside which this one is old.
    pub beside: String,
    /// Days between them.
    pub days: Option<i64>,
    /// A later fetch failed; else it is only old.
    pub failed: bool,
}

/// Days from one day to another.
fn days_between(from: &str, to: &str) -> Option<i64> {
    let day = |text: &str| text.get(..10)?.parse::<jiff::civil::Date>().ok();
    Some(i64::from(day(from)?.until((jiff::Unit::Day, day(to)?)).ok()?.get_days()))
}

/// The snapshots that a later fetch could not renew, and those that are older than their publisher's cadence beside the newest of all.
///
/// # Errors
/// A damaged note of an attempt.
pub fn stale(store: &Store, receipts: &BTreeMap<&'static str, Receipt>) -> Result<Vec<Stale>, SnapshotError> {
    let newest = receipts.values().map(Receipt::day).max().unwrap_or_default();
    let mut stale = Vec::new();
    for source in SOURCES {
        let day = receipts.get(source.key).map(|receipt| receipt.day().to_owned());
        let failed =
            store.attempt(source.key)?.filter(|attempt| !attempt.succeeded).map(|attempt| attempt.at.get(..10).unwrap_or_default().to_owned());
        let days = |beside: &str| day.as_deref().and_then(|day| days_between(day, beside));
        if let Some(beside) = failed {
            stale.push(Stale { source, days: days(&beside), day, beside, failed: true });
        } else if let Some(age) = days(newest).filter(|age| *age > i64::from(source.cadence_days)) {
            stale.push(Stale { source, days: Some(age), day, beside: newest.to_owned(), failed: false });
        }
    }
    Ok(stale)
}

/// The newest snapshots until the end of a day.
///
/// # Errors
/// A damaged receipt, or none by then.
pub fn receipts(store: &Store, until: Option<&str>) -> Result<BTreeMap<&'static str, Receipt>, SnapshotError> {
    let mut receipts = BTreeMap::new();
    for source in SOURCES {
        if let Some(receipt) = store.newest(source.key, until)? {
            receipts.insert(source.key, receipt);
        }
    }
    if receipts.is_empty() {
        return Err(SnapshotError::NoneBy { day: until.unwrap_or("today").to_owned() });
    }
    Ok(receipts)
}

/// The figures of the newest snapshots (until the end of a day, if one is given), made once and then used again: the folder is named by all that went in.
/// `lists` is the hash of the code lists.
///
/// # Errors
/// No snapshot, one that is damaged or cannot be understood, or a folder that cannot be written.
pub fn folder(store: &Store, bundled: &Path, codes: &Codes, lists: &str, until: Option<&str>) -> Result<Made, MakeError> {
    let receipts = receipts(store, until)?;
    // An earlier day is taken as it was: what failed later does not concern it.
    let stale = if until.is_none() { stale(store, &receipts)? } else { Vec::new() };
    let package = bundled.join("datapackage.json");
    let wrong = |path: &Path, reason: String| MakeError::Bundled { path: path.to_path_buf(), reason };
    let description = std::fs::read(&package).map_err(|error| wrong(&package, error.to_string()))?;
    let mut name = format!("{}\n{lists}\n{}\n", env!("CARGO_PKG_VERSION"), sha256(&description));
    // Another build may understand the same answers otherwise, also where its version is the same.
    name.push_str(&build());
    for receipt in receipts.values() {
        name.push_str(&serde_json::to_string(receipt).map_err(|error| wrong(&package, error.to_string()))?);
    }
    let folder = store.folder().join("figures").join(&sha256(name.as_bytes())[..16]);
    // The description is moved in last: where it is, all is.
    if folder.join("datapackage.json").is_file() {
        return Ok(Made { folder, receipts, stale });
    }
    let mut fetched = Vec::new();
    for (key, receipt) in &receipts {
        let Some(source) = crate::source::source(key) else { continue };
        let answers = store.answers(receipt)?;
        let made = understood(source, &answers, receipt.day(), &receipt.sha256(), codes);
        let made = made.map_err(|error| MakeError::Tidy { source_key: source.key, day: receipt.day().to_owned(), error: Box::new(error) })?;
        fetched.push((source, made));
    }
    let (tables, sources) = merged(bundled, &fetched)?;
    let staging = Staging::open(&folder)?;
    for (name, bytes) in &tables {
        write_file(&staging.folder.join(format!("{name}.csv")), bytes)?;
    }
    let text = serde_json::to_string_pretty(&crate::bundle::datapackage(&tables, &sources)).map_err(|error| wrong(&package, error.to_string()))?;
    write_file(&staging.folder.join("datapackage.json"), format!("{text}\n").as_bytes())?;
    staging.publish(&["datapackage.json"])?;
    Ok(Made { folder, receipts, stale })
}

/// What tells this build from another: the program's own file.
fn build() -> String {
    let file = std::env::current_exe().and_then(std::fs::metadata);
    let told = file.and_then(|file| Ok((file.len(), file.modified()?)));
    told.map_or_else(|_| String::new(), |(bytes, modified)| format!("{bytes} {modified:?}\n"))
}

type Tables = BTreeMap<&'static str, Vec<u8>>;

/// The bundled tables with what has been fetched in their place.
fn merged(bundled: &Path, fetched: &[(&'static Source, Understood)]) -> Result<(Tables, Vec<SourceRow>), MakeError> {
    let mut tables = Tables::new();
    let mut used: BTreeSet<String> = BTreeSet::new();
    for description in DATASETS.iter().filter(|description| description.name != "sources") {
        let of_table: Vec<(&Source, &[u8])> = fetched
            .iter()
            .flat_map(|(source, made)| made.tables.iter().filter(|(name, _)| *name == description.name).map(|(_, bytes)| (*source, bytes.as_slice())))
            .collect();
        let path = bundled.join(format!("{}.csv", description.name));
        let bytes = match std::fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound && FETCHED_ONLY.contains(&description.name) => {
                if of_table.is_empty() {
                    continue;
                }
                format!("{}\n", description.fields.iter().map(|field| field.name).collect::<Vec<_>>().join(",")).into_bytes()
            }
            Err(error) => return Err(MakeError::Bundled { path, reason: error.to_string() }),
        };
        let table = merge(description, &bytes, &of_table, &mut used).map_err(|reason| MakeError::Bundled { path, reason })?;
        tables.insert(description.name, table);
    }
    let path = bundled.join("sources.csv");
    let wrong = |reason: String| MakeError::Bundled { path: path.clone(), reason };
    let bytes = std::fs::read(&path).map_err(|error| wrong(error.to_string()))?;
    let replaced: BTreeSet<&str> = fetched.iter().flat_map(|(source, _)| source.replaces.iter().copied()).collect();
    let mut sources: Vec<SourceRow> = Vec::new();
    for row in csv::Reader::from_reader(bytes.as_slice()).deserialize() {
        let row: SourceRow = row.map_err(|error| wrong(error.to_string()))?;
        let fetched_again = fetched.iter().any(|(source, _)| source.key == row.source);
        // A source that no table names, such as a key to another, stays unless it has been replaced.
        if !fetched_again && (used.contains(&row.source) || !replaced.contains(row.source.as_str())) {
            sources.push(row);
        }
    }
    sources.extend(fetched.iter().map(|(_, made)| made.row.clone()));
    let (name, bytes) = crate::tidy::table(sources.clone()).map_err(|error| wrong(error.to_string()))?;
    tables.insert(name, bytes);
    sources.sort_by(|first, second| first.source.cmp(&second.source));
    Ok((tables, sources))
}

/// One table: fetched rows, and the bundled rows that they do not replace, in the order of their keys. Notes the sources of its rows.
fn merge(description: &Description, bundled: &[u8], fetched: &[(&Source, &[u8])], used: &mut BTreeSet<String>) -> Result<Vec<u8>, String> {
    let position = |name: &str| description.fields.iter().position(|field| field.name == name);
    let (source_column, period_column) = (position("source").ok_or("it has no column source")?, position("period"));
    let header: Vec<&str> = description.fields.iter().map(|field| field.name).collect();
    let read = |bytes: &[u8]| -> Result<Vec<csv::StringRecord>, String> {
        let mut reader = csv::Reader::from_reader(bytes);
        if reader.headers().map_err(|error| error.to_string())?.iter().ne(header.iter().copied()) {
            return Err("its columns are not those of the table".to_owned());
        }
        reader.records().collect::<Result<_, _>>().map_err(|error| error.to_string())
    };
    let mut rows: Vec<csv::StringRecord> = read(bundled)?;
    let mut new = Vec::new();
    for (source, bytes) in fetched {
        let fresh = read(bytes)?;
        let periods: BTreeSet<&str> = fresh.iter().filter_map(|row| row.get(period_column?)).collect();
        rows.retain(|row| {
            let replaced = row.get(source_column).is_some_and(|key| source.replaces.contains(&key));
            let years_stay = source.keeps_years && period_column.and_then(|column| row.get(column)).is_some_and(|period| !periods.contains(period));
            !replaced || years_stay
        });
        new.extend(fresh);
    }
    rows.extend(new);
    let key: Vec<usize> = description.key.iter().map(|name| position(name).ok_or("its key is no column")).collect::<Result<_, _>>()?;
    let told = |row: &csv::StringRecord| key.iter().map(|column| row.get(*column).unwrap_or_default()).collect::<Vec<_>>().join(" ");
    rows.sort_by_cached_key(&told);
    if let Some([repeated, _]) = rows.array_windows().find(|[first, second]| told(first) == told(second)) {
        return Err(format!("two figures for {}, one fetched and one bundled", told(repeated)));
    }
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(&header).map_err(|error| error.to_string())?;
    for row in &rows {
        used.insert(row.get(source_column).unwrap_or_default().to_owned());
        writer.write_record(row).map_err(|error| error.to_string())?;
    }
    writer.into_inner().map_err(|error| error.to_string())
}
