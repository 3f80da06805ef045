//! One country, for whoever asks "what about Poland?": where it comes first and how sure that is, its occupations, people, rules, and what is not known.

use super::super::ReportError;
use super::super::builder::Builder;
use super::super::country_view::CountryView;
use super::super::model::{Document, Prose};
use super::super::section::{chain, country_occupations, country_people, country_rules, foothold, sources, standing, verdict};
use super::super::view::country_stem;
use crate::explain::Context;
use crate::language::say;

/// The document of a country.
pub fn country(view: &CountryView, explained: &Context) -> Result<Document, ReportError> {
    let language = view.language();
    let mut builder = Builder::new(view.run, country_stem(view.country));
    standing::answer(&mut builder, view);
    standing::whole(&mut builder, view);
    country_occupations::table(&mut builder, view);
    country_occupations::profile(&mut builder, view)?;
    country_people::women_and_men(&mut builder, view)?;
    foothold::country(&mut builder, view);
    country_people::networks(&mut builder, view);
    country_people::permits(&mut builder, view);
    country_rules::rules(&mut builder, view);
    country_rules::figures(&mut builder, view);
    country_rules::missing(&mut builder, view);
    chain::section(&mut builder, view, explained);
    verdict::link(&mut builder);
    builder.heading(sources::heading(language), "kallor");
    sources::short(&mut builder);
    let (name, county, year, date) = (&view.name, &view.county, view.run.analysis.year, language.date(&view.run.date));
    let lead = Prose::new()
        .text(say!(language,
            sv: format!("Vad siffrorna säger om ett land i taget. Siffror hämtade senast {date}. "),
            en: format!("What the figures say of one country at a time. Figures retrieved by {date}. "),
        ))
        .link(say!(language, sv: "Alla länder med egen sida", en: "All countries with a page of their own"), "index.html#lander");
    let title = say!(language,
        sv: format!("{name} som målmarknad för {county} {year}"),
        en: format!("{name} as a target market for {county} {year}"),
    );
    Ok(builder.finish(title.clone(), title, lead, true))
}
