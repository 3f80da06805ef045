//! The tidy datasets: what the bundled tables hold, one long table each, in our own schema.
//!
//! Each row carries `source`, the key of a row in `sources`, and the period the figure is of. A struct here *is* the schema: the table's columns, the
//! `datapackage.json` and the reader are made from it.

use serde::{Deserialize, Serialize};

/// A column of a tidy table.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// Column name.
    pub name: &'static str,
    /// Frictionless type.
    pub kind: &'static str,
    /// What it holds, with its unit.
    pub description: &'static str,
    /// Whether a cell may be empty.
    pub optional: bool,
}

/// A tidy table as its `datapackage.json` describes it.
#[derive(Clone, Copy, Debug)]
pub struct Description {
    /// File name without ending.
    pub name: &'static str,
    /// What a row is.
    pub title: &'static str,
    /// The columns in order.
    pub fields: &'static [Field],
    /// Columns that together tell the rows apart.
    pub key: &'static [&'static str],
}

/// A tidy table's row type.
pub trait Dataset: Serialize + for<'de> Deserialize<'de> {
    /// File name without ending.
    const NAME: &'static str;
    /// What a row is.
    const TITLE: &'static str;
    /// The columns in order.
    const FIELDS: &'static [Field];

    /// What the row is a figure of, as text: the columns of the key in their order. Rows are sorted by it, and none stands twice.
    fn key(&self) -> String;
}

trait Kind {
    const KIND: &'static str;
    const OPTIONAL: bool = false;
}

/// A value as part of a key.
trait KeyPart {
    fn key_part(&self) -> String;
}
impl KeyPart for String {
    fn key_part(&self) -> String {
        self.clone()
    }
}
impl KeyPart for i32 {
    fn key_part(&self) -> String {
        self.to_string()
    }
}
impl KeyPart for Option<String> {
    fn key_part(&self) -> String {
        self.clone().unwrap_or_default()
    }
}
impl Kind for String {
    const KIND: &'static str = "string";
}
impl Kind for f64 {
    const KIND: &'static str = "number";
}
impl Kind for i64 {
    const KIND: &'static str = "integer";
}
impl Kind for i32 {
    const KIND: &'static str = "integer";
}
impl Kind for bool {
    const KIND: &'static str = "boolean";
}
impl<T: Kind> Kind for Option<T> {
    const KIND: &'static str = T::KIND;
    const OPTIONAL: bool = true;
}

macro_rules! datasets {
    ($($(#[doc = $title:literal])+ $name:literal $row:ident [$($key:ident),+] { $($(#[doc = $text:literal])+ $field:ident: $kind:ty,)+ })+) => {
        $(
            $(#[doc = $title])+
            #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
            pub struct $row { $($(#[doc = $text])+ pub $field: $kind,)+ }

            impl Dataset for $row {
                const NAME: &'static str = $name;
                const TITLE: &'static str = concat!($($title),+);
                const FIELDS: &'static [Field] = &[$(Field {
                    name: stringify!($field),
                    kind: <$kind as Kind>::KIND,
                    description: concat!($($text),+),
                    optional: <$kind as Kind>::OPTIONAL,
                },)+];

                fn key(&self) -> String {
                    [$(self.$key.key_part()),+].join(" ")
                }
            }
        )+

        /// Every tidy table, in file order.
        pub const DATASETS: &[Description] =
            &[$(Description { name: $name, title: <$row as Dataset>::TITLE, fields: <$row as Dataset>::FIELDS, key: &[$(stringify!($key)),+] },)+];
    };
}

/// Tables that a data folder may be without: the bundled figures have none of them, since only a fetch brings them.
pub const FETCHED_ONLY: [&str; 3] = [MovesCounty::NAME, OpenAds::NAME, PopulationCounty::NAME];

datasets! {
    /// A dataset of a publisher, as it was retrieved.
    "sources" SourceRow [source] {
        /// Key that the other tables use.
        source: String,
        /// The publisher's name of the dataset.
        dataset: String,
        /// Publisher.
        publisher: String,
        /// Title.
        title: String,
        /// Address of the dataset.
        url: String,
        /// When the copy was made, as exactly as it is known (year, month or day).
        retrieved: String,
        /// Span of periods.
        period: String,
        /// Licence.
        licence: String,
        /// Attribution line.
        attribution: String,
        /// SHA-256 of the file that was read.
        sha256: String,
        /// Rows read from it.
        rows: i64,
        /// What it is used for.
        used_for: String,
    }
    /// Employed persons by county of workplace, unit group and sex. The register publishes no total.
    "employed_county" EmployedCounty [county, ssyk4, period] {
        /// County of workplace.
        county: String,
        /// SSYK 2012 unit group.
        ssyk4: String,
        /// Year; the register breaks at 2018/19, 2019/20 and 2022/23.
        period: i32,
        /// Women, persons.
        women: i64,
        /// Men, persons.
        men: i64,
        /// Key of the source.
        source: String,
    }
    /// Employed persons in Sweden by unit group and age, both sexes.
    "employed_age" EmployedAge [ssyk4, period, age] {
        /// SSYK 2012 unit group.
        ssyk4: String,
        /// Age group as published.
        age: String,
        /// Year.
        period: i32,
        /// Persons; empty where not published.
        employed: Option<i64>,
        /// Key of the source.
        source: String,
    }
    /// Mean monthly pay by NUTS 2 region, unit group and sex, all sectors.
    "pay_region" PayRegion [region, ssyk4, sex, period] {
        /// NUTS 2 region as SCB names it; Riket is Sweden.
        region: String,
        /// SSYK 2012 unit group; 0000 is all occupations.
        ssyk4: String,
        /// Women, men or the published total.
        sex: String,
        /// Year.
        period: i32,
        /// Mean monthly pay, kronor; empty where not published.
        mean_pay: Option<f64>,
        /// Key of the source.
        source: String,
    }
    /// Dispersion of monthly pay in Sweden by unit group and sex, all sectors.
    "pay_dispersion" PayDispersion [ssyk4, sex, period] {
        /// SSYK 2012 unit group; 0000 is all occupations.
        ssyk4: String,
        /// Women, men or the published total.
        sex: String,
        /// Year.
        period: i32,
        /// Median monthly pay, kronor.
        median: Option<f64>,
        /// Lower quartile, kronor.
        lower_quartile: Option<f64>,
        /// Upper quartile, kronor.
        upper_quartile: Option<f64>,
        /// Key of the source.
        source: String,
    }
    /// Arbetsförmedlingen's assessment of an occupation in a county. A row without words is an occupation that was not assessed there.
    "assessment" Assessment [occupation_id, county] {
        /// Arbetsförmedlingen's concept id of the occupation.
        occupation_id: String,
        /// County; 00 is Sweden.
        county: String,
        /// Round of the assessment; the older file does not state its own.
        round: String,
        /// Job opportunities: små, medelstora, stora.
        opportunities: Option<String>,
        /// Recruitment situation: överskott, balans, brist, paradox.
        recruitment: Option<String>,
        /// Demand in five years: öka, vara oförändrad, minska.
        outlook: Option<String>,
        /// The widest area the assessment leans on.
        basis: Option<String>,
        /// Year of the round.
        period: i32,
        /// Key of the source.
        source: String,
    }
    /// Which unit groups an occupation of Arbetsförmedlingen covers.
    "assessment_occupation" AssessmentOccupation [occupation_id, ssyk4] {
        /// Arbetsförmedlingen's concept id of the occupation.
        occupation_id: String,
        /// Name; empty where it is not known.
        name: Option<String>,
        /// SSYK 2012 unit group; empty where it is not known.
        ssyk4: Option<String>,
        /// published or inferred (from links between occupation names).
        basis: String,
        /// Key of the source.
        source: String,
    }
    /// Job ads in a year by county and JobTech occupation group. A county that a group lacks had no ads.
    "ads" Ads [county, jobtech_group, period] {
        /// County; 00 is Sweden.
        county: String,
        /// JobTech's four-digit group, which merges some SSYK unit groups.
        jobtech_group: String,
        /// Year.
        period: i32,
        /// Ads.
        ads: i64,
        /// Key of the source.
        source: String,
    }
    /// Ads that are open on one day by county and JobTech occupation group. Only in what has been fetched.
    "open_ads" OpenAds [county, jobtech_group, period] {
        /// County; 00 is Sweden, with ads that name no county.
        county: String,
        /// JobTech's four-digit group.
        jobtech_group: String,
        /// Year of the day on which they were counted, which the table `sources` has.
        period: i32,
        /// Ads.
        ads: i64,
        /// Key of the source.
        source: String,
    }
    /// Persons in a county by country of birth, both sexes. Only published cells.
    "born_abroad_county" BornAbroadCounty [county, country, period] {
        /// County of residence.
        county: String,
        /// Country of birth.
        country: String,
        /// Year, 31 December.
        period: i32,
        /// Persons; SCB adds noise to small counts.
        persons: i64,
        /// Key of the source.
        source: String,
    }
    /// Persons who moved from one county to another in a year. Only in what has been fetched.
    "moves_county" MovesCounty [origin, destination, period] {
        /// County they moved from.
        origin: String,
        /// County they moved to.
        destination: String,
        /// Year.
        period: i32,
        /// Women; from 2025 SCB adds noise to small counts.
        women: i64,
        /// Men; likewise.
        men: i64,
        /// Key of the source.
        source: String,
    }
    /// Inhabitants of a county. Only in what has been fetched.
    "population_county" PopulationCounty [county, period] {
        /// County of residence.
        county: String,
        /// Year, 31 December.
        period: i32,
        /// Women.
        women: i64,
        /// Men.
        men: i64,
        /// Key of the source.
        source: String,
    }
    /// First-time work permits granted in a year by occupation group and citizenship. A pair that a year lacks had none. Permits whose label is no group
    /// of SSYK 2012, or whose citizenship is no country, are left out.
    "permits_group" PermitsGroup [ssyk3, country, period] {
        /// SSYK 2012 minor group of three digits.
        ssyk3: String,
        /// Citizenship.
        country: String,
        /// Year of the decision.
        period: i32,
        /// Permits: decisions, not persons arrived. Athletes, artists, au pairs and trainees are not among them; from 2016 the publisher also names
        /// relatives, visiting researchers and the self-employed.
        permits: i64,
        /// Key of the source.
        source: String,
    }
    /// First-time work permits granted in a year by citizenship, all occupations. A country that a year lacks had none.
    "permits_country" PermitsCountry [country, period] {
        /// Citizenship.
        country: String,
        /// Year of the decision; 2021 and 2023 are not in the recorded files.
        period: i32,
        /// Permits: decisions, not persons arrived.
        permits: i64,
        /// Key of the source.
        source: String,
    }
    /// SCB's key between SSYK 2012 and ISCO-08.
    "ssyk_isco" SsykIsco [ssyk4, isco08] {
        /// SSYK 2012 unit group.
        ssyk4: String,
        /// ISCO-08 unit group.
        isco08: String,
        /// Whether the pair stands in the sheet Nyckel.
        in_key: bool,
        /// Job titles that the sheet Grunden files under the pair.
        titles: i64,
        /// Year of the key.
        period: i32,
        /// Key of the source.
        source: String,
    }
    /// JobTech's links between its occupation groups and ISCO-08: a check of SCB's key, without weights.
    "jobtech_isco" JobtechIsco [jobtech_group, isco08] {
        /// JobTech's four-digit group.
        jobtech_group: String,
        /// ISCO-08 unit group.
        isco08: String,
        /// Year of the copy; the taxonomy says none.
        period: i32,
        /// Key of the source.
        source: String,
    }
    /// Employed persons by country, ISCO-08 major group and sex, 15 years and over.
    "employment_major_group" EmploymentMajorGroup [country, isco1, sex, period] {
        /// Country.
        country: String,
        /// ISCO-08 major group, or TOTAL.
        isco1: String,
        /// Women, men or the published total.
        sex: String,
        /// Year.
        period: i32,
        /// Thousands of persons; empty where a flag stands alone.
        thousands: Option<f64>,
        /// Eurostat's flags (b break, u low reliability, d definition differs …).
        flag: Option<String>,
        /// Key of the source.
        source: String,
    }
    /// Share of an ISCO-08 two-digit group in a country's employment, both sexes. An absent group is missing, not zero.
    "employment_share" EmploymentShare [country, isco2, period] {
        /// Country.
        country: String,
        /// ISCO-08 group of two digits.
        isco2: String,
        /// Year.
        period: i32,
        /// Share of employment, 0…1.
        share: f64,
        /// Reliability of the country's occupation figures: high, medium or low.
        reliability: String,
        /// Key of the source.
        source: String,
    }
    /// Employed persons by country and sex, 15 years and over.
    "employed_country" EmployedCountry [country, sex, period] {
        /// Country.
        country: String,
        /// Women, men or the published total.
        sex: String,
        /// Year.
        period: i32,
        /// Thousands of persons.
        thousands: f64,
        /// ILOSTAT's remark on the observation (break, unreliable).
        flag: Option<String>,
        /// Key of the source.
        source: String,
    }
    /// Unemployment rate by country and sex, 15 years and over.
    "unemployment" Unemployment [country, sex, period] {
        /// Country.
        country: String,
        /// Women, men or total.
        sex: String,
        /// Year.
        period: i32,
        /// Percent of the labour force.
        rate: f64,
        /// Key of the source.
        source: String,
    }
    /// Unemployment rate of a country's own nationals, 20–64 years: evidence beside the ranking.
    "unemployment_nationals" UnemploymentNationals [country, sex, period] {
        /// Country.
        country: String,
        /// Women, men or total.
        sex: String,
        /// Year.
        period: i32,
        /// Percent of the labour force; empty where a flag stands alone.
        rate: Option<f64>,
        /// Eurostat's flags.
        flag: Option<String>,
        /// Key of the source.
        source: String,
    }
    /// ISCO-08 unit groups that a country has reported short to ELA / EURES.
    "shortage_abroad" ShortageAbroad [country, isco08] {
        /// Country that reports.
        country: String,
        /// ISCO-08 unit group.
        isco08: String,
        /// Year of the report.
        period: i32,
        /// Key of the source.
        source: String,
    }
    /// Gross domestic product per person at purchasing power parity.
    "income" Income [country, period] {
        /// Country.
        country: String,
        /// Year.
        period: i32,
        /// Current international dollars per person.
        gdp_per_person: f64,
        /// Key of the source.
        source: String,
    }
    /// Population.
    "population" Population [country, period] {
        /// Country.
        country: String,
        /// Year.
        period: i32,
        /// Persons.
        persons: f64,
        /// Key of the source.
        source: String,
    }
    /// Median age of the population.
    "median_age" MedianAge [country, period] {
        /// Country.
        country: String,
        /// Year; later years are the publisher's projection.
        period: i32,
        /// Years.
        years: f64,
        /// Key of the source.
        source: String,
    }
    /// Persons living in Sweden by country of birth and sex.
    "migrants_in_sweden" MigrantsInSweden [country, sex, period] {
        /// Country of birth.
        country: String,
        /// Women or men.
        sex: String,
        /// Year.
        period: i32,
        /// Persons.
        persons: i64,
        /// Key of the source.
        source: String,
    }
    /// Distance from a country's capital to Stockholm, and shared language.
    "distance" Distance [country] {
        /// Country.
        country: String,
        /// Kilometres between capitals.
        kilometres: f64,
        /// Whether the two share an official language.
        common_language: bool,
        /// Year of the dataset.
        period: i32,
        /// Key of the source.
        source: String,
    }
    /// What Sweden asks of a passport for a short visit.
    "visa" Visa [country] {
        /// Country of the passport.
        country: String,
        /// As published: visa required, visa free, or a number of days.
        requirement: String,
        /// Whether no visa is needed.
        visa_free: bool,
        /// Year of the table.
        period: i32,
        /// Key of the source.
        source: String,
    }
    /// Countries with free movement to Sweden.
    "free_movement" FreeMovement [country] {
        /// Country.
        country: String,
        /// nordic, eu, eea or switzerland.
        membership: String,
        /// Year of the list.
        period: i32,
        /// Key of the source.
        source: String,
    }
    /// Countries on the WHO health workforce support and safeguards list.
    "who_safeguards" WhoSafeguards [country] {
        /// Country.
        country: String,
        /// Year of the list.
        period: i32,
        /// Key of the source.
        source: String,
    }
    /// Outlines of countries and of Swedish counties for the maps, simplified. An area is what an odd number of its rings encloses.
    "outlines" Outline [map, area, ring] {
        /// The map that they are simplified for: europe, world or sweden.
        map: String,
        /// Country (ISO 3166-1 alpha-2) or county; empty for land that is no country of the lists.
        area: Option<String>,
        /// Number of the ring in the area.
        ring: i32,
        /// The closed ring as WKT, longitude and latitude in degrees (WGS 84).
        line: String,
        /// Year of the outlines.
        period: i32,
        /// Key of the source.
        source: String,
    }
}
