//! The start page: what the run is, the answer for every area in a line, the files, the sources.

use super::super::RunContext;
use super::super::builder::Builder;
use super::super::model::{Cell, Column, Document, Grid, Origin, Prose};
use super::super::section::{answer, evidence, left_out, open_ads, sources, verdict};
use super::super::view::{Lookup, View, country_stem, county_name, list_name, market_name, occupation_name, stem};
use super::super::{Companion, feed, share, workbook};
use super::counties::{STEM as COUNTIES, heading as counties_heading};
use super::follow_up;
use crate::archive;
use crate::chart::plain;
use crate::config::{AreaKind, LIKELY, POTENTIAL};
use crate::demand::Rating;
use crate::language::say;
use crate::supply::Market;
use crate::tables::outside_areas;

/// The run's tables and what they hold in Swedish and in English, in the order of the documentation.
pub const TABLES: [(&str, &str, &str); 22] = [
    ("demand", "Bristen i länet, ett yrke per rad", "Shortage in the county, one occupation per row"),
    ("area_occupations", "Yrkena i varje område och deras vikt", "The occupations of each area and their weight"),
    ("crosswalk", "Från svenska yrkeskoder (SSYK) till internationella (ISCO)", "From Swedish occupation codes (SSYK) to international ones (ISCO)"),
    ("supply", "Hur många som har yrket i varje land och län", "How many have the occupation in each country and county"),
    (
        "indicators",
        "Varje uppgift om varje land och län, rå och på gemensam skala",
        "Every indicator of every country and county, raw and on the common scale",
    ),
    (
        "fit",
        "Matchningen mellan varje land eller län och varje yrke, med skäl där något är stängt",
        "The fit between each country or county and each occupation, with the reason where something is closed",
    ),
    ("markets", "Rangordningen i varje område", "The ranking in each area"),
    ("gender", "Kvinnor och män i varje yrke och land", "Women and men in each occupation and country"),
    (
        "gender_ranks",
        "Platserna om bara kvinnors eller bara mäns yrken räknas, där könen är kända",
        "The places when only women’s or only men’s occupations are counted, where the sexes are known",
    ),
    (
        "occupation_places",
        "Länens platser för ett yrke i taget, med intervall",
        "The places of the counties for one occupation at a time, with intervals",
    ),
    ("sensitivity", "Vad som avgör platserna: hur mycket varje antagande flyttar dem", "What decides the ranks: how far each assumption moves them"),
    (
        "foothold",
        "Vilka som redan har fäste här: födda i landet och arbetstillstånd; få personer redovisas aldrig",
        "Who has a foothold here already: born in the country, and work permits; few persons are never told",
    ),
    (
        "influence",
        "Lönen i bristyrkena mot arbetstillståndens lönegolv, och reglerna för yrkena",
        "Pay in the shortage occupations against the pay floor of work permits, and the rules for the occupations",
    ),
    (
        "skilled_needs",
        "Yrken på chefs- och högskolenivå i varje område: behov nu och om fem år, lön, konkurrens, antal i världen, regler",
        "Occupations at managerial and higher-education level in each area: need now and in five years, pay, competition, number in the world, rules",
    ),
    (
        "skilled_pools",
        "Länderna där flest finns i de yrkena, med inkomsten där",
        "The countries with most people in those occupations, with the income there",
    ),
    ("open_ads", "Annonser i Platsbanken som var öppna en viss dag", "Ads in Platsbanken that were open on one day"),
    (
        "backtest",
        "Hur rangordningar från tidigare år stämmer med vad som följde, en prövning och en ordning per rad",
        "How rankings of earlier years agree with what followed, one test and one order per row",
    ),
    ("backtest_differences", "Parvisa skillnader mellan ordningarna i samma prövningar", "Paired differences between the orders in the same tests"),
    ("backtest_leaks", "Siffror som är nyare än den rangordning som använder dem", "Figures that are later than the ranking that uses them"),
    (
        "changes",
        "Ändringarna sedan en tidigare körning, delade i täckning, siffror och metod",
        "Changes since an earlier run, split into coverage, figures and method",
    ),
    ("follow_up", "Uppföljning av det som projektet har lovat", "Follow-up of what the project has promised"),
    ("sources", "Källorna med licenser och kontrollsummor", "The sources with licences and checksums"),
];

/// The start page.
pub fn index(run: &RunContext, lookup: &Lookup) -> Document {
    let mut builder = Builder::new(run, "index".to_owned());
    let views: Vec<View> = (0..run.config.areas.len()).map(|position| View::new(run, lookup, position)).collect();
    let county = county_name(run);
    let language = run.language;
    let year = run.analysis.year;
    builder.answer(answer::overall(&views).unwrap_or_else(|| views.iter().map(answer::one_line).collect()));
    let kinds = [
        (AreaKind::Strength, say!(language, sv: "Styrkeområden", en: "Strength areas"), "styrkeomraden"),
        (AreaKind::Industry, say!(language, sv: "Branscher", en: "Industries"), "branscher"),
    ];
    for (kind, heading, anchor) in kinds {
        let of_kind: Vec<&View> = views.iter().filter(|view| view.area.kind == kind).collect();
        if of_kind.is_empty() {
            continue;
        }
        builder.heading(heading, anchor);
        let items = of_kind.iter().map(|view| {
            let mut line = Prose::new().link(view.name.clone(), format!("{}.html", stem(view.area))).text(": ");
            line.0.extend(answer::one_line(view).0);
            if run.pdf {
                line = line.text(" (").link(format!("{} PDF", view.name), format!("{}.pdf", stem(view.area))).text(")");
            }
            line
        });
        builder.list(items.collect());
    }
    counties(&mut builder);
    countries(&mut builder, run, lookup);
    if views.iter().all(|view| !view.has_tiers(crate::supply::MarketKind::Country)) {
        builder.note(say!(language,
            sv: "Hur säkra platserna är har inte räknats ut i den här körningen. Läs de första länderna som en grupp att undersöka vidare, inte som en bestämd ordning.",
            en: "How certain the ranks are has not been calculated in this run. Read the first countries as a group to look into further, not as a fixed order.",
        ));
    }
    builder.paragraph(answer::same_in_all_counties(language));
    verdict::link(&mut builder);
    follow_up::link(&mut builder);
    scope(&mut builder, run);
    evidence::whole(&mut builder);
    files(&mut builder);
    if run.share {
        to_share(&mut builder, &views);
    }
    builder.heading(
        say!(language, sv: "Länder som projektet inte rekryterar från", en: "Countries that the project does not recruit from"),
        "inte-rekryteras",
    );
    left_out::not_recruited(&mut builder);
    builder.heading(sources::heading(language), "kallor");
    sources::list(&mut builder);
    let (date, status, version) = (language.date(&run.date), plain(&run.data_status), plain(run.version));
    let lead = Prose::from(say!(language,
        sv: format!("Siffror: {status}, hämtade senast {date}. Program: malmarknad {version}."),
        en: format!("Data: {status}, retrieved by {date}. Program: malmarknad {version}."),
    ));
    let title = say!(language, sv: format!("Målmarknader för {county} {year}"), en: format!("Target markets for {county} {year}"));
    builder.finish(title.clone(), title, lead, false)
}

/// The link to the page of Sweden's counties.
fn counties(builder: &mut Builder) {
    let language = builder.language();
    builder.heading(counties_heading(language), "lan");
    builder.paragraph(
        Prose::new()
            .link(say!(language, sv: "Län i Sverige som målmarknader", en: "Swedish counties as target markets"), format!("{COUNTIES}.html"))
            .text(say!(language,
                sv: ": länen rangordnade för varje område och varje yrke, för sig och aldrig ihop med länderna.",
                en: ": the counties ranked for each area and each occupation, on their own and never together with the countries.",
            )),
    );
}

/// Links to the countries' pages, by list.
fn countries(builder: &mut Builder, run: &RunContext, lookup: &Lookup) {
    if lookup.first().is_empty() {
        return;
    }
    let language = run.language;
    builder.heading(say!(language, sv: "Länder", en: "Countries"), "lander");
    builder.paragraph(say!(language,
        sv: "Varje land i första gruppen för något område har en egen sida: var det ligger, vilka yrken det passar för, vad som gäller och vad vi inte vet. Länderna står i bokstavsordning.",
        en: "Each country in the first tier of some area has a page of its own: where it stands, which occupations it fits, what applies and what is not known. The countries are in alphabetical order.",
    ));
    let order = language.order();
    let items = [LIKELY, POTENTIAL].into_iter().filter_map(|list| {
        let of_list = lookup.first().iter().filter(|(_, first)| first.contains_key(list));
        let mut names: Vec<(String, String)> =
            of_list.map(|(country, _)| (market_name(run, Market::Country(*country)), format!("{}.html", country_stem(*country)))).collect();
        names.sort_by(|first, second| order.compare(&first.0, &second.0));
        let mut line = Prose::new().strong(list_name(list, language)).text(": ");
        for (position, (name, file)) in names.iter().enumerate() {
            if position > 0 {
                line = line.text(", ");
            }
            line = line.link(name.clone(), file.clone());
        }
        (!names.is_empty()).then_some(line)
    });
    builder.list(items.collect());
}

fn scope(builder: &mut Builder, run: &RunContext) {
    let language = run.language;
    builder.heading(say!(language, sv: "Vad körningen omfattar", en: "What the run covers"), "omfattning");
    let demand = &run.analysis.demand;
    let count = |rating: Rating| demand.occupations.values().filter(|row| row.rating == rating).count();
    let employed = demand.employed;
    let (period, women, men) = (demand.period, language.whole(employed.women), language.whole(employed.men));
    let all = demand.occupations.len();
    let (shortage, watch) = (count(Rating::Shortage), count(Rating::Watch));
    let (none, unknown) = (count(Rating::NoShortage), count(Rating::NotAssessed));
    let (countries, counties) = (run.analysis.supply.countries.len(), run.analysis.supply.counties.len());
    let mut items: Vec<Prose> = vec![
        say!(language,
            sv: format!(
                "Länets arbetsmarknad {period}: {women} kvinnor och {men} män i {all} yrken. {shortage} har brist, {watch} bevakas, {none} har ingen brist och {unknown} kan inte bedömas."
            ),
            en: format!(
                "The county’s labour market in {period}: {women} women and {men} men in {all} occupations. Of these, {shortage} have a shortage, {watch} are under watch, {none} have no shortage and {unknown} cannot be assessed."
            ),
        )
        .into(),
        say!(language,
            sv: format!("Möjliga målmarknader: {countries} länder och {counties} svenska län."),
            en: format!("Possible target markets: {countries} countries and {counties} Swedish counties."),
        )
        .into(),
    ];
    let outside = outside_areas(run.analysis, run.config);
    let persons: i64 = outside.iter().map(|(_, employed)| *employed).sum();
    let largest: Vec<String> = outside.iter().take(5).map(|(occupation, _)| language.small(&occupation_name(run, *occupation))).collect();
    if persons > 0 {
        let share = language.percent(crate::demand::exact(persons) / crate::demand::exact(employed.total().max(1)));
        let (count, persons, largest) = (outside.len(), language.whole(persons), language.list(&largest));
        items.push(
            say!(language,
                sv: format!("Utanför alla områden: {count} yrken med {persons} anställda ({share} av alla). De största är {largest}."),
                en: format!("Outside all areas: {count} occupations with {persons} employees ({share} of all). The largest are {largest}."),
            )
            .into(),
        );
    }
    items.push(
        say!(language,
            sv: "Vilka yrken som hör till ett område eller en bransch är projektets eget antagande: ingen offentlig källa delar in dem i yrken.",
            en: "Which occupations belong to an area or an industry is the project’s own assumption: no public source divides them into occupations.",
        )
        .into(),
    );
    builder.list(items);
}

fn files(builder: &mut Builder) {
    let run = builder.run();
    let with_changes = run.previous.is_some_and(|previous| previous.comparison.is_some());
    let is_made = |name: &str| match name {
        "backtest" | "backtest_differences" | "backtest_leaks" => run.back_test.is_some(),
        "changes" => with_changes,
        "open_ads" => open_ads::are_known(run),
        _ => true,
    };
    let language = builder.language();
    builder.heading(say!(language, sv: "Tabeller och filer", en: "Tables and files"), "filer");
    builder.paragraph(
        Prose::new()
            .text(say!(language,
                sv: "Alla siffror i rapporterna finns som CSV och Parquet i mappen data, alla figurer som bilder i mappen diagram. Kolumnerna beskrivs i ",
                en: "All the figures in the reports are in the folder data, as CSV and Parquet, and all the charts are in the folder diagram, as images. Names and ratings in the tables are in Swedish. Their columns are described in ",
            ))
            .link("datapackage.json", "data/datapackage.json")
            .text("."),
    );
    let companions = run.companions.iter().map(|companion| match companion {
        Companion::Workbook => Prose::new().link(workbook::FILE, workbook::FILE).text(say!(language,
            sv: ": alla tabeller i en arbetsbok, med diagram och förklaringar.",
            en: ": every table in one workbook, with charts and explanations.",
        )),
        Companion::Feed => Prose::new()
            .link(feed::FILE, feed::FILE)
            .text(say!(language, sv: ": målmarknaderna för en webbplats att läsa. Innehållet beskrivs i ", en: ": the target markets for a website to read. Its content is described in "))
            .link(feed::SCHEMA_FILE, feed::SCHEMA_FILE)
            .text("."),
        Companion::Archive => Prose::new().link(archive::FILE, archive::FILE).text(say!(language,
            sv: ": metoden, kodlistorna och siffrorna som körningen är gjord av, så att den kan göras om och jämföras med ett senare år.",
            en: ": the method, the code lists and the figures that the run was made from, so that it can be repeated and compared with a later year.",
        )),
        Companion::Notebook(place) => Prose::new().strong(plain(place)).text(say!(language,
            sv: ": en anteckningsbok (Jupyter) som räknar på tabellerna med Python. Den ligger utanför den här mappen.",
            en: ": a notebook (Jupyter) that computes on the tables with Python. It is outside this folder.",
        )),
    });
    builder.list(companions.collect());
    let grid = Grid {
        columns: say!(language, sv: ["Tabell", "Innehåll", "Filer"], en: ["Table", "Content", "Files"]).into_iter().map(Column::text).collect(),
        rows: TABLES
            .iter()
            .filter(|(name, ..)| is_made(name))
            .map(|(name, swedish, english)| {
                let content = say!(language, sv: swedish, en: english);
                let links = Prose::new().link("CSV", format!("data/{name}.csv")).text(", ").link("Parquet", format!("data/{name}.parquet"));
                vec![Cell::Text((*name).to_owned()), Cell::Text((*content).to_owned()), Cell::Prose(links)]
            })
            .collect(),
    };
    builder.table(say!(language, sv: "Körningens tabeller", en: "Tables of the run").to_owned(), grid, Vec::new(), Origin::default());
}

/// Links to the pictures and texts of the share kit.
fn to_share(builder: &mut Builder, views: &[View]) {
    let language = builder.language();
    builder.heading(say!(language, sv: "Att dela", en: "To share"), "dela");
    builder.paragraph(say!(language,
        sv: "Bilder och färdiga texter för nyhetsbrev och sociala medier. Alternativtexten till bilderna står i textfilen: klistra in den när du publicerar.",
        en: "Pictures and ready texts for newsletters and social media. The alternative text of the pictures is in the text file: paste it in when you publish.",
    ));
    builder.list(views.iter().map(share::links).collect());
}
