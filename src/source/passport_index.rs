//! Passport Index: what each passport needs to enter each country, as a table that volunteers keep.

use super::{Answers, Body, Call, Pace, Source, nothing_allowed, once, sound};
use crate::format::delimited;
use crate::tidy::{Shelf, TidyError, table, world};

/// What Sweden asks of a passport.
pub(super) static VISAS: Source = Source {
    key: "passport_index_dataset",
    dataset: "Passport index",
    publisher: "Passport Index",
    title: "Visa requirements by passport and destination",
    page: "https://github.com/ilyankou/passport-index-dataset",
    licence: "MIT",
    attribution: "Källa: Passport Index",
    used_for: "visa-free entry",
    cadence_days: 400,
    bases: &[("https://raw.githubusercontent.com", Pace { calls: 1, seconds: 2 })],
    by_hand: false,
    of_file: None,
    replaces: &["passport_index"],
    keeps_years: false,
    calls: |_, answers| Ok(once(call(), answers)),
    allowed: nothing_allowed,
    judge: sound,
    tables: |shelf, answers| Ok(vec![visas(shelf, answers)?]),
};

fn call() -> Call {
    Call::get("data", "visa requirements", "/ilyankou/passport-index-dataset/master/passport-index-tidy-iso2.csv", Body::Rows)
}

fn visas(shelf: &mut Shelf, _: &Answers) -> Result<(&'static str, Vec<u8>), TidyError> {
    let source = VISAS.key;
    let (bytes, file) = shelf.bytes(source)?;
    // The table does not say of when it is: it is of the day on which it was fetched.
    let rows = world::visas(shelf, &delimited::read(&bytes, &file)?, shelf.year(), source)?;
    shelf.receipt(source, rows.iter().map(|row| row.period));
    table(rows)
}
