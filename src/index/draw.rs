//! Random draws for factors that are not a choice from a list: weights around given ones, errors in the data. The same seed gives the same draws.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::factor::{Factor, WeightSpread};
use super::structure::{IndexInput, Tree};

/// Stream of the generator for errors in the data.
const NOISE_STREAM: u64 = 1 << 32;
/// Stream of the generator for weights.
const WEIGHT_STREAM: u64 = 2 << 32;

fn generator(seed: u32, stream: u64) -> ChaCha8Rng {
    let mut generator = ChaCha8Rng::seed_from_u64(u64::from(seed));
    generator.set_stream(stream);
    generator
}

/// Factors for every value of the input, row-major, one list per draw; empty without a factor of data error.
pub(crate) fn noise_draws(input: &IndexInput, factors: &[Factor], seed: u32) -> Vec<Vec<f64>> {
    let Some(Factor::DataError { variation, indicators, draws }) = factors.iter().find(|factor| matches!(factor, Factor::DataError { .. })) else {
        return Vec::new();
    };
    let spread: Vec<f64> = input.indicators.iter().map(|indicator| indicators.get(&indicator.code).copied().unwrap_or(*variation)).collect();
    (0..*draws)
        .map(|draw| {
            let mut generator = generator(seed, NOISE_STREAM + draw as u64);
            (0..input.units.len()).flat_map(|_| &spread).map(|spread| 1.0 + spread * normal(&mut generator)).collect()
        })
        .collect()
}

/// Weights of every column of the tree, one list per draw; empty without a factor of weights.
pub(crate) fn weight_draws(tree: &Tree, weights: &[f64], factors: &[Factor], seed: u32) -> Vec<Vec<f64>> {
    let Some(Factor::Weights { levels, spread, draws }) = factors.iter().find(|factor| matches!(factor, Factor::Weights { .. })) else {
        return Vec::new();
    };
    (0..*draws)
        .map(|draw| {
            let mut generator = generator(seed, WEIGHT_STREAM + draw as u64);
            let mut drawn = weights.to_vec();
            match spread {
                WeightSpread::Uniform { share } => {
                    for level in levels {
                        for column in tree.at_level(*level) {
                            drawn[column] *= uniform_factor(&mut generator, *share);
                        }
                    }
                }
                WeightSpread::Dirichlet { concentration } => {
                    for node in tree.nodes.iter().filter(|node| levels.contains(&(node.level - 1))) {
                        let given: Vec<f64> = node.children.iter().map(|child| weights[*child]).collect();
                        for (child, weight) in node.children.iter().zip(dirichlet(&mut generator, &given, *concentration)) {
                            drawn[*child] = weight;
                        }
                    }
                }
            }
            drawn
        })
        .collect()
}

/// Sets of weights around given ones: `draws` sets, each summing to 1, for callers that aggregate for themselves. The same seed gives the same sets.
pub fn weight_sets(given: &[f64], spread: WeightSpread, draws: usize, seed: u32) -> Vec<Vec<f64>> {
    (0..draws)
        .map(|draw| {
            let mut generator = generator(seed, WEIGHT_STREAM + draw as u64);
            let mut weights = match spread {
                WeightSpread::Uniform { share } => given.iter().map(|weight| weight * uniform_factor(&mut generator, share)).collect(),
                WeightSpread::Dirichlet { concentration } => dirichlet(&mut generator, given, concentration),
            };
            let whole: f64 = weights.iter().sum();
            if whole > 0.0 {
                for weight in &mut weights {
                    *weight /= whole;
                }
            }
            weights
        })
        .collect()
}

fn uniform_factor(generator: &mut ChaCha8Rng, share: f64) -> f64 {
    1.0 + share * (2.0 * generator.random::<f64>() - 1.0)
}

/// Shares from a Dirichlet distribution whose mean are the given weights' shares; a weight of 0 stays 0.
fn dirichlet(generator: &mut ChaCha8Rng, given: &[f64], concentration: f64) -> Vec<f64> {
    let whole: f64 = given.iter().filter(|weight| **weight > 0.0).sum();
    if whole <= 0.0 {
        return given.to_vec();
    }
    let drawn: Vec<f64> = given.iter().map(|weight| if *weight > 0.0 { gamma(generator, concentration * weight / whole) } else { 0.0 }).collect();
    let sum: f64 = drawn.iter().sum();
    if sum > 0.0 { drawn.iter().map(|weight| weight / sum).collect() } else { given.to_vec() }
}

/// A standard normal number (Box and Muller).
fn normal(generator: &mut ChaCha8Rng) -> f64 {
    let radius = (-2.0 * (1.0 - generator.random::<f64>()).ln()).sqrt();
    radius * (std::f64::consts::TAU * generator.random::<f64>()).cos()
}

/// A gamma number of scale 1 (Marsaglia and Tsang 2000).
fn gamma(generator: &mut ChaCha8Rng, shape: f64) -> f64 {
    if shape < 1.0 {
        let uniform = 1.0 - generator.random::<f64>();
        return gamma(generator, shape + 1.0) * uniform.powf(shape.recip());
    }
    let d = shape - 1.0 / 3.0;
    let c = (9.0 * d).sqrt().recip();
    loop {
        let x = normal(generator);
        let v = (1.0 + c * x).powi(3);
        if v > 0.0 && (1.0 - generator.random::<f64>()).ln() < 0.5 * x * x + d - d * v + d * v.ln() {
            return d * v;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn drawn_weights_lie_around_the_given_ones() {
        let given = [0.3, 0.25, 0.25, 0.2, 0.0];
        let spreads = [WeightSpread::Uniform { share: 0.25 }, WeightSpread::Dirichlet { concentration: 50.0 }];
        for spread in spreads {
            let sets = weight_sets(&given, spread, 4000, 3);
            for (place, weight) in given.iter().enumerate() {
                let mean = sets.iter().map(|set| set[place]).sum::<f64>() / 4000.0;
                assert!((mean - weight).abs() < 0.005, "{spread:?}: {mean} is not {weight}");
            }
            assert!(sets.iter().all(|set| (set.iter().sum::<f64>() - 1.0).abs() < 1e-12 && set[4].abs() == 0.0));
        }
        // The variance of a Dirichlet share: p(1 − p)/(concentration + 1).
        let sets = weight_sets(&given, spreads[1], 4000, 3);
        let variance = sets.iter().map(|set| (set[0] - 0.3).powi(2)).sum::<f64>() / 4000.0;
        assert!((variance - 0.21 / 51.0).abs() < 0.0004, "{variance}");
    }
}
