//! The classifications in force (SSYK 2012, ISCO-08, counties, countries), read from `data/mappings`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::{CodeError, Country, CountryName, CountryScheme, County};

/// An SSYK 2012 unit group: four digits as text, leading zeros kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ssyk([u8; 4]);

/// An SSYK 2012 minor group: three digits as text, leading zeros kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SsykGroup([u8; 3]);

/// An ISCO-08 group of one to four digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Isco {
    digits: [u8; 4],
    length: u8,
}

fn four_digits(text: &str) -> Option<[u8; 4]> {
    let bytes: [u8; 4] = text.as_bytes().try_into().ok()?;
    bytes.iter().all(u8::is_ascii_digit).then_some(bytes)
}

impl Ssyk {
    /// The lowest code there can be: where a search in a sorted map begins.
    pub const FIRST: Self = Self(*b"0000");

    /// The code with its leading zeros.
    #[must_use]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("????")
    }

    /// Whether the code begins with `prefix`.
    #[must_use]
    pub fn starts_with(&self, prefix: &str) -> bool {
        self.as_str().starts_with(prefix)
    }

    /// The minor group that holds the unit group.
    #[must_use]
    pub fn group(&self) -> SsykGroup {
        let [first, second, third, _] = self.0;
        SsykGroup([first, second, third])
    }
}

impl SsykGroup {
    /// The code with its leading zeros.
    #[must_use]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("???")
    }

    fn from_digits(text: &str) -> Option<Self> {
        let bytes: [u8; 3] = text.as_bytes().try_into().ok()?;
        bytes.iter().all(u8::is_ascii_digit).then_some(Self(bytes))
    }
}

impl Isco {
    /// The code with its leading zeros.
    #[must_use]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.digits[..usize::from(self.length)]).unwrap_or("????")
    }

    /// The group of `length` digits that holds this one; the code itself where it is no longer than that.
    #[must_use]
    pub fn at_level(&self, length: u8) -> Self {
        let length = self.length.min(length);
        let mut digits = [b'0'; 4];
        digits[..usize::from(length)].copy_from_slice(&self.digits[..usize::from(length)]);
        Self { digits, length }
    }

    fn from_digits(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        if bytes.is_empty() || bytes.len() > 4 || !bytes.iter().all(u8::is_ascii_digit) {
            return None;
        }
        let mut digits = [b'0'; 4];
        digits[..bytes.len()].copy_from_slice(bytes);
        Some(Self { digits, length: u8::try_from(bytes.len()).ok()? })
    }
}

impl std::fmt::Display for Ssyk {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl std::fmt::Display for SsykGroup {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl std::fmt::Display for Isco {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// Names of an occupation, and the JobTech group that holds it.
#[derive(Clone, Debug)]
pub struct OccupationName {
    /// SCB's Swedish name.
    pub swedish: String,
    /// SCB's English name.
    pub english: String,
    /// JobTech's four-digit group; `None` where JobTech lacks the group.
    pub jobtech_group: Option<String>,
}

/// What is known of a county.
#[derive(Clone, Debug)]
pub struct CountyInfo {
    /// "Jämtlands län".
    pub swedish: String,
    /// English name.
    pub english: String,
    /// The NUTS 2 region as SCB's wage tables spell it.
    pub nuts2: String,
    /// Its code.
    pub nuts2_code: String,
    /// JobTech's concept id of the region.
    pub jobtech_id: String,
    /// Latitude of the centroid, degrees.
    pub latitude: f64,
    /// Longitude of the centroid, degrees.
    pub longitude: f64,
}

/// What a source is called in English; the source itself comes with Swedish texts.
#[derive(Clone, Debug)]
pub struct EnglishSource {
    /// Publisher.
    pub publisher: String,
    /// Table or data set.
    pub dataset: String,
    /// Title.
    pub title: String,
    /// Attribution line, without "Source:".
    pub attribution: String,
    /// Licence; `None` where its name is the same in both languages.
    pub licence: Option<String>,
}

/// Every code list in force.
#[derive(Clone, Debug)]
pub struct Codes {
    folder: PathBuf,
    occupations: BTreeMap<Ssyk, OccupationName>,
    occupation_groups: BTreeSet<String>,
    unit_groups: BTreeSet<Isco>,
    counties: BTreeMap<County, CountyInfo>,
    countries: BTreeMap<Country, CountryName>,
    spellings: BTreeMap<(String, String), Result<Country, String>>,
    jobtech_groups: BTreeMap<String, String>,
    excluded_isco: BTreeMap<(String, String), String>,
    permit_groups: BTreeMap<String, Result<SsykGroup, String>>,
    english_sources: BTreeMap<String, EnglishSource>,
}

struct List {
    path: PathBuf,
    rows: Vec<csv::StringRecord>,
}

impl List {
    fn read(folder: &Path, name: &str, header: &[&str]) -> Result<Self, CodeError> {
        let path = folder.join(name);
        let missing = |reason: String| CodeError::Missing { path: path.clone(), reason };
        let mut reader = csv::Reader::from_path(&path).map_err(|error| missing(error.to_string()))?;
        let found = reader.headers().map_err(|error| missing(error.to_string()))?.clone();
        if found.iter().take(header.len()).ne(header.iter().copied()) {
            return Err(CodeError::List {
                path,
                row: 0,
                problem: format!("the header should begin with {}, but is {}", header.join(","), found.iter().collect::<Vec<_>>().join(",")),
            });
        }
        let rows = reader.records().collect::<Result<Vec<_>, _>>().map_err(|error| missing(error.to_string()))?;
        Ok(Self { path, rows })
    }

    fn problem(&self, row: usize, problem: impl Into<String>) -> CodeError {
        CodeError::List { path: self.path.clone(), row: row + 1, problem: problem.into() }
    }
}

impl Codes {
    /// Reads every list in `folder` (`data/mappings`).
    ///
    /// # Errors
    /// A missing list, a changed header, a code of the wrong shape or a code given twice.
    pub fn read(folder: &Path) -> Result<Self, CodeError> {
        let mut codes = Self {
            folder: folder.to_path_buf(),
            occupations: BTreeMap::new(),
            occupation_groups: BTreeSet::new(),
            unit_groups: BTreeSet::new(),
            counties: BTreeMap::new(),
            countries: BTreeMap::new(),
            spellings: BTreeMap::new(),
            jobtech_groups: BTreeMap::new(),
            excluded_isco: BTreeMap::new(),
            permit_groups: BTreeMap::new(),
            english_sources: BTreeMap::new(),
        };
        codes.read_occupations()?;
        codes.read_places()?;
        codes.read_spellings()?;
        let groups = List::read(folder, "jobtech_ssyk.csv", &["concept_id", "group"])?;
        for row in &groups.rows {
            codes.jobtech_groups.insert(row[0].to_owned(), row[1].to_owned());
        }
        let exclusions = List::read(folder, "isco_exclusions.csv", &["scheme", "code", "reason"])?;
        for row in &exclusions.rows {
            codes.excluded_isco.insert((row[0].to_owned(), row[1].to_owned()), row[2].to_owned());
        }
        codes.read_permit_groups()?;
        let sources = List::read(folder, "sources_en.csv", &["source", "publisher", "dataset", "title", "attribution", "licence"])?;
        for (index, row) in sources.rows.iter().enumerate() {
            let text = |column: usize| row[column].to_owned();
            let name = EnglishSource {
                publisher: text(1),
                dataset: text(2),
                title: text(3),
                attribution: text(4),
                licence: Some(text(5)).filter(|licence| !licence.is_empty()),
            };
            if codes.english_sources.insert(text(0), name).is_some() {
                return Err(sources.problem(index, format!("{} stands twice", &row[0])));
            }
        }
        Ok(codes)
    }

    fn read_occupations(&mut self) -> Result<(), CodeError> {
        let list = List::read(&self.folder, "ssyk2012.csv", &["level", "code", "name_sv", "name_en", "jobtech_group"])?;
        for (index, row) in list.rows.iter().enumerate() {
            if &row[0] != "4" {
                self.occupation_groups.insert(row[1].to_owned());
                continue;
            }
            let code = four_digits(&row[1]).ok_or_else(|| list.problem(index, "an SSYK unit group has four digits"))?;
            let name = OccupationName {
                swedish: row[2].to_owned(),
                english: row[3].to_owned(),
                jobtech_group: (!row[4].is_empty()).then(|| row[4].to_owned()),
            };
            if self.occupations.insert(Ssyk(code), name).is_some() {
                return Err(list.problem(index, format!("{} stands twice", &row[1])));
            }
        }
        let list = List::read(&self.folder, "isco08.csv", &["level", "code", "name_en", "name_sv"])?;
        for (index, row) in list.rows.iter().enumerate() {
            let code = Isco::from_digits(&row[1]).ok_or_else(|| list.problem(index, "an ISCO code has one to four digits"))?;
            self.unit_groups.insert(code);
        }
        Ok(())
    }

    fn read_places(&mut self) -> Result<(), CodeError> {
        let header = ["code", "name_sv", "name_en", "nuts2_name", "nuts2_code", "jobtech_id", "latitude", "longitude"];
        let list = List::read(&self.folder, "counties.csv", &header)?;
        for (index, row) in list.rows.iter().enumerate() {
            let code = County::from_digits(&row[0]).ok_or_else(|| list.problem(index, "a county has two digits"))?;
            let degrees = |column: usize| {
                row[column].parse::<f64>().ok().filter(|value| value.is_finite()).ok_or_else(|| list.problem(index, "a centroid is in degrees"))
            };
            let info = CountyInfo {
                swedish: row[1].to_owned(),
                english: row[2].to_owned(),
                nuts2: row[3].to_owned(),
                nuts2_code: row[4].to_owned(),
                jobtech_id: row[5].to_owned(),
                latitude: degrees(6)?,
                longitude: degrees(7)?,
            };
            self.counties.insert(code, info);
        }
        let list = List::read(&self.folder, "countries.csv", &["alpha2", "alpha3", "name_sv", "name_en"])?;
        for (index, row) in list.rows.iter().enumerate() {
            let code = Country::from_letters(&row[0]).ok_or_else(|| list.problem(index, "a country has two capital letters"))?;
            let name = CountryName { alpha3: row[1].to_owned(), swedish: row[2].to_owned(), english: row[3].to_owned() };
            self.countries.insert(code, name);
        }
        Ok(())
    }

    fn read_spellings(&mut self) -> Result<(), CodeError> {
        let list = List::read(&self.folder, "country_spellings.csv", &["scheme", "spelling", "alpha2", "excluded"])?;
        for (index, row) in list.rows.iter().enumerate() {
            let meaning = match (&row[2], &row[3]) {
                ("", "") => return Err(list.problem(index, "neither a country nor a reason for leaving it out")),
                ("", reason) => Err(reason.to_owned()),
                (code, "") => {
                    let country = Country::from_letters(code).filter(|country| self.countries.contains_key(country));
                    Ok(country.ok_or_else(|| list.problem(index, format!("{code} is not in countries.csv")))?)
                }
                _ => return Err(list.problem(index, "both a country and a reason for leaving it out")),
            };
            if self.spellings.insert((row[0].to_owned(), row[1].to_owned()), meaning).is_some() {
                return Err(list.problem(index, format!("{} {} stands twice", &row[0], &row[1])));
            }
        }
        Ok(())
    }

    fn read_permit_groups(&mut self) -> Result<(), CodeError> {
        let list = List::read(&self.folder, "permit_groups.csv", &["label", "ssyk3", "excluded"])?;
        for (index, row) in list.rows.iter().enumerate() {
            let meaning = match (&row[1], &row[2]) {
                ("", "") => return Err(list.problem(index, "neither a group nor a reason for leaving it out")),
                ("", reason) => Err(reason.to_owned()),
                (code, "") => {
                    let group = SsykGroup::from_digits(code).filter(|group| self.occupation_groups.contains(group.as_str()));
                    Ok(group.ok_or_else(|| list.problem(index, format!("{code} is no group of three digits in ssyk2012.csv")))?)
                }
                _ => return Err(list.problem(index, "both a group and a reason for leaving it out")),
            };
            if self.permit_groups.insert(row[0].to_owned(), meaning).is_some() {
                return Err(list.problem(index, format!("{} stands twice", &row[0])));
            }
        }
        Ok(())
    }

    fn unknown(&self, place: &str, what: &'static str, code: &str, list: &str) -> CodeError {
        let code = code.chars().take(60).flat_map(char::escape_debug).collect();
        CodeError::Unknown { place: place.to_owned(), what, code, list: self.folder.join(list).display().to_string() }
    }

    /// An SSYK 2012 unit group that SCB has; `place` (file and row) goes into the message.
    ///
    /// # Errors
    /// The code is not among SCB's unit groups.
    pub fn ssyk(&self, code: &str, place: &str) -> Result<Ssyk, CodeError> {
        four_digits(code)
            .map(Ssyk)
            .filter(|ssyk| self.occupations.contains_key(ssyk))
            .ok_or_else(|| self.unknown(place, "SSYK 2012", code, "ssyk2012.csv"))
    }

    /// An SSYK 2012 minor group of three digits.
    ///
    /// # Errors
    /// The code is not among SCB's groups of three digits.
    pub fn ssyk_group(&self, code: &str, place: &str) -> Result<SsykGroup, CodeError> {
        SsykGroup::from_digits(code)
            .filter(|group| self.occupation_groups.contains(group.as_str()))
            .ok_or_else(|| self.unknown(place, "SSYK 2012 (three digits)", code, "ssyk2012.csv"))
    }

    /// The SSYK 2012 group of Migrationsverket's label, white space collapsed; `None` where `permit_groups.csv` leaves the label out with a reason.
    ///
    /// # Errors
    /// The label is neither mapped nor excluded.
    pub fn permit_group(&self, label: &str, place: &str) -> Result<Option<SsykGroup>, CodeError> {
        match self.permit_groups.get(label) {
            Some(Ok(group)) => Ok(Some(*group)),
            Some(Err(_)) => Ok(None),
            None => Err(self.unknown(place, "Migrationsverket occupation group", label, "permit_groups.csv")),
        }
    }

    /// An ISCO-08 group of one to four digits.
    ///
    /// # Errors
    /// The code is not in ISCO-08.
    pub fn isco(&self, code: &str, place: &str) -> Result<Isco, CodeError> {
        Isco::from_digits(code).filter(|isco| self.unit_groups.contains(isco)).ok_or_else(|| self.unknown(place, "ISCO-08", code, "isco08.csv"))
    }

    /// An ISCO-08 group in a publisher's list; `None` where `isco_exclusions.csv` leaves the code out with a reason.
    ///
    /// # Errors
    /// The code is neither in ISCO-08 nor excluded.
    pub fn isco_listed(&self, scheme: &str, code: &str, place: &str) -> Result<Option<Isco>, CodeError> {
        if self.excluded_isco.contains_key(&(scheme.to_owned(), code.to_owned())) {
            return Ok(None);
        }
        self.isco(code, place).map(Some)
    }

    /// A Swedish county.
    ///
    /// # Errors
    /// The code is not one of the 21 counties.
    pub fn county(&self, code: &str, place: &str) -> Result<County, CodeError> {
        County::from_digits(code)
            .filter(|county| self.counties.contains_key(county))
            .ok_or_else(|| self.unknown(place, "county", code, "counties.csv"))
    }

    /// A country by its ISO code.
    ///
    /// # Errors
    /// The code is not in `countries.csv`.
    pub fn country(&self, code: &str, place: &str) -> Result<Country, CodeError> {
        Country::from_letters(code)
            .filter(|country| self.countries.contains_key(country))
            .ok_or_else(|| self.unknown(place, "country", code, "countries.csv"))
    }

    /// A country by its ISO 3166-1 alpha-3 code.
    ///
    /// # Errors
    /// The code is not in `countries.csv`.
    pub fn country_alpha3(&self, code: &str, place: &str) -> Result<Country, CodeError> {
        let found = self.countries.iter().find(|(_, name)| name.alpha3 == code);
        found.map(|(country, _)| *country).ok_or_else(|| self.unknown(place, "country (alpha-3)", code, "countries.csv"))
    }

    /// A country by a publisher's spelling; `None` where the mapping excludes it (aggregates, dissolved states).
    ///
    /// # Errors
    /// The spelling is neither mapped nor excluded.
    pub fn country_spelled(&self, scheme: CountryScheme, spelling: &str, place: &str) -> Result<Option<Country>, CodeError> {
        match self.spellings.get(&(scheme.as_str().to_owned(), spelling.to_owned())) {
            Some(Ok(country)) => Ok(Some(*country)),
            Some(Err(_)) => Ok(None),
            None => Err(self.unknown(place, "country", &format!("{} ({})", spelling, scheme.as_str()), "country_spellings.csv")),
        }
    }

    /// JobTech's four-digit group of a concept id.
    ///
    /// # Errors
    /// The concept is not in `jobtech_ssyk.csv`.
    pub fn jobtech_group(&self, concept: &str, place: &str) -> Result<&str, CodeError> {
        self.jobtech_groups
            .get(concept)
            .map(String::as_str)
            .ok_or_else(|| self.unknown(place, "JobTech occupation group", concept, "jobtech_ssyk.csv"))
    }

    /// JobTech's four-digit groups, each once.
    pub fn jobtech_groups(&self) -> impl Iterator<Item = &str> {
        self.jobtech_groups.values().map(String::as_str).collect::<std::collections::BTreeSet<_>>().into_iter()
    }

    /// JobTech's four-digit groups with their concept ids, in order of the groups.
    #[must_use]
    pub fn jobtech_concepts(&self) -> Vec<(&str, &str)> {
        let mut concepts: Vec<(&str, &str)> = self.jobtech_groups.iter().map(|(concept, group)| (group.as_str(), concept.as_str())).collect();
        concepts.sort_unstable();
        concepts
    }

    /// The county of JobTech's concept id of a region.
    ///
    /// # Errors
    /// No county has it.
    pub fn jobtech_county(&self, concept: &str, place: &str) -> Result<County, CodeError> {
        let found = self.counties.iter().find(|(_, info)| info.jobtech_id == concept);
        found.map(|(county, _)| *county).ok_or_else(|| self.unknown(place, "JobTech region", concept, "counties.csv"))
    }

    /// All unit groups with their names, in code order.
    pub fn occupations(&self) -> impl Iterator<Item = (Ssyk, &OccupationName)> {
        self.occupations.iter().map(|(code, name)| (*code, name))
    }

    /// Names of a unit group.
    ///
    /// # Panics
    /// Never: a [`Ssyk`] can only come from these lists.
    #[must_use]
    pub fn occupation(&self, code: Ssyk) -> &OccupationName {
        &self.occupations[&code]
    }

    /// Whether `prefix` (one to four digits) is a group of SSYK 2012.
    #[must_use]
    pub fn is_ssyk_prefix(&self, prefix: &str) -> bool {
        self.occupation_groups.contains(prefix) || four_digits(prefix).is_some_and(|code| self.occupations.contains_key(&Ssyk(code)))
    }

    /// The counties in code order.
    pub fn counties(&self) -> impl Iterator<Item = (County, &CountyInfo)> {
        self.counties.iter().map(|(code, info)| (*code, info))
    }

    /// What is known of a county.
    ///
    /// # Panics
    /// Never: a [`County`] can only come from these lists.
    #[must_use]
    pub fn county_info(&self, code: County) -> &CountyInfo {
        &self.counties[&code]
    }

    /// What a source is called in English; `None` where the list lacks it.
    #[must_use]
    pub fn english_source(&self, key: &str) -> Option<&EnglishSource> {
        self.english_sources.get(key)
    }

    /// Countries in code order.
    pub fn countries(&self) -> impl Iterator<Item = (Country, &CountryName)> {
        self.countries.iter().map(|(code, name)| (*code, name))
    }

    /// Names of a country.
    ///
    /// # Panics
    /// Never: a [`Country`] can only come from these lists.
    #[must_use]
    pub fn country_name(&self, code: Country) -> &CountryName {
        &self.countries[&code]
    }
}
