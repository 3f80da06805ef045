//! The integration tests: one binary, one module a room or promise.

#![expect(
    clippy::unwrap_used,
    clippy::print_stderr,
    clippy::print_stdout,
    reason = "a test that cannot go on may panic, and one that is skipped says so"
)]

mod all_counties;
mod backtest;
mod bad_input;
mod bundled;
mod compare;
mod counties;
mod country_pages;
mod demand;
mod evidence;
mod explain;
mod fetch;
mod first_countries;
mod follow_up;
mod foothold;
mod formats;
mod formats_out;
mod gender;
mod independent;
mod index_command;
mod index_fixture;
mod index_hostile;
mod index_properties;
mod index_published;
mod index_reference;
mod index_tables;
mod index_uncertainty;
mod influence;
mod maps;
mod market;
mod report;
mod run;
mod share;
mod skills;
mod support;
mod uncertainty;
mod weigh;
mod words;

use std::path::{Path, PathBuf};

use malmarknad::config::Config;
use malmarknad::figures::Figures;

/// The project's folder.
fn home() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The method and lists in force.
fn config() -> Config {
    Config::read(&home().join("data")).unwrap_or_else(|error| panic!("{error}"))
}

/// The bundled figures.
fn figures(config: &Config) -> Figures {
    Figures::read(&home().join("data/bundled"), &config.codes).unwrap_or_else(|error| panic!("{error}"))
}

/// Places of every ranking.
fn scores(analysis: &malmarknad::analysis::Analysis) -> impl Iterator<Item = &malmarknad::market::MarketScore> {
    analysis.markets.rankings.iter().flat_map(|ranking| &ranking.scores)
}

/// Fits of every ranking.
fn fits(analysis: &malmarknad::analysis::Analysis) -> impl Iterator<Item = &malmarknad::market::Fit> {
    analysis.markets.rankings.iter().flat_map(|ranking| &ranking.fits)
}

/// A folder of recorded or reference files, by its variable and its default beside the project; `None` (and a line that says so) where it is absent.
fn shared(variable: &str, default: &str) -> Option<PathBuf> {
    let folder = std::env::var_os(variable).map_or_else(|| home().join(default), PathBuf::from);
    if folder.is_dir() {
        return Some(folder);
    }
    eprintln!("skipped: no {} ({variable})", folder.display());
    None
}

/// The binary, started in a folder that is not the project's, with the project as its home.
fn malmarknad() -> assert_cmd::Command {
    let mut command = assert_cmd::Command::new(assert_cmd::cargo::cargo_bin!("malmarknad"));
    command.env("MALMARKNAD_HOME", home()).env_remove("SOURCE_DATE_EPOCH").current_dir(std::env::temp_dir());
    command
}

/// A copy of the project's `data/`, to be damaged.
fn copied_home() -> tempfile::TempDir {
    let copy = tempfile::tempdir().unwrap();
    copy_folder(&home().join("data"), &copy.path().join("data"));
    copy
}

fn copy_folder(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy_folder(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}
