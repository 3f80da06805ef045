//! Sheets with native charts, each beside the numbers that it draws.

use rust_xlsxwriter::{
    Chart, ChartAxisLabelPosition, ChartDataLabel, ChartFont, ChartFormat, ChartLegendPosition, ChartLine, ChartSolidFill, Color, Format, Worksheet,
    XlsxError,
};

use super::super::RunContext;
use super::super::section::ranking::factor_words;
use super::super::text::capital;
use super::super::view::{Lookup, View, county_name, occupation_name};
use super::text;
use crate::chart::palette::{Colour, GRID, MEN, POINT, SECOND, WOMEN};
use crate::config::{LIKELY, POTENTIAL};
use crate::demand::{Demand, Rating, exact};
use crate::index::median;
use crate::language::{Language, say};
use crate::supply::MarketKind;
use crate::uncertainty::FACTORS;

/// Countries in a chart.
const COUNTRIES: usize = 10;
/// Occupations in a chart.
const OCCUPATIONS: usize = 15;
/// Rows that a country chart takes with the space under it.
const BLOCK: u32 = 20;
/// The most characters of an alternative text that Excel shows.
const ALTERNATIVE: usize = 255;
/// Height of a row in pixels.
const ROW: u32 = 20;

/// The chart sheets with what they show.
pub fn contents(language: Language) -> [(&'static str, &'static str); 3] {
    say!(language,
        sv: [
            ("Diagram länder", "De tio första länderna på Trolig i varje område, med poäng, grupp och intervall"),
            ("Diagram yrken", "Kvinnor och män som är anställda i länets största bristyrken"),
            ("Diagram osäkerhet", "Vad som avgör platserna: hur stor del av osäkerheten varje antagande står för"),
        ],
        en: [
            ("Charts, countries", "The first ten countries on Likely in each area, with score, tier and interval"),
            ("Charts, occupations", "Women and men employed in the county’s largest shortage occupations"),
            ("Charts, uncertainty", "What decides the ranks: how much of the uncertainty each assumption accounts for"),
        ],
    )
}

/// The sheets, in the order of [`contents`].
pub fn sheets(run: &RunContext) -> Result<Vec<Worksheet>, XlsxError> {
    let lookup = Lookup::new(run);
    let views: Vec<View> = (0..run.config.areas.len()).map(|position| View::new(run, &lookup, position)).collect();
    let [countries_name, occupations_name, doubt_name] = contents(run.language).map(|(name, _)| name);
    Ok(vec![countries(countries_name, &views)?, occupations(occupations_name, run)?, doubt(doubt_name, run, &views)?])
}

fn colour(colour: Colour) -> Color {
    Color::RGB(u32::from_be_bytes([0, colour.0, colour.1, colour.2]))
}

fn filled(with: Colour) -> ChartFormat {
    let mut format = ChartFormat::new();
    format.set_solid_fill(ChartSolidFill::new().set_color(colour(with)));
    format
}

/// Horizontal bars from zero, the first at the top, with quiet grid lines.
fn bars(title: &str, alternative: &str, unit: &str) -> Chart {
    let mut chart = Chart::new_bar();
    chart.title().set_name(text(title).as_ref()).set_font(ChartFont::new().set_size(12).set_bold());
    chart.set_alt_text(shortened(alternative));
    // The library's y axis of a bar chart is the upright one, with the categories; it runs upwards unless it is turned, and takes the values' axis to the top.
    chart.y_axis().set_reverse().set_font(ChartFont::new().set_size(10)).set_label_position(ChartAxisLabelPosition::Low);
    chart.x_axis().set_name(unit).set_font(ChartFont::new().set_size(10)).set_name_font(ChartFont::new().set_size(10));
    chart.x_axis().set_major_gridlines(true).set_major_gridlines_line(ChartLine::new().set_color(colour(GRID)));
    chart.y_axis().set_major_gridlines(false);
    chart.x_axis().set_label_position(ChartAxisLabelPosition::High);
    chart.set_width(620);
    chart
}

/// An alternative text as long as the format allows, cut between two items; the numbers stand beside the chart.
fn shortened(alternative: &str) -> String {
    let clean = text(alternative);
    if clean.chars().count() <= ALTERNATIVE {
        return clean.into_owned();
    }
    let kept: String = clean.chars().take(ALTERNATIVE - 1).collect();
    let end = kept.rfind("; ").unwrap_or(kept.len());
    format!("{}…", &kept[..end])
}

fn sheet(name: &str, heading: &str, widths: &[f64]) -> Result<Worksheet, XlsxError> {
    let mut sheet = Worksheet::new();
    sheet.set_name(name)?;
    for (place, width) in widths.iter().enumerate() {
        sheet.set_column_width(place as u16, *width)?;
    }
    sheet.write_string_with_format(0, 0, text(heading), &Format::new().set_bold().set_font_size(14))?;
    sheet.set_landscape();
    sheet.set_print_fit_to_pages(1, 0);
    Ok(sheet)
}

fn heads(sheet: &mut Worksheet, row: u32, words: &[&str]) -> Result<(), XlsxError> {
    let bold = Format::new().set_bold().set_text_wrap();
    for (place, head) in words.iter().enumerate() {
        sheet.write_string_with_format(row, place as u16, text(head), &bold)?;
    }
    Ok(())
}

fn countries(name: &str, views: &[View]) -> Result<Worksheet, XlsxError> {
    let Some(language) = views.first().map(View::language) else { return sheet(name, name, &[]) };
    let heading = say!(language, sv: "De första länderna på Trolig i varje område", en: "The first countries on Likely in each area");
    let mut sheet = sheet(name, heading, &[28.0, 12.0, 9.0, 12.0, 12.0, 12.0, 3.0])?;
    sheet.write_string(1, 0, say!(language,
        sv: "Ordningen är rapporternas: grupp, sedan medianplats. Inom en grupp kan länderna inte skiljas åt, så små skillnader i poäng säger inget.",
        en: "The order is that of the reports: tier, then median rank. Inside a tier the countries cannot be told apart, so small differences in score mean nothing.",
    ))?;
    let (decimal, bold) = (Format::new().set_num_format("0.0"), Format::new().set_bold());
    for (position, view) in views.iter().enumerate() {
        let top = 3 + position as u32 * BLOCK;
        let list = view.list(LIKELY);
        let ranked = list.ranked(MarketKind::Country);
        let shown = &ranked[..ranked.len().min(COUNTRIES)];
        sheet.write_string_with_format(top, 0, text(&view.name), &bold)?;
        if shown.is_empty() {
            sheet.write_string(top + 1, 0, say!(language, sv: "Inget land kan rangordnas här.", en: "No country can be ranked here."))?;
            continue;
        }
        heads(
            &mut sheet,
            top + 1,
            &say!(language,
                sv: ["Land", "Poäng", "Grupp", "Medianplats", "Plats från", "Plats till"],
                en: ["Country", "Score", "Tier", "Median rank", "Rank from", "Rank to"],
            ),
        )?;
        let mut parts = Vec::new();
        for (line, row) in (top + 2..).zip(shown) {
            let country = view.market(row.market);
            sheet.write_string(line, 0, text(&country))?;
            if let Some(score) = row.score {
                sheet.write_number_with_format(line, 1, score, &decimal)?;
                parts.push(format!("{country} {}", language.number(score, 1)));
            }
            if let Some(doubt) = &row.uncertainty {
                sheet.write_number(line, 2, f64::from(doubt.tier))?;
                for (place, value) in (3..).zip([doubt.median, doubt.p05, doubt.p95]) {
                    sheet.write_number_with_format(line, place, value, &decimal)?;
                }
            }
        }
        let last = top + 1 + shown.len() as u32;
        let (count, area) = (shown.len(), &view.name);
        let title = say!(language,
            sv: format!("{area}: de {count} första på Trolig, poäng"),
            en: format!("{area}: the first {count} on Likely, score"),
        );
        let parts = parts.join("; ");
        let alternative = say!(language,
            sv: format!("Liggande staplar med poäng 1–100 för {area}, i rapportens ordning: {parts}."),
            en: format!("Horizontal bars with scores 1–100 for {area}, in the report’s order: {parts}."),
        );
        let mut chart = bars(&title, &alternative, say!(language, sv: "Poäng (1–100)", en: "Score (1–100)"));
        chart.x_axis().set_min(0).set_max(100);
        chart.legend().set_hidden();
        chart.set_height((BLOCK - 2) * ROW);
        chart.set_name(format!("diagram_{}", position + 1));
        chart
            .add_series()
            .set_name(say!(language, sv: "Poäng", en: "Score"))
            .set_categories((name, top + 2, 0, last, 0))
            .set_values((name, top + 2, 1, last, 1))
            .set_gap(50)
            .set_data_label(ChartDataLabel::new().show_value().set_num_format("0.0"))
            .set_format(&mut filled(POINT));
        sheet.insert_chart(top, 7, &chart)?;
    }
    Ok(sheet)
}

fn occupations(name: &str, run: &RunContext) -> Result<Worksheet, XlsxError> {
    let language = run.language;
    let county = county_name(run);
    let mut rows: Vec<&Demand> = run.analysis.demand.occupations.values().filter(|row| row.rating == Rating::Shortage).collect();
    rows.sort_by_key(|row| (-row.employed.total(), row.occupation));
    let all = rows.len();
    rows.truncate(OCCUPATIONS);
    let period = run.analysis.demand.period;
    let heading = say!(language,
        sv: format!("Kvinnor och män i de största bristyrkena, {county} {period}"),
        en: format!("Women and men in the largest shortage occupations, {county} {period}"),
    );
    let mut sheet = sheet(name, &heading, &[52.0, 9.0, 11.0, 11.0, 9.0, 15.0, 3.0])?;
    let small = run.config.method.gender.small_count;
    let count = rows.len();
    sheet.write_string(1, 0, say!(language,
        sv: format!("De {count} största av {all} yrken som bedöms ha brist. 1–{small} betyder en till {small} personer; så små antal ritas inte."),
        en: format!("The {count} largest of {all} occupations rated as short. 1–{small} means one to {small} persons; counts that small are not drawn."),
    ))?;
    if rows.is_empty() {
        return Ok(sheet);
    }
    heads(
        &mut sheet,
        3,
        &say!(language,
            sv: ["Yrke", "SSYK", "Kvinnor", "Män", "Behov", "Ersätts per år"],
            en: ["Occupation", "SSYK", "Women", "Men", "Need", "To replace a year"],
        ),
    )?;
    let (whole, decimal) = (Format::new().set_num_format("#,##0"), Format::new().set_num_format("0.0"));
    let mut parts = Vec::new();
    for (line, row) in (4..).zip(&rows) {
        let occupation = occupation_name(run, row.occupation);
        sheet.write_string(line, 0, text(&occupation))?;
        sheet.write_string(line, 1, row.occupation.to_string())?;
        let mut persons = Vec::new();
        for (place, count) in [(2, row.employed.women), (3, row.employed.men)] {
            if (1..=small).contains(&count) {
                sheet.write_string(line, place, format!("1–{small}"))?;
                persons.push(format!("1–{small}"));
            } else {
                sheet.write_number_with_format(line, place, exact(count), &whole)?;
                persons.push(language.whole(count));
            }
        }
        if let Some(need) = row.need {
            sheet.write_number_with_format(line, 4, need, &decimal)?;
        }
        sheet.write_number_with_format(line, 5, row.volume, &decimal)?;
        let (women, men) = (&persons[0], &persons[1]);
        parts.push(say!(language, sv: format!("{occupation}: {women} kvinnor, {men} män"), en: format!("{occupation}: {women} women, {men} men")));
    }
    let last = 3 + count as u32;
    let parts = parts.join("; ");
    let alternative = say!(language,
        sv: format!("Liggande staplar med anställda kvinnor och män per yrke. {parts}."),
        en: format!("Horizontal bars with employed women and men per occupation. {parts}."),
    );
    let mut chart = bars(&heading, &alternative, say!(language, sv: "Anställda", en: "Employees"));
    chart.legend().set_position(ChartLegendPosition::Top);
    chart.x_axis().set_min(0);
    chart.set_width(860).set_height(760);
    let series = [(2, say!(language, sv: "Kvinnor", en: "Women"), WOMEN), (3, say!(language, sv: "Män", en: "Men"), MEN)];
    for (column, words, with) in series {
        chart
            .add_series()
            .set_name(words)
            .set_categories((name, 4, 0, last, 0))
            .set_values((name, 4, column, last, column))
            .set_gap(40)
            .set_data_label(ChartDataLabel::new().show_value().set_num_format("#,##0"))
            .set_format(&mut filled(with));
    }
    sheet.insert_chart(3, 7, &chart)?;
    Ok(sheet)
}

fn doubt(name: &str, run: &RunContext, views: &[View]) -> Result<Worksheet, XlsxError> {
    let language = run.language;
    let heading = say!(language, sv: "Vad som avgör platserna", en: "What decides the ranks");
    let mut widths = vec![44.0];
    widths.extend(std::iter::repeat_n(18.0, 1 + FACTORS.len()));
    let mut sheet = sheet(name, heading, &widths)?;
    sheet.write_string(1, 0, say!(language,
        sv: "Andel av platsernas spridning som varje antagande ger ensamt, median över områdena; under diagrammet varje område för sig. En skattning nära noll kan bli negativ.",
        en: "Share of the spread of the ranks that each assumption gives by itself, median over the areas; each area is below the chart. An estimate near zero may come out negative.",
    ))?;
    let share = |weighting: &str, area: &str, factor: &str| {
        let rows = run.analysis.assessed.sensitivity.iter();
        let mut rows = rows.filter(|row| row.market.is_none() && row.kind == MarketKind::Country && row.factor == factor && row.area == area);
        rows.find(|row| row.weighting.as_deref() == Some(weighting)).map(|row| row.first_order.value)
    };
    let lists = [LIKELY, POTENTIAL];
    let names: Vec<&str> = lists.iter().map(|list| views.first().map_or("", |view| view.list(list).list_name())).collect();
    // The assumption that weighs most stands first.
    let mut rows: Vec<(&str, Vec<Option<f64>>)> = FACTORS
        .iter()
        .map(|factor| {
            (*factor, lists.iter().map(|list| median(views.iter().filter_map(|view| share(list, &view.area.key, factor)).collect())).collect())
        })
        .filter(|(_, medians): &(&str, Vec<Option<f64>>)| medians.iter().any(Option::is_some))
        .collect();
    rows.sort_by(|first, second| second.1[0].unwrap_or(0.0).total_cmp(&first.1[0].unwrap_or(0.0)));
    if rows.is_empty() {
        sheet.write_string(3, 0, say!(language, sv: "Har inte räknats ut i den här körningen.", en: "Not calculated in this run."))?;
        return Ok(sheet);
    }
    let decimal = Format::new().set_num_format("0.00");
    let words = |factor: &str| capital(factor_words(factor, language));
    heads(&mut sheet, 3, &[say!(language, sv: "Antagande", en: "Assumption"), names[0], names[1]])?;
    let mut parts = Vec::new();
    for (line, (factor, medians)) in (4..).zip(&rows) {
        sheet.write_string(line, 0, words(factor))?;
        let mut shares = Vec::new();
        for (place, value) in (1..).zip(medians) {
            if let Some(value) = value {
                sheet.write_number_with_format(line, place, *value, &decimal)?;
                shares.push(language.number(*value, 2));
            }
        }
        parts.push(format!("{}: {}", words(factor), shares.join(", ")));
    }
    let last = 3 + rows.len() as u32;
    let (parts, both) = (parts.join("; "), language.list(&names));
    let alternative = say!(language,
        sv: format!("Liggande staplar med varje antagandes andel av platsernas spridning på {both}. {parts}."),
        en: format!("Horizontal bars with the share of the spread of the ranks of each assumption on {both}. {parts}."),
    );
    let title =
        say!(language, sv: "Andel av platsernas spridning, median över områdena", en: "Share of the spread of the ranks, median over the areas");
    let mut chart = bars(title, &alternative, say!(language, sv: "Andel (0–1)", en: "Share (0–1)"));
    chart.legend().set_position(ChartLegendPosition::Top);
    chart.set_width(760).set_height(440);
    for (column, (list, with)) in (1..).zip(names.iter().zip([POINT, SECOND])) {
        chart
            .add_series()
            .set_name(*list)
            .set_categories((name, 4, 0, last, 0))
            .set_values((name, 4, column, last, column))
            .set_gap(50)
            .set_data_label(ChartDataLabel::new().show_value().set_num_format("0.00"))
            .set_format(&mut filled(with));
    }
    sheet.insert_chart(3, 4, &chart)?;
    // Every area, under the chart.
    let top = 28;
    let mut head = vec![say!(language, sv: "Område", en: "Area").to_owned(), say!(language, sv: "Lista", en: "List").to_owned()];
    head.extend(rows.iter().map(|(factor, _)| words(factor)));
    heads(&mut sheet, top, &head.iter().map(String::as_str).collect::<Vec<_>>())?;
    let mut line = top + 1;
    for view in views {
        for (list, list_name) in lists.iter().zip(&names) {
            sheet.write_string(line, 0, text(&view.name))?;
            sheet.write_string(line, 1, *list_name)?;
            for (place, (factor, _)) in (2..).zip(&rows) {
                if let Some(value) = share(list, &view.area.key, factor) {
                    sheet.write_number_with_format(line, place, value, &decimal)?;
                }
            }
            line += 1;
        }
    }
    Ok(sheet)
}
