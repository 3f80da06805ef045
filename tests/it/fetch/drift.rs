//! A publisher changes its layout: what is expected and what is found is told, and no figure is read.

use malmarknad::snapshot::Store;

use super::publisher::{self, gzip, zipped};
use super::server::{Reaction, Server};
use super::{fetched, good, plan, tables};

/// Source, what changes, the old text, the new one, and words that the report must hold.
type Drift = (&'static str, &'static str, &'static str, &'static str, &'static [&'static str]);

const DRIFTS: &[Drift] = &[
    ("scb_yreg60", "a variable renamed", "Yrke2012", "Yrke2024", &["expected the variables", "Yrke2012", "Yrke2024"]),
    ("scb_yreg60", "a new sex code", r#""index":{"1":0,"2":1}"#, r#""index":{"1":0,"2":1,"3":2}"#, &["Kon", "[3]"]),
    ("scb_yreg60", "English labels", "män", "men", &["should be \"män\"", "\"men\""]),
    (
        "scb_yreg60",
        "the sexes' codes swapped",
        r#""label":{"1":"män","2":"kvinnor"}"#,
        r#""label":{"1":"kvinnor","2":"män"}"#,
        &["should be", "kvinnor"],
    ),
    ("scb_yreg60", "another unit", r#""base":"antal""#, r#""base":"tusental""#, &["unit", "antal", "tusental"]),
    ("scb_yreg60", "a new occupation", "5321", "5329", &["5329", "hint:"]),
    ("scb_yreg60", "quarters for years", r#""2021""#, r#""2021K1""#, &["2021K1", "no year"]),
    ("scb_yreg60", "a county gone", r#""23""#, r#""26""#, &["lacks the county 23"]),
    ("scb_yreg54", "a total among the ages", r#""065-69":9"#, r#""065-69":9,"totalt":10"#, &["Alder", "[totalt]"]),
    ("scb_yreg54", "an age group parted in two", r#""25-29""#, r#""25-27""#, &["25-29", "25-27"]),
    ("scb_yreg54", "contents renamed", "Anställda", "Företagare", &["anställda", "företagare"]),
    ("scb_yreg54", "no sum over a variable any more", r#""label":"SNI2007","category""#, r#""label":"SNI2007","x":1,"category""#, &[]),
    ("scb_pay_region", "pay of another kind", "Månadslön", "Timlön", &["månadslön", "timlön"]),
    ("scb_pay_region", "kronor for thousands", r#""base":"kr""#, r#""base":"tkr""#, &["unit", "tkr"]),
    ("scb_pay_dispersion", "percentiles moved", "25:e percentilen", "10:e percentilen", &["25", "10:e percentilen"]),
    ("scb_pay_dispersion", "a new sector", r#""4-5":2"#, r#""4-5":2,"6":3"#, &["Sektor", "[6]"]),
    ("scb_born_abroad_counties", "a new country code", r#""SO""#, r#""QX""#, &["QX", "country_spellings.csv"]),
    ("scb_moves", "a direction renamed", "UtflyttningsL", "UtflyttningsLan", &["expected the variables", "UtflyttningsL", "UtflyttningsLan"]),
    ("scb_moves", "a county gone", r#""23""#, r#""26""#, &["lacks the county 23"]),
    ("scb_moves", "thousands for persons", r#""base":"antal""#, r#""base":"tusental""#, &["unit", "tusental"]),
    ("scb_population_counties", "growth for population", "Folkmängd", "Folkökning", &["folkmängd", "folkökning"]),
    ("scb_population_counties", "the total gone", "TOTfod", "TOTALT", &["Fodelseregion lacks the total TOTfod"]),
    ("scb_population_counties", "no sum over age any more", r#""label":"Alder","category""#, r#""label":"Alder","x":1,"category""#, &[]),
    ("world_bank_income", "another indicator", r#""id":"NY.GDP.PCAP.PP.CD""#, r#""id":"NY.GDP.PCAP.PP.KD""#, &["another indicator"]),
    ("world_bank_income", "rows that did not come", r#""total":8"#, r#""total":9"#, &["9", "8 came"]),
    (
        "world_bank_population",
        "a new edition between the pages",
        r#""page":2,"pages":2,"per_page":4,"total":8,"sourceid":"2","lastupdated":"2026-07-01""#,
        r#""page":2,"pages":2,"per_page":4,"total":8,"sourceid":"2","lastupdated":"2026-08-01""#,
        &["another edition"],
    ),
    ("world_bank_population", "a new area", "POL", "QQQ", &["QQQ"]),
    ("world_bank_population", "months for years", r#""date":"2024""#, r#""date":"2024M01""#, &["no year"]),
    ("ilostat_employed", "a column renamed", "obs_value", "value", &["obs_value", "expected the columns"]),
    ("ilostat_employed", "another unit", "(thousands)", "(persons)", &["thousands", "persons"]),
    ("ilostat_employed", "a new sex", "\"Female\"", "\"Women\"", &["Women", "Female, Male, Total or Other"]),
    ("ilostat_unemployment", "a new sex code", "SEX_F", "SEX_W", &["SEX_W"]),
    ("ilostat_unemployment", "two sources of equal standing", "BX:1", "BA:1", &["equal standing", "BA:1", "BA:2"]),
    ("ilostat_unemployment", "another indicator", "\"UNE_DEAP_SEX_AGE_RT\"", "\"UNE_TUNE_SEX_AGE_NB\"", &["UNE_TUNE_SEX_AGE_NB"]),
    ("ilostat_shares", "another classification only", "OC2_ISCO08_", "OC2_ISCO25_", &["not one figure"]),
    ("ilostat_shares", "groups beyond the total", "\"OC2_ISCO08_22\",\"2024\",40", "\"OC2_ISCO08_22\",\"2024\",400", &["the groups sum to 450"]),
    ("ilostat_shares", "a major group among the minor", "OC2_ISCO08_22", "OC2_ISCO08_2", &["two-digit groups"]),
    ("ilostat_shares", "a year that is not over", "\"2024\"", "\"2031\"", &["not one figure"]),
    ("ilostat_shares", "a new group", "OC2_ISCO08_22", "OC2_ISCO08_97", &["97"]),
    ("eurostat_lfsa_egised", "another unit", "THS_PER", "PER", &["thousands of persons", "PER"]),
    ("eurostat_lfsa_egised", "a new sex code", "A,Y_GE15,F", "A,Y_GE15,W", &["F, M and T", "W"]),
    ("eurostat_lfsa_egised", "a dimension renamed", "isco08,", "isco25,", &["expected the columns", "isco25"]),
    ("eurostat_lfsa_urgan", "quarters for years", "2024 ", "2024-Q1 ", &["2024-Q1", "year"]),
    ("eurostat_lfsa_urgan", "a new country code", ",NAT,PL", ",NAT,QX", &["QX"]),
    ("af_yrkesbarometer", "a field renamed", "\"prognos\"", "\"prognos_fem_ar\"", &["has no prognos"]),
    ("af_yrkesbarometer", "a new word", "\"brist\"", "\"stor brist\"", &["stor brist", "balans"]),
    ("af_yrkesbarometer", "a new code", "2221", "2229", &["2229"]),
    ("passport_index_dataset", "a column renamed", "Requirement", "Rule", &["expected the columns", "Requirement", "Rule"]),
    ("passport_index_dataset", "a new word", "visa required", "consular visa", &["consular visa", "visa free, visa required, or a number of days"]),
    ("passport_index_dataset", "an unknown passport", "PH", "QQ", &["QQ"]),
    (
        "passport_index_dataset",
        "a passport without Sweden",
        "TR,SE",
        "TR,PL",
        &["every passport with every destination once", "25 rows of 5 passports"],
    ),
    ("jobtech_historical_ads", "a field renamed", "publication_date", "published", &["publication date"]),
    ("jobtech_historical_ads", "a new occupation group", "5321", "5329", &["5329", "jobtech_ssyk.csv"]),
    ("jobtech_historical_ads", "counties under another name", "region_code", "county_code", &["0 of 3 have one"]),
    ("jobtech_historical_ads", "groups under another name", "legacy_ams_taxonomy_id", "ssyk", &["3 of 3 have none"]),
    ("jobtech_open_ads", "a region that is no county", "65Ms_7r1_RTG", "65Ms_7r1_RTX", &["65Ms_7r1_RTX", "counties.csv"]),
    ("jobtech_open_ads", "counts under another name", "\"count\"", "\"antal\"", &["JobSearch's counts", "count"]),
    ("jobtech_open_ads", "another kind of counts", "\"region\"", "\"municipality\"", &["no counts by region"]),
    ("jobtech_open_ads", "a county twice", "65Ms_7r1_RTG", "CifL_Rzy_Mku", &["the county 01 has two counts"]),
    ("jobtech_taxonomy", "another code for an id", "\"5321\"", "\"5329\"", &["the code 5329, in our list 5321"]),
    ("jobtech_taxonomy", "a new id", "KiVA_anS_RJh", "KiVA_anS_RJx", &["KiVA_anS_RJx", "jobtech_ssyk.csv"]),
    ("jobtech_taxonomy", "another classification", "isco_code_08", "isco_code_25", &["isco_code_08"]),
    ("jobtech_taxonomy", "a new group of ISCO", "\"5329\"", "\"5399\"", &["5399"]),
    ("jobtech_taxonomy", "links at another level", "\"5329\"", "\"532\"", &["another than those"]),
    ("migrationsverket", "the links gone", "Beviljade", "Avslagna", &["no link to a workbook"]),
];

/// Replaces a text in a body, packed or not.
fn replaced(body: Vec<u8>, old: &str, new: &str) -> Vec<u8> {
    use std::io::Read as _;
    if body.starts_with(b"\x1f\x8b") {
        let mut text = String::new();
        flate2::read::GzDecoder::new(body.as_slice()).read_to_string(&mut text).unwrap();
        return gzip(&text.replace(old, new));
    }
    if body.starts_with(b"PK") {
        return zipped("2025.jsonl", publisher::ads(2025).replace(old, new).as_bytes());
    }
    String::from_utf8(body).unwrap().replace(old, new).into_bytes()
}

#[test]
fn a_changed_layout_is_told_with_what_was_expected_and_found_and_the_good_snapshot_stays() {
    let config = crate::config();
    let mut wrong = Vec::new();
    for (key, change, old, new, words) in DRIFTS {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::new(folder.path());
        let well = good(key);
        fetched(&store, &plan(&config, key, &well.url)).unwrap();
        let before = tables(&store, &config, key);
        let server = Server::start(Box::new(move |asked, _| {
            // The publisher behind it knows only the old code.
            let asked = super::Asked { body: asked.body.replace(new, old), ..asked.clone() };
            match publisher::publisher(key, &asked) {
                Reaction::Answer(status, headers, body) => Reaction::Answer(status, headers, replaced(body, old, new)),
                other => other,
            }
        }));
        let result = fetched(&store, &plan(&config, key, &server.url));
        if words.is_empty() {
            // A change that means nothing is taken.
            if let Err(reason) = result {
                wrong.push(format!("{key}, {change}: refused: {reason}"));
            }
            continue;
        }
        match result {
            Ok(_) => wrong.push(format!("{key}, {change}: it was taken")),
            Err(reason) => wrong
                .extend(words.iter().filter(|word| !reason.contains(**word)).map(|word| format!("{key}, {change}: {word:?} is not in: {reason}"))),
        }
        if tables(&store, &config, key) != before || store.receipts(key).unwrap().len() != 1 {
            wrong.push(format!("{key}, {change}: the good snapshot was touched"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_workbook_with_its_header_moved_or_of_another_year_is_refused() {
    let config = crate::config();
    let tried = |key: &'static str, react: Box<dyn Fn(&super::Asked, usize) -> Reaction + Send + Sync>| {
        let folder = tempfile::tempdir().unwrap();
        let server = Server::start(react);
        fetched(&Store::new(folder.path()), &plan(&config, key, &server.url)).unwrap_err()
    };
    let reason = tried("un_migrant_stock_2024", Box::new(|_, _| Reaction::ok("application/zip", publisher::migrant_stock(11, "Male", "Female"))));
    assert!(reason.contains("row 11") && reason.contains("Location code of destination"), "{reason}");
    let of_distances = |name: &'static str, workbook: Vec<u8>| {
        tried("cepii_geodist", Box::new(move |_, _| Reaction::ok("application/zip", zipped(name, &workbook))))
    };
    let reason = of_distances("dist_cepii.xls", publisher::distances("dist_cepii", "distcapital", "809.0182"));
    assert!(reason.contains("distcap") && reason.contains("expected the columns"), "{reason}");
    let reason = of_distances("dist_cepii.xls", publisher::distances("pairs", "distcap", "809.0182"));
    assert!(reason.contains("no sheet dist_cepii; there are pairs"), "{reason}");
    let reason = of_distances("dist_cepii.xls", publisher::distances("dist_cepii", "distcap", "809,0182"));
    assert!(reason.contains("809,0182") && reason.contains("a number"), "{reason}");
    let reason = of_distances("dist_cepii.xls", publisher::workbook(&publisher::pairs(&[("POL", "SWE"), ("FIN", "POL")]), "dist_cepii"));
    assert!(reason.contains("distances of every country to Sweden") && reason.contains("FIN has none"), "{reason}");
    let reason = of_distances("geo_cepii.xls", publisher::distances("dist_cepii", "distcap", "809.0182"));
    assert!(reason.contains("it holds no dist_cepii.xls"), "{reason}");
    // Women and men in the other order have the same sums.
    let reason = tried("un_migrant_stock_2024", Box::new(|_, _| Reaction::ok("application/zip", publisher::migrant_stock(10, "Female", "Male"))));
    assert!(reason.contains("then men, then women"), "{reason}");
    let reason = tried(
        "migrationsverket",
        Box::new(|asked, _| {
            if asked.path.ends_with(".html") {
                publisher::publisher("migrationsverket", asked)
            } else {
                Reaction::ok("application/zip", publisher::permits(2023))
            }
        }),
    );
    assert!(reason.contains("2024-01") || reason.contains("2025-01"), "{reason}");
}
