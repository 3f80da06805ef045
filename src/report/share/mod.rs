//! The share kit: for each area and industry two pictures of exact size, a text to post, an alternative text and a line of sources.

pub mod card;

use rayon::prelude::*;

use self::card::{Card, Picture, Row, Sexes};
use super::model::Prose;
use super::section::answer::{front_names, noun, places};
use super::section::sources::publishers;
use super::text::{capital, en, one_stop};
use super::view::{Front, Lookup, View, stem};
use super::{OutputFile, ReportError, RunContext};
use crate::chart::png;
use crate::config::POTENTIAL;
use crate::figures::Persons;
use crate::language::{Language, say};
use crate::market::MarketScore;
use crate::supply::{MarketKind, share_women};

/// Folder of the kits.
pub const FOLDER: &str = "dela";
/// Sizes of the pictures in pixels: a link's preview, and a feed.
pub const SIZES: [(u32, u32); 2] = [(1200, 630), (1080, 1080)];
/// The most characters of the short text.
pub const SHORT: usize = 280;
/// Countries that a picture draws; one more where that leaves none out.
const DRAWN: usize = 7;
/// Countries that a longer text names.
const NAMED: usize = 12;
/// Pixels of the PNG per unit of the card.
const SCALE: f32 = 10.0;

/// What somebody who wants to tell of an area needs.
#[derive(Clone, Debug)]
pub struct Kit {
    /// File name of the area's page, without ending.
    pub stem: String,
    /// Heading.
    pub heading: String,
    /// A post of at most [`SHORT`] characters.
    pub short: String,
    /// A longer post, in paragraphs.
    pub long: Vec<String>,
    /// What the pictures show, for somebody who cannot see them.
    pub alternative: String,
    /// Whose figures, of when, and where the licences stand.
    pub source: String,
    /// The pictures, in the order of [`SIZES`].
    pub pictures: Vec<Picture>,
}

/// The kits of a run, in the order of the areas.
#[must_use]
pub fn kits(run: &RunContext) -> Vec<Kit> {
    let lookup = Lookup::new(run);
    (0..run.config.areas.len()).into_par_iter().map(|position| kit(&View::new(run, &lookup, position))).collect()
}

/// The files of the kits.
///
/// # Errors
/// A picture cannot be made.
pub fn files(run: &RunContext) -> Result<Vec<OutputFile>, ReportError> {
    let kits = kits(run);
    let mut files: Vec<OutputFile> = kits
        .par_iter()
        .flat_map(|kit| kit.pictures.par_iter().map(move |picture| (kit, picture)))
        .map(|(kit, picture)| {
            let file = picture_file(&kit.stem, picture.size);
            let bytes = png(&picture.svg, SCALE).map_err(|source| ReportError::Picture { file: file.clone(), source })?;
            Ok(OutputFile { path: file, bytes })
        })
        .collect::<Result<_, ReportError>>()?;
    for kit in &kits {
        let [text, marked] = [plain_text(kit, run.language), markdown(kit, run.language)];
        files.push(OutputFile { path: format!("{FOLDER}/{}.txt", kit.stem), bytes: text.into_bytes() });
        files.push(OutputFile { path: format!("{FOLDER}/{}.md", kit.stem), bytes: marked.into_bytes() });
    }
    Ok(files)
}

/// Path of a picture, relative to the run's folder.
#[must_use]
pub fn picture_file(stem: &str, (width, height): (u32, u32)) -> String {
    format!("{FOLDER}/{stem}-{width}x{height}.png")
}

/// Links to a kit's files, for the start page.
pub fn links(view: &View) -> Prose {
    let language = view.language();
    let stem = stem(view.area);
    let mut line = Prose::new().text(format!("{}: ", view.name));
    for (width, height) in SIZES {
        let picture = say!(language, sv: format!("bild {width} × {height}"), en: format!("picture {width} × {height}"));
        line = line.link(picture, picture_file(&stem, (width, height))).text(", ");
    }
    let text = say!(language, sv: "text", en: "text");
    line.link(text, format!("{FOLDER}/{stem}.txt"))
        .text(say!(language, sv: " (även som ", en: " (also as "))
        .link("Markdown", format!("{FOLDER}/{stem}.md"))
        .text(")")
}

fn employed(view: &View) -> Persons {
    view.recruited().iter().fold(Persons::default(), |mut sum, row| {
        sum += row.employed;
        sum
    })
}

/// How many of so many countries a picture draws.
fn drawn(members: usize) -> usize {
    if members <= DRAWN + 1 { members } else { DRAWN }
}

/// The countries that a picture draws, and those that it leaves out: those of a tier by name, since inside it no order can be told.
fn shown<'a>(view: &View, front: &Front<'a>) -> [Vec<&'a MarketScore>; 2] {
    let order = view.language().order();
    let (drawn, rest) = front.members.split_at(drawn(front.members.len()));
    [drawn, rest].map(|part| {
        let mut part = part.to_vec();
        if front.tier.is_some() {
            part.sort_by(|one, other| order.compare(&view.market(one.market), &view.market(other.market)));
        }
        part
    })
}

/// The heading of the texts, and the words that introduce each of them.
struct Heads {
    short: String,
    long: &'static str,
    alternative: &'static str,
    source: &'static str,
}

fn heads(language: Language) -> Heads {
    Heads {
        short: say!(language, sv: format!("Kort text (högst {SHORT} tecken)"), en: format!("Short text (at most {SHORT} characters)")),
        long: say!(language, sv: "Längre text", en: "Longer text"),
        alternative: say!(language, sv: "Alternativtext till bilderna", en: "Alternative text for the pictures"),
        source: say!(language, sv: "Källor", en: "Sources"),
    }
}

fn plain_text(kit: &Kit, language: Language) -> String {
    let Heads { short, long, alternative, source } = heads(language);
    let parts =
        [(short.as_str(), kit.short.clone()), (long, kit.long.join("\n\n")), (alternative, kit.alternative.clone()), (source, kit.source.clone())];
    let parts = parts.map(|(head, text)| format!("{head}\n{}\n\n{text}\n", "-".repeat(head.chars().count())));
    format!("{}\n\n{}", kit.heading, parts.join("\n"))
}

fn markdown(kit: &Kit, language: Language) -> String {
    let Heads { short, long, alternative, source } = heads(language);
    let pictures = SIZES.map(|size| {
        let file = picture_file(&kit.stem, size);
        let file = file.trim_start_matches(FOLDER).trim_start_matches('/').to_owned();
        format!("![{}]({file})\n", inert(&kit.alternative))
    });
    let parts =
        [(short.as_str(), kit.short.clone()), (long, kit.long.join("\n\n")), (alternative, kit.alternative.clone()), (source, kit.source.clone())];
    let parts = parts.map(|(head, text)| format!("## {head}\n\n{}\n", inert(&text)));
    format!("# {}\n\n{}\n{}", inert(&kit.heading), parts.join("\n"), pictures.join("\n"))
}

/// Text that Markdown shows as it is.
fn inert(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            _ => {
                if "\\`*_{}[]#|~!$@".contains(character) {
                    safe.push('\\');
                }
                safe.push(character);
            }
        }
    }
    safe
}

/// The text cut to `most` characters, with an ellipsis where something is cut.
fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let kept: String = text.chars().take(most.saturating_sub(1)).collect();
    format!("{}…", kept.trim_end_matches(|last: char| last.is_whitespace() || ",;:–-(".contains(last)))
}

/// "74 procent kvinnor och 26 procent män"; women first. Both are rounded so that they make a hundred.
fn women_and_men(share: f64, language: Language) -> (String, String) {
    let women = (share * 100.0).round() / 100.0;
    (language.percent(women), language.percent(1.0 - women))
}

fn kit(view: &View) -> Kit {
    let language = view.language();
    let (county, year, name) = (&view.county, view.year(), &view.name);
    let share = share_women(employed(view), view.run.config.method.gender.least_base);
    let publishers = publishers(view.run);
    let date = language.date(&view.run.date);
    let page = format!("{}.html", stem(view.area));
    let source = say!(language,
        sv: format!("Källor: {publishers}. Egna beräkningar för {county} {year} med programmet malmarknad, {date}. Tabeller och licenser står i rapporten {page}."),
        en: format!("Sources: {publishers}. Own calculations for {county} {year} with the program malmarknad, {date}. Tables and licences are in the report {page}."),
    );
    let card = card(view, share, &publishers);
    Kit {
        stem: stem(view.area),
        heading: say!(language, sv: format!("Att dela: {name} i {county} {year}"), en: format!("To share: {name} in {county} {year}")),
        short: one_stop(&short(view, share)),
        long: long(view, share).iter().map(|text| one_stop(text)).collect(),
        alternative: one_stop(&alternative(view, share)),
        pictures: SIZES.iter().map(|(width, height)| card::draw(&card, (*width, *height))).collect(),
        source,
    }
}

/// The finding in a sentence, whatever is known.
fn finding(view: &View) -> String {
    let language = view.language();
    let front = view.front(MarketKind::Country);
    let names = view.names(&front.markets);
    match (front.tier, front.markets.len()) {
        (_, 0) => say!(language, sv: "Inget land kan rangordnas här.".to_owned(), en: "No country can be ranked here.".to_owned()),
        (None, count) => {
            let names = language.list(&names);
            let have = en::agrees(count, "has the highest score", "have the highest scores");
            say!(language,
                sv: format!("{} får högst poäng. Hur säkert det är har inte räknats ut.", capital(&names)),
                en: format!("{} {have}. How certain that is has not been calculated.", capital(&names)),
            )
        }
        (Some(1), _) => {
            let name = capital(&language.list(&names));
            say!(language,
                sv: format!("{name} ligger först när frågan är varifrån folk troligen kommer."),
                en: format!("{name} comes first when the question is where people are likely to come from."),
            )
        }
        (Some(members), _) => {
            let count = capital(&language.count(members, noun(MarketKind::Country)));
            say!(language,
                sv: format!("{count} ligger först när frågan är varifrån folk troligen kommer. De kan inte skiljas åt."),
                en: format!("{count} come first when the question is where people are likely to come from. They cannot be told apart."),
            )
        }
    }
}

/// "Frankrike och Spanien ligger i första gruppen", in one sentence for a post; at most `most` countries are named.
fn sentence(view: &View, most: usize) -> String {
    let language = view.language();
    let front = view.front(MarketKind::Country);
    let (list, names) = (view.list_name(), front_names(view, MarketKind::Country, most));
    let names = capital(&names);
    match (front.tier, front.members.len()) {
        (_, 0) => {
            say!(language, sv: format!("Inget land kan rangordnas på listan {list}."), en: format!("No country can be ranked on the list {list}."))
        }
        (None, count) => {
            let have = en::agrees(count, "has the highest score", "have the highest scores");
            say!(language,
                sv: format!("{names} får högst poäng på listan {list}; hur säkert det är har inte räknats ut."),
                en: format!("{names} {have} on the list {list}; how certain that is has not been calculated."),
            )
        }
        (Some(1), _) => say!(language,
            sv: format!("{names} ligger ensamt i första gruppen på listan {list}."),
            en: format!("{names} is alone in the first tier of the list {list}."),
        ),
        (Some(_), _) => say!(language,
            sv: format!("{names} ligger i första gruppen på listan {list} och kan inte skiljas åt."),
            en: format!("{names} are in the first tier of the list {list} and cannot be told apart."),
        ),
    }
}

fn heaviest(view: &View, most: usize) -> Vec<String> {
    view.recruited().iter().take(most).map(|row| view.occupation_in_prose(row.occupation)).collect()
}

/// Where people are likely to come from, for somebody who knows of no lists: what stands after "Rekrytering till Upplevelser, Jämtlands län 2026:".
fn likely(view: &View, most: usize) -> String {
    let language = view.language();
    let front = view.front(MarketKind::Country);
    let names = front_names(view, MarketKind::Country, most);
    match (front.tier, front.members.len()) {
        (_, 0) => say!(language, sv: "inget land kan rangordnas.", en: "no country can be ranked.").to_owned(),
        (None, count) => {
            let scores = en::agrees(count, "the highest score goes", "the highest scores go");
            say!(language,
                sv: format!("högst poäng får {names}. Hur säkert det är har inte räknats ut."),
                en: format!("{scores} to {names}. How certain that is has not been calculated."),
            )
        }
        (Some(1), _) => say!(language,
            sv: format!("folk kommer troligast från {names}, som ligger ensamt först."),
            en: format!("people most likely come from {names}, alone in first place."),
        ),
        (Some(_), _) => say!(language,
            sv: format!("folk kommer troligast från {names}, som inte kan skiljas åt."),
            en: format!("people most likely come from {names}, which cannot be told apart."),
        ),
    }
}

/// The short text: as much as there is room for; the finding and its uncertainty always, women and men before the occupations.
fn short(view: &View, share: Option<f64>) -> String {
    const LONGEST_NAME: usize = 60;
    let language = view.language();
    let (name, county, year) = (cut(&view.name, LONGEST_NAME), cut(&view.county, LONGEST_NAME), view.year());
    let opening = say!(language,
        sv: format!("Rekrytering till {name}, {county} {year}:"),
        en: format!("Recruiting for {name}, {county} {year}:"),
    );
    let people = share.map(|share| {
        let (women, men) = women_and_men(share, language);
        say!(language, sv: format!(" I yrkena: {women} kvinnor, {men} män."), en: format!(" Employees: {women} women, {men} men."))
    });
    let needs = |count: usize| {
        let needs = heaviest(view, count);
        if needs.is_empty() {
            return String::new();
        }
        let needs = language.list(&needs);
        say!(language, sv: format!(" Störst behov: {needs}."), en: format!(" Greatest need: {needs}."))
    };
    let source = say!(language, sv: " Källor i rapporten.", en: " Sources in the report.");
    let people = people.unwrap_or_default();
    // Without women and men only where an analyst's names are longer than any of today's.
    let candidates = [(5, 2, true), (4, 2, true), (3, 1, true), (2, 1, true), (3, 0, true), (2, 0, true), (1, 0, true), (1, 0, false)];
    for (countries, occupations, with_people) in candidates {
        let (found, needs) = (likely(view, countries), needs(occupations));
        let people = if with_people { people.as_str() } else { "" };
        let text = format!("{opening} {found}{needs}{people}{source}");
        if text.chars().count() <= SHORT {
            return text;
        }
    }
    cut(&format!("{opening} {}", finding(view)), SHORT)
}

/// The longer text.
fn long(view: &View, share: Option<f64>) -> Vec<String> {
    let language = view.language();
    let (county, name, year) = (&view.county, &view.name, view.year());
    let ranked = view.ranked(MarketKind::Country).len();
    let mut paragraphs = vec![say!(language,
        sv: format!("Varifrån kan {county} rekrytera till {name}? En rangordning av {ranked} länder, {year}."),
        en: format!("Where can {county} recruit from for {name}? A ranking of {ranked} countries, {year}."),
    )];
    let trolig = sentence(view, NAMED);
    paragraphs.push(say!(language,
        sv: format!("{trolig} Listan visar varifrån folk troligen kommer, av hur det har gått förut."),
        en: format!("{trolig} The list shows where people are likely to come from, judging by what has happened before."),
    ));
    let untested = view.list(POTENTIAL);
    if !untested.front(MarketKind::Country).markets.is_empty() {
        let said = sentence(&untested, NAMED);
        paragraphs.push(say!(language,
            sv: format!("{said} Den listan visar länder som jämförelsevis få har kommit ifrån hittills."),
            en: format!("{said} That list shows countries that comparatively few have come from so far."),
        ));
    }
    let needs = heaviest(view, 3);
    if !needs.is_empty() {
        let needs = language.list(&needs);
        let mut text = say!(language, sv: format!("Störst är behovet av {needs}."), en: format!("The greatest need is for {needs}."));
        if let Some(share) = share {
            let (women, men) = women_and_men(share, language);
            text = say!(language,
                sv: format!("{text} I yrkena med brist eller bevakning är {women} av de anställda i länet kvinnor och {men} män."),
                en: format!("{text} In the occupations with a shortage or under watch, {women} of the county’s employees are women and {men} are men."),
            );
        }
        paragraphs.push(text);
    }
    paragraphs.push(
        say!(language,
            sv: "Siffrorna visar var det är värt att fråga, inte vem som passar. Alla som söker ett jobb bedöms lika, och den som söker betalar aldrig för rekryteringen.",
            en: "The figures show where it is worth asking, not who fits. Everyone who applies for a job is assessed alike, and the applicant never pays for the recruitment.",
        )
        .to_owned(),
    );
    paragraphs
}

/// "Spanien plats 1–9".
fn with_interval(view: &View, row: &MarketScore) -> String {
    let language = view.language();
    let name = view.market_in_prose(row.market);
    row.uncertainty.as_ref().map_or_else(
        || name.clone(),
        |found| {
            let span = places(language, found.p05, found.p95);
            say!(language, sv: format!("{name} plats {span}"), en: format!("{name} rank {span}"))
        },
    )
}

/// What the pictures show, in words and numbers.
fn alternative(view: &View, share: Option<f64>) -> String {
    let language = view.language();
    let (county, name, year) = (&view.county, &view.name, view.year());
    let front = view.front(MarketKind::Country);
    let mut text = say!(language,
        sv: format!("Bild om {name} i {county} {year}. {}", finding(view)),
        en: format!("Picture about {name} in {county} {year}. {}", finding(view)),
    );
    if front.tier.is_some() && !front.members.is_empty() {
        let [drawn, rest] = shown(view, &front);
        let named: Vec<String> = drawn.iter().map(|row| with_interval(view, row)).collect();
        let rest = if rest.is_empty() {
            String::new()
        } else {
            let others = language.list(&view.names(&rest));
            say!(language, sv: format!(" I samma grupp, utan streck i bilden: {others}."), en: format!(" In the same tier, without a bar in the picture: {others}."))
        };
        let named = language.list(&named);
        text = say!(language,
            sv: format!("{text} Ett streck per land visar platsen i nio av tio simuleringar: {named}.{rest}"),
            en: format!("{text} A bar for each country shows its rank in nine simulations out of ten: {named}.{rest}"),
        );
    }
    let needs = heaviest(view, 3);
    if !needs.is_empty() {
        let needs = language.list(&needs);
        text = say!(language, sv: format!("{text} Störst behov: {needs}."), en: format!("{text} Greatest need: {needs}."));
    }
    if let Some(share) = share {
        let (women, men) = women_and_men(share, language);
        text = say!(language,
            sv: format!("{text} Bland de anställda i yrkena är {women} kvinnor och {men} män."),
            en: format!("{text} Among the employees in the occupations, {women} are women and {men} are men."),
        );
    }
    text
}

fn card(view: &View, share: Option<f64>, publishers: &str) -> Card {
    let language = view.language();
    let front = view.front(MarketKind::Country);
    let place = |row: &MarketScore| row.uncertainty.as_ref().filter(|_| front.tier.is_some()).map(|found| (found.p05, found.median, found.p95));
    let [drawn, rest] = shown(view, &front);
    let more = rest.len();
    let (county, year) = (&view.county, view.year());
    let sexes = share.map(|share| {
        let (women, men) = women_and_men(share, language);
        Sexes {
            heading: say!(language, sv: "Anställda i yrkena i länet", en: "Employees in the occupations in the county").to_owned(),
            women: say!(language, sv: format!("Kvinnor {women}"), en: format!("Women {women}")),
            men: say!(language, sv: format!("Män {men}"), en: format!("Men {men}")),
            share,
        }
    });
    Card {
        language,
        kicker: format!("{county} {year}"),
        name: view.name.clone(),
        finding: finding(view),
        needs_heading: say!(language, sv: "Störst behov", en: "Greatest need").to_owned(),
        needs: heaviest(view, 3).iter().map(|name| capital(name)).collect(),
        sexes,
        chart_heading: if front.tier.is_some() {
            say!(language, sv: "Varifrån folk troligen kommer: första gruppen", en: "Where people are likely to come from: first tier").to_owned()
        } else {
            say!(language, sv: "Varifrån folk troligen kommer: högst poäng", en: "Where people are likely to come from: highest scores").to_owned()
        },
        rows: drawn.iter().map(|row| Row { name: view.market(row.market), place: place(row) }).collect(),
        more: (more > 0).then(|| {
            let countries = language.whole(i64::try_from(more).unwrap_or(i64::MAX));
            say!(language, sv: format!("och {countries} till i samma grupp"), en: format!("and {countries} more in the same tier"))
        }),
        note: say!(language,
            sv: "Streck: plats i nio av tio simuleringar. Punkt: medianen.",
            en: "Bar: rank in nine simulations out of ten. Dot: the median.",
        )
        .to_owned(),
        footer: say!(language,
            sv: format!("Källor: {publishers}. Egna beräkningar, {year}."),
            en: format!("Sources: {publishers}. Own calculations, {year}."),
        ),
    }
}
