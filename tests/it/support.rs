//! The page that says whether the ranking is supported: its numbers and labels are the tables', in both languages.

use malmarknad::analysis::{Analysis, analyse};
use malmarknad::backtest::{BackTest, INDICATOR, PUBLISHED, Test};
use malmarknad::config::Config;
use malmarknad::figures::Figures;
use malmarknad::language::Language;
use malmarknad::report::model::{Block, Cell, Document, FigureData};
use malmarknad::report::{RunContext, documents, reports};
use malmarknad::table::{Table, Values};

use crate::report::{context, english_words, html, numbers, prose, texts};

const BOTH: [Language; 2] = [Language::Swedish, Language::English];

/// A plain analysis: the page does not depend on how sure the places are.
fn analysed(config: &Config, figures: &Figures) -> Analysis {
    let county = config.codes.county("23", "test").unwrap();
    analyse(figures, config, county, 2026).unwrap()
}

fn with<'a>(found: &'a BackTest, analysis: &'a Analysis, figures: &'a Figures, config: &'a Config, language: Language) -> RunContext<'a> {
    RunContext { back_test: Some(found), ..context(analysis, figures, config, language) }
}

fn page(run: &RunContext) -> Document {
    documents(run).unwrap().into_iter().find(|document| document.stem == "stod").unwrap()
}

fn answer(document: &Document) -> String {
    let Some(Block::Answer { paragraphs, .. }) = document.blocks.first() else { panic!("no answer first") };
    paragraphs.iter().map(malmarknad::report::model::Prose::plain).collect::<Vec<_>>().join("\n")
}

/// A column of a table as text.
fn column(table: &Table, name: &str) -> Vec<String> {
    let values = &table.columns.iter().find(|column| column.name == name).unwrap_or_else(|| panic!("{name}")).values;
    match values {
        Values::Text(values) => values.iter().map(|value| value.as_deref().unwrap_or_default().to_owned()).collect(),
        Values::Number(values) => values.iter().map(|value| value.map_or_else(String::new, |value| value.to_string())).collect(),
        Values::Whole(values) => values.iter().map(|value| value.map_or_else(String::new, |value| value.to_string())).collect(),
        Values::Truth(_) => panic!("{name}"),
    }
}

#[test]
fn the_numbers_and_labels_of_the_page_are_those_of_the_table_in_both_languages() {
    let config = crate::config();
    let figures = crate::figures(&config);
    let found = crate::backtest::quick(&config, &figures, 300);
    let analysis = analysed(&config, &figures);
    let tables = malmarknad::tables::tables(&analysis, &config, &figures, Some(&found));
    let table = tables.iter().find(|table| table.name == "backtest").unwrap();
    let [names, scopes, sexes, years, rankers, values, ndcg, above, labels] =
        ["name", "scope", "sex", "as_of", "ranker", "value", "ndcg10", "above_simple", "label"].map(|name| column(table, name));
    let rows_of = |name: &str, scope: &str| -> Vec<usize> {
        let of = |row: &usize| names[*row] == name && scopes[*row] == scope && sexes[*row] == "total" && !rankers[*row].starts_with(INDICATOR);
        let all: Vec<usize> = (0..names.len()).filter(of).collect();
        let newest = all.iter().map(|row| years[*row].clone()).max().unwrap();
        let mut rows: Vec<usize> = all.into_iter().filter(|row| years[*row] == newest).collect();
        rows.sort_by(|first, second| values[*second].parse::<f64>().unwrap().total_cmp(&values[*first].parse::<f64>().unwrap()));
        rows
    };
    let english = |label: &str| match label {
        "stöd" => "support",
        "svagt stöd" => "weak support",
        "inget stöd" => "no support",
        _ => "",
    };
    for language in BOTH {
        let document = page(&with(&found, &analysis, &figures, &config, language));
        let tests = [("benchmark", "third"), ("national", "third"), ("stock", "all"), ("new_markets", "third"), ("new_pairs", "third")];
        for ((name, scope), shown) in tests.into_iter().zip(document.tables()) {
            let rows = rows_of(name, scope);
            assert_eq!(rows.len(), shown.grid.rows.len(), "{name}");
            for (row, cells) in rows.into_iter().zip(&shown.grid.rows) {
                let close = |cell: &Cell, expected: &str| match cell {
                    Cell::Number { value, .. } => (value - expected.parse::<f64>().unwrap()).abs() < 1e-12,
                    _ => false,
                };
                assert!(close(&cells[1], &values[row]) && close(&cells[5], &ndcg[row]), "{name}: {cells:?}");
                let simple = ["population", "pool"].contains(&rankers[row].as_str());
                assert_eq!(close(&cells[3], &above[row]), !simple, "{name}: {cells:?}");
                let label = if language == Language::Swedish { labels[row].as_str() } else { english(&labels[row]) };
                let printed = if let Cell::Text(text) = &cells[7] { text.as_str() } else { "" };
                assert_eq!(printed, label, "{name}: {}", rankers[row]);
            }
        }
        // The answer's numbers are the lists' and what they are held against.
        let said = answer(&document);
        for row in rows_of("benchmark", "third") {
            if ["likely", "potential", "history", "born_in_sweden"].contains(&rankers[row].as_str()) {
                let number = language.number(values[row].parse().unwrap(), 2);
                assert!(said.contains(&number), "{} {number}: {said}", rankers[row]);
            }
        }
    }
}

#[test]
fn the_page_has_the_same_parts_and_numbers_in_both_languages() {
    let config = crate::config();
    let figures = crate::figures(&config);
    let found = crate::backtest::quick(&config, &figures, 100);
    let analysis = analysed(&config, &figures);
    let [swedish, english] = BOTH.map(|language| page(&with(&found, &analysis, &figures, &config, language)));
    assert_eq!(swedish.blocks.len(), english.blocks.len());
    let before_sources = swedish.blocks.iter().zip(&english.blocks);
    for (first, second) in before_sources.take_while(|(block, _)| !matches!(block, Block::Heading { anchor, .. } if anchor == "kallor")) {
        assert_eq!(std::mem::discriminant(first), std::mem::discriminant(second));
        let of = |block: &Block, language: Language| {
            let mut all: Vec<String> = texts(block, language).iter().flat_map(|text| numbers(text, language)).collect();
            all.sort();
            all
        };
        assert_eq!(of(first, Language::Swedish), of(second, Language::English), "{first:?}\n{second:?}");
    }
    for figure in swedish.figures().chain(english.figures()) {
        assert_ne!(figure.caption.plain(), figure.alternative);
        assert!(figure.alternative.chars().filter(char::is_ascii_digit).count() > 20, "{}", figure.alternative);
        assert!(matches!(&figure.data, FigureData::Own(grid) if grid.rows.len() > 10));
    }
    assert_eq!(swedish.figures().count(), 2);
}

#[test]
fn the_page_is_clean_and_every_page_leads_to_it() {
    let config = crate::config();
    let figures = crate::figures(&config);
    let found = crate::backtest::quick(&config, &figures, 100);
    let analysis = analysed(&config, &figures);
    for language in BOTH {
        let files = reports(&with(&found, &analysis, &figures, &config, language)).unwrap();
        for (path, page) in html(&files) {
            let own = path == "stod.html";
            // What ranks nothing needs no line on whether the order is supported.
            let ranks = path != "nulagesanalys.html" && path != "paverkan.html";
            assert_eq!(page.matches("href=\"stod.html\"").count(), if own || !ranks { 1 } else { 2 }, "{path}: the menu, and a line that leads here");
            if !own {
                continue;
            }
            let text = prose(page);
            for slip in ["..", " .", " ,", "NaN", "None", "Some(", "  och ", "indicator:", "born_in_sweden", "?."] {
                let found = text.find(slip).map(|place| text[place.saturating_sub(60)..].chars().take(100).collect::<String>());
                assert!(found.is_none(), "{path}: \"{slip}\" in {found:?}");
            }
            let levels: Vec<u32> = page.match_indices("<h").filter_map(|(place, _)| page[place + 2..].chars().next()?.to_digit(10)).collect();
            assert!(levels.array_windows().all(|[before, after]| *after <= before + 1), "{levels:?}");
            assert!(!page.contains("href=\"#kallor\"") || page.contains("id=\"kallor\""));
            if language == Language::English {
                let swedish = ["och", "för", "inte", "är", "av", "på", "som", "att", "länder", "yrken", "stöd", "prövas"];
                let word = english_words(page).into_iter().find(|word| swedish.contains(&word.to_lowercase().as_str()));
                assert_eq!(word, None);
            }
        }
    }
}

#[test]
fn an_outcome_dealt_at_random_gets_no_support_on_the_page() {
    let config = crate::config();
    let figures = crate::figures(&config);
    let found = crate::backtest::quick(&config, &crate::backtest::shuffled(&figures, 70), 200);
    let analysis = analysed(&config, &figures);
    let document = page(&with(&found, &analysis, &figures, &config, Language::Swedish));
    let said = answer(&document);
    assert!(said.contains("Listorna Trolig och Oprövad har båda inget stöd"), "{said}");
    assert_eq!(said.matches("inget stöd i (a)").count(), 2, "{said}");
    for (test, shown) in [Test::Benchmark, Test::National].into_iter().zip(document.tables()) {
        assert!(found.newest(test, PUBLISHED).is_some());
        for list in ["Trolig", "Oprövad"] {
            let row = shown.grid.rows.iter().find(|row| row[0] == Cell::Text(list.to_owned())).unwrap();
            assert_eq!(row[7], Cell::Text("inget stöd".to_owned()), "{list}");
        }
    }
}

#[test]
fn too_few_countries_are_said_to_be_too_few() {
    let config = crate::config();
    let figures = crate::figures(&config);
    let found = crate::backtest::quick(&config, &figures, 50);
    let analysis = analysed(&config, &figures);
    let document = page(&with(&found, &analysis, &figures, &config, Language::Swedish));
    let all = document.tables().find(|table| table.grid.rows.len() == found.tests.len()).unwrap();
    for (test, cells) in found.tests.iter().zip(&all.grid.rows) {
        let few = cells.iter().any(|cell| *cell == Cell::Text("för få länder".to_owned()));
        assert_eq!(few, test.countries < config.method.backtest.least_countries, "{} {}", test.scope, test.as_of);
    }
}

#[test]
fn figures_without_permits_leave_a_page_that_says_so() {
    let config = crate::config();
    let mut figures = crate::figures(&config);
    figures.permits.clear();
    figures.permits_by_group.clear();
    figures.born_in_sweden.clear();
    let found = crate::backtest::quick(&config, &figures, 50);
    assert!(found.tests.is_empty() && found.leaks.is_empty(), "{} tests", found.tests.len());
    let analysis = analysed(&config, &figures);
    for language in BOTH {
        let document = page(&with(&found, &analysis, &figures, &config, language));
        assert!(answer(&document).contains(if language == Language::Swedish { "Det går inte att svara" } else { "cannot tell" }));
        assert_eq!(document.figures().count(), 0);
    }
}
