//! Migrationsverket's work permits, first-time only, from three layouts: 2015–2020 (`Medborgarskap per yrkesgrupp`, a block for each occupation group),
//! 2021 (`Medborgarskap`, a row for each citizenship) and from 2022 (`Medborgarskap, förstagångs`, a column for each month). Each sheet carries its own sums; a
//! figure is only taken where they hold.
//!
//! A citizenship that is no country and a label that is no group of SSYK 2012 stay in the sums and are left out of the tables, by rows with a reason in
//! `data/mappings`.

use std::collections::BTreeMap;

use super::dataset::{PermitsCountry, PermitsGroup};
use super::{Shelf, TidyError, table};
use crate::code::{Codes, Country, CountryScheme, SsykGroup};
use crate::format::FormatError;
use crate::format::workbook::{self, Sheet};

type Tables = Vec<(&'static str, Vec<u8>)>;

/// The first year whose workbook is understood.
pub(crate) const FIRST_YEAR: i32 = 2015;
/// The last year with occupation × citizenship, which the publisher gave up after it.
const LAST_BY_GROUP: i32 = 2020;
/// The first year of the layout with a column a month.
const FIRST_BY_MONTH: i32 = 2022;

/// The workbooks at hand.
const WORKBOOKS: [(i32, &str); 8] = [
    (2015, "migrationsverket_2015"),
    (2016, "migrationsverket_2016"),
    (2017, "migrationsverket_2017"),
    (2018, "migrationsverket_2018"),
    (2019, "migrationsverket_2019"),
    (2020, "migrationsverket_2020"),
    (2022, "migrationsverket_2022"),
    (2024, "migrationsverket_2024"),
];

pub(super) fn tables(shelf: &mut Shelf) -> Result<Tables, TidyError> {
    let (mut groups, mut countries) = (Vec::new(), Vec::new());
    for (period, source) in WORKBOOKS {
        let (bytes, file) = shelf.bytes(source)?;
        let permits = workbook(&bytes, &file, period, source, shelf.codes)?;
        shelf.receipt(source, std::iter::repeat_n(period, permits.groups.len() + permits.countries.len()));
        groups.extend(permits.groups);
        countries.extend(permits.countries);
    }
    Ok(vec![table(groups)?, table(countries)?])
}

/// What a year's workbook says.
#[derive(Clone, Debug)]
pub(crate) struct Permits {
    /// By SSYK 2012 group and country; none from 2021 on.
    pub(crate) groups: Vec<PermitsGroup>,
    /// By country.
    pub(crate) countries: Vec<PermitsCountry>,
    /// Whether the year was over when the workbook was made.
    pub(crate) whole_year: bool,
}

/// A year's workbook, in the layout of that year.
pub(crate) fn workbook(bytes: &[u8], file: &str, period: i32, source: &str, codes: &Codes) -> Result<Permits, TidyError> {
    let sheet = |name: &str| workbook::read(bytes, file, name);
    let (counts, whole_year) = match period {
        ..=LAST_BY_GROUP => {
            let counts = by_group(&sheet("Medborgarskap per yrkesgrupp")?, period)?;
            let whole = sheet("Yrkesgrupp, Medborgarskap")?;
            check_citizenships(&counts, &by_citizenship(&whole)?, &whole.file)?;
            (counts, true)
        }
        FIRST_BY_MONTH.. => {
            let months = sheet("Medborgarskap, förstagångs")?;
            (by_month(&months, period)?, is_whole_year(&months, period))
        }
        _ => (of_year(&sheet("Medborgarskap")?, period)?, true),
    };
    let groups = if period <= LAST_BY_GROUP { permits_group(&counts, period, source, codes)? } else { Vec::new() };
    Ok(Permits { groups, countries: permits_country(&counts, period, source, codes)?, whole_year })
}

/// A count in one of Migrationsverket's sheets, with the labels as printed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Count {
    /// Occupation group, white space collapsed; empty where the sheet has none.
    pub group: String,
    /// Citizenship, white space collapsed.
    pub citizenship: String,
    /// Permits.
    pub permits: i64,
    /// File, sheet and row, for messages.
    pub place: String,
}

fn place(sheet: &Sheet, row: usize) -> String {
    format!("{}, row {}", sheet.file, row + 1)
}

/// A label on one line with single blanks: from 2022 the publisher breaks lines inside it (`BOSNIEN OCH\nHERCEGOVINA`).
fn label(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn layout(sheet: &Sheet, row: usize, expected: &[&str]) -> TidyError {
    let found = sheet.rows.get(row).map_or_else(String::new, |cells| cells.iter().map(|cell| label(cell)).collect::<Vec<_>>().join(" | "));
    let found = found.chars().take(200).flat_map(char::escape_debug).collect();
    FormatError::Columns { file: place(sheet, row), expected: expected.join(" | "), found }.into()
}

fn wrong_sum(place: String, what: &str, expected: i64, found: i64) -> TidyError {
    let what: String = what.chars().take(90).flat_map(char::escape_debug).collect();
    TidyError::Meaning {
        place,
        problem: format!("{what} should be {expected}, as the sheet says, but its rows sum to {found}"),
        hint: "a count has changed, or a row is missing; compare the workbook with a fresh copy from Migrationsverket",
    }
}

fn count(sheet: &Sheet, row: usize, column: usize, name: &str) -> Result<i64, TidyError> {
    let text = sheet.cell(row, column);
    text.parse::<f64>().ok().filter(|value| value.fract() == 0.0 && (0.0..1e9).contains(value)).map(|value| value as i64).ok_or_else(|| {
        FormatError::Cell {
            file: sheet.file.clone(),
            row: row + 1,
            column: name.to_owned(),
            found: text.chars().take(60).flat_map(char::escape_debug).collect(),
            expected: "a count",
        }
        .into()
    })
}

fn is_empty(sheet: &Sheet, row: usize) -> bool {
    sheet.rows[row].iter().all(|cell| cell.trim().is_empty())
}

fn is_header(sheet: &Sheet, row: usize, header: &[&str]) -> bool {
    header.iter().enumerate().all(|(column, name)| sheet.cell(row, column) == *name)
}

/// The sheet must say that it is of `period`; the workbooks of the years look alike.
fn check_period(sheet: &Sheet, period: i32) -> Result<(), TidyError> {
    let title = format!("Beviljade arbetstillstånd {period}");
    if sheet.rows.iter().take(9).flatten().any(|cell| cell.trim() == title) {
        return Ok(());
    }
    Err(TidyError::Meaning {
        place: sheet.file.clone(),
        problem: format!("no \"{title}\" above the table"),
        hint: "data/recorded.toml names another year's workbook, or the publisher has changed the layout",
    })
}

/// The header of a block: the first column is blank, and so is that between the group and its citizenships.
const BLOCK: [&str; 5] = ["", "Yrkesgrupp", "", "Medborgarskap", "Antal"];

struct Block {
    group: String,
    counts: Vec<Count>,
}

/// The counts of a sheet `Medborgarskap per yrkesgrupp` (2015–2020).
///
/// # Errors
/// Another layout or year, a cell that is no count, a citizenship twice in a block, a block that is not its `Summa:`, or blocks that are not `TOTALT`.
pub fn by_group(sheet: &Sheet, period: i32) -> Result<Vec<Count>, TidyError> {
    check_period(sheet, period)?;
    let mentioned = (0..sheet.rows.len()).find(|row| sheet.rows[*row].iter().any(|cell| cell.trim() == "Medborgarskap")).unwrap_or(0);
    let first = (0..sheet.rows.len()).find(|row| is_header(sheet, *row, &BLOCK)).filter(|row| *row == mentioned);
    let first = first.ok_or_else(|| layout(sheet, mentioned, &BLOCK))?;
    let mut counts: Vec<Count> = Vec::new();
    let mut open: Option<Block> = None;
    let mut total = None;
    for row in (first..sheet.rows.len()).filter(|row| !is_empty(sheet, *row)) {
        let (group, citizenship) = (label(sheet.cell(row, 1)), label(sheet.cell(row, 3)));
        if total.is_some() {
            return Err(layout(sheet, row, &["nothing after TOTALT"]));
        }
        if is_header(sheet, row, &BLOCK) {
            if open.replace(Block { group: String::new(), counts: Vec::new() }).is_some() {
                return Err(layout(sheet, row, &["Summa: before the next block"]));
            }
        } else if citizenship == "Summa:" {
            let expected = count(sheet, row, 4, "Antal")?;
            let (what, rows) = match (open.take(), group.as_str()) {
                (Some(block), "") if !block.counts.is_empty() => {
                    let sum = block.counts.iter().map(|count| count.permits).sum();
                    counts.extend(block.counts);
                    (format!("Summa: of {}", block.group), sum)
                }
                // The workbook of 2015 leaves the word out.
                (None, "TOTALT" | "") => {
                    total = Some(row);
                    ("TOTALT".to_owned(), counts.iter().map(|count| count.permits).sum())
                }
                _ => return Err(layout(sheet, row, &["", "", "", "Summa:", "count"])),
            };
            if rows != expected {
                return Err(wrong_sum(place(sheet, row), &what, expected, rows));
            }
        } else {
            let Some(block) = open.as_mut().filter(|block| block.group.is_empty() != group.is_empty()) else {
                return Err(layout(sheet, row, &BLOCK));
            };
            if block.group.is_empty() {
                block.group = group;
            }
            if citizenship.is_empty() || block.counts.iter().any(|count| count.citizenship == citizenship) {
                return Err(layout(sheet, row, &["", "", "", "a citizenship that the block has once", "count"]));
            }
            let permits = count(sheet, row, 4, "Antal")?;
            block.counts.push(Count { group: block.group.clone(), citizenship, permits, place: place(sheet, row) });
        }
    }
    match (open, total) {
        (None, Some(_)) => Ok(counts),
        _ => Err(layout(sheet, sheet.rows.len().saturating_sub(1), &["", "TOTALT", "", "Summa:", "count"])),
    }
}

/// The header of the sheet that lists groups and, to their right, citizenships.
const LISTS: [&str; 7] = ["", "Yrkesgrupp", "", "Antal", "", "Medborgarskap", "Antal"];

/// Permits by citizenship in a sheet `Yrkesgrupp, Medborgarskap` (2015–2020).
///
/// # Errors
/// Another layout, a cell that is no count, a citizenship twice, or rows that are not `Totalt`.
pub fn by_citizenship(sheet: &Sheet) -> Result<BTreeMap<String, i64>, TidyError> {
    let mentioned = (0..sheet.rows.len()).find(|row| sheet.rows[*row].iter().any(|cell| cell.trim() == "Medborgarskap")).unwrap_or(0);
    if !is_header(sheet, mentioned, &LISTS) {
        return Err(layout(sheet, mentioned, &LISTS));
    }
    let mut permits = BTreeMap::new();
    for row in mentioned + 1..sheet.rows.len() {
        let citizenship = label(sheet.cell(row, 5));
        let count = count(sheet, row, 6, "Antal")?;
        if citizenship == "Totalt" {
            let sum = permits.values().sum();
            if sum != count {
                return Err(wrong_sum(place(sheet, row), "Totalt", count, sum));
            }
            // The list of groups beside it goes on.
            return match (row + 1..sheet.rows.len()).find(|row| !sheet.cell(*row, 5).is_empty() || !sheet.cell(*row, 6).is_empty()) {
                Some(row) => Err(layout(sheet, row, &["no citizenship after Totalt"])),
                None => Ok(permits),
            };
        }
        if citizenship.is_empty() || permits.insert(citizenship, count).is_some() {
            return Err(layout(sheet, row, &["", "group", "", "count", "", "a citizenship that the list has once", "count"]));
        }
    }
    Err(layout(sheet, sheet.rows.len().saturating_sub(1), &["", "", "", "", "", "Totalt", "count"]))
}

/// The two sheets of a workbook must agree on every citizenship.
fn check_citizenships(counts: &[Count], whole: &BTreeMap<String, i64>, file: &str) -> Result<(), TidyError> {
    let mut sums: BTreeMap<&str, i64> = BTreeMap::new();
    for count in counts {
        *sums.entry(&count.citizenship).or_default() += count.permits;
    }
    for citizenship in whole.keys().map(String::as_str).chain(sums.keys().copied()) {
        let (expected, found) = (whole.get(citizenship).copied().unwrap_or(0), sums.get(citizenship).copied().unwrap_or(0));
        if expected != found {
            let place = format!("{file}, against the sheet Medborgarskap per yrkesgrupp");
            return Err(wrong_sum(place, citizenship, expected, found));
        }
    }
    Ok(())
}

/// Permits by citizenship in a sheet `Medborgarskap` (2021 alone): the year's permits, without months.
///
/// # Errors
/// Another layout or year, a cell that is no count, a citizenship twice, or rows that are not `Totalt`.
pub fn of_year(sheet: &Sheet, period: i32) -> Result<Vec<Count>, TidyError> {
    const HEADER: usize = 1;
    check_period(sheet, period)?;
    if !is_header(sheet, HEADER, &["Medborgarskap", "Totalt"]) {
        return Err(layout(sheet, HEADER, &["Medborgarskap", "Totalt"]));
    }
    let mut counts: Vec<Count> = Vec::new();
    let mut total = None;
    for row in (HEADER + 1..sheet.rows.len()).filter(|row| !is_empty(sheet, *row)) {
        let citizenship = label(sheet.cell(row, 0));
        if total.is_some() || citizenship.is_empty() || counts.iter().any(|count| count.citizenship == citizenship) {
            return Err(layout(sheet, row, &["a citizenship that the sheet has once, Totalt last"]));
        }
        let permits = count(sheet, row, 1, "Totalt")?;
        if citizenship == "Totalt" {
            let sum = counts.iter().map(|count| count.permits).sum();
            if permits != sum {
                return Err(wrong_sum(place(sheet, row), "Totalt", permits, sum));
            }
            total = Some(permits);
        } else {
            counts.push(Count { group: String::new(), citizenship, permits, place: place(sheet, row) });
        }
    }
    if total.is_some() { Ok(counts) } else { Err(layout(sheet, sheet.rows.len().saturating_sub(1), &["Totalt"])) }
}

/// Permits by citizenship in a sheet `Medborgarskap, förstagångs` (from 2022): the year's months so far, and their sum. Zeros are published and kept.
///
/// # Errors
/// Another layout or year, a cell that is no count, a citizenship twice, a row that is not its `Totalt`, or a column that is not that of the last row.
pub fn by_month(sheet: &Sheet, period: i32) -> Result<Vec<Count>, TidyError> {
    const HEADER: usize = 2;
    let months = (1..=12).take_while(|month| sheet.cell(HEADER, *month) == format!("{period}-{month:02}")).count();
    if sheet.cell(HEADER, 0) != "Medborgarskap" || months == 0 || sheet.cell(HEADER, months + 1) != "Totalt" {
        return Err(layout(sheet, HEADER, &["Medborgarskap", &format!("{period}-01"), "…", "Totalt"]));
    }
    let mut counts: Vec<Count> = Vec::new();
    let mut sums = vec![0; months + 1];
    let mut total = false;
    for row in (HEADER + 1..sheet.rows.len()).filter(|row| !is_empty(sheet, *row)) {
        let citizenship = label(sheet.cell(row, 0));
        if total || citizenship.is_empty() || counts.iter().any(|count| count.citizenship == citizenship) {
            return Err(layout(sheet, row, &["a citizenship that the sheet has once, Totalt last"]));
        }
        let cells: Vec<i64> = (1..=months + 1).map(|column| count(sheet, row, column, sheet.cell(HEADER, column))).collect::<Result<_, _>>()?;
        let of_months = cells[..months].iter().sum();
        if cells[months] != of_months {
            return Err(wrong_sum(place(sheet, row), "Totalt of the row", cells[months], of_months));
        }
        if citizenship == "Totalt" {
            total = true;
            if let Some(column) = (0..=months).find(|column| cells[*column] != sums[*column]) {
                return Err(wrong_sum(place(sheet, row), &format!("Totalt of {}", sheet.cell(HEADER, column + 1)), cells[column], sums[column]));
            }
        } else {
            for (sum, cell) in sums.iter_mut().zip(&cells) {
                *sum += cell;
            }
            counts.push(Count { group: String::new(), citizenship, permits: of_months, place: place(sheet, row) });
        }
    }
    if total { Ok(counts) } else { Err(layout(sheet, sheet.rows.len().saturating_sub(1), &["Totalt"])) }
}

/// Whether a sheet of [`by_month`] has all twelve months.
#[must_use]
pub fn is_whole_year(sheet: &Sheet, period: i32) -> bool {
    sheet.cell(2, 12) == format!("{period}-12")
}

/// The counts in our codes, by SSYK 2012 group and country.
///
/// # Errors
/// A label or a citizenship that the lists neither map nor exclude.
pub fn permits_group(counts: &[Count], period: i32, source: &str, codes: &Codes) -> Result<Vec<PermitsGroup>, TidyError> {
    let mut sums: BTreeMap<_, i64> = BTreeMap::new();
    for count in counts {
        let group = codes.permit_group(&count.group, &count.place)?;
        let country = codes.country_spelled(CountryScheme::Migrationsverket, &count.citizenship, &count.place)?;
        if let (Some(group), Some(country)) = (group, country) {
            *sums.entry((group, country)).or_default() += count.permits;
        }
    }
    let row = |((group, country), permits): ((SsykGroup, Country), i64)| PermitsGroup {
        ssyk3: group.to_string(),
        country: country.to_string(),
        period,
        permits,
        source: source.to_owned(),
    };
    Ok(sums.into_iter().map(row).collect())
}

/// The counts in our codes, by country: those of every label, also of labels that are no group of SSYK 2012.
///
/// # Errors
/// A citizenship that the list neither maps nor excludes.
pub fn permits_country(counts: &[Count], period: i32, source: &str, codes: &Codes) -> Result<Vec<PermitsCountry>, TidyError> {
    let mut sums: BTreeMap<_, i64> = BTreeMap::new();
    for count in counts {
        if let Some(country) = codes.country_spelled(CountryScheme::Migrationsverket, &count.citizenship, &count.place)? {
            *sums.entry(country).or_default() += count.permits;
        }
    }
    let row = |(country, permits): (Country, i64)| PermitsCountry { country: country.to_string(), period, permits, source: source.to_owned() };
    Ok(sums.into_iter().map(row).collect())
}
