//! The main job as a user runs it.

use std::collections::BTreeMap;
use std::path::Path;

pub fn files(folder: &Path, below: &str, found: &mut BTreeMap<String, Vec<u8>>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let name = format!("{below}{}", entry.file_name().to_string_lossy());
        if entry.file_type().unwrap().is_dir() {
            files(&entry.path(), &format!("{name}/"), found);
        } else {
            found.insert(name, std::fs::read(entry.path()).unwrap());
        }
    }
}

fn run(out: &Path, arguments: &[&str]) -> BTreeMap<String, Vec<u8>> {
    crate::malmarknad().arg("run").args(arguments).arg("--out").arg(out).assert().success();
    let mut found = BTreeMap::new();
    files(out, "", &mut found);
    found
}

#[test]
fn the_main_job_gives_the_same_bytes_every_time() {
    let (first, second) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let once = run(first.path(), &[]);
    let again = run(second.path(), &[]);
    assert_eq!(once.keys().collect::<Vec<_>>(), again.keys().collect::<Vec<_>>());
    for (name, bytes) in &once {
        assert!(again[name] == *bytes, "{name} differs");
    }
    for table in [
        "demand",
        "area_occupations",
        "crosswalk",
        "supply",
        "indicators",
        "fit",
        "markets",
        "gender",
        "occupation_places",
        "foothold",
        "skilled_needs",
        "skilled_pools",
        "influence",
        "backtest",
        "backtest_differences",
        "backtest_leaks",
        "sources",
    ] {
        assert!(once.contains_key(&format!("2026-23/data/{table}.csv")) && once.contains_key(&format!("2026-23/data/{table}.parquet")), "{table}");
    }
    for page in
        ["index", "omrade-upplevelser", "omrade-jord-skog-vatten", "bransch-vard-omsorg", "lan-i-sverige", "nulagesanalys", "paverkan", "stod"]
    {
        assert!(once.contains_key(&format!("2026-23/{page}.html")), "{page}");
    }
    for file in [
        "2026-23/tabeller.xlsx",
        "2026-23/feed.json",
        "2026-23/feed.schema.json",
        "2026-23/data/dataset.jsonld",
        "notebooks-out/2026-23/analys.ipynb",
    ] {
        assert!(once.contains_key(file), "{file}");
    }
    assert!(
        once.keys().all(|name| name.starts_with("2026-23/") || name.starts_with("notebooks-out/2026-23/")),
        "nothing is left beside the run's folder"
    );
}

#[test]
fn a_finished_run_verifies_until_a_byte_changes() {
    let out = tempfile::tempdir().unwrap();
    run(out.path(), &["--formats", "csv"]);
    let folder = out.path().join("2026-23");
    crate::malmarknad().arg("verify").arg(&folder).assert().success();
    let table = folder.join("data/markets.csv");
    let mut bytes = std::fs::read(&table).unwrap();
    bytes[40] ^= 1;
    std::fs::write(&table, bytes).unwrap();
    let told = crate::malmarknad().arg("verify").arg(&folder).assert().code(1);
    let text = String::from_utf8_lossy(&told.get_output().stdout).into_owned();
    assert!(text.contains("data/markets.csv: its bytes have changed"), "{text}");
}

#[test]
fn a_run_of_other_areas_leaves_no_old_page_beside_its_own() {
    let out = tempfile::tempdir().unwrap();
    run(out.path(), &[]);
    let fewer = run(out.path(), &["--area", "skogsnaring"]);
    let is_page = |name: &&String| Path::new(name).extension().is_some_and(|ending| ending == "html");
    let (countries, pages): (Vec<&String>, Vec<&String>) = fewer.keys().filter(is_page).partition(|name| name.contains("/land-"));
    assert!(!countries.is_empty());
    let linked = String::from_utf8_lossy(&fewer["2026-23/index.html"]).into_owned();
    assert!(countries.iter().all(|name| linked.contains(&name["2026-23/".len()..])), "{countries:?}");
    assert_eq!(
        pages,
        [
            "2026-23/bransch-skogsnaring.html",
            "2026-23/index.html",
            "2026-23/lan-i-sverige.html",
            "2026-23/nulagesanalys.html",
            "2026-23/paverkan.html",
            "2026-23/stod.html",
            "2026-23/styrgrupp.html",
            "2026-23/uppfoljning.html"
        ]
    );
}

#[test]
fn a_file_of_the_users_own_stays_in_the_runs_folder() {
    let out = tempfile::tempdir().unwrap();
    run(out.path(), &["--formats", "csv"]);
    let own = out.path().join("2026-23/anteckningar.txt");
    std::fs::write(&own, "mina").unwrap();
    run(out.path(), &["--formats", "csv"]);
    assert_eq!(std::fs::read_to_string(own).unwrap(), "mina");
}

#[test]
fn an_earlier_year_uses_no_later_figure() {
    let out = tempfile::tempdir().unwrap();
    // Nothing can be assessed that year, so it is done with gaps.
    crate::malmarknad().args(["run", "--formats", "csv", "--replicates", "1", "--year", "2023", "--out"]).arg(out.path()).assert().code(3);
    let mut reader = csv::Reader::from_path(out.path().join("2023-23/data/demand.csv")).unwrap();
    let headers = reader.headers().unwrap().clone();
    let period = headers.iter().position(|name| name == "period").unwrap();
    assert!(reader.records().all(|record| &record.unwrap()[period] == "2023"));
    let mut reader = csv::Reader::from_path(out.path().join("2023-23/data/indicators.csv")).unwrap();
    let headers = reader.headers().unwrap().clone();
    let (indicator, period) = ["indicator", "period"].map(|wanted| headers.iter().position(|name| name == wanted).unwrap()).into();
    for record in reader.records() {
        let record = record.unwrap();
        let year: i32 = record[period].parse().unwrap_or(0);
        assert!(year <= 2023, "{} of {year}", &record[indicator]);
    }
}

#[test]
fn a_ranking_is_printed_and_is_json_when_asked_for() {
    let told = crate::malmarknad().args(["rank", "vard_omsorg", "--top", "3", "--json"]).assert().success();
    let list: serde_json::Value = serde_json::from_slice(&told.get_output().stdout).unwrap();
    assert_eq!(list.as_array().unwrap().len(), 3);
    let told = crate::malmarknad().args(["rank", "2221", "--market", "county"]).assert().success();
    assert!(String::from_utf8_lossy(&told.get_output().stdout).contains("Stockholms län"));
}

#[test]
fn the_column_drivers_names_what_weighs_and_claims_no_direction() {
    let out = tempfile::tempdir().unwrap();
    run(out.path(), &["--formats", "csv", "--replicates", "1"]);
    let table = std::fs::read_to_string(out.path().join("2026-23/data/demand.csv")).unwrap();
    // An occupation without ads has them as its driver too, when nothing else weighs more: "many ads" would be false of it.
    for claim in ["många", "stor andel", "växer"] {
        let rows = table.lines().filter(|row| row.split(',').skip(3).any(|cell| cell.contains(claim)));
        assert_eq!(rows.count(), 0, "{claim}");
    }
}

#[test]
fn the_language_changes_the_reports_and_not_the_tables() {
    let (first, second) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let common = ["--area", "upplevelser", "--formats", "csv,html", "--replicates", "64"];
    let swedish = run(first.path(), &common);
    let english = run(second.path(), &[&common[..], &["--lang", "en"]].concat());
    assert_eq!(swedish.keys().collect::<Vec<_>>(), english.keys().collect::<Vec<_>>());
    for (name, bytes) in &swedish {
        let same = name.contains("/data/") || name.ends_with("/underlag.zip");
        assert_eq!(english[name] == *bytes, same, "{name}");
    }
    let page = |files: &BTreeMap<String, Vec<u8>>| String::from_utf8_lossy(&files["2026-23/omrade-upplevelser.html"]).into_owned();
    assert!(page(&swedish).contains("<html lang=\"sv\"") && page(&english).contains("<html lang=\"en\""));
    assert!(String::from_utf8_lossy(&english["2026-23/manifest.json"]).contains("\"language\": \"en\""));
}

/// What a run of tables alone says on stderr, and its exit code.
fn told(arguments: &[&str]) -> (i32, String) {
    let out = tempfile::tempdir().unwrap();
    let quick = ["run", "--area", "upplevelser", "--replicates", "1", "--formats", "csv"];
    let output = crate::malmarknad().args(quick).args(arguments).arg("--out").arg(out.path()).output().unwrap();
    (output.status.code().unwrap(), String::from_utf8_lossy(&output.stderr).into_owned())
}

#[test]
fn a_year_without_the_services_assessment_is_told_with_the_year_that_has_it() {
    let config = crate::config();
    let figures = crate::figures(&config);
    let first = figures.assessments.values().filter(|words| words.opportunities.is_some()).map(|words| words.period).min().unwrap();
    let (begin, remedy) = (format!("begin in {first}"), format!("hint: choose --year {first} or later"));
    for year in ["2015", "2023"] {
        let (code, text) = told(&["--year", year]);
        assert!(code == 3 && text.contains(&format!("warning: no occupation can be assessed for {year}")), "{code} {text}");
        assert!(text.contains(&begin) && text.contains(&remedy), "{text}");
    }
    // Some can be watched without it, and none is short.
    let (code, text) = told(&["--year", "2024"]);
    assert!(code == 0 && text.contains("warning: no occupation has an assessment"), "{code} {text}");
    assert!(text.contains(&begin) && text.contains(&remedy), "{text}");
    // The year of the hint has what it promises.
    let (code, text) = told(&["--year", &first.to_string()]);
    assert!(code == 0 && !text.contains("warning: no occupation"), "{code} {text}");
    let (code, text) = told(&["--year", "2023", "--quiet"]);
    assert_eq!((code, text.as_str()), (3, ""));
}

#[test]
fn a_year_later_than_every_figure_is_told() {
    let newest = crate::figures(&crate::config()).newest_year();
    let (code, text) = told(&["--year", &(newest + 4).to_string()]);
    assert!(code == 0 && text.contains(&format!("warning: no figure is later than {newest}")) && text.contains("hint: "), "{code} {text}");
    let (code, text) = told(&["--year", &newest.to_string()]);
    assert!(code == 0 && !text.contains("no figure is later"), "{code} {text}");
}

#[test]
fn charts_and_printed_documents_are_written_without_the_pages() {
    let out = tempfile::tempdir().unwrap();
    let quick = ["run", "--area", "upplevelser", "--replicates", "16", "--formats"];
    let written = |formats: &str| {
        let told = crate::malmarknad().args(quick).arg(formats).arg("--out").arg(out.path()).assert().success();
        let output = told.get_output();
        let [result, remarks] = [&output.stdout, &output.stderr].map(|bytes| String::from_utf8_lossy(bytes).into_owned());
        let mut found = BTreeMap::new();
        files(out.path(), "", &mut found);
        (found.into_keys().collect::<Vec<String>>(), result, remarks)
    };
    let ends = |name: &str, ending: &str| Path::new(name).extension().is_some_and(|own| own == ending);
    let (charts, _, remarks) = written("png");
    let (pictures, rest): (Vec<String>, Vec<String>) = charts.into_iter().partition(|name| name.starts_with("2026-23/diagram/") && ends(name, "png"));
    assert!(pictures.len() > 5 && rest == ["2026-23/manifest.json"], "{rest:?}");
    // So few recalculations say nothing of how sure the order is; tables for programs may be made with them.
    assert!(remarks.contains("warning: 16 recalculations") && remarks.contains("hint: 100 or more"), "{remarks}");
    let (_, _, remarks) = written("csv,feed");
    assert!(!remarks.contains("recalculations"), "{remarks}");
    if cfg!(feature = "pdf") {
        let (printed, result, _) = written("pdf");
        let (documents, rest): (Vec<String>, Vec<String>) = printed.into_iter().partition(|name| ends(name, "pdf"));
        assert!(documents.iter().any(|name| name == "2026-23/styrgrupp.pdf") && documents.len() > 3, "{documents:?}");
        assert_eq!(rest, ["2026-23/manifest.json"]);
        assert!(result.trim_end().ends_with("styrgrupp.pdf"), "{result}");
        crate::malmarknad().arg("verify").arg(out.path().join("2026-23")).assert().success();
    }
}

#[test]
fn what_is_wrong_is_said_once() {
    let (code, text) = told(&["--previous", "/nonexistent"]);
    assert_eq!((code, text.matches("cannot read the manifest").count(), text.matches("hint: ").count()), (1, 1, 1), "{text}");
    let told = crate::malmarknad().args(["rank", "0110"]).assert().code(1);
    let text = String::from_utf8_lossy(&told.get_output().stderr).into_owned();
    assert!(text.contains("0110 is left out of the method") && text.contains("hint: military occupations"), "{text}");
}
