//! Exponentials and logarithms of many values at a time, as wide as the processor has room for. The same operations are made whatever the width, so that the
//! bits are the same on every processor (those of the system's library are not); no result is further than one unit in the last place from the library's.
//!
//! Both are fdlibm's (`e_exp.c`, `e_log.c`): the range is cut to half a power of two around 1, and what is left is its polynomial.

#![allow(clippy::inline_always, reason = "only what is inlined into the dispatched function is made as wide as the processor")]

use std::f64::consts::LOG2_E;

use pulp::{Arch, NullaryFnOnce};

/// ln 2, so short that a whole number times it is exact, and the rest of it.
const LN_2: (f64, f64) = (6.931_471_803_691_238e-1, 1.908_214_929_270_587_7e-10);
/// 1.5 · 2⁵²: a number added to it is rounded to a whole one, which then stands in its last bits.
const WHOLE: f64 = 6_755_399_441_055_744.0;
/// 2⁵² and the bits of a number from it up: whole numbers in the last bits, once more.
const FROM_BITS: (f64, u64) = (4_503_599_627_370_496.0, 0x4330_0000_0000_0000);
/// Bits of √½, where a mantissa begins, and their distance to those of 1.
const ROOT: (u64, u64) = (0x3fe6_a09e_667f_3bcd, 0x3ff0_0000_0000_0000 - 0x3fe6_a09e_667f_3bcd);
/// Beyond it the power of two would not be a usual number.
const LARGEST_EXPONENT: f64 = 700.0;

/// e to the power of each value, in place. NaN stays.
pub fn exponentials(values: &mut [f64]) {
    if values.iter().all(|value| value.is_nan() || value.abs() <= LARGEST_EXPONENT) {
        Arch::new().dispatch(Each(values, exponential));
    } else {
        for value in values {
            *value = value.exp();
        }
    }
}

/// The natural logarithm of each value, in place. NaN stays.
pub fn logarithms(values: &mut [f64]) {
    if values.iter().all(|value| value.is_nan() || (f64::MIN_POSITIVE..=f64::MAX).contains(value)) {
        Arch::new().dispatch(Each(values, logarithm));
    } else {
        for value in values {
            *value = value.ln();
        }
    }
}

/// A function of every value, in place; NaN stays.
struct Each<'a, F>(&'a mut [f64], F);

impl<F: Fn(f64) -> f64> NullaryFnOnce for Each<'_, F> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let Self(values, function) = self;
        for value in values {
            *value = if value.is_nan() { *value } else { function(*value) };
        }
    }
}

/// Of a number within [`LARGEST_EXPONENT`].
#[inline(always)]
fn exponential(x: f64) -> f64 {
    let shifted = x * LOG2_E + WHOLE;
    let power = shifted - WHOLE;
    let high = x - power * LN_2.0;
    let low = power * LN_2.1;
    let rest = high - low;
    let square = rest * rest;
    let tail = 6.613_756_321_437_934e-5 + square * (-1.653_390_220_546_525_2e-6 + square * 4.138_136_797_057_238_5e-8);
    let curve = rest - square * (1.666_666_666_666_660_2e-1 + square * (-2.777_777_777_701_559_3e-3 + square * tail));
    let near_one = 1.0 - ((low - (rest * curve) / (2.0 - curve)) - high);
    // The power of two is added to the exponent; what stands above it in `shifted` is pushed out.
    f64::from_bits(near_one.to_bits().wrapping_add(shifted.to_bits() << 52))
}

/// Of a positive number that is neither tiny nor infinite.
#[inline(always)]
fn logarithm(x: f64) -> f64 {
    let bits = x.to_bits().wrapping_add(ROOT.1);
    let power = f64::from_bits(FROM_BITS.1 | bits >> 52) - (FROM_BITS.0 + 1023.0);
    let above_one = f64::from_bits((bits & 0x000f_ffff_ffff_ffff).wrapping_add(ROOT.0)) - 1.0;
    let half = 0.5 * above_one * above_one;
    let ratio = above_one / (2.0 + above_one);
    let square = ratio * ratio;
    let fourth = square * square;
    let even = fourth * (0.399_999_999_994_094_2 + fourth * (0.222_221_984_321_497_84 + fourth * 0.153_138_376_992_093_73));
    let tail = 0.285_714_287_436_623_9 + fourth * (0.181_835_721_616_180_5 + fourth * 0.147_981_986_051_165_86);
    let odd = square * (0.666_666_666_666_673_5 + fourth * tail);
    ratio * (half + even + odd) + power * LN_2.1 - half + above_one + power * LN_2.0
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many numbers lie between two.
    fn apart(first: f64, second: f64) -> u64 {
        first.to_bits().abs_diff(second.to_bits())
    }

    #[test]
    fn exponentials_are_the_librarys_to_the_last_place() {
        let given: Vec<f64> =
            (0..400_000).map(|place| -690.0 + f64::from(place) * 0.003_45).chain((0..100_000).map(|place| f64::from(place) * 5e-5)).collect();
        let mut found = given.clone();
        exponentials(&mut found);
        let worst = given.iter().zip(&found).map(|(given, found)| apart(given.exp(), *found)).max();
        assert!(worst <= Some(1), "{worst:?}");
        let mut few = [0.0, 1.0, f64::NAN];
        exponentials(&mut few);
        assert!(few[0].to_bits() == 1.0_f64.to_bits() && apart(few[1], std::f64::consts::E) <= 1 && few[2].is_nan(), "{few:?}");
    }

    #[test]
    fn logarithms_are_the_librarys_to_the_last_place() {
        let given: Vec<f64> = (0..300_000)
            .map(|place| f64::from(place).mul_add(0.000_37, 0.01))
            .chain((-300..300).map(|power| 1.234_567 * 10_f64.powi(power)))
            .chain((1..1000).map(|place| 1.0 + f64::from(place) * f64::EPSILON))
            .collect();
        let mut found = given.clone();
        logarithms(&mut found);
        let worst = given.iter().zip(&found).map(|(given, found)| apart(given.ln(), *found)).max();
        assert!(worst <= Some(1), "{worst:?}");
        let mut few = [1.0, f64::NAN, f64::MIN_POSITIVE, f64::MAX];
        logarithms(&mut few);
        assert!(few[0].to_bits() == 0 && few[1].is_nan(), "{few:?}");
        assert!(apart(few[2], f64::MIN_POSITIVE.ln()) <= 1 && apart(few[3], f64::MAX.ln()) <= 1, "{few:?}");
    }

    #[test]
    fn what_is_out_of_range_is_the_librarys() {
        let mut found = [800.0, -800.0, f64::INFINITY, f64::NEG_INFINITY, 2.0];
        exponentials(&mut found);
        assert_eq!(found.map(f64::to_bits), [f64::INFINITY, 0.0, f64::INFINITY, 0.0, 2.0_f64.exp()].map(f64::to_bits));
        let mut found = [0.0, -1.0, f64::INFINITY, 5e-324];
        logarithms(&mut found);
        assert!(
            found[0] == f64::NEG_INFINITY && found[1].is_nan() && found[2] == f64::INFINITY && apart(found[3], 5e-324_f64.ln()) == 0,
            "{found:?}"
        );
    }

    #[test]
    fn a_value_has_the_same_bits_whatever_stands_beside_it() {
        let all: Vec<f64> = (1..200).map(|place| f64::from(place) * 0.37).collect();
        let (mut powers, mut logs) = (all.clone(), all.clone());
        exponentials(&mut powers);
        logarithms(&mut logs);
        for (place, value) in all.iter().enumerate() {
            let (mut power, mut log) = ([*value], [f64::NAN, *value, 1.0]);
            exponentials(&mut power);
            logarithms(&mut log);
            assert_eq!((power[0].to_bits(), log[1].to_bits()), (powers[place].to_bits(), logs[place].to_bits()), "{value}");
        }
    }
}
