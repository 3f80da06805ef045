//! What people have said beside the figures: employers' evidence on occupations and agreements with countries on the WHO list (method, sections 2 and 7).
//!
//! Two CSV files that an analyst edits, by hand or with `malmarknad evidence`. Both are read with the same strictness, so that what one of the two ways has
//! written, the other reads. Everything in them is printed in the reports, and nothing in them may point at a person.

use std::collections::BTreeMap;
use std::path::Path;

use jiff::civil::Date;

use crate::code::{Codes, Country, County, Ssyk};
use crate::config::ConfigError;

/// The file of employers' evidence.
pub const EVIDENCE_FILE: &str = "employer-evidence.csv";
/// The file of agreements.
pub const AGREEMENTS_FILE: &str = "agreements.csv";
/// Columns of [`EVIDENCE_FILE`].
pub const EVIDENCE_COLUMNS: [&str; 6] = ["county", "ssyk", "rating", "who", "date", "reason"];
/// Columns of [`AGREEMENTS_FILE`].
pub const AGREEMENT_COLUMNS: [&str; 6] = ["country", "occupations", "agreement", "valid_from", "valid_to", "source"];

/// Largest file that is read: a list that people write is far smaller.
const MOST_BYTES: usize = 1 << 20;
/// Longest name of somebody or something, and longest reason, in characters.
const LONGEST_NAME: usize = 160;
const LONGEST_REASON: usize = 600;
/// Digits of a word from which it is somebody's number; a span of years or a date has eight.
const DIGITS_OF_A_NUMBER: usize = 9;

/// What employers say of an occupation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Word {
    /// *brist*
    Shortage,
    /// *bevakas*
    Watch,
    /// *ingen brist*
    NoShortage,
}

impl Word {
    /// The word as it stands in the file.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Shortage => "brist",
            Self::Watch => "bevakas",
            Self::NoShortage => "ingen brist",
        }
    }

    /// The word that stands in the file; `None` for another.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Shortage, Self::Watch, Self::NoShortage].into_iter().find(|word| word.as_str() == text)
    }
}

/// An employer's word on an occupation in a county, which overrides the rating.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// County it holds for.
    pub county: County,
    /// Unit group.
    pub occupation: Ssyk,
    /// The rating.
    pub rating: Word,
    /// Who said it: a role and an organisation with a comma between them, never a person's name.
    pub who: String,
    /// When.
    pub date: Date,
    /// Why.
    pub reason: String,
}

/// An agreement that lets health workers be recruited from a country on the WHO list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agreement {
    /// The country.
    pub country: Country,
    /// SSYK codes or prefixes that it covers.
    pub occupations: Vec<String>,
    /// Its name.
    pub name: String,
    /// First day.
    pub valid_from: Date,
    /// Last day; `None` while it runs on.
    pub valid_to: Option<Date>,
    /// Where it is published.
    pub source: String,
}

/// Whether an agreement counts in a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It holds at the end of the run's year.
    InForce,
    /// It has ended, or ends before the year is out: a report is read all year.
    Ended,
    /// It begins after the run's year.
    NotBegun,
}

impl Agreement {
    /// Whether it counts in a run for `year`: it does if it is in force on the last day of the year.
    #[must_use]
    pub fn standing(&self, year: i32) -> Standing {
        let in_year = |date: Date| i32::from(date.year());
        let ends = self.valid_to.is_some_and(|last| in_year(last) < year || (in_year(last) == year && (last.month(), last.day()) < (12, 31)));
        match (ends, in_year(self.valid_from) > year) {
            (true, _) => Standing::Ended,
            (_, true) => Standing::NotBegun,
            _ => Standing::InForce,
        }
    }

    /// Whether it is about the occupation.
    #[must_use]
    pub fn covers(&self, occupation: Ssyk) -> bool {
        self.occupations.iter().any(|prefix| occupation.starts_with(prefix))
    }
}

/// The evidence that counts for an occupation of a county in a run for `year`: the newest that is not later.
#[must_use]
pub fn newest(evidence: &[Evidence], county: County, occupation: Ssyk, year: i32) -> Option<&Evidence> {
    let own = evidence.iter().filter(|item| item.county == county && item.occupation == occupation && i32::from(item.date.year()) <= year);
    own.max_by_key(|item| item.date)
}

/// The agreement that opens an occupation of a country in a run for `year`.
#[must_use]
pub fn in_force(agreements: &[Agreement], country: Country, occupation: Ssyk, year: i32) -> Option<&Agreement> {
    let holds = |item: &&Agreement| item.country == country && item.covers(occupation) && item.standing(year) == Standing::InForce;
    agreements.iter().find(holds)
}

/// Where a value stands, for what is said of it.
struct Place<'a> {
    path: &'a Path,
    row: usize,
}

impl Place<'_> {
    fn text(&self) -> String {
        format!("{}, row {}", self.path.display(), self.row)
    }

    fn wrong(&self, column: &str, problem: String, hint: &'static str) -> ConfigError {
        let key = if column.is_empty() { format!("row {}", self.row) } else { format!("row {}, {column}", self.row) };
        ConfigError::Value { path: self.path.to_path_buf(), key, problem, hint }
    }
}

/// A text that is printed as it stands: not empty, not endless, on one line, and nothing that a spreadsheet would compute.
///
/// # Errors
/// What is wrong with it, and the remedy.
pub fn check_text(text: &str, longest: usize) -> Result<(), (String, &'static str)> {
    if text.is_empty() {
        return Err(("it is empty".to_owned(), "the reports print it: write it out"));
    }
    if text.trim() != text {
        return Err(("it begins or ends with white space".to_owned(), "remove the white space"));
    }
    let length = text.chars().count();
    if length > longest {
        return Err((format!("it has {length} characters, more than {longest}"), "shorten it: the reports print it in a line"));
    }
    let hidden = |character: char| {
        character.is_control() || matches!(character, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
    };
    if text.chars().any(hidden) {
        return Err((
            "it holds a line break or another sign that cannot be seen".to_owned(),
            "write it on one line, with letters, digits and punctuation",
        ));
    }
    if text.starts_with(['=', '+', '-', '@']) {
        return Err(("it begins with a sign that a spreadsheet takes for a formula".to_owned(), "begin with a letter or a digit"));
    }
    Ok(())
}

/// Who said something: a role and an organisation, with a comma between them. Addresses and long numbers are a person's, and so is a name, which has no comma
/// as it is written.
///
/// # Errors
/// What is wrong with it, and the remedy.
pub fn check_who(text: &str) -> Result<(), (String, &'static str)> {
    check_text(text, LONGEST_NAME)?;
    no_person(text)?;
    let parts = text.split_once(',').map(|(role, organisation)| [role, organisation]);
    let has_both = parts.is_some_and(|parts| parts.iter().all(|part| part.contains(char::is_alphabetic)));
    if has_both { Ok(()) } else { Err(("it is no role and organisation with a comma between them".to_owned(), WHO_HINT)) }
}

/// Why something is said.
///
/// # Errors
/// What is wrong with it, and the remedy.
pub fn check_reason(text: &str) -> Result<(), (String, &'static str)> {
    check_text(text, LONGEST_REASON)?;
    no_person(text)
}

/// The name of an agreement.
///
/// # Errors
/// What is wrong with it, and the remedy.
pub fn check_name(text: &str) -> Result<(), (String, &'static str)> {
    check_text(text, LONGEST_NAME)
}

/// Where an agreement is published.
///
/// # Errors
/// What is wrong with it, and the remedy.
pub fn check_source(text: &str) -> Result<(), (String, &'static str)> {
    check_text(text, LONGEST_REASON)
}

/// How somebody is named.
const WHO_HINT: &str =
    "write a role and an organisation with a comma between them (\"personalchef, Exempelbolaget\"), never a person's name, address or number";

fn no_person(text: &str) -> Result<(), (String, &'static str)> {
    let digits = |word: &str| word.chars().filter(char::is_ascii_digit).count();
    if text.contains('@') || text.split_whitespace().any(|word| digits(word) >= DIGITS_OF_A_NUMBER) {
        return Err(("it holds an address or a number that points at a person".to_owned(), WHO_HINT));
    }
    Ok(())
}

/// A day, written YYYY-MM-DD.
///
/// # Errors
/// What is wrong with it, and the remedy.
pub fn parse_date(text: &str) -> Result<Date, (String, &'static str)> {
    const HINT: &str = "write a day as YYYY-MM-DD, from 1954 on";
    let shown: String = text.chars().take(40).collect();
    let date = text.parse::<Date>().ok().filter(|date| date.to_string() == text && date.year() >= 1954);
    date.ok_or_else(|| (format!("\"{shown}\" is no day"), HINT))
}

/// SSYK codes or prefixes, separated by spaces.
///
/// # Errors
/// What is wrong with them, and the remedy.
pub fn parse_occupations(text: &str, codes: &Codes) -> Result<Vec<String>, (String, &'static str)> {
    const HINT: &str = "write SSYK 2012 codes or prefixes with spaces between them, as 2221 223; see data/mappings/ssyk2012.csv";
    let prefixes: Vec<String> = text.split(' ').map(str::to_owned).collect();
    match prefixes.iter().find(|prefix| !codes.is_ssyk_prefix(prefix)) {
        Some(prefix) => Err((format!("\"{}\" is no SSYK 2012 code or prefix", prefix.chars().take(40).collect::<String>()), HINT)),
        None => Ok(prefixes),
    }
}

/// What employers say, in one of the file's words.
///
/// # Errors
/// What is wrong with it, and the remedy.
pub fn parse_rating(text: &str) -> Result<Word, (String, &'static str)> {
    let shown: String = text.chars().take(40).collect();
    Word::parse(text).ok_or_else(|| (format!("\"{shown}\" is no rating"), "write brist, bevakas or ingen brist"))
}

/// The last day of an agreement, if it has one.
///
/// # Errors
/// What is wrong with it, and the remedy.
pub fn parse_last(text: &str, first: Date) -> Result<Option<Date>, (String, &'static str)> {
    if text.is_empty() {
        return Ok(None);
    }
    let last = parse_date(text)?;
    if last < first {
        return Err((format!("{last} is before the first day, {first}"), "write a later last day, or none while the agreement runs on"));
    }
    Ok(Some(last))
}

/// The rows of a file, each cell as it stands, once the file's shape is sound.
fn rows<const COLUMNS: usize>(path: &Path, bytes: &[u8], columns: [&str; COLUMNS]) -> Result<Vec<[String; COLUMNS]>, ConfigError> {
    const SHAPE: &str = "keep the header and give every column; separate with commas, and quote a text that holds a comma; save as UTF-8";
    let wrong = |key: String, problem: String, hint| ConfigError::Value { path: path.to_path_buf(), key, problem, hint };
    if bytes.len() > MOST_BYTES {
        let problem = format!("it has {} bytes, more than {MOST_BYTES}", bytes.len());
        return Err(wrong("the file".to_owned(), problem, "a list that people write is far smaller: is it the right file?"));
    }
    // Spreadsheets write a mark before the first column.
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut reader = csv::Reader::from_reader(bytes);
    let header = reader.headers().map_err(|error| wrong("the header".to_owned(), error.to_string(), SHAPE))?;
    if header.iter().ne(columns) {
        let found: String = header.iter().collect::<Vec<_>>().join(",").chars().filter(|character| !character.is_control()).take(120).collect();
        let hint = if found.contains(';') { "separate with commas, not with semicolons: save as CSV UTF-8 (comma delimited)" } else { SHAPE };
        return Err(wrong("the header".to_owned(), format!("expected {}, found {found}", columns.join(",")), hint));
    }
    let mut rows = Vec::new();
    for (position, record) in reader.records().enumerate() {
        let record = record.map_err(|error| wrong(format!("row {}", position + 1), error.to_string(), SHAPE))?;
        rows.push(std::array::from_fn(|column| record.get(column).unwrap_or_default().to_owned()));
    }
    Ok(rows)
}

/// Employers' evidence, in the order of the file.
///
/// # Errors
/// Another header, an unknown code, a value that is none, a text that may not stand there, or two words of one day on the same occupation.
pub fn read_evidence(path: &Path, bytes: &[u8], codes: &Codes) -> Result<Vec<Evidence>, ConfigError> {
    let mut seen: BTreeMap<(County, Ssyk, Date), usize> = BTreeMap::new();
    let mut list = Vec::new();
    for (position, [county, occupation, rating, who, date, reason]) in rows(path, bytes, EVIDENCE_COLUMNS)?.into_iter().enumerate() {
        let place = Place { path, row: position + 1 };
        let told = |column: &'static str| move |(problem, hint): (String, &'static str)| (column, problem, hint);
        let read = || -> Result<(Word, Date), (&'static str, String, &'static str)> {
            let rating = parse_rating(&rating).map_err(told("rating"))?;
            check_who(&who).map_err(told("who"))?;
            let date = parse_date(&date).map_err(told("date"))?;
            check_reason(&reason).map_err(told("reason"))?;
            Ok((rating, date))
        };
        let (rating, date) = read().map_err(|(column, problem, hint)| place.wrong(column, problem, hint))?;
        let county = codes.county(&county, &place.text())?;
        let occupation = codes.ssyk(&occupation, &place.text())?;
        if let Some(first) = seen.insert((county, occupation, date), place.row) {
            let problem = format!("a second word on {occupation} in county {county} of {date}, which row {first} has already");
            return Err(place.wrong("", problem, "keep one of them: which of the two counts cannot be told"));
        }
        list.push(Evidence { county, occupation, rating, who, date, reason });
    }
    Ok(list)
}

/// What is wrong with a cell: column, problem, hint.
type Fault = (&'static str, String, &'static str);

/// Agreements, in the order of the file.
///
/// # Errors
/// Another header, an unknown code, a value that is none, a text that may not stand there, or the same agreement twice.
pub fn read_agreements(path: &Path, bytes: &[u8], codes: &Codes) -> Result<Vec<Agreement>, ConfigError> {
    let mut list: Vec<Agreement> = Vec::new();
    for (position, [country, occupations, name, valid_from, valid_to, source]) in rows(path, bytes, AGREEMENT_COLUMNS)?.into_iter().enumerate() {
        let place = Place { path, row: position + 1 };
        let told = |column: &'static str| move |(problem, hint): (String, &'static str)| (column, problem, hint);
        let read = || -> Result<(Vec<String>, Date, Option<Date>), Fault> {
            let occupations = parse_occupations(&occupations, codes).map_err(told("occupations"))?;
            check_name(&name).map_err(told("agreement"))?;
            let first = parse_date(&valid_from).map_err(told("valid_from"))?;
            let last = parse_last(&valid_to, first).map_err(told("valid_to"))?;
            check_source(&source).map_err(told("source"))?;
            Ok((occupations, first, last))
        };
        let (occupations, valid_from, valid_to) = read().map_err(|(column, problem, hint)| place.wrong(column, problem, hint))?;
        let country = codes.country(&country, &place.text())?;
        let agreement = Agreement { country, occupations, name, valid_from, valid_to, source };
        if let Some(first) = list.iter().position(|other| *other == agreement) {
            return Err(place.wrong("", format!("the same agreement as in row {}", first + 1), "keep one of them"));
        }
        list.push(agreement);
    }
    Ok(list)
}

/// The file's bytes with one row after the others, which stay byte for byte as they are.
///
/// # Errors
/// The writer refuses a cell.
pub fn appended<const COLUMNS: usize>(before: &[u8], row: [&str; COLUMNS]) -> Result<Vec<u8>, csv::Error> {
    // The file keeps the line ends that it has.
    let windows = before.windows(2).any(|pair| pair == b"\r\n");
    let terminator = if windows { csv::Terminator::CRLF } else { csv::Terminator::Any(b'\n') };
    let mut writer = csv::WriterBuilder::new().terminator(terminator).from_writer(Vec::new());
    writer.write_record(row)?;
    let line = writer.into_inner().map_err(|error| csv::Error::from(error.into_error()))?;
    let mut bytes = before.to_vec();
    if !bytes.is_empty() && bytes.last() != Some(&b'\n') {
        bytes.extend_from_slice(if windows { b"\r\n" } else { b"\n" });
    }
    bytes.extend(line);
    Ok(bytes)
}
