//! A fetch: asks each source's calls, keeps the answers, makes sure that they are understood, and says what has changed. A source that fails does not stop
//! the others, and its last good snapshot stays in use.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use crate::code::Codes;
use crate::http::{Client, Failure, Patience, Reply, Request};
use crate::snapshot::changes::{Changes, changes, mostly_gone};
use crate::snapshot::figures::{Understood, understood};
use crate::snapshot::{Attempt, Kept, SnapshotError, Store, UnderWay, receipt};
use crate::source::{Answers, Asked, Body, Call, Refusal, Source, Verdict};
use crate::tidy::TidyError;
use crate::tidy::dataset::DATASETS;

/// What is fetched, and how.
#[derive(Debug)]
pub struct Plan<'a> {
    /// The sources, in the order they are asked.
    pub sources: Vec<&'static Source>,
    /// The latest year that is wanted.
    pub year: i32,
    /// Addresses in the place of the publishers', by key of the source.
    pub base_urls: BTreeMap<String, String>,
    /// Files that a person gives in the place of a source's answers, by key of the source.
    pub files: BTreeMap<String, Vec<PathBuf>>,
    /// Another pace than the services', for a server of one's own.
    pub pace: Option<crate::source::Pace>,
    /// How long to wait and how often to try.
    pub patience: Patience,
    /// Whom the publishers may write to.
    pub contact: Option<String>,
    /// The code lists.
    pub codes: &'a Codes,
    /// Folder of the bundled figures, for what has changed where nothing was fetched before.
    pub bundled: PathBuf,
}

/// What is told while it goes on.
pub trait Watch {
    /// A call begins: number, of how many that are known, and what it is for.
    fn call(&self, source: &Source, number: usize, of: usize, what: &str);
    /// The client waits.
    fn waiting(&self, why: &str);
    /// A source is done.
    fn done(&self, outcome: &Outcome);
}

/// What came of a source.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// Its key.
    pub source: &'static str,
    /// What came of it.
    pub result: Result<Fetched, String>,
    /// Calls made.
    pub calls: usize,
    /// Bytes received.
    pub bytes: u64,
    /// Day of the snapshot that is in use after it, if there is one.
    pub in_use: Option<String>,
}

/// A source that has been fetched.
#[derive(Clone, Debug)]
pub struct Fetched {
    /// The same bytes as in the snapshot before.
    pub unchanged: bool,
    /// What has changed since the snapshot before, or since the bundled figures.
    pub changes: Vec<Changes>,
    /// The span of periods.
    pub period: String,
    /// Rows.
    pub rows: i64,
}

/// The time now, UTC, to the second.
fn now() -> String {
    jiff::Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// An address for a call.
fn address(source: &Source, base_urls: &BTreeMap<String, String>, base: usize) -> String {
    let published = source.bases.get(base).map_or("", |(base, _)| *base);
    match base_urls.get(source.key) {
        None => published.to_owned(),
        // A mirror has the other addresses of a source below the first.
        Some(url) if base == 0 => url.trim_end_matches('/').to_owned(),
        Some(url) => format!("{}/fallback-{base}", url.trim_end_matches('/')),
    }
}

/// The calls that are known before any answer, for `--dry-run`.
///
/// # Errors
/// Whatever the source says.
pub fn first_calls(plan: &Plan, source: &'static Source) -> Result<Vec<(String, Call)>, TidyError> {
    let asked = Asked { year: plan.year, codes: plan.codes };
    let calls = (source.calls)(&asked, &Answers::default())?;
    Ok(calls.into_iter().map(|call| (format!("{}{}", address(source, &plan.base_urls, call.base), call.path), call)).collect())
}

/// Fetches every source of the plan.
///
/// # Errors
/// Only what concerns them all: another fetch at work, a folder that cannot be written.
pub fn fetch(store: &Store, plan: &Plan, watch: &dyn Watch) -> Result<Vec<Outcome>, SnapshotError> {
    let _lock = store.lock()?;
    let waiting = |why: &str| watch.waiting(why);
    let mut client = Client::new(plan.patience, plan.contact.as_deref(), &waiting);
    let mut outcomes = Vec::new();
    for source in &plan.sources {
        let mut progress = Progress::default();
        let result = of_source(store, plan, source, &mut client, watch, &mut progress);
        let result = match result {
            Ok(fetched) => Ok(fetched),
            Err(Stop::Source(reason)) => Err(reason),
            Err(Stop::All(error)) => return Err(error),
        };
        let attempt = Attempt { at: now(), succeeded: result.is_ok(), reason: result.as_ref().err().cloned().unwrap_or_default() };
        store.note_attempt(source.key, &attempt)?;
        let in_use = store.newest(source.key, None)?.map(|receipt| receipt.day().to_owned());
        let outcome = Outcome { source: source.key, result, calls: progress.calls, bytes: progress.bytes, in_use };
        watch.done(&outcome);
        outcomes.push(outcome);
    }
    Ok(outcomes)
}

#[derive(Default)]
struct Progress {
    calls: usize,
    bytes: u64,
}

enum Stop {
    /// This source fails.
    Source(String),
    /// Nothing can go on.
    All(SnapshotError),
}

impl From<SnapshotError> for Stop {
    fn from(error: SnapshotError) -> Self {
        Self::All(error)
    }
}

/// A source whose plan does not end is broken.
const MOST_ROUNDS: usize = 500;

fn of_source(
    store: &Store,
    plan: &Plan,
    source: &'static Source,
    client: &mut Client,
    watch: &dyn Watch,
    progress: &mut Progress,
) -> Result<Fetched, Stop> {
    let asked = Asked { year: plan.year, codes: plan.codes };
    let bases: Vec<String> = (0..source.bases.len()).map(|base| address(source, &plan.base_urls, base)).collect();
    let before = store.newest(source.key, None)?;
    let mut under_way = resumed(store, plan, source, &bases);
    let files: &[PathBuf] = plan.files.get(source.key).map_or(&[], Vec::as_slice);
    if !files.is_empty() {
        under_way.answers.clear();
    }
    let mut answers = Answers::default();
    for kept in &under_way.answers {
        answers.kept.insert(kept.name.clone(), store.object(&kept.sha256));
    }
    for round in 0.. {
        if round == MOST_ROUNDS {
            return Err(Stop::Source("its calls do not come to an end".to_owned()));
        }
        let calls = match asked_of_files(source, &asked, &answers, files, round) {
            Ok(calls) => calls,
            // What has been kept is not understood: the next fetch begins anew.
            Err(error) => {
                store.forget_under_way(source.key)?;
                return Err(Stop::Source(error.to_string()));
            }
        };
        if calls.is_empty() {
            break;
        }
        if source.of_file.is_none() && files.len() > 1 {
            return Err(Stop::Source(format!("it has one answer, and {} files are given", files.len())));
        }
        if !files.is_empty() && (round > 0 || calls.len() != files.len()) {
            return Err(Stop::Source("its answers are several: one file cannot take their place".to_owned()));
        }
        let of = under_way.answers.len() + calls.len();
        for (position, call) in calls.into_iter().enumerate() {
            let file = files.get(position);
            if let Some(refusal) = answers.refused.get(&call.name) {
                return Err(Stop::Source(format!("{}: {}", call.what, refusal.reason)));
            }
            watch.call(source, under_way.answers.len() + 1, of, &call.what);
            let pace = if call.base == 0 { (source.allowed)(&answers) } else { None };
            let pace = plan.pace.or(pace).or_else(|| source.bases.get(call.base).map(|(_, pace)| *pace));
            let Some(pace) = pace else { return Err(Stop::Source(format!("{}: it is asked of no address", call.what))) };
            let url = match file.map(|file| file.file_name().unwrap_or_default().to_string_lossy()) {
                Some(name) => format!("file:{name}"),
                None => format!("{}{}", bases.get(call.base).map_or("", String::as_str), call.path),
            };
            progress.calls += 1;
            let at_hand = before.as_ref().and_then(|receipt| {
                receipt.answers.iter().find(|kept| kept.name == call.name && kept.url == url && kept.body == call.body && store.prove(kept).is_ok())
            });
            let arriving = store.arriving();
            let request = Request {
                url: &url,
                body: call.body.as_deref(),
                pace,
                etag: at_hand.and_then(|kept| kept.etag.as_deref()),
                last_modified: at_hand.and_then(|kept| kept.last_modified.as_deref()),
                most_bytes: call.expects.most_bytes(),
            };
            let judged = match file {
                Some(file) => given(source, &call, file, &arriving),
                None if source.by_hand => Err(Failure {
                    reason: "the publisher has no address for it: give the file with --file".to_owned(),
                    too_large: false,
                    out_of_time: false,
                }),
                None => client.ask(request, &arriving, &|reply| judge(source, &call, reply, &arriving)),
            };
            let kept = match judged {
                Ok(reply) if reply.status == 304 => match at_hand {
                    Some(kept) => Kept { retrieved: now(), ..kept.clone() },
                    None => return Err(Stop::Source(format!("{}: nothing has changed since a copy that is not at hand", call.what))),
                },
                Ok(reply) => {
                    progress.bytes += reply.bytes;
                    store.keep(&arriving, &reply.sha256)?;
                    kept_of(&call, url, reply)
                }
                Err(Failure { reason, out_of_time: true, .. }) => {
                    let _ = std::fs::remove_file(&arriving);
                    return Err(Stop::Source(reason));
                }
                // Every file that a person gives is meant: without one of them the others are another snapshot.
                Err(Failure { reason, .. }) if file.is_some() => {
                    let _ = std::fs::remove_file(&arriving);
                    store.forget_under_way(source.key)?;
                    return Err(Stop::Source(reason));
                }
                Err(Failure { reason, too_large, .. }) => {
                    let _ = std::fs::remove_file(&arriving);
                    answers.refused.insert(call.name, Refusal { reason, too_large });
                    // What is asked next may be something else.
                    break;
                }
            };
            answers.kept.insert(kept.name.clone(), store.object(&kept.sha256));
            under_way.answers.push(kept);
            store.note_under_way(source.key, &under_way)?;
        }
    }
    finished(store, plan, source, before.as_ref(), under_way.answers, &answers, !files.is_empty())
}

/// The calls to be made; where files are given, those that the files take the place of, in their order.
fn asked_of_files(source: &Source, asked: &Asked, answers: &Answers, files: &[PathBuf], round: usize) -> Result<Vec<Call>, TidyError> {
    let Some(of_file) = source.of_file.filter(|_| !files.is_empty()) else { return (source.calls)(asked, answers) };
    if round > 0 {
        return Ok(Vec::new());
    }
    let mut calls: Vec<Call> = Vec::new();
    for file in files {
        let call = of_file(&file.file_name().unwrap_or_default().to_string_lossy())?;
        if calls.iter().any(|other| other.name == call.name) {
            return Err(TidyError::Meaning {
                place: file.display().to_string(),
                problem: format!("two files are given for {}", call.what),
                hint: "give each year's file once",
            });
        }
        calls.push(call);
    }
    Ok(calls)
}

/// A file that a person gives, taken as an answer is: kept whole, and proved.
fn given(source: &Source, call: &Call, file: &Path, arriving: &Path) -> Result<Reply, Failure> {
    let failed = |reason: String| Failure { reason, too_large: false, out_of_time: false };
    let told = |error: std::io::Error| failed(format!("{}: {error}", file.display()));
    let bytes = std::fs::metadata(file).map_err(told)?.len();
    if bytes > call.expects.most_bytes() {
        return Err(failed(format!("{} is {bytes} bytes, more than such an answer may be", file.display())));
    }
    let bytes = std::fs::read(file).map_err(told)?;
    std::fs::write(arriving, &bytes).map_err(told)?;
    let reply = Reply {
        status: 200,
        media_type: "given as a file".to_owned(),
        bytes: bytes.len() as u64,
        sha256: crate::tidy::sha256(&bytes),
        head: bytes[..bytes.len().min(crate::source::HEAD_BYTES as usize)].to_vec(),
        ..Reply::default()
    };
    match judge(source, call, &reply, arriving) {
        Verdict::Sound | Verdict::Foreign => Ok(reply),
        Verdict::Busy(reason) | Verdict::Refused(reason) | Verdict::TooLarge(reason) => Err(failed(format!("{}: {reason}", file.display()))),
    }
}

/// What was fetched of the source when a fetch was stopped, if it can be gone on with: the same question, lately, and whole.
fn resumed(store: &Store, plan: &Plan, source: &Source, bases: &[String]) -> UnderWay {
    let new =
        UnderWay { year: plan.year, tool_version: env!("CARGO_PKG_VERSION").to_owned(), bases: bases.to_vec(), begun: now(), answers: Vec::new() };
    let Some(old) = store.under_way(source.key) else { return new };
    let age = |begun: &str| Some(jiff::Timestamp::now().as_second() - begun.parse::<jiff::Timestamp>().ok()?.as_second());
    // A publisher may publish anew in the meantime: parts of two editions are not put together.
    let lately = age(&old.begun).is_some_and(|seconds| (0..6 * 3600).contains(&seconds));
    let same = old.year == new.year && old.tool_version == new.tool_version && old.bases == new.bases;
    if lately && same && old.answers.iter().all(|kept| store.prove(kept).is_ok()) { old } else { new }
}

fn kept_of(call: &Call, url: String, reply: Reply) -> Kept {
    Kept {
        name: call.name.clone(),
        url,
        body: call.body.clone(),
        retrieved: now(),
        status: reply.status,
        media_type: reply.media_type,
        etag: reply.etag,
        last_modified: reply.last_modified,
        bytes: reply.bytes,
        sha256: reply.sha256,
    }
}

/// All answers are there: are they understood, and what has changed?
fn finished(
    store: &Store,
    plan: &Plan,
    source: &'static Source,
    before: Option<&crate::snapshot::Receipt>,
    kept: Vec<Kept>,
    answers: &Answers,
    is_given: bool,
) -> Result<Fetched, Stop> {
    let made = receipt(source, kept, plan.year, 0, String::new());
    let new = match understood(source, answers, made.day(), &made.sha256(), plan.codes) {
        Ok(understood) => understood,
        Err(error) => {
            // The same bytes would be as little understood: the next fetch begins anew.
            store.forget_under_way(source.key)?;
            return Err(Stop::Source(error.to_string()));
        }
    };
    let Understood { tables, row } = &new;
    if let Some(before) = before
        && before.answers.iter().map(|kept| (&kept.name, &kept.sha256)).eq(made.answers.iter().map(|kept| (&kept.name, &kept.sha256)))
    {
        store.forget_under_way(source.key)?;
        return Ok(Fetched { unchanged: true, changes: Vec::new(), period: row.period.clone(), rows: row.rows });
    }
    let old = before.and_then(|before| {
        let answers = store.answers(before).ok()?;
        understood(source, &answers, before.day(), &before.sha256(), plan.codes).ok()
    });
    let mut found = Vec::new();
    for (name, bytes) in tables {
        let Some(description) = DATASETS.iter().find(|description| description.name == *name) else { continue };
        let old = match &old {
            Some(old) => old.tables.iter().find(|(other, _)| other == name).map(|(_, bytes)| bytes.clone()),
            None => bundled_rows(&plan.bundled, description.name, source),
        };
        // A publisher's own answer is whole; what a person has downloaded may have been filtered first.
        let part = old.as_ref().filter(|_| is_given && !source.keeps_years).and_then(|old| mostly_gone(description, old, bytes));
        if let Some((column, left, before)) = part {
            store.forget_under_way(source.key)?;
            return Err(Stop::Source(format!(
                "{name}: {left} of the {before} codes that {column} has now are left: it would take the place of all\nhint: give the whole table, as the publisher has it without a filter"
            )));
        }
        found.extend(old.and_then(|old| changes(description, &old, bytes)).filter(|changes| !changes.is_empty()));
    }
    store.commit(&receipt(source, made.answers, plan.year, row.rows, row.period.clone()))?;
    Ok(Fetched { unchanged: false, changes: found, period: row.period.clone(), rows: row.rows })
}

/// The rows of a bundled table that the source takes the place of.
fn bundled_rows(bundled: &Path, table: &str, source: &Source) -> Option<Vec<u8>> {
    let bytes = std::fs::read(bundled.join(format!("{table}.csv"))).ok()?;
    let mut reader = csv::Reader::from_reader(bytes.as_slice());
    let header = reader.headers().ok()?.clone();
    let column = header.iter().position(|name| name == "source")?;
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(&header).ok()?;
    for row in reader.records() {
        let row = row.ok()?;
        if row.get(column).is_some_and(|key| source.replaces.contains(&key)) {
            writer.write_record(&row).ok()?;
        }
    }
    writer.into_inner().ok()
}

/// The most that a workbook's parts may unpack to together.
const MOST_WORKBOOK: u64 = 800_000_000;
/// The most that packed rows may unpack to.
const MOST_ROWS: u64 = 2_000_000_000;

/// What a body is: first by the source's own check, then by what it must be.
fn judge(source: &Source, call: &Call, reply: &Reply, file: &Path) -> Verdict {
    if reply.bytes == 0 {
        return Verdict::Busy("the answer is empty".to_owned());
    }
    let head = reply.head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&reply.head);
    let verdict = (source.judge)(call, head);
    if verdict != Verdict::Sound || !(200..300).contains(&reply.status) {
        return verdict;
    }
    let start = head.trim_ascii_start();
    let markup = start.starts_with(b"<");
    if markup && call.expects != Body::Page {
        return Verdict::Busy(format!(
            "the answer is a page ({}), not {}",
            reply.media_type.chars().take(60).collect::<String>(),
            call.expects.told()
        ));
    }
    let checked = match call.expects {
        // A page that is cut off would lack the links at its end.
        Body::Page if markup => utf8(file).and_then(|bytes| {
            let end = String::from_utf8_lossy(&bytes[bytes.len().saturating_sub(500)..]).to_lowercase();
            if end.contains("</html>") { Ok(()) } else { Err("the page has no end".to_owned()) }
        }),
        Body::Page => Err("the answer is no page".to_owned()),
        Body::Json => is_json(file),
        Body::Rows if start.starts_with(b"{") => Err("the answer is JSON, not rows".to_owned()),
        // A table of text has no mark of its end but this: the last figure of a cut one would be read short.
        Body::Rows => utf8(file)
            .and_then(|bytes| if source.by_hand || bytes.ends_with(b"\n") { Ok(()) } else { Err("the answer ends within a row".to_owned()) }),
        Body::Gzip => unpacks(file),
        Body::Workbook => is_workbook(file, head),
        Body::Archive => zip(file).map(|_| ()),
    };
    checked.map_or_else(Verdict::Busy, |()| Verdict::Sound)
}

/// The whole file as text.
fn utf8(file: &Path) -> Result<Vec<u8>, String> {
    let bytes = std::fs::read(file).map_err(|error| error.to_string())?;
    match std::str::from_utf8(&bytes) {
        Ok(_) => Ok(bytes),
        Err(error) => Err(format!("the answer is not UTF-8 (byte {}): the publisher may have changed its encoding", error.valid_up_to())),
    }
}

fn is_json(file: &Path) -> Result<(), String> {
    let bytes = utf8(file)?;
    let body = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
    match body.trim_ascii() {
        b"null" => Err("the answer is null".to_owned()),
        [b'{' | b'[', ..] => {
            serde_json::from_slice::<serde::de::IgnoredAny>(body).map(|_| ()).map_err(|error| format!("the answer is no whole JSON: {error}"))
        }
        _ => Err("the answer is neither a JSON object nor a list".to_owned()),
    }
}

fn unpacks(file: &Path) -> Result<(), String> {
    let packed = File::open(file).map_err(|error| error.to_string())?;
    let mut rows = flate2::read::MultiGzDecoder::new(std::io::BufReader::new(packed)).take(MOST_ROWS + 1);
    match std::io::copy(&mut rows, &mut std::io::sink()) {
        Ok(bytes) if bytes > MOST_ROWS => Err("the answer unpacks to more than 2 GB".to_owned()),
        Ok(_) => Ok(()),
        Err(error) => Err(format!("the answer is no whole gzip: {error}")),
    }
}

type Archive = zip::ZipArchive<std::io::BufReader<File>>;

fn zip(file: &Path) -> Result<Archive, String> {
    let packed = File::open(file).map_err(|error| error.to_string())?;
    zip::ZipArchive::new(std::io::BufReader::new(packed)).map_err(|error| format!("the answer is no whole zip: {error}"))
}

fn is_workbook(file: &Path, head: &[u8]) -> Result<(), String> {
    // The older kind, .xls, is not packed.
    if head.starts_with(b"\xd0\xcf\x11\xe0") {
        return Ok(());
    }
    if !head.starts_with(b"PK") {
        return Err("the answer is no workbook".to_owned());
    }
    let mut archive = zip(file)?;
    let mut left = MOST_WORKBOOK;
    for part in 0..archive.len() {
        let part = archive.by_index(part).map_err(|error| format!("the answer is no whole workbook: {error}"))?;
        // What a part says of its size is not believed.
        let mut part = part.take(left + 1);
        let bytes = std::io::copy(&mut part, &mut std::io::sink()).map_err(|error| format!("the answer is no whole workbook: {error}"))?;
        left = left.checked_sub(bytes).ok_or("the workbook unpacks to more than 800 MB")?;
    }
    Ok(())
}
