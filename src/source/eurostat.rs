//! Eurostat: whole tables as TSV by SDMX 2.1. A large answer is put in a queue first, and is fetched when it is ready. A file that a person gives may be
//! JSON-stat or SDMX-CSV too.

use super::{Answers, Asked, Body, Call, Made, Pace, Source, Verdict, nothing_allowed};
use crate::tidy::{Shelf, TidyError, world};

const BASES: &[(&str, Pace)] = &[("https://ec.europa.eu/eurostat/api/dissemination", Pace { calls: 5, seconds: 5 })];
const LICENCE: &str = "CC BY 4.0; Commission Decision 2011/833/EU";

/// Employed by occupation, education and sex.
pub(super) static EGISED: Source = Source {
    key: "eurostat_lfsa_egised",
    dataset: "lfsa_egised",
    publisher: "Eurostat",
    title: "Employed persons by occupation (ISCO-08), educational attainment level and sex",
    page: "https://ec.europa.eu/eurostat/databrowser/product/view/lfsa_egised",
    licence: LICENCE,
    attribution: "Source: Eurostat, lfsa_egised; own calculations",
    used_for: "women and men by occupation in Europe",
    cadence_days: 200,
    bases: BASES,
    by_hand: false,
    of_file: None,
    replaces: &["eurostat_lfsa_egised"],
    keeps_years: false,
    calls: |asked, answers| calls("lfsa_egised", asked, answers),
    allowed: nothing_allowed,
    judge,
    tables: |shelf, answers| made(world::employment_major_group, shelf, answers),
};

/// Unemployment of a country's own nationals.
pub(super) static URGAN: Source = Source {
    key: "eurostat_lfsa_urgan",
    dataset: "lfsa_urgan",
    publisher: "Eurostat",
    title: "Unemployment rates by sex, age and citizenship",
    page: "https://ec.europa.eu/eurostat/databrowser/product/view/lfsa_urgan",
    licence: LICENCE,
    attribution: "Source: Eurostat, lfsa_urgan; own calculations",
    used_for: "evidence beside the ranking: unemployment of nationals",
    cadence_days: 200,
    bases: BASES,
    by_hand: false,
    of_file: None,
    replaces: &["eurostat_lfsa_urgan"],
    keeps_years: false,
    calls: |asked, answers| calls("lfsa_urgan", asked, answers),
    allowed: nothing_allowed,
    judge,
    tables: |shelf, answers| made(world::unemployment_nationals, shelf, answers),
};

type Table = fn(&mut Shelf) -> Result<(&'static str, Vec<u8>), TidyError>;

fn made(table: Table, shelf: &mut Shelf, answers: &Answers) -> Result<Made, TidyError> {
    shelf.answer = if answers.kept.contains_key(DELIVERED) { DELIVERED } else { DATA };
    Ok(vec![table(shelf)?])
}

const DATA: &str = "data";
const DELIVERED: &str = "delivered";
const STATUS: &str = "status";

/// The number of a queued answer.
fn queued(bytes: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(&bytes[..bytes.len().min(20_000)]).ok()?;
    let (_, after) = text.split_once("queued>")?;
    let (_, after) = after.split_once("<id>").or_else(|| after.split_once(":id>"))?;
    let id = after.split('<').next()?.trim();
    // It becomes part of an address.
    (!id.is_empty() && id.len() < 100 && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')).then(|| id.to_owned())
}

fn calls(dataset: &str, asked: &Asked, answers: &Answers) -> Result<Vec<Call>, TidyError> {
    if !answers.kept.contains_key(DATA) {
        let path = format!("/sdmx/2.1/data/{dataset}?format=TSV&compressed=false&startPeriod={}&endPeriod={}", world::FIRST_PERIOD, asked.year);
        return Ok(vec![Call::get(DATA, dataset, path, Body::Rows)]);
    }
    let head = answers.head(DATA)?;
    let Some(id) = queued(&head) else { return Ok(Vec::new()) };
    if !answers.kept.contains_key(STATUS) {
        return Ok(vec![Call::get(STATUS, format!("{dataset}: is it ready"), format!("/1.0/async/status/{id}"), Body::Rows)]);
    }
    if !answers.kept.contains_key(DELIVERED) {
        return Ok(vec![Call::get(DELIVERED, dataset, format!("/1.0/async/data/{id}"), Body::Rows)]);
    }
    Ok(Vec::new())
}

fn judge(call: &Call, head: &[u8]) -> Verdict {
    let text = String::from_utf8_lossy(&head[..head.len().min(4000)]);
    let told = || text.chars().take(300).map(|character| if character.is_control() { ' ' } else { character }).collect::<String>();
    if text.contains("ASYNCHRONOUS_RESPONSE") {
        return Verdict::Busy("Eurostat is preparing the answer".to_owned());
    }
    if !text.trim_start().starts_with(['<', '{']) {
        return Verdict::Sound;
    }
    if text.contains("EXTRACTION_TOO_BIG") {
        return Verdict::TooLarge(told());
    }
    match call.name.as_str() {
        DATA if queued(head).is_some() => Verdict::Foreign,
        STATUS if text.contains("AVAILABLE") => Verdict::Foreign,
        STATUS if text.contains("SUBMITTED") || text.contains("PROCESSING") => Verdict::Busy("Eurostat is preparing the answer".to_owned()),
        _ if text.contains("faultstring") || text.contains("\"error\"") || call.name == STATUS => {
            Verdict::Refused(format!("Eurostat says: {}", told()))
        }
        // What a person has downloaded as JSON-stat; that it is whole is seen when it is read.
        DATA if text.starts_with('{') && text.contains("\"dataset\"") => Verdict::Foreign,
        // Markup that is neither a fault nor a queue is left to the general check: a page of maintenance.
        _ => Verdict::Sound,
    }
}
