//! The world's figures: employment by occupation, unemployment, shortages, income, population, migrants, distance, entry rules and the WHO list.

use std::collections::{BTreeMap, BTreeSet};

use super::dataset::{
    Distance, EmployedCountry, EmploymentMajorGroup, EmploymentShare, FreeMovement, Income, MedianAge, MigrantsInSweden, Population, ShortageAbroad,
    Unemployment, UnemploymentNationals, Visa, WhoSafeguards,
};
use super::{Shelf, TidyError, table, unpacked, unreadable};
use crate::code::{CountryScheme, Sex};
use crate::format::TextTable;
use crate::format::eurostat_tsv::Observation;
use crate::format::{FormatError, delimited, eurostat, workbook, world_bank};

type Tables = Vec<(&'static str, Vec<u8>)>;

/// Figures before this year are older than any run uses (ten years before the oldest run that the tables support); they are not bundled.
pub(crate) const FIRST_PERIOD: i32 = 2009;

/// The publishers' projections after this year are not bundled.
const LAST_PERIOD: i32 = 2035;

pub(super) fn tables(shelf: &mut Shelf) -> Result<Tables, TidyError> {
    Ok(vec![
        employment_major_group(shelf)?,
        unemployment_nationals(shelf)?,
        employment_share(shelf)?,
        employed_country(shelf)?,
        unemployment(shelf)?,
        shortage_abroad(shelf)?,
        income(shelf)?,
        population(shelf)?,
        median_age(shelf)?,
        migrants_in_sweden(shelf)?,
        distance(shelf)?,
        visa(shelf)?,
        free_movement(shelf)?,
        who_safeguards(shelf)?,
    ])
}

fn eurostat_sex(code: &str) -> Option<Sex> {
    match code {
        "F" => Some(Sex::Women),
        "M" => Some(Sex::Men),
        "T" => Some(Sex::Total),
        _ => None,
    }
}

/// Walks the observations of a Eurostat table with the codes of `wanted` dimensions.
fn of_eurostat<const N: usize>(
    bytes: &[u8],
    file: &str,
    wanted: [&str; N],
    mut each: impl FnMut([&str; N], &Observation) -> Result<(), TidyError>,
) -> Result<(), TidyError> {
    let data = eurostat::read(bytes, file)?;
    let mut positions = [0; N];
    for (position, name) in positions.iter_mut().zip(wanted) {
        *position = data.dimensions.iter().position(|dimension| dimension == name).ok_or_else(|| FormatError::Columns {
            file: file.to_owned(),
            expected: wanted.join(","),
            found: data.dimensions.join(","),
        })?;
    }
    for observation in &data.observations {
        let series = &data.series[observation.series];
        each(positions.map(|position| series[position].as_str()), observation)?;
    }
    Ok(())
}

pub(crate) fn employment_major_group(shelf: &mut Shelf) -> Result<(&'static str, Vec<u8>), TidyError> {
    let source = "eurostat_lfsa_egised";
    let (bytes, file) = shelf.bytes(source)?;
    let mut rows = Vec::new();
    of_eurostat(&bytes, &file, ["age", "sex", "isco08", "isced11", "unit", "geo"], |[age, sex, isco, isced, unit, geo], observation| {
        if age != "Y_GE15" || isced != "TOTAL" || observation.period < FIRST_PERIOD {
            return Ok(());
        }
        if unit != "THS_PER" {
            return Err(unreadable(&file, "thousands of persons", format!("the unit is {unit}")));
        }
        let Some(country) = shelf.country(CountryScheme::Eurostat, geo, &file)? else { return Ok(()) };
        let isco1 = match isco {
            "TOTAL" => isco.to_owned(),
            // No response: no occupation, so neither a group nor part of one.
            "NRP" => return Ok(()),
            code => shelf.codes.isco(code.trim_start_matches("OC"), &file)?.to_string(),
        };
        rows.push(EmploymentMajorGroup {
            country: country.to_string(),
            isco1,
            sex: eurostat_sex(sex).ok_or_else(|| unreadable(&file, "sexes F, M and T", format!("there is {sex}")))?.as_str().to_owned(),
            period: observation.period,
            thousands: observation.value,
            flag: Some(observation.flag.clone()).filter(|flag| !flag.is_empty()),
            source: source.to_owned(),
        });
        Ok(())
    })?;
    shelf.receipt(source, rows.iter().map(|row| row.period));
    table(rows)
}

pub(crate) fn unemployment_nationals(shelf: &mut Shelf) -> Result<(&'static str, Vec<u8>), TidyError> {
    let source = "eurostat_lfsa_urgan";
    let (bytes, file) = shelf.bytes(source)?;
    let mut rows = Vec::new();
    of_eurostat(&bytes, &file, ["unit", "sex", "age", "citizen", "geo"], |[unit, sex, age, citizen, geo], observation| {
        if citizen != "NAT" || age != "Y20-64" {
            return Ok(());
        }
        if unit != "PC" {
            return Err(unreadable(&file, "percent", format!("the unit is {unit}")));
        }
        let Some(country) = shelf.country(CountryScheme::Eurostat, geo, &file)? else { return Ok(()) };
        rows.push(UnemploymentNationals {
            country: country.to_string(),
            sex: eurostat_sex(sex).ok_or_else(|| unreadable(&file, "sexes F, M and T", format!("there is {sex}")))?.as_str().to_owned(),
            period: observation.period,
            rate: observation.value,
            flag: Some(observation.flag.clone()).filter(|flag| !flag.is_empty()),
            source: source.to_owned(),
        });
        Ok(())
    })?;
    shelf.receipt(source, rows.iter().map(|row| row.period));
    table(rows)
}

fn employment_share(shelf: &mut Shelf) -> Result<(&'static str, Vec<u8>), TidyError> {
    let years_source = "ilostat_share_years";
    let (bytes, file) = shelf.bytes(years_source)?;
    let text = delimited::read(&bytes, &file)?;
    let [area, sex, year, reliability] = text.columns(["country_code", "sex", "year", "reliability"])?;
    let mut years = BTreeMap::new();
    let mut reliabilities = BTreeMap::new();
    for row in (0..text.len()).filter(|row| text.text(*row, sex) == "Total") {
        years.insert(text.text(row, area).to_owned(), text.year(row, year)?);
        if !["high", "medium", "low"].contains(&text.text(row, reliability)) {
            return Err(text.bad_cell(row, reliability, "high, medium or low").into());
        }
        reliabilities.insert(text.text(row, area).to_owned(), text.text(row, reliability).to_owned());
    }
    shelf.receipt(years_source, years.values().copied());

    let source = "ilostat_shares";
    let (bytes, file) = shelf.bytes(source)?;
    let text = delimited::read(&bytes, &file)?;
    let [area, group, share] = text.columns(["country_code", "isco08_2d", "employment_share"])?;
    let mut rows = Vec::new();
    for row in 0..text.len() {
        let place = text.place(row);
        let Some(country) = shelf.country(CountryScheme::Ilo, text.text(row, area), &place)? else { continue };
        let period = *years.get(text.text(row, area)).ok_or_else(|| text.bad_cell(row, area, "a country whose year is known"))?;
        rows.push(EmploymentShare {
            country: country.to_string(),
            isco2: shelf.codes.isco(text.text(row, group), &place)?.to_string(),
            period,
            share: text.number(row, share)?.filter(|share| (0.0..=1.0).contains(share)).ok_or_else(|| text.bad_cell(row, share, "a share"))?,
            reliability: reliabilities.get(text.text(row, area)).cloned().unwrap_or_default(),
            source: source.to_owned(),
        });
    }
    shelf.receipt(source, rows.iter().map(|row| row.period));
    table(rows)
}

pub(crate) fn employed_country(shelf: &mut Shelf) -> Result<(&'static str, Vec<u8>), TidyError> {
    let source = "ilostat_employed";
    let (bytes, file) = shelf.bytes(source)?;
    let unpacked = unpacked(&bytes, &file)?;
    let text = delimited::read_whole(unpacked, &file)?;
    let [area, indicator, sex, age, year, value, status] =
        text.columns(["ref_area.label", "indicator.label", "sex.label", "classif1.label", "time", "obs_value", "obs_status.label"])?;
    let mut rows = Vec::new();
    for row in (0..text.len()).filter(|row| text.text(*row, age) == "Age (Youth, adults): 15+") {
        if text.text(row, indicator) != "Employment by sex and age (thousands)" {
            return Err(text.bad_cell(row, indicator, "Employment by sex and age (thousands)").into());
        }
        let sex = match text.text(row, sex) {
            "Female" => Sex::Women,
            "Male" => Sex::Men,
            "Total" => Sex::Total,
            // A fourth category exists in a few surveys; it belongs to no question that the method asks.
            "Other" => continue,
            _ => return Err(text.bad_cell(row, sex, "Female, Male, Total or Other").into()),
        };
        let period = text.year(row, year)?;
        let Some(country) = shelf.country(CountryScheme::Ilo, text.text(row, area), &text.place(row))? else { continue };
        let Some(thousands) = text.number(row, value)?.filter(|_| period >= FIRST_PERIOD) else { continue };
        rows.push(EmployedCountry {
            country: country.to_string(),
            sex: sex.as_str().to_owned(),
            period,
            thousands,
            flag: text.cell(row, status).map(str::to_owned),
            source: source.to_owned(),
        });
    }
    shelf.receipt(source, rows.iter().map(|row| row.period));
    table(rows)
}

fn unemployment(shelf: &mut Shelf) -> Result<(&'static str, Vec<u8>), TidyError> {
    let mut rows = Vec::new();
    for (source, sex, column) in [
        ("gapminder_unemployment", Sex::Total, "aged_15plus_unemployment_rate_percent"),
        ("gapminder_unemployment_women", Sex::Women, "females_aged_15plus_unemployment_rate_percent"),
        ("gapminder_unemployment_men", Sex::Men, "males_aged_15plus_unemployment_rate_percent"),
    ] {
        let (bytes, file) = shelf.bytes(source)?;
        let text = delimited::read(&bytes, &file)?;
        let [area, year, rate] = text.columns(["geo", "time", column])?;
        let before = rows.len();
        for row in 0..text.len() {
            let period = text.year(row, year)?;
            let Some(country) = shelf.country(CountryScheme::Gapminder, text.text(row, area), &text.place(row))? else { continue };
            let Some(rate) = text.number(row, rate)?.filter(|_| period >= FIRST_PERIOD) else { continue };
            rows.push(Unemployment { country: country.to_string(), sex: sex.as_str().to_owned(), period, rate, source: source.to_owned() });
        }
        let periods: Vec<i32> = rows[before..].iter().map(|row: &Unemployment| row.period).collect();
        shelf.receipt(source, periods);
    }
    table(rows)
}

fn shortage_abroad(shelf: &mut Shelf) -> Result<(&'static str, Vec<u8>), TidyError> {
    let source = "ela_shortages";
    let (bytes, file) = shelf.bytes(source)?;
    let sheet = workbook::read(&bytes, &file, "Sheet1")?;
    let header = [sheet.cell(0, 0), sheet.cell(0, 1), sheet.cell(0, 2)];
    if header != ["Country", "Job Title", "ISCO08"] {
        return Err(unreadable(&sheet.file, "ELA's list", format!("its columns are {}", header.join(", "))));
    }
    // The list has country and code pairs twice, and rows whose code ELA left empty: neither adds a group.
    let mut pairs = BTreeSet::new();
    for row in (1..sheet.rows.len()).filter(|row| !sheet.cell(*row, 2).is_empty()) {
        let place = format!("{}, row {}", sheet.file, row + 1);
        let Some(country) = shelf.country(CountryScheme::Ela, sheet.cell(row, 0), &place)? else { continue };
        let Some(isco) = shelf.codes.isco_listed("ela", &format!("{:0>4}", sheet.cell(row, 2)), &place)? else { continue };
        pairs.insert((country, isco));
    }
    let rows: Vec<ShortageAbroad> = pairs
        .into_iter()
        .map(|(country, isco)| ShortageAbroad { country: country.to_string(), isco08: isco.to_string(), period: 2022, source: source.to_owned() })
        .collect();
    shelf.receipt(source, rows.iter().map(|row| row.period));
    table(rows)
}

fn income(shelf: &mut Shelf) -> Result<(&'static str, Vec<u8>), TidyError> {
    let source = "world_bank_income";
    let (bytes, file) = shelf.bytes(source)?;
    let (observations, _) = world_bank::read(&bytes, &file, "NY.GDP.PCAP.PP.CD")?;
    let mut rows = Vec::new();
    for observation in observations.iter().filter(|observation| observation.period >= FIRST_PERIOD) {
        let Some(country) = shelf.country(CountryScheme::WorldBank, &observation.area, &file)? else { continue };
        rows.push(Income { country: country.to_string(), period: observation.period, gdp_per_person: observation.value, source: source.to_owned() });
    }
    shelf.receipt(source, rows.iter().map(|row| row.period));
    table(rows)
}

fn population(shelf: &mut Shelf) -> Result<(&'static str, Vec<u8>), TidyError> {
    let source = "world_bank_population";
    let (bytes, file) = shelf.bytes(source)?;
    let text = delimited::read(&bytes, &file)?;
    let [area, year, value] = text.columns(["Country Code", "Year", "Value"])?;
    let mut rows = Vec::new();
    for row in 0..text.len() {
        let period = text.year(row, year)?;
        let Some(country) = shelf.country(CountryScheme::WorldBank, text.text(row, area), &text.place(row))? else { continue };
        let Some(persons) = text.number(row, value)?.filter(|_| period >= FIRST_PERIOD) else { continue };
        rows.push(Population { country: country.to_string(), period, persons, source: source.to_owned() });
    }
    shelf.receipt(source, rows.iter().map(|row| row.period));
    table(rows)
}

fn median_age(shelf: &mut Shelf) -> Result<(&'static str, Vec<u8>), TidyError> {
    let source = "un_median_age";
    let (bytes, file) = shelf.bytes(source)?;
    let text = delimited::read(&bytes, &file)?;
    let [area, year, value] = text.columns(["geo", "time", "median_age_years"])?;
    let mut rows = Vec::new();
    for row in 0..text.len() {
        let period = text.year(row, year)?;
        let Some(country) = shelf.country(CountryScheme::Gapminder, text.text(row, area), &text.place(row))? else { continue };
        let Some(years) = text.number(row, value)?.filter(|_| (FIRST_PERIOD..=LAST_PERIOD).contains(&period)) else { continue };
        rows.push(MedianAge { country: country.to_string(), period, years, source: source.to_owned() });
    }
    shelf.receipt(source, rows.iter().map(|row| row.period));
    table(rows)
}

fn migrants_in_sweden(shelf: &mut Shelf) -> Result<(&'static str, Vec<u8>), TidyError> {
    let source = "un_migrant_stock";
    let (bytes, file) = shelf.bytes(source)?;
    let text = delimited::read(&bytes, &file)?;
    let [destination, origin, sex, year, value] = text.columns(["destination", "origin", "gender", "year", "migrant_stock"])?;
    let mut rows = Vec::new();
    for row in (0..text.len()).filter(|row| text.text(*row, destination) == "swe") {
        let sex = match text.text(row, sex) {
            "female" => Sex::Women,
            "male" => Sex::Men,
            _ => return Err(text.bad_cell(row, sex, "female or male").into()),
        };
        let Some(country) = shelf.country(CountryScheme::Gapminder, text.text(row, origin), &text.place(row))? else { continue };
        let Some(persons) = text.number(row, value)? else { continue };
        let persons = if persons.fract() == 0.0 { persons as i64 } else { return Err(text.bad_cell(row, value, "a count").into()) };
        rows.push(MigrantsInSweden {
            country: country.to_string(),
            sex: sex.as_str().to_owned(),
            period: text.year(row, year)?,
            persons,
            source: source.to_owned(),
        });
    }
    shelf.receipt(source, rows.iter().map(|row| row.period));
    table(rows)
}

fn distance(shelf: &mut Shelf) -> Result<(&'static str, Vec<u8>), TidyError> {
    let source = "cepii_distance";
    let (bytes, file) = shelf.bytes(source)?;
    let rows = distances(shelf, &delimited::read(&bytes, &file)?, source)?;
    shelf.receipt(source, rows.iter().map(|row| row.period));
    table(rows)
}

/// Distances to Sweden from CEPII's table of pairs of countries.
pub(crate) fn distances(shelf: &Shelf, text: &TextTable, source: &str) -> Result<Vec<Distance>, TidyError> {
    let [origin, destination, language, capitals] = text.columns(["iso_o", "iso_d", "comlang_off", "distcap"])?;
    let mut rows = Vec::new();
    for row in (0..text.len()).filter(|row| text.text(*row, destination) == "SWE") {
        let Some(country) = shelf.country(CountryScheme::Cepii, text.text(row, origin), &text.place(row))? else { continue };
        // The publisher writes a point where it has no figure.
        let Some(kilometres) = (text.text(row, capitals) != ".").then(|| text.number(row, capitals)).transpose()?.flatten() else { continue };
        let common_language = match text.number(row, language)? {
            Some(0.0) => false,
            Some(1.0) => true,
            _ => return Err(text.bad_cell(row, language, "0 or 1").into()),
        };
        rows.push(Distance { country: country.to_string(), kilometres, common_language, period: 2011, source: source.to_owned() });
    }
    Ok(rows)
}

fn visa(shelf: &mut Shelf) -> Result<(&'static str, Vec<u8>), TidyError> {
    let source = "passport_index";
    let (bytes, file) = shelf.bytes(source)?;
    let rows = visas(shelf, &delimited::read(&bytes, &file)?, 2026, source)?;
    shelf.receipt(source, rows.iter().map(|row| row.period));
    table(rows)
}

/// What Sweden asks of passports, from a table of passports and destinations as it was in `period`.
pub(crate) fn visas(shelf: &Shelf, text: &TextTable, period: i32, source: &str) -> Result<Vec<Visa>, TidyError> {
    let [passport, destination, requirement] = text.columns(["Passport", "Destination", "Requirement"])?;
    // A passport that is missing would be one that needs a visa: the table must have every pair of its countries once.
    let of = |column: usize| (0..text.len()).map(|row| text.text(row, column)).collect::<BTreeSet<&str>>();
    let (passports, destinations) = (of(passport), of(destination));
    let pairs: BTreeSet<(&str, &str)> = (0..text.len()).map(|row| (text.text(row, passport), text.text(row, destination))).collect();
    if passports != destinations || pairs.len() != passports.len() * destinations.len() || text.len() != pairs.len() {
        let found = format!("{} rows of {} passports and {} destinations", text.len(), passports.len(), destinations.len());
        return Err(unreadable(&text.file, "every passport with every destination once", found));
    }
    let mut rows = Vec::new();
    for row in (0..text.len()).filter(|row| text.text(*row, destination) == "SE") {
        let Some(country) = shelf.country(CountryScheme::Passport, text.text(row, passport), &text.place(row))? else { continue };
        let visa_free = match text.text(row, requirement) {
            "visa free" => true,
            "visa required" | "e-visa" | "visa on arrival" | "eta" | "no admission" => false,
            // Sweden's own passport.
            "-1" => continue,
            days if days.parse::<u32>().is_ok() => true,
            _ => return Err(text.bad_cell(row, requirement, "visa free, visa required, or a number of days").into()),
        };
        rows.push(Visa {
            country: country.to_string(),
            requirement: text.text(row, requirement).to_owned(),
            visa_free,
            period,
            source: source.to_owned(),
        });
    }
    Ok(rows)
}

/// The Nordic agreement on a common labour market, in force since 1954; the lists of EU and EFTA do not tell it.
const NORDIC: [&str; 4] = ["DK", "FI", "IS", "NO"];

fn free_movement(shelf: &mut Shelf) -> Result<(&'static str, Vec<u8>), TidyError> {
    let mut rows = Vec::new();
    for source in ["eu_countries", "efta_countries"] {
        let (bytes, file) = shelf.bytes(source)?;
        let text = delimited::read(&bytes, &file)?;
        let [code] = text.columns(["code"])?;
        let before = rows.len();
        for row in 0..text.len() {
            let Some(country) = shelf.country(CountryScheme::Eurostat, text.text(row, code), &text.place(row))? else { continue };
            let membership = match (source, country.as_str()) {
                (_, "SE") => continue,
                (_, code) if NORDIC.contains(&code) => "nordic",
                ("eu_countries", _) => "eu",
                (_, "CH") => "switzerland",
                _ => "eea",
            };
            rows.push(FreeMovement { country: country.to_string(), membership: membership.to_owned(), period: 2025, source: source.to_owned() });
        }
        let periods: Vec<i32> = rows[before..].iter().map(|row| row.period).collect();
        shelf.receipt(source, periods);
    }
    table(rows)
}

fn who_safeguards(shelf: &mut Shelf) -> Result<(&'static str, Vec<u8>), TidyError> {
    let source = "who_list";
    let (bytes, file) = shelf.bytes(source)?;
    let rows = safeguards(shelf, &delimited::read(&bytes, &file)?, |_, _| Ok(2023), source)?;
    shelf.receipt(source, rows.iter().map(|row| row.period));
    table(rows)
}

/// The countries of WHO's list, each with the year of its row.
pub(crate) fn safeguards(
    shelf: &Shelf,
    text: &TextTable,
    year: impl Fn(&TextTable, usize) -> Result<i32, TidyError>,
    source: &str,
) -> Result<Vec<WhoSafeguards>, TidyError> {
    let [code] = text.columns(["iso3"])?;
    let row = |row: usize| {
        let country = shelf.codes.country_alpha3(text.text(row, code), &text.place(row))?;
        Ok(WhoSafeguards { country: country.to_string(), period: year(text, row)?, source: source.to_owned() })
    };
    (0..text.len()).map(row).collect()
}
