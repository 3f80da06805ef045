//! A strength area: everything an analyst and a steering group ask, the answer first.

use super::super::ReportError;
use super::super::builder::Builder;
use super::super::model::{Document, Paper, Prose};
use super::super::section::{
    answer, decides, foothold, heat, left_out, map, method, open_ads, people, ranking, shortage, since, sources, unanswered, weigh,
};
use super::super::view::{View, stem};
use crate::language::say;

/// Occupations in the chart of women and men.
const OCCUPATIONS: usize = 15;

/// The document of a strength area.
pub fn area(view: &View) -> Result<Document, ReportError> {
    let language = view.language();
    let mut builder = Builder::new(view.run, stem(view.area));
    builder.answer(answer::answer(view));
    shortage::whole(&mut builder, view)?;
    open_ads::whole(&mut builder, view);
    ranking::countries(&mut builder, view)?;
    map::countries(&mut builder, view)?;
    foothold::area(&mut builder, view);
    since::whole(&mut builder, view)?;
    weigh::whole(&mut builder, view);
    heat::whole(&mut builder, view)?;
    ranking::counties(&mut builder, view)?;
    map::counties(&mut builder, view)?;
    people::whole(&mut builder, view, OCCUPATIONS, say!(language, sv: "områdets", en: "the area’s"))?;
    people::recruiting(&mut builder, view)?;
    left_out::whole(&mut builder, view);
    unanswered::whole(&mut builder, view);
    decides::whole(&mut builder, view)?;
    method::whole(&mut builder);
    builder.heading(sources::heading(language), "kallor");
    sources::list(&mut builder);
    let (year, name, county) = (view.year(), &view.name, &view.county);
    let date = language.date(&view.run.date);
    let lead = Prose::from(say!(language,
        sv: format!("Målmarknader för länets kompetensförsörjning. Siffror hämtade senast {date}."),
        en: format!("Target markets for meeting the county’s need for skills. Figures retrieved by {date}."),
    ));
    Ok(builder
        .finish(
            say!(language, sv: format!("{name}: målmarknader för {county} {year}"), en: format!("{name}: target markets for {county} {year}")),
            say!(language, sv: format!("{name} i {county} {year}"), en: format!("{name} in {county} {year}")),
            lead,
            true,
        )
        .on(Paper::Report))
}
