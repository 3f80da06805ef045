//! Speed of the engine on the ASEM example (51 units, 49 indicators): the uncertainty that took `COINr` 305 s, and a full Sobol analysis.
//!
//! With the published figures at hand (`MALMARKNAD_REFERENCE`) it takes those, else made-up ones of the same shape.

#[path = "../tests/it/index_fixture.rs"]
#[allow(dead_code, clippy::unwrap_used, clippy::print_stderr, reason = "shared with the tests, where a missing file may panic")]
mod index_fixture;

use std::time::Duration;

use criterion::{Criterion, criterion_group, criterion_main};

use index_fixture::{ASEM_METHOD, asem, reference};
use malmarknad::index::Table;
use malmarknad::index::aggregate::Aggregation;
use malmarknad::index::chain::run;
use malmarknad::index::factor::{Factor, WeightSpread};
use malmarknad::index::method::Method;
use malmarknad::index::normalise::{Direction, Normalisation};
use malmarknad::index::perturb::Perturbation;
use malmarknad::index::sensitivity::{SensitivityDesign, rank_sensitivity};
use malmarknad::index::sequence::{DEFAULT_SEED, coordinate};
use malmarknad::index::structure::{Aggregate, IndexInput, Indicator};
use malmarknad::index::treat::{TreatmentRule, TreatmentStep, WinsoriseCount};
use malmarknad::index::uncertainty::{Design, uncertainty};

/// An index of the ASEM example's shape with made-up, skewed figures.
fn made_up(units: usize) -> IndexInput {
    let node = |code: String, level, parent: Option<&str>| Aggregate { code, level, parent: parent.map(String::from), weight: 1.0 };
    let mut aggregates: Vec<Aggregate> = (0..8).map(|pillar| node(format!("p{pillar}"), 2, Some(if pillar < 5 { "conn" } else { "sust" }))).collect();
    aggregates.push(node("conn".into(), 3, Some("index")));
    aggregates.push(node("sust".into(), 3, Some("index")));
    aggregates.push(node("index".into(), 4, None));
    let values = (0..units * 49).map(|at| (3.0 * coordinate((at / 49) as u64, at % 49, 9)).exp()).collect();
    IndexInput {
        units: (0..units).map(|unit| format!("u{unit}")).collect(),
        indicators: (0..49)
            .map(|column| Indicator {
                code: format!("i{column}"),
                parent: Some(format!("p{}", column % 8)),
                direction: Direction::Up,
                weight: 1.0,
                denominator: None,
                target: None,
            })
            .collect(),
        values: Table { rows: units, columns: 49, values },
        aggregates,
        denominators: Vec::new(),
        groups: Vec::new(),
    }
}

fn example() -> (IndexInput, Method) {
    if let Some(folder) = reference() {
        (asem(&folder), toml::from_str(ASEM_METHOD).expect("the method is in order"))
    } else {
        (made_up(51), Method::default())
    }
}

fn factors() -> Vec<Factor> {
    let rule = |max| TreatmentRule {
        first: TreatmentStep::Winsorise { max: Some(max), count: WinsoriseCount::Points, force: false },
        ..TreatmentRule::default()
    };
    vec![
        Factor::Treatment { alternatives: (1..=5).map(rule).collect() },
        Factor::Normalisation {
            alternatives: vec![Normalisation::MinMax { range: [1.0, 100.0] }, Normalisation::ZScore { mean: 10.0, deviation: 2.0 }],
        },
        Factor::Weights { levels: vec![1, 2, 3], spread: WeightSpread::Uniform { share: 0.25 }, draws: 4096 },
        Factor::Aggregation { alternatives: vec![vec![Aggregation::Arithmetic], vec![Aggregation::Geometric]] },
    ]
}

/// Everything from the raw table on, tables and draws included.
fn uncertain(input: &IndexInput, method: &Method, factors: &[Factor], replicates: usize) -> usize {
    let model = Perturbation::new(input, method, factors, DEFAULT_SEED).expect("the index is in order");
    let scores = |point: &[f64], scores: &mut [f64]| model.scores(point, scores);
    let design = Design { factors: factors.len(), units: model.units().len(), replicates, seed: DEFAULT_SEED };
    let found = uncertainty(&scores, &design).expect("the design is in order");
    found.summaries(0.9, &[3, 5, 10]).len()
}

fn bench(criterion: &mut Criterion) {
    let (input, method) = example();
    let factors = factors();
    let mut group = criterion.benchmark_group("engine");
    group.sample_size(20).measurement_time(Duration::from_secs(5));
    group.bench_function("chain of the ASEM example", |bencher| {
        bencher.iter(|| run(&input, &method));
    });
    for replicates in [2000, 8000] {
        group.bench_function(format!("ASEM uncertainty, four factors, {replicates} replicates"), |bencher| {
            bencher.iter(|| uncertain(&input, &method, &factors, replicates));
        });
    }
    for units in [51, 204] {
        let input = made_up(units);
        group.bench_function(format!("made-up index of {units} units, 2000 replicates"), |bencher| {
            bencher.iter(|| uncertain(&input, &Method::default(), &factors, 2000));
        });
    }
    // What one area of the product costs beside its own scoring: 200 markets, ranks and pairs counted.
    group.bench_function("counting 200 units, 4096 replicates", |bencher| {
        let scores = |point: &[f64], scores: &mut [f64]| {
            for (unit, score) in scores.iter_mut().enumerate() {
                *score = point[unit % 7] + unit as f64 * 0.01;
            }
        };
        let design = Design { factors: 7, units: 200, replicates: 4096, seed: DEFAULT_SEED };
        bencher.iter(|| uncertainty(&scores, &design));
    });
    // 1365 rows of four factors are 8190 runs.
    group.bench_function("ASEM full Sobol, 8190 runs, 200 resamples", |bencher| {
        bencher.iter(|| {
            let baseline = run(&input, &method).expect("the index is in order").ranks();
            let model = Perturbation::new(&input, &method, &factors, DEFAULT_SEED).expect("the index is in order");
            let scores = |point: &[f64], scores: &mut [f64]| model.scores(point, scores);
            let design = SensitivityDesign { factors: 4, outputs: 0, rows: 1365, resamples: 200, seed: DEFAULT_SEED };
            rank_sensitivity(&scores, &baseline, &design)
        });
    });
    group.finish();
}

criterion_group!(benches, bench);
criterion_main!(benches);
