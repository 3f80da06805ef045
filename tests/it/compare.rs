//! Year on year: the parts add up to the change, and what cannot be compared is refused with the reason.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use malmarknad::analysis::{Analysis, analyse};
use malmarknad::archive::{FILE, Underlay};
use malmarknad::compare::{Change, Comparison, Run, Whole, compare, table};
use malmarknad::config::Config;
use malmarknad::figures::Figures;
use malmarknad::manifest::Manifest;
use malmarknad::supply::MarketKind;
use malmarknad::tidy::sha256;

/// Runs of the same county in two years, of another county, and of the earlier year with another method, made once.
fn runs() -> &'static Path {
    static RUNS: OnceLock<tempfile::TempDir> = OnceLock::new();
    let make = || {
        let folder = tempfile::tempdir().unwrap();
        for (county, year) in [("23", "2024"), ("23", "2026"), ("22", "2026")] {
            let arguments = ["run", "--county", county, "--year", year, "--formats", "csv", "--replicates", "1", "--quiet"];
            crate::malmarknad().args(arguments).arg("--out").arg(folder.path()).assert().success();
        }
        folder
    };
    RUNS.get_or_init(make).path()
}

fn run_of(year: i32, county: &str) -> PathBuf {
    runs().join(format!("{year}-{county}"))
}

/// A copy of a run, to be damaged.
fn copied(year: i32, county: &str) -> tempfile::TempDir {
    let copy = tempfile::tempdir().unwrap();
    crate::copy_folder(&run_of(year, county), copy.path());
    copy
}

/// What `compare` says when it refuses.
fn refusal(before: &Path, now: &Path, more: &[&str]) -> String {
    let told = crate::malmarknad().arg("compare").arg(before).arg(now).args(more).assert().code(1);
    String::from_utf8_lossy(&told.get_output().stderr).into_owned()
}

/// Writes `bytes` as the archive of the run in `folder`, with a manifest that says that they are its own.
fn with_archive(folder: &Path, bytes: &[u8]) {
    let mut manifest = Manifest::read(folder).unwrap();
    for output in manifest.outputs.iter_mut().filter(|output| output.path == FILE) {
        output.sha256 = sha256(bytes);
    }
    std::fs::write(folder.join(FILE), bytes).unwrap();
    std::fs::write(folder.join("manifest.json"), serde_json::to_vec(&manifest).unwrap()).unwrap();
}

fn zipped(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in files {
        writer.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// The method with other weights on the list *Trolig*.
fn reweighted() -> Config {
    let mut config = crate::config();
    let likely = config.method.weightings.get_mut("likely").unwrap();
    likely.pool.weight += 0.05;
    likely.mobility.weight -= 0.05;
    config.hashes.insert("method.toml".to_owned(), "another".to_owned());
    config
}

fn of_year(figures: &Figures, config: &Config, year: i32) -> Analysis {
    analyse(figures, config, config.codes.county("23", "test").unwrap(), year).unwrap()
}

fn compared(years: [i32; 2], now_config: &Config) -> Comparison {
    let config = crate::config();
    let figures = crate::figures(&config);
    let (before, now) = (of_year(&figures, &config, years[0]), of_year(&figures, now_config, years[1]));
    compare(Run { config: &config, figures: &figures, analysis: &before }, Run { config: now_config, figures: &figures, analysis: &now }).unwrap()
}

fn assert_adds_up(row: &Change) {
    let (Some(score), Some(places), Ok(parts)) = (row.score(), row.places(), row.parts) else {
        panic!("{row:?} has parts, so it has changes");
    };
    assert!((parts.score.iter().sum::<f64>() - score).abs() < 1e-9, "{row:?}");
    assert_eq!(parts.places.iter().sum::<i64>(), places, "{row:?}");
}

#[test]
fn the_parts_of_every_change_add_up_and_each_part_moves_something() {
    let other = reweighted();
    for years in [[2024, 2026], [2025, 2026], [2026, 2024]] {
        let comparison = compared(years, &other);
        assert_eq!(comparison.years, years);
        assert_eq!(comparison.method_files, ["method.toml"]);
        let whole: Vec<&Change> = comparison.changes.iter().filter(|row| row.parts.is_ok()).collect();
        assert!(whole.len() > 200, "{years:?}: {} changes have parts", whole.len());
        for row in &whole {
            assert_adds_up(row);
        }
        for row in comparison.changes.iter().filter(|row| row.parts.is_err()) {
            let expected = match (row.before, row.now) {
                (None, Some(_)) => Whole::Came,
                (Some(_), None) => Whole::Went,
                (Some(_), Some(_)) => Whole::Between,
                (None, None) => panic!("{row:?} is ranked nowhere"),
            };
            assert_eq!(row.parts, Err(expected), "{row:?}");
        }
        let moves = |step: usize| whole.iter().any(|row| row.parts.is_ok_and(|parts| parts.score[step].abs() > 1e-6));
        assert!(moves(2), "{years:?}: the other weights move something");
        // Only Trolig has other weights: the method moves no score on the other lists.
        let elsewhere = whole.iter().filter(|row| row.weighting.as_deref() != Some("likely"));
        assert!(elsewhere.clone().count() > 0 && elsewhere.into_iter().all(|row| row.parts.is_ok_and(|parts| parts.score[2].abs() < 1e-9)));
    }
    let later = compared([2024, 2026], &other);
    let came = later.changes.iter().filter_map(|row| row.parts.ok()).any(|parts| parts.score[3].abs() > 1e-6);
    assert!(came, "Arbetsförmedlingen's assessment came after 2024");
}

#[test]
fn why_a_change_has_no_parts_is_said_in_english_on_the_command_line_and_in_swedish_in_the_table() {
    let told = |arguments: &[&str]| {
        let told = crate::malmarknad().arg("compare").arg(run_of(2024, "23")).arg(run_of(2026, "23")).args(arguments).assert().success();
        String::from_utf8(told.get_output().stdout.clone()).unwrap()
    };
    let list: serde_json::Value = serde_json::from_str(&told(&["--json", "--top", "300"])).unwrap();
    let reasons: std::collections::BTreeSet<&str> = list["changes"].as_array().unwrap().iter().filter_map(|row| row["reason"].as_str()).collect();
    assert!(!reasons.is_empty() && reasons.iter().all(|reason| reason.starts_with("not ranked in ")), "{reasons:?}");
    let shown = told(&["--top", "300"]);
    assert!(reasons.iter().all(|reason| shown.contains(reason)) && !shown.contains("rangordna"));
    let csv = String::from_utf8(table(&compared([2024, 2026], &crate::config()), &crate::config()).csv().unwrap()).unwrap();
    assert!(csv.contains("rangordna") && !csv.contains("not ranked in"));
}

#[test]
fn a_run_held_against_itself_has_not_changed() {
    let comparison = compared([2026, 2026], &crate::config());
    assert!(comparison.method_files.is_empty() && comparison.tables.is_empty() && comparison.other_areas.is_empty());
    for row in &comparison.changes {
        let parts = row.parts.unwrap_or_else(|whole| panic!("{row:?}: {whole:?}"));
        assert!(parts.score.iter().all(|part| part.abs() < 1e-9) && parts.places == [0; 4], "{row:?}");
    }
    let moves = comparison.moves(MarketKind::Country, "likely", None).unwrap();
    assert_eq!((moves.places, moves.parts), (0.0, [0.0; 4]));
}

#[test]
fn the_command_gives_the_rows_of_the_comparison_and_the_same_bytes_twice() {
    let folder = tempfile::tempdir().unwrap();
    let arguments = |out: &str| {
        let told = crate::malmarknad()
            .arg("compare")
            .arg(run_of(2024, "23"))
            .arg(run_of(2026, "23"))
            .args(["--area", "vard_omsorg", "--top", "5", "--json", "--csv"])
            .arg(folder.path().join(out))
            .assert()
            .success();
        told.get_output().stdout.clone()
    };
    let (first, second) = (arguments("a"), arguments("b"));
    assert!(first == second);
    let written = std::fs::read(folder.path().join("a/changes.csv")).unwrap();
    assert!(written == std::fs::read(folder.path().join("b/changes.csv")).unwrap());
    let comparison = compared([2024, 2026], &crate::config());
    assert!(written == table(&comparison, &crate::config()).csv().unwrap(), "the archives give what the figures do");
    let list: serde_json::Value = serde_json::from_slice(&first).unwrap();
    let rows = list["changes"].as_array().unwrap();
    assert_eq!(rows.len(), 5);
    for row in rows {
        let code = row["market"].as_str().unwrap();
        let own = comparison.of(MarketKind::Country, "likely", Some("vard_omsorg")).find(|own| own.market.code() == code).unwrap();
        assert_eq!(row["score_change"].as_f64(), own.score(), "{code}");
        assert_eq!(row["places_up"].as_i64(), own.places(), "{code}");
    }
}

#[test]
fn runs_that_cannot_be_compared_are_refused_with_the_reason_and_a_hint() {
    let (before, now) = (run_of(2024, "23"), run_of(2026, "23"));
    let refused = |text: &str, words: &[&str]| {
        assert!(words.iter().all(|word| text.contains(word)) && text.contains("\nhint: "), "{text}");
    };
    refused(&refusal(&before, &run_of(2026, "22"), &[]), &["county 23", "county 22"]);
    refused(&refusal(&before, &runs().join("nowhere"), &[]), &["manifest"]);
    refused(&refusal(&before, &now, &["--area", "gruvor"]), &["gruvor", "vard_omsorg"]);
    refused(&refusal(&before, &now, &["--weighting", "vild"]), &["vild", "likely"]);

    let without = copied(2024, "23");
    std::fs::remove_file(without.path().join(FILE)).unwrap();
    refused(&refusal(without.path(), &now, &[]), &[FILE, "has no"]);

    let changed = copied(2024, "23");
    let mut bytes = std::fs::read(changed.path().join(FILE)).unwrap();
    bytes[200] ^= 1;
    std::fs::write(changed.path().join(FILE), &bytes).unwrap();
    refused(&refusal(changed.path(), &now, &[]), &[FILE, "not what the run was made from"]);

    with_archive(changed.path(), b"no archive");
    refused(&refusal(changed.path(), &now, &[]), &["cannot be unpacked"]);
    with_archive(changed.path(), &zipped(&[("../../outside.toml", b"x")]));
    refused(&refusal(changed.path(), &now, &[]), &["no file of data/"]);
    with_archive(changed.path(), &zipped(&[("data/method.toml", b"x = 1")]));
    refused(&refusal(changed.path(), &now, &[]), &["cannot read"]);

    // The right figures of another run are not this run's.
    let swapped = copied(2024, "23");
    let table = swapped.path().join("data/markets.csv");
    let text = std::fs::read_to_string(&table).unwrap();
    std::fs::write(&table, format!("{text}\n")).unwrap();
    refused(&refusal(swapped.path(), &now, &[]), &["markets.csv"]);
}

#[test]
fn a_run_whose_computation_was_another_is_refused_with_its_version() {
    let other = copied(2024, "23");
    let table = other.path().join("data/markets.csv");
    let text = std::fs::read_to_string(&table).unwrap();
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let header = reader.headers().unwrap().clone();
    let score = header.iter().position(|name| name == "score").unwrap();
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(&header).unwrap();
    let mut moved = false;
    for record in reader.records() {
        let record = record.unwrap();
        let cells = record.iter().enumerate().map(|(place, cell)| if place == score && !cell.is_empty() && !moved { "50.125" } else { cell });
        writer.write_record(cells).unwrap();
        moved |= !record[score].is_empty();
    }
    assert!(moved);
    let bytes = writer.into_inner().unwrap();
    std::fs::write(&table, &bytes).unwrap();
    let mut manifest = Manifest::read(other.path()).unwrap();
    manifest.version = "0.0.9".to_owned();
    for output in manifest.outputs.iter_mut().filter(|output| output.path == "data/markets.csv") {
        output.sha256 = sha256(&bytes);
    }
    std::fs::write(other.path().join("manifest.json"), serde_json::to_vec(&manifest).unwrap()).unwrap();
    let told = refusal(other.path(), &run_of(2026, "23"), &[]);
    assert!(told.contains("version 0.0.9") && told.contains("50.125") && told.contains("\nhint: "), "{told}");
}

#[test]
fn what_a_run_was_made_from_is_a_home_that_gives_the_run_again() {
    let run = run_of(2026, "23");
    let manifest = Manifest::read(&run).unwrap();
    let underlay = Underlay::read(&run, &manifest).unwrap();
    assert_eq!(underlay.config.method_hash(), manifest.method_sha256);
    assert_eq!(underlay.figures.hashes, crate::figures(&crate::config()).hashes);
    let home = tempfile::tempdir().unwrap();
    let mut archive = zip::ZipArchive::new(std::fs::File::open(run.join(FILE)).unwrap()).unwrap();
    archive.extract(home.path()).unwrap();
    let out = tempfile::tempdir().unwrap();
    let arguments = ["run", "--county", "23", "--year", "2026", "--formats", "csv", "--replicates", "1", "--quiet"];
    crate::malmarknad().env("MALMARKNAD_HOME", home.path()).args(arguments).arg("--out").arg(out.path()).assert().success();
    let again = Manifest::read(&out.path().join("2026-23")).unwrap();
    assert_eq!(again.outputs, manifest.outputs);
    assert_eq!(again.inputs, manifest.inputs);
}

#[test]
fn an_earlier_run_gives_the_table_of_changes_and_one_without_its_archive_a_warning() {
    let out = tempfile::tempdir().unwrap();
    let arguments = ["run", "--year", "2026", "--area", "vard_omsorg", "upplevelser", "--formats", "csv,html", "--replicates", "64"];
    let told = crate::malmarknad().args(arguments).arg("--previous").arg(run_of(2024, "23")).arg("--out").arg(out.path()).assert().success();
    assert!(!String::from_utf8_lossy(&told.get_output().stderr).contains("warning: --previous"));
    let folder = out.path().join("2026-23");
    let text = std::fs::read_to_string(folder.join("data/changes.csv")).unwrap();
    let areas: std::collections::BTreeSet<String> =
        csv::Reader::from_reader(text.as_bytes()).records().map(|record| record.unwrap()[2].to_owned()).collect();
    assert_eq!(areas.into_iter().collect::<Vec<_>>(), ["upplevelser", "vard_omsorg"]);
    let page = std::fs::read_to_string(folder.join("omrade-upplevelser.html")).unwrap();
    assert!(page.contains("Vad ändringarna beror på") && page.contains("data/changes.csv"));
    // In 2024 no occupation has the Public Employment Service's assessment: that few markets were identified then says nothing.
    let followed = std::fs::read_to_string(folder.join("data/follow_up.csv")).unwrap();
    let identified: Vec<&str> = followed.lines().filter(|line| line.starts_with("markets_identified,,country,")).collect();
    assert!(identified.len() == 1 && identified[0].contains(",2024,") && identified[0].contains("Arbetsförmedlingens bedömning"), "{identified:?}");
    let steering = std::fs::read_to_string(folder.join("styrgrupp.html")).unwrap();
    assert!(steering.contains("Sedan körningen 2024"));
    crate::malmarknad().arg("verify").arg(&folder).assert().success();

    let without = copied(2024, "23");
    std::fs::remove_file(without.path().join(FILE)).unwrap();
    let told = crate::malmarknad().args(arguments).arg("--previous").arg(without.path()).arg("--out").arg(out.path()).assert().success();
    let warning = String::from_utf8_lossy(&told.get_output().stderr).into_owned();
    assert!(warning.contains("warning: --previous") && warning.contains(FILE), "{warning}");
    assert!(!folder.join("data/changes.csv").exists());
    let page = std::fs::read_to_string(folder.join("omrade-upplevelser.html")).unwrap();
    assert!(page.contains("Det kan inte räknas ut"));
    let start = std::fs::read_to_string(folder.join("index.html")).unwrap();
    assert!(!start.contains("data/changes.csv") && start.contains(FILE));

    let damaged = copied(2024, "23");
    std::fs::write(damaged.path().join(FILE), b"x").unwrap();
    crate::malmarknad().args(arguments).arg("--previous").arg(damaged.path()).arg("--out").arg(out.path()).assert().code(1);
}
