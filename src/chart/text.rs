//! Measures, cleans, wraps and shortens the text of the charts with the metrics of the embedded Inter.

use std::sync::LazyLock;

use ab_glyph::{Font, FontRef};

use super::Language;

/// Inter Regular (OFL, see `assets/fonts/OFL.txt`), reduced to the Latin letters and signs that the reports use.
pub const INTER_REGULAR: &[u8] = include_bytes!("../../assets/fonts/Inter-Regular.otf");
/// Inter `SemiBold`, reduced in the same way.
pub const INTER_SEMI_BOLD: &[u8] = include_bytes!("../../assets/fonts/Inter-SemiBold.otf");
/// [`INTER_REGULAR`] for HTML pages.
pub const INTER_REGULAR_WOFF2: &[u8] = include_bytes!("../../assets/fonts/Inter-Regular.woff2");
/// [`INTER_SEMI_BOLD`] for HTML pages.
pub const INTER_SEMI_BOLD_WOFF2: &[u8] = include_bytes!("../../assets/fonts/Inter-SemiBold.woff2");

/// Longest label that is looked at; the rest would end behind an ellipsis anyway.
const LONGEST: usize = 600;
/// Widths are measured without kerning and another renderer may round, so they get this much air.
const AIR: f64 = 1.015;
/// Line height, as a share of the size.
pub const LEADING: f64 = 1.2;
/// Fewest letters on either side of a hyphen that we put in.
const LEAST_LETTERS: usize = 3;

/// The two cuts in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Face {
    Regular,
    SemiBold,
}

impl Face {
    fn font(self) -> &'static FontRef<'static> {
        static REGULAR: LazyLock<FontRef<'static>> =
            LazyLock::new(|| FontRef::try_from_slice(INTER_REGULAR).expect("the embedded Inter Regular is a font"));
        static SEMI_BOLD: LazyLock<FontRef<'static>> =
            LazyLock::new(|| FontRef::try_from_slice(INTER_SEMI_BOLD).expect("the embedded Inter SemiBold is a font"));
        match self {
            Self::Regular => &REGULAR,
            Self::SemiBold => &SEMI_BOLD,
        }
    }
}

/// Whether both cuts of the embedded Inter have a glyph for `character`. A PDF that must be readable by everyone may hold no other.
#[must_use]
pub fn has_glyph(character: char) -> bool {
    [Face::Regular, Face::SemiBold].into_iter().all(|face| face.font().glyph_id(character).0 != 0)
}

/// A face at a size in points.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Type {
    pub face: Face,
    pub size: f64,
}

impl Type {
    pub const fn regular(size: f64) -> Self {
        Self { face: Face::Regular, size }
    }

    pub const fn semi_bold(size: f64) -> Self {
        Self { face: Face::SemiBold, size }
    }

    /// Height of one line.
    pub fn leading(self) -> f64 {
        self.size * LEADING
    }

    /// Width of a text on one line. A character that the font lacks counts as one em, because another font will draw it.
    pub fn width(self, text: &str) -> f64 {
        let font = self.face.font();
        let per_em = f64::from(font.units_per_em().unwrap_or(1000.0));
        let ems: f64 = text
            .chars()
            .map(|character| {
                let glyph = font.glyph_id(character);
                if glyph.0 == 0 { 1.0 } else { f64::from(font.h_advance_unscaled(glyph)) / per_em }
            })
            .sum();
        ems * self.size * AIR
    }

    /// Width of the widest of some lines.
    pub fn widest(self, lines: &[String]) -> f64 {
        lines.iter().map(|line| self.width(line)).fold(0.0, f64::max)
    }

    /// Width of the widest word, which is the narrowest column that needs no hyphen.
    pub fn widest_word(self, text: &str) -> f64 {
        pieces(text).iter().map(|piece| self.width(piece.text)).fold(0.0, f64::max)
    }

    /// The text with an ellipsis behind as much of it as fits.
    fn ellipsised(self, text: &str, room: f64) -> String {
        let mut kept: Vec<char> = text.chars().collect();
        loop {
            while kept.last().is_some_and(|last| last.is_whitespace() || ",;:-–(".contains(*last)) {
                kept.pop();
            }
            let candidate = kept.iter().collect::<String>() + "…";
            if kept.is_empty() || self.width(&candidate) <= room {
                return candidate;
            }
            kept.pop();
        }
    }

    /// Breaks a text into at most `most` lines no wider than `room`: between words, inside a word (with a hyphen) only when
    /// the word is wider than a whole line, and with an ellipsis when the lines run out. `most` 0 counts as 1.
    pub fn wrapped(self, text: &str, room: f64, most: usize, language: Language) -> Vec<String> {
        let mut lines: Vec<String> = Vec::new();
        let mut line = String::new();
        for piece in pieces(text) {
            let glue = if piece.spaced && !line.is_empty() { " " } else { "" };
            if self.width(&format!("{line}{glue}{}", piece.text)) <= room {
                line.push_str(glue);
                line.push_str(piece.text);
                continue;
            }
            if self.width(piece.text) <= room {
                lines.push(std::mem::take(&mut line));
                piece.text.clone_into(&mut line);
                continue;
            }
            let mut rest = piece.text;
            // No room at all is no reason to go on for ever.
            while !rest.is_empty() && self.width(rest) > room {
                let glue = if piece.spaced && !line.is_empty() { " " } else { "" };
                let used = self.width(&format!("{line}{glue}"));
                if let Some((head, tail)) = self.hyphenated(rest, room - used, language) {
                    line.push_str(glue);
                    line.push_str(&head);
                    rest = tail;
                } else if line.is_empty() {
                    let (head, tail) = self.torn(rest, room);
                    line.push_str(head);
                    rest = tail;
                }
                lines.push(std::mem::take(&mut line));
            }
            rest.clone_into(&mut line);
        }
        if !line.is_empty() {
            lines.push(line);
        }
        let most = most.max(1);
        if lines.len() > most {
            lines.truncate(most);
            if let Some(last) = lines.last_mut() {
                *last = self.ellipsised(last.trim_end_matches('-'), room);
            }
        }
        lines
    }

    /// The longest beginning of a word that fits with its hyphen, and what is left.
    fn hyphenated(self, word: &str, room: f64, language: Language) -> Option<(String, &str)> {
        let pattern = match language {
            Language::Swedish => hypher::Lang::Swedish,
            Language::English => hypher::Lang::English,
        };
        let start = word.find(char::is_alphabetic)?;
        let length = word[start..].find(|character: char| !character.is_alphabetic()).unwrap_or(word.len() - start);
        let mut best = None;
        let mut end = start;
        for syllable in hypher::hyphenate_bounded(&word[start..start + length], pattern, LEAST_LETTERS, LEAST_LETTERS) {
            end += syllable.len();
            if end >= start + length {
                break;
            }
            let head = format!("{}-", &word[..end]);
            if self.width(&head) <= room {
                best = Some((head, &word[end..]));
            }
        }
        best
    }

    /// As many characters as fit, at least one: for what has no syllables.
    fn torn(self, word: &str, room: f64) -> (&str, &str) {
        let mut cut = word.chars().next().map_or(0, char::len_utf8);
        for (index, character) in word.char_indices().skip(1) {
            let end = index + character.len_utf8();
            if self.width(&word[..end]) > room {
                break;
            }
            cut = end;
        }
        word.split_at(cut)
    }
}

struct Piece<'a> {
    text: &'a str,
    /// Whether a space stood before it.
    spaced: bool,
}

/// The unbreakable pieces of a text: words, and the parts of a word after a hyphen, dash or slash.
fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut found = Vec::new();
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        let mut spaced = true;
        let mut start = 0;
        for (index, character) in word.char_indices() {
            let end = index + character.len_utf8();
            let breakable = "-–/".contains(character) && index > start && word[end..].starts_with(char::is_alphanumeric);
            if breakable {
                found.push(Piece { text: &word[start..end], spaced });
                spaced = false;
                start = end;
            }
        }
        found.push(Piece { text: &word[start..], spaced });
    }
    found
}

/// The text as one inert line: control characters, bidirectional controls, zero-width and private characters are gone, every
/// white space but the no-break ones is a single plain space.
#[must_use]
pub fn plain(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    for character in text.chars() {
        let spaced = match character {
            '\u{a0}' | '\u{202f}' => Some(character),
            _ if character.is_whitespace() => Some(' '),
            '\u{ad}'
            | '\u{61c}'
            | '\u{180e}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}'
            | '\u{fff0}'..='\u{fffb}'
            | '\u{fdd0}'..='\u{fdef}'
            | '\u{e000}'..='\u{f8ff}'
            | '\u{e0000}'..='\u{10ffff}' => None,
            _ if character.is_control() || u32::from(character) & 0xfffe == 0xfffe => None,
            _ => Some(character),
        };
        match spaced {
            Some(' ') if kept.is_empty() || kept.ends_with(' ') => {}
            Some(character) => kept.push(character),
            None => {}
        }
    }
    kept.truncate(kept.trim_end_matches(' ').len());
    kept
}

/// A label as [`plain`] text, without what nobody could read anyway.
pub fn label(text: &str) -> String {
    let end = text.char_indices().nth(LONGEST).map_or(text.len(), |(index, _)| index);
    plain(&text[..end])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const TYPE: Type = Type::regular(9.0);

    fn wrapped(text: &str, room: f64, most: usize) -> Vec<String> {
        TYPE.wrapped(text, room, most, Language::Swedish)
    }

    #[test]
    fn the_embedded_fonts_hold_every_letter_of_the_reports() {
        let letters = "abcdefghijklmnopqrstuvwxyzåäöéüßłşčžABCXYZÅÄÖ0123456789 \u{a0}\u{202f}−–—…←→↑↓•●◆“”’%‰≥≤×";
        for face in [Face::Regular, Face::SemiBold] {
            for letter in letters.chars() {
                assert_ne!(face.font().glyph_id(letter).0, 0, "{face:?} lacks {letter:?}");
            }
        }
    }

    #[test]
    fn a_name_breaks_between_its_words() {
        assert_eq!(wrapped("Undersköterskor, hemtjänst och hemsjukvård", 90.0, 4), ["Undersköterskor,", "hemtjänst och", "hemsjukvård"]);
    }

    #[test]
    fn a_word_is_hyphenated_only_when_it_is_wider_than_the_column() {
        assert_eq!(wrapped("Leg. specialistsjuksköterskor", 140.0, 4), ["Leg. specialistsjuksköterskor"]);
        let narrow = wrapped("specialistsjuksköterskor", 60.0, 4);
        assert!(narrow.len() > 1 && narrow[0].ends_with('-'), "{narrow:?}");
        assert_eq!(narrow.concat().replace('-', ""), "specialistsjuksköterskor");
    }

    #[test]
    fn a_suspended_hyphen_is_kept_with_its_word() {
        assert_eq!(wrapped("tvål- och tvättmedel", 60.0, 4), ["tvål- och", "tvättmedel"]);
    }

    #[test]
    fn a_line_never_starts_with_a_comma() {
        assert_eq!(wrapped("textil-, skinn- och läderindustri", 34.0, 4)[..2], ["textil-,", "skinn-"]);
    }

    #[test]
    fn controls_and_direction_marks_are_stripped() {
        assert_eq!(plain("\u{0}A\u{202e}b\t\n c\u{200f}\u{2066}d\u{7f} "), "Ab cd");
    }

    proptest! {
        #[test]
        fn no_line_is_wider_than_its_column(text in "\\PC{0,80}", room in 12.0..200.0, most in 1_usize..5) {
            let lines = wrapped(&plain(&text), room, most);
            prop_assert!(lines.len() <= most);
            for line in lines {
                prop_assert!(TYPE.width(&line) <= room + 1e-9, "{line:?}");
            }
        }

        #[test]
        fn wrapping_loses_no_letter(text in "[a-zåäö]{1,30}( [a-zåäö]{1,30}){0,5}", room in 30.0..200.0) {
            let lines = wrapped(&text, room, usize::MAX);
            let letters = |text: &str| text.chars().filter(|c| c.is_alphabetic()).collect::<String>();
            prop_assert_eq!(letters(&lines.concat()), letters(&text));
        }

        #[test]
        fn plain_text_has_no_controls(text in any::<String>()) {
            prop_assert!(!plain(&text).chars().any(char::is_control));
        }
    }
}
