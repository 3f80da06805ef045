//! Arbetsförmedlingen's Yrkesbarometern: one JSON list, an object an occupation and area.

use super::{Answers, Asked, Body, Call, Made, Pace, Source, nothing_allowed, once, sound};
use crate::tidy::{Shelf, TidyError, sweden, table};

/// The assessments.
pub(super) static BAROMETER: Source = Source {
    key: "af_yrkesbarometer",
    dataset: "Yrkesbarometern",
    publisher: "Arbetsförmedlingen",
    title: "Yrkesbarometern: jobbmöjligheter, rekryteringssituation och prognos efter yrke och län",
    page: "https://data.arbetsformedlingen.se/prognoser/yrkesbarometer.json",
    licence: "CC0 1.0",
    attribution: "Källa: Arbetsförmedlingen, Yrkesbarometern",
    used_for: "recruitment situation and forecast",
    cadence_days: 200,
    bases: &[("https://data.arbetsformedlingen.se", Pace { calls: 2, seconds: 4 })],
    by_hand: false,
    of_file: None,
    replaces: &["af_yrkesbarometer_2025_2", "af_yrkesbarometer_2025_05", "af_occupation_key"],
    keeps_years: false,
    calls: |asked, answers| Ok(once(call(asked), answers)),
    allowed: nothing_allowed,
    judge: sound,
    tables,
};

fn call(_: &Asked) -> Call {
    Call::get("data", "Yrkesbarometern", "/prognoser/yrkesbarometer.json", Body::Json)
}

fn tables(shelf: &mut Shelf, _: &Answers) -> Result<Made, TidyError> {
    let source = BAROMETER.key;
    let (bytes, file) = shelf.bytes(source)?;
    let barometer = sweden::barometer(shelf, &bytes, &file, source)?;
    // A whole file has every occupation in every area.
    if let Some((occupation, rows)) = barometer.assessments.iter().find(|(_, rows)| rows.len() != sweden::AREAS) {
        return Err(TidyError::Meaning {
            place: file,
            problem: format!("the occupation {} has {} areas, not {}", occupation.escape_debug(), rows.len(), sweden::AREAS),
            hint: "the file was cut off, or a county has come or gone; fetch it again",
        });
    }
    let rows: Vec<_> = barometer.assessments.into_values().flatten().collect();
    shelf.receipt(source, rows.iter().map(|row| row.period));
    Ok(vec![table(rows)?, table(barometer.occupations)?])
}
