//! What can be wrong with an index: its data, its structure or its method. Every message ends in a hint.

use thiserror::Error;

/// An index that can't be computed as asked.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum IndexError {
    /// Nothing to index.
    #[error("there are no {what}\nhint: the data table needs at least one unit, and the metadata at least one indicator")]
    Empty {
        /// `units` or `indicators`.
        what: &'static str,
    },
    /// A table whose size doesn't fit its labels.
    #[error("{what} has {found} values where {wanted} are wanted\nhint: one value per unit and indicator; leave a missing one empty")]
    Size {
        /// Which table or column.
        what: String,
        /// Values wanted.
        wanted: usize,
        /// Values found.
        found: usize,
    },
    /// A code twice.
    #[error("{what} `{code}` occurs twice\nhint: every unit, indicator and aggregate needs a code of its own")]
    Duplicate {
        /// Kind of code.
        what: &'static str,
        /// The code.
        code: String,
    },
    /// An infinite or absurdly large value.
    #[error(
        "unit `{unit}`, indicator `{indicator}`: {value} is not a number that can be indexed\nhint: leave a missing value empty; the largest size is 1e150"
    )]
    NotFinite {
        /// Unit code.
        unit: String,
        /// Indicator or denominator code.
        indicator: String,
        /// The value as text.
        value: String,
    },
    /// A reference to a code that doesn't exist.
    #[error("`{from}` names {what} `{code}`, which doesn't exist{}\nhint: check the spelling; codes are case-sensitive", also(.known))]
    Unknown {
        /// Who refers to it.
        from: String,
        /// Kind of code.
        what: &'static str,
        /// The code.
        code: String,
        /// Codes that exist.
        known: Vec<String>,
    },
    /// A parent at the wrong level.
    #[error("`{code}` (level {level}) has the parent `{parent}` at level {parent_level}\nhint: a parent stands exactly one level above its children")]
    Level {
        /// Child code.
        code: String,
        /// Its level.
        level: usize,
        /// Parent code.
        parent: String,
        /// The parent's level.
        parent_level: usize,
    },
    /// An aggregate without a parent below the top, or one with no children.
    #[error("`{code}` {problem}\nhint: every element below the top level has a parent, and every aggregate has children")]
    Structure {
        /// The element's code.
        code: String,
        /// What is wrong.
        problem: &'static str,
    },
    /// A weight that isn't a weight.
    #[error("the weight of `{code}` is {value}\nhint: a weight is a number of at least 0; 0 leaves the element out")]
    Weight {
        /// The element.
        code: String,
        /// The weight as text.
        value: String,
    },
    /// Siblings that weigh nothing together.
    #[error("the elements under `{parent}` weigh nothing together\nhint: give at least one of them a weight above 0")]
    NoWeight {
        /// The parent.
        parent: String,
    },
    /// A parameter outside its domain.
    #[error("{what} is {value}\nhint: {hint}")]
    Parameter {
        /// Name of the parameter.
        what: String,
        /// The value as text.
        value: String,
        /// What it should be.
        hint: &'static str,
    },
    /// A mean of positive numbers over something that isn't.
    #[error(
        "`{code}` of unit `{unit}` is {value}, and the {mean} mean of `{parent}` needs positive values\nhint: normalise onto a range above 0, for example [1, 100], or aggregate this level another way"
    )]
    NotPositive {
        /// Unit code.
        unit: String,
        /// Child code.
        code: String,
        /// The value as text.
        value: String,
        /// Which mean.
        mean: &'static str,
        /// The aggregate.
        parent: String,
    },
    /// Another error, and the key of the method that it comes from.
    #[error("{error}")]
    Stated {
        /// The way to the key from the top of the method; a place in a list is its number, from 0.
        key: Vec<String>,
        /// What is wrong.
        error: Box<IndexError>,
    },
    /// A list with one entry per level that has another length.
    #[error("{what} has {found} entries\nhint: give one entry for all levels, or one for each of the {wanted} aggregation levels, the lowest first")]
    PerLevel {
        /// The list.
        what: &'static str,
        /// Aggregation levels.
        wanted: usize,
        /// Entries found.
        found: usize,
    },
}

impl IndexError {
    /// The same, as the fault of a key of the method; the innermost key stands.
    #[must_use]
    pub fn stated(self, key: &[&str]) -> Self {
        if let Self::Stated { .. } = self {
            return self;
        }
        Self::Stated { key: key.iter().map(|part| (*part).to_string()).collect(), error: Box::new(self) }
    }

    /// The key of the method that it comes from, if it comes from one.
    pub fn key(&self) -> Option<&[String]> {
        if let Self::Stated { key, .. } = self { Some(key) } else { None }
    }
}

/// A number for a message: one of many digits with an exponent.
pub(crate) fn figure(value: f64) -> String {
    if value.abs() < 1e16 { value.to_string() } else { format!("{value:e}") }
}

/// The known codes, where they are few enough to be read.
fn also(known: &[String]) -> String {
    if known.is_empty() || known.len() > 12 { String::new() } else { format!(" (there are: {})", known.join(", ")) }
}
