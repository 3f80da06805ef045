//! An industry on two pages, for an employer: which occupations, which countries, what to think of.

use super::super::ReportError;
use super::super::builder::Builder;
use super::super::model::{Document, Prose};
use super::super::section::{answer, heat, left_out, people, ranking, shortage, sources};
use super::super::text::sv;
use super::super::view::{View, stem};
use crate::ethics::is_health_occupation;

const OCCUPATIONS: usize = 8;
const COUNTRIES: usize = 8;

/// The document of an industry.
pub fn brief(view: &View) -> Result<Document, ReportError> {
    let mut builder = Builder::new(view.run, stem(view.area));
    builder.answer(answer::answer(view));
    shortage::brief(&mut builder, view, OCCUPATIONS);
    ranking::brief(&mut builder, view, COUNTRIES)?;
    heat::figure(&mut builder, view, COUNTRIES, OCCUPATIONS)?;
    rules(&mut builder, view);
    people::whole(&mut builder, view, OCCUPATIONS, "branschens")?;
    left_out::brief(&mut builder, view);
    builder.heading("Källor och licenser", "kallor");
    sources::short(&mut builder);
    let year = view.year();
    let lead = Prose::from(format!("För arbetsgivare som vill rekrytera från andra länder eller län. Rapport från {}.", sv::date(&view.run.date)));
    Ok(builder.finish(
        format!("{}: målmarknader för {} {year}", view.name, view.county),
        format!("{} i {} {year}", view.name, view.county),
        lead,
        false,
    ))
}

/// What to think of, and whom to be careful about.
fn rules(builder: &mut Builder, view: &View) {
    builder.heading("Att tänka på", "rad");
    let mut items = vec![
        Prose::new()
            .strong("Arbetsgivaren betalar.")
            .text(" Den som söker jobb ska aldrig betala för rekryteringen: inte till er, inte till ett bemanningsföretag och inte till en mellanhand i hemlandet."),
        Prose::new().strong("Samma villkor.").text(" Lön, försäkringar och arbetstider ska vara minst som i kollektivavtalet, och avtalet ska finnas på ett språk som personen förstår."),
    ];
    items.extend(left_out::gates(view));
    if view.weights.keys().any(|occupation| is_health_occupation(view.run.config, *occupation)) {
        items.push(Prose::new().strong("Legitimation.").text(
            " Flera vårdyrken kräver svensk legitimation. Socialstyrelsen prövar den som har utbildat sig i ett annat land; räkna med tid för det.",
        ));
    }
    builder.list(items);
}
