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
fn tiers(views: &[View], countries: &[Country], language: Language) -> Option<(u32, String)> {
    let tier = |view: &View, country: Country| Some(row(view, country)?.uncertainty.as_ref()?.tier);
    let all = views.iter().flat_map(|view| countries.iter().map(|country| tier(view, *country)));
    let all: Vec<u32> = all.collect::<Option<_>>()?;
    let (low, high) = (*all.iter().min()?, *all.iter().max()?);
    let words = if low == high {
        say!(language, sv: format!("grupp {low}"), en: format!("tier {low}"))
    } else {
        say!(language, sv: format!("grupp {low}–{high}"), en: format!("tiers {low}–{high}"))
    };
    Some((low, words))
}

/// The share of a weighting that an indicator has.
fn share(view: &View, indicator: &str) -> Option<f64> {
    let weighting = view.run.config.method.weightings.get(view.weighting)?;
    let of_pillar = |indicators: f64, all: f64, pillar: f64| pillar * indicators / all;
    weighting.pillars().into_iter().find_map(|(_, pillar)| {
        let own = *pillar.indicators.get(indicator)?;
        Some(of_pillar(own, pillar.indicators.values().sum(), pillar.weight))
    })
}

/// Nordic countries that are outside the first tier of Trolig in every one of the views, and that fewer or no more people have come from.
fn found(views: &[View]) -> Vec<Country> {
    let Some(first) = views.first() else { return Vec::new() };
    let run = first.run;
    let nordic = run.figures.free_movement.iter().filter(|(_, right)| *right == "nordic").map(|(country, _)| *country);
    let is_behind = |country: &Country| {
        let behind = |view: &View| row(view, *country).is_some_and(|row| row.uncertainty.as_ref().is_some_and(|uncertainty| uncertainty.tier > 1));
        views.iter().all(|view| behind(&view.list(LIKELY)))
    };
    let has_not_grown = |country: &Country| recent_increase(run.figures, *country, run.analysis.year).is_some_and(|(increase, _)| increase <= 0.0);
    let mut found: Vec<Country> = nordic.filter(is_behind).filter(has_not_grown).collect();
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
    let (_, on_likely) = tiers(&likely, &countries, language)?;
    let weight = language.percent(share(&likely[0], RECENT)?);
    let (_, (from, to)) = recent_increase(first.run.figures, *countries.first()?, first.year())?;
    let period = years(from, to);
    let verb = super::super::text::en::agrees(countries.len(), "is", "are");
    let mut text = say!(language,
        sv: format!(
            ", trots att de ligger nära och ingen därifrån behöver arbetstillstånd. En enda uppgift avgör: antalet födda där som bor i Sverige ökade inte {period}, och den ökningen väger {weight} på listan."
        ),
        en: format!(
            ", although they are near and nobody from there needs a work permit. A single figure decides: the number of residents of Sweden born there did not grow in {period}, and that growth carries {weight} of the weight."
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
    if let Some((_, on_balanced)) = tiers(&balanced, &countries, language) {
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
    let (_, on_likely) = tiers(&[view.list(LIKELY)], &countries, language)?;
    let (_, (from, to)) = recent_increase(view.run.figures, *countries.first()?, view.year())?;
    let (period, verb) = (years(from, to), super::super::text::en::agrees(countries.len(), "is", "are"));
    let head = say!(language, sv: format!("{names} ligger i {on_likely} på Trolig"), en: format!("{names} {verb} in {on_likely} on Likely"));
    Some(Prose::new().strong(head).text(say!(language,
        sv: format!(" av ett enda skäl: antalet födda där som bor i Sverige ökade inte {period}. Välj inte bort dem för det."),
        en: format!(" for a single reason: the number of residents of Sweden born there did not grow in {period}. Do not pass them over for that."),
    )))
}
