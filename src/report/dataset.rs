//! The run's tables as a data set that catalogues and search engines find (`data/dataset.jsonld`): schema.org and DCAT, the same in both languages.

use serde_json::{Value, json};

use super::RunContext;
use super::section::sources::citations;
use super::view::county_name;
use crate::language::Language;
use crate::output::OutputFile;
use crate::table::Table;

/// Its path in the run's folder.
pub const FILE: &str = "data/dataset.jsonld";

const FOLDER: &str = "data/";

/// Addresses of the licences that have one, by the beginning of their name.
const LICENCES: [(&str, &str); 6] = [
    ("CC BY-NC-SA 3.0 IGO", "https://creativecommons.org/licenses/by-nc-sa/3.0/igo/"),
    ("CC BY 3.0 IGO", "https://creativecommons.org/licenses/by/3.0/igo/"),
    ("CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/"),
    ("CC0 1.0", "https://creativecommons.org/publicdomain/zero/1.0/"),
    ("Etalab 2.0", "https://www.etalab.gouv.fr/licence-ouverte-open-licence/"),
    ("MIT", "https://opensource.org/license/mit"),
];

fn licence(name: &str) -> Value {
    match LICENCES.iter().find(|(begins, _)| name.starts_with(begins)) {
        Some((_, address)) => json!({"@id": address, "schema:name": name}),
        None => json!({"@type": "schema:CreativeWork", "schema:name": name}),
    }
}

/// A text in both languages.
fn both(swedish: impl Into<String>, english: impl Into<String>) -> Value {
    json!([{"@value": swedish.into(), "@language": "sv"}, {"@value": english.into(), "@language": "en"}])
}

/// The description, from the tables and the files of the run that hold them.
#[must_use]
pub fn dataset(run: &RunContext, tables: &[Table], files: &[OutputFile]) -> Value {
    let swedish = RunContext { language: Language::Swedish, ..run.clone() };
    let english = RunContext { language: Language::English, ..run.clone() };
    let (county, county_en) = (county_name(&swedish), county_name(&english));
    let (code, year) = (run.analysis.county.to_string(), run.analysis.year);
    let holds = |name: &str| super::documents::TABLES.iter().find(|(table, ..)| *table == name);
    let mut distributions = Vec::new();
    for table in tables {
        let (content, content_en) = holds(table.name).map_or((table.title, table.title), |(_, swedish, english)| (*swedish, *english));
        for (ending, media) in [("csv", "text/csv"), ("parquet", "application/vnd.apache.parquet")] {
            let path = format!("{FOLDER}{}.{ending}", table.name);
            let Some(OutputFile { bytes, sha256, .. }) = files.iter().find(|file| file.path == path) else { continue };
            let address = format!("{}.{ending}", table.name);
            distributions.push(json!({
                "@id": format!("#{address}"),
                "@type": ["schema:DataDownload", "dcat:Distribution"],
                "schema:name": address,
                "dct:title": both(content, content_en),
                "schema:contentUrl": {"@id": address},
                "dcat:downloadURL": {"@id": address},
                "schema:encodingFormat": media,
                "dcat:mediaType": {"@id": format!("https://www.iana.org/assignments/media-types/{media}")},
                "dcat:byteSize": {"@value": bytes.len().to_string(), "@type": "xsd:nonNegativeInteger"},
                "schema:sha256": sha256,
                "spdx:checksum": {
                    "@type": "spdx:Checksum",
                    "spdx:algorithm": {"@id": "spdx:checksumAlgorithm_sha256"},
                    "spdx:checksumValue": {"@value": sha256, "@type": "xsd:hexBinary"},
                },
            }));
        }
    }
    let variables: Vec<Value> = tables
        .iter()
        .flat_map(|table| table.columns.iter().map(move |column| (table, column)))
        .map(|(table, column)| {
            json!({
                "@type": "schema:PropertyValue",
                "schema:name": format!("{}.{}", table.name, column.name),
                "schema:description": {"@value": column.description, "@language": "en"},
            })
        })
        .collect();
    let cited = citations(&swedish);
    let mut names: Vec<&str> = cited.iter().map(|citation| citation.licence.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    let sources: Vec<Value> = cited
        .iter()
        .map(|citation| {
            json!({
                "@type": ["schema:Dataset", "dcat:Dataset"],
                "schema:name": citation.title,
                "schema:publisher": {"@type": "schema:Organization", "schema:name": citation.publisher},
                "schema:url": citation.url,
                "schema:license": licence(&citation.licence),
                "schema:creditText": citation.attribution,
                "schema:dateModified": citation.retrieved,
            })
        })
        .collect();
    let first = run.analysis.demand.period.min(year);
    json!({
        "@context": {
            "schema": "https://schema.org/",
            "dcat": "http://www.w3.org/ns/dcat#",
            "dct": "http://purl.org/dc/terms/",
            "spdx": "http://spdx.org/rdf/terms#",
            "xsd": "http://www.w3.org/2001/XMLSchema#",
        },
        "@id": "./",
        "@type": ["schema:Dataset", "dcat:Dataset"],
        "dct:identifier": format!("malmarknad-{year}-{code}"),
        "schema:identifier": format!("malmarknad-{year}-{code}"),
        "schema:name": both(
            format!("Bristyrken och målmarknader, {county} {year}"),
            format!("Shortage occupations and target markets, {county_en} {year}"),
        ),
        "dct:title": both(
            format!("Bristyrken och målmarknader, {county} {year}"),
            format!("Shortage occupations and target markets, {county_en} {year}"),
        ),
        "schema:description": both(
            format!("Vilka yrken {county} har brist på, vilka länder och svenska län som kan vara målmarknader, hur säkra platserna är och vad de betyder för kvinnor och män."),
            format!("Which occupations {county_en} is short of, which countries and Swedish counties may be target markets, how sure the places are and what they mean for women and men."),
        ),
        "schema:inLanguage": "sv",
        "schema:version": run.version,
        "schema:dateModified": run.date,
        "schema:creator": {"@type": "schema:SoftwareApplication", "schema:name": "malmarknad", "schema:softwareVersion": run.version},
        "schema:isAccessibleForFree": true,
        "schema:keywords": ["SSYK 2012", "ISCO-08", "bristyrken", "målmarknader", "labour shortage", "target markets", county.clone()],
        "schema:license": names.iter().map(|name| licence(name)).collect::<Vec<_>>(),
        "dct:rights": both(
            "Varje siffra följer sin källas licens; tabellen sources har licens och källhänvisning för var och en. Beräkningarna är projektets egna.",
            "Each figure follows the licence of its source; the table sources has the licence and the attribution of each. The calculations are the project’s own.",
        ),
        "schema:temporalCoverage": if first == year { year.to_string() } else { format!("{first}/{year}") },
        "dct:temporal": {
            "@type": "dct:PeriodOfTime",
            "dcat:startDate": {"@value": first.to_string(), "@type": "xsd:gYear"},
            "dcat:endDate": {"@value": year.to_string(), "@type": "xsd:gYear"},
        },
        "schema:spatialCoverage": {
            "@type": "schema:AdministrativeArea",
            "schema:name": county.clone(),
            "schema:identifier": {"@type": "schema:PropertyValue", "schema:propertyID": "länskod", "schema:value": code},
            "schema:containedInPlace": {"@type": "schema:Country", "schema:name": "Sverige", "schema:identifier": "SE"},
        },
        "dct:spatial": {"@type": "dct:Location", "dct:title": county},
        "schema:variableMeasured": variables,
        "schema:isBasedOn": sources,
        "dcat:distribution": distributions.iter().map(|distribution| json!({"@id": distribution["@id"]})).collect::<Vec<_>>(),
        "schema:distribution": distributions,
    })
}
