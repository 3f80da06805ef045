//! Killed at any moment: no fetch or run after that reads a torn file.

use std::process::{Command, Stdio};
use std::time::Duration;

use malmarknad::snapshot::Store;
use rand::{Rng as _, SeedableRng as _};

use super::{good, tables};

const KEYS: [&str; 4] = ["eurostat_lfsa_egised", "scb_yreg54", "un_migrant_stock_2024", "world_bank_income"];

fn command(home: &std::path::Path, servers: &[(&'static str, super::Server)]) -> Command {
    let mut command = Command::new(assert_cmd::cargo::cargo_bin!("malmarknad"));
    command.env("MALMARKNAD_HOME", home).args(["--quiet", "fetch", "--first-wait", "0.01"]).stdout(Stdio::null()).stderr(Stdio::null());
    for (key, server) in servers {
        command.arg(key).arg("--base-url").arg(format!("{key}={}", server.url));
    }
    command
}

#[test]
fn a_fetch_killed_at_any_moment_leaves_whole_files_and_is_gone_on_with() {
    let config = crate::config();
    let home = crate::copied_home();
    let servers: Vec<(&'static str, super::Server)> = KEYS.iter().map(|key| (*key, good(key))).collect();
    let store = Store::new(&home.path().join("data/snapshots"));
    let mut random = rand_chacha::ChaCha8Rng::seed_from_u64(4);
    let mut finished = 0;
    for _ in 0..200 {
        let mut child = command(home.path(), &servers).spawn().unwrap();
        std::thread::sleep(Duration::from_micros(random.random_range(500..250_000)));
        child.kill().unwrap();
        child.wait().unwrap();
        // Whatever is there is whole and understood.
        for key in KEYS {
            for receipt in store.receipts(key).unwrap() {
                for answer in &receipt.answers {
                    store.prove(answer).unwrap();
                }
            }
            if store.newest(key, None).unwrap().is_some() {
                finished += 1;
                assert!(!tables(&store, &config, key).is_empty());
            }
            if let Some(under_way) = store.under_way(key) {
                for answer in &under_way.answers {
                    store.prove(answer).unwrap();
                }
            }
        }
        // Now and then the slate is wiped, so that all moments are met.
        if random.random_bool(0.1) {
            let _ = std::fs::remove_dir_all(store.folder());
        }
    }
    assert!(finished > 0, "some were killed after a snapshot was whole");
    assert!(command(home.path(), &servers).status().unwrap().success());
    for key in KEYS {
        assert!(!tables(&store, &config, key).is_empty());
    }
}

#[test]
fn a_run_killed_at_any_moment_leaves_the_figures_of_the_snapshots_whole() {
    let home = crate::copied_home();
    let servers: Vec<(&'static str, super::Server)> = ["world_bank_income"].iter().map(|key| (*key, good(key))).collect();
    assert!(command(home.path(), &servers).status().unwrap().success());
    let out = home.path().join("reports");
    let run = || {
        let mut command = Command::new(assert_cmd::cargo::cargo_bin!("malmarknad"));
        command
            .env("MALMARKNAD_HOME", home.path())
            .args(["--quiet", "run", "--area", "vard_omsorg", "--replicates", "32", "--formats", "csv", "--data"])
            .arg(home.path().join("data/snapshots"))
            .arg("--out")
            .arg(&out)
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        command
    };
    let mut random = rand_chacha::ChaCha8Rng::seed_from_u64(5);
    // A run is some seconds: twenty every time, and as many as are asked for by `just kills`.
    let kills = std::env::var("MALMARKNAD_KILLS").map_or(20, |kills| kills.parse().unwrap());
    for number in 0..kills {
        if number % 3 == 0 {
            let _ = std::fs::remove_dir_all(home.path().join("data/snapshots/figures"));
        }
        let mut child = run().spawn().unwrap();
        std::thread::sleep(Duration::from_millis(random.random_range(1..1500)));
        child.kill().unwrap();
        child.wait().unwrap();
        // A folder of figures that is there is whole.
        if let Ok(folders) = std::fs::read_dir(home.path().join("data/snapshots/figures")) {
            for folder in folders.flatten().filter(|folder| folder.path().join("datapackage.json").is_file()) {
                malmarknad::figures::Figures::read(&folder.path(), &crate::config().codes).unwrap();
            }
        }
    }
    assert!(run().status().unwrap().success());
    let verified = crate::malmarknad().env("MALMARKNAD_HOME", home.path()).arg("verify").arg(out.join("2026-23")).output().unwrap();
    assert!(verified.status.success(), "{}", String::from_utf8_lossy(&verified.stdout));
}
