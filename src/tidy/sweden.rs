//! Sweden's figures: the register, pay, Arbetsförmedlingen's assessments, ads, born abroad and the key to ISCO.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::dataset::{
    Ads, Assessment, AssessmentOccupation, BornAbroadCounty, EmployedAge, EmployedCounty, JobtechIsco, PayDispersion, PayRegion, SsykIsco,
};
use super::{Shelf, TidyError, table, unreadable, whole};
use crate::code::{CountryScheme, Sex};
use crate::format::{delimited, json_stat, parquet_rows, workbook};

type Tables = Vec<(&'static str, Vec<u8>)>;

pub(super) fn tables(shelf: &mut Shelf) -> Result<Tables, TidyError> {
    Ok(vec![
        employed_county(shelf)?,
        employed_age(shelf)?,
        pay_region(shelf)?,
        pay_dispersion(shelf)?,
        assessment_occupation(shelf)?,
        assessment(shelf)?,
        ads(shelf)?,
        born_abroad(shelf)?,
        ssyk_isco(shelf)?,
        jobtech_isco(shelf)?,
    ])
}

/// The register's counts by county, unit group and year: women, then men.
pub(crate) type CellsBySex = BTreeMap<(String, String, i32), [Option<i64>; 2]>;

/// Women and men of each key as rows.
///
/// # Errors
/// A cell that has only one of the sexes.
pub(crate) fn paired<K: std::fmt::Debug, R>(
    cells: BTreeMap<K, [Option<i64>; 2]>,
    place: &str,
    row: impl Fn(K, i64, i64) -> R,
) -> Result<Vec<R>, TidyError> {
    let pair = |(key, counts): (K, [Option<i64>; 2])| match counts {
        [Some(women), Some(men)] => Ok(row(key, women, men)),
        _ => Err(TidyError::Meaning {
            place: format!("{place}: {key:?}"),
            problem: "only one of the sexes has a figure".to_owned(),
            hint: "the register gives both; a missing sex is never made by subtraction",
        }),
    };
    cells.into_iter().map(pair).collect()
}

/// The register's cells as rows.
///
/// # Errors
/// A cell that has only one of the sexes.
pub(crate) fn by_sex(cells: CellsBySex, place: &str, source: &str) -> Result<Vec<EmployedCounty>, TidyError> {
    paired(cells, place, |(county, ssyk4, period), women, men| EmployedCounty { county, ssyk4, period, women, men, source: source.to_owned() })
}

fn employed_county(shelf: &mut Shelf) -> Result<(&'static str, Vec<u8>), TidyError> {
    let source = "scb_yreg60";
    let (bytes, file) = shelf.bytes(source)?;
    let text = parquet_rows::read(bytes, &file)?;
    let [level, code, county, sex, year, value] = text.columns(["level", "ssyk_code", "county_code", "sex", "year", "value"])?;
    let mut cells = CellsBySex::new();
    for row in (0..text.len()).filter(|row| text.text(*row, level) == "SSYK4") {
        let place = text.place(row);
        let ssyk = shelf.codes.ssyk(text.text(row, code), &place)?;
        let county = shelf.codes.county(text.text(row, county), &place)?;
        let position = match Sex::parse(text.text(row, sex)) {
            Some(Sex::Women) => 0,
            Some(Sex::Men) => 1,
            _ => return Err(text.bad_cell(row, sex, "women or men").into()),
        };
        let count = text.number(row, value)?.and_then(whole).ok_or_else(|| text.bad_cell(row, value, "a count"))?;
        let cell = &mut cells.entry((county.to_string(), ssyk.to_string(), text.year(row, year)?)).or_default()[position];
        if cell.replace(count).is_some() {
            return Err(TidyError::Meaning {
                place,
                problem: "the cell stands twice".to_owned(),
                hint: "the register file must have one row a cell",
            });
        }
    }
    let rows = by_sex(cells, &file, source)?;
    shelf.receipt(source, rows.iter().map(|row| row.period));
    table(rows)
}

fn employed_age(shelf: &mut Shelf) -> Result<(&'static str, Vec<u8>), TidyError> {
    let source = "scb_yreg54";
    let (bytes, file) = shelf.bytes(source)?;
    let data = json_stat::read(&bytes, &file)?;
    if data.dimensions != ["Yrke2012", "Alder", "ContentsCode", "Tid"] {
        return Err(unreadable(&file, "SCB's table YREG54BAS", format!("its dimensions are {}", data.dimensions.join(", "))));
    }
    let mut rows = Vec::new();
    for (codes, value) in data.cells().filter(|(codes, _)| codes[0] != "0002") {
        let place = format!("{file}, occupation {}", codes[0]);
        rows.push(EmployedAge {
            ssyk4: shelf.codes.ssyk(codes[0], &place)?.to_string(),
            age: codes[1].to_owned(),
            period: codes[3].parse().map_err(|_| unreadable(&file, "SCB's table YREG54BAS", format!("the year {}", codes[3])))?,
            employed: value.map(|value| whole(value).ok_or_else(|| unreadable(&file, "counts", value.to_string()))).transpose()?,
            source: source.to_owned(),
        });
    }
    shelf.receipt(source, rows.iter().map(|row| row.period));
    table(rows)
}

fn pay_sex(text: &str) -> Option<Sex> {
    match text {
        "Kvinnor" => Some(Sex::Women),
        "Män" => Some(Sex::Men),
        "Totalt" => Some(Sex::Total),
        _ => None,
    }
}

/// The wage tables' own occupation code: a unit group, or `0000` for all occupations. `0001`/`0002` (unknown) are of no use and left out.
pub(crate) fn pay_occupation(shelf: &Shelf, code: &str, place: &str) -> Result<Option<String>, TidyError> {
    match code {
        "0000" => Ok(Some(code.to_owned())),
        "0001" | "0002" => Ok(None),
        code => Ok(Some(shelf.codes.ssyk(code, place)?.to_string())),
    }
}

fn pay_region(shelf: &mut Shelf) -> Result<(&'static str, Vec<u8>), TidyError> {
    let source = "scb_pay_region";
    let (bytes, file) = shelf.bytes(source)?;
    let text = parquet_rows::read(bytes, &file)?;
    let [code, region, sector, sex, year, pay] = text.columns(["SSYK", "Region", "Sektor", "Kön", "År", "Medellön"])?;
    let regions: BTreeSet<&str> = shelf.codes.counties().map(|(_, info)| info.nuts2.as_str()).chain(["Riket"]).collect();
    let mut rows = Vec::new();
    for row in (0..text.len()).filter(|row| text.text(*row, sector) == "samtliga sektorer") {
        let Some(ssyk4) = pay_occupation(shelf, text.text(row, code), &text.place(row))? else { continue };
        if !regions.contains(text.text(row, region)) {
            return Err(text.bad_cell(row, region, "a NUTS 2 region of data/mappings/counties.csv").into());
        }
        rows.push(PayRegion {
            region: text.text(row, region).to_owned(),
            ssyk4,
            sex: pay_sex(text.text(row, sex)).ok_or_else(|| text.bad_cell(row, sex, "Kvinnor, Män or Totalt"))?.as_str().to_owned(),
            period: text.year(row, year)?,
            mean_pay: text.number(row, pay)?,
            source: source.to_owned(),
        });
    }
    shelf.receipt(source, rows.iter().map(|row| row.period));
    table(rows)
}

fn pay_dispersion(shelf: &mut Shelf) -> Result<(&'static str, Vec<u8>), TidyError> {
    let source = "scb_pay_dispersion";
    let (bytes, file) = shelf.bytes(source)?;
    let text = parquet_rows::read(bytes, &file)?;
    let [code, sector, sex, year, median, lower, upper] = text.columns(["SSYK", "Sektor", "Kön", "År", "Median", "P25", "P75"])?;
    let mut rows = Vec::new();
    for row in (0..text.len()).filter(|row| text.text(*row, sector) == "samtliga sektorer") {
        let Some(ssyk4) = pay_occupation(shelf, text.text(row, code), &text.place(row))? else { continue };
        rows.push(PayDispersion {
            ssyk4,
            sex: pay_sex(text.text(row, sex)).ok_or_else(|| text.bad_cell(row, sex, "Kvinnor, Män or Totalt"))?.as_str().to_owned(),
            period: text.year(row, year)?,
            median: text.number(row, median)?,
            lower_quartile: text.number(row, lower)?,
            upper_quartile: text.number(row, upper)?,
            source: source.to_owned(),
        });
    }
    shelf.receipt(source, rows.iter().map(|row| row.period));
    table(rows)
}

fn assessment_occupation(shelf: &mut Shelf) -> Result<(&'static str, Vec<u8>), TidyError> {
    let source = "af_occupation_key";
    let (bytes, file) = shelf.bytes(source)?;
    let text = delimited::read(&bytes, &file)?;
    let [id, name, codes, basis] = text.columns(["yb_concept_id", "yb_yrke", "ssyk2012_codes_space_sep", "source"])?;
    let mut rows = Vec::new();
    for row in 0..text.len() {
        let basis = match text.text(row, basis) {
            "AF 2025-2 file" => "published",
            "unknown" => "unknown",
            other if other.starts_with("inferred") => "inferred",
            _ => return Err(text.bad_cell(row, basis, "published, inferred or unknown").into()),
        };
        let occupation = |ssyk4: Option<String>| AssessmentOccupation {
            occupation_id: text.text(row, id).to_owned(),
            name: text.cell(row, name).map(str::to_owned),
            ssyk4,
            basis: basis.to_owned(),
            source: source.to_owned(),
        };
        let listed = text.text(row, codes);
        if listed.is_empty() {
            rows.push(occupation(None));
        }
        for code in listed.split_whitespace() {
            rows.push(occupation(Some(shelf.codes.ssyk(code, &text.place(row))?.to_string())));
        }
    }
    shelf.receipt(source, rows.iter().map(|_| 2025));
    table(rows)
}

fn word(value: &Value, allowed: &[&str], place: &str) -> Result<Option<String>, TidyError> {
    match value {
        Value::Null => Ok(None),
        Value::String(text) if allowed.contains(&text.as_str()) => Ok(Some(text.clone())),
        other => Err(TidyError::Meaning {
            place: place.to_owned(),
            problem: format!("{} is not among {}", other.to_string().chars().take(60).collect::<String>(), allowed.join(", ")),
            hint: "Arbetsförmedlingen uses a new word; give it points in data/method.toml and a place in the tidy step first",
        }),
    }
}

const OPPORTUNITIES: &[&str] = &["små", "medelstora", "stora"];
const RECRUITMENT: &[&str] = &["överskott", "balans", "brist", "paradox"];
const OUTLOOK: &[&str] = &["öka", "vara oförändrad", "minska"];
const BASIS: &[&str] = &["län", "nuts2", "nuts1", "nationellt"];

/// How many areas a whole occupation has: 21 counties and Sweden.
pub(crate) const AREAS: usize = 22;

/// Yrkesbarometern as published.
pub(crate) struct Barometer {
    /// By occupation.
    pub(crate) assessments: BTreeMap<String, Vec<Assessment>>,
    /// Which unit groups each occupation covers.
    pub(crate) occupations: Vec<AssessmentOccupation>,
}

/// The unit groups that a code of Arbetsförmedlingen stands for: its managers' groups end in 0 where SSYK has two levels, 1 and 2.
fn unit_groups(shelf: &Shelf, code: &str, place: &str) -> Result<Vec<String>, TidyError> {
    let known = shelf.codes.ssyk(code, place);
    let managers = code.len() == 4 && code.starts_with('1') && code.ends_with('0');
    if known.is_err() && managers {
        let levels: Vec<String> = ["1", "2"].iter().map(|level| format!("{}{level}", &code[..3])).collect();
        if levels.iter().all(|level| shelf.codes.ssyk(level, place).is_ok()) {
            return Ok(levels);
        }
    }
    Ok(vec![known?.to_string()])
}

/// Reads Yrkesbarometern, whole or in part.
///
/// # Errors
/// Not its layout, a word or a code that is not known, a cell twice.
pub(crate) fn barometer(shelf: &Shelf, bytes: &[u8], file: &str, source: &str) -> Result<Barometer, TidyError> {
    const FIELDS: [&str; 11] = [
        "yb_concept_id",
        "yb_yrke",
        "lan",
        "omgang",
        "ssyk",
        "jobbmojligheter",
        "rekryteringssituation",
        "prognos",
        "hogsta_bedomningsniva",
        "antal_ssyk",
        "del_av_ssyk",
    ];
    let list: Vec<Value> = serde_json::from_slice(bytes).map_err(|error| unreadable(file, "Yrkesbarometern", error.to_string()))?;
    let mut assessments: BTreeMap<String, Vec<Assessment>> = BTreeMap::new();
    let mut occupations: BTreeMap<(String, String), AssessmentOccupation> = BTreeMap::new();
    for (index, item) in list.iter().enumerate() {
        let place = format!("{file}, row {}", index + 1);
        // A column that is gone would read as no assessment.
        if let Some(absent) = FIELDS.iter().find(|name| item.get(**name).is_none()) {
            return Err(unreadable(file, "Yrkesbarometern", format!("row {} has no {absent}", index + 1)));
        }
        let field =
            |name: &str| item[name].as_str().ok_or_else(|| unreadable(file, "Yrkesbarometern", format!("row {}: {name} is no text", index + 1)));
        let (occupation_id, county, round) = (field("yb_concept_id")?, field("lan")?, field("omgang")?);
        if county != "00" {
            shelf.codes.county(county, &place)?;
        }
        let period = round.split_once('-').and_then(|(year, _)| crate::code::Period::parse(year));
        let period = period.ok_or_else(|| unreadable(file, "Yrkesbarometern", format!("row {}: omgang is no year and number", index + 1)))?.year();
        let of_occupation = assessments.entry(occupation_id.to_owned()).or_default();
        if of_occupation.iter().any(|row| row.county == county) {
            return Err(unreadable(file, "Yrkesbarometern", format!("row {}: the occupation has the area {county} already", index + 1)));
        }
        of_occupation.push(Assessment {
            occupation_id: occupation_id.to_owned(),
            county: county.to_owned(),
            round: round.to_owned(),
            opportunities: word(&item["jobbmojligheter"], OPPORTUNITIES, &place)?,
            recruitment: word(&item["rekryteringssituation"], RECRUITMENT, &place)?,
            outlook: word(&item["prognos"], OUTLOOK, &place)?,
            basis: word(&item["hogsta_bedomningsniva"], BASIS, &place)?,
            period,
            source: source.to_owned(),
        });
        for code in field("ssyk")?.split(',').map(str::trim).filter(|code| !code.is_empty()) {
            for ssyk4 in unit_groups(shelf, code, &place)? {
                let row = AssessmentOccupation {
                    occupation_id: occupation_id.to_owned(),
                    name: Some(field("yb_yrke")?.to_owned()),
                    ssyk4: Some(ssyk4.clone()),
                    basis: "published".to_owned(),
                    source: source.to_owned(),
                };
                occupations.insert((occupation_id.to_owned(), ssyk4), row);
            }
        }
    }
    Ok(Barometer { assessments, occupations: occupations.into_values().collect() })
}

fn assessment(shelf: &mut Shelf) -> Result<(&'static str, Vec<u8>), TidyError> {
    let mut areas: BTreeMap<String, String> = shelf.codes.counties().map(|(county, info)| (info.jobtech_id.clone(), county.to_string())).collect();
    areas.insert(SWEDEN_CONCEPT.to_owned(), "00".to_owned());

    let newest = "af_yrkesbarometer_2025_2";
    let (bytes, file) = shelf.bytes(newest)?;
    let mut by_occupation = barometer(shelf, &bytes, &file, newest)?.assessments;
    // The recorded copy stops in the middle of an occupation: one that lacks areas is taken whole from the older file instead.
    by_occupation.retain(|_, rows| rows.len() == AREAS);
    let mut rows: Vec<Assessment> = by_occupation.values().flatten().cloned().collect();
    shelf.receipt(newest, rows.iter().map(|row| row.period));

    let older = "af_yrkesbarometer_2025_05";
    let (bytes, file) = shelf.bytes(older)?;
    let map: BTreeMap<String, BTreeMap<String, Value>> =
        serde_json::from_slice(&bytes).map_err(|error| unreadable(&file, "Yrkesbarometern, reshaped", error.to_string()))?;
    let before = rows.len();
    for (occupation, by_region) in map.iter().filter(|(occupation, _)| !by_occupation.contains_key(*occupation)) {
        for (region, words) in by_region {
            let place = format!("{file}, {occupation}, {region}");
            let county = areas.get(region).ok_or_else(|| TidyError::Meaning {
                place: place.clone(),
                problem: "the region is unknown".to_owned(),
                hint: "add its concept id to data/mappings/counties.csv",
            })?;
            rows.push(Assessment {
                occupation_id: occupation.clone(),
                county: county.clone(),
                round: "2025-05".to_owned(),
                opportunities: word(&words[0], OPPORTUNITIES, &place)?,
                recruitment: None,
                outlook: word(&words[1], OUTLOOK, &place)?,
                basis: None,
                period: 2025,
                source: older.to_owned(),
            });
        }
    }
    let taken: Vec<i32> = rows[before..].iter().map(|row| row.period).collect();
    shelf.receipt(older, taken);
    table(rows)
}

/// JobTech's concept for the whole of Sweden.
const SWEDEN_CONCEPT: &str = "i46j_HmG_v64";

fn ads(shelf: &mut Shelf) -> Result<(&'static str, Vec<u8>), TidyError> {
    let source = "jobtech_ads";
    let (bytes, file) = shelf.bytes(source)?;
    let map: BTreeMap<String, BTreeMap<String, i64>> =
        serde_json::from_slice(&bytes).map_err(|error| unreadable(&file, "ads by group and region", error.to_string()))?;
    let mut areas: Vec<(String, String)> = shelf.codes.counties().map(|(county, info)| (county.to_string(), info.jobtech_id.clone())).collect();
    areas.push(("00".to_owned(), SWEDEN_CONCEPT.to_owned()));
    let mut rows = Vec::new();
    for (concept, by_region) in &map {
        let group = shelf.codes.jobtech_group(concept, &file)?;
        // The other keys are municipalities; a county without ads is absent.
        for (county, region) in &areas {
            let ads = by_region.get(region).copied().unwrap_or(0);
            rows.push(Ads { county: county.clone(), jobtech_group: group.to_owned(), period: 2024, ads, source: source.to_owned() });
        }
    }
    shelf.receipt(source, rows.iter().map(|row| row.period));
    table(rows)
}

fn born_abroad(shelf: &mut Shelf) -> Result<(&'static str, Vec<u8>), TidyError> {
    let source = "scb_born_abroad";
    let (bytes, file) = shelf.bytes(source)?;
    let text = delimited::read(&bytes, &file)?;
    let [county, country, year, count] = text.columns(["region_code", "country_code", "year", "count"])?;
    let mut rows = Vec::new();
    for row in 0..text.len() {
        let place = text.place(row);
        let Some(code) = shelf.country(CountryScheme::ScbBirthCountry, text.text(row, country), &place)? else { continue };
        let Some(persons) = text.number(row, count)? else { continue };
        rows.push(BornAbroadCounty {
            county: shelf.codes.county(text.text(row, county), &place)?.to_string(),
            country: code.to_string(),
            period: text.year(row, year)?,
            persons: whole(persons).ok_or_else(|| text.bad_cell(row, count, "a count"))?,
            source: source.to_owned(),
        });
    }
    shelf.receipt(source, rows.iter().map(|row| row.period));
    table(rows)
}

/// A four-digit code that a spreadsheet may have stored as a number and so stripped of its leading zeros.
fn padded(code: &str) -> String {
    format!("{:0>4}", code.trim())
}

/// A group of JobTech's taxonomy with the groups of ISCO-08 that it is linked to.
#[derive(serde::Deserialize)]
struct Linked {
    id: String,
    ssyk_code_2012: String,
    related: Vec<Isco08>,
}

#[derive(serde::Deserialize)]
struct Isco08 {
    isco_code_08: String,
}

#[derive(serde::Deserialize)]
struct Concepts {
    concepts: Vec<Linked>,
}

#[derive(serde::Deserialize)]
struct Taxonomy {
    data: Concepts,
}

/// JobTech's links to ISCO-08, from its taxonomy (`ssyk-level-4-with-related-isco-level-4-groups`): every group of our list once, each with at least one.
pub(crate) fn jobtech_isco(shelf: &mut Shelf) -> Result<(&'static str, Vec<u8>), TidyError> {
    let source = "jobtech_taxonomy";
    let (bytes, file) = shelf.bytes(source)?;
    let period = shelf.year_of(source);
    let taxonomy: Taxonomy = serde_json::from_slice(&bytes).map_err(|error| unreadable(&file, "JobTech's taxonomy", error.to_string()))?;
    let mut groups = BTreeSet::new();
    let mut rows = Vec::new();
    for concept in &taxonomy.data.concepts {
        let group = shelf.codes.jobtech_group(&concept.id, &file)?.to_owned();
        // The same id with another code would count another occupation's ads.
        if group != concept.ssyk_code_2012 {
            return Err(TidyError::Meaning {
                place: file,
                problem: format!("the concept {} has the code {}, in our list {group}", concept.id, concept.ssyk_code_2012.escape_debug()),
                hint: "JobTech has renumbered its groups; compare data/mappings/jobtech_ssyk.csv with its taxonomy",
            });
        }
        let linked: BTreeSet<_> = concept.related.iter().map(|isco| shelf.codes.isco(&isco.isco_code_08, &file)).collect::<Result<_, _>>()?;
        if linked.is_empty() || linked.iter().any(|isco| isco.as_str().len() != 4) {
            return Err(unreadable(&file, "JobTech's taxonomy", format!("the group {group} has no unit group of ISCO-08, or another than those")));
        }
        if !groups.insert(group.clone()) {
            return Err(unreadable(&file, "JobTech's taxonomy", format!("the group {group} stands twice")));
        }
        rows.extend(linked.into_iter().map(|isco08| JobtechIsco {
            jobtech_group: group.clone(),
            isco08: isco08.to_string(),
            period,
            source: source.to_owned(),
        }));
    }
    if let Some(absent) = shelf.codes.jobtech_groups().find(|group| !groups.contains(*group)) {
        return Err(TidyError::Meaning {
            problem: format!("the group {absent} is not among its {}", groups.len()),
            place: file,
            hint: "the answer was cut off, or JobTech has taken the group away; compare data/mappings/jobtech_ssyk.csv with its taxonomy",
        });
    }
    shelf.receipt(source, rows.iter().map(|row| row.period));
    table(rows)
}

fn ssyk_isco(shelf: &mut Shelf) -> Result<(&'static str, Vec<u8>), TidyError> {
    let source = "scb_key";
    let (bytes, file) = shelf.bytes(source)?;
    let titles = workbook::read(&bytes, &file, "Grunden")?;
    let key = workbook::read(&bytes, &file, "Nyckel")?;
    let header = [titles.cell(0, 0), titles.cell(0, 1)];
    if header != ["SSYK 2012 kod", "ISCO-08"] {
        return Err(unreadable(&titles.file, "SCB's key", format!("its first row begins {}", header.join(", "))));
    }
    let mut pairs: BTreeMap<(String, String), (bool, i64)> = BTreeMap::new();
    for row in (1..titles.rows.len()).filter(|row| !titles.cell(*row, 0).is_empty()) {
        let place = format!("{}, row {}", titles.file, row + 1);
        let ssyk = shelf.codes.ssyk(&padded(titles.cell(row, 0)), &place)?;
        let isco = shelf.codes.isco(&padded(titles.cell(row, 1)), &place)?;
        pairs.entry((ssyk.to_string(), isco.to_string())).or_default().1 += 1;
    }
    let start = (0..key.rows.len()).find(|row| key.cell(*row, 0) == "SSYK 2012 kod" && key.cell(*row, 2) == "ISCO-08 kod");
    let start = start.ok_or_else(|| unreadable(&key.file, "SCB's key", "no row with \"SSYK 2012 kod\" and \"ISCO-08 kod\""))?;
    for row in (start + 1..key.rows.len()).filter(|row| !key.cell(*row, 0).is_empty()) {
        let place = format!("{}, row {}", key.file, row + 1);
        let ssyk = shelf.codes.ssyk(&padded(key.cell(row, 0)), &place)?;
        for code in key.cell(row, 2).split([',', ';']).map(str::trim).filter(|code| !code.is_empty()) {
            let isco = shelf.codes.isco(&padded(code), &place)?;
            pairs.entry((ssyk.to_string(), isco.to_string())).or_default().0 = true;
        }
    }
    let rows: Vec<SsykIsco> = pairs
        .into_iter()
        .map(|((ssyk4, isco08), (in_key, titles))| SsykIsco { ssyk4, isco08, in_key, titles, period: 2016, source: source.to_owned() })
        .collect();
    shelf.receipt(source, rows.iter().map(|row| row.period));
    table(rows)
}
