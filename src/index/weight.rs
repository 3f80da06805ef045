//! Weights: given, equal, from a principal component, or moved until each element has the wanted influence; and the weight each element has in the end.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Table;
use super::statistics::{CorrelationKind, correlation};
use super::structure::Tree;

/// Where weights come from.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum WeightSource {
    /// The metadata's.
    #[default]
    Given,
    /// All siblings the same.
    Equal,
    /// Loadings on the first principal component, among the siblings under each parent (`COINr` `get_PCA`).
    Pca,
    /// Moved until each element's correlation with the index has the wanted share (`COINr` `get_opt_weights`, "balance").
    Optimised {
        /// Wanted influence by code; absent: equal.
        #[serde(default)]
        wanted: BTreeMap<String, f64>,
        /// Which correlation is the influence.
        #[serde(default)]
        correlation: CorrelationKind,
    },
}

/// Weights as a method states them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Weighting {
    /// Where they come from.
    pub source: WeightSource,
    /// The levels at which that source is used instead of the given weights; empty: all levels for `equal`, else level 1.
    pub levels: Vec<usize>,
    /// Weights by code, over everything else.
    pub set: BTreeMap<String, f64>,
}

/// Loadings on the first principal component of standardised columns, one per column of `columns`, over the units that have all of them; oriented
/// so that their sum is not negative. `None` with fewer than two such units or a column that doesn't vary.
///
/// `COINr`'s `get_PCA`: `prcomp(center, scale)$rotation[, 1]`, whose sign is arbitrary. A loading may be negative; then the mean is not monotone, and the caller
/// says so.
pub fn principal_weights(table: &Table, columns: &[usize]) -> Option<Vec<f64>> {
    let complete: Vec<usize> = (0..table.rows).filter(|row| columns.iter().all(|column| table.get(*row, *column).is_finite())).collect();
    if complete.len() < 2 {
        return None;
    }
    let size = columns.len();
    let picked: Vec<Vec<f64>> = columns.iter().map(|column| complete.iter().map(|row| table.get(*row, *column)).collect()).collect();
    let mut matrix = vec![0.0; size * size];
    for first in 0..size {
        matrix[first * size + first] = 1.0;
        for second in first + 1..size {
            let r = correlation(&picked[first], &picked[second], CorrelationKind::Pearson)?;
            matrix[first * size + second] = r;
            matrix[second * size + first] = r;
        }
    }
    if size == 1 {
        return Some(vec![1.0]);
    }
    let mut loadings = first_eigenvector(matrix, size);
    if loadings.iter().sum::<f64>() < 0.0 {
        for loading in &mut loadings {
            *loading = -*loading;
        }
    }
    Some(loadings)
}

/// Eigenvector of the largest eigenvalue of a symmetric matrix (row-major), of length 1, by cyclic Jacobi rotations.
fn first_eigenvector(mut matrix: Vec<f64>, size: usize) -> Vec<f64> {
    let mut vectors = vec![0.0; size * size];
    for at in 0..size {
        vectors[at * size + at] = 1.0;
    }
    for _sweep in 0..100 {
        let off: f64 = (0..size)
            .flat_map(|row| (0..size).filter(move |column| *column != row).map(move |column| (row, column)))
            .map(|(row, column)| matrix[row * size + column].powi(2))
            .sum();
        if off < 1e-28 {
            break;
        }
        for p in 0..size {
            for q in p + 1..size {
                rotate(&mut matrix, &mut vectors, size, p, q);
            }
        }
    }
    let mut best = 0;
    for at in 1..size {
        if matrix[at * size + at] > matrix[best * size + best] {
            best = at;
        }
    }
    (0..size).map(|row| vectors[row * size + best]).collect()
}

/// One Jacobi rotation that zeroes element (p, q).
fn rotate(matrix: &mut [f64], vectors: &mut [f64], size: usize, p: usize, q: usize) {
    let off = matrix[p * size + q];
    if off.abs() < 1e-300 {
        return;
    }
    let theta = (matrix[q * size + q] - matrix[p * size + p]) / (2.0 * off);
    let tangent = theta.signum() / (theta.abs() + theta.hypot(1.0));
    let along = 1.0 / tangent.hypot(1.0);
    let across = tangent * along;
    for k in 0..size {
        let (kp, kq) = (matrix[k * size + p], matrix[k * size + q]);
        matrix[k * size + p] = along * kp - across * kq;
        matrix[k * size + q] = across * kp + along * kq;
    }
    for k in 0..size {
        let (pk, qk) = (matrix[p * size + k], matrix[q * size + k]);
        matrix[p * size + k] = along * pk - across * qk;
        matrix[q * size + k] = across * pk + along * qk;
    }
    for k in 0..size {
        let (kp, kq) = (vectors[k * size + p], vectors[k * size + q]);
        vectors[k * size + p] = along * kp - across * kq;
        vectors[k * size + q] = across * kp + along * kq;
    }
}

/// What moving the weights led to.
#[derive(Clone, Debug, PartialEq)]
pub struct Optimised {
    /// Columns whose weights moved.
    pub columns: Vec<usize>,
    /// Their weights, summing to 1.
    pub weights: Vec<f64>,
    /// Wanted shares of influence, summing to 1.
    pub wanted: Vec<f64>,
    /// Shares obtained.
    pub obtained: Vec<f64>,
    /// Largest difference between the two.
    pub miss: f64,
}

/// Weights of `columns` under which `influence(weights)` (one figure per column, for instance its correlation with the index) has the wanted shares,
/// as nearly in squares as positive weights can (`COINr`'s aim, whose own search is a coarse Nelder–Mead).
///
/// First each weight is multiplied by wanted/obtained over and over; if that doesn't get there, weights are moved one at a time by ever smaller factors. Weights
/// differ by at most 10⁶. An influence that is negative counts as it is; one that is undefined counts as 0.
pub fn optimise(columns: &[usize], wanted: &[f64], influence: impl Fn(&[f64]) -> Vec<Option<f64>>) -> Optimised {
    const LEAST: f64 = 1e-3;
    const MOST: f64 = 1e3;
    let whole: f64 = wanted.iter().sum();
    let wanted: Vec<f64> = wanted.iter().map(|share| share / whole).collect();
    let shares_under = |weights: &[f64]| -> Vec<f64> {
        let found = influence(weights);
        let sum: f64 = found.iter().flatten().sum();
        found.iter().map(|r| r.map_or(0.0, |r| if sum > 0.0 { r / sum } else { 0.0 })).collect()
    };
    let loss = |shares: &[f64]| shares.iter().zip(&wanted).map(|(got, want)| (got - want).powi(2)).sum::<f64>();

    let mut weights: Vec<f64> = wanted.iter().map(|want| (want * wanted.len() as f64).clamp(LEAST, MOST)).collect();
    let mut best = (f64::INFINITY, weights.clone(), Vec::new());
    for _round in 0..200 {
        let shares = shares_under(&weights);
        let found = loss(&shares);
        if found < best.0 {
            best = (found, weights.clone(), shares.clone());
        }
        if found < 1e-20 {
            break;
        }
        for ((weight, got), want) in weights.iter_mut().zip(&shares).zip(&wanted) {
            let ratio = if *got > 0.0 { (want / got).clamp(0.5, 2.0) } else { 2.0 };
            *weight = (*weight * ratio).clamp(LEAST, MOST);
        }
    }
    let mut step = 2.0_f64;
    let mut sweeps = 0;
    while best.0 > 1e-20 && step > 1.0001 && sweeps < 200 {
        sweeps += 1;
        let before = best.0;
        for place in 0..columns.len() {
            for factor in [step, step.recip()] {
                let mut moved = best.1.clone();
                moved[place] = (moved[place] * factor).clamp(LEAST, MOST);
                let shares = shares_under(&moved);
                let found = loss(&shares);
                if found < best.0 {
                    best = (found, moved, shares);
                    break;
                }
            }
        }
        if best.0 >= before * 0.999 {
            step = step.sqrt();
        }
    }
    let (_, weights, obtained) = best;
    let sum: f64 = weights.iter().sum();
    let miss = obtained.iter().zip(&wanted).map(|(got, want)| (got - want).abs()).fold(0.0, f64::max);
    Optimised { columns: columns.to_vec(), weights: weights.iter().map(|weight| weight / sum).collect(), obtained, wanted, miss }
}

/// The share of the whole index that each column has: its weight among its siblings times its parent's share. One per column of the tree; those at
/// the top are normalised among themselves.
pub fn effective_weights(tree: &Tree, weights: &[f64]) -> Vec<f64> {
    let count = tree.codes.len();
    let mut shares = vec![0.0; count];
    let share_among = |column: usize| {
        let whole: f64 = (0..count)
            .filter(|other| tree.parents[*other] == tree.parents[column] && tree.levels[*other] == tree.levels[column])
            .map(|other| weights[other])
            .sum();
        if whole.abs() > 0.0 { weights[column] / whole } else { 0.0 }
    };
    let mut order: Vec<usize> = (0..count).collect();
    order.sort_by_key(|column| std::cmp::Reverse(tree.levels[*column]));
    for column in order {
        shares[column] = share_among(column) * tree.parents[column].map_or(1.0, |parent| shares[parent]);
    }
    shares
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_component_of_two_columns_weighs_them_the_same() {
        let table = Table { rows: 4, columns: 2, values: vec![1.0, 2.0, 2.0, 1.0, 3.0, 5.0, 4.0, 3.0] };
        let weights = principal_weights(&table, &[0, 1]).unwrap();
        assert!((weights[0] - 0.5_f64.sqrt()).abs() < 1e-12 && (weights[1] - 0.5_f64.sqrt()).abs() < 1e-12);
        assert_eq!(principal_weights(&Table { rows: 2, columns: 1, values: vec![1.0, 2.0] }, &[0]), Some(vec![1.0]));
        assert_eq!(principal_weights(&Table { rows: 2, columns: 2, values: vec![1.0; 4] }, &[0, 1]), None);
    }

    #[test]
    fn weights_move_until_each_element_has_the_wanted_influence() {
        // Influence grows with the weight, faster for the second.
        let influence = |weights: &[f64]| vec![Some(weights[0].sqrt()), Some(2.0 * weights[1].sqrt()), Some(weights[2])];
        let found = optimise(&[4, 5, 6], &[1.0, 1.0, 2.0], influence);
        assert!(found.miss < 1e-6, "{found:?}");
        assert!((found.weights[0] / found.weights[1] - 4.0).abs() < 1e-4);
        assert!((found.weights.iter().sum::<f64>() - 1.0).abs() < 1e-12);
        // What nothing can reach is approached, not chased into the sky.
        let stuck = optimise(&[0, 1], &[1.0, 1.0], |_| vec![Some(0.9), Some(0.1)]);
        assert!((stuck.miss - 0.4).abs() < 1e-12 && stuck.weights.iter().all(|weight| weight.is_finite()));
    }

    #[test]
    fn the_eigenvector_solves_its_equation() {
        let matrix = vec![1.0, 0.5, 0.2, 0.5, 1.0, -0.3, 0.2, -0.3, 1.0];
        let vector = first_eigenvector(matrix.clone(), 3);
        let image: Vec<f64> = (0..3).map(|row| (0..3).map(|k| matrix[row * 3 + k] * vector[k]).sum()).collect();
        let value = image[0] / vector[0];
        for k in 0..3 {
            assert!((image[k] - value * vector[k]).abs() < 1e-12);
        }
        assert!(value > 1.0);
    }
}
