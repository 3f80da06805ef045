//! What must hold for any index, whatever its data.

#![allow(clippy::float_cmp)] // published counts and bits are compared exactly

use proptest::prelude::*;

use malmarknad::index::Table;
use malmarknad::index::aggregate::{Aggregation, Penalty};
use malmarknad::index::assess::assess;
use malmarknad::index::chain::run;
use malmarknad::index::factor::{Factor, WeightSpread};
use malmarknad::index::impute::Imputation;
use malmarknad::index::leave_out::leave_one_out;
use malmarknad::index::method::{Aggregating, Method, Normalising, Plan, Treatment};
use malmarknad::index::normalise::{Direction, Normalisation};
use malmarknad::index::perturb::Perturbation;
use malmarknad::index::profile::profile;
use malmarknad::index::screen::Screening;
use malmarknad::index::statistics::{CorrelationKind, StatisticsLimits, correlations, cronbach_alpha, describe};
use malmarknad::index::structure::{Aggregate, Grouping, IndexInput, Indicator};
use malmarknad::index::treat::{TreatmentRule, TreatmentStep};
use malmarknad::index::uncertainty::{Design, uncertainty};
use malmarknad::index::weight::{WeightSource, Weighting};

/// An index of `columns` indicators in two pillars and a top.
fn index_of(units: usize, columns: usize, values: Vec<f64>) -> IndexInput {
    let pillar = |code: &str| Aggregate { code: code.into(), level: 2, parent: Some("top".into()), weight: 1.0 };
    let indicators = (0..columns)
        .map(|column| Indicator {
            code: format!("i{column}"),
            parent: Some(if column % 2 == 0 { "even" } else { "odd" }.into()),
            direction: if column % 3 == 2 { Direction::Down } else { Direction::Up },
            weight: 1.0 + column as f64,
            denominator: None,
            target: None,
        })
        .collect();
    IndexInput {
        units: (0..units).map(|unit| format!("u{unit}")).collect(),
        indicators,
        values: Table { rows: units, columns, values },
        aggregates: vec![pillar("even"), pillar("odd"), Aggregate { code: "top".into(), level: 3, parent: None, weight: 1.0 }],
        denominators: Vec::new(),
        groups: vec![Grouping { code: "half".into(), of: (0..units).map(|unit| (unit % 5 != 4).then(|| (unit % 2).to_string())).collect() }],
    }
}

fn normalisations() -> Vec<Normalisation> {
    vec![
        Normalisation::MinMax { range: [1.0, 100.0] },
        Normalisation::ZScore { mean: 100.0, deviation: 1.0 },
        Normalisation::Rank,
        Normalisation::Goalposts { low: -50.0, high: 50.0, range: [1.0, 100.0], clip: true },
        Normalisation::AroundReference { reference: 2.0, range: [70.0, 130.0] },
        Normalisation::PercentileRank,
        Normalisation::Borda,
        Normalisation::Scaled { from: [-2000.0, 2000.0], factor: 100.0 },
        Normalisation::DistanceToMax,
        Normalisation::FractionOfMax,
        Normalisation::DistanceToTarget { target: Some(3.0), cap: true },
        Normalisation::DistanceToReference { unit: "u0".into(), cap: false },
        Normalisation::None,
    ]
}

fn aggregations() -> Vec<Aggregation> {
    vec![
        Aggregation::Arithmetic,
        Aggregation::Geometric,
        Aggregation::Harmonic,
        Aggregation::Power { exponent: 0.5 },
        Aggregation::Copeland,
        Aggregation::Ampi { penalty: Penalty::Down },
    ]
}

fn treated() -> Treatment {
    Treatment::default()
}

fn method(normalisation: Normalisation, aggregation: Aggregation, treat: impl Into<Option<Treatment>>) -> Method {
    Method {
        treat: treat.into(),
        normalise: Normalising { all: normalisation, ..Normalising::default() },
        aggregate: Aggregating { levels: vec![aggregation], ..Aggregating::default() },
        ..Method::default()
    }
}

fn close(left: &[f64], right: &[f64]) -> bool {
    left.iter().zip(right).all(|(a, b)| (a.is_nan() && b.is_nan()) || (a - b).abs() <= 1e-9 * (1.0 + a.abs()))
}

/// Units × columns of tame values: complete, 5 to 14 units, 3 to 7 indicators, some values large.
fn tame() -> impl Strategy<Value = (usize, usize, Vec<f64>)> {
    (5_usize..15, 3_usize..8).prop_flat_map(|(units, columns)| {
        let value = prop_oneof![9 => -40.0_f64..40.0, 1 => 500.0_f64..1000.0];
        (Just(units), Just(columns), prop::collection::vec(value, units * columns))
    })
}

/// Values as bad as they come.
fn wild() -> impl Strategy<Value = (usize, usize, Vec<f64>)> {
    (1_usize..9, 3_usize..8).prop_flat_map(|(units, columns)| {
        let value = prop_oneof![
            4 => -5.0_f64..5.0,
            3 => Just(f64::NAN),
            3 => Just(0.0),
            2 => Just(1.0),
            1 => Just(-0.0),
            1 => Just(1e149),
            1 => Just(-1e149),
            1 => Just(5e-324),
        ];
        (Just(units), Just(columns), prop::collection::vec(value, units * columns))
    })
}

proptest! {
    #[test]
    fn an_order_preserving_transform_keeps_every_score_made_of_ranks((units, columns, values) in tame()) {
        let index = index_of(units, columns, values.clone());
        let bent = index_of(units, columns, values.iter().map(|value| (value / 100.0).exp() * 3.0 - 1.0).collect());
        for normalisation in [Normalisation::Rank, Normalisation::PercentileRank, Normalisation::Borda] {
            for aggregation in [Aggregation::Arithmetic, Aggregation::Copeland] {
                let method = method(normalisation.clone(), aggregation, None);
                prop_assert_eq!(run(&index, &method).unwrap().ranks(), run(&bent, &method).unwrap().ranks());
            }
        }
    }

    #[test]
    fn a_change_of_unit_keeps_everything((units, columns, values) in tame(), factor in 1e-3_f64..1e3, shift in -100.0_f64..100.0) {
        let index = index_of(units, columns, values.clone());
        let moved = index_of(units, columns, values.iter().map(|value| value * factor + shift).collect());
        let ways = [
            Normalisation::MinMax { range: [1.0, 100.0] },
            Normalisation::ZScore { mean: 100.0, deviation: 1.0 },
            Normalisation::Rank,
            Normalisation::DistanceToMax,
            Normalisation::DistanceToReference { unit: "u0".into(), cap: true },
        ];
        for way in ways {
            for aggregation in [Aggregation::Arithmetic, Aggregation::Power { exponent: 2.0 }] {
                let Ok(before) = run(&index, &method(way.clone(), aggregation, treated())) else { continue };
                let after = run(&moved, &method(way.clone(), aggregation, treated())).unwrap();
                prop_assert!(close(&before.scores(), &after.scores()), "{way:?}");
            }
        }
    }

    #[test]
    fn a_change_of_unit_turned_with_the_goalposts_keeps_everything((units, columns, values) in tame()) {
        let posts = |factor: f64| Normalisation::Goalposts {
            low: -30.0 * factor, high: 35.0 * factor, range: [1.0, 100.0], clip: true,
        };
        let index = index_of(units, columns, values.clone());
        let moved = index_of(units, columns, values.iter().map(|value| value * 11.3).collect());
        let before = run(&index, &method(posts(1.0), Aggregation::Geometric, None)).unwrap();
        let after = run(&moved, &method(posts(11.3), Aggregation::Geometric, None)).unwrap();
        prop_assert!(close(&before.scores(), &after.scores()));
    }

    #[test]
    fn permuting_units_permutes_results_to_the_bit((units, columns, values) in tame(), by in 1_usize..5) {
        let order: Vec<usize> = (0..units).map(|unit| (unit + by) % units).rev().collect();
        let index = index_of(units, columns, values);
        let mut shuffled = index.clone();
        shuffled.values = index.values.select_rows(&order);
        shuffled.units = order.iter().map(|unit| index.units[*unit].clone()).collect();
        for normalisation in normalisations() {
            for aggregation in aggregations() {
                let method = method(normalisation.clone(), aggregation, treated());
                match (run(&index, &method), run(&shuffled, &method)) {
                    (Ok(before), Ok(after)) => {
                        let (before, after) = (before.scores(), after.scores());
                        for (row, unit) in order.iter().enumerate() {
                            prop_assert_eq!(before[*unit].to_bits(), after[row].to_bits(), "{:?}", &method);
                        }
                    }
                    (Err(_), Err(_)) => {}
                    _ => prop_assert!(false, "one order can be computed and the other not: {method:?}"),
                }
            }
        }
    }

    #[test]
    fn an_indicator_twice_at_half_weight_changes_nothing((units, columns, values) in tame(), which in 0_usize..3) {
        let index = index_of(units, columns, values);
        let mut twice = index.clone();
        twice.indicators[which].weight /= 2.0;
        let mut copy = twice.indicators[which].clone();
        copy.code = "copy".into();
        twice.indicators.push(copy);
        let mut all: Vec<Vec<f64>> = (0..columns).map(|column| index.values.column(column)).collect();
        all.push(index.values.column(which));
        twice.values = Table::from_columns(units, &all);
        let method = method(Normalisation::default(), Aggregation::Arithmetic, treated());
        prop_assert!(close(&run(&index, &method).unwrap().scores(), &run(&twice, &method).unwrap().scores()));
    }

    #[test]
    fn a_dominated_unit_never_outranks_its_dominator((units, columns, mut values) in tame(), less in prop::collection::vec(0.0_f64..9.0, 8)) {
        // Unit 1 is unit 0 made worse, or no better, everywhere.
        let directions = index_of(units, columns, values.clone());
        for column in 0..columns {
            let worse = less[column].floor() * directions.indicators[column].direction.sign();
            values[columns + column] = values[column] - worse;
        }
        let index = index_of(units, columns, values);
        let monotone = normalisations().into_iter().filter(|way| *way != Normalisation::FractionOfMax);
        for normalisation in monotone {
            for aggregation in aggregations().into_iter().filter(|way| !matches!(way, Aggregation::Ampi { .. })) {
                let Ok(done) = run(&index, &method(normalisation.clone(), aggregation, treated())) else { continue };
                if let (Some(dominator), Some(dominated)) = (done.ranks()[0], done.ranks()[1]) {
                    prop_assert!(dominator <= dominated, "{normalisation:?} {aggregation:?} {:?}", done.scores());
                }
            }
        }
        let factors = [
            Factor::Treatment { alternatives: vec![TreatmentRule::default(), TreatmentRule::none()] },
            Factor::Normalisation { alternatives: vec![Normalisation::MinMax { range: [1.0, 100.0] }, Normalisation::Rank] },
            Factor::Aggregation { alternatives: vec![vec![Aggregation::Arithmetic], vec![Aggregation::Geometric]] },
            Factor::Weights { levels: vec![1, 2], spread: WeightSpread::Dirichlet { concentration: 5.0 }, draws: 64 },
        ];
        let base = method(Normalisation::Rank, Aggregation::Arithmetic, None);
        let model = Perturbation::new(&index, &base, &factors, 1).unwrap();
        let scores = |point: &[f64], scores: &mut [f64]| model.scores(point, scores);
        let found = uncertainty(&scores, &Design { factors: 4, units, replicates: 64, seed: 1 }).unwrap();
        prop_assert!(found.beats(0, 1).unwrap() >= 0.5);
        prop_assert!(found.mean(0) <= found.mean(1));
    }

    #[test]
    fn the_worst_data_give_an_error_or_a_table_without_infinities((units, columns, values) in wild(), zero in 0_usize..9, top in any::<bool>()) {
        let mut index = index_of(units, columns, values);
        if zero < columns {
            index.indicators[zero].weight = 0.0;
        }
        if top {
            index.aggregates[0].weight = 0.0;
        }
        let sources = [
            WeightSource::Given,
            WeightSource::Equal,
            WeightSource::Pca,
            WeightSource::Optimised { wanted: [("even".to_string(), 1.0), ("odd".to_string(), 2.0)].into(), correlation: CorrelationKind::Pearson },
        ];
        for (place, normalisation) in normalisations().into_iter().enumerate() {
            for (other, aggregation) in aggregations().into_iter().enumerate() {
                let steps = [TreatmentStep::LogCtPlus, TreatmentStep::LogGii, TreatmentStep::LogCtOrig, TreatmentStep::BoxCox { lambda: 0.3, make_positive: true }];
                let mut method = method(normalisation.clone(), aggregation, treated());
                method.treat = Some(Treatment {
                    rule: TreatmentRule { then: steps[place % 4].clone(), combine: place % 2 == 0, ..TreatmentRule::default() },
                    ..Treatment::default()
                });
                method.impute = [None, Some(Imputation::Median), Some(Imputation::GroupMean { group: "half".into() })][(place + other) % 3].clone();
                method.screen = (other % 2 == 0).then(|| Screening { availability: 0.5, ..Screening::default() });
                method.weights = Weighting {
                    source: sources[other % 4].clone(),
                    levels: if other % 4 == 3 { vec![2] } else { Vec::new() },
                    ..Weighting::default()
                };
                method.aggregate.data_threshold = vec![0.5];
                match run(&index, &method) {
                    Ok(done) => {
                        for stage in &done.stages {
                            prop_assert!(stage.table.values.iter().all(|value| !value.is_infinite()), "{stage:?}");
                        }
                        let ranks = done.ranks();
                        for (score, rank) in done.scores().iter().zip(&ranks) {
                            prop_assert_eq!(score.is_nan(), rank.is_none());
                        }
                        for left in leave_one_out(&done, &method, 1) {
                            prop_assert!(left.mean_shift.is_finite());
                        }
                        let table = &done.normalised().table;
                        profile(table, 0, 3, 3, true, Some(0.1));
                        cronbach_alpha(table, &(0..columns).collect::<Vec<_>>());
                        for kind in [CorrelationKind::Pearson, CorrelationKind::Spearman, CorrelationKind::Kendall] {
                            for pair in correlations(table, &(0..columns).collect::<Vec<_>>(), kind) {
                                prop_assert!(pair.correlation.is_none_or(|r| (-1.0..=1.0).contains(&r)));
                                prop_assert!(pair.p_value.is_none_or(|p| (0.0..=1.0).contains(&p)));
                            }
                        }
                        for column in 0..columns {
                            describe(&table.column(column), &StatisticsLimits::default());
                        }
                    }
                    Err(error) => prop_assert!(error.to_string().contains("hint: ")),
                }
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn the_worst_data_can_be_assessed_or_are_refused((units, columns, values) in wild()) {
        let index = index_of(units, columns, values);
        let plan = Plan {
            factors: vec![
                Factor::Treatment { alternatives: vec![TreatmentRule::default(), TreatmentRule::by_rounds()] },
                Factor::Normalisation { alternatives: normalisations().into_iter().take(4).collect() },
                Factor::Weights { levels: vec![1, 2], spread: WeightSpread::Dirichlet { concentration: 3.0 }, draws: 16 },
                Factor::LeaveOut { level: 1, or_none: false },
                Factor::DataError { variation: 0.5, indicators: std::collections::BTreeMap::new(), draws: 40 },
            ],
            replicates: 64,
            rows: 16,
            resamples: 10,
            ..Plan::default()
        };
        let method = Method { uncertainty: Some(plan), ..method(Normalisation::default(), Aggregation::Arithmetic, treated()) };
        let Ok(done) = run(&index, &method) else { return Ok(()) };
        match assess(&index, &method, &done) {
            Ok(found) => {
                for unit in &found.units {
                    for value in [unit.median, unit.mean, unit.p05, unit.p95] {
                        prop_assert!(value.is_none_or(|rank| (1.0..=units as f64).contains(&rank)));
                    }
                    prop_assert!(unit.top.iter().all(|p| p.is_none_or(|p| (0.0..=1.0).contains(&p))));
                    prop_assert_eq!(unit.tier.is_some(), unit.ranked_share > 0.0);
                }
                let sensitivity = found.sensitivity.unwrap();
                for output in sensitivity.units.iter().chain([&sensitivity.shift]).flatten() {
                    for estimate in output.first.iter().chain(&output.total) {
                        prop_assert!(estimate.value.is_finite() && estimate.p05.is_finite() && estimate.p95.is_finite());
                    }
                }
            }
            Err(error) => prop_assert!(error.to_string().contains("hint: ")),
        }
    }
}

#[test]
fn one_unit_has_a_score_on_a_fixed_scale_and_none_on_a_scale_from_the_data() {
    let index = index_of(1, 3, vec![1.0, 2.0, 3.0]);
    let fixed = Normalisation::Goalposts { low: 0.0, high: 4.0, range: [1.0, 100.0], clip: true };
    assert_eq!(run(&index, &method(fixed, Aggregation::Geometric, treated())).unwrap().ranks(), [Some(1)]);
    let done = run(&index, &method(Normalisation::default(), Aggregation::Arithmetic, treated())).unwrap();
    assert_eq!(done.ranks(), [None]);
    assert_eq!(done.notes.len(), 3, "{:?}", done.notes);
}

#[test]
fn an_infinity_is_refused_by_unit_and_indicator() {
    let index = index_of(2, 3, vec![1.0, 2.0, 3.0, 4.0, f64::INFINITY, 6.0]);
    let message = run(&index, &Method::default()).unwrap_err().to_string();
    assert!(message.starts_with("unit `u1`, indicator `i1`"), "{message}");
}

#[test]
fn siblings_without_weight_are_refused_and_one_of_them_is_left_out() {
    let mut index = index_of(3, 4, (0..12).map(|value| f64::from(value * value % 7)).collect());
    index.indicators[1].weight = 0.0;
    let method = Method::default();
    let done = run(&index, &method).unwrap();
    let odd = done.tree.column("odd").unwrap();
    let other = done.tree.column("i3").unwrap();
    assert_eq!(done.aggregated().table.column(odd), done.aggregated().table.column(other));
    index.indicators[3].weight = 0.0;
    let message = run(&index, &method).unwrap_err().to_string();
    assert!(message.contains("`odd` weigh nothing"), "{message}");
    index.indicators[3].weight = -1.0;
    assert!(run(&index, &method).unwrap_err().to_string().contains("weight of `i3` is -1"));
}

#[test]
fn a_wrong_structure_is_named() {
    let values: Vec<f64> = (0..12).map(f64::from).collect();
    let broken = |change: fn(&mut IndexInput)| {
        let mut index = index_of(3, 4, values.clone());
        change(&mut index);
        run(&index, &Method::default()).unwrap_err().to_string()
    };
    assert!(broken(|index| index.indicators[0].parent = Some("evn".into())).contains("`evn`, which doesn't exist"));
    assert!(broken(|index| index.indicators[0].parent = Some("top".into())).contains("exactly one level above"));
    assert!(broken(|index| index.indicators[0].parent = None).contains("has no parent"));
    assert!(broken(|index| index.units[1] = "u0".into()).contains("occurs twice"));

    assert!(broken(|index| index.aggregates[0].parent = Some("even".into())).contains("exactly one level above"));
    assert!(broken(|index| index.units.clear()).contains("no units"));
}

#[test]
fn a_method_file_with_an_unknown_word_is_refused() {
    assert!(toml::from_str::<Method>("[normalise]\nal = \"rank\"").is_err());
    assert!(toml::from_str::<Method>("[treat.rule]\nskew = 2.0").is_err());
    let method: Method = toml::from_str("[normalise]\nall = \"rank\"\n[weights]\nsource = \"pca\"").unwrap();
    assert_eq!(method.normalise.all, Normalisation::Rank);
    let whole: Method = toml::from_str("[normalise]\nall = { min_max = { range = [1, 100] } }").unwrap();
    assert_eq!(whole.normalise.all, Normalisation::MinMax { range: [1.0, 100.0] });
    // A method can be written and read back.
    let text = toml::to_string(&method).unwrap();
    assert_eq!(toml::from_str::<Method>(&text).unwrap(), method);
}
