//! How each indicator is normalised, where iMeta says so: the columns that `COINr` reads under `f_n_para = "use_iMeta"`.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::{BadTable, MetaRow, Place, Sheet, quoted};
use crate::index::method::Normalising;
use crate::index::normalise::Normalisation;

/// Columns of iMeta that state how an indicator is normalised, by the way that reads them (`Target` is read with the structure).
const WAYS: [(&str, &[&str]); 5] = [
    ("min_max", &["minmax_lower", "minmax_upper"]),
    ("z_score", &["zscore_mean", "zscore_sd"]),
    ("scaled", &["scaled_lower", "scaled_upper", "scale_factor"]),
    ("distance_to_target", &["dist2targ_cap_max"]),
    ("goalposts", &["goalpost_lower", "goalpost_upper", "goalpost_scale", "goalpost_trunc2posts"]),
];

/// All of them.
pub(super) const COLUMNS: [&str; 12] = [
    "minmax_lower",
    "minmax_upper",
    "zscore_mean",
    "zscore_sd",
    "scaled_lower",
    "scaled_upper",
    "scale_factor",
    "dist2targ_cap_max",
    "goalpost_lower",
    "goalpost_upper",
    "goalpost_scale",
    "goalpost_trunc2posts",
];

/// What iMeta says.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameters {
    file: PathBuf,
    /// Place in the sheet and the values by column, by indicator.
    of: BTreeMap<String, (Place, BTreeMap<&'static str, f64>)>,
}

impl Parameters {
    /// Reads the columns that are there; yes and no become 1 and 0.
    pub(super) fn read(meta: &Sheet, indicators: &[&MetaRow]) -> Result<Self, BadTable> {
        let mut of = BTreeMap::new();
        for MetaRow { row, code, .. } in indicators {
            let mut values = BTreeMap::new();
            for name in COLUMNS {
                let Some(column) = meta.column(name) else { continue };
                let truth = name == "dist2targ_cap_max" || name == "goalpost_trunc2posts";
                let value = match meta.text(*row, Some(column)) {
                    None => None,
                    Some("TRUE" | "True" | "true" | "T" | "1") if truth => Some(1.0),
                    Some("FALSE" | "False" | "false" | "F" | "0") if truth => Some(0.0),
                    Some(other) if truth => {
                        return Err(meta.at(*row, name, format!("{} is neither yes nor no", quoted(other)), "write TRUE or FALSE"));
                    }
                    Some(_) => meta.number(*row, column)?,
                };
                values.extend(value.map(|value| (name, value)));
            }
            if !values.is_empty() {
                of.insert(code.clone(), (meta.rows_at[*row], values));
            }
        }
        Ok(Self { file: meta.file.clone(), of })
    }

    /// Puts what iMeta says into a method, for the indicators that the method doesn't name itself, as far as it fits the method's way for all; and tells which columns
    /// are of no use to that way.
    ///
    /// # Errors
    /// Ends of a scale in the wrong order.
    pub fn apply(&self, normalising: &mut Normalising) -> Result<Vec<String>, BadTable> {
        let way = match normalising.all {
            Normalisation::MinMax { .. } => "min_max",
            Normalisation::ZScore { .. } => "z_score",
            Normalisation::Scaled { .. } => "scaled",
            Normalisation::DistanceToTarget { .. } => "distance_to_target",
            Normalisation::Goalposts { .. } => "goalposts",
            _ => "",
        };
        for (code, (place, values)) in &self.of {
            if normalising.indicators.contains_key(code) {
                continue;
            }
            let value = |name: &str, otherwise: f64| values.get(name).copied().unwrap_or(otherwise);
            let own = match &normalising.all {
                Normalisation::MinMax { range } => {
                    let range = [value("minmax_lower", range[0]), value("minmax_upper", range[1])];
                    self.rising(*place, "minmax_lower", "minmax_upper", range)?;
                    Normalisation::MinMax { range }
                }
                Normalisation::ZScore { mean, deviation } => {
                    let deviation = value("zscore_sd", *deviation);
                    if deviation <= 0.0 {
                        return Err(self.bad(*place, "zscore_sd", format!("{deviation} is not above 0"), "a standard deviation is above 0"));
                    }
                    Normalisation::ZScore { mean: value("zscore_mean", *mean), deviation }
                }
                Normalisation::Scaled { from, factor } => {
                    let from = [value("scaled_lower", from[0]), value("scaled_upper", from[1])];
                    self.rising(*place, "scaled_lower", "scaled_upper", from)?;
                    Normalisation::Scaled { from, factor: value("scale_factor", *factor) }
                }
                Normalisation::DistanceToTarget { target, cap } => {
                    Normalisation::DistanceToTarget { target: *target, cap: value("dist2targ_cap_max", f64::from(u8::from(*cap))) > 0.5 }
                }
                Normalisation::Goalposts { low, high, range, clip } => {
                    let (low, high) = (value("goalpost_lower", *low), value("goalpost_upper", *high));
                    self.rising(*place, "goalpost_lower", "goalpost_upper", [low, high])?;
                    // COINr's third goalpost: the score at the better end, the worse being 0.
                    let range = values.get("goalpost_scale").map_or(*range, |scale| [0.0, *scale]);
                    self.rising(*place, "0", "goalpost_scale", range)?;
                    Normalisation::Goalposts { low, high, range, clip: value("goalpost_trunc2posts", f64::from(u8::from(*clip))) > 0.5 }
                }
                _ => continue,
            };
            if own != normalising.all {
                normalising.indicators.insert(code.clone(), own);
            }
        }
        let has = |column: &str| self.of.values().any(|(_, values)| values.contains_key(column));
        let unused = WAYS.iter().filter(|(other, _)| *other != way).flat_map(|(_, columns)| *columns).filter(|column| has(column));
        let unused = unused.map(|column| format!("the metadata's column {column} is not used: the method normalises in another way"));
        Ok(unused.collect())
    }

    fn bad(&self, place: Place, column: &str, problem: String, hint: &str) -> BadTable {
        BadTable { file: self.file.clone(), place: format!(", {place}, column {column}"), problem, hint: hint.into() }
    }

    fn rising(&self, place: Place, low: &str, high: &str, [from, to]: [f64; 2]) -> Result<(), BadTable> {
        if from < to {
            return Ok(());
        }
        let problem = format!("{low} is {from} and {high} is {to}");
        Err(self.bad(place, high, problem, "the lower end comes first, whatever the direction: the direction decides which end is the better"))
    }
}
