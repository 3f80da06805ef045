//! ELA's shortages: published as tables in a PDF, so that a person makes a CSV of them, which is then kept and proved as what is fetched.

use std::collections::{BTreeMap, BTreeSet};

use super::{Answers, Body, Call, Pace, Source, nothing_allowed, once, sound};
use crate::code::CountryScheme;
use crate::format::delimited;
use crate::tidy::dataset::ShortageAbroad;
use crate::tidy::{Shelf, TidyError, table, unreadable};

/// Occupations that countries report short.
pub(super) static SHORTAGES: Source = Source {
    key: "ela_annex",
    dataset: "EURES labour shortages and surpluses, annex",
    publisher: "European Labour Authority (ELA)",
    title: "Report on labour shortages and surpluses: shortage occupations by country",
    page: "https://www.ela.europa.eu/en/publications",
    licence: "reuse with acknowledgement (Decision 2011/833/EU)",
    attribution: "Source: European Labour Authority, EURES report on labour shortages and surpluses",
    used_for: "who else is short of the same occupations",
    cadence_days: 500,
    bases: &[("https://www.ela.europa.eu", Pace { calls: 1, seconds: 5 })],
    by_hand: true,
    of_file: None,
    replaces: &["ela_shortages"],
    keeps_years: false,
    calls: |_, answers| Ok(once(call(), answers)),
    allowed: nothing_allowed,
    judge: sound,
    tables: |shelf, answers| Ok(vec![shortage_abroad(shelf, answers)?]),
};

fn call() -> Call {
    Call::get("data", "shortages", "/annex", Body::Rows)
}

fn shortage_abroad(shelf: &mut Shelf, _: &Answers) -> Result<(&'static str, Vec<u8>), TidyError> {
    let source = SHORTAGES.key;
    let (bytes, file) = shelf.bytes(source)?;
    let text = delimited::read(&bytes, &file)?;
    let [codes, countries, kinds, years] = text.columns(["isco08_4", "country_iso2", "kind", "year"])?;
    let mut pairs = BTreeSet::new();
    let mut of_country: BTreeMap<_, i32> = BTreeMap::new();
    for row in 0..text.len() {
        let place = text.place(row);
        let period = text.year(row, years)?;
        let short = match text.text(row, kinds) {
            "shortage" => true,
            "surplus" => false,
            _ => return Err(text.bad_cell(row, kinds, "shortage or surplus").into()),
        };
        let Some(country) = shelf.codes.country_spelled(CountryScheme::Eurostat, text.text(row, countries), &place)? else { continue };
        // One report: another year's rows would make a country short of what it no longer reports.
        if *of_country.entry(country).or_insert(period) != period {
            return Err(unreadable(&file, "one report", format!("row {}: {country} has two years", row + 1)));
        }
        let code = text.text(row, codes);
        if code.len() != 4 {
            return Err(text.bad_cell(row, codes, "a unit group of ISCO-08, four digits with leading zeros").into());
        }
        let Some(isco) = shelf.codes.isco_listed("ela", code, &place)? else { continue };
        if short && !pairs.insert((country, isco, period)) {
            return Err(unreadable(&file, "one report", format!("row {}: {country} and {code} stand twice", row + 1)));
        }
    }
    let rows: Vec<ShortageAbroad> = pairs
        .into_iter()
        .map(|(country, isco, period)| ShortageAbroad { country: country.to_string(), isco08: isco.to_string(), period, source: source.to_owned() })
        .collect();
    shelf.receipt(source, rows.iter().map(|row| row.period));
    table(rows)
}
