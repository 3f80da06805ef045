//! ILOSTAT: indicators as packed CSV. One connection, asked seldom; a busy server answers 403.

use std::collections::BTreeMap;

use super::{Asked, Body, Call, Pace, Source, Verdict, nothing_allowed, once};
use crate::code::{Country, CountryScheme, Sex};
use crate::format::{TextTable, delimited};
use crate::tidy::dataset::{EmploymentShare, Unemployment};
use crate::tidy::{Shelf, TidyError, table, unpacked, unreadable, world};

const BASES: &[(&str, Pace)] = &[("https://rplumber.ilo.org", Pace { calls: 2, seconds: 5 })];
const ILO: &str = "Internationella arbetsorganisationen (ILO)";
const LICENCE: &str = "CC BY 4.0";

/// Employed by country and sex.
pub(super) static EMPLOYED: Source = Source {
    key: "ilostat_employed",
    dataset: "EMP_TEMP_SEX_AGE_NB_A",
    publisher: ILO,
    title: "Employment by sex and age (thousands)",
    page: "https://rplumber.ilo.org/data/indicator/?id=EMP_TEMP_SEX_AGE_NB_A",
    licence: LICENCE,
    attribution: "Source: International Labour Organization, ILOSTAT",
    used_for: "how many work in each country",
    cadence_days: 200,
    bases: BASES,
    by_hand: false,
    of_file: None,
    replaces: &["ilostat_employed"],
    keeps_years: false,
    calls: |asked, answers| Ok(once(call("EMP_TEMP_SEX_AGE_NB_A", "label", asked), answers)),
    allowed: nothing_allowed,
    judge,
    tables: |shelf, _| Ok(vec![world::employed_country(shelf)?]),
};

/// Shares of occupations in each country's employment.
pub(super) static SHARES: Source = Source {
    key: "ilostat_shares",
    dataset: "EMP_TEMP_SEX_OC2_NB_A",
    publisher: ILO,
    title: "Employment by sex and occupation (ISCO-08, two digits): shares calculated from ILOSTAT’s counts",
    page: "https://rplumber.ilo.org/data/indicator/?id=EMP_TEMP_SEX_OC2_NB_A",
    licence: LICENCE,
    attribution: "Source: International Labour Organization, ILOSTAT; own calculations",
    used_for: "pools: the occupations’ shares of employment",
    cadence_days: 200,
    bases: BASES,
    by_hand: false,
    of_file: None,
    replaces: &["ilostat_shares", "ilostat_share_years"],
    keeps_years: false,
    calls: |asked, answers| Ok(once(call("EMP_TEMP_SEX_OC2_NB_A", "code", asked), answers)),
    allowed: nothing_allowed,
    judge,
    tables: |shelf, _| Ok(vec![shares(shelf)?]),
};

/// Unemployment by country and sex.
pub(super) static UNEMPLOYMENT: Source = Source {
    key: "ilostat_unemployment",
    dataset: "UNE_DEAP_SEX_AGE_RT_A",
    publisher: ILO,
    title: "Unemployment rate by sex and age (%)",
    page: "https://rplumber.ilo.org/data/indicator/?id=UNE_DEAP_SEX_AGE_RT_A",
    licence: LICENCE,
    attribution: "Source: International Labour Organization, ILOSTAT",
    used_for: "unemployment, 15 years and over",
    cadence_days: 200,
    bases: BASES,
    by_hand: false,
    of_file: None,
    replaces: &["gapminder_unemployment", "gapminder_unemployment_women", "gapminder_unemployment_men"],
    keeps_years: false,
    calls: |asked, answers| Ok(once(call("UNE_DEAP_SEX_AGE_RT_A", "code", asked), answers)),
    allowed: nothing_allowed,
    judge,
    tables: |shelf, _| Ok(vec![unemployment(shelf)?]),
};

fn call(indicator: &str, kind: &str, asked: &Asked) -> Call {
    let path = format!("/data/indicator/?id={indicator}&timefrom={}&timeto={}&type={kind}&lang=en&format=.csv.gz", world::FIRST_PERIOD, asked.year);
    Call::get("data", indicator, path, Body::Gzip)
}

fn judge(_: &Call, head: &[u8]) -> Verdict {
    let text = String::from_utf8_lossy(&head[..head.len().min(2000)]);
    // What a person has downloaded in the form of SDMX, not packed.
    if text.starts_with(DATAFLOW) {
        return Verdict::Foreign;
    }
    if text.contains("Server Error") {
        return Verdict::Busy("ILOSTAT says: Server Error".to_owned());
    }
    match serde_json::from_slice::<serde_json::Value>(head).ok().and_then(|body| Some(body["error"].as_str()?.to_owned())) {
        Some(error) => Verdict::Refused(format!("ILOSTAT says: {}", error.chars().take(200).collect::<String>())),
        None => Verdict::Sound,
    }
}

/// An area by its code; aggregates begin with X, and Kosovo has a code of ILO's own.
fn area(shelf: &Shelf, code: &str, place: &str) -> Result<Option<Country>, TidyError> {
    if let Ok(country) = shelf.codes.country_spelled(CountryScheme::Ilo, code, place) {
        return Ok(country);
    }
    if code.starts_with('X') && code.bytes().skip(1).all(|byte| byte.is_ascii_digit()) {
        return Ok(None);
    }
    Ok(Some(shelf.codes.country_alpha3(code, place)?))
}

/// Which of an area's sources for a year holds: labour force surveys (`BA`, in words `LFS`) before other household surveys (`BB`) before the rest.
fn precedence(source: &str) -> u8 {
    let survey = source.split([':', ' ']).next().unwrap_or_default();
    match survey {
        "BA" | "LFS" => 0,
        "BB" | "HIES" | "HS" => 1,
        _ => 2,
    }
}

struct Figure {
    value: f64,
    source: String,
    status: String,
}

/// Area, sex, year and class.
type Cell = (String, String, i32, String);

/// What a file in the form of SDMX begins with.
const DATAFLOW: &str = "DATAFLOW";

/// Columns of the figures, in either form of ILOSTAT's files.
struct Columns {
    area: usize,
    source: usize,
    indicator: usize,
    sex: usize,
    class: usize,
    time: usize,
    value: usize,
    status: usize,
    /// In SDMX, of the exponent of the unit.
    exponent: Option<usize>,
}

impl Columns {
    fn of(text: &TextTable) -> Result<Self, TidyError> {
        if text.header.first().map(String::as_str) != Some(DATAFLOW) {
            let wanted = ["ref_area", "source", "indicator", "sex", "classif1", "time", "obs_value", "obs_status"];
            let [area, source, indicator, sex, class, time, value, status] = text.columns(wanted)?;
            return Ok(Self { area, source, indicator, sex, class, time, value, status, exponent: None });
        }
        let wanted = [DATAFLOW, "REF_AREA", "SOURCE", "SEX", "TIME_PERIOD", "OBS_VALUE", "OBS_STATUS", "UNIT_MULT"];
        let [indicator, area, source, sex, time, value, status, exponent] = text.columns(wanted)?;
        // The dimension between the sex and the period has the name of its classification.
        let class = Some(sex + 1).filter(|class| class + 1 == time);
        let class = class.ok_or_else(|| unreadable(&text.file, "ILOSTAT's table", "no single classification between SEX and TIME_PERIOD"))?;
        Ok(Self { area, source, indicator, sex, class, time, value, status, exponent: Some(exponent) })
    }

    /// The indicator that a row is about: `ILO:DF_EMP_TEMP_SEX_OC2_NB(1.0)` is `EMP_TEMP_SEX_OC2_NB`.
    fn indicator<'t>(&self, text: &'t TextTable, row: usize) -> &'t str {
        let told = text.text(row, self.indicator);
        told.strip_prefix("ILO:DF_").and_then(|rest| rest.split('(').next()).unwrap_or(told)
    }
}

/// The figures of one indicator by area, sex, class and year: where an area has several sources for a year, those of the one that goes first.
fn figures(bytes: Vec<u8>, file: &str, indicator: &str) -> Result<BTreeMap<Cell, Figure>, TidyError> {
    // A person may give a file as it is, not packed.
    let bytes = if bytes.starts_with(b"\x1f\x8b") { unpacked(&bytes, file)? } else { bytes };
    let text = delimited::read_whole(bytes, file)?;
    let columns = Columns::of(&text)?;
    // Counts are in thousands, rates in percent.
    let exponent = if indicator.ends_with("_NB") { "3" } else { "0" };
    let mut figures: BTreeMap<Cell, Figure> = BTreeMap::new();
    for row in 0..text.len() {
        let about = columns.indicator(&text, row);
        if about != indicator {
            return Err(unreadable(file, "ILOSTAT's table", format!("row {} is about {}, not {indicator}", row + 1, short(about))));
        }
        if let Some(column) = columns.exponent.filter(|column| text.text(row, *column) != exponent) {
            let unit = format!("row {}: the unit is ten to the power of {}, not {exponent}", row + 1, short(text.text(row, column)));
            return Err(unreadable(file, "ILOSTAT's table", unit));
        }
        let Some(value) = text.number(row, columns.value)? else { continue };
        let cell = |column: usize| text.text(row, column).to_owned();
        let key = (cell(columns.area), cell(columns.sex), text.year(row, columns.time)?, cell(columns.class));
        let figure = Figure { value, source: cell(columns.source), status: cell(columns.status) };
        match figures.get(&key) {
            Some(other) if precedence(&other.source) < precedence(&figure.source) => {}
            Some(other) if precedence(&other.source) == precedence(&figure.source) => {
                return Err(TidyError::Meaning {
                    place: text.place(row),
                    problem: format!("two sources of equal standing for one cell: {} and {}", short(&other.source), short(&figure.source)),
                    hint: "ILOSTAT's own choice of source is in its catalogue; decide which one holds in src/source/ilostat.rs",
                });
            }
            _ => {
                figures.insert(key, figure);
            }
        }
    }
    Ok(figures)
}

fn short(text: &str) -> String {
    text.chars().take(60).flat_map(char::escape_debug).collect()
}

fn unemployment(shelf: &mut Shelf) -> Result<(&'static str, Vec<u8>), TidyError> {
    let source = UNEMPLOYMENT.key;
    let (bytes, file) = shelf.bytes(source)?;
    let mut rows = Vec::new();
    for ((code, sex, period, class), figure) in figures(bytes, &file, "UNE_DEAP_SEX_AGE_RT")? {
        // Modelled series go on into years that are not over.
        if class != "AGE_YTHADULT_YGE15" || !(world::FIRST_PERIOD..=shelf.year()).contains(&period) {
            continue;
        }
        let Some(sex) = sex_of(&sex, &file)? else { continue };
        let Some(country) = area(shelf, &code, &file)? else { continue };
        if !(0.0..=100.0).contains(&figure.value) {
            return Err(unreadable(&file, "percent", format!("{} in {code}, {period}", figure.value)));
        }
        rows.push(Unemployment { country: country.to_string(), sex: sex.as_str().to_owned(), period, rate: figure.value, source: source.to_owned() });
    }
    shelf.receipt(source, rows.iter().map(|row| row.period));
    table(rows)
}

fn sex_of(code: &str, place: &str) -> Result<Option<Sex>, TidyError> {
    match code {
        "SEX_F" => Ok(Some(Sex::Women)),
        "SEX_M" => Ok(Some(Sex::Men)),
        "SEX_T" => Ok(Some(Sex::Total)),
        // A fourth category exists in a few surveys; it belongs to no question that the method asks.
        "SEX_O" => Ok(None),
        other => Err(unreadable(place, "the sexes SEX_F, SEX_M, SEX_T and SEX_O", short(other))),
    }
}

/// A country's newest year with two-digit groups: each group's share of the civilian employment whose occupation is known. The reliability is low where
/// more than a fifth of all has no known occupation; medium where more than a tenth has none, or ILOSTAT marks over 30 percent of the groups unreliable.
fn shares(shelf: &mut Shelf) -> Result<(&'static str, Vec<u8>), TidyError> {
    const PREFIX: &str = "OC2_ISCO08_";
    let source = SHARES.key;
    let (bytes, file) = shelf.bytes(source)?;
    let mut by_year: BTreeMap<(String, i32), BTreeMap<String, Figure>> = BTreeMap::new();
    for ((code, sex, period, class), figure) in figures(bytes, &file, "EMP_TEMP_SEX_OC2_NB")? {
        // The older classification stands in the same file.
        let (Some(group), "SEX_T") = (class.strip_prefix(PREFIX), sex.as_str()) else { continue };
        // A major group among the minor ones would be counted twice, and a pool of another width would look like one of two digits.
        if !(group == "TOTAL" || group == "X" || group.len() == 2 && group.bytes().all(|byte| byte.is_ascii_digit())) {
            return Err(unreadable(&file, "two-digit groups of ISCO-08, TOTAL and X", short(group)));
        }
        if (world::FIRST_PERIOD..=shelf.year()).contains(&period) {
            by_year.entry((code, period)).or_default().insert(group.to_owned(), figure);
        }
    }
    let mut newest: BTreeMap<String, (i32, BTreeMap<String, Figure>)> = BTreeMap::new();
    for ((code, period), groups) in by_year {
        // One code alone, a total or the unknown, is no year with groups.
        if groups.keys().any(|group| group.bytes().all(|byte| byte.is_ascii_digit())) {
            newest.insert(code, (period, groups));
        }
    }
    let mut rows = Vec::new();
    for (code, (period, groups)) in newest {
        let Some(country) = area(shelf, &code, &file)? else { continue };
        let total = groups.get("TOTAL").map(|figure| figure.value).filter(|total| *total > 0.0);
        let total = total.ok_or_else(|| unreadable(&file, "ILOSTAT's table", format!("{code} has no total in {period}")))?;
        let unknown = groups.get("X").map_or(0.0, |figure| figure.value) / total;
        // 01 to 03 are the armed forces.
        let civilian: Vec<(&String, &Figure)> =
            groups.iter().filter(|(group, _)| !["TOTAL", "X", "01", "02", "03"].contains(&group.as_str())).collect();
        let sum: f64 = civilian.iter().map(|(_, figure)| figure.value).sum();
        if !(sum > 0.0 && sum <= total * 1.005) {
            return Err(TidyError::Meaning {
                place: format!("{file}: {code}, {period}"),
                problem: format!("the groups sum to {sum}, of a total of {total}"),
                hint: "groups of two levels or of two sources may be mixed; see ILOSTAT's notes on the indicator",
            });
        }
        let unsure = civilian.iter().filter(|(_, figure)| figure.status.contains('U')).count() as f64 / civilian.len() as f64;
        let reliability = match () {
            () if unknown > 0.2 => "low",
            () if unknown > 0.1 || unsure > 0.3 => "medium",
            () => "high",
        };
        for (group, figure) in civilian {
            rows.push(EmploymentShare {
                country: country.to_string(),
                isco2: shelf.codes.isco(group, &file)?.to_string(),
                period,
                share: figure.value / sum,
                reliability: reliability.to_owned(),
                source: source.to_owned(),
            });
        }
    }
    shelf.receipt(source, rows.iter().map(|row: &EmploymentShare| row.period));
    table(rows)
}
