//! Explanations: an evaluator that shares no code with the program computes fifty scores again from the figures of the JSON; what is printed fits and says the same;
//! what cannot be found is told with the nearest names.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use malmarknad::analysis::{Analysis, analyse};
use malmarknad::config::Config;
use malmarknad::evidence::Word;
use malmarknad::explain::{Context, Explanation, Operation, Subject, explain, find_market, find_subject, text};
use malmarknad::figures::Figures;
use malmarknad::language::Language;
use malmarknad::report::documents;
use malmarknad::report::model::{Block, Cell, Table};
use malmarknad::supply::{Market, MarketKind};
use malmarknad::uncertainty::{Effort, assess};
use rand::{Rng, SeedableRng};
use serde_json::Value;

/// The counties that the random scores are of: one with born abroad by county, a neighbour, the largest, the smallest, one without a neighbour.
const COUNTIES: [&str; 5] = ["23", "22", "01", "09", "12"];
const LISTS: [&str; 3] = ["likely", "potential", "balanced"];
/// The scores lie between 1 and 100.
const CLOSE: f64 = 1e-9;

fn bundled() -> &'static (Config, Figures, Vec<Analysis>) {
    static BUNDLED: OnceLock<(Config, Figures, Vec<Analysis>)> = OnceLock::new();
    BUNDLED.get_or_init(|| {
        let config = crate::config();
        let figures = crate::figures(&config);
        let analyses = COUNTIES.map(|code| analyse(&figures, &config, config.codes.county(code, "test").unwrap(), 2026).unwrap());
        (config, figures, analyses.into())
    })
}

fn number(value: &Value, name: &str) -> f64 {
    value[name].as_f64().unwrap_or_else(|| panic!("{name} of {value}"))
}

/// Skewness G1 and kurtosis G2, bias-corrected (Joanes and Gill 1998, type 2); `None` where all values are equal.
fn shape(values: &[f64]) -> Option<(f64, f64)> {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let moment = |power: i32| values.iter().map(|value| (value - mean).powi(power)).sum::<f64>() / n;
    let variance = moment(2);
    if values.len() < 4 || variance <= 0.0 {
        return None;
    }
    let skewness = moment(3) / variance.powf(1.5) * (n * (n - 1.0)).sqrt() / (n - 2.0);
    let kurtosis = ((n + 1.0) * (moment(4) / (variance * variance) - 3.0) + 6.0) * (n - 1.0) / ((n - 2.0) * (n - 3.0));
    Some((skewness, kurtosis))
}

/// The treatment of the method: winsorised a round at a time, else the logarithm of the original.
fn treated(original: &[f64], step: &Value) -> Vec<f64> {
    let (most_skew, most_kurtosis) = (number(step, "skewness"), number(step, "kurtosis"));
    let fails = |values: &[f64]| shape(values).is_some_and(|(skewness, kurtosis)| skewness.abs() >= most_skew && kurtosis >= most_kurtosis);
    let mut values = original.to_vec();
    for _ in 0..step["most_rounds"].as_u64().unwrap() {
        if !fails(&values) {
            return values;
        }
        let upwards = shape(&values).unwrap().0 >= 0.0;
        let mut sorted = values.clone();
        sorted.sort_by(f64::total_cmp);
        sorted.dedup();
        let (extreme, next) = if upwards { (sorted[sorted.len() - 1], sorted[sorted.len() - 2]) } else { (sorted[0], sorted[1]) };
        for value in &mut values {
            if (*value - extreme).abs() == 0.0 {
                *value = next;
            }
        }
    }
    if !fails(&values) {
        return values;
    }
    let low = original.iter().copied().fold(f64::INFINITY, f64::min);
    let high = original.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    original.iter().map(|value| (value - low + 0.01 * (high - low)).ln()).collect()
}

/// The value of a step, from the texts of its cells and the numbers of the method alone; every step's printed value is held against it.
pub(crate) fn evaluated(step: &Value) -> Option<f64> {
    let inputs: Vec<&Value> = step["inputs"].as_array().unwrap().iter().collect();
    let values: Vec<Option<f64>> = inputs.iter().map(|input| evaluated(input)).collect();
    let weights: Vec<f64> = inputs.iter().map(|input| weight(input)).collect();
    let cells: Vec<Option<f64>> = step["cells"].as_array().unwrap().iter().map(cell).collect();
    let x = |place: usize| values.get(place).copied().flatten();
    let pairs = || values.iter().zip(&weights).filter_map(|(value, weight)| value.map(|value| (value, *weight)));
    let whole = || pairs().map(|(_, weight)| weight).sum::<f64>();
    let all = || values.iter().copied().collect::<Option<Vec<f64>>>();
    let found = match step["operation"].as_str().unwrap() {
        "cells" => cells.into_iter().sum::<Option<f64>>().map(|sum| sum * number(step, "factor")),
        "count_of_cells" => Some(cells.len() as f64),
        "given" | "constant" | "counted" => step["value"].as_f64(),
        "missing" => None,
        "sum" => all().map(|values| values.iter().sum()),
        "difference" => x(0).zip(x(1)).map(|(first, second)| first - second),
        "product" => all().map(|values| values.iter().product()),
        "quotient" => x(0).zip(x(1)).map(|(first, second)| first / second),
        "one_minus" => x(0).map(|value| 1.0 - value),
        "negation" => x(0).map(|value| -value),
        "natural_logarithm" => x(0).map(f64::ln),
        "logarithm_of_one_plus" => x(0).map(|value| (1.0 + value).ln()),
        "exponential" => x(0).map(f64::exp),
        "largest" => all().map(|values| values.into_iter().fold(f64::NEG_INFINITY, f64::max)),
        "mean" => {
            let there: Vec<f64> = values.iter().copied().flatten().collect();
            (!there.is_empty()).then(|| there.iter().sum::<f64>() / there.len() as f64)
        }
        "weighted_sum" => (pairs().count() > 0).then(|| pairs().map(|(value, weight)| weight * value).sum()),
        "weighted_mean" => (whole() > 0.0).then(|| pairs().map(|(value, weight)| weight * value).sum::<f64>() / whole()),
        "weighted_geometric_mean" => (whole() > 0.0).then(|| (pairs().map(|(value, weight)| weight * value.ln()).sum::<f64>() / whole()).exp()),
        "scale" => x(0).map(|value| {
            let [mut low, mut high, bottom, top] = ["low", "high", "bottom", "top"].map(|name| number(step, name));
            if step["logarithmic"].as_bool().unwrap() {
                (low, high) = (low.ln(), high.ln());
            }
            let score = bottom + (top - bottom) * ((value - low) / (high - low)).clamp(0.0, 1.0);
            if step["reverse"].as_bool().unwrap() { bottom + top - score } else { score }
        }),
        "points" => x(0).map(|value| {
            let cuts: Vec<f64> = step["cuts"].as_array().unwrap().iter().map(|cut| cut.as_f64().unwrap()).collect();
            if value < cuts[0] {
                0.0
            } else if value < cuts[1] {
                1.0
            } else if value < cuts[2] {
                2.0
            } else {
                3.0
            }
        }),
        "quartile" => x(0).map(|_| (4.0 * number(step, "below") / number(step, "of")).floor()),
        "pay_points" => {
            let floor = number(step, "floor");
            let reaches = |value: Option<f64>| value.is_some_and(|value| value >= floor);
            Some(if reaches(x(0)) {
                number(step, "reaches")
            } else if reaches(x(1)) || (x(0).is_none() && x(1).is_none()) {
                number(step, "upper_reaches")
            } else {
                number(step, "below")
            })
        }
        "treated_min_max" => all().and_then(|values| {
            let own = inputs.iter().position(|input| input["key"] == step["own"]).unwrap();
            let after = treated(&values, step);
            let low = after.iter().copied().fold(f64::INFINITY, f64::min);
            let high = after.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            let (bottom, top) = (number(step, "bottom"), number(step, "top"));
            assert!((after[own] - number(step, "treated")).abs() < CLOSE, "{}", step["key"]);
            (low < high).then(|| bottom + (top - bottom) * (after[own] - low) / (high - low))
        }),
        "great_circle" => all().map(|degrees| {
            let [latitude, longitude, other, there] = [0, 1, 2, 3].map(|place| degrees[place].to_radians());
            let cosine = latitude.sin() * other.sin() + latitude.cos() * other.cos() * (longitude - there).cos();
            number(step, "radius") * cosine.acos()
        }),
        "line" => x(0).map(|x| {
            let [n, sum_x, sum_y, sum_xx, sum_xy] = ["count", "sum_x", "sum_y", "sum_xx", "sum_xy"].map(|name| number(step, name));
            let slope = (n * sum_xy - sum_x * sum_y) / (n * sum_xx - sum_x * sum_x);
            (sum_y - slope * sum_x) / n + slope * x
        }),
        other => panic!("an operation that nobody has told of: {other}"),
    };
    let printed = step["value"].as_f64();
    let same = match (found, printed) {
        (None, None) => true,
        (Some(found), Some(printed)) => (found - printed).abs() <= CLOSE * printed.abs().max(1.0),
        _ => false,
    };
    assert!(same, "{}: {found:?} by hand, {printed:?} printed", step["key"]);
    found
}

/// The weight of an input: its own chain where it has one.
fn weight(input: &Value) -> f64 {
    let chain = &input["weight_chain"];
    if chain.is_null() { input["weight"].as_f64().unwrap_or(1.0) } else { evaluated(chain).unwrap() }
}

/// The number in the text of a cell.
fn cell(cell: &Value) -> Option<f64> {
    match cell["text"].as_str().unwrap() {
        "true" => Some(1.0),
        "false" => Some(0.0),
        text => text.parse().ok(),
    }
}

/// Every cell of a JSON value.
fn cells<'a>(value: &'a Value, found: &mut Vec<&'a Value>) {
    match value {
        Value::Object(fields) if fields.contains_key("table") && fields.contains_key("column") => found.push(value),
        Value::Object(fields) => fields.values().for_each(|inner| cells(inner, found)),
        Value::Array(values) => values.iter().for_each(|inner| cells(inner, found)),
        _ => {}
    }
}

pub(crate) fn json(explanation: &Explanation) -> Value {
    serde_json::from_str(&serde_json::to_string_pretty(explanation).unwrap()).unwrap()
}

#[test]
fn fifty_scores_computed_by_hand_from_the_printed_figures_are_the_runs() {
    let (config, figures, analyses) = bundled();
    let mut random = rand_chacha::ChaCha8Rng::seed_from_u64(70);
    let contexts: Vec<Context> = analyses.iter().map(|analysis| Context::new(analysis, config, figures, Language::Swedish)).collect();
    let (mut operations, mut kinds, mut seen) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    while seen.len() < 50 {
        let context = &contexts[random.random_range(0..contexts.len())];
        let rankings = &context.analysis.markets.rankings;
        let ranking = &rankings[random.random_range(0..rankings.len())];
        let list = ranking.weighting.clone().unwrap_or_else(|| "likely".to_owned());
        // Two of three are of an occupation, the third of an area.
        let (market, subject, score) = if random.random_range(0..3) < 2 {
            let fit = &ranking.fits[random.random_range(0..ranking.fits.len())];
            (fit.market, Subject::Occupation(fit.occupation), fit.score)
        } else {
            let row = &ranking.scores[random.random_range(0..ranking.scores.len())];
            (row.market, Subject::Area(row.area.clone()), row.score)
        };
        let Some(score) = score else { continue };
        if !seen.insert((context.analysis.county, list.clone(), market, format!("{subject:?}"))) {
            continue;
        }
        let explanation = explain(context, &list, market, &subject).unwrap_or_else(|error| panic!("{market:?} {subject:?}: {error}"));
        let value = json(&explanation);
        let by_hand = evaluated(&value["chain"]).unwrap();
        assert!((by_hand - score).abs() < CLOSE, "{market:?} {subject:?} {list}: {by_hand} by hand, {score} in the run");
        assert_eq!(explanation.score.map(f64::to_bits), Some(score.to_bits()));
        for other in ["coverage", "demand"] {
            if !value[other].is_null() {
                evaluated(&value[other]);
            }
        }
        kinds.insert((market.kind(), matches!(subject, Subject::Area(_)), ranking.weighting.clone()));
        explanation.chain.as_ref().unwrap().walk("", &mut |_, step| {
            operations.insert(serde_json::to_value(&step.operation).unwrap()["operation"].as_str().unwrap().to_owned());
        });
        assert!(explanation.check.compared > 5 && explanation.check.largest_difference <= CLOSE, "{:?}", explanation.check);
    }
    // All kinds of score, and the operations that only some of them have.
    assert_eq!(kinds.len(), 8, "{kinds:?}");
    for operation in ["treated_min_max", "great_circle", "line", "scale", "pay_points", "quartile", "points", "weighted_geometric_mean"] {
        assert!(operations.contains(operation), "{operation} is not among {operations:?}");
    }
}

#[test]
fn every_cell_is_the_one_that_stands_in_its_table_on_its_line() {
    let (config, figures, analyses) = bundled();
    let context = Context::new(&analyses[0], config, figures, Language::English);
    let nurse = Subject::Occupation(config.codes.ssyk("2221", "test").unwrap());
    let mut compared = 0;
    for code in ["PL", "PH", "22"] {
        let market = find_market(config, analyses[0].county, code).unwrap();
        let value = json(&explain(&context, "balanced", market, &nurse).unwrap());
        let mut found = Vec::new();
        cells(&value, &mut found);
        let sources: BTreeSet<&str> = value["sources"].as_array().unwrap().iter().map(|source| source["source"].as_str().unwrap()).collect();
        for cell in found {
            let table = cell["table"].as_str().unwrap();
            let file = std::fs::read_to_string(crate::home().join(format!("data/bundled/{table}.csv"))).unwrap();
            let mut reader = csv::Reader::from_reader(file.as_bytes());
            let header = reader.headers().unwrap().clone();
            assert!(sources.contains(cell["source"].as_str().unwrap()), "{cell}");
            let Some(line) = cell["line"].as_u64() else { continue };
            let record = reader.records().map(Result::unwrap).find(|record| record.position().unwrap().line() == line).unwrap();
            let column = |name: &str| record.get(header.iter().position(|column| column == name).unwrap()).unwrap();
            assert_eq!(column(cell["column"].as_str().unwrap()), cell["text"].as_str().unwrap(), "{cell}");
            assert_eq!(column("source"), cell["source"].as_str().unwrap());
            compared += 1;
        }
        for source in value["sources"].as_array().unwrap() {
            assert_eq!(source["sha256"].as_str().unwrap().len(), 64);
            assert!(source["url"].as_str().unwrap().starts_with("http"));
        }
    }
    assert!(compared > 60, "{compared}");
}

#[test]
fn a_place_is_told_with_its_interval_and_who_stands_beside() {
    let mut config = crate::config();
    let figures = crate::figures(&config);
    let county = config.codes.county("23", "test").unwrap();
    malmarknad::settings::keep_areas(&mut config, &["vard_omsorg".to_owned()]).unwrap();
    let mut analysis = analyse(&figures, &config, county, 2026).unwrap();
    assess(&mut analysis, &figures, &config, Effort { replicates: 64, sensitivity_rows: 0, seed: 70 }).unwrap();
    let context = Context::new(&analysis, &config, &figures, Language::Swedish);
    let ranking = analysis.markets.ranking(MarketKind::Country, "likely").unwrap();
    let row = ranking.scores.iter().find(|row| row.uncertainty.as_ref().is_some_and(|doubt| doubt.place == 5)).unwrap();
    let found = explain(&context, "likely", row.market, &Subject::Area("vard_omsorg".to_owned())).unwrap();
    let standing = found.standing.clone().unwrap();
    let doubt = row.uncertainty.as_ref().unwrap();
    assert_eq!((standing.place, standing.tier, standing.replicates), (Some(5), Some(doubt.tier), Some(64)));
    assert_eq!((standing.rank_p05, standing.rank_p95), (Some(doubt.p05), Some(doubt.p95)));
    let same: Vec<&str> = ranking
        .scores
        .iter()
        .filter(|other| other.market != row.market && other.uncertainty.as_ref().is_some_and(|other| other.tier == doubt.tier))
        .map(|other| other.market.code())
        .collect();
    assert_eq!(standing.tier_members, Some(same.len() as u32 + 1));
    for code in &same {
        assert!(standing.beside.iter().any(|other| other.code == *code && other.same_tier == Some(true)), "{code}");
    }
    for other in &standing.beside {
        assert!(other.behind.is_some_and(|share| (0.0..=1.0).contains(&share)), "{other:?}");
        assert_eq!(other.same_tier, Some(same.contains(&other.code.as_str())), "{other:?}");
    }
    assert!(found.answer.contains(&format!("Grupp {}", doubt.tier)), "{}", found.answer);
}

#[test]
fn who_is_not_ranked_is_told_why_with_the_cells() {
    let (config, figures, analyses) = bundled();
    let analysis = &analyses[0];
    let context = Context::new(analysis, config, figures, Language::English);
    let market = |text: &str| find_market(config, analysis.county, text).unwrap();
    let nurse = Subject::Occupation(config.codes.ssyk("2221", "test").unwrap());
    // On the WHO list: the list's row, and the score all the same.
    let who = figures.who_list.keys().find(|country| analysis.supply.countries.contains(country)).unwrap();
    let found = explain(&context, "likely", Market::Country(*who), &nurse).unwrap();
    let gate = found.gate.unwrap();
    assert_eq!((gate.letter.as_str(), found.ranked), ("D", false));
    assert_eq!(gate.steps[0].cells[0].table, "who_safeguards");
    assert!(found.reason.unwrap().contains("WHO list of 2023"));
    // Below the pay floor: the pay's cell and the floor.
    let closed = analysis.markets.rankings[0].fits.iter().find(|fit| fit.gate == Some(malmarknad::ethics::Gate::NoPermitRoute)).unwrap();
    let found = explain(&context, "likely", closed.market, &Subject::Occupation(closed.occupation)).unwrap();
    let gate = found.gate.unwrap();
    let floor = config.permit_rules.pay_floor.floor;
    assert_eq!(gate.letter, "E");
    assert!(gate.steps[0].value.or(gate.steps[1].value).unwrap() < floor && gate.steps[2].value == Some(floor), "{:?}", gate.steps);
    // On the project's list, and too small: no chain, the reason first.
    let found = explain(&context, "likely", market("Russia"), &nurse).unwrap();
    assert!(found.chain.is_none() && found.reason.unwrap().contains("markets.toml not_recruited.countries.RU"));
    let found = explain(&context, "likely", market("andorra"), &nurse).unwrap();
    assert!(found.chain.is_none() && found.reason_cells[0].table == "population", "{}", found.answer);
    // An occupation that is not short: its points, no fit.
    let other = analysis.demand.occupations.values().find(|row| row.rating == malmarknad::demand::Rating::NoShortage).unwrap();
    let found = explain(&context, "likely", market("PL"), &Subject::Occupation(other.occupation)).unwrap();
    assert_eq!(found.demand.unwrap().value, other.points);
    assert!(found.chain.is_none() && found.answer.contains("no shortage"), "{}", found.answer);
}

#[test]
fn the_rating_in_force_is_told_and_whose_word_it_is() {
    let (config, figures, analyses) = bundled();
    let county = analyses[0].county;
    let [short, safe] = ["8341", "2221"].map(|code| config.codes.ssyk(code, "test").unwrap());
    let poland = find_market(config, county, "PL").unwrap();
    let mut config = config.clone();
    for (occupation, rating) in [(short, Word::Shortage), (safe, Word::NoShortage)] {
        config.evidence.push(malmarknad::evidence::Evidence {
            county,
            occupation,
            rating,
            who: "Skogschef, Provbolaget".to_owned(),
            date: jiff::civil::date(2026, 3, 1),
            reason: "sju platser har stått obesatta.".to_owned(),
        });
    }
    let analysis = analyse(figures, &config, county, 2026).unwrap();
    let alone = |code| analyses[0].demand.occupations[&code].rating;
    for language in [Language::Swedish, Language::English] {
        let context = Context::new(&analysis, &config, figures, language);
        let found = explain(&context, "likely", poland, &Subject::Occupation(short)).unwrap();
        let [rating] = found.ratings.as_slice() else { panic!("{:?}", found.ratings) };
        assert_eq!((rating.rating.as_str(), rating.of_figures.as_str()), ("brist", alone(short).as_str()));
        assert_ne!(rating.rating, rating.of_figures);
        let evidence = rating.evidence.as_ref().unwrap();
        assert_eq!((evidence.who.as_str(), evidence.date.as_str()), ("Skogschef, Provbolaget", "2026-03-01"));
        let shown = text(&found, false).split_whitespace().collect::<Vec<_>>().join(" ");
        let told = match language {
            Language::Swedish => [
                "brist enligt Skogschef, Provbolaget (1 mars 2026). Skäl: sju platser har stått obesatta. Uppgifterna ensamma ger: kan inte bedömas.",
                "brist från 2 poäng",
            ],
            Language::English => [
                "shortage according to Skogschef, Provbolaget (1 March 2026). Reason: sju platser har stått obesatta. The figures alone give: cannot be assessed.",
                "in Swedish as they were written",
            ],
        };
        assert!(told.iter().all(|words| shown.contains(words)), "{shown}");
        // An occupation that evidence takes out is explained by it.
        let found = explain(&context, "likely", poland, &Subject::Occupation(safe)).unwrap();
        assert!(found.chain.is_none() && found.answer.contains("Skogschef, Provbolaget"), "{}", found.answer);
        assert_eq!((found.ratings[0].rating.as_str(), found.ratings[0].of_figures.as_str()), ("ingen brist", alone(safe).as_str()));
        // An area tells those that evidence sets, also one that is no longer in its score.
        let area = config.areas.iter().find(|area| area.occupations.contains_key(&safe)).unwrap();
        let found = explain(&context, "likely", poland, &Subject::Area(area.key.clone())).unwrap();
        assert_eq!(found.ratings.iter().map(|rating| rating.occupation.code.as_str()).collect::<Vec<_>>(), ["2221"]);
        assert!(text(&found, false).contains("2221 ") && text(&found, false).contains("Provbolaget"));
    }
    // Where nobody has said anything, the figures' rating is in force.
    let context = Context::new(&analyses[0], &config, figures, Language::Swedish);
    let found = explain(&context, "likely", poland, &Subject::Occupation(safe)).unwrap();
    assert!(found.ratings[0].evidence.is_none() && found.ratings[0].rating == found.ratings[0].of_figures);
    // What the method leaves out has no rating.
    let officer = Subject::Occupation(config.codes.ssyk("0110", "test").unwrap());
    let found = explain(&context, "likely", poland, &officer).unwrap();
    assert!(found.ratings.is_empty() && found.reason.unwrap().contains("utelämnat ur metoden"));
}

#[test]
fn what_no_figure_feeds_stands_in_the_chain_with_its_reason() {
    let (config, figures, _) = bundled();
    let county = config.codes.county("25", "test").unwrap();
    let analysis = analyse(figures, config, county, 2026).unwrap();
    let driver = Subject::Occupation(config.codes.ssyk("8331", "test").unwrap());
    let market = find_market(config, county, "24").unwrap();
    for language in [Language::Swedish, Language::English] {
        let context = Context::new(&analysis, config, figures, language);
        let found = explain(&context, "likely", market, &driver).unwrap();
        let value = json(&found);
        assert!((evaluated(&value["chain"]).unwrap() - found.score.unwrap()).abs() < CLOSE);
        let chain = found.chain.unwrap();
        let pillars: Vec<&str> = chain.inputs.iter().map(|step| step.key.as_str()).collect();
        assert_eq!(pillars, ["pillar:pool", "pillar:availability", "pillar:mobility", "pillar:feasibility"]);
        let (there, missing): (Vec<_>, Vec<_>) = chain.inputs.iter().partition(|step| step.value.is_some());
        assert!(!there.is_empty() && !missing.is_empty());
        let (before, after) = found.answer.split_once(if language == Language::Swedish { "Räknas inte med: " } else { "Not counted: " }).unwrap();
        for step in missing {
            assert!(!step.inputs.is_empty() && step.inputs.iter().all(|input| matches!(input.operation, Operation::Missing { .. })), "{step:?}");
            let Operation::Missing { reason } = &step.operation else { panic!("{step:?}") };
            let label = step.label.to_lowercase();
            assert!(!reason.is_empty() && after.contains(&format!("{label} ({reason})")) && !before.contains(&label), "{}", found.answer);
        }
    }
    // The table of indicators says the same of one.
    let own = config.codes.ssyk("8331", "test").unwrap();
    let told = analysis.markets.indicators.iter().find(|row| row.market == market && row.occupation == Some(own) && row.normalised.is_none());
    assert!(told.is_some_and(|row| row.flag.as_deref() == Some("the same everywhere: left out")), "{told:?}");
}

#[test]
fn remarks_and_sources_are_in_the_language_that_is_asked_for() {
    let (config, figures, analyses) = bundled();
    let county = analyses[0].county;
    let nurse = find_subject(config, "2221").unwrap();
    let closed = analyses[0].markets.rankings[0].fits.iter().find(|fit| fit.gate == Some(malmarknad::ethics::Gate::NoPermitRoute)).unwrap();
    let poland = find_market(config, county, "PL").unwrap();
    let pairs = [(poland, nurse.clone()), (closed.market, Subject::Occupation(closed.occupation))];
    let swedish = Context::new(&analyses[0], config, figures, Language::Swedish);
    for (market, subject) in &pairs {
        let found = explain(&swedish, "likely", *market, subject).unwrap();
        for shown in [text(&found, false), serde_json::to_string(&found).unwrap()] {
            let shown = shown.split_whitespace().collect::<Vec<_>>().join(" ");
            let english = ["sexes estimated", "both sexes only", "reliability", "to be confirmed", "anmärkning: women", "Break in series"];
            for words in english {
                assert!(!shown.contains(words), "{words}");
            }
        }
        assert!(found.sources.iter().all(|source| source.language == "sv"));
    }
    let english = Context::new(&analyses[0], config, figures, Language::English);
    for (market, subject) in &pairs {
        let found = explain(&english, "likely", *market, subject).unwrap();
        for source in &found.sources {
            let own = config.codes.english_source(&source.source).unwrap();
            assert_eq!((&source.title, &source.dataset, &source.publisher), (&own.title, &own.dataset, &own.publisher));
            assert_eq!(source.language, "en");
        }
        let shown = text(&found, false).split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(!shown.contains("(In Swedish.)") && !shown.contains("] Arbetsförmedlingen: "));
    }
    // What has no translation stays, and is marked.
    let home = crate::copied_home();
    let path = home.path().join("data/mappings/sources_en.csv");
    let list = std::fs::read_to_string(&path).unwrap();
    let fewer: String = list.lines().filter(|line| !line.starts_with("scb_yreg60,")).flat_map(|line| [line, "\n"]).collect();
    std::fs::write(&path, fewer).unwrap();
    let other = Config::read(&home.path().join("data")).unwrap();
    let found = explain(&Context::new(&analyses[0], &other, figures, Language::English), "likely", poland, &nurse).unwrap();
    let left: Vec<&str> = found.sources.iter().filter(|source| source.language == "sv").map(|source| source.source.as_str()).collect();
    assert_eq!(left, ["scb_yreg60"]);
    let shown = text(&found, false).split_whitespace().collect::<Vec<_>>().join(" ");
    assert_eq!(shown.matches("(In Swedish.)").count(), 1);
}

#[test]
fn a_chain_that_is_not_the_runs_is_refused() {
    let (config, figures, analyses) = bundled();
    let mut analysis = analyses[0].clone();
    let ranking = analysis.markets.rankings.iter_mut().find(|ranking| ranking.weighting.as_deref() == Some("likely")).unwrap();
    let fit = ranking.fits.iter_mut().find(|fit| fit.score.is_some() && fit.market.code() == "PL").unwrap();
    fit.pillars[0] = fit.pillars[0].map(|pillar| pillar + 1e-6);
    let (market, subject) = (fit.market, Subject::Occupation(fit.occupation));
    let context = Context::new(&analysis, config, figures, Language::English);
    let error = explain(&context, "likely", market, &subject).unwrap_err().to_string();
    assert!(error.contains("does not add up") && error.contains("pillar:pool"), "{error}");
    // A cell that is another than the run's is found too.
    let mut changed = figures.clone();
    let table = String::from_utf8(changed.tables["distance"].to_vec()).unwrap().replace("\nPL,", "\nPL,1");
    changed.tables.insert("distance".to_owned(), table.into_bytes().into());
    let context = Context::new(&analyses[0], config, &changed, Language::English);
    let error = explain(&context, "likely", market, &subject).unwrap_err().to_string();
    assert!(error.contains("does not add up") && error.contains("indicator:distance"), "{error}");
    changed.tables.remove("distance");
    let context = Context::new(&analyses[0], config, &changed, Language::English);
    let error = explain(&context, "likely", market, &subject).unwrap_err().to_string();
    assert!(error.contains("the table distance has no row \"PL\""), "{error}");
}

#[test]
fn names_are_found_in_both_languages_and_the_nearest_are_told() {
    let (config, _, analyses) = bundled();
    let home = analyses[0].county;
    let poland = Market::Country(config.codes.country("PL", "test").unwrap());
    for typed in ["PL", "pl", "POL", "Polen", "poland", " Poland "] {
        assert_eq!(find_market(config, home, typed).unwrap(), poland, "{typed}");
    }
    let north = Market::County(config.codes.county("22", "test").unwrap());
    for typed in ["22", "Västernorrlands län", "västernorrland"] {
        assert_eq!(find_market(config, home, typed).unwrap(), north, "{typed}");
    }
    let nurse = Subject::Occupation(config.codes.ssyk("2221", "test").unwrap());
    for typed in ["2221", "Grundutbildade sjuksköterskor"] {
        assert_eq!(find_subject(config, typed).unwrap(), nurse, "{typed}");
    }
    for typed in ["vard_omsorg", "vard-omsorg", "Vård och omsorg"] {
        assert_eq!(find_subject(config, typed).unwrap(), Subject::Area("vard_omsorg".to_owned()), "{typed}");
    }
    let refused = |typed: &str| find_market(config, home, typed).unwrap_err().to_string();
    assert!(refused("Polne").contains("PL Polen / Poland"), "{}", refused("Polne"));
    assert!(refused("Vesternorrland").contains("22 Västernorrlands län"), "{}", refused("Vesternorrland"));
    for own in ["SE", "Sverige", "23", "Jämtlands län"] {
        assert!(refused(own).contains("is no target market"), "{own}");
    }
    let refused = |typed: &str| find_subject(config, typed).unwrap_err().to_string();
    assert!(refused("sjukskötaren").contains("sjuksköterskor"), "{}", refused("sjukskötaren"));
    assert!(refused("vardomsorg").contains("vard_omsorg"), "{}", refused("vardomsorg"));
    assert!(refused("2229").contains("222"), "{}", refused("2229"));
}

#[test]
fn what_is_typed_and_what_files_hold_is_inert() {
    let (config, figures, analyses) = bundled();
    let home = analyses[0].county;
    let long = "å".repeat(100_000);
    for typed in ["", "\u{1b}[31mred", "a\u{202e}b\u{0}c", "<script>", "'; drop table", long.as_str()] {
        for error in [find_market(config, home, typed).unwrap_err().to_string(), find_subject(config, typed).unwrap_err().to_string()] {
            assert!(error.chars().count() < 600, "{}", error.len());
            assert!(!error.replace('\n', "").chars().any(|character| character.is_control() || character == '\u{202e}'), "{error:?}");
        }
    }
    let mut hostile = config.clone();
    for area in &mut hostile.areas {
        area.name = "\u{1b}[2J<b>\u{202e}x\n\ny".to_owned();
    }
    let context = Context::new(&analyses[0], &hostile, figures, Language::Swedish);
    let ranking = &analyses[0].markets.ranking(MarketKind::Country, "likely").unwrap();
    let row = ranking.scores.iter().find(|row| row.score.is_some()).unwrap();
    let found = explain(&context, "likely", row.market, &Subject::Area(row.area.clone())).unwrap();
    for shown in [text(&found, false), text(&found, true), serde_json::to_string(&found).unwrap()] {
        assert!(!shown.contains('\u{1b}') && !shown.contains('\u{202e}'));
    }
}

#[test]
fn the_text_fits_and_holds_the_numbers_of_the_json_in_full() {
    let (config, figures, analyses) = bundled();
    let analysis = &analyses[0];
    for (language, list, code, subject) in [
        (Language::Swedish, "likely", "PL", "2221"),
        (Language::English, "balanced", "PH", "2221"),
        (Language::Swedish, "potential", "UG", "vard_omsorg"),
        (Language::English, "likely", "22", "2221"),
        (Language::English, "likely", "22", "upplevelser"),
    ] {
        let context = Context::new(analysis, config, figures, language);
        let market = find_market(config, analysis.county, code).unwrap();
        let found = explain(&context, list, market, &find_subject(config, subject).unwrap()).unwrap();
        for full in [false, true] {
            let shown = text(&found, full);
            for line in shown.lines() {
                let longest = line.split(' ').map(|word| word.chars().count()).max().unwrap_or(0);
                assert!(line.chars().count() <= 100 || longest > 60, "{} columns: {line}", line.chars().count());
            }
            // As if on one line, since a number never breaks but its sentence does.
            let flat = shown.split_whitespace().collect::<Vec<_>>().join(" ");
            // The chain's own number, which may differ from the run's in its last bit.
            let score = found.chain.as_ref().and_then(|chain| chain.value).unwrap();
            assert!(flat.contains(&score.to_string()), "{code} {subject}");
            if full || found.subject.kind == "occupation" {
                found.chain.as_ref().unwrap().walk("", &mut |path, step| {
                    let is_peer = path.contains("county:") && !path.contains(&format!("county:{code}"));
                    let is_term = path.contains("all_groups");
                    if let Some(value) = step.value.filter(|_| !is_peer && !is_term && !path.contains("key_weight")) {
                        assert!(flat.contains(&value.to_string()), "{path}: {value} is not in the text");
                    }
                    if !is_peer && !is_term {
                        for cell in &step.cells {
                            assert!(flat.contains(&cell.text) && flat.contains(&cell.row), "{path}: {cell:?} is not in the text");
                        }
                    }
                });
            }
            for source in &found.sources {
                assert!(shown.contains(&source.url) && shown.contains(&source.sha256), "{}", source.source);
            }
        }
    }
}

#[test]
fn the_text_of_one_score_is_what_it_was() {
    let (config, figures, analyses) = bundled();
    let context = Context::new(&analyses[0], config, figures, Language::Swedish);
    let market = find_market(config, analyses[0].county, "PL").unwrap();
    let found = explain(&context, "likely", market, &find_subject(config, "2221").unwrap()).unwrap();
    let shown = text(&found, false);
    let path = crate::home().join("tests/it/fixtures/explain_pl_2221.txt");
    if std::env::var_os("MALMARKNAD_BLESS").is_some() {
        std::fs::write(&path, &shown).unwrap();
    }
    let kept = std::fs::read_to_string(path).unwrap();
    assert_eq!(shown, kept, "if the change is meant: MALMARKNAD_BLESS=1 cargo test explain");
    // Both languages say the same lines.
    let english = Context::new(&analyses[0], config, figures, Language::English);
    let other = text(&explain(&english, "likely", market, &find_subject(config, "2221").unwrap()).unwrap(), false);
    assert!(other.contains("Workforce") && !other.contains("Antal i yrket"));
    assert_eq!(shown.matches("· ").count(), other.matches("· ").count());
}

#[test]
fn the_schema_beside_the_others_is_that_of_the_program_and_the_json_keeps_to_it() {
    let committed = std::fs::read_to_string(crate::home().join("data/schema/explain.json")).unwrap();
    let committed: Value = serde_json::from_str(&committed).unwrap();
    assert_eq!(committed, malmarknad::explain::schema(), "make it again: malmarknad config schema explain > data/schema/explain.json");
    // What the command prints reads back to the same explanation, and its fields are those of the schema.
    let output = crate::malmarknad().args(["explain", "Polen", "2221", "--json", "--quiet"]).assert().success().get_output().stdout.clone();
    let value: Value = serde_json::from_slice(&output).unwrap();
    let fields: BTreeSet<&String> = value.as_object().unwrap().keys().collect();
    let known: BTreeSet<&String> = committed["properties"].as_object().unwrap().keys().collect();
    assert_eq!(fields, known);
    let read: Explanation = serde_json::from_value(value.clone()).unwrap();
    assert_eq!(serde_json::to_value(&read).unwrap(), value);
    assert_eq!(value["format"], "malmarknad-explanation-1");
    assert!((evaluated(&value["chain"]).unwrap() - value["score"].as_f64().unwrap()).abs() < CLOSE);
}

#[test]
fn the_command_explains_an_area_and_refuses_what_it_does_not_know() {
    let area = crate::malmarknad().args(["explain", "PL", "vard_omsorg", "--replicates", "64", "--lang", "en", "--quiet"]).assert().success();
    let shown = String::from_utf8(area.get_output().stdout.clone()).unwrap();
    assert!(shown.contains("The place") && shown.contains("over 64 replicates") && shown.contains("beside it:"), "{shown}");
    for (arguments, told) in [
        (["explain", "Atlantis", "2221"], "the nearest are"),
        (["explain", "PL", "trollkarl"], "neither an area nor an occupation"),
        (["explain", "SE", "2221"], "is no target market"),
    ] {
        let output = crate::malmarknad().args(arguments).assert().code(1).get_output().stderr.clone();
        let shown = String::from_utf8(output).unwrap();
        assert!(shown.contains(told) && shown.contains("hint:"), "{shown}");
    }
    let output = crate::malmarknad().args(["explain", "PL", "2221", "--weighting", "lucky"]).assert().code(1).get_output().stderr.clone();
    assert!(String::from_utf8(output).unwrap().contains("balanced, likely, potential"));
    // Counties have weights of their own: who asks for others is told that they change nothing.
    let own = "counties have weights of their own";
    for (arguments, is_told) in [
        (vec!["explain", "22", "2221", "--weighting", "balanced"], true),
        (vec!["explain", "22", "2221"], false),
        (vec!["explain", "PL", "2221", "--weighting", "balanced"], false),
        (vec!["rank", "2221", "--market", "county", "--weighting", "potential"], true),
        (vec!["rank", "2221", "--market", "county"], false),
        (vec!["rank", "2221", "--weighting", "potential"], false),
    ] {
        let output = crate::malmarknad().args(&arguments).assert().success().get_output().stderr.clone();
        assert_eq!(String::from_utf8(output).unwrap().contains(own), is_told, "{arguments:?}");
    }
    for list in LISTS {
        crate::malmarknad().args(["explain", "DE", "2221", "--weighting", list, "--quiet"]).assert().success();
    }
}

/// The number in a cell of a page.
fn shown(cell: &Cell) -> Option<f64> {
    match cell {
        Cell::Number { value, .. } => Some(*value),
        Cell::Count(count) => Some(*count as f64),
        _ => None,
    }
}

#[test]
fn the_numbers_of_a_countrys_page_are_read_again() {
    let config = crate::config();
    let (analysis, figures) = crate::report::analysed(&config);
    for language in [Language::Swedish, Language::English] {
        let documents = documents(&crate::report::context(&analysis, &figures, &config, language)).unwrap();
        let pages: Vec<_> = documents.iter().filter(|document| document.stem.starts_with("land-")).collect();
        assert!(pages.len() > 5);
        for document in pages {
            let mut inside = false;
            let mut tables: Vec<&Table> = Vec::new();
            for block in document.parts() {
                match block {
                    Block::Heading { level: 2, anchor, .. } => inside = anchor == "sa-raknade-vi",
                    Block::Table(table) if inside => tables.push(table),
                    Block::Note(text) => assert!(!inside, "{}: {}", document.stem, text.plain()),
                    _ => {}
                }
            }
            let [area, steps, cells] = tables.as_slice() else { panic!("{}: {} tables", document.stem, tables.len()) };
            let all: f64 = area.grid.rows.iter().map(|row| shown(&row[1]).unwrap() * shown(&row[2]).unwrap() * shown(&row[3]).unwrap()).sum();
            let (mut sum, mut whole) = (0.0, 0.0);
            for row in &area.grid.rows {
                let [need, volume, part, weight] = [1, 2, 3, 4].map(|column| shown(&row[column]).unwrap());
                assert!((need * volume * part / all * 100.0 - weight).abs() < CLOSE, "{}: {row:?}", document.stem);
                if let Some(fit) = shown(&row[5]) {
                    sum += weight * fit;
                    whole += weight;
                }
            }
            let score = sum / whole;
            assert!(area.title.contains(&language.number(score, 1)), "{}: {score}, but {}", document.stem, area.title);
            let ranking = ["likely", "potential"].map(|list| analysis.markets.ranking(MarketKind::Country, list).unwrap());
            let code = document.stem.trim_start_matches("land-").to_uppercase();
            let mut rows = ranking.iter().flat_map(|ranking| &ranking.scores).filter(|row| row.market.code() == code);
            assert!(rows.any(|row| row.score.is_some_and(|own| (own - score).abs() < CLOSE)), "{}: {score}", document.stem);
            // The pillars give the fit, the indicators the pillars.
            let under = |beginning: &str| -> Vec<(f64, f64)> {
                let inputs = steps.grid.rows.iter().filter(|row| {
                    let Cell::Text(number) = &row[0] else { return false };
                    number.strip_prefix(beginning).and_then(|rest| rest.strip_prefix('.')).is_some_and(|rest| !rest.contains('.'))
                });
                inputs.filter_map(|row| Some((shown(&row[2])?, shown(&row[3])?))).collect()
            };
            let own =
                |number: &str| steps.grid.rows.iter().find(|row| row[0] == Cell::Text(number.to_owned())).and_then(|row| shown(&row[3])).unwrap();
            let pillars = under("1");
            let whole: f64 = pillars.iter().map(|(weight, _)| weight).sum();
            let fit = (pillars.iter().map(|(weight, value)| weight * value.ln()).sum::<f64>() / whole).exp();
            assert!((fit - own("1")).abs() < CLOSE, "{}: {fit}", document.stem);
            for pillar in 1..=pillars.len() {
                let number = format!("1.{pillar}");
                let indicators = under(&number);
                let whole: f64 = indicators.iter().map(|(weight, _)| weight).sum();
                let mean = indicators.iter().map(|(weight, value)| weight * value).sum::<f64>() / whole;
                assert!((mean - own(&number)).abs() < CLOSE, "{} {number}: {mean}", document.stem);
            }
            // At the least the share, the employed and two figures of the whole country.
            assert!(cells.grid.rows.len() > 3, "{}: {} cells", document.stem, cells.grid.rows.len());
            for row in &cells.grid.rows {
                let (Cell::Text(place), Cell::Text(key)) = (&row[1], &row[2]) else { panic!("{row:?}") };
                let (table, column) = place.split_once(", ").unwrap();
                let mut reader = csv::Reader::from_reader(&*figures.tables[table]);
                let header = reader.headers().unwrap().clone();
                let text = |record: &csv::StringRecord, name: &str| record[header.iter().position(|column| column == name).unwrap()].to_owned();
                // A value of a key may hold spaces (a region's name), so each column is asked for.
                let names: Vec<&str> = header.iter().filter(|name| key.contains(&format!("{name}="))).collect();
                let written = |record: &csv::StringRecord| names.iter().all(|name| key.contains(&format!("{name}={}", text(record, name))));
                let found = reader.records().map(Result::unwrap).find(|record| written(record)).unwrap_or_else(|| panic!("{place} {key}"));
                if let Some(number) = shown(&row[3]) {
                    assert!((text(&found, column).parse::<f64>().unwrap() - number).abs() < CLOSE, "{place} {key}: {number}");
                }
            }
        }
    }
}
