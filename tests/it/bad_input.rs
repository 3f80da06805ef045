//! Bad input gets one clear error with a hint and an exit code, and nothing is half-written.

use std::path::Path;

use malmarknad::format::workbook::Sheet;
use malmarknad::tidy::{migration, sha256};

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
    std::fs::write(&path, "county,ssyk,rating,who,date,reason\n23,8341,brist,\"Chef, Rådet\",i våras,sju lediga platser\n").unwrap();
    assert!(refused(home.path(), &[]).contains("employer-evidence.csv: row 1, date"));
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

/// A sheet in Migrationsverket's layout: cells divided by `|`.
fn sheet(rows: &[&str]) -> Sheet {
    Sheet { file: "permits.xlsx, sheet test".to_owned(), rows: rows.iter().map(|row| row.split('|').map(str::to_owned).collect()).collect() }
}

const BLOCKS: [&str; 10] = [
    "|Rubrik|Beviljade arbetstillstånd 2019||",
    "| Yrkesgrupp||Medborgarskap|Antal",
    "|Skogsarbetare||UKRAINA|352",
    "|||THAILAND|136",
    "|||Summa:|488",
    "",
    "|Yrkesgrupp||Medborgarskap|Antal",
    "|Städyrken||STATSLÖS|1",
    "|||Summa:|1",
    "|TOTALT||Summa:|489",
];

/// What the parser says of `BLOCKS` with a row replaced; it must not take it, and must give a hint.
fn refused_blocks(row: usize, instead: &str) -> String {
    let mut rows = BLOCKS;
    rows[row] = instead;
    let text = migration::by_group(&sheet(&rows), 2019).unwrap_err().to_string();
    assert!(text.contains("permits.xlsx, sheet test") && text.contains("hint: "), "{text}");
    text
}

#[test]
fn permits_left_out_are_still_counted_in_the_sums() {
    let config = crate::config();
    let counts = migration::by_group(&sheet(&BLOCKS), 2019).unwrap();
    assert_eq!(counts.iter().map(|count| count.permits).sum::<i64>(), 489);
    let groups = migration::permits_group(&counts, 2019, "test", &config.codes).unwrap();
    assert_eq!(
        groups.iter().map(|row| (row.ssyk3.as_str(), row.country.as_str(), row.permits)).collect::<Vec<_>>(),
        [("621", "TH", 136), ("621", "UA", 352)]
    );
    assert_eq!(migration::permits_country(&counts, 2019, "test", &config.codes).unwrap().len(), 2);
}

#[test]
fn a_count_of_permits_that_is_not_in_the_sum_is_told_with_its_row() {
    let text = refused_blocks(3, "|||THAILAND|137");
    assert!(text.contains("row 5: Summa: of Skogsarbetare should be 488, as the sheet says, but its rows sum to 489"), "{text}");
    let text = refused_blocks(9, "|TOTALT||Summa:|490");
    assert!(text.contains("row 10: TOTALT should be 490, as the sheet says, but its rows sum to 489"), "{text}");
    assert!(refused_blocks(3, "|||THAILAND|many").contains("\"many\" is not a count"));
    assert!(refused_blocks(3, "|||UKRAINA|136").contains("row 4"));
}

#[test]
fn a_moved_header_of_permits_is_told() {
    for (row, instead) in [(1, "||Yrkesgrupp|Medborgarskap|Antal"), (6, "|Yrkesgrupp|Medborgarskap|Antal"), (6, ""), (8, ""), (9, "")] {
        let text = refused_blocks(row, instead);
        assert!(text.contains("expected the columns"), "{text}");
    }
    let month = ["Antal beviljade arbetstillstånd", "", "Medborgarskap|2022-01|2022-02|Totalt", "INDIEN|1|2|3", "Totalt|1|2|3"];
    assert_eq!(migration::by_month(&sheet(&month), 2022).unwrap().len(), 1);
    for (row, instead, told) in [
        (2, "Medborgarskap|2022-02|2022-01|Totalt", "row 3: expected the columns"),
        (2, "|Medborgarskap|2022-01|2022-02|Totalt", "row 3: expected the columns"),
        (3, "INDIEN|1|2|4", "row 4: Totalt of the row should be 4"),
        (3, "INDIEN|2|1|3", "row 5: Totalt of 2022-01 should be 1"),
        (4, "", "Totalt"),
    ] {
        let mut rows = month;
        rows[row] = instead;
        let text = migration::by_month(&sheet(&rows), 2022).unwrap_err().to_string();
        assert!(text.contains(told) && text.contains("hint: "), "{text}");
    }
    let lists = ["|Yrkesgrupp||Antal||Medborgarskap|Antal", "|Skogsarbetare||2||INDIEN|2", "|TOTALT||2||Totalt|2"];
    assert_eq!(migration::by_citizenship(&sheet(&lists)).unwrap().len(), 1);
    for (row, instead) in [(0, "|Yrkesgrupp||Antal|Medborgarskap|Antal"), (2, "|TOTALT||2||Totalt|3"), (2, "|TOTALT||2||")] {
        let mut rows = lists;
        rows[row] = instead;
        assert!(migration::by_citizenship(&sheet(&rows)).unwrap_err().to_string().contains("hint: "));
    }
}

#[test]
fn an_unknown_label_or_citizenship_of_permits_is_told_with_the_list_to_mend() {
    let config = crate::config();
    for (row, instead, list) in [
        (2, "|Rymdskeppsförare||UKRAINA|352", "permit_groups.csv"),
        (3, "|||ATLANTIS|136", "country_spellings.csv"),
        // Also where the label itself is left out.
        (7, "|Städyrken||ATLANTIS|1", "country_spellings.csv"),
    ] {
        let mut rows = BLOCKS;
        rows[row] = instead;
        let counts = migration::by_group(&sheet(&rows), 2019).unwrap();
        let text = migration::permits_group(&counts, 2019, "test", &config.codes).unwrap_err().to_string();
        assert!(text.contains(&format!("row {}", row + 1)) && text.contains("hint: add it to") && text.contains(list), "{text}");
    }
}
