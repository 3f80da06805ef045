//! The uncertainty of the ASEM example as `COINr`'s documentation sets it up: outlier limit, normalisation, weights, aggregation.

#![allow(clippy::float_cmp)] // published counts and bits are compared exactly

use malmarknad::index::aggregate::Aggregation;
use malmarknad::index::assess::assess;
use malmarknad::index::chain::run;
use malmarknad::index::factor::{Factor, WeightSpread};
use malmarknad::index::method::{Method, Stage};
use malmarknad::index::normalise::Normalisation;
use malmarknad::index::perturb::Perturbation;
use malmarknad::index::sensitivity::{SensitivityDesign, rank_sensitivity, sensitivity_of};
use malmarknad::index::sequence::DEFAULT_SEED;
use malmarknad::index::treat::{TreatmentRule, TreatmentStep, WinsoriseCount};
use malmarknad::index::uncertainty::{Design, uncertainty};

use crate::index_fixture::{ASEM_METHOD, asem, reference};

pub fn four_factors() -> Vec<Factor> {
    let rule = |max| TreatmentRule {
        first: TreatmentStep::Winsorise { max: Some(max), count: WinsoriseCount::Points, force: false },
        ..TreatmentRule::default()
    };
    vec![
        Factor::Treatment { alternatives: (1..=5).map(rule).collect() },
        Factor::Normalisation {
            alternatives: vec![Normalisation::MinMax { range: [1.0, 100.0] }, Normalisation::ZScore { mean: 10.0, deviation: 2.0 }],
        },
        Factor::Weights { levels: vec![2, 3], spread: WeightSpread::Uniform { share: 0.25 }, draws: 4096 },
        Factor::Aggregation { alternatives: vec![vec![Aggregation::Arithmetic], vec![Aggregation::Geometric]] },
    ]
}

#[test]
fn the_order_of_the_asem_example_is_the_same_for_any_number_of_threads() {
    let Some(folder) = reference() else { return };
    let input = asem(&folder);
    let method: Method = toml::from_str(ASEM_METHOD).unwrap();
    let model = Perturbation::new(&input, &method, &four_factors(), 1).unwrap();
    let scores = |point: &[f64], scores: &mut [f64]| model.scores(point, scores);
    let baseline = run(&input, &method).unwrap().ranks();
    let design = Design { factors: 4, units: 51, replicates: 2000, seed: 1 };
    let sobol = SensitivityDesign { factors: 4, outputs: 0, rows: 256, resamples: 50, seed: 1 };
    let with = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| (uncertainty(&scores, &design).unwrap(), rank_sensitivity(&scores, &baseline, &sobol).unwrap()))
    };
    let one = with(1);
    assert_eq!(one, with(2));
    assert_eq!(one, with(16));
    let tiers = one.0.tiers(0.9);
    let summaries = one.0.summaries(0.9, &[3]);
    for unit in one.0.order().into_iter().take(12) {
        let found = &summaries[unit];
        println!(
            "{} tier {:?} baseline {:?} median {:?} {:?}–{:?} P(top 3) {:?}",
            input.units[unit], tiers[unit], baseline[unit], found.median, found.p05, found.p95, found.top[0]
        );
    }
    let shift = one.1.shift.unwrap();
    for (factor, (first, total)) in model.factors().iter().zip(shift.first.iter().zip(&shift.total)) {
        println!("{}: first {first:?} total {total:?}", factor.name());
    }
    // Switzerland leads in COINr's own run as well.
    assert_eq!(input.units[one.0.order()[0]], "CHE");
}

#[test]
fn a_model_without_doubt_gives_the_baseline() {
    let Some(folder) = reference() else { return };
    let input = asem(&folder);
    let method: Method = toml::from_str(ASEM_METHOD).unwrap();
    let model = Perturbation::new(&input, &method, &[], 1).unwrap();
    let done = run(&input, &method).unwrap();
    let mut scores = vec![0.0; 51];
    model.scores(&[], &mut scores);
    assert_eq!(scores, done.scores());
    // A factor whose only alternative is the baseline doesn't change a bit either, though its weights are aggregated anew.
    let same = [Factor::Weights { levels: vec![1, 2, 3], spread: WeightSpread::Uniform { share: 0.0 }, draws: 2 }];
    let model = Perturbation::new(&input, &method, &same, 1).unwrap();
    model.scores(&[0.7], &mut scores);
    assert_eq!(scores, done.scores());
}

#[test]
fn a_combination_that_cannot_be_computed_is_found_before_the_first_run() {
    let Some(folder) = reference() else { return };
    let input = asem(&folder);
    let method: Method = toml::from_str(ASEM_METHOD).unwrap();
    let factors = [
        Factor::Normalisation { alternatives: vec![Normalisation::ZScore { mean: 0.0, deviation: 1.0 }] },
        Factor::Aggregation { alternatives: vec![vec![Aggregation::Arithmetic], vec![Aggregation::Geometric]] },
    ];
    let message = Perturbation::new(&input, &method, &factors, 1).err().unwrap().to_string();
    assert!(message.contains("needs positive values"), "{message}");
}

#[test]
fn leaving_an_indicator_out_or_erring_in_the_data_moves_ranks() {
    let Some(folder) = reference() else { return };
    let input = asem(&folder);
    let method: Method = toml::from_str(ASEM_METHOD).unwrap();
    let factors = [
        Factor::LeaveOut { level: 1, or_none: true },
        Factor::DataError { variation: 0.1, indicators: [("TIRcon".to_string(), 0.0)].into(), draws: 8 },
    ];
    let model = Perturbation::new(&input, &method, &factors, 1).unwrap();
    let scores = |point: &[f64], scores: &mut [f64]| model.scores(point, scores);
    let found = uncertainty(&scores, &Design { factors: 2, units: 51, replicates: 256, seed: 5 }).unwrap();
    assert!((0..51).any(|unit| found.quantile(unit, 0.05) < found.quantile(unit, 0.95)));
}

#[test]
fn the_indices_are_salibs_on_the_same_sample() {
    // 64 rows of 10 + the Ishigami function. SALib 1.6.0, sobol.analyze(calc_second_order=False) on the same outputs.
    let rows = include_str!("fixtures/index_salib_rows.csv");
    let outputs: Vec<f64> = rows.lines().skip(1).flat_map(|line| line.split(',').map(|cell| cell.parse::<f64>().unwrap())).collect();
    let found = sensitivity_of(&outputs, 3, 1000, DEFAULT_SEED).unwrap().unwrap();
    let first = [0.302_197_698_470_860_86, 0.440_044_658_387_186_5, 0.107_543_054_913_805_18];
    let total = [0.504_096_959_280_141_5, 0.439_883_420_547_249_6, 0.261_164_299_343_623_3];
    // Half the width of SALib's 90 % intervals, which are normal and of its own resamples: equal to about a tenth.
    let first_half = [0.170_035_74, 0.163_268_86, 0.194_927_01];
    let total_half = [0.245_483_07, 0.157_296_70, 0.080_889_91];
    for factor in 0..3 {
        assert!((found.first[factor].value - first[factor]).abs() < 1e-12, "{:?}", found.first[factor]);
        assert!((found.total[factor].value - total[factor]).abs() < 1e-12, "{:?}", found.total[factor]);
        for (have, want) in [(found.first[factor], first_half[factor]), (found.total[factor], total_half[factor])] {
            let half = (have.p95 - have.p05) / 2.0;
            assert!((half / want - 1.0).abs() < 0.15, "{have:?}: {half} is not about {want}");
        }
    }
    assert!(sensitivity_of(&outputs[1..], 3, 0, 1).is_err());
}

#[test]
fn a_method_file_states_its_own_doubts() {
    let Some(folder) = reference() else { return };
    let input = asem(&folder);
    let doubts = r#"
[uncertainty]
replicates = 512
rows = 64
resamples = 20
tops = [3, 10]

[[uncertainty.factors]]
treatment = { alternatives = [{ first = { winsorise = { max = 1 } } }, { first = { winsorise = { max = 5 } } }] }

[[uncertainty.factors]]
normalisation = { alternatives = [{ min_max = { range = [1.0, 100.0] } }, { z_score = { mean = 10.0, deviation = 2.0 } }, "rank"] }

[[uncertainty.factors]]
weights = { levels = [2, 3], spread = { dirichlet = { concentration = 40.0 } } }

[[uncertainty.factors]]
aggregation = { alternatives = [["arithmetic"], ["arithmetic", "geometric", "geometric"]] }

[[uncertainty.factors]]
leave_out = { level = 1 }

[[uncertainty.factors]]
imputation = { alternatives = [{ group_mean = { group = "EurAsia_group" } }, "median", "none"] }
"#;
    let mut method: Method = toml::from_str(&format!("{ASEM_METHOD}{doubts}")).unwrap();
    // Screening after an imputation that is in doubt would leave other units in each run.
    let done = run(&input, &method).unwrap();
    let message = assess(&input, &method, &done).unwrap_err().to_string();
    assert!(message.contains("other units than the baseline"), "{message}");

    method.order = vec![Stage::Denominate, Stage::Screen, Stage::Impute, Stage::Treat];
    let done = run(&input, &method).unwrap();
    let found = assess(&input, &method, &done).unwrap();
    assert_eq!(found.factors, ["treatment", "normalisation", "weights", "aggregation", "leave_out", "imputation"]);
    assert_eq!(found.units.len(), done.aggregated().units.len());
    assert!(found.units.len() < 51, "units with too little data are left out");
    assert!(found.units.iter().all(|unit| unit.tier.is_some() && unit.p05 <= unit.median && unit.median <= unit.p95));
    for (unit, factor) in &found.outside {
        println!("{} lies outside its interval, moved by {:?}", input.units[done.aggregated().units[*unit]], factor);
        assert!(factor.is_some());
    }
    assert_eq!(found, assess(&input, &method, &done).unwrap());
}
