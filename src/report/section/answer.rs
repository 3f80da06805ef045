//! The answer that a document opens with, built from the numbers.

use std::collections::BTreeMap;

use super::super::model::Prose;
use super::super::text::sv;
use super::super::view::{Front, View};
use crate::market::MarketScore;
use crate::supply::{Market, MarketKind};

/// The order of the countries is nearly the same everywhere: every report says so.
pub const SAME_IN_ALL_COUNTIES: &str = "Ordningen mellan länderna skiljer sig lite mellan svenska län. Det mesta som avgör den är lika för hela Sverige; det lokala är lönerna, \
     vilka yrken det är brist på och hur många i länet som är födda i landet.";

/// The paragraphs of the answer.
pub fn answer(view: &View) -> Vec<Prose> {
    let countries = view.front(MarketKind::Country);
    let mut paragraphs = Vec::new();
    if countries.markets.is_empty() {
        paragraphs.push(nobody(view));
        return paragraphs;
    }
    paragraphs.push(first(view, &countries, MarketKind::Country));
    paragraphs.push(certainty(view, &countries));
    let counties = view.front(MarketKind::County);
    if !counties.markets.is_empty() {
        let text = first(view, &counties, MarketKind::County);
        paragraphs.push(text.text(" Län och länder rangordnas var för sig; deras poäng går inte att jämföra."));
    }
    let heaviest: Vec<String> = view.recruited().iter().take(3).map(|row| sv::small(&view.occupation(row.occupation))).collect();
    paragraphs.push(format!("Störst är behovet av {}.", sv::list(&heaviest)).into());
    paragraphs
}

/// Why there is no ranking.
fn nobody(view: &View) -> Prose {
    if view.weights.is_empty() {
        Prose::new().strong(format!("Inget yrke i {} bedöms ha brist i {}", view.name, view.county)).text(", så inga länder eller län rangordnas.")
    } else {
        Prose::new()
            .strong(format!("Inget land kan rangordnas för {} i {}", view.name, view.county))
            .text(", eftersom uppgifter saknas för en för stor del av behovet.")
    }
}

/// The answer of the whole run: which countries are in the first tier of most areas, and which come next. `None` without tiers.
pub fn overall(views: &[View]) -> Option<Vec<Prose>> {
    if let [only] = views {
        return Some(vec![one_line(only)]);
    }
    let run = views.first()?.run;
    let mut counts: BTreeMap<Market, usize> = BTreeMap::new();
    let ranking = run.analysis.markets.ranking(MarketKind::Country, views.first()?.weighting)?;
    for row in &ranking.scores {
        if row.uncertainty.as_ref().is_some_and(|uncertainty| uncertainty.tier == 1) {
            *counts.entry(row.market).or_insert(0) += 1;
        }
    }
    let named = |wanted: usize| {
        let mut names: Vec<String> = counts.iter().filter(|(_, count)| **count == wanted).map(|(market, _)| views[0].market(*market)).collect();
        sv::Order::default().sort(&mut names);
        names
    };
    let mut steps: Vec<usize> = counts.values().copied().collect();
    steps.sort_unstable_by(|first, second| second.cmp(first));
    steps.dedup();
    let (most, rest) = steps.split_first()?;
    let kinds = "områden och branscher";
    let reach = if *most == views.len() { format!("alla {most} {kinds}") } else { format!("{most} av {} {kinds}", views.len()) };
    let first = Prose::new().strong(sv::list(&named(*most))).text(format!(" ligger i första gruppen av länder i {reach}."));
    let after: Vec<String> = rest.iter().map(|count| format!("{} i {count}", sv::list(&named(*count)))).collect();
    let mut paragraphs = vec![first];
    if !after.is_empty() {
        paragraphs.push(format!("Därefter kommer {}.", after.join("; ")).into());
    }
    paragraphs.push("Inom en grupp går det inte att säga vilket land som är bäst. Följ länkarna för yrken, intervall och underlag.".into());
    Some(paragraphs)
}

/// One sentence for the start page.
pub fn one_line(view: &View) -> Prose {
    let countries = view.front(MarketKind::Country);
    if countries.markets.is_empty() {
        return nobody(view);
    }
    let names = sv::list(&view.names(&countries.markets));
    match countries.tier {
        None => Prose::new().strong(names).text(" får högst poäng."),
        Some(1) => Prose::new().strong(names).text(" ligger ensamt i första gruppen."),
        Some(members) if members > countries.markets.len() => {
            Prose::new().text("I första gruppen ligger ").text(sv::neuter(members, "land", "länder")).text(", bland dem ").strong(names).text(".")
        }
        Some(_) => Prose::new().strong(names).text(" ligger i första gruppen; inbördes kan de inte skiljas åt."),
    }
}

/// Which markets come first.
fn first(view: &View, front: &Front, kind: MarketKind) -> Prose {
    let names = view.names(&front.markets);
    let named = sv::list(&names);
    let ranked = view.ranked(kind).len();
    let (of_kind, one, many) = match kind {
        MarketKind::Country => (format!("länder för {} i {}", view.name, view.county), "land", "länder"),
        MarketKind::County => ("län inom Sverige".to_owned(), "län", "län"),
    };
    match front.tier {
        None => {
            let scores: Vec<String> = front.markets.iter().map(|row| sv::number(row.score.unwrap_or(0.0), 1)).collect();
            let respective = if scores.len() > 1 { scores.join("; ") } else { scores[0].clone() };
            let among = match kind {
                MarketKind::Country => format!(" får högst poäng av de {ranked} länder som rangordnas för {} i {}", view.name, view.county),
                MarketKind::County => " får högst poäng bland länen inom Sverige".to_owned(),
            };
            Prose::new().strong(named).text(format!("{among} ({respective} av 100)."))
        }
        Some(1) => {
            let (low, high) = span(&front.markets);
            Prose::new()
                .strong(named)
                .text(format!(" ligger ensamt i första gruppen av {of_kind}, på plats {} i nio av tio simuleringar.", places(low, high)))
        }
        Some(members) => {
            let (low, high) = span(&front.markets);
            let text = if members > front.markets.len() {
                Prose::new()
                    .text(format!("{} ligger i första gruppen av {of_kind}, bland dem ", sv::capital(&sv::neuter(members, one, many))))
                    .strong(named)
            } else {
                Prose::new().strong(named).text(format!(" ligger i första gruppen av {of_kind}"))
            };
            text.text(format!("; inbördes kan de inte skiljas åt. I nio av tio simuleringar hamnar de på plats {}.", places(low, high)))
        }
    }
}

/// The best and the worst place of markets over nine of ten simulations.
fn span(markets: &[&MarketScore]) -> (f64, f64) {
    markets
        .iter()
        .filter_map(|row| row.uncertainty.as_ref())
        .fold((f64::INFINITY, 0.0), |(low, high), uncertainty| (uncertainty.p05.min(low), uncertainty.p95.max(high)))
}

/// An interval of places in words.
pub fn places(low: f64, high: f64) -> String {
    let (low, high) = (sv::number(low, 0), sv::number(high, 0));
    if low == high { low } else { format!("{low}–{high}") }
}

/// How sure the answer is.
fn certainty(view: &View, front: &Front) -> Prose {
    if front.tier.is_some() {
        return "Inom en grupp går det inte att säga vilket land som är bäst. En ny grupp börjar först där skillnaden håller i nio av tio simuleringar.".into();
    }
    let ranked = view.ranked(MarketKind::Country);
    let score = |place: usize| ranked.get(place - 1).and_then(|row| row.score);
    let close = score(4).zip(score(15)).map_or_else(String::new, |(fourth, fifteenth)| {
        format!(" Poängen ligger tätt: mellan plats 4 och plats 15 skiljer det {} poäng av 100.", sv::number(fourth - fifteenth, 1))
    });
    Prose::new()
        .strong("Hur säker ordningen är har inte räknats ut i den här körningen.")
        .text(format!("{close} Se de första länderna som en grupp att undersöka vidare, inte som en bestämd ordning."))
}
