//! The influence sheet: its numbers are the table's, the floor closes what gate E closes, and a broken rule is told.

use malmarknad::analysis::{Analysis, analyse};
use malmarknad::config::Config;
use malmarknad::figures::Figures;
use malmarknad::influence::{areas, earlier_floor, employed, influence};
use malmarknad::language::Language;
use malmarknad::report::documents;
use malmarknad::report::model::{Block, Cell, Document, Inline, Paper};
use malmarknad::supply::{Market, MarketKind};
use malmarknad::table::{Table, Values};

use crate::report::{context, numbers, texts};

const BOTH: [Language; 2] = [Language::Swedish, Language::English];

fn analysed(config: &Config, figures: &Figures, county: &str) -> Analysis {
    analyse(figures, config, config.codes.county(county, "test").unwrap(), 2026).unwrap()
}

fn sheet(analysis: &Analysis, figures: &Figures, config: &Config, language: Language) -> Document {
    let all = documents(&context(analysis, figures, config, language)).unwrap();
    all.into_iter().find(|document| document.stem == "paverkan").unwrap()
}

fn table(analysis: &Analysis, figures: &Figures, config: &Config) -> Table {
    malmarknad::tables::tables(analysis, config, figures, None).into_iter().find(|table| table.name == "influence").unwrap()
}

/// The column's numbers; missing cells and texts are not a number.
fn column(table: &Table, name: &str) -> Vec<f64> {
    match &table.columns.iter().find(|column| column.name == name).unwrap().values {
        Values::Number(values) => values.iter().map(|value| value.unwrap_or(f64::NAN)).collect(),
        Values::Whole(values) => values.iter().map(|value| value.map_or(f64::NAN, |value| value as f64)).collect(),
        Values::Truth(values) => values.iter().map(|value| value.map_or(f64::NAN, |value| f64::from(u8::from(value)))).collect(),
        Values::Text(_) => panic!("{name}"),
    }
}

#[test]
fn the_floor_closes_what_gate_e_closes_for_a_third_country() {
    let config = crate::config();
    let figures = crate::figures(&config);
    for county in ["23", "22", "01"] {
        let analysis = analysed(&config, &figures, county);
        let rows = influence(&analysis, &config, &figures);
        let ranking = analysis.markets.ranking(MarketKind::Country, "likely").unwrap();
        let gate = |market: Market, row: &malmarknad::influence::InfluenceRow| {
            let fit = ranking.fits.iter().find(|fit| fit.market == market && fit.occupation == row.occupation()).unwrap();
            fit.gate.unwrap().letter()
        };
        // A third country with an open door for some occupations; the WHO list comes before the floor, so only countries that are not on it.
        let third = analysis
            .supply
            .countries
            .iter()
            .filter(|country| !figures.free_movement.contains_key(country) && !figures.who_list.contains_key(country));
        let third: Vec<Market> = third.take(3).map(|country| Market::Country(*country)).collect();
        assert_eq!(third.len(), 3);
        for market in third {
            for row in &rows {
                assert_eq!(row.is_closed(), gate(market, row) == "E", "county {county}, {}", row.occupation());
            }
            for (area, found) in config.areas.iter().zip(areas(&analysis, &rows)) {
                let score = ranking.scores.iter().find(|score| score.market == market && score.area == area.key).unwrap();
                assert!((score.open_share.unwrap() - (1.0 - found.closed)).abs() < 1e-9, "county {county}, {}", area.key);
            }
        }
    }
}

#[test]
fn a_lower_floor_closes_no_more_and_pay_by_sex_is_of_the_same_table() {
    let config = crate::config();
    let figures = crate::figures(&config);
    let analysis = analysed(&config, &figures, "23");
    let rows = influence(&analysis, &config, &figures);
    assert!(rows.iter().all(|row| row.below_earlier != Some(true) || row.is_closed()));
    assert!((earlier_floor(&config) - 30_640.0).abs() < 1e-6);
    // A mean over women and men lies between theirs.
    let mut between = 0;
    for row in rows.iter().filter(|row| row.basis == Some(malmarknad::influence::PayBasis::RegionMean)) {
        let (Some(women), Some(men), Some(pay)) = (row.women, row.men, row.pay) else { continue };
        let (low, high) = (women.min(men) - 100.0, women.max(men) + 100.0);
        assert!((low..=high).contains(&pay.value), "{}: {women}, {men}, {}", row.occupation(), pay.value);
        between += 1;
    }
    assert!(between > 20, "{between}");
}

#[test]
fn pay_that_is_not_published_is_neither_below_nor_above_the_floor() {
    let config = crate::config();
    let figures = crate::figures(&config);
    let analysis = analysed(&config, &figures, "23");
    let table = table(&analysis, &figures, &config);
    let [pay, gap, below, earlier] = ["pay", "gap", "below", "below_earlier"].map(|name| column(&table, name));
    let hidden: Vec<usize> = (0..pay.len()).filter(|row| pay[*row].is_nan()).collect();
    assert!(hidden.len() > 2, "{hidden:?}");
    for row in 0..pay.len() {
        for column in [&gap, &below, &earlier] {
            assert_eq!(column[row].is_nan(), hidden.contains(&row), "row {row}");
        }
    }
    let skilled = malmarknad::tables::tables(&analysis, &config, &figures, None).into_iter().find(|table| table.name == "skilled_needs").unwrap();
    let [pay, below] = ["pay", "below_floor"].map(|name| column(&skilled, name));
    assert!(pay.iter().any(|pay| pay.is_nan()));
    assert!(pay.iter().zip(&below).all(|(pay, below)| pay.is_nan() == below.is_nan()));
}

#[test]
fn what_nobody_has_confirmed_is_told_in_the_part_that_is_printed() {
    let config = crate::config();
    let figures = crate::figures(&config);
    let analysis = analysed(&config, &figures, "23");
    for language in BOTH {
        let document = sheet(&analysis, &figures, &config, language);
        let printed = document.blocks.iter().filter(|block| !matches!(block, Block::ScreenOnly(_)));
        let printed = printed.flat_map(|block| texts(block, language)).collect::<Vec<_>>().join("\n");
        let told = if language == Language::Swedish {
            ["projektets startvärde", "Ingen av de åtta reglerna har bekräftats", "kan vara undantagna (Utlänningslagen 6 kap. 2 §)"]
        } else {
            ["the project’s starting value", "None of the eight rules has been confirmed", "may be exempt (Aliens Act, chapter 6, section 2)"]
        };
        for told in told {
            assert!(printed.contains(told), "{told}");
        }
    }
}

#[test]
fn the_numbers_of_the_answer_are_those_of_the_table_in_both_languages_and_three_counties() {
    let config = crate::config();
    let figures = crate::figures(&config);
    let floor = config.permit_rules.pay_floor.floor;
    for county in ["23", "22", "01"] {
        let analysis = analysed(&config, &figures, county);
        let table = table(&analysis, &figures, &config);
        let [below, earlier, women, men, total, volume, gap, pay_women, pay_men] =
            ["below", "below_earlier", "employed_women", "employed_men", "employed_total", "volume", "gap", "pay_women", "pay_men"]
                .map(|name| column(&table, name));
        let all = below.len();
        let closed: Vec<usize> = (0..all).filter(|row| below[*row] > 0.5).collect();
        let sum = |values: &[f64], of: &[usize]| of.iter().map(|row| values[*row]).sum::<f64>();
        let every: Vec<usize> = (0..all).collect();
        let open: Vec<usize> = every.iter().copied().filter(|row| below[*row] < 0.5).collect();
        let share = |of: &[usize]| sum(&women, of) / sum(&total, of) * 100.0;
        let known: Vec<usize> = every.iter().copied().filter(|row| pay_women[*row].is_finite() && pay_men[*row].is_finite()).collect();
        let crossed = |under: &[f64], over: &[f64]| known.iter().filter(|row| under[**row] < floor && over[**row] >= floor).count();
        let hidden = every.iter().filter(|row| below[**row].is_nan()).count();
        let whole = |value: f64| format!("{value:.0}");
        // None and one are words that are not counted.
        let spoken = |count: usize| (count > 1).then(|| count.to_string());
        let largest = closed[0];
        let expected: Vec<Vec<String>> = vec![
            vec![
                "34470".to_owned(),
                "1".to_owned(),
                "2026".to_owned(),
                spoken(closed.len()).unwrap(),
                all.to_string(),
                whole(sum(&women, &closed)),
                whole(sum(&men, &closed)),
                whole(sum(&total, &closed) / sum(&total, &every) * 100.0),
                whole(sum(&volume, &closed)),
            ],
            vec![
                whole(volume[largest]),
                whole(gap[largest]),
                format!("{:.1}", gap[largest] / floor * 100.0),
                "80".to_owned(),
                "30640".to_owned(),
                // Aliens Act, chapter 6, section 2: the law that lets the Government exempt the occupation.
                "6".to_owned(),
                "2".to_owned(),
            ]
            .into_iter()
            .chain(spoken(earlier.iter().filter(|value| **value > 0.5).count()))
            .collect(),
            [hidden, known.len(), crossed(&pay_women, &pay_men), crossed(&pay_men, &pay_women)]
                .into_iter()
                .filter_map(spoken)
                .chain([whole(share(&closed)), whole(share(&open))])
                .collect(),
        ];
        for language in BOTH {
            let document = sheet(&analysis, &figures, &config, language);
            let Some(Block::Answer { paragraphs, .. }) = document.blocks.first() else { panic!("no answer first") };
            for (expected, paragraph) in expected.iter().zip(paragraphs) {
                let mut expected = expected.clone();
                expected.sort();
                let said: Vec<String> = numbers(&paragraph.plain(), language).into_iter().collect();
                assert_eq!(said, expected, "county {county}: {}", paragraph.plain());
            }
            assert!(paragraphs.last().unwrap().plain().contains(if language == Language::Swedish { "säger inte" } else { "does not say" }));
        }
    }
}

#[test]
fn the_tables_of_the_sheet_are_the_table_s_rows_and_hide_small_counts() {
    let config = crate::config();
    let figures = crate::figures(&config);
    let analysis = analysed(&config, &figures, "23");
    let rows = influence(&analysis, &config, &figures);
    let found = areas(&analysis, &rows);
    for language in BOTH {
        let document = sheet(&analysis, &figures, &config, language);
        assert_eq!(document.paper, Some(Paper::Sheet));
        let tables: Vec<_> = document.tables().collect();
        let close = |cell: &Cell, expected: Option<f64>| match (cell, expected) {
            (Cell::Number { value, .. }, Some(expected)) => (value - expected).abs() < 1e-9,
            (Cell::Missing { .. }, None) => true,
            _ => false,
        };
        let closed: Vec<_> = rows.iter().filter(|row| row.is_closed()).collect();
        for (table, expected) in [(tables[0], closed.iter().copied().take(6).collect::<Vec<_>>()), (tables[2], rows.iter().collect())] {
            assert_eq!(table.grid.rows.len(), expected.len());
            for (cells, row) in table.grid.rows.iter().zip(expected) {
                assert!(close(&cells[5], row.women) && close(&cells[6], row.men) && close(&cells[7], row.pay.map(|pay| pay.value)), "{cells:?}");
                assert!(close(&cells[8], row.gap), "{cells:?}");
                for (cell, count) in [(&cells[3], row.demand.employed.women), (&cells[4], row.demand.employed.men)] {
                    let protected = (1..=4).contains(&count);
                    assert_eq!(matches!(cell, Cell::SmallCount { .. }), protected, "{cells:?}");
                }
            }
        }
        for (cells, found) in tables[1].grid.rows.iter().zip(&found) {
            assert!(close(&cells[2], Some(found.closed * 100.0)) && close(&cells[3], Some(found.closed_earlier * 100.0)), "{cells:?}");
        }
        // Each rule that holds for a rated occupation is told with its women and men, and no other rule.
        let said = document.parts().flat_map(|block| texts(block, language)).collect::<Vec<_>>().join("\n");
        for rule in &config.permit_rules.occupation_rules {
            let own: Vec<_> = rows.iter().filter(|row| row.rules.iter().any(|(other, _)| other.key == rule.key)).collect();
            let name = if language == Language::Swedish { &rule.name } else { &rule.name_en };
            assert_eq!(said.contains(name.as_str()), !own.is_empty(), "{}", rule.key);
            if own.is_empty() {
                continue;
            }
            let persons = employed(own.iter().copied());
            let item = said.lines().find(|line| line.starts_with(name.as_str()) && line.contains(": ")).unwrap();
            for count in [persons.women, persons.men] {
                let printed = if (1..=4).contains(&count) { "4".to_owned() } else { count.to_string() };
                assert!(numbers(item, language).contains(&printed), "{item}");
            }
        }
    }
}

#[test]
fn every_page_leads_to_the_sheet_and_its_rules_lead_to_an_authority() {
    let config = crate::config();
    let figures = crate::figures(&config);
    let analysis = analysed(&config, &figures, "22");
    let run = context(&analysis, &figures, &config, Language::English);
    let files = malmarknad::report::reports(&run).unwrap();
    for (path, page) in crate::report::html(&files) {
        assert!(page.contains("href=\"paverkan.html\""), "{path}");
    }
    let document = sheet(&analysis, &figures, &config, Language::English);
    let links = document.tables().flat_map(|table| table.grid.rows.iter().flatten()).filter_map(|cell| match cell {
        Cell::Prose(prose) => prose.0.iter().find_map(|run| if let Inline::Link { target, .. } = run { Some(target.clone()) } else { None }),
        _ => None,
    });
    assert!(links.filter(|target| target.starts_with("https://")).count() > 3);
}

#[test]
fn a_county_without_closed_occupations_is_told_so() {
    let mut config = crate::config();
    let floor = &mut config.permit_rules.pay_floor;
    (floor.median, floor.share, floor.floor) = (100.0, 0.9, 90.0);
    let figures = crate::figures(&config);
    let analysis = analysed(&config, &figures, "23");
    for language in BOTH {
        let document = sheet(&analysis, &figures, &config, language);
        let Some(Block::Answer { paragraphs, .. }) = document.blocks.first() else { panic!("no answer first") };
        assert!(paragraphs[0].plain().contains(if language == Language::Swedish { "stänger inget" } else { "closes none" }));
        assert_eq!(document.tables().next().unwrap().grid.rows.len(), config.areas.len());
    }
}

#[test]
fn a_broken_rule_is_told_with_its_key() {
    let home = crate::copied_home();
    let path = home.path().join("data/permit-rules.toml");
    let sound = std::fs::read_to_string(&path).unwrap();
    for (from, to, told) in [
        ("occupations = [\"7411\"]", "occupations = [\"9999\"]", "9999 is no SSYK 2012 code"),
        ("partly = [\"7412\", \"7413\"]", "partly = [\"7412\", \"741\"]", "7411 is listed twice"),
        ("occupations = [\"7411\"]\npartly = [\"7412\", \"7413\"]", "occupations = []\npartly = []", "holds for no occupation"),
        ("key = \"elinstallation\"", "key = \"yrkesforarkompetens\"", "given twice"),
        ("key = \"elinstallation\"", "key = \"El installation\"", "a key stands in tables"),
        ("url = \"https://www.elsakerhetsverket.se/\"", "url = \"www.elsakerhetsverket.se\"", "an address"),
        ("kind = \"authorisation\"", "kind = \"permission\"", "permission"),
        ("authority_en = \"National Electrical Safety Board\"\n", "", "authority_en"),
        ("key = \"elinstallation\"", "key = \"elinstallation\"\nnote = \"x\"", "note"),
    ] {
        let broken = sound.replacen(from, to, 1);
        assert_ne!(broken, sound, "{from}");
        std::fs::write(&path, broken).unwrap();
        let error = Config::read(&home.path().join("data")).unwrap_err().to_string();
        assert!(error.contains(told) && error.contains("permit-rules.toml") && error.contains("hint: "), "{error}");
    }
}
