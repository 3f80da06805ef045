//! A picture for a feed, drawn as SVG: large type, the finding, a bar for each country's uncertainty. Text is measured, wrapped and made smaller until all
//! of it stands inside; nothing is clipped whatever the names are.

use std::fmt::Write as _;

use crate::chart::palette::{BAND, Colour, GRID, INK, INTERVAL, MEN, MUTED, POINT, WHITE, WOMEN};
use crate::chart::plain;
use crate::chart::text::{LEADING, Type};
use crate::language::Language;

/// Women and men among the employed.
#[derive(Clone, Debug, PartialEq)]
pub struct Sexes {
    /// Whom it is about.
    pub heading: String,
    /// Women, with their share in words.
    pub women: String,
    /// Men, likewise.
    pub men: String,
    /// Share of women, 0…1.
    pub share: f64,
}

/// A country, with the best, the middle and the worst place of nine simulations in ten.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Its name.
    pub name: String,
    /// 5th percentile, median, 95th percentile; `None` where they are not computed.
    pub place: Option<(f64, f64, f64)>,
}

/// What a picture says.
#[derive(Clone, Debug, PartialEq)]
pub struct Card {
    /// Language, for hyphens.
    pub language: Language,
    /// County and year.
    pub kicker: String,
    /// The area.
    pub name: String,
    /// The finding.
    pub finding: String,
    /// Heading of the occupations.
    pub needs_heading: String,
    /// The occupations.
    pub needs: Vec<String>,
    /// Women and men in them.
    pub sexes: Option<Sexes>,
    /// Heading of the chart.
    pub chart_heading: String,
    /// Its rows.
    pub rows: Vec<Row>,
    /// How many more there are.
    pub more: Option<String>,
    /// How the chart is read.
    pub note: String,
    /// Sources.
    pub footer: String,
}

/// A line of text where it stands, in pixels.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// The words.
    pub text: String,
    /// Left edge.
    pub left: f64,
    /// Top edge.
    pub top: f64,
    /// Right edge.
    pub right: f64,
    /// Bottom edge.
    pub bottom: f64,
    /// Size of the type.
    pub size: f64,
}

/// A drawn picture.
#[derive(Clone, Debug, PartialEq)]
pub struct Picture {
    /// Width and height in pixels.
    pub size: (u32, u32),
    /// The drawing.
    pub svg: String,
    /// Every line of text.
    pub lines: Vec<Line>,
}

/// Space around everything.
const MARGIN: f64 = 56.0;
/// The stripe at the left edge.
const STRIPE: f64 = 16.0;
/// Air inside the chart's panel.
const PADDING: f64 = 28.0;
/// Smallest type: still read when a picture of 1200 pixels is shown 500 wide.
const SMALLEST: f64 = 20.0;
/// How far type is made smaller before lines are cut.
const SHRINK: [f64; 8] = [1.0, 0.94, 0.88, 0.82, 0.76, 0.7, 0.64, 0.58];

/// Marks and lines gathered so far.
#[derive(Default)]
struct Sheet {
    marks: String,
    lines: Vec<Line>,
}

fn hex(Colour(red, green, blue): Colour) -> String {
    format!("#{red:02x}{green:02x}{blue:02x}")
}

/// A length with two decimals, so that the bytes are the same everywhere.
fn length(value: f64) -> String {
    format!("{value:.2}")
}

fn escaped(text: &str) -> String {
    plain(text).replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

impl Sheet {
    fn block(&mut self, left: f64, top: f64, width: f64, height: f64, radius: f64, colour: Colour) {
        let [left, top, width, height, radius] = [left, top, width.max(0.0), height, radius].map(length);
        let colour = hex(colour);
        let _ = write!(self.marks, "<rect x=\"{left}\" y=\"{top}\" width=\"{width}\" height=\"{height}\" rx=\"{radius}\" fill=\"{colour}\"/>");
    }

    fn dot(&mut self, x: f64, y: f64, radius: f64, colour: Colour) {
        let (x, y, radius, colour) = (length(x), length(y), length(radius), hex(colour));
        let _ = write!(self.marks, "<circle cx=\"{x}\" cy=\"{y}\" r=\"{radius}\" fill=\"{colour}\"/>");
    }

    /// A line of text by its left top corner.
    fn text(&mut self, text: &str, left: f64, top: f64, kind: Type, colour: Colour) {
        const BASELINE: f64 = 0.95;
        let weight = if kind == Type::semi_bold(kind.size) { 600 } else { 400 };
        let (x, y, size, ink, words) = (length(left), length(top + kind.size * BASELINE), length(kind.size), hex(colour), escaped(text));
        let _ = write!(
            self.marks,
            "<text x=\"{x}\" y=\"{y}\" font-family=\"Inter\" font-size=\"{size}\" font-weight=\"{weight}\" fill=\"{ink}\">{words}</text>"
        );
        let (right, bottom) = (left + kind.width(text), top + kind.leading());
        self.lines.push(Line { text: text.to_owned(), left, top, right, bottom, size: kind.size });
    }

    /// Lines below each other; where the next one would stand.
    fn lines(&mut self, lines: &[String], left: f64, top: f64, kind: Type, colour: Colour) -> f64 {
        let mut next = top;
        for line in lines {
            self.text(line, left, next, kind, colour);
            next += kind.leading();
        }
        next
    }
}

/// A paragraph: its words, its type at full size, its colour, the most lines and the space before.
struct Part<'a> {
    text: &'a str,
    kind: Type,
    colour: Colour,
    most: usize,
    before: f64,
}

/// A type made smaller, but not under the smallest.
fn smaller(kind: Type, by: f64) -> Type {
    Type { size: (kind.size * by).max(SMALLEST), ..kind }
}

/// Paragraphs in a column, made smaller until they fit into its height; cut only where the smallest type does not do. Where the column ends.
fn column(sheet: &mut Sheet, parts: &[Part], (left, top): (f64, f64), (width, height): (f64, f64), language: Language) -> f64 {
    let set = |by: f64, most: &dyn Fn(&Part) -> usize| -> Vec<(Vec<String>, Type)> {
        parts
            .iter()
            .map(|part| (smaller(part.kind, by), part))
            .map(|(kind, part)| (kind.wrapped(&plain(part.text), width, most(part), language), kind))
            .collect()
    };
    let tall = |set: &[(Vec<String>, Type)]| -> f64 {
        set.iter()
            .zip(parts)
            .filter(|((lines, _), _)| !lines.is_empty())
            .map(|((lines, kind), part)| part.before + lines.len() as f64 * kind.leading())
            .sum()
    };
    // Whole paragraphs in smaller type first, then the most lines that each may have, then one line each.
    let whole = |part: &Part| part.most * 2;
    let chosen = SHRINK
        .iter()
        .map(|by| set(*by, &whole))
        .find(|lines| tall(lines) <= height && lines.iter().zip(parts).all(|((lines, _), part)| lines.len() <= part.most))
        .or_else(|| SHRINK.iter().map(|by| set(*by, &|part| part.most)).find(|lines| tall(lines) <= height))
        .unwrap_or_else(|| set(SHRINK[SHRINK.len() - 1], &|_| 1));
    let mut next = top;
    for ((lines, kind), part) in chosen.into_iter().zip(parts).filter(|((lines, _), _)| !lines.is_empty()) {
        next = sheet.lines(&lines, left, next + part.before, kind, part.colour);
    }
    next
}

/// Round numbers of an axis that ends at `last`.
fn ticks(last: f64) -> Vec<f64> {
    let step = [5.0, 10.0, 20.0, 50.0].into_iter().find(|step| last / step <= 5.0).unwrap_or(100.0);
    std::iter::once(1.0).chain((1..=(last / step) as u32).map(|count| f64::from(count) * step)).collect()
}

/// The chart in its panel.
fn chart(sheet: &mut Sheet, card: &Card, (left, top): (f64, f64), (width, height): (f64, f64), size: f64) {
    sheet.block(left, top, width, height, 12.0, BAND);
    let (inner, room) = (left + PADDING, width - 2.0 * PADDING);
    let heading = Type::semi_bold(size);
    let lines = heading.wrapped(&card.chart_heading, room, 2, card.language);
    let mut next = sheet.lines(&lines, inner, top + PADDING * 0.8, heading, POINT) + 12.0;
    let small = Type::regular((size * 0.74).max(SMALLEST));
    let has_places = card.rows.iter().any(|row| row.place.is_some());
    let note = if has_places { small.wrapped(&card.note, room, 2, card.language) } else { Vec::new() };
    let foot = note.len() as f64 * small.leading() + if has_places { small.leading() + 14.0 } else { 0.0 };
    let bottom = top + height - PADDING * 0.8 - foot;
    let count = card.rows.len() + usize::from(card.more.is_some());
    let step = ((bottom - next) / count.max(1) as f64).min(size * 2.4);
    let label = smaller(Type::regular(size), (step / (size * 1.5)).min(1.0));
    let names: Vec<String> = card.rows.iter().map(|row| plain(&row.name)).collect();
    let most = room * if has_places { 0.42 } else { 1.0 };
    let column = label.widest(&names).min(most);
    let start = inner + column + 20.0;
    let end = inner + room - 10.0;
    let last = card.rows.iter().filter_map(|row| row.place).map(|(_, _, high)| high).fold(5.0, f64::max);
    let last = (last / 5.0).ceil() * 5.0;
    let x = |place: f64| start + (place.clamp(1.0, last) - 1.0) / (last - 1.0) * (end - start);
    if has_places {
        let until = next + step * card.rows.len() as f64;
        let mut free = f64::NEG_INFINITY;
        for tick in ticks(last) {
            let words = card.language.number(tick, 0);
            let wide = small.width(&words);
            let at = (x(tick) - wide / 2.0).min(inner + room - wide);
            sheet.block(x(tick) - 0.75, next, 1.5, until - next, 0.0, GRID);
            if at >= free {
                sheet.text(&words, at, until + 2.0, small, MUTED);
                free = at + wide + 10.0;
            }
        }
    }
    for (row, name) in card.rows.iter().zip(&names) {
        let lines = label.wrapped(name, column, 1, card.language);
        let middle = next + step / 2.0;
        sheet.lines(&lines, inner, middle - label.leading() / 2.0, label, INK);
        if let Some((low, median, high)) = row.place {
            let (low, median, high) = (x(low), x(median), x(high));
            sheet.block(low - 5.0, middle - 6.0, high - low + 10.0, 12.0, 6.0, INTERVAL);
            sheet.dot(median, middle, 11.0, WHITE);
            sheet.dot(median, middle, 9.0, POINT);
        }
        next += step;
    }
    if has_places {
        next += small.leading() + 6.0;
    }
    if let Some(more) = &card.more {
        let kind = smaller(label, 0.85);
        let lines = kind.wrapped(more, room, 1, card.language);
        sheet.lines(&lines, inner, next - if has_places { 2.0 } else { 0.0 }, kind, INK);
    }
    sheet.lines(&note, inner, top + height - PADDING * 0.8 - note.len() as f64 * small.leading(), small, MUTED);
}

/// The bar of women and men, `height` of [`SEXES`].
fn sexes(sheet: &mut Sheet, found: &Sexes, (left, top): (f64, f64), width: f64, language: Language) {
    let (head, kind) = (Type::semi_bold(22.0), Type::regular(22.0));
    let lines = head.wrapped(&found.heading, width, 1, language);
    let next = sheet.lines(&lines, left, top, head, MUTED) + 6.0;
    let share = found.share.clamp(0.0, 1.0);
    sheet.block(left, next, (width * share - 2.0).max(0.0), 16.0, 0.0, WOMEN);
    sheet.block(left + width * share + 2.0, next, (width * (1.0 - share) - 2.0).max(0.0), 16.0, 0.0, MEN);
    sheet.text(&found.women, left, next + 22.0, kind, WOMEN);
    sheet.text(&found.men, left + width - kind.width(&found.men), next + 22.0, kind, INK);
}

/// Height of the bar of women and men with its words.
const SEXES: f64 = 22.0 * LEADING * 2.0 + 28.0;

/// The picture in a size.
#[must_use]
pub fn draw(card: &Card, size: (u32, u32)) -> Picture {
    let (width, height) = (f64::from(size.0), f64::from(size.1));
    let mut sheet = Sheet::default();
    sheet.block(0.0, 0.0, width, height, 0.0, WHITE);
    sheet.block(0.0, 0.0, STRIPE, height, 0.0, POINT);
    let left = STRIPE + MARGIN;
    let room = width - left - MARGIN;
    let small = Type::regular(SMALLEST);
    let footer = small.wrapped(&plain(&card.footer), room, 3, card.language);
    let foot = height - 32.0 - footer.len() as f64 * small.leading();
    sheet.block(left, foot - 14.0, room, 2.0, 0.0, GRID);
    sheet.lines(&footer, left, foot, small, MUTED);
    let bottom = foot - 34.0;
    let wide = width > height;
    let needs_heading = if card.needs.is_empty() { "" } else { card.needs_heading.as_str() };
    let scale = if wide { 1.0 } else { 1.12 };
    let head = [
        Part { text: &card.kicker, kind: Type::semi_bold(25.0 * scale), colour: POINT, most: 1, before: 0.0 },
        Part { text: &card.name, kind: Type::semi_bold(54.0 * scale), colour: INK, most: if wide { 3 } else { 2 }, before: 4.0 },
        Part { text: &card.finding, kind: Type::regular(32.0 * scale), colour: INK, most: if wide { 5 } else { 3 }, before: 14.0 },
    ];
    let mut below = vec![Part { text: needs_heading, kind: Type::semi_bold(22.0 * scale), colour: MUTED, most: 1, before: 16.0 }];
    below.extend(card.needs.iter().map(|need| Part { text: need, kind: Type::regular(25.0 * scale), colour: INK, most: 2, before: 3.0 }));
    let people = if card.sexes.is_some() { SEXES + 18.0 } else { 0.0 };
    if wide {
        let gap = 44.0;
        let own = room * 0.5 - gap / 2.0;
        let parts: Vec<Part> = head.into_iter().chain(below).collect();
        column(&mut sheet, &parts, (left, MARGIN - 10.0), (own, bottom - MARGIN + 10.0 - people), card.language);
        if let Some(found) = &card.sexes {
            sexes(&mut sheet, found, (left, bottom - SEXES), own, card.language);
        }
        let start = left + own + gap;
        chart(&mut sheet, card, (start, MARGIN - 8.0), (width - MARGIN - start, bottom - MARGIN + 8.0), 27.0);
    } else {
        let after = column(&mut sheet, &head, (left, MARGIN), (room, 230.0), card.language) + 22.0;
        // The chart gets what the occupations leave; measured on a sheet that is thrown away.
        let rest = column(&mut Sheet::default(), &below, (left, 0.0), (room, 160.0), card.language) + 20.0;
        let tall = bottom - after - rest - people;
        chart(&mut sheet, card, (left, after), (room, tall), 29.0);
        column(&mut sheet, &below, (left, after + tall), (room, 160.0), card.language);
        if let Some(found) = &card.sexes {
            sexes(&mut sheet, found, (left, bottom - SEXES), room, card.language);
        }
    }
    let (wide, tall) = size;
    let marks = sheet.marks;
    let svg = format!("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{wide}\" height=\"{tall}\" viewBox=\"0 0 {wide} {tall}\">{marks}</svg>");
    Picture { size, svg, lines: sheet.lines }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chart::palette::contrast;

    fn example(name: &str) -> Card {
        let rows = [("Spanien", 1.0, 9.0), ("Frankrike", 1.0, 10.0), ("Bosnien och Hercegovina", 4.0, 37.0)];
        Card {
            language: Language::Swedish,
            kicker: "Jämtlands län 2026".to_owned(),
            name: name.to_owned(),
            finding: "Sju länder ligger först när vi frågar varifrån folk troligen kommer. De kan inte skiljas åt.".to_owned(),
            needs_heading: "Störst behov".to_owned(),
            needs: vec!["Undersköterskor, hemtjänst, hemsjukvård, äldreboende och habilitering".to_owned(), name.to_owned()],
            sexes: Some(Sexes {
                heading: "Anställda".to_owned(),
                women: "Kvinnor 74 procent".to_owned(),
                men: "Män 26 procent".to_owned(),
                share: 0.74,
            }),
            chart_heading: "Första gruppen på listan Trolig".to_owned(),
            rows: rows
                .iter()
                .map(|(name, low, high)| Row { name: (*name).to_owned(), place: Some((*low, f64::midpoint(*low, *high), *high)) })
                .collect(),
            more: Some("och 3 till i samma grupp".to_owned()),
            note: "Streck: plats i nio av tio simuleringar. Punkt: medianen.".to_owned(),
            footer: "Källor: Arbetsförmedlingen, ILO och SCB. Egna beräkningar, 2026.".to_owned(),
        }
    }

    fn sound(picture: &Picture) {
        let (width, height) = (f64::from(picture.size.0), f64::from(picture.size.1));
        for line in &picture.lines {
            assert!(line.left >= STRIPE && line.top >= 0.0 && line.right <= width - 20.0 && line.bottom <= height - 10.0, "{line:?}");
            assert!(line.size >= SMALLEST, "{line:?}");
        }
        for (position, one) in picture.lines.iter().enumerate() {
            for other in &picture.lines[position + 1..] {
                let apart = one.right <= other.left || other.right <= one.left || one.bottom <= other.top + 1e-6 || other.bottom <= one.top + 1e-6;
                assert!(apart, "{one:?} and {other:?}");
            }
        }
    }

    #[test]
    fn no_text_is_clipped_or_overlaps_whatever_the_names_are() {
        let words = "ord ".repeat(125);
        for name in ["Vård", "Besöksnäring", &"lång".repeat(125), words.trim(), "", "<script>&\"\u{202e}"] {
            for size in super::super::SIZES {
                let mut card = example(name);
                sound(&draw(&card, size));
                card.kicker = name.to_owned();
                card.finding = name.to_owned();
                card.footer = name.to_owned();
                card.rows = (0..7).map(|_| Row { name: name.to_owned(), place: Some((1.0, 2.0, 150.0)) }).collect();
                sound(&draw(&card, size));
                card.rows.truncate(1);
                card.rows[0].place = None;
                card.more = None;
                card.sexes = None;
                card.needs.clear();
                sound(&draw(&card, size));
            }
        }
    }

    #[test]
    fn names_are_inert_in_a_picture() {
        let picture = draw(&example("<script>alert(1)</script>\u{202e}\u{0}&"), (1200, 630));
        assert!(!picture.svg.contains("<script") && !picture.svg.contains('\u{202e}') && !picture.svg.contains('\u{0}'));
    }

    #[test]
    fn every_text_reads_on_its_ground() {
        for (text, ground) in [(INK, WHITE), (MUTED, WHITE), (POINT, WHITE), (WOMEN, WHITE), (INK, BAND), (MUTED, BAND), (POINT, BAND)] {
            assert!(contrast(text, ground) >= 4.5, "{text:?} on {ground:?}");
        }
    }
}
