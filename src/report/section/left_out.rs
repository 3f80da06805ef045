//! What was left out, and why: occupations, countries, closed doors, coarse and old figures.

use std::collections::{BTreeMap, BTreeSet};

use super::super::builder::Builder;
use super::super::model::{Cell, Column, Grid, Origin, Prose};
use super::super::text::sv;
use super::super::view::View;
use crate::chart::plain;
use crate::code::{Country, Ssyk};
use crate::demand::{Demand, Rating};
use crate::ethics::Gate;
use crate::market::MarketScore;
use crate::supply::{Market, MarketKind};
use crate::tables::{join_loss, market_name};

/// People's own applications, whatever a gate says.
const OWN_APPLICATIONS: &str = "Egna ansökningar är välkomna: den som själv söker ett jobb ska bedömas som alla andra.";

/// Occupations of some size that cannot be assessed.
fn unassessed<'a>(view: &View<'a>) -> Vec<&'a Demand> {
    let least = view.run.config.method.demand.rating.list_unassessed_from;
    let mut rows: Vec<&Demand> = view.in_register().filter(|row| row.rating == Rating::NotAssessed && row.employed.total() >= least).collect();
    rows.sort_by_key(|row| (-row.employed.total(), row.occupation));
    rows
}

fn unassessed_items(view: &View) -> Vec<Prose> {
    let small = view.run.config.method.gender.small_count;
    let count = |persons: i64| if (1..=small).contains(&persons) { format!("1–{small}") } else { sv::whole(persons) };
    let people = |row: &Demand| format!("{} kvinnor och {} män", count(row.employed.women), count(row.employed.men));
    unassessed(view).into_iter().map(|row| format!("{} ({}): {}", view.occupation(row.occupation), row.occupation, people(row)).into()).collect()
}

fn occupations(builder: &mut Builder, view: &View) {
    let least = view.run.config.method.demand.rating.list_unassessed_from;
    builder.subheading("Yrken som inte kan bedömas", "obedomda");
    let unknown = view.in_register().filter(|row| row.rating == Rating::NotAssessed).count();
    let items = unassessed_items(view);
    if unknown == 0 {
        builder.paragraph("Alla områdets yrken i länet kan bedömas.");
        return;
    }
    let unknown = sv::neuter(unknown, "yrke", "yrken");
    if items.is_empty() {
        builder.paragraph(format!("{} kan inte bedömas, men inget av dem har {least} anställda eller fler i länet.", sv::capital(&unknown)));
        return;
    }
    builder.paragraph(
        Prose::new()
            .text(format!(
                "{} kan inte bedömas, för att Arbetsförmedlingen inte har bedömt dem och övriga uppgifter inte räcker. ",
                sv::capital(&unknown)
            ))
            .strong("Arbetsgivarnas underlag behövs")
            .text(format!(" för dem som har minst {least} anställda i länet:")),
    );
    builder.list(items);
}

/// Reasons and how many countries each has.
fn unranked(view: &View) -> BTreeMap<String, Vec<String>> {
    let mut reasons: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let listed = |row: &MarketScore| matches!(row.market, Market::Country(country) if view.run.config.not_recruited.contains_key(&country));
    for row in view.scores(MarketKind::Country).filter(|row| !row.ranked && !listed(row)) {
        reasons.entry(plain(&row.reason)).or_default().push(view.market(row.market));
    }
    let order = sv::Order::default();
    for names in reasons.values_mut() {
        order.sort(names);
    }
    reasons
}

fn countries(builder: &mut Builder, view: &View) {
    builder.subheading("Länder som inte är med i rangordningen", "lander-utan-plats");
    let ranked = view.ranked(MarketKind::Country).len();
    let candidates = view.run.analysis.supply.countries.len();
    builder.paragraph(format!(
        "{candidates} länder med minst {} invånare är möjliga målmarknader. {ranked} av dem rangordnas.",
        sv::number(view.run.config.method.supply.least_population, 0)
    ));
    let items = unranked(view)
        .into_iter()
        .map(|(reason, names)| Prose::new().strong(sv::neuter(names.len(), "land", "länder")).text(format!(": {reason}. {}.", sv::list(&names))));
    builder.list(items.collect());
}

/// The countries that are not recruited from, with reasons, the list's date and who confirmed it.
pub fn not_recruited(builder: &mut Builder) {
    let run = builder.run();
    let list = &run.config.not_recruited_list;
    let mut rows: Vec<(String, String)> = run
        .analysis
        .supply
        .not_recruited
        .iter()
        .map(|country| {
            let name = market_name(run.config, Market::Country(*country));
            (plain(name), plain(run.config.not_recruited.get(country).map_or("", String::as_str)))
        })
        .collect();
    if rows.is_empty() {
        builder.paragraph("Listan är tom.");
        return;
    }
    let order = sv::Order::default();
    rows.sort_by(|first, second| order.compare(&first.0, &second.0));
    let confirmed = if is_unconfirmed(&list.confirmed_by) {
        "Den är ett startförslag som ännu inte har bekräftats av en ansvarig person.".to_owned()
    } else {
        format!("Den är bekräftad av {}.", plain(&list.confirmed_by))
    };
    builder.paragraph(format!("Listan gäller från {}. {confirmed} {OWN_APPLICATIONS}", sv::date(&list.date)));
    let title = format!("Projektet rekryterar inte från {}", sv::neuter(rows.len(), "land", "länder"));
    let grid = Grid {
        columns: vec![Column::text("Land"), Column::text("Skäl")],
        rows: rows.into_iter().map(|(country, reason)| vec![Cell::Text(country), Cell::Text(reason)]).collect(),
    };
    let origin =
        Origin { source: Prose::from(format!("Källa: projektets lista, {}.", sv::date(&list.date))), tables: vec!["markets"], ..Origin::default() };
    builder.table(title, grid, Vec::new(), origin);
}

/// The data files say in English that somebody must still look at a value.
fn is_unconfirmed(text: &str) -> bool {
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
    let mut items = Vec::new();
    let (care, caring) = closed(view, Gate::Care);
    let year = view.run.figures.shortages.values().map(|(year, _)| *year).max();
    if !care.is_empty() {
        let year = year.map_or_else(String::new, |year| format!(", {year}"));
        items.push(Prose::new().strong("Gå varsamt fram").text(format!(
            " där landet självt har brist. {} rapporterar brist i minst ett av yrkena (Europeiska arbetsmyndigheten{year}).",
            sv::capital(&sv::neuter(caring.len(), "land", "länder"))
        )));
    }
    let (health, protected) = closed(view, Gate::NoActiveRecruitment);
    if !health.is_empty() {
        let listed = view.run.figures.who_list.values().max().map_or_else(String::new, |year| format!(" från {year}"));
        items.push(Prose::new().strong("Ingen aktiv rekrytering").text(format!(
            " av vårdpersonal från {} på Världshälsoorganisationens lista{listed}, som behöver sin egen personal. Det gäller {}. {OWN_APPLICATIONS}",
            sv::neuter(protected.len(), "land", "länder"),
            sv::neuter(health.len(), "yrke", "yrken")
        )));
    }
    let floor = &view.run.config.permit_rules.pay_floor;
    let (closed_jobs, _) = closed(view, Gate::NoPermitRoute);
    let rule = format!(
        "Arbetstillstånd kräver minst {} kronor i månaden ({} av medianlönen) från {}",
        sv::number(floor.floor, 0),
        sv::percent(floor.share),
        sv::date(&floor.valid_from)
    );
    let source = plain(floor.source.split(';').next().unwrap_or_default());
    let unconfirmed =
        if is_unconfirmed(&floor.source) { "; beloppet är projektets startvärde och ska bekräftas av en ansvarig person" } else { "" };
    let effect = if closed_jobs.is_empty() {
        " Den vanliga lönen når dit i alla yrken här.".to_owned()
    } else {
        let pay: Vec<String> = closed_jobs
            .iter()
            .map(|occupation| {
                let pay = view.run.analysis.markets.pay.get(occupation).and_then(|pay| pay.usual.or(pay.upper_quartile));
                let pay = pay.map_or_else(String::new, |pay| format!(" ({} kronor, {})", sv::number(pay.value, 0), pay.period));
                format!("{}{pay}", sv::small(&view.occupation(*occupation)))
            })
            .collect();
        format!(
            " Den vanliga lönen är lägre för {}. De yrkena är därför stängda i rangordningen för länder utan fri rörlighet. {OWN_APPLICATIONS} Säsongstillstånd följer andra regler.",
            sv::list(&pay)
        )
    };
    items.push(Prose::new().strong("Lönegolv.").text(format!(" {rule} ({source}{unconfirmed}).{effect}")));
    items
}

/// Whose words: indicators in Swedish.
pub fn indicator_words(indicator: &str) -> &str {
    match indicator {
        "pool" => "antal i yrket",
        "specialisation" => "yrkets andel jämfört med Sverige",
        "unemployment" => "arbetslöshet",
        "no_shortage_at_home" => "ingen brist i landet självt",
        "median_age" => "medianålder (lägre är bättre)",
        "diaspora_sweden" => "födda i landet som bor i Sverige",
        "diaspora_county" => "födda i landet som bor i länet",
        "income_gap" => "skillnad i inkomst",
        "entry" => "rätt att arbeta här",
        "distance" => "avstånd",
        "assessment" => "Arbetsförmedlingens bedömning där",
        "moves" => "flyttar till länet",
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
            let words = indicator_words(indicator);
            format!("{words} ({}, {})", sv::years(first, last), sv::neuter(countries.len(), "land", "länder"))
        })
        .collect()
}

fn coarse(view: &View) -> Vec<Prose> {
    let mut items = Vec::new();
    let level = &view.run.analysis.supply.level;
    let method = &view.run.config.method;
    let having = if level.digits == 2 { level.with_two_digits } else { level.with_one_digit };
    let digits = if level.digits == 2 { "två siffror, kvinnor och män tillsammans" } else { "en siffra" };
    let asked = sv::percent(method.supply.level_coverage);
    let verdict = if level.reaches {
        format!("Det är minst de {asked} som metoden kräver.")
    } else {
        format!("Det är färre än de {asked} som metoden kräver; läs rangordningen med det i minnet.")
    };
    items.push(Prose::new().strong("Grova yrkesgrupper.").text(format!(
        " Andra länder redovisar yrken i grövre grupper än Sverige ({digits} i den internationella yrkesindelningen ISCO). {having} av {} länder har uppgifter. {verdict}",
        level.candidates
    )));
    for group in &method.supply.broad_groups {
        let touched: Vec<String> = view
            .recruited()
            .into_iter()
            .filter(|row| {
                let links = view.run.analysis.links.get(&row.occupation);
                links.is_some_and(|link| link.weights.iter().any(|(isco, weight)| *weight > 0.0 && isco.as_str().starts_with(group.isco.as_str())))
            })
            .map(|row| sv::small(&view.occupation(row.occupation)))
            .collect();
        if !touched.is_empty() {
            let text = format!(" {} hör till en grupp som är bredare än yrket: {}.", sv::capital(&sv::list(&touched)), plain(&group.reason));
            items.push(Prose::new().strong(format!("ISCO-grupp {}.", plain(&group.isco))).text(text));
        }
    }
    let loss = join_loss(view.run.analysis, view.position);
    let text = if loss > 0.0 {
        let lost: Vec<String> = view
            .recruited()
            .into_iter()
            .filter(|row| view.run.analysis.links.get(&row.occupation).is_none_or(|link| link.weights.is_empty()))
            .map(|row| sv::small(&view.occupation(row.occupation)))
            .collect();
        format!(
            " {} av områdets behov saknar motsvarighet i ISCO och kan inte jämföras med andra länder: {}.",
            sv::capital(&sv::percent(loss)),
            sv::list(&lost)
        )
    } else {
        " Alla områdets yrken med brist eller bevakning har en motsvarighet i ISCO.".to_owned()
    };
    items.push(Prose::new().strong("Nyckeln mellan yrkeskoder.").text(text));
    let merged: Vec<String> =
        view.recruited().into_iter().filter(|row| row.ads_merged).map(|row| sv::small(&view.occupation(row.occupation))).collect();
    if !merged.is_empty() {
        items.push(
            Prose::new()
                .strong("Annonser i sammanslagna grupper.")
                .text(format!(" Annonserna delas inte upp på {}; yrket får då samma tal som gruppen det hör till.", sv::list_of_first(&merged, 8))),
        );
    }
    let old = old_figures(view);
    if !old.is_empty() {
        items.push(
            Prose::new()
                .strong(format!("Uppgifter äldre än {} år.", method.units.old_after_years))
                .text(format!(" {}.", sv::capital(&old.join("; ")))),
        );
    }
    if let Some(year) = view.run.figures.shortages.values().map(|(year, _)| *year).max() {
        items.push(Prose::new().strong("Brist i andra länder.").text(format!(
            " Europeiska arbetsmyndighetens lista gäller {year} och täcker {}. Länder som inte rapporterar räknas som okända, mitt på skalan.",
            sv::neuter(view.run.figures.shortages.len(), "land", "länder")
        )));
    }
    if !view.run.figures.born_in_county.keys().any(|(county, _)| *county == view.run.analysis.county) {
        items.push(Prose::new().strong("Födda i andra länder och boende i länet").text(": uppgiften finns inte för det här länet och är utelämnad."));
    }
    items
}

/// Countries whose pools rest on an impossible figure.
fn implausible(view: &View) -> Option<Prose> {
    let found = &view.run.analysis.supply.implausible;
    let named: Vec<String> = found
        .iter()
        .map(|found| {
            let millions = |persons: f64| sv::number(persons / 1e6, 1);
            format!(
                "{} ({} miljoner sysselsatta {}, {} miljoner invånare {})",
                view.market(Market::Country(found.country)),
                millions(found.employed.value),
                found.employed.period,
                millions(found.population.value),
                found.population.period
            )
        })
        .collect();
    (!named.is_empty()).then(|| {
        Prose::new().strong("Orimlig uppgift.").text(format!(
            " Fler sysselsatta än invånare redovisas för {}. Uppgiften används så som den är publicerad; antalet i yrkena är för högt där.",
            sv::list(&named)
        ))
    })
}

/// The section of an area.
pub fn whole(builder: &mut Builder, view: &View) {
    builder.heading("Vad som inte är med, och varför", "utelamnat");
    occupations(builder, view);
    countries(builder, view);
    builder.subheading("Länder som projektet inte rekryterar från", "inte-rekryteras");
    not_recruited(builder);
    builder.subheading("Yrken som är stängda för vissa länder", "stangt");
    builder.list(gates(view));
    builder.subheading("Hur fina och färska uppgifterna är", "kvalitet");
    builder.list(coarse(view).into_iter().chain(implausible(view)).collect());
}

/// The same for a document of two pages.
pub fn brief(builder: &mut Builder, view: &View) {
    builder.heading("Vad som inte är med, och varför", "utelamnat");
    let mut items = Vec::new();
    let unassessed: Vec<String> = unassessed_items(view).iter().map(|item| sv::small(&item.plain())).collect();
    if !unassessed.is_empty() {
        items.push(
            Prose::new()
                .strong("Arbetsgivarnas underlag behövs")
                .text(format!(" för yrken som inte kan bedömas med offentliga uppgifter: {}.", sv::list_of_first(&unassessed, 5))),
        );
    }
    for (reason, names) in unranked(view) {
        items.push(Prose::new().strong(sv::capital(&sv::neuter(names.len(), "land", "länder"))).text(format!(" rangordnas inte: {reason}.")));
    }
    let list = &view.run.config.not_recruited_list;
    let listed = view.run.analysis.supply.not_recruited.len();
    if listed > 0 {
        items.push(
            Prose::new()
                .strong(sv::capital(&sv::neuter(listed, "land", "länder")))
                .text(format!(" rekryteras inte ifrån på grund av krig, sanktioner eller reseavrådan (lista från {}): se ", sv::date(&list.date)))
                .link("startsidan", "index.html#inte-rekryteras")
                .text("."),
        );
    }
    let old = old_figures(view);
    if !old.is_empty() {
        let limit = view.run.config.method.units.old_after_years;
        items.push(Prose::new().strong(format!("Äldre än {limit} år")).text(format!(" är uppgifter om {}.", sv::list(&old))));
    }
    items.extend(implausible(view));
    items.push("Vilka yrken som hör till branschen är projektets eget antagande.".into());
    builder.list(items);
}
