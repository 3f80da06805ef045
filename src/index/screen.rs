//! Screening: how much of a unit's data there is, and which units have too little.

use serde::{Deserialize, Serialize};

use super::Table;

/// What a unit is screened by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ScreenBy {
    /// The share of values that are present (`COINr` `byNA`).
    #[default]
    Missing,
    /// The share of present values that are not zero (`byzeros`).
    Zeros,
    /// Both (`byNAandzeros`).
    Both,
}

/// A screening rule.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Screening {
    /// What is looked at.
    pub by: ScreenBy,
    /// The least share of values present.
    pub availability: f64,
    /// The least share of present values that are not zero.
    pub nonzero: f64,
    /// Units kept whatever the figures say.
    pub include: Vec<String>,
    /// Units left out whatever the figures say.
    pub exclude: Vec<String>,
}

impl Default for Screening {
    /// `COINr`'s: two thirds present, one in twenty not zero.
    fn default() -> Self {
        Self { by: ScreenBy::Missing, availability: 2.0 / 3.0, nonzero: 0.05, include: Vec::new(), exclude: Vec::new() }
    }
}

/// How much of a unit's data there is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Availability {
    /// Values missing.
    pub missing: usize,
    /// Values that are zero.
    pub zeros: usize,
    /// Share of values present.
    pub present_share: f64,
    /// Share of the present values that are not zero; 0 where nothing is present.
    pub nonzero_share: f64,
}

/// Availability of each unit of a table units × indicators.
pub fn availability(table: &Table) -> Vec<Availability> {
    (0..table.rows)
        .map(|row| {
            let values = table.row(row);
            let missing = values.iter().filter(|value| !value.is_finite()).count();
            let zeros = values.iter().filter(|value| value.abs() == 0.0).count();
            let present = values.len() - missing;
            Availability {
                missing,
                zeros,
                present_share: 1.0 - missing as f64 / values.len() as f64,
                nonzero_share: if present == 0 { 0.0 } else { 1.0 - zeros as f64 / present as f64 },
            }
        })
        .collect()
}

/// Share of values present in the columns of `columns`, for each unit: availability per pillar.
pub fn availability_of(table: &Table, columns: &[usize]) -> Vec<f64> {
    (0..table.rows)
        .map(|row| {
            let missing = columns.iter().filter(|column| !table.get(row, **column).is_finite()).count();
            if columns.is_empty() { 0.0 } else { 1.0 - missing as f64 / columns.len() as f64 }
        })
        .collect()
}

/// Whether each unit is kept. `codes` are the units' codes, in the order of the rows.
pub fn screen(table: &Table, codes: &[&str], rule: &Screening) -> Vec<bool> {
    availability(table)
        .iter()
        .zip(codes)
        .map(|(unit, code)| {
            if rule.exclude.iter().any(|other| other == code) {
                return false;
            }
            if rule.include.iter().any(|other| other == code) {
                return true;
            }
            let enough = unit.present_share >= rule.availability;
            let nonzero = unit.nonzero_share >= rule.nonzero;
            match rule.by {
                ScreenBy::Missing => enough,
                ScreenBy::Zeros => nonzero,
                ScreenBy::Both => enough && nonzero,
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_unit_with_too_little_data_is_left_out_unless_it_is_named() {
        let table = Table { rows: 3, columns: 2, values: vec![1.0, 2.0, f64::NAN, 1.0, 0.0, 0.0] };
        let rule = Screening { availability: 0.9, ..Screening::default() };
        assert_eq!(screen(&table, &["a", "b", "c"], &rule), [true, false, true]);
        let both = Screening { by: ScreenBy::Both, include: vec!["b".into()], ..rule };
        assert_eq!(screen(&table, &["a", "b", "c"], &both), [true, true, false]);
        assert_eq!(availability(&table)[2].zeros, 2);
    }
}
