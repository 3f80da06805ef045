//! Migrationsverket's work permits: a page of links whose addresses change every month, and a workbook a year.

use std::collections::BTreeMap;

use super::{Answers, Asked, Body, Call, Made, Pace, Source, nothing_allowed, sound};
use crate::format::workbook;
use crate::tidy::{Shelf, TidyError, migration, table, unreadable};

/// Permits by citizenship.
pub(super) static PERMITS: Source = Source {
    key: "migrationsverket",
    dataset: "Beviljade arbetstillstånd",
    publisher: "Migrationsverket",
    title: "Beviljade arbetstillstånd, förstagångstillstånd efter medborgarskap",
    page: "https://www.migrationsverket.se/Om-Migrationsverket/Statistik/Oppna-data.html",
    licence: "no conditions (Migrationsverket's DCAT)",
    attribution: "Källa: Migrationsverket",
    used_for: "work permits: evidence on the countries' pages, outcome of the back-test",
    cadence_days: 60,
    bases: &[("https://www.migrationsverket.se", Pace { calls: 2, seconds: 4 })],
    by_hand: false,
    replaces: &["migrationsverket_2022", "migrationsverket_2024"],
    keeps_years: true,
    calls,
    allowed: nothing_allowed,
    judge: sound,
    tables,
};

/// The first year of the layout with a column a month.
const FIRST_BY_MONTH: i32 = 2022;

const PAGE: &str = "page";

fn calls(asked: &Asked, answers: &Answers) -> Result<Vec<Call>, TidyError> {
    if !answers.kept.contains_key(PAGE) {
        return Ok(vec![Call::get(PAGE, "links to the workbooks", "/Om-Migrationsverket/Statistik/Oppna-data.html", Body::Page)]);
    }
    let links = links(&answers.bytes(PAGE)?, asked.year)?;
    let call = |(year, path): (i32, String)| Call::get(format!("year-{year}"), format!("work permits {year}"), path, Body::Workbook);
    Ok(links.into_iter().map(call).filter(|call| !answers.kept.contains_key(&call.name)).collect())
}

/// A link's text with its percent signs undone, for reading only.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        let pair = tail.get(..2).and_then(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok());
        if let (b'%', Some(byte)) = (first, pair) {
            bytes.push(byte);
            rest = &tail[2..];
        } else {
            bytes.push(*first);
            rest = tail;
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The workbooks that the page links to, by year: paths on Migrationsverket's own host.
fn links(page: &[u8], last: i32) -> Result<BTreeMap<i32, String>, TidyError> {
    let text = String::from_utf8_lossy(page);
    let mut found: BTreeMap<i32, String> = BTreeMap::new();
    for after in text.split("href=").skip(1) {
        let Some(quote) = after.chars().next().filter(|quote| ['"', '\''].contains(quote)) else { continue };
        let Some(link) = after[1..].split(quote).next() else { continue };
        let link = link.replace("&amp;", "&");
        let told = decoded(&link).to_lowercase();
        if !told.contains("beviljade") || !told.contains("arbetstillst") || ![".xlsx", ".xls"].iter().any(|ending| told.ends_with(ending)) {
            continue;
        }
        let name = told.rsplit('/').next().unwrap_or_default();
        let year =
            name.split(|character: char| !character.is_ascii_digit()).filter(|digits| digits.len() == 4).find_map(|digits| digits.parse().ok());
        let Some(year) = year.filter(|year| (FIRST_BY_MONTH..=last).contains(year)) else { continue };
        // A link to another host is not followed; a path keeps to characters that an address may hold.
        let path = link.strip_prefix("https://www.migrationsverket.se").unwrap_or(&link);
        let sound = path.starts_with('/') && !path.starts_with("//") && path.len() < 1000;
        if !sound || !path.bytes().all(|byte| byte.is_ascii_graphic() && !b"\"<>\\^`{|}".contains(&byte)) {
            return Err(unreadable(
                "Migrationsverket's page",
                "links to its own workbooks",
                format!("a link to {}", link.chars().take(200).collect::<String>()),
            ));
        }
        if found.insert(year, path.to_owned()).is_some_and(|other| other != path) {
            return Err(unreadable("Migrationsverket's page", "one workbook a year", format!("there are two for {year}")));
        }
    }
    if found.is_empty() {
        return Err(unreadable("Migrationsverket's page", "links to workbooks", "no link to a workbook of granted work permits from 2022 on"));
    }
    Ok(found)
}

/// Whole years only: a year that is not over would look like fewer permits.
fn tables(shelf: &mut Shelf, answers: &Answers) -> Result<Made, TidyError> {
    let source = PERMITS.key;
    let mut rows = Vec::new();
    for (name, _) in answers.named("year-") {
        let period: i32 = name["year-".len()..].parse().map_err(|_| unreadable(name, "a year", "the name of the answer"))?;
        let sheet = workbook::read(&answers.bytes(name)?, &format!("Beviljade arbetstillstånd {period}"), "Medborgarskap, förstagångs")?;
        let counts = migration::by_month(&sheet, period)?;
        if migration::is_whole_year(&sheet, period) {
            rows.extend(migration::permits_country(&counts, period, source, shelf.codes)?);
        }
    }
    if rows.is_empty() {
        return Err(unreadable("Migrationsverket's workbooks", "permits of a whole year", "no workbook has twelve months"));
    }
    shelf.receipt(source, rows.iter().map(|row| row.period));
    Ok(vec![table(rows)?])
}
