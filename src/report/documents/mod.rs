//! The documents of a run, one file each.

mod area;
mod brief;
mod index;

pub use area::area;
pub use brief::brief;
pub use index::index;
