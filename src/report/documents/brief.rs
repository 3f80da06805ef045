//! An industry on one sheet of two pages, for an employer: which occupations, which countries, what to think of. On the screen a second part follows with
//! what the sheet rests on.

use super::super::ReportError;
use super::super::builder::Builder;
use super::super::model::{Document, Paper, Prose};
use super::super::section::{answer, heat, left_out, people, ranking, shortage, since, sources, verdict, weigh};
use super::super::view::{View, stem};
use crate::ethics::is_health_occupation;
use crate::language::say;

const OCCUPATIONS: usize = 8;
const COUNTRIES: usize = 8;

/// The document of an industry.
pub fn brief(view: &View) -> Result<Document, ReportError> {
    let language = view.language();
    let mut builder = Builder::new(view.run, stem(view.area));
    builder.answer(answer::sheet(view));
    shortage::sheet(&mut builder, view, OCCUPATIONS);
    ranking::sheet(&mut builder, view);
    heat::sheet(&mut builder, view, COUNTRIES, OCCUPATIONS);
    rules(&mut builder, view);
    people::sheet(&mut builder, view);
    verdict::in_short(&mut builder);
    builder.heading(sources::heading(language), "kallor");
    sources::sheet(&mut builder);
    let dig = say!(language, sv: "För den som vill gräva", en: "For those who want to dig deeper");
    builder.screen_only(dig, "grava", |builder| {
        builder.paragraph(say!(language,
            sv: "Den här delen skrivs inte ut. Den visar det som bladet bygger på.",
            en: "This part is not printed. It shows what the sheet rests on.",
        ));
        shortage::brief(builder, view, usize::MAX);
        ranking::brief(builder, view, COUNTRIES)?;
        since::whole(builder, view)?;
        weigh::brief(builder, view);
        heat::figure(builder, view, COUNTRIES, OCCUPATIONS)?;
        builder.heading(say!(language, sv: "Reglerna i sin helhet", en: "The rules in full"), "regler");
        builder.list(left_out::gates(view));
        people::whole(builder, view, OCCUPATIONS, say!(language, sv: "branschens", en: "the industry’s"))?;
        left_out::brief(builder, view);
        builder.heading(say!(language, sv: "Så anges källorna", en: "How to cite the sources"), "ange");
        sources::short(builder);
        Ok(())
    })?;
    let (year, name, county) = (view.year(), &view.name, &view.county);
    let date = language.date(&view.run.date);
    let lead = Prose::from(say!(language,
        sv: format!("För arbetsgivare som vill rekrytera från andra länder eller län. Rapport från {date}."),
        en: format!("For employers who want to recruit from other countries or counties. Report dated {date}."),
    ));
    Ok(builder
        .finish(
            say!(language, sv: format!("{name}: målmarknader för {county} {year}"), en: format!("{name}: target markets for {county} {year}")),
            say!(language, sv: format!("{name} i {county} {year}"), en: format!("{name} in {county} {year}")),
            lead,
            false,
        )
        .on(Paper::Sheet))
}

/// What to think of, and whom to be careful about.
fn rules(builder: &mut Builder, view: &View) {
    let language = view.language();
    builder.heading(say!(language, sv: "Att tänka på", en: "Points to note"), "rad");
    let mut items = vec![Prose::new().strong(say!(language, sv: "Arbetsgivaren betalar, på samma villkor.", en: "The employer pays, on equal terms.")).text(
        say!(language,
            sv: " Den som söker jobb ska aldrig betala för rekryteringen, inte heller till en mellanhand. Lön och villkor ska vara minst kollektivavtalets, och avtalet på ett språk som personen förstår.",
            en: " A person who applies for a job is never to pay for the recruitment, nor to an intermediary. Pay and terms are to be at least those of the collective agreement, and the contract in a language that the person understands.",
        ),
    )];
    if view.weights.keys().any(|occupation| is_health_occupation(view.run.config, *occupation)) {
        items.push(Prose::new().strong(say!(language, sv: "Legitimation.", en: "Licence to practise.")).text(say!(language,
            sv: " Flera vårdyrken kräver svensk legitimation. Socialstyrelsen prövar den som har utbildat sig i ett annat land; räkna med tid för det.",
            en: " Several health professions require a Swedish licence. The National Board of Health and Welfare (Socialstyrelsen) examines those trained in another country; allow time for this.",
        )));
    }
    items.extend(left_out::rules_in_short(view));
    builder.list(items);
}
