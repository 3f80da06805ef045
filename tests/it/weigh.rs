//! The sliders: what stands in the page gives the engine's ranks, with the weights in force and with others.

use malmarknad::analysis::{Analysis, analyse};
use malmarknad::config::Config;
use malmarknad::figures::Figures;
use malmarknad::language::Language;
use malmarknad::report::model::{Block, Weigh};
use malmarknad::report::{documents, reports};
use malmarknad::supply::MarketKind;
use serde_json::Value;

use crate::report::{context, html};

const BOTH: [Language; 2] = [Language::Swedish, Language::English];

/// The sliders of every area, by its key.
fn sliders(analysis: &Analysis, figures: &Figures, config: &Config, language: Language) -> Vec<(String, Weigh)> {
    let documents = documents(&context(analysis, figures, config, language)).unwrap();
    let of_area = |key: &str| documents.iter().find(|document| document.stem.ends_with(&key.replace('_', "-"))).unwrap();
    let found = config.areas.iter().map(|area| {
        let weigh = of_area(&area.key).parts().find_map(|block| if let Block::Weigh(weigh) = block { Some((**weigh).clone()) } else { None });
        (area.key.clone(), weigh.unwrap_or_else(|| panic!("{} has no sliders", area.key)))
    });
    found.collect()
}

fn at(values: &Value, occupation: usize) -> Option<f64> {
    values.as_array().map_or(values, |all| &all[occupation]).as_f64()
}

/// The score of a country as the script computes it (src/report/html/weigh.js; checks/sliders runs the script itself).
fn score(data: &Value, country: &Value, weights: &[f64]) -> Option<f64> {
    let number = |key: &str| data[key].as_f64().unwrap();
    let needs: Vec<f64> = data["occupations"].as_array().unwrap().iter().map(|need| need.as_f64().unwrap()).collect();
    let (mut sum, mut counted) = (0.0, 0.0);
    for (occupation, (need, state)) in needs.iter().zip(country["states"].as_str().unwrap().chars()).enumerate() {
        let value = match state {
            'x' => number("closed"),
            'o' => {
                let (mut all, mut covered, mut logarithms, mut present) = (0.0, 0.0, 0.0, 0.0);
                for (pillar, weight) in weights.iter().enumerate().filter(|(_, weight)| **weight > 0.0) {
                    let Some(coverage) = at(&country["coverage"][pillar], occupation) else { continue };
                    all += weight;
                    covered += weight * coverage;
                    if let Some(score) = at(&country["scores"][pillar], occupation) {
                        logarithms += weight * score.ln();
                        present += weight;
                    }
                }
                if present == 0.0 || covered / all < number("leastCoverage") - 1e-12 {
                    continue;
                }
                (logarithms / present).exp()
            }
            _ => continue,
        };
        sum += need * value;
        counted += need;
    }
    (counted / needs.iter().sum::<f64>() >= number("leastWeight") - 1e-12).then(|| sum / counted)
}

/// Every list of every area, computed from `page` with the weights of `method`, against the ranks and scores of `engine`; how many places were compared.
fn compare(page: &[(String, Weigh)], engine: &Analysis, method: &Config) -> usize {
    let mut compared = 0;
    for (area, weigh) in page {
        let data: Value = serde_json::from_str(&weigh.data).unwrap();
        for list in data["lists"].as_array().unwrap() {
            let key = list["key"].as_str().unwrap();
            let weights = method.method.weightings[key].pillars().map(|(_, pillar)| pillar.weight);
            let rows: Vec<(String, f64)> = list["countries"]
                .as_array()
                .unwrap()
                .iter()
                .filter_map(|country| Some((country["code"].as_str().unwrap().to_owned(), score(&data, country, &weights)?)))
                .collect();
            let ranking = engine.markets.ranking(MarketKind::Country, key).unwrap();
            let ranked: Vec<_> = ranking.scores.iter().filter(|row| row.area == *area && row.rank.is_some()).collect();
            assert_eq!(ranked.len(), rows.len(), "{area} {key}");
            for row in ranked {
                let own = rows.iter().find(|(code, _)| code == row.market.code()).unwrap_or_else(|| panic!("{area} {key}: {:?}", row.market)).1;
                assert!((own - row.score.unwrap()).abs() < 1e-9, "{area} {key} {:?}: {own}, the engine says {:?}", row.market, row.score);
                let rank = 1 + rows.iter().filter(|(_, other)| *other > own).count();
                assert_eq!(u32::try_from(rank).ok(), row.rank, "{area} {key} {:?}", row.market);
                compared += 1;
            }
        }
    }
    compared
}

fn analysed(config: &Config, figures: &Figures) -> Analysis {
    analyse(figures, config, config.codes.county("23", "test").unwrap(), 2026).unwrap()
}

#[test]
fn the_scores_in_the_page_give_the_engines_ranks_with_the_weights_in_force_and_with_others() {
    let config = crate::config();
    let figures = crate::figures(&config);
    let analysis = analysed(&config, &figures);
    let page = sliders(&analysis, &figures, &config, Language::Swedish);
    assert!(compare(&page, &analysis, &config) > 1000);
    // The same page, moved: the engine is run with these weights in its method.
    for weights in [[0.2, 0.3, 0.1, 0.4], [0.05, 0.6, 0.0, 0.35], [0.0, 0.0, 1.0, 0.0]] {
        let mut other = config.clone();
        for (name, weighting) in &mut other.method.weightings {
            let feasibility = if name == "potential" && weights[3] == 0.0 { 1.0 } else { weights[3] };
            weighting.pool.weight = weights[0];
            weighting.availability.weight = weights[1];
            weighting.mobility.weight = if name == "potential" { 0.0 } else { weights[2] };
            weighting.feasibility.weight = feasibility;
        }
        assert!(compare(&page, &analysed(&other, &figures), &other) > 1000, "{weights:?}");
    }
}

#[test]
fn the_sliders_are_hidden_until_the_script_shows_them_and_the_script_is_our_own() {
    let config = crate::config();
    let (analysis, figures) = crate::report::analysed(&config);
    for language in BOTH {
        let files = reports(&context(&analysis, &figures, &config, language)).unwrap();
        let pages = html(&files);
        for (path, page) in pages {
            let of_an_area = path.starts_with("omrade-") || path.starts_with("bransch-");
            assert_eq!(page.matches("<script").count(), if of_an_area { 2 } else { 0 }, "{path}");
            if !of_an_area {
                continue;
            }
            assert!(page.contains("<section class=\"weigh\" id=\"weigh\" aria-labelledby=\"vikter\" hidden>"), "{path}");
            assert_eq!(page.matches("id=\"vikter\"").count(), 1, "{path}");
            for handler in [" onclick=", " oninput=", " onload=", " onchange=", "javascript:"] {
                assert!(!page.contains(handler), "{path}: {handler}");
            }
            assert!(page.contains(include_str!("../../src/report/html/weigh.js")), "{path}");
            for slider in page.match_indices("type=\"range\" id=\"").map(|(place, _)| page[place + 17..].split('"').next().unwrap()) {
                assert!(
                    page.contains(&format!("<label for=\"{slider}\">")) && page.contains(&format!("for=\"{slider}\"></output>")),
                    "{path}: {slider}"
                );
            }
        }
    }
}

#[test]
fn names_cannot_leave_the_data_of_the_sliders() {
    let mut config = crate::config();
    for area in &mut config.areas {
        area.name = "</script><script>alert(1)</script><!--".to_owned();
    }
    let figures = crate::figures(&config);
    let analysis = analysed(&config, &figures);
    let files = reports(&context(&analysis, &figures, &config, Language::Swedish)).unwrap();
    for (path, page) in html(&files) {
        assert_eq!(page.matches("<script").count(), page.matches("</script>").count(), "{path}");
        assert!(!page.contains("<script>alert"), "{path}");
        if let Some(start) = page.find("id=\"weigh-data\">") {
            let json = &page[start + 16..start + page[start..].find("</script>").unwrap()];
            assert!(!json.contains('<'), "{path}");
            serde_json::from_str::<Value>(json).unwrap();
        }
    }
}
