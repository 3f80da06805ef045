//! The documents of a run, one file each.

mod area;
mod brief;
mod counties;
mod country;
mod follow_up;
mod index;
mod influence;
mod joint;
mod skills;
mod steering;
mod support;

pub use area::area;
pub use brief::brief;
pub use counties::{STEM as COUNTIES, counties, heading as counties_heading};
pub use country::country;
pub use follow_up::{STEM as FOLLOW_UP, follow_up, heading as follow_up_heading};
pub use index::{TABLES, index};
pub use influence::{STEM as INFLUENCE, heading as influence_heading, influence};
pub use joint::joint;
pub use skills::{STEM as SKILLS, heading as skills_heading, skills};
pub use steering::{STEM as STEERING, heading as steering_heading, steering};
pub use support::{STEM as SUPPORT, heading as support_heading, support};
