//! National target markets: Sweden's other counties ranked for each area and each occupation, apart from the countries.

use super::super::builder::Builder;
use super::super::model::{Document, Paper, Prose};
use super::super::section::{counties, method, sources, verdict};
use super::super::view::{Lookup, View, county_name};
use super::super::{ReportError, RunContext};
use crate::language::say;

/// File name without ending.
pub const STEM: &str = "lan-i-sverige";

pub use counties::heading;

/// The document.
pub fn counties(run: &RunContext, lookup: &Lookup) -> Result<Document, ReportError> {
    let language = run.language;
    let mut builder = Builder::new(run, STEM.to_owned());
    let views: Vec<View> = (0..run.config.areas.len()).map(|position| View::new(run, lookup, position)).collect();
    counties::answer(&mut builder, &views);
    counties::overview(&mut builder, &views)?;
    counties::areas(&mut builder, &views)?;
    counties::occupations(&mut builder);
    counties::moves(&mut builder);
    counties::unknown(&mut builder);
    builder.heading(say!(language, sv: "Så är det räknat", en: "How it is calculated"), "metod");
    method::counties(&mut builder);
    verdict::link(&mut builder);
    builder.heading(sources::heading(language), "kallor");
    builder.paragraph(sources::line(run, &[sources::COUNTIES.as_slice(), &sources::OUTLINES[1..]].concat()));
    builder.paragraph(
        Prose::new()
            .text(say!(language, sv: "Titlar, perioder, hämtningsdagar och licenser står på ", en: "Titles, periods, dates of retrieval and licences are on "))
            .link(say!(language, sv: "startsidan", en: "the start page"), "index.html#kallor")
            .text("."),
    );
    let (date, county, year) = (language.date(&run.date), county_name(run), run.analysis.year);
    let lead = Prose::from(say!(language,
        sv: format!("Vilka svenska län {county} kan vända sig till, för varje område och varje yrke. Siffror hämtade senast {date}."),
        en: format!("Which Swedish counties {county} can turn to, for each area and each occupation. Figures retrieved by {date}."),
    ));
    let title = say!(language,
        sv: format!("Län i Sverige som målmarknader för {county} {year}"),
        en: format!("Swedish counties as target markets for {county} {year}"),
    );
    Ok(builder.finish(title.clone(), title, lead, true).on(Paper::Report))
}
