//! The numbers and lists of the method, read from `data/*.toml`: what an analyst edits. Every table refuses a key that it does not know.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::code::{CodeError, Codes, Country, Ssyk};
use crate::evidence::{AGREEMENTS_FILE, Agreement, EVIDENCE_FILE, Evidence};
use crate::supply::Market;

/// What is wrong with a configuration file, and where.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file is missing.
    #[error("cannot read {path}: {reason}\nhint: run from the program's folder, or point to it with --home or MALMARKNAD_HOME")]
    Missing {
        /// The file.
        path: PathBuf,
        /// The operating system's words.
        reason: String,
    },
    /// The text is not what the schema says.
    #[error("{path}: {reason}\nhint: data/schema/{schema}.json says what the file may hold; `malmarknad config show` prints what is in force")]
    Malformed {
        /// The file.
        path: PathBuf,
        /// The parser's words, with line and column.
        reason: String,
        /// Name of the schema.
        schema: &'static str,
    },
    /// A value is out of its range, or contradicts another.
    #[error("{path}: {key}: {problem}\nhint: {hint}")]
    Value {
        /// The file.
        path: PathBuf,
        /// The key.
        key: String,
        /// What is wrong.
        problem: String,
        /// The remedy.
        hint: &'static str,
    },
    /// A code in the file is unknown.
    #[error(transparent)]
    Code(#[from] CodeError),
}

macro_rules! table {
    ($(#[$attribute:meta])* $name:ident { $($(#[$field_attribute:meta])* $field:ident: $kind:ty,)+ }) => {
        $(#[$attribute])*
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
        #[serde(deny_unknown_fields)]
        pub struct $name { $($(#[$field_attribute])* pub $field: $kind,)+ }
    };
}

/// The weighting of the analyst's tables.
pub const BALANCED: &str = "balanced";
/// The weighting of the list *Trolig*: where people are likely to come from.
pub const LIKELY: &str = "likely";
/// The weighting of the list *Oprövad*: where few have been asked yet.
pub const POTENTIAL: &str = "potential";

table! {
    /// `data/method.toml`: every number of the method.
    Method {
        /// Units left out, and when a figure is old.
        units: Units,
        /// Which occupations are short.
        demand: DemandMethod,
        /// Candidates and pools.
        supply: SupplyMethod,
        /// Fit of a market to an occupation.
        fit: FitMethod,
        /// Named weightings of pillars and indicators.
        weightings: BTreeMap<String, Weighting>,
        /// The raw value that gives the lowest and the highest score of each indicator of countries.
        goalposts: BTreeMap<String, Goalpost>,
        /// Which markets are untested.
        untested: UntestedMethod,
        /// Pools where no shares of occupations are published.
        estimated_pool: EstimatedPoolMethod,
        /// Whether the ranking agrees with what followed.
        backtest: BacktestMethod,
        /// Points of the entry indicator.
        entry: EntryMethod,
        /// National target markets.
        county_markets: CountyMethod,
        /// Scores of areas.
        area: AreaMethod,
        /// Women and men.
        gender: GenderMethod,
        /// The ethics gate.
        ethics: EthicsMethod,
        /// The skilled-needs analysis.
        skilled: SkilledMethod,
        /// How sure the order is.
        uncertainty: UncertaintyMethod,
    }
}
table! {
    /// Section 8.
    SkilledMethod {
        /// SSYK major groups that it is about.
        major_groups: Vec<String>,
        /// Countries with most people in an occupation, whose income is held against pay here.
        largest_pools: usize,
    }
}
table! {
    /// Section 6.
    UncertaintyMethod {
        /// Runs of the ranking.
        replicates: usize,
        /// Rows of the sensitivity analysis; 0 leaves it out.
        sensitivity_rows: usize,
        /// Resamples of its intervals.
        resamples: usize,
        /// Seed of the sequence.
        seed: u32,
        /// Probability at which a new tier starts.
        certainty: f64,
        /// Draws of errors, weights and crosswalks.
        draws: usize,
        /// Which factors are in.
        factors: UncertaintyFactors,
        /// Spread of the pillars' weights.
        pillar_weights: WeightSpread,
        /// Spread of the crosswalk.
        crosswalk: CrosswalkSpread,
        /// Alternative scales.
        scales: ScaleMethod,
        /// Errors of the figures.
        data_error: DataErrorMethod,
    }
}
table! {
    /// Switches of the factors.
    UncertaintyFactors {
        /// Errors of the figures.
        data_error: bool,
        /// The common scale.
        normalisation: bool,
        /// Mean across pillars.
        aggregation: bool,
        /// Weights of the pillars.
        pillar_weights: bool,
        /// One indicator left out.
        drop_indicator: bool,
        /// Weights from SSYK to ISCO.
        crosswalk: bool,
        /// The permit's pay floor.
        pay_floor: bool,
        /// The choice between the named weightings.
        weighting: bool,
    }
}
table! {
    /// Spread of the pillars' weights.
    WeightSpread {
        /// Share of the given weight, each way.
        spread: f64,
    }
}
table! {
    /// Spread of the crosswalk.
    CrosswalkSpread {
        /// Concentration of the Dirichlet draw.
        concentration: f64,
    }
}
table! {
    /// Alternative scales.
    ScaleMethod {
        /// Standard deviations at which z-scores are cut.
        z_score_limit: f64,
    }
}
table! {
    /// Errors of the figures.
    DataErrorMethod {
        /// Years before a figure counts as old.
        fresh_years: i32,
        /// Coefficient of variation added for each year beyond.
        per_year: f64,
        /// Why.
        per_year_reason: String,
        /// Error of each figure.
        indicators: IndicatorErrors,
        /// Error added by the publisher's flags.
        flags: FlagErrors,
    }
}
table! {
    /// Error of each figure.
    IndicatorErrors {
        /// Share of an ISCO group in a country's employment.
        share: ErrorSize,
        /// A country's employment.
        employed: ErrorSize,
        /// Unemployment rate.
        unemployment: ErrorSize,
        /// What a country reports short.
        no_shortage_at_home: ErrorSize,
        /// Median age.
        median_age: ErrorSize,
        /// Born there and living in Sweden.
        diaspora_sweden: ErrorSize,
        /// Born there and living in the county.
        diaspora_county: ErrorSize,
        /// Increase of those born there and living in Sweden.
        recent: ErrorSize,
        /// A share of women that is borrowed from the major group, on the logit.
        borrowed_sex: ErrorSize,
        /// Income.
        income_gap: ErrorSize,
        /// Employed in another county.
        county_pool: ErrorSize,
        /// Moves from another county per 1 000 inhabitants.
        moves: ErrorSize,
        /// Arbetsförmedlingen's assessment in another county.
        assessment: ErrorSize,
    }
}
table! {
    /// Error added by a flag.
    FlagErrors {
        /// Break in the series.
        r#break: ErrorSize,
        /// Unreliable.
        unreliable: ErrorSize,
        /// Definition differs.
        definition: ErrorSize,
        /// A country with some unreliable occupation cells.
        medium_reliability: ErrorSize,
        /// A country with many.
        low_reliability: ErrorSize,
        /// A shortage that is unknown.
        unknown_shortage: ErrorSize,
    }
}
table! {
    /// Size of an error, with its reason.
    ErrorSize {
        /// Coefficient of variation of the raw figure.
        #[serde(default)]
        cv: f64,
        /// Standard deviation in the indicator's own unit.
        #[serde(default)]
        absolute: f64,
        /// Why.
        reason: String,
    }
}
table! {
    /// Units of the method.
    Units {
        /// SSYK prefixes that are left out.
        left_out_prefixes: Vec<String>,
        /// Years after which a figure is warned of.
        old_after_years: i32,
    }
}
table! {
    /// Section 2 of the method.
    DemandMethod {
        /// Weights of the five indicators.
        weights: DemandWeights,
        /// Points of the recruitment situation.
        recruitment: RecruitmentPoints,
        /// Points where only job opportunities are published.
        opportunities: OpportunityPoints,
        /// Points of the five-year forecast.
        outlook: OutlookPoints,
        /// Ads per employed.
        vacancies: VacancyMethod,
        /// Share aged 55+.
        replacement: ReplacementMethod,
        /// Growth above all occupations.
        growth: GrowthMethod,
        /// From points to rating.
        rating: RatingMethod,
        /// Persons a year.
        volume: VolumeMethod,
    }
}
table! {
    /// Weights of the demand indicators.
    DemandWeights {
        /// Recruitment situation.
        recruitment: f64,
        /// Five-year forecast.
        outlook: f64,
        /// Ads per employed.
        vacancies: f64,
        /// Share aged 55+.
        replacement: f64,
        /// Growth.
        growth: f64,
    }
}
table! {
    /// Points 0–3 of the recruitment situation.
    RecruitmentPoints {
        /// brist
        shortage: f64,
        /// paradox
        paradox: f64,
        /// balans
        balance: f64,
        /// överskott
        surplus: f64,
    }
}
table! {
    /// Points 0–3 of job opportunities.
    OpportunityPoints {
        /// stora
        large: f64,
        /// medelstora
        medium: f64,
        /// små
        small: f64,
    }
}
table! {
    /// Points 0–3 of the forecast.
    OutlookPoints {
        /// öka
        increase: f64,
        /// vara oförändrad
        unchanged: f64,
        /// minska
        decrease: f64,
    }
}
table! {
    /// Quartile points of ads.
    VacancyMethod {
        /// Least employed for a rate to count.
        least_employed: i64,
    }
}
table! {
    /// Points of the share aged 55+.
    ReplacementMethod {
        /// Three cuts, as shares.
        cuts: [f64; 3],
        /// Age groups as SCB writes them.
        age_groups: Vec<String>,
        /// Least employed for a share.
        least_base: i64,
    }
}
table! {
    /// Points of growth.
    GrowthMethod {
        /// Three cuts, percentage points a year.
        cuts: [f64; 3],
        /// Years back from the newest figure.
        years: i32,
        /// Pairs of years between which the register breaks.
        breaks: Vec<[i32; 2]>,
        /// Least employed in a link's first year.
        least_employed: i64,
    }
}
table! {
    /// Cuts of the rating.
    RatingMethod {
        /// Points for *brist*.
        shortage: f64,
        /// Points for *bevakas*.
        watch: f64,
        /// Share of the weight that must be present.
        least_coverage: f64,
        /// The same where Arbetsförmedlingen is silent.
        silent_coverage: f64,
        /// Points needed then.
        silent_points: f64,
        /// Employed from which an occupation without rating is named in the reports.
        list_unassessed_from: i64,
    }
}
table! {
    /// Volume of need.
    VolumeMethod {
        /// Years over which those aged 55+ leave.
        years_to_retirement: f64,
    }
}
table! {
    /// Section 4: candidates and pools.
    SupplyMethod {
        /// Least population of a candidate.
        least_population: f64,
        /// Share of the candidates that an ISCO level must have.
        level_coverage: f64,
        /// Oldest shares, years.
        oldest_share_years: i32,
        /// Oldest unemployment rates, years.
        oldest_unemployment_years: i32,
        /// Least weight of an occupation's groups that a country must publish.
        least_crosswalk_weight: f64,
        /// Groups that are broader than the occupations.
        broad_groups: Vec<BroadGroup>,
    }
}
table! {
    /// An ISCO group with a standing warning.
    BroadGroup {
        /// ISCO-08 group of two digits.
        isco: String,
        /// Why, in Swedish.
        reason: String,
        /// Why, in English.
        reason_en: String,
    }
}
table! {
    /// Section 4: fit.
    FitMethod {
        /// Share of the weight that must be present.
        least_coverage: f64,
        /// Lowest and highest score.
        scale: [f64; 2],
        /// Least ratio of specialisation.
        least_ratio: f64,
        /// Groups from which a country's list to ELA is full.
        full_list_groups: usize,
        /// Value of `no_shortage_at_home` where it is unknown.
        unknown_shortage: f64,
    }
}
table! {
    /// Which markets are untested.
    UntestedMethod {
        /// Newest published years of permits that are counted.
        years: usize,
        /// Whether a country with free movement is tried where as many of its born live in Sweden, for its size, as of the median candidate's.
        rooted_are_tried: bool,
    }
}
table! {
    /// Pools where no shares of occupations are published.
    EstimatedPoolMethod {
        /// Added to a share before its logarithm is taken.
        offset: f64,
        /// Countries that a group's line needs.
        least_countries: usize,
    }
}
table! {
    /// Whether the ranking agrees with what followed (method, section 10).
    BacktestMethod {
        /// Resamples of the intervals.
        draws: usize,
        /// Seed of the resamples and of the folds.
        seed: u64,
        /// Test (c): the year of the ranking.
        benchmark_as_of: i32,
        /// Test (c): the years of permits that followed.
        benchmark_outcome: Vec<i32>,
        /// Test (c): the years of permits before.
        benchmark_history: Vec<i32>,
        /// Test (c): an occupation group has at least so many permits in the years that followed.
        least_permits: i64,
        /// Years of a three-year window that must be published.
        least_window_years: usize,
        /// Countries that a result needs to be given a label.
        least_countries: usize,
        /// Folds of occupations and of countries that a proposed weighting is tried on: their product is the number of splits.
        folds: Folds,
        /// Splits in which a proposal must be better.
        splits_needed: usize,
    }
}
table! {
    /// Folds of the splits.
    Folds {
        /// Of the occupation groups.
        occupations: usize,
        /// Of the countries.
        countries: usize,
    }
}
table! {
    /// When countries joined or left free movement to Sweden, where the list in force does not tell.
    FreeMovementDates {
        /// First year with free movement.
        joined: BTreeMap<String, i32>,
        /// Last year with free movement.
        left: BTreeMap<String, i32>,
    }
}
table! {
    /// A named weighting: up to four pillars; one that is not given has no weight.
    Weighting {
        /// Whether a pool that is estimated from a country's income counts where no shares of occupations are published.
        #[serde(default)]
        estimated_pools: bool,
        /// Whether only untested markets are ranked.
        #[serde(default)]
        only_untested: bool,
        /// How many there are.
        #[serde(default)]
        pool: PillarWeight,
        /// How easily they move from where they are.
        #[serde(default)]
        availability: PillarWeight,
        /// How likely they are to come.
        #[serde(default)]
        mobility: PillarWeight,
        /// How well the way in works.
        #[serde(default)]
        feasibility: PillarWeight,
    }
}
table! {
    /// A pillar.
    #[derive(Default)]
    PillarWeight {
        /// Weight among the pillars.
        weight: f64,
        /// Weights of its indicators.
        indicators: BTreeMap<String, f64>,
    }
}
table! {
    /// Fixed scale of an indicator.
    Goalpost {
        /// Raw value of the lowest score.
        low: f64,
        /// Raw value of the highest score.
        high: f64,
        /// Whether the scale is logarithmic; `low` and `high` are given before the logarithm.
        #[serde(default)]
        ln: bool,
        /// Whether a lower value is better.
        #[serde(default)]
        reverse: bool,
    }
}
table! {
    /// Points of the entry indicator.
    EntryMethod {
        /// Nordic countries.
        nordic: f64,
        /// EU, EEA and Switzerland.
        free_movement: f64,
        /// Third country, usual pay reaches the floor.
        pay_reaches_floor: f64,
        /// Third country, only the upper quartile does, or no pay is published.
        upper_quartile_reaches_floor: f64,
        /// Third country, neither does.
        pay_below_floor: f64,
        /// Added where no visa is needed.
        visa_free: f64,
    }
}
table! {
    /// National target markets.
    CountyMethod {
        /// överskott
        surplus: f64,
        /// balans
        balance: f64,
        /// paradox
        paradox: f64,
        /// brist
        shortage: f64,
        /// små
        small: f64,
        /// medelstora
        medium: f64,
        /// stora
        large: f64,
        /// Radius of the sphere on which distances are measured.
        earth_radius_km: f64,
        /// Pillars of county markets.
        weights: Weighting,
        /// Treatment of outliers.
        treatment: Treatment,
    }
}
table! {
    /// Treatment before min–max.
    Treatment {
        /// Limit of |G1|.
        skewness: f64,
        /// Limit of G2.
        kurtosis: f64,
        /// Most rounds of winsorising.
        most_rounds: usize,
    }
}
table! {
    /// Area scores.
    AreaMethod {
        /// Share of the area's weight that a market must have.
        least_weight: f64,
        /// Score of an occupation that is closed for a country.
        closed_score: f64,
    }
}
table! {
    /// Section 5.
    GenderMethod {
        /// Lower bounds of the classes of the share of women.
        class_bounds: [f64; 4],
        /// Least base of a share.
        least_base: i64,
        /// Share of the smaller sex that recruits are counted to.
        balance: f64,
        /// Largest count that is shown as a span.
        small_count: i64,
    }
}
table! {
    /// Section 7.
    EthicsMethod {
        /// Share of an occupation reported short from which care is asked for.
        care_share: f64,
        /// SSYK prefixes of health occupations.
        health: Vec<String>,
        /// Unit groups that are not, though a prefix covers them.
        health_exceptions: Vec<String>,
    }
}

table! {
    /// An area of `data/areas.toml`.
    AreaList {
        /// Name in the Swedish reports.
        name: String,
        /// Name in the English reports.
        name_en: String,
        /// Strength area or industry.
        kind: AreaKind,
        /// SSYK codes or prefixes with share 1.
        core: Vec<String>,
        /// SSYK codes or prefixes with share 0.5.
        shared: Vec<String>,
    }
}

/// What an area is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AreaKind {
    /// One of the region's strength areas.
    Strength,
    /// An industry.
    Industry,
}

table! {
    /// `data/permit-rules.toml`.
    PermitRules {
        /// The pay that a work permit asks for.
        pay_floor: PayFloor,
        /// Rules that ask more of a person in an occupation than a permit, and occupations that no permit is given for.
        occupation_rules: Vec<OccupationRule>,
    }
}
/// What a rule for an occupation asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RuleKind {
    /// A licence: nobody may work in the occupation, or call themselves so, without it.
    Licence,
    /// A protected title: the work is free, the title is not.
    Title,
    /// An authorisation of the person or of the company.
    Authorisation,
    /// A certificate of competence.
    Certificate,
    /// No work permit is given for the occupation.
    NoPermit,
}
table! {
    /// A rule for occupations, by where a person was trained.
    OccupationRule {
        /// Its key in the tables.
        key: String,
        /// What it asks for.
        kind: RuleKind,
        /// Name in the Swedish reports.
        name: String,
        /// Name in the English reports.
        name_en: String,
        /// SSYK codes or prefixes that it holds for.
        occupations: Vec<String>,
        /// SSYK codes or prefixes in which it holds for some of the jobs.
        partly: Vec<String>,
        /// Who decides.
        authority: String,
        /// The same in English.
        authority_en: String,
        /// The way in for persons trained in the EU, the EEA or Switzerland.
        free_movement: String,
        /// The same in English.
        free_movement_en: String,
        /// The way in for persons trained in other countries.
        third_country: String,
        /// The same in English.
        third_country_en: String,
        /// Where the rule stands.
        source: String,
        /// The same in English.
        source_en: String,
        /// Address of the authority's page.
        url: String,
        /// When the entry was written, ISO date.
        date: String,
        /// Who has confirmed it.
        confirmed_by: String,
    }
}
table! {
    /// The pay floor.
    PayFloor {
        /// Median pay, kronor a month.
        median: f64,
        /// Where the median comes from.
        median_source: String,
        /// Share of the median.
        share: f64,
        /// The floor, kronor a month.
        floor: f64,
        /// Date of the rule.
        valid_from: String,
        /// Where the rule stands.
        source: String,
        /// The same in English.
        source_en: String,
        /// Share of the earlier rule.
        earlier_share: f64,
        /// What is known of occupations that are exempt, and that no exemption is counted.
        exceptions: String,
        /// The same in English.
        exceptions_en: String,
        /// The fixed floor before it.
        fixed: FixedFloor,
    }
}
table! {
    /// A pay floor that was a fixed sum.
    FixedFloor {
        /// Kronor a month.
        floor: f64,
        /// Last whole year in force.
        last_year: i32,
        /// Where the rule stood.
        source: String,
    }
}
table! {
    /// `data/markets.toml`.
    Markets {
        /// Countries that are not recruited from.
        not_recruited: NotRecruited,
        /// Changes of free movement.
        free_movement_dates: FreeMovementDates,
    }
}

table! {
    /// `data/words.toml`.
    Words {
        /// Words that the texts do not use.
        avoid: Vec<AvoidedWord>,
    }
}
/// A word that the texts do not use.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AvoidedWord {
    /// The word or phrase in small letters; `*` at the end of a word stands for any ending.
    pub word: String,
    /// `sv` or `en`.
    pub language: String,
    /// Why not.
    pub why: String,
    /// What to say instead.
    pub instead: String,
    /// Phrases in which it may stand.
    #[serde(default)]
    pub unless: Option<Vec<String>>,
}

/// Years in which countries joined or left free movement to Sweden.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FreeMovementYears {
    /// First year with it.
    pub joined: BTreeMap<Country, i32>,
    /// Last year with it.
    pub left: BTreeMap<Country, i32>,
}

table! {
    /// The dated list.
    NotRecruited {
        /// Who has confirmed the list.
        confirmed_by: String,
        /// Date of the list.
        date: String,
        /// Country to reason.
        countries: BTreeMap<String, WhyNotRecruited>,
    }
}
table! {
    /// Why a country is not recruited from.
    WhyNotRecruited {
        /// In Swedish.
        reason: String,
        /// In English.
        reason_en: String,
    }
}

/// An area with its occupations resolved to unit groups.
#[derive(Clone, Debug, PartialEq)]
pub struct Area {
    /// Key in `areas.toml`, also in tables and file names.
    pub key: String,
    /// Name in the Swedish reports.
    pub name: String,
    /// Name in the English reports.
    pub name_en: String,
    /// Strength area or industry.
    pub kind: AreaKind,
    /// Unit group to share: 1 core, 0.5 shared.
    pub occupations: BTreeMap<Ssyk, f64>,
}

/// Share of an occupation that works in many industries.
const SHARED: f64 = 0.5;

table! {
    /// `data/follow-up.toml`: what the follow-up of the project's promises compares with.
    FollowUpMethod {
        /// The year that later figures are compared with.
        baseline_year: i32,
        /// A share that has changed by less than this, percentage points, is called unchanged.
        least_change: f64,
    }
}

/// A target market that the project has communicated to employers or the public (`data/communicated.csv`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Communicated {
    /// Key of the area.
    pub area: String,
    /// The market.
    pub market: Market,
    /// Year of the communication.
    pub year: i32,
}

/// A row of `data/communicated.csv`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct CommunicatedRow {
    area: String,
    market_type: String,
    market: String,
    date: String,
    how: String,
}

/// Everything in force.
#[derive(Clone, Debug)]
pub struct Config {
    /// Folder that holds `method.toml`.
    pub folder: PathBuf,
    /// Numbers of the method.
    pub method: Method,
    /// Areas in the order of the file.
    pub areas: Vec<Area>,
    /// Permit rules.
    pub permit_rules: PermitRules,
    /// Countries not recruited from, with the reason.
    pub not_recruited: BTreeMap<Country, WhyNotRecruited>,
    /// The list's date and who confirmed it.
    pub not_recruited_list: NotRecruited,
    /// Changes of free movement.
    pub free_movement_dates: FreeMovementYears,
    /// Words that the texts do not use.
    pub words: Words,
    /// Agreements.
    pub agreements: Vec<Agreement>,
    /// Employer evidence.
    pub evidence: Vec<Evidence>,
    /// What the follow-up compares with.
    pub follow_up: FollowUpMethod,
    /// Target markets that have been communicated, in the order of the file.
    pub communicated: Vec<Communicated>,
    /// Code lists.
    pub codes: Codes,
    /// SHA-256 of each file that was read, by name.
    pub hashes: BTreeMap<String, String>,
}

/// What the follow-up compares with.
const FOLLOW_UP: &str = "follow-up.toml";
/// The markets that have been communicated.
const COMMUNICATED: &str = "communicated.csv";

/// The names of the configuration files and their schemas.
pub const FILES: [(&str, &str); 6] = [
    ("method.toml", "method"),
    ("areas.toml", "areas"),
    ("markets.toml", "markets"),
    ("permit-rules.toml", "permit-rules"),
    ("words.toml", "words"),
    (FOLLOW_UP, "follow-up"),
];

/// The JSON schema of a configuration file, by the name of its schema.
#[must_use]
pub fn schema(name: &str) -> Option<serde_json::Value> {
    let schema = match name {
        "method" => schemars::schema_for!(Method),
        "areas" => schemars::schema_for!(BTreeMap<String, AreaList>),
        "markets" => schemars::schema_for!(Markets),
        "permit-rules" => schemars::schema_for!(PermitRules),
        "words" => schemars::schema_for!(Words),
        "follow-up" => schemars::schema_for!(FollowUpMethod),
        _ => return None,
    };
    Some(schema.to_value())
}

struct Files {
    folder: PathBuf,
    hashes: BTreeMap<String, String>,
}

impl Files {
    fn text(&mut self, name: &str) -> Result<(PathBuf, String), ConfigError> {
        let path = self.folder.join(name);
        let text = std::fs::read_to_string(&path).map_err(|error| ConfigError::Missing { path: path.clone(), reason: error.to_string() })?;
        self.hashes.insert(name.to_owned(), crate::tidy::sha256(text.as_bytes()));
        Ok((path, text))
    }

    fn toml<T: for<'de> Deserialize<'de>>(&mut self, name: &str, schema: &'static str) -> Result<T, ConfigError> {
        let (path, text) = self.text(name)?;
        toml::from_str(&text).map_err(|error| ConfigError::Malformed { path, reason: error.to_string().trim_end().to_owned(), schema })
    }

    fn rows<T: for<'de> Deserialize<'de>>(&mut self, name: &str) -> Result<Vec<T>, ConfigError> {
        let (path, text) = self.text(name)?;
        let rows = csv::Reader::from_reader(text.as_bytes()).deserialize().collect::<Result<Vec<T>, _>>();
        rows.map_err(|error| ConfigError::Value {
            path,
            key: "a row".to_owned(),
            problem: error.to_string(),
            hint: "keep the header and give every column; quote a text that holds a comma",
        })
    }

    fn bytes(&mut self, name: &str) -> Result<(PathBuf, Vec<u8>), ConfigError> {
        let path = self.folder.join(name);
        let bytes = std::fs::read(&path).map_err(|error| ConfigError::Missing { path: path.clone(), reason: error.to_string() })?;
        self.hashes.insert(name.to_owned(), crate::tidy::sha256(&bytes));
        Ok((path, bytes))
    }
}

impl Config {
    /// Reads every file of `folder` (`data/`) and checks it.
    ///
    /// # Errors
    /// A missing file, a key that is not known, a value out of its range, an unknown code.
    pub fn read(folder: &Path) -> Result<Self, ConfigError> {
        let codes = Codes::read(&folder.join("mappings"))?;
        let mut files = Files { folder: folder.to_path_buf(), hashes: BTreeMap::new() };
        let method: Method = files.toml("method.toml", "method")?;
        check_method(&method, &folder.join("method.toml"), &codes)?;
        // A toml::Table keeps the order of the file, which is the order of the reports.
        let lists: toml::Table = files.toml("areas.toml", "areas")?;
        let areas = resolve_areas(lists, &folder.join("areas.toml"), &method, &codes)?;
        let permit_rules: PermitRules = files.toml("permit-rules.toml", "permit-rules")?;
        let markets: Markets = files.toml("markets.toml", "markets")?;
        // No number comes from the words: they are read, but are no part of the method and its hash.
        let words: Words = Files { folder: folder.to_path_buf(), hashes: BTreeMap::new() }.toml("words.toml", "words")?;
        check_words(&words, &folder.join("words.toml"))?;
        let mut not_recruited = BTreeMap::new();
        for (country, reason) in &markets.not_recruited.countries {
            not_recruited.insert(codes.country(country, "markets.toml, not_recruited.countries")?, reason.clone());
        }
        let years = |list: &BTreeMap<String, i32>| -> Result<BTreeMap<Country, i32>, CodeError> {
            list.iter().map(|(country, year)| Ok((codes.country(country, "markets.toml, free_movement_dates")?, *year))).collect()
        };
        let dates = &markets.free_movement_dates;
        let free_movement_dates = FreeMovementYears { joined: years(&dates.joined)?, left: years(&dates.left)? };
        let (path, bytes) = files.bytes(AGREEMENTS_FILE)?;
        let agreements = crate::evidence::read_agreements(&path, &bytes, &codes)?;
        let (path, bytes) = files.bytes(EVIDENCE_FILE)?;
        let evidence = crate::evidence::read_evidence(&path, &bytes, &codes)?;
        let follow_up: FollowUpMethod = files.toml(FOLLOW_UP, "follow-up")?;
        check_follow_up(&follow_up, &folder.join(FOLLOW_UP))?;
        let rows: Vec<CommunicatedRow> = files.rows(COMMUNICATED)?;
        let communicated = communicated(&rows, &folder.join(COMMUNICATED), &areas, &codes)?;
        let config = Self {
            folder: folder.to_path_buf(),
            method,
            areas,
            permit_rules,
            not_recruited,
            not_recruited_list: markets.not_recruited,
            free_movement_dates,
            words,
            agreements,
            evidence,
            follow_up,
            communicated,
            codes,
            hashes: files.hashes,
        };
        config.check_permit_rules()?;
        Ok(config)
    }

    fn check_permit_rules(&self) -> Result<(), ConfigError> {
        let floor = &self.permit_rules.pay_floor;
        if (floor.median * floor.share - floor.floor).abs() > 1.0 || floor.floor <= 0.0 {
            return Err(ConfigError::Value {
                path: self.folder.join("permit-rules.toml"),
                key: "pay_floor.floor".to_owned(),
                problem: format!("{} is not median x share = {}", floor.floor, floor.median * floor.share),
                hint: "change median, share and floor together",
            });
        }
        let mut keys = BTreeSet::new();
        for rule in &self.permit_rules.occupation_rules {
            self.check_rule(rule).map_err(|(problem, hint)| ConfigError::Value {
                path: self.folder.join("permit-rules.toml"),
                key: format!("occupation_rules, {}", rule.key),
                problem,
                hint,
            })?;
            if !keys.insert(&rule.key) {
                return Err(ConfigError::Value {
                    path: self.folder.join("permit-rules.toml"),
                    key: format!("occupation_rules, {}", rule.key),
                    problem: "the key is given twice".to_owned(),
                    hint: "a rule is one entry; list all its occupations there",
                });
            }
        }
        Ok(())
    }

    /// What is wrong with a rule for occupations, with a hint.
    fn check_rule(&self, rule: &OccupationRule) -> Result<(), (String, &'static str)> {
        let slug = !rule.key.is_empty() && rule.key.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
        if !slug {
            return Err(("a key stands in tables".to_owned(), "use a-z, 0-9 and _"));
        }
        let mut listed = BTreeSet::new();
        for prefix in rule.occupations.iter().chain(&rule.partly) {
            if !self.codes.is_ssyk_prefix(prefix) {
                return Err((format!("{prefix} is no SSYK 2012 code or prefix"), "see data/mappings/ssyk2012.csv; keep leading zeros and quotes"));
            }
            for occupation in self.codes.occupations().map(|(code, _)| code).filter(|code| code.starts_with(prefix)) {
                if !listed.insert(occupation) {
                    return Err((format!("{occupation} is listed twice"), "an occupation stands in occupations or in partly, once"));
                }
            }
        }
        if listed.is_empty() {
            return Err(("it holds for no occupation".to_owned(), "list SSYK codes in occupations or partly"));
        }
        if rule.date.parse::<jiff::civil::Date>().is_err() || !rule.url.starts_with("https://") {
            return Err((
                "it needs a date (YYYY-MM-DD) and an address (https://)".to_owned(),
                "the reports print when a rule was written down, and where it is told",
            ));
        }
        Ok(())
    }

    /// The rules for an occupation in the order of the file, and whether each holds for all of its jobs.
    pub fn rules_of(&self, occupation: Ssyk) -> impl Iterator<Item = (&OccupationRule, bool)> {
        let holds = move |list: &[String]| list.iter().any(|prefix| occupation.starts_with(prefix));
        self.permit_rules.occupation_rules.iter().filter_map(move |rule| match (holds(&rule.occupations), holds(&rule.partly)) {
            (true, _) => Some((rule, true)),
            (false, true) => Some((rule, false)),
            (false, false) => None,
        })
    }

    /// The unit groups that the method covers: all but those left out.
    #[must_use]
    pub fn occupations(&self) -> Vec<Ssyk> {
        let left_out = &self.method.units.left_out_prefixes;
        self.codes.occupations().map(|(code, _)| code).filter(|code| !left_out.iter().any(|prefix| code.starts_with(prefix))).collect()
    }

    /// Hashes of the files that the ranking rests on, by name: those of the follow-up decide no place.
    pub fn method_hashes(&self) -> impl Iterator<Item = (&str, &str)> {
        let of_method = |name: &String| name != FOLLOW_UP && name != COMMUNICATED;
        self.hashes.iter().filter(move |(name, _)| of_method(name)).map(|(name, hash)| (name.as_str(), hash.as_str()))
    }

    /// One hash for all that the method says: equal hashes, equal method.
    #[must_use]
    pub fn method_hash(&self) -> String {
        let lines: Vec<String> = self.method_hashes().map(|(name, hash)| format!("{name} {hash}")).collect();
        crate::tidy::sha256(lines.join("\n").as_bytes())
    }

    /// Unit groups that no area has.
    #[must_use]
    pub fn without_area(&self) -> Vec<Ssyk> {
        let listed: BTreeSet<Ssyk> = self.areas.iter().flat_map(|area| area.occupations.keys().copied()).collect();
        self.occupations().into_iter().filter(|code| !listed.contains(code)).collect()
    }
}

fn check_follow_up(follow_up: &FollowUpMethod, path: &Path) -> Result<(), ConfigError> {
    let wrong = |key: &str, problem: String, hint| Err(ConfigError::Value { path: path.to_path_buf(), key: key.to_owned(), problem, hint });
    if !(2014..2100).contains(&follow_up.baseline_year) {
        return wrong("baseline_year", format!("{} is no year that there are figures of", follow_up.baseline_year), "the register begins in 2014");
    }
    if !(0.0..=100.0).contains(&follow_up.least_change) {
        return wrong("least_change", format!("{} is no number of percentage points", follow_up.least_change), "0 calls every change a change");
    }
    Ok(())
}

/// The markets that have been communicated, each row proved.
fn communicated(rows: &[CommunicatedRow], path: &Path, areas: &[Area], codes: &Codes) -> Result<Vec<Communicated>, ConfigError> {
    let mut found = Vec::new();
    for (number, row) in rows.iter().enumerate() {
        let place = format!("{COMMUNICATED}, row {}", number + 1);
        let wrong = |column: &str, value: &str, problem: &str, hint| {
            let value: String = value.chars().take(60).flat_map(char::escape_debug).collect();
            let (path, key) = (path.to_path_buf(), format!("row {}, {column}", number + 1));
            Err(ConfigError::Value { path, key, problem: format!("\"{value}\" {problem}"), hint })
        };
        if !areas.iter().any(|area| area.key == row.area) {
            return wrong("area", &row.area, "is no area", "write the key of an area of data/areas.toml");
        }
        let market = match row.market_type.as_str() {
            "country" => Market::Country(codes.country(&row.market, &place)?),
            "county" => Market::County(codes.county(&row.market, &place)?),
            other => return wrong("market_type", other, "is no kind of market", "write country or county"),
        };
        let Ok(date) = row.date.parse::<jiff::civil::Date>() else {
            return wrong("date", &row.date, "is no date", "write the day that it was communicated as YYYY-MM-DD");
        };
        if row.how.trim().is_empty() {
            return wrong("how", &row.how, "says nothing", "say how it was communicated: a meeting, a mailing, a page");
        }
        found.push(Communicated { area: row.area.clone(), market, year: i32::from(date.year()) });
    }
    Ok(found)
}

fn check_words(words: &Words, path: &Path) -> Result<(), ConfigError> {
    for (position, entry) in words.avoid.iter().enumerate() {
        let wrong = |problem: &str, hint| {
            let (path, key) = (path.to_path_buf(), format!("avoid, number {}", position + 1));
            Err(ConfigError::Value { path, key, problem: problem.to_owned(), hint })
        };
        let stem = entry.word.trim_end_matches('*');
        if stem.trim().is_empty() || stem.trim() != stem || entry.word.to_lowercase() != entry.word {
            return wrong("a word is empty, has outer spaces or capitals", "write it in small letters; * at the end stands for any ending");
        }
        if !["sv", "en"].contains(&entry.language.as_str()) {
            return wrong("the language is neither sv nor en", "the reports are written in Swedish and English");
        }
        if entry.why.trim().is_empty() || entry.instead.trim().is_empty() {
            return wrong("why and instead are both needed", "say why the word is avoided, and what to say instead");
        }
    }
    Ok(())
}

/// What is wrong with a weighting, as key, problem and hint. With `goalposts`, every indicator needs one.
pub(crate) fn check_weighting(
    key: &str,
    weighting: &Weighting,
    goalposts: Option<&BTreeMap<String, Goalpost>>,
) -> Result<(), (String, String, &'static str)> {
    let mut sum = 0.0;
    for (name, pillar) in weighting.pillars() {
        if !(pillar.weight.is_finite() && pillar.weight >= 0.0) || pillar.indicators.values().any(|weight| !(weight.is_finite() && *weight >= 0.0)) {
            return Err((format!("{key}.{name}"), "a weight is negative or no number".to_owned(), "weights are 0 or more"));
        }
        if pillar.weight > 0.0 && pillar.indicators.values().sum::<f64>() <= 0.0 {
            return Err((
                format!("{key}.{name}"),
                "the pillar has weight but no indicator has".to_owned(),
                "give an indicator, or the pillar no weight",
            ));
        }
        sum += pillar.weight;
        if let Some(indicator) = pillar.indicators.keys().find(|indicator| goalposts.is_some_and(|posts| !posts.contains_key(*indicator))) {
            return Err((
                format!("{key}.{name}.indicators.{indicator}"),
                "the indicator has no goalposts".to_owned(),
                "see [goalposts] in data/method.toml for the indicators that exist",
            ));
        }
    }
    if (sum - 1.0).abs() > 1e-9 {
        return Err((key.to_owned(), format!("the pillars' weights sum to {sum}, not 1"), "change one pillar's weight and another's with it"));
    }
    Ok(())
}

fn check_method(method: &Method, path: &Path, codes: &Codes) -> Result<(), ConfigError> {
    let wrong = |key: String, problem: String, hint| ConfigError::Value { path: path.to_path_buf(), key, problem, hint };
    for name in [BALANCED, LIKELY, POTENTIAL] {
        if !method.weightings.contains_key(name) {
            let hint = "the tables need balanced, the two lists of the reports likely and potential";
            return Err(wrong("weightings".to_owned(), format!("there is no weighting {name}"), hint));
        }
    }
    for (name, weighting) in &method.weightings {
        check_weighting(&format!("weightings.{name}"), weighting, Some(&method.goalposts))
            .map_err(|(key, problem, hint)| wrong(key, problem, hint))?;
    }
    check_weighting("county_markets.weights", &method.county_markets.weights, None).map_err(|(key, problem, hint)| wrong(key, problem, hint))?;
    for (name, goalpost) in &method.goalposts {
        let sound = goalpost.low.is_finite() && goalpost.high.is_finite() && goalpost.low < goalpost.high && (!goalpost.ln || goalpost.low > 0.0);
        if !sound {
            return Err(wrong(
                format!("goalposts.{name}"),
                format!("low {} and high {} are no scale", goalpost.low, goalpost.high),
                "low is less than high, and more than 0 on a logarithmic scale",
            ));
        }
    }
    let shares = [
        ("demand.rating.least_coverage", method.demand.rating.least_coverage),
        ("demand.rating.silent_coverage", method.demand.rating.silent_coverage),
        ("supply.level_coverage", method.supply.level_coverage),
        ("supply.least_crosswalk_weight", method.supply.least_crosswalk_weight),
        ("fit.least_coverage", method.fit.least_coverage),
        ("fit.unknown_shortage", method.fit.unknown_shortage),
        ("area.least_weight", method.area.least_weight),
        ("gender.balance", method.gender.balance),
        ("ethics.care_share", method.ethics.care_share),
        ("estimated_pool.offset", method.estimated_pool.offset),
        ("uncertainty.certainty", method.uncertainty.certainty),
        ("uncertainty.pillar_weights.spread", method.uncertainty.pillar_weights.spread),
    ];
    for (key, share) in shares {
        if !(0.0..=1.0).contains(&share) {
            return Err(wrong(key.to_owned(), format!("{share} is not a share"), "a share lies between 0 and 1"));
        }
    }
    let doubt = &method.uncertainty;
    if !(1..=65536).contains(&doubt.replicates) || doubt.sensitivity_rows > 65536 || !(1..=65536).contains(&doubt.draws) || doubt.resamples > 10_000 {
        return Err(wrong(
            "uncertainty".to_owned(),
            "replicates, rows, draws or resamples are out of range".to_owned(),
            "1 to 65536, and at most 10000 resamples",
        ));
    }
    if doubt.crosswalk.concentration <= 0.0 || doubt.scales.z_score_limit <= 0.0 {
        return Err(wrong(
            "uncertainty".to_owned(),
            "concentration and z_score_limit must be above 0".to_owned(),
            "see the comments in data/method.toml",
        ));
    }
    if method.fit.scale[0] <= 0.0 || method.fit.scale[0] >= method.fit.scale[1] {
        return Err(wrong("fit.scale".to_owned(), "the scale must rise from above 0".to_owned(), "the geometric mean needs scores above 0"));
    }
    for (key, cuts) in [("demand.replacement.cuts", &method.demand.replacement.cuts), ("demand.growth.cuts", &method.demand.growth.cuts)] {
        if !cuts.is_sorted() {
            return Err(wrong(key.to_owned(), "the cuts must rise".to_owned(), "the first cut is the lowest"));
        }
    }
    for prefix in method.ethics.health.iter().chain(&method.ethics.health_exceptions) {
        if !codes.is_ssyk_prefix(prefix) {
            return Err(wrong("ethics.health".to_owned(), format!("{prefix} is no SSYK group"), "see data/mappings/ssyk2012.csv"));
        }
    }
    for prefix in &method.skilled.major_groups {
        if !codes.is_ssyk_prefix(prefix) {
            return Err(wrong("skilled.major_groups".to_owned(), format!("{prefix} is no SSYK group"), "see data/mappings/ssyk2012.csv"));
        }
    }
    if !(1..=1000).contains(&method.skilled.largest_pools) {
        return Err(wrong("skilled.largest_pools".to_owned(), format!("{} is no count of countries", method.skilled.largest_pools), "1 to 1000"));
    }
    for group in &method.supply.broad_groups {
        codes.isco(&group.isco, "method.toml, supply.broad_groups")?;
    }
    Ok(())
}

fn resolve_areas(lists: toml::Table, path: &Path, method: &Method, codes: &Codes) -> Result<Vec<Area>, ConfigError> {
    let mut areas = Vec::new();
    for (key, value) in lists {
        let slug = key.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
        if !slug || key.len() > 60 {
            return Err(ConfigError::Value {
                path: path.to_path_buf(),
                key,
                problem: "an area's key names files".to_owned(),
                hint: "use a-z, 0-9 and _, at most 60 characters",
            });
        }
        let list: AreaList = value.try_into().map_err(|error: toml::de::Error| ConfigError::Malformed {
            path: path.to_path_buf(),
            reason: format!("[{key}] {}", error.to_string().trim_end()),
            schema: "areas",
        })?;
        let mut occupations = BTreeMap::new();
        // Core last, so that it wins where a code is listed twice.
        for (prefixes, share) in [(&list.shared, SHARED), (&list.core, 1.0)] {
            for prefix in prefixes {
                if !codes.is_ssyk_prefix(prefix) {
                    return Err(ConfigError::Value {
                        path: path.to_path_buf(),
                        key: key.clone(),
                        problem: format!("{prefix} is no SSYK 2012 code or prefix"),
                        hint: "see data/mappings/ssyk2012.csv; keep leading zeros and quotes",
                    });
                }
                let left_out = &method.units.left_out_prefixes;
                let covered = codes.occupations().map(|(code, _)| code).filter(|code| code.starts_with(prefix));
                occupations.extend(covered.filter(|code| !left_out.iter().any(|prefix| code.starts_with(prefix))).map(|code| (code, share)));
            }
        }
        areas.push(Area { key, name: list.name, name_en: list.name_en, kind: list.kind, occupations });
    }
    if areas.is_empty() {
        return Err(ConfigError::Value {
            path: path.to_path_buf(),
            key: "areas".to_owned(),
            problem: "there is no area".to_owned(),
            hint: "restore data/areas.toml from the repository, or write an area",
        });
    }
    Ok(areas)
}

impl Weighting {
    /// The pillars in the method's order, with their names in the tables.
    #[must_use]
    pub fn pillars(&self) -> [(&'static str, &PillarWeight); 4] {
        [("pool", &self.pool), ("availability", &self.availability), ("mobility", &self.mobility), ("feasibility", &self.feasibility)]
    }
}
