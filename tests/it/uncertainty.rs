//! Section 6 of the method: how sure the order is.

use std::collections::BTreeSet;

use malmarknad::analysis::{Analysis, analyse};
use malmarknad::config::Config;
use malmarknad::figures::Figures;
use malmarknad::index::sequence::coordinate;
use malmarknad::supply::MarketKind;
use malmarknad::uncertainty::{AreaModel, Choices, Effort, FACTORS, Model, assess, prepared};

fn analysed(county: &str) -> (Config, Figures, Analysis) {
    let config = crate::config();
    let figures = crate::figures(&config);
    let county = config.codes.county(county, "test").unwrap();
    let analysis = analyse(&figures, &config, county, 2026).unwrap();
    (config, figures, analysis)
}

const QUICK: Effort = Effort { replicates: 256, sensitivity_rows: 0, seed: 70 };

#[test]
fn with_every_factor_at_its_baseline_the_scores_are_the_rankings_own() {
    for county in ["23", "01"] {
        let (config, figures, analysis) = analysed(county);
        for ranking in &analysis.markets.rankings {
            let (model, markets, parts) = prepared(&analysis, &figures, &config, ranking);
            for (area, part) in config.areas.iter().zip(parts) {
                let mut scores = vec![f64::NAN; part.markets.len()];
                model.scores(&Choices::default(), &model.areas(vec![part.clone()]), &mut scores);
                for (score, position) in scores.iter().zip(&part.markets) {
                    let market = markets[*position];
                    let row = ranking.scores.iter().find(|row| row.area == area.key && row.market == market).unwrap();
                    let own = row.score.unwrap();
                    let list = &ranking.weighting;
                    assert!((score - own).abs() < 1e-9 * own, "county {county}, {list:?}, {}, {market:?}: {score} and {own}", area.key);
                }
            }
        }
    }
}

/// A thread keeps what its last run laid on a scale, for the next with the same errors on the same scale. If anything else that a run chooses were in it, the
/// next run would get another's scores, and no baseline would show it: so runs that differ in one choice at a time, in every order, are held against runs in
/// threads of their own, which have nothing to find.
#[test]
fn a_run_after_others_has_the_scores_that_it_has_alone() {
    let (config, figures, analysis) = analysed("23");
    let mut differing = 0;
    for ranking in &analysis.markets.rankings {
        let (model, _, parts) = prepared(&analysis, &figures, &config, ranking);
        let areas = model.areas(parts);
        let scores = |choices: &Choices| -> Vec<u64> {
            let mut scores = vec![f64::NAN; areas.units().iter().sum()];
            model.scores(choices, &areas, &mut scores);
            scores.into_iter().map(f64::to_bits).collect()
        };
        let mut all = Vec::new();
        for replicate in 0..6 {
            let mut point: Vec<f64> = (0..FACTORS.len()).map(|factor| coordinate(replicate, factor, 7)).collect();
            all.push(model.choices(0, &point));
            for factor in 0..FACTORS.len() {
                // The opposite of the choice, and back.
                let own = point[factor];
                point[factor] = (own + 0.5) % 1.0;
                all.push(model.choices(0, &point));
                point[factor] = own;
                all.push(model.choices(0, &point));
            }
        }
        let alone: Vec<Vec<u64>> = all.iter().map(|choices| std::thread::scope(|scope| scope.spawn(|| scores(choices)).join()).unwrap()).collect();
        for (choices, alone) in all.iter().zip(&alone).chain(all.iter().zip(&alone).rev()) {
            assert!(scores(choices) == *alone, "{:?}: {choices:?}", ranking.weighting);
        }
        differing += alone.windows(2).filter(|pair| pair[0] != pair[1]).count();
    }
    assert!(differing > 100, "{differing} choices matter");
}

/// Occupations of one kind are worked out once a run. If one ever got another's fit, intervals would be wrong and no baseline would show it: so every
/// occupation is made alone, where there is nothing to share with, and the areas put together from that.
#[test]
fn what_occupations_share_is_what_each_has_alone_under_any_choices() {
    let (config, figures, analysis) = analysed("23");
    let mut compared = 0;
    for ranking in &analysis.markets.rankings {
        let (model, _, parts) = prepared(&analysis, &figures, &config, ranking);
        let parts: Vec<AreaModel> = parts.into_iter().filter(|part| !part.markets.is_empty()).collect();
        for replicate in 0..24 {
            let point: Vec<f64> = (0..FACTORS.len()).map(|factor| coordinate(replicate, factor, 7)).collect();
            let choices = model.choices(0, &point);
            let mut together = vec![f64::NAN; parts.iter().map(|part| part.markets.len()).sum()];
            model.scores(&choices, &model.areas(parts.clone()), &mut together);
            let mut from = 0;
            for part in &parts {
                let (mut sums, mut counted) = (vec![0.0; part.markets.len()], vec![0.0; part.markets.len()]);
                for (occupation, weight) in &part.weights {
                    let alone = AreaModel { weights: vec![(*occupation, 1.0)], markets: part.markets.clone(), least_weight: 1.0 };
                    // In a thread of its own: one keeps what its last run worked out.
                    let mut fits = vec![f64::NAN; part.markets.len()];
                    std::thread::scope(|scope| scope.spawn(|| model.scores(&choices, &model.areas(vec![alone]), &mut fits)).join()).unwrap();
                    for (market, fit) in fits.into_iter().enumerate().filter(|(_, fit)| !fit.is_nan()) {
                        sums[market] += weight * fit;
                        counted[market] += weight;
                    }
                }
                for (market, (sum, counted)) in sums.into_iter().zip(counted).enumerate() {
                    let score = together[from + market];
                    let alone = if counted >= part.least_weight - 1e-12 { sum / counted } else { f64::NAN };
                    let same = score.is_nan() && alone.is_nan() || (score - alone).abs() < 1e-9 * alone;
                    assert!(same, "{:?}, {choices:?}, market {market}: {score} and {alone}", ranking.weighting);
                    compared += 1;
                }
                from += part.markets.len();
            }
        }
    }
    assert!(compared > 10_000);
}

/// A model of counties keeps what it lays on a scale. If a run ever met what another draw of errors, another scale or another occupation had laid, intervals
/// would be wrong and no baseline would show it: so every occupation is made by a model that has laid nothing yet, and by one that has laid all.
#[test]
fn what_a_run_finds_laid_is_what_it_would_have_laid() {
    let (config, figures, analysis) = analysed("23");
    let ranking = analysis.markets.rankings.iter().find(|ranking| ranking.kind == MarketKind::County).unwrap();
    let (used, _, parts) = prepared(&analysis, &figures, &config, ranking);
    let part = parts.iter().max_by_key(|part| part.weights.len()).unwrap();
    let choices: Vec<Choices> = [None, Some(0), Some(1), Some(127)]
        .into_iter()
        .flat_map(|error| (0..3).map(move |scale| Choices { error, scale, ..Choices::default() }))
        .flat_map(|choices| [None, Some(0), Some(2)].map(|dropped| Choices { dropped, arithmetic: dropped.is_some(), ..choices }))
        .collect();
    let scores = |model: &Model, choices: &Choices, occupation: usize| {
        let alone = AreaModel { weights: vec![(occupation, 1.0)], markets: part.markets.clone(), least_weight: 1.0 };
        let mut fits = vec![f64::NAN; part.markets.len()];
        model.scores(choices, &model.areas(vec![alone]), &mut fits);
        fits.into_iter().map(f64::to_bits).collect::<Vec<u64>>()
    };
    for (choices, (occupation, _)) in choices.iter().flat_map(|choices| part.weights.iter().map(move |weight| (choices, weight))) {
        scores(&used, choices, *occupation);
    }
    let mut seen = BTreeSet::new();
    for (number, (occupation, _)) in part.weights.iter().take(6).enumerate() {
        for choices in choices.iter().skip(number).step_by(5) {
            let (fresh, _, _) = prepared(&analysis, &figures, &config, ranking);
            let own = scores(&fresh, choices, *occupation);
            assert_eq!(scores(&used, choices, *occupation), own, "occupation {occupation}, {choices:?}");
            seen.insert(own);
        }
    }
    assert!(seen.len() > 30, "occupations, errors and scales give other fits, so the comparison can fail");
}

#[test]
fn the_same_bits_for_any_number_of_threads() {
    let (config, figures, analysis) = analysed("23");
    let run = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let mut analysis = analysis.clone();
        let effort = Effort { sensitivity_rows: 16, ..QUICK };
        pool.install(|| assess(&mut analysis, &figures, &config, effort).unwrap());
        (analysis.markets.rankings, analysis.assessed)
    };
    let one = run(1);
    assert!(one == run(2) && one == run(16));
}

#[test]
fn every_ranked_market_gets_a_place_and_the_order_is_by_tier_then_median() {
    let (config, figures, mut analysis) = analysed("23");
    assess(&mut analysis, &figures, &config, QUICK).unwrap();
    for area in &config.areas {
        for ranking in &analysis.markets.rankings {
            let rows: Vec<_> = ranking.scores.iter().filter(|row| row.area == area.key && row.ranked).collect();
            let told: Vec<_> = rows.iter().map(|row| row.uncertainty.as_ref().unwrap()).collect();
            assert!(told.iter().map(|row| row.place).eq(1..=u32::try_from(told.len()).unwrap()));
            assert!(told.is_sorted_by_key(|row| row.tier));
            assert!(told.iter().all(|row| row.p05 <= row.median && row.median <= row.p95));
            assert!(told.iter().all(|row| row.p_top[0] <= row.p_top[1] && row.p_top[1] <= row.p_top[2]));
            assert!(told.iter().all(|row| row.moved_by.is_none() || FACTORS.contains(&row.moved_by.unwrap())));
        }
    }
}

#[test]
fn with_every_factor_switched_off_nothing_is_in_doubt() {
    let (mut config, figures, mut analysis) = analysed("23");
    let off = malmarknad::config::UncertaintyFactors {
        data_error: false,
        normalisation: false,
        aggregation: false,
        pillar_weights: false,
        drop_indicator: false,
        crosswalk: false,
        pay_floor: false,
        weighting: false,
    };
    config.method.uncertainty.factors = off;
    assess(&mut analysis, &figures, &config, QUICK).unwrap();
    for row in crate::scores(&analysis).filter(|row| row.ranked) {
        let doubt = row.uncertainty.as_ref().unwrap();
        let rank = f64::from(row.rank.unwrap());
        assert_eq!((doubt.p05, doubt.median, doubt.p95), (rank, rank, rank), "{} {:?}", row.area, row.market);
    }
}

#[test]
fn a_factor_that_plays_no_part_has_index_nought() {
    let (config, figures, mut analysis) = analysed("23");
    assess(&mut analysis, &figures, &config, Effort { sensitivity_rows: 64, ..QUICK }).unwrap();
    let counties = analysis
        .assessed
        .sensitivity
        .iter()
        .filter(|row| row.kind == MarketKind::County && ["crosswalk", "pay_floor", "weighting"].contains(&row.factor));
    let mut seen = 0;
    for row in counties {
        assert_eq!((row.first_order.value, row.total_order.value), (0.0, 0.0), "{:?}", row.market);
        seen += 1;
    }
    assert!(seen > 0);
}

#[test]
fn larger_errors_make_wider_intervals() {
    let (mut config, figures, analysis) = analysed("23");
    let mean_width = |config: &Config| {
        let mut analysis = analysis.clone();
        assess(&mut analysis, &figures, config, QUICK).unwrap();
        let widths: Vec<f64> = crate::scores(&analysis).filter_map(|row| row.uncertainty.as_ref()).map(|row| row.p95 - row.p05).collect();
        widths.iter().sum::<f64>() / widths.len() as f64
    };
    let factors = &mut config.method.uncertainty.factors;
    (factors.normalisation, factors.aggregation, factors.pillar_weights) = (false, false, false);
    (factors.drop_indicator, factors.crosswalk, factors.pay_floor) = (false, false, false);
    let small = mean_width(&config);
    config.method.uncertainty.data_error.indicators.share.cv = 0.5;
    assert!(mean_width(&config) > small);
}
