//! The tidy figures as the method reads them: every table of a data folder, its hash proved and its codes checked, in maps that answer the method's
//! questions ("employed in 2221 in county 23, newest year not later than the run's").

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::Deserialize;

use crate::code::{CodeError, Codes, Country, County, Isco, Sex, Ssyk, SsykGroup};
use crate::format::{FormatError, parquet_rows};
use crate::source::SOURCES;
use crate::tidy::dataset::{self as rows, Dataset, SourceRow};
use crate::tidy::sha256;

/// What is wrong with a data folder.
#[derive(Debug, thiserror::Error)]
pub enum FiguresError {
    /// The folder has no description.
    #[error(
        "cannot read {path}: {reason}\nhint: a data folder holds datapackage.json and its tables; `--data bundled` uses the figures that came with the program"
    )]
    Package {
        /// The description.
        path: PathBuf,
        /// The reason.
        reason: String,
    },
    /// A table is missing.
    #[error("the table {path} is missing or unreadable: {reason}\nhint: restore it from the repository, or make it again with `malmarknad bundle`")]
    Missing {
        /// The table.
        path: PathBuf,
        /// The reason.
        reason: String,
    },
    /// A table's bytes are not those of the description.
    #[error(
        "{path} is not the table that datapackage.json describes: sha256 {found} instead of {expected}\nhint: somebody has changed it; restore it from the repository, or make it again with `malmarknad bundle`"
    )]
    Changed {
        /// The table.
        path: PathBuf,
        /// Hash in the description.
        expected: String,
        /// Hash of the bytes.
        found: String,
    },
    /// A table has other columns.
    #[error(
        "{path}: expected the columns {expected}, found {found}\nhint: restore the table from the repository, or make it again with `malmarknad bundle`"
    )]
    Columns {
        /// The table.
        path: PathBuf,
        /// Columns wanted.
        expected: String,
        /// Columns there.
        found: String,
    },
    /// A row cannot be read.
    #[error("{path}: row {row}: {problem}\nhint: restore the table from the repository, or make it again with `malmarknad bundle`")]
    Row {
        /// The table.
        path: PathBuf,
        /// Row from 1 after the header.
        row: u64,
        /// What is wrong.
        problem: String,
    },
    /// A Parquet table cannot be read.
    #[error(transparent)]
    Format(#[from] FormatError),
    /// A code is unknown.
    #[error(transparent)]
    Code(#[from] CodeError),
    /// Nothing is old enough.
    #[error("there is no figure of {what} for {year} or earlier\nhint: the bundled figures begin in {first}; choose --year {first} or later")]
    TooEarly {
        /// What is asked for.
        what: &'static str,
        /// The run's year.
        year: i32,
        /// The first year there is.
        first: i32,
    },
}

/// Women and men of a cell. The register publishes no total: it is women + men.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Persons {
    /// Women.
    pub women: i64,
    /// Men.
    pub men: i64,
}

impl Persons {
    /// Women + men.
    #[must_use]
    pub fn total(self) -> i64 {
        self.women + self.men
    }
}

impl std::ops::AddAssign for Persons {
    fn add_assign(&mut self, other: Self) {
        self.women += other.women;
        self.men += other.men;
    }
}

/// A figure of a year.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Dated<T> {
    /// Year.
    pub period: i32,
    /// The figure.
    pub value: T,
}

/// A series of yearly figures.
#[derive(Clone, Debug, PartialEq)]
pub struct Series<T>(BTreeMap<i32, T>);

impl<T> Default for Series<T> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl<T> FromIterator<(i32, T)> for Series<T> {
    fn from_iter<I: IntoIterator<Item = (i32, T)>>(figures: I) -> Self {
        Self(figures.into_iter().collect())
    }
}

impl<T: Copy> Series<T> {
    /// The newest figure not later than `year`.
    #[must_use]
    pub fn newest(&self, year: i32) -> Option<Dated<T>> {
        self.0.range(..=year).next_back().map(|(period, value)| Dated { period: *period, value: *value })
    }

    /// The figure of exactly `year`.
    #[must_use]
    pub fn at(&self, year: i32) -> Option<T> {
        self.0.get(&year).copied()
    }

    /// The years there are.
    pub fn periods(&self) -> impl Iterator<Item = i32> {
        self.0.keys().copied()
    }

    /// Forgets what is later than `year`.
    pub fn until(&mut self, year: i32) {
        self.0.retain(|period, _| *period <= year);
    }

    fn set(&mut self, period: i32, value: T) {
        self.0.insert(period, value);
    }
}

/// Arbetsförmedlingen's words on an occupation in a county.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words {
    /// Recruitment situation.
    pub recruitment: Option<String>,
    /// Job opportunities.
    pub opportunities: Option<String>,
    /// Five-year forecast.
    pub outlook: Option<String>,
    /// Round.
    pub round: String,
    /// Year of the round.
    pub period: i32,
}

/// Median and upper quartile of monthly pay, kronor.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct PayDispersion {
    /// Half earn less.
    pub median: Option<f64>,
    /// A quarter earn more.
    pub upper_quartile: Option<f64>,
}

/// A major group's employment with Eurostat's flags, thousands.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MajorGroup {
    /// Women.
    pub women: Option<f64>,
    /// Men.
    pub men: Option<f64>,
    /// Published total.
    pub total: Option<f64>,
    /// Flags of the total, else of either sex.
    pub flag: Option<String>,
}

/// A rate, percent, with its publisher's flags; a flag may stand alone.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FlaggedRate {
    /// Percent of the labour force.
    pub rate: Option<f64>,
    /// The flags, as published.
    pub flag: Option<String>,
}

/// A county, or Sweden as one area (`None`).
pub type Area = Option<County>;

/// A closed ring of longitudes and latitudes.
pub type Outline = Vec<(f64, f64)>;

/// Every figure of a data folder.
#[derive(Clone, Debug, Default)]
pub struct Figures {
    /// Sources by key.
    pub sources: BTreeMap<String, SourceRow>,
    /// SHA-256 of each table, by name.
    pub hashes: BTreeMap<String, String>,
    /// The tables as CSV, by name: where a figure's own row can be looked up.
    pub tables: BTreeMap<String, Arc<[u8]>>,
    /// Employed by county and unit group.
    pub employed: BTreeMap<(County, Ssyk), Series<Persons>>,
    /// Employed in Sweden by unit group: age group to persons.
    pub ages: BTreeMap<Ssyk, BTreeMap<i32, BTreeMap<String, Option<i64>>>>,
    /// Mean pay by region and unit group, both sexes (published total).
    pub pay_region: BTreeMap<(String, String), Series<Option<f64>>>,
    /// Dispersion of pay in Sweden by unit group, both sexes.
    pub pay_dispersion: BTreeMap<String, Series<PayDispersion>>,
    /// Mean pay by region and unit group, women and men.
    pub pay_region_by_sex: BTreeMap<(String, String, Sex), Series<Option<f64>>>,
    /// Median pay in Sweden by unit group, women and men.
    pub pay_median_by_sex: BTreeMap<(String, Sex), Series<Option<f64>>>,
    /// Arbetsförmedlingen's words by their occupation and area.
    pub assessments: BTreeMap<(String, Area), Words>,
    /// Names of Arbetsförmedlingen's occupations, their unit groups and whether the link is inferred.
    pub assessment_occupations: BTreeMap<String, (Option<String>, Vec<Ssyk>, bool)>,
    /// Ads by area and JobTech group.
    pub ads: BTreeMap<(Area, String), Series<i64>>,
    /// Ads that were open on the day of the snapshot, by area and JobTech group, in that day's year; none in the bundled figures.
    pub open_ads: BTreeMap<(Area, String), Series<i64>>,
    /// ISCO unit groups that JobTech links a group of its own to; none in figures made before they were read.
    pub jobtech_key: BTreeMap<String, BTreeSet<Isco>>,
    /// Born in a country and living in a county.
    pub born_in_county: BTreeMap<(County, Country), Series<i64>>,
    /// Moves from one county to another; none in the bundled figures.
    pub moves: BTreeMap<(County, County), Series<Persons>>,
    /// Inhabitants of a county; none in the bundled figures.
    pub inhabitants: BTreeMap<County, Series<Persons>>,
    /// Key: unit group to (ISCO unit group, in the key, titles).
    pub key: BTreeMap<Ssyk, Vec<(Isco, bool, i64)>>,
    /// Employed by country and ISCO major group (`None` is the whole), by year.
    pub major_groups: BTreeMap<(Country, Option<Isco>), BTreeMap<i32, MajorGroup>>,
    /// Shares of employment: country to year and two-digit groups.
    pub shares: BTreeMap<Country, BTreeMap<i32, BTreeMap<Isco, f64>>>,
    /// Reliability of a country's shares: high, medium or low.
    pub share_reliability: BTreeMap<Country, String>,
    /// Employed persons (total, 15+) by country, with ILOSTAT's remark.
    pub employed_abroad: BTreeMap<(Country, Sex), Series<f64>>,
    /// Remarks on those.
    pub employed_abroad_flags: BTreeMap<(Country, Sex, i32), String>,
    /// Unemployment rate by country and sex.
    pub unemployment: BTreeMap<(Country, Sex), Series<f64>>,
    /// Unemployment rate of a country's citizens at home by sex and year, with Eurostat's flags: evidence beside the ranking.
    pub unemployment_nationals: BTreeMap<(Country, Sex), BTreeMap<i32, FlaggedRate>>,
    /// Unit groups that a country reports short, and the year.
    pub shortages: BTreeMap<Country, (i32, BTreeSet<Isco>)>,
    /// GDP per person at PPP.
    pub income: BTreeMap<Country, Series<f64>>,
    /// Population.
    pub population: BTreeMap<Country, Series<f64>>,
    /// Median age.
    pub median_age: BTreeMap<Country, Series<f64>>,
    /// Born in a country and living in Sweden.
    pub born_in_sweden: BTreeMap<Country, Series<Persons>>,
    /// First-time work permits by SSYK 2012 group of three digits and citizenship, 2015–2020. Only pairs with permits are listed: a pair that lacks a
    /// year of [`Figures::permit_group_years`] had none in it. Permits under the older SSYK 96 or without a group are left out
    /// (`data/mappings/permit_groups.csv`).
    pub permits_by_group: BTreeMap<(SsykGroup, Country), Series<i64>>,
    /// First-time work permits by citizenship, all occupations, 2015–2020, 2022 and 2024. A country that
    /// lacks a year of [`Figures::permit_years`] had none in it.
    pub permits: BTreeMap<Country, Series<i64>>,
    /// Kilometres between capitals, and the dataset's year.
    pub distance: BTreeMap<Country, Dated<f64>>,
    /// Whether a visa is needed, and the table's year.
    pub visa_free: BTreeMap<Country, Dated<bool>>,
    /// Free movement: nordic, eu, eea or switzerland.
    pub free_movement: BTreeMap<Country, String>,
    /// Countries on the WHO list, and its year.
    pub who_list: BTreeMap<Country, i32>,
    /// Outlines for the maps: rings of longitudes and latitudes by map and code of the area (empty for land that is no country of the lists).
    pub outlines: BTreeMap<(String, String), Vec<Outline>>,
}

/// A data folder's `datapackage.json`, as far as it is read.
#[derive(Debug, Deserialize)]
struct Package {
    resources: Vec<Resource>,
}

#[derive(Debug, Deserialize)]
struct Resource {
    name: String,
    path: String,
    hash: String,
}

/// Reads some of a folder's tables.
type Read = fn(&mut Figures, &mut Folder) -> Result<(), FiguresError>;

/// All but [`Figures::read_demand`]: about as long to read, and nothing of one is needed to read the other.
const REST: [Read; 6] =
    [Figures::read_sweden, Figures::read_work_abroad, Figures::read_countries, Figures::read_moves, Figures::read_jobtech, Figures::read_outlines];

#[derive(Clone)]
struct Folder<'a> {
    path: &'a Path,
    package: Arc<BTreeMap<String, Resource>>,
    codes: &'a Codes,
    hashes: BTreeMap<String, String>,
    tables: BTreeMap<String, Arc<[u8]>>,
}

impl<'a> Folder<'a> {
    fn open(path: &'a Path, codes: &'a Codes) -> Result<Self, FiguresError> {
        let file = path.join("datapackage.json");
        let wrong = |reason: String| FiguresError::Package { path: file.clone(), reason };
        let text = std::fs::read_to_string(&file).map_err(|error| wrong(error.to_string()))?;
        let package: Package = serde_json::from_str(&text).map_err(|error| wrong(error.to_string()))?;
        let package = package.resources.into_iter().map(|resource| (resource.name.clone(), resource)).collect();
        Ok(Self { path, package: Arc::new(package), codes, hashes: BTreeMap::new(), tables: BTreeMap::new() })
    }

    /// The CSV bytes of a table, hash proved. A folder may hold a table as Parquet; it is read as the same rows.
    fn bytes(&mut self, name: &'static str) -> Result<(PathBuf, Vec<u8>), FiguresError> {
        let resource = self
            .package
            .get(name)
            .ok_or_else(|| FiguresError::Package { path: self.path.join("datapackage.json"), reason: format!("it describes no table {name}") })?;
        let sound = Path::new(&resource.path).components().all(|part| matches!(part, std::path::Component::Normal(_)));
        if !sound {
            return Err(FiguresError::Package {
                path: self.path.join("datapackage.json"),
                reason: format!("the path of {name} leads out of the folder"),
            });
        }
        let path = self.path.join(&resource.path);
        let bytes = std::fs::read(&path).map_err(|error| FiguresError::Missing { path: path.clone(), reason: error.to_string() })?;
        let found = sha256(&bytes);
        if resource.hash != format!("sha256:{found}") {
            let expected = resource.hash.trim_start_matches("sha256:").to_owned();
            return Err(FiguresError::Changed { path, expected, found });
        }
        self.hashes.insert(name.to_owned(), found);
        if path.extension().is_some_and(|ending| ending == "parquet") {
            let table = parquet_rows::read(bytes, &path.display().to_string())?;
            let mut writer = csv::Writer::from_writer(Vec::new());
            let columns = 0..table.header.len();
            let rows = (0..table.len()).map(|row| columns.clone().map(|column| table.text(row, column)).collect::<Vec<_>>());
            let header = table.header.iter().map(String::as_str).collect::<Vec<_>>();
            for row in std::iter::once(header).chain(rows) {
                writer.write_record(row).map_err(|error| FiguresError::Missing { path: path.clone(), reason: error.to_string() })?;
            }
            let bytes = writer.into_inner().map_err(|error| FiguresError::Missing { path: path.clone(), reason: error.to_string() })?;
            return Ok((path, bytes));
        }
        Ok((path, bytes))
    }

    /// Reads a table and hands each row to `each`, with a text that says where it stands.
    fn rows<D: Dataset>(&mut self, mut each: impl FnMut(&Codes, &str, D) -> Result<(), CodeError>) -> Result<(), FiguresError> {
        let (path, bytes) = self.bytes(D::NAME)?;
        let bytes: Arc<[u8]> = bytes.into();
        self.tables.insert(D::NAME.to_owned(), Arc::clone(&bytes));
        let mut reader = csv::Reader::from_reader(&*bytes);
        let row_error = |row: u64, problem: String| FiguresError::Row { path: path.clone(), row, problem };
        let header = reader.headers().map_err(|error| row_error(0, error.to_string()))?.clone();
        if header.iter().ne(D::FIELDS.iter().map(|field| field.name)) {
            return Err(FiguresError::Columns {
                path,
                expected: D::FIELDS.iter().map(|field| field.name).collect::<Vec<_>>().join(", "),
                found: header.iter().collect::<Vec<_>>().join(", "),
            });
        }
        let mut record = csv::StringRecord::new();
        let mut number = 0;
        let mut keys = Vec::new();
        // The place of a row is only needed when something is wrong, so the row's number is put in then.
        while reader.read_record(&mut record).map_err(|error| row_error(number + 1, error.to_string()))? {
            number += 1;
            let row: D = record.deserialize(Some(&header)).map_err(|error| row_error(number, error.to_string()))?;
            keys.push((row.key(), number));
            each(self.codes, D::NAME, row).map_err(|error| match error {
                CodeError::Unknown { what, code, list, .. } => {
                    FiguresError::Code(CodeError::Unknown { place: format!("{}, row {number}", path.display()), what, code, list })
                }
                other => FiguresError::Code(other),
            })?;
        }
        // Of two figures for the same thing the later would win without a word. Our own tables are sorted by their key, so this costs little.
        keys.sort();
        match keys.array_windows().find(|[(first, _), (second, _)]| first == second) {
            Some([(key, first), (_, second)]) => Err(row_error(*second, format!("a second figure for {key}, which row {first} has already"))),
            None => Ok(()),
        }
    }
}

fn area(codes: &Codes, text: &str, place: &str) -> Result<Area, CodeError> {
    if text == "00" { Ok(None) } else { codes.county(text, place).map(Some) }
}

fn sex(text: &str, place: &str) -> Result<Sex, CodeError> {
    Sex::parse(text).ok_or_else(|| CodeError::Unknown {
        place: place.to_owned(),
        what: "sex",
        code: text.chars().take(40).collect(),
        list: "women, men, total".to_owned(),
    })
}

/// A closed ring of WKT: at least three corners, each on Earth.
fn ring(line: &str) -> Option<Vec<(f64, f64)>> {
    let places = line.strip_prefix("LINESTRING(")?.strip_suffix(')')?.split(',').map(|place| {
        let (longitude, latitude) = place.split_once(' ')?;
        let number = |text: &str, bound: f64| text.parse::<f64>().ok().filter(|value| value.abs() <= bound);
        Some((number(longitude, 180.0)?, number(latitude, 90.0)?))
    });
    let ring: Vec<(f64, f64)> = places.collect::<Option<_>>()?;
    (ring.len() >= 4 && ring.first() == ring.last()).then_some(ring)
}

impl Figures {
    /// Reads the tables of `path` (`data/bundled`, or a folder of the same shape).
    ///
    /// # Errors
    /// A missing or changed table, other columns, an unreadable row, an unknown code.
    pub fn read(path: &Path, codes: &Codes) -> Result<Self, FiguresError> {
        let folder = Folder::open(path, codes)?;
        let part = |reads: &[Read]| {
            let (mut figures, mut folder) = (Self::default(), folder.clone());
            reads.iter().try_for_each(|read| read(&mut figures, &mut folder))?;
            (figures.hashes, figures.tables) = (folder.hashes, folder.tables);
            Ok::<Self, FiguresError>(figures)
        };
        let (demand, rest) = rayon::join(|| part(&[Self::read_demand]), || part(&REST));
        let (demand, mut figures) = (demand?, rest?);
        figures.hashes.extend(demand.hashes);
        figures.tables.extend(demand.tables);
        (figures.employed, figures.ages, figures.ads) = (demand.employed, demand.ages, demand.ads);
        (figures.assessments, figures.assessment_occupations) = (demand.assessments, demand.assessment_occupations);
        Ok(figures)
    }

    /// The key that the figures of a bundled source have here: its own, or that of the snapshot which has taken their place.
    #[must_use]
    pub fn source_key<'a>(&self, key: &'a str) -> &'a str {
        let in_its_place = SOURCES.iter().find(|source| source.replaces.contains(&key) && self.sources.contains_key(source.key));
        in_its_place.map_or(key, |source| source.key)
    }

    /// The keys of all that stands for a bundled source here: a snapshot may leave it the years that it lacks.
    pub fn source_keys<'a>(&self, key: &'a str) -> impl Iterator<Item = &'a str> {
        let newest = self.source_key(key);
        std::iter::once(newest).chain((newest != key && self.sources.contains_key(key)).then_some(key))
    }

    /// The files of the tables that were read from `folder`, by name of the table.
    ///
    /// # Errors
    /// The folder's description cannot be read.
    pub fn paths(&self, folder: &Path) -> Result<Vec<(String, String)>, FiguresError> {
        let path = folder.join("datapackage.json");
        let wrong = |reason: String| FiguresError::Package { path: path.clone(), reason };
        let text = std::fs::read_to_string(&path).map_err(|error| wrong(error.to_string()))?;
        let package: Package = serde_json::from_str(&text).map_err(|error| wrong(error.to_string()))?;
        let read = package.resources.into_iter().filter(|resource| self.hashes.contains_key(&resource.name));
        Ok(read.map(|resource| (resource.name, resource.path)).collect())
    }

    fn read_sweden(&mut self, folder: &mut Folder) -> Result<(), FiguresError> {
        folder.rows(|_, _, row: SourceRow| {
            self.sources.insert(row.source.clone(), row);
            Ok(())
        })?;
        folder.rows(|_, place, row: rows::PayRegion| {
            match sex(&row.sex, place)? {
                Sex::Total => self.pay_region.entry((row.region, row.ssyk4)).or_default().set(row.period, row.mean_pay),
                sex => self.pay_region_by_sex.entry((row.region, row.ssyk4, sex)).or_default().set(row.period, row.mean_pay),
            }
            Ok(())
        })?;
        folder.rows(|_, place, row: rows::PayDispersion| {
            match sex(&row.sex, place)? {
                Sex::Total => self
                    .pay_dispersion
                    .entry(row.ssyk4)
                    .or_default()
                    .set(row.period, PayDispersion { median: row.median, upper_quartile: row.upper_quartile }),
                sex => self.pay_median_by_sex.entry((row.ssyk4, sex)).or_default().set(row.period, row.median),
            }
            Ok(())
        })?;
        folder.rows(|codes, place, row: rows::BornAbroadCounty| {
            let key = (codes.county(&row.county, place)?, codes.country(&row.country, place)?);
            self.born_in_county.entry(key).or_default().set(row.period, row.persons);
            Ok(())
        })?;
        folder.rows(|codes, place, row: rows::SsykIsco| {
            let pairs = self.key.entry(codes.ssyk(&row.ssyk4, place)?).or_default();
            pairs.push((codes.isco(&row.isco08, place)?, row.in_key, row.titles));
            Ok(())
        })
    }

    /// What the need is made from.
    fn read_demand(&mut self, folder: &mut Folder) -> Result<(), FiguresError> {
        folder.rows(|codes, place, row: rows::EmployedCounty| {
            let key = (codes.county(&row.county, place)?, codes.ssyk(&row.ssyk4, place)?);
            self.employed.entry(key).or_default().set(row.period, Persons { women: row.women, men: row.men });
            Ok(())
        })?;
        folder.rows(|codes, place, row: rows::EmployedAge| {
            let years = self.ages.entry(codes.ssyk(&row.ssyk4, place)?).or_default();
            years.entry(row.period).or_default().insert(row.age, row.employed);
            Ok(())
        })?;
        folder.rows(|codes, place, row: rows::Ads| {
            let key = (area(codes, &row.county, place)?, row.jobtech_group);
            self.ads.entry(key).or_default().set(row.period, row.ads);
            Ok(())
        })?;
        folder.rows(|codes, place, row: rows::AssessmentOccupation| {
            let ssyk = row.ssyk4.map(|code| codes.ssyk(&code, place)).transpose()?;
            let inferred = row.basis == "inferred";
            let entry = self.assessment_occupations.entry(row.occupation_id).or_insert_with(|| (row.name, Vec::new(), inferred));
            entry.1.extend(ssyk);
            Ok(())
        })?;
        folder.rows(|codes, place, row: rows::Assessment| {
            let key = (row.occupation_id, area(codes, &row.county, place)?);
            let words =
                Words { recruitment: row.recruitment, opportunities: row.opportunities, outlook: row.outlook, round: row.round, period: row.period };
            self.assessments.insert(key, words);
            Ok(())
        })
    }

    fn read_work_abroad(&mut self, folder: &mut Folder) -> Result<(), FiguresError> {
        folder.rows(|codes, place, row: rows::EmploymentMajorGroup| {
            let group = if row.isco1 == "TOTAL" { None } else { Some(codes.isco(&row.isco1, place)?) };
            let years = self.major_groups.entry((codes.country(&row.country, place)?, group)).or_default();
            let cell = years.entry(row.period).or_default();
            match sex(&row.sex, place)? {
                Sex::Women => cell.women = row.thousands,
                Sex::Men => cell.men = row.thousands,
                Sex::Total => cell.total = row.thousands,
            }
            if row.flag.is_some() {
                cell.flag = row.flag;
            }
            Ok(())
        })?;
        folder.rows(|codes, place, row: rows::EmploymentShare| {
            let country = codes.country(&row.country, place)?;
            self.share_reliability.insert(country, row.reliability);
            let years = self.shares.entry(country).or_default();
            years.entry(row.period).or_default().insert(codes.isco(&row.isco2, place)?, row.share);
            Ok(())
        })?;
        folder.rows(|codes, place, row: rows::EmployedCountry| {
            let (country, sex) = (codes.country(&row.country, place)?, sex(&row.sex, place)?);
            self.employed_abroad.entry((country, sex)).or_default().set(row.period, row.thousands * 1000.0);
            if let Some(flag) = row.flag {
                self.employed_abroad_flags.insert((country, sex, row.period), flag);
            }
            Ok(())
        })?;
        folder.rows(|codes, place, row: rows::Unemployment| {
            let key = (codes.country(&row.country, place)?, sex(&row.sex, place)?);
            self.unemployment.entry(key).or_default().set(row.period, row.rate);
            Ok(())
        })?;
        folder.rows(|codes, place, row: rows::UnemploymentNationals| {
            let years = self.unemployment_nationals.entry((codes.country(&row.country, place)?, sex(&row.sex, place)?)).or_default();
            years.insert(row.period, FlaggedRate { rate: row.rate, flag: row.flag });
            Ok(())
        })?;
        folder.rows(|codes, place, row: rows::ShortageAbroad| {
            let entry = self.shortages.entry(codes.country(&row.country, place)?).or_insert_with(|| (row.period, BTreeSet::new()));
            entry.1.insert(codes.isco(&row.isco08, place)?);
            Ok(())
        })
    }

    fn read_countries(&mut self, folder: &mut Folder) -> Result<(), FiguresError> {
        folder.rows(|codes, place, row: rows::Income| {
            self.income.entry(codes.country(&row.country, place)?).or_default().set(row.period, row.gdp_per_person);
            Ok(())
        })?;
        folder.rows(|codes, place, row: rows::Population| {
            self.population.entry(codes.country(&row.country, place)?).or_default().set(row.period, row.persons);
            Ok(())
        })?;
        folder.rows(|codes, place, row: rows::MedianAge| {
            self.median_age.entry(codes.country(&row.country, place)?).or_default().set(row.period, row.years);
            Ok(())
        })?;
        let mut born: BTreeMap<Country, BTreeMap<i32, Persons>> = BTreeMap::new();
        folder.rows(|codes, place, row: rows::MigrantsInSweden| {
            let cell = born.entry(codes.country(&row.country, place)?).or_default().entry(row.period).or_default();
            match sex(&row.sex, place)? {
                Sex::Women => cell.women = row.persons,
                _ => cell.men = row.persons,
            }
            Ok(())
        })?;
        self.born_in_sweden = born.into_iter().map(|(country, years)| (country, Series(years))).collect();
        folder.rows(|codes, place, row: rows::PermitsGroup| {
            let key = (codes.ssyk_group(&row.ssyk3, place)?, codes.country(&row.country, place)?);
            self.permits_by_group.entry(key).or_default().set(row.period, row.permits);
            Ok(())
        })?;
        folder.rows(|codes, place, row: rows::PermitsCountry| {
            self.permits.entry(codes.country(&row.country, place)?).or_default().set(row.period, row.permits);
            Ok(())
        })?;
        folder.rows(|codes, place, row: rows::Distance| {
            self.distance.insert(codes.country(&row.country, place)?, Dated { period: row.period, value: row.kilometres });
            Ok(())
        })?;
        folder.rows(|codes, place, row: rows::Visa| {
            self.visa_free.insert(codes.country(&row.country, place)?, Dated { period: row.period, value: row.visa_free });
            Ok(())
        })?;
        folder.rows(|codes, place, row: rows::FreeMovement| {
            self.free_movement.insert(codes.country(&row.country, place)?, row.membership);
            Ok(())
        })?;
        folder.rows(|codes, place, row: rows::WhoSafeguards| {
            self.who_list.insert(codes.country(&row.country, place)?, row.period);
            Ok(())
        })
    }

    /// Ads that were open on the day of the snapshot, if that is not later than `year`: a run of an earlier year knows nothing of them.
    #[must_use]
    pub fn open_ads_until(&self, year: i32, area: Area, group: &str) -> Option<i64> {
        self.open_ads.get(&(area, group.to_owned()))?.newest(year).map(|found| found.value)
    }

    /// The years of [`Figures::permits_by_group`].
    #[must_use]
    pub fn permit_group_years(&self) -> BTreeSet<i32> {
        self.permits_by_group.values().flat_map(Series::periods).collect()
    }

    /// Only a fetch brings these: without them counties are ranked without their mobility.
    fn read_moves(&mut self, folder: &mut Folder) -> Result<(), FiguresError> {
        if folder.package.contains_key(rows::MovesCounty::NAME) {
            folder.rows(|codes, place, row: rows::MovesCounty| {
                let key = (codes.county(&row.origin, place)?, codes.county(&row.destination, place)?);
                self.moves.entry(key).or_default().set(row.period, Persons { women: row.women, men: row.men });
                Ok(())
            })?;
        }
        if folder.package.contains_key(rows::PopulationCounty::NAME) {
            folder.rows(|codes, place, row: rows::PopulationCounty| {
                let county = codes.county(&row.county, place)?;
                self.inhabitants.entry(county).or_default().set(row.period, Persons { women: row.women, men: row.men });
                Ok(())
            })?;
        }
        Ok(())
    }

    /// Beside the ranking: what is open today, and another key than SCB's. Figures may be without either.
    fn read_jobtech(&mut self, folder: &mut Folder) -> Result<(), FiguresError> {
        if folder.package.contains_key(rows::OpenAds::NAME) {
            folder.rows(|codes, place, row: rows::OpenAds| {
                self.open_ads.entry((area(codes, &row.county, place)?, row.jobtech_group)).or_default().set(row.period, row.ads);
                Ok(())
            })?;
        }
        if folder.package.contains_key(rows::JobtechIsco::NAME) {
            folder.rows(|codes, place, row: rows::JobtechIsco| {
                self.jobtech_key.entry(row.jobtech_group).or_default().insert(codes.isco(&row.isco08, place)?);
                Ok(())
            })?;
        }
        Ok(())
    }

    /// Outlines are for the maps only: a folder without them gives reports without maps.
    fn read_outlines(&mut self, folder: &mut Folder) -> Result<(), FiguresError> {
        if !folder.package.contains_key(rows::Outline::NAME) {
            return Ok(());
        }
        let mut lines: Vec<(String, String, String)> = Vec::new();
        folder.rows(|codes, place, row: rows::Outline| {
            match row.area.as_deref() {
                Some(county) if row.map == "sweden" => drop(codes.county(county, place)?),
                Some(country) => drop(codes.country(country, place)?),
                None => {}
            }
            lines.push((row.map, row.area.unwrap_or_default(), row.line));
            Ok(())
        })?;
        let path = folder.path.join(format!("{}.csv", rows::Outline::NAME));
        for (number, (map, area, line)) in lines.into_iter().enumerate() {
            let ring = ring(&line).ok_or_else(|| FiguresError::Row {
                path: path.clone(),
                row: number as u64 + 1,
                problem: "the line is no closed ring of longitudes and latitudes".to_owned(),
            })?;
            self.outlines.entry((map, area)).or_default().push(ring);
        }
        Ok(())
    }

    /// The outlines of a map: code of the area and its rings.
    pub fn outlines_of<'a>(&'a self, map: &'a str) -> impl Iterator<Item = (&'a str, &'a [Vec<(f64, f64)>])> {
        self.outlines.iter().filter(move |((of, _), _)| of == map).map(|((_, area), rings)| (area.as_str(), rings.as_slice()))
    }

    /// The years of [`Figures::permits`].
    #[must_use]
    pub fn permit_years(&self) -> BTreeSet<i32> {
        self.permits.values().flat_map(Series::periods).collect()
    }

    /// The year of the newest figure that was observed (projections do not count): the default year of a run.
    #[must_use]
    pub fn newest_year(&self) -> i32 {
        let register = self.employed.values().flat_map(Series::periods).max();
        let born = self.born_in_county.values().flat_map(Series::periods).max();
        let rules = self.visa_free.values().map(|cell| cell.period).max();
        let pay = self.pay_region.values().flat_map(Series::periods).max();
        [register, born, rules, pay].into_iter().flatten().max().unwrap_or(2026)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A table that is read side by side with others, and not put together with them, would be missing without a word.
    #[test]
    fn what_is_read_side_by_side_is_all_that_is_read_one_after_the_other() {
        let home = Path::new(env!("CARGO_MANIFEST_DIR"));
        let codes = crate::config::Config::read(&home.join("data")).unwrap().codes;
        let path = home.join("data/bundled");
        let mut found = Figures::read(&path, &codes).unwrap();
        let (mut wanted, mut folder) = (Figures::default(), Folder::open(&path, &codes).unwrap());
        for read in std::iter::once(&(Figures::read_demand as Read)).chain(&REST) {
            read(&mut wanted, &mut folder).unwrap();
        }
        assert!(found.tables == folder.tables && found.hashes == folder.hashes && found.tables.len() > 20);
        (found.tables, found.hashes) = (BTreeMap::new(), BTreeMap::new());
        assert!(format!("{found:?}") == format!("{wanted:?}"));
    }
}
