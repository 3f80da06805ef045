//! Rules that ask more of a person in an occupation than a permit: licences, titles, authorisations; and occupations that no permit is given for.

use super::super::builder::Builder;
use super::super::model::{Cell, Column, Grid, Inline, Origin, Prose};
use super::super::text::en::agrees;
use super::super::text::{OCCUPATION, capital};
use super::super::view::occupation_name;
use super::country_people::count_words;
use super::left_out::is_unconfirmed;
use crate::chart::plain;
use crate::code::Ssyk;
use crate::config::{OccupationRule, RuleKind};
use crate::figures::Persons;
use crate::language::{Language, say};

/// Occupations that an item names.
const NAMED: usize = 2;

/// Women and men in a sentence, small counts protected.
pub fn people(persons: Persons, small: i64, language: Language) -> String {
    let (women, men) = (count_words(persons.women, small, language), count_words(persons.men, small, language));
    say!(language, sv: format!("{women} kvinnor och {men} män"), en: format!("{women} women and {men} men"))
}

/// What "1–4" means.
pub fn small_counts(small: i64, language: Language) -> Prose {
    say!(language,
        sv: format!("1–{small} betyder en till {small} personer; så små antal skrivs inte ut här."),
        en: {
            let most = language.count_alone(usize::try_from(small).unwrap_or(0));
            format!("1–{small} means one to {most} persons; counts that small are not printed here.")
        },
    )
    .into()
}

/// What a rule asks for, in a word or two.
pub fn kind_words(kind: RuleKind, language: Language) -> &'static str {
    match kind {
        RuleKind::Licence => say!(language, sv: "legitimation", en: "licence"),
        RuleKind::Title => say!(language, sv: "skyddad titel", en: "protected title"),
        RuleKind::Authorisation => say!(language, sv: "auktorisation", en: "authorisation"),
        RuleKind::Certificate => say!(language, sv: "bevis om kompetens", en: "certificate of competence"),
        RuleKind::NoPermit => say!(language, sv: "inget arbetstillstånd", en: "no work permit"),
    }
}

/// An occupation with its people and the rules for it.
pub struct Ruled<'a> {
    /// The occupation.
    pub occupation: Ssyk,
    /// Women and men employed in the county.
    pub employed: Persons,
    /// The rules, each with whether it holds for all of the occupation's jobs.
    pub rules: Vec<(&'a OccupationRule, bool)>,
}

/// The rules that hold for some of the rows, with their rows, in the order of the file.
fn held<'a, 'b>(rows: &'b [Ruled<'a>]) -> Vec<(&'a OccupationRule, Vec<&'b Ruled<'a>>)> {
    let mut found: Vec<(&OccupationRule, Vec<&Ruled>)> = Vec::new();
    for row in rows {
        for (rule, _) in &row.rules {
            match found.iter_mut().find(|(other, _)| other.key == rule.key) {
                Some((_, rows)) => rows.push(row),
                None => found.push((rule, vec![row])),
            }
        }
    }
    found.sort_by_key(|(rule, _)| rule.kind);
    found
}

/// How many of the rules nobody responsible has confirmed, in a sentence; `None` where all are.
fn unconfirmed(found: &[(&OccupationRule, Vec<&Ruled>)], language: Language) -> Option<String> {
    let all = found.len();
    let count = found.iter().filter(|(rule, _)| is_unconfirmed(&rule.confirmed_by)).count();
    if count == 0 {
        return None;
    }
    let of = language.count_alone(all);
    Some(match (count, all) {
        (_, 1) => say!(language,
            sv: "Regeln har inte bekräftats av en ansvarig person.",
            en: "The rule has not been confirmed by a responsible person.",
        )
        .to_owned(),
        (count, all) if count == all => say!(language,
            sv: format!("Ingen av de {of} reglerna har bekräftats av en ansvarig person."),
            en: format!("None of the {of} rules has been confirmed by a responsible person."),
        ),
        _ => {
            let have = agrees(count, "has", "have");
            let count = if count == 1 { say!(language, sv: "en", en: "one").to_owned() } else { language.count_alone(count) };
            say!(language,
                sv: format!("{} av de {of} reglerna har inte bekräftats av en ansvarig person.", capital(&count)),
                en: format!("{} of the {of} rules {have} not been confirmed by a responsible person.", capital(&count)),
            )
        }
    })
}

/// An item for each rule that holds for some of the rows: whom it concerns and the way in from countries outside the EU and EEA.
pub fn in_short(builder: &mut Builder, rows: &[Ruled]) {
    let run = builder.run();
    let language = builder.language();
    let small = run.config.method.gender.small_count;
    let found = held(rows);
    if found.is_empty() {
        builder.paragraph(say!(language,
            sv: "Ingen av reglerna i projektets lista gäller yrken som har brist eller bevakas i länet.",
            en: "No rule on the project’s list holds for occupations with a shortage or under watch in the county.",
        ));
        return;
    }
    let unconfirmed = unconfirmed(&found, language).map_or_else(String::new, |sentence| format!(" {sentence}"));
    builder.paragraph(say!(language,
        sv: format!("De här reglerna kan stå i vägen också där lönen räcker. De flesta beror på var någon är utbildad, och listan är inte fullständig.{unconfirmed}"),
        en: format!("These rules can stand in the way also where the pay suffices. Most depend on where a person was trained, and the list is not complete.{unconfirmed}"),
    ));
    let items = found.into_iter().map(|(rule, rows)| {
        let authority = plain(language.pick(&rule.authority, &rule.authority_en));
        let name = plain(language.pick(&rule.name, &rule.name_en));
        let way = plain(language.pick(&rule.third_country, &rule.third_country_en));
        let names: Vec<String> = rows.iter().map(|row| language.small(&occupation_name(run, row.occupation))).collect();
        let names = language.list_of_first(&names, NAMED);
        let persons = rows.iter().fold(Persons::default(), |mut sum, row| {
            sum += row.employed;
            sum
        });
        let trained = if rule.kind == RuleKind::NoPermit {
            say!(language, sv: "Från länder utanför EU och EES", en: "From countries outside the EU and EEA")
        } else {
            say!(language, sv: "Utbildad utanför EU och EES", en: "Trained outside the EU and EEA")
        };
        let (count, people) = (capital(&language.count(rows.len(), OCCUPATION)), people(persons, small, language));
        Prose::new().strong(format!("{name} ({authority}).")).text(say!(language,
            sv: format!(" {count} med {people}: {names}. {trained}: {way}."),
            en: format!(" {count} with {people}: {names}. {trained}: {way}."),
        ))
    });
    builder.list(items.collect());
}

/// The rules that hold for some of the rows, with both ways in, source, date and who has confirmed them.
pub fn in_full(builder: &mut Builder, rows: &[Ruled], table: &'static str) {
    let run = builder.run();
    let language = builder.language();
    let found = held(rows);
    if found.is_empty() {
        return;
    }
    let pick = |swedish: &str, english: &str| Cell::Text(plain(language.pick(swedish, english)));
    let unconfirmed = unconfirmed(&found, language);
    let cells = found
        .iter()
        .map(|(rule, rows)| {
            let names: Vec<String> = rows
                .iter()
                .map(|row| {
                    let name = occupation_name(run, row.occupation);
                    let whole = row.rules.iter().any(|(other, whole)| other.key == rule.key && *whole);
                    let partly = say!(language, sv: "delvis", en: "in part");
                    if whole { name } else { format!("{name} ({partly})") }
                })
                .collect();
            let source = plain(language.pick(&rule.source, &rule.source_en));
            let authority = Inline::Link { text: plain(language.pick(&rule.authority, &rule.authority_en)), target: plain(&rule.url) };
            vec![
                pick(&rule.name, &rule.name_en),
                Cell::Prose(Prose(vec![authority])),
                Cell::Text(names.join("; ")),
                pick(&rule.free_movement, &rule.free_movement_en),
                pick(&rule.third_country, &rule.third_country_en),
                Cell::Text(format!("{source} ({})", language.date(&rule.date))),
            ]
        })
        .collect();
    let heads = say!(language,
        sv: ["Regel", "Vem beslutar", "Yrken här", "Utbildad i EU, EES eller Schweiz", "Utbildad i andra länder", "Var regeln står, och när den skrevs in"],
        en: ["Rule", "Who decides", "Occupations here", "Trained in the EU, EEA or Switzerland", "Trained in other countries", "Where the rule stands, and when it was entered"],
    );
    let grid = Grid { columns: heads.into_iter().map(Column::text).collect(), rows: cells };
    let count = found.len();
    let title = say!(language,
        sv: format!("Regler i projektets lista som gäller yrkena: {count}"),
        en: format!("Rules on the project’s list that hold for the occupations: {count}"),
    );
    let read = say!(language,
        sv: "Läs hos myndigheten innan någon lutar sig mot dem.",
        en: "Read what the authority says before leaning on them.",
    );
    let notes: Vec<Prose> = unconfirmed.into_iter().map(|unconfirmed| Prose::from(format!("{unconfirmed} {read}"))).collect();
    let source = say!(language, sv: "Källa: projektets lista över regler.", en: "Source: the project’s list of rules.");
    builder.table(title, grid, notes, Origin { source: source.into(), tables: vec![table], ..Origin::default() });
}
