//! Periods of the figures: whole years, the only period that the method uses.

/// A calendar year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Period(pub i32);

impl Period {
    /// Reads a four-digit year between 1900 and 2199.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        if bytes.len() != 4 || !bytes.iter().all(u8::is_ascii_digit) {
            return None;
        }
        text.parse().ok().filter(|year| (1900..2200).contains(year)).map(Self)
    }

    /// The year as a number.
    #[must_use]
    pub fn year(self) -> i32 {
        self.0
    }
}

impl std::fmt::Display for Period {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}", self.0)
    }
}
