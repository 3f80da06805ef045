//! One polite client: a rate for each host, waiting as long as a server asks, trying again where it may help, caps on size and time. It keeps bytes as they
//! are received; what they mean is others' business.

use std::collections::{BTreeMap, VecDeque};
use std::fs::File;
use std::io::{Read, Write};
use std::path::Path;
use std::time::{Duration, Instant};

use rand::Rng as _;
use sha2::{Digest, Sha256};

use crate::source::{HEAD_BYTES, Pace, Verdict};

/// How long to wait, and how often to try.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// Tries of one call.
    pub tries: u32,
    /// The wait before the second try; it doubles for each after, give or take a half.
    pub first_wait: Duration,
    /// The longest wait that is not asked for by the server.
    pub longest_wait: Duration,
    /// One call, from the connection to the last byte.
    pub call: Duration,
    /// Everything.
    pub total: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        let minutes = |minutes: u64| Duration::from_secs(60 * minutes);
        Self { tries: 6, first_wait: Duration::from_secs(4), longest_wait: minutes(2), call: minutes(30), total: minutes(120) }
    }
}

/// What is asked.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// Address.
    pub url: &'a str,
    /// JSON to post; absent: GET.
    pub body: Option<&'a str>,
    /// What the host allows.
    pub pace: Pace,
    /// `ETag` of a copy that is at hand.
    pub etag: Option<&'a str>,
    /// `Last-Modified` of a copy that is at hand.
    pub last_modified: Option<&'a str>,
    /// The most bytes that are taken.
    pub most_bytes: u64,
}

/// An answer, its bytes in a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reply {
    /// Status; 304 where the copy at hand is still the publisher's.
    pub status: u16,
    /// Media type as the server says.
    pub media_type: String,
    /// `ETag`.
    pub etag: Option<String>,
    /// `Last-Modified`.
    pub last_modified: Option<String>,
    /// Size.
    pub bytes: u64,
    /// SHA-256 of the bytes as received.
    pub sha256: String,
    /// The first bytes.
    pub head: Vec<u8>,
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// What happened, for a person.
    pub reason: String,
    /// Less at a time must be asked for.
    pub too_large: bool,
    /// The total time is over: nothing more will be asked.
    pub out_of_time: bool,
}

/// What one try came to.
enum Try {
    Done(Reply),
    Again { reason: String, after: Option<Duration> },
    Failed { reason: String, too_large: bool },
}

/// The client.
pub struct Client<'a> {
    agent: ureq::Agent,
    patience: Patience,
    until: Instant,
    asked: BTreeMap<String, VecDeque<Instant>>,
    /// Told what is waited for.
    waiting: &'a dyn Fn(&str),
}

/// The part of an address that names the host.
fn host(url: &str) -> &str {
    let after = url.split_once("://").map_or(url, |(_, after)| after);
    after.split(['/', '?', '#']).next().unwrap_or(after)
}

fn printable(bytes: &[u8], most: usize) -> String {
    let text = String::from_utf8_lossy(bytes);
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    line.chars().take(most).map(|character| if character.is_control() { '\u{fffd}' } else { character }).collect()
}

/// Seconds, or a date of HTTP.
fn retry_after(text: &str) -> Option<Duration> {
    let text = text.trim();
    if let Ok(seconds) = text.parse::<u64>() {
        return Some(Duration::from_secs(seconds));
    }
    let at = jiff::fmt::rfc2822::parse(text).ok()?.timestamp();
    let seconds = at.as_second() - jiff::Timestamp::now().as_second();
    Some(Duration::from_secs(u64::try_from(seconds).unwrap_or(0)))
}

impl<'a> Client<'a> {
    /// A client that names itself and whom to reach. The total time begins now.
    #[must_use]
    pub fn new(patience: Patience, contact: Option<&str>, waiting: &'a dyn Fn(&str)) -> Self {
        let contact = contact.map(|contact| contact.chars().filter(char::is_ascii_graphic).collect::<String>());
        let agent = format!(
            "malmarknad/{} (target markets of Swedish counties; contact: {})",
            env!("CARGO_PKG_VERSION"),
            contact.filter(|contact| !contact.is_empty()).unwrap_or_else(|| "not given".to_owned())
        );
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(5)
            .user_agent(agent)
            // What is kept is what the publisher sent: nothing is unpacked on the way.
            .accept_encoding("identity")
            .timeout_connect(Some(patience.call.min(Duration::from_secs(30))))
            .max_idle_connections(1)
            .build();
        Self { agent: config.new_agent(), patience, until: Instant::now() + patience.total, asked: BTreeMap::new(), waiting }
    }

    /// Waits until the host may be asked again.
    fn keep_pace(&mut self, url: &str, pace: Pace) -> Result<(), Failure> {
        let window = Duration::from_secs(u64::from(pace.seconds));
        let calls = self.asked.entry(host(url).to_owned()).or_default();
        while calls.len() >= pace.calls.max(1) as usize {
            let Some(first) = calls.front().copied() else { break };
            // A little over, since the service's clock is another.
            let free = first + window + Duration::from_millis(50);
            let now = Instant::now();
            if free > now {
                if free > self.until {
                    return Err(out_of_time());
                }
                std::thread::sleep(free - now);
            }
            calls.pop_front();
        }
        calls.push_back(Instant::now());
        Ok(())
    }

    /// Asks until there is an answer, it is refused, or patience is at an end. The bytes are written to `into`.
    ///
    /// # Errors
    /// A [`Failure`] that says what the server did.
    pub fn ask(&mut self, request: Request, into: &Path, judge: &dyn Fn(&Reply) -> Verdict) -> Result<Reply, Failure> {
        let mut last = String::new();
        for number in 1..=self.patience.tries {
            self.keep_pace(request.url, request.pace)?;
            let left = self.until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err(out_of_time());
            }
            let (reason, after) = match self.once(request, into, left, judge) {
                Try::Done(reply) => return Ok(reply),
                Try::Failed { reason, too_large } => return Err(Failure { reason, too_large, out_of_time: false }),
                Try::Again { reason, after } => (reason, after),
            };
            last = reason;
            if number == self.patience.tries {
                break;
            }
            let doubled = self.patience.first_wait.saturating_mul(1 << (number - 1).min(16)).min(self.patience.longest_wait);
            let jittered = doubled.mul_f64(rand::rng().random_range(0.5..1.5));
            let wait = after.map_or(jittered, |asked| asked.max(jittered.min(Duration::from_secs(1))));
            if Instant::now() + wait > self.until {
                let reason = format!("{last}; the next try would be in {} s, beyond the time limit", wait.as_secs());
                return Err(Failure { reason, too_large: false, out_of_time: false });
            }
            (self.waiting)(&format!("{last}; try {} of {} in {:.0} s", number + 1, self.patience.tries, wait.as_secs_f64()));
            std::thread::sleep(wait);
        }
        Err(Failure { reason: format!("{last}; tried {} times", self.patience.tries), too_large: false, out_of_time: false })
    }

    fn once(&self, request: Request, into: &Path, left: Duration, judge: &dyn Fn(&Reply) -> Verdict) -> Try {
        let again = |reason: String| Try::Again { reason, after: None };
        let limit = Some(self.patience.call.min(left));
        let sent = if let Some(body) = request.body {
            let call = self.agent.post(request.url).config().timeout_global(limit).build();
            call.header("content-type", "application/json").header("accept", "application/json, */*;q=0.5").send(body)
        } else {
            let mut call = self.agent.get(request.url).config().timeout_global(limit).build().header("accept", "*/*");
            if let Some(etag) = request.etag {
                call = call.header("if-none-match", etag);
            }
            if let Some(date) = request.last_modified {
                call = call.header("if-modified-since", date);
            }
            call.call()
        };
        let response = match sent {
            Ok(response) => response,
            Err(ureq::Error::TooManyRedirects) => return Try::Failed { reason: "it redirects without end".to_owned(), too_large: false },
            Err(ureq::Error::BadUri(reason)) => return Try::Failed { reason: format!("the address cannot be used: {reason}"), too_large: false },
            Err(error) => return again(format!("no answer: {}", printable(error.to_string().as_bytes(), 200))),
        };
        let header = |name: &str| response.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
        let after = header("retry-after").as_deref().and_then(retry_after);
        let mut reply = Reply {
            status: response.status().as_u16(),
            media_type: header("content-type").unwrap_or_default(),
            etag: header("etag"),
            last_modified: header("last-modified"),
            ..Reply::default()
        };
        if reply.status == 304 && (request.etag.is_some() || request.last_modified.is_some()) {
            return Try::Done(reply);
        }
        let success = (200..300).contains(&reply.status);
        let most = if success { request.most_bytes } else { HEAD_BYTES };
        let told = header("content-length").and_then(|length| length.parse::<u64>().ok());
        if success && told.is_some_and(|told| told > most) {
            return Try::Failed {
                reason: format!("it is {} bytes, more than the {most} that such an answer may be", told.unwrap_or(0)),
                too_large: false,
            };
        }
        let mut body = response.into_body().into_with_config().limit(u64::MAX).reader();
        match keep(&mut body, into, most, &mut reply) {
            Ok(false) if success => {
                return Try::Failed { reason: format!("it is more than the {most} bytes that such an answer may be"), too_large: false };
            }
            Ok(_) => {}
            Err(Kept::Disk(reason)) => return Try::Failed { reason: format!("it cannot be written: {reason}"), too_large: false },
            Err(Kept::Wire(reason)) => return again(format!("the answer broke off after {} bytes: {reason}", reply.bytes)),
        }
        Self::verdict(&reply, success, after, judge)
    }

    /// What a whole answer comes to.
    fn verdict(reply: &Reply, success: bool, after: Option<Duration>, judge: &dyn Fn(&Reply) -> Verdict) -> Try {
        let status = reply.status;
        if success {
            return match judge(reply) {
                Verdict::Sound | Verdict::Foreign => Try::Done(reply.clone()),
                Verdict::Busy(reason) => Try::Again { reason, after },
                Verdict::Refused(reason) => Try::Failed { reason, too_large: false },
                Verdict::TooLarge(reason) => Try::Failed { reason, too_large: true },
            };
        }
        let told = printable(&reply.head, 200);
        let words = if told.is_empty() { format!("status {status}") } else { format!("status {status}: {told}") };
        // Services tell a limit on cells with 400, 403 or 413.
        if matches!(status, 400 | 403 | 413) && told.to_lowercase().contains("too many cells") || status == 413 {
            return Try::Failed { reason: words, too_large: true };
        }
        match status {
            // ILOSTAT and SCB's first version answer 403 when they are busy.
            403 | 408 | 425 | 429 | 500..=599 => Try::Again { reason: words, after },
            404 | 410 => Try::Failed { reason: format!("it is no longer there ({words})"), too_large: false },
            300..=399 => Try::Failed { reason: format!("it redirects to nowhere ({words})"), too_large: false },
            _ => match judge(reply) {
                Verdict::Refused(reason) => Try::Failed { reason: format!("{reason} (status {status})"), too_large: false },
                Verdict::TooLarge(reason) => Try::Failed { reason, too_large: true },
                _ => Try::Failed { reason: words, too_large: false },
            },
        }
    }
}

fn out_of_time() -> Failure {
    Failure { reason: "the time limit of the fetch is reached".to_owned(), too_large: false, out_of_time: true }
}

enum Kept {
    Disk(String),
    Wire(String),
}

/// Writes a body, its hash and its first bytes; false where there is more than `most`.
fn keep(body: &mut dyn Read, into: &Path, most: u64, reply: &mut Reply) -> Result<bool, Kept> {
    let disk = |error: std::io::Error| Kept::Disk(error.to_string());
    let mut file = File::create(into).map_err(disk)?;
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 1 << 16];
    loop {
        let read = body.read(&mut buffer).map_err(|error| Kept::Wire(printable(error.to_string().as_bytes(), 200)))?;
        if read == 0 {
            break;
        }
        reply.bytes += read as u64;
        if reply.bytes > most {
            return Ok(false);
        }
        let part = &buffer[..read];
        hash.update(part);
        file.write_all(part).map_err(disk)?;
        let room = (HEAD_BYTES as usize).saturating_sub(reply.head.len());
        reply.head.extend_from_slice(&part[..room.min(read)]);
    }
    file.sync_all().map_err(disk)?;
    reply.sha256 = crate::tidy::hexadecimal(&hash.finalize());
    Ok(true)
}
