//! What recruiting does: the share of women in an occupation today and after some recruits from each of the first markets, against the 40–60 % that counts as
//! balanced.

use super::axis::{Kind, Scale};
use super::canvas::{Anchor, Canvas, HEADING, LABEL, Rect, Shape, WIDTH};
use super::number::formatted;
use super::palette::{BAND, GRID, INK, MUTED, QUIET, SECOND, WOMEN};
use super::text::label;
use super::{ChartError, Description, HUNDRED, Language, check};

const WIDEST_NAME: f64 = 110.0;
const MOST_NAME_LINES: usize = 2;
const WIDEST_NEED: f64 = 66.0;
const GUTTER: f64 = 8.0;
const ROW_AIR: f64 = 5.0;
const RADIUS: f64 = 3.0;
const TODAY: f64 = 2.6;
const BALANCED: (f64, f64) = (40.0, 60.0);
const TICKS: [f64; 6] = [0.0, 20.0, 40.0, 60.0, 80.0, 100.0];

/// Occupations from the top.
#[derive(Debug, Clone, Default)]
pub struct RecruitingData {
    /// What the chart says of itself.
    pub about: Description,
    /// How many recruits each column is of, in rising order; at most three are drawn.
    pub recruits: Vec<u32>,
    /// Head of the column of [`RecruitingMarket::needed`].
    pub needed_head: String,
    /// Panels, from the top.
    pub occupations: Vec<RecruitedOccupation>,
}

/// An occupation in the county.
#[derive(Debug, Clone, Default)]
pub struct RecruitedOccupation {
    /// Its name.
    pub name: String,
    /// Share of women today, per cent, 0–100; `None` where it is not known, and the panel shows no marks.
    pub now: Option<f64>,
    /// Markets, from the top.
    pub markets: Vec<RecruitingMarket>,
}

/// A market that is recruited from.
#[derive(Debug, Clone, Default)]
pub struct RecruitingMarket {
    /// Its name.
    pub name: String,
    /// Share of women after each number of recruits, per cent, 0–100; what is absent is missing.
    pub after: Vec<Option<f64>>,
    /// How many recruits it takes, in words.
    pub needed: String,
}

/// Draws what recruiting does.
///
/// # Errors
/// [`ChartError::OutOfRange`] for a number outside the range that its field states.
pub fn svg(data: &RecruitingData) -> Result<String, ChartError> {
    draw(data)?.svg()
}

pub(super) fn draw(data: &RecruitingData) -> Result<Canvas, ChartError> {
    for occupation in &data.occupations {
        check("share of women", occupation.now, HUNDRED)?;
        for share in occupation.markets.iter().flat_map(|market| &market.after) {
            check("share of women", *share, HUNDRED)?;
        }
    }
    let language = data.about.language;
    let mut canvas = Canvas::new(&data.about);
    if data.occupations.iter().all(|occupation| occupation.markets.is_empty()) {
        canvas.nothing(language);
        return Ok(canvas);
    }
    let columns = data.recruits.len().min(3);
    let markets = || data.occupations.iter().flat_map(|occupation| &occupation.markets);
    let name_width = markets().map(|market| LABEL.widest(&name_lines(&market.name, language))).fold(0.0, f64::max);
    let needed_head = LABEL.wrapped(&label(&data.needed_head), WIDEST_NEED, 3, language);
    let need_width = markets().map(|market| LABEL.widest(&need_lines(&market.needed, language))).fold(LABEL.widest(&needed_head), f64::max);
    let widest_share = LABEL.width(&share_text(Some(100.0), language)).max(LABEL.width(language.pick("saknas", "missing")));
    let heads: Vec<String> = data.recruits.iter().take(columns).map(u32::to_string).collect();
    let column = heads.iter().map(|head| LABEL.width(head)).fold(widest_share, f64::max);
    let numbers = need_width + GUTTER + (column + GUTTER) * columns as f64;
    let plot = (name_width + GUTTER + RADIUS, WIDTH - numbers - GUTTER - RADIUS);
    let scale = Scale { kind: Kind::Linear, values: (0.0, 100.0), points: plot };
    let edges: Vec<f64> = (0..columns).map(|index| WIDTH - need_width - GUTTER - (column + GUTTER) * (columns - 1 - index) as f64).collect();

    // Heads: the axis on the left, the columns on the right, their last lines level.
    let mut top = 2.0;
    let after = LABEL.wrapped(
        language.pick("efter så många rekryterade", "after so many recruits"),
        ((column + GUTTER) * columns as f64 - GUTTER).max(0.0),
        4,
        language,
    );
    let title = LABEL.wrapped(language.pick("Andel kvinnor, procent", "Share of women, per cent"), plot.1 - plot.0, 2, language);
    let balance = LABEL.wrapped(language.pick("jämn könsfördelning", "gender balance"), (plot.1 - plot.0) / 2.0, 3, language);
    let lines = (after.len() + 1).max(title.len() + balance.len() + 1).max(needed_head.len());
    let leading = LABEL.leading();
    let bottom = top + leading * lines as f64;
    canvas.lines((plot.0, bottom - leading * (title.len() + balance.len() + 1) as f64), &title, LABEL, MUTED, Anchor::Start);
    canvas.lines((f64::midpoint(plot.0, plot.1), bottom - leading * (balance.len() + 1) as f64), &balance, LABEL, INK, Anchor::Middle);
    scale.label_across(&mut canvas, &[0.0, 100.0, 40.0, 60.0, 20.0, 80.0], bottom - leading, language);
    if let Some(last) = edges.last() {
        canvas.lines((*last, bottom - leading * (after.len() + 1) as f64), &after, LABEL, MUTED, Anchor::End);
    }
    for (head, edge) in heads.iter().zip(&edges) {
        canvas.text((*edge, bottom - leading), head, HEADING, INK, Anchor::End);
    }
    canvas.lines((WIDTH, bottom - leading * needed_head.len() as f64), &needed_head, LABEL, MUTED, Anchor::End);
    top = bottom + 3.0;

    let mut shade = Vec::new();
    for occupation in data.occupations.iter().filter(|occupation| !occupation.markets.is_empty()) {
        top = panel(&mut canvas, occupation, &scale, &edges, top, language, &mut shade);
    }
    for (from, to) in shade {
        canvas.backdrop(Rect::new(scale.place(BALANCED.0), from, scale.place(BALANCED.1) - scale.place(BALANCED.0), to - from), BAND);
    }
    let key = legend_entries(&data.recruits[..columns], language);
    canvas.height = super::legend::legend(&mut canvas, (0.0, WIDTH), top + 5.0, &key, language) + 2.0;
    Ok(canvas)
}

fn legend_entries(recruits: &[u32], language: Language) -> Vec<(super::legend::Symbol, String)> {
    use super::legend::Symbol;
    let mut entries = vec![(Symbol::Filled(Shape::Circle, WOMEN, TODAY), language.pick("i dag", "today").to_owned())];
    if let Some((last, earlier)) = recruits.split_last() {
        if !earlier.is_empty() {
            let numbers: Vec<String> = earlier.iter().map(u32::to_string).collect();
            let numbers = numbers.join(language.pick(" och ", " and "));
            let text = match language {
                Language::Swedish => format!("efter {numbers} rekryterade"),
                Language::English => format!("after {numbers} recruits"),
            };
            entries.push((Symbol::Hollow(Shape::Triangle, SECOND, RADIUS), text));
        }
        let text = match language {
            Language::Swedish => format!("efter {last} rekryterade"),
            Language::English => format!("after {last} recruits"),
        };
        entries.push((Symbol::Filled(Shape::Triangle, SECOND, RADIUS + 0.6), text));
    }
    entries
}

fn name_lines(name: &str, language: Language) -> Vec<String> {
    LABEL.wrapped(&label(name), WIDEST_NAME, MOST_NAME_LINES, language)
}

fn need_lines(needed: &str, language: Language) -> Vec<String> {
    LABEL.wrapped(&label(needed), WIDEST_NEED, 3, language)
}

fn share_text(share: Option<f64>, language: Language) -> String {
    match share.filter(|share| share.is_finite()) {
        Some(share) => format!("{}{}", formatted(share, 0, language), language.pick("\u{a0}%", "%")),
        None => language.pick("saknas", "missing").to_owned(),
    }
}

/// An occupation with its markets; returns where it ends, and notes where the band of balance goes.
fn panel(
    canvas: &mut Canvas,
    occupation: &RecruitedOccupation,
    scale: &Scale,
    edges: &[f64],
    top: f64,
    language: Language,
    shade: &mut Vec<(f64, f64)>,
) -> f64 {
    let now = occupation.now.filter(|share| share.is_finite()).map(|share| share.clamp(0.0, 100.0));
    let today = match now {
        Some(share) => format!("{} {}", language.pick("i dag", "today"), share_text(Some(share), language)),
        None => language.pick("uppgift saknas i länet", "no figure for the county").to_owned(),
    };
    let heading = HEADING.wrapped(&format!("{}: {today}", label(&occupation.name)), WIDTH, 3, language);
    canvas.lines((0.0, top), &heading, HEADING, INK, Anchor::Start);
    let mut row_top = top + HEADING.leading() * heading.len() as f64 + 2.0;
    let rows_top = row_top;
    let heights: Vec<f64> = occupation
        .markets
        .iter()
        .map(|market| {
            let lines = name_lines(&market.name, language).len().max(need_lines(&market.needed, language).len()).max(1);
            LABEL.leading() * lines as f64 + ROW_AIR
        })
        .collect();
    let bottom = rows_top + heights.iter().sum::<f64>();
    scale.grid_down(canvas, &TICKS, rows_top, bottom);
    // Today is the same in every row: a line that the marks stand out from.
    if let Some(share) = now {
        let x = scale.place(share);
        canvas.line((x, rows_top), (x, bottom), WOMEN, 1.2);
    }
    for (market, height) in occupation.markets.iter().zip(&heights) {
        let middle = row_top + height / 2.0;
        canvas.line((0.0, row_top), (WIDTH, row_top), GRID, 0.5);
        canvas.lines_about((0.0, middle), &name_lines(&market.name, language), LABEL, INK, Anchor::Start);
        let after: Vec<Option<f64>> = edges.iter().enumerate().map(|(index, _)| market.after.get(index).copied().flatten()).collect();
        for (share, edge) in after.iter().zip(edges) {
            let colour = if share.is_some_and(f64::is_finite) { INK } else { MUTED };
            canvas.text((*edge, middle - LABEL.leading() / 2.0), &share_text(*share, language), LABEL, colour, Anchor::End);
        }
        canvas.lines_about((WIDTH, middle), &need_lines(&market.needed, language), LABEL, INK, Anchor::End);
        let places: Vec<f64> = after.iter().flatten().filter(|share| share.is_finite()).map(|share| scale.place(*share)).collect();
        if let Some(start) = now.map(|share| scale.place(share)) {
            canvas.solid(Shape::Circle, (start, middle), TODAY, WOMEN);
            if let Some(end) = places.last() {
                canvas.line((start, middle), (*end, middle), QUIET, 1.4);
            }
            for (index, place) in places.iter().enumerate() {
                if index + 1 == places.len() {
                    canvas.shape(Shape::Triangle, (*place, middle), RADIUS + 0.6, SECOND);
                } else {
                    canvas.hollow(Shape::Triangle, (*place, middle), RADIUS, SECOND);
                }
            }
        }
        row_top += height;
    }
    canvas.line((0.0, bottom), (WIDTH, bottom), GRID, 0.5);
    shade.push((rows_top, bottom));
    bottom + 8.0
}
