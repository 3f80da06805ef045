//! Parts that the documents are put together from.

pub mod answer;
pub mod heat;
pub mod judged;
pub mod left_out;
pub mod limits;
pub mod method;
pub mod people;
pub mod ranking;
pub mod shortage;
pub mod sources;
pub mod tested;
pub mod verdict;
pub mod weigh;
