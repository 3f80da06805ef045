//! Countries: ISO 3166-1 alpha-2, and the spellings that each publisher uses for them.

/// A country or territory, ISO 3166-1 alpha-2 (Kosovo: `XK`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Country([u8; 2]);

impl Country {
    /// Sweden, which is never a market.
    pub const SWEDEN: Self = Self(*b"SE");

    /// The two letters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("??")
    }

    pub(crate) fn from_letters(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        (bytes.len() == 2 && bytes.iter().all(u8::is_ascii_uppercase)).then(|| Self([bytes[0], bytes[1]]))
    }
}

impl std::fmt::Display for Country {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// Names of a country for people.
#[derive(Clone, Debug)]
pub struct CountryName {
    /// ISO 3166-1 alpha-3 (Kosovo: `XKX`).
    pub alpha3: String,
    /// Swedish name.
    pub swedish: String,
    /// English name.
    pub english: String,
}

/// A publisher's way of spelling countries; the rows of `data/mappings/country_spellings.csv`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CountryScheme {
    /// Eurostat geo codes (`EL`, `UK`, `XK`).
    Eurostat,
    /// ILOSTAT area labels and codes.
    Ilo,
    /// CEPII (`ROM`, `YUG`).
    Cepii,
    /// ELA / EURES.
    Ela,
    /// Migrationsverket's upper-case Swedish labels.
    Migrationsverket,
    /// JobTech taxonomy concept ids.
    Jobtech,
    /// Gapminder and UN DESA geo codes as recorded.
    Gapminder,
    /// World Bank codes.
    WorldBank,
    /// SCB country-of-birth codes.
    ScbBirthCountry,
    /// Passport index codes.
    Passport,
    /// Names in Natural Earth's outlines.
    NaturalEarth,
    /// The UN's M49 numbers.
    UnM49,
}

impl CountryScheme {
    /// The scheme's name in the mapping file.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Eurostat => "eurostat",
            Self::Ilo => "ilo",
            Self::Cepii => "cepii",
            Self::Ela => "ela",
            Self::Migrationsverket => "migrationsverket",
            Self::Jobtech => "jobtech",
            Self::Gapminder => "gapminder",
            Self::WorldBank => "worldbank",
            Self::ScbBirthCountry => "scb_birth_country",
            Self::Passport => "passport",
            Self::NaturalEarth => "natural_earth",
            Self::UnM49 => "un_m49",
        }
    }
}
