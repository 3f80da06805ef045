//! What people have said beside the figures: read strictly, added without touching what is there, with the effect that the method gives it, and printed.

use std::path::Path;

use malmarknad::config::ConfigError;
use malmarknad::ethics::Gate;
use malmarknad::evidence::{Agreement, Standing, Word, appended, read_agreements, read_evidence};
use malmarknad::language::Language;
use malmarknad::report::{documents, model::Document};
use malmarknad::supply::Market;

use crate::report::{analysed, context, texts};

const EVIDENCE: &str = "county,ssyk,rating,who,date,reason\n";
const AGREEMENTS: &str = "country,occupations,agreement,valid_from,valid_to,source\n";

fn evidence(rows: &str) -> Result<usize, String> {
    let bytes = format!("{EVIDENCE}{rows}");
    let codes = crate::config().codes;
    read_evidence(Path::new("employer-evidence.csv"), bytes.as_bytes(), &codes).map(|list| list.len()).map_err(|error| error.to_string())
}

fn agreements(rows: &str) -> Result<usize, String> {
    let bytes = format!("{AGREEMENTS}{rows}");
    let codes = crate::config().codes;
    read_agreements(Path::new("agreements.csv"), bytes.as_bytes(), &codes).map(|list| list.len()).map_err(|error| error.to_string())
}

#[test]
fn the_files_that_come_with_the_program_hold_no_made_up_word() {
    let config = crate::config();
    assert!(config.evidence.is_empty() && config.agreements.is_empty());
}

#[test]
fn a_sound_row_is_read_and_hostile_ones_are_refused_with_row_column_and_hint() {
    assert_eq!(evidence("23,8341,brist,\"Skogschef, Bolaget\",2026-03-01,sju platser obesatta i ett år\n"), Ok(1));
    assert_eq!(evidence("23,8341,brist,\"Ordförande, Rådet\",2026-03-01,skäl\n23,8341,bevakas,\"Ordförande, Rådet\",2026-04-01,skäl\n"), Ok(2));
    let long = "x".repeat(700);
    let refused = [
        ("99,8341,brist,\"Chef, Rådet\",2026-03-01,skäl", "99"),
        ("23,9999,brist,\"Chef, Rådet\",2026-03-01,skäl", "9999"),
        ("23,8341,stor brist,\"Chef, Rådet\",2026-03-01,skäl", "rating"),
        ("23,8341,kan inte bedömas,\"Chef, Rådet\",2026-03-01,skäl", "rating"),
        ("23,8341,brist,,2026-03-01,skäl", "who"),
        ("23,8341,brist,\"Chef, Rådet\",2026-03-01,", "reason"),
        ("23,8341,brist,\"Chef, Rådet\",i våras,skäl", "date"),
        ("23,8341,brist,\"Chef, Rådet\",20260301,skäl", "date"),
        ("23,8341,brist,\"Chef, Rådet\",2026-02-30,skäl", "date"),
        ("23,8341,brist,=HYPERLINK(1),2026-03-01,skäl", "formula"),
        ("23,8341,brist,\"Chef, Rådet\",2026-03-01,@SUM(A1)", "formula"),
        ("23,8341,brist,\"Chef, Rådet\nrad två\",2026-03-01,skäl", "line break"),
        ("23,8341,brist,\"Chef, Rådet\",2026-03-01,\u{202e}läks", "cannot be seen"),
        ("23,8341,brist,\"Chef, Rådet\",2026-03-01,sk\u{0}äl", "cannot be seen"),
        ("23,8341,brist,Anna Andersson,2026-03-01,skäl", "a comma between them"),
        ("23,8341,brist,\"Rådet, \",2026-03-01,skäl", "white space"),
        ("23,8341,brist,\"Rådet,\",2026-03-01,skäl", "a comma between them"),
        ("23,8341,brist,\",Rådet\",2026-03-01,skäl", "a comma between them"),
        ("23,8341,brist,\"Chef, 7\",2026-03-01,skäl", "a comma between them"),
        ("23,8341,brist,chef@bolaget.se,2026-03-01,skäl", "points at a person"),
        ("23,8341,brist,\"Chef, Rådet\",2026-03-01,ring 070-1234567", "points at a person"),
        ("23,8341,brist,\"Chef, Rådet\",2026-03-01,850101-1234 slutar", "points at a person"),
        ("23,8341,brist,\"Chef, Rådet\", 2026-03-01,skäl", "date"),
        ("23,8341,brist,\"Chef, Rådet\",2026-03-01,skäl,mer", "row 1"),
        ("23,8341,brist,\"Chef, Rådet\",2026-03-01", "row 1"),
        (&format!("23,8341,brist,\"Chef, Rådet\",2026-03-01,{long}"), "characters"),
        ("23,8341,brist,\"Chef, Rådet\",2026-03-01,skäl\n23,8341,bevakas,\"Chef, Annan\",2026-03-01,skäl", "a second word"),
    ];
    for (rows, told) in refused {
        let text = evidence(&format!("{rows}\n")).unwrap_err();
        assert!(text.contains(told) && text.contains("hint: ") && text.contains("employer-evidence.csv"), "{rows:?}: {text}");
        assert!(!text.contains('\u{202e}') && !text.contains('\u{0}'), "{text:?}");
    }
    // A span of years and a number of places are nobody's number.
    assert_eq!(evidence("23,8341,brist,\"Chef, Rådet\",2026-03-01,12 av 15 platser obesatta 2024-2026\n"), Ok(1));
}

#[test]
fn an_agreement_is_read_and_a_wrong_one_refused() {
    assert_eq!(agreements("PH,2221 5330,Avtal om vårdpersonal,2025-01-01,2027-12-31,https://exempel.se/avtal\n"), Ok(1));
    assert_eq!(agreements("PH,22,Avtal,2025-01-01,,Utrikesdepartementet\n"), Ok(1));
    let refused = [
        ("QQ,2221,Avtal,2025-01-01,,källa", "QQ"),
        ("PH,9999,Avtal,2025-01-01,,källa", "9999"),
        ("PH,,Avtal,2025-01-01,,källa", "occupations"),
        ("PH,2221  5330,Avtal,2025-01-01,,källa", "occupations"),
        ("PH,2221,,2025-01-01,,källa", "agreement"),
        ("PH,2221,Avtal,,,källa", "valid_from"),
        ("PH,2221,Avtal,2025-01-01,2024-12-31,källa", "before the first day"),
        ("PH,2221,Avtal,2025-01-01,snart,källa", "valid_to"),
        ("PH,2221,Avtal,2025-01-01,,", "source"),
        ("PH,2221,+Avtal,2025-01-01,,källa", "formula"),
        ("PH,2221,Avtal,2025-01-01,,källa\nPH,2221,Avtal,2025-01-01,,källa", "the same agreement"),
    ];
    for (rows, told) in refused {
        let text = agreements(&format!("{rows}\n")).unwrap_err();
        assert!(text.contains(told) && text.contains("hint: "), "{rows:?}: {text}");
    }
}

#[test]
fn a_file_from_a_spreadsheet_is_read_or_told_how_to_save_it() {
    let codes = crate::config().codes;
    let read = |bytes: &[u8]| read_evidence(Path::new("employer-evidence.csv"), bytes, &codes);
    let row = "23,8341,brist,\"Chef, Rådet\",2026-03-01,skäl";
    assert_eq!(read(format!("\u{feff}{EVIDENCE}{row}\r\n").as_bytes()).unwrap().len(), 1);
    let semicolons = format!("{EVIDENCE}{row}").replace(',', ";");
    assert!(read(semicolons.as_bytes()).unwrap_err().to_string().contains("not with semicolons"));
    let latin: Vec<u8> = format!("{EVIDENCE}{row}\n").chars().map(|character| character as u8).collect();
    assert!(matches!(read(&latin), Err(ConfigError::Value { .. })));
    assert!(read(&vec![b'x'; 2 << 20]).unwrap_err().to_string().contains("bytes"));
    assert!(read(b"").is_err() && read(b"county\n").is_err());
    assert_eq!(read(EVIDENCE.as_bytes()).unwrap().len(), 0);
}

#[test]
fn a_row_is_added_after_the_others_which_stay_byte_for_byte() {
    let row = ["23", "8341", "brist", "Skogschef, \"Bolaget\"", "2026-03-01", "skäl"];
    for before in [
        EVIDENCE.to_owned(),
        EVIDENCE.trim_end().to_owned(),
        format!("{EVIDENCE}22,2221,bevakas,\"Chef, Rådet\",2025-01-01,skäl"),
        format!("\u{feff}{}", EVIDENCE.replace('\n', "\r\n")),
    ] {
        let after = appended(before.as_bytes(), row).unwrap();
        assert!(after.starts_with(before.as_bytes()));
        let codes = crate::config().codes;
        let list = read_evidence(Path::new("employer-evidence.csv"), &after, &codes).unwrap();
        let last = list.last().unwrap();
        assert_eq!((last.who.as_str(), last.rating), ("Skogschef, \"Bolaget\"", Word::Shortage));
        let text = String::from_utf8(after).unwrap();
        assert_eq!(text.contains("\r\n"), before.contains("\r\n"));
        assert!(text.matches('\n').count() == text.matches("\r\n").count() || !before.contains("\r\n"));
    }
}

#[test]
fn an_agreement_counts_if_it_holds_on_the_last_day_of_the_year() {
    let config = crate::config();
    let agreement = |to| Agreement {
        country: config.codes.country("PH", "test").unwrap(),
        occupations: vec!["222".to_owned()],
        name: "Avtal".to_owned(),
        valid_from: jiff::civil::date(2025, 7, 1),
        valid_to: to,
        source: "källa".to_owned(),
    };
    let day = jiff::civil::date;
    assert_eq!([2024, 2025, 2026].map(|year| agreement(None).standing(year)), [Standing::NotBegun, Standing::InForce, Standing::InForce]);
    assert_eq!(
        [2025, 2026, 2027].map(|year| agreement(Some(day(2026, 12, 31))).standing(year)),
        [Standing::InForce, Standing::InForce, Standing::Ended]
    );
    assert_eq!(agreement(Some(day(2026, 12, 30))).standing(2026), Standing::Ended);
    let covers = |code: &str| agreement(None).covers(config.codes.ssyk(code, "test").unwrap());
    assert!(covers("2221") && !covers("2231") && !covers("5330"));
}

fn said(document: &Document, language: Language) -> String {
    document.parts().flat_map(|block| texts(block, language)).collect::<Vec<_>>().join("\n")
}

#[test]
fn an_agreement_opens_its_country_and_occupations_and_no_others_and_is_printed() {
    let mut config = crate::config();
    let (before, figures) = analysed(&config);
    // A country on the list whose nurses are closed.
    let nurse = config.codes.ssyk("2221", "test").unwrap();
    let gates = |analysis: &malmarknad::analysis::Analysis| -> std::collections::BTreeMap<_, _> {
        let ranking = analysis.markets.ranking(malmarknad::supply::MarketKind::Country, "likely").unwrap();
        ranking.fits.iter().map(|fit| ((fit.market, fit.occupation), fit.gate.unwrap())).collect()
    };
    let closed = gates(&before);
    let first = closed.iter().find(|((_, occupation), gate)| *occupation == nurse && **gate == Gate::NoActiveRecruitment).unwrap();
    let Market::Country(country) = first.0.0 else { panic!() };
    let agreement = |to| Agreement {
        country,
        occupations: vec!["2221".to_owned(), "8".to_owned()],
        name: "Provavtalet".to_owned(),
        valid_from: jiff::civil::date(2025, 1, 1),
        valid_to: to,
        source: "Provkällan".to_owned(),
    };
    config.agreements = vec![agreement(Some(jiff::civil::date(2026, 6, 30)))];
    let (ended, _) = analysed(&config);
    assert_eq!(gates(&ended), closed, "an agreement that has ended opens nothing");
    let start = |analysis, language| {
        let all = documents(&context(analysis, &figures, &config, language)).unwrap();
        said(all.iter().find(|document| document.stem == "index").unwrap(), language)
    };
    assert!(
        start(&ended, Language::Swedish)
            .contains("Provavtalet (från 1\u{a0}januari\u{a0}2025 till och med 30\u{a0}juni\u{a0}2026). Det gäller inte till slutet av 2026")
    );
    assert!(start(&ended, Language::English).contains("does not hold to the end of 2026"));
    config.agreements = vec![agreement(None)];
    let (open, _) = analysed(&config);
    for (key, gate) in gates(&open) {
        let opened = key == (Market::Country(country), nurse);
        assert_eq!(gate != closed[&key], opened, "{key:?}: {gate:?}");
        assert!(!opened || gate != Gate::NoActiveRecruitment);
    }
    for language in [Language::Swedish, Language::English] {
        let all = documents(&context(&open, &figures, &config, language)).unwrap();
        let printed = |stem: &str| said(all.iter().find(|document| document.stem == stem).unwrap(), language);
        for stem in ["index", "bransch-vard-omsorg"] {
            assert!(printed(stem).contains("Provavtalet") && printed(stem).contains("Provkällan"), "{stem}");
        }
        assert!(!printed("bransch-skogsnaring").contains("Provavtalet"));
    }
    // On a country's own page, whatever its effect.
    let page = documents(&context(&open, &figures, &config, Language::Swedish))
        .unwrap()
        .into_iter()
        .find(|document| document.stem.starts_with("land-"))
        .unwrap();
    let other = config.codes.country(&page.stem["land-".len()..].to_uppercase(), "test").unwrap();
    config.agreements[0].country = other;
    let documents = documents(&context(&open, &figures, &config, Language::Swedish)).unwrap();
    let text = said(documents.iter().find(|document| document.stem == page.stem).unwrap(), Language::Swedish);
    assert!(text.contains("Avtalet Provavtalet"), "{text}");
}

#[test]
fn evidence_is_printed_with_who_when_why_and_what_the_figures_say() {
    let mut config = crate::config();
    let county = config.codes.county("23", "test").unwrap();
    let (before, _) = analysed(&config);
    let area = config.areas.iter().position(|area| area.key == "skogsnaring").unwrap();
    let weights = before.markets.area_weights[area].weights.clone();
    let heaviest = weights.iter().max_by(|one, other| one.1.total_cmp(other.1)).map(|(code, _)| *code).unwrap();
    config.evidence.push(malmarknad::evidence::Evidence {
        county,
        occupation: heaviest,
        rating: Word::NoShortage,
        who: "Provrådet".to_owned(),
        date: jiff::civil::date(2026, 3, 1),
        reason: "alla platser är tillsatta.".to_owned(),
    });
    let (analysis, figures) = analysed(&config);
    assert!(!analysis.markets.area_weights[area].weights.contains_key(&heaviest), "it is out of the area's score");
    let name = &config.codes.occupation(heaviest).swedish;
    let alone = before.demand.occupations[&heaviest].rating.as_str();
    let wanted =
        format!("{name}: ingen brist enligt Provrådet (1\u{a0}mars\u{a0}2026). Skäl: alla platser är tillsatta. Uppgifterna ensamma ger: {alone}.");
    let all = documents(&context(&analysis, &figures, &config, Language::Swedish)).unwrap();
    for stem in ["index", "bransch-skogsnaring"] {
        let text = said(all.iter().find(|document| document.stem == stem).unwrap(), Language::Swedish);
        assert!(text.contains(&wanted), "{stem}: {wanted}");
    }
    // A run for an earlier year does not know of it.
    let earlier = malmarknad::demand::county_demand(&figures, &config, county, 2025).unwrap();
    assert!(earlier.occupations.values().all(|row| row.evidence.is_none()));
}

/// `malmarknad evidence` in a copy of the project's data, with answers on standard input.
fn told(home: &Path, arguments: &[&str], answers: &str) -> (bool, String, String) {
    let output = crate::malmarknad().env("MALMARKNAD_HOME", home).arg("evidence").args(arguments).write_stdin(answers).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.success(), text(&output.stdout), text(&output.stderr))
}

#[test]
fn evidence_is_added_by_flags_or_by_answers_and_a_bad_word_changes_nothing() {
    let home = crate::copied_home();
    let path = home.path().join("data/employer-evidence.csv");
    let flags = [
        "add",
        "--county",
        "23",
        "--ssyk",
        "8341",
        "--rating",
        "brist",
        "--who",
        "Ordförande, Rådet",
        "--date",
        "2026-03-01",
        "--reason",
        "sju platser obesatta",
    ];
    let (fine, out, error) = told(home.path(), &flags, "");
    assert!(fine && out.contains("8341") && out.contains("brist (the figures alone give: "), "{out}{error}");
    let first = std::fs::read(&path).unwrap();
    assert_eq!(first, format!("{EVIDENCE}23,8341,brist,\"Ordförande, Rådet\",2026-03-01,sju platser obesatta\n").into_bytes());
    // The same again is a second word of the same day.
    let (fine, _, error) = told(home.path(), &flags, "");
    assert!(!fine && error.contains("a second word") && error.contains("hint: "), "{error}");
    let refused = [(2, "99"), (4, "83"), (6, "mycket brist"), (8, "chef@bolaget.se"), (8, "Anna Andersson"), (10, "1/3"), (12, "=1+1")];
    for (position, bad) in refused {
        let mut wrong = flags;
        wrong[position] = bad;
        let (fine, _, error) = told(home.path(), &wrong, "");
        assert!(!fine && error.contains("error: --") && error.contains("hint: "), "{bad}: {error}");
    }
    // Asked for what no flag gives, again until it is sound; words of a name lead to codes.
    let (fine, out, error) =
        told(home.path(), &["add", "--county", "23"], "sjuksköterskor\n2221\nhög\nbrist\nVårdchef, Regionen\n2026-04-01\ntolv vakanser\n");
    assert!(fine && out.contains("2221"), "{out}{error}");
    assert!(error.contains("2221 ") && error.contains("is no rating"), "{error}");
    let after = std::fs::read(&path).unwrap();
    assert!(
        after.starts_with(&first)
            && String::from_utf8_lossy(&after[first.len()..]) == "23,2221,brist,\"Vårdchef, Regionen\",2026-04-01,tolv vakanser\n"
    );
    // Answers that end before the questions do leave the file alone.
    let (fine, _, error) = told(home.path(), &["add", "--county", "23"], "2221\nbrist\n");
    assert!(!fine && error.contains("--who is missing") && error.contains("hint: "), "{error}");
    assert_eq!(std::fs::read(&path).unwrap(), after);
    assert!(!home.path().join("data/employer-evidence.csv.new").exists());
    let (fine, out, _) = told(home.path(), &["list", "--json"], "");
    let list: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert!(fine && list["evidence"].as_array().unwrap().len() == 2 && list["agreements"].as_array().unwrap().is_empty());
    let (fine, out, _) = told(home.path(), &["list", "--county", "22"], "");
    assert!(fine && out.contains("nothing yet") && !out.contains("8341"), "{out}");
}

#[test]
fn an_agreement_is_added_and_its_effect_told() {
    let home = crate::copied_home();
    let config = crate::config();
    let figures = crate::figures(&config);
    let listed = figures.who_list.keys().next().unwrap().to_string();
    let (fine, out, error) =
        told(home.path(), &["add-agreement", "--country", &listed, "--to", ""], "2221 5330\nProvavtalet\n2025-01-01\nhttps://exempel.se/avtal\n");
    assert!(fine && out.contains("opens 2221 5330"), "{out}{error}");
    let bytes = std::fs::read_to_string(home.path().join("data/agreements.csv")).unwrap();
    assert_eq!(bytes, format!("{AGREEMENTS}{listed},2221 5330,Provavtalet,2025-01-01,,https://exempel.se/avtal\n"));
    let flags = [
        "add-agreement",
        "--country",
        &listed,
        "--occupations",
        "2221",
        "--agreement",
        "Slut",
        "--from",
        "2020-01-01",
        "--to",
        "2021-12-31",
        "--source",
        "källa",
    ];
    let (fine, out, _) = told(home.path(), &flags, "");
    assert!(fine && out.contains("no effect") && out.contains("it ends before the year is out"), "{out}");
    let mut poland = flags;
    (poland[2], poland[10]) = ("PL", "");
    let (fine, out, _) = told(home.path(), &poland, "");
    assert!(fine && out.contains("not on the WHO list"), "{out}");
    let mut wrong = flags;
    wrong[10] = "2019-01-01";
    let (fine, _, error) = told(home.path(), &wrong, "");
    assert!(!fine && error.contains("before the first day"), "{error}");
    // The flags have the names of the columns too, and a script is told how an open end is given.
    let mut columns = flags;
    (columns[6], columns[7], columns[9], columns[10]) = ("Öppet", "--valid-from", "--valid-to", "");
    let (fine, out, error) = told(home.path(), &columns, "");
    assert!(fine && out.contains("opens 2221"), "{out}{error}");
    let (fine, _, error) = told(home.path(), &[&flags[..9], &flags[11..]].concat(), "");
    assert!(!fine && error.contains("--to is missing") && error.contains("--to \"\" while"), "{error}");
}

#[test]
fn the_examples_of_the_documentation_are_read_and_have_an_effect() {
    let text = std::fs::read_to_string(crate::home().join("docs/evidence.md")).unwrap();
    let example = |header: &str| {
        let start = text.find(header).unwrap_or_else(|| panic!("{header}"));
        text[start..].lines().take_while(|line| *line != "```").flat_map(|line| [line, "\n"]).collect::<String>()
    };
    let config = crate::config();
    let codes = &config.codes;
    assert_eq!(read_evidence(Path::new("evidence.md"), example(EVIDENCE.trim_end()).as_bytes(), codes).unwrap().len(), 1);
    let agreements = read_agreements(Path::new("evidence.md"), example(AGREEMENTS.trim_end()).as_bytes(), codes).unwrap();
    let listed = crate::figures(&config).who_list;
    assert!(agreements.len() == 1 && listed.contains_key(&agreements[0].country), "{agreements:?}");
}

#[test]
fn a_file_that_somebody_else_is_writing_is_left_alone() {
    let home = crate::copied_home();
    let other = home.path().join("data/employer-evidence.csv.new");
    std::fs::write(&other, "x").unwrap();
    let flags = ["add", "--county", "23", "--ssyk", "8341", "--rating", "brist", "--who", "Chef, Rådet", "--date", "2026-03-01", "--reason", "skäl"];
    let (fine, _, error) = told(home.path(), &flags, "");
    assert!(!fine && error.contains("cannot write") && error.contains("hint: "), "{error}");
    assert_eq!(std::fs::read_to_string(home.path().join("data/employer-evidence.csv")).unwrap(), EVIDENCE);
    assert_eq!(std::fs::read_to_string(&other).unwrap(), "x");
}
