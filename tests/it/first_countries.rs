//! What a reader must be told of the countries that come first, and of the neighbours that do not.

use std::collections::BTreeSet;

use malmarknad::analysis::Analysis;
use malmarknad::backtest::{Label, Test};
use malmarknad::code::Country;
use malmarknad::figures::Persons;
use malmarknad::language::Language;
use malmarknad::report::documents;
use malmarknad::report::model::Document;
use malmarknad::report::{RunContext, model::Block};
use malmarknad::supply::{Market, MarketKind};

use super::report::{analysed, context, texts};

fn text(document: &Document, language: Language) -> String {
    document.parts().flat_map(|block| texts(block, language)).collect::<Vec<_>>().join("\n").replace('\u{a0}', " ")
}

/// The lowest and the highest tier of some countries on a list, over areas.
fn tiers(analysis: &Analysis, list: &str, areas: &[&str], countries: &[Country]) -> (u32, u32) {
    let rows = &analysis.markets.ranking(MarketKind::Country, list).unwrap().scores;
    let own = rows.iter().filter(|row| areas.contains(&row.area.as_str()));
    let own = own.filter(|row| matches!(row.market, Market::Country(country) if countries.contains(&country)));
    let found: Vec<u32> = own.map(|row| row.uncertainty.as_ref().unwrap().tier).collect();
    (*found.iter().min().unwrap(), *found.iter().max().unwrap())
}

fn span((low, high): (u32, u32)) -> String {
    if low == high { low.to_string() } else { format!("{low}–{high}") }
}

#[test]
fn the_neighbours_that_a_reader_looks_for_are_explained_from_the_tables_and_only_where_no_more_have_come() {
    let config = crate::config();
    let (mut analysis, mut figures) = analysed(&config);
    let country = |code: &str| config.codes.country(code, "test").unwrap();
    let [denmark, finland, norway] = ["DK", "FI", "NO"].map(country);
    let all: Vec<&str> = config.areas.iter().map(|area| area.key.as_str()).collect();
    let found = documents(&context(&analysis, &figures, &config, Language::Swedish)).unwrap();
    let told = |documents: &[Document], stem: &str| text(documents.iter().find(|document| document.stem == stem).unwrap(), Language::Swedish);
    let three = [denmark, finland, norway];
    for area in &config.areas {
        let stem = found.iter().map(|document| document.stem.as_str()).find(|stem| stem.ends_with(&area.key.replace('_', "-"))).unwrap();
        let tiers = span(tiers(&analysis, "likely", &[&area.key], &three));
        assert!(told(&found, stem).contains(&format!("Danmark, Finland och Norge ligger i grupp {tiers} på Trolig")), "{stem}");
    }
    let steering = told(&found, "styrgrupp");
    let [likely, balanced] = ["likely", "balanced"].map(|list| span(tiers(&analysis, list, &all, &three)));
    assert!(steering.contains(&format!("Danmark, Finland och Norge ligger i grupp {likely} på Trolig")), "{steering}");
    assert!(steering.contains(&format!("hur många som bor här, ligger de i grupp {balanced}.")), "{steering}");
    assert!(steering.contains("På Oprövad är de inte med"));
    let weight = config.method.weightings["likely"].mobility.weight;
    assert!(steering.contains(&format!("väger {:.0} procent", weight * 100.0)), "{steering}");

    // Were something else the reason, it would not be told: here Denmark has come far in what the figure is a part of.
    let kept = analysis.clone();
    let likely = analysis.markets.rankings.iter_mut().find(|ranking| ranking.weighting.as_deref() == Some("likely")).unwrap();
    likely.fits.iter_mut().filter(|fit| fit.market == Market::Country(denmark)).for_each(|fit| fit.pillars[2] = Some(99.0));
    let others = documents(&context(&analysis, &figures, &config, Language::Swedish)).unwrap();
    assert!(
        told(&others, "styrgrupp").contains("Finland och Norge ligger i grupp") && !told(&others, "styrgrupp").contains("Danmark, Finland och Norge")
    );
    let analysis = kept;

    // With more born in Norway than the time before, its place has another cause, and it is not named.
    let series = figures.born_in_sweden.get_mut(&norway).unwrap();
    let periods: Vec<i32> = series.periods().collect();
    *series = periods.into_iter().map(|period| (period, Persons { women: i64::from(period), men: 9 })).collect();
    let found = documents(&context(&analysis, &figures, &config, Language::Swedish)).unwrap();
    assert!(told(&found, "styrgrupp").contains("Danmark och Finland ligger i grupp"));
}

#[test]
fn how_sure_the_first_countries_are_is_told_by_the_test_that_holds_for_them() {
    let config = crate::config();
    let (analysis, figures) = analysed(&config);
    let back_test = malmarknad::backtest::back_test(&figures, &config, &analysis.links);
    let run = RunContext { back_test: Some(&back_test), ..context(&analysis, &figures, &config, Language::Swedish) };
    let found = documents(&run).unwrap();
    let label = |test: Test, scope: &str, list: &str| match back_test.newest(test, scope).unwrap().ranker(list).unwrap().label.unwrap() {
        Label::Support => "stöd",
        Label::WeakSupport => "svagt stöd",
        Label::NoSupport => "inget stöd",
    };
    let [likely, untested] = ["likely", "potential"].map(|list| label(Test::Stock, "free_movement", list));
    let free = format!("Bland sådana länder har Trolig {likely} och Oprövad {untested}");
    let mut mixed = 0;
    for document in &found {
        let areas: Vec<&str> = if document.stem == "styrgrupp" {
            config.areas.iter().map(|area| area.key.as_str()).collect()
        } else {
            config.areas.iter().map(|area| area.key.as_str()).filter(|key| document.stem.ends_with(&key.replace('_', "-"))).collect()
        };
        let Some(Block::Answer { paragraphs, .. }) = document.blocks.first().filter(|_| !areas.is_empty()) else { continue };
        let answer: String = paragraphs.iter().map(|text| text.plain().replace('\u{a0}', " ")).collect::<Vec<_>>().join("\n");
        let first: BTreeSet<Country> = ["likely", "potential"]
            .iter()
            .flat_map(|list| &analysis.markets.ranking(MarketKind::Country, list).unwrap().scores)
            .filter(|row| areas.contains(&row.area.as_str()) && row.uncertainty.as_ref().is_some_and(|doubt| doubt.tier == 1))
            .filter_map(|row| if let Market::Country(country) = row.market { Some(country) } else { None })
            .collect();
        let moves = first.iter().filter(|country| figures.free_movement.contains_key(*country)).count();
        let counted = if moves == first.len() {
            format!("Alla {moves} länder i första grupperna har fri rörlighet")
        } else {
            mixed += 1;
            assert!(answer.contains("Bland länder som kräver arbetstillstånd har Trolig"), "{}: {answer}", document.stem);
            format!("Av de {} länderna i första grupperna har {moves} fri rörlighet", first.len())
        };
        assert!(answer.contains(&counted) && answer.contains(&free), "{}: {counted}; {free}; {answer}", document.stem);
        assert_eq!(answer.contains("som kräver arbetstillstånd"), moves < first.len(), "{}", document.stem);
    }
    assert!(mixed > 0);
}
