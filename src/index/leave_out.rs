//! Leave one out: the ranking without each element in turn.

use rayon::prelude::*;

use super::chain::{IndexRun, aggregate_all};
use super::method::Method;
use super::rank::competition_ranks;

/// The ranking without one element.
#[derive(Clone, Debug, PartialEq)]
pub struct LeftOut {
    /// Column of the element.
    pub column: usize,
    /// Scores of the index, one per unit of the aggregated table, NaN = missing.
    pub scores: Vec<f64>,
    /// Ranks.
    pub ranks: Vec<Option<u32>>,
    /// Rank with everything minus rank without the element; `None` where either is missing.
    pub shifts: Vec<Option<i64>>,
    /// Mean size of the shifts; 0 if there are none.
    pub mean_shift: f64,
}

/// Sets the weight of each element at `level` to 0 in turn (`COINr` `remove_elements`); weights, treatment and normalisation stay as they were.
pub fn leave_one_out(run: &IndexRun, method: &Method, level: usize) -> Vec<LeftOut> {
    let nominal = run.ranks();
    let normalised = &run.normalised().table;
    run.tree
        .at_level(level)
        .into_par_iter()
        .map(|column| {
            let mut weights = run.weights.clone();
            weights[column] = 0.0;
            let table = aggregate_all(&run.tree, normalised, &weights, &method.aggregate);
            let scores = table.column(run.tree.index_column());
            let ranks = competition_ranks(&scores);
            let shifts: Vec<Option<i64>> =
                nominal.iter().zip(&ranks).map(|(with, without)| Some(i64::from((*with)?) - i64::from((*without)?))).collect();
            let known: Vec<i64> = shifts.iter().flatten().copied().collect();
            let mean_shift =
                if known.is_empty() { 0.0 } else { known.iter().map(|shift| shift.unsigned_abs()).sum::<u64>() as f64 / known.len() as f64 };
            LeftOut { column, scores, ranks, shifts, mean_shift }
        })
        .collect()
}
