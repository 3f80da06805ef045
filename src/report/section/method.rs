//! How it is calculated, with the weights in force.

use super::super::builder::Builder;
use super::super::model::{Cell, Column, Grid, Origin, Prose};
use super::super::text::sv;
use super::left_out::indicator_words;
use super::ranking::PILLAR_NAMES;
use crate::config::Weighting;

/// The weighting of the reports.
const WEIGHTING: &str = "balanced";

fn weights(weighting: &Weighting, leave_out: &[&str]) -> Vec<Vec<Cell>> {
    let whole: f64 = weighting.pillars().iter().filter(|(name, _)| !leave_out.contains(name)).map(|(_, pillar)| pillar.weight).sum();
    weighting
        .pillars()
        .into_iter()
        .zip(PILLAR_NAMES)
        .filter(|((name, _), _)| !leave_out.contains(name))
        .map(|((_, pillar), name)| {
            let sum: f64 = pillar.indicators.values().sum();
            let mut indicators: Vec<(&String, &f64)> = pillar.indicators.iter().filter(|(_, weight)| **weight > 0.0).collect();
            indicators.sort_by(|first, second| second.1.total_cmp(first.1).then(first.0.cmp(second.0)));
            let parts: Vec<String> = indicators
                .into_iter()
                .map(|(indicator, weight)| format!("{} ({} %)", indicator_words(indicator), sv::number(weight / sum * 100.0, 0)))
                .collect();
            let share = if whole > 0.0 { pillar.weight / whole * 100.0 } else { 0.0 };
            vec![Cell::Text(name.to_owned()), Cell::Number { value: share, decimals: 0 }, Cell::Text(sv::capital(&parts.join(", ")))]
        })
        .collect()
}

fn decimal(value: f64) -> String {
    sv::number(value, usize::from(value.fract() != 0.0))
}

/// The section of an area.
pub fn whole(builder: &mut Builder) {
    let run = builder.run();
    let method = &run.config.method;
    let demand = &method.demand;
    builder.heading("Så är det räknat", "metod");
    let (recruitment, outlook) = (demand.weights.recruitment, demand.weights.outlook);
    builder.paragraph(
        Prose::new().strong("Brist.").text(format!(
            " Varje yrke får 0–3 poäng för fem uppgifter: Arbetsförmedlingens bedömning (vikt {}), annonser per anställd (vikt {}), Arbetsförmedlingens prognos (vikt {}), andel 55 år eller \
             äldre (vikt {}) och yrkets tillväxt i riket (vikt {}). Medelvärdet ger bedömningen: minst {} är brist, minst {} bevakas. Saknas för mycket kan yrket inte bedömas.",
            decimal(recruitment),
            decimal(demand.weights.vacancies),
            decimal(outlook),
            decimal(demand.weights.replacement),
            decimal(demand.weights.growth),
            sv::number(demand.rating.shortage, 1),
            sv::number(demand.rating.watch, 1)
        )),
    );
    builder.paragraph(Prose::new().strong("Behov och antal som ersätts.").text(format!(
        " Behovet är poängen på en skala från 0 till 100. Antalet som ersätts är anställda som är 55 år eller äldre, delat med {} år.",
        decimal(demand.volume.years_to_retirement)
    )));
    builder.paragraph(Prose::new().strong("Matchning och poäng.").text(format!(
        " För varje land och yrke räknas fyra delar på skalan {}–{}. De vägs ihop så att ett lågt värde i en del inte kan köpas bort av ett högt i en annan (geometriskt medelvärde). \
         Områdets poäng är medelvärdet över yrkena, vägt med behovet. Ett yrke som är stängt för landet räknas som {}. Ett land rangordnas om det har uppgifter för minst {} av behovet.",
        decimal(method.fit.scale[0]),
        decimal(method.fit.scale[1]),
        decimal(method.area.closed_score),
        sv::percent(method.area.least_weight)
    )));
    let columns = || vec![Column::text("Del"), Column::number("Vikt", "%"), Column::text("Uppgifter, med vikt inom delen")];
    let source = || Origin { source: "Källa: projektets metod (method.toml).".into(), ..Origin::default() };
    if let Some(weighting) = method.weightings.get(WEIGHTING) {
        let grid = Grid { columns: columns(), rows: weights(weighting, &[]) };
        builder.table("Vikterna i rangordningen av länder".to_owned(), grid, Vec::new(), source());
    }
    let empty = run.analysis.markets.empty_pillars.get(&crate::supply::MarketKind::County).cloned().unwrap_or_default();
    let grid = Grid { columns: columns(), rows: weights(&method.county_markets.weights, &empty) };
    let notes = if empty.is_empty() {
        Vec::new()
    } else {
        let names: Vec<String> =
            crate::market::PILLARS.iter().zip(PILLAR_NAMES).filter(|(key, _)| empty.contains(key)).map(|(_, name)| name.to_lowercase()).collect();
        vec![Prose::from(format!("Delen {} saknar uppgifter och är utelämnad; vikterna är omräknade till 100 procent.", sv::list(&names)))]
    };
    builder.table("Vikterna i rangordningen av län".to_owned(), grid, notes, source());
}
