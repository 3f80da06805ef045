//! How it is calculated, with the weights in force.

use super::super::builder::Builder;
use super::super::model::{Cell, Column, Grid, Origin, Prose};
use super::super::text::capital;
use super::left_out::indicator_words;
use super::ranking::pillar_names;
use crate::config::{LIKELY, POTENTIAL, Weighting};
use crate::language::{Language, say};

fn weights(weighting: &Weighting, leave_out: &[&str], language: Language) -> Vec<Vec<Cell>> {
    let whole: f64 = weighting.pillars().iter().filter(|(name, _)| !leave_out.contains(name)).map(|(_, pillar)| pillar.weight).sum();
    weighting
        .pillars()
        .into_iter()
        .zip(pillar_names(language))
        .filter(|((name, _), _)| !leave_out.contains(name))
        .map(|((_, pillar), name)| {
            let sum: f64 = pillar.indicators.values().sum();
            let mut indicators: Vec<(&String, &f64)> = pillar.indicators.iter().filter(|(_, weight)| **weight > 0.0).collect();
            indicators.sort_by(|first, second| second.1.total_cmp(first.1).then(first.0.cmp(second.0)));
            let parts: Vec<String> = indicators
                .into_iter()
                .map(|(indicator, weight)| {
                    format!("{} ({})", indicator_words(indicator, language), language.percent_sign(&language.number(weight / sum * 100.0, 0)))
                })
                .collect();
            let share = if whole > 0.0 { pillar.weight / whole * 100.0 } else { 0.0 };
            vec![Cell::Text(name.to_owned()), Cell::Number { value: share, decimals: 0 }, Cell::Text(capital(&parts.join(", ")))]
        })
        .collect()
}

/// The section of an area.
pub fn whole(builder: &mut Builder) {
    let run = builder.run();
    let language = builder.language();
    let decimal = |value: f64| language.number(value, usize::from(value.fract() != 0.0));
    let method = &run.config.method;
    let demand = &method.demand;
    builder.heading(say!(language, sv: "Så är det räknat", en: "How it is calculated"), "metod");
    let weight = &demand.weights;
    let (recruitment, outlook, vacancies) = (decimal(weight.recruitment), decimal(weight.outlook), decimal(weight.vacancies));
    let (replacement, growth) = (decimal(weight.replacement), decimal(weight.growth));
    let (shortage, watch) = (language.number(demand.rating.shortage, 1), language.number(demand.rating.watch, 1));
    builder.paragraph(Prose::new().strong(say!(language, sv: "Brist.", en: "Shortage.")).text(say!(language,
        sv: format!(
            " Varje yrke får 0–3 poäng för fem uppgifter: Arbetsförmedlingens bedömning (vikt {recruitment}), annonser per anställd (vikt {vacancies}), Arbetsförmedlingens prognos (vikt {outlook}), andel 55 år eller \
             äldre (vikt {replacement}) och yrkets tillväxt i riket (vikt {growth}). Medelvärdet ger bedömningen: minst {shortage} är brist, minst {watch} bevakas. Saknas för mycket kan yrket inte bedömas."
        ),
        en: format!(
            " Every occupation is given 0–3 points on five indicators: the Public Employment Service’s assessment (weight {recruitment}), job advertisements per employee (weight {vacancies}), the Public Employment \
             Service’s forecast (weight {outlook}), the share aged 55 or over (weight {replacement}) and the occupation’s growth in Sweden (weight {growth}). The weighted mean decides the rating: at least \
             {shortage} is a shortage, at least {watch} is under watch. Where too much is missing the occupation cannot be assessed."
        ),
    )));
    let years = decimal(demand.volume.years_to_retirement);
    builder.paragraph(Prose::new().strong(say!(language, sv: "Behov och antal som ersätts.", en: "Need and replacement.")).text(say!(language,
        sv: format!(
            " Behovet är poängen på en skala från 0 till 100. Antalet som ersätts är anställda som är 55 år eller äldre, delat med {years} år."
        ),
        en: format!(" Need is the points on a scale from 0 to 100. Replacement is the number of employees aged 55 or over, divided by {years} years."),
    )));
    let (low, high) = (decimal(method.fit.scale[0]), decimal(method.fit.scale[1]));
    let (closed, least) = (decimal(method.area.closed_score), language.percent(method.area.least_weight));
    builder.paragraph(Prose::new().strong(say!(language, sv: "Matchning och poäng.", en: "Fit and score.")).text(say!(language,
        sv: format!(
            " För varje land och yrke räknas fyra delar på skalan {low}–{high}. De vägs ihop så att ett lågt värde i en del inte kan köpas bort av ett högt i en annan (geometriskt medelvärde). \
             Områdets poäng är medelvärdet över yrkena, vägt med behovet. Ett yrke som är stängt för landet räknas som {closed}. Ett land rangordnas om det har uppgifter för minst {least} av behovet."
        ),
        en: format!(
            " For each country and occupation four components are scored on the scale {low}–{high}. They are combined so that a low value in one cannot be bought off by a high value in another (weighted geometric \
             mean). The area’s score is the mean over the occupations, weighted by need. An occupation that is closed for the country counts as {closed}. A country is ranked if it has figures for at least \
             {least} of the need."
        ),
    )));
    for (name, title) in [
        (LIKELY, say!(language, sv: "Vikterna på listan Trolig", en: "Weights of the list Likely")),
        (POTENTIAL, say!(language, sv: "Vikterna på listan Oprövad", en: "Weights of the list Untested")),
    ] {
        if let Some(weighting) = method.weightings.get(name) {
            let idle: Vec<&str> = weighting.pillars().iter().filter(|(_, pillar)| pillar.weight <= 0.0).map(|(name, _)| *name).collect();
            let grid = Grid { columns: columns(language), rows: weights(weighting, &idle, language) };
            builder.table(title.to_owned(), grid, Vec::new(), source(language));
        }
    }
    builder.paragraph(say!(language,
        sv: "I tabellerna finns också viktningen balanced, som väger in fler uppgifter: också medianålder, inkomst, egen brist i landet och hur många som bor här redan.",
        en: "The tables also hold the weighting balanced, which takes in more indicators: median age, income, shortages in the country itself and how many live here already as well.",
    ));
    counties(builder);
    super::verdict::link(builder);
}

/// Columns of a table of weights.
fn columns(language: Language) -> Vec<Column> {
    vec![
        Column::text(say!(language, sv: "Del", en: "Component")),
        Column::number(say!(language, sv: "Vikt", en: "Weight"), "%"),
        Column::text(say!(language, sv: "Uppgifter, med vikt inom delen", en: "Indicators, with their weight within the component")),
    ]
}

fn source(language: Language) -> Origin {
    Origin {
        source: say!(language, sv: "Källa: projektets metod (method.toml).", en: "Source: the project’s method (method.toml).").into(),
        ..Origin::default()
    }
}

/// The weights of the ranking of counties.
pub fn counties(builder: &mut Builder) {
    let run = builder.run();
    let language = builder.language();
    let empty = run.analysis.markets.empty_pillars.get(&crate::supply::MarketKind::County).cloned().unwrap_or_default();
    let grid = Grid { columns: columns(language), rows: weights(&run.config.method.county_markets.weights, &empty, language) };
    let notes = if empty.is_empty() {
        Vec::new()
    } else {
        let names = language.list(&empty_names(&empty, language));
        vec![Prose::from(say!(language,
            sv: format!("Delen {names} saknar uppgifter och är utelämnad; vikterna är omräknade till 100 procent."),
            en: format!("The component {names} has no figures and is left out; the weights are rescaled to 100 per cent."),
        ))]
    };
    let title = say!(language, sv: "Vikterna i rangordningen av län", en: "Weights in the ranking of counties");
    builder.table(title.to_owned(), grid, notes, source(language));
}

/// Names of the pillars that a kind of market has no figures for, inside a sentence.
pub fn empty_names(empty: &[&str], language: Language) -> Vec<String> {
    let named = crate::market::PILLARS.iter().zip(pillar_names(language));
    named.filter(|(key, _)| empty.contains(key)).map(|(_, name)| name.to_lowercase()).collect()
}
