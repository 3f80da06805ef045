//! The gravity model as a baseline: a least-squares line of ln(1 + what followed) on a few features, fitted on the period before.

/// Coefficients of the least-squares line of `outcome` on a constant and `features` (one row an observation); `None` where the features do not tell the rows
/// apart. Normal equations, solved by elimination with pivots: the features are few and of like size.
#[must_use]
pub fn fitted(features: &[Vec<f64>], outcome: &[f64]) -> Option<Vec<f64>> {
    let width = features.first()?.len() + 1;
    let mut system = vec![vec![0.0; width + 1]; width];
    for (row, outcome) in features.iter().zip(outcome) {
        let with_constant = || std::iter::once(1.0).chain(row.iter().copied());
        for (line, first) in system.iter_mut().zip(with_constant()) {
            for (cell, second) in line.iter_mut().zip(with_constant().chain([*outcome])) {
                *cell += first * second;
            }
        }
    }
    for place in 0..width {
        let pivot = (place..width).max_by(|first, second| system[*first][place].abs().total_cmp(&system[*second][place].abs()))?;
        system.swap(place, pivot);
        if system[place][place].abs() < 1e-9 {
            return None;
        }
        let (above, below) = system.split_at_mut(place + 1);
        let solved = &above[place];
        for line in below {
            let times = line[place] / solved[place];
            for (cell, known) in line.iter_mut().zip(solved) {
                *cell -= times * known;
            }
        }
    }
    let mut coefficients = vec![0.0; width];
    for place in (0..width).rev() {
        let known: f64 = (place + 1..width).map(|other| system[place][other] * coefficients[other]).sum();
        coefficients[place] = (system[place][width] - known) / system[place][place];
    }
    Some(coefficients)
}

/// The line's value at `features`.
#[must_use]
pub fn predicted(coefficients: &[f64], features: &[f64]) -> f64 {
    coefficients[0] + coefficients[1..].iter().zip(features).map(|(coefficient, feature)| coefficient * feature).sum::<f64>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_exact_line_is_found_again() {
        let features: Vec<Vec<f64>> = (0..20).map(|i| vec![f64::from(i), f64::from(i * i % 7)]).collect();
        let outcome: Vec<f64> = features.iter().map(|row| 2.0 + 0.5 * row[0] - 3.0 * row[1]).collect();
        let found = fitted(&features, &outcome).unwrap();
        for (coefficient, truth) in found.iter().zip([2.0, 0.5, -3.0]) {
            assert!((coefficient - truth).abs() < 1e-9);
        }
        assert!((predicted(&found, &[4.0, 1.0]) - 1.0).abs() < 1e-9);
    }

    #[test]
    fn features_that_are_all_equal_give_no_line() {
        assert_eq!(fitted(&[vec![1.0], vec![1.0]], &[3.0, 4.0]), None);
    }
}
