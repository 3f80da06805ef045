//! Treatment of outliers: a test of skewness and kurtosis, then winsorising or a transformation, for one indicator at a time.
//!
//! The chain is `COINr`'s (1.1, `Treat`): test; if it fails, the first step and test again; if it still fails, the second step, of the original values.

use serde::{Deserialize, Serialize};

use super::{ascending, mean_of};

/// What a rule counts when it limits winsorising.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WinsoriseCount {
    /// `COINr`: points. One point joins the moved ones per round (more where values tie), until at least `max` points have moved.
    #[default]
    Points,
    /// Rounds: each moves all points at the extreme to the next value (method.md §4, county markets).
    Rounds,
}

/// One way to treat the values.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum TreatmentStep {
    /// Leaves the values alone.
    None,
    /// Moves the values at the extreme to the next value, a round at a time, until the test passes or the limit is reached.
    Winsorise {
        /// The most points, or rounds, that may be moved; absent: no limit.
        #[serde(default)]
        max: Option<usize>,
        /// What `max` counts.
        #[serde(default)]
        count: WinsoriseCount,
        /// Winsorises up to `max` even where the test passes; needs `max`.
        #[serde(default)]
        force: bool,
    },
    /// `ln(x − min + 0.01·(max − min))`, the COIN Tool's logarithm.
    LogCt,
    /// As `log_ct` under a positive skew; else `−ln(max + 0.01·(max − min) − x)`.
    LogCtPlus,
    /// `ln(x − min + 1)`, the COIN Tool's first logarithm.
    LogCtOrig,
    /// `ln((max − 1)·(x − min)/(max − min) + 1)`, of the Global Innovation Index. (`COINr` 1.1.14 computes it but returns its input; this returns the logarithm.)
    LogGii,
    /// Box–Cox: `(y^lambda − 1)/lambda`, `ln y` at 0, with `y = x − min + 1` if `make_positive`, else `y = x`, which must then be positive.
    BoxCox {
        /// The exponent.
        lambda: f64,
        /// Shifts the values so that the smallest is 1.
        #[serde(default = "yes")]
        make_positive: bool,
    },
}

fn yes() -> bool {
    true
}

/// When an indicator fails the test, and what is then done, in which order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TreatmentRule {
    /// Fails if |G1| is at least this …
    pub skew_limit: f64,
    /// … and G2 is at least this.
    pub kurt_limit: f64,
    /// First step.
    pub first: TreatmentStep,
    /// Second step, if the values still fail after the first.
    pub then: TreatmentStep,
    /// Applies the second step to what the first left, not to the original values.
    pub combine: bool,
    /// Takes the first step without testing, and nothing after it: for indicators that are always read on another scale.
    pub always: bool,
}

impl Default for TreatmentRule {
    /// `COINr`'s: limits 2 and 3.5, at most five points winsorised, then `log_CT` of the original.
    fn default() -> Self {
        Self {
            skew_limit: 2.0,
            kurt_limit: 3.5,
            first: TreatmentStep::Winsorise { max: Some(5), count: WinsoriseCount::Points, force: false },
            then: TreatmentStep::LogCt,
            combine: false,
            always: false,
        }
    }
}

impl TreatmentRule {
    /// The rule of method.md §4 for county markets: as `COINr`'s, but five *rounds*, each of which moves all points at the extreme.
    pub fn by_rounds() -> Self {
        Self { first: TreatmentStep::Winsorise { max: Some(5), count: WinsoriseCount::Rounds, force: false }, ..Self::default() }
    }

    /// No treatment at all.
    pub fn none() -> Self {
        Self { first: TreatmentStep::None, then: TreatmentStep::None, ..Self::default() }
    }
}

/// What was done to an indicator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TreatmentOutcome {
    /// Too few distinct values to test (under four, or all equal): left alone.
    NotTestable,
    /// Passed the test as it was.
    Passed,
    /// Failed, and no step changed it (no step given, or none could be applied).
    Untreated,
    /// The first step.
    First,
    /// The second step (of the original values, or of the first step's if the rule says `combine`).
    Second,
}

/// Skewness and kurtosis, `None` where they are not defined.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shape {
    /// G1.
    pub skewness: Option<f64>,
    /// G2.
    pub kurtosis: Option<f64>,
}

/// What is told about a treatment beside the values.
#[derive(Clone, Debug, PartialEq)]
pub struct TreatmentNote {
    /// What was done.
    pub outcome: TreatmentOutcome,
    /// Units whose value was moved down from the upper end, in unit order.
    pub moved_down: Vec<usize>,
    /// Units whose value was moved up from the lower end, in unit order.
    pub moved_up: Vec<usize>,
    /// Name of the transformation that gave the values (`log_ct`, `log_ct_neg`, `log_ct_orig`, `log_gii`, `box_cox`), if one did.
    pub transformation: Option<&'static str>,
    /// Shape before.
    pub before: Shape,
    /// Shape after.
    pub after: Shape,
    /// Whether the values passed the test in the end; `None` where it can't be made.
    pub passes: Option<bool>,
}

/// Treated values, one per unit (NaN = missing), and what was done.
#[derive(Clone, Debug, PartialEq)]
pub struct Treated {
    /// The values.
    pub values: Vec<f64>,
    /// What was done.
    pub note: TreatmentNote,
}

/// Bias-corrected skewness G1 of the values that are present: `g1·√(n(n − 1))/(n − 2)`, type 2 of Joanes and Gill (1998), as `COINr` has it.
///
/// `None` under three values, or if all are equal.
pub fn skewness(values: &[f64]) -> Option<f64> {
    shape(values).skewness
}

/// Bias-corrected excess kurtosis G2 of the values that are present: `((n + 1)·g2 + 6)·(n − 1)/((n − 2)(n − 3))`, type 2 of Joanes and Gill (1998).
///
/// `None` under four values, or if all are equal.
pub fn kurtosis(values: &[f64]) -> Option<f64> {
    shape(values).kurtosis
}

/// Mean and sums of the second to fourth powers of deviations, in units of the largest deviation so that large values can't overflow.
fn central_sums(ascending: &[f64]) -> Option<(f64, f64, f64, f64)> {
    let (lowest, highest) = (*ascending.first()?, *ascending.last()?);
    if lowest.total_cmp(&highest).is_eq() {
        return None;
    }
    let mean = mean_of(ascending)?;
    let scale = (highest - mean).max(mean - lowest);
    if !(scale.is_finite() && scale > 0.0) {
        return None;
    }
    let (mut second, mut third, mut fourth) = (0.0, 0.0, 0.0);
    for value in ascending {
        let deviation = (value - mean) / scale;
        let square = deviation * deviation;
        second += square;
        third += square * deviation;
        fourth += square * square;
    }
    (second > 0.0).then_some((mean, second, third, fourth))
}

/// Skewness and kurtosis of the values that are present.
pub fn shape(values: &[f64]) -> Shape {
    shape_of(&ascending(values))
}

/// Skewness and kurtosis of rising values.
fn shape_of(present: &[f64]) -> Shape {
    let count = present.len() as f64;
    let Some((_, second, third, fourth)) = central_sums(present) else { return Shape { skewness: None, kurtosis: None } };
    let skewness = || {
        let biased = count.sqrt() * third / second.powf(1.5);
        biased * (count * (count - 1.0)).sqrt() / (count - 2.0)
    };
    let kurtosis = || {
        let ratio = count * fourth / (second * second);
        ((count + 1.0) * (ratio - 3.0) + 6.0) * (count - 1.0) / ((count - 2.0) * (count - 3.0))
    };
    Shape { skewness: (present.len() >= 3).then(skewness), kurtosis: (present.len() >= 4).then(kurtosis) }
}

/// Whether a shape passes: it fails if |G1| ≥ `skew_limit` *and* G2 ≥ `kurt_limit`; `None` where either is undefined.
pub fn passes(shape: Shape, skew_limit: f64, kurt_limit: f64) -> Option<bool> {
    Some(!(shape.skewness?.abs() >= skew_limit && shape.kurtosis? >= kurt_limit))
}

/// Treats one indicator: `values` one per unit, NaN = missing (and stays so).
///
/// An indicator that can't be tested is left alone, as in `COINr`; a step that can't be applied (a logarithm of nothing positive) is skipped.
pub fn treat(values: &[f64], rule: &TreatmentRule) -> Treated {
    let original: Vec<f64> = values.iter().map(|value| if value.is_finite() { *value } else { f64::NAN }).collect();
    let before = shape(&original);
    let test = |values: &[f64]| passes(shape(values), rule.skew_limit, rule.kurt_limit);
    let untouched = |outcome, passes| Treated {
        values: original.clone(),
        note: TreatmentNote { outcome, moved_down: Vec::new(), moved_up: Vec::new(), transformation: None, before, after: before, passes },
    };
    let done = |outcome, step: Stepped| Treated {
        note: TreatmentNote {
            outcome,
            after: shape(&step.values),
            passes: test(&step.values),
            moved_down: step.moved_down,
            moved_up: step.moved_up,
            transformation: step.transformation,
            before,
        },
        values: step.values,
    };

    let forced = rule.always || matches!(rule.first, TreatmentStep::Winsorise { force: true, .. });
    let passed = test(&original);
    if rule.always {
        return match apply(&original, &rule.first, rule) {
            Some(step) => done(TreatmentOutcome::First, step),
            None => untouched(TreatmentOutcome::Untreated, passed),
        };
    }
    match passed {
        None => return untouched(TreatmentOutcome::NotTestable, None),
        Some(true) if !forced => return untouched(TreatmentOutcome::Passed, Some(true)),
        _ => {}
    }
    let first = apply(&original, &rule.first, rule);
    match first {
        Some(step) if test(&step.values) != Some(false) || rule.then == TreatmentStep::None => {
            // A step after which nothing can be tested (all equal) has destroyed the indicator: COINr gives the original back.
            if test(&step.values).is_none() {
                return untouched(TreatmentOutcome::NotTestable, None);
            }
            done(TreatmentOutcome::First, step)
        }
        first => {
            let start = first.as_ref().filter(|_| rule.combine).map_or(&original, |step| &step.values);
            match apply(start, &rule.then, rule) {
                Some(mut second) => {
                    if let Some(first) = first.filter(|_| rule.combine) {
                        second.moved_down = first.moved_down;
                        second.moved_up = first.moved_up;
                    }
                    done(TreatmentOutcome::Second, second)
                }
                None => match first {
                    Some(step) => done(TreatmentOutcome::First, step),
                    None => untouched(TreatmentOutcome::Untreated, passed),
                },
            }
        }
    }
}

struct Stepped {
    values: Vec<f64>,
    moved_down: Vec<usize>,
    moved_up: Vec<usize>,
    transformation: Option<&'static str>,
}

/// One step; `None` where it doesn't apply or is [`TreatmentStep::None`].
fn apply(values: &[f64], step: &TreatmentStep, rule: &TreatmentRule) -> Option<Stepped> {
    let (transformed, name) = match step {
        TreatmentStep::None => return None,
        TreatmentStep::Winsorise { max, count, force } => {
            let winsorised = winsorise(values, *max, *count, *force, rule.skew_limit, rule.kurt_limit);
            return Some(Stepped {
                values: winsorised.values,
                moved_down: winsorised.moved_down,
                moved_up: winsorised.moved_up,
                transformation: None,
            });
        }
        TreatmentStep::LogCt => (log_ct(values)?, "log_ct"),
        TreatmentStep::LogCtPlus => {
            if skewness(values)? > 0.0 {
                (log_ct(values)?, "log_ct")
            } else {
                (log_ct_negative(values)?, "log_ct_neg")
            }
        }
        TreatmentStep::LogCtOrig => (log_ct_orig(values)?, "log_ct_orig"),
        TreatmentStep::LogGii => (log_gii(values)?, "log_gii"),
        TreatmentStep::BoxCox { lambda, make_positive } => (box_cox(values, *lambda, *make_positive)?, "box_cox"),
    };
    Some(Stepped { values: transformed, moved_down: Vec::new(), moved_up: Vec::new(), transformation: Some(name) })
}

/// Winsorised values and the units that moved, in unit order.
#[derive(Clone, Debug, PartialEq)]
pub struct Winsorised {
    /// One per unit, NaN = missing.
    pub values: Vec<f64>,
    /// Units moved down from the upper end.
    pub moved_down: Vec<usize>,
    /// Units moved up from the lower end.
    pub moved_up: Vec<usize>,
    /// Rounds taken.
    pub rounds: usize,
}

/// Winsorises until the test passes or `max` points or rounds are reached (`None`: no limit).
///
/// A round looks at the end to which the values are skewed (upper at G1 ≥ 0), takes all points at the extreme and gives them the next value. It stops
/// when only one value would be left. `force` goes on after the test passes, up to `max`.
pub fn winsorise(values: &[f64], max: Option<usize>, count: WinsoriseCount, force: bool, skew_limit: f64, kurt_limit: f64) -> Winsorised {
    let mut done = Winsorised { values: values.to_vec(), moved_down: Vec::new(), moved_up: Vec::new(), rounds: 0 };
    let force = force && max.is_some();
    // A round moves points onto their neighbours, so that the values stay in order.
    let mut present = ascending(values);
    loop {
        let used = match count {
            WinsoriseCount::Points => done.moved_down.len() + done.moved_up.len(),
            WinsoriseCount::Rounds => done.rounds,
        };
        let shape = shape_of(&present);
        let (Some(passed), Some(skewness)) = (passes(shape, skew_limit, kurt_limit), shape.skewness) else {
            break;
        };
        if (passed && !force) || max.is_some_and(|max| used >= max) {
            break;
        }
        let upper = skewness >= 0.0;
        let extreme = if upper { present.last() } else { present.first() };
        let Some(&extreme) = extreme else { break };
        let next = if upper { present.iter().rev().find(|value| **value < extreme) } else { present.iter().find(|value| **value > extreme) };
        let Some(&next) = next else { break };
        // Under two different values left afterwards nothing distinguishes the units any more.
        if present.iter().all(|value| *value >= extreme.min(next) && *value <= extreme.max(next)) {
            break;
        }
        let is_extreme = |value: f64| value.partial_cmp(&extreme) == Some(std::cmp::Ordering::Equal);
        let moved: Vec<usize> = (0..done.values.len()).filter(|unit| is_extreme(done.values[*unit])).collect();
        for &unit in &moved {
            done.values[unit] = next;
        }
        for value in present.iter_mut().filter(|value| is_extreme(**value)) {
            *value = next;
        }
        if upper {
            done.moved_down = moved;
        } else {
            done.moved_up = moved;
        }
        done.rounds += 1;
    }
    done
}

/// Smallest and largest value present; `None` if there are not two different ones.
fn range(values: &[f64]) -> Option<(f64, f64)> {
    let (mut lowest, mut highest) = (f64::INFINITY, f64::NEG_INFINITY);
    for value in values.iter().filter(|value| value.is_finite()) {
        lowest = lowest.min(*value);
        highest = highest.max(*value);
    }
    (lowest < highest && (highest - lowest).is_finite()).then_some((lowest, highest))
}

/// Applies `function` to what is present; `None` if a result is not finite.
fn each(values: &[f64], function: impl Fn(f64) -> f64) -> Option<Vec<f64>> {
    values
        .iter()
        .map(|&value| {
            if !value.is_finite() {
                return Some(f64::NAN);
            }
            Some(function(value)).filter(|result| result.is_finite())
        })
        .collect()
}

/// `ln(x − min + 0.01·(max − min))`; `None` if all values are equal.
pub fn log_ct(values: &[f64]) -> Option<Vec<f64>> {
    let (lowest, highest) = range(values)?;
    let shift = 0.01 * (highest - lowest);
    each(values, |value| (value - lowest + shift).ln())
}

/// `−ln(max + 0.01·(max − min) − x)`, the logarithm for a negative skew; `None` if all values are equal.
pub fn log_ct_negative(values: &[f64]) -> Option<Vec<f64>> {
    let (lowest, highest) = range(values)?;
    let shift = 0.01 * (highest - lowest);
    each(values, |value| -(highest + shift - value).ln())
}

/// `ln(x − min + 1)`; `None` if all values are equal.
pub fn log_ct_orig(values: &[f64]) -> Option<Vec<f64>> {
    let (lowest, _) = range(values)?;
    each(values, |value| (value - lowest + 1.0).ln())
}

/// `ln((max − 1)·(x − min)/(max − min) + 1)`; `None` if all values are equal or the largest is not positive.
///
/// It keeps the order only where the largest value is above 1; elsewhere it is not applied either.
pub fn log_gii(values: &[f64]) -> Option<Vec<f64>> {
    let (lowest, highest) = range(values)?;
    if highest <= 1.0 {
        return None;
    }
    each(values, |value| ((highest - 1.0) * (value - lowest) / (highest - lowest) + 1.0).ln())
}

/// Box–Cox with a given `lambda`; `None` if a value is not positive (after the shift to a minimum of 1, if `make_positive`) or a result not finite.
pub fn box_cox(values: &[f64], lambda: f64, make_positive: bool) -> Option<Vec<f64>> {
    let lowest = ascending(values).first().copied()?;
    let shift = if make_positive { 1.0 - lowest } else { 0.0 };
    if lowest + shift <= 0.0 {
        return None;
    }
    // The shift is subtracted first and added after, as COINr does, so that the smallest value is 1 to the bit.
    let shifted = move |value: f64| {
        if make_positive { value - lowest + 1.0 } else { value }
    };
    if lambda.abs() == 0.0 { each(values, |value| shifted(value).ln()) } else { each(values, |value| (shifted(value).powf(lambda) - 1.0) / lambda) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAN: f64 = f64::NAN;

    fn skewed() -> Vec<f64> {
        vec![1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 100.0]
    }

    #[test]
    fn the_moments_are_the_bias_corrected_ones() {
        // G1 and G2 of 1, 2, 3, 4, 100, from scipy (bias=False), which is e1071's type 2.
        let values = [1.0, 2.0, 3.0, 4.0, 100.0];
        assert!((skewness(&values).unwrap() - 2.232_395_911_636_458).abs() < 1e-12, "{:?}", skewness(&values));
        assert!((kurtosis(&values).unwrap() - 4.986_865_957_200_654).abs() < 1e-12, "{:?}", kurtosis(&values));
    }

    #[test]
    fn moments_need_enough_different_values() {
        assert_eq!(skewness(&[1.0, 2.0]), None);
        assert_eq!(kurtosis(&[1.0, 2.0, 3.0]), None);
        assert_eq!(skewness(&[0.1; 9]), None);
        assert_eq!(skewness(&[NAN; 9]), None);
        assert!(skewness(&[1e150, 2e150, 9e150]).unwrap().is_finite());
    }

    #[test]
    fn an_indicator_without_outliers_is_left_alone() {
        let values = [1.0, 2.0, NAN, 3.0, 4.0, 5.0];
        let treated = treat(&values, &TreatmentRule::default());
        assert_eq!(treated.note.outcome, TreatmentOutcome::Passed);
        assert!(treated.values[2].is_nan());
        assert_eq!(treated.values[5].to_bits(), 5.0_f64.to_bits());
    }

    #[test]
    fn one_outlier_moves_to_the_next_value() {
        let treated = treat(&skewed(), &TreatmentRule::default());
        assert_eq!(treated.note.outcome, TreatmentOutcome::First);
        assert_eq!(treated.note.moved_down, [9]);
        assert_eq!(treated.values[9].to_bits(), 9.0_f64.to_bits());
        assert_eq!(treated.note.passes, Some(true));
    }

    #[test]
    fn low_outliers_move_up() {
        let values: Vec<f64> = skewed().iter().map(|value| -value).collect();
        let treated = treat(&values, &TreatmentRule::default());
        assert_eq!(treated.note.moved_up, [9]);
        assert!(treated.note.moved_down.is_empty());
    }

    #[test]
    fn points_and_rounds_are_counted_differently() {
        // Three units tie at the top: one round, three points.
        let mut values: Vec<f64> = (0..40).map(|unit| f64::from(unit % 5)).collect();
        values.extend([900.0, 900.0, 900.0, 800.0]);
        let by = |count| winsorise(&values, Some(1), count, false, 0.5, 0.5);
        assert_eq!(by(WinsoriseCount::Rounds).moved_down, [40, 41, 42]);
        assert_eq!(by(WinsoriseCount::Points).moved_down, [40, 41, 42]);
        let two = |count| winsorise(&values, Some(2), count, false, 0.5, 0.5);
        assert_eq!(two(WinsoriseCount::Rounds).moved_down, [40, 41, 42, 43]);
        assert_eq!(two(WinsoriseCount::Points).moved_down, [40, 41, 42]);
    }

    #[test]
    fn what_winsorising_cannot_mend_is_logged_from_the_original() {
        let values: Vec<f64> = (0..60).map(|unit| (f64::from(unit) * 0.5).exp()).collect();
        let treated = treat(&values, &TreatmentRule::default());
        assert_eq!(treated.note.outcome, TreatmentOutcome::Second);
        assert_eq!(treated.note.transformation, Some("log_ct"));
        assert!(treated.note.moved_down.is_empty());
        assert_eq!(treated.values, log_ct(&values).unwrap());
        // As in COINr: ln(x − min + 1 % of the range).
        let (low, high) = (values[0], values[59]);
        assert!((treated.values[59] - (high - low + 0.01 * (high - low)).ln()).abs() < 1e-12);
    }

    #[test]
    fn all_equal_or_too_few_values_are_left_alone() {
        for values in [vec![3.0; 10], vec![1.0, 50.0], vec![NAN; 4], vec![]] {
            let treated = treat(&values, &TreatmentRule::default());
            assert_eq!(treated.note.outcome, TreatmentOutcome::NotTestable);
            assert_eq!(treated.values.len(), values.len());
        }
        // Three values have a skewness, at most 1.73: they pass without a kurtosis.
        assert_eq!(treat(&[1.0, 2.0, 50.0], &TreatmentRule::default()).note.outcome, TreatmentOutcome::Passed);
    }

    #[test]
    fn a_negative_skew_gets_the_mirrored_logarithm() {
        let rule = TreatmentRule { first: TreatmentStep::LogCtPlus, ..TreatmentRule::default() };
        let values: Vec<f64> = skewed().iter().map(|value| -value).collect();
        let treated = treat(&values, &TreatmentRule { always: true, ..rule });
        assert_eq!(treated.note.transformation, Some("log_ct_neg"));
        assert!(treated.values[0] > treated.values[1], "the order is kept");
    }

    #[test]
    fn transformations_keep_the_order() {
        let values = skewed();
        for transformed in [
            log_ct(&values),
            log_ct_negative(&values),
            log_ct_orig(&values),
            log_gii(&values),
            box_cox(&values, 0.0, true),
            box_cox(&values, -0.5, true),
            box_cox(&values, 2.0, false),
        ] {
            assert!(transformed.unwrap().is_sorted_by(|a, b| a < b));
        }
        assert_eq!(box_cox(&[-1.0, 2.0], 0.5, false), None);
        assert_eq!(log_gii(&[-3.0, -2.0]), None);
    }

    #[test]
    fn an_infinity_is_missing() {
        let treated = treat(&[1.0, f64::INFINITY, 2.0, 3.0, 4.0], &TreatmentRule::default());
        assert!(treated.values[1].is_nan());
    }
}
