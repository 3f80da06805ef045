//! From SSYK 2012 to ISCO-08: weights `k(o→g)` that sum to 1 for each unit group (method, section 3).

use std::collections::BTreeMap;

use crate::code::{Codes, Isco, Ssyk};
use crate::figures::Figures;

/// What the weights of a unit group rest on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Basis {
    /// Job titles that SCB files under the pair.
    Titles,
    /// No title: equal over the pairs of the key.
    Pairs,
}

impl Basis {
    /// The word in the tables.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Titles => "titles",
            Self::Pairs => "pairs",
        }
    }
}

/// Weights of one unit group over ISCO unit groups; empty where the key has no pair for it.
#[derive(Clone, Debug, PartialEq)]
pub struct Link {
    /// ISCO unit group to weight.
    pub weights: BTreeMap<Isco, f64>,
    /// What they rest on.
    pub basis: Basis,
}

impl Link {
    /// The weights summed to ISCO groups of `length` digits.
    #[must_use]
    pub fn at_level(&self, length: u8) -> BTreeMap<Isco, f64> {
        let mut sums = BTreeMap::new();
        for (isco, weight) in &self.weights {
            *sums.entry(isco.at_level(length)).or_insert(0.0) += weight;
        }
        sums
    }

    /// The ISCO major group that carries most of the weight; the lowest code where two carry the same.
    #[must_use]
    pub fn main_major_group(&self) -> Option<Isco> {
        let mut best: Option<(Isco, f64)> = None;
        for (group, weight) in self.at_level(1) {
            if best.is_none_or(|(_, most)| weight > most) {
                best = Some((group, weight));
            }
        }
        best.map(|(group, _)| group)
    }
}

/// Whether JobTech links a unit group to an ISCO group too, as a check of SCB's key; `None` where JobTech lacks the group, or its taxonomy is not at hand.
#[must_use]
pub fn in_jobtech(figures: &Figures, codes: &Codes, occupation: Ssyk, isco: Isco) -> Option<bool> {
    let group = codes.occupation(occupation).jobtech_group.as_ref()?;
    Some(figures.jobtech_key.get(group)?.contains(&isco))
}

/// The share of a unit group's weights on ISCO groups that JobTech links it to as well; `None` as [`in_jobtech`], or where it has no weights.
#[must_use]
pub fn agreement(figures: &Figures, codes: &Codes, occupation: Ssyk, link: &Link) -> Option<f64> {
    let mut agreed = None;
    for (isco, weight) in &link.weights {
        *agreed.get_or_insert(0.0) += if in_jobtech(figures, codes, occupation, *isco)? { *weight } else { 0.0 };
    }
    agreed
}

/// The weights of every unit group in `occupations`.
#[must_use]
pub fn links(figures: &Figures, occupations: &[Ssyk]) -> BTreeMap<Ssyk, Link> {
    let none = Vec::new();
    let link = |occupation: &Ssyk| {
        let pairs = figures.key.get(occupation).unwrap_or(&none);
        let titles: i64 = pairs.iter().map(|(_, _, titles)| titles).sum();
        if titles > 0 {
            let weight = |count: i64| count as f64 / titles as f64;
            let weights = pairs.iter().filter(|(_, _, count)| *count > 0).map(|(isco, _, count)| (*isco, weight(*count))).collect();
            return Link { weights, basis: Basis::Titles };
        }
        let keyed: Vec<Isco> = pairs.iter().filter(|(_, in_key, _)| *in_key).map(|(isco, _, _)| *isco).collect();

        let weights = keyed.iter().map(|isco| (*isco, 1.0 / keyed.len() as f64)).collect();
        Link { weights, basis: Basis::Pairs }
    };
    occupations.iter().map(|occupation| (*occupation, link(occupation))).collect()
}
