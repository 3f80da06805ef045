//! The rating of an occupation that is in force in the county, and what decides it: the figures by the method's cuts, or employers' evidence over them
//! (method, section 2).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Context, Named, Subject};
use crate::chart::plain;
use crate::demand::{Demand, Rating};
use crate::language::{Language, say};

/// What employers have said of an occupation, where that sets its rating.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct EvidenceExplained {
    /// Who said it: a role and an organisation, in Swedish.
    pub who: String,
    /// The day it was said, ISO 8601.
    pub date: String,
    /// Why, in Swedish.
    pub reason: String,
}

/// The rating of an occupation in the county, which decides whether markets are ranked for it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RatingExplained {
    /// The occupation.
    pub occupation: Named,
    /// The rating in force, in the word of the tables: brist, bevakas, ingen brist, kan inte bedömas.
    pub rating: String,
    /// The rating that the figures alone give, in the same words.
    pub of_figures: String,
    /// How the figures alone are rated, with their numbers and the method's.
    pub rule: String,
    /// The evidence that sets the rating; null where the figures do.
    pub evidence: Option<EvidenceExplained>,
    /// The rating and what decides it, in sentences.
    pub answer: String,
}

/// A rating in words.
pub(super) fn words(rating: Rating, language: Language) -> &'static str {
    match rating {
        Rating::Shortage => say!(language, sv: "brist", en: "shortage"),
        Rating::Watch => say!(language, sv: "bevakas", en: "under watch"),
        Rating::NoShortage => say!(language, sv: "ingen brist", en: "no shortage"),
        Rating::NotAssessed => say!(language, sv: "kan inte bedömas", en: "cannot be assessed"),
    }
}

/// " enligt Skogschef, Bolaget (1 mars 2026)": whose word a rating is, where it is not the figures'.
pub(super) fn whose(context: &Context, row: &Demand) -> String {
    let language = context.language;
    row.evidence.as_ref().map_or_else(String::new, |found| {
        let (who, date) = (plain(&found.evidence.who), language.date(&found.evidence.date.to_string()));
        say!(language, sv: format!(" enligt {who} ({date})"), en: format!(" according to {who} ({date})"))
    })
}

/// How the figures of an occupation are rated.
fn rule(context: &Context, row: &Demand) -> String {
    let cuts = &context.config.method.demand.rating;
    let (shortage, watch, least) = (cuts.shortage, cuts.watch, cuts.least_coverage);
    let (silent, silent_least) = (cuts.silent_points, cuts.silent_coverage);
    let (points, coverage) = (row.points.map_or_else(|| "–".to_owned(), |points| points.to_string()), row.coverage);
    say!(context.language,
        sv: format!("{points} poäng, och {coverage} av vikten finns; brist från {shortage} poäng och bevakas från {watch} där minst {least} av vikten finns; utan Arbetsförmedlingens bedömning bevakas från {silent} där minst {silent_least} finns (method.toml demand.rating)"),
        en: format!("{points} points, with {coverage} of the weight there; shortage from {shortage} points and under watch from {watch} where at least {least} of the weight is there; without the Public Employment Service’s assessment under watch from {silent} where at least {silent_least} is there (method.toml demand.rating)"),
    )
}

/// The rating of an occupation of the county's register.
fn of_row(context: &Context, row: &Demand) -> RatingExplained {
    let language = context.language;
    let name = context.occupation_name(row.occupation);
    let rated = words(row.rating, language);
    let otherwise = row.evidence.as_ref().map_or(row.rating, |found| found.otherwise);
    let mut answer = format!("{} {name}: {rated}{}.", row.occupation, whose(context, row));
    if let Some(found) = &row.evidence {
        let (reason, alone) = (plain(&found.evidence.reason), words(otherwise, language));
        let reason = reason.trim_end_matches('.');
        answer.push_str(&say!(language,
            sv: format!(" Skäl: {reason}. Uppgifterna ensamma ger: {alone}."),
            en: format!(" Reason: {reason}. The figures alone give: {alone}. Who says it, and the reason, are in Swedish as they were written."),
        ));
        let limit = context.config.method.units.old_after_years;
        if context.year() - i32::from(found.evidence.date.year()) > limit {
            answer.push_str(&say!(language,
                sv: format!(" Underlaget är äldre än {limit} år."),
                en: format!(" The evidence is more than {limit} years old."),
            ));
        }
    }
    RatingExplained {
        occupation: Named { kind: "occupation".to_owned(), code: row.occupation.to_string(), name },
        rating: row.rating.as_str().to_owned(),
        of_figures: otherwise.as_str().to_owned(),
        rule: rule(context, row),
        evidence: row.evidence.as_ref().map(|found| EvidenceExplained {
            who: plain(&found.evidence.who),
            date: found.evidence.date.to_string(),
            reason: plain(&found.evidence.reason),
        }),
        answer,
    }
}

/// The rating of the occupation that is asked for; of an area the ratings that employers' evidence sets, since they decide which occupations make its score.
pub(super) fn of_subject(context: &Context, subject: &Subject) -> Vec<RatingExplained> {
    let rows = &context.analysis.demand.occupations;
    match subject {
        Subject::Occupation(code) => rows.get(code).map(|row| of_row(context, row)).into_iter().collect(),
        Subject::Area(key) => {
            let area = context.config.areas.iter().find(|area| area.key == *key);
            let own = area.into_iter().flat_map(|area| area.occupations.keys()).filter_map(|code| rows.get(code));
            own.filter(|row| row.evidence.is_some()).map(|row| of_row(context, row)).collect()
        }
    }
}
