//! Fit of a market to an occupation: pillar scores and their mean over indicators that are there (method, section 4).

use std::collections::BTreeSet;

use crate::config::Weighting;
use crate::index::aggregate::{weighted_arithmetic_of, weighted_geometric};

/// Indicators that are made from the pool, and mean nothing where a weighting does not take an estimated one.
pub(crate) const OF_POOL: [&str; 2] = ["pool", "specialisation"];

/// The order in which the scores of a market's indicators stand, so that many fits need no names.
pub(crate) struct Order<'a>(Vec<&'a str>);

impl<'a> Order<'a> {
    /// All indicators that some of the weightings name.
    pub(crate) fn of(weightings: impl IntoIterator<Item = &'a Weighting>) -> Self {
        let pillars = weightings.into_iter().flat_map(Weighting::pillars);
        let names: BTreeSet<&str> = pillars.flat_map(|(_, pillar)| pillar.indicators.keys().map(String::as_str)).collect();
        Self(names.into_iter().collect())
    }

    /// Where an indicator stands; `None` for one that no weighting names.
    pub(crate) fn place(&self, indicator: &str) -> Option<usize> {
        self.0.binary_search(&indicator).ok()
    }

    /// The indicators in their order.
    pub(crate) fn indicators(&self) -> impl Iterator<Item = &'a str> {
        self.0.iter().copied()
    }

    /// Scores of a market of which nothing is known.
    pub(crate) fn nothing(&self) -> Vec<f64> {
        vec![f64::NAN; self.0.len()]
    }

    /// Where the indicators stand that are made from the pool.
    pub(crate) fn of_pool(&self) -> impl Iterator<Item = usize> {
        OF_POOL.into_iter().filter_map(|indicator| self.place(indicator))
    }
}

/// Which indicators some of the markets have; each market's scores in one order, NaN is missing.
pub(crate) fn some_have<'m>(indicators: usize, markets: impl IntoIterator<Item = &'m [f64]>) -> Vec<bool> {
    let mut some = vec![false; indicators];
    for scores in markets {
        for (some, score) in some.iter_mut().zip(scores) {
            *some |= !score.is_nan();
        }
    }
    some
}

/// A pillar as a weighting counts it.
struct Pillar {
    weight: f64,
    /// Where its indicators stand, their weights, and the sum of these.
    places: Vec<usize>,
    inside: Vec<f64>,
    whole: f64,
}

/// A weighting as it counts for an occupation: without the indicators that no market has.
pub(crate) struct Counting {
    pillars: [Option<Pillar>; 4],
}

/// A market's fit to an occupation.
pub(crate) struct Scored {
    /// Scores of the pillars; `None` where nothing is there.
    pub pillars: [Option<f64>; 4],
    /// Share of each pillar's weight inside that is there; `None` for a pillar that is not counted.
    pub pillar_coverage: [Option<f64>; 4],
    /// The weighted geometric mean of the pillars.
    pub score: Option<f64>,
    /// Share of the weight that is there, 0…1.
    pub coverage: f64,
}

impl Counting {
    /// `weighting` over indicators that stand in `order`, where only those count that `some` market has.
    pub(crate) fn new(weighting: &Weighting, order: &Order, some: &[bool]) -> Self {
        let pillars = weighting.pillars().map(|(_, pillar)| {
            let counted = pillar.indicators.iter().filter_map(|(name, weight)| Some((order.place(name)?, *weight)));
            let (places, inside): (Vec<usize>, Vec<f64>) = counted.filter(|(place, weight)| some[*place] && *weight > 0.0).unzip();
            let whole: f64 = inside.iter().sum();
            (whole > 0.0 && pillar.weight > 0.0).then_some(Pillar { weight: pillar.weight, places, inside, whole })
        });
        Self { pillars }
    }

    /// The fit of a market with these scores.
    pub(crate) fn fit(&self, scores: &[f64]) -> Scored {
        let mut found = Scored { pillars: [None; 4], pillar_coverage: [None; 4], score: None, coverage: 0.0 };
        let mut weights = [0.0; 4];
        let (mut whole, mut covered) = (0.0, 0.0);
        for (position, pillar) in self.pillars.iter().enumerate() {
            let Some(pillar) = pillar else { continue };
            let values = pillar.places.iter().map(|place| scores[*place]);
            let there: f64 = values.clone().zip(&pillar.inside).filter(|(value, _)| !value.is_nan()).map(|(_, weight)| weight).sum();
            whole += pillar.weight;
            covered += pillar.weight * there / pillar.whole;
            found.pillars[position] = weighted_arithmetic_of(values.zip(pillar.inside.iter().copied()));
            found.pillar_coverage[position] = Some(there / pillar.whole);
            weights[position] = pillar.weight;
        }
        found.score = weighted_geometric(&found.pillars.map(|pillar| pillar.unwrap_or(f64::NAN)), &weights);
        found.coverage = if whole > 0.0 { covered / whole } else { 0.0 };
        found
    }
}
