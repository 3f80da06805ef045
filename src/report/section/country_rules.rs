//! What applies to recruiting from one country, the raw figures that its score rests on, and what is missing or old.

use std::collections::BTreeMap;

use super::super::builder::Builder;
use super::super::country_view::CountryView;
use super::super::model::{Cell, Column, Grid, Origin, Prose};
use super::super::text::{OCCUPATION, capital, years};
use super::country_people::count_words;
use super::left_out::{floor_rule, indicator_words, own_applications, with_pay};
use super::{evidence, sources};
use crate::code::{Country, Sex};
use crate::demand::exact;
use crate::ethics::Gate;
use crate::figures::Dated;
use crate::language::{Language, say};
use crate::market::recent_increase;
use crate::supply::Level;

/// Occupations that a sentence names.
const NAMED: usize = 6;

/// What the indicators of a country's table come from.
const SOURCES: [&str; 11] = [
    "gapminder_unemployment_women",
    "gapminder_unemployment_men",
    "gapminder_unemployment",
    "eurostat_lfsa_urgan",
    "un_median_age",
    "world_bank_income",
    "world_bank_population",
    "ilostat_employed",
    "un_migrant_stock",
    "scb_born_abroad",
    "cepii_distance",
];

/// The section: permits, visas, lists.
pub fn rules(builder: &mut Builder, view: &CountryView) {
    let language = view.language();
    let run = view.run;
    builder.heading(say!(language, sv: "Vad som gäller", en: "What applies"), "regler");
    let mut items: Vec<Prose> = vec![entry(view)];
    items.extend(visa(view));
    let health = view.gated(Gate::NoActiveRecruitment);
    let listed = run.figures.who_list.get(&view.country);
    let who = say!(language, sv: "Världshälsoorganisationens lista.", en: "The World Health Organization’s list.");
    items.push(Prose::new().strong(who).text(match listed {
        Some(year) if health.is_empty() => say!(language,
            sv: format!(" Landet står på listan från {year} över länder som behöver sin egen vårdpersonal; inget av yrkena här är ett vårdyrke som stängs."),
            en: format!(" The country is on the list of {year} of countries that need their own health workers; none of the occupations here is a health occupation that it closes."),
        ),
        Some(year) => {
            let (count, names, welcome) = (language.count(health.len(), OCCUPATION), view.occupations(&health, NAMED), own_applications(language));
            say!(language,
                sv: format!(" Landet står på listan från {year} över länder som behöver sin egen vårdpersonal: ingen aktiv rekrytering i {count} ({names}). {welcome}"),
                en: format!(" The country is on the list of {year} of countries that need their own health workers: no active recruitment in {count} ({names}). {welcome}"),
            )
        }
        None => say!(language,
            sv: " Landet står inte på listan över länder som behöver sin egen vårdpersonal.".to_owned(),
            en: " The country is not on the list of countries that need their own health workers.".to_owned(),
        ),
    }));
    items.extend(evidence::of_country(view));
    items.push(own_shortage(view));
    let list = &run.config.not_recruited_list;
    let date = language.date(&list.date);
    items.push(Prose::new().strong(say!(language, sv: "Projektets lista.", en: "The project’s list.")).text(say!(language,
        sv: format!(" Landet står inte på listan över länder som projektet inte rekryterar från ({date})."),
        en: format!(" The country is not on the list of countries that the project does not recruit from ({date})."),
    )));
    items.push(Prose::new().strong(say!(language, sv: "Arbetsgivaren betalar.", en: "The employer pays.")).text(say!(language,
        sv: " Den som söker jobb ska aldrig betala för rekryteringen, och villkoren ska vara minst kollektivavtalets.",
        en: " A person who applies for a job is never to pay for the recruitment, and the terms are to be at least those of the collective agreement.",
    )));
    builder.list(items);
}

/// The right to work here.
fn entry(view: &CountryView) -> Prose {
    let language = view.language();
    let heading = say!(language, sv: "Rätt att arbeta.", en: "The right to work.");
    let free = view.run.figures.free_movement.get(&view.country).map(String::as_str);
    let text = match free {
        Some("nordic") => say!(language,
            sv: " Fri rörlighet i Norden: medborgare får arbeta här utan tillstånd.".to_owned(),
            en: " Free movement within the Nordic countries: citizens may work here without a permit.".to_owned(),
        ),
        Some("switzerland") => say!(language,
            sv: " Fri rörlighet genom avtalet mellan EU och Schweiz: inget arbetstillstånd behövs.".to_owned(),
            en: " Free movement under the agreement between the EU and Switzerland: no work permit is needed.".to_owned(),
        ),
        Some("eea") => say!(language,
            sv: " Fri rörlighet inom EES: inget arbetstillstånd behövs.".to_owned(),
            en: " Free movement within the EEA: no work permit is needed.".to_owned(),
        ),
        Some(_) => say!(language,
            sv: " Fri rörlighet inom EU: inget arbetstillstånd behövs.".to_owned(),
            en: " Free movement within the EU: no work permit is needed.".to_owned(),
        ),
        None => {
            let closed = view.gated(Gate::NoPermitRoute);
            let rule = floor_rule(view.run);
            if closed.is_empty() {
                say!(language,
                    sv: format!(" {rule} Den vanliga lönen når dit i alla yrken i rapporten."),
                    en: format!(" {rule} Usual pay reaches it in every occupation of the report."),
                )
            } else {
                let pay: Vec<String> =
                    view.views.first().map(|any| closed.iter().map(|occupation| with_pay(any, *occupation)).collect()).unwrap_or_default();
                let (count, pay) = (language.count(closed.len(), OCCUPATION), language.list_of_first(&pay, NAMED));
                say!(language,
                    sv: format!(" {rule} Den vanliga lönen är lägre i {count}, som därför är stängda i rangordningen: {pay}."),
                    en: format!(" {rule} Usual pay is lower in {count}, which are therefore closed in the ranking: {pay}."),
                )
            }
        }
    };
    Prose::new().strong(heading).text(text)
}

/// Whether a visa is needed; nothing where movement is free.
fn visa(view: &CountryView) -> Option<Prose> {
    if view.moves_freely() {
        return None;
    }
    let language = view.language();
    let text = match view.run.figures.visa_free.get(&view.country) {
        Some(Dated { period, value: true }) => say!(language,
            sv: format!(" Medborgare behöver inget visum för kortare besök, till exempel för en intervju ({period})."),
            en: format!(" Citizens need no visa for short visits, for example for an interview ({period})."),
        ),
        Some(Dated { period, value: false }) => say!(language,
            sv: format!(" Medborgare behöver visum också för kortare besök, till exempel för en intervju ({period})."),
            en: format!(" Citizens need a visa also for short visits, for example for an interview ({period})."),
        ),
        None => say!(language, sv: " Uppgift saknas.".to_owned(), en: " No figure.".to_owned()),
    };
    Some(Prose::new().strong(say!(language, sv: "Visum.", en: "Visa.")).text(text))
}

/// Occupations that the country reports short itself.
fn own_shortage(view: &CountryView) -> Prose {
    let language = view.language();
    let heading = say!(language, sv: "Brist i landet självt.", en: "Shortages in the country itself.");
    let reported = view.run.figures.shortages.get(&view.country).filter(|(year, _)| *year <= view.run.analysis.year);
    let care = view.gated(Gate::Care);
    Prose::new().strong(heading).text(match reported {
        None => say!(language,
            sv: " Landet rapporterar inte till Europeiska arbetsmyndigheten; det är inte känt om yrkena fattas där.".to_owned(),
            en: " The country does not report to the European Labour Authority; whether the occupations are short there is not known.".to_owned(),
        ),
        Some((year, _)) if care.is_empty() => say!(language,
            sv: format!(" Landet har inte rapporterat brist i något av yrkena här (Europeiska arbetsmyndigheten, {year})."),
            en: format!(" The country has not reported a shortage in any of the occupations here (European Labour Authority, {year})."),
        ),
        Some((year, _)) => {
            let (count, names) = (language.count(care.len(), OCCUPATION), view.occupations(&care, NAMED));
            say!(language,
                sv: format!(" Gå varsamt fram i {count} som landet självt rapporterar brist i (Europeiska arbetsmyndigheten, {year}): {names}."),
                en: format!(" Proceed with care in {count} that the country itself reports as short (European Labour Authority, {year}): {names}."),
            )
        }
    })
}

/// The flags of Eurostat and ILOSTAT in words.
fn flag_words(flag: &str, language: Language) -> String {
    let broken = say!(language, sv: "brott i tidsserien", en: "break in the series");
    if flag == "Break in series" {
        return capital(broken);
    }
    let words: Vec<&str> = flag
        .chars()
        .filter_map(|letter| match letter {
            'b' => Some(broken),
            'd' => Some(say!(language, sv: "annan definition än de andra länderna", en: "another definition than the other countries")),
            'u' => Some(say!(language, sv: "låg tillförlitlighet", en: "low reliability")),
            'e' => Some(say!(language, sv: "skattning", en: "estimate")),
            'p' => Some(say!(language, sv: "preliminär", en: "provisional")),
            _ => None,
        })
        .collect();
    if words.is_empty() { crate::chart::plain(flag) } else { capital(&words.join("; ")) }
}

/// A row of the table of raw figures.
struct Figure {
    what: String,
    value: Cell,
    unit: &'static str,
    period: String,
    source: &'static str,
    flag: String,
}

impl Figure {
    fn new(what: &str, value: Cell, unit: &'static str, period: String, source: &'static str) -> Self {
        Self { what: what.to_owned(), value, unit, period, source, flag: String::new() }
    }

    fn flagged(self, flag: String) -> Self {
        Self { flag, ..self }
    }
}

fn sex_words(sex: Sex, language: Language) -> &'static str {
    match sex {
        Sex::Women => say!(language, sv: "kvinnor", en: "women"),
        Sex::Men => say!(language, sv: "män", en: "men"),
        Sex::Total => say!(language, sv: "alla", en: "all"),
    }
}

fn unemployment(view: &CountryView) -> Vec<Figure> {
    let language = view.language();
    let (figures, year) = (&view.run.figures, view.run.analysis.year);
    let percent = say!(language, sv: "procent", en: "per cent");
    let oldest = view.run.config.method.supply.oldest_unemployment_years;
    let mut rows = Vec::new();
    for (sex, source) in
        [(Sex::Women, "gapminder_unemployment_women"), (Sex::Men, "gapminder_unemployment_men"), (Sex::Total, "gapminder_unemployment")]
    {
        let Some(rate) = figures.unemployment.get(&(view.country, sex)).and_then(|series| series.newest(year)) else { continue };
        let sex = sex_words(sex, language);
        let what = say!(language, sv: format!("Arbetslöshet, {sex}"), en: format!("Unemployment, {sex}"));
        let old = if year - rate.period > oldest {
            say!(language, sv: "För gammal, räknas inte i poängen", en: "Too old, not counted in the score")
        } else {
            ""
        };
        let value = Cell::Number { value: rate.value, decimals: 1 };
        rows.push(Figure::new(&what, value, percent, rate.period.to_string(), source).flagged(old.to_owned()));
    }
    for sex in [Sex::Women, Sex::Men, Sex::Total] {
        let newest = figures
            .unemployment_nationals
            .get(&(view.country, sex))
            .and_then(|years| years.range(..=year).rev().find_map(|(period, found)| Some((*period, found.rate?, found.flag.clone()))));
        let Some((period, rate, flag)) = newest else { continue };
        let sex = sex_words(sex, language);
        let what =
            say!(language, sv: format!("Arbetslöshet bland egna medborgare, {sex}"), en: format!("Unemployment among its own citizens, {sex}"));
        let beside = say!(language, sv: "Räknas inte i poängen", en: "Not counted in the score");
        let mut flags = vec![beside.to_owned()];
        let limit = view.run.config.method.units.old_after_years;
        if year - period > limit {
            flags.push(say!(language, sv: format!("Äldre än {limit} år"), en: format!("More than {limit} years old")));
        }
        flags.extend(flag.map(|flag| flag_words(&flag, language)));
        let flag = flags.join(". ");
        rows.push(Figure::new(&what, Cell::Number { value: rate, decimals: 1 }, percent, period.to_string(), "eurostat_lfsa_urgan").flagged(flag));
    }
    rows
}

fn people(view: &CountryView) -> Vec<Figure> {
    let language = view.language();
    let (figures, year) = (&view.run.figures, view.run.analysis.year);
    let small = view.run.config.method.gender.small_count;
    let persons = say!(language, sv: "personer", en: "persons");
    let few = say!(language, sv: "för få personer för att visas", en: "too few persons to be shown");
    let mut rows = Vec::new();
    let born = figures.born_in_sweden.get(&view.country).and_then(|series| series.newest(year));
    if let (Some(born), Some(population)) = (born, view.run.analysis.supply.population.get(&view.country)) {
        // With the population, a rate would tell the sum, and the sum a sex of few.
        let few_of = |count: i64| (1..=small).contains(&count);
        let is_safe = born.value.total() > small && !few_of(born.value.women) && !few_of(born.value.men);
        let shown = Some(exact(born.value.total()) / population.value * 100_000.0).filter(|_| is_safe);
        let what = say!(language, sv: "Födda i landet som bor i Sverige, per 100\u{a0}000 invånare där", en: "Residents of Sweden born in the country, per 100,000 inhabitants there");
        let flag = say!(language, sv: "Kvinnor och män sammanräknade av oss", en: "Women and men added up by us");
        rows.push(Figure::new(what, Cell::number(shown, 1, few), persons, born.period.to_string(), "un_migrant_stock").flagged(flag.to_owned()));
    }
    if let Some((increase, (before, last))) = recent_increase(figures, view.country, year) {
        let shown = Some(increase).filter(|increase| increase.abs() > exact(small) || *increase == 0.0);
        let what = say!(language, sv: "Ökning av födda i landet som bor i Sverige", en: "Increase in residents of Sweden born in the country");
        rows.push(Figure::new(what, Cell::number(shown, 0, few), persons, years(before, last), "un_migrant_stock"));
    }
    if let Some(here) = figures.born_in_county.get(&(view.run.analysis.county, view.country)).and_then(|series| series.newest(year)) {
        let what = say!(language, sv: "Födda i landet som bor i länet", en: "Residents of the county born in the country");
        rows.push(Figure::new(what, Cell::persons(here.value, small), persons, here.period.to_string(), "scb_born_abroad"));
    }
    rows
}

/// The raw figures of the country.
fn raw(view: &CountryView) -> Vec<Figure> {
    let language = view.language();
    let (figures, year) = (&view.run.figures, view.run.analysis.year);
    let persons = say!(language, sv: "personer", en: "persons");
    let mut rows = unemployment(view);
    if let Some(age) = figures.median_age.get(&view.country).and_then(|series| series.at(year - 1)) {
        let what = say!(language, sv: "Medianålder", en: "Median age");
        let unit = say!(language, sv: "år", en: "years");
        rows.push(Figure::new(what, Cell::Number { value: age, decimals: 1 }, unit, (year - 1).to_string(), "un_median_age"));
    }
    for (country, what) in [
        (view.country, say!(language, sv: "Bruttonationalprodukt per person, köpkraft", en: "Gross domestic product per person, purchasing power")),
        (Country::SWEDEN, say!(language, sv: "Samma för Sverige", en: "The same for Sweden")),
    ] {
        let Some(income) = figures.income.get(&country).and_then(|series| series.newest(year)) else { continue };
        let unit = say!(language, sv: "internationella dollar", en: "international dollars");
        rows.push(Figure::new(what, Cell::Number { value: income.value, decimals: 0 }, unit, income.period.to_string(), "world_bank_income"));
    }
    if let Some(population) = view.run.analysis.supply.population.get(&view.country) {
        let what = say!(language, sv: "Folkmängd", en: "Population");
        let value = Cell::Number { value: population.value, decimals: 0 };
        rows.push(Figure::new(what, value, persons, population.period.to_string(), "world_bank_population"));
    }
    for sex in [Sex::Women, Sex::Men, Sex::Total] {
        let Some(employed) = figures.employed_abroad.get(&(view.country, sex)).and_then(|series| series.newest(year)) else { continue };
        let what = sex_words(sex, language);
        let what = say!(language, sv: format!("Sysselsatta, {what}"), en: format!("Employed, {what}"));
        let flag =
            figures.employed_abroad_flags.get(&(view.country, sex, employed.period)).map_or_else(String::new, |flag| flag_words(flag, language));
        let value = Cell::Number { value: employed.value, decimals: 0 };
        rows.push(Figure::new(&what, value, persons, employed.period.to_string(), "ilostat_employed").flagged(flag));
    }
    rows.extend(people(view));
    if let Some(distance) = figures.distance.get(&view.country) {
        let what = say!(language, sv: "Avstånd mellan huvudstäderna", en: "Distance between the capitals");
        let value = Cell::Number { value: distance.value, decimals: 0 };
        rows.push(Figure::new(what, value, say!(language, sv: "kilometer", en: "kilometres"), distance.period.to_string(), "cepii_distance"));
    }
    rows
}

/// The section: the raw figures with publisher, period and remark.
pub fn figures(builder: &mut Builder, view: &CountryView) {
    let language = view.language();
    builder.heading(say!(language, sv: "Uppgifterna bakom poängen", en: "The figures behind the score"), "uppgifter");
    let rows = raw(view);
    let heads = say!(language,
        sv: ["Uppgift", "Värde", "Enhet", "Period", "Utgivare", "Anmärkning"],
        en: ["Figure", "Value", "Unit", "Period", "Publisher", "Remark"],
    );
    let columns = heads.into_iter().enumerate().map(|(position, head)| if position == 1 { Column::number(head, "") } else { Column::text(head) });
    let used: Vec<&str> = SOURCES.into_iter().filter(|key| rows.iter().any(|row| row.source == *key)).collect();
    let grid = Grid {
        columns: columns.collect(),
        rows: rows
            .into_iter()
            .map(|row| {
                let publisher = sources::publisher(view.run, row.source);
                vec![
                    Cell::Text(row.what),
                    row.value,
                    Cell::Text(row.unit.to_owned()),
                    Cell::Text(row.period),
                    Cell::Text(publisher),
                    Cell::Text(row.flag),
                ]
            })
            .collect(),
    };
    let title = say!(language,
        sv: format!("Det här vet vi om {}", view.in_prose),
        en: format!("What is known of {}", view.in_prose),
    );
    let source = sources::line(view.run, &used);
    builder.table(title, grid, Vec::new(), Origin { source, tables: vec!["indicators"], ..Origin::default() });
}

/// The section: what the page cannot say, or says with old figures.
pub fn missing(builder: &mut Builder, view: &CountryView) {
    let language = view.language();
    builder.heading(say!(language, sv: "Vad som saknas eller är gammalt", en: "What is missing or old"), "saknas");
    let indicators = &view.run.analysis.markets.indicators;
    let own = || indicators.iter().filter(|value| value.market == view.market);
    let mut items: Vec<Prose> = Vec::new();
    let weighting = view.run.config.method.weightings.get(view.list);
    let absent: Vec<&str> = weighting
        .iter()
        .flat_map(|weighting| weighting.pillars())
        .filter(|(_, pillar)| pillar.weight > 0.0)
        .flat_map(|(_, pillar)| pillar.indicators.iter().filter(|(_, weight)| **weight > 0.0))
        .map(|(name, _)| name.as_str())
        .filter(|name| !own().any(|value| value.indicator == *name && value.normalised.is_some()))
        .map(|name| indicator_words(name, language))
        .collect();
    if !absent.is_empty() {
        let (absent, list) = (language.list(&absent), view.list_name());
        items.push(Prose::new().strong(say!(language, sv: "Saknas i poängen", en: "Missing from the score")).text(say!(language,
            sv: format!(" på {list}: {absent}."),
            en: format!(" on {list}: {absent}."),
        )));
    }
    if !view.run.figures.unemployment_nationals.contains_key(&(view.country, Sex::Total)) {
        items.push(
            say!(language,
                sv: "Arbetslöshet bland landets egna medborgare redovisas inte av Eurostat för landet.",
                en: "Unemployment among the country’s own citizens is not published by Eurostat for the country.",
            )
            .into(),
        );
    }
    let recruited = view.recruited();
    let pools: Vec<_> = recruited.iter().map(|occupation| view.run.analysis.supply.pools.get(&(view.market, *occupation))).collect();
    let (all, without) = (pools.len(), pools.iter().filter(|pool| pool.is_none()).count());
    let estimated = pools.iter().flatten().filter(|pool| pool.level == Level::Estimated).count();
    if estimated > 0 {
        items.push(Prose::new().strong(say!(language, sv: "Skattat antal i yrket", en: "Estimated number in the occupation")).text(say!(language,
            sv: format!(" för {estimated} av {all} yrken: landet publicerar inga andelar per yrke, så de är skattade ur länder med liknande inkomst."),
            en: format!(" for {estimated} of {all} occupations: the country publishes no shares by occupation, so they are estimated from countries of similar income."),
        )));
    }
    if without > 0 {
        items.push(Prose::new().strong(say!(language, sv: "Inget antal i yrket", en: "No number in the occupation")).text(say!(language,
            sv: format!(" för {without} av {all} yrken."),
            en: format!(" for {without} of {all} occupations."),
        )));
    }
    if let Some(reliability) = view.run.figures.share_reliability.get(&view.country).filter(|words| words.as_str() != "high") {
        let words = match reliability.as_str() {
            "medium" => say!(language, sv: "medelgod", en: "medium"),
            _ => say!(language, sv: "låg", en: "low"),
        };
        items.push(
            Prose::new().strong(say!(language, sv: "Yrkesuppgifternas tillförlitlighet", en: "Reliability of the figures by occupation")).text(
                say!(language,
                    sv: format!(" är {words} enligt ILO."),
                    en: format!(" is {words} according to the ILO."),
                ),
            ),
        );
    }
    let limit = view.run.analysis.year - view.run.config.method.units.old_after_years;
    let mut old: BTreeMap<&str, (i32, i32)> = BTreeMap::new();
    // The distance between capitals does not age; both pool indicators rest on the same figures.
    for value in own().filter(|value| !["distance", "specialisation"].contains(&value.indicator)) {
        let Some(period) = value.period.filter(|period| *period < limit) else { continue };
        let span = old.entry(value.indicator).or_insert((period, period));
        *span = (span.0.min(period), span.1.max(period));
    }
    if !old.is_empty() {
        let limit = view.run.config.method.units.old_after_years;
        let old: Vec<String> =
            old.into_iter().map(|(name, (first, last))| format!("{} ({})", indicator_words(name, language), years(first, last))).collect();
        let old = language.list(&old);
        let heading = say!(language, sv: format!("Äldre än {limit} år:"), en: format!("More than {limit} years old:"));
        items.push(Prose::new().strong(heading).text(format!(" {old}.")));
    }
    if let Some(found) = view.run.analysis.supply.implausible.iter().find(|found| found.country == view.country) {
        let number = |value: f64| language.number(value / 1e6, 1);
        let (employed, employed_year, population, population_year) =
            (number(found.employed.value), found.employed.period, number(found.population.value), found.population.period);
        items.push(Prose::new().strong(say!(language, sv: "Orimlig uppgift.", en: "Implausible figure.")).text(say!(language,
            sv: format!(" {employed} miljoner sysselsatta ({employed_year}) men {population} miljoner invånare ({population_year}). Uppgiften används så som den är publicerad; antalet i yrkena är för högt."),
            en: format!(" {employed} million employed ({employed_year}) but {population} million inhabitants ({population_year}). The figure is used as published; the number in the occupations is too high."),
        )));
    }
    if let Some((year, groups)) = view.run.figures.shortages.get(&view.country) {
        let count = count_words(i64::try_from(groups.len()).unwrap_or(i64::MAX), 0, language);
        items.push(
            say!(language,
                sv: format!("Landets egen lista över bristyrken är från {year} och har {count} yrkesgrupper."),
                en: format!("The country’s own list of shortage occupations is of {year} and has {count} occupation groups."),
            )
            .into(),
        );
    }
    items.push(
        say!(language,
            sv: "Språk, utbildning och vad människor vill syns inte i siffrorna. Fråga dem som redan har flyttat och arbetsförmedlingen i landet.",
            en: "Language, education and what people want are not in the figures. Ask those who have already moved and the employment service of the country.",
        )
        .into(),
    );
    builder.list(items);
}
