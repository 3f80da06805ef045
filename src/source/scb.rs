//! Statistics Sweden: tables of the statistical database by PxWebApi 2, and by PxWebApi 1 where the second version will not answer.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::{Answers, Asked, Body, Call, Pace, Source, Verdict};
use crate::code::CountryScheme;
use crate::format::json_stat::{self, JsonStat};
use crate::tidy::dataset::{BornAbroadCounty, EmployedAge, MovesCounty, PayDispersion, PayRegion, PopulationCounty};
use crate::tidy::{Shelf, TidyError, pay_occupation, sweden, table, unreadable, whole};

const SCB: &str = "Statistiska centralbyrån (SCB)";
const SCB_AND_MEDIATION: &str = "Statistiska centralbyrån (SCB) och Medlingsinstitutet";
const BASES: &[(&str, Pace)] = &[
    // The service allows 30 calls in 10 seconds from an address that others may share.
    ("https://statistikdatabasen.scb.se/api/v2", Pace { calls: 25, seconds: 10 }),
    ("https://api.scb.se/OV0104/v1/doris/sv/ssd", Pace { calls: 8, seconds: 10 }),
];
/// The second version's limit on the cells of a request, until `/config` says less.
const MOST_CELLS: u64 = 150_000;
/// The first version's limit is told in three ways; this is below them all.
const MOST_CELLS_FIRST: u64 = 90_000;
/// The service is asked again for less at most this many times.
const HALVINGS: u32 = 6;

/// What is taken of a variable.
#[derive(Debug)]
enum Pick {
    /// The 21 counties.
    Counties,
    /// Every code.
    All,
    /// These, of codes that are known: a code beyond them is a change that someone must look at.
    Codes { take: &'static [&'static str], known: &'static [&'static str] },
    /// Men and women, told by their Swedish labels; the published totals are known.
    Sexes,
    /// The sexes and their published total, `1+2`.
    SexesAndTotal,
    /// The published total of the sexes in tables with noise, which is not the sum of its parts.
    TotalOfSexes,
    /// These contents, each with a word that its label must hold.
    Contents(&'static [(&'static str, &'static str)]),
    /// One code, whatever others there are: a published total.
    Total(&'static str),
    /// The only contents that the table has.
    OnlyContents,
    /// Every year until the one asked for.
    Years,
    /// Not asked for: the service sums over it.
    SummedOver,
}

/// A table of the database.
#[derive(Debug)]
struct Table {
    /// Names the calls.
    name: &'static str,
    /// Its number in the second version, where it is known; else it is asked of the first.
    id: Option<&'static str>,
    /// Its path in the first version.
    path: &'static str,
    /// Its first year, where a source has another table for those before: it is not asked for them. 0 where it is the source's only one.
    first: i32,
    /// Every variable that it has.
    variables: &'static [(&'static str, Pick)],
    /// Units that the contents may have, in lower case.
    units: &'static [&'static str],
}

const PERSONS: &[&str] = &["antal", "antal personer", "personer"];
const KRONOR: &[&str] = &["kr", "kronor", "sek", "kr/månad", "kronor per månad"];

const fn register(name: &'static str, path: &'static str, first: i32) -> Table {
    Table {
        name,
        id: None,
        path,
        first,
        variables: &[
            ("Region", Pick::Counties),
            ("Yrke2012", Pick::All),
            ("Kon", Pick::Sexes),
            ("ContentsCode", Pick::OnlyContents),
            ("Tid", Pick::Years),
        ],
        units: PERSONS,
    }
}

/// The register in its three parts; where they overlap, the later holds.
static REGISTER: [Table; 3] = [
    register("a-2014", "AM/AM0208/AM0208M/YREG60", 2014),
    register("b-2019", "AM/AM0208/AM0208M/YREG60N", 2019),
    register("c-2020", "AM/AM0208/AM0208M/YREG60BAS", 2020),
];

/// They part the employed: a total or a group across others among them would be counted twice in the share of the old.
const AGE_GROUPS: [&str; 10] = ["16-24", "25-29", "30-34", "35-39", "40-44", "45-49", "50-54", "55-59", "60-64", "065-69"];

static AGES: [Table; 1] = [Table {
    name: "age",
    id: Some("TAB4442"),
    path: "AM/AM0208/AM0208E/YREG54BAS",
    first: 0,
    variables: &[
        ("Yrke2012", Pick::All),
        ("SNI2007", Pick::SummedOver),
        ("Alder", Pick::Codes { take: &AGE_GROUPS, known: &AGE_GROUPS }),
        ("Kon", Pick::SummedOver),
        ("ContentsCode", Pick::Contents(&[("000006Y1", "anställda")])),
        ("Tid", Pick::Years),
    ],
    units: PERSONS,
}];

const SECTORS: Pick = Pick::Codes { take: &["0"], known: &["0", "1-3", "1", "2", "3", "4-5", "4", "5", "1-5"] };

static PAY_BY_REGION: [Table; 1] = [Table {
    name: "pay",
    id: None,
    path: "AM/AM0110/AM0110A/LonYrkeRegion4AN",
    first: 0,
    variables: &[
        (
            "Region",
            Pick::Codes {
                take: &["SE", "SE11", "SE12", "SE21", "SE22", "SE23", "SE31", "SE32", "SE33"],
                known: &["SE", "SE11", "SE12", "SE21", "SE22", "SE23", "SE31", "SE32", "SE33"],
            },
        ),
        ("Sektor", SECTORS),
        ("Yrke2012", Pick::All),
        ("Kon", Pick::SexesAndTotal),
        ("ContentsCode", Pick::Contents(&[("000007AS", "månadslön")])),
        ("Tid", Pick::Years),
    ],
    units: KRONOR,
}];

static PAY_SPREAD: [Table; 1] = [Table {
    name: "spread",
    id: Some("TAB5932"),
    path: "AM/AM0110/AM0110A/LoneSpridSektYrk4AN",
    first: 0,
    variables: &[
        ("Sektor", SECTORS),
        ("Yrke2012", Pick::All),
        ("Kon", Pick::SexesAndTotal),
        ("ContentsCode", Pick::Contents(&[(MEDIAN, "median"), (LOWER, "25"), (UPPER, "75")])),
        ("Tid", Pick::Years),
    ],
    units: KRONOR,
}];
const MEDIAN: &str = "000007CE";
const LOWER: &str = "000007CG";
const UPPER: &str = "000007CH";

static BIRTH: [Table; 1] = [Table {
    name: "birth",
    id: None,
    path: "BE/BE0101/BE0101E/FolkmRegFlandKCKM",
    first: 0,
    variables: &[
        ("Region", Pick::Counties),
        ("Fodelseregion", Pick::All),
        ("Kon", Pick::TotalOfSexes),
        ("ContentsCode", Pick::OnlyContents),
        ("Tid", Pick::Years),
    ],
    units: PERSONS,
}];

const fn moves(name: &'static str, id: &'static str, path: &'static str, first: i32) -> Table {
    Table {
        name,
        id: Some(id),
        path,
        first,
        variables: &[
            ("InflyttningsL", Pick::Counties),
            ("UtflyttningsL", Pick::Counties),
            ("Kon", Pick::Sexes),
            ("ContentsCode", Pick::OnlyContents),
            ("Tid", Pick::Years),
        ],
        units: PERSONS,
    }
}

/// Moves between counties, without noise and with it.
static MOVED: [Table; 2] =
    [moves("a-2000", "TAB4409", "BE/BE0101/BE0101J/InOmflytt", 2000), moves("b-2025", "TAB6672", "BE/BE0101/BE0101J/InOmflyttCKM", 2025)];

/// Inhabitants: without noise by civil status and age, and with it by country of birth.
static INHABITANTS: [Table; 2] = [
    Table {
        name: "a-1968",
        id: Some("TAB638"),
        path: "BE/BE0101/BE0101A/BefolkningNy",
        first: 1968,
        variables: &[
            ("Region", Pick::Counties),
            ("Civilstand", Pick::SummedOver),
            ("Alder", Pick::SummedOver),
            ("Kon", Pick::Sexes),
            ("ContentsCode", Pick::Contents(&[("BE0101N1", "folkmängd")])),
            ("Tid", Pick::Years),
        ],
        units: PERSONS,
    },
    Table {
        name: "b-2025",
        id: None,
        path: "BE/BE0101/BE0101E/FolkmRegFlandKCKM",
        first: 2025,
        variables: &[
            ("Region", Pick::Counties),
            ("Fodelseregion", Pick::Total("TOTfod")),
            ("Kon", Pick::Sexes),
            ("ContentsCode", Pick::OnlyContents),
            ("Tid", Pick::Years),
        ],
        units: PERSONS,
    },
];

/// Moves between counties by sex.
pub(super) static MOVES: Source = Source {
    key: "scb_moves",
    dataset: "InOmflytt, InOmflyttCKM",
    publisher: SCB,
    title: "Inrikes omflyttning mellan län efter kön",
    page: "https://www.statistikdatabasen.scb.se/pxweb/sv/ssd/START__BE__BE0101__BE0101J/InOmflytt/",
    licence: "CC0 1.0",
    attribution: "Källa: SCB, Befolkningsstatistik",
    used_for: "moves to the county per inhabitant: mobility of counties",
    cadence_days: 400,
    bases: BASES,
    by_hand: false,
    of_file: None,
    replaces: &[],
    keeps_years: false,
    calls: |asked, answers| calls(&MOVED, asked, answers),
    allowed,
    judge,
    tables: |shelf, answers| Ok(vec![moves_county(shelf, answers)?]),
};

/// Inhabitants of the counties by sex.
pub(super) static POPULATION: Source = Source {
    key: "scb_population_counties",
    dataset: "BefolkningNy, FolkmRegFlandKCKM",
    publisher: SCB,
    title: "Folkmängd efter län och kön, 31 december",
    page: "https://www.statistikdatabasen.scb.se/pxweb/sv/ssd/START__BE__BE0101__BE0101A/BefolkningNy/",
    licence: "CC0 1.0",
    attribution: "Källa: SCB, Befolkningsstatistik",
    used_for: "moves to the county per inhabitant: mobility of counties",
    cadence_days: 400,
    bases: BASES,
    by_hand: false,
    of_file: None,
    replaces: &[],
    keeps_years: false,
    calls: |asked, answers| calls(&INHABITANTS, asked, answers),
    allowed,
    judge,
    tables: |shelf, answers| Ok(vec![population_county(shelf, answers)?]),
};

/// Employed by county, occupation and sex.
pub(super) static EMPLOYED_COUNTY: Source = Source {
    key: "scb_yreg60",
    dataset: "YREG60, YREG60N, YREG60BAS",
    publisher: SCB,
    title: "Anställda (yrkesregistret) efter arbetsställets län, yrke (SSYK 2012) och kön",
    page: "https://www.statistikdatabasen.scb.se/pxweb/sv/ssd/START__AM__AM0208__AM0208M/YREG60BAS/",
    licence: "CC0 1.0",
    attribution: "Källa: SCB, Yrkesregistret",
    used_for: "employed in the county and Sweden, growth, pools of counties",
    cadence_days: 400,
    bases: BASES,
    by_hand: false,
    of_file: None,
    replaces: &["scb_yreg60"],
    keeps_years: false,
    calls: |asked, answers| calls(&REGISTER, asked, answers),
    allowed,
    judge,
    tables: |shelf, answers| Ok(vec![employed_county(shelf, answers)?]),
};

/// Employed by occupation and age.
pub(super) static EMPLOYED_AGE: Source = Source {
    key: "scb_yreg54",
    dataset: "YREG54BAS",
    publisher: SCB,
    title: "Anställda (yrkesregistret) efter yrke (SSYK 2012) och ålder, riket",
    page: "https://www.statistikdatabasen.scb.se/pxweb/sv/ssd/START__AM__AM0208__AM0208E/YREG54BAS/",
    licence: "CC0 1.0",
    attribution: "Källa: SCB, Yrkesregistret",
    used_for: "share aged 55+, volume",
    cadence_days: 400,
    bases: BASES,
    by_hand: false,
    of_file: None,
    replaces: &["scb_yreg54"],
    keeps_years: false,
    calls: |asked, answers| calls(&AGES, asked, answers),
    allowed,
    judge,
    tables: |shelf, answers| Ok(vec![employed_age(shelf, answers)?]),
};

/// Mean pay by NUTS 2 region, occupation and sex.
pub(super) static PAY_REGION: Source = Source {
    key: "scb_pay_region",
    dataset: "LonYrkeRegion4AN",
    publisher: SCB_AND_MEDIATION,
    title: "Genomsnittlig månadslön efter region (NUTS 2), yrke (SSYK 2012) och kön",
    page: "https://www.statistikdatabasen.scb.se/pxweb/sv/ssd/START__AM__AM0110__AM0110A/LonYrkeRegion4AN/",
    licence: "CC0 1.0",
    attribution: "Källa: SCB och Medlingsinstitutet, Lönestrukturstatistik",
    used_for: "pay in the region against the permit floor",
    cadence_days: 400,
    bases: BASES,
    by_hand: false,
    of_file: None,
    replaces: &["scb_pay_region"],
    keeps_years: false,
    calls: |asked, answers| calls(&PAY_BY_REGION, asked, answers),
    allowed,
    judge,
    tables: |shelf, answers| Ok(vec![pay_region(shelf, answers)?]),
};

/// Dispersion of pay by occupation and sex.
pub(super) static PAY_DISPERSION: Source = Source {
    key: "scb_pay_dispersion",
    dataset: "LoneSpridSektYrk4AN",
    publisher: SCB_AND_MEDIATION,
    title: "Lönespridning efter yrke (SSYK 2012) och kön, riket",
    page: "https://www.statistikdatabasen.scb.se/pxweb/sv/ssd/START__AM__AM0110__AM0110A/LoneSpridSektYrk4AN/",
    licence: "CC0 1.0",
    attribution: "Källa: SCB och Medlingsinstitutet, Lönestrukturstatistik",
    used_for: "median and upper quartile of pay against the permit floor",
    cadence_days: 400,
    bases: BASES,
    by_hand: false,
    of_file: None,
    replaces: &["scb_pay_dispersion"],
    keeps_years: false,
    calls: |asked, answers| calls(&PAY_SPREAD, asked, answers),
    allowed,
    judge,
    tables: |shelf, answers| Ok(vec![pay_dispersion(shelf, answers)?]),
};

/// Population of the counties by country of birth.
pub(super) static BORN_ABROAD: Source = Source {
    key: "scb_born_abroad_counties",
    dataset: "FolkmRegFlandKCKM",
    publisher: SCB,
    title: "Folkmängd efter län och födelseland, 31 december",
    page: "https://www.statistikdatabasen.scb.se/pxweb/sv/ssd/START__BE__BE0101__BE0101E/FolkmRegFlandKCKM/",
    licence: "CC0 1.0",
    attribution: "Källa: SCB, Befolkningsstatistik",
    used_for: "born abroad in the county",
    cadence_days: 400,
    bases: BASES,
    by_hand: false,
    of_file: None,
    replaces: &["scb_born_abroad"],
    keeps_years: false,
    calls: |asked, answers| calls(&BIRTH, asked, answers),
    allowed,
    judge,
    tables: |shelf, answers| Ok(vec![born_abroad(shelf, answers)?]),
};

fn allowed(answers: &Answers) -> Option<Pace> {
    let config: Value = serde_json::from_slice(&answers.bytes("config").ok()?).ok()?;
    let number = |name: &str| u32::try_from(config[name].as_u64()?).ok().filter(|number| *number > 0);
    // Somewhat under what is allowed: others may share the address, and the service counts by its own clock.
    let calls = number("maxCallsPerTimeWindow")?;
    Some(Pace { calls: (calls * 5 / 6).clamp(1, 25), seconds: number("timeWindow")?.clamp(1, 3600) })
}

fn judge(_: &Call, head: &[u8]) -> Verdict {
    let Ok(body) = serde_json::from_slice::<Value>(head) else { return Verdict::Sound };
    match (body["title"].as_str(), body["type"].as_str()) {
        (Some(title), Some("Parameter error")) => Verdict::Refused(format!("the service says: {}", title.chars().take(200).collect::<String>())),
        _ => Verdict::Sound,
    }
}

/// A variable as the service describes it: codes with their labels, in its order.
struct Variable {
    code: String,
    codes: Vec<(String, String)>,
    eliminable: bool,
    units: BTreeMap<String, String>,
}

fn drift(table: &Table, problem: String) -> TidyError {
    TidyError::Meaning {
        place: format!("SCB's table {}", table.path.rsplit('/').next().unwrap_or(table.path)),
        problem,
        hint: "SCB has changed the table: look at it in the statistical database, then tell src/source/scb.rs what the change means",
    }
}

fn metadata(table: &Table, bytes: &[u8]) -> Result<Vec<Variable>, TidyError> {
    let document: Value = serde_json::from_slice(bytes).map_err(|error| unreadable(table.name, "SCB's metadata", error.to_string()))?;
    if let Some(list) = document["variables"].as_array() {
        let texts = |value: &Value| -> Option<Vec<String>> { value.as_array()?.iter().map(|text| text.as_str().map(str::to_owned)).collect() };
        let variable = |variable: &Value| {
            let (codes, labels) = (texts(&variable["values"])?, texts(&variable["valueTexts"])?);
            (codes.len() == labels.len()).then_some(())?;
            Some(Variable {
                code: variable["code"].as_str()?.to_owned(),
                codes: codes.into_iter().zip(labels).collect(),
                eliminable: variable["elimination"].as_bool().unwrap_or(false),
                units: BTreeMap::new(),
            })
        };
        let variables: Option<Vec<Variable>> = list.iter().map(variable).collect();
        return variables.ok_or_else(|| unreadable(table.name, "SCB's metadata, first version", "a variable lacks its code, values or texts"));
    }
    let ids = document["id"].as_array().ok_or_else(|| unreadable(table.name, "SCB's metadata", "it has neither variables nor id"))?;
    ids.iter()
        .map(|id| {
            let code = id.as_str().ok_or_else(|| unreadable(table.name, "SCB's metadata", "an id that is no text"))?;
            let dimension = &document["dimension"][code];
            let category = &dimension["category"];
            let codes =
                json_stat::index_codes(&category["index"]).ok_or_else(|| unreadable(table.name, "SCB's metadata", format!("{code} has no index")))?;
            let label = |code: &String| category["label"][code].as_str().unwrap_or_default().to_owned();
            let units = category["unit"].as_object().into_iter().flatten();
            Ok(Variable {
                code: code.to_owned(),
                eliminable: dimension["extension"]["elimination"].as_bool().unwrap_or(false),
                units: units.filter_map(|(code, unit)| Some((code.clone(), unit["base"].as_str()?.to_lowercase()))).collect(),
                codes: codes.into_iter().map(|code| (code.clone(), label(&code))).collect(),
            })
        })
        .collect()
}

/// The codes asked for by variable, in the table's order; what is summed over is left out.
type Selection = Vec<(String, Vec<String>)>;

fn select(table: &Table, variables: &[Variable], asked: &Asked) -> Result<Selection, TidyError> {
    let names = |list: &mut dyn Iterator<Item = &str>| list.collect::<BTreeSet<&str>>().into_iter().collect::<Vec<_>>().join(", ");
    let expected: BTreeSet<&str> = table.variables.iter().map(|(code, _)| *code).collect();
    let found: BTreeSet<&str> = variables.iter().map(|variable| variable.code.as_str()).collect();
    // A variable that is summed over may be gone; one that is asked for may not, and a new one may not come unseen.
    let needed = table.variables.iter().filter(|(_, pick)| !matches!(pick, Pick::SummedOver)).map(|(code, _)| *code);
    if !found.is_subset(&expected) || needed.clone().any(|code| !found.contains(code)) {
        return Err(drift(
            table,
            format!("expected the variables {}, found {}", names(&mut expected.iter().copied()), names(&mut found.iter().copied())),
        ));
    }
    let mut selection = Vec::new();
    for variable in variables {
        let Some((_, pick)) = table.variables.iter().find(|(code, _)| *code == variable.code) else { continue };
        let label = |code: &str| variable.codes.iter().find(|(other, _)| other == code).map(|(_, label)| label.to_lowercase());
        let strangers =
            |known: &[&str]| variable.codes.iter().map(|(code, _)| code.as_str()).filter(|code| !known.contains(code)).collect::<Vec<_>>();
        let listed = |take: &[&str], known: &[&str]| -> Result<Vec<String>, TidyError> {
            let new = strangers(known);
            let absent: Vec<&str> = take.iter().copied().filter(|code| label(code).is_none()).collect();
            if new.is_empty() && absent.is_empty() {
                return Ok(take.iter().map(|code| (*code).to_owned()).collect());
            }
            let new: String = new.join(", ").chars().take(200).collect();
            Err(drift(table, format!("{} has the new codes [{new}] and lacks [{}]", variable.code, absent.join(", "))))
        };
        let sexes = |take: &[&str]| -> Result<Vec<String>, TidyError> {
            for (code, word) in [("1", "män"), ("2", "kvinnor")] {
                if let Some(label) = label(code).filter(|label| label != word) {
                    return Err(drift(table, format!("Kon {code} should be \"{word}\", found \"{}\"", label.chars().take(60).collect::<String>())));
                }
            }
            listed(take, &["1", "2", "1+2", "TotSa"])
        };
        let codes = match pick {
            Pick::SummedOver if variable.eliminable => continue,
            Pick::SummedOver => return Err(drift(table, format!("{} can no longer be summed over", variable.code))),
            Pick::All => variable.codes.iter().map(|(code, _)| code.clone()).collect(),
            Pick::Codes { take, known } => listed(take, known)?,
            Pick::Sexes => sexes(&["1", "2"])?,
            Pick::SexesAndTotal => sexes(&["1", "2", "1+2"])?,
            Pick::TotalOfSexes => sexes(&["TotSa"])?,
            Pick::Total(code) => match label(code) {
                Some(_) => vec![(*code).to_owned()],
                None => return Err(drift(table, format!("{} lacks the total {code}", variable.code))),
            },
            Pick::Counties => {
                let counties: Vec<String> = asked.codes.counties().map(|(county, _)| county.to_string()).collect();
                if let Some(absent) = counties.iter().find(|county| label(county).is_none()) {
                    return Err(drift(table, format!("{} lacks the county {absent}", variable.code)));
                }
                counties
            }
            Pick::Contents(contents) => {
                for (code, word) in *contents {
                    match label(code) {
                        Some(label) if label.contains(word) => {}
                        found => return Err(drift(table, format!("contents {code} should hold \"{word}\", found {found:?}"))),
                    }
                }
                contents.iter().map(|(code, _)| (*code).to_owned()).collect()
            }
            Pick::OnlyContents => match variable.codes.as_slice() {
                [(code, _)] => vec![code.clone()],
                several => return Err(drift(table, format!("expected one content, found {}", several.len()))),
            },
            Pick::Years => {
                let mut years = Vec::new();
                for (code, _) in &variable.codes {
                    let year = crate::code::Period::parse(code).ok_or_else(|| drift(table, format!("{code:?} is no year")))?.year();
                    if year <= asked.year {
                        years.push(code.clone());
                    }
                }
                years
            }
        };
        if let Some((code, unit)) =
            codes.iter().filter_map(|code| variable.units.get_key_value(code)).find(|(_, unit)| !table.units.contains(&unit.as_str()))
        {
            return Err(drift(table, format!("the unit of {code} should be one of {}, found {unit:?}", table.units.join(", "))));
        }
        if codes.is_empty() {
            return Err(drift(table, format!("{} has no code that is wanted", variable.code)));
        }
        selection.push((variable.code.clone(), codes));
    }
    Ok(selection)
}

fn cells(selection: &Selection) -> u64 {
    selection.iter().fold(1, |cells, (_, codes)| cells.saturating_mul(codes.len() as u64))
}

/// Parts of at most `limit` cells that together hold every cell once: the longest list of codes is halved until they do.
fn parts(selection: Selection, limit: u64) -> Vec<Selection> {
    if cells(&selection) <= limit {
        return vec![selection];
    }
    let Some(longest) = (0..selection.len()).max_by_key(|position| selection[*position].1.len()).filter(|position| selection[*position].1.len() > 1)
    else {
        return vec![selection];
    };
    let (mut first, mut second) = (selection.clone(), selection);
    let half = first[longest].1.len() / 2;
    second[longest].1 = first[longest].1.split_off(half);
    [parts(first, limit), parts(second, limit)].concat()
}

/// The first version of the service answers below another address.
fn of_first(mut call: Call) -> Call {
    call.base = 1;
    call
}

fn calls(tables: &[Table], asked: &Asked, answers: &Answers) -> Result<Vec<Call>, TidyError> {
    let has = |name: &str| answers.kept.contains_key(name) || answers.refused.contains_key(name);
    if !has("config") {
        return Ok(vec![Call::get("config", "what the service allows", "/config", Body::Json)]);
    }
    let mut calls = Vec::new();
    for table in tables.iter().filter(|table| table.first <= asked.year) {
        calls.extend(table_calls(table, asked, answers)?);
    }
    Ok(calls)
}

/// The number of a table in the second version, where it is known or has been told.
fn number(table: &Table, answers: &Answers) -> Option<String> {
    let told = || {
        let cell: Value = serde_json::from_slice(&answers.bytes(&format!("{}-first-cell", table.name)).ok()?).ok()?;
        let id = cell["extension"]["px"]["tableid"].as_str()?;
        // It becomes part of an address.
        id.bytes().all(|byte| byte.is_ascii_alphanumeric()).then(|| id.to_owned())
    };
    table.id.map(str::to_owned).or_else(told)
}

fn table_calls(table: &Table, asked: &Asked, answers: &Answers) -> Result<Vec<Call>, TidyError> {
    let called = |part: &str| format!("{}-{part}", table.name);
    let has = |name: &str| answers.kept.contains_key(name);
    let refused = |name: &str| answers.refused.contains_key(name);
    let what = table.path.rsplit('/').next().unwrap_or(table.path);
    let first_metadata = called("first-metadata");
    let second_fails = refused("config") || answers.refused.iter().any(|(name, refusal)| second_data(table, name) && !refusal.too_large);
    let second_fails = second_fails || refused(&called("metadata")) || refused(&called("first-cell"));
    let id = number(table, answers);
    let untold = id.is_none() && has(&called("first-cell"));
    if !second_fails && !untold {
        let Some(id) = id else {
            // The first version's answer of one cell tells the table's number in the second.
            if !has(&first_metadata) {
                return Ok(vec![of_first(Call::get(first_metadata, format!("{what}: variables"), format!("/{}", table.path), Body::Json))]);
            }
            let selection = select(table, &metadata(table, &answers.bytes(&first_metadata)?)?, asked)?;
            let one: Selection = selection.into_iter().map(|(code, codes)| (code, codes.into_iter().take(1).collect())).collect();
            return Ok(vec![first_version(table, called("first-cell"), format!("{what}: its number"), &one)]);
        };
        let name = called("metadata");
        if !has(&name) {
            return Ok(vec![Call::get(name, format!("{what}: variables"), format!("/tables/{id}/metadata?lang=sv"), Body::Json)]);
        }
        let selection = select(table, &metadata(table, &answers.bytes(&name)?)?, asked)?;
        let config: Option<Value> = answers.bytes("config").ok().and_then(|bytes| serde_json::from_slice(&bytes).ok());
        let told = config.and_then(|config| config["maxDataCells"].as_u64()).filter(|cells| *cells > 0).unwrap_or(MOST_CELLS);
        let halvings = halvings(table, "data", answers)?;
        let limit = (told.min(MOST_CELLS) >> halvings).max(1);
        let selections = parts(selection, limit);
        let of = selections.len();
        let path = format!("/tables/{id}/data?lang=sv&outputFormat=json-stat2");
        let call = |(position, selection): (usize, Selection)| {
            let list: Vec<Value> = selection.iter().map(|(code, codes)| json!({"variableCode": code, "valueCodes": codes})).collect();
            Call {
                name: format!("{}-{halvings}-{:03}", called("data"), position + 1),
                what: format!("{what}: part {} of {of}", position + 1),
                path: path.clone(),
                body: Some(json!({ "selection": list }).to_string()),
                expects: Body::Json,
                cells: Some(cells(&selection)),
                base: 0,
            }
        };
        return Ok(selections.into_iter().enumerate().map(call).filter(|call| !has(&call.name)).collect());
    }
    if !has(&first_metadata) {
        return Ok(vec![of_first(Call::get(first_metadata, format!("{what}: variables (first version)"), format!("/{}", table.path), Body::Json))]);
    }
    let selection = select(table, &metadata(table, &answers.bytes(&first_metadata)?)?, asked)?;
    let halvings = halvings(table, "first-data", answers)?;
    let selections = parts(selection, (MOST_CELLS_FIRST >> halvings).max(1));
    let of = selections.len();
    let call = |(position, selection): (usize, Selection)| {
        let name = format!("{}-{halvings}-{:03}", called("first-data"), position + 1);
        first_version(table, name, format!("{what}: part {} of {of} (first version)", position + 1), &selection)
    };
    Ok(selections.into_iter().enumerate().map(call).filter(|call| !has(&call.name)).collect())
}

fn second_data(table: &Table, name: &str) -> bool {
    name.strip_prefix(table.name).is_some_and(|rest| rest.starts_with("-data-"))
}

/// How many times the service has asked for less at a time.
fn halvings(table: &Table, part: &str, answers: &Answers) -> Result<u32, TidyError> {
    let start = format!("{}-{part}-", table.name);
    let too_large = answers.refused.iter().filter(|(name, refusal)| refusal.too_large && name.starts_with(&start));
    let rounds: BTreeSet<&str> = too_large.filter_map(|(name, _)| name[start.len()..].split('-').next()).collect();
    u32::try_from(rounds.len())
        .ok()
        .filter(|rounds| *rounds <= HALVINGS)
        .ok_or_else(|| drift(table, format!("the service asks for less than {} cells at a time", MOST_CELLS >> HALVINGS)))
}

fn first_version(table: &Table, name: String, what: String, selection: &Selection) -> Call {
    let query: Vec<Value> = selection.iter().map(|(code, codes)| json!({"code": code, "selection": {"filter": "item", "values": codes}})).collect();
    Call {
        name,
        what,
        path: format!("/{}", table.path),
        body: Some(json!({"query": query, "response": {"format": "json-stat2"}}).to_string()),
        expects: Body::Json,
        cells: Some(cells(selection)),
        base: 1,
    }
}

/// The names of the answers that hold a table's figures: those of the first version if it was turned to, else those of the last round of the second.
fn data<'a>(table: &Table, answers: &'a Answers) -> Vec<&'a str> {
    let of = |part: &str| {
        let start = format!("{}-{part}-", table.name);
        let round = |name: &str| name.strip_prefix(&start).and_then(|rest| rest.split('-').next()?.parse::<u32>().ok());
        let last = answers.kept.keys().filter_map(|name| round(name)).max();
        answers.kept.keys().map(String::as_str).filter(|name| last.is_some() && round(name) == last).collect::<Vec<_>>()
    };
    let first = of("first-data");
    if first.is_empty() { of("data") } else { first }
}

/// Walks the cells of a table's answers with the codes of `wanted`.
fn walk<const N: usize>(
    table: &Table,
    answers: &Answers,
    wanted: [&str; N],
    mut each: impl FnMut([&str; N], Option<f64>, &str) -> Result<(), TidyError>,
) -> Result<(), TidyError> {
    let parts = data(table, answers);
    if parts.is_empty() {
        return Err(drift(table, "the snapshot holds no figures".to_owned()));
    }
    for name in parts {
        let data: JsonStat = json_stat::read(&answers.bytes(name)?, name)?;
        let mut positions = [0; N];
        for (position, code) in positions.iter_mut().zip(wanted) {
            *position = data
                .dimensions
                .iter()
                .position(|dimension| dimension == code)
                .ok_or_else(|| drift(table, format!("an answer has the dimensions {}, not {code}", data.dimensions.join(", "))))?;
        }
        if data.dimensions.len() != N {
            return Err(drift(table, format!("an answer has the dimensions {}, expected {}", data.dimensions.join(", "), wanted.join(", "))));
        }
        for (codes, value) in data.cells() {
            each(positions.map(|position| codes[position]), value, name)?;
        }
    }
    Ok(())
}

fn year(text: &str, place: &str) -> Result<i32, TidyError> {
    crate::code::Period::parse(text)
        .map(crate::code::Period::year)
        .ok_or_else(|| unreadable(place, "a year", text.chars().take(40).collect::<String>()))
}

fn count(value: f64, place: &str) -> Result<i64, TidyError> {
    whole(value).filter(|count| *count >= 0).ok_or_else(|| unreadable(place, "counts", value.to_string()))
}

/// The tables of a source that were asked for.
fn asked_of<'t>(tables: &'t [Table], answers: &Answers) -> Result<Vec<&'t Table>, TidyError> {
    let asked: Vec<&Table> = tables.iter().filter(|table| !data(table, answers).is_empty()).collect();
    match tables.first() {
        Some(first) if asked.is_empty() => Err(drift(first, "the snapshot holds no figures".to_owned())),
        _ => Ok(asked),
    }
}

/// Puts a count in its place among women and men.
fn put(table: &Table, cell: &mut [Option<i64>; 2], sex: &str, count: i64) -> Result<(), TidyError> {
    let position = match sex {
        "2" => 0,
        "1" => 1,
        _ => return Err(drift(table, format!("Kon {sex:?} was not asked for"))),
    };
    match cell[position].replace(count) {
        None => Ok(()),
        Some(_) => Err(drift(table, "a cell stands twice".to_owned())),
    }
}

fn employed_county(shelf: &mut Shelf, answers: &Answers) -> Result<(&'static str, Vec<u8>), TidyError> {
    let mut cells = sweden::CellsBySex::new();
    for table in asked_of(&REGISTER, answers)? {
        let mut of_table = sweden::CellsBySex::new();
        walk(table, answers, ["Region", "Yrke2012", "Kon", "ContentsCode", "Tid"], |[county, ssyk, sex, _, time], value, place| {
            // 0002 is those whose occupation is not known.
            let (Some(value), false) = (value, ssyk == "0002") else { return Ok(()) };
            let key = (shelf.codes.county(county, place)?.to_string(), shelf.codes.ssyk(ssyk, place)?.to_string(), year(time, place)?);
            put(table, of_table.entry(key).or_default(), sex, count(value, place)?)
        })?;
        cells.extend(of_table);
    }
    let rows = sweden::by_sex(cells, "SCB's register", EMPLOYED_COUNTY.key)?;
    shelf.receipt(EMPLOYED_COUNTY.key, rows.iter().map(|row| row.period));
    table(rows)
}

fn employed_age(shelf: &mut Shelf, answers: &Answers) -> Result<(&'static str, Vec<u8>), TidyError> {
    let source = EMPLOYED_AGE.key;
    let mut rows = Vec::new();
    walk(&AGES[0], answers, ["Yrke2012", "Alder", "ContentsCode", "Tid"], |[ssyk, age, _, time], value, place| {
        if ssyk != "0002" {
            rows.push(EmployedAge {
                ssyk4: shelf.codes.ssyk(ssyk, place)?.to_string(),
                age: age.to_owned(),
                period: year(time, place)?,
                employed: value.map(|value| count(value, place)).transpose()?,
                source: source.to_owned(),
            });
        }
        Ok(())
    })?;
    shelf.receipt(source, rows.iter().map(|row: &EmployedAge| row.period));
    table(rows)
}

fn pay_sex(table: &Table, code: &str) -> Result<String, TidyError> {
    match code {
        "1" => Ok("men".to_owned()),
        "2" => Ok("women".to_owned()),
        "1+2" => Ok("total".to_owned()),
        other => Err(drift(table, format!("Kon {other:?} was not asked for"))),
    }
}

fn pay_region(shelf: &mut Shelf, answers: &Answers) -> Result<(&'static str, Vec<u8>), TidyError> {
    let source = PAY_REGION.key;
    let mut regions: BTreeMap<String, String> = shelf.codes.counties().map(|(_, info)| (info.nuts2_code.clone(), info.nuts2.clone())).collect();
    regions.insert("SE".to_owned(), "Riket".to_owned());
    let mut rows = Vec::new();
    let pay = &PAY_BY_REGION[0];
    walk(pay, answers, ["Region", "Sektor", "Yrke2012", "Kon", "ContentsCode", "Tid"], |[region, _, ssyk, sex, _, time], value, place| {
        let Some(ssyk4) = pay_occupation(shelf, ssyk, place)? else { return Ok(()) };
        rows.push(PayRegion {
            region: regions.get(region).cloned().ok_or_else(|| drift(pay, format!("the region {region:?} was not asked for")))?,
            ssyk4,
            sex: pay_sex(pay, sex)?,
            period: year(time, place)?,
            mean_pay: value,
            source: source.to_owned(),
        });
        Ok(())
    })?;
    shelf.receipt(source, rows.iter().map(|row: &PayRegion| row.period));
    table(rows)
}

fn pay_dispersion(shelf: &mut Shelf, answers: &Answers) -> Result<(&'static str, Vec<u8>), TidyError> {
    let source = PAY_DISPERSION.key;
    let spread = &PAY_SPREAD[0];
    let mut cells: BTreeMap<(String, String, i32), [Option<f64>; 3]> = BTreeMap::new();
    walk(spread, answers, ["Sektor", "Yrke2012", "Kon", "ContentsCode", "Tid"], |[_, ssyk, sex, contents, time], value, place| {
        let Some(ssyk4) = pay_occupation(shelf, ssyk, place)? else { return Ok(()) };
        let position = [MEDIAN, LOWER, UPPER].iter().position(|code| *code == contents);
        let position = position.ok_or_else(|| drift(spread, format!("the contents {contents:?} were not asked for")))?;
        cells.entry((ssyk4, pay_sex(spread, sex)?, year(time, place)?)).or_default()[position] = value;
        Ok(())
    })?;
    let rows: Vec<PayDispersion> = cells
        .into_iter()
        .map(|((ssyk4, sex, period), [median, lower_quartile, upper_quartile])| PayDispersion {
            ssyk4,
            sex,
            period,
            median,
            lower_quartile,
            upper_quartile,
            source: source.to_owned(),
        })
        .collect();
    shelf.receipt(source, rows.iter().map(|row| row.period));
    table(rows)
}

fn born_abroad(shelf: &mut Shelf, answers: &Answers) -> Result<(&'static str, Vec<u8>), TidyError> {
    let source = BORN_ABROAD.key;
    let mut rows = Vec::new();
    walk(&BIRTH[0], answers, ["Region", "Fodelseregion", "Kon", "ContentsCode", "Tid"], |[county, birth, _, _, time], value, place| {
        let Some(country) = shelf.codes.country_spelled(CountryScheme::ScbBirthCountry, birth, place)? else { return Ok(()) };
        let Some(value) = value else { return Ok(()) };
        rows.push(BornAbroadCounty {
            county: shelf.codes.county(county, place)?.to_string(),
            country: country.to_string(),
            period: year(time, place)?,
            persons: count(value, place)?,
            source: source.to_owned(),
        });
        Ok(())
    })?;
    shelf.receipt(source, rows.iter().map(|row: &BornAbroadCounty| row.period));
    table(rows)
}

fn moves_county(shelf: &mut Shelf, answers: &Answers) -> Result<(&'static str, Vec<u8>), TidyError> {
    let mut cells: BTreeMap<(String, String, i32), [Option<i64>; 2]> = BTreeMap::new();
    for table in asked_of(&MOVED, answers)? {
        // Where tables overlap, the later holds.
        let mut of_table = BTreeMap::new();
        walk(
            table,
            answers,
            ["UtflyttningsL", "InflyttningsL", "Kon", "ContentsCode", "Tid"],
            |[origin, destination, sex, _, time], value, place| {
                let (origin, destination) = (shelf.codes.county(origin, place)?, shelf.codes.county(destination, place)?);
                // Nobody moves between counties inside one: the table has no figure there, or a zero.
                let Some(value) = value.filter(|_| origin != destination) else { return Ok(()) };
                let key = (origin.to_string(), destination.to_string(), year(time, place)?);
                put(table, of_table.entry(key).or_default(), sex, count(value, place)?)
            },
        )?;
        cells.extend(of_table);
    }
    let rows = sweden::paired(cells, "SCB's moves", |(origin, destination, period), women, men| MovesCounty {
        origin,
        destination,
        period,
        women,
        men,
        source: MOVES.key.to_owned(),
    })?;
    shelf.receipt(MOVES.key, rows.iter().map(|row| row.period));
    table(rows)
}

fn population_county(shelf: &mut Shelf, answers: &Answers) -> Result<(&'static str, Vec<u8>), TidyError> {
    let mut cells: BTreeMap<(String, i32), [Option<i64>; 2]> = BTreeMap::new();
    for table in asked_of(&INHABITANTS, answers)? {
        let mut of_table = BTreeMap::new();
        let mut add = |county: &str, sex: &str, time: &str, value: Option<f64>, place: &str| {
            let Some(value) = value else { return Ok(()) };
            let key = (shelf.codes.county(county, place)?.to_string(), year(time, place)?);
            put(table, of_table.entry(key).or_default(), sex, count(value, place)?)
        };
        if table.variables.iter().any(|(code, _)| *code == "Fodelseregion") {
            walk(table, answers, ["Region", "Fodelseregion", "Kon", "ContentsCode", "Tid"], |[county, _, sex, _, time], value, place| {
                add(county, sex, time, value, place)
            })?;
        } else {
            walk(table, answers, ["Region", "Kon", "ContentsCode", "Tid"], |[county, sex, _, time], value, place| {
                add(county, sex, time, value, place)
            })?;
        }
        cells.extend(of_table);
    }
    let rows = sweden::paired(cells, "SCB's population", |(county, period), women, men| PopulationCounty {
        county,
        period,
        women,
        men,
        source: POPULATION.key.to_owned(),
    })?;
    shelf.receipt(POPULATION.key, rows.iter().map(|row| row.period));
    table(rows)
}
