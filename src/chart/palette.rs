//! The colours of the charts, with the arithmetic that proves them: WCAG contrast, and distance as colour-blind readers see it.

/// A colour in sRGB.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Colour(pub u8, pub u8, pub u8);

/// Paper.
pub const WHITE: Colour = Colour(0xff, 0xff, 0xff);
/// Text and strong marks.
pub const INK: Colour = Colour(0x1b, 0x23, 0x2b);
/// Secondary text: axis labels, notes.
pub const MUTED: Colour = Colour(0x4a, 0x55, 0x60);
/// Marks that must be seen but not looked at: leader lines, hatching, outlines.
pub const QUIET: Colour = Colour(0x75, 0x80, 0x8b);
/// Grid lines; decoration, no contrast needed.
pub const GRID: Colour = Colour(0xd5, 0xdb, 0xe0);
/// Bands behind the marks: tiers, the 40–60 % interval.
pub const BAND: Colour = Colour(0xee, 0xf2, 0xf5);
/// Women; always a circle as well.
pub const WOMEN: Colour = Colour(0x4a, 0x14, 0x8c);
/// Men; always a square or diamond as well.
pub const MEN: Colour = Colour(0xd0, 0x7a, 0x00);
/// A point estimate: score, median.
pub const POINT: Colour = Colour(0x0b, 0x3c, 0x5d);
/// An interval around a point estimate.
pub const INTERVAL: Colour = Colour(0x5f, 0x91, 0xb0);
/// Occupations rated *brist*.
pub const SHORTAGE: Colour = Colour(0x0b, 0x3c, 0x5d);
/// Occupations rated *bevakas*.
pub const WATCHED: Colour = Colour(0x4b, 0x9a, 0xbf);
/// A series beside [`WOMEN`] that is neither women nor men: the market; always a triangle as well.
pub const SECOND: Colour = Colour(0x1f, 0x80, 0x7a);
/// Steps of a heat table from low to high; each carries [`on`] at 4.5:1 or more.
pub const HEAT: [Colour; 5] =
    [Colour(0xf0, 0xf5, 0xf8), Colour(0xcb, 0xdf, 0xea), Colour(0x97, 0xc0, 0xd6), Colour(0x2c, 0x6f, 0x96), Colour(0x0b, 0x3c, 0x5d)];
/// Classes of a map from low to high: darker than [`HEAT`] at the low end, because they stand on paper without a number in them.
pub const MAP: [Colour; 5] =
    [Colour(0xd8, 0xe8, 0xf0), Colour(0xa9, 0xcc, 0xde), Colour(0x70, 0xa7, 0xc4), Colour(0x2f, 0x74, 0xa0), Colour(0x0b, 0x3c, 0x5d)];
/// Land that a map is not about.
pub const LAND: Colour = Colour(0xec, 0xec, 0xe8);

/// Relative luminance of WCAG 2.2, 0–1.
#[must_use]
pub fn luminance(colour: Colour) -> f64 {
    let [red, green, blue] = linear(colour);
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}

/// Contrast ratio of WCAG 2.2, 1–21; the order does not matter.
#[must_use]
pub fn contrast(one: Colour, other: Colour) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

/// The text colour, ink or white, that is easiest to read on a ground.
#[must_use]
pub fn on(ground: Colour) -> Colour {
    if contrast(INK, ground) >= contrast(WHITE, ground) { INK } else { WHITE }
}

fn linear(Colour(red, green, blue): Colour) -> [f64; 3] {
    [red, green, blue].map(|channel| {
        let share = f64::from(channel) / 255.0;
        if share <= 0.040_45 { share / 12.92 } else { ((share + 0.055) / 1.055).powf(2.4) }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    type Matrix = [[f64; 3]; 3];

    // Machado, Oliveira and Fernandes (2009), severity 1.0, on linear RGB.
    const PROTANOPIA: Matrix = [[0.152_286, 1.052_583, -0.204_868], [0.114_503, 0.786_281, 0.099_216], [-0.003_882, -0.048_116, 1.051_998]];
    const DEUTERANOPIA: Matrix = [[0.367_322, 0.860_646, -0.227_968], [0.280_085, 0.672_501, 0.047_413], [-0.011_820, 0.042_940, 0.968_881]];
    const TRITANOPIA: Matrix = [[1.255_528, -0.076_749, -0.178_779], [-0.078_411, 0.930_809, 0.147_602], [0.004_733, 0.691_367, 0.303_900]];
    const NORMAL: Matrix = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]];

    /// CIELAB (D65) of a colour as seen through a simulated deficiency.
    fn lab(colour: Colour, eye: Matrix) -> [f64; 3] {
        let rgb = linear(colour);
        let seen = eye.map(|row| row.iter().zip(rgb).map(|(weight, channel)| weight * channel).sum::<f64>().clamp(0.0, 1.0));
        let xyz = [
            (0.412_456 * seen[0] + 0.357_576 * seen[1] + 0.180_438 * seen[2], 0.950_47),
            (0.212_673 * seen[0] + 0.715_152 * seen[1] + 0.072_175 * seen[2], 1.0),
            (0.019_334 * seen[0] + 0.119_192 * seen[1] + 0.950_304 * seen[2], 1.088_83),
        ];
        let [x, y, z] = xyz.map(|(value, white)| {
            let share: f64 = value / white;
            if share > 0.008_856 { share.cbrt() } else { 7.787 * share + 16.0 / 116.0 }
        });
        [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
    }

    fn distance(one: Colour, other: Colour, eye: Matrix) -> f64 {
        lab(one, eye).iter().zip(lab(other, eye)).map(|(one, other)| (one - other).powi(2)).sum::<f64>().sqrt()
    }

    #[test]
    fn contrast_is_that_of_the_standard() {
        assert!((contrast(Colour(0, 0, 0), WHITE) - 21.0).abs() < 1e-9);
        assert!((contrast(Colour(0x77, 0x77, 0x77), WHITE) - 4.478).abs() < 0.001);
    }

    #[test]
    fn every_text_colour_reads_on_paper_and_on_bands() {
        for text in [INK, MUTED] {
            for ground in [WHITE, BAND] {
                assert!(contrast(text, ground) >= 4.5, "{text:?} on {ground:?}");
            }
        }
    }

    #[test]
    fn every_mark_stands_out_from_paper_and_bands() {
        for mark in [QUIET, WOMEN, MEN, POINT, INTERVAL, SHORTAGE, WATCHED, SECOND, INK] {
            assert!(contrast(mark, WHITE) >= 3.0, "{mark:?} on white");
        }
        for mark in [QUIET, WOMEN, POINT, INTERVAL, SECOND, INK] {
            assert!(contrast(mark, BAND) >= 3.0, "{mark:?} on a band");
        }
    }

    #[test]
    fn a_median_stands_out_from_its_interval() {
        assert!(contrast(POINT, INTERVAL) >= 3.0);
    }

    #[test]
    fn women_and_men_differ_in_contrast_too() {
        assert!(contrast(WOMEN, MEN) >= 3.0);
    }

    #[test]
    fn printed_values_read_on_every_ground() {
        for step in HEAT.into_iter().chain(MAP).chain([SHORTAGE, WATCHED, BAND]) {
            assert!(contrast(on(step), step) >= 4.5, "{step:?}");
        }
    }

    #[test]
    fn heat_steps_darken_in_grey_print() {
        for pair in HEAT.windows(2).chain(MAP.windows(2)) {
            assert!(lab(pair[0], NORMAL)[0] - lab(pair[1], NORMAL)[0] >= 7.0, "{pair:?}");
        }
    }

    #[test]
    fn colours_that_mean_different_things_differ_for_colour_blind_readers() {
        for (one, other) in [(WOMEN, MEN), (SHORTAGE, WATCHED), (WOMEN, SECOND), (MEN, SECOND), (POINT, INTERVAL)] {
            for eye in [NORMAL, PROTANOPIA, DEUTERANOPIA, TRITANOPIA] {
                assert!(distance(one, other, eye) >= 20.0, "{one:?} and {other:?}: {}", distance(one, other, eye));
            }
        }
    }

    #[test]
    fn colours_that_stand_in_one_chart_differ_in_grey_print() {
        // Men and the market never stand in one chart without their own shapes; the others are told apart by grey alone.
        for (one, other, least) in
            [(WOMEN, MEN, 20.0), (SHORTAGE, WATCHED, 20.0), (WOMEN, SECOND, 20.0), (POINT, INTERVAL, 20.0), (MEN, SECOND, 10.0)]
        {
            let apart = (lab(one, NORMAL)[0] - lab(other, NORMAL)[0]).abs();
            assert!(apart >= least, "{one:?} and {other:?}: {apart}");
        }
    }

    #[test]
    fn any_ground_gets_the_better_of_ink_and_white() {
        assert_eq!(on(HEAT[0]), INK);
        assert_eq!(on(HEAT[4]), WHITE);
    }
}
