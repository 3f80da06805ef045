//! Why a Nordic neighbour is on neither list: readers look for Norway first, and a single figure decides.

use super::super::model::Prose;
use super::super::text::years;
use super::super::view::View;
use crate::code::Country;
use crate::config::{BALANCED, LIKELY, POTENTIAL};
use crate::language::{Language, say};
use crate::market::{MarketScore, recent_increase};
use crate::reason::Reason;
use crate::supply::{Market, MarketKind};

/// The indicator that takes them down: how many more of those born there live in Sweden.
const RECENT: &str = "recent";

/// A country's row on a view's list.
fn row<'a>(view: &View<'a>, country: Country) -> Option<&'a MarketScore> {
    view.scores(MarketKind::Country).find(|row| row.market == Market::Country(country))
}

/// "grupp 4–6": the tiers of countries on some lists; `None` where one has no tier.
fn tiers(views: &[View], countries: &[Country], language: Language) -> Option<String> {
    let tier = |view: &View, country: Country| Some(row(view, country)?.uncertainty.as_ref()?.tier);
    let all = views.iter().flat_map(|view| countries.iter().map(|country| tier(view, *country)));
    let all: Vec<u32> = all.collect::<Option<_>>()?;
    let (low, high) = (*all.iter().min()?, *all.iter().max()?);
    Some(if low == high {
        say!(language, sv: format!("grupp {low}"), en: format!("tier {low}"))
    } else {
        say!(language, sv: format!("grupp {low}–{high}"), en: format!("tiers {low}–{high}"))
    })
}

/// The pillar that an indicator is in, and its share of the view's weighting.
fn weight(view: &View, indicator: &str) -> Option<(usize, f64)> {
    let pillars = view.run.config.method.weightings.get(view.weighting)?.pillars();
    pillars.into_iter().enumerate().find_map(|(position, (_, pillar))| {
        let own = *pillar.indicators.get(indicator)?;
        Some((position, pillar.weight * own / pillar.indicators.values().sum::<f64>()))
    })
}

/// Nordic countries that are outside the first tier of Trolig in every one of the views, that no more people have come from, and that this sets apart from
/// the first countries more than anything else does: else the reason would be another.
fn found(views: &[View]) -> Vec<Country> {
    let Some(first) = views.first() else { return Vec::new() };
    let run = first.run;
    let nordic = run.figures.free_movement.iter().filter(|(_, right)| *right == "nordic").map(|(country, _)| *country);
    let is_behind = |country: &Country| {
        let behind = |view: &View| row(view, *country).is_some_and(|row| row.uncertainty.as_ref().is_some_and(|uncertainty| uncertainty.tier > 1));
        views.iter().all(|view| behind(&view.list(LIKELY)))
    };
    let has_not_grown = |country: &Country| recent_increase(run.figures, *country, run.analysis.year).is_some_and(|(increase, _)| increase <= 0.0);
    let is_why = |country: &Country| {
        let lowest = |list: &View| Some((list.leading_pillar(Market::Country(*country), &list.middle())?, weight(list, RECENT)?.0));
        views.iter().all(|view| lowest(&view.list(LIKELY)).is_some_and(|((pillar, is_above), recent)| pillar == recent && !is_above))
    };
    let mut found: Vec<Country> = nordic.filter(is_behind).filter(has_not_grown).filter(is_why).collect();
    let order = run.language.order();
    found.sort_by(|one, other| order.compare(&first.market(Market::Country(*one)), &first.market(Market::Country(*other))));
    found
}

/// Which neighbours one would look for in vain, and why; `None` where there are none, or where the places' certainty is not known.
pub fn neighbours(views: &[View]) -> Option<Prose> {
    let first = views.first()?;
    let language = first.language();
    let countries = found(views);
    let names: Vec<String> = countries.iter().map(|country| first.market_in_prose(Market::Country(*country))).collect();
    let names = super::super::text::capital(&language.list(&names));
    let likely: Vec<View> = views.iter().map(|view| view.list(LIKELY)).collect();
    let on_likely = tiers(&likely, &countries, language)?;
    let share = language.percent(weight(&likely[0], RECENT)?.1);
    let (_, (from, to)) = recent_increase(first.run.figures, *countries.first()?, first.year())?;
    let period = years(from, to);
    let verb = super::super::text::en::agrees(countries.len(), "is", "are");
    let mut text = say!(language,
        sv: format!(
            ", trots att de ligger nära och ingen därifrån behöver arbetstillstånd. Mest avgör en enda uppgift: antalet födda där som bor i Sverige ökade inte {period}, och den ökningen väger {share} på listan."
        ),
        en: format!(
            ", although they are near and nobody from there needs a work permit. A single figure decides most: the number of residents of Sweden born there did not grow in {period}, and that growth carries {share} of the weight."
        ),
    );
    let is_tried = |view: &View| {
        let list = view.list(POTENTIAL);
        countries.iter().all(|country| row(&list, *country).is_some_and(|row| !row.ranked && matches!(row.reason, Some(Reason::Tested))))
    };
    if views.iter().all(is_tried) {
        text.push_str(say!(language,
            sv: " På Oprövad är de inte med, för att många därifrån redan bor här.",
            en: " They are not on Untested, because many from there live here already.",
        ));
    }
    let balanced: Vec<View> = views.iter().map(|view| view.list(BALANCED)).collect();
    if let Some(on_balanced) = tiers(&balanced, &countries, language) {
        text.push_str(&say!(language,
            sv: format!(" I den balanserade viktningen, som räknar hur många som bor här, ligger de i {on_balanced}."),
            en: format!(" In the balanced weighting, which counts how many live here, they are in {on_balanced}."),
        ));
    }
    text.push_str(say!(language, sv: " Listorna är inget skäl att välja bort dem.", en: " The lists are no reason to pass them over."));
    let head = say!(language, sv: format!("{names} ligger i {on_likely} på Trolig"), en: format!("{names} {verb} in {on_likely} on Likely"));
    Some(Prose::new().strong(head).text(text))
}

/// The same in two sentences, for a sheet of two pages.
pub fn in_short(view: &View) -> Option<Prose> {
    let views = std::slice::from_ref(view);
    let language = view.language();
    let countries = found(views);
    let names: Vec<String> = countries.iter().map(|country| view.market_in_prose(Market::Country(*country))).collect();
    let names = super::super::text::capital(&language.list(&names));
    let on_likely = tiers(&[view.list(LIKELY)], &countries, language)?;
    let (_, (from, to)) = recent_increase(view.run.figures, *countries.first()?, view.year())?;
    let (period, verb) = (years(from, to), super::super::text::en::agrees(countries.len(), "is", "are"));
    let head = say!(language, sv: format!("{names} ligger i {on_likely} på Trolig"), en: format!("{names} {verb} in {on_likely} on Likely"));
    Some(Prose::new().strong(head).text(say!(language,
        sv: format!(" främst av ett skäl: antalet födda där som bor i Sverige ökade inte {period}. Välj inte bort dem för det."),
        en: format!(" mainly for one reason: the number of residents of Sweden born there did not grow in {period}. Do not pass them over for that."),
    )))
}
