//! The influence sheet: what rules close for the county, on two pages for somebody who is to speak for a change. On the screen a second part follows with
//! every occupation and the rules in full.

use super::super::builder::Builder;
use super::super::model::{Cell, Column, Document, Grid, Origin, Paper, Prose};
use super::super::section::left_out::is_unconfirmed;
use super::super::section::rules;
use super::super::section::sources;
use super::super::text::en::agrees;
use super::super::text::{OCCUPATION, capital};
use super::super::view::{area_name, county_name, occupation_name, stem};
use super::super::{ReportError, RunContext};
use crate::chart::plain;
use crate::config::RuleKind;
use crate::demand::Rating;
use crate::figures::Persons;
use crate::influence::{InfluenceRow, PayBasis, areas, earlier_floor, employed, influence as rows_of};
use crate::language::{Language, say};
use crate::supply::share_women;

/// File name without ending.
pub const STEM: &str = "paverkan";

/// Rows of the table on paper.
const ON_PAPER: usize = 6;

/// What the document is called in the menu.
pub fn heading(language: Language) -> &'static str {
    say!(language, sv: "Vad reglerna stänger för länet", en: "What the rules close off for the county")
}

/// The rows with what they are seen with.
struct Sheet<'a> {
    run: &'a RunContext<'a>,
    language: Language,
    rows: Vec<InfluenceRow<'a>>,
    floor: f64,
}

impl<'a> Sheet<'a> {
    fn closed(&self) -> impl Iterator<Item = &InfluenceRow<'a>> {
        self.rows.iter().filter(|row| row.is_closed())
    }

    /// Those whose pay reaches the floor: not those whose pay is not published.
    fn open(&self) -> impl Iterator<Item = &InfluenceRow<'a>> {
        self.rows.iter().filter(|row| row.below == Some(false))
    }

    fn without_pay(&self) -> usize {
        self.rows.iter().filter(|row| row.below.is_none()).count()
    }

    fn name(&self, row: &InfluenceRow) -> String {
        self.language.small(&occupation_name(self.run, row.occupation()))
    }

    fn ruled(&self) -> Vec<rules::Ruled<'a>> {
        let ruled = |row: &InfluenceRow<'a>| rules::Ruled { occupation: row.occupation(), employed: row.demand.employed, rules: row.rules.clone() };
        self.rows.iter().map(ruled).collect()
    }

    /// Women and men in a sentence, small counts protected.
    fn people(&self, persons: Persons) -> String {
        rules::people(persons, self.run.config.method.gender.small_count, self.language)
    }

    fn kronor(&self, value: f64) -> String {
        let value = self.language.number(value, 0);
        say!(self.language, sv: format!("{value} kronor"), en: format!("SEK {value}"))
    }

    /// Persons to replace a year, in a sentence.
    fn to_replace(&self, volume: f64) -> String {
        if volume < 0.5 {
            return say!(self.language, sv: "mindre än en person", en: "less than one person").to_owned();
        }
        if volume < 1.5 {
            return say!(self.language, sv: "en person", en: "one person").to_owned();
        }
        let persons = self.language.number(volume, 0);
        say!(self.language, sv: format!("{persons} personer"), en: format!("{persons} persons"))
    }

    fn volume(rows: impl Iterator<Item = f64>) -> f64 {
        rows.fold(0.0, |sum, volume| sum + volume)
    }
}

/// The document.
pub fn influence(run: &RunContext) -> Result<Document, ReportError> {
    let language = run.language;
    let mut builder = Builder::new(run, STEM.to_owned());
    let sheet = Sheet { run, language, rows: rows_of(run.analysis, run.config, run.figures), floor: run.config.permit_rules.pay_floor.floor };
    builder.answer(answer(&sheet));
    if is_unconfirmed(&run.config.permit_rules.pay_floor.source) {
        builder.note(say!(language,
            sv: "Golvets belopp är projektets startvärde och ska bekräftas av en ansvarig person.",
            en: "The amount of the floor is the project’s starting value, to be confirmed by a responsible person.",
        ));
    }
    occupations(&mut builder, &sheet);
    // What flows stands between the tables, so that a page is filled.
    readings(&mut builder, &sheet);
    builder.heading(say!(language, sv: "Regler för yrkena själva", en: "Rules for the occupations themselves"), "erkannande");
    let ruled = sheet.ruled();
    rules::in_short(&mut builder, &ruled);
    of_areas(&mut builder, &sheet);
    unanswered(&mut builder, &sheet);
    builder.paragraph(
        Prose::new()
            .text(say!(language, sv: "Alla källor med licenser står på ", en: "All sources with their licences are on the "))
            .link(say!(language, sv: "startsidan", en: "start page"), "index.html#kallor")
            .text("."),
    );
    let dig = say!(language, sv: "För den som vill gräva", en: "For those who want to dig deeper");
    builder.screen_only(dig, "grava", |builder| {
        builder.paragraph(say!(language,
            sv: "Den här delen skrivs inte ut. Den visar alla yrken med brist eller bevakning, och reglerna i sin helhet.",
            en: "This part is not printed. It shows every occupation with a shortage or under watch, and the rules in full.",
        ));
        everything(builder, &sheet);
        builder.heading(say!(language, sv: "Reglerna i sin helhet", en: "The rules in full"), "regler");
        rules::in_full(builder, &ruled, "influence");
        Ok(())
    })?;
    let (date, county, year) = (language.date(&run.date), county_name(run), run.analysis.year);
    let lead = Prose::from(say!(language,
        sv: format!("Underlag för den som talar för länet nationellt. Siffror hämtade senast {date}."),
        en: format!("For those who speak for the county nationally. Figures retrieved by {date}."),
    ));
    let name = heading(language);
    let title = format!("{name}: {county} {year}");
    Ok(builder.finish(title.clone(), title, lead, false).on(Paper::Sheet))
}

fn answer(sheet: &Sheet) -> Vec<Prose> {
    let (run, language) = (sheet.run, sheet.language);
    let (county, floor) = (county_name(run), sheet.kronor(sheet.floor));
    let (closed, all) = (sheet.closed().count(), sheet.rows.len());
    let from = language.date(&run.config.permit_rules.pay_floor.valid_from);
    if all == 0 {
        return vec![
            say!(language,
                sv: format!("Inget yrke i {county} har brist eller bevakas enligt de siffror som finns, så bladet kan inte säga vad lönegolvet för arbetstillstånd ({floor} i månaden från {from}) stänger."),
                en: format!("No occupation in {county} has a shortage or is under watch by the figures that there are, so the sheet cannot say what the pay floor for work permits ({floor} a month from {from}) closes."),
            )
            .into(),
        ];
    }
    if closed == 0 {
        return vec![
            say!(language,
                sv: format!("Lönegolvet för arbetstillstånd ({floor} i månaden från {from}) stänger inget av de {all} yrken i {county} som har brist eller bevakas. Bladet säger inte hur många som skulle komma med andra regler."),
                en: format!("The pay floor for work permits ({floor} a month from {from}) closes none of the {all} occupations in {county} with a shortage or under watch. The sheet does not say how many would come with other rules."),
            )
            .into(),
        ];
    }
    let closed_employed = employed(sheet.closed());
    let people = sheet.people(closed_employed);
    let share = language.percent(crate::demand::exact(closed_employed.total()) / crate::demand::exact(employed(&sheet.rows).total().max(1)));
    let volume = sheet.to_replace(Sheet::volume(sheet.closed().map(|row| row.demand.volume)));
    let (closed, they) = (language.count_alone(closed), agrees(closed, "It employs", "They employ"));
    let mut paragraphs = vec![Prose::from(say!(language,
        sv: format!("Lönegolvet för arbetstillstånd ({floor} i månaden från {from}) stänger {closed} av de {all} yrken i {county} som har brist eller bevakas, för den som behöver tillstånd. Där arbetar {people}, {share} av alla i yrkena, och {volume} når pensionsåldern varje år."),
        en: format!("The pay floor for work permits ({floor} a month from {from}) closes {closed} of the {all} occupations in {county} with a shortage or under watch, for those who need a permit. {they} {people}, {share} of all in the occupations, and {volume} reach retirement age every year."),
    ))];
    paragraphs.extend(sheet.closed().next().map(|row| heaviest(sheet, row)));
    paragraphs.push(sexes(sheet));
    paragraphs.push(
        say!(language,
            sv: "Bladet säger inte hur många som skulle komma med andra regler, och inte vad en enskild person skulle få i lön.",
            en: "The sheet does not say how many would come with other rules, nor what an individual person would be paid.",
        )
        .into(),
    );
    paragraphs
}

/// The closed occupation where most are to be replaced, beside it that it may be exempt, and the earlier rule.
fn heaviest(sheet: &Sheet, row: &InfluenceRow) -> Prose {
    let (run, language) = (sheet.run, sheet.language);
    let rule = &run.config.permit_rules.pay_floor;
    let exempt = plain(language.pick(&rule.exceptions, &rule.exceptions_en));
    let source = plain(language.pick(&rule.source, &rule.source_en).split(';').next().unwrap_or_default());
    let exempt = format!("{} ({source}).", exempt.trim_end_matches('.'));
    let (name, volume, lacking) = (sheet.name(row), sheet.to_replace(row.demand.volume), lacking(sheet, row));
    let count = sheet.rows.iter().filter(|row| row.below_earlier == Some(true)).count();
    let shut = if count == 1 { "stängt" } else { "stängda" };
    let earlier = language.count(count, OCCUPATION);
    let (floor, share) = (sheet.kronor(earlier_floor(run.config)), language.percent(rule.earlier_share));
    let barred = barred(sheet);
    say!(language,
        sv: format!("Mest väger {name}: där når {volume} pensionsåldern varje år, och {lacking} saknas till golvet. {exempt} Med den tidigare regeln, {share} av samma medianlön ({floor}), vore {earlier} {shut}.{barred}"),
        en: format!("{} weigh most: {volume} reach retirement age every year, and usual pay is {lacking} below the floor. {exempt} With the earlier rule, {share} of the same median pay ({floor}), {earlier} would be closed.{barred}", capital(&name)),
    )
    .into()
}

/// Occupations that are given no permit at whatever pay: the floor is not what closes them, though they are counted by their pay here. Nothing where
/// there are none.
fn barred(sheet: &Sheet) -> String {
    let language = sheet.language;
    let is_barred = |row: &&InfluenceRow| row.rules.iter().any(|(rule, whole)| *whole && rule.kind == RuleKind::NoPermit);
    let names: Vec<String> = sheet.rows.iter().filter(is_barred).map(|row| sheet.name(row)).collect();
    if names.is_empty() {
        return String::new();
    }
    let names = language.list(&names);
    say!(language,
        sv: format!(" För {names} ges inget arbetstillstånd vilken lönen än är; här räknas de efter lönen."),
        en: format!(" For {names} no work permit is given whatever the pay; here they are counted by their pay."),
    )
}

/// What the pay lacks to the floor, in kronor and per cent.
fn lacking(sheet: &Sheet, row: &InfluenceRow) -> String {
    let (gap, share) = (row.gap.unwrap_or(0.0), row.gap_share(sheet.floor).unwrap_or(0.0));
    let (gap, share) = (sheet.kronor(gap), sheet.language.number(share * 100.0, 1));
    let percent = say!(sheet.language, sv: "procent", en: "per cent");
    format!("{gap} ({share} {percent})")
}

/// Whom the floor meets: shares of women, and occupations where one sex's pay reaches the floor and the other's does not.
fn sexes(sheet: &Sheet) -> Prose {
    let language = sheet.language;
    let least = sheet.run.config.method.gender.least_base;
    let shares = share_women(employed(sheet.closed()), least).zip(share_women(employed(sheet.open()), least));
    let known: Vec<(f64, f64)> = sheet.rows.iter().filter_map(|row| row.women.zip(row.men)).collect();
    let women_under = known.iter().filter(|(women, men)| *women < sheet.floor && *men >= sheet.floor).count();
    let men_under = known.iter().filter(|(women, men)| *men < sheet.floor && *women >= sheet.floor).count();
    let mut text = Prose::new();
    if let Some((closed, open)) = shares {
        let (closed, open) = (language.percent(closed), language.percent(open));
        text = text.text(say!(language,
            sv: format!("Kvinnor är {closed} av de anställda i de stängda yrkena och {open} i dem där lönen når golvet. "),
            en: format!("Women are {closed} of the employees in the closed occupations and {open} in those where the pay reaches the floor. "),
        ));
        let without = sheet.without_pay();
        if without > 0 {
            let neither = capital(&language.count(without, OCCUPATION));
            let (belongs, their) = (agrees(without, "belongs", "belong"), agrees(without, "its", "their"));
            text = text.text(say!(language,
                sv: format!("{neither} hör inte till någon av grupperna, för lönen är inte publicerad. "),
                en: format!("{neither} {belongs} to neither group, because {their} pay is not published. "),
            ));
        }
    }
    let of = language.count_alone(known.len());
    text = text.text(say!(language,
        sv: format!("Både kvinnors och mäns lön är publicerad i {of} av yrkena"),
        en: format!("Both women’s and men’s pay is published for {of} of the occupations"),
    ));
    let [women, men] = [women_under, men_under].map(|count| language.count_alone(count));
    text.text(match (known.len(), women_under, men_under) {
        (0, ..) => ".".to_owned(),
        (_, 0, 0) => say!(language,
            sv: ", och i inget av dem når bara den ena lönen golvet.",
            en: ", and in none of them does only one of the two reach the floor.",
        )
        .to_owned(),
        (_, _, 0) => say!(language,
            sv: format!(": i {women} av dem når mäns lön golvet men inte kvinnors. Det omvända förekommer inte."),
            en: format!(": in {women} of them men’s pay reaches the floor but not women’s. The reverse does not occur."),
        ),
        (_, 0, _) => say!(language,
            sv: format!(": i {men} av dem når kvinnors lön golvet men inte mäns. Det omvända förekommer inte."),
            en: format!(": in {men} of them women’s pay reaches the floor but not men’s. The reverse does not occur."),
        ),
        _ => say!(language,
            sv: format!(": i {women} av dem når mäns lön golvet men inte kvinnors, och i {men} når kvinnors golvet men inte mäns."),
            en: format!(": in {women} of them men’s pay reaches the floor but not women’s, and in {men} women’s reaches it but not men’s."),
        ),
    })
}

fn rating(row: &InfluenceRow, language: Language) -> Cell {
    Cell::Text(
        match row.demand.rating {
            Rating::Shortage => say!(language, sv: "Brist", en: "Shortage"),
            _ => say!(language, sv: "Bevakas", en: "Watch"),
        }
        .to_owned(),
    )
}

fn columns(language: Language) -> Vec<Column> {
    let a_month = say!(language, sv: "kr/mån", en: "SEK/month");
    let persons = say!(language, sv: "anställda", en: "employees");
    let mut quartile = Column::text(say!(language, sv: "Övre kvartilen", en: "Upper quartile"));
    quartile.unit = Some(say!(language, sv: "når golvet", en: "reaches the floor").to_owned());
    vec![
        Column::text(say!(language, sv: "Yrke", en: "Occupation")),
        Column::text(say!(language, sv: "Bedömning", en: "Rating")),
        Column::number(say!(language, sv: "Ersätts", en: "To replace"), say!(language, sv: "per år", en: "a year")),
        Column::number(say!(language, sv: "Kvinnor", en: "Women"), persons),
        Column::number(say!(language, sv: "Män", en: "Men"), persons),
        Column::number(say!(language, sv: "Kvinnors lön", en: "Women’s pay"), a_month),
        Column::number(say!(language, sv: "Mäns lön", en: "Men’s pay"), a_month),
        Column::number(say!(language, sv: "Allas lön", en: "Pay of all"), a_month),
        Column::number(say!(language, sv: "Saknas", en: "Shortfall"), a_month),
        Column::number(say!(language, sv: "Saknas", en: "Shortfall"), say!(language, sv: "% av golvet", en: "% of the floor")),
        quartile,
    ]
}

fn cells(sheet: &Sheet, row: &InfluenceRow) -> Vec<Cell> {
    let language = sheet.language;
    let small = sheet.run.config.method.gender.small_count;
    let hidden = say!(language, sv: "lönen är inte publicerad", en: "the pay is not published");
    let mark = if row.basis == Some(PayBasis::RegionMean) || row.basis.is_none() { "" } else { "\u{a0}*" };
    let pay = |value: Option<f64>| Cell::number(value, 0, hidden);
    vec![
        Cell::Text(format!("{}{mark}", occupation_name(sheet.run, row.occupation()))),
        rating(row, language),
        Cell::rounded(row.demand.volume),
        Cell::persons(row.demand.employed.women, small),
        Cell::persons(row.demand.employed.men, small),
        pay(row.women),
        pay(row.men),
        pay(row.pay.map(|pay| pay.value)),
        pay(row.gap),
        Cell::number(row.gap_share(sheet.floor).map(|share| share * 100.0), 1, hidden),
        match row.quartile_reaches {
            Some(true) => Cell::Text(say!(language, sv: "Ja", en: "Yes").to_owned()),
            Some(false) => Cell::Text(say!(language, sv: "Nej", en: "No").to_owned()),
            None => Cell::Missing { reason: hidden },
        },
    ]
}

fn notes(sheet: &Sheet, rows: &[&InfluenceRow]) -> Vec<Prose> {
    let language = sheet.language;
    let mut notes: Vec<Prose> = vec![
        say!(language,
            sv: "Ersätts: så många anställda som i snitt når pensionsåldern varje år. Lön: medellönen i länets riksområde (NUTS 2), alla sektorer. Övre kvartilen: en fjärdedel i landet tjänar mer.",
            en: "To replace: how many employees reach retirement age in an average year. Pay: mean pay in the county’s NUTS 2 region, all sectors. Upper quartile: a quarter in Sweden earn more.",
        )
        .into(),
    ];
    if rows.iter().any(|row| row.basis.is_some_and(|basis| basis != PayBasis::RegionMean)) {
        notes.push(
            say!(language,
                sv: "* Medellönen i riksområdet är inte publicerad; lönen är medianen i hela landet, eller den övre kvartilen där inget annat finns.",
                en: "* The region’s mean is not published; the pay is the median of all of Sweden, or the upper quartile where there is nothing else.",
            )
            .into(),
        );
    }
    let small = sheet.run.config.method.gender.small_count;
    let few = |count: i64| (1..=small).contains(&count);
    if rows.iter().any(|row| few(row.demand.employed.women) || few(row.demand.employed.men)) {
        notes.push(rules::small_counts(small, language));
    }
    notes
}

fn origin(sheet: &Sheet) -> Origin {
    let language = sheet.language;
    let pay = sheet.rows.iter().filter_map(|row| row.pay.map(|pay| pay.period)).max();
    let employed = sheet.run.analysis.demand.period;
    let period = pay.map(|pay| say!(language, sv: format!("lön {pay}, anställda {employed}"), en: format!("pay {pay}, employees {employed}")));
    Origin { unit: None, period, source: sources::line(sheet.run, &sources::PAY), tables: vec!["influence"] }
}

fn occupations(builder: &mut Builder, sheet: &Sheet) {
    let language = sheet.language;
    builder.heading(say!(language, sv: "Vilka yrken stänger lönegolvet?", en: "Which occupations does the pay floor close?"), "yrken");
    let closed: Vec<&InfluenceRow> = sheet.closed().collect();
    let Some(first) = closed.first() else {
        builder.paragraph(say!(language,
            sv: "Den vanliga lönen når golvet i alla yrken som har brist eller bevakas och där lönen är publicerad.",
            en: "Usual pay reaches the floor in every occupation with a shortage or under watch where the pay is published.",
        ));
        return;
    };
    let (count, shown) = (closed.len(), &closed[..closed.len().min(ON_PAPER)]);
    let (name, lacking) = (capital(&sheet.name(first)), lacking(sheet, first));
    let title = say!(language,
        sv: format!("{name}: flest att ersätta av de stängda yrkena, och {lacking} till golvet"),
        en: format!("{name}: most to replace among the closed occupations, with pay {lacking} below the floor"),
    );
    let mut notes = notes(sheet, shown);
    if count > shown.len() {
        let most = shown.len();
        notes.insert(
            0,
            say!(language,
                sv: format!("De {most} yrken där flest ska ersättas, av {count} stängda."),
                en: format!("The {most} occupations with most people to replace, of {count} closed."),
            )
            .into(),
        );
    }
    let rows = shown.iter().map(|row| cells(sheet, row)).collect();
    builder.table(title, Grid { columns: columns(language), rows }, notes, origin(sheet));
}

fn of_areas(builder: &mut Builder, sheet: &Sheet) {
    let (run, language) = (sheet.run, sheet.language);
    builder.heading(say!(language, sv: "Vad golvet stänger i varje område", en: "What the floor closes in each area"), "omraden");
    let found = areas(run.analysis, &sheet.rows);
    let none = say!(language, sv: "inget yrke har brist eller bevakas", en: "no occupation has a shortage or is under watch");
    let share = |share: f64, of: usize| Cell::number((of > 0).then_some(share * 100.0), 0, none);
    let rows: Vec<Vec<Cell>> = run
        .config
        .areas
        .iter()
        .zip(&found)
        .map(|(area, found)| {
            let (closed, of) = (found.occupations.len(), found.of);
            vec![
                Cell::Prose(Prose::new().link(area_name(area, language), format!("{}.html", stem(area)))),
                Cell::Text(say!(language, sv: format!("{closed} av {of}"), en: format!("{closed} of {of}"))),
                share(found.closed, of),
                share(found.closed_earlier, of),
                found.occupations.first().map_or(Cell::Empty, |occupation| Cell::Text(occupation_name(run, *occupation))),
            ]
        })
        .collect();
    let worst = run.config.areas.iter().zip(&found).reduce(|worst, next| if next.1.closed > worst.1.closed { next } else { worst });
    let title = worst.filter(|(_, found)| found.closed > 0.0).map_or_else(
        || say!(language, sv: "Golvet stänger inget i något område", en: "The floor closes nothing in any area").to_owned(),
        |(area, found)| {
            let (name, share) = (area_name(area, language), language.percent(found.closed));
            say!(language,
                sv: format!("Mest stänger golvet i {name}: {share} av behovet"),
                en: format!("The floor closes most in {name}: {share} of the need"),
            )
        },
    );
    let earlier = language.percent_sign(&language.number(run.config.permit_rules.pay_floor.earlier_share * 100.0, 0));
    let columns = vec![
        Column::text(say!(language, sv: "Område eller bransch", en: "Area or industry")),
        Column::text(say!(language, sv: "Stängda yrken", en: "Closed occupations")),
        Column::number(say!(language, sv: "Stängt", en: "Closed"), say!(language, sv: "% av behovet", en: "% of the need")),
        Column::number(
            say!(language, sv: format!("Med {earlier} av medianen", ), en: format!("At {earlier} of the median")),
            say!(language, sv: "% av behovet", en: "% of the need"),
        ),
        Column::text(say!(language, sv: "Väger mest av de stängda", en: "Weighs most of the closed")),
    ];
    let mut notes: Vec<Prose> = vec![
        say!(language,
            sv: "Behovet väger behov gånger antal som ersätts, som i rangordningen. Ett land utan fri rörlighet kan nå resten, om inget annat stänger.",
            en: "The need weighs need times number to replace, as in the ranking. A country without free movement can reach the rest, if nothing else closes.",
        )
        .into(),
    ];
    if sheet.without_pay() > 0 {
        notes.push(
            say!(language,
                sv: "Ett yrke vars lön inte är publicerad räknas inte som stängt.",
                en: "An occupation whose pay is not published is not counted as closed.",
            )
            .into(),
        );
    }
    let source = say!(language, sv: "Egna beräkningar.", en: "Own calculations.").into();
    let origin = Origin { source, tables: vec!["influence", "area_occupations"], ..origin(sheet) };
    builder.table(title, Grid { columns, rows }, notes, origin);
}

fn readings(builder: &mut Builder, sheet: &Sheet) {
    let language = sheet.language;
    let (closed, reaching) = (sheet.closed().count(), sheet.closed().filter(|row| row.quartile_reaches == Some(true)).count());
    if closed == 0 {
        return;
    }
    builder.heading(say!(language, sv: "Två sätt att läsa golvet", en: "Two ways to read the floor"), "lasningar");
    let unknown = sheet.closed().filter(|row| row.quartile_reaches.is_none()).count();
    let rest = closed - reaching - unknown;
    let (shut, are) = (if rest == 1 { "stängt" } else { "stängda" }, agrees(rest, "is", "are"));
    let [reaching, closed] = [reaching, closed].map(|count| language.count_alone(count));
    let rest = language.count(rest, OCCUPATION);
    let unknown = if unknown == 0 {
        String::new()
    } else {
        let unknown = language.count_alone(unknown);
        say!(language, sv: format!("; för {unknown} är det inte känt"), en: format!("; for {unknown} it is not known"))
    };
    builder.paragraph(say!(language,
        sv: format!("Rapporterna läser golvet mot den vanliga lönen: ligger den under är yrket stängt, även om en del tjänar mer. I {reaching} av de {closed} stängda yrkena tjänar minst en fjärdedel i landet över golvet. Räcker det, är {rest} {shut}{unknown}."),
        en: format!("The reports read the floor against usual pay: where that is below, the occupation is closed, even if some earn more. In {reaching} of the {closed} closed occupations at least a quarter in Sweden earn more than the floor. If that suffices, {rest} {are} closed{unknown}."),
    ));
}

fn unanswered(builder: &mut Builder, sheet: &Sheet) {
    let language = sheet.language;
    builder.heading(say!(language, sv: "Vad bladet inte kan svara på", en: "What the sheet cannot answer"), "saknas");
    let without = sheet.without_pay();
    let mut items: Vec<Prose> = vec![
        say!(language,
            sv: "Vad en enskild person skulle få i lön, och om deltid eller tillägg räknas: uppgifterna är medellöner för heltid i ett riksområde, äldre än golvet.",
            en: "What an individual would be paid, and whether part time or supplements count: the figures are mean full-time pay in a region, older than the floor.",
        )
        .into(),
        say!(language,
            sv: "Andra vägar in: säsongstillstånd, EU-blåkort, forskare och studerande har egna regler.",
            en: "Other ways in: seasonal permits, the EU Blue Card, researchers and students have rules of their own.",
        )
        .into(),
        say!(language,
            sv: "Hur lång tid ett erkännande tar, och hur många som prövas: sådan statistik är inte inläst.",
            en: "How long recognition takes, and how many are examined: such statistics are not included.",
        )
        .into(),
    ];
    if without > 0 {
        let without = language.count(without, OCCUPATION);
        items.push(
            say!(language,
                sv: format!("Om golvet stänger {without} där ingen lön är publicerad."),
                en: format!("Whether the floor closes {without} where no pay is published."),
            )
            .into(),
        );
    }
    builder.list(items);
}

fn everything(builder: &mut Builder, sheet: &Sheet) {
    let language = sheet.language;
    builder.heading(say!(language, sv: "Alla yrken med brist eller bevakning", en: "Every occupation with a shortage or under watch"), "alla");
    let all: Vec<&InfluenceRow> = sheet.rows.iter().collect();
    if all.is_empty() {
        return;
    }
    let (closed, of) = (sheet.closed().count(), all.len() - sheet.without_pay());
    let are = agrees(closed, "is", "are");
    let closed = capital(&language.count_alone(closed));
    let title = say!(language,
        sv: format!("{closed} av {of} yrken med publicerad lön ligger under golvet"),
        en: format!("{closed} of {of} occupations with published pay {are} below the floor"),
    );
    let mut notes = notes(sheet, &all);
    notes.insert(0, say!(language, sv: "Ett minus betyder att lönen når golvet.", en: "A minus means that the pay reaches the floor.").into());
    let rows = all.iter().map(|row| cells(sheet, row)).collect();
    builder.table(title, Grid { columns: columns(language), rows }, notes, origin(sheet));
}
