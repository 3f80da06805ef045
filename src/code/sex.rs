//! Sex as the publishers report it: women, men and the published total. Women first, everywhere.

/// A published category of sex. The total is the publisher's own, never a sum made here unless the step says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Sex {
    /// Women.
    Women,
    /// Men.
    Men,
    /// The published total.
    Total,
}

impl Sex {
    /// The word used in the bundled tables.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Women => "women",
            Self::Men => "men",
            Self::Total => "total",
        }
    }

    /// Reads a publisher's spelling: ours, Eurostat's `F M T`, SCB's `1 2` are *not* guessed between; each source names its own table.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "women" => Some(Self::Women),
            "men" => Some(Self::Men),
            "total" => Some(Self::Total),
            _ => None,
        }
    }
}
