//! What the tests cannot say: figures later than their ranking, figures that would settle more, and the rule for changing weights.

use std::collections::BTreeMap;

use super::super::builder::Builder;
use super::super::model::Prose;
use super::super::text::years;
use crate::backtest::{BackTest, Leak};
use crate::language::{Language, say};

/// "108–140", or one number.
fn span(values: impl Iterator<Item = usize> + Clone, language: Language) -> String {
    let (low, high) = (values.clone().min().unwrap_or(0), values.max().unwrap_or(0));
    let whole = |value: usize| language.whole(i64::try_from(value).unwrap_or(i64::MAX));
    if low == high { whole(low) } else { format!("{}–{}", whole(low), whole(high)) }
}

/// Figures that are later than the ranking that uses them.
pub fn leaks(builder: &mut Builder, found: &BackTest) {
    let language = builder.language();
    builder.heading(say!(language, sv: "Siffror som är nyare än rangordningen", en: "Figures that are later than the ranking"), "lackor");
    let mut tables: BTreeMap<&str, Vec<&Leak>> = BTreeMap::new();
    for leak in &found.leaks {
        tables.entry(leak.table).or_default().push(leak);
    }
    if tables.is_empty() {
        builder.paragraph(say!(language,
            sv: "Inga: varje siffra i de prövade rangordningarna är från samma år eller tidigare.",
            en: "None: every figure in the rankings tested is of the same year or earlier.",
        ));
        return;
    }
    builder.paragraph(say!(language,
        sv: "En prövning är rättvis bara om rangordningen görs med det som gick att veta då. Allt nyare tas bort, men det här finns bara i nyare årgång och används ändå:",
        en: "A test is fair only if the ranking is made with what could be known then. Everything later is removed, but the following exists only in a later vintage and is used all the same:",
    ));
    let items = tables.into_iter().map(|(table, leaks)| {
        let (first, last) = (leaks.iter().map(|leak| leak.as_of).min().unwrap_or(0), leaks.iter().map(|leak| leak.as_of).max().unwrap_or(0));
        let newest = leaks.iter().map(|leak| leak.newest).max().unwrap_or(0);
        let countries = span(leaks.iter().map(|leak| leak.countries), language);
        let rankings = years(first, last);
        match table {
            "employment_share" => Prose::new()
                .strong(say!(language, sv: "Yrkenas andelar av de sysselsatta.", en: "Shares of occupations."))
                .text(say!(language,
                    sv: format!(" För {countries} länder finns bara en nyare årgång, som nyast {newest}. Den räknas som om den gällde då, i rangordningar från {rankings}. Yrkesstrukturen ändras långsamt."),
                    en: format!(" For {countries} countries there is only a later vintage, {newest} at the latest. It counts as if it held then, in rankings of {rankings}. The structure of work changes slowly."),
                )),
            "visa" => Prose::new()
                .strong(say!(language, sv: "Visumfrihet.", en: "Visa rules."))
                .text(say!(language,
                    sv: format!(" Reglerna från {newest} används för {countries} länder i rangordningar från {rankings}."),
                    en: format!(" The rules of {newest} are used for {countries} countries in rankings of {rankings}."),
                )),
            other => Prose::new().strong(format!("{other}.")).text(say!(language,
                sv: format!(" Siffror till och med {newest} används för {countries} länder i rangordningar från {rankings}."),
                en: format!(" Figures up to {newest} are used for {countries} countries in rankings of {rankings}."),
            )),
        }
    });
    builder.list(items.collect());
    builder.paragraph(
        Prose::new()
            .text(say!(language,
                sv: "Alla siffror är dessutom dagens version av sitt år, inte den som publicerades då. År för år står läckorna i ",
                en: "All figures are also today’s revision of their year, not the one published at the time. The leaks are listed year by year in ",
            ))
            .link("backtest_leaks.csv", "data/backtest_leaks.csv")
            .text("."),
    );
}

/// Figures that would settle more.
pub fn wanted(builder: &mut Builder) {
    let language = builder.language();
    builder.heading(say!(language, sv: "Siffror som skulle avgöra mer", en: "Figures that would settle more"), "saknade-siffror");
    let last = builder.run().config.method.backtest.benchmark_outcome.iter().max().copied().unwrap_or(0);
    builder.list(vec![
        Prose::new()
            .strong(say!(language,
                sv: format!("Arbetstillstånd efter yrkesgrupp och medborgarskap efter {last}."),
                en: format!("Work permits by occupation group and citizenship after {last}."),
            ))
            .text(say!(language,
                sv: " Migrationsverket slutade publicera dem. Med dem kan prövning (c) göras om på år som vikterna inte har valts på.",
                en: " The Swedish Migration Agency stopped publishing them. With them test (c) can be repeated for years that the weights were not chosen on.",
            )),
        Prose::new()
            .strong(say!(language, sv: "FN:s tabell över födda utomlands från 2024.", en: "The UN’s table of people born abroad of 2024."))
            .text(say!(language,
                sv: " Med den kan prövning (b), den enda som omfattar EU-länder, göras för åren efter pandemin.",
                en: " With it test (b), the only one that covers EU countries, can be made for the years after the pandemic.",
            )),
        Prose::new()
            .strong(say!(language, sv: "Äldre årgångar av yrkenas andelar av de sysselsatta.", en: "Older vintages of the shares of occupations."))
            .text(say!(language,
                sv: " De skulle täppa till den största läckan ovan.",
                en: " They would close the largest leak above.",
            )),
    ]);
}

/// The rule for changing weights, and how to try.
pub fn rule(builder: &mut Builder) {
    let language = builder.language();
    let method = &builder.run().config.method.backtest;
    builder.heading(say!(language, sv: "När vikterna får ändras", en: "When the weights may be changed"), "regel");
    let (occupations, countries, needed) = (method.folds.occupations, method.folds.countries, method.splits_needed);
    let splits = occupations * countries;
    builder.paragraph(say!(language,
        sv: format!(
            "Nya vikter tas bara in om de är bättre än de gamla på en period som de inte har valts på. De ska vara det i minst {needed} av {splits} delar ({occupations} delar av yrkena gånger {countries} av länderna), och får inte vara sämre på nya marknader i (d). \
             Annars väljs vikter som råkar passa just de år som har setts."
        ),
        en: format!(
            "New weights are adopted only if they are better than the old ones on a period that they were not chosen on. They must be so in at least {needed} of {splits} parts ({occupations} parts of the occupations times {countries} of the countries), and may not be worse on new markets in (d). \
             Otherwise weights are chosen that happen to fit the very years that have been seen."
        ),
    ));
    builder.paragraph(say!(language,
        sv: "Den som vill pröva skriver vikterna i en fil och kör malmarknad backtest --try vikter.toml. Programmet svarar om regeln är uppfylld och skriver ut varje del. Ett färdigt exempel står i docs/backtest.md.",
        en: "To try, write the weights in a file and run malmarknad backtest --try weights.toml. The program answers whether the rule is met and prints every part. A complete example is in docs/backtest.md.",
    ));
}
