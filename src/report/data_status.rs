//! What a report says of figures that come from snapshots: how many sources, when they were fetched, and which of them are older than they should be.

use super::text::SOURCE;
use crate::code::Codes;
use crate::language::{Language, say};
use crate::snapshot::Receipt;
use crate::snapshot::figures::{Made, Stale};
use crate::source::SOURCES;

/// Stale sources that are named; the status stands at the foot of every printed page.
const MOST_NAMED: usize = 3;

/// The words after "Siffror: ".
#[must_use]
pub fn of_snapshots(made: &Made, codes: &Codes, language: Language) -> String {
    let days = || made.receipts.values().map(Receipt::day);
    let (first, last) = (days().min().unwrap_or_default(), days().max().unwrap_or_default());
    let (first_day, last_day) = (language.date(first), language.date(last));
    let when =
        if first == last { last_day } else { say!(language, sv: format!("{first_day} till {last_day}"), en: format!("{first_day} to {last_day}")) };
    let (fetched, of) = (made.receipts.len(), SOURCES.len());
    let mut text = say!(language,
        sv: format!("från {fetched} av {of} källor hämtade {when}, i övrigt de som följer med programmet"),
        en: format!("from {fetched} of {of} sources fetched {when}, otherwise those that come with the program"));
    for stale in made.stale.iter().take(MOST_NAMED) {
        text.push_str("; ");
        text.push_str(&of_stale(stale, codes, language));
    }
    if let Some(more) = made.stale.len().checked_sub(MOST_NAMED).filter(|more| *more > 0) {
        let more = language.count(more, SOURCE);
        text.push_str(&say!(language,
            sv: format!("; detsamma gäller {more} till (kommandot malmarknad sources)"),
            en: format!("; the same holds for {more} more (the command malmarknad sources)")));
    }
    text
}

fn of_stale(stale: &Stale, codes: &Codes, language: Language) -> String {
    let dataset = stale.source.dataset;
    let publisher = match codes.english_source(stale.source.key).filter(|_| language == Language::English) {
        Some(english) => &english.publisher,
        None => stale.source.publisher,
    };
    let beside = language.date(&stale.beside);
    match (&stale.day, stale.failed) {
        (Some(day), true) => {
            let (day, days) = (language.date(day), stale.days.unwrap_or_default());
            say!(language,
                sv: format!("{publisher} ({dataset}) kunde inte hämtas {beside}, siffrorna är från {day} ({days} dagar äldre)"),
                en: format!("{publisher} ({dataset}) could not be fetched on {beside}, its figures are of {day} ({days} days older)"))
        }
        (Some(day), false) => {
            let day = language.date(day);
            say!(language,
                sv: format!("{publisher} ({dataset}) är från {day}, äldre än utgivarens takt"),
                en: format!("{publisher} ({dataset}) is of {day}, older than the publisher’s cadence"))
        }
        (None, _) => say!(language,
            sv: format!("{publisher} ({dataset}) kunde inte hämtas {beside}, siffrorna är de som följer med programmet"),
            en: format!("{publisher} ({dataset}) could not be fetched on {beside}, its figures are those that come with the program")),
    }
}
