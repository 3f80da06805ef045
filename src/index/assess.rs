//! How sure an index's ranking is: its method run with the parts in doubt changed, as the method's own plan has it.

use super::chain::IndexRun;
use super::error::IndexError;
use super::factor::Factor;
use super::method::Method;
use super::perturb::Perturbation;
use super::sensitivity::{RankSensitivity, SensitivityDesign, rank_sensitivity};
use super::structure::IndexInput;
use super::uncertainty::{Design, Uncertainty, UnitUncertainty, uncertainty};

/// Uncertainty and sensitivity of an index. Units are in the order of the aggregated table's rows.
#[derive(Clone, Debug, PartialEq)]
pub struct Assessment {
    /// Names of the factors.
    pub factors: Vec<String>,
    /// Ranks of the method as it is.
    pub baseline: Vec<Option<u32>>,
    /// Counts over all replicates; `None` if the plan asks for none.
    pub uncertainty: Option<Uncertainty>,
    /// What they say of each unit.
    pub units: Vec<UnitUncertainty>,
    /// Sensitivity; `None` if the plan has no rows or no factors.
    pub sensitivity: Option<RankSensitivity>,
    /// Units whose baseline rank lies outside their own 5–95 % interval, and the factor that moves each most, if that was asked.
    pub outside: Vec<(usize, Option<usize>)>,
}

/// Assesses a run of `method` on `input` by the method's plan, or by the default one, without factors, where it has none.
///
/// # Errors
/// If a factor doesn't fit the index or a combination can't be computed.
pub fn assess(input: &IndexInput, method: &Method, run: &IndexRun) -> Result<Assessment, IndexError> {
    let plan = method.uncertainty.clone().unwrap_or_default();
    let model = Perturbation::new(input, method, &plan.factors, plan.seed)?;
    let scores = |point: &[f64], scores: &mut [f64]| model.scores(point, scores);
    let baseline = run.ranks();
    let factors = plan.factors.len();
    let design = Design { factors, units: baseline.len(), replicates: plan.replicates, seed: plan.seed };
    let counted = if plan.replicates > 0 { Some(uncertainty(&scores, &design)?) } else { None };
    let rows = SensitivityDesign { factors, outputs: baseline.len() + 1, rows: plan.rows, resamples: plan.resamples, seed: plan.seed };
    let sensitivity = if factors > 0 && plan.rows > 0 { Some(rank_sensitivity(&scores, &baseline, &rows)?) } else { None };
    let outside = counted.as_ref().map_or_else(Vec::new, |counted| {
        let moved_by = |unit: usize| sensitivity.as_ref()?.units[unit].as_ref()?.moving_factor();
        (0..baseline.len())
            .filter(|unit| baseline[*unit].is_some_and(|rank| counted.lies_outside(*unit, rank)))
            .map(|unit| (unit, moved_by(unit)))
            .collect()
    });
    Ok(Assessment {
        factors: plan.factors.iter().map(Factor::name).map(String::from).collect(),
        units: counted.as_ref().map_or_else(Vec::new, |counted| counted.summaries(plan.certainty, &plan.tops)),
        uncertainty: counted,
        baseline,
        sensitivity,
        outside,
    })
}
