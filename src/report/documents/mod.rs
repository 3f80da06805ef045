//! The documents of a run, one file each.

mod area;
mod brief;
mod index;
mod support;

pub use area::area;
pub use brief::brief;
pub use index::index;
pub use support::{STEM as SUPPORT, heading as support_heading, support};
