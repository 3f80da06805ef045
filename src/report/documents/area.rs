//! A strength area: everything an analyst and a steering group ask, the answer first.

use super::super::ReportError;
use super::super::builder::Builder;
use super::super::model::{Document, Prose};
use super::super::section::{answer, heat, left_out, method, people, ranking, shortage, sources};
use super::super::text::sv;
use super::super::view::{View, stem};

/// Occupations in the chart of women and men.
const OCCUPATIONS: usize = 15;

/// The document of a strength area.
pub fn area(view: &View) -> Result<Document, ReportError> {
    let mut builder = Builder::new(view.run, stem(view.area));
    builder.answer(answer::answer(view));
    shortage::whole(&mut builder, view)?;
    ranking::countries(&mut builder, view)?;
    heat::whole(&mut builder, view)?;
    ranking::counties(&mut builder, view)?;
    people::whole(&mut builder, view, OCCUPATIONS, "områdets")?;
    left_out::whole(&mut builder, view);
    method::whole(&mut builder);
    builder.heading("Källor och licenser", "kallor");
    sources::list(&mut builder);
    let year = view.year();
    let lead = Prose::from(format!("Målmarknader för länets kompetensförsörjning. Rapport från {}.", sv::date(&view.run.date)));
    Ok(builder.finish(
        format!("{}: målmarknader för {} {year}", view.name, view.county),
        format!("{} i {} {year}", view.name, view.county),
        lead,
        true,
    ))
}
