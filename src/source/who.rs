//! WHO's health workforce support and safeguards list: published in a PDF, so that a person makes a CSV of it, which is then kept and proved as what is fetched.

use std::collections::BTreeSet;

use super::{Answers, Body, Call, Pace, Source, nothing_allowed, once, sound};
use crate::format::{TextTable, delimited};
use crate::tidy::{Shelf, TidyError, table, unreadable, world};

/// Countries from which health workers are not to be recruited actively.
pub(super) static SAFEGUARDS: Source = Source {
    key: "who_safeguards_list",
    dataset: "WHO health workforce support and safeguards list",
    publisher: "Världshälsoorganisationen (WHO)",
    title: "WHO health workforce support and safeguards list",
    page: "https://www.who.int/publications/i/item/9789240069787",
    licence: "CC BY-NC-SA 3.0 IGO",
    attribution: "Källa: WHO, Health workforce support and safeguards list",
    used_for: "no active recruitment in health occupations",
    // A new list comes every third year.
    cadence_days: 1200,
    bases: &[("https://www.who.int", Pace { calls: 1, seconds: 5 })],
    by_hand: true,
    of_file: None,
    replaces: &["who_list"],
    keeps_years: false,
    calls: |_, answers| Ok(once(call(), answers)),
    allowed: nothing_allowed,
    judge: sound,
    tables: |shelf, answers| Ok(vec![safeguards(shelf, answers)?]),
};

/// Fewer are a part of a list.
const LEAST: usize = 40;

fn call() -> Call {
    Call::get("data", "the list", "/list", Body::Rows)
}

fn safeguards(shelf: &mut Shelf, _: &Answers) -> Result<(&'static str, Vec<u8>), TidyError> {
    let source = SAFEGUARDS.key;
    let (bytes, file) = shelf.bytes(source)?;
    let text = delimited::read(&bytes, &file)?;
    let [years] = text.columns(["year"])?;
    let rows = world::safeguards(shelf, &text, |text: &TextTable, row| Ok(text.year(row, years)?), source)?;
    // A country that a newer list has left would still be closed by its row of an older one.
    if rows.iter().any(|row| row.period != rows[0].period) {
        return Err(unreadable(&file, "one list", "its rows are of several years"));
    }
    // A country that is missing would be open to recruitment: a part of the list must not pass for the list.
    let countries: BTreeSet<&str> = rows.iter().map(|row| row.country.as_str()).collect();
    if countries.len() < LEAST {
        let found = format!("{} countries; WHO's lists of 2020 and 2023 have 47 and 55", countries.len());
        return Err(unreadable(&file, "the whole list", found));
    }
    shelf.receipt(source, rows.iter().map(|row| row.period));
    table(rows)
}
