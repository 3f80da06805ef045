//! An index's method as a TOML file, and the line of each of its keys: a message about the method names file, line and key.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use anyhow::{anyhow, bail};
use toml::de::{DeTable, DeValue};

use crate::index::method::Method;

/// Largest method file, bytes.
const LARGEST: u64 = 1 << 20;
/// Longest excerpt of the file in a message, bytes.
const LONGEST_SHOWN: usize = 1_000;
/// What to do about a method that can't be read.
const HINT: &str = "`malmarknad index --help` shows a method; docs/index-method.md explains every key";

/// A method and the text it was read from.
pub(super) struct MethodFile {
    file: PathBuf,
    text: String,
}

impl MethodFile {
    /// Reads a file.
    pub(super) fn read(file: &Path) -> anyhow::Result<(Self, Method)> {
        let name = file.display();
        let mut bytes = Vec::new();
        let unreadable = |error: std::io::Error| anyhow!("{name}: cannot be read: {error}\nhint: check the name and the rights of the file");
        std::fs::File::open(file).map_err(unreadable)?.take(LARGEST + 1).read_to_end(&mut bytes).map_err(unreadable)?;
        if bytes.len() as u64 > LARGEST {
            bail!("{name}: is too large for a method\nhint: `malmarknad index --help` shows one");
        }
        let text = String::from_utf8(bytes).map_err(|error| {
            let line = line_of(error.as_bytes(), error.utf8_error().valid_up_to());
            anyhow!("{name}, line {line}: is not UTF-8\nhint: save the method as a text file in UTF-8")
        })?;
        let text = text.strip_prefix('\u{feff}').map_or(text.clone(), str::to_owned);
        let method = toml::from_str(&text).map_err(|error| {
            let line = error.span().map_or_else(String::new, |span| format!(", line {}", line_of(text.as_bytes(), span.start)));
            // The library shows the line, which may be as long as the file and hold anything.
            let shown = error.to_string();
            let told = if shown.len() > LONGEST_SHOWN { error.message() } else { shown.trim_end() };
            let told: String = told
                .chars()
                .filter(|character| *character != '\r')
                .map(|character| if character.is_control() && character != '\n' { '\u{fffd}' } else { character })
                .collect();
            anyhow!("{name}{line}: {told}\nhint: {HINT}")
        })?;
        Ok((Self { file: file.to_path_buf(), text }, method))
    }

    /// File, line and key of what a method's key says; of the nearest part of the way to it that the file has, where it has not all of it. `None` where the file has
    /// fewer than `least` parts of it.
    pub(super) fn place(&self, key: &[String], least: usize) -> Option<String> {
        let file = self.file.display();
        let document = DeTable::parse(&self.text).ok()?;
        let (mut start, mut found) = (None, Vec::new());
        let root = DeValue::Table(document.into_inner());
        let mut at = &root;
        for part in key {
            let next = match at {
                DeValue::Table(table) => table.iter().find(|(name, _)| name.get_ref() == part).map(|(name, value)| (name.span().start, value)),
                DeValue::Array(list) => part.parse::<usize>().ok().and_then(|place| list.get(place)).map(|value| (value.span().start, value)),
                _ => None,
            };
            let Some((from, value)) = next else { break };
            // A place in a list is counted from 1, as people count.
            found.push(part.parse::<usize>().map_or_else(|_| part.clone(), |place| (place + 1).to_string()));
            (start, at) = (Some(from), value.get_ref());
        }
        let start = start.filter(|_| found.len() >= least)?;
        Some(format!("{file}, line {}, key {}", line_of(self.text.as_bytes(), start), found.join(".")))
    }
}

/// The line, from 1, on which a byte stands.
fn line_of(text: &[u8], byte: usize) -> usize {
    text[..byte.min(text.len())].split(|byte| *byte == b'\n').count()
}
