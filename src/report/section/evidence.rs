//! What people have said beside the figures, printed with who, when and why: employers' evidence on occupations, and agreements with countries on the WHO list.

use super::super::RunContext;
use super::super::builder::Builder;
use super::super::country_view::CountryView;
use super::super::model::{Inline, Prose};
use super::super::text::{OCCUPATION, capital};
use super::super::view::{View, market_name, occupation_name};
use super::shortage::rating_words;
use crate::chart::plain;
use crate::code::Ssyk;
use crate::demand::{Demand, Override, Rating};
use crate::ethics::is_health_occupation;
use crate::evidence::{Agreement, Evidence, Standing};
use crate::language::{Language, say};
use crate::supply::Market;

/// Occupations that a sentence names.
const NAMED: usize = 6;

/// A text of an analyst inside a sentence, without its own full stop.
fn own_words(text: &str) -> Inline {
    Inline::Text(plain(text).trim_end_matches('.').to_owned())
}

/// "Busschaufförer: brist enligt … (1 mars 2026). Skäl: … Uppgifterna ensamma ger: bevakas."
pub fn told(run: &RunContext, row: &Demand, found: &Override) -> Prose {
    let language = run.language;
    let Override { evidence, otherwise } = found;
    let (name, date) = (occupation_name(run, row.occupation), language.date(&evidence.date.to_string()));
    let (rating, alone) = (rating_words(Rating::from(evidence.rating), language), rating_words(*otherwise, language));
    let mut text = Prose::new()
        .text(say!(language, sv: format!("{name}: {rating} enligt "), en: format!("{name}: {rating} according to ")))
        .foreign(own_words(&evidence.who), Language::Swedish, language)
        .text(say!(language, sv: format!(" ({date}). Skäl: "), en: format!(" ({date}). Reason: ")))
        .foreign(own_words(&evidence.reason), Language::Swedish, language)
        .text(say!(language, sv: format!(". Uppgifterna ensamma ger: {alone}."), en: format!(". The figures alone give: {alone}.")));
    let limit = run.config.method.units.old_after_years;
    if run.analysis.year - i32::from(evidence.date.year()) > limit {
        text = text.text(say!(language,
            sv: format!(" Underlaget är äldre än {limit} år."),
            en: format!(" The evidence is more than {limit} years old."),
        ));
    }
    if row.rating.is_recruited() && row.need.is_none() {
        text = text.text(say!(language,
            sv: " Yrket väger inte i områdets poäng: inga uppgifter säger hur stort behovet är.",
            en: " The occupation has no weight in the area’s score: no figures say how great the need is.",
        ));
    }
    text
}

/// Occupations of an area that employers' evidence takes out of its tables: rated as no shortage.
pub fn taken_out(view: &View) -> Vec<Prose> {
    let out = view.in_register().filter(|row| !row.rating.is_recruited());
    out.filter_map(|row| Some(told(view.run, row, row.evidence.as_ref()?))).collect()
}

/// From when and until when an agreement holds, in brackets.
fn span(agreement: &Agreement, language: Language) -> String {
    let first = language.date(&agreement.valid_from.to_string());
    match agreement.valid_to.map(|last| language.date(&last.to_string())) {
        Some(last) => say!(language, sv: format!("från {first} till och med {last}"), en: format!("from {first} until {last}")),
        None => say!(language, sv: format!("från {first}, tills vidare"), en: format!("from {first}, until further notice")),
    }
}

/// What an agreement does in the run, or why it does nothing, as the end of a sentence.
fn effect(run: &RunContext, agreement: &Agreement) -> String {
    let language = run.language;
    let year = run.analysis.year;
    match agreement.standing(year) {
        Standing::Ended => say!(language,
            sv: format!("Det gäller inte till slutet av {year} och har ingen verkan här."),
            en: format!("It does not hold to the end of {year} and has no effect here."),
        ),
        Standing::NotBegun => {
            say!(language, sv: format!("Det börjar gälla efter {year} och har ingen verkan här."), en: format!("It begins after {year} and has no effect here."))
        }
        Standing::InForce if !run.figures.who_list.contains_key(&agreement.country) => say!(language,
            sv: "Landet står inte på Världshälsoorganisationens lista, så avtalet behövs inte och har ingen verkan.".to_owned(),
            en: "The country is not on the World Health Organization’s list, so the agreement is not needed and has no effect.".to_owned(),
        ),
        Standing::InForce => {
            let opened = opened(run, agreement);
            if opened.is_empty() {
                return say!(language,
                    sv: "Det gäller inget vårdyrke som länet rekryterar till, så det har ingen verkan här.".to_owned(),
                    en: "It covers no health occupation that the county recruits for, so it has no effect here.".to_owned(),
                );
            }
            let names: Vec<String> = opened.iter().map(|occupation| language.small(&occupation_name(run, *occupation))).collect();
            let (count, names) = (language.count(names.len(), OCCUPATION), language.list_of_first(&names, NAMED));
            say!(language, sv: format!("Det tillåter aktiv rekrytering i {count}: {names}."), en: format!("It allows active recruitment in {count}: {names}."))
        }
    }
}

/// The recruited health occupations that an agreement opens.
fn opened(run: &RunContext, agreement: &Agreement) -> Vec<Ssyk> {
    let recruited = run.analysis.demand.occupations.values().filter(|row| row.rating.is_recruited()).map(|row| row.occupation);
    recruited.filter(|occupation| is_health_occupation(run.config, *occupation) && agreement.covers(*occupation)).collect()
}

/// "Avtalet X (från … ). Det tillåter … Källa: …".
fn agreement(run: &RunContext, item: &Agreement) -> Prose {
    let language = run.language;
    let (span, effect) = (span(item, language), effect(run, item));
    Prose::new()
        .text(say!(language, sv: "avtalet ", en: "the agreement "))
        .foreign(own_words(&item.name), Language::Swedish, language)
        .text(format!(" ({span}). {effect} {}: ", say!(language, sv: "Källa", en: "Source")))
        .foreign(own_words(&item.source), Language::Swedish, language)
        .text(".")
}

/// The agreements with a country, for its page.
pub fn of_country(view: &CountryView) -> Vec<Prose> {
    let language = view.language();
    let own = view.run.config.agreements.iter().filter(|item| item.country == view.country);
    own.map(|item| {
        let mut text = Prose::new().strong(say!(language, sv: "Avtal.", en: "Agreement.")).text(" ");
        // A sentence begins with a capital.
        let mut parts = agreement(view.run, item).0.into_iter();
        if let Some(Inline::Text(first)) = parts.next() {
            text = text.text(capital(&first));
        }
        text.0.extend(parts);
        text
    })
    .collect()
}

/// The agreements that open an occupation of an area, for its rules.
pub fn opening(view: &View) -> Vec<Prose> {
    let run = view.run;
    let opens = |item: &&Agreement| {
        item.standing(run.analysis.year) == Standing::InForce
            && run.figures.who_list.contains_key(&item.country)
            && opened(run, item).iter().any(|occupation| view.weights.contains_key(occupation))
    };
    run.config.agreements.iter().filter(opens).map(|item| named(run, item)).collect()
}

fn named(run: &RunContext, item: &Agreement) -> Prose {
    let mut text = Prose::new().strong(market_name(run, Market::Country(item.country))).text(": ");
    text.0.extend(agreement(run, item).0);
    text
}

/// The section of the start page: all of it, also what has no effect. Nothing where nobody has said anything.
pub fn whole(builder: &mut Builder) {
    let run = builder.run();
    let language = builder.language();
    let (county, year) = (run.analysis.county, run.analysis.year);
    let own: Vec<&Evidence> = run.config.evidence.iter().filter(|item| item.county == county).collect();
    if own.is_empty() && run.config.agreements.is_empty() {
        return;
    }
    builder.heading(say!(language, sv: "Arbetsgivarnas underlag och avtal", en: "Evidence from employers, and agreements"), "underlag");
    if !own.is_empty() {
        builder.paragraph(say!(language,
            sv: "Underlaget går före de offentliga uppgifterna i bedömningen av brist. Det senaste om varje yrke gäller.",
            en: "The evidence overrides the public figures in the rating of shortage. The latest on each occupation holds.",
        ));
        let rows = run.analysis.demand.occupations.values();
        let mut items: Vec<Prose> = rows.filter_map(|row| Some(told(run, row, row.evidence.as_ref()?))).collect();
        let (later, outside): (Vec<&Evidence>, Vec<&Evidence>) = own
            .iter()
            .copied()
            .filter(|item| {
                let used = run.analysis.demand.occupations.get(&item.occupation).and_then(|row| row.evidence.as_ref());
                used.is_none_or(|used| used.evidence.date < item.date)
            })
            .partition(|item| i32::from(item.date.year()) > year);
        for (list, why) in [
            (
                later,
                say!(language, sv: format!("underlaget är senare än {year} och räknas inte"), en: format!("the evidence is later than {year} and does not count")),
            ),
            (
                outside,
                say!(language, sv: "yrket finns inte i länets register, så underlaget har ingen verkan".to_owned(), en: "the occupation is not in the county’s register, so the evidence has no effect".to_owned()),
            ),
        ] {
            items.extend(list.into_iter().map(|item| {
                let (name, date) = (occupation_name(run, item.occupation), language.date(&item.date.to_string()));
                Prose::from(format!("{name} ({date}): {why}."))
            }));
        }
        builder.list(items);
    }
    if !run.config.agreements.is_empty() {
        builder.paragraph(say!(language,
            sv: "Ett avtal kan tillåta aktiv rekrytering av vårdpersonal från ett land på Världshälsoorganisationens lista. Det räknas om det gäller på årets sista dag.",
            en: "An agreement can allow active recruitment of health workers from a country on the World Health Organization’s list. It counts if it is in force on the last day of the year.",
        ));
        builder.list(run.config.agreements.iter().map(|item| named(run, item)).collect());
    }
}
