//! Codes that cannot be wrong: occupations, unit groups, counties, countries, sexes and periods are types of their own.
//!
//! A code enters the program through [`Codes`], which is read from `data/mappings`; a code that the lists do not hold is an error
//! that says which file and row it came from and what to add where. After that the types are plain values that sort and print.

mod classification;
mod country;
mod period;
mod sex;

pub use classification::{Codes, CountyInfo, EnglishSource, Isco, OccupationName, Ssyk, SsykGroup};
pub use country::{Country, CountryName, CountryScheme};
pub use period::Period;
pub use sex::Sex;

use std::path::PathBuf;

/// A Swedish county (län): two digits as text, `01`…`25`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct County([u8; 2]);

impl County {
    /// The code as printed by SCB, with its leading zero.
    #[must_use]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("??")
    }

    pub(crate) fn from_digits(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        (bytes.len() == 2 && bytes.iter().all(u8::is_ascii_digit)).then(|| Self([bytes[0], bytes[1]]))
    }
}

impl std::fmt::Display for County {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// What is wrong with a code, with the remedy.
#[derive(Debug, thiserror::Error)]
pub enum CodeError {
    /// The code is not in its list.
    #[error("{place}: {what} code \"{code}\" is unknown\nhint: add it to {list} if it is new at the publisher, or to its exclusions with a reason")]
    Unknown {
        /// File and row the code stood in.
        place: String,
        /// Kind of code, for example `SSYK 2012`.
        what: &'static str,
        /// The code as it was read.
        code: String,
        /// The mapping file that would hold it.
        list: String,
    },
    /// The code list itself cannot be used.
    #[error("{path}: row {row}: {problem}\nhint: restore the file from the repository, or mend the row")]
    List {
        /// The code list.
        path: PathBuf,
        /// Row, counted from 1 after the header.
        row: usize,
        /// What is wrong.
        problem: String,
    },
    /// A code list is missing or unreadable.
    #[error("cannot read the code list {path}: {reason}\nhint: the folder data/mappings is part of the program; restore it from the repository")]
    Missing {
        /// The code list.
        path: PathBuf,
        /// The operating system's or the parser's words.
        reason: String,
    },
}
