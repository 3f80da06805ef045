//! National target markets: the page says what the rankings of counties say, area by area and occupation by occupation, and never mixes them with countries.

use std::collections::{BTreeMap, BTreeSet};

use malmarknad::analysis::Analysis;
use malmarknad::config::Config;
use malmarknad::figures::Figures;
use malmarknad::language::Language;
use malmarknad::report::documents;
use malmarknad::report::model::{Block, Cell, Document, FigureData};
use malmarknad::supply::{Market, MarketKind};

use crate::report::{analysed, context, texts};

const BOTH: [Language; 2] = [Language::Swedish, Language::English];

fn page(analysis: &Analysis, figures: &Figures, config: &Config, language: Language) -> Document {
    let all = documents(&context(analysis, figures, config, language)).unwrap();
    all.into_iter().find(|document| document.stem == "lan-i-sverige").unwrap()
}

/// Counties of the first tier by area.
fn first(analysis: &Analysis) -> BTreeMap<&str, BTreeSet<Market>> {
    let ranking = analysis.markets.ranking(MarketKind::County, "").unwrap();
    let mut found: BTreeMap<&str, BTreeSet<Market>> = BTreeMap::new();
    for row in &ranking.scores {
        if row.uncertainty.as_ref().is_some_and(|doubt| doubt.tier == 1) {
            found.entry(row.area.as_str()).or_default().insert(row.market);
        }
    }
    found
}

#[test]
fn the_answer_and_the_map_count_the_first_tiers_of_the_areas() {
    let config = crate::config();
    let (analysis, figures) = analysed(&config);
    let first = first(&analysis);
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for (county, info) in config.codes.counties() {
        if county != analysis.county {
            counts.insert(info.swedish.as_str(), first.values().filter(|members| members.contains(&Market::County(county))).count());
        }
    }
    let most = *counts.values().max().unwrap();
    let document = page(&analysis, &figures, &config, Language::Swedish);
    let Some(Block::Answer { paragraphs, .. }) = document.blocks.first() else { panic!() };
    let opening = paragraphs[0].plain();
    assert!(opening.contains(&format!("i {most} av {} områden", first.len())), "{opening}");
    let lead = opening.split(" ligger i första gruppen").next().unwrap();
    for (name, count) in &counts {
        assert_eq!(lead.contains(name), *count == most, "{name}: {opening}");
    }
    let all: String = paragraphs.iter().map(malmarknad::report::model::Prose::plain).collect();
    assert!(
        all.contains("kan sidan inte svara på") && all.contains("går inte att jämföra") && all.contains("flyttar mellan länen ingår inte"),
        "{all}"
    );
    let map = document.figures().find(|figure| figure.file.ends_with("karta-lan")).unwrap();
    let FigureData::Own(grid) = &map.data else { panic!() };
    assert_eq!(grid.rows.len(), 20);
    for cells in &grid.rows {
        let Cell::Text(name) = &cells[0] else { panic!("{cells:?}") };
        let count = counts[name.as_str()];
        assert_eq!(cells[1], Cell::Number { value: count as f64, decimals: 0 }, "{name}");
        assert!(matches!(cells[2], Cell::Number { value, .. } if (value - count as f64 / first.len() as f64 * 100.0).abs() < 1e-9), "{cells:?}");
    }
}

#[test]
fn every_area_has_all_its_counties_in_order_and_no_country() {
    let config = crate::config();
    let (analysis, figures) = analysed(&config);
    let ranking = analysis.markets.ranking(MarketKind::County, "").unwrap();
    for language in BOTH {
        let document = page(&analysis, &figures, &config, language);
        let name = |market: Market| match market {
            Market::County(county) => {
                let info = config.codes.county_info(county);
                language.pick(&info.swedish, &info.english).to_owned()
            }
            Market::Country(_) => panic!("a country among the counties"),
        };
        let start = if language == Language::Swedish { "Alla " } else { "All " };
        let tables: Vec<_> = document.tables().filter(|table| table.title.starts_with(start)).collect();
        let ranked: Vec<&str> =
            config.areas.iter().map(|area| area.key.as_str()).filter(|key| ranking.scores.iter().any(|row| row.area == *key && row.ranked)).collect();
        assert_eq!(tables.len(), ranked.len());
        for (key, table) in ranked.into_iter().zip(tables) {
            let mut rows: Vec<_> = ranking.scores.iter().filter(|row| row.area == key && row.ranked).collect();
            rows.sort_by_key(|row| row.uncertainty.as_ref().unwrap().place);
            let printed: Vec<String> = table.grid.rows.iter().map(|cells| cells[0].text(language)).collect();
            assert_eq!(printed, rows.iter().map(|row| name(row.market)).collect::<Vec<_>>(), "{key}");
            for (row, cells) in rows.iter().zip(&table.grid.rows) {
                assert!(matches!(cells[4], Cell::Number { value, .. } if (value - row.score.unwrap()).abs() < 1e-12), "{key}: {cells:?}");
            }
        }
        let said: BTreeSet<String> = document.parts().flat_map(|block| texts(block, language)).collect();
        for country in ["Polen", "Poland", "Tyskland", "Germany"] {
            assert!(said.iter().all(|text| !text.contains(country)), "{country}");
        }
    }
}

#[test]
fn the_places_for_an_occupation_are_its_fits_in_order_with_intervals_that_hold_them() {
    let config = crate::config();
    let (analysis, figures) = analysed(&config);
    let ranking = analysis.markets.ranking(MarketKind::County, "").unwrap();
    let rows = &analysis.assessed.by_occupation;
    let ranked = ranking.fits.iter().filter(|fit| fit.ranked).count();
    assert_eq!(rows.len(), ranked);
    for row in rows {
        let own: Vec<f64> = ranking.fits.iter().filter(|fit| fit.occupation == row.occupation && fit.ranked).map(|fit| fit.score.unwrap()).collect();
        let better = own.iter().filter(|score| **score > row.score).count();
        assert_eq!(row.rank as usize, better + 1, "{row:?}");
        let doubt = &row.uncertainty;
        assert!(1.0 <= doubt.p05 && doubt.p05 <= doubt.median && doubt.median <= doubt.p95 && doubt.p95 <= own.len() as f64, "{row:?}");
    }
    let document = page(&analysis, &figures, &config, Language::Swedish);
    let table = document.tables().find(|table| table.origin.tables.contains(&"occupation_places")).unwrap();
    let occupations: BTreeSet<_> = rows.iter().map(|row| row.occupation).collect();
    assert_eq!(table.grid.rows.len(), occupations.len());
    for occupation in occupations {
        let name = &config.codes.occupation(occupation).swedish;
        let cells = table.grid.rows.iter().find(|cells| cells[0].text(Language::Swedish) == *name).unwrap();
        let members: Vec<_> = rows.iter().filter(|row| row.occupation == occupation && row.uncertainty.tier == 1).collect();
        let all = rows.iter().filter(|row| row.occupation == occupation).count();
        assert_eq!(cells[2], Cell::Text(format!("{} av {all}", members.len())), "{name}");
        let women: i64 = members
            .iter()
            .map(|row| {
                let Market::County(county) = row.market else { panic!() };
                figures.employed.get(&(county, occupation)).and_then(|series| series.at(analysis.demand.period)).map_or(0, |cell| cell.women)
            })
            .sum();
        match cells[4] {
            Cell::Count(count) => assert!(count == women && !(1..=4).contains(&women), "{name}: {women}"),
            Cell::SmallCount { most } => assert!((1..=most).contains(&women), "{name}: {women}"),
            ref other => panic!("{name}: {other:?}"),
        }
    }
}

#[test]
fn the_page_has_the_same_parts_in_both_languages_and_a_place_in_every_menu() {
    let config = crate::config();
    let (analysis, figures) = analysed(&config);
    let [swedish, english] = BOTH.map(|language| page(&analysis, &figures, &config, language));
    assert_eq!(swedish.parts().count(), english.parts().count());
    for (one, other) in swedish.parts().zip(english.parts()) {
        assert_eq!(std::mem::discriminant(one), std::mem::discriminant(other));
    }
    let files = malmarknad::report::reports(&context(&analysis, &figures, &config, Language::Swedish)).unwrap();
    for (path, text) in crate::report::html(&files) {
        assert!(text.contains("href=\"lan-i-sverige.html\"") || path == "lan-i-sverige.html", "{path}");
    }
}

#[test]
fn without_a_recruited_occupation_the_page_says_so() {
    let mut config = crate::config();
    config.method.demand.rating.shortage = 4.0;
    config.method.demand.rating.watch = 4.0;
    config.method.demand.rating.silent_points = 4.0;
    let (analysis, figures) = analysed(&config);
    for language in BOTH {
        let document = page(&analysis, &figures, &config, language);
        let Some(Block::Answer { paragraphs, .. }) = document.blocks.first() else { panic!() };
        let said = paragraphs[0].plain();
        assert!(said.contains(if language == Language::Swedish { "Inget län kan rangordnas" } else { "No county can be ranked" }), "{said}");
        assert_eq!(document.figures().count(), 0);
    }
}
