//! The description of a data folder (`datapackage.json`, Frictionless Data Package v2) and the writing of one.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::tidy::dataset::{DATASETS, SourceRow};
use crate::tidy::sha256;

/// The Frictionless description of the tidy tables.
#[must_use]
pub fn datapackage(tables: &BTreeMap<&'static str, Vec<u8>>, sources: &[SourceRow]) -> Value {
    let resources: Vec<Value> = DATASETS
        .iter()
        .filter_map(|table| tables.get(table.name).map(|bytes| (table, bytes)))
        .map(|(table, bytes)| {
            let fields: Vec<Value> =
                table.fields.iter().map(|field| json!({"name": field.name, "type": field.kind, "description": field.description.trim()})).collect();
            let mut schema = json!({"fields": fields, "missingValues": [""]});
            // Frictionless takes no empty cell in a primary key.
            if table.fields.iter().all(|field| !(field.optional && table.key.contains(&field.name))) {
                schema["primaryKey"] = json!(table.key);
            }
            json!({
                "name": table.name,
                "type": "table",
                "title": table.title.trim(),
                "path": format!("{}.csv", table.name),
                "scheme": "file",
                "format": "csv",
                "mediatype": "text/csv",
                "encoding": "utf-8",
                "bytes": bytes.len(),
                "hash": format!("sha256:{}", sha256(bytes)),
                "schema": schema,
            })
        })
        .collect();
    let sources: Vec<Value> =
        sources.iter().map(|source| json!({"title": format!("{}: {}", source.publisher, source.title), "path": source.url})).collect();
    json!({
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "malmarknad-bundled",
        "title": "malmarknad: figures for target markets of a Swedish county",
        "description": "Tidy tables made from the publishers' files. The table sources says for each where it comes from, when it was retrieved, and its licence.",
        "licenses": [{"name": "other-open", "title": "Each source's own licence; see the table sources"}],
        "sources": sources,
        "resources": resources,
    })
}
