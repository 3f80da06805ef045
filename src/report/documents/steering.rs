//! The steering group's two pages: the answer, area by area, how sure it is, women and men, what is to be decided.

use super::super::builder::Builder;
use super::super::model::{Cell, Column, Document, Grid, Origin, Paper, Prose};
use super::super::section::{answer, causes, heat, judged, neighbours, unanswered};
use super::super::text::{COUNTY, capital};
use super::super::view::{Lookup, View, county_name, stem};
use super::super::{ReportError, RunContext};
use super::counties::STEM as COUNTIES;
use super::support::{STEM as SUPPORT, heading as support_heading};
use crate::backtest::Test;
use crate::config::{LIKELY, POTENTIAL};
use crate::demand::Rating;
use crate::figures::Persons;
use crate::gender::duncan;
use crate::language::say;
use crate::supply::{MarketKind, share_women};

/// File name without ending.
pub const STEM: &str = "styrgrupp";

/// What the document is called in the menu.
pub fn heading(language: crate::language::Language) -> &'static str {
    say!(language, sv: "Till styrgruppen", en: "For the steering group")
}

/// How many names a cell holds: a whole tier, where it can be told from the next at all.
const NAMES: usize = 12;

/// The document.
pub fn steering(run: &RunContext, lookup: &Lookup) -> Result<Document, ReportError> {
    let language = run.language;
    let mut builder = Builder::new(run, STEM.to_owned());
    let views: Vec<View> = (0..run.config.areas.len()).map(|position| View::new(run, lookup, position)).collect();
    builder.answer(answer::overall(&views).unwrap_or_else(|| views.iter().map(answer::one_line).collect()));
    areas(&mut builder, &views);
    certainty(&mut builder, &views);
    sexes(&mut builder, &views);
    decisions(&mut builder);
    unanswered(&mut builder);
    builder.paragraph(
        Prose::new()
            .text(say!(language, sv: "Alla källor med licenser står på ", en: "All sources with their licences are on the "))
            .link(say!(language, sv: "startsidan", en: "start page"), "index.html#kallor")
            .text("."),
    );
    // On paper a link leads nowhere.
    builder.screen_only(say!(language, sv: "Läs vidare", en: "Read on"), "vidare", |builder| {
        let page = |text: &str, target: &str| Prose::new().link(text, target);
        let countries = say!(language, sv: "Länderna, med en sida var", en: "The countries, with a page each");
        let counties = page(say!(language, sv: "Länen i Sverige", en: "The Swedish counties"), &format!("{COUNTIES}.html"));
        let tables = say!(language, sv: "Tabellerna", en: "The tables");
        let countries = (!lookup.first().is_empty()).then(|| page(countries, "index.html#lander"));
        builder.list(countries.into_iter().chain([counties, page(tables, "index.html#filer")]).collect());
        Ok(())
    })?;
    let (date, county, year) = (language.date(&run.date), county_name(run), run.analysis.year);
    let lead = Prose::from(say!(language,
        sv: format!("Två sidor att besluta efter. Siffror hämtade senast {date}."),
        en: format!("Two pages to decide from. Figures retrieved by {date}."),
    ));
    let title = say!(language, sv: format!("Till styrgruppen: målmarknader för {county} {year}"), en: format!("For the steering group: target markets for {county} {year}"));
    Ok(builder.finish(title.clone(), title, lead, false).on(Paper::Sheet))
}

/// Women and men in the area's occupations that are short or watched, in the county.
fn employed(view: &View) -> Persons {
    view.recruited().iter().fold(Persons::default(), |mut sum, row| {
        sum += row.employed;
        sum
    })
}

/// How many counties of a tier a cell names; of more, which are all alike, it says how many.
const COUNTIES_NAMED: usize = 6;

fn counties(view: &View) -> String {
    let language = view.language();
    match view.front(MarketKind::County).tier {
        Some(members) if members > COUNTIES_NAMED => {
            let count = capital(&language.count(members, COUNTY));
            say!(language, sv: format!("{count} som inte kan skiljas åt"), en: format!("{count} that cannot be told apart"))
        }
        _ => answer::front_names(view, MarketKind::County, COUNTIES_NAMED),
    }
}

fn areas(builder: &mut Builder, views: &[View]) {
    let language = builder.language();
    builder.heading(say!(language, sv: "Område för område", en: "Area by area"), "omraden");
    let unknown = say!(language, sv: "för få anställda för en andel", en: "too few employees for a share");
    let rows = views
        .iter()
        .map(|view| {
            let needed: Vec<String> = view.recruited().iter().take(2).map(|row| view.occupation_in_prose(row.occupation)).collect();
            let share = share_women(employed(view), view.run.config.method.gender.least_base);
            vec![
                Cell::Prose(Prose::new().link(view.name.clone(), format!("{}.html", stem(view.area)))),
                Cell::Text(answer::front_names(&view.list(LIKELY), MarketKind::Country, NAMES)),
                Cell::Text(answer::front_names(&view.list(POTENTIAL), MarketKind::Country, NAMES)),
                Cell::Text(counties(view)),
                Cell::Text(capital(&language.list(&needed))),
                Cell::number(share.map(|share| share * 100.0), 0, unknown),
            ]
        })
        .collect();
    let first = say!(language, sv: "första gruppen", en: "first tier");
    let unit = |head: &str| {
        let mut column = Column::text(head);
        column.unit = Some(first.to_owned());
        column
    };
    let columns = vec![
        Column::text(say!(language, sv: "Område eller bransch", en: "Area or industry")),
        unit(say!(language, sv: "Trolig", en: "Likely")),
        unit(say!(language, sv: "Oprövad", en: "Untested")),
        unit(say!(language, sv: "Län i Sverige", en: "Swedish counties")),
        Column::text(say!(language, sv: "Störst behov", en: "Greatest need")),
        Column::number(say!(language, sv: "Kvinnor", en: "Women"), say!(language, sv: "% i yrkena", en: "% in the occupations")),
    ];
    let overlap = if views.len() > 1 {
        say!(language, sv: "Områdena överlappar varandra, så de är inte oberoende besked. ", en: "The areas overlap, so they are not independent findings. ")
    } else {
        ""
    };
    let notes = vec![
        say!(language,
            sv: format!("{overlap}Inom en grupp kan länderna, och länen, inte skiljas åt. Kvinnor: andel av de anställda i länet i områdets yrken med brist eller bevakning."),
            en: format!("{overlap}Within a tier the countries, and the counties, cannot be told apart. Women: share of the county’s employees in the area’s occupations with a shortage or under watch."),
        )
        .into(),
    ];
    let origin = Origin {
        unit: None,
        period: views.first().map(heat::latest),
        source: say!(language, sv: "Egna beräkningar ur alla källor.", en: "Own calculations from all sources.").into(),
        tables: vec!["markets", "demand"],
    };
    let title = say!(language, sv: "Vilka länder och län ligger först i varje område", en: "Which countries and counties come first in each area");
    builder.table(title.to_owned(), Grid { columns, rows }, notes, origin);
}

fn certainty(builder: &mut Builder, views: &[View]) {
    let run = builder.run();
    let language = builder.language();
    builder.heading(say!(language, sv: "Hur säkert är det?", en: "How sure is it?"), "sakerhet");
    let mut items: Vec<Prose> = vec![Prose::new().strong(say!(language, sv: "Grupper, inte platser.", en: "Tiers, not ranks.")).text(say!(language,
        sv: " En ny grupp börjar med det första land som är sämre än gruppens första i minst nio fall av tio.",
        en: " A new tier begins with the first country that does worse than the tier’s first at least nine times out of ten.",
    ))];
    items.extend(causes::in_short(builder));
    items.extend(neighbours::neighbours(views));
    if let Some(found) = run.back_test {
        let least = run.config.method.backtest.least_countries;
        if let Some(free) = found.newest(Test::Stock, judged::FREE_MOVEMENT) {
            let told = |list| Some((judged::verdict_words(free, list, least, language)?, judged::printed(free, list, language)));
            if let (Some((likely, first)), Some((untested, second))) = (told(LIKELY), told(POTENTIAL)) {
                let (countries, years) = (free.countries, judged::outcome_years(free, language));
                items.push(Prose::new().strong(say!(language, sv: "Länder med fri rörlighet: ", en: "Countries with free movement: ")).text(say!(language,
                    sv: format!(
                        "Trolig har {likely} (rangkorrelation {first}) och Oprövad {untested} ({second}), när rangordningen av {countries} sådana länder hålls mot hur antalet som bor i Sverige ändrades {years}."
                    ),
                    en: format!(
                        "Likely has {likely} (rank correlation {first}) and Untested {untested} ({second}), when the ranking of {countries} such countries is held against the change in how many live in Sweden, {years}."
                    ),
                )));
            }
        }
        for (list, name) in [(LIKELY, say!(language, sv: "Trolig", en: "Likely")), (POTENTIAL, say!(language, sv: "Oprövad", en: "Untested"))] {
            let told = |test: Test| {
                let result = judged::newest(found, test)?;
                let (verdict, value) = (judged::verdict_words(result, list, least, language)?, judged::printed(result, list, language));
                let (as_of, years) = (result.as_of, judged::outcome_years(result, language));
                Some(say!(language,
                    sv: format!("{verdict} när en rangordning från {as_of} hålls mot arbetstillstånden {years} (rangkorrelation {value})"),
                    en: format!("{verdict} when a ranking as of {as_of} is held against the work permits of {years} (rank correlation {value})"),
                ))
            };
            let parts: Vec<String> = [Test::Benchmark, Test::National].into_iter().filter_map(told).collect();
            if !parts.is_empty() {
                let parts = language.list(&parts);
                let head = say!(language, sv: format!("Länder som kräver arbetstillstånd, {name}: "), en: format!("Countries whose citizens need a work permit, {name}: "));
                items.push(Prose::new().strong(head).text(format!("{parts}.")));
            }
        }
        items.push(
            Prose::new()
                .text(say!(language, sv: "Var rangordningen inte håller står på sidan ", en: "Where the ranking does not hold is told on the page "))
                .link(support_heading(language), format!("{SUPPORT}.html"))
                .text(if support_heading(language).ends_with('?') { "" } else { "." }),
        );
    }
    builder.list(items);
}

fn sexes(builder: &mut Builder, views: &[View]) {
    let language = builder.language();
    builder.heading(say!(language, sv: "Kvinnor och män", en: "Women and men"), "kvinnor-och-man");
    let level = builder.run().config.method.gender.balance;
    let span = format!("{}–{}", language.number(level * 100.0, 0), language.percent(1.0 - level));
    let least = builder.run().config.method.gender.least_base;
    let with = |wanted: fn(f64, f64) -> bool| -> Vec<String> {
        let of_area = |view: &View| share_women(employed(view), least).is_some_and(|share| wanted(share, level));
        views.iter().filter(|view| of_area(view)).map(|view| view.name.clone()).collect()
    };
    let (women, even, men) =
        (with(|share, level| share > 1.0 - level), with(|share, level| (level..=1.0 - level).contains(&share)), with(|share, level| share < level));
    let segregation = |view: &View| duncan(view.area, &view.run.analysis.demand).map(|index| (index, view.name.clone()));
    let most = views.iter().filter_map(segregation).reduce(|most, next| if next.0 > most.0 { next } else { most });
    let most = most.map_or_else(String::new, |(index, name)| {
        let index = language.percent(index);
        let lead = if views.len() > 1 {
            say!(language, sv: format!("Mest uppdelat är {name}"), en: format!("Most segregated is {name}"))
        } else {
            say!(language, sv: format!("Så uppdelat är {name}"), en: format!("So segregated is {name}"))
        };
        say!(language,
            sv: format!(" {lead}: {index} av kvinnorna, eller av männen, skulle behöva byta yrke för att fördelas lika, räknat på alla områdets yrken."),
            en: format!(" {lead}: {index} of the women, or of the men, would have to change occupation to be spread alike, counting all the area’s occupations."),
        )
    });
    let balanced = if even.is_empty() {
        say!(language,
            sv: format!("Inget område har en jämn fördelning ({span} kvinnor) i yrkena med brist eller bevakning."),
            en: format!("No area is balanced ({span} women) in the occupations with a shortage or under watch."),
        )
    } else {
        let even = language.list(&even);
        say!(language,
            sv: format!("Yrkena med brist eller bevakning är jämna ({span} kvinnor) i {even}."),
            en: format!("The occupations with a shortage or under watch are balanced ({span} women) in {even}."),
        )
    };
    let of_women = (!women.is_empty())
        .then(|| say!(language, sv: format!("av kvinnor i {}", language.list(&women)), en: format!("of women in {}", language.list(&women))));
    let of_men =
        (!men.is_empty()).then(|| say!(language, sv: format!("av män i {}", language.list(&men)), en: format!("of men in {}", language.list(&men))));
    let majorities: Vec<String> = of_women.into_iter().chain(of_men).collect();
    let majorities = if majorities.is_empty() {
        String::new()
    } else {
        let majorities = majorities.join(say!(language, sv: " och ", en: " and "));
        say!(language, sv: format!(" De har övervikt {majorities}."), en: format!(" They have a majority {majorities}."))
    };
    builder.paragraph(say!(language,
        sv: format!("{balanced}{majorities}{most} Kön påverkar aldrig ett lands plats. Vad rekrytering gör för balansen i varje yrke står på områdenas sidor."),
        en: format!("{balanced}{majorities}{most} Sex never affects a country’s place. What recruiting does to the balance in each occupation is on the areas’ pages."),
    ));
}

fn decisions(builder: &mut Builder) {
    let run = builder.run();
    let language = builder.language();
    builder.heading(say!(language, sv: "Att besluta", en: "To be decided"), "beslut");
    let list = &run.config.not_recruited_list;
    let mut items: Vec<Prose> = vec![
        say!(language,
            sv: "Vilka länder på Trolig projektet arbetar med i år, och för vilka områden. Valet står i första hand mellan länderna i första gruppen; inom den avgör annat än poängen, som kontakter och språk.",
            en: "Which countries on Likely the project works with this year, and for which areas. The choice is first of all among the countries of the first tier; within it, things other than the score decide, such as contacts and language.",
        )
        .into(),
        say!(language,
            sv: "Om något land på Oprövad ska prövas i liten skala, med uppföljning av hur många som kommer. Det är så listan kan få eller förlora stöd.",
            en: "Whether a country on Untested is to be tried on a small scale, with a follow-up of how many come. That is how the list can gain or lose support.",
        )
        .into(),
        say!(language,
            sv: "Vilka län i Sverige projektet vänder sig till. Den rangordningen är inte prövad mot vad som följde.",
            en: "Which Swedish counties the project turns to. That ranking has not been tested against what followed.",
        )
        .into(),
        say!(language,
            sv: "Vilka yrken som hör till varje område: listorna är projektets eget antagande.",
            en: "Which occupations belong to each area: the lists are the project’s own assumption.",
        )
        .into(),
    ];
    let (date, count) = (language.date(&list.date), list.countries.len());
    items.push(
        say!(language,
            sv: format!("Listan över de {count} länder som projektet inte rekryterar från ({date}), och lönegolvet för arbetstillstånd. Båda ska bekräftas av en ansvarig person innan de används i en kampanj."),
            en: format!("The list of the {count} countries that the project does not recruit from ({date}), and the pay floor for work permits. Both are to be confirmed by a responsible person before they are used in a campaign."),
        )
        .into(),
    );
    builder.list(items);
}

fn unanswered(builder: &mut Builder) {
    let run = builder.run();
    let language = builder.language();
    builder.heading(say!(language, sv: "Vad rapporten inte kan svara på", en: "What the report cannot answer"), "saknas");
    let demand = &run.analysis.demand;
    // Of an occupation that nobody in the county has, nothing is asked.
    let there = || demand.occupations.values().filter(|row| row.employed.total() > 0);
    let unknown = there().filter(|row| row.rating == Rating::NotAssessed).count();
    let persons: i64 = there().filter(|row| row.rating == Rating::NotAssessed).map(|row| row.employed.total()).sum();
    let (persons, all) = (language.whole(persons), there().count());
    builder.list(vec![
        say!(language,
            sv: format!("Om det är brist i {unknown} av de {all} yrken som har anställda i länet, med {persons} anställda: uppgifterna räcker inte, och arbetsgivarnas underlag behövs."),
            en: format!("Whether there is a shortage in {unknown} of the {all} occupations that have employees in the county, with {persons} employees: the figures do not suffice, and employers’ information is needed."),
        )
        .into(),
        unanswered::campaign(language),
    ]);
}
