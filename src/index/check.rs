//! Whether a method fits an index, before anything is computed.

use super::aggregate::Aggregation;
use super::error::IndexError;
use super::method::{Method, Stage};
use super::normalise::Normalisation;
use super::structure::{IndexInput, Tree, check_weights};
use super::treat::{TreatmentRule, TreatmentStep};
use super::weight::{WeightSource, Weighting};

/// Checks what a method states against the structure.
///
/// # Errors
/// The first thing that is wrong.
pub fn check_method(input: &IndexInput, tree: &Tree, method: &Method) -> Result<(), IndexError> {
    check_order(method)?;
    let levels = tree.top().saturating_sub(1);
    let per_level = |what, found: usize| {
        if found <= 1 || found == levels { Ok(()) } else { Err(IndexError::PerLevel { what, wanted: levels, found }) }
    };
    per_level("`aggregate.levels`", method.aggregate.levels.len())?;
    per_level("`aggregate.data_threshold`", method.aggregate.data_threshold.len())?;
    for threshold in &method.aggregate.data_threshold {
        within("`aggregate.data_threshold`", *threshold, 0.0, 1.0)?;
    }
    for way in &method.aggregate.levels {
        if let Aggregation::Power { exponent } = way {
            within("the exponent of a power mean", *exponent, -1e3, 1e3)?;
        }
    }
    if let Some(screening) = &method.screen {
        within("`screen.availability`", screening.availability, 0.0, 1.0)?;
        within("`screen.nonzero`", screening.nonzero, 0.0, 1.0)?;
        for code in screening.include.iter().chain(&screening.exclude) {
            known("`screen`", "the unit", code, &input.units)?;
        }
    }
    if let Some(group) = method.impute.as_ref().and_then(|rule| rule.group()) {
        let groups: Vec<String> = input.groups.iter().map(|grouping| grouping.code.clone()).collect();
        known("`impute`", "the grouping", group, &groups)?;
    }
    let indicators: Vec<String> = input.indicators.iter().map(|indicator| indicator.code.clone()).collect();
    if let Some(denomination) = &method.denominate {
        for code in denomination.by.keys().chain(denomination.scale.keys()) {
            known("`denominate`", "the indicator", code, &indicators)?;
        }
        for (code, scale) in &denomination.scale {
            within(&format!("the scale of `{code}`"), *scale, f64::MIN_POSITIVE, 1e100)?;
        }
    }
    if let Some(treatment) = &method.treat {
        for code in treatment.indicators.keys() {
            known("`treat.indicators`", "the indicator", code, &indicators)?;
        }
        for rule in treatment.indicators.values().chain([&treatment.rule]) {
            check_rule(rule)?;
        }
    }
    for code in method.normalise.indicators.keys() {
        known("`normalise.indicators`", "the indicator", code, &indicators)?;
    }
    for way in method.normalise.indicators.values().chain([&method.normalise.all]) {
        check_normalisation(way)?;
    }
    if let Some(plan) = &method.uncertainty {
        within("`uncertainty.certainty`", plan.certainty, 0.0, 1.0)?;
    }
    check_weighting(tree, &method.weights)
}

fn check_order(method: &Method) -> Result<(), IndexError> {
    let steps = [
        (Stage::Denominate, method.denominate.is_some()),
        (Stage::Screen, method.screen.is_some()),
        (Stage::Impute, method.impute.is_some()),
        (Stage::Treat, method.treat.is_some()),
    ];
    for (stage, used) in steps {
        let found = method.order.iter().filter(|other| **other == stage).count();
        if found > 1 || (used && found == 0) {
            return Err(IndexError::Parameter {
                what: format!("`order`: the stage that makes `{}`", stage.table_name()),
                value: format!("there {found} times"),
                hint: "name each stage that the method has once: denominate, screen, impute, treat",
            });
        }
    }
    if let Some(stage) = method.order.iter().find(|stage| steps.iter().all(|(other, _)| other != *stage)) {
        return Err(IndexError::Parameter {
            what: "`order`".into(),
            value: format!("{stage:?}"),
            hint: "only denominate, screen, impute and treat have a choosable place",
        });
    }
    Ok(())
}

fn check_weighting(tree: &Tree, weighting: &Weighting) -> Result<(), IndexError> {
    for (code, weight) in &weighting.set {
        known("`weights.set`", "the element", code, &tree.codes)?;
        check_weights(std::slice::from_ref(code), &[*weight])?;
    }
    for level in &weighting.levels {
        if *level == 0 || *level > tree.top() {
            return Err(IndexError::Parameter {
                what: "`weights.levels`".into(),
                value: level.to_string(),
                hint: "a level of the index, counted from 1 for the indicators",
            });
        }
    }
    if let WeightSource::Optimised { wanted, .. } = &weighting.source {
        for (code, share) in wanted {
            known("`weights.source.optimised.wanted`", "the element", code, &tree.codes)?;
            check_weights(std::slice::from_ref(code), &[*share])?;
        }
        if !wanted.is_empty() && wanted.values().sum::<f64>() <= 0.0 {
            return Err(IndexError::NoWeight { parent: "weights.source.optimised.wanted".into() });
        }
    }
    Ok(())
}

fn check_rule(rule: &TreatmentRule) -> Result<(), IndexError> {
    within("`skew_limit`", rule.skew_limit, 0.0, 1e6)?;
    within("`kurt_limit`", rule.kurt_limit, -1e6, 1e6)?;
    for step in [&rule.first, &rule.then] {
        match step {
            TreatmentStep::Winsorise { max: None, force: true, .. } => {
                return Err(IndexError::Parameter { what: "`winsorise.max`".into(), value: "missing".into(), hint: "`force` needs a limit" });
            }
            TreatmentStep::BoxCox { lambda, .. } => {
                within("`box_cox.lambda`", *lambda, -10.0, 10.0)?;
            }
            _ => {}
        }
    }
    Ok(())
}

fn check_normalisation(way: &Normalisation) -> Result<(), IndexError> {
    let rising = |what: &str, low: f64, high: f64| {
        within(what, low, -1e100, 1e100)?;
        within(what, high, -1e100, 1e100)?;
        if low < high {
            Ok(())
        } else {
            Err(IndexError::Parameter {
                what: what.into(),
                value: format!("[{low}, {high}]"),
                hint: "the lower end comes first; the indicator's direction decides which end is the better",
            })
        }
    };
    match way {
        Normalisation::MinMax { range } => rising("`min_max.range`", range[0], range[1]),
        Normalisation::Goalposts { low, high, range, .. } => {
            rising("`goalposts`", *low, *high)?;
            rising("`goalposts.range`", range[0], range[1])
        }
        Normalisation::AroundReference { reference, range } => {
            within("`around_reference.reference`", *reference, -1e100, 1e100)?;
            rising("`around_reference.range`", range[0], range[1])
        }
        Normalisation::Scaled { from, factor } => {
            rising("`scaled.from`", from[0], from[1])?;
            within("`scaled.factor`", *factor, f64::MIN_POSITIVE, 1e100)
        }
        Normalisation::ZScore { mean, deviation } => {
            within("`z_score.mean`", *mean, -1e100, 1e100)?;
            within("`z_score.deviation`", *deviation, f64::MIN_POSITIVE, 1e100)
        }
        _ => Ok(()),
    }
}

fn within(what: &str, value: f64, low: f64, high: f64) -> Result<(), IndexError> {
    if value >= low && value <= high {
        Ok(())
    } else {
        Err(IndexError::Parameter { what: what.into(), value: value.to_string(), hint: range_hint(low, high) })
    }
}

fn range_hint(low: f64, high: f64) -> &'static str {
    if low >= 0.0 && high <= 1.0 && low.abs() == 0.0 {
        "a share between 0 and 1"
    } else if low > 0.0 {
        "a finite number above 0"
    } else {
        "a finite number of sensible size"
    }
}

fn known(from: &str, what: &'static str, code: &str, codes: &[String]) -> Result<(), IndexError> {
    if codes.iter().any(|other| other == code) {
        Ok(())
    } else {
        Err(IndexError::Unknown { from: from.into(), what, code: code.into(), known: codes.to_vec() })
    }
}
