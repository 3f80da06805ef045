//! The publishers' own recorded answers, given by a server as the publishers give them: the figures are those that are bundled.

use std::collections::BTreeMap;

use malmarknad::fetch::{Fetched, Plan};
use malmarknad::snapshot::Store;
use malmarknad::snapshot::figures::understood;
use malmarknad::source::{Answers, source};

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

/// The tables of a source whose only answer is a file.
fn of_file(key: &'static str, file: &std::path::Path) -> Result<BTreeMap<&'static str, String>, String> {
    let config = crate::config();
    let answers = Answers { kept: BTreeMap::from([("data".to_owned(), file.to_path_buf())]), ..Answers::default() };
    let made = understood(source(key).unwrap(), &answers, "2026-11-30", "", &config.codes).map_err(|error| error.to_string())?;
    Ok(made.tables.into_iter().map(|(name, bytes)| (name, String::from_utf8(bytes).unwrap())).collect())
}

/// What a fetch says of a file that a person gives.
fn of_given(key: &'static str, file: &std::path::Path) -> Result<Fetched, String> {
    let config = crate::config();
    let temporary = tempfile::tempdir().unwrap();
    let plan = Plan { files: BTreeMap::from([(key.to_owned(), vec![file.to_path_buf()])]), ..plan(&config, key, "http://127.0.0.1:9") };
    fetched(&Store::new(temporary.path()), &plan)
}

#[test]
fn eurostats_json_stat_and_ilostats_sdmx_that_a_person_gives_are_read_as_the_forms_that_are_fetched() {
    let Some(folder) = crate::shared("MALMARKNAD_RECORDED", "../shared/recorded") else { return };
    let eurostat = folder.join("intl/eurostat/eurostat_lfsa_egised_fr_2024.json");
    let table = of_file("eurostat_lfsa_egised", &eurostat).unwrap()["employment_major_group"].clone();
    // The publisher's own cells: all educations together, the unknown occupation in no group. All are marked as defined differently.
    let document: serde_json::Value = serde_json::from_slice(&std::fs::read(&eurostat).unwrap()).unwrap();
    let mut expected: Vec<String> = document["dimension"]["isco08"]["category"]["index"]
        .as_object()
        .unwrap()
        .iter()
        .filter(|(code, _)| *code != "NRP")
        .map(|(code, position)| {
            let cell = (7 * position.as_u64().unwrap()).to_string();
            let (value, flag) = (document["value"][&cell].as_f64().unwrap(), document["status"][&cell].as_str().unwrap());
            format!("FR,{},total,2024,{value:?},{flag},eurostat_lfsa_egised", code.trim_start_matches("OC"))
        })
        .collect();
    expected.sort();
    let mut found: Vec<String> = table.lines().skip(1).map(str::to_owned).collect();
    found.sort();
    assert_eq!(found, expected);
    assert_eq!(found.len(), 11);
    // It is one country's: as the whole table it would leave the others without women and men.
    let reason = of_given("eurostat_lfsa_egised", &eurostat).unwrap_err();
    assert!(reason.contains("employment_major_group: 1 of the") && reason.contains("country"), "{reason}");
    // A part of it is no table.
    let (cut, bytes) = (tempfile::tempdir().unwrap(), std::fs::read(&eurostat).unwrap());
    let path = cut.path().join("cut.json");
    std::fs::write(&path, &bytes[..bytes.len() / 2]).unwrap();
    let reason = of_given("eurostat_lfsa_egised", &path).unwrap_err();
    assert!(reason.contains("JSON-stat"), "{reason}");

    let ilostat = folder.join("intl/ilostat/sdmx_DF_EMP_TEMP_SEX_OC2_NB_IDN_2023.csv");
    let table = of_file("ilostat_shares", &ilostat).unwrap()["employment_share"].clone();
    let reason = of_given("ilostat_shares", &ilostat).unwrap_err();
    assert!(reason.contains("employment_share: 1 of the"), "{reason}");
    let groups = |text: &str| -> BTreeMap<String, f64> {
        let rows = csv::Reader::from_reader(text.as_bytes()).into_deserialize::<BTreeMap<String, String>>().map(Result::unwrap).collect::<Vec<_>>();
        let total = rows.into_iter().filter(|row| row["SEX"] == "SEX_T");
        total.map(|row| (row["OC2"].replace("OC2_ISCO08_", ""), row["OBS_VALUE"].parse().unwrap())).collect()
    };
    let text = std::fs::read_to_string(&ilostat).unwrap();
    let counts = groups(&text);
    let civilian: BTreeMap<&String, &f64> = counts.iter().filter(|(group, _)| !["TOTAL", "X", "01", "02", "03"].contains(&group.as_str())).collect();
    let sum: f64 = civilian.values().copied().sum();
    let rows: Vec<BTreeMap<String, String>> = csv::Reader::from_reader(table.as_bytes()).deserialize().map(Result::unwrap).collect();
    assert!(rows.len() == civilian.len() && rows.len() == 40, "{}", rows.len());
    for row in rows {
        let share: f64 = row["share"].parse().unwrap();
        assert!((share - civilian[&row["isco2"]] / sum).abs() < 1e-12 && row["country"] == "ID" && row["period"] == "2023", "{row:?}");
    }
    // The bundled shares of the same year come from a published calculation on the same counts.
    let bundled = std::fs::read_to_string(crate::home().join("data/bundled/employment_share.csv")).unwrap();
    let nurses =
        |table: &str| -> f64 { table.lines().find(|line| line.starts_with("ID,22,2023,")).unwrap().split(',').nth(3).unwrap().parse().unwrap() };
    assert!((nurses(&table) - nurses(&bundled)).abs() < 1e-6, "{} and {}", nurses(&table), nurses(&bundled));
    for (old, new, words) in [
        (",PS,3,", ",PS,0,", "ten to the power"),
        ("DF_EMP_TEMP_SEX_OC2_NB", "DF_EMP_TEMP_SEX_AGE_NB", "EMP_TEMP_SEX_AGE_NB"),
        ("SEX,OC2,", "SEX,AGE,OC2,", ""),
    ] {
        std::fs::write(&path, text.replace(old, new)).unwrap();
        let reason = of_given("ilostat_shares", &path).unwrap_err();
        assert!(reason.contains(words), "{words}: {reason}");
    }

    // The excerpt of another of Eurostat's tables, in SDMX-CSV: every row with its flag, also those without a figure.
    let excerpt = std::fs::read(folder.join("intl/eurostat/sdmxcsv_lfsa_egai2d_NRP_excerpt_2026-06-30.csv")).unwrap();
    let table = malmarknad::format::eurostat::read(&excerpt, "excerpt").unwrap();
    assert_eq!(table.dimensions, ["freq", "isco08", "age", "sex", "unit", "geo"]);
    assert_eq!((table.observations.len(), table.series.len()), (33, 11));
    let cell = |geo: &str, period: i32| {
        let series = table.series.iter().position(|codes| codes[5] == geo).unwrap();
        let found = table.observations.iter().find(|cell| cell.series == series && cell.period == period).unwrap();
        (found.value, found.flag.as_str())
    };
    assert_eq!((cell("CH", 2011), cell("CZ", 2021), cell("LU", 2025)), ((Some(17.2), "b"), (None, "bu"), (Some(20.6), "")));
}
