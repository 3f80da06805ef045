//! The fit of a market to an occupation: the geometric mean of the pillars, each the mean of its indicators, each laid on the common scale.

use super::step::{Operation, Step};
use super::{Context, ExplainError, country, county, remark, stable};
use crate::code::Ssyk;
use crate::config::{PillarWeight, Weighting};
use crate::language::{Language, say};
use crate::market::{Fit, Ranking};
use crate::supply::{Market, MarketKind};

/// The pillars in words.
pub(super) fn pillar_words(pillar: &str, language: Language) -> &str {
    match pillar {
        "pool" => say!(language, sv: "Antal i yrket", en: "Workforce"),
        "availability" => say!(language, sv: "Tillgänglighet", en: "Availability"),
        "mobility" => say!(language, sv: "Rörlighet", en: "Mobility"),
        "feasibility" => say!(language, sv: "Väg in", en: "Route in"),
        other => other,
    }
}

/// The weights of a ranking.
pub(super) fn weighting_of<'a>(context: &Context<'a>, ranking: &Ranking) -> (&'a Weighting, String) {
    let method = &context.config.method;
    match ranking.weighting.as_ref().and_then(|name| Some((method.weightings.get(name)?, name))) {
        Some((weighting, name)) => (weighting, format!("weightings.{name}")),
        None => (&method.county_markets.weights, "county_markets.weights".to_owned()),
    }
}

/// Indicators of a pillar with a weight that some market has a figure for, and their weights.
fn counted<'a>(context: &Context, kind: MarketKind, occupation: Ssyk, pillar: &'a PillarWeight) -> Vec<(&'a str, f64)> {
    let weighted = pillar.indicators.iter().filter(|(name, weight)| **weight > 0.0 && context.is_counted(kind, occupation, name));
    weighted.map(|(name, weight)| (name.as_str(), *weight)).collect()
}

/// Whether the market's indicator is counted in the weighting, and why not.
fn why_left_out(context: &Context, weighting: &Weighting, market: Market, occupation: Ssyk, indicator: &str) -> Option<&'static str> {
    let language = context.language;
    let of_pool = crate::fit::OF_POOL.contains(&indicator);
    let estimated = context.analysis.supply.pools.get(&(market, occupation)).is_some_and(|pool| pool.level == crate::supply::Level::Estimated);
    if market.kind() == MarketKind::Country && of_pool && estimated && !weighting.estimated_pools {
        return Some(
            say!(language, sv: "antalet är skattat och räknas inte i den här viktningen", en: "the number is estimated and does not count in this weighting"),
        );
    }
    match context.indicator(market, occupation, indicator) {
        None => Some(say!(language, sv: "uppgift saknas", en: "no figure")),
        Some(row) if row.normalised.is_none() => Some(say!(language, sv: "lika överallt: utelämnad", en: "the same everywhere: left out")),
        Some(_) => None,
    }
}

fn indicator(context: &Context, weighting: &Weighting, market: Market, occupation: Ssyk, name: &str) -> Result<Step, ExplainError> {
    let language = context.language;
    let label = crate::report::indicator_words(name, language).to_owned();
    let key = format!("indicator:{name}");
    if let Some(reason) = why_left_out(context, weighting, market, occupation, name) {
        return Ok(Step::missing(key, label, reason));
    }
    let country = match market {
        Market::County(county) => return county::normalised(context, county, occupation, name, label),
        Market::Country(country) => country,
    };
    let run = context.indicator(market, occupation, name);
    let raw = country::raw_of(context, country, occupation, name)?.held_against(run.map(|row| row.raw));
    let Some(goalpost) = stable(name).and_then(|name| context.config.method.goalposts.get(name)) else {
        return Ok(Step::missing(key, label, say!(language, sv: "ingen skala i metoden", en: "no goalposts in the method")));
    };
    let [bottom, top] = context.config.method.fit.scale;
    let operation = Operation::Scale { low: goalpost.low, high: goalpost.high, logarithmic: goalpost.ln, reverse: goalpost.reverse, bottom, top };
    let step = Step::new(key, label, operation, vec![raw]).held_against(run.and_then(|row| row.normalised));
    Ok(match run.and_then(|row| row.flag.clone()) {
        Some(flag) => {
            let flag = remark::words(&flag, language);
            step.noted(format!("method.toml goalposts.{name}; {}: {flag}", say!(language, sv: "anmärkning", en: "remark")))
        }
        None => step.noted(format!("method.toml goalposts.{name}")),
    })
}

/// Why a pillar has no score: the reasons of its indicators, each once.
fn why_empty(context: &Context, indicators: &[Step]) -> String {
    let mut reasons: Vec<&str> = Vec::new();
    for step in indicators {
        if let Operation::Missing { reason } = &step.operation
            && !reasons.contains(&reason.as_str())
        {
            reasons.push(reason);
        }
    }
    if reasons.is_empty() { say!(context.language, sv: "uppgift saknas", en: "no figure").to_owned() } else { reasons.join("; ") }
}

/// The fit of a market to an occupation by a ranking's weights. A pillar or an indicator without a figure stands there with its reason. A fit that does not count (no pool, too few figures) is computed all the same, and not
/// compared with the run.
///
/// # Errors
/// The data folder lacks a cell.
pub fn fit_chain(context: &Context, ranking: &Ranking, fit: &Fit) -> Result<Step, ExplainError> {
    let language = context.language;
    let (weighting, place) = weighting_of(context, ranking);
    let mut pillars = Vec::new();
    for ((name, pillar), of_run) in weighting.pillars().into_iter().zip(fit.pillars) {
        // Also those that no market has a figure for: the run leaves them out, and whoever asks is told so.
        let weighted = pillar.indicators.iter().filter(|(_, weight)| **weight > 0.0);
        let indicators = weighted
            .map(|(indicator_name, weight)| Ok(indicator(context, weighting, fit.market, fit.occupation, indicator_name)?.weighing(*weight)))
            .collect::<Result<Vec<Step>, ExplainError>>()?;
        if pillar.weight == 0.0 || indicators.is_empty() {
            continue;
        }
        let operation = if indicators.iter().all(|step| step.value.is_none()) {
            Operation::Missing { reason: why_empty(context, &indicators) }
        } else {
            Operation::WeightedMean
        };
        let step = Step::new(format!("pillar:{name}"), pillar_words(name, language), operation, indicators);
        pillars.push(step.held_against(of_run).weighing(pillar.weight).noted(format!("method.toml {place}.{name}")));
    }
    let name = context.occupation_name(fit.occupation);
    let label = format!("{}, {} {name}", say!(language, sv: "matchning", en: "fit"), fit.occupation);
    Ok(Step::new(format!("occupation:{}", fit.occupation), label, Operation::WeightedGeometricMean, pillars).held_against(fit.score))
}

/// The share of the indicators' weight that is there.
#[must_use]
pub(super) fn coverage_chain(context: &Context, ranking: &Ranking, fit: &Fit) -> Step {
    let language = context.language;
    let (weighting, place) = weighting_of(context, ranking);
    let mut parts = Vec::new();
    for ((name, pillar), of_run) in weighting.pillars().into_iter().zip(fit.pillar_coverage) {
        let counted = counted(context, ranking.kind, fit.occupation, pillar);
        if pillar.weight == 0.0 || counted.is_empty() {
            continue;
        }
        let weights = |only: bool| {
            let steps =
                counted.iter().filter(|(indicator, _)| !only || why_left_out(context, weighting, fit.market, fit.occupation, indicator).is_none());
            steps
                .map(|(indicator, weight)| {
                    Step::given(*indicator, *indicator, *weight, "method.toml", format!("{place}.{name}.indicators.{indicator}"))
                })
                .collect()
        };
        let there = Step::new("there", say!(language, sv: "vikt som finns", en: "weight that is there"), Operation::Sum, weights(true));
        let whole = Step::new("whole", say!(language, sv: "hela vikten", en: "the whole weight"), Operation::Sum, weights(false));
        let share = Step::new(format!("pillar:{name}"), pillar_words(name, language), Operation::Quotient, vec![there, whole]);
        parts.push(share.held_against(of_run).weighing(pillar.weight));
    }
    let label = say!(language, sv: "andel av vikten som har uppgifter", en: "share of the weight that has figures");
    Step::new("coverage", label, Operation::WeightedMean, parts).held_against(Some(fit.coverage))
}
