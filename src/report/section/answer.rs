//! The answer that a document opens with, built from the numbers.

use std::collections::BTreeMap;

use super::super::model::Prose;
use super::super::text::{COUNTRY, COUNTY, capital, en};
use super::super::view::{Front, View};
use super::judged::of_first;
use crate::config::POTENTIAL;
use crate::demand::Rating;
use crate::language::{Language, say};
use crate::market::MarketScore;
use crate::supply::{Market, MarketKind};

/// The order of the countries is nearly the same everywhere: every report says so.
pub fn same_in_all_counties(language: Language) -> &'static str {
    say!(language,
        sv: "Ordningen mellan länderna skiljer sig lite mellan svenska län. Det mesta som avgör den är lika för hela Sverige; det lokala är lönerna och \
             vilka yrken det är brist på.",
        en: "The order of the countries differs little between Swedish counties. Most of what decides it is the same for all of Sweden; what is local is pay and \
             which occupations are in short supply.",
    )
}

/// What the two lists are, and that they are never combined.
pub fn two_lists(language: Language) -> &'static str {
    say!(language,
        sv: "Trolig visar varifrån folk troligen kommer, av hur det har gått förut. Oprövad visar länder som jämförelsevis få har kommit ifrån hittills, utan hänsyn till vilka som redan bor här. \
             Listorna svarar på olika frågor och vägs aldrig ihop.",
        en: "Likely shows where people are likely to come from, judging by what has happened before. Untested shows countries that comparatively few have come from so far, leaving aside who lives here \
             already. The lists answer different questions and are never combined.",
    )
}

/// The first sentence of the list of untested countries.
fn untested(view: &View) -> Prose {
    let language = view.language();
    let list = view.list(POTENTIAL);
    let front = list.front(MarketKind::Country);
    if front.markets.is_empty() {
        let name = &view.name;
        return say!(language,
            sv: format!("Inget land på listan Oprövad kan rangordnas för {name}."),
            en: format!("No country on the list Untested can be ranked for {name}."),
        )
        .into();
    }
    first(&list, &front, MarketKind::Country)
}

/// The paragraphs of the answer.
pub fn answer(view: &View) -> Vec<Prose> {
    let language = view.language();
    let countries = view.front(MarketKind::Country);
    let mut paragraphs = Vec::new();
    if countries.markets.is_empty() {
        paragraphs.push(nobody(view));
        return paragraphs;
    }
    paragraphs.push(first(view, &countries, MarketKind::Country));
    paragraphs.push(untested(view));
    let mut lists = Prose::from(format!("{} ", two_lists(language)));
    lists.0.extend(certainty(view, &countries).0);
    paragraphs.push(lists);
    paragraphs.extend(of_first(std::slice::from_ref(view)));
    let counties = view.front(MarketKind::County);
    if !counties.markets.is_empty() {
        let text = first(view, &counties, MarketKind::County);
        paragraphs.push(text.text(say!(language,
            sv: " Län och länder rangordnas var för sig; deras poäng går inte att jämföra.",
            en: " Counties and countries are ranked separately; their scores cannot be compared.",
        )));
    }
    let heaviest: Vec<String> = view.recruited().iter().take(3).map(|row| view.occupation_in_prose(row.occupation)).collect();
    let heaviest = language.list(&heaviest);
    paragraphs.push(say!(language, sv: format!("Störst är behovet av {heaviest}."), en: format!("The greatest need is for {heaviest}.")).into());
    paragraphs
}

/// The paragraphs of the answer on a sheet of two pages.
pub fn sheet(view: &View) -> Vec<Prose> {
    let language = view.language();
    let countries = view.front(MarketKind::Country);
    if countries.markets.is_empty() {
        return vec![nobody(view)];
    }
    let mut paragraphs = vec![first(view, &countries, MarketKind::Country), untested(view)];
    paragraphs.push(
        say!(language,
            sv: "Trolig: varifrån folk troligen kommer, av hur det har gått förut. Oprövad: länder som jämförelsevis få har kommit ifrån hittills. Inom en grupp går det inte att säga vilket land som är bäst.",
            en: "Likely: where people are likely to come from, judging by what has happened before. Untested: countries that comparatively few have come from so far. Within a tier it is not possible to say which country is best.",
        )
        .into(),
    );
    paragraphs.extend(of_first(std::slice::from_ref(view)));
    let counties = view.front(MarketKind::County);
    if !counties.markets.is_empty() {
        paragraphs.push(first(view, &counties, MarketKind::County));
    }
    paragraphs
}

/// Why there is no ranking.
fn nobody(view: &View) -> Prose {
    let (language, name, county) = (view.language(), &view.name, &view.county);
    // Not knowing is no finding of no shortage.
    if view.in_register().next().is_some() && view.in_register().all(|row| row.rating == Rating::NotAssessed) {
        Prose::new()
            .strong(say!(language,
                sv: format!("Inget yrke i {name} kan bedömas i {county}"),
                en: format!("No occupation in {name} can be assessed in {county}"),
            ))
            .text(say!(language,
                sv: ": siffrorna räcker inte för att säga var det är brist, så inga länder eller län rangordnas.",
                en: ": the figures do not suffice to say where there is a shortage, so no countries or counties are ranked.",
            ))
    } else if view.weights.is_empty() {
        Prose::new()
            .strong(say!(language,
                sv: format!("Inget yrke i {name} bedöms ha brist i {county}"),
                en: format!("No occupation in {name} is assessed as short in {county}"),
            ))
            .text(say!(language, sv: ", så inga länder eller län rangordnas.", en: ", so no countries or counties are ranked."))
    } else {
        Prose::new()
            .strong(say!(language,
                sv: format!("Inget land kan rangordnas för {name} i {county}"),
                en: format!("No country can be ranked for {name} in {county}"),
            ))
            .text(say!(language,
                sv: ", eftersom uppgifter saknas för en för stor del av behovet.",
                en: ", because figures are missing for too large a share of the need.",
            ))
    }
}

/// The answer of the whole run: which countries are in the first tier of most areas, and which come next. `None` without tiers.
pub fn overall(views: &[View]) -> Option<Vec<Prose>> {
    if let [only] = views {
        let sure = of_first(views);
        return Some(std::iter::once(one_line(only)).chain(sure).chain([two_lists(only.language()).into()]).collect());
    }
    let language = views.first()?.language();
    let mut paragraphs = of_list(views)?;
    let untested: Vec<View> = views.iter().map(|view| view.list(POTENTIAL)).collect();
    paragraphs.extend(of_list(&untested).unwrap_or_default());
    paragraphs.extend(of_first(views));
    paragraphs.push(two_lists(language).into());
    paragraphs.push(
        say!(language,
            sv: "Inom en grupp går det inte att säga vilket land som är bäst. Yrken, intervall och underlag står i områdenas rapporter.",
            en: "Within a tier it is not possible to say which country is best. Occupations, intervals and supporting figures are in the areas’ reports.",
        )
        .into(),
    );
    Some(paragraphs)
}

/// The same of one list.
fn of_list(views: &[View]) -> Option<Vec<Prose>> {
    let list = views.first()?.list_name();
    let run = views.first()?.run;
    let language = run.language;
    let mut counts: BTreeMap<Market, usize> = BTreeMap::new();
    let ranking = run.analysis.markets.ranking(MarketKind::Country, views.first()?.weighting)?;
    for row in &ranking.scores {
        if row.uncertainty.as_ref().is_some_and(|uncertainty| uncertainty.tier == 1) {
            *counts.entry(row.market).or_insert(0) += 1;
        }
    }
    let named = |wanted: usize| {
        let mut names: Vec<String> = counts.iter().filter(|(_, count)| **count == wanted).map(|(market, _)| views[0].market(*market)).collect();
        language.order().sort(&mut names);
        names.iter().map(|name| language.country_in_prose(name)).collect::<Vec<_>>()
    };
    let mut steps: Vec<usize> = counts.values().copied().collect();
    steps.sort_unstable_by(|first, second| second.cmp(first));
    steps.dedup();
    let (most, rest) = steps.split_first()?;
    let kinds = say!(language, sv: "områden och branscher", en: "areas and industries");
    let all = views.len();
    let reach = if *most == all {
        say!(language, sv: format!("alla {most} {kinds}"), en: format!("all {most} {kinds}"))
    } else {
        say!(language, sv: format!("{most} av {all} {kinds}"), en: format!("{most} of {all} {kinds}"))
    };
    let leading = named(*most);
    let verb = en::agrees(leading.len(), "is", "are");
    let first = Prose::new().strong(capital(&language.list(&leading))).text(say!(language,
        sv: format!(" ligger i första gruppen på listan {list} i {reach}."),
        en: format!(" {verb} in the first tier of the list {list} in {reach}."),
    ));
    let after: Vec<String> = rest
        .iter()
        .map(|count| {
            let names = language.list(&named(*count));
            say!(language, sv: format!("{names} i {count}"), en: format!("{names} in {count}"))
        })
        .collect();
    if after.is_empty() {
        return Some(vec![first]);
    }
    let after = after.join("; ");
    Some(vec![first.text(say!(language, sv: format!(" Därefter kommer {after}."), en: format!(" Next come {after}.")))])
}

/// Both lists for the start page.
pub fn one_line(view: &View) -> Prose {
    if view.front(MarketKind::Country).markets.is_empty() {
        return nobody(view);
    }
    let mut line = front_line(view);
    let untested = view.list(POTENTIAL);
    if !untested.front(MarketKind::Country).markets.is_empty() {
        line = line.text(" ");
        line.0.extend(front_line(&untested).0);
    }
    line
}

/// Names of markets that come first: those of a tier by name, since inside it no order can be told; without tiers by score.
pub fn names(view: &View, front: &Front, markets: &[&MarketScore]) -> Vec<String> {
    let mut markets = markets.to_vec();
    if front.tier.is_some() {
        let order = view.language().order();
        markets.sort_by(|one, other| order.compare(&view.market(one.market), &view.market(other.market)));
    }
    view.names(&markets)
}

/// Names of those that share the first tier (or have the highest scores), at most `most`, and how many more there are.
pub fn front_names(view: &View, kind: MarketKind, most: usize) -> String {
    let language = view.language();
    let front = view.front(kind);
    let mut names = names(view, &front, &front.members[..front.members.len().min(most)]);
    if front.members.len() > most {
        let more = front.members.len() - most;
        names.push(say!(language, sv: format!("{more} till"), en: format!("{more} more")));
    }
    language.list(&names)
}

/// The first countries of the view's list: "Trolig, första gruppen: A, B och C."
fn front_line(view: &View) -> Prose {
    let language = view.language();
    let countries = view.front(MarketKind::Country);
    let shown = countries.markets.len();
    let mut names = names(view, &countries, &countries.markets);
    let more = countries.tier.map_or(0, |members| members.saturating_sub(shown));
    if more > 0 {
        let more = language.whole(i64::try_from(more).unwrap_or(i64::MAX));
        names.push(say!(language, sv: format!("{more} till"), en: format!("{more} more")));
    }
    let list = view.list_name();
    let head = match countries.tier {
        None => say!(language, sv: format!("{list}, högst poäng: "), en: format!("{list}, highest scores: ")),
        Some(_) => say!(language, sv: format!("{list}, första gruppen: "), en: format!("{list}, first tier: ")),
    };
    Prose::new().text(head).strong(language.list(&names)).text(".")
}

/// Which markets come first.
fn first(view: &View, front: &Front, kind: MarketKind) -> Prose {
    let (language, name, county) = (view.language(), &view.name, &view.county);
    let names = names(view, front, &front.markets);
    let named = language.list(&names);
    let ranked = view.ranked(kind).len();
    let of_kind = match kind {
        MarketKind::Country => {
            let list = view.list_name();
            say!(language,
                sv: format!("länder på listan {list} för {name} i {county}"),
                en: format!("countries on the list {list} for {name} in {county}"),
            )
        }
        MarketKind::County => say!(language, sv: "län inom Sverige", en: "counties within Sweden").to_owned(),
    };
    match front.tier {
        None => {
            let scores: Vec<String> = front.markets.iter().map(|row| language.number(row.score.unwrap_or(0.0), 1)).collect();
            let respective = if scores.len() > 1 { scores.join("; ") } else { scores[0].clone() };
            let has = en::agrees(scores.len(), "has the highest score", "have the highest scores");
            let among = match kind {
                MarketKind::Country => say!(language,
                    sv: format!(" får högst poäng av de {ranked} länderna på listan {list} för {name} i {county}", list = view.list_name()),
                    en: format!(" {has} of the {ranked} countries on the list {list} for {name} in {county}", list = view.list_name()),
                ),
                MarketKind::County => {
                    say!(language, sv: " får högst poäng bland länen inom Sverige".to_owned(), en: format!(" {has} among the counties within Sweden"))
                }
            };
            Prose::new().strong(capital(&named)).text(say!(language,
                sv: format!("{among} ({respective} av 100)."),
                en: format!("{among} ({respective} out of 100)."),
            ))
        }
        Some(1) => {
            let (low, high) = span(&front.members);
            let places = places(language, low, high);
            Prose::new().strong(capital(&named)).text(say!(language,
                sv: format!(" ligger ensamt i första gruppen av {of_kind}, på plats {places} i nio av tio simuleringar."),
                en: format!(" is alone in the first tier of {of_kind}, with a rank of {places} in nine simulations out of ten."),
            ))
        }
        Some(members) => {
            let (low, high) = span(&front.members);
            let places = places(language, low, high);
            let text = if members > front.markets.len() {
                let count = capital(&language.count(members, noun(kind)));
                Prose::new()
                    .text(say!(language,
                        sv: format!("{count} ligger i första gruppen av {of_kind}, bland dem "),
                        en: format!("{count} are in the first tier of {of_kind}, among them "),
                    ))
                    .strong(named)
            } else {
                Prose::new().strong(capital(&named)).text(say!(language,
                    sv: format!(" ligger i första gruppen av {of_kind}"),
                    en: format!(" are in the first tier of {of_kind}"),
                ))
            };
            text.text(say!(language,
                sv: format!("; inbördes kan de inte skiljas åt. Var för sig hamnar de i nio av tio simuleringar inom intervall som tillsammans täcker plats {places}."),
                en: format!("; they cannot be told apart. Taken one at a time, their intervals in nine simulations out of ten together span the ranks {places}."),
            ))
        }
    }
}

/// What the markets of a kind are called.
pub fn noun(kind: MarketKind) -> super::super::text::Noun {
    match kind {
        MarketKind::Country => COUNTRY,
        MarketKind::County => COUNTY,
    }
}

/// The best and the worst place of markets over nine of ten simulations.
fn span(markets: &[&MarketScore]) -> (f64, f64) {
    markets
        .iter()
        .filter_map(|row| row.uncertainty.as_ref())
        .fold((f64::INFINITY, 0.0), |(low, high), uncertainty| (uncertainty.p05.min(low), uncertainty.p95.max(high)))
}

/// An interval of places.
pub fn places(language: Language, low: f64, high: f64) -> String {
    let (low, high) = (language.number(low, 0), language.number(high, 0));
    if low == high { low } else { format!("{low}–{high}") }
}

/// How sure the answer is.
fn certainty(view: &View, front: &Front) -> Prose {
    let language = view.language();
    if front.tier.is_some() {
        return say!(language,
            sv: "Inom en grupp går det inte att säga vilket land som är bäst. En ny grupp börjar med det första land som är sämre än gruppens första i minst nio av tio simuleringar; länder på var sin sida om gränsen kan ändå ligga nära varandra.",
            en: "Within a tier it is not possible to say which country is best. A new tier begins with the first country that does worse than the tier’s first in at least nine simulations out of ten; countries on either side of the border may still lie close together.",
        )
        .into();
    }
    let ranked = view.ranked(MarketKind::Country);
    let score = |place: usize| ranked.get(place - 1).and_then(|row| row.score);
    let close = score(4).zip(score(15)).map_or_else(String::new, |(fourth, fifteenth)| {
        let apart = language.number(fourth - fifteenth, 1);
        say!(language,
            sv: format!(" Poängen ligger tätt: mellan plats 4 och plats 15 skiljer det {apart} poäng av 100."),
            en: format!(" The scores lie close together: {apart} points out of 100 separate rank 4 from rank 15."),
        )
    });
    Prose::new()
        .strong(say!(language,
            sv: "Hur säker ordningen är har inte räknats ut i den här körningen.",
            en: "How certain the order is has not been calculated in this run.",
        ))
        .text(say!(language,
            sv: format!("{close} Se de första länderna som en grupp att undersöka vidare, inte som en bestämd ordning."),
            en: format!("{close} Take the first countries as a group to look into further, not as a fixed order."),
        ))
}
