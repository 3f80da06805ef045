//! Parts that the documents are put together from.

pub mod answer;
pub mod causes;
pub mod counties;
pub mod country_occupations;
pub mod country_people;
pub mod country_rules;
pub mod decides;
pub mod evidence;
pub mod foothold;
pub mod heat;
pub mod judged;
pub mod left_out;
pub mod limits;
pub mod map;
pub mod method;
pub mod people;
pub mod ranking;
pub mod rules;
pub mod shortage;
pub mod since;
pub mod skilled;
pub mod sources;
pub mod standing;
pub mod tested;
pub mod verdict;
pub mod weigh;
