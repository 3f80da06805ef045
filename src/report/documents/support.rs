//! Is the ranking supported? What rankings of earlier years were worth, the answer first and its limits with it.

use super::super::builder::Builder;
use super::super::model::{Document, Paper, Prose};
use super::super::section::{limits, sources, tested, verdict};
use super::super::view::county_name;
use super::super::{ReportError, RunContext};
use crate::backtest::BackTest;
use crate::language::{Language, say};

/// File name without ending.
pub const STEM: &str = "stod";

/// The page's question.
pub fn heading(language: Language) -> &'static str {
    say!(language, sv: "Har rangordningen stöd?", en: "Is the ranking supported?")
}

/// The document.
pub fn support(run: &RunContext, found: &BackTest) -> Result<Document, ReportError> {
    let language = run.language;
    let mut builder = Builder::new(run, STEM.to_owned());
    verdict::answer(&mut builder, found);
    verdict::failures(&mut builder, found);
    tested::explained(&mut builder, found);
    tested::results(&mut builder, found)?;
    tested::sexes(&mut builder, found);
    tested::indicators(&mut builder, found);
    tested::years(&mut builder, found);
    limits::leaks(&mut builder, found);
    limits::wanted(&mut builder);
    limits::rule(&mut builder);
    tested::everything(&mut builder, found);
    builder.heading(sources::heading(language), "kallor");
    builder.paragraph(sources::line(run, &sources::outcomes(run)));
    sources::short(&mut builder);
    let (date, county, year) = (language.date(&run.date), county_name(run), run.analysis.year);
    let lead = Prose::from(say!(language,
        sv: format!("Rangordningar från tidigare år mot vad som följde. Gäller hela riket och alla län lika. Siffror hämtade senast {date}."),
        en: format!("Rankings of earlier years against what followed. Holds for all of Sweden and every county alike. Figures retrieved by {date}."),
    ));
    let title = say!(language, sv: format!("Har rangordningen stöd? {county} {year}"), en: format!("Is the ranking supported? {county} {year}"));
    Ok(builder.finish(title, heading(language).to_owned(), lead, true).on(Paper::Report))
}
