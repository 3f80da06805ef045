//! The follow-up: its figures are those of the tables, what is missing says why, and a register of the analysts' own is refused where it is wrong.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use malmarknad::code::Sex;
use malmarknad::config::Config;
use malmarknad::demand::Rating;
use malmarknad::follow_up::{Basis, Direction, Missing, Promise, Row, table};
use malmarknad::language::Language;
use malmarknad::previous::{Assessed, Previous, PreviousPlace};
use malmarknad::report::documents;
use malmarknad::report::model::{Block, Paper};
use malmarknad::supply::MarketKind;

use crate::report::{analysed, context, texts};

const BOTH: [Language; 2] = [Language::Swedish, Language::English];
const HEADER: &str = "area,market_type,market,date,how";

fn with_register(rows: &str) -> Result<Config, String> {
    let home = crate::copied_home();
    std::fs::write(home.path().join("data/communicated.csv"), format!("{HEADER}\n{rows}\n")).unwrap();
    Config::read(&home.path().join("data")).map_err(|error| error.to_string())
}

fn row<'a>(rows: &'a [Row], promise: Promise, area: Option<&str>, kind: Option<MarketKind>, sex: Option<Sex>) -> &'a Row {
    let wanted = |row: &&Row| row.promise == promise && row.area.as_deref() == area && row.kind == kind && row.sex == sex;
    rows.iter().find(wanted).expect("the row")
}

#[test]
fn a_register_that_is_wrong_is_refused_with_row_column_and_hint() {
    for (rows, words) in [
        ("gruvor,country,PL,2026-03-01,mässa", vec!["row 1, area", "gruvor"]),
        ("skogsnaring,stad,PL,2026-03-01,mässa", vec!["row 1, market_type", "stad"]),
        ("skogsnaring,country,XX,2026-03-01,mässa", vec!["row 1", "XX"]),
        ("skogsnaring,county,99,2026-03-01,mässa", vec!["row 1", "99"]),
        ("skogsnaring,country,PL,i mars,mässa", vec!["row 1, date", "i mars"]),
        ("skogsnaring,country,PL,2026-03-01, ", vec!["row 1, how"]),
        ("skogsnaring,country,PL,2026-03-01,mässa\nskogsnaring,country,PL,2026-13-01,mässa", vec!["row 2, date"]),
        ("skogsnaring,country,PL", vec!["communicated.csv"]),
        ("\u{1b}[31m=cmd(),country,PL,2026-03-01,mässa", vec!["row 1, area", "\\u{1b}"]),
    ] {
        let error = with_register(rows).unwrap_err();
        assert!(words.iter().all(|word| error.contains(word)) && error.contains("\nhint: "), "{error}");
        assert!(!error.contains('\u{1b}'), "{error:?}");
    }
    assert_eq!(with_register("skogsnaring,country,PL,2026-03-01,\"mässa, Gävle\"").unwrap().communicated.len(), 1);
    let home = crate::copied_home();
    for (text, problem) in [
        ("baseline_year = 1900\nleast_change = 0.5", "1900"),
        ("baseline_year = 2024\nleast_change = -1.0", "-1"),
        ("baseline_year = 2024\nleast_change = 0.5\nx = 1", "x"),
    ] {
        std::fs::write(home.path().join("data/follow-up.toml"), text).unwrap();
        let error = Config::read(&home.path().join("data")).unwrap_err().to_string();
        assert!(error.contains("follow-up.toml") && error.contains(problem) && error.contains("\nhint: "), "{error}");
    }
}

#[test]
fn what_is_noted_decides_no_place_but_is_proved_by_the_manifest() {
    let (empty, noted) = (crate::config(), with_register("skogsnaring,country,PL,2026-03-01,mässa").unwrap());
    assert_eq!(empty.method_hash(), noted.method_hash());
    assert_ne!(empty.hashes["communicated.csv"], noted.hashes["communicated.csv"]);
}

#[test]
fn figures_are_those_of_the_analysis_and_the_register() {
    let mut register = String::new();
    for line in [
        "skogsnaring,country,PL,2024-03-01,mässa",
        "skogsnaring,country,PL,2026-03-01,webb",
        "skogsnaring,country,LV,2025-01-01,webb",
        "skogsnaring,county,22,2026-02-02,möte",
        "besoksnaring,country,ES,2027-01-01,webb",
    ] {
        writeln!(register, "{line}").unwrap();
    }
    let config = with_register(register.trim_end()).unwrap();
    let (analysis, figures) = analysed(&config);
    let basis = Basis { analysis: &analysis, config: &config, figures: &figures, previous: None };
    let rows = basis.rows();
    let value = |promise, area, kind| row(&rows, promise, area, Some(kind), None).now.map(|figure| figure.value);
    let forest = Some("skogsnaring");
    // Poland was told of twice and counts once; the year after the run's does not count.
    assert_eq!(value(Promise::Communicated, forest, MarketKind::Country), Ok(2.0));
    assert_eq!(value(Promise::Communicated, forest, MarketKind::County), Ok(1.0));
    assert_eq!(value(Promise::Communicated, Some("besoksnaring"), MarketKind::Country), Ok(0.0));
    assert_eq!(value(Promise::Communicated, None, MarketKind::Country), Ok(2.0));
    let told = row(&rows, Promise::Communicated, forest, Some(MarketKind::Country), None);
    assert_eq!((told.baseline.map(|figure| figure.value), told.direction), (Ok(1.0), Ok(Direction::Up)));

    for area in &config.areas {
        for kind in [MarketKind::Country, MarketKind::County] {
            let lists = if kind == MarketKind::Country { vec!["likely", "potential"] } else { vec![""] };
            let first: BTreeSet<&str> = lists
                .iter()
                .filter_map(|list| analysis.markets.ranking(kind, list))
                .flat_map(|ranking| &ranking.scores)
                .filter(|row| row.area == area.key && row.uncertainty.as_ref().is_some_and(|doubt| doubt.tier == 1))
                .map(|row| row.market.code())
                .collect();
            assert_eq!(value(Promise::Identified, Some(&area.key), kind), Ok(first.len() as f64), "{}", area.key);
        }
    }
    let identified = row(&rows, Promise::Identified, None, Some(MarketKind::Country), None);
    assert_eq!((identified.baseline, identified.direction), (Err(Missing::NoBaselineRun), Err(Missing::NoBaselineRun)));

    for area in [None, forest] {
        let listed = area.and_then(|key| config.areas.iter().find(|area| area.key == key));
        let short = analysis.demand.occupations.values().filter(|row| row.rating == Rating::Shortage);
        let (women, men) = short
            .filter(|row| listed.is_none_or(|area| area.occupations.contains_key(&row.occupation)))
            .fold((0, 0), |(women, men), row| (women + row.employed.women, men + row.employed.men));
        let share = 100.0 * women as f64 / (women + men) as f64;
        let [of_women, of_men] = [Sex::Women, Sex::Men].map(|sex| row(&rows, Promise::ShareOfShortage, area, None, Some(sex)));
        assert!((of_women.now.unwrap().value - share).abs() < 1e-9 && (of_men.now.unwrap().value + share - 100.0).abs() < 1e-9);
        // The register's newest year is the baseline's: that is no change, but no knowledge of one.
        assert_eq!(of_women.direction, Err(Missing::NothingLater));
    }
    assert!(rows.iter().filter(|row| row.promise == Promise::BornAbroad).all(|row| row.now == Err(Missing::NotPublished)));

    let csv = String::from_utf8(table(&rows).csv().unwrap()).unwrap();
    assert_eq!(csv.lines().count(), rows.len() + 1);
    assert!(csv.contains("markets_communicated,skogsnaring,country,,markets,2024,1,2026,2,1,ökar,"), "{csv}");
    assert_eq!(csv, String::from_utf8(table(&basis.rows()).csv().unwrap()).unwrap());
}

#[test]
fn a_direction_is_told_only_from_a_later_figure_and_a_change_that_counts() {
    let mut config = crate::config();
    config.follow_up.baseline_year = 2020;
    let (analysis, figures) = analysed(&config);
    let mut previous = Previous {
        year: 2020,
        same_method: true,
        input: malmarknad::manifest::Hashed { path: String::new(), bytes: None, sha256: String::new() },
        places: std::collections::BTreeMap::new(),
        assessed: None,
        comparison: None,
    };
    let place = PreviousPlace { tier: 1, median: 1.0, p05: 1.0, p95: 2.0 };
    for (list, market) in [("likely", "PL"), ("potential", "PL"), ("balanced", "DE"), ("likely", "ES"), ("", "22")] {
        previous.places.insert((list.to_owned(), "skogsnaring".to_owned(), market.to_owned()), place);
    }
    let rows = |config: &Config| Basis { analysis: &analysis, config, figures: &figures, previous: Some(&previous) }.rows();
    let found = rows(&config);
    let before = |kind| row(&found, Promise::Identified, Some("skogsnaring"), Some(kind), None).baseline.map(|figure| (figure.period, figure.value));
    assert_eq!((before(MarketKind::Country), before(MarketKind::County)), (Ok((2020, 2.0)), Ok((2020, 1.0))));
    let women = row(&found, Promise::ShareOfShortage, None, None, Some(Sex::Women));
    let (then, now) = (women.baseline.unwrap(), women.now.unwrap());
    assert_eq!((then.period, now.period), (2020, 2024));
    let change = now.value - then.value;
    let expected = if change.abs() < 0.5 {
        Direction::Same
    } else if change > 0.0 {
        Direction::Up
    } else {
        Direction::Down
    };
    assert_eq!(women.direction, Ok(expected));
    config.follow_up.least_change = 100.0;
    assert_eq!(row(&rows(&config), Promise::ShareOfShortage, None, None, Some(Sex::Women)).direction, Ok(Direction::Same));
}

#[test]
fn a_run_without_the_services_assessment_gives_no_direction() {
    let mut config = crate::config();
    config.follow_up.baseline_year = 2020;
    let (analysis, figures) = analysed(&config);
    let now = Assessed::of(&analysis.demand);
    assert!(now.occupations > 100 && now.of > now.occupations, "{now:?}");
    let place = PreviousPlace { tier: 1, median: 1.0, p05: 1.0, p95: 2.0 };
    let places = [("likely", "PL"), ("", "22")].map(|(list, market)| ((list.to_owned(), "skogsnaring".to_owned(), market.to_owned()), place));
    let of = |assessed| Previous {
        year: 2020,
        same_method: true,
        input: malmarknad::manifest::Hashed { path: String::new(), bytes: None, sha256: String::new() },
        places: places.clone().into_iter().collect(),
        assessed,
        comparison: None,
    };
    let fewer = |share: usize| Some(Assessed { occupations: now.occupations / share, of: now.of });
    for (assessed, is_told) in [(Some(Assessed { occupations: 0, of: 400 }), false), (fewer(3), false), (fewer(1), true), (None, true)] {
        let previous = of(assessed);
        let rows = Basis { analysis: &analysis, config: &config, figures: &figures, previous: Some(&previous) }.rows();
        for kind in [MarketKind::Country, MarketKind::County] {
            let row = row(&rows, Promise::Identified, Some("skogsnaring"), Some(kind), None);
            assert!(row.baseline.is_ok() && row.now.is_ok(), "both runs have a number");
            assert_eq!(row.direction.is_ok(), is_told, "{assessed:?}: {row:?}");
            assert!(is_told || row.direction == Err(Missing::OtherCoverage));
        }
        // Shares are of the same register in both years, whatever the occupations are rated by.
        assert!(row(&rows, Promise::ShareOfShortage, None, None, Some(Sex::Women)).direction.is_ok());
        let csv = String::from_utf8(table(&rows).csv().unwrap()).unwrap();
        let line = csv.lines().find(|line| line.starts_with("markets_identified,skogsnaring,country")).unwrap();
        assert_eq!(line.contains("Arbetsförmedlingens bedömning"), !is_told, "{line}");
        assert_eq!(["ökar", "minskar", "oförändrat"].iter().any(|way| line.contains(way)), is_told, "{line}");
        // The documents of the two ends are enough.
        for language in BOTH.into_iter().filter(|_| assessed.is_none_or(|found| found.occupations == 0)) {
            let run = malmarknad::report::RunContext { previous: Some(&previous), ..context(&analysis, &figures, &config, language) };
            let page = documents(&run).unwrap().into_iter().find(|page| page.stem == "uppfoljning").expect("the follow-up");
            let whole: String = page.blocks.iter().flat_map(|block| texts(block, language)).collect::<Vec<_>>().join("\n");
            let words = say(language, "i körningen för 2020 har", "in the run for 2020,");
            assert_eq!(whole.contains(words), !is_told, "{whole}");
        }
    }
}

#[test]
fn the_document_answers_first_and_says_what_it_cannot_answer() {
    let config = crate::config();
    let (analysis, figures) = analysed(&config);
    for language in BOTH {
        let run = context(&analysis, &figures, &config, language);
        let all = documents(&run).unwrap();
        let page = all.iter().find(|page| page.stem == "uppfoljning").expect("the follow-up");
        assert_eq!(page.paper, Some(Paper::Sheet));
        let Block::Answer { paragraphs, .. } = &page.blocks[0] else { panic!("the answer comes first") };
        let answer: String = paragraphs.iter().map(malmarknad::report::model::Prose::plain).collect();
        let words = say(language, ["identifierade som målmarknader", "kan inte svara på"], ["identified as target markets", "cannot tell"]);
        assert!(words.iter().all(|word| answer.contains(word)), "{answer}");
        let whole: String = page.blocks.iter().flat_map(|block| texts(block, language)).collect::<Vec<_>>().join("\n");
        let gaps = say(language, ["födda i ett annat land", "data/communicated.csv"], ["born in another country", "data/communicated.csv"]);
        assert!(gaps.iter().all(|word| whole.contains(word)), "{whole}");
        assert_eq!(page.tables().count(), 2);
    }
}

fn say<T>(language: Language, swedish: T, english: T) -> T {
    if language == Language::Swedish { swedish } else { english }
}
