//! Fetching: every source of the table against a small publisher of its own that answers well, badly and at the wrong moment.

#![expect(
    clippy::format_push_string,
    clippy::format_collect,
    clippy::case_sensitive_file_extension_comparisons,
    clippy::type_complexity,
    reason = "answers in small are put together plainly"
)]

mod drift;
mod faults;
mod killed;
mod moves;
mod open_ads;
mod publisher;
mod recorded;
mod server;

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use malmarknad::config::Config;
use malmarknad::fetch::{Fetched, Outcome, Plan, Watch, fetch};
use malmarknad::figures::Figures;
use malmarknad::http::Patience;
use malmarknad::snapshot::Store;
use malmarknad::snapshot::figures::{folder, understood};
use malmarknad::source::{Pace, SOURCES, Source, source};
use malmarknad::tidy::dataset::FETCHED_ONLY;

use self::publisher::{PxTable, px_tables, px_value};
use self::server::{Asked, Reaction, Server};

pub struct Silent;
impl Watch for Silent {
    fn call(&self, _: &Source, _: usize, _: usize, _: &str) {}
    fn waiting(&self, _: &str) {}
    fn done(&self, _: &Outcome) {}
}

/// Patience of a test: what takes minutes in earnest takes a second.
pub fn hasty() -> Patience {
    Patience {
        tries: 3,
        first_wait: Duration::from_millis(5),
        longest_wait: Duration::from_millis(40),
        call: Duration::from_secs(20),
        total: Duration::from_secs(90),
    }
}

pub fn plan<'a>(config: &'a Config, key: &str, url: &str) -> Plan<'a> {
    Plan {
        sources: vec![source(key).unwrap()],
        year: 2026,
        base_urls: BTreeMap::from([(key.to_owned(), url.to_owned())]),
        files: BTreeMap::new(),
        pace: Some(Pace { calls: 1000, seconds: 1 }),
        patience: hasty(),
        contact: Some("analyst@example.org".to_owned()),
        codes: &config.codes,
        bundled: crate::home().join("data/bundled"),
    }
}

/// Fetches one source; its outcome.
pub fn fetched(store: &Store, plan: &Plan) -> Result<Fetched, String> {
    fetch(store, plan, &Silent).unwrap().pop().unwrap().result
}

/// The tidy tables of a source's newest snapshot.
pub fn tables(store: &Store, config: &Config, key: &str) -> BTreeMap<&'static str, String> {
    let receipt = store.newest(key, None).unwrap().unwrap();
    let answers = store.answers(&receipt).unwrap();
    let made = understood(source(key).unwrap(), &answers, receipt.day(), &receipt.sha256(), &config.codes).unwrap();
    assert_eq!((made.row.rows, made.row.sha256.as_str()), (receipt.rows, receipt.sha256().as_str()));
    made.tables.into_iter().map(|(name, bytes)| (name, String::from_utf8(bytes).unwrap())).collect()
}

/// A server that answers as the publisher of a source does when all is well.
pub fn good(key: &'static str) -> Server {
    Server::start(Box::new(move |asked, _| publisher::publisher(key, asked)))
}

#[test]
fn every_source_is_fetched_kept_and_understood_and_the_same_again_changes_nothing() {
    let config = crate::config();
    for source in SOURCES.iter().filter(|source| !source.by_hand) {
        let (folder, server) = (tempfile::tempdir().unwrap(), good(source.key));
        let (store, plan) = (Store::new(folder.path()), plan(&config, source.key, &server.url));
        let first = fetched(&store, &plan).unwrap_or_else(|reason| panic!("{}: {reason}", source.key));
        assert!(!first.unchanged && first.rows > 0 && !first.period.is_empty(), "{}", source.key);
        let receipt = store.newest(source.key, None).unwrap().unwrap();
        for answer in &receipt.answers {
            store.prove(answer).unwrap();
            assert!(answer.url.starts_with(&server.url) && answer.status == 200 && answer.bytes > 0, "{}: {answer:?}", source.key);
        }
        let calls = server.asked();
        assert_eq!(receipt.answers.len(), calls.len(), "{}: every call is in the receipt", source.key);
        for asked in &calls {
            let agent = asked.header("user-agent").unwrap();
            assert!(agent.starts_with("malmarknad/") && agent.contains("analyst@example.org"), "{}: {agent}", source.key);
            assert!(asked.path.is_ascii() && asked.path.len() < 2000, "{}: {}", source.key, asked.path);
        }
        let before = tables(&store, &config, source.key);
        assert!(!before.is_empty());
        // What takes the place of nothing that is bundled brings what no bundled table holds.
        assert_eq!(source.replaces.is_empty(), before.keys().all(|table| FETCHED_ONLY.contains(table)), "{}", source.key);
        let second = fetched(&store, &plan).unwrap();
        assert!(second.unchanged && second.changes.is_empty(), "{}: {second:?}", source.key);
        assert_eq!(tables(&store, &config, source.key), before, "{}", source.key);
        assert_eq!(store.receipts(source.key).unwrap().len(), 1, "{}: a snapshot is kept once", source.key);
        assert!(store.under_way(source.key).is_none());
    }
}

#[test]
fn every_source_says_what_the_table_of_sources_needs() {
    let mut keys: Vec<&str> = SOURCES.iter().map(|source| source.key).collect();
    assert!(keys.is_sorted(), "{keys:?}");
    keys.dedup();
    assert_eq!(keys.len(), SOURCES.len());
    let config = crate::config();
    let bundled = crate::figures(&config);
    for source in SOURCES {
        for text in [source.dataset, source.publisher, source.title, source.page, source.licence, source.attribution, source.used_for] {
            assert!(!text.is_empty(), "{}", source.key);
        }
        assert!(source.page.starts_with("https://") && source.bases.iter().all(|(base, _)| base.starts_with("https://")), "{}", source.key);
        assert!(source.bases.iter().all(|(_, pace)| pace.calls > 0 && pace.seconds > 0), "{}", source.key);
        assert!(source.cadence_days > 0, "{}", source.key);
        for key in source.replaces {
            assert!(bundled.sources.contains_key(*key), "{} replaces {key}, which is not bundled", source.key);
        }
        assert!(config.codes.english_source(source.key).is_some(), "{} has no English words in data/mappings/sources_en.csv", source.key);
    }
}

/// A row of a tidy table as a map.
fn rows(table: &str) -> Vec<BTreeMap<String, String>> {
    csv::Reader::from_reader(table.as_bytes()).deserialize().map(Result::unwrap).collect()
}

#[test]
fn what_scb_publishes_stands_in_the_tables_cell_for_cell() {
    let config = crate::config();
    let value = |table: &PxTable, codes: &[(&str, &str)]| {
        assert!(
            codes.iter().all(|(code, value)| table.variables.iter().any(|(other, known, _)| other == code && known.iter().any(|(k, _)| k == value)))
        );
        px_value(&codes.iter().map(|(code, value)| ((*code).to_owned(), (*value).to_owned())).collect())
    };
    let known = px_tables();
    let table = |start: &str| known.iter().find(|table| table.path.ends_with(start)).unwrap();
    let of = |key: &'static str| {
        let (folder, server) = (tempfile::tempdir().unwrap(), good(key));
        let store = Store::new(folder.path());
        fetched(&store, &plan(&config, key, &server.url)).unwrap();
        tables(&store, &config, key).into_values().next().unwrap()
    };
    let register = rows(&of("scb_yreg60"));
    // 21 counties, three occupations, the years 2017 to 2021; 2020 is in two tables and the later holds.
    assert_eq!(register.len(), 21 * 3 * 5);
    for row in &register {
        let name = match row["period"].as_str() {
            "2017" | "2018" => ("YREG60", "000000NP"),
            "2019" => ("YREG60N", "000005G2"),
            _ => ("YREG60BAS", "000006XY"),
        };
        for (sex, column) in [("2", "women"), ("1", "men")] {
            let cell =
                [("Region", row["county"].as_str()), ("Yrke2012", &row["ssyk4"]), ("Kon", sex), ("ContentsCode", name.1), ("Tid", &row["period"])];
            assert_eq!(Some(row[column].parse().unwrap()), value(table(name.0), &cell), "{row:?}");
        }
    }
    let ages = rows(&of("scb_yreg54"));
    assert_eq!(ages.len(), 3 * 10 * 2);
    for row in &ages {
        let cell = [("Yrke2012", row["ssyk4"].as_str()), ("Alder", &row["age"]), ("ContentsCode", "000006Y1"), ("Tid", &row["period"])];
        assert_eq!(Some(row["employed"].parse().unwrap()), value(table("YREG54BAS"), &cell), "{row:?}");
    }
    let sex = |row: &BTreeMap<String, String>| match row["sex"].as_str() {
        "women" => "2",
        "men" => "1",
        _ => "1+2",
    };
    let pay = rows(&of("scb_pay_region"));
    assert_eq!(pay.len(), 9 * 4 * 3 * 2);
    let regions = BTreeMap::from([("Riket", "SE"), ("Mellersta Norrland", "SE32"), ("Övre Norrland", "SE33"), ("Stockholm", "SE11")]);
    let (mut compared, mut missing) = (0, 0);
    for row in pay.iter().filter(|row| regions.contains_key(row["region"].as_str())) {
        let cell = [
            ("Region", regions[row["region"].as_str()]),
            ("Sektor", "0"),
            ("Yrke2012", row["ssyk4"].as_str()),
            ("Kon", sex(row)),
            ("ContentsCode", "000007AS"),
            ("Tid", &row["period"]),
        ];
        let expected = value(table("LonYrkeRegion4AN"), &cell);
        missing += usize::from(expected.is_none());
        assert_eq!(row["mean_pay"].parse::<f64>().ok(), expected.map(|pay| pay as f64), "{row:?}");
        compared += 1;
    }
    assert_eq!((compared, missing), (4 * 4 * 3 * 2, 3 * 2), "what is not published stays missing");
    let spread = rows(&of("scb_pay_dispersion"));
    assert_eq!(spread.len(), 4 * 3 * 2);
    for row in &spread {
        for (contents, column) in [("000007CE", "median"), ("000007CG", "lower_quartile"), ("000007CH", "upper_quartile")] {
            let cell = [("Sektor", "0"), ("Yrke2012", row["ssyk4"].as_str()), ("Kon", sex(row)), ("ContentsCode", contents), ("Tid", &row["period"])];
            assert_eq!(row[column].parse::<f64>().ok(), value(table("LoneSpridSektYrk4AN"), &cell).map(|pay| pay as f64), "{row:?}");
        }
    }
    let moves = rows(&of("scb_moves"));
    // From each of 21 counties to the 20 others in eight years.
    assert_eq!(moves.len(), 21 * 20 * 8);
    for row in &moves {
        // 2025 is in both tables, and the later holds.
        let (name, contents) = if row["period"] == "2025" { ("InOmflyttCKM", "000008AB") } else { ("InOmflytt", "000000OW") };
        for (sex, column) in [("2", "women"), ("1", "men")] {
            let (from, to) = (row["origin"].as_str(), row["destination"].as_str());
            let cell = [("UtflyttningsL", from), ("InflyttningsL", to), ("Kon", sex), ("ContentsCode", contents), ("Tid", &row["period"])];
            assert_eq!(Some(row[column].parse().unwrap()), value(table(name), &cell), "{row:?}");
        }
    }
    let inhabitants = rows(&of("scb_population_counties"));
    assert_eq!(inhabitants.len(), 21 * 3);
    for row in &inhabitants {
        for (sex, column) in [("2", "women"), ("1", "men")] {
            let (county, year) = (("Region", row["county"].as_str()), ("Tid", row["period"].as_str()));
            let expected = if row["period"] == "2025" {
                value(table("FolkmRegFlandKCKM"), &[county, ("Fodelseregion", "TOTfod"), ("Kon", sex), ("ContentsCode", "000007ZZ"), year])
            } else {
                value(table("BefolkningNy"), &[county, ("Kon", sex), ("ContentsCode", "BE0101N1"), year])
            };
            assert_eq!(Some(row[column].parse().unwrap()), expected, "{row:?}");
        }
    }
    let born = rows(&of("scb_born_abroad_counties"));
    assert_eq!(born.len(), 21 * 3, "totals are no country");
    for row in &born {
        let cell =
            [("Region", row["county"].as_str()), ("Fodelseregion", &row["country"]), ("Kon", "TotSa"), ("ContentsCode", "000007ZZ"), ("Tid", "2025")];
        assert_eq!(Some(row["persons"].parse().unwrap()), value(table("FolkmRegFlandKCKM"), &cell), "{row:?}");
    }
}

#[test]
fn no_call_to_scb_is_over_the_limit_and_every_cell_is_asked_for_once() {
    let config = crate::config();
    for limit in [150_000, 200, 60, 7] {
        let (folder, server) = (tempfile::tempdir().unwrap(), Server::start(Box::new(move |asked, _| publisher::scb(asked, limit))));
        let store = Store::new(folder.path());
        fetched(&store, &plan(&config, "scb_pay_dispersion", &server.url)).unwrap();
        let mut cells: Vec<Vec<String>> = Vec::new();
        let calls: Vec<Asked> = server.asked().into_iter().filter(|asked| asked.method == "POST").collect();
        for asked in &calls {
            let body: serde_json::Value = serde_json::from_str(&asked.body).unwrap();
            let lists: Vec<Vec<String>> = body["selection"]
                .as_array()
                .unwrap()
                .iter()
                .map(|item| item["valueCodes"].as_array().unwrap().iter().map(|code| code.as_str().unwrap().to_owned()).collect())
                .collect();
            let count: usize = lists.iter().map(Vec::len).product();
            assert!(count as u64 <= limit, "{count} cells asked for, {limit} allowed");
            let mut all: Vec<Vec<String>> = vec![Vec::new()];
            for list in lists {
                all = all.iter().flat_map(|start| list.iter().map(|code| [start.clone(), vec![code.clone()]].concat())).collect();
            }
            cells.extend(all);
        }
        let count = cells.len();
        cells.sort();
        cells.dedup();
        // Four occupations and all, three sexes, three contents, two years; 0002 is asked for and left out.
        assert_eq!((count, cells.len()), (5 * 3 * 3 * 2, 5 * 3 * 3 * 2), "limit {limit}");
        assert_eq!(calls.len() > 1, limit < 90);
    }
}

#[test]
fn a_service_that_finds_a_request_too_large_is_asked_for_less() {
    let config = crate::config();
    // It says 150 000 and means 20.
    let server = Server::start(Box::new(|asked, _| {
        let told = asked.path.starts_with("/config");
        publisher::scb(asked, if told { 150_000 } else { 20 })
    }));
    let folder = tempfile::tempdir().unwrap();
    let store = Store::new(folder.path());
    // 90 cells under a limit of 20 is beyond what halving 150 000 six times comes to: the first version is not turned to, and the reason is told.
    let reason = fetched(&store, &plan(&config, "scb_pay_dispersion", &server.url)).unwrap_err();
    assert!(reason.contains("asks for less than"), "{reason}");
    let server = Server::start(Box::new(|asked, _| {
        let told = asked.path.starts_with("/config");
        publisher::scb(asked, if told { 100 } else { 30 })
    }));
    let result = fetched(&store, &plan(&config, "scb_pay_dispersion", &server.url)).unwrap();
    assert_eq!(rows(&tables(&store, &config, "scb_pay_dispersion")["pay_dispersion"]).len(), 4 * 3 * 2);
    assert!(result.rows > 0);
}

#[test]
fn the_first_version_is_turned_to_when_the_second_will_not_answer() {
    let config = crate::config();
    for dead in ["/config", "/tables/TAB5932/metadata", "/tables/TAB5932/data"] {
        let server = Server::start(Box::new(move |asked, _| {
            if asked.path.starts_with(dead) { Reaction::Answer(404, vec![], b"gone".to_vec()) } else { publisher::scb(asked, 150_000) }
        }));
        let folder = tempfile::tempdir().unwrap();
        let store = Store::new(folder.path());
        fetched(&store, &plan(&config, "scb_pay_dispersion", &server.url)).unwrap_or_else(|reason| panic!("{dead}: {reason}"));
        let (good_folder, good) = (tempfile::tempdir().unwrap(), good("scb_pay_dispersion"));
        let second = Store::new(good_folder.path());
        fetched(&second, &plan(&config, "scb_pay_dispersion", &good.url)).unwrap();
        let of = |store: &Store| tables(store, &config, "scb_pay_dispersion");
        assert_eq!(of(&store), of(&second), "{dead}: the figures are the same by either version");
        assert!(server.asked().iter().any(|asked| asked.path.starts_with("/fallback-1/")));
    }
}

#[test]
fn no_more_calls_are_made_than_the_service_allows() {
    let config = crate::config();
    let server = Server::start(Box::new(|asked, _| {
        if asked.path == "/config" {
            let body = r#"{"maxDataCells": 20, "maxCallsPerTimeWindow": 6, "timeWindow": 1}"#;
            return Reaction::ok("application/json", body.as_bytes().to_vec());
        }
        publisher::scb(asked, 20)
    }));
    let folder = tempfile::tempdir().unwrap();
    // The pace is the service's own here.
    let plan = Plan { pace: None, ..plan(&config, "scb_pay_dispersion", &server.url) };
    fetched(&Store::new(folder.path()), &plan).unwrap();
    let asked = server.asked();
    assert!(asked.len() > 8, "{} calls", asked.len());
    for (position, call) in asked.iter().enumerate() {
        let within = asked[position..].iter().take_while(|later| later.at.duration_since(call.at) < Duration::from_secs(1)).count();
        assert!(within <= 6, "{within} calls in a second, 6 are allowed");
    }
}

#[test]
fn a_copy_at_hand_is_not_sent_again_when_the_publisher_says_that_it_holds() {
    let config = crate::config();
    let server = Server::start(Box::new(|asked, _| {
        if asked.header("if-none-match") == Some("\"v1\"") && asked.header("if-modified-since").is_some() {
            return Reaction::Answer(304, vec![("etag", "\"v1\"".to_owned())], Vec::new());
        }
        let Reaction::Answer(status, mut headers, body) = publisher::publisher("af_yrkesbarometer", asked) else { unreachable!() };
        headers.push(("etag", "\"v1\"".to_owned()));
        headers.push(("last-modified", "Mon, 08 Jun 2026 08:00:00 GMT".to_owned()));
        Reaction::Answer(status, headers, body)
    }));
    let folder = tempfile::tempdir().unwrap();
    let (store, plan) = (Store::new(folder.path()), plan(&config, "af_yrkesbarometer", &server.url));
    fetched(&store, &plan).unwrap();
    assert!(fetched(&store, &plan).unwrap().unchanged);
    let asked = server.asked();
    assert_eq!(asked.len(), 2);
    assert!(asked[0].header("if-none-match").is_none() && asked[1].header("if-none-match").is_some());
    let receipt = store.newest("af_yrkesbarometer", None).unwrap().unwrap();
    assert_eq!(receipt.answers[0].last_modified.as_deref(), Some("Mon, 08 Jun 2026 08:00:00 GMT"));
}

#[test]
fn a_fetch_says_what_has_changed() {
    let config = crate::config();
    let server = Server::start(Box::new(|asked, number| {
        let Reaction::Answer(status, headers, body) = publisher::publisher("world_bank_income", asked) else { unreachable!() };
        let body = String::from_utf8(body).unwrap();
        // The second time round Sweden's figure of 2024 is revised, and Poland has one.
        let body = if number >= 2 && asked.path.ends_with("page=2") {
            let poland = format!("\"value\":{}.5,", publisher::figure(&["NY.GDP.PCAP.PP.CD", "SE", "2024"]));
            body.replacen(&poland, "\"value\":20000.0,", 1).replacen("\"value\":null", "\"value\":15000.0", 1)
        } else {
            body
        };
        Reaction::Answer(status, headers, body.into_bytes())
    }));
    let folder = tempfile::tempdir().unwrap();
    let (store, plan) = (Store::new(folder.path()), plan(&config, "world_bank_income", &server.url));
    let first = fetched(&store, &plan).unwrap();
    // Against the bundled figures nearly all is gone: the small publisher has two countries.
    assert!(first.changes[0].rows_gone > 2000 && first.changes[0].gone_codes["country"].len() > 100, "{:?}", first.changes);
    std::thread::sleep(Duration::from_millis(1100));
    let second = fetched(&store, &plan).unwrap();
    let changes = &second.changes[0];
    assert_eq!((changes.rows_added, changes.rows_gone, changes.revised), (1, 0, 1), "{changes:?}");
    let largest = changes.largest.as_ref().unwrap();
    assert_eq!((largest.key.as_str(), largest.column, largest.new), ("SE 2024", "gdp_per_person", 20000.0));
    assert!(changes.lines().iter().any(|line| line.contains("1 rows revised") && line.contains("SE 2024")), "{:?}", changes.lines());
    assert_eq!(store.receipts("world_bank_income").unwrap().len(), 2);
}

#[test]
fn snapshots_take_the_place_of_bundled_figures_and_leave_the_others() {
    let config = crate::config();
    let folder_of_store = tempfile::tempdir().unwrap();
    let store = Store::new(folder_of_store.path());
    for key in ["world_bank_income", "migrationsverket", "ilostat_unemployment"] {
        let server = good(key);
        fetched(&store, &plan(&config, key, &server.url)).unwrap();
    }
    let bundled = crate::home().join("data/bundled");
    let made = folder(&store, &bundled, &config.codes, "lists", None).unwrap();
    assert!(made.stale.is_empty() && made.receipts.len() == 3);
    let figures = Figures::read(&made.folder, &config.codes).unwrap();
    let table = |folder: &Path, name: &str| rows(&std::fs::read_to_string(folder.join(format!("{name}.csv"))).unwrap());
    // All of the old income is gone: the new has the same key and would otherwise be given as its source.
    assert_eq!(table(&made.folder, "income").len(), 3);
    // Permits of other years stay, with their own source.
    let (before, after) = (table(&bundled, "permits_country"), table(&made.folder, "permits_country"));
    let of_year = |rows: &[BTreeMap<String, String>], year: &str| rows.iter().filter(|row| row["period"] == year).count();
    assert_eq!(of_year(&after, "2022"), of_year(&before, "2022"));
    assert_eq!((of_year(&after, "2024"), of_year(&after, "2025")), (2, 2));
    assert!(figures.sources.contains_key("migrationsverket") && figures.sources.contains_key("migrationsverket_2022"));
    assert!(!figures.sources.contains_key("migrationsverket_2024"), "no figure of it is left");
    // What a bundled source stood for is said to come from the snapshot in its place.
    assert_eq!(figures.source_key("gapminder_unemployment"), "ilostat_unemployment");
    assert_eq!(figures.source_key("scb_yreg60"), "scb_yreg60");
    assert_eq!(
        figures.source_keys("migrationsverket_2022").collect::<Vec<_>>(),
        ["migrationsverket", "migrationsverket_2022"],
        "years of both are in use"
    );
    for untouched in ["employed_county", "ads", "outlines"] {
        let bytes = |folder: &Path| std::fs::read(folder.join(format!("{untouched}.csv"))).unwrap();
        assert_eq!(bytes(&made.folder), bytes(&bundled), "{untouched}");
    }
    let again = folder(&store, &bundled, &config.codes, "lists", None).unwrap();
    assert_eq!(again.folder, made.folder, "the same snapshots make the same folder");
}

#[test]
fn an_earlier_day_gives_the_snapshots_of_that_day_and_the_last_good_one_stays_in_use() {
    let config = crate::config();
    let folder_of_store = tempfile::tempdir().unwrap();
    let store = Store::new(folder_of_store.path());
    let server = good("world_bank_population");
    fetched(&store, &plan(&config, "world_bank_population", &server.url)).unwrap();
    // The first snapshot is made older than it is.
    let mut old = store.newest("world_bank_population", None).unwrap().unwrap();
    let receipts = folder_of_store.path().join("receipts/world_bank_population");
    for entry in std::fs::read_dir(&receipts).unwrap().flatten().filter(|entry| entry.file_name().to_string_lossy().starts_with('2')) {
        std::fs::remove_file(entry.path()).unwrap();
    }
    old.retrieved = "2026-01-15T10:00:00Z".to_owned();
    store.commit(&old).unwrap();
    let bundled = crate::home().join("data/bundled");
    let made = folder(&store, &bundled, &config.codes, "lists", Some("2026-01-15")).unwrap();
    assert!(folder(&store, &bundled, &config.codes, "lists", Some("2026-01-14")).is_err_and(|error| error.to_string().contains("hint:")));
    drop(server);
    // The publisher is gone: the snapshot stays in use and is called stale with its age.
    let dead = Server::start(Box::new(|_, _| Reaction::Answer(503, vec![], b"maintenance".to_vec())));
    let reason = fetched(&store, &plan(&config, "world_bank_population", &dead.url)).unwrap_err();
    assert!(reason.contains("503"), "{reason}");
    let now = folder(&store, &bundled, &config.codes, "lists", None).unwrap();
    assert_eq!(now.folder, made.folder, "the same figures");
    let stale = &now.stale[0];
    assert!(stale.failed && stale.day.as_deref() == Some("2026-01-15") && stale.days.unwrap() > 200, "{stale:?}");
    let status = |language| malmarknad::report::data_status::of_snapshots(&now, &config.codes, language);
    let (swedish, english) = (status(malmarknad::language::Language::Swedish), status(malmarknad::language::Language::English));
    assert!(swedish.contains("Världsbanken (SP.POP.TOTL) kunde inte hämtas") && swedish.contains("15\u{a0}januari\u{a0}2026"), "{swedish}");
    assert!(english.contains("World Bank (SP.POP.TOTL) could not be fetched") && !english.contains("Världsbanken"), "{english}");
    assert!(made.stale.is_empty(), "what failed later does not concern an earlier day");
}

#[test]
fn the_command_fetches_tells_and_runs_on_what_it_fetched() {
    let home = crate::copied_home();
    let servers: Vec<(&str, Server)> = ["world_bank_income", "eurostat_lfsa_urgan"].into_iter().map(|key| (key, good(key))).collect();
    let mut command = crate::malmarknad();
    command.env("MALMARKNAD_HOME", home.path()).args(["fetch", "--first-wait", "0.01"]);
    for (key, server) in &servers {
        command.arg(key).arg("--base-url").arg(format!("{key}={}", server.url));
    }
    let output = command.output().unwrap();
    let (told, log) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    assert!(output.status.success(), "{log}");
    assert!(told.contains("world_bank_income:") && told.contains("rows more") && log.contains("--contact"), "{told}{log}");
    let run = |arguments: &[&str]| {
        let output = crate::malmarknad().env("MALMARKNAD_HOME", home.path()).args(arguments).output().unwrap();
        (output.status.code(), String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap())
    };
    let (code, text) = run(&["sources", "--snapshots"]);
    assert!(code == Some(0) && text.contains("fresh") && text.contains("never fetched"), "{text}");
    let (code, text) = run(&["verify"]);
    assert!(code == Some(0) && text.contains("2 snapshots, as received"), "{text}");
    let snapshots = home.path().join("data/snapshots");
    let (code, text) = run(&["rank", "vard_omsorg", "--replicates", "64", "--data", snapshots.to_str().unwrap()]);
    assert!(code == Some(0), "{text}");
    // A changed byte is found.
    let object = std::fs::read_dir(snapshots.join("objects")).unwrap().flatten().find(|entry| entry.path().is_dir()).unwrap().path();
    let file = std::fs::read_dir(object).unwrap().flatten().next().unwrap().path();
    std::fs::write(&file, b"other").unwrap();
    let (code, text) = run(&["verify"]);
    assert!(code == Some(1) && text.contains("NOT as received"), "{text}");
}

#[test]
fn a_dry_run_prints_the_calls_and_makes_none() {
    let home = crate::copied_home();
    let server = good("world_bank_income");
    let output = crate::malmarknad()
        .env("MALMARKNAD_HOME", home.path())
        .args(["fetch", "--dry-run", "--year", "2025", "world_bank_income", "scb_yreg60", "--base-url"])
        .arg(format!("world_bank_income={}", server.url))
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success() && text.contains("GET http://127.0.0.1") && text.contains("date=2009:2025"), "{text}");
    assert!(text.contains("https://statistikdatabasen.scb.se/api/v2/config"), "{text}");
    assert!(server.asked().is_empty() && !home.path().join("data/snapshots/receipts").exists());
}

#[test]
fn two_fetches_at_a_time_are_refused() {
    let config = crate::config();
    let folder = tempfile::tempdir().unwrap();
    let store = Store::new(folder.path());
    let lock = store.lock().unwrap();
    let server = good("world_bank_income");
    let error = fetch(&store, &plan(&config, "world_bank_income", &server.url), &Silent).unwrap_err();
    assert!(error.to_string().contains("hint:") && server.asked().is_empty(), "{error}");
    drop(lock);
    fetched(&store, &plan(&config, "world_bank_income", &server.url)).unwrap();
}

/// Writes the small publishers' answers as inputs for the fuzzer: the first byte of each says which parser or source it is for.
fn corpus(target: &str, first: impl Fn(usize, &str) -> Option<u8>) {
    let Some(folder) = std::env::var_os("MALMARKNAD_FUZZ_CORPUS") else {
        println!("skipped: MALMARKNAD_FUZZ_CORPUS names no folder for the inputs of {target}");
        return;
    };
    let config = crate::config();
    for (position, source) in SOURCES.iter().enumerate().filter(|(_, source)| !source.by_hand) {
        let (snapshots, server) = (tempfile::tempdir().unwrap(), good(source.key));
        let store = Store::new(snapshots.path());
        fetched(&store, &plan(&config, source.key, &server.url)).unwrap();
        for answer in store.newest(source.key, None).unwrap().unwrap().answers {
            let Some(first) = first(position, source.key) else { continue };
            let bytes = [vec![first], std::fs::read(store.object(&answer.sha256)).unwrap()].concat();
            std::fs::write(Path::new(&folder).join(format!("{}-{}", source.key, answer.name)), bytes).unwrap();
        }
    }
}

#[test]
fn corpus_of_format() {
    corpus("format", |_, key| match key {
        key if key.starts_with("scb_") => Some(0),
        key if key.starts_with("eurostat_") => Some(1),
        key if key.starts_with("ilostat_") => Some(2),
        "un_migrant_stock_2024" | "migrationsverket" => Some(3),
        key if key.starts_with("world_bank_") => Some(4),
        "jobtech_historical_ads" => Some(5),
        _ => None,
    });
    let Some(folder) = std::env::var_os("MALMARKNAD_FUZZ_CORPUS") else { return };
    // No publisher's answer is of these formats.
    let topology = r#"{"type":"Topology","transform":{"scale":[0.01,0.01],"translate":[10,60]},"arcs":[[[0,0],[100,0],[0,100],[-100,0],[0,-100]]],
        "objects":{"countries":{"type":"GeometryCollection","geometries":[{"type":"Polygon","arcs":[[0]],"properties":{"name":"Ett"}}]}}}"#;
    let features = r#"{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"name":"Ett"},
        "geometry":{"type":"Polygon","coordinates":[[[10,60],[11,60],[11,61],[10,60]]]}}]}"#;
    assert_eq!(malmarknad::format::outlines::topojson(topology.as_bytes(), "x", "countries", "name").unwrap().len(), 1);
    assert_eq!(malmarknad::format::outlines::geojson(features.as_bytes(), "x", "name").unwrap().len(), 1);
    let table = malmarknad::table::Table {
        name: "x",
        title: "",
        columns: vec![
            malmarknad::table::Column::text("code", "", [Some("PL"), Some("DE")]),
            malmarknad::table::Column::number("value", "", [Some(1.5), None]),
        ],
    };
    let rows = table.parquet().unwrap();
    assert_eq!(malmarknad::format::parquet_rows::read(rows.clone(), "x").unwrap().len(), 2);
    for (name, first, bytes) in [("topology", 6, topology.as_bytes()), ("features", 7, features.as_bytes()), ("rows", 8, &rows)] {
        std::fs::write(Path::new(&folder).join(name), [&[first], bytes].concat()).unwrap();
    }
}

#[test]
fn corpus_of_answer() {
    corpus("answer", |position, _| u8::try_from(position).ok());
}

#[test]
fn calls_to_scb_are_the_same_for_the_same_tables() {
    let config = crate::config();
    let mut calls = String::new();
    for source in SOURCES.iter().filter(|source| source.key.starts_with("scb_")) {
        let asked = || {
            let (snapshots, server) = (tempfile::tempdir().unwrap(), good(source.key));
            fetched(&Store::new(snapshots.path()), &plan(&config, source.key, &server.url)).unwrap();
            server.asked()
        };
        let (first, second) = (asked(), asked());
        let of = |asked: &[Asked]| -> Vec<String> {
            let second_version = asked.iter().filter(|asked| !asked.path.starts_with("/fallback-1"));
            second_version.map(|asked| serde_json::json!([asked.method, asked.path, asked.body]).to_string() + "\n").collect()
        };
        assert_eq!(of(&first), of(&second), "{}", source.key);
        calls.extend(of(&first));
    }
    assert!(calls.lines().count() > 15);
    // `checks/contract` holds them against the service's official description.
    if let Some(path) = std::env::var_os("MALMARKNAD_CALLS") {
        std::fs::write(path, calls).unwrap();
    }
}

#[test]
fn a_file_that_a_person_gives_is_kept_and_proved_as_what_is_fetched() {
    let config = crate::config();
    let (snapshots, files) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let store = Store::new(snapshots.path());
    let with = |key: &str, text: &str| {
        let path = files.path().join("annex.csv");
        std::fs::write(&path, text).unwrap();
        Plan { files: BTreeMap::from([(key.to_owned(), vec![path])]), ..plan(&config, key, "http://127.0.0.1:9") }
    };
    let header = "isco08_4,occupation_en,country_iso2,kind,year,source_url,page\n";
    let some = "2221,Nurses,SE,shortage,2025,https://example.org,3\n2221,Nurses,EL,surplus,2025,https://example.org,3\n7411,Electricians,EL,shortage,2025,,\n";
    // The rest of the annex is as in the bundled one.
    let bundled = std::fs::read_to_string(crate::home().join("data/bundled/shortage_abroad.csv")).unwrap();
    let pairs = bundled.lines().skip(1).map(|line| line.split(',').take(2).collect::<Vec<_>>());
    let rest: Vec<Vec<&str>> = pairs.filter(|pair| ![["SE", "2221"], ["GR", "7411"]].contains(&[pair[0], pair[1]])).collect();
    let rows: String = rest.iter().map(|pair| format!("{},x,{},shortage,2025,,\n", pair[1], if pair[0] == "GR" { "EL" } else { pair[0] })).collect();
    let good = format!("{header}{some}{rows}");
    fetched(&store, &with("ela_annex", &good)).unwrap();
    let table = tables(&store, &config, "ela_annex")["shortage_abroad"].clone();
    let mut expected: Vec<String> = rest.iter().map(|pair| format!("{},{},2025,ela_annex", pair[0], pair[1])).collect();
    expected.extend(["GR,7411,2025,ela_annex".to_owned(), "SE,2221,2025,ela_annex".to_owned()]);
    expected.sort();
    assert_eq!(table, format!("country,isco08,period,source\n{}\n", expected.join("\n")));
    // A part of it would make every other country one that reports nothing.
    let reason = fetched(&store, &with("ela_annex", &format!("{header}{some}"))).unwrap_err();
    assert!(reason.contains("shortage_abroad: 2 of the") && reason.contains("without a filter"), "{reason}");
    assert_eq!(store.newest("ela_annex", None).unwrap().unwrap().answers[0].url, "file:annex.csv");
    for (text, words) in [
        (good.replace("surplus", "plenty"), "shortage or surplus"),
        (good.replace("7411", "0741"), "0741"),
        (good.replace("2221,Nurses,EL", "221,Nurses,EL"), "four digits"),
        (good.replace(",kind,", ",sort,"), "expected the columns"),
        (good.replace("7411,Electricians,EL,shortage,2025", "7411,Electricians,EL,shortage,2024"), "two years"),
        (good.replace(",EL,", ",QX,"), "QX"),
    ] {
        let reason = fetched(&store, &with("ela_annex", &text)).unwrap_err();
        assert!(reason.contains(words), "{words}: {reason}");
    }
    let reason = fetched(&store, &plan(&config, "ela_annex", "http://127.0.0.1:9")).unwrap_err();
    assert!(reason.contains("--file"), "{reason}");
    assert_eq!(tables(&store, &config, "ela_annex")["shortage_abroad"], table);
    // WHO's list, which comes with every third year: the bundled one as a later one.
    let countries: Vec<_> = crate::figures(&config).who_list.into_keys().collect();
    let rows = |countries: &[malmarknad::code::Country]| -> String {
        countries.iter().map(|country| format!("{},2026\n", config.codes.country_name(*country).alpha3)).collect()
    };
    let list = format!("iso3,year\n{}", rows(&countries));
    fetched(&store, &with("who_safeguards_list", &list)).unwrap();
    let table = tables(&store, &config, "who_safeguards_list")["who_safeguards"].clone();
    let expected: String = countries.iter().map(|country| format!("{country},2026,who_safeguards_list\n")).collect();
    assert_eq!(table, format!("country,period,source\n{expected}"));
    for (text, words) in [
        (list.replace("HTI,2026", "HTI,2023"), "several years"),
        (list.replace("HTI", "QQQ"), "QQQ"),
        (list.replace(",year", ",edition"), "expected the columns"),
        (list.replace("NGA,2026", "NGA,soon"), "soon"),
        // A part of the list would open the rest to recruitment.
        (format!("iso3,year\n{}", rows(&countries[..39])), "39 countries"),
        (format!("iso3,year\n{}", rows(&countries[..20]).repeat(2)), "20 countries"),
    ] {
        let reason = fetched(&store, &with("who_safeguards_list", &text)).unwrap_err();
        assert!(reason.contains(words), "{words}: {reason}");
    }
    // A file may also stand for a source that is fetched, if it has one answer.
    let pages = r#"[{"page": 1, "pages": 2, "total": 0}, []]"#;
    let reason = fetched(&store, &with("world_bank_income", pages)).unwrap_err();
    assert!(reason.contains("one file cannot take their place"), "{reason}");
}

#[test]
fn workbooks_of_years_that_the_page_has_left_are_given_as_files() {
    let config = crate::config();
    let (snapshots, files) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let store = Store::new(snapshots.path());
    let with = |given: &[(&str, Vec<u8>)]| {
        let paths = given.iter().map(|(name, bytes)| {
            let path = files.path().join(name);
            std::fs::write(&path, bytes).unwrap();
            path
        });
        Plan { files: BTreeMap::from([("migrationsverket".to_owned(), paths.collect())]), ..plan(&config, "migrationsverket", "http://127.0.0.1:9") }
    };
    // 2021 has a layout of its own: one sum a citizenship, its header one row higher, and rows that are no country.
    let of_2021 = |title: &str, header: &str, total: &str| {
        let rows =
            [vec![title], vec!["Medborgarskap", header], vec!["INDIEN", "31"], vec!["OKÄNT", "4"], vec!["THAILAND", "0"], vec!["Totalt", total]];
        let rows: Vec<(u32, Vec<String>)> = (0..).zip(rows).map(|(row, cells)| (row, cells.into_iter().map(str::to_owned).collect())).collect();
        publisher::workbook(&rows, "Medborgarskap")
    };
    let good = || of_2021("Beviljade arbetstillstånd 2021", "Totalt", "35");
    fetched(&store, &with(&[("Beviljade arbetstillstånd 2021.xlsx", good()), ("permits-2024.xlsx", publisher::permits(2024))])).unwrap();
    let made = tables(&store, &config, "migrationsverket");
    assert_eq!(made.keys().copied().collect::<Vec<_>>(), ["permits_country"]);
    let expected = "country,period,permits,source\nIN,2021,31,migrationsverket\nIN,2024,60,migrationsverket\nTH,2021,0,migrationsverket\nTH,2024,24,migrationsverket\n";
    assert_eq!(made["permits_country"], expected);
    for (given, words) in [
        (vec![("2021.xlsx", of_2021("Beviljade arbetstillstånd 2021", "Totalt", "36"))], "36"),
        (vec![("2021.xlsx", of_2021("Beviljade arbetstillstånd 2022", "Totalt", "35"))], "Beviljade arbetstillstånd 2021"),
        (vec![("2021.xlsx", of_2021("Beviljade arbetstillstånd 2021", "Summa", "35"))], "Medborgarskap | Totalt"),
        (vec![("2019.xlsx", good())], "no sheet Medborgarskap per yrkesgrupp"),
        (vec![("2025.xlsx", publisher::permits(2024))], "2025-01"),
        (vec![("2021.xlsx", good()), ("a-2021.xlsx", good())], "two files are given"),
        (vec![("permits.xlsx", good())], "no year from 2015 on"),
        (vec![("2021.xlsx", b"<html>not found</html>".to_vec())], "2021.xlsx: "),
        // One that is no workbook beside one that is: nothing is taken.
        (vec![("2021.xlsx", good()), ("2024.xlsx", b"<html>not found</html>".to_vec())], "2024.xlsx: "),
    ] {
        let reason = fetched(&store, &with(&given)).unwrap_err();
        assert!(reason.contains(words), "{words}: {reason}");
    }
    assert_eq!(tables(&store, &config, "migrationsverket"), made, "the last good snapshot stays in use");
    assert!(store.under_way("migrationsverket").is_none(), "what was given is not gone on with");
    let two = Plan {
        files: BTreeMap::from([("ela_annex".to_owned(), vec!["a.csv".into(), "b.csv".into()])]),
        ..plan(&config, "ela_annex", "http://127.0.0.1:9")
    };
    assert!(fetched(&store, &two).unwrap_err().contains("2 files are given"));
}

#[test]
fn an_answer_that_eurostat_puts_in_a_queue_is_fetched_when_it_is_ready() {
    let config = crate::config();
    let server = Server::start(Box::new(|asked, number| {
        let xml = |text: &str| Reaction::ok("application/xml", format!("<?xml version=\"1.0\"?>{text}").into_bytes());
        match asked.path.as_str() {
            path if path.starts_with("/sdmx/2.1/data/lfsa_egised") => xml(
                "<env:Envelope xmlns:env=\"x\"><env:Body><ns0:asyncResponse xmlns:ns0=\"y\"><queued><id>4a2f-77</id></queued></ns0:asyncResponse></env:Body></env:Envelope>",
            ),
            "/1.0/async/status/4a2f-77" if number < 3 => xml("<status><key>4a2f-77</key><status>PROCESSING</status></status>"),
            "/1.0/async/status/4a2f-77" => xml("<status><key>4a2f-77</key><status>AVAILABLE</status></status>"),
            "/1.0/async/data/4a2f-77" => publisher::publisher("eurostat_lfsa_egised", &Asked { path: "/lfsa_egised".to_owned(), ..asked.clone() }),
            _ => Reaction::Answer(404, vec![], Vec::new()),
        }
    }));
    let of = |url: &str| {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::new(folder.path());
        fetched(&store, &plan(&config, "eurostat_lfsa_egised", url)).unwrap();
        tables(&store, &config, "eurostat_lfsa_egised")
    };
    let direct = good("eurostat_lfsa_egised");
    assert_eq!(of(&server.url), of(&direct.url), "the same figures as at once");
    let asked: Vec<String> = server.asked().into_iter().map(|asked| asked.path).collect();
    assert!(asked.len() == 5 && asked[4] == "/1.0/async/data/4a2f-77", "{asked:?}");
    // A queue whose answer expires is told.
    let expired = Server::start(Box::new(|asked, _| {
        let text = if asked.path.contains("/async/") { "<status>EXPIRED</status>" } else { "<r><queued><id>9</id></queued></r>" };
        Reaction::ok("application/xml", text.as_bytes().to_vec())
    }));
    let folder = tempfile::tempdir().unwrap();
    let reason = fetched(&Store::new(folder.path()), &plan(&config, "eurostat_lfsa_egised", &expired.url)).unwrap_err();
    assert!(reason.contains("EXPIRED"), "{reason}");
}
