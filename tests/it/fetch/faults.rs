//! The fault matrix: every source × everything that a server has been seen to do. `just faults` prints it.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use malmarknad::snapshot::Store;
use malmarknad::source::{SOURCES, Source};

use super::server::{Asked, Reaction, Server};
use super::{fetched, good, plan, publisher, tables};

/// What a server does instead of answering well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    Refused,
    Reset,
    CutOff,
    CutUnsaid,
    Drip,
    Silence,
    TooManyWithWait,
    TooManyWithout,
    TooManyThenFine,
    TooManyCells,
    Gone,
    Broken,
    BusyThenFine,
    CutOffThenFine,
    PageInstead,
    Empty,
    EmptyThenFine,
    TruncatedGzip,
    Latin1,
    Windows1252,
    ByteOrderMark,
    Null,
    ErrorInside,
    NoValues,
    FiveGigabytes,
    Endless,
    ZipBomb,
    EndlessRedirect,
}

const FAULTS: [Fault; 28] = [
    Fault::Refused,
    Fault::Reset,
    Fault::CutOff,
    Fault::CutUnsaid,
    Fault::Drip,
    Fault::Silence,
    Fault::TooManyWithWait,
    Fault::TooManyWithout,
    Fault::TooManyThenFine,
    Fault::TooManyCells,
    Fault::Gone,
    Fault::Broken,
    Fault::BusyThenFine,
    Fault::CutOffThenFine,
    Fault::PageInstead,
    Fault::Empty,
    Fault::EmptyThenFine,
    Fault::TruncatedGzip,
    Fault::Latin1,
    Fault::Windows1252,
    Fault::ByteOrderMark,
    Fault::Null,
    Fault::ErrorInside,
    Fault::NoValues,
    Fault::FiveGigabytes,
    Fault::Endless,
    Fault::ZipBomb,
    Fault::EndlessRedirect,
];

impl Fault {
    /// Faults that pass, and a mark that means nothing, must be recovered from.
    fn passes(self) -> bool {
        matches!(self, Self::TooManyThenFine | Self::BusyThenFine | Self::CutOffThenFine | Self::EmptyThenFine)
    }

    /// Faults that may not matter to a source: a mark before text, a letter where no text is read.
    fn may_pass(self) -> bool {
        matches!(self, Self::ByteOrderMark | Self::Latin1 | Self::Windows1252)
    }

    fn reaction(self, source: &Source, asked: &Asked, since: usize) -> Reaction {
        let fine = || publisher::publisher(source.key, asked);
        let body = || match fine() {
            Reaction::Answer(_, _, body) => body,
            other => unreachable!("{other:?}"),
        };
        let status = |status: u16, text: &str| Reaction::Answer(status, vec![("content-type", "text/plain".to_owned())], text.as_bytes().to_vec());
        let spoilt = |bytes: &[u8]| {
            let mut spoilt = body();
            // Within the text, where there is any.
            let place = spoilt.iter().position(|byte| *byte == b'"' || *byte == b'\t' || *byte == b'>').map_or(0, |place| place + 1);
            spoilt.splice(place..place, bytes.iter().copied());
            Reaction::ok("application/octet-stream", spoilt)
        };
        match self {
            Self::Refused => unreachable!("there is no server"),
            Self::Reset => Reaction::Close,
            Self::CutOff => Reaction::Cut(body()),
            // All but the last few bytes, as the last figure of a table may be.
            Self::CutUnsaid => {
                let whole = body();
                Reaction::CutUnsaid(whole[..whole.len().saturating_sub(4)].to_vec())
            }
            Self::Drip => Reaction::Drip(body()),
            Self::Silence => Reaction::Silence,
            Self::TooManyWithWait => Reaction::Answer(429, vec![("retry-after", "0".to_owned())], b"API calls quota exceeded!".to_vec()),
            Self::TooManyWithout => status(429, "API calls quota exceeded!"),
            Self::TooManyThenFine if since == 0 => {
                Reaction::Answer(429, vec![("retry-after", "1".to_owned())], b"API calls quota exceeded!".to_vec())
            }
            Self::TooManyCells => status(403, r#"{"type":"Parameter error","title":"Too many cells selected","status":403}"#),
            Self::Gone => status(404, "<html>404 - File or directory not found.</html>"),
            Self::Broken => status(500, "Internal Server Error"),
            Self::BusyThenFine if since == 0 => status(503, "Service Unavailable"),
            Self::CutOffThenFine if since == 0 => Reaction::Cut(body()),
            Self::EmptyThenFine if since == 0 => Reaction::ok("application/json", Vec::new()),
            Self::TooManyThenFine | Self::BusyThenFine | Self::CutOffThenFine | Self::EmptyThenFine => fine(),
            Self::PageInstead => Reaction::ok("text/html", b"<!DOCTYPE html><html><title>Sorry</title><p>Maintenance</p></html>".to_vec()),
            Self::Empty => Reaction::ok("application/json", Vec::new()),
            Self::TruncatedGzip => {
                let whole = body();
                let packed = if whole.starts_with(b"\x1f\x8b") { whole } else { publisher::gzip(&String::from_utf8_lossy(&whole)) };
                Reaction::ok("application/gzip", packed[..packed.len() * 2 / 3].to_vec())
            }
            Self::Latin1 => spoilt(b"\xe5\xe4\xf6"),
            Self::Windows1252 => spoilt(b"\x93\x94"),
            Self::ByteOrderMark => Reaction::ok("application/json", [b"\xef\xbb\xbf".to_vec(), body()].concat()),
            Self::Null => Reaction::ok("application/json", b"null".to_vec()),
            Self::ErrorInside => {
                let text = match source.key {
                    key if key.starts_with("world_bank") => {
                        r#"[{"message":[{"id":"120","key":"Invalid value","value":"The provided parameter value is not valid"}]}]"#
                    }
                    key if key.starts_with("eurostat") => {
                        r#"{"warning":{"status":413,"label":"ASYNCHRONOUS_RESPONSE. Your request will be treated asynchronously. Please try again later."}}"#
                    }
                    key if key.starts_with("ilostat") => r#"{"error":"deprecated or invalid dataset id=FOO"}"#,
                    _ => r#"{"type":"Parameter error","title":"Non-existent value","status":400}"#,
                };
                Reaction::ok("application/json", text.as_bytes().to_vec())
            }
            Self::NoValues => {
                let whole = body();
                let text = if whole.starts_with(b"{") {
                    r#"{"version":"2.0","class":"dataset","value":{},"id":["geo"],"size":[0],"dimension":{"geo":{"category":{"index":{},"label":{}}}}}"#.as_bytes().to_vec()
                } else if whole.starts_with(b"[") {
                    b"[]".to_vec()
                } else if whole.starts_with(b"\x1f\x8b") {
                    publisher::gzip("\"ref_area\",\"source\",\"indicator\",\"sex\",\"classif1\",\"time\",\"obs_value\",\"obs_status\"\n")
                } else if whole.starts_with(b"PK") {
                    publisher::zipped("2025.jsonl", b"")
                } else {
                    whole.split(|byte| *byte == b'\n').next().unwrap_or_default().to_vec()
                };
                Reaction::ok("application/json", text)
            }
            Self::FiveGigabytes => Reaction::Flood { promised: Some(5_000_000_000) },
            Self::Endless => Reaction::Flood { promised: None },
            Self::ZipBomb => Reaction::ok("application/zip", bomb().to_vec()),
            Self::EndlessRedirect => Reaction::Answer(302, vec![("location", asked.path.clone())], Vec::new()),
        }
    }
}

/// A workbook of one megabyte whose part unpacks to a gigabyte.
fn bomb() -> &'static [u8] {
    use std::io::Write as _;
    static BOMB: std::sync::OnceLock<Vec<u8>> = std::sync::OnceLock::new();
    BOMB.get_or_init(|| {
        let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        archive.start_file("xl/worksheets/sheet1.xml", zip::write::SimpleFileOptions::default().large_file(false)).unwrap();
        let zeros = vec![b'0'; 1 << 22];
        for _ in 0..256 {
            archive.write_all(&zeros).unwrap();
        }
        archive.finish().unwrap().into_inner()
    })
}

/// The sources that are asked of a server.
fn fetched_sources() -> impl Iterator<Item = &'static Source> {
    SOURCES.iter().copied().filter(|source| !source.by_hand)
}

/// What came of a source under a fault: a word for the matrix, or what is wrong.
fn tried(source: &'static Source, fault: Fault) -> Result<&'static str, String> {
    let config = crate::config();
    let folder = tempfile::tempdir().unwrap();
    let store = Store::new(folder.path());
    let well = good(source.key);
    fetched(&store, &plan(&config, source.key, &well.url)).map_err(|reason| format!("without a fault: {reason}"))?;
    let (before, receipts) = (tables(&store, &config, source.key), store.receipts(source.key).unwrap());
    let calls = well.asked().len();
    drop(well);
    let mut verdict = "told";
    // From the first call on, and only at the last one.
    for from in [0, calls - 1] {
        let since = AtomicUsize::new(0);
        let server = Server::start(Box::new(move |asked, number| {
            if number < from { publisher::publisher(source.key, asked) } else { fault.reaction(source, asked, since.fetch_add(1, Ordering::Relaxed)) }
        }));
        let url = server.url.clone();
        let begun = Instant::now();
        let mut plan = plan(&config, source.key, &url);
        plan.patience.call = Duration::from_millis(1500);
        let server = if fault == Fault::Refused {
            drop(server);
            std::thread::sleep(Duration::from_millis(20));
            plan.base_urls.insert(source.key.to_owned(), "http://127.0.0.1:9".to_owned());
            None
        } else {
            Some(server)
        };
        // As if there were no snapshot: the bytes would else be known.
        let result = fetched(&store, &plan);
        let seconds = begun.elapsed().as_secs_f64();
        if seconds > 40.0 {
            return Err(format!("it took {seconds:.0} s"));
        }
        let good_again = tables(&store, &config, source.key);
        match &result {
            Ok(_) if good_again != before => return Err("a figure changed".to_owned()),
            Ok(_) if fault.passes() || fault.may_pass() => verdict = "recovered",
            // The first version of a service may answer where the second does not.
            Ok(_) if source.bases.len() > 1 && from > 0 => verdict = "recovered",
            Ok(_) => return Err(format!("from call {from}: it went well")),
            Err(reason) if fault.passes() => return Err(format!("from call {from}: not recovered from: {reason}")),
            Err(reason) if reason.trim().is_empty() => return Err("no reason is told".to_owned()),
            Err(_) if good_again != before || store.receipts(source.key).unwrap() != receipts => {
                return Err("the good snapshot was touched".to_owned());
            }
            Err(_) => {}
        }
        for receipt in store.receipts(source.key).unwrap() {
            for answer in &receipt.answers {
                store.prove(answer).map_err(|error| error.to_string())?;
            }
        }
        let left = std::fs::read_dir(folder.path().join("objects"))
            .unwrap()
            .flatten()
            .any(|entry| entry.file_name().to_string_lossy().starts_with(".part-"));
        if left {
            return Err("half a body is left".to_owned());
        }
        store.forget_under_way(source.key).unwrap();
        drop(server);
    }
    Ok(verdict)
}

#[test]
fn every_fault_of_every_source_ends_in_recovery_or_a_clear_report() {
    let results: Vec<(Fault, Vec<Result<&'static str, String>>)> = FAULTS
        .iter()
        .map(|fault| {
            let of_fault = std::thread::scope(|scope| {
                let threads: Vec<_> = fetched_sources().map(|source| scope.spawn(move || tried(source, *fault))).collect();
                threads.into_iter().map(|thread| thread.join().unwrap_or_else(|_| Err("a panic".to_owned()))).collect()
            });
            (*fault, of_fault)
        })
        .collect();
    println!("{:18} {}", "", fetched_sources().map(|source| source.key).collect::<Vec<_>>().join(" "));
    let mut wrong = Vec::new();
    for (fault, of_fault) in &results {
        let cells: Vec<String> = of_fault
            .iter()
            .zip(fetched_sources())
            .map(|(result, source)| format!("{:width$}", result.as_ref().map_or("WRONG", |word| *word), width = source.key.len()))
            .collect();
        println!("{:18} {}", format!("{fault:?}"), cells.join(" "));
        for (result, source) in of_fault.iter().zip(fetched_sources()) {
            if let Err(reason) = result {
                wrong.push(format!("{fault:?} × {}: {reason}", source.key));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
