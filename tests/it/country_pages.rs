//! The countries' pages and the industries' sheets: which there are, that their numbers are the tables', that nobody can be pointed at, that every link leads
//! somewhere, and that both languages say the same.

use std::collections::{BTreeMap, BTreeSet};

use malmarknad::analysis::Analysis;
use malmarknad::code::{Country, Sex};
use malmarknad::config::Config;
use malmarknad::figures::Figures;
use malmarknad::language::Language;
use malmarknad::market::MarketScore;
use malmarknad::report::model::{Block, Cell, Document, FigureData, Grid, Inline, Paper, Table};
use malmarknad::report::{documents, reports};
use malmarknad::supply::{Market, MarketKind};

use crate::report::{analysed, context, html, numbers, texts};

const BOTH: [Language; 2] = [Language::Swedish, Language::English];
const LISTS: [&str; 2] = ["likely", "potential"];

/// Stem of a country's page.
fn stem(country: Country) -> String {
    format!("land-{}", country.as_str().to_lowercase())
}

/// Places of a country by list and area.
fn places<'a>(analysis: &'a Analysis, list: &str, country: Country) -> BTreeMap<&'a str, &'a MarketScore> {
    let ranking = analysis.markets.ranking(MarketKind::Country, list).unwrap();
    ranking.scores.iter().filter(|row| row.market == Market::Country(country)).map(|row| (row.area.as_str(), row)).collect()
}

/// The countries of the first tier of any area on either list, read off the ranking.
fn first(analysis: &Analysis) -> BTreeSet<Country> {
    let rows = LISTS.iter().flat_map(|list| &analysis.markets.ranking(MarketKind::Country, list).unwrap().scores);
    let first = rows.filter(|row| row.uncertainty.as_ref().is_some_and(|doubt| doubt.tier == 1));
    first.filter_map(|row| if let Market::Country(country) = row.market { Some(country) } else { None }).collect()
}

fn pages(documents: &[Document]) -> Vec<&Document> {
    documents.iter().filter(|document| document.stem.starts_with("land-")).collect()
}

fn country_of(config: &Config, document: &Document) -> Country {
    config.codes.country(&document.stem.trim_start_matches("land-").to_uppercase(), "test").unwrap()
}

/// The tables of a page under the heading with this anchor.
fn tables_under<'a>(document: &'a Document, anchor: &str) -> Vec<&'a Table> {
    let mut inside = false;
    let mut found = Vec::new();
    for block in document.parts() {
        match block {
            Block::Heading { level: 2, anchor: own, .. } => inside = own == anchor,
            Block::Table(table) if inside => found.push(table),
            _ => {}
        }
    }
    found
}

fn plain(cell: &Cell, language: Language) -> String {
    match cell {
        Cell::Text(text) => text.clone(),
        Cell::Prose(text) => text.plain(),
        Cell::Number { value, decimals } => language.number(*value, *decimals),
        Cell::Count(count) => language.whole(*count),
        Cell::SmallCount { most } => format!("1–{most}"),
        Cell::Missing { .. } => "–".to_owned(),
        Cell::UnderOne => "<1".to_owned(),
        Cell::Empty => String::new(),
    }
}

fn close(cell: &Cell, expected: f64) -> bool {
    matches!(cell, Cell::Number { value, .. } if (value - expected).abs() < 1e-9)
}

#[test]
fn every_country_of_a_first_tier_has_its_page_and_no_other_has() {
    let config = crate::config();
    let (analysis, figures) = analysed(&config);
    let expected: BTreeSet<String> = first(&analysis).into_iter().map(stem).collect();
    assert!(expected.len() > 5, "{expected:?}");
    for language in BOTH {
        let documents = documents(&context(&analysis, &figures, &config, language)).unwrap();
        let found: BTreeSet<String> = pages(&documents).iter().map(|document| document.stem.clone()).collect();
        assert_eq!(found, expected);
        // The start page links to each, the top menu to none of them.
        let start = documents.iter().find(|document| document.stem == "index").unwrap();
        let linked: BTreeSet<String> = links(start).into_iter().filter(|target| target.starts_with("land-")).collect();
        assert_eq!(linked, expected.iter().map(|stem| format!("{stem}.html")).collect());
    }
}

/// Targets of the links of a document.
fn links(document: &Document) -> Vec<String> {
    fn of(prose: &malmarknad::report::model::Prose) -> Vec<String> {
        prose.0.iter().filter_map(|run| if let Inline::Link { target, .. } = run { Some(target.clone()) } else { None }).collect()
    }
    fn of_grid(grid: &Grid) -> Vec<String> {
        grid.rows.iter().flatten().flat_map(|cell| if let Cell::Prose(prose) = cell { of(prose) } else { Vec::new() }).collect()
    }
    let mut all = of(&document.lead);
    for block in document.parts() {
        match block {
            Block::Paragraph(prose) | Block::Note(prose) => all.extend(of(prose)),
            Block::Answer { paragraphs, .. } => all.extend(paragraphs.iter().flat_map(of)),
            Block::List(items) => all.extend(items.iter().flat_map(of)),
            Block::Table(table) => {
                all.extend(of_grid(&table.grid));
                all.extend(of(&table.origin.source));
            }
            Block::Figure(figure) => {
                all.extend(of(&figure.origin.source));
                if let FigureData::Own(grid) = &figure.data {
                    all.extend(of_grid(grid));
                }
            }
            Block::Heading { .. } | Block::ScreenOnly(_) | Block::Weigh(_) => {}
        }
    }
    all
}

#[test]
fn the_places_of_a_page_are_those_of_the_ranking() {
    let config = crate::config();
    let (analysis, figures) = analysed(&config);
    for language in BOTH {
        let documents = documents(&context(&analysis, &figures, &config, language)).unwrap();
        for document in pages(&documents) {
            let country = country_of(&config, document);
            let lists: Vec<&str> = LISTS.into_iter().filter(|list| places(&analysis, list, country).values().any(|row| row.ranked)).collect();
            let shown = tables_under(document, "omraden");
            assert_eq!(shown.len(), lists.len(), "{}", document.stem);
            let mut true_numbers: BTreeSet<String> = ["9", "10"].map(str::to_owned).into();
            for (list, table) in lists.iter().zip(shown) {
                let rows = places(&analysis, list, country);
                assert_eq!(table.grid.rows.len(), config.areas.len());
                for (area, cells) in config.areas.iter().zip(&table.grid.rows) {
                    let row = rows[area.key.as_str()];
                    assert_eq!(plain(&cells[0], language), if language == Language::Swedish { area.name.clone() } else { area.name_en.clone() });
                    let Some(doubt) = row.uncertainty.as_ref() else {
                        assert!(matches!(cells[1], Cell::Missing { .. }) && matches!(cells[3], Cell::Missing { .. }), "{}", document.stem);
                        continue;
                    };
                    let same_tier = |other: &&MarketScore| {
                        other.area == area.key && other.uncertainty.as_ref().is_some_and(|uncertainty| uncertainty.tier == doubt.tier)
                    };
                    let ranking = analysis.markets.ranking(MarketKind::Country, list).unwrap();
                    assert!(close(&cells[1], f64::from(doubt.tier)), "{}", document.stem);
                    assert!(close(&cells[2], ranking.scores.iter().filter(same_tier).count() as f64), "{}", document.stem);
                    let interval = plain(&cells[3], language);
                    let (low, high) = (format!("{:.0}", doubt.p05), format!("{:.0}", doubt.p95));
                    assert_eq!(interval, if low == high { low.clone() } else { format!("{low}–{high}") });
                    assert!(close(&cells[4], row.score.unwrap()) && close(&cells[5], row.coverage.unwrap() * 100.0), "{}", document.stem);
                    true_numbers.extend([doubt.tier.to_string(), low, high]);
                }
            }
            // The answer says no number of a place that the tables do not have.
            let Some(Block::Answer { paragraphs, .. }) = document.blocks.first() else { panic!("{}", document.stem) };
            for paragraph in &paragraphs[..2] {
                let said = numbers(&paragraph.plain(), language);
                assert!(said.iter().all(|number| true_numbers.contains(number)), "{}: {said:?}, but {true_numbers:?}", document.stem);
            }
            // Nor a number of occupations that the gates do not give; names of occupations hold levels 1 and 2.
            let recruited: BTreeSet<_> = analysis.markets.area_weights.iter().flat_map(|area| area.weights.keys().copied()).collect();
            let ranking = analysis.markets.ranking(MarketKind::Country, "likely").unwrap();
            let gated = |letter: &str| {
                let own = ranking.fits.iter().filter(|fit| fit.market == Market::Country(country) && recruited.contains(&fit.occupation));
                own.filter(|fit| fit.gate.is_some_and(|gate| gate.letter() == letter)).count().to_string()
            };
            let counted = [recruited.len().to_string(), gated("D"), gated("E"), "1".to_owned(), "2".to_owned()];
            let said = numbers(&paragraphs[2].plain(), language);
            assert!(said.iter().all(|number| counted.contains(number)), "{}: {said:?}, but {counted:?}", document.stem);
        }
    }
}

#[test]
fn the_areas_that_the_answer_names_are_those_of_the_first_tier() {
    let config = crate::config();
    let (analysis, figures) = analysed(&config);
    let documents = documents(&context(&analysis, &figures, &config, Language::Swedish)).unwrap();
    for document in pages(&documents) {
        let country = country_of(&config, document);
        let Some(Block::Answer { paragraphs, .. }) = document.blocks.first() else { panic!("{}", document.stem) };
        for list in LISTS {
            let name = if list == "likely" { "listan Trolig" } else { "listan Oprövad" };
            let said = paragraphs.iter().map(malmarknad::report::model::Prose::plain).find(|text| text.contains(name)).unwrap();
            let named = said.split(" i första gruppen på ").nth(1).map_or("", |rest| rest.split("; i nio av tio").next().unwrap());
            for area in &config.areas {
                let row = places(&analysis, list, country)[area.key.as_str()];
                let is_first = row.uncertainty.as_ref().is_some_and(|doubt| doubt.tier == 1);
                assert_eq!(named.contains(&area.name), is_first, "{} {list} {}: {said}", document.stem, area.key);
            }
        }
    }
}

#[test]
fn the_occupations_of_a_page_are_the_best_open_fits_with_their_pools() {
    let config = crate::config();
    let (analysis, figures) = analysed(&config);
    let language = Language::Swedish;
    let documents = documents(&context(&analysis, &figures, &config, language)).unwrap();
    for document in pages(&documents) {
        let country = country_of(&config, document);
        let on_likely = places(&analysis, "likely", country).values().any(|row| row.uncertainty.as_ref().is_some_and(|doubt| doubt.tier == 1));
        let ranking = analysis.markets.ranking(MarketKind::Country, if on_likely { "likely" } else { "potential" }).unwrap();
        let recruited: BTreeSet<_> = analysis.markets.area_weights.iter().flat_map(|area| area.weights.keys().copied()).collect();
        let closed = |gate: Option<malmarknad::ethics::Gate>| gate.is_some_and(malmarknad::ethics::Gate::is_closed);
        let mut fits: Vec<_> = ranking
            .fits
            .iter()
            .filter(|fit| fit.market == Market::Country(country) && recruited.contains(&fit.occupation) && fit.score.is_some() && !closed(fit.gate))
            .collect();
        fits.sort_by(|one, other| other.score.unwrap().total_cmp(&one.score.unwrap()).then(one.occupation.cmp(&other.occupation)));
        let table = tables_under(document, "yrken")[0];
        assert_eq!(table.grid.rows.len(), fits.len().min(12), "{}", document.stem);
        for (fit, cells) in fits.iter().zip(&table.grid.rows) {
            let demand = &analysis.demand.occupations[&fit.occupation];
            assert_eq!(plain(&cells[0], language), config.codes.occupation(fit.occupation).swedish);
            assert!(close(&cells[1], fit.score.unwrap()) && close(&cells[5], demand.need.unwrap()), "{}", document.stem);
            let pool = &analysis.supply.pools[&(Market::Country(country), fit.occupation)];
            // A share: the group's own women are the same for all of its occupations.
            match pool.share_women {
                None => assert!(matches!(cells[2], Cell::Missing { .. }), "{}", document.stem),
                Some(share) => assert!(close(&cells[2], share * 100.0), "{}: {:?}, but {share}", document.stem, cells[2]),
            }
            if pool.total > 0.0 && pool.total < 100.0 {
                assert_eq!(plain(&cells[3], language), "<0,1");
            } else {
                assert!(close(&cells[3], pool.total / 1000.0), "{}: {:?}, but {}", document.stem, cells[3], pool.total);
            }
            let words = plain(&cells[4], language);
            assert_eq!(words.starts_with("Skattat"), pool.level == malmarknad::supply::Level::Estimated, "{}", document.stem);
            assert!(words.ends_with(&pool.period.to_string()), "{}", document.stem);
        }
        // The profile is the pillars of the same ranking, and the chart's numbers are its table's.
        let figure = document.figures().find(|figure| figure.file.ends_with("profil")).unwrap();
        let FigureData::Own(grid) = &figure.data else { panic!("{}", document.stem) };
        assert!((3..=4).contains(&grid.rows.len()), "{}", document.stem);
        for cells in &grid.rows {
            for cell in &cells[1..] {
                assert!(figure.alternative.contains(&plain(cell, language)) || matches!(cell, Cell::Missing { .. }), "{}: {cell:?}", document.stem);
            }
        }
    }
}

#[test]
fn the_people_of_a_page_are_the_published_ones_and_few_are_never_told() {
    let config = crate::config();
    let (analysis, figures) = analysed(&config);
    check_people(&config, &analysis, &figures);
}

#[test]
fn so_few_that_they_could_be_pointed_at_are_never_told() {
    let config = crate::config();
    let (analysis, mut figures) = analysed(&config);
    // Every country has two women and three men here, three persons in the county and one permit a year.
    for series in figures.born_in_sweden.values_mut() {
        let periods: Vec<i32> = series.periods().collect();
        *series = periods.into_iter().map(|period| (period, malmarknad::figures::Persons { women: 2, men: 3 })).collect();
    }
    for series in figures.born_in_county.values_mut() {
        *series = [(2025, 3)].into_iter().collect();
    }
    for series in figures.permits.values_mut().chain(figures.permits_by_group.values_mut()) {
        *series = [(2019, 1), (2020, 2)].into_iter().collect();
    }
    check_people(&config, &analysis, &figures);
    for language in BOTH {
        for document in pages(&documents(&context(&analysis, &figures, &config, language)).unwrap()) {
            for table in tables_under(document, "natverk") {
                assert!(table.grid.rows.iter().all(|cells| cells[1] == cells[2] && cells[1] == Cell::SmallCount { most: 4 }), "{}", document.stem);
                assert_eq!(table.title.matches("1–4").count(), 4, "{}: {}", document.stem, table.title);
            }
            for table in tables_under(document, "tillstand") {
                assert!(table.grid.rows.iter().all(|cells| matches!(cells[1], Cell::SmallCount { .. } | Cell::Count(0))), "{}", document.stem);
            }
        }
    }
}

/// Every count of people on every page is the published one, or a span.
fn check_people(config: &Config, analysis: &Analysis, figures: &Figures) {
    let small = config.method.gender.small_count;
    let matches = |cell: &Cell, count: i64| match cell {
        Cell::Count(shown) => *shown == count && !(1..=small).contains(&count),
        Cell::SmallCount { most } => (1..=*most).contains(&count) && *most == small,
        _ => false,
    };
    for language in BOTH {
        for document in pages(&documents(&context(analysis, figures, config, language)).unwrap()) {
            let country = country_of(config, document);
            let born = &figures.born_in_sweden[&country];
            let table = tables_under(document, "natverk")[0];
            assert_eq!(table.grid.rows.len(), born.periods().count(), "{}", document.stem);
            for cells in &table.grid.rows {
                let persons = born.at(plain(&cells[0], language).parse().unwrap()).unwrap();
                assert!(matches(&cells[1], persons.women) && matches(&cells[2], persons.men), "{}: {cells:?}", document.stem);
            }
            let free = figures.free_movement.contains_key(&country);
            let permits = tables_under(document, "tillstand");
            assert_eq!(permits.is_empty(), free, "{}", document.stem);
            if let Some(table) = permits.first() {
                let series = figures.permits.get(&country);
                for cells in &table.grid.rows {
                    let year = plain(&cells[0], language).parse().unwrap();
                    assert!(matches(&cells[1], series.and_then(|series| series.at(year)).unwrap_or(0)), "{}: {cells:?}", document.stem);
                }
            }
            for cells in permits.iter().skip(1).flat_map(|table| &table.grid.rows) {
                let group = config.codes.ssyk_group(&plain(&cells[1], language), "test").unwrap();
                let series = &figures.permits_by_group[&(group, country)];
                let sum: i64 = series.periods().filter_map(|period| series.at(period)).sum();
                assert_eq!(cells[2], Cell::Count(sum), "{}", document.stem);
                assert!(sum > small, "{}", document.stem);
            }
            // Who subtracts what is printed from the sum of all groups finds no few.
            let whole: i64 = figures
                .permits_by_group
                .iter()
                .filter(|((_, other), _)| *other == country)
                .flat_map(|(_, series)| series.periods().filter_map(|period| series.at(period)).collect::<Vec<_>>())
                .sum();
            let printed: i64 = permits
                .iter()
                .skip(1)
                .flat_map(|table| &table.grid.rows)
                .map(|cells| if let Cell::Count(count) = cells[2] { count } else { 0 })
                .sum();
            assert!(printed == 0 || !(1..=small).contains(&(whole - printed)), "{}: {whole} less {printed}", document.stem);
        }
    }
}

#[test]
fn unemployment_among_citizens_is_the_newest_by_sex_and_stands_beside_the_score() {
    let config = crate::config();
    let (analysis, figures) = analysed(&config);
    let documents = documents(&context(&analysis, &figures, &config, Language::Swedish)).unwrap();
    let mut compared = 0;
    for document in pages(&documents) {
        let country = country_of(&config, document);
        let table = tables_under(document, "uppgifter")[0];
        for (sex, word) in [(Sex::Women, "kvinnor"), (Sex::Men, "män"), (Sex::Total, "alla")] {
            let row =
                table.grid.rows.iter().find(|cells| plain(&cells[0], Language::Swedish) == format!("Arbetslöshet bland egna medborgare, {word}"));
            let newest = figures
                .unemployment_nationals
                .get(&(country, sex))
                .and_then(|years| years.iter().rev().find_map(|(period, found)| Some((*period, found.rate?, found.flag.clone()))));
            assert_eq!(row.is_some(), newest.is_some(), "{} {word}", document.stem);
            let (Some(cells), Some((period, rate, flag))) = (row, newest) else { continue };
            assert!(close(&cells[1], rate) && plain(&cells[3], Language::Swedish) == period.to_string(), "{}: {cells:?}", document.stem);
            let remark = plain(&cells[5], Language::Swedish);
            assert!(remark.starts_with("Räknas inte i poängen"), "{}", document.stem);
            assert_eq!(remark.contains("brott i tidsserien") || remark.contains("Brott i tidsserien"), flag.is_some_and(|flag| flag.contains('b')));
            compared += 1;
        }
        let income = table.grid.rows.iter().find(|cells| plain(&cells[0], Language::Swedish).starts_with("Bruttonationalprodukt")).unwrap();
        assert!(close(&income[1], figures.income[&country].newest(2026).unwrap().value), "{}", document.stem);
    }
    assert!(compared > 20, "{compared}");
}

#[test]
fn pages_of_countries_and_sheets_have_the_same_parts_in_both_languages() {
    let config = crate::config();
    let (analysis, figures) = analysed(&config);
    let [swedish, english] = BOTH.map(|language| documents(&context(&analysis, &figures, &config, language)).unwrap());
    for (swedish, english) in swedish.iter().zip(&english) {
        assert_eq!(swedish.stem, english.stem);
        assert_eq!(swedish.parts().count(), english.parts().count(), "{}", swedish.stem);
        for (first, second) in swedish.parts().zip(english.parts()) {
            assert_eq!(std::mem::discriminant(first), std::mem::discriminant(second), "{}", swedish.stem);
            assert_eq!(texts(first, Language::Swedish).len(), texts(second, Language::English).len(), "{}", swedish.stem);
        }
        // The order of names differs between the languages, the pages that they lead to do not.
        let [first, second] = [links(swedish), links(english)].map(|mut links| {
            links.sort();
            links
        });
        assert_eq!(first, second, "{}", swedish.stem);
    }
}

#[test]
fn every_link_leads_to_a_file_or_an_anchor_of_the_run() {
    let config = crate::config();
    let (analysis, figures) = analysed(&config);
    for language in BOTH {
        let files = reports(&context(&analysis, &figures, &config, language)).unwrap();
        let pages: BTreeMap<&str, &str> = html(&files).into_iter().collect();
        for (path, page) in &pages {
            let ids: Vec<&str> = page.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
            assert_eq!(ids.len(), ids.iter().collect::<BTreeSet<_>>().len(), "{path} has an anchor twice");
            for target in page.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next()) {
                if target.starts_with("http") || target.starts_with("data/") {
                    continue;
                }
                let (file, anchor) = target.split_once('#').map_or((target, None), |(file, anchor)| (file, Some(anchor)));
                let file = if file.is_empty() { path } else { file };
                assert!(files.iter().any(|found| found.path == file), "{path}: {target}");
                let there = pages.get(file).copied().unwrap_or_default();
                assert!(anchor.is_none_or(|anchor| there.contains(&format!(" id=\"{anchor}\""))), "{path}: {target}");
            }
        }
    }
}

#[test]
fn a_sheet_says_all_that_an_employer_needs_before_what_is_only_for_the_screen() {
    let config = crate::config();
    let (analysis, figures) = analysed(&config);
    for language in BOTH {
        let documents = documents(&context(&analysis, &figures, &config, language)).unwrap();
        let sheets: Vec<&Document> = documents.iter().filter(|document| document.stem.starts_with("bransch-")).collect();
        assert!(!sheets.is_empty());
        for document in sheets {
            assert!((document.paper == Some(Paper::Sheet)) && matches!(document.blocks.last(), Some(Block::ScreenOnly(_))), "{}", document.stem);
            let printed = &document.blocks[..document.blocks.len() - 1];
            assert!(!printed.iter().any(|block| matches!(block, Block::ScreenOnly(_) | Block::Figure(_))), "{}", document.stem);
            let anchors: Vec<&str> =
                printed.iter().filter_map(|block| if let Block::Heading { anchor, .. } = block { Some(anchor.as_str()) } else { None }).collect();
            assert_eq!(anchors, ["yrken", "lander", "rad", "kvinnor-och-man", "saknas", "kallor"], "{}", document.stem);
            let tables: Vec<&Table> = printed.iter().filter_map(|block| if let Block::Table(table) = block { Some(table) } else { None }).collect();
            assert_eq!(tables.len(), 4, "{}", document.stem);
            assert!(tables.iter().all(|table| table.grid.rows.len() <= 8), "{}", document.stem);
            let rules = printed.iter().find_map(|block| if let Block::List(items) = block { Some(items) } else { None }).unwrap();
            assert!((2..=9).contains(&rules.len()), "{}: {}", document.stem, rules.len());
            let pays = if language == Language::Swedish { "Arbetsgivaren betalar" } else { "The employer pays" };
            assert!(rules[0].plain().starts_with(pays), "{}", document.stem);
        }
    }
}

#[test]
fn a_source_line_is_said_once_in_a_document() {
    let config = crate::config();
    let (analysis, figures) = analysed(&config);
    let documents = documents(&context(&analysis, &figures, &config, Language::Swedish)).unwrap();
    let mut shortened = 0;
    for document in &documents {
        let sources = document.parts().filter_map(|block| match block {
            Block::Table(table) => Some(table.origin.source.plain()),
            Block::Figure(figure) => Some(figure.origin.source.plain()),
            _ => None,
        });
        let long: Vec<String> = sources.filter(|source| source.chars().count() >= 70).collect();
        assert_eq!(long.len(), long.iter().collect::<BTreeSet<_>>().len(), "{}", document.stem);
        shortened += document.parts().flat_map(|block| if let Block::Table(table) = block { links_of(table) } else { Vec::new() }).count();
    }
    assert!(shortened > 10, "{shortened}");
}

fn links_of(table: &Table) -> Vec<&str> {
    let inside = |target: &&str| target.starts_with("#tabell-") || target.starts_with("#figur-");
    let links = table.origin.source.0.iter().filter_map(|run| if let Inline::Link { target, .. } = run { Some(target.as_str()) } else { None });
    links.filter(inside).collect()
}

#[test]
fn a_list_of_untested_countries_shows_none_that_is_closed_for_most_of_the_need() {
    let config = crate::config();
    let (analysis, figures) = analysed(&config);
    let documents = documents(&context(&analysis, &figures, &config, Language::Swedish)).unwrap();
    let ranking = analysis.markets.ranking(MarketKind::Country, "potential").unwrap();
    let mut rows = 0;
    for area in &config.areas {
        let document = documents.iter().find(|document| document.stem.ends_with(&area.key.replace('_', "-"))).unwrap();
        for table in document.tables().filter(|table| table.title.ends_with("på Oprövad")) {
            for cells in &table.grid.rows {
                let named = plain(&cells[0], Language::Swedish);
                let row = ranking
                    .scores
                    .iter()
                    .find(|row| row.area == area.key && malmarknad::tables::market_name(&config, row.market) == named)
                    .unwrap_or_else(|| panic!("{named}"));
                let is_first = row.uncertainty.as_ref().is_some_and(|doubt| doubt.tier == 1);
                assert!(is_first || row.open_share.unwrap() >= 0.5, "{}: {named}", area.key);
                rows += 1;
            }
        }
    }
    assert!(rows > 20, "{rows}");
}
