//! UN DESA's International Migrant Stock: one workbook, its years three times side by side.

use super::{Answers, Asked, Body, Call, Pace, Source, nothing_allowed, once, sound};
use crate::code::{CountryScheme, Sex};
use crate::format::{FormatError, workbook};
use crate::tidy::dataset::MigrantsInSweden;
use crate::tidy::{Shelf, TidyError, table, whole};

/// Persons living in Sweden by country of birth and sex.
pub(super) static MIGRANT_STOCK: Source = Source {
    key: "un_migrant_stock_2024",
    dataset: "International Migrant Stock 2024",
    publisher: "FN (UN DESA)",
    title: "International migrant stock by sex, destination and origin",
    page: "https://www.un.org/development/desa/pd/content/international-migrant-stock",
    licence: "CC BY 3.0 IGO",
    attribution: "Source: United Nations, DESA, Population Division, International Migrant Stock 2024",
    used_for: "who lives in Sweden already, by country of birth",
    cadence_days: 1500,
    bases: &[("https://www.un.org/development/desa/pd/sites/www.un.org.development.desa.pd/files", Pace { calls: 1, seconds: 5 })],
    by_hand: false,
    of_file: None,
    replaces: &["un_migrant_stock"],
    keeps_years: false,
    calls: |asked, answers| Ok(once(call(asked), answers)),
    allowed: nothing_allowed,
    judge: sound,
    tables: |shelf, answers| Ok(vec![migrants_in_sweden(shelf, answers)?]),
};

fn call(_: &Asked) -> Call {
    Call::get("data", "migrant stock", "/undesa_pd_2024_ims_stock_by_sex_destination_and_origin.xlsx", Body::Workbook)
}

/// The row of column names, counted from 0.
const HEADER: usize = 10;
/// Column of the destination's M49 code, and of the origin's.
const DESTINATION: usize = 4;
const ORIGIN: usize = 6;
/// The first column of years; they stand for both sexes, then men, then women.
const FIRST_YEAR: usize = 7;
/// Sweden in M49.
const SWEDEN: &str = "752";
/// M49 codes from here on are groups of countries.
const FIRST_GROUP: u32 = 900;

fn migrants_in_sweden(shelf: &mut Shelf, _: &Answers) -> Result<(&'static str, Vec<u8>), TidyError> {
    let source = MIGRANT_STOCK.key;
    let (bytes, file) = shelf.bytes(source)?;
    let sheet = workbook::read(&bytes, &file, "Table 1")?;
    let header: Vec<&str> = (0..sheet.rows.get(HEADER).map_or(0, Vec::len)).map(|column| sheet.cell(HEADER, column)).collect();
    let columns = |expected: &str| FormatError::Columns {
        file: format!("{}, row {}", sheet.file, HEADER + 1),
        expected: expected.to_owned(),
        found: header.join(" | ").chars().take(400).flat_map(char::escape_debug).collect(),
    };
    let is = |column: usize, name: &str| header.get(column).is_some_and(|text| *text == name);
    if !(is(0, "Index") && is(DESTINATION, "Location code of destination") && is(ORIGIN, "Location code of origin")) {
        return Err(columns("Index | … | Location code of destination (fifth) | … | Location code of origin (seventh)").into());
    }
    let years: Vec<i32> = header[FIRST_YEAR..].iter().map_while(|name| name.parse::<f64>().ok().map(|year| year as i32)).collect();
    let third = years.len() / 3;
    let thrice = third > 0 && years.len() == 3 * third && years[..third] == years[third..2 * third] && years[..third] == years[2 * third..];
    if !thrice || !years[..third].is_sorted() || !years.iter().all(|year| (1950..2100).contains(year)) {
        return Err(columns("the same years three times: both sexes, men, women").into());
    }
    // Above the years stands whom they are of; men and women have the same sum in either order.
    for (block, stranger) in [(1, "female"), (2, "male")] {
        let above = (0..HEADER).flat_map(|row| (0..third).map(move |column| (row, FIRST_YEAR + block * third + column)));
        for (row, column) in above {
            let label = sheet.cell(row, column).to_lowercase();
            let wrong = if stranger == "male" { label.contains("male") && !label.contains("female") } else { label.contains(stranger) };
            if wrong {
                return Err(columns("both sexes, then men, then women, above the years").into());
            }
        }
    }
    let mut rows = Vec::new();
    for row in (HEADER + 1..sheet.rows.len()).filter(|row| sheet.cell(*row, DESTINATION) == SWEDEN) {
        let place = format!("{}, row {}", sheet.file, row + 1);
        let origin = sheet.cell(row, ORIGIN);
        let bad = |column: usize, expected: &'static str| FormatError::Cell {
            file: sheet.file.clone(),
            row: row + 1,
            column: header.get(column).map_or_else(String::new, |name| (*name).to_owned()),
            found: sheet.cell(row, column).chars().take(60).flat_map(char::escape_debug).collect(),
            expected,
        };
        let number: u32 = origin.parse().map_err(|_| bad(ORIGIN, "an M49 code"))?;
        if number >= FIRST_GROUP {
            continue;
        }
        let Some(country) = shelf.codes.country_spelled(CountryScheme::UnM49, origin, &place)? else { continue };
        let cell = |column: usize| -> Result<Option<i64>, TidyError> {
            match sheet.cell(row, column) {
                ".." | "" => Ok(None),
                text => Ok(Some(text.parse::<f64>().ok().and_then(whole).filter(|count| *count >= 0).ok_or_else(|| bad(column, "a count or .."))?)),
            }
        };
        for (position, period) in years[..third].iter().enumerate() {
            let [both, men, women] = [0, third, 2 * third].map(|offset| cell(FIRST_YEAR + offset + position));
            let (both, men, women) = (both?, men?, women?);
            // Published as whole persons after rounding: the sexes may miss their sum by one.
            if let (Some(both), Some(men), Some(women)) = (both, men, women)
                && (both - men - women).abs() > 1
            {
                return Err(TidyError::Meaning {
                    place,
                    problem: format!("in {period} women ({women}) and men ({men}) are not both sexes together ({both})"),
                    hint: "the order of the workbook's three blocks of years may have changed",
                });
            }
            for (sex, persons) in [(Sex::Women, women), (Sex::Men, men)] {
                if let Some(persons) = persons {
                    rows.push(MigrantsInSweden {
                        country: country.to_string(),
                        sex: sex.as_str().to_owned(),
                        period: *period,
                        persons,
                        source: source.to_owned(),
                    });
                }
            }
        }
    }
    if rows.is_empty() {
        return Err(columns("rows of Sweden (752) as destination").into());
    }
    shelf.receipt(source, rows.iter().map(|row| row.period));
    table(rows)
}
