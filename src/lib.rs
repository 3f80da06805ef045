//! malmarknad (*målmarknad*, target market): from a Swedish county's shortage occupations to ranked target markets, with women and men.
//!
//! Data flows one way: source → snapshot → tidy → demand and supply → market → report. ARCHITECTURE.md says what each room is for.

pub mod analysis;
pub mod archive;
pub mod backtest;
pub mod bundle;
pub mod chart;
pub mod cli;
pub mod code;
pub mod coinr;
pub mod compare;
pub mod config;
pub mod crosswalk;
pub mod demand;
pub mod ethics;
pub mod evidence;
pub mod explain;
pub mod fetch;
pub mod figures;
mod fit;
pub mod follow_up;
pub mod foothold;
pub mod format;
pub mod gender;
pub mod http;
pub mod index;
pub mod influence;
pub mod joint;
pub mod kept;
pub mod language;
pub mod manifest;
pub mod market;
pub mod output;
pub mod previous;
pub mod reason;
pub mod report;
pub mod settings;
pub mod skills;
pub mod snapshot;
pub mod source;
pub mod supply;
pub mod table;
pub mod tables;
pub mod tidy;
pub mod uncertainty;
pub mod words;
