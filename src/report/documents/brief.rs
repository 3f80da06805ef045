//! An industry on two pages, for an employer: which occupations, which countries, what to think of.

use super::super::ReportError;
use super::super::builder::Builder;
use super::super::model::{Document, Prose};
use super::super::section::{answer, heat, left_out, people, ranking, shortage, sources, verdict, weigh};
use super::super::view::{View, stem};
use crate::ethics::is_health_occupation;
use crate::language::say;

const OCCUPATIONS: usize = 8;
const COUNTRIES: usize = 8;

/// The document of an industry.
pub fn brief(view: &View) -> Result<Document, ReportError> {
    let language = view.language();
    let mut builder = Builder::new(view.run, stem(view.area));
    builder.answer(answer::answer(view));
    shortage::brief(&mut builder, view, OCCUPATIONS);
    ranking::brief(&mut builder, view, COUNTRIES)?;
    heat::figure(&mut builder, view, COUNTRIES, OCCUPATIONS)?;
    rules(&mut builder, view);
    people::whole(&mut builder, view, OCCUPATIONS, say!(language, sv: "branschens", en: "the industry’s"))?;
    left_out::brief(&mut builder, view);
    verdict::link(&mut builder);
    builder.heading(sources::heading(language), "kallor");
    sources::short(&mut builder);
    weigh::brief(&mut builder, view);
    let (year, name, county) = (view.year(), &view.name, &view.county);
    let date = language.date(&view.run.date);
    let lead = Prose::from(say!(language,
        sv: format!("För arbetsgivare som vill rekrytera från andra länder eller län. Rapport från {date}."),
        en: format!("For employers who want to recruit from other countries or counties. Report dated {date}."),
    ));
    Ok(builder.finish(
        say!(language, sv: format!("{name}: målmarknader för {county} {year}"), en: format!("{name}: target markets for {county} {year}")),
        say!(language, sv: format!("{name} i {county} {year}"), en: format!("{name} in {county} {year}")),
        lead,
        false,
    ))
}

/// What to think of, and whom to be careful about.
fn rules(builder: &mut Builder, view: &View) {
    let language = view.language();
    builder.heading(say!(language, sv: "Att tänka på", en: "Points to note"), "rad");
    let mut items = vec![
        Prose::new().strong(say!(language, sv: "Arbetsgivaren betalar.", en: "The employer pays.")).text(say!(language,
            sv: " Den som söker jobb ska aldrig betala för rekryteringen: inte till er, inte till ett bemanningsföretag och inte till en mellanhand i hemlandet.",
            en: " A person who applies for a job is never to pay for the recruitment: not to you, not to a staffing agency and not to an intermediary in the home country.",
        )),
        Prose::new().strong(say!(language, sv: "Samma villkor.", en: "Equal terms.")).text(say!(language,
            sv: " Lön, försäkringar och arbetstider ska vara minst som i kollektivavtalet, och avtalet ska finnas på ett språk som personen förstår.",
            en: " Pay, insurance and working hours are to be at least those of the collective agreement, and the contract is to be in a language that the person understands.",
        )),
    ];
    items.extend(left_out::gates(view));
    if view.weights.keys().any(|occupation| is_health_occupation(view.run.config, *occupation)) {
        items.push(Prose::new().strong(say!(language, sv: "Legitimation.", en: "Licence to practise.")).text(say!(language,
            sv: " Flera vårdyrken kräver svensk legitimation. Socialstyrelsen prövar den som har utbildat sig i ett annat land; räkna med tid för det.",
            en: " Several health professions require a Swedish licence. The National Board of Health and Welfare (Socialstyrelsen) examines those trained in another country; allow time for this.",
        )));
    }
    builder.list(items);
}
