//! Where one country stands in every area, on both lists: the answer of its page, and the table.

use super::super::builder::Builder;
use super::super::country_view::{CountryView, LISTS, Standing};
use super::super::model::{Cell, Column, Grid, Origin, Prose};
use super::super::text::capital;
use super::super::view::{list_name, stem};
use super::answer::places;
use super::heat::latest;
use super::sources;
use crate::ethics::Gate;
use crate::language::say;

/// How many occupations the answer names.
const NAMED: usize = 3;

/// The answer: where the country comes first on each list and how sure that is, what fits best, what is needed to come.
pub fn answer(builder: &mut Builder, view: &CountryView) {
    let mut paragraphs: Vec<Prose> = Vec::new();
    // The list where it comes first opens the answer.
    let lists = if view.first.contains_key(LISTS[0]) { LISTS } else { [LISTS[1], LISTS[0]] };
    paragraphs.extend(lists.map(|list| if view.first.contains_key(list) { in_front(view, list) } else { behind(view, list) }));
    paragraphs.push(fits(view).into());
    builder.answer(paragraphs);
}

/// The list on which the country shares the first tier.
fn in_front(view: &CountryView, list: &'static str) -> Prose {
    let language = view.language();
    let named = list_name(list, language);
    let areas = view.first.get(list).map(Vec::as_slice).unwrap_or_default();
    let standings: Vec<Standing> = view.standings(list).into_iter().filter(|standing| areas.contains(&standing.view.position)).collect();
    let names: Vec<String> = standings.iter().map(|standing| standing.view.name.clone()).collect();
    let count = names.len();
    let (names, opening) = (language.list(&names), capital(&view.in_prose));
    let interval = standings
        .iter()
        .map(|standing| standing.row.uncertainty.as_ref().map(|uncertainty| (uncertainty.p05, uncertainty.p95)))
        .reduce(|all, next| all.zip(next).map(|((low, high), (other_low, other_high))| (low.min(other_low), high.max(other_high))))
        .flatten();
    let Some((low, high)) = interval else {
        return Prose::new()
            .strong(say!(language,
                sv: format!("{opening} hör till de tre länder som får högst poäng på listan {named} för {names}"),
                en: format!("{opening} is one of the three countries with the highest scores on the list {named} for {names}"),
            ))
            .text(say!(language,
                sv: ". Hur säkert det är har inte räknats ut i den här körningen.",
                en: ". How certain that is has not been calculated in this run.",
            ));
    };
    let places = places(language, low, high);
    let where_it_lands = if count == 1 {
        say!(language,
            sv: format!("; i nio av tio simuleringar hamnar landet på plats {places}."),
            en: format!("; in nine simulations out of ten it ranks {places}."),
        )
    } else {
        say!(language,
            sv: format!("; i nio av tio simuleringar hamnar landet för vart och ett av dem någonstans på plats {places}."),
            en: format!("; in nine simulations out of ten it ranks somewhere within {places} for each of them."),
        )
    };
    let alone: Vec<String> =
        standings.iter().filter(|standing| standing.tier_members == Some(1)).map(|standing| standing.view.name.clone()).collect();
    let apart = if alone.is_empty() {
        say!(language,
            sv: " Det kan inte skiljas åt från de andra länderna i gruppen.".to_owned(),
            en: " It cannot be told apart from the other countries of the tier.".to_owned(),
        )
    } else if alone.len() == count {
        say!(language, sv: " Där är det ensamt i gruppen.".to_owned(), en: " It is alone in the tier there.".to_owned())
    } else {
        let alone = language.list(&alone);
        say!(language,
            sv: format!(" För {alone} är det ensamt i gruppen; i övrigt kan det inte skiljas åt från de andra länderna där."),
            en: format!(" For {alone} it is alone in the tier; elsewhere it cannot be told apart from the other countries there."),
        )
    };
    Prose::new()
        .strong(say!(language,
            sv: format!("{opening} ligger i första gruppen på listan {named} för {names}"),
            en: format!("{opening} is in the first tier of the list {named} for {names}"),
        ))
        .text(format!("{where_it_lands}{apart}"))
}

/// The list on which the country does not come first anywhere.
fn behind(view: &CountryView, list: &'static str) -> Prose {
    let language = view.language();
    let named = list_name(list, language);
    let standings = view.standings(list);
    let best = standings
        .iter()
        .filter(|standing| standing.row.ranked)
        .filter_map(|standing| Some((standing, standing.row.uncertainty.as_ref()?)))
        .reduce(|best, next| if (next.1.tier, next.1.place) < (best.1.tier, best.1.place) { next } else { best });
    if let Some((standing, uncertainty)) = best {
        let (tier, area, places) = (uncertainty.tier, &standing.view.name, places(language, uncertainty.p05, uncertainty.p95));
        return say!(language,
            sv: format!("På listan {named} ligger landet inte i första gruppen för något område; som bäst i grupp {tier} ({area}, plats {places})."),
            en: format!("On the list {named} the country is not in the first tier of any area; at best in tier {tier} ({area}, rank {places})."),
        )
        .into();
    }
    if standings.iter().any(|standing| standing.row.ranked) {
        return say!(language,
            sv: format!("På listan {named} hör landet inte till dem med högst poäng för något område."),
            en: format!("On the list {named} the country is not among those with the highest scores for any area."),
        )
        .into();
    }
    let reason = standings.iter().find_map(|standing| standing.row.reason.as_ref()).map(|reason| crate::chart::plain(&reason.text(language)));
    let reason = reason.map_or_else(String::new, |reason| format!(" ({reason})"));
    say!(language,
        sv: format!("På listan {named} är landet inte med{reason}."),
        en: format!("The country is not on the list {named}{reason}."),
    )
    .into()
}

/// Which occupations fit best, and whether a permit is needed.
fn fits(view: &CountryView) -> String {
    let language = view.language();
    let best: Vec<_> = view.matches().iter().take(NAMED).map(|found| found.occupation).collect();
    let (health, below) = (view.gated(Gate::NoActiveRecruitment).len(), view.gated(Gate::NoPermitRoute).len());
    let all = view.recruited().len();
    let entry = if view.moves_freely() {
        say!(language, sv: "Den som är medborgare där behöver inget arbetstillstånd.", en: "Its citizens need no work permit.")
    } else {
        say!(language, sv: "Den som är medborgare där behöver arbetstillstånd.", en: "Its citizens need a work permit.")
    };
    let below = (below > 0).then(|| {
        say!(language,
            sv: format!("{below} är stängda eftersom den vanliga lönen är under lönegolvet för arbetstillstånd"),
            en: format!("{below} are closed because usual pay is below the pay floor of a work permit"),
        )
    });
    let health = (health > 0).then(|| {
        say!(language,
            sv: format!("{health} vårdyrken är stängda för aktiv rekrytering eftersom landet behöver sin egen vårdpersonal"),
            en: format!("{health} health occupations are closed to active recruitment because the country needs its own health workers"),
        )
    });
    let shut: Vec<String> = below.into_iter().chain(health).collect();
    let shut = if shut.is_empty() {
        String::new()
    } else {
        let shut = shut.join("; ");
        say!(language,
            sv: format!(" Av de {all} yrken som det är brist på eller som bevakas: {shut}."),
            en: format!(" Of the {all} occupations with a shortage or under watch: {shut}."),
        )
    };
    if best.is_empty() {
        return format!("{entry}{shut}");
    }
    let best = view.occupations(&best, NAMED);
    say!(language,
        sv: format!("Bäst passar landet för {best}. {entry}{shut}"),
        en: format!("The country fits best for {best}. {entry}{shut}"),
    )
}

/// The section: a table for each list that ranks the country somewhere.
pub fn whole(builder: &mut Builder, view: &CountryView) {
    let language = view.language();
    builder.heading(say!(language, sv: "Område för område", en: "Area by area"), "omraden");
    builder.paragraph(say!(language,
        sv: "Platsen är ett intervall: där landet hamnar i nio av tio simuleringar. Länder i samma grupp kan inte skiljas åt. Områdena överlappar varandra, så de är inte oberoende besked.",
        en: "The rank is an interval: where the country ends up in nine simulations out of ten. Countries in the same tier cannot be told apart. The areas overlap, so they are not independent findings.",
    ));
    for list in LISTS {
        table(builder, view, list);
    }
}

fn table(builder: &mut Builder, view: &CountryView, list: &'static str) {
    let language = view.language();
    let standings = view.standings(list);
    if !standings.iter().any(|standing| standing.row.ranked) {
        return;
    }
    let unranked = say!(language, sv: "landet rangordnas inte i området", en: "the country is not ranked in the area");
    let not_computed = say!(language, sv: "inte uträknat i den här körningen", en: "not calculated in this run");
    let rows = standings
        .iter()
        .map(|standing| {
            let row = standing.row;
            let why = if row.ranked { not_computed } else { unranked };
            let doubt = row.uncertainty.as_ref();
            let all = standing.view.weights.len();
            let obstacles = standing.view.obstacles(view.market);
            let open = all - obstacles.no_active.len() - obstacles.no_route.len();
            let interval = doubt.map_or(Cell::Missing { reason: why }, |doubt| Cell::Text(places(language, doubt.p05, doubt.p95)));
            vec![
                Cell::Prose(Prose::new().link(standing.view.name.clone(), format!("{}.html", stem(standing.view.area)))),
                Cell::number(doubt.map(|doubt| f64::from(doubt.tier)), 0, why),
                Cell::number(standing.tier_members.map(|count| count as f64), 0, why),
                interval,
                Cell::number(row.score, 1, unranked),
                Cell::number(row.coverage.map(|share| share * 100.0), 0, say!(language, sv: "uppgifter saknas", en: "figures are missing")),
                Cell::Text(say!(language, sv: format!("{open} av {all}"), en: format!("{open} of {all}"))),
            ]
        })
        .collect();
    let columns = vec![
        Column::text(say!(language, sv: "Område eller bransch", en: "Area or industry")),
        Column::number(say!(language, sv: "Grupp", en: "Tier"), ""),
        Column::number(say!(language, sv: "Länder i gruppen", en: "Countries in the tier"), ""),
        Column::number(say!(language, sv: "Plats", en: "Rank"), say!(language, sv: "9 av 10 simuleringar", en: "9 simulations in 10")),
        Column::number(say!(language, sv: "Poäng", en: "Score"), "1–100"),
        Column::number(say!(language, sv: "Täckning", en: "Coverage"), say!(language, sv: "% av uppgifterna", en: "% of the figures")),
        Column::number(say!(language, sv: "Öppna yrken", en: "Open occupations"), ""),
    ];
    let (named, count, all) = (list_name(list, language), view.first.get(list).map_or(0, Vec::len), view.views.len());
    let opening = capital(&view.in_prose);
    let title = if count == 0 {
        say!(language,
            sv: format!("{opening} ligger inte i första gruppen för något område på {named}"),
            en: format!("{opening} is not in the first tier of any area on {named}"),
        )
    } else {
        say!(language,
            sv: format!("{opening} ligger i första gruppen för {count} av {all} områden och branscher på {named}"),
            en: format!("{opening} is in the first tier of {count} of {all} areas and industries on {named}"),
        )
    };
    let origin = Origin { unit: None, period: view.views.first().map(latest), source: sources::all(view.run), tables: vec!["markets"] };
    builder.table(title, Grid { columns, rows }, Vec::new(), origin);
}
