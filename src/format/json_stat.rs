//! JSON-stat 2.0 datasets (SCB's PxWeb, Eurostat): dimensions with ordered codes and a flat array, or sparse map, of values.

use std::collections::BTreeMap;

use serde_json::Value;

use super::FormatError;

/// A dataset. Values lie in row-major order of the dimensions.
#[derive(Clone, Debug)]
pub struct JsonStat {
    /// Dimension ids in the reply's own order.
    pub dimensions: Vec<String>,
    /// Codes of each dimension, in index order.
    pub codes: Vec<Vec<String>>,
    /// One value a cell, `None` where it is missing.
    pub values: Vec<Option<f64>>,
    /// What is remarked on cells, by their position in `values` (Eurostat's flags).
    pub flags: BTreeMap<usize, String>,
    /// `updated` as the publisher says.
    pub updated: Option<String>,
}

/// The largest dataset that is read, in cells.
const MOST_CELLS: usize = 50_000_000;

/// Codes in index order, from a list or a map.
pub(crate) fn index_codes(index: &Value) -> Option<Vec<String>> {
    match index {
        Value::Array(codes) => codes.iter().map(|code| code.as_str().map(str::to_owned)).collect(),
        Value::Object(codes) => {
            let mut ordered: Vec<(u64, String)> =
                codes.iter().map(|(code, position)| Some((position.as_u64()?, code.clone()))).collect::<Option<_>>()?;
            ordered.sort();
            Some(ordered.into_iter().map(|(_, code)| code).collect())
        }
        _ => None,
    }
}

/// Remarks on cells: one for each, a map of some, or one for all that have a value.
fn flags(status: &Value, values: &[Option<f64>]) -> Option<BTreeMap<usize, String>> {
    let of = |(position, flag): (usize, &Value)| match flag {
        Value::Null => Some(None),
        flag => Some(Some((position, flag.as_str()?.to_owned())).filter(|(_, flag)| !flag.is_empty())),
    };
    let found: Option<Vec<Option<(usize, String)>>> = match status {
        Value::Null => Some(Vec::new()),
        Value::Array(list) if list.len() == values.len() => list.iter().enumerate().map(of).collect(),
        Value::Object(map) => {
            map.iter().map(|(position, flag)| of((position.parse().ok().filter(|position| *position < values.len())?, flag))).collect()
        }
        flag @ Value::String(_) => values.iter().enumerate().filter(|(_, value)| value.is_some()).map(|(position, _)| of((position, flag))).collect(),
        _ => None,
    };
    Some(found?.into_iter().flatten().collect())
}

/// A cell: a number, or nothing. A number in quotes would otherwise read as nothing.
fn number(cell: &Value) -> Result<Option<f64>, &'static str> {
    match cell {
        Value::Null => Ok(None),
        Value::Number(number) => Ok(number.as_f64()),
        _ => Err("a value is neither a number nor null"),
    }
}

/// Reads a dataset.
///
/// # Errors
/// Not JSON, not a dataset, or sizes that contradict each other.
pub fn read(bytes: &[u8], file: &str) -> Result<JsonStat, FormatError> {
    let unreadable = |reason: &str| FormatError::Unreadable { file: file.to_owned(), format: "JSON-stat 2", reason: reason.to_owned() };
    let document: Value = serde_json::from_slice(bytes).map_err(|error| unreadable(&error.to_string()))?;
    let dimensions: Vec<String> = document["id"]
        .as_array()
        .and_then(|ids| ids.iter().map(|id| id.as_str().map(str::to_owned)).collect())
        .ok_or_else(|| unreadable("no list of dimensions (\"id\")"))?;
    let mut codes = Vec::new();
    for (position, dimension) in dimensions.iter().enumerate() {
        let list = index_codes(&document["dimension"][dimension]["category"]["index"])
            .ok_or_else(|| unreadable(&format!("dimension {dimension} has no index")))?;
        if document["size"][position].as_u64() != Some(list.len() as u64) {
            return Err(unreadable(&format!("dimension {dimension} has {} codes but another size", list.len())));
        }
        codes.push(list);
    }
    let cells = codes.iter().try_fold(1_usize, |product, list| product.checked_mul(list.len())).filter(|cells| *cells <= MOST_CELLS);
    let cells = cells.ok_or_else(|| unreadable("the dataset is larger than 50 million cells"))?;
    let mut values = vec![None; cells];
    match &document["value"] {
        Value::Array(list) if list.len() == cells => {
            for (value, cell) in values.iter_mut().zip(list) {
                *value = number(cell).map_err(unreadable)?;
            }
        }
        Value::Object(map) => {
            for (position, cell) in map {
                let position = position.parse::<usize>().ok().filter(|position| *position < cells);
                values[position.ok_or_else(|| unreadable("a value lies outside the dataset"))?] = number(cell).map_err(unreadable)?;
            }
        }
        _ => return Err(unreadable("the values are neither a list of the right length nor a map")),
    }
    let flags = flags(&document["status"], &values).ok_or_else(|| unreadable("the remarks (\"status\") are no texts of its cells"))?;
    Ok(JsonStat { dimensions, codes, values, flags, updated: document["updated"].as_str().map(str::to_owned) })
}

impl JsonStat {
    /// Walks the cells: for each, the code of every dimension (in the order of `dimensions`) and the value.
    pub fn cells(&self) -> impl Iterator<Item = (Vec<&str>, Option<f64>)> {
        self.values.iter().enumerate().map(|(flat, value)| {
            let mut rest = flat;
            let mut codes = vec![""; self.codes.len()];
            for (position, list) in self.codes.iter().enumerate().rev() {
                codes[position] = &list[rest % list.len()];
                rest /= list.len();
            }
            (codes, *value)
        })
    }
}
