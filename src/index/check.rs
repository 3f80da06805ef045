//! Whether a method fits an index, before anything is computed.

use super::aggregate::Aggregation;
use super::chain::node_rule;
use super::error::{IndexError, figure};
use super::factor::{Factor, check_factors};
use super::method::{Aggregating, Method, Plan, Stage};
use super::normalise::Normalisation;
use super::structure::{IndexInput, Tree, check_weights};
use super::treat::{TreatmentRule, TreatmentStep};
use super::weight::{WeightSource, Weighting};

/// A key of the method: the way to it from the top.
type Key<'a> = &'a [&'a str];

/// The most runs for ranks, as on the command line.
const MOST_REPLICATES: usize = 1 << 20;
/// The most rows of the sensitivity analysis.
const MOST_ROWS: usize = 1 << 17;
/// The most bootstrap resamples.
const MOST_RESAMPLES: usize = 100_000;

/// Checks what a method states against the structure.
///
/// # Errors
/// The first thing that is wrong, with its key.
pub fn check_method(input: &IndexInput, tree: &Tree, method: &Method) -> Result<(), IndexError> {
    check_order(method).map_err(|error| error.stated(&["order"]))?;
    check_aggregating(tree, &method.aggregate)?;
    if let Some(screening) = &method.screen {
        within(&["screen", "availability"], screening.availability, 0.0, 1.0)?;
        within(&["screen", "nonzero"], screening.nonzero, 0.0, 1.0)?;
        for (list, codes) in [("include", &screening.include), ("exclude", &screening.exclude)] {
            for code in codes {
                known(&["screen", list], "the unit", code, &input.units)?;
            }
        }
    }
    let groups: Vec<String> = input.groups.iter().map(|grouping| grouping.code.clone()).collect();
    if let Some(group) = method.impute.as_ref().and_then(|rule| rule.group()) {
        known(&["impute"], "the grouping", group, &groups)?;
    }
    let indicators: Vec<String> = input.indicators.iter().map(|indicator| indicator.code.clone()).collect();
    if let Some(denomination) = &method.denominate {
        let denominators: Vec<String> = input.denominators.iter().map(|denominator| denominator.code.clone()).collect();
        for (code, by) in &denomination.by {
            known(&["denominate", "by", code], "the indicator", code, &indicators)?;
            known(&["denominate", "by", code], "the denominator", by, &denominators)?;
        }
        for (code, scale) in &denomination.scale {
            known(&["denominate", "scale", code], "the indicator", code, &indicators)?;
            within(&["denominate", "scale", code], *scale, f64::MIN_POSITIVE, 1e100)?;
        }
    }
    if let Some(treatment) = &method.treat {
        check_rule(&["treat", "rule"], &treatment.rule)?;
        for (code, rule) in &treatment.indicators {
            known(&["treat", "indicators", code], "the indicator", code, &indicators)?;
            check_rule(&["treat", "indicators", code], rule)?;
        }
    }
    check_normalisation(&["normalise", "all"], &method.normalise.all, &input.units)?;
    for (code, way) in &method.normalise.indicators {
        known(&["normalise", "indicators", code], "the indicator", code, &indicators)?;
        check_normalisation(&["normalise", "indicators", code], way, &input.units)?;
    }
    check_weighting(tree, &method.weights)?;
    method.uncertainty.as_ref().map_or(Ok(()), |plan| check_plan(input, tree, &method.aggregate, plan, &groups))
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

fn check_aggregating(tree: &Tree, aggregating: &Aggregating) -> Result<(), IndexError> {
    let levels = tree.top().saturating_sub(1);
    let per_level = |what, key: Key, found: usize| {
        if found <= 1 || found == levels { Ok(()) } else { Err(IndexError::PerLevel { what, wanted: levels, found }.stated(key)) }
    };
    per_level("`aggregate.levels`", &["aggregate", "levels"], aggregating.levels.len())?;
    per_level("`aggregate.data_threshold`", &["aggregate", "data_threshold"], aggregating.data_threshold.len())?;
    for threshold in &aggregating.data_threshold {
        within(&["aggregate", "data_threshold"], *threshold, 0.0, 1.0)?;
    }
    for way in &aggregating.levels {
        check_aggregation(&["aggregate", "levels"], *way)?;
    }
    let aggregates: Vec<String> = tree.nodes.iter().map(|node| tree.codes[node.column].clone()).collect();
    for (code, way) in &aggregating.of {
        known(&["aggregate", "of", code], "the aggregate", code, &aggregates)?;
        check_aggregation(&["aggregate", "of", code], *way)?;
    }
    check_ratios(tree, aggregating)
}

fn check_aggregation(key: Key, way: Aggregation) -> Result<(), IndexError> {
    if let Aggregation::Power { exponent } = way { within(&[key, &["power", "exponent"]].concat(), exponent, -1e3, 1e3) } else { Ok(()) }
}

/// A ratio is of two.
fn check_ratios(tree: &Tree, aggregating: &Aggregating) -> Result<(), IndexError> {
    for node in &tree.nodes {
        if let (Aggregation::Ratio { .. }, _) = node_rule(tree, node, aggregating)
            && node.children.len() != 2
        {
            let code = tree.codes[node.column].as_str();
            let error = IndexError::Parameter {
                what: format!("the ratio of what stands under `{code}`"),
                value: format!("one of {} elements", node.children.len()),
                hint: "a ratio divides the first of exactly two children by the second, in the order of the metadata; `aggregate.of` gives one aggregate a way of its own",
            };
            return Err(error.stated(aggregation_key(aggregating, code).as_slice()));
        }
    }
    Ok(())
}

/// The key that says how an aggregate is made.
pub(crate) fn aggregation_key<'a>(aggregating: &Aggregating, code: &'a str) -> Vec<&'a str> {
    if aggregating.of.contains_key(code) { vec!["aggregate", "of", code] } else { vec!["aggregate", "levels"] }
}

fn check_weighting(tree: &Tree, weighting: &Weighting) -> Result<(), IndexError> {
    for (code, weight) in &weighting.set {
        let key = ["weights", "set", code];
        known(&key, "the element", code, &tree.codes)?;
        check_weights(std::slice::from_ref(code), &[*weight]).map_err(|error| error.stated(&key))?;
    }
    for level in &weighting.levels {
        if *level == 0 || *level > tree.top() {
            let error = IndexError::Parameter {
                what: "`weights.levels`".into(),
                value: level.to_string(),
                hint: "a level of the index, counted from 1 for the indicators",
            };
            return Err(error.stated(&["weights", "levels"]));
        }
    }
    if let WeightSource::Optimised { wanted, .. } = &weighting.source {
        for (code, share) in wanted {
            let key = ["weights", "source", "optimised", "wanted", code];
            known(&key, "the element", code, &tree.codes)?;
            check_weights(std::slice::from_ref(code), &[*share]).map_err(|error| error.stated(&key))?;
        }
        if !wanted.is_empty() && wanted.values().sum::<f64>() <= 0.0 {
            let error = IndexError::NoWeight { parent: "weights.source.optimised.wanted".into() };
            return Err(error.stated(&["weights", "source", "optimised", "wanted"]));
        }
    }
    Ok(())
}

fn check_rule(key: Key, rule: &TreatmentRule) -> Result<(), IndexError> {
    within(&[key, &["skew_limit"]].concat(), rule.skew_limit, 0.0, 1e6)?;
    within(&[key, &["kurt_limit"]].concat(), rule.kurt_limit, -1e6, 1e6)?;
    for (name, step) in [("first", &rule.first), ("then", &rule.then)] {
        match step {
            TreatmentStep::Winsorise { max: None, force: true, .. } => {
                let what = format!("`{}.{name}.winsorise.max`", key.join("."));
                let error = IndexError::Parameter { what, value: "missing".into(), hint: "`force` needs a limit" };
                return Err(error.stated(&[key, &[name, "winsorise", "max"]].concat()));
            }
            TreatmentStep::BoxCox { lambda, .. } => {
                within(&[key, &[name, "box_cox", "lambda"]].concat(), *lambda, -10.0, 10.0)?;
            }
            _ => {}
        }
    }
    Ok(())
}

fn check_normalisation<'a>(key: Key<'a>, way: &Normalisation, units: &[String]) -> Result<(), IndexError> {
    let of = |parts: Key<'a>| [key, parts].concat();
    let number = |parts: Key<'a>, value: f64| within(&of(parts), value, -1e100, 1e100);
    let rising = |parts: Key<'a>, low: f64, high: f64| {
        number(parts, low)?;
        number(parts, high)?;
        if low < high {
            Ok(())
        } else {
            let error = IndexError::Parameter {
                what: format!("`{}`", of(parts).join(".")),
                value: format!("[{}, {}]", figure(low), figure(high)),
                hint: "the lower end comes first; the indicator's direction decides which end is the better",
            };
            Err(error.stated(&of(parts)))
        }
    };
    match way {
        Normalisation::MinMax { range } => rising(&["min_max", "range"], range[0], range[1]),
        Normalisation::Goalposts { low, high, range, .. } => {
            rising(&["goalposts"], *low, *high)?;
            rising(&["goalposts", "range"], range[0], range[1])
        }
        Normalisation::AroundReference { reference, range } => {
            number(&["around_reference", "reference"], *reference)?;
            rising(&["around_reference", "range"], range[0], range[1])
        }
        Normalisation::Scaled { from, factor } => {
            rising(&["scaled", "from"], from[0], from[1])?;
            within(&of(&["scaled", "factor"]), *factor, f64::MIN_POSITIVE, 1e100)
        }
        Normalisation::ZScore { mean, deviation } => {
            number(&["z_score", "mean"], *mean)?;
            within(&of(&["z_score", "deviation"]), *deviation, f64::MIN_POSITIVE, 1e100)
        }
        Normalisation::DistanceToTarget { target: Some(target), .. } => number(&["distance_to_target", "target"], *target),
        Normalisation::DistanceToReference { unit, .. } => known(&of(&["distance_to_reference", "unit"]), "the unit", unit, units),
        Normalisation::Reciprocal { numerator, clip } => {
            within(&of(&["reciprocal", "numerator"]), *numerator, f64::MIN_POSITIVE, 1e100)?;
            let Some([low, high]) = clip else { return Ok(()) };
            within(&of(&["reciprocal", "clip"]), *low, f64::MIN_POSITIVE, 1e100)?;
            rising(&["reciprocal", "clip"], *low, *high)
        }
        _ => Ok(()),
    }
}

fn check_plan(input: &IndexInput, tree: &Tree, aggregating: &Aggregating, plan: &Plan, groups: &[String]) -> Result<(), IndexError> {
    within(&["uncertainty", "certainty"], plan.certainty, 0.0, 1.0)?;
    let counts = [("replicates", plan.replicates, MOST_REPLICATES), ("rows", plan.rows, MOST_ROWS), ("resamples", plan.resamples, MOST_RESAMPLES)];
    if let Some((name, value, _)) = counts.into_iter().find(|(_, value, most)| value > most) {
        let error = IndexError::Parameter {
            what: format!("`uncertainty.{name}`"),
            value: value.to_string(),
            hint: "at most 1048576 replicates, 131072 rows and 100000 resamples",
        };
        return Err(error.stated(&["uncertainty", name]));
    }
    check_factors(input, tree, &plan.factors)?;
    for (place, factor) in plan.factors.iter().enumerate() {
        let (place, name) = (place.to_string(), factor.name());
        let key = ["uncertainty", "factors", place.as_str(), name];
        let alternative = |at: usize, check: &dyn Fn(Key) -> Result<(), IndexError>| {
            let at = at.to_string();
            check(&[&key[..], &["alternatives", at.as_str()]].concat())
        };
        match factor {
            Factor::Imputation { alternatives } => {
                for (at, rule) in alternatives.iter().enumerate() {
                    let Some(group) = rule.group() else { continue };
                    alternative(at, &|key| known(key, "the grouping", group, groups))?;
                }
            }
            Factor::Treatment { alternatives } => {
                for (at, rule) in alternatives.iter().enumerate() {
                    alternative(at, &|key| check_rule(key, rule))?;
                }
            }
            Factor::Normalisation { alternatives } => {
                for (at, way) in alternatives.iter().enumerate() {
                    alternative(at, &|key| check_normalisation(key, way, &input.units))?;
                }
            }
            Factor::Aggregation { alternatives } => {
                for (at, ways) in alternatives.iter().enumerate() {
                    alternative(at, &|key| {
                        ways.iter().try_for_each(|way| check_aggregation(key, *way))?;
                        let with = Aggregating { levels: ways.clone(), ..aggregating.clone() };
                        check_ratios(tree, &with)
                            .map_err(|error| if let IndexError::Stated { error, .. } = error { error.stated(key) } else { error })
                    })?;
                }
            }
            Factor::Weights { .. } | Factor::LeaveOut { .. } | Factor::DataError { .. } => {}
        }
    }
    Ok(())
}

fn within(key: Key, value: f64, low: f64, high: f64) -> Result<(), IndexError> {
    if value >= low && value <= high {
        Ok(())
    } else {
        Err(IndexError::Parameter { what: format!("`{}`", key.join(".")), value: figure(value), hint: range_hint(low, high) }.stated(key))
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

fn known(key: Key, what: &'static str, code: &str, codes: &[String]) -> Result<(), IndexError> {
    if codes.iter().any(|other| other == code) {
        Ok(())
    } else {
        Err(IndexError::Unknown { from: key.join("."), what, code: code.into(), known: codes.to_vec() }.stated(key))
    }
}
