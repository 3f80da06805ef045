//! The composite-indicator engine: pure functions on dense `f64` arrays that know nothing about countries, data frames or files.
//!
//! Conventions, for every module below:
//! - A table is row-major, units in rows and indicators in columns ([`Table`]).
//! - NaN is *missing*. An infinity counts as missing too, and comes out as NaN. A missing value never becomes a loss, a zero or a rank.
//! - Sums over units run over the values in ascending order, so that permuting the units permutes the results to the bit.
//! - Nothing depends on a clock, a hash order or the number of threads.

pub mod aggregate;
pub mod assess;
pub mod chain;
pub mod check;
pub mod denominate;
pub mod draw;
pub mod elementary;
pub mod error;
pub mod factor;
pub mod impute;
pub mod leave_out;
pub mod method;
pub mod normalise;
pub mod perturb;
pub mod profile;
pub mod rank;
pub mod screen;
pub mod sensitivity;
pub mod sequence;
pub mod statistics;
pub mod structure;
pub mod treat;
pub mod uncertainty;
pub mod weight;

pub use error::IndexError;

/// A dense table, row-major: `values[row * columns + column]`. NaN = missing.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// Units.
    pub rows: usize,
    /// Indicators, or whatever else stands in the columns.
    pub columns: usize,
    /// `rows × columns` values.
    pub values: Vec<f64>,
}

impl Table {
    /// A table where everything is missing.
    pub fn missing(rows: usize, columns: usize) -> Self {
        Self { rows, columns, values: vec![f64::NAN; rows * columns] }
    }

    /// A table from its columns, each of `rows` values.
    ///
    /// # Panics
    /// If a column has another length than `rows`: a fault of the program, not of the data.
    pub fn from_columns(rows: usize, columns: &[Vec<f64>]) -> Self {
        let mut table = Self::missing(rows, columns.len());
        for (column, values) in columns.iter().enumerate() {
            table.set_column(column, values);
        }
        table
    }

    /// One unit's values.
    pub fn row(&self, row: usize) -> &[f64] {
        &self.values[row * self.columns..(row + 1) * self.columns]
    }

    /// One indicator's values, copied.
    pub fn column(&self, column: usize) -> Vec<f64> {
        (0..self.rows).map(|row| self.get(row, column)).collect()
    }

    /// One value.
    pub fn get(&self, row: usize, column: usize) -> f64 {
        self.values[row * self.columns + column]
    }

    /// Replaces one value.
    pub fn set(&mut self, row: usize, column: usize, value: f64) {
        self.values[row * self.columns + column] = value;
    }

    /// Replaces one column.
    ///
    /// # Panics
    /// If `values` has another length than the table has rows.
    pub fn set_column(&mut self, column: usize, values: &[f64]) {
        assert_eq!(values.len(), self.rows, "a column has one value per unit");
        for (row, &value) in values.iter().enumerate() {
            self.set(row, column, value);
        }
    }

    /// The rows of `keep`, in that order.
    #[must_use]
    pub fn select_rows(&self, keep: &[usize]) -> Self {
        let mut values = Vec::with_capacity(keep.len() * self.columns);
        for &row in keep {
            values.extend_from_slice(self.row(row));
        }
        Self { rows: keep.len(), columns: self.columns, values }
    }
}

/// The values that are present, ascending: the order in which sums over units run.
pub(crate) fn ascending(values: &[f64]) -> Vec<f64> {
    let mut present: Vec<f64> = values.iter().copied().filter(|value| value.is_finite()).collect();
    present.sort_unstable_by(f64::total_cmp);
    present
}

/// Mean of values that are present and ascending; `None` of nothing.
pub(crate) fn mean_of(ascending: &[f64]) -> Option<f64> {
    if ascending.is_empty() {
        return None;
    }
    let count = ascending.len() as f64;
    let first = ascending.iter().sum::<f64>() / count;
    // The second pass takes back what the first one lost by rounding, as R's mean() does.
    Some(first + ascending.iter().map(|value| value - first).sum::<f64>() / count)
}

/// Standard deviation (n − 1) of values that are present and ascending; `None` under two values.
pub(crate) fn deviation_of(ascending: &[f64]) -> Option<f64> {
    if ascending.len() < 2 {
        return None;
    }
    let mean = mean_of(ascending)?;
    let squares: f64 = ascending.iter().map(|value| (value - mean) * (value - mean)).sum();
    Some((squares / (ascending.len() - 1) as f64).sqrt())
}

/// Median of finite values in any order; `None` of nothing.
pub(crate) fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    median_of(&values)
}

/// Median of values that are present and ascending; `None` of nothing.
pub(crate) fn median_of(ascending: &[f64]) -> Option<f64> {
    let count = ascending.len();
    match count {
        0 => None,
        _ if count % 2 == 1 => Some(ascending[count / 2]),
        _ => Some(f64::midpoint(ascending[count / 2 - 1], ascending[count / 2])),
    }
}
