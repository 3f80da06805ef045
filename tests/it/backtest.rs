//! Section 10 of the method: whether earlier rankings agree with what followed, and that nobody can make them by cheating.

use std::collections::{BTreeMap, BTreeSet};

use malmarknad::backtest::proposal::{Proposal, tried};
use malmarknad::backtest::{BackTest, LEAST_DRAWS, Label, PUBLISHED, Test, TestResult, back_test, check_draws};
use malmarknad::code::{Country, Sex, SsykGroup};
use malmarknad::config::Config;
use malmarknad::crosswalk::links;
use malmarknad::figures::{Figures, Persons, Series};
use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;

/// The back-test with few resamples: the measures do not depend on how many there are.
pub(crate) fn quick(config: &Config, figures: &Figures, draws: usize) -> BackTest {
    let mut config = config.clone();
    config.method.backtest.draws = draws;
    back_test(figures, &config, &links(figures, &config.occupations()))
}

fn value(test: &TestResult, ranker: &str) -> f64 {
    test.ranker(ranker).and_then(|row| row.judged.value).unwrap_or_else(|| panic!("{ranker}")).value
}

#[test]
fn the_benchmark_says_what_an_independent_search_found() {
    let config = crate::config();
    let figures = crate::figures(&config);
    let found = quick(&config, &figures, 0);
    let benchmark = found.newest(Test::Benchmark, PUBLISHED).unwrap();
    let expected = [
        ("balanced", 0.40),
        ("likely", 0.55),
        ("potential", 0.49),
        ("population", 0.34),
        ("pool", 0.39),
        ("born_in_sweden", 0.56),
        ("history", 0.64),
        ("gravity", 0.58),
        ("indicator:median_age", -0.31),
        ("indicator:income_gap", -0.24),
    ];
    for (ranker, expected) in expected {
        assert!((value(benchmark, ranker) - expected).abs() < 0.02, "{ranker}: {}", value(benchmark, ranker));
    }
    let pairs = found.newest(Test::NewPairs, PUBLISHED).unwrap();
    for (ranker, expected) in [("balanced", 0.72), ("likely", 0.81), ("potential", 0.77)] {
        assert!((value(pairs, ranker) - expected).abs() < 0.02, "{ranker}: {}", value(pairs, ranker));
    }
    let stock = found.newest(Test::Stock, "all").unwrap();
    assert_eq!(stock.outcome, [2015, 2019]);
    assert!((value(stock, "likely") - 0.74).abs() < 0.03, "{}", value(stock, "likely"));
}

#[test]
fn fewer_than_ten_countries_get_no_label() {
    let config = crate::config();
    let found = quick(&config, &crate::figures(&config), 50);
    let least = config.method.backtest.least_countries;
    assert_eq!(least, 10);
    assert!(found.tests.iter().any(|test| test.countries < least) && found.tests.iter().any(|test| test.countries >= least));
    for test in &found.tests {
        let labelled = test.rankers.iter().any(|row| row.label.is_some());
        assert_eq!(labelled, test.countries >= least, "{:?} {} {}", test.test, test.scope, test.as_of);
    }
}

/// The figures with permits dealt to other countries at random, each occupation group's apart.
pub(crate) fn shuffled(figures: &Figures, seed: u64) -> Figures {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let countries: Vec<Country> = figures.population.keys().copied().collect();
    let mut dealt = || {
        let mut others = countries.clone();
        others.shuffle(&mut random);
        countries.iter().copied().zip(others).collect::<BTreeMap<Country, Country>>()
    };
    let mut changed = figures.clone();
    let to = dealt();
    changed.permits = figures.permits.iter().filter_map(|(country, series)| Some((*to.get(country)?, series.clone()))).collect();
    let groups: BTreeSet<SsykGroup> = figures.permits_by_group.keys().map(|(group, _)| *group).collect();
    let by_group: BTreeMap<SsykGroup, BTreeMap<Country, Country>> = groups.into_iter().map(|group| (group, dealt())).collect();
    changed.permits_by_group = figures
        .permits_by_group
        .iter()
        .filter_map(|((group, country), series)| Some(((*group, *by_group[group].get(country)?), series.clone())))
        .collect();
    changed
}

#[test]
fn an_outcome_dealt_at_random_is_not_predicted() {
    let config = crate::config();
    let found = quick(&config, &shuffled(&crate::figures(&config), 70), 200);
    for test in [Test::National, Test::Benchmark] {
        let test = found.newest(test, PUBLISHED).unwrap();
        for list in ["likely", "potential", "balanced"] {
            // Over one row of 95 countries chance alone reaches 0.2.
            let most = if test.groups > 1 { 0.06 } else { 0.22 };
            assert!(value(test, list).abs() < most, "{list}: {}", value(test, list));
            assert_eq!(test.ranker(list).unwrap().label, Some(Label::NoSupport), "{list}");
        }
    }
}

/// A series with figures of `years` besides its own.
fn with<T: Copy>(series: Option<&Series<T>>, years: std::ops::RangeInclusive<i32>, planted: T) -> Series<T> {
    let own = series.into_iter().flat_map(|series| series.periods().filter_map(|year| Some((year, series.at(year)?))));
    own.filter(|(year, _)| !years.contains(year)).chain(years.clone().map(|year| (year, planted))).collect()
}

#[test]
fn figures_of_later_years_that_know_the_outcome_change_nothing() {
    let config = crate::config();
    let figures = crate::figures(&config);
    let honest = quick(&config, &figures, 20);
    let newest = honest.tests.iter().map(|test| test.as_of).max().unwrap();
    let mut cheating = figures.clone();
    let later = newest + 1..=newest + 5;
    for country in figures.population.keys() {
        let permits: i64 = figures.permits.get(country).map_or(0, |series| series.periods().filter_map(|year| series.at(year)).sum());
        let known = permits as f64;
        cheating.unemployment.insert((*country, Sex::Total), with(figures.unemployment.get(&(*country, Sex::Total)), later.clone(), known / 1000.0));
        cheating.income.insert(*country, with(figures.income.get(country), later.clone(), 1.0 + known));
        cheating.population.insert(*country, with(figures.population.get(country), later.clone(), 1.0 + known));
        cheating.median_age.insert(*country, with(figures.median_age.get(country), later.clone(), known));
        let employed = (*country, Sex::Total);
        cheating.employed_abroad.insert(employed, with(figures.employed_abroad.get(&employed), later.clone(), known));
        let born = Persons { women: permits, men: permits };
        cheating.born_in_sweden.insert(*country, with(figures.born_in_sweden.get(country), newest + 1..=newest + 1, born));
    }
    let found = quick(&config, &cheating, 20);
    // A planted step of the stock is an outcome of its own; every test that there was stands.
    for test in &honest.tests {
        let same = found.tests.iter().find(|other| {
            (other.test, other.scope, other.sex, other.as_of, &other.outcome) == (test.test, test.scope, test.sex, test.as_of, &test.outcome)
        });
        assert_eq!(same, Some(test), "{:?} {} {}", test.test, test.scope, test.as_of);
    }
    // The same cheat a year earlier is no leak but knowledge of the time, and would be seen.
    for (country, series) in &figures.population {
        let permits: i64 = figures.permits.get(country).map_or(0, |series| series.periods().filter_map(|year| series.at(year)).sum());
        let _ = series;
        let key = (*country, Sex::Total);
        cheating.unemployment.insert(key, with(figures.unemployment.get(&key), newest..=newest, permits as f64 / 1000.0));
    }
    let seen = quick(&config, &cheating, 0);
    let likely = |found: &BackTest| value(found.newest(Test::National, PUBLISHED).unwrap(), "likely");
    assert!((likely(&seen) - likely(&found)).abs() > 1e-6);
}

#[test]
fn too_few_resamples_for_an_interval_are_refused_and_give_no_label() {
    for draws in ["0", "1", "19"] {
        let told = crate::malmarknad().args(["backtest", "--draws", draws]).assert().code(1);
        let text = String::from_utf8_lossy(&told.get_output().stderr).into_owned();
        assert!(text.contains(&format!("--draws: {draws} resamples are too few")) && text.matches("hint:").count() == 1, "{text}");
    }
    assert!(check_draws(LEAST_DRAWS).is_ok() && check_draws(LEAST_DRAWS - 1).is_err());
    let home = crate::copied_home();
    let path = home.path().join("data/method.toml");
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, text.replace("\ndraws = 1000\n", "\ndraws = 5\n")).unwrap();
    for command in ["run", "backtest"] {
        let told = crate::malmarknad().env("MALMARKNAD_HOME", home.path()).arg(command).assert().code(1);
        let text = String::from_utf8_lossy(&told.get_output().stderr).into_owned();
        assert!(text.contains("data/method.toml, backtest.draws: 5 resamples"), "{text}");
    }
    let config = crate::config();
    let figures = crate::figures(&config);
    let labels = |draws: usize| quick(&config, &figures, draws).tests.iter().flat_map(|test| &test.rankers).filter(|row| row.label.is_some()).count();
    assert_eq!([labels(0), labels(1)], [0, 0]);
    assert!(labels(LEAST_DRAWS) > 0);
}

#[test]
fn a_table_that_has_only_a_later_vintage_is_a_leak_that_is_told() {
    let config = crate::config();
    let mut figures = crate::figures(&config);
    let before = quick(&config, &figures, 0);
    let chile = config.codes.country("CL", "test").unwrap();
    let shares = figures.shares.get(&chile).and_then(|vintages| vintages.values().next_back().cloned()).unwrap();
    figures.shares.insert(chile, BTreeMap::from([(2031, shares)]));
    let after = quick(&config, &figures, 0);
    let newest = |found: &BackTest| found.leaks.iter().filter(|leak| leak.table == "employment_share").map(|leak| leak.newest).max();
    assert!(newest(&before).unwrap() < 2031);
    assert_eq!(newest(&after), Some(2031));
    let years: BTreeSet<i32> = after.leaks.iter().filter(|leak| leak.newest == 2031).map(|leak| leak.as_of).collect();
    assert!(after.tests.iter().all(|test| years.contains(&test.as_of)), "{years:?}");
}

#[test]
fn a_leak_is_listed_only_for_a_year_that_a_result_rests_on() {
    let config = crate::config();
    let found = quick(&config, &crate::figures(&config), 0);
    let mut used: BTreeSet<i32> = found.tests.iter().map(|test| test.as_of).collect();
    let fitted = found.tests.iter().filter(|test| test.ranker("gravity").is_some());
    used.extend(fitted.map(|test| if test.test == Test::Stock { test.outcome[0] - 5 } else { test.as_of - 3 }));
    for leak in &found.leaks {
        assert!(used.contains(&leak.as_of) && leak.newest > leak.as_of && leak.countries > 0, "{leak:?}");
    }
    assert!(!found.leaks.iter().any(|leak| leak.as_of == 2009), "a ranking that no test is of");
}

/// Reads a proposal that is written here.
fn proposal(text: &str, config: &Config) -> Result<Proposal, String> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("weights.toml");
    std::fs::write(&path, text).unwrap();
    Proposal::read(&path, config).map_err(|error| error.to_string())
}

const LIKELY: &str = "[weighting]\nestimated_pools = true\npool = { weight = 0.35, indicators = { pool = 2.5, specialisation = 1.0 } }\n\
    availability = { weight = 0.10, indicators = { unemployment = 1.0 } }\nmobility = { weight = 0.30, indicators = { recent = 1.0 } }\n\
    feasibility = { weight = 0.25, indicators = { entry = 1.0, distance = 1.5 } }\n";

#[test]
fn a_better_weighting_is_accepted_only_on_a_period_that_it_was_not_chosen_on() {
    let config = crate::config();
    let figures = crate::figures(&config);
    let links = links(&figures, &config.occupations());
    let judge = |head: &str, weighting: &str| tried(&proposal(&format!("{head}\n{weighting}"), &config).unwrap(), &figures, &config, &links);

    let accepted = judge("replaces = \"balanced\"\nchosen_on = [2015, 2016, 2017]", LIKELY);
    assert!(accepted.accepted, "{:?}", accepted.reasons);
    assert_eq!((accepted.judged_on.as_slice(), accepted.splits.len()), ([2018, 2019, 2020].as_slice(), 12));
    assert!(accepted.splits.iter().filter(|split| split.proposal > split.current).count() >= 10);

    // The same weights, chosen on all that there is to judge them on.
    let seen = judge("replaces = \"balanced\"\nchosen_on = [2017, 2018]", LIKELY);
    assert!(!seen.accepted && seen.judged_on.is_empty() && seen.reasons[0].contains("no period"), "{:?}", seen.reasons);

    // Nothing is better than itself, and a split of the same markets gives the same figures.
    let same = judge("replaces = \"likely\"\nchosen_on = [2015, 2016, 2017]", LIKELY);
    assert!(!same.accepted && same.reasons[0].starts_with("better in 0 of 12"), "{:?}", same.reasons);
    assert!(same.splits.iter().chain(&same.new).all(|row| row.proposal == row.current));

    // Without a look at any permits, both periods judge; a weighting that leaves the pool's size out still ranks.
    let poor = judge("replaces = \"likely\"", "[weighting]\npool = { weight = 1.0, indicators = { specialisation = 1.0 } }\n");
    assert!(!poor.accepted && poor.splits.len() == 24, "{:?}", poor.reasons);
    assert!(poor.whole.iter().all(|row| row.proposal < row.current) && poor.new.iter().all(|row| row.proposal.is_some()));
    assert!(poor.reasons.iter().any(|reason| reason.contains("worse on")), "{:?}", poor.reasons);
}

#[test]
fn a_proposal_that_cannot_be_tried_is_told_with_its_key() {
    let config = crate::config();
    for (text, said) in [
        ("x = [", "line 1"),
        ("replaces = \"best\"\n[weighting]\n", "there is no weighting best"),
        ("[weighting]\npool = { weight = 0.9, indicators = { pool = 1.0 } }\n", "sum to 0.9, not 1"),
        ("[weighting]\npool = { weight = 1.0, indicators = { pol = 1.0 } }\n", "weighting.pool.indicators.pol"),
        ("[weighting]\npool = { weight = 1.0, indicators = {} }\n", "no indicator has"),
        ("[weighting]\npool = { weight = nan, indicators = { pool = 1.0 } }\n", "negative or no number"),
        ("[weighting]\npool = { weight = 1.0, indicators = { diaspora_county = 1.0 } }\n", "no figure of the past"),
    ] {
        let error = proposal(text, &config).unwrap_err();
        assert!(error.contains(said) && error.contains("hint:") && error.contains("weights.toml"), "{text}: {error}");
    }
    assert!(Proposal::read(std::path::Path::new("/no/such/file.toml"), &config).unwrap_err().to_string().contains("cannot read"));
}
