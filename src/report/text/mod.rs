//! Sentences and numbers in a report's language.

pub mod sv;
