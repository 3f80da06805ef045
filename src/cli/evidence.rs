//! `malmarknad evidence`: what employers say and which agreements there are, listed with their effect, and added row by row.

use std::io::{BufRead, IsTerminal as _, Read as _, Write as _};
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context as _, bail};
use clap::{Args, Subcommand};
use serde_json::json;

use super::{Printer, aligned, left_out, terminal};
use crate::code::{Codes, County, Ssyk};
use crate::config::Config;
use crate::demand::county_demand;
use crate::ethics::is_health_occupation;
use crate::evidence::{
    AGREEMENTS_FILE, Agreement, EVIDENCE_FILE, Evidence as Row, Standing, appended, check_name, check_reason, check_source, check_who, newest,
    parse_date, parse_last, parse_occupations, parse_rating, read_agreements, read_evidence,
};
use crate::figures::Figures;
use crate::settings::{DataChoice, Settings};

/// `malmarknad evidence`
#[derive(Debug, Args)]
pub(super) struct Evidence {
    #[command(subcommand)]
    command: EvidenceCommand,
}

#[derive(Debug, Subcommand)]
enum EvidenceCommand {
    /// What the two files hold, and which effect each row has
    List(List),
    /// Adds an employer's word on an occupation to data/employer-evidence.csv; asks for what no flag gives
    Add(Add),
    /// Adds an agreement with a country on the WHO list to data/agreements.csv; asks for what no flag gives
    AddAgreement(AddAgreement),
}

/// `malmarknad evidence list`
#[derive(Debug, Args)]
struct List {
    /// Only the evidence of this county, two digits
    #[arg(long, value_name = "CODE")]
    county: Option<String>,
    /// The run's year that the effect is told for [default: the year of the newest figure]
    #[arg(long, value_name = "YEAR", value_parser = clap::value_parser!(i32).range(2014..2100))]
    year: Option<i32>,
    /// As JSON
    #[arg(long)]
    json: bool,
}

/// `malmarknad evidence add`
#[derive(Debug, Args)]
struct Add {
    /// The county that it holds for, two digits
    #[arg(long, value_name = "CODE")]
    county: Option<String>,
    /// The occupation: an SSYK 2012 unit group, four digits
    #[arg(long, value_name = "CODE")]
    ssyk: Option<String>,
    /// What they say: brist, bevakas or "ingen brist"
    #[arg(long, value_name = "RATING")]
    rating: Option<String>,
    /// Who says it: a role and an organisation with a comma between them ("personalchef, Exempelbolaget"), never a person's name
    #[arg(long, value_name = "WHO")]
    who: Option<String>,
    /// When it was said, YYYY-MM-DD
    #[arg(long, value_name = "DATE")]
    date: Option<String>,
    /// Why, in Swedish: the reports print it
    #[arg(long, value_name = "REASON")]
    reason: Option<String>,
}

/// `malmarknad evidence add-agreement`
#[derive(Debug, Args)]
struct AddAgreement {
    /// The country, ISO 3166-1 alpha-2
    #[arg(long, value_name = "CODE")]
    country: Option<String>,
    /// SSYK 2012 codes or prefixes that it covers, with spaces between them
    #[arg(long, value_name = "CODES")]
    occupations: Option<String>,
    /// Its name
    #[arg(long, value_name = "NAME")]
    agreement: Option<String>,
    /// Its first day, YYYY-MM-DD
    #[arg(long, visible_alias = "valid-from", value_name = "DATE")]
    from: Option<String>,
    /// Its last day, YYYY-MM-DD; empty ("") while it runs on
    #[arg(long, visible_alias = "valid-to", value_name = "DATE")]
    to: Option<String>,
    /// Where it is published
    #[arg(long, value_name = "SOURCE")]
    source: Option<String>,
}

/// What is wrong with an answer, and the remedy.
type Refusal = (String, &'static str);

/// Longest answer that is read.
const LONGEST_ANSWER: u64 = 10_000;
/// How many occupations are shown for words of a name.
const MOST_FOUND: usize = 12;

impl Evidence {
    pub(super) fn execute(&self, settings: &Settings, printer: &Printer) -> anyhow::Result<ExitCode> {
        match &self.command {
            EvidenceCommand::List(command) => command.execute(settings),
            EvidenceCommand::Add(command) => command.execute(settings, printer),
            EvidenceCommand::AddAgreement(command) => command.execute(settings, printer),
        }
    }
}

/// The value of a flag, else an answer to a question on standard input, asked again until it is sound.
fn asked<T>(flag: &str, given: Option<&String>, question: &str, read: impl Fn(&str) -> Result<T, Refusal>) -> anyhow::Result<(String, T)> {
    if let Some(given) = given {
        let value = read(given).map_err(|(problem, hint)| anyhow::anyhow!("--{flag}: {}\nhint: {hint}", terminal(&problem)))?;
        return Ok((given.clone(), value));
    }
    let mut input = std::io::stdin().lock();
    loop {
        let mut error = std::io::stderr().lock();
        write!(error, "{question}: ")?;
        error.flush()?;
        let mut line = String::new();
        let count = (&mut input).take(LONGEST_ANSWER).read_line(&mut line)?;
        if count == 0 {
            // An end that is left open is an empty answer: a script has to give it, or nobody could tell it from one that was forgotten.
            let open = if flag == "to" { "; --to \"\" while the agreement runs on" } else { "" };
            bail!("--{flag} is missing\nhint: give it as a flag, or answer the question{open}");
        }
        if !std::io::stdin().is_terminal() {
            writeln!(error)?;
        }
        let answer = line.trim().to_owned();
        match read(&answer) {
            Ok(value) => return Ok((answer, value)),
            Err((problem, hint)) => writeln!(error, "{}\nhint: {hint}", terminal(&problem))?,
        }
    }
}

fn county_of(codes: &Codes, text: &str) -> Result<County, Refusal> {
    codes.county(text, "").map_err(|_| {
        let list: Vec<String> = codes.counties().map(|(code, info)| format!("{code} {}", info.swedish)).collect();
        (format!("there is no county \"{}\"; there are {}", short(text), list.join(", ")), "two digits")
    })
}

/// An occupation by its code; words of a name are answered with the codes that they lead to.
fn occupation_of(config: &Config, text: &str) -> Result<Ssyk, Refusal> {
    if let Ok(code) = config.codes.ssyk(text, "") {
        return if config.occupations().contains(&code) { Ok(code) } else { Err(left_out(code)) };
    }
    let wanted = text.to_lowercase();
    let named = config.codes.occupations().filter(|(_, name)| !wanted.is_empty() && name.swedish.to_lowercase().contains(&wanted));
    let found: Vec<String> = named.map(|(code, name)| format!("{code} {}", name.swedish)).take(MOST_FOUND).collect();
    let problem = if found.is_empty() {
        format!("there is no occupation \"{}\"", short(text))
    } else {
        format!("\"{}\" is in the names of {}", short(text), found.join(", "))
    };
    Err((problem, "four digits of SSYK 2012; data/mappings/ssyk2012.csv has them all"))
}

fn short(text: &str) -> String {
    text.chars().take(40).collect()
}

/// Puts new bytes in the place of a file's at once: whoever reads it meanwhile reads the old ones whole. One at a time: the new file is the lock.
fn replace(path: &Path, change: impl FnOnce(&[u8]) -> anyhow::Result<Vec<u8>>) -> anyhow::Result<()> {
    // Through a link, the file that it leads to.
    let path = std::fs::canonicalize(path).with_context(|| format!("cannot read {}\nhint: restore it from the repository", path.display()))?;
    let mut name = path.file_name().unwrap_or_default().to_os_string();
    name.push(".new");
    let beside = path.with_file_name(name);
    let lock = std::fs::OpenOptions::new().write(true).create_new(true).open(&beside);
    let mut file = lock.with_context(|| {
        format!(
            "cannot write {}\nhint: if another `malmarknad evidence` is at work, wait for it; if one was broken off, remove the file; else make room and rights",
            beside.display()
        )
    })?;
    let written = std::fs::read(&path).map_err(anyhow::Error::from).and_then(|before| {
        file.write_all(&change(&before)?)?;
        file.sync_all()?;
        std::fs::set_permissions(&beside, std::fs::metadata(&path)?.permissions())?;
        Ok(std::fs::rename(&beside, &path)?)
    });
    if written.is_err() {
        let _ = std::fs::remove_file(&beside);
    }
    written
}

/// The configuration and the bundled figures, read before anything is asked: a broken file is told first.
fn opened(settings: &Settings) -> anyhow::Result<(Config, Figures)> {
    let config = settings.config()?;
    let (figures, _) = settings.figures(&DataChoice::Bundled, &config.codes)?;
    Ok((config, figures))
}

impl Add {
    fn execute(&self, settings: &Settings, printer: &Printer) -> anyhow::Result<ExitCode> {
        let (config, figures) = opened(settings)?;
        let codes = &config.codes;
        let (county, _) = asked("county", self.county.as_ref(), "County (two digits, as 23)", |text| county_of(codes, text))?;
        let (ssyk, _) =
            asked("ssyk", self.ssyk.as_ref(), "Occupation (SSYK 2012, four digits, or words of its name)", |text| occupation_of(&config, text))?;
        let (rating, _) = asked("rating", self.rating.as_ref(), "Rating (brist, bevakas or ingen brist)", parse_rating)?;
        let (who, ()) = asked("who", self.who.as_ref(), "Who says it (role, organisation; never a person's name)", check_who)?;
        let (date, _) = asked("date", self.date.as_ref(), "When (YYYY-MM-DD)", parse_date)?;
        let (reason, ()) = asked("reason", self.reason.as_ref(), "Why (in Swedish; the reports print it)", check_reason)?;
        let path = settings.data().join(EVIDENCE_FILE);
        let mut list = Vec::new();
        replace(&path, |before| {
            let bytes = appended(before, [&county, &ssyk, &rating, &who, &date, &reason])?;
            // As the next run will read it: what that refuses is never written.
            list = read_evidence(&path, &bytes, codes)?;
            Ok(bytes)
        })?;
        let config = Config { evidence: list, ..config };
        let Some(row) = config.evidence.last() else { bail!("{} has lost its rows\nhint: please report it", path.display()) };
        printer.status(&format!("added to {}", path.display()));
        Printer::result(&format!("{}\n", effect_of_evidence(&config, &figures, row, figures.newest_year())))?;
        for line in crate::words::of_analysts(&config).into_iter().filter(|line| line.starts_with(EVIDENCE_FILE)) {
            printer.status(&format!("warning: {}", terminal(&line)));
        }
        Ok(ExitCode::SUCCESS)
    }
}

impl AddAgreement {
    fn execute(&self, settings: &Settings, printer: &Printer) -> anyhow::Result<ExitCode> {
        let (config, figures) = opened(settings)?;
        let codes = &config.codes;
        let known = |text: &str| {
            codes.country(text, "").map_err(|_| {
                (format!("there is no country \"{}\"", short(text)), "two letters of ISO 3166-1, as PH; data/mappings/countries.csv has them all")
            })
        };
        let (country, _) = asked("country", self.country.as_ref(), "Country (two letters, as PH)", known)?;
        let (occupations, _) =
            asked("occupations", self.occupations.as_ref(), "Occupations (SSYK 2012 codes or prefixes, spaces between)", |text| {
                parse_occupations(text, codes)
            })?;
        let (agreement, ()) = asked("agreement", self.agreement.as_ref(), "Name of the agreement", check_name)?;
        let (from, first) = asked("from", self.from.as_ref(), "First day (YYYY-MM-DD)", parse_date)?;
        let (to, _) = asked("to", self.to.as_ref(), "Last day (YYYY-MM-DD; nothing while it runs on)", |text| parse_last(text, first))?;
        let (source, ()) = asked("source", self.source.as_ref(), "Where it is published", check_source)?;
        let path = settings.data().join(AGREEMENTS_FILE);
        let mut list = Vec::new();
        replace(&path, |before| {
            let bytes = appended(before, [&country, &occupations, &agreement, &from, &to, &source])?;
            list = read_agreements(&path, &bytes, codes)?;
            Ok(bytes)
        })?;
        let Some(row) = list.last() else { bail!("{} has lost its rows\nhint: please report it", path.display()) };
        printer.status(&format!("added to {}", path.display()));
        Printer::result(&format!("{}\n", effect_of_agreement(&config, &figures, row, figures.newest_year())))?;
        Ok(ExitCode::SUCCESS)
    }
}

/// What a row of evidence does in a run for `year`, in a line.
fn effect_of_evidence(config: &Config, figures: &Figures, row: &Row, year: i32) -> String {
    let (name, county) = (&config.codes.occupation(row.occupation).swedish, &config.codes.county_info(row.county).swedish);
    let subject = format!("{} {name}, {county}, {}", row.occupation, row.date);
    if i32::from(row.date.year()) > year {
        return format!("{subject}: no effect in a run for {year}, which is earlier");
    }
    if newest(&config.evidence, row.county, row.occupation, year) != Some(row) {
        return format!("{subject}: no effect, there is a later word on the occupation");
    }
    let found = county_demand(figures, config, row.county, year).ok().and_then(|demand| demand.occupations.get(&row.occupation)?.evidence.clone());
    match found {
        Some(found) => format!("{subject}: {} (the figures alone give: {})", row.rating.as_str(), found.otherwise.as_str()),
        None => format!("{subject}: no effect, the county's register does not have the occupation"),
    }
}

/// What an agreement does in a run for `year`, in a line.
fn effect_of_agreement(config: &Config, figures: &Figures, row: &Agreement, year: i32) -> String {
    let subject = format!("{} {}, {}", row.country, config.codes.country_name(row.country).swedish, row.name);
    let opened: Vec<String> = config
        .occupations()
        .into_iter()
        .filter(|occupation| row.covers(*occupation) && is_health_occupation(config, *occupation))
        .map(|occupation| occupation.to_string())
        .collect();
    let effect = match row.standing(year) {
        Standing::Ended => format!("no effect in a run for {year}, it ends before the year is out"),
        Standing::NotBegun => format!("no effect in a run for {year}, it begins later"),
        Standing::InForce if !figures.who_list.contains_key(&row.country) => "no effect, the country is not on the WHO list".to_owned(),
        Standing::InForce if opened.is_empty() => "no effect, it covers no health occupation of the method".to_owned(),
        Standing::InForce => format!("opens {}", opened.join(" ")),
    };
    terminal(&format!("{subject}: {effect}"))
}

impl List {
    fn execute(&self, settings: &Settings) -> anyhow::Result<ExitCode> {
        let (config, figures) = opened(settings)?;
        let year = self.year.unwrap_or_else(|| figures.newest_year());
        let county = self.county.as_ref().map(|typed| crate::settings::county(&config.codes, typed)).transpose()?;
        let evidence: Vec<&Row> = config.evidence.iter().filter(|row| county.is_none_or(|county| row.county == county)).collect();
        if self.json {
            let told = json!({
                "year": year,
                "evidence": evidence.iter().map(|row| json!({
                    "county": row.county.to_string(), "ssyk": row.occupation.to_string(), "rating": row.rating.as_str(), "who": row.who,
                    "date": row.date.to_string(), "reason": row.reason, "effect": effect_of_evidence(&config, &figures, row, year),
                })).collect::<Vec<_>>(),
                "agreements": config.agreements.iter().map(|row| json!({
                    "country": row.country.to_string(), "occupations": row.occupations.join(" "), "agreement": row.name,
                    "valid_from": row.valid_from.to_string(), "valid_to": row.valid_to.map(|day| day.to_string()), "source": row.source,
                    "effect": effect_of_agreement(&config, &figures, row, year),
                })).collect::<Vec<_>>(),
            });
            Printer::result(&format!("{}\n", serde_json::to_string_pretty(&told)?))?;
            return Ok(ExitCode::SUCCESS);
        }
        let mut text = section(
            &config.folder.join(EVIDENCE_FILE),
            &["who", "effect", "reason"],
            evidence.iter().map(|row| vec![row.who.clone(), effect_of_evidence(&config, &figures, row, year), row.reason.clone()]),
        );
        text.push_str(&section(
            &config.folder.join(AGREEMENTS_FILE),
            &["from", "to", "effect", "source"],
            config.agreements.iter().map(|row| {
                let last = row.valid_to.map_or_else(|| "-".to_owned(), |day| day.to_string());
                vec![row.valid_from.to_string(), last, effect_of_agreement(&config, &figures, row, year), row.source.clone()]
            }),
        ));
        Printer::result(&text)?;
        Ok(ExitCode::SUCCESS)
    }
}

fn section(path: &Path, head: &[&str], rows: impl Iterator<Item = Vec<String>>) -> String {
    let rows: Vec<Vec<String>> = rows.map(|row| row.iter().map(|cell| terminal(cell)).collect()).collect();
    if rows.is_empty() {
        return format!("{}: nothing yet\n", path.display());
    }
    let lines: Vec<Vec<String>> = std::iter::once(head.iter().map(|cell| (*cell).to_owned()).collect()).chain(rows).collect();
    format!("{}\n{}", path.display(), aligned(&lines, &[]))
}
