//! malmarknad (*målmarknad*, target market): from a Swedish county's shortage occupations to ranked target markets, with women and men.
//!
//! Data flows one way: source → snapshot → tidy → demand and supply → market → report. ARCHITECTURE.md says what each room is for.

pub mod code;
pub mod format;
pub mod table;
pub mod tidy;
