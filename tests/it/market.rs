//! Sections 4 and 7 of the method, on the bundled figures.

use std::collections::BTreeSet;

use malmarknad::analysis::{Analysis, analyse};
use malmarknad::config::Config;
use malmarknad::ethics::Gate;
use malmarknad::figures::Figures;
use malmarknad::market::MarketScore;
use malmarknad::supply::{Market, MarketKind};

fn jamtland() -> (Config, Figures, Analysis) {
    let config = crate::config();
    let figures = crate::figures(&config);
    let county = config.codes.county("23", "test").unwrap();
    let analysis = analyse(&figures, &config, county, 2026).unwrap();
    (config, figures, analysis)
}

#[test]
fn sweden_its_own_county_and_listed_countries_are_never_ranked() {
    let (config, _, analysis) = jamtland();
    for row in crate::scores(&analysis) {
        match row.market {
            Market::Country(country) => {
                assert_ne!(country.as_str(), "SE");
                assert!(!row.ranked || !config.not_recruited.contains_key(&country), "{country} is ranked");
            }
            Market::County(county) => assert_ne!(county, analysis.county),
        }
    }
}

#[test]
fn listed_countries_stay_visible_with_their_reason() {
    let (_, _, analysis) = jamtland();
    let ukraine = crate::scores(&analysis).find(|row| row.market.code() == "UA").unwrap();
    assert!(!ukraine.ranked && malmarknad::reason::table_text(ukraine.reason.as_ref()).contains("Krig"));
}

#[test]
fn a_closed_occupation_is_out_of_the_ranking_but_keeps_its_reason() {
    let (_, _, analysis) = jamtland();
    let closed: Vec<_> = crate::fits(&analysis).filter(|fit| fit.gate.is_some_and(Gate::is_closed)).collect();
    assert!(!closed.is_empty());
    assert!(closed.iter().all(|fit| !fit.ranked && fit.reason.is_some()));
}

#[test]
fn no_health_worker_is_sought_in_a_country_of_the_who_list() {
    let (_, figures, analysis) = jamtland();
    let nurses = crate::fits(&analysis).filter(|fit| fit.occupation.as_str() == "2221");
    for fit in nurses {
        if let Market::Country(country) = fit.market
            && figures.who_list.contains_key(&country)
        {
            assert_eq!(fit.gate, Some(Gate::NoActiveRecruitment), "{country}");
        }
    }
}

#[test]
fn free_movement_is_never_stopped_by_a_pay_floor() {
    let (_, figures, analysis) = jamtland();
    for fit in crate::fits(&analysis) {
        if let Market::Country(country) = fit.market
            && figures.free_movement.contains_key(&country)
        {
            assert_ne!(fit.gate, Some(Gate::NoPermitRoute), "{country} {}", fit.occupation);
        }
    }
}

#[test]
fn scores_lie_on_the_scale_and_ranks_follow_them() {
    let (config, _, analysis) = jamtland();
    for area in &config.areas {
        for ranking in &analysis.markets.rankings {
            let rows: Vec<&MarketScore> = ranking.scores.iter().filter(|row| row.area == area.key && row.ranked).collect();
            assert!(!rows.is_empty());
            let scores: Vec<f64> = rows.iter().map(|row| row.score.unwrap()).collect();
            assert!(scores.iter().all(|score| (1.0..=100.0).contains(score)));
            assert!(scores.is_sorted_by(|first, second| first >= second));
            for row in &rows {
                let better = scores.iter().filter(|score| **score > row.score.unwrap()).count();
                assert_eq!(row.rank, Some(u32::try_from(better).unwrap() + 1), "ties share the lowest rank");
            }
        }
    }
}

#[test]
fn an_empty_pillar_of_counties_is_left_out_and_said() {
    let (_, _, analysis) = jamtland();
    assert_eq!(analysis.markets.empty_pillars[&MarketKind::County], vec!["mobility"]);
}

#[test]
fn a_missing_pool_is_never_a_loss() {
    let (_, _, analysis) = jamtland();
    for fit in crate::fits(&analysis).filter(|fit| fit.ranked) {
        assert!(analysis.supply.pools.contains_key(&(fit.market, fit.occupation)), "{:?} is ranked without a pool", fit.market);
    }
}

#[test]
fn a_county_without_published_born_abroad_leaves_the_indicator_out_of_the_weights() {
    let config = crate::config();
    let figures = crate::figures(&config);
    let county = config.codes.county("22", "test").unwrap();
    let analysis = analyse(&figures, &config, county, 2026).unwrap();
    let full = crate::fits(&analysis).filter(|fit| (fit.coverage - 1.0).abs() < 1e-12).count();
    assert!(full > 0, "no country can have full coverage if a missing indicator still counts");
}

#[test]
fn a_richer_home_an_older_people_and_a_longer_way_never_raise_the_fit() {
    let (config, _, _) = jamtland();
    let scale = config.method.fit.scale;
    let score = |name: &str, raw: f64| config.method.goalposts[name].score(raw, scale);
    assert!(score("median_age", 30.0) > score("median_age", 40.0));
    assert!(score("distance", 500_f64.ln()) > score("distance", 5000_f64.ln()));
    assert!(score("income_gap", 2_f64.ln()) > score("income_gap", 1_f64.ln()));
    assert!((score("pool", 1e9_f64.ln()) - 100.0).abs() < 1e-9, "goalposts clip");
}

#[test]
fn every_county_runs() {
    let config = crate::config();
    let figures = crate::figures(&config);
    for (county, _) in config.codes.counties() {
        let analysis = analyse(&figures, &config, county, 2026).unwrap_or_else(|error| panic!("{county}: {error}"));
        let areas: BTreeSet<&str> = crate::scores(&analysis).filter(|row| row.ranked).map(|row| row.area.as_str()).collect();
        assert_eq!(areas.len(), config.areas.len(), "{county}");
    }
}

#[test]
fn more_employed_than_inhabitants_is_told_in_the_result_and_the_table() {
    let (config, mut figures, analysis) = jamtland();
    let flagged = |analysis: &Analysis, code: &str| {
        let pools: Vec<_> = analysis.markets.indicators.iter().filter(|value| value.market.code() == code && value.indicator == "pool").collect();
        assert!(!pools.is_empty());
        pools.iter().all(|value| value.flag.as_deref() == Some("more employed than inhabitants"))
    };
    assert!(flagged(&analysis, "GH") && !flagged(&analysis, "PL"), "ILOSTAT's Ghana has 50.5 million employed and 34.4 million inhabitants");
    // A unit that slips by a factor of a thousand is caught the same way.
    let poland = config.codes.country("PL", "test").unwrap();
    figures.employed_abroad.insert((poland, malmarknad::code::Sex::Total), [(2024, 17_000_000_000.0)].into_iter().collect());
    let slipped = analyse(&figures, &config, analysis.county, 2026).unwrap();
    assert!(flagged(&slipped, "PL"));
    assert!(slipped.supply.implausible.iter().any(|found| found.country == poland));
}

#[test]
fn an_estimated_pool_is_as_old_as_the_older_of_its_figures() {
    let (config, _, analysis) = jamtland();
    let congo = Market::Country(config.codes.country("CG", "test").unwrap());
    let pools: Vec<_> = analysis.supply.pools.iter().filter(|((market, _), _)| *market == congo).map(|(_, pool)| pool).collect();
    assert!(!pools.is_empty());
    assert!(pools.iter().all(|pool| pool.level == malmarknad::supply::Level::Estimated && pool.period == 2009 && pool.employed_period == 2009));
}
