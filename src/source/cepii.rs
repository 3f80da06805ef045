//! CEPII's GeoDist: distances between countries, a packed workbook.

use std::collections::BTreeSet;
use std::io::Read as _;

use super::{Answers, Body, Call, Pace, Source, nothing_allowed, once, sound};
use crate::format::workbook;
use crate::tidy::{Shelf, TidyError, table, unreadable, world};

/// Distances to Sweden.
pub(super) static DISTANCES: Source = Source {
    key: "cepii_geodist",
    dataset: "GeoDist",
    publisher: "CEPII",
    title: "Bilateral distances and common language",
    page: "https://www.cepii.fr/CEPII/en/bdd_modele/bdd_modele_item.asp?id=6",
    licence: "Etalab 2.0",
    attribution: "Källa: CEPII, GeoDist (Mayer och Zignago 2011)",
    used_for: "distance",
    // The dataset is not revised.
    cadence_days: 4000,
    bases: &[("https://www.cepii.fr", Pace { calls: 1, seconds: 5 })],
    by_hand: false,
    of_file: None,
    replaces: &["cepii_distance"],
    keeps_years: false,
    calls: |_, answers| Ok(once(call(), answers)),
    allowed: nothing_allowed,
    judge: sound,
    tables: |shelf, answers| Ok(vec![distances(shelf, answers)?]),
};

/// The workbook in the archive, and its sheet.
const WORKBOOK: &str = "dist_cepii.xls";
const SHEET: &str = "dist_cepii";
/// Some seven times what it unpacks to.
const MOST_UNPACKED: u64 = 100_000_000;

fn call() -> Call {
    Call::get("data", "distances", "/distance/dist_cepii.zip", Body::Archive)
}

fn distances(shelf: &mut Shelf, _: &Answers) -> Result<(&'static str, Vec<u8>), TidyError> {
    let source = DISTANCES.key;
    let (bytes, file) = shelf.bytes(source)?;
    let wrong = |reason: String| unreadable(&file, "a zip with a workbook", reason);
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).map_err(|error| wrong(error.to_string()))?;
    let is_wanted = |part: &usize| archive.name_for_index(*part).is_some_and(|name| name.is_ok_and(|name| name.rsplit('/').next() == Some(WORKBOOK)));
    let part = (0..archive.len()).find(is_wanted).ok_or_else(|| wrong(format!("it holds no {WORKBOOK}")))?;
    let mut unpacked = Vec::new();
    let packed = archive.by_index(part).map_err(|error| wrong(error.to_string()))?;
    let read = packed.take(MOST_UNPACKED).read_to_end(&mut unpacked).map_err(|error| wrong(error.to_string()))?;
    if read as u64 == MOST_UNPACKED {
        return Err(wrong(format!("{WORKBOOK} unpacks to more than {} MB", MOST_UNPACKED / 1_000_000)));
    }
    let text = workbook::read(&unpacked, &file, SHEET)?.table();
    // A country without a row for Sweden would have no distance, and no word of it.
    let [origin, destination] = text.columns(["iso_o", "iso_d"])?;
    let of = |row: &usize| text.text(*row, origin);
    let with_sweden: BTreeSet<&str> = (0..text.len()).filter(|row| text.text(*row, destination) == "SWE").map(|row| of(&row)).collect();
    if let Some(row) = (0..text.len()).find(|row| !with_sweden.contains(of(row))) {
        return Err(unreadable(&text.file, "distances of every country to Sweden", format!("{} has none", of(&row))));
    }
    let rows = world::distances(shelf, &text, source)?;
    shelf.receipt(source, rows.iter().map(|row| row.period));
    table(rows)
}
