//! Denominators: indicators made comparable by dividing them by size.

use super::Table;
use super::structure::IndexInput;

/// Divides every indicator that names a denominator by it, times `scale(indicator code)` (1 per 1000, 1 per 100 000 …), as `COINr`'s `ScaleFactor`.
///
/// Missing where either is missing or the denominator is 0. `columns[i]` is the place of indicator i's denominator among the input's.
pub fn denominate(input: &IndexInput, values: &Table, rows: &[usize], columns: &[Option<usize>], scale: impl Fn(&str) -> f64) -> Table {
    let mut divided = values.clone();
    for (column, denominator) in columns.iter().enumerate() {
        let Some(denominator) = *denominator else {
            continue;
        };
        let factor = scale(&input.indicators[column].code);
        for (row, &unit) in rows.iter().enumerate() {
            // As COINr: the denominator is scaled, then divides.
            let quotient = values.get(row, column) / (input.denominators[denominator].values[unit] / factor);
            divided.set(row, column, if quotient.is_finite() { quotient } else { f64::NAN });
        }
    }
    divided
}
