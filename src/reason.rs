//! Why a market is closed, not ranked, or to be approached with care: typed, so that the tables say it in Swedish and a report in its own language.

use crate::ethics::Gate;
use crate::language::{Language, say};

/// Why a gate answers as it does, or why a market has no place.
#[derive(Clone, Debug, PartialEq)]
pub enum Reason {
    /// The WHO list of the year, and no agreement.
    WhoList {
        /// Year of the list.
        listed: i32,
    },
    /// The country is on the WHO list, but an agreement lets the occupation be recruited.
    Agreement {
        /// The agreement's name.
        name: String,
        /// Its last day, ISO date; `None` while it runs on.
        valid_to: Option<String>,
    },
    /// Usual pay is below the floor of a work permit.
    PayBelowFloor {
        /// Kronor a month.
        pay: f64,
        /// Kronor a month.
        floor: f64,
        /// ISO date of the rule.
        valid_from: String,
    },
    /// The country reports the occupation short itself.
    ShortAtHome {
        /// Share of the occupation, 0…1.
        share: f64,
        /// Year of the report to ELA.
        year: i32,
    },
    /// Free movement.
    FreeMovement,
    /// The gate closes the occupation.
    Closed {
        /// D or E.
        gate: Gate,
        /// Why the gate answers so.
        because: Option<Box<Reason>>,
    },
    /// The market publishes no employed for the occupation.
    NoPool,
    /// Too little of the indicators' weight is present.
    TooFewFigures,
    /// The project's list names the country.
    NotRecruited {
        /// The list's reason in Swedish.
        swedish: String,
        /// The list's reason in English.
        english: String,
    },
    /// The list is of untested markets, and this one is tried.
    Tested,
    /// The list is of untested markets, and it is not known whether this one is.
    TrialUnknown,
    /// No occupation of the area is recruited.
    NothingRecruited,
    /// The market has figures for too little of the area's need.
    TooLittleNeed {
        /// The share that is asked for, 0…1.
        least: f64,
    },
}

impl Reason {
    /// The reason as the end of a sentence. The tables print the Swedish text.
    #[must_use]
    pub fn text(&self, language: Language) -> String {
        match self {
            Self::WhoList { listed } => say!(language,
                sv: format!("WHO:s lista {listed} över länder vars vårdpersonal inte ska rekryteras aktivt; inget avtal"),
                en: format!("WHO list of {listed} of countries whose health workers should not be actively recruited; no agreement"),
            ),
            Self::Agreement { name, valid_to } => {
                let last = valid_to.as_ref().map(|day| language.date(day));
                let until = last.map_or_else(String::new, |last| say!(language, sv: format!(", till och med {last}"), en: format!(", until {last}")));
                say!(language, sv: format!("öppet genom avtalet {name}{until}"), en: format!("open by the agreement {name}{until}"))
            }
            Self::PayBelowFloor { pay, floor, valid_from } => say!(language,
                sv: format!("vanlig lön {pay:.0} kr är under lönegolvet {floor:.0} kr för arbetstillstånd (gäller från {valid_from})"),
                en: format!(
                    "usual pay, SEK {} a month, is below the work-permit floor of SEK {} (in force from {})",
                    language.number(*pay, 0),
                    language.number(*floor, 0),
                    language.date(valid_from)
                ),
            ),
            Self::ShortAtHome { share, year } => say!(language,
                sv: format!("landet rapporterar själv brist i yrket ({:.0} % av yrket, ELA {year})", share * 100.0),
                en: format!("the country itself reports a shortage in the occupation ({} of the occupation, ELA {year})", language.percent(*share)),
            ),
            Self::FreeMovement => say!(language, sv: "fri rörlighet", en: "free movement").to_owned(),
            Self::Closed { gate, because } => {
                let because = because.as_ref().map_or_else(String::new, |reason| reason.text(language));
                say!(language, sv: format!("stängd, {}: {because}", gate.letter()), en: format!("closed, {}: {because}", gate.letter()))
            }
            Self::NoPool => {
                say!(language, sv: "uppgift om yrkets sysselsatta saknas", en: "no figure for the number employed in the occupation").to_owned()
            }
            Self::TooFewFigures => say!(language, sv: "för få uppgifter", en: "too few figures").to_owned(),
            Self::NotRecruited { swedish, english } => {
                say!(language, sv: format!("rekryteras inte ifrån: {swedish}"), en: format!("not recruited from: {english}"))
            }
            Self::Tested => say!(language,
                sv: "prövad: minst så många som medianen har redan kommit därifrån",
                en: "tried: at least as many as the median have come from there already",
            )
            .to_owned(),
            Self::TrialUnknown => {
                say!(language, sv: "det är inte känt hur prövad marknaden är", en: "it is not known how far the market has been tried").to_owned()
            }
            Self::NothingRecruited => say!(language,
                sv: "området har inget yrke med brist eller bevakning",
                en: "the area has no occupation with a shortage or under watch",
            )
            .to_owned(),
            Self::TooLittleNeed { least } => say!(language,
                sv: format!("uppgifter för mindre än {:.0} % av områdets behov", least * 100.0),
                en: format!("figures for less than {} of the area’s need", language.percent(*least)),
            ),
        }
    }
}

/// The text of the tables: Swedish, and nothing where there is no reason.
#[must_use]
pub fn table_text(reason: Option<&Reason>) -> String {
    reason.map_or_else(String::new, |reason| reason.text(Language::Swedish))
}
