//! What was left out, and why: occupations, countries, closed doors, coarse and old figures.

use std::collections::{BTreeMap, BTreeSet};

use super::super::RunContext;
use super::super::builder::Builder;
use super::super::model::{Cell, Column, Grid, Origin, Prose};
use super::super::text::{COUNTRY, OCCUPATION, capital, years};
use super::super::view::{View, market_name};
use super::evidence;
use crate::chart::plain;
use crate::code::{Country, Ssyk};
use crate::crosswalk::agreement;
use crate::demand::{Demand, Rating};
use crate::ethics::Gate;
use crate::language::{Language, say};
use crate::market::MarketScore;
use crate::supply::{Market, MarketKind};
use crate::tables::join_loss;

/// People's own applications, whatever a gate says.
pub fn own_applications(language: Language) -> &'static str {
    say!(language,
        sv: "Egna ansökningar är välkomna: den som själv söker ett jobb ska bedömas som alla andra.",
        en: "Unsolicited applications are welcome: anyone who applies for a job of their own accord is to be assessed like everyone else.",
    )
}

/// Occupations of some size that cannot be assessed.
fn unassessed<'a>(view: &View<'a>) -> Vec<&'a Demand> {
    let least = view.run.config.method.demand.rating.list_unassessed_from;
    let mut rows: Vec<&Demand> = view.in_register().filter(|row| row.rating == Rating::NotAssessed && row.employed.total() >= least).collect();
    rows.sort_by_key(|row| (-row.employed.total(), row.occupation));
    rows
}

fn unassessed_items(view: &View) -> Vec<Prose> {
    let language = view.language();
    let small = view.run.config.method.gender.small_count;
    let count = |persons: i64| if (1..=small).contains(&persons) { format!("1–{small}") } else { language.whole(persons) };
    let people = |row: &Demand| {
        let (women, men) = (count(row.employed.women), count(row.employed.men));
        say!(language, sv: format!("{women} kvinnor och {men} män"), en: format!("{women} women and {men} men"))
    };
    unassessed(view).into_iter().map(|row| format!("{} ({}): {}", view.occupation(row.occupation), row.occupation, people(row)).into()).collect()
}

fn occupations(builder: &mut Builder, view: &View) {
    let language = view.language();
    let least = view.run.config.method.demand.rating.list_unassessed_from;
    builder.subheading(say!(language, sv: "Yrken som inte kan bedömas", en: "Occupations that cannot be assessed"), "obedomda");
    let unknown = view.in_register().filter(|row| row.rating == Rating::NotAssessed).count();
    let items = unassessed_items(view);
    if unknown == 0 {
        builder.paragraph(say!(language,
            sv: "Alla områdets yrken i länet kan bedömas.",
            en: "All of the area’s occupations in the county can be assessed.",
        ));
        return;
    }
    let unknown = capital(&language.count(unknown, OCCUPATION));
    if items.is_empty() {
        builder.paragraph(say!(language,
            sv: format!("{unknown} kan inte bedömas, men inget av dem har {least} anställda eller fler i länet."),
            en: format!("{unknown} cannot be assessed, but none of them has {least} employees or more in the county."),
        ));
        return;
    }
    builder.paragraph(
        Prose::new()
            .text(say!(language,
                sv: format!("{unknown} kan inte bedömas, för att Arbetsförmedlingen inte har bedömt dem och övriga uppgifter inte räcker. "),
                en: format!(
                    "{unknown} cannot be assessed, because the Public Employment Service has not assessed them and the other figures do not suffice. "
                ),
            ))
            .strong(say!(language, sv: "Arbetsgivarnas underlag behövs", en: "Evidence from employers is needed"))
            .text(say!(language,
                sv: format!(" för dem som har minst {least} anställda i länet:"),
                en: format!(" for those with at least {least} employees in the county:"),
            )),
    );
    builder.list(items);
}

/// Reasons and the countries that each holds for, in the order of the tables' texts.
fn unranked(view: &View) -> Vec<(String, Vec<String>)> {
    let language = view.language();
    let mut reasons: BTreeMap<String, (String, Vec<String>)> = BTreeMap::new();
    let listed = |row: &MarketScore| matches!(row.market, Market::Country(country) if view.run.config.not_recruited.contains_key(&country));
    for row in view.scores(MarketKind::Country).filter(|row| !row.ranked && !listed(row)) {
        let text = |language: Language| row.reason.as_ref().map_or_else(String::new, |reason| plain(&reason.text(language)));
        let (_, names) = reasons.entry(text(Language::Swedish)).or_insert_with(|| (text(language), Vec::new()));
        names.push(view.market(row.market));
    }
    let order = language.order();
    let mut found: Vec<(String, Vec<String>)> = reasons.into_values().collect();
    for (_, names) in &mut found {
        order.sort(names);
    }
    found
}

fn countries(builder: &mut Builder, view: &View) {
    let language = view.language();
    builder
        .subheading(say!(language, sv: "Länder som inte är med i rangordningen", en: "Countries that are not in the ranking"), "lander-utan-plats");
    let ranked = view.ranked(MarketKind::Country).len();
    let candidates = view.run.analysis.supply.countries.len();
    let least = language.number(view.run.config.method.supply.least_population, 0);
    builder.paragraph(if ranked == candidates {
        say!(language,
            sv: format!("Inget av de {candidates} länder med minst {least} invånare som är möjliga målmarknader: alla rangordnas."),
            en: format!("None of the {candidates} countries with at least {least} inhabitants that are possible target markets: all of them are ranked."),
        )
    } else {
        say!(language,
            sv: format!("{candidates} länder med minst {least} invånare är möjliga målmarknader. {ranked} av dem rangordnas."),
            en: format!("{candidates} countries with at least {least} inhabitants are possible target markets. {ranked} of them are ranked."),
        )
    });
    let items = unranked(view).into_iter().map(|(reason, names)| {
        let count = say!(language, sv: language.count(names.len(), COUNTRY), en: capital(&language.count(names.len(), COUNTRY)));
        let names: Vec<String> = names.iter().map(|name| language.country_in_prose(name)).collect();
        Prose::new().strong(count).text(format!(": {reason}. {}.", capital(&language.list(&names))))
    });
    builder.list(items.collect());
}

/// The countries that are not recruited from, with reasons, the list's date and who confirmed it.
pub fn not_recruited(builder: &mut Builder) {
    let run = builder.run();
    let language = builder.language();
    let list = &run.config.not_recruited_list;
    let mut rows: Vec<(String, String)> = run
        .analysis
        .supply
        .not_recruited
        .iter()
        .map(|country| {
            let why = run.config.not_recruited.get(country).map_or("", |why| language.pick(&why.reason, &why.reason_en));
            (market_name(run, Market::Country(*country)), plain(why))
        })
        .collect();
    if rows.is_empty() {
        builder.paragraph(say!(language, sv: "Listan är tom.", en: "The list is empty."));
        return;
    }
    let order = language.order();
    rows.sort_by(|first, second| order.compare(&first.0, &second.0));
    let date = language.date(&list.date);
    let confirmed = if is_unconfirmed(&list.confirmed_by) {
        say!(language,
            sv: "Den är ett startförslag som ännu inte har bekräftats av en ansvarig person.",
            en: "It is a starting proposal that has not yet been confirmed by a responsible person.",
        )
        .to_owned()
    } else {
        let who = plain(&list.confirmed_by);
        say!(language, sv: format!("Den är bekräftad av {who}."), en: format!("It has been confirmed by {who}."))
    };
    let welcome = own_applications(language);
    builder.paragraph(say!(language,
        sv: format!("Listan gäller från {date}. {confirmed} {welcome}"),
        en: format!("The list is in force from {date}. {confirmed} {welcome}"),
    ));
    let count = language.count(rows.len(), COUNTRY);
    let title = say!(language, sv: format!("Projektet rekryterar inte från {count}"), en: format!("The project does not recruit from {count}"));
    let grid = Grid {
        columns: vec![Column::text(say!(language, sv: "Land", en: "Country")), Column::text(say!(language, sv: "Skäl", en: "Reason"))],
        rows: rows.into_iter().map(|(country, reason)| vec![Cell::Text(country), Cell::Text(reason)]).collect(),
    };
    let source = say!(language, sv: format!("Källa: projektets lista, {date}."), en: format!("Source: the project’s list, {date}."));
    let origin = Origin { source: Prose::from(source), tables: vec!["markets"], ..Origin::default() };
    builder.table(title, grid, Vec::new(), origin);
}

/// The data files say in English that somebody must still look at a value.
pub fn is_unconfirmed(text: &str) -> bool {
    text.contains("not yet confirmed") || text.contains("to be confirmed")
}

/// Occupations that gate D or E closes for some country, heaviest first, and the countries.
fn closed(view: &View, gate: Gate) -> (Vec<Ssyk>, BTreeSet<Country>) {
    let mut occupations = Vec::new();
    let mut countries = BTreeSet::new();
    for row in view.recruited() {
        let shut: Vec<Country> = view
            .run
            .analysis
            .supply
            .countries
            .iter()
            .copied()
            .filter(|country| view.fit(Market::Country(*country), row.occupation).is_some_and(|fit| fit.gate == Some(gate)))
            .collect();
        if !shut.is_empty() {
            occupations.push(row.occupation);
            countries.extend(shut);
        }
    }
    (occupations, countries)
}

/// The rules that close an occupation for a country, or ask for care: for areas and industries alike.
pub fn gates(view: &View) -> Vec<Prose> {
    let language = view.language();
    let welcome = own_applications(language);
    let mut items = Vec::new();
    let (care, caring) = closed(view, Gate::Care);
    let year = view.run.figures.shortages.values().map(|(year, _)| *year).max();
    if !care.is_empty() {
        let year = year.map_or_else(String::new, |year| format!(", {year}"));
        let count = capital(&language.count(caring.len(), COUNTRY));
        let report = super::super::text::en::agrees(caring.len(), "reports", "report");
        items.push(Prose::new().strong(say!(language, sv: "Gå varsamt fram", en: "Proceed with care")).text(say!(language,
            sv: format!(" där landet självt har brist. {count} rapporterar brist i minst ett av yrkena (Europeiska arbetsmyndigheten{year})."),
            en: format!(
                " where the country itself has a shortage. {count} {report} a shortage in at least one of the occupations (European Labour Authority{year})."
            ),
        )));
    }
    let (health, protected) = closed(view, Gate::NoActiveRecruitment);
    if !health.is_empty() {
        let listed = view
            .run
            .figures
            .who_list
            .values()
            .max()
            .map_or_else(String::new, |year| say!(language, sv: format!(" från {year}"), en: format!(" of {year}")));
        let (countries, occupations) = (language.count(protected.len(), COUNTRY), language.count(health.len(), OCCUPATION));
        items.push(Prose::new().strong(say!(language, sv: "Ingen aktiv rekrytering", en: "No active recruitment")).text(say!(language,
            sv: format!(
                " av vårdpersonal från {countries} bland målmarknaderna som står på Världshälsoorganisationens lista{listed} och behöver sin egen personal. Det gäller {occupations}. {welcome}"
            ),
            en: format!(
                " of health workers from {countries} among the target markets that are on the World Health Organization’s list{listed} and need their own staff. This applies to {occupations}. {welcome}"
            ),
        )));
    }
    items.extend(evidence::opening(view));
    items.push(pay_floor(view));
    items
}

/// The same in short, for a sheet of two pages: the pay floor, the list of the World Health Organization, shortages in the countries, and the project's list.
pub fn rules_in_short(view: &View) -> Vec<Prose> {
    let language = view.language();
    let floor = &view.run.config.permit_rules.pay_floor;
    let (least, from) = (language.number(floor.floor, 0), language.date(&floor.valid_from));
    let (jobs, _) = closed(view, Gate::NoPermitRoute);
    let names: Vec<String> = jobs.iter().map(|occupation| view.occupation_in_prose(*occupation)).collect();
    let unconfirmed =
        if is_unconfirmed(&floor.source) { say!(language, sv: " (beloppet ska bekräftas)", en: " (the amount is to be confirmed)") } else { "" };
    let effect = if names.is_empty() {
        say!(language, sv: "Den vanliga lönen når dit i alla yrken här.".to_owned(), en: "Usual pay reaches it in every occupation here.".to_owned())
    } else {
        let names = language.list_of_first(&names, 2);
        say!(language, sv: format!("Den vanliga lönen är lägre för {names}."), en: format!("Usual pay is lower for {names}."))
    };
    let mut items =
        vec![Prose::new().strong(say!(language, sv: "Lönegolv utanför EU och EES.", en: "Pay floor outside the EU and EEA.")).text(say!(language,
            sv: format!(" Arbetstillstånd kräver minst {least} kronor i månaden från {from}{unconfirmed}. {effect}"),
            en: format!(" From {from} a work permit requires pay of at least SEK {least} a month{unconfirmed}. {effect}"),
        ))];
    let (health, protected) = closed(view, Gate::NoActiveRecruitment);
    if !health.is_empty() {
        let count = language.count(protected.len(), COUNTRY);
        items.push(Prose::new().strong(say!(language, sv: "Ingen aktiv rekrytering", en: "No active recruitment")).text(say!(language,
            sv: format!(" av vårdpersonal från {count} på Världshälsoorganisationens lista. Egna ansökningar är välkomna."),
            en: format!(" of health workers from {count} on the World Health Organization’s list. Unsolicited applications are welcome."),
        )));
    }
    let (care, caring) = closed(view, Gate::Care);
    if !care.is_empty() {
        let count = language.count(caring.len(), COUNTRY);
        items.push(Prose::new().strong(say!(language, sv: "Gå varsamt fram", en: "Proceed with care")).text(say!(language,
            sv: format!(" där landet självt har brist: {count} rapporterar brist i minst ett av yrkena."),
            en: format!(" where the country itself has a shortage: {count} with a reported shortage in at least one of the occupations."),
        )));
    }
    let listed = view.run.analysis.supply.not_recruited.len();
    if listed > 0 {
        let count = language.count(listed, COUNTRY);
        items.push(
            Prose::new()
                .strong(say!(language, sv: "Inte härifrån.", en: "Not from here."))
                .text(say!(language,
                    sv: format!(" Projektet rekryterar inte från {count} med krig, sanktioner eller reseavrådan: se "),
                    en: format!(" The project does not recruit from {count} with war, sanctions or travel advice: see "),
                ))
                .link(say!(language, sv: "startsidan", en: "the start page"), "index.html#inte-rekryteras")
                .text("."),
        );
    }
    items
}

/// What the pay floor of a work permit closes.
fn pay_floor(view: &View) -> Prose {
    let language = view.language();
    let welcome = own_applications(language);
    let (closed_jobs, _) = closed(view, Gate::NoPermitRoute);
    let effect = if closed_jobs.is_empty() {
        say!(language, sv: " Den vanliga lönen når dit i alla yrken här.", en: " Usual pay reaches it in every occupation here.").to_owned()
    } else {
        let pay: Vec<String> = closed_jobs.iter().map(|occupation| with_pay(view, *occupation)).collect();
        let pay = language.list(&pay);
        say!(language,
            sv: format!(
                " Den vanliga lönen är lägre för {pay}. De yrkena är därför stängda i rangordningen för länder utan fri rörlighet. {welcome} Säsongstillstånd följer andra regler."
            ),
            en: format!(
                " Usual pay is lower for {pay}. Those occupations are therefore closed in the ranking for countries without free movement. {welcome} Permits for seasonal work follow other rules."
            ),
        )
    };
    Prose::new().strong(say!(language, sv: "Lönegolv.", en: "Pay floor.")).text(format!(" {}{effect}", floor_rule(view.run)))
}

/// An occupation with its usual pay.
pub fn with_pay(view: &View, occupation: Ssyk) -> String {
    let language = view.language();
    let pay = view.run.analysis.markets.pay.get(&occupation).and_then(|pay| pay.usual.or(pay.upper_quartile));
    let pay = pay.map_or_else(String::new, |pay| {
        let (value, period) = (language.number(pay.value, 0), pay.period);
        say!(language, sv: format!(" ({value} kronor, {period})"), en: format!(" (SEK {value}, {period})"))
    });
    format!("{}{pay}", view.occupation_in_prose(occupation))
}

/// What pay a work permit asks for, from when and by which source, in a sentence.
pub fn floor_rule(run: &RunContext) -> String {
    let language = run.language;
    let floor = &run.config.permit_rules.pay_floor;
    let (least, share, from) = (language.number(floor.floor, 0), language.percent(floor.share), language.date(&floor.valid_from));
    let rule = say!(language,
        sv: format!("Arbetstillstånd kräver minst {least} kronor i månaden ({share} av medianlönen) från {from}"),
        en: format!("From {from} a work permit requires pay of at least SEK {least} a month, {share} of the median"),
    );
    let source = plain(language.pick(&floor.source, &floor.source_en).split(';').next().unwrap_or_default());
    let unconfirmed = if is_unconfirmed(&floor.source) {
        say!(language,
            sv: "; beloppet är projektets startvärde och ska bekräftas av en ansvarig person",
            en: "; the amount is the project’s starting value, to be confirmed by a responsible person",
        )
    } else {
        ""
    };
    format!("{rule} ({source}{unconfirmed}).")
}

/// An indicator in words.
pub fn indicator_words(indicator: &str, language: Language) -> &str {
    match indicator {
        "pool" => say!(language, sv: "antal i yrket", en: "people in the occupation"),
        "specialisation" => say!(language, sv: "yrkets andel jämfört med Sverige", en: "the occupation’s share compared with Sweden"),
        "unemployment" => say!(language, sv: "arbetslöshet", en: "unemployment"),
        "no_shortage_at_home" => say!(language, sv: "ingen brist i landet självt", en: "no shortage in the country itself"),
        "median_age" => say!(language, sv: "medianålder (lägre är bättre)", en: "median age (lower is better)"),
        "diaspora_sweden" => say!(language, sv: "födda i landet som bor i Sverige", en: "residents of Sweden born in the country"),
        "recent" => say!(language, sv: "ökning av födda i landet som bor i Sverige", en: "increase in residents of Sweden born in the country"),
        "diaspora_county" => say!(language, sv: "födda i landet som bor i länet", en: "residents of the county born in the country"),
        "income_gap" => say!(language, sv: "skillnad i inkomst", en: "difference in income"),
        "entry" => say!(language, sv: "rätt att arbeta här", en: "right to work here"),
        "distance" => say!(language, sv: "avstånd", en: "distance"),
        "assessment" => say!(language, sv: "Arbetsförmedlingens bedömning där", en: "the Public Employment Service’s assessment there"),
        "moves" => say!(language, sv: "flyttar till länet", en: "moves to the county"),
        other => other,
    }
}

/// Figures older than the method's limit: what, from which years, for how many countries.
fn old_figures(view: &View) -> Vec<String> {
    let limit = view.year() - view.run.config.method.units.old_after_years;
    let mut found: BTreeMap<&str, (BTreeSet<Country>, i32, i32)> = BTreeMap::new();
    for value in &view.run.analysis.markets.indicators {
        let (Market::Country(country), Some(period)) = (value.market, value.period) else { continue };
        // The distance between capitals does not age; both pool indicators rest on the same figures.
        let relevant = value.occupation.is_none_or(|occupation| view.weights.contains_key(&occupation));
        if period >= limit || !relevant || ["distance", "specialisation"].contains(&value.indicator) {
            continue;
        }
        let (countries, first, last) = found.entry(value.indicator).or_insert_with(|| (BTreeSet::new(), period, period));
        countries.insert(country);
        *first = (*first).min(period);
        *last = (*last).max(period);
    }
    let mut found: Vec<_> = found.into_iter().collect();
    found.sort_by_key(|(indicator, (countries, _, _))| (std::cmp::Reverse(countries.len()), *indicator));
    found
        .into_iter()
        .map(|(indicator, (countries, first, last))| {
            let language = view.language();
            format!("{} ({}, {})", indicator_words(indicator, language), years(first, last), language.count(countries.len(), COUNTRY))
        })
        .collect()
}

/// Occupations that a sentence on the second key names, and the agreement under which one is named.
const NAMED: usize = 4;
const APART: f64 = 0.75;

/// How far JobTech's own links to ISCO agree with SCB's key, which the weights rest on. Empty where its taxonomy is not at hand.
fn second_key(view: &View) -> String {
    let language = view.language();
    if view.run.figures.jobtech_key.is_empty() {
        return String::new();
    }
    let mut agreed = 0.0;
    let mut apart: Vec<(f64, Ssyk)> = Vec::new();
    for row in view.recruited() {
        // Without a group in either list nothing agrees; that there is none is told before.
        let link = view.run.analysis.links.get(&row.occupation);
        let Some(share) = link.and_then(|link| agreement(view.run.figures, &view.run.config.codes, row.occupation, link)) else { continue };
        agreed += view.weight(row.occupation) * share;
        if share < APART {
            apart.push((share, row.occupation));
        }
    }
    apart.sort_by(|one, other| one.0.total_cmp(&other.0).then(one.1.cmp(&other.1)));
    let names: Vec<String> = apart.iter().map(|(_, occupation)| view.occupation_in_prose(*occupation)).collect();
    // Rounded down: almost all is not all.
    let agreed = (agreed * 100.0 + 1e-9).floor() / 100.0;
    let share = if agreed < 1.0 {
        let share = language.percent(agreed);
        say!(language, sv: format!("minst {share} av områdets behov"), en: format!("at least {share} of the area’s need"))
    } else {
        say!(language, sv: "hela områdets behov", en: "all of the area’s need").to_owned()
    };
    let apart = if names.is_empty() {
        String::new()
    } else {
        let names = language.list_of_first(&names, NAMED);
        say!(language, sv: format!(" De skiljer sig mest för {names}."), en: format!(" They differ most for {names}."))
    };
    say!(language,
        sv: format!(" Nyckeln är SCB:s. Arbetsförmedlingens egen koppling till ISCO har också SCB:s grupper för {share}.{apart}"),
        en: format!(" The key is Statistics Sweden’s. The Public Employment Service’s own links to ISCO have the same groups too for {share}.{apart}"),
    )
}

fn coarse(view: &View) -> Vec<Prose> {
    let language = view.language();
    let mut items = vec![level(view)];
    let method = &view.run.config.method;
    for group in &method.supply.broad_groups {
        let touched: Vec<String> = view
            .recruited()
            .into_iter()
            .filter(|row| {
                let links = view.run.analysis.links.get(&row.occupation);
                links.is_some_and(|link| link.weights.iter().any(|(isco, weight)| *weight > 0.0 && isco.as_str().starts_with(group.isco.as_str())))
            })
            .map(|row| view.occupation_in_prose(row.occupation))
            .collect();
        if !touched.is_empty() {
            let (names, isco) = (capital(&language.list(&touched)), plain(&group.isco));
            let reason = plain(language.pick(&group.reason, &group.reason_en));
            let heading = say!(language, sv: format!("ISCO-grupp {isco}."), en: format!("ISCO group {isco}."));
            items.push(Prose::new().strong(heading).text(say!(language,
                sv: format!(" {names} hör till en grupp som är bredare än yrket: {reason}."),
                en: format!(" {names} belong to a group that is broader than the occupation: {reason}."),
            )));
        }
    }
    let loss = join_loss(view.run.analysis, view.position);
    let text = if loss > 0.0 {
        let lost: Vec<String> = view
            .recruited()
            .into_iter()
            .filter(|row| view.run.analysis.links.get(&row.occupation).is_none_or(|link| link.weights.is_empty()))
            .map(|row| view.occupation_in_prose(row.occupation))
            .collect();
        let (share, lost) = (capital(&language.percent(loss)), language.list(&lost));
        say!(language,
            sv: format!(" {share} av områdets behov saknar motsvarighet i ISCO och kan inte jämföras med andra länder: {lost}."),
            en: format!(" {share} of the area’s need has no counterpart in ISCO and cannot be compared with other countries: {lost}."),
        )
    } else {
        say!(language,
            sv: " Alla områdets yrken med brist eller bevakning har en motsvarighet i ISCO.",
            en: " All of the area’s occupations with a shortage or under watch have a counterpart in ISCO.",
        )
        .to_owned()
    };
    let text = format!("{text}{}", second_key(view));
    items.push(Prose::new().strong(say!(language, sv: "Nyckeln mellan yrkeskoder.", en: "The key between occupation codes.")).text(text));
    let merged: Vec<String> = view.recruited().into_iter().filter(|row| row.ads_merged).map(|row| view.occupation_in_prose(row.occupation)).collect();
    if !merged.is_empty() {
        let merged = language.list_of_first(&merged, 8);
        let heading = say!(language, sv: "Annonser i sammanslagna grupper.", en: "Job advertisements in merged groups.");
        items.push(Prose::new().strong(heading).text(say!(language,
            sv: format!(" Annonserna delas inte upp på {merged}; yrket får då samma tal som gruppen det hör till."),
            en: format!(" Job advertisements are not counted separately for {merged}; the occupation is then given the number of the group to which it belongs."),
        )));
    }
    let old = old_figures(view);
    if !old.is_empty() {
        let limit = method.units.old_after_years;
        let heading = say!(language, sv: format!("Uppgifter äldre än {limit} år."), en: format!("Figures more than {limit} years old."));
        items.push(Prose::new().strong(heading).text(format!(" {}.", capital(&old.join("; ")))));
    }
    if let Some(year) = view.run.figures.shortages.values().map(|(year, _)| *year).max() {
        let count = language.count(view.run.figures.shortages.len(), COUNTRY);
        items.push(Prose::new().strong(say!(language, sv: "Brist i andra länder.", en: "Shortages in other countries.")).text(say!(language,
            sv: format!(
                " Europeiska arbetsmyndighetens lista gäller {year} och täcker {count}. Länder som inte rapporterar räknas som okända, mitt på skalan."
            ),
            en: format!(
                " The European Labour Authority’s list refers to {year} and covers {count}. Countries that do not report count as unknown, in the middle of the scale."
            ),
        )));
    }
    if !view.run.figures.born_in_county.keys().any(|(county, _)| *county == view.run.analysis.county) {
        items.push(
            Prose::new()
                .strong(say!(language, sv: "Födda i andra länder och boende i länet", en: "Residents of the county born in other countries"))
                .text(say!(language,
                    sv: ": körningens siffror har inte uppgiften för det här länet. Den kan hämtas från SCB med malmarknad fetch, och är utelämnad här.",
                    en: ": the figures of this run lack it for this county. It can be fetched from Statistics Sweden with malmarknad fetch, and is left out here.",
                )),
        );
    }
    items
}

/// How fine the groups are in which countries publish occupations.
fn level(view: &View) -> Prose {
    let language = view.language();
    let level = &view.run.analysis.supply.level;
    let (having, candidates) = (if level.digits == 2 { level.with_two_digits } else { level.with_one_digit }, level.candidates);
    let digits = if level.digits == 2 {
        say!(language, sv: "två siffror, kvinnor och män tillsammans", en: "two digits of the international classification of occupations ISCO, women and men together")
    } else {
        say!(language, sv: "en siffra", en: "one digit of the international classification of occupations ISCO")
    };
    let asked = language.percent(view.run.config.method.supply.level_coverage);
    let verdict = if level.reaches {
        say!(language, sv: format!("Det är minst de {asked} som metoden kräver."), en: format!("That is at least the {asked} that the method asks for."))
    } else {
        say!(language,
            sv: format!("Det är färre än de {asked} som metoden kräver; läs rangordningen med det i minnet."),
            en: format!("That is fewer than the {asked} that the method asks for; read the ranking with this in mind."),
        )
    };
    let takes_estimates = view.run.config.method.weightings.get(view.weighting).is_some_and(|weighting| weighting.estimated_pools);
    let estimated = if takes_estimates && having < candidates {
        say!(language,
            sv: " För de andra är antalet i yrket skattat ur landets inkomst, så att också de kan rangordnas.",
            en: " For the others the number in the occupation is estimated from the country’s income, so that they too can be ranked.",
        )
    } else {
        ""
    };
    Prose::new().strong(say!(language, sv: "Grova yrkesgrupper.", en: "Coarse occupation groups.")).text(say!(language,
        sv: format!(
            " Andra länder redovisar yrken i grövre grupper än Sverige ({digits} i den internationella yrkesindelningen ISCO). {having} av {candidates} länder har uppgifter. {verdict}{estimated}"
        ),
        en: format!(
            " Other countries report occupations in coarser groups than Sweden ({digits}). {having} of {candidates} countries have figures. {verdict}{estimated}"
        ),
    ))
}

/// Countries whose pools rest on an impossible figure.
fn implausible(view: &View) -> Option<Prose> {
    let language = view.language();
    let found = &view.run.analysis.supply.implausible;
    let named: Vec<String> = found
        .iter()
        .map(|found| {
            let millions = |persons: f64| language.number(persons / 1e6, 1);
            let name = view.market_in_prose(Market::Country(found.country));
            let (employed, employed_year) = (millions(found.employed.value), found.employed.period);
            let (population, population_year) = (millions(found.population.value), found.population.period);
            say!(language,
                sv: format!("{name} ({employed} miljoner sysselsatta {employed_year}, {population} miljoner invånare {population_year})"),
                en: format!("{name} ({employed} million employed in {employed_year}, {population} million inhabitants in {population_year})"),
            )
        })
        .collect();
    (!named.is_empty()).then(|| {
        let named = language.list(&named);
        Prose::new().strong(say!(language, sv: "Orimlig uppgift.", en: "Implausible figure.")).text(say!(language,
            sv: format!(
                " Fler sysselsatta än invånare redovisas för {named}. Uppgiften används så som den är publicerad; antalet i yrkena är för högt där."
            ),
            en: format!(
                " More employed than inhabitants are reported for {named}. The figure is used as published; the number in the occupations is too high there."
            ),
        ))
    })
}

/// The section of an area.
pub fn whole(builder: &mut Builder, view: &View) {
    let language = view.language();
    builder.heading(title(language), "utelamnat");
    occupations(builder, view);
    countries(builder, view);
    let heading = say!(language, sv: "Länder som projektet inte rekryterar från", en: "Countries that the project does not recruit from");
    builder.subheading(heading, "inte-rekryteras");
    not_recruited(builder);
    builder.subheading(say!(language, sv: "Yrken som är stängda för vissa länder", en: "Occupations that are closed for some countries"), "stangt");
    builder.list(gates(view));
    let taken_out = evidence::taken_out(view);
    if !taken_out.is_empty() {
        builder.subheading(
            say!(language, sv: "Yrken utan brist enligt arbetsgivarna", en: "Occupations without a shortage according to employers"),
            "utan-brist",
        );
        builder.list(taken_out);
    }
    builder.subheading(say!(language, sv: "Hur fina och färska uppgifterna är", en: "How detailed and how recent the figures are"), "kvalitet");
    builder.list(coarse(view).into_iter().chain(implausible(view)).collect());
}

fn title(language: Language) -> &'static str {
    say!(language, sv: "Vad som inte är med, och varför", en: "What is left out, and why")
}

/// The same for a document of two pages.
pub fn brief(builder: &mut Builder, view: &View) {
    let language = view.language();
    builder.heading(title(language), "utelamnat");
    let mut items = Vec::new();
    let unassessed: Vec<String> = unassessed_items(view).iter().map(|item| language.small(&item.plain())).collect();
    if !unassessed.is_empty() {
        let unassessed = language.list_of_first(&unassessed, 5);
        items.push(Prose::new().strong(say!(language, sv: "Arbetsgivarnas underlag behövs", en: "Evidence from employers is needed")).text(
            say!(language,
                sv: format!(" för yrken som inte kan bedömas med offentliga uppgifter: {unassessed}."),
                en: format!(" for occupations that cannot be assessed with public figures: {unassessed}."),
            ),
        ));
    }
    for (reason, names) in unranked(view) {
        let verb = super::super::text::en::agrees(names.len(), "is", "are");
        items.push(Prose::new().strong(capital(&language.count(names.len(), COUNTRY))).text(say!(language,
            sv: format!(" rangordnas inte: {reason}."),
            en: format!(" {verb} not ranked: {reason}."),
        )));
    }
    let list = &view.run.config.not_recruited_list;
    let listed = view.run.analysis.supply.not_recruited.len();
    if listed > 0 {
        let date = language.date(&list.date);
        let verb = super::super::text::en::agrees(listed, "is", "are");
        items.push(
            Prose::new()
                .strong(capital(&language.count(listed, COUNTRY)))
                .text(say!(language,
                    sv: format!(" rekryteras inte ifrån på grund av krig, sanktioner eller reseavrådan (lista från {date}): se "),
                    en: format!(" {verb} not recruited from because of war, sanctions or travel advice (list of {date}): see "),
                ))
                .link(say!(language, sv: "startsidan", en: "the start page"), "index.html#inte-rekryteras")
                .text("."),
        );
    }
    let old = old_figures(view);
    if !old.is_empty() {
        let limit = view.run.config.method.units.old_after_years;
        let old = language.list(&old);
        let heading = say!(language, sv: format!("Äldre än {limit} år"), en: format!("Figures more than {limit} years old"));
        items.push(Prose::new().strong(heading).text(say!(language,
            sv: format!(" är uppgifter om {old}."),
            en: format!(": {old}."),
        )));
    }
    items.extend(evidence::taken_out(view));
    items.extend(implausible(view));
    items.push(
        say!(language,
            sv: "Vilka yrken som hör till branschen är projektets eget antagande.",
            en: "Which occupations belong to the industry is the project’s own assumption.",
        )
        .into(),
    );
    builder.list(items);
}
