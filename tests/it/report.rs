//! The reports as documents: complete, in order, and inert whatever the names hold.

use malmarknad::analysis::analyse;
use malmarknad::config::Config;
use malmarknad::language::Language;
use malmarknad::report::{OutputFile, RunContext, reports};
use malmarknad::uncertainty::{Effort, assess};

fn pages(config: &Config) -> Vec<OutputFile> {
    let figures = crate::figures(config);
    let county = config.codes.county("23", "test").unwrap();
    let mut analysis = analyse(&figures, config, county, 2026).unwrap();
    assess(&mut analysis, &figures, config, Effort { replicates: 128, sensitivity_rows: 8, seed: 70 }).unwrap();
    let run = RunContext {
        analysis: &analysis,
        config,
        figures: &figures,
        language: Language::Swedish,
        data_status: "medföljande siffror".to_owned(),
        date: "2026-11-24".to_owned(),
        version: "0.0.0",
        png: false,
    };
    reports(&run).unwrap()
}

fn html(files: &[OutputFile]) -> Vec<(&str, &str)> {
    let pages = files.iter().filter(|file| file.path.strip_suffix(".html").is_some());
    pages.map(|file| (file.path.as_str(), std::str::from_utf8(&file.bytes).unwrap())).collect()
}

/// The text of a page without its style, charts and tags.
fn prose(page: &str) -> String {
    let mut kept = page.to_owned();
    for (open, close) in [("<style", "</style>"), ("<svg", "</svg>")] {
        while let Some(start) = kept.find(open) {
            let end = kept[start..].find(close).map_or(kept.len(), |end| start + end + close.len());
            kept.replace_range(start..end, "");
        }
    }
    let mut plain = String::new();
    let mut inside = false;
    for character in kept.chars() {
        match character {
            '<' => inside = true,
            '>' => inside = false,
            other if !inside => plain.push(other),
            _ => {}
        }
    }
    plain
}

#[test]
fn hostile_names_are_inert_in_every_page_and_chart() {
    let mut config = crate::config();
    let names = ["<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "=cmd|' /C calc'!A0", "a\u{202e}b\u{0}c", &"lång".repeat(125)];
    for (area, name) in config.areas.iter_mut().zip(names) {
        area.name = name.to_owned();
    }
    let files = pages(&config);
    for file in &files {
        let text = String::from_utf8_lossy(&file.bytes);
        let lower = text.to_lowercase();
        assert!(!lower.contains("<script") && !lower.contains("<img"), "{}", file.path);
        assert!(!text.contains('\u{202e}') && !text.contains('\u{0}'), "{}", file.path);
        assert!(file.path.chars().all(|character| character.is_ascii_alphanumeric() || "-./_".contains(character)), "{}", file.path);
    }
}

#[test]
fn a_page_loads_nothing_from_elsewhere() {
    for (path, page) in html(&pages(&crate::config())) {
        for loading in ["src=\"http", "href=\"http", "url(http", "@import", "<script", "<link", "<iframe"] {
            let allowed = loading == "href=\"http";
            assert!(allowed || !page.contains(loading), "{path} has {loading}");
        }
    }
}

#[test]
fn headings_come_in_order_and_every_table_and_chart_speaks() {
    for (path, page) in html(&pages(&crate::config())) {
        assert!(page.contains("<html lang=\"sv\""), "{path}");
        assert_eq!(page.matches("<h1").count(), 1, "{path}");
        let levels: Vec<u32> = page.match_indices("<h").filter_map(|(place, _)| page[place + 2..].chars().next()?.to_digit(10)).collect();
        assert!(levels.array_windows().all(|[before, after]| *after <= before + 1), "{path}: {levels:?}");
        assert_eq!(page.matches("<table").count(), page.matches("<caption").count(), "{path}");
        assert!(!page.contains("<th>"), "{path} has a header without scope");
        for (place, _) in page.match_indices("<svg") {
            let chart = &page[place..page[place..].find("</svg>").map_or(page.len(), |end| place + end)];
            assert!(chart.contains("role=\"img\"") && chart.contains("<title") && chart.contains("<desc"), "{path}");
        }
    }
}

#[test]
fn the_answer_comes_first_and_says_how_sure_it_is() {
    let config = crate::config();
    for (path, page) in html(&pages(&config)).into_iter().filter(|(path, _)| *path != "index.html") {
        let text = prose(page);
        let answer = text.find("Svaret i korthet").unwrap_or_else(|| panic!("{path}"));
        let short = text.find("Vilka yrken").unwrap_or_else(|| panic!("{path}"));
        assert!(answer < short, "{path}");
        assert!(text[answer..short].contains("grupp") && text[answer..short].contains("simuleringar"), "{path}");
    }
}

#[test]
fn the_countries_that_the_answer_names_are_the_first_tier_and_no_others() {
    let config = crate::config();
    let figures = crate::figures(&config);
    let county = config.codes.county("23", "test").unwrap();
    let mut analysis = analyse(&figures, &config, county, 2026).unwrap();
    assess(&mut analysis, &figures, &config, Effort { replicates: 128, sensitivity_rows: 8, seed: 70 }).unwrap();
    let files = pages(&config);
    for area in &config.areas {
        let path = files.iter().find(|file| file.path.strip_suffix(".html").is_some_and(|name| name.ends_with(&area.key.replace('_', "-"))));
        let text = prose(std::str::from_utf8(&path.unwrap().bytes).unwrap());
        let answer = text.split("Svaret i korthet").nth(1).unwrap();
        let answer = answer.split(" i första gruppen").next().unwrap();
        for row in analysis.markets.scores.iter().filter(|row| row.area == area.key && row.market.kind() == malmarknad::supply::MarketKind::Country) {
            let name = malmarknad::tables::market_name(&config, row.market);
            let first = row.uncertainty.as_ref().is_some_and(|doubt| doubt.tier == 1);
            assert_eq!(answer.split([',', ' ', '\n']).any(|word| word == name), first && !name.contains(' '), "{}: {name}", area.key);
        }
    }
}

#[test]
fn the_prose_is_clean() {
    for (path, page) in html(&pages(&crate::config())) {
        let text = prose(page);
        for slip in ["..", " .", " ,", "NaN", "None", "Some(", "{}", "utlänning", "varav kvinnor", "  och "] {
            let found = text.find(slip).map(|place| text[place.saturating_sub(60)..].chars().take(100).collect::<String>());
            assert!(found.is_none(), "{path}: \"{slip}\" in {found:?}");
        }
        if let (Some(women), Some(men)) = (page.find(">Kvinnor <"), page.find(">Män <")) {
            assert!(women < men, "{path}: women first");
        }
    }
}

#[test]
fn an_impossible_figure_is_told_on_every_area_and_industry_page() {
    for (path, page) in html(&pages(&crate::config())).into_iter().filter(|(path, _)| *path != "index.html") {
        let text = prose(page);
        assert!(text.contains("Fler sysselsatta än invånare redovisas för Ghana"), "{path}");
    }
}

#[test]
fn the_start_page_begins_with_the_country_that_most_areas_share() {
    let config = crate::config();
    let figures = crate::figures(&config);
    let county = config.codes.county("23", "test").unwrap();
    let mut analysis = analyse(&figures, &config, county, 2026).unwrap();
    assess(&mut analysis, &figures, &config, Effort { replicates: 128, sensitivity_rows: 8, seed: 70 }).unwrap();
    let mut counts = std::collections::BTreeMap::new();
    for row in analysis.markets.scores.iter().filter(|row| row.market.kind() == malmarknad::supply::MarketKind::Country) {
        if row.uncertainty.as_ref().is_some_and(|doubt| doubt.tier == 1) {
            *counts.entry(malmarknad::tables::market_name(&config, row.market)).or_insert(0) += 1;
        }
    }
    let most = counts.values().copied().max().unwrap();
    let files = pages(&config);
    let start = files.iter().find(|file| file.path == "index.html").unwrap();
    let text = prose(std::str::from_utf8(&start.bytes).unwrap());
    let answer = text.split("Svaret i korthet").nth(1).unwrap();
    let sentence = answer.split(" ligger i första gruppen").next().unwrap();
    for (name, count) in counts {
        assert_eq!(sentence.contains(name), count == most, "{name} is in the first tier of {count} areas: {sentence}");
    }
    assert!(answer.contains(&format!("i alla {most} ")) || answer.contains(&format!("i {most} av {} ", config.areas.len())));
}
