//! Job ads as packed JSON lines, read as a stream: a year of them is some 5 GB, of which only counts are kept.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;
use std::sync::mpsc;

use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::FormatError;

/// A year's ads, counted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// By occupation group (four digits), county (two digits; empty where the ad names none in Sweden) and month (1–12).
    by: BTreeMap<(String, String, u8), i64>,
    /// Ads of the year.
    pub ads: i64,
    /// Those of them that name no occupation group; they are counted in no other figure.
    pub without_group: i64,
    /// Ads of other years, which spill over the year's borders.
    pub other_years: i64,
}

impl Counts {
    /// Ads of a group in a county, over the year.
    #[must_use]
    pub fn of(&self, group: &str, county: &str) -> i64 {
        let from = (group.to_owned(), county.to_owned(), 0);
        let to = (group.to_owned(), county.to_owned(), u8::MAX);
        self.by.range(from..=to).map(|(_, ads)| ads).sum()
    }

    /// Ads by group, county and month.
    pub fn by_month(&self) -> impl Iterator<Item = (&str, &str, u8, i64)> {
        self.by.iter().map(|((group, county, month), ads)| (group.as_str(), county.as_str(), *month, *ads))
    }

    /// The groups that have an ad, in order.
    pub fn groups(&self) -> impl Iterator<Item = &str> {
        let mut groups: Vec<&str> = self.by.keys().map(|(group, _, _)| group.as_str()).collect();
        groups.dedup();
        groups.into_iter()
    }

    /// The counties that have an ad, in order.
    pub fn counties(&self) -> impl Iterator<Item = &str> {
        let mut counties: Vec<&str> = self.by.keys().map(|(_, county, _)| county.as_str()).collect();
        counties.sort_unstable();
        counties.dedup();
        counties.into_iter()
    }
}

#[derive(Deserialize)]
struct Ad<'a> {
    #[serde(borrow, default, deserialize_with = "first_group")]
    occupation_group: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    workplace_address: Option<Address<'a>>,
    #[serde(borrow, default)]
    publication_date: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
struct Address<'a> {
    #[serde(borrow, default)]
    region_code: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
struct Group<'a> {
    #[serde(borrow, default)]
    legacy_ams_taxonomy_id: Option<Cow<'a, str>>,
}

/// The group's code. Some years have one group, others a list of which the first counts.
fn first_group<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Cow<'de, str>>, D::Error> {
    struct OneOrMany;
    impl<'de> Visitor<'de> for OneOrMany {
        type Value = Option<Cow<'de, str>>;
        fn expecting(&self, formatter: &mut std::fmt::Formatter) -> std::fmt::Result {
            formatter.write_str("an occupation group, a list of them, or null")
        }
        fn visit_unit<E>(self) -> Result<Self::Value, E> {
            Ok(None)
        }
        fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
            Ok(Group::deserialize(serde::de::value::MapAccessDeserializer::new(map))?.legacy_ams_taxonomy_id)
        }
        fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
            let first = list.next_element::<Option<Group>>()?.flatten();
            while list.next_element::<IgnoredAny>()?.is_some() {}
            Ok(first.and_then(|group| group.legacy_ams_taxonomy_id))
        }
    }
    deserializer.deserialize_any(OneOrMany)
}

fn digits(text: &str, length: usize) -> bool {
    text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Adds one line. Blank lines are none.
fn add(counts: &mut Counts, line: &[u8], year: i32) -> Result<(), String> {
    if line.iter().all(u8::is_ascii_whitespace) {
        return Ok(());
    }
    let ad: Ad = serde_json::from_slice(line).map_err(|error| error.to_string())?;
    let date = ad.publication_date.as_deref().unwrap_or_default();
    let parts = date.get(..4).zip(date.get(5..7)).and_then(|(year, month)| Some((year.parse::<i32>().ok()?, month.parse::<u8>().ok()?)));
    let Some((published, month)) = parts.filter(|(_, month)| (1..=12).contains(month) && date.as_bytes()[4] == b'-') else {
        return Err(format!("the publication date is {:?}", date.chars().take(40).collect::<String>()));
    };
    if published != year {
        counts.other_years += 1;
        return Ok(());
    }
    counts.ads += 1;
    let group = ad.occupation_group.as_deref().map(str::trim).filter(|group| digits(group, 4));
    let Some(group) = group else {
        counts.without_group += 1;
        return Ok(());
    };
    let county = ad.workplace_address.as_ref().and_then(|address| address.region_code.as_deref()).map(str::trim);
    let county = county.filter(|county| digits(county, 2)).unwrap_or("");
    *counts.by.entry((group.to_owned(), county.to_owned(), month)).or_default() += 1;
    Ok(())
}

/// A line beyond this is no ad.
const MOST_LINE: usize = 20_000_000;
/// An archive that unpacks beyond this is no year of ads.
const MOST_UNPACKED: u64 = 60_000_000_000;
/// Bytes handed over at a time; a few of them are all that is in memory.
const CHUNK: usize = 1 << 20;

/// Counts the ads of `year` in text of one JSON object a line.
///
/// # Errors
/// A line that is no ad, or reading that fails.
pub fn count_lines(chunks: impl Iterator<Item = std::io::Result<Vec<u8>>>, file: &str, year: i32) -> Result<Counts, FormatError> {
    let unreadable = |reason: String| FormatError::Unreadable { file: file.to_owned(), format: "job ads, one JSON object a line", reason };
    let mut counts = Counts::default();
    let mut rest: Vec<u8> = Vec::new();
    let mut number = 0_u64;
    let mut line = |counts: &mut Counts, line: &[u8]| {
        number += 1;
        add(counts, line, year).map_err(|reason| unreadable(format!("line {number}: {reason}")))
    };
    let mut first = true;
    for chunk in chunks {
        let chunk = chunk.map_err(|error| unreadable(error.to_string()))?;
        let mut bytes = chunk.as_slice();
        if std::mem::take(&mut first) {
            bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        }
        while let Some(end) = memchr::memchr(b'\n', bytes) {
            if rest.is_empty() {
                line(&mut counts, &bytes[..end])?;
            } else {
                rest.extend_from_slice(&bytes[..end]);
                line(&mut counts, &rest)?;
                rest.clear();
            }
            bytes = &bytes[end + 1..];
        }
        rest.extend_from_slice(bytes);
        if rest.len() > MOST_LINE {
            return Err(unreadable("a line is longer than 20 MB".to_owned()));
        }
    }
    line(&mut counts, &rest)?;
    Ok(counts)
}

/// Counts the ads of `year` in a packed file (.jsonl.zip with one part), unpacking on a thread of its own.
///
/// # Errors
/// No such archive, another number of parts, or as [`count_lines`].
pub fn count(path: &Path, year: i32) -> Result<Counts, FormatError> {
    let file = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let unreadable = |reason: String| FormatError::Unreadable { file: file.clone(), format: "a zip of job ads", reason };
    let opened = File::open(path).map_err(|error| unreadable(error.to_string()))?;
    let mut archive = zip::ZipArchive::new(BufReader::with_capacity(CHUNK, opened)).map_err(|error| unreadable(error.to_string()))?;
    let parts: Vec<usize> =
        (0..archive.len()).filter(|part| archive.name_for_index(*part).is_some_and(|name| name.is_ok_and(|name| !name.ends_with('/')))).collect();
    let [part] = parts.as_slice() else {
        return Err(unreadable(format!("it has {} parts, not one", parts.len())));
    };
    let part = *part;
    std::thread::scope(|scope| {
        let (send, receive) = mpsc::sync_channel::<std::io::Result<Vec<u8>>>(4);
        scope.spawn(move || {
            let result = (|| {
                let mut lines = archive.by_index(part).map_err(std::io::Error::other)?.take(MOST_UNPACKED + 1);
                let mut unpacked = 0_u64;
                loop {
                    let mut chunk = Vec::with_capacity(CHUNK);
                    let read = lines.by_ref().take(CHUNK as u64).read_to_end(&mut chunk)?;
                    unpacked += read as u64;
                    if unpacked > MOST_UNPACKED {
                        return Err(std::io::Error::other("it unpacks to more than 60 GB"));
                    }
                    // Nobody receives when a line was wrong.
                    if read == 0 || send.send(Ok(chunk)).is_err() {
                        return Ok(());
                    }
                }
            })();
            if let Err(error) = result {
                let _ = send.send(Err(error));
            }
        });
        count_lines(receive.into_iter(), &file, year)
    })
}
