//! The skilled-needs analysis (*nulägesanalys*): which managers and highly educated the county needs now and in five years, area by area, and who else looks for them.

use super::super::builder::Builder;
use super::super::model::{Document, Paper, Prose};
use super::super::section::{rules, skilled, sources};
use super::super::text::capital;
use super::super::text::en::agrees;
use super::super::view::{Lookup, View, county_name, occupation_name};
use super::super::{ReportError, RunContext};
use crate::config::AreaKind;
use crate::language::{Language, say};
use crate::skills::{SkilledNeed, skilled_needs};

/// File name without ending.
pub const STEM: &str = "nulagesanalys";

/// What the document is called in the menu.
pub fn heading(language: Language) -> &'static str {
    say!(language, sv: "Nulägesanalys", en: "Skilled-needs analysis")
}

/// The document.
pub fn skills(run: &RunContext, lookup: &Lookup) -> Result<Document, ReportError> {
    let language = run.language;
    let mut builder = Builder::new(run, STEM.to_owned());
    let needs = skilled_needs(run.analysis, run.config, run.figures);
    builder.answer(answer(run, &needs));
    // Industries first: the analysis is theirs. The strength areas add the skilled occupations that no industry has.
    for kind in [AreaKind::Industry, AreaKind::Strength] {
        for position in 0..run.config.areas.len() {
            let view = View::new(run, lookup, position);
            if view.area.kind == kind {
                skilled::area(&mut builder, &view, &needs)?;
            }
        }
    }
    let ruled: Vec<rules::Ruled> = needs
        .values()
        .filter(|row| row.is_needed_now())
        .map(|row| rules::Ruled { occupation: row.occupation(), employed: row.demand.employed, rules: row.rules.clone() })
        .collect();
    builder.heading(say!(language, sv: "Vilka regler gäller?", en: "Which rules apply?"), "regler");
    builder.paragraph(super::super::section::left_out::floor_rule(run));
    rules::in_short(&mut builder, &ruled);
    rules::in_full(&mut builder, &ruled, "skilled_needs");
    builder.heading(say!(language, sv: "Vad analysen inte kan svara på", en: "What the analysis cannot answer"), "saknas");
    builder.list(unanswered(language));
    builder.heading(sources::heading(language), "kallor");
    sources::list(&mut builder);
    let (date, county, year) = (language.date(&run.date), county_name(run), run.analysis.year);
    let lead = Prose::from(say!(language,
        sv: format!("Yrken för chefer och högskoleutbildade (SSYK 1–3), bransch för bransch och område för område. Siffror hämtade senast {date}."),
        en: format!("Occupations of managers and the highly educated (SSYK 1–3), industry by industry and area by area. Figures retrieved by {date}."),
    ));
    let name = heading(language);
    let title = format!("{name}: {county} {year}");
    Ok(builder.finish(title.clone(), title, lead, true).on(Paper::Report))
}

fn answer(run: &RunContext, needs: &skilled::Needs) -> Vec<Prose> {
    let language = run.language;
    let small = run.config.method.gender.small_count;
    let rows: Vec<&SkilledNeed> = needs.values().filter(|row| row.is_needed_now()).collect();
    let (county, all, now) = (county_name(run), needs.len(), rows.len());
    let limits = say!(language,
        sv: "Analysen säger inte om människor vill flytta hit, vilket språk de talar eller hur lång tid ett erkännande tar.",
        en: "The analysis does not say whether people want to move here, which languages they speak or how long recognition takes.",
    );
    if rows.is_empty() {
        return vec![
            say!(language,
                sv: format!("Inget av de {all} yrken på chefs- och högskolenivå i {county} har brist eller bevakas. {limits}"),
                en: format!("Not one of the {all} occupations at managerial and higher-education level in {county} has a shortage or is under watch. {limits}"),
            )
            .into(),
        ];
    }
    let people = rules::people(skilled::employed(&rows), small, language);
    let five_years = skilled::in_five_years(&rows, language);
    let (there, have) = (if now == 1 { "I det" } else { "I dem" }, agrees(now, "has a shortage or is", "have a shortage or are"));
    let (they, now_words) = (agrees(now, "It employs", "They employ"), capital(&language.count_alone(now)));
    let mut paragraphs: Vec<Prose> = vec![
        say!(language,
            sv: format!("{now_words} av de {all} yrken på chefs- och högskolenivå i områdena i {county} har brist eller bevakas. {there} arbetar {people}. {five_years}"),
            en: format!("{now_words} of the {all} occupations at managerial and higher-education level in the areas in {county} {have} under watch. {they} {people}. {five_years}"),
        )
        .into(),
    ];
    if let Some(contested) = skilled::most_contested(&rows) {
        let name = language.small(&occupation_name(run, contested.occupation()));
        let (countries, of) = (contested.competitors.len(), contested.reporting);
        let (also, countries) = (agrees(countries, "also has", "also have"), language.count_alone(countries));
        let uncontested = uncontested(&rows, language);
        paragraphs.push(
            say!(language,
                sv: format!("Konkurrensen är störst om {name}: {countries} av de {of} andra länder som rapporterar till Europeiska arbetsmyndigheten har också brist.{uncontested}"),
                en: format!("Competition is greatest for {name}: {countries} of the {of} other countries that report to the European Labour Authority {also} a shortage.{uncontested}"),
            )
            .into(),
        );
    }
    paragraphs.push(skilled::proof_and_pay(&rows, language).into());
    paragraphs.push(limits.into());
    paragraphs
}

/// How many of the needs no other country reports short, in a sentence after another; nothing where there is only one need.
fn uncontested(rows: &[&SkilledNeed], language: Language) -> String {
    let all = rows.len();
    match rows.iter().filter(|row| row.competitors.is_empty()).count() {
        _ if all == 1 => String::new(),
        0 => say!(language,
            sv: format!(" I vart och ett av de {all} yrkena rapporterar minst ett annat land brist."),
            en: format!(" At least one other country reports a shortage in each of the {all} occupations."),
        ),
        free => {
            let free = language.count_alone(free);
            say!(language,
                sv: format!(" I {free} av de {all} yrkena rapporterar inget annat land brist."),
                en: format!(" In {free} of the {all} occupations no other country reports a shortage."),
            )
        }
    }
}

fn unanswered(language: Language) -> Vec<Prose> {
    let items = say!(language,
        sv: [
            "Vad lönen i yrket är i andra länder: den finns inte inläst. Inkomst per person säger hur levnadsnivån skiljer sig, inte vad en sjuksköterska tjänar.",
            "Hur många i världen som har just det här yrket: länderna redovisar grövre grupper, och en del antal är skattade.",
            "Om ett land som inte rapporterar till Europeiska arbetsmyndigheten har brist: listan täcker bara länder i Europa och är några år gammal.",
            "Hur behovet ser ut om fem år i yrken som Arbetsförmedlingen inte bedömer.",
            "Alla regler: listan är projektets egen och inte fullständig, och ska läsas hos myndigheten.",
        ],
        en: [
            "What the occupation pays in other countries: that is not included. Income per person says how living standards differ, not what a nurse earns.",
            "How many in the world have this very occupation: countries report coarser groups, and some numbers are estimated.",
            "Whether a country that does not report to the European Labour Authority has a shortage: the list covers only countries in Europe and is some years old.",
            "How the need looks in five years in occupations that the Public Employment Service does not assess.",
            "Every rule: the list is the project’s own and not complete, and should be checked with the authority.",
        ],
    );
    items.into_iter().map(Prose::from).collect()
}
