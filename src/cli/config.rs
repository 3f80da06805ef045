//! `malmarknad config check|show|schema`.

use std::fmt::Write as _;
use std::process::ExitCode;

use clap::{Args, Subcommand};

use super::{Printer, aligned};
use crate::config::FILES;
use crate::figures::Series;
use crate::settings::{DataChoice, Settings};

/// `malmarknad config`
#[derive(Debug, Args)]
pub(super) struct Config {
    #[command(subcommand)]
    command: ConfigCommand,
}

#[derive(Debug, Subcommand)]
enum ConfigCommand {
    /// Is every file of data/ sound? Also lists occupations that no area has
    Check {
        /// The county whose employed are counted
        #[arg(long, value_name = "CODE", default_value = "23")]
        county: String,
    },
    /// Prints every value in force and the file it comes from
    Show,
    /// Prints the JSON schema of a file (method, areas, markets, permit-rules, words, follow-up, feed, explain)
    Schema {
        /// Which file's
        name: String,
    },
}

/// The schema of what the program writes.
fn of_program(name: &str) -> Option<serde_json::Value> {
    match name {
        "feed" => Some(crate::report::feed::schema()),
        "explain" => Some(crate::explain::schema()),
        _ => None,
    }
}

/// How many occupations without an area are listed by name.
const LISTED: usize = 15;

impl Config {
    pub(super) fn execute(&self, settings: &Settings) -> anyhow::Result<ExitCode> {
        match &self.command {
            ConfigCommand::Check { county } => check(settings, county),
            ConfigCommand::Show => show(settings),
            ConfigCommand::Schema { name } => match crate::config::schema(name).or_else(|| of_program(name)) {
                Some(schema) => {
                    Printer::result(&format!("{}\n", serde_json::to_string_pretty(&schema)?))?;
                    Ok(ExitCode::SUCCESS)
                }
                None => anyhow::bail!(
                    "there is no schema {name}\nhint: there are method, areas, markets, permit-rules, words, follow-up, feed and explain"
                ),
            },
        }
    }
}

fn check(settings: &Settings, county: &str) -> anyhow::Result<ExitCode> {
    let config = settings.config()?;
    let county = crate::settings::county(&config.codes, county)?;
    let (figures, _) = settings.figures(&DataChoice::Bundled, &config.codes)?;
    let mut text = String::new();
    for name in config.hashes.keys() {
        writeln!(text, "{}: sound", config.folder.join(name).display())?;
    }
    let recruited: usize = config.areas.iter().map(|area| area.occupations.len()).sum();
    writeln!(text, "{} areas with {recruited} occupations listed", config.areas.len())?;
    let employed =
        |code| figures.employed.get(&(county, code)).and_then(|series: &Series<_>| series.newest(i32::MAX)).map_or(0, |cell| cell.value.total());
    let mut outside: Vec<_> = config.without_area().into_iter().map(|code| (employed(code), code)).collect();
    outside.sort_by_key(|(employed, code)| (-employed, *code));
    let all: i64 = config.occupations().into_iter().map(employed).sum();
    let left: i64 = outside.iter().map(|(employed, _)| employed).sum();
    writeln!(
        text,
        "{} of {} unit groups are in no area; they employ {left} of {all} in {}. The largest:",
        outside.len(),
        config.occupations().len(),
        config.codes.county_info(county).swedish
    )?;
    let rows: Vec<Vec<String>> = outside
        .iter()
        .take(LISTED)
        .map(|(employed, code)| vec![format!("  {code}"), config.codes.occupation(*code).swedish.clone(), employed.to_string()])
        .collect();
    text.push_str(&aligned(&rows, &[2]));
    let (avoided, words) = (crate::words::of_analysts(&config), config.words.avoid.len());
    if avoided.is_empty() {
        writeln!(text, "{}: sound; none of its {words} words is in your own texts", config.folder.join("words.toml").display())?;
    } else {
        writeln!(text, "{}: words to avoid in your own texts:", config.folder.join("words.toml").display())?;
        for line in &avoided {
            writeln!(text, "  {}", super::terminal(line))?;
        }
    }
    Printer::result(&text)?;
    Ok(if avoided.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(3) })
}

fn show(settings: &Settings) -> anyhow::Result<ExitCode> {
    // Read with every check first: what is shown is what is in force.
    let config = settings.config()?;
    let mut text = String::new();
    for (file, _) in FILES {
        let path = config.folder.join(file);
        let table: toml::Table = toml::from_str(&std::fs::read_to_string(&path)?)?;
        writeln!(text, "# {}", path.display())?;
        flatten(&table, "", &mut text);
    }
    Printer::result(&text)?;
    Ok(ExitCode::SUCCESS)
}

fn flatten(table: &toml::Table, prefix: &str, text: &mut String) {
    for (key, value) in table {
        let name = if prefix.is_empty() { key.clone() } else { format!("{prefix}.{key}") };
        match value {
            toml::Value::Table(inner) => flatten(inner, &name, text),
            // A long list of entries is one line each.
            toml::Value::Array(entries) if entries.len() > 10 && entries.iter().all(toml::Value::is_table) => {
                for (position, entry) in entries.iter().enumerate() {
                    let _ = writeln!(text, "{name}.{} = {entry}", position + 1);
                }
            }
            other => {
                let _ = writeln!(text, "{name} = {other}");
            }
        }
    }
}
