//! How wide the columns of a printed table are: as wide as their text if there is room, else so that long texts share what the short ones leave.

use crate::chart::Type;
use crate::language::Language;
use crate::report::model::{Cell, Grid};

/// Left and right of a cell's text, as a share of the text's size.
const PADDING: f64 = 0.9;
/// A word wider than this is hyphenated rather than given its width, in sizes of the text.
const LONGEST_WORD: f64 = 7.5;
/// A column of numbers in words, such as an interval, gets its width up to this, in sizes of the text.
const LONGEST_NUMBER: f64 = 8.0;
/// A text is set on several lines rather than given more than this, in sizes of the text.
const LONGEST_LINE: f64 = 34.0;

/// What a column asks for, in points.
#[derive(Clone, Copy, Debug)]
struct Wish {
    /// What it cannot do without.
    least: f64,
    /// What keeps its longest word whole.
    word: f64,
    /// What sets every cell on one line.
    most: f64,
    /// How long its texts are: the root of the mean square.
    weight: f64,
}

/// A column's width, and whether it is narrower than its longest word.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Width {
    /// Points.
    pub points: f64,
    /// Whether words must be hyphenated to stay inside.
    pub hyphenated: bool,
}

/// Widths of the columns, together at most `room` points, for text of `size` points.
pub fn widths(grid: &Grid, language: Language, room: f64, size: f64) -> Vec<Width> {
    let wishes: Vec<Wish> = (0..grid.columns.len()).map(|place| wish(grid, place, language, size)).collect();
    let points = shared(&wishes, room);
    wishes.iter().zip(points).map(|(wish, points)| Width { points, hyphenated: points < wish.word }).collect()
}

/// The room shared among the columns.
fn shared(wishes: &[Wish], room: f64) -> Vec<f64> {
    let sum = |width: &dyn Fn(&Wish) -> f64| wishes.iter().map(width).sum::<f64>();
    if sum(&|wish| wish.most) <= room {
        return wishes.iter().map(|wish| wish.most).collect();
    }
    let least = sum(&|wish| wish.least);
    if least >= room {
        return wishes.iter().map(|wish| wish.least * room / least).collect();
    }
    let width = |wish: &Wish, factor: f64| (factor * wish.weight).clamp(wish.least, wish.most);
    let (mut low, mut high) = (0.0, 1e6);
    for _ in 0..60 {
        let middle = f64::midpoint(low, high);
        if sum(&|wish| width(wish, middle)) > room { high = middle } else { low = middle }
    }
    wishes.iter().map(|wish| width(wish, low)).collect()
}

fn wish(grid: &Grid, place: usize, language: Language, size: f64) -> Wish {
    let (regular, bold) = (Type::regular(size), Type::semi_bold(size));
    let column = &grid.columns[place];
    let texts: Vec<String> = grid.rows.iter().filter_map(|row| row.get(place)).map(|cell| cell.text(language)).collect();
    let is_number = |cell: &Cell| !matches!(cell, Cell::Text(_) | Cell::Prose(_));
    let numbers = column.numeric && grid.rows.iter().filter_map(|row| row.get(place)).all(is_number);
    let longest_word = LONGEST_WORD * size;
    let unit = column.unit.as_deref().unwrap_or_default();
    let head_word = bold.widest_word(&column.head).max(regular.widest_word(unit));
    let lengths: Vec<f64> = texts.iter().map(|text| regular.width(text)).collect();
    let longest = lengths.iter().copied().fold(0.0, f64::max);
    let whole_word = texts.iter().map(|text| regular.widest_word(text)).fold(0.0, f64::max);
    let word = whole_word.min(longest_word);
    // A head may stand on two lines where the cells are short.
    let head = on_two_lines(bold, &column.head).max(on_two_lines(regular, unit));
    let padding = PADDING * size;
    // Two numbers with a word between them are best left on one line.
    let least = if numbers {
        longest
    } else if column.numeric {
        longest.min(LONGEST_NUMBER * size)
    } else {
        word
    }
    .max(head_word)
        + padding;
    let most = longest.min(LONGEST_LINE * size).max(head) + padding;
    let count = lengths.len().max(1) as f64;
    let weight = (lengths.iter().map(|length| length * length).sum::<f64>() / count).sqrt().max(1.0);
    Wish { least: least.min(most), word: whole_word.max(head_word) + padding, most, weight }
}

/// Width of a text that is broken once, where it becomes narrowest.
fn on_two_lines(face: Type, text: &str) -> f64 {
    let breaks = text.match_indices(' ').map(|(index, _)| face.width(&text[..index]).max(face.width(&text[index + 1..])));
    breaks.fold(face.width(text), f64::min)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::model::Column;

    fn grid(texts: &[&str]) -> Grid {
        let columns = texts.iter().map(|_| Column::text("Land")).collect();
        Grid { columns, rows: vec![texts.iter().map(|text| Cell::Text((*text).to_owned())).collect()] }
    }

    fn points(widths: &[Width]) -> f64 {
        widths.iter().map(|width| width.points).sum()
    }

    #[test]
    fn short_texts_get_their_width_and_no_more() {
        let found = widths(&grid(&["Polen", "Litauen"]), Language::Swedish, 480.0, 8.5);
        assert!(points(&found) < 120.0 && found.iter().all(|width| !width.hyphenated), "{found:?}");
    }

    #[test]
    fn long_texts_share_the_room_and_leave_a_short_one_its_width() {
        let long = "en lång text om vad som talar för landet ".repeat(6);
        let found = widths(&grid(&["Polen", &long, &long]), Language::Swedish, 480.0, 8.5);
        assert!((points(&found) - 480.0).abs() < 0.01 && found.iter().all(|width| !width.hyphenated), "{found:?}");
        assert!(found[0].points < 60.0 && (found[1].points - found[2].points).abs() < 1e-6, "{found:?}");
    }

    #[test]
    fn a_table_never_grows_wider_than_the_page_and_then_its_words_are_hyphenated() {
        let found = widths(&grid(&["Restaurang- och köksbiträden"; 14]), Language::Swedish, 480.0, 8.5);
        assert!(points(&found) < 480.01 && found.iter().all(|width| width.hyphenated), "{found:?}");
    }
}
