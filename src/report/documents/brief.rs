//! An industry on one sheet of two pages, for an employer: which occupations, which countries, what to think of. On the screen a second part follows with
//! what the sheet rests on.

use super::super::ReportError;
use super::super::builder::Builder;
use super::super::model::{Document, Paper, Prose};
use super::super::section::{answer, heat, left_out, neighbours, people, ranking, shortage, since, sources, unanswered, verdict, weigh};
use super::super::text::capital;
use super::super::view::{View, stem};
use crate::chart::plain;
use crate::config::{OccupationRule, RuleKind};
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
    unanswered::sheet(&mut builder, view);
    builder.heading(sources::heading(language), "kallor");
    sources::sheet(&mut builder);
    let dig = say!(language, sv: "För den som vill gräva", en: "For those who want to dig deeper");
    builder.screen_only(dig, "grava", |builder| {
        builder.paragraph(say!(language,
            sv: "Den här delen skrivs inte ut. Den visar det som bladet bygger på.",
            en: "This part is not printed. It shows what the sheet rests on.",
        ));
        verdict::link(builder);
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
        sv: format!("För arbetsgivare som vill rekrytera från andra länder eller län. Siffror hämtade senast {date}."),
        en: format!("For employers who want to recruit from other countries or counties. Figures retrieved by {date}."),
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
    items.extend(occupation_rules(view));
    items.extend(neighbours::in_short(view));
    items.extend(left_out::rules_in_short(view));
    builder.list(items);
}

/// How many rules for occupations the sheet has room for, and how many occupations a rule names.
const RULES: (usize, usize) = (3, 2);

/// What is asked of a person besides a permit in the heaviest occupations: a licence, a title; and what no permit is given for.
fn occupation_rules(view: &View) -> Vec<Prose> {
    let (config, language) = (view.run.config, view.language());
    let mut found: Vec<(&OccupationRule, Vec<String>)> = Vec::new();
    for row in view.recruited() {
        for (rule, _) in config.rules_of(row.occupation).filter(|(_, whole)| *whole) {
            let name = view.occupation_in_prose(row.occupation);
            match found.iter_mut().find(|(other, _)| other.key == rule.key) {
                Some((_, names)) => names.push(name),
                None => found.push((rule, vec![name])),
            }
        }
    }
    let (rules, named) = RULES;
    let items = found.into_iter().take(rules).map(|(rule, names)| {
        // No permit concerns those who need one; all else the many who have free movement too.
        let way = match rule.kind {
            RuleKind::NoPermit => language.pick(&rule.third_country, &rule.third_country_en),
            _ => language.pick(&rule.free_movement, &rule.free_movement_en),
        };
        let (rule, names) = (plain(language.pick(&rule.name, &rule.name_en)), capital(&language.list_of_first(&names, named)));
        Prose::new().strong(format!("{rule}.")).text(format!(" {names}: {}.", language.small(&plain(way))))
    });
    items.collect()
}
