//! Bad input gets one clear error with a hint and an exit code, and nothing is half-written.

use std::path::Path;

use malmarknad::tidy::sha256;

/// Runs the main job with a damaged home and returns what it said; it must fail, with a hint, and write nothing.
fn refused(home: &Path, arguments: &[&str]) -> String {
    let out = tempfile::tempdir().unwrap();
    let told = crate::malmarknad().env("MALMARKNAD_HOME", home).arg("run").args(arguments).arg("--out").arg(out.path()).assert().code(1);
    let text = String::from_utf8_lossy(&told.get_output().stderr).into_owned();
    assert!(text.contains("error: ") && text.contains("hint: ") && !text.contains("panicked"), "{text}");
    assert_eq!(std::fs::read_dir(out.path()).unwrap().count(), 0, "something was written: {text}");
    text
}

/// Changes a bundled table and, if `described`, its hash in the description too.
fn damage(home: &Path, table: &str, described: bool, change: impl Fn(String) -> String) {
    let path = home.join(format!("data/bundled/{table}.csv"));
    let before = std::fs::read_to_string(&path).unwrap();
    let after = change(before.clone());
    assert_ne!(before, after);
    std::fs::write(&path, &after).unwrap();
    if described {
        let package = home.join("data/bundled/datapackage.json");
        let text = std::fs::read_to_string(&package).unwrap();
        std::fs::write(&package, text.replace(&sha256(before.as_bytes()), &sha256(after.as_bytes()))).unwrap();
    }
}

#[test]
fn a_missing_table_is_named() {
    let home = crate::copied_home();
    std::fs::remove_file(home.path().join("data/bundled/income.csv")).unwrap();
    assert!(refused(home.path(), &[]).contains("income.csv is missing"));
}

#[test]
fn a_changed_byte_is_seen() {
    let home = crate::copied_home();
    damage(home.path(), "income", false, |text| text.replacen('1', "2", 1));
    assert!(refused(home.path(), &[]).contains("income.csv is not the table"));
}

#[test]
fn another_column_is_seen() {
    let home = crate::copied_home();
    damage(home.path(), "income", true, |text| text.replacen("gdp_per_person", "gdp", 1));
    assert!(refused(home.path(), &[]).contains("expected the columns country, period, gdp_per_person, source, found country, period, gdp, source"));
}

#[test]
fn an_unknown_code_is_told_with_its_row_and_where_to_add_it() {
    let home = crate::copied_home();
    damage(home.path(), "income", true, |text| text.replacen("\nAD,", "\nQQ,", 1));
    let text = refused(home.path(), &[]);
    assert!(text.contains("income.csv, row 1") && text.contains("\"QQ\"") && text.contains("countries.csv"), "{text}");
}

#[test]
fn a_second_figure_for_the_same_thing_is_told_and_never_wins_silently() {
    let home = crate::copied_home();
    damage(home.path(), "income", true, |text| format!("{text}PL,2023,1.0,world_bank_income\n"));
    let text = refused(home.path(), &[]);
    assert!(text.contains("a second figure for PL 2023"), "{text}");
}

#[test]
fn a_cell_that_is_no_number_is_told_with_its_row() {
    let home = crate::copied_home();
    damage(home.path(), "population", true, |text| text.replacen("\nAD,2009,83888.0", "\nAD,2009,many", 1));
    assert!(refused(home.path(), &[]).contains("population.csv: row 1"));
}

#[test]
fn a_parquet_table_is_read_as_the_same_rows_and_a_wrong_column_in_it_is_seen() {
    use malmarknad::table::{Column, Table};
    let home = crate::copied_home();
    let bundled = home.path().join("data/bundled");
    let mut reader = csv::Reader::from_path(bundled.join("who_safeguards.csv")).unwrap();
    let rows: Vec<(String, i64, String)> = reader.deserialize().collect::<Result<_, _>>().unwrap();
    let hash = sha256(&std::fs::read(bundled.join("who_safeguards.csv")).unwrap());
    for (name, fine) in [("period", true), ("year", false)] {
        let columns = vec![
            Column::text("country", "", rows.iter().map(|row| Some(row.0.as_str()))),
            Column::whole(name, "", rows.iter().map(|row| Some(row.1))),
            Column::text("source", "", rows.iter().map(|row| Some(row.2.as_str()))),
        ];
        let bytes = Table { name: "who_safeguards", title: "", columns }.parquet().unwrap();
        std::fs::write(bundled.join("who_safeguards.parquet"), &bytes).unwrap();
        let package = std::fs::read_to_string(crate::home().join("data/bundled/datapackage.json")).unwrap();
        let package = package.replace("who_safeguards.csv", "who_safeguards.parquet").replace(&hash, &sha256(&bytes));
        std::fs::write(bundled.join("datapackage.json"), package).unwrap();
        if fine {
            crate::malmarknad().env("MALMARKNAD_HOME", home.path()).arg("verify").assert().success();
        } else {
            assert!(refused(home.path(), &[]).contains("found country, year, source"));
        }
    }
}

#[test]
fn an_unknown_county_is_told_with_those_that_exist() {
    let text = refused(crate::home(), &["--county", "99"]);
    assert!(text.contains("no county 99") && text.contains("23 Jämtlands län"), "{text}");
}

#[test]
fn an_unknown_area_is_told_with_those_that_exist() {
    assert!(refused(crate::home(), &["--area", "gruvor"]).contains("skogsnaring"));
}

#[test]
fn a_year_before_the_figures_is_told_with_the_first_one() {
    let told = crate::malmarknad().args(["run", "--year", "1999"]).assert().code(2);
    assert!(String::from_utf8_lossy(&told.get_output().stderr).contains("2014"));
}

#[test]
fn a_misspelt_key_is_told_with_line_and_schema() {
    let home = crate::copied_home();
    let path = home.path().join("data/method.toml");
    let text = std::fs::read_to_string(&path).unwrap().replacen("least_coverage", "least_covrage", 1);
    std::fs::write(&path, text).unwrap();
    let text = refused(home.path(), &[]);
    assert!(text.contains("least_covrage") && text.contains("line") && text.contains("schema/method.json"), "{text}");
}

#[test]
fn weights_that_do_not_sum_to_one_are_told() {
    let home = crate::copied_home();
    let path = home.path().join("data/method.toml");
    let text = std::fs::read_to_string(&path).unwrap().replacen("weight = 0.30", "weight = 0.40", 1);
    std::fs::write(&path, text).unwrap();
    assert!(refused(home.path(), &[]).contains("weightings.balanced: the pillars' weights sum to 1.1"));
}

#[test]
fn an_area_with_a_code_that_does_not_exist_is_told() {
    let home = crate::copied_home();
    let path = home.path().join("data/areas.toml");
    let text = std::fs::read_to_string(&path).unwrap().replacen("\"8341\"", "\"9999\"", 1);
    std::fs::write(&path, text).unwrap();
    assert!(refused(home.path(), &[]).contains("9999 is no SSYK 2012 code"));
}

#[test]
fn a_missing_translation_is_told() {
    let home = crate::copied_home();
    for (file, lost) in [("areas.toml", "name_en"), ("markets.toml", "reason_en"), ("method.toml", "reason_en"), ("permit-rules.toml", "source_en")] {
        let path = home.path().join("data").join(file);
        let before = std::fs::read_to_string(&path).unwrap();
        let start = before.find(lost).unwrap();
        let end = before[start..].match_indices('"').nth(1).unwrap().0 + start + 1;
        let mut text = before.clone();
        text.replace_range(start..end, "");
        std::fs::write(&path, text.replace(", }", " }")).unwrap();
        assert!(refused(home.path(), &[]).contains(lost), "{file}");
        std::fs::write(&path, before).unwrap();
    }
}

#[test]
fn employer_evidence_without_a_date_is_told() {
    let home = crate::copied_home();
    let path = home.path().join("data/employer-evidence.csv");
    std::fs::write(&path, "county,ssyk,rating,who,date,reason\n23,8341,brist,Branschrådet,i våras,sju lediga platser\n").unwrap();
    assert!(refused(home.path(), &[]).contains("employer-evidence.csv: row 1"));
}

#[test]
fn a_folder_that_cannot_be_written_is_told_before_the_work() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a-file");
    std::fs::write(&file, "x").unwrap();
    let told = crate::malmarknad().arg("run").arg("--out").arg(file.join("below")).assert().code(1);
    let text = String::from_utf8_lossy(&told.get_output().stderr).into_owned();
    assert!(text.contains("cannot write") && text.contains("--out"), "{text}");
}

#[test]
fn a_failed_run_leaves_the_last_good_one_whole() {
    let out = tempfile::tempdir().unwrap();
    crate::malmarknad().args(["run", "--formats", "csv", "--out"]).arg(out.path()).assert().success();
    let before = std::fs::read(out.path().join("2026-23/manifest.json")).unwrap();
    let home = crate::copied_home();
    damage(home.path(), "income", true, |text| text.replacen("\nAD,", "\nQQ,", 1));
    crate::malmarknad().env("MALMARKNAD_HOME", home.path()).args(["run", "--formats", "csv", "--out"]).arg(out.path()).assert().code(1);
    assert_eq!(std::fs::read(out.path().join("2026-23/manifest.json")).unwrap(), before);
    crate::malmarknad().arg("verify").arg(out.path().join("2026-23")).assert().success();
}

#[test]
fn a_folder_without_the_program_is_told() {
    let empty = tempfile::tempdir().unwrap();
    let told = crate::malmarknad().env("MALMARKNAD_HOME", empty.path()).arg("sources").assert().code(1);
    assert!(String::from_utf8_lossy(&told.get_output().stderr).contains("data/method.toml"));
}
