//! Moves between counties: only a fetch brings them, and with them counties are ranked with their mobility (method, section 4).

use std::collections::BTreeMap;

use malmarknad::analysis::{Analysis, analyse};
use malmarknad::config::Config;
use malmarknad::explain::{Context, Subject, explain, find_market};
use malmarknad::figures::Figures;
use malmarknad::language::Language;
use malmarknad::snapshot::Store;
use malmarknad::snapshot::figures::folder;
use malmarknad::supply::MarketKind;
use malmarknad::uncertainty::{Choices, prepared};

use super::publisher::px_value;
use super::{fetched, good, plan};

/// The bundled figures with the moves and the inhabitants that the small publisher has.
fn figures_with_moves(config: &Config) -> (Figures, tempfile::TempDir) {
    let home = tempfile::tempdir().unwrap();
    let store = Store::new(home.path());
    for key in ["scb_moves", "scb_population_counties"] {
        fetched(&store, &plan(config, key, &good(key).url)).unwrap();
    }
    let made = folder(&store, &crate::home().join("data/bundled"), &config.codes, "lists", None).unwrap();
    (Figures::read(&made.folder, &config.codes).unwrap(), home)
}

fn of_county(analysis: &Analysis, code: &str) -> Option<f64> {
    let moves = analysis.markets.indicators.iter().filter(|value| value.indicator == "moves");
    moves.filter(|value| value.market.code() == code).map(|value| value.raw).next()
}

#[test]
fn counties_are_ranked_by_their_moves_of_five_years_per_inhabitant_and_the_chain_adds_up() {
    let config = crate::config();
    let (figures, _home) = figures_with_moves(&config);
    let own = config.codes.county("23", "test").unwrap();
    let analysis = analyse(&figures, &config, own, 2026).unwrap();
    assert!(analysis.markets.empty_pillars[&MarketKind::County].is_empty());
    let number = |cell: &[(&str, &str)]| {
        px_value(&cell.iter().map(|(code, value)| ((*code).to_owned(), (*value).to_owned())).collect::<BTreeMap<_, _>>()).unwrap() as f64
    };
    for (county, _) in config.codes.counties().filter(|(county, _)| *county != own) {
        let code = county.as_str();
        let (mut moved, mut inhabitants) = (0.0, 0.0);
        for sex in ["1", "2"] {
            for year in ["2021", "2022", "2023", "2024", "2025"] {
                let contents = if year == "2025" { "000008AB" } else { "000000OW" };
                moved += number(&[("InflyttningsL", "23"), ("UtflyttningsL", code), ("Kon", sex), ("ContentsCode", contents), ("Tid", year)]);
            }
            let cell = [("Region", code), ("Fodelseregion", "TOTfod"), ("Kon", sex), ("ContentsCode", "000007ZZ"), ("Tid", "2025")];
            inhabitants += number(&cell);
        }
        let found = of_county(&analysis, code).unwrap();
        assert!((found - 1000.0 * moved / inhabitants).abs() < 1e-9 * found, "{code}: {found}, {moved} of {inhabitants}");
    }
    // An earlier run sees earlier moves.
    let earlier = analyse(&figures, &config, own, 2024).unwrap();
    assert!(of_county(&earlier, "22").is_some_and(|rate| (rate - of_county(&analysis, "22").unwrap()).abs() > 1e-9));
    // The chain from the score of an occupation goes down to the cells of moves, and adds up.
    let context = Context::new(&analysis, &config, &figures, Language::Swedish);
    let market = find_market(&config, own, "22").unwrap();
    let fit = analysis.markets.ranking(MarketKind::County, "likely").unwrap().fits.iter().find(|fit| fit.market == market && fit.ranked).unwrap();
    let explanation = explain(&context, "likely", market, &Subject::Occupation(fit.occupation)).unwrap();
    let value = crate::explain::json(&explanation);
    let by_hand = crate::explain::evaluated(&value["chain"]).unwrap();
    assert!((by_hand - fit.score.unwrap()).abs() < 1e-9, "{by_hand} by hand, {:?} in the run", fit.score);
    let mut of_moves = 0;
    explanation.chain.as_ref().unwrap().walk("", &mut |_, step| {
        of_moves += step.cells.iter().filter(|cell| cell.table == "moves_county" && cell.source == "scb_moves").count();
    });
    // Women and men in five years, from each of 20 counties: they make the scale.
    assert_eq!(of_moves, 2 * 5 * 20);
    // The model of the uncertainty has them too: at its baseline it makes the ranking's own scores.
    let ranking = analysis.markets.ranking(MarketKind::County, "likely").unwrap();
    let (model, markets, parts) = prepared(&analysis, &figures, &config, ranking);
    for (area, part) in config.areas.iter().zip(parts) {
        let mut scores = vec![f64::NAN; part.markets.len()];
        model.scores(&Choices::default(), &model.areas(vec![part.clone()]), &mut scores);
        for (score, position) in scores.iter().zip(&part.markets) {
            let row = ranking.scores.iter().find(|row| row.area == area.key && row.market == markets[*position]).unwrap();
            assert!((score - row.score.unwrap()).abs() < 1e-9, "{}, {:?}: {score} and {:?}", area.key, row.market, row.score);
        }
    }
}

#[test]
fn without_five_years_in_a_row_there_is_no_mobility_and_a_county_that_lacks_one_has_none() {
    let config = crate::config();
    let (mut figures, _home) = figures_with_moves(&config);
    let [own, other] = ["23", "22"].map(|code| config.codes.county(code, "test").unwrap());
    // One county lacks a year: it alone is left out.
    let keep = |year: i32| {
        move |series: &malmarknad::figures::Series<malmarknad::figures::Persons>| {
            series.periods().filter(|period| *period != year).map(|period| (period, series.at(period).unwrap())).collect()
        }
    };
    let without = keep(2023)(&figures.moves[&(other, own)]);
    figures.moves.insert((other, own), without);
    let analysis = analyse(&figures, &config, own, 2026).unwrap();
    assert!(of_county(&analysis, "22").is_none() && of_county(&analysis, "24").is_some());
    // All lack it: nothing is made of four years.
    let gone: Vec<_> = figures.moves.keys().copied().collect();
    for key in gone {
        let without = keep(2023)(&figures.moves[&key]);
        figures.moves.insert(key, without);
    }
    let analysis = analyse(&figures, &config, own, 2026).unwrap();
    assert!(of_county(&analysis, "24").is_none());
    assert_eq!(analysis.markets.empty_pillars[&MarketKind::County], ["mobility"]);
    // Nor with inhabitants of before the moves: a rate of two times would be a figure of neither.
    let (mut figures, _home) = figures_with_moves(&config);
    for series in figures.inhabitants.values_mut() {
        *series = series.newest(2023).map(|found| (2020, found.value)).into_iter().collect();
    }
    assert!(of_county(&analyse(&figures, &config, own, 2026).unwrap(), "24").is_none());
    // Nor without the inhabitants.
    let (mut figures, _home) = figures_with_moves(&config);
    figures.inhabitants.clear();
    let analysis = analyse(&figures, &config, own, 2026).unwrap();
    assert_eq!(analysis.markets.empty_pillars[&MarketKind::County], ["mobility"]);
}
