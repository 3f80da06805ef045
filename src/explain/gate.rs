//! The ethics and entry gate of a country and an occupation, with the cells that it rests on (method, section 7).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::step::Step;
use super::{Context, ExplainError, country};
use crate::ethics::Gate;
use crate::language::say;
use crate::market::Fit;
use crate::supply::Market;

/// What the gate answers, and from what.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct GateExplained {
    /// A free movement, B no known obstacle, C care, D no active recruitment, E no permit route.
    pub letter: String,
    /// Why; null where an open gate needs no reason.
    pub reason: Option<String>,
    /// Where the rule stands, with its date.
    pub rule: String,
    /// The numbers that decide.
    pub steps: Vec<Step>,
}

/// The gate of a fit; `None` for counties.
///
/// # Errors
/// The data folder lacks a cell.
pub(super) fn explained(context: &Context, fit: &Fit) -> Result<Option<GateExplained>, ExplainError> {
    let language = context.language;
    let (Some(gate), Market::Country(country)) = (fit.gate, fit.market) else { return Ok(None) };
    let floor = &context.config.permit_rules.pay_floor;
    let (steps, rule) = match gate {
        Gate::FreeMovement => {
            let cell = context.ledger.row("free_movement", &[country.as_str()])?.cell("membership");
            let step =
                Step::of_cells("membership", say!(language, sv: "fri rörlighet", en: "free movement"), super::Operation::CountOfCells, vec![cell]);
            (vec![step], say!(language, sv: "metoden, avsnitt 7", en: "method, section 7").to_owned())
        }
        Gate::Open => (country::pay(context, fit.occupation)?.into(), format!("permit-rules.toml pay_floor, {}", floor.valid_from)),
        Gate::Care => {
            let share = context.config.method.ethics.care_share;
            (vec![country::short(context, country, fit.occupation)], format!("method.toml ethics.care_share, > {share}"))
        }
        Gate::NoActiveRecruitment => {
            let row = context.ledger.row("who_safeguards", &[country.as_str()])?;
            let label = say!(language, sv: "på WHO:s lista", en: "on the WHO list");
            let step = Step::of_cells("who_list", label, super::Operation::CountOfCells, vec![row.cell("country")]);
            let rule = say!(language,
                sv: "method.toml ethics.health; agreements.csv har inget avtal för landet och yrket",
                en: "method.toml ethics.health; agreements.csv has no agreement for the country and the occupation",
            );
            (vec![step], rule.to_owned())
        }
        Gate::NoPermitRoute => {
            let [usual, upper] = country::pay(context, fit.occupation)?;
            let label = say!(language, sv: "lönegolv, kronor i månaden", en: "pay floor, kronor a month");
            let step = Step::given("pay_floor", label, floor.floor, "permit-rules.toml", "pay_floor.floor");
            // The file says in English, in both of its texts, that the amount waits for somebody to confirm it.
            let source = language.pick(&floor.source, &floor.source_en);
            let source = match source.split_once(';').filter(|(_, more)| more.contains("to be confirmed")) {
                Some((source, _)) => {
                    let unconfirmed = say!(language,
                        sv: "beloppet är ett startvärde och ska bekräftas av en ansvarig person",
                        en: "the amount is a starting value, to be confirmed by a responsible person",
                    );
                    format!("{source}; {unconfirmed}")
                }
                None => source.to_owned(),
            };
            let rule = format!("{source} ({})", floor.valid_from);
            (vec![usual, upper, step], rule)
        }
    };
    Ok(Some(GateExplained { letter: gate.letter().to_owned(), reason: fit.gate_reason.as_ref().map(|reason| reason.text(language)), rule, steps }))
}
