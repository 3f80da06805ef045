//! No text that a run writes holds a word of data/words.toml, and analysts are told of theirs.

use malmarknad::config::Config;
use malmarknad::language::Language;
use malmarknad::report::{RunContext, reports};
use malmarknad::words::{Checker, of_analysts};

use crate::report::{context, said};

const BOTH: [Language; 2] = [Language::Swedish, Language::English];

/// A page's or drawing's words, alternative texts included, without style, tags and what is marked as another language.
fn words(page: &str) -> String {
    said(page, &[("<style", "</style>"), ("<span lang=\"sv\">", "</span>"), ("<span lang=\"en\">", "</span>")], "\n")
}

#[test]
fn no_text_of_a_run_holds_a_word_of_the_list() {
    let config = crate::config();
    let (analysis, figures) = crate::report::analysed(&config);
    let links = &analysis.links;
    let back_test = malmarknad::backtest::back_test(&figures, &config, links);
    let mut checked = 0;
    let mut slips = Vec::new();
    for language in BOTH {
        let checker = Checker::new(&config, language);
        let run = RunContext { share: true, back_test: Some(&back_test), ..context(&analysis, &figures, &config, language) };
        let mut texts: Vec<(String, String)> = Vec::new();
        for file in reports(&run).unwrap() {
            let Ok(text) = String::from_utf8(file.bytes) else { continue };
            texts.push((file.path, words(&text)));
        }
        for document in malmarknad::report::documents(&run).unwrap() {
            let all = document.blocks.iter().flat_map(|block| crate::report::texts(block, language)).collect::<Vec<_>>();
            texts.push((document.stem.clone(), all.join("\n")));
        }
        for kit in malmarknad::report::share::kits(&run) {
            texts.extend(kit.pictures.iter().flat_map(|picture| &picture.lines).map(|line| (format!("picture of {}", kit.stem), line.text.clone())));
        }
        for (path, text) in texts {
            checked += text.len();
            slips.extend(
                checker.found(&text).into_iter().map(|found| format!("{path}: {} ({}): {}", found.entry.word, found.entry.instead, found.context)),
            );
        }
    }
    assert!(checked > 500_000, "{checked} characters checked");
    slips.sort();
    slips.dedup();
    assert!(slips.is_empty(), "{}", slips.join("\n"));
}

#[test]
fn every_word_of_the_list_is_found_and_both_languages_have_theirs() {
    let config = crate::config();
    for language in BOTH {
        let checker = Checker::new(&config, language);
        let own: Vec<_> = config.words.avoid.iter().filter(|entry| entry.language == language.tag()).collect();
        assert!(own.len() > 30, "{language:?}: {}", own.len());
        for entry in own {
            let sentence = format!("Om {}, sagt så.", entry.word.replace('*', ""));
            assert!(checker.found(&sentence).iter().any(|found| found.entry == entry), "{sentence}");
        }
    }
}

#[test]
fn names_of_occupations_are_left_as_ssyk_has_them() {
    let config = crate::config();
    for language in BOTH {
        let checker = Checker::new(&config, language);
        for (_, name) in config.codes.occupations() {
            let name = if language == Language::Swedish { &name.swedish } else { &name.english };
            assert!(checker.found(&format!("Störst behov: {}.", language.small(name))).is_empty(), "{name}");
        }
    }
    let swedish = Checker::new(&config, Language::Swedish);
    assert!(swedish.found("naturresurser och ekonomiska resurser").is_empty());
    assert_eq!(swedish.found("våra resurser").len(), 1);
}

#[test]
fn an_analysts_own_words_are_checked_where_they_stand() {
    let mut config: Config = crate::config();
    assert_eq!(of_analysts(&config), Vec::<String>::new());
    config.areas[0].name = "Utlänningar i skogen".to_owned();
    let told = of_analysts(&config);
    assert_eq!(told.len(), 1);
    assert!(told[0].contains("areas.toml") && told[0].contains("utlänning") && told[0].contains("Say instead"), "{told:?}");
    let home = crate::copied_home();
    let areas = home.path().join("data/areas.toml");
    let text = std::fs::read_to_string(&areas).unwrap().replacen("name = \"Jord, skog och vatten\"", "name = \"Skogens humankapital\"", 1);
    std::fs::write(&areas, text).unwrap();
    let output = crate::malmarknad().env("MALMARKNAD_HOME", home.path()).args(["config", "check"]).assert().code(3).get_output().stdout.clone();
    let told = String::from_utf8(output).unwrap();
    assert!(told.contains("humankapital") && told.contains("jord_skog_vatten.name"), "{told}");
    crate::malmarknad().args(["config", "check"]).assert().success();
}

#[test]
fn a_broken_list_is_refused_with_its_entry() {
    let home = crate::copied_home();
    let file = home.path().join("data/words.toml");
    for (broken, problem) in [
        ("[[avoid]]\nword = \"Stor\"\nlanguage = \"sv\"\nwhy = \"x\"\ninstead = \"y\"\n", "capitals"),
        ("[[avoid]]\nword = \"ord\"\nlanguage = \"de\"\nwhy = \"x\"\ninstead = \"y\"\n", "neither sv nor en"),
        ("[[avoid]]\nword = \"ord\"\nlanguage = \"sv\"\nwhy = \"\"\ninstead = \"y\"\n", "both needed"),
        ("[[avoid]]\nword = \"ord\"\nlanguage = \"sv\"\nwhy = \"x\"\ninsted = \"y\"\n", "insted"),
    ] {
        std::fs::write(&file, broken).unwrap();
        let error = Config::read(&home.path().join("data")).unwrap_err().to_string();
        assert!(error.contains(problem) && error.contains("words.toml"), "{error}");
    }
}
