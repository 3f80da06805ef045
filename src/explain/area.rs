//! The score of a market in an area: the mean of its fits over the recruited occupations, weighted by need, number and part.

use super::fit::fit_chain;
use super::need::weight;
use super::step::{Operation, Step};
use super::{Context, ExplainError};
use crate::ethics::Gate;
use crate::language::say;
use crate::market::{Fit, MarketScore, Ranking};

/// The chain of a market's score in an area. Occupations without a fit that counts are listed without a number and leave the mean.
///
/// # Errors
/// The data folder lacks a cell.
pub fn area_chain(context: &Context, ranking: &Ranking, row: &MarketScore) -> Result<Step, ExplainError> {
    let language = context.language;
    let position = context.config.areas.iter().position(|area| area.key == row.area);
    let weights = context.analysis.markets.area_weights.iter().find(|weights| weights.area == row.area);
    let (Some(area), Some(weights)) = (position.map(|position| &context.config.areas[position]), weights) else {
        return Ok(Step::missing("score", row.area.clone(), say!(language, sv: "området finns inte", en: "there is no such area")));
    };
    let parts: Vec<Step> = weights.weights.keys().map(|occupation| weight(context, area, *occupation)).collect::<Result<_, ExplainError>>()?;
    let whole: f64 = parts.iter().filter_map(|step| step.value).sum();
    let mut inputs = Vec::new();
    for ((occupation, of_run), part) in weights.weights.iter().zip(parts) {
        let over = say!(language,
            sv: "behov × antal × del, summa över områdets yrken med brist eller bevakning",
            en: "need × number × part, summed over the area’s occupations with a shortage or under watch",
        );
        let all = Step::counted(
            "whole",
            say!(language, sv: "hela områdets behov × antal × del", en: "need × number × part of the whole area"),
            whole,
            over,
        );
        let label = say!(language, sv: "vikt i området", en: "weight in the area");
        let weight = Step::new("weight", label, Operation::Quotient, vec![part, all]).held_against(Some(*of_run));
        let fit = ranking.fit(row.market, *occupation);
        inputs.push(counted(context, ranking, *occupation, fit)?.weighed_by(weight));
    }
    let name = language.pick(&area.name, &area.name_en);
    let label = say!(language, sv: format!("poäng, {name}"), en: format!("score, {name}"));
    Ok(Step::new("score", label, Operation::WeightedMean, inputs).held_against(row.score))
}

/// What an occupation counts as in the area score.
fn counted(context: &Context, ranking: &Ranking, occupation: crate::code::Ssyk, fit: Option<&Fit>) -> Result<Step, ExplainError> {
    let language = context.language;
    let label = format!("{occupation} {}", context.occupation_name(occupation));
    let key = format!("occupation:{occupation}");
    let Some(fit) = fit else {
        return Ok(Step::missing(
            key,
            label,
            say!(language, sv: "ingen nyckel till andra länders yrken", en: "no key to other countries’ occupations"),
        ));
    };
    if fit.gate.is_some_and(Gate::is_closed) {
        let reason = fit.reason.as_ref().map_or_else(String::new, |reason| reason.text(language));
        let score = context.config.method.area.closed_score;
        return Ok(Step::given(key, label, score, "method.toml", "area.closed_score").noted(reason));
    }
    if fit.score.is_none() {
        let reason = fit.reason.as_ref().map_or_else(String::new, |reason| reason.text(language));
        return Ok(Step::missing(key, label, reason));
    }
    fit_chain(context, ranking, fit)
}
