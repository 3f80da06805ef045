//! What a document cannot answer, told where its reader looks for it.

use super::super::builder::Builder;
use super::super::model::Prose;
use super::super::text::{OCCUPATION, capital};
use super::super::view::View;
use crate::demand::{Demand, Rating};
use crate::language::{Language, say};

/// Occupations that a sentence names, in a report and on a sheet of two pages.
const NAMED: usize = 5;
const NAMED_ON_SHEET: usize = 2;

/// The figures are no forecast of a campaign.
pub fn campaign(language: Language) -> Prose {
    say!(language,
        sv: "Hur en kampanj skulle gå, och vad de som kommer vill och kan: tillstånd visar vanor och lagar, och språk, utbildning och familj syns inte i siffrorna.",
        en: "How a campaign would turn out, and what those who come want and are able to do: permits show habits and laws, and language, education and family are not in the figures.",
    )
    .into()
}

/// The area's occupations whose shortage nobody knows, those with most employees named: an employer may be the one who does.
fn unassessed(view: &View, most: usize) -> Option<Prose> {
    let language = view.language();
    let mut rows: Vec<&Demand> = view.in_register().filter(|row| row.rating == Rating::NotAssessed).collect();
    rows.sort_by_key(|row| (-row.employed.total(), row.occupation));
    let named: Vec<String> = rows
        .iter()
        .map(|row| {
            let (name, employed) = (view.occupation_in_prose(row.occupation), language.whole(row.employed.total()));
            say!(language, sv: format!("{name} ({employed} anställda)"), en: format!("{name} ({employed} employees)"))
        })
        .collect();
    let count = capital(&language.count(rows.len(), OCCUPATION));
    let (named, is_one) = (language.list_of_first(&named, most), rows.len() == 1);
    (!rows.is_empty()).then(|| {
        let they = if is_one { say!(language, sv: "det", en: "it") } else { say!(language, sv: "dem", en: "them") };
        Prose::new().strong(say!(language, sv: "Om det är brist i alla yrken.", en: "Whether all occupations are short.")).text(say!(language,
            sv: format!(" {count} kan inte bedömas med offentliga uppgifter: {named}. Arbetsgivarnas underlag behövs för {they}."),
            en: format!(" {count} cannot be assessed with public figures: {named}. Evidence from employers is needed for {they}."),
        ))
    })
}

fn heading(builder: &mut Builder, language: Language) {
    builder.heading(say!(language, sv: "Vad rapporten inte kan svara på", en: "What the report cannot answer"), "saknas");
}

/// The section of an area.
pub fn whole(builder: &mut Builder, view: &View) {
    let language = view.language();
    heading(builder, language);
    let counties = say!(language,
        sv: "Om ordningen mellan länen i Sverige stämmer: den är inte prövad mot vad som följde.",
        en: "Whether the order of the Swedish counties holds: it has not been tested against what followed.",
    );
    builder.list(unassessed(view, NAMED).into_iter().chain([campaign(language), counties.into()]).collect());
}

/// The same on a sheet of two pages.
pub fn sheet(builder: &mut Builder, view: &View) {
    let language = view.language();
    heading(builder, language);
    builder.list(unassessed(view, NAMED_ON_SHEET).into_iter().chain([campaign(language)]).collect());
}
