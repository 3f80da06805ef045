//! What has changed between two versions of a tidy table: periods, codes, revised figures.

use std::collections::{BTreeMap, BTreeSet};

use crate::tidy::dataset::Description;

/// The changes of a table.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Changes {
    /// The table.
    pub table: &'static str,
    /// Periods that only the new version has.
    pub new_periods: Vec<String>,
    /// Periods that only the old one has.
    pub gone_periods: Vec<String>,
    /// By column of the key: codes that only the new version has.
    pub new_codes: BTreeMap<&'static str, Vec<String>>,
    /// By column of the key: codes that only the old one has.
    pub gone_codes: BTreeMap<&'static str, Vec<String>>,
    /// Rows for what the old version had no row of.
    pub rows_added: usize,
    /// Rows that are gone.
    pub rows_gone: usize,
    /// Rows of both versions with another figure or word.
    pub revised: usize,
    /// The revised number that moved most, as a share of the old one.
    pub largest: Option<Revision>,
}

/// A revised number.
#[derive(Clone, Debug, PartialEq)]
pub struct Revision {
    /// What it is a figure of.
    pub key: String,
    /// Its column.
    pub column: &'static str,
    /// The old figure.
    pub old: f64,
    /// The new one.
    pub new: f64,
}

impl Revision {
    fn share(&self) -> f64 {
        if self.old == 0.0 { f64::INFINITY } else { ((self.new - self.old) / self.old).abs() }
    }
}

impl Changes {
    /// Nothing differs.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows_added == 0 && self.rows_gone == 0 && self.revised == 0
    }

    /// Lines for a person.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        let list = |codes: &[String]| {
            let shown: Vec<String> = codes.iter().take(12).map(|code| code.chars().take(40).collect()).collect();
            if codes.len() > 12 { format!("{} and {} more", shown.join(", "), codes.len() - 12) } else { shown.join(", ") }
        };
        let mut lines = Vec::new();
        if !self.new_periods.is_empty() {
            lines.push(format!("{}: new periods {}", self.table, list(&self.new_periods)));
        }
        if !self.gone_periods.is_empty() {
            lines.push(format!("{}: periods no longer there {}", self.table, list(&self.gone_periods)));
        }
        for (column, codes) in &self.new_codes {
            lines.push(format!("{}: new in {column}: {}", self.table, list(codes)));
        }
        for (column, codes) in &self.gone_codes {
            lines.push(format!("{}: no longer in {column}: {}", self.table, list(codes)));
        }
        if self.rows_added + self.rows_gone > 0 {
            lines.push(format!("{}: {} rows more, {} fewer", self.table, self.rows_added, self.rows_gone));
        }
        if self.revised > 0 {
            let largest = self.largest.as_ref().map_or_else(String::new, |revision| {
                let key: String = revision.key.chars().take(80).collect();
                format!("; the largest: {} of {key} from {} to {}", revision.column, revision.old, revision.new)
            });
            lines.push(format!("{}: {} rows revised{largest}", self.table, self.revised));
        }
        lines
    }
}

struct Table {
    rows: BTreeMap<Vec<String>, csv::StringRecord>,
}

fn read(description: &Description, bytes: &[u8]) -> Option<Table> {
    let mut reader = csv::Reader::from_reader(bytes);
    let header = reader.headers().ok()?.clone();
    let key: Vec<usize> = description.key.iter().map(|name| header.iter().position(|column| column == *name)).collect::<Option<_>>()?;
    let mut rows = BTreeMap::new();
    for record in reader.records() {
        let record = record.ok()?;
        rows.insert(key.iter().map(|column| record.get(*column).unwrap_or_default().to_owned()).collect(), record);
    }
    Some(Table { rows })
}

/// The first column of a table's key of whose codes less than half are in the new version: its name, how many of them are left, and how many there were. A
/// table that was filtered before it was downloaded looks like that.
#[must_use]
pub fn mostly_gone(description: &Description, old: &[u8], new: &[u8]) -> Option<(&'static str, usize, usize)> {
    let (old, new) = (read(description, old)?, read(description, new)?);
    let columns = description.key.iter().enumerate().filter(|(_, name)| **name != "period");
    columns.into_iter().find_map(|(position, name)| {
        let codes = |table: &Table| table.rows.keys().map(|key| key[position].clone()).collect::<BTreeSet<String>>();
        let (before, after) = (codes(&old), codes(&new));
        let left = before.intersection(&after).count();
        (2 * left < before.len()).then_some((*name, left, before.len()))
    })
}

/// What differs between two versions of a table; `None` where one of them is no such table. The column `source` does not count.
#[must_use]
pub fn changes(description: &Description, old: &[u8], new: &[u8]) -> Option<Changes> {
    let (old, new) = (read(description, old)?, read(description, new)?);
    let mut changes = Changes { table: description.name, ..Changes::default() };
    let column = |table: &Table, position: usize| table.rows.keys().map(|key| key[position].clone()).collect::<BTreeSet<String>>();
    for (position, name) in description.key.iter().enumerate() {
        let (before, after) = (column(&old, position), column(&new, position));
        let (come, gone) = (after.difference(&before).cloned().collect::<Vec<_>>(), before.difference(&after).cloned().collect::<Vec<_>>());
        if *name == "period" {
            (changes.new_periods, changes.gone_periods) = (come, gone);
        } else {
            if !come.is_empty() {
                changes.new_codes.insert(name, come);
            }
            if !gone.is_empty() {
                changes.gone_codes.insert(name, gone);
            }
        }
    }
    for (key, row) in &new.rows {
        let Some(before) = old.rows.get(key) else {
            changes.rows_added += 1;
            continue;
        };
        let mut revised = false;
        for (position, field) in description.fields.iter().enumerate().filter(|(_, field)| field.name != "source") {
            let (was, is) = (before.get(position).unwrap_or_default(), row.get(position).unwrap_or_default());
            if was == is {
                continue;
            }
            revised = true;
            if let (Ok(old), Ok(new)) = (was.parse::<f64>(), is.parse::<f64>()) {
                let revision = Revision { key: key.join(" "), column: field.name, old, new };
                if changes.largest.as_ref().is_none_or(|largest| revision.share() > largest.share()) {
                    changes.largest = Some(revision);
                }
            }
        }
        changes.revised += usize::from(revised);
    }
    changes.rows_gone = old.rows.keys().filter(|key| !new.rows.contains_key(*key)).count();
    Some(changes)
}
