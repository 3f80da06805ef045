//! Numbers as the chart's language writes them.

use super::Language;

/// The number with a fixed count of decimals; an en dash for what is not a number.
pub fn formatted(value: f64, decimals: usize, language: Language) -> String {
    if !value.is_finite() {
        return "–".to_owned();
    }
    let written = format!("{:.decimals$}", value.abs());
    let (whole, fraction) = written.split_once('.').unwrap_or((&written, ""));
    let (point, thousands) = match language {
        Language::Swedish => (',', '\u{a0}'),
        Language::English => ('.', ','),
    };
    let mut text = String::new();
    if value < 0.0 && written.bytes().any(|byte| (b'1'..=b'9').contains(&byte)) {
        text.push('\u{2212}');
    }
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            text.push(thousands);
        }
        text.push(digit);
    }
    if !fraction.is_empty() {
        text.push(point);
        text.push_str(fraction);
    }
    text
}

/// The number with as many decimals as it needs, at most `most`: `2`, `2,5`.
pub fn shortest(value: f64, most: usize, language: Language) -> String {
    let decimals = (0..most)
        .find(|decimals| {
            let scaled = value * 10_f64.powi(i32::try_from(*decimals).unwrap_or(0));
            (scaled - scaled.round()).abs() < 1e-6
        })
        .unwrap_or(most);
    formatted(value, decimals, language)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn swedish_numbers_have_a_comma_and_no_break_spaces() {
        assert_eq!(formatted(-1_234_567.86, 1, Language::Swedish), "\u{2212}1\u{a0}234\u{a0}567,9");
        assert_eq!(formatted(999.0, 0, Language::Swedish), "999");
    }

    #[test]
    fn english_numbers_have_a_point_and_commas() {
        assert_eq!(formatted(12_345.6, 1, Language::English), "12,345.6");
    }

    #[test]
    fn nothing_is_less_than_zero_by_rounding() {
        assert_eq!(formatted(-0.04, 1, Language::Swedish), "0,0");
    }

    #[test]
    fn what_is_not_a_number_is_a_dash() {
        assert_eq!(formatted(f64::NAN, 1, Language::Swedish), "–");
    }

    #[test]
    fn a_whole_number_needs_no_decimals() {
        assert_eq!(shortest(2.0, 1, Language::Swedish), "2");
        assert_eq!(shortest(2.5, 1, Language::Swedish), "2,5");
    }
}
