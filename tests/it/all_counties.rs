//! Every county in one go: each county's folder as its own run would write it, and the page that compares them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use malmarknad::analysis::{Analysis, analyse};
use malmarknad::uncertainty::{Effort, assess, assess_all};

use crate::run::files;

const QUICK: [&str; 6] = ["--area", "skogsnaring", "--replicates", "16", "--formats", "csv,html"];

fn run(out: &Path, county: &str) -> BTreeMap<String, Vec<u8>> {
    crate::malmarknad().arg("run").args(QUICK).args(["--county", county]).arg("--out").arg(out).assert().success();
    let mut found = BTreeMap::new();
    files(out, "", &mut found);
    found
}

fn rows(table: &[u8]) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_reader(table);
    reader.deserialize().map(Result::unwrap).collect()
}

#[test]
fn counties_that_are_ranked_together_get_the_bits_that_each_gets_alone() {
    let config = crate::config();
    let mut figures = crate::figures(&config);
    let effort = Effort { replicates: 64, sensitivity_rows: 8, seed: 70 };
    // Two regions of pay. One county has the bundled figures of inhabitants by country of birth, one none, and two their own, as after a fetch.
    let codes = ["23", "22", "24", "01"];
    let of = |code: &str| config.codes.county(code, "test").unwrap();
    let own = figures.born_in_county.iter().filter(|((county, _), _)| *county == of("23"));
    let born: Vec<_> = own.filter_map(|((_, country), series)| Some((*country, series.newest(2026)?))).collect();
    assert!(born.len() > 50);
    for (code, times) in [("24", 3), ("01", 40)] {
        for (country, own) in &born {
            figures.born_in_county.insert((of(code), *country), std::iter::once((own.period, own.value * times % 977)).collect());
        }
    }
    let mut together: Vec<Analysis> = codes.iter().map(|code| analyse(&figures, &config, of(code), 2026).unwrap()).collect();
    let mut alone = together.clone();
    assess_all(&mut together, &figures, &config, effort).unwrap();
    for (one, other) in alone.iter_mut().zip(&together) {
        assess(one, &figures, &config, effort).unwrap();
        assert!(one.markets.rankings == other.markets.rankings, "county {}: the rankings differ", one.county);
        assert!(one.assessed == other.assessed, "county {}: what is known of the order differs", one.county);
    }
    assert!(together[0].assessed != together[1].assessed, "counties differ, so the comparison can fail");
}

#[test]
fn each_folder_is_the_countys_own_run_and_a_page_compares_them() {
    let all = tempfile::tempdir().unwrap();
    let found = run(all.path(), "all");
    let folders: BTreeSet<&str> = found.keys().filter_map(|name| name.split('/').next()).collect();
    assert_eq!(folders.len(), 22, "21 counties and the comparison: {folders:?}");
    for county in ["23", "22", "01"] {
        let single = tempfile::tempdir().unwrap();
        let own = run(single.path(), county);
        let of_all: BTreeMap<&String, &Vec<u8>> = found.iter().filter(|(name, _)| name.starts_with(&format!("2026-{county}/"))).collect();
        assert!(own.iter().collect::<BTreeMap<_, _>>() == of_all, "county {county}: the folder is not its single run's");
    }

    let page = String::from_utf8(found["2026-all/index.html"].clone()).unwrap().replace("&#x2f;", "/");
    for county in crate::config().codes.counties().map(|(county, _)| county) {
        let link = format!("../2026-{county}/index.html");
        assert!(page.contains(&link) && found.contains_key(link.trim_start_matches("../")), "{link}");
    }

    // What the comparison says is what the counties' own tables say.
    let short = |county: &str| -> BTreeMap<String, f64> {
        let table = rows(&found[&format!("2026-{county}/data/demand.csv")]);
        let short = table.into_iter().filter(|row| row["rating"] == "brist");
        short.map(|row| (row["ssyk4"].clone(), row["volume"].parse().unwrap())).collect()
    };
    let pairs = rows(&found["2026-all/data/county_pairs.csv"]);
    assert_eq!(pairs.len(), 21 * 20);
    for pair in pairs.iter().filter(|pair| ["23", "24", "14"].contains(&pair["county"].as_str())) {
        let (own, other) = (short(&pair["county"]), short(&pair["other"]));
        let both: Vec<f64> = own.iter().filter_map(|(code, volume)| Some(volume + other.get(code)?)).collect();
        assert_eq!(pair["shortages"], own.len().to_string(), "{pair:?}");
        assert_eq!(pair["shared"], both.len().to_string(), "{pair:?}");
        let volume: f64 = pair["volume"].parse().unwrap();
        assert!((volume - both.iter().sum::<f64>()).abs() < 1e-9 * volume.max(1.0), "{pair:?}");
    }
    let shared = rows(&found["2026-all/data/shared_shortages.csv"]);
    let counted: usize = shared.iter().map(|row| row["counties"].parse::<usize>().unwrap()).sum();
    let every = crate::config().codes.counties().map(|(county, _)| short(county.as_str()).len()).sum::<usize>();
    assert_eq!(counted, every, "every shortage of every county is counted once");

    crate::malmarknad().arg("verify").arg(all.path().join("2026-all")).assert().success();
}

#[test]
fn an_earlier_run_is_of_one_county() {
    let out = tempfile::tempdir().unwrap();
    let told = crate::malmarknad().args(["run", "--county", "all", "--previous", "reports/2025-23"]).arg("--out").arg(out.path()).assert().code(1);
    let text = String::from_utf8_lossy(&told.get_output().stderr).into_owned();
    assert!(text.contains("--previous is of one county") && text.contains("hint:"), "{text}");
    assert_eq!(std::fs::read_dir(out.path()).unwrap().count(), 0, "nothing is written");
}
