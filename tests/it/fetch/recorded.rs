//! The publishers' own recorded answers, given by a server as the publishers give them: the figures are those that are bundled.

use std::collections::BTreeMap;

use malmarknad::snapshot::Store;

use super::server::{Reaction, Server};
use super::{fetched, plan, tables};

/// Fetches a source whose only answer is a recorded file; its tables.
fn of_recorded(key: &'static str, file: &str) -> Option<BTreeMap<&'static str, String>> {
    let folder = crate::shared("MALMARKNAD_RECORDED", "../shared/recorded")?;
    let bytes = std::fs::read(folder.join(file)).unwrap();
    let server = Server::start(Box::new(move |_, _| Reaction::ok("application/octet-stream", bytes.clone())));
    let config = crate::config();
    let temporary = tempfile::tempdir().unwrap();
    let store = Store::new(temporary.path());
    fetched(&store, &plan(&config, key, &server.url)).unwrap_or_else(|reason| panic!("{key}: {reason}"));
    Some(tables(&store, &config, key))
}

#[test]
fn recorded_answers_that_are_fetched_give_the_bundled_tables_byte_for_byte() {
    for (key, file, table) in [
        ("eurostat_lfsa_egised", "intl/eurostat/estat_lfsa_egised.tsv", "employment_major_group"),
        ("eurostat_lfsa_urgan", "intl/eurostat/estat_lfsa_urgan_filtered.tsv", "unemployment_nationals"),
        ("ilostat_employed", "intl/ilostat/EMP_TEMP_SEX_AGE_NB_A-20260325T1614.csv.gz", "employed_country"),
    ] {
        let Some(tables) = of_recorded(key, file) else { return };
        let bundled = std::fs::read_to_string(crate::home().join(format!("data/bundled/{table}.csv"))).unwrap();
        assert!(tables[table] == bundled, "{key}: the table {table} is not the bundled one");
    }
}

#[test]
fn visas_distances_and_the_list_of_who_that_are_fetched_or_given_are_the_bundled_ones_of_their_own_year() {
    let Some(folder) = crate::shared("MALMARKNAD_RECORDED", "../shared/recorded") else { return };
    let bundled = |table: &str, old: &str, new: &str| {
        let text = std::fs::read_to_string(crate::home().join(format!("data/bundled/{table}.csv"))).unwrap();
        text.replace(&format!(",{old}\n"), &format!(",{new}\n"))
    };
    let visas = of_recorded("passport_index_dataset", "intl/openness/passport-index-tidy-iso2.csv").unwrap();
    // The table says no year: it is of the day on which it is fetched.
    let year = visas["visa"].lines().nth(1).unwrap().rsplit(',').nth(1).unwrap().to_owned();
    assert!(year.parse::<i32>().unwrap() >= 2026, "{year}");
    assert_eq!(visas["visa"], bundled("visa", "2026,passport_index", &format!("{year},passport_index_dataset")));
    // CEPII packs a workbook of all pairs; the recorded file has those with Sweden.
    let text = std::fs::read_to_string(folder.join("intl/openness/dist_cepii_swe.csv")).unwrap();
    let rows: Vec<(u32, Vec<String>)> = (0..).zip(text.lines().map(|line| line.split(',').map(str::to_owned).collect())).collect();
    let packed = super::publisher::zipped("dist_cepii.xls", &super::publisher::workbook(&rows, "dist_cepii"));
    let server = Server::start(Box::new(move |_, _| Reaction::ok("application/zip", packed.clone())));
    let (config, temporary) = (crate::config(), tempfile::tempdir().unwrap());
    let store = Store::new(temporary.path());
    fetched(&store, &plan(&config, "cepii_geodist", &server.url)).unwrap();
    assert_eq!(tables(&store, &config, "cepii_geodist")["distance"], bundled("distance", "cepii_distance", "cepii_geodist"));
}

#[test]
fn the_recorded_rows_of_yrkesbarometern_are_refused_as_cut_off_and_those_of_whole_occupations_read() {
    let Some(folder) = crate::shared("MALMARKNAD_RECORDED", "../shared/recorded") else { return };
    let bytes = std::fs::read(folder.join("se/arbetsformedlingen/yrkesbarometer/yrkesbarometer_2025-2_first1000rows.json")).unwrap();
    let rows: Vec<serde_json::Value> = serde_json::from_slice(&bytes).unwrap();
    assert_eq!(rows.len(), 1000);
    let serve = |rows: &[serde_json::Value]| {
        let body = serde_json::to_vec(rows).unwrap();
        Server::start(Box::new(move |_, _| Reaction::ok("application/json", body.clone())))
    };
    let config = crate::config();
    let temporary = tempfile::tempdir().unwrap();
    let store = Store::new(temporary.path());
    let cut = serve(&rows);
    let reason = fetched(&store, &plan(&config, "af_yrkesbarometer", &cut.url)).unwrap_err();
    assert!(reason.contains("10 areas, not 22"), "{reason}");
    // 45 occupations are whole.
    let whole = serve(&rows[..990]);
    fetched(&store, &plan(&config, "af_yrkesbarometer", &whole.url)).unwrap();
    let tables = tables(&store, &config, "af_yrkesbarometer");
    assert_eq!(tables["assessment"].lines().count(), 991);
    let of_bundled = |table: &str| {
        let text = std::fs::read_to_string(crate::home().join(format!("data/bundled/{table}.csv"))).unwrap();
        text.lines()
            .filter(|line| line.ends_with("af_yrkesbarometer_2025_2"))
            .map(|line| line.trim_end_matches("_2025_2").to_owned())
            .collect::<Vec<_>>()
    };
    let read: Vec<String> = tables["assessment"].lines().skip(1).map(str::to_owned).collect();
    assert_eq!(read, of_bundled("assessment"), "the rows are the bundled ones, under the fetched source's key");
}

#[test]
fn recorded_workbooks_of_permits_of_every_layout_give_the_bundled_counts() {
    let Some(folder) = crate::shared("MALMARKNAD_RECORDED", "../shared/recorded") else { return };
    let names: BTreeMap<i32, String> = [2015, 2016, 2017, 2018, 2019, 2020, 2022, 2024]
        .map(|year| (year, format!("beviljade_arbetstillstand_{year}.{}", if year < 2018 { "xls" } else { "xlsx" })))
        .into();
    let links: String = names.values().map(|name| format!("<a href='/download/18.1/2/{name}'>x</a>")).collect();
    let server = Server::start(Box::new(move |asked, _| {
        if asked.path.ends_with(".html") {
            return Reaction::ok("text/html", format!("<html>{links}</html>").into_bytes());
        }
        let name = asked.path.rsplit('/').next().unwrap();
        Reaction::ok("application/octet-stream", std::fs::read(folder.join("se/migrationsverket").join(name)).unwrap())
    }));
    let config = crate::config();
    let temporary = tempfile::tempdir().unwrap();
    let store = Store::new(temporary.path());
    fetched(&store, &plan(&config, "migrationsverket", &server.url)).unwrap();
    let fetched = tables(&store, &config, "migrationsverket");
    for (table, least) in [("permits_country", 800), ("permits_group", 10_000)] {
        let bundled = std::fs::read_to_string(crate::home().join(format!("data/bundled/{table}.csv"))).unwrap();
        let without_source = |text: &str| -> Vec<String> { text.lines().skip(1).map(|line| line.rsplit_once(',').unwrap().0.to_owned()).collect() };
        let of_bundled = without_source(&bundled);
        assert!(of_bundled.len() > least, "{table}: {}", of_bundled.len());
        assert_eq!(without_source(&fetched[table]), of_bundled, "{table}");
    }
}
