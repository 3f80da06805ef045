//! Charts as pure functions: plain structs of strings and numbers in, SVG text out, the same bytes for the same data.
//! Lengths are points on a page whose text is 170 mm wide ([`canvas::WIDTH`]), so that no text prints below 9 pt.

mod axis;
pub mod base_map;
mod canvas;
pub mod competition;
pub mod dumbbell;
pub mod heat_table;
pub mod intervals;
mod label_placement;
mod legend;
mod lettering;
pub mod map;
pub(crate) mod number;
pub mod outcome;
pub mod palette;
pub mod png;
pub mod profile;
mod projection;
pub mod ranking;
pub mod recruiting;
pub mod sensitivity;
pub mod shortage_map;
pub mod slope;
pub(crate) mod text;

#[cfg(test)]
mod claims;

pub use crate::language::Language;
pub use png::png;
#[cfg(feature = "pdf")]
pub(crate) use text::Type;
pub use text::{INTER_REGULAR, INTER_REGULAR_WOFF2, INTER_SEMI_BOLD, INTER_SEMI_BOLD_WOFF2, has_glyph, plain};

/// What every chart says about itself to somebody who cannot see it.
#[derive(Debug, Clone, Default)]
pub struct Description {
    /// Prefix of every id in the SVG; must differ between the charts of one page. Characters outside `a-z A-Z 0-9 -` become `-`.
    pub id: String,
    /// The finding in one sentence: the SVG's `<title>`, not drawn (the document prints it as the caption).
    pub title: String,
    /// What the chart shows, in words and numbers: the SVG's `<desc>`.
    pub alternative: String,
    /// Language of the texts above and of the words and numbers in the chart.
    pub language: Language,
}

/// Why a chart could not be made. Hostile labels are cleaned, missing values shown as missing, an empty chart says that it is
/// empty; only a number that cannot be true is refused, because drawing it at the edge would hide a fault.
#[derive(Debug, thiserror::Error)]
pub enum ChartError {
    /// A number outside the range that its field documents.
    #[error("{what} is {value}, outside {least}–{most}")]
    OutOfRange {
        /// What the number is.
        what: &'static str,
        /// The number.
        value: f64,
        /// Lowest possible.
        least: f64,
        /// Highest possible.
        most: f64,
    },
    /// The SVG backend refused a mark.
    #[error("the chart could not be drawn: {0}")]
    Drawing(String),
    /// The SVG could not be read back or rasterised.
    #[error("the chart could not be turned into a PNG: {0}")]
    Raster(String),
}

/// Scores, fits and percentages.
const HUNDRED: (f64, f64) = (0.0, 100.0);
/// Persons.
const PERSONS: (f64, f64) = (0.0, 1e9);
/// Ranks.
const RANKS: (f64, f64) = (1.0, 1e6);

/// Refuses a number outside its range; what is missing or not a number passes as missing.
fn check(what: &'static str, value: Option<f64>, (least, most): (f64, f64)) -> Result<(), ChartError> {
    const SLACK: f64 = 1e-6;
    match value {
        Some(value) if value < least - SLACK || value > most + SLACK => Err(ChartError::OutOfRange { what, value, least, most }),
        _ => Ok(()),
    }
}
