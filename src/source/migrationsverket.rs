//! Migrationsverket's work permits: a page of links whose addresses change every month, and a workbook a year. The page keeps only recent years; workbooks of
//! others can be given as files.

use std::collections::BTreeMap;

use super::{Answers, Asked, Body, Call, Made, Pace, Source, nothing_allowed, sound};
use crate::tidy::{Shelf, TidyError, migration, table, unreadable};

/// Permits by citizenship and, to 2020, occupation.
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
    of_file: Some(of_file),
    replaces: &[
        "migrationsverket_2015",
        "migrationsverket_2016",
        "migrationsverket_2017",
        "migrationsverket_2018",
        "migrationsverket_2019",
        "migrationsverket_2020",
        "migrationsverket_2022",
        "migrationsverket_2024",
    ],
    keeps_years: true,
    calls,
    allowed: nothing_allowed,
    judge: sound,
    tables,
};

const PAGE: &str = "page";
const YEAR: &str = "year-";

fn calls(asked: &Asked, answers: &Answers) -> Result<Vec<Call>, TidyError> {
    if !answers.kept.contains_key(PAGE) {
        return Ok(vec![Call::get(PAGE, "links to the workbooks", "/Om-Migrationsverket/Statistik/Oppna-data.html", Body::Page)]);
    }
    let links = links(&answers.bytes(PAGE)?, asked.year)?;
    Ok(links.into_iter().map(|(year, path)| call(year, path)).filter(|call| !answers.kept.contains_key(&call.name)).collect())
}

fn call(year: i32, path: String) -> Call {
    Call::get(format!("{YEAR}{year}"), format!("work permits {year}"), path, Body::Workbook)
}

/// The year that a workbook's name has, if it is one of those that there can be.
fn year_of(name: &str) -> Option<i32> {
    let digits = name.split(|character: char| !character.is_ascii_digit()).find(|digits| digits.len() == 4)?;
    digits.parse().ok().filter(|year| (migration::FIRST_YEAR..2100).contains(year))
}

/// A workbook that was downloaded keeps its year in its name.
fn of_file(name: &str) -> Result<Call, TidyError> {
    let named = || unreadable(name, "a workbook of Migrationsverket", "no year from 2015 on in the file's name");
    Ok(call(year_of(name).ok_or_else(named)?, "/".to_owned()))
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
        let Some(year) = year_of(name).filter(|year| *year <= last) else { continue };
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
        return Err(unreadable("Migrationsverket's page", "links to workbooks", "no link to a workbook of granted work permits from 2015 on"));
    }
    Ok(found)
}

/// Whole years only: a year that is not over would look like fewer permits.
fn tables(shelf: &mut Shelf, answers: &Answers) -> Result<Made, TidyError> {
    let source = PERMITS.key;
    let (mut groups, mut countries) = (Vec::new(), Vec::new());
    for (name, _) in answers.named(YEAR) {
        let period: i32 = name[YEAR.len()..].parse().map_err(|_| unreadable(name, "a year", "the name of the answer"))?;
        let permits = migration::workbook(&answers.bytes(name)?, &format!("Beviljade arbetstillstånd {period}"), period, source, shelf.codes)?;
        if permits.whole_year {
            groups.extend(permits.groups);
            countries.extend(permits.countries);
        }
    }
    if countries.is_empty() {
        return Err(unreadable("Migrationsverket's workbooks", "permits of a whole year", "no workbook has twelve months"));
    }
    shelf.receipt(source, groups.iter().map(|row| row.period).chain(countries.iter().map(|row| row.period)));
    let mut made = vec![table(countries)?];
    // Occupations by citizenship were published to 2020; without them the bundled ones stay.
    if !groups.is_empty() {
        made.push(table(groups)?);
    }
    Ok(made)
}
