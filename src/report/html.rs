//! One self-contained HTML file per document: style, typeface and charts inside, nothing fetched. The one script, `weigh.js`,
//! re-ranks beside the official order; without it a page is complete.
//! Everything that comes from data is escaped here and nowhere else.

use std::fmt::Write as _;
use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use minijinja::value::Value;
use minijinja::{AutoEscape, Environment, UndefinedBehavior, context};

use super::model::{Block, Cell, Column, Document, Figure, FigureData, Grid, Inline, MenuLink, Origin, Paper, Prose, Table, Weigh};
use crate::chart::{INTER_REGULAR_WOFF2, INTER_SEMI_BOLD_WOFF2};
use crate::language::{Language, say};

static STYLE: LazyLock<String> = LazyLock::new(|| {
    include_str!("html/style.css")
        .replace("{{REGULAR}}", &STANDARD.encode(INTER_REGULAR_WOFF2))
        .replace("{{SEMI_BOLD}}", &STANDARD.encode(INTER_SEMI_BOLD_WOFF2))
});

static SHELL: LazyLock<Result<Environment<'static>, minijinja::Error>> = LazyLock::new(|| {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment.add_template("shell", include_str!("html/shell.html"))?;
    Ok(environment)
});

/// What all documents of a run share.
#[derive(Clone, Debug)]
pub struct Shell<'a> {
    /// Links to every document.
    pub menu: &'a [MenuLink],
    /// Version of the program.
    pub version: &'a str,
    /// Whether every printed document has a PDF beside it.
    pub pdf: bool,
    /// Line at the foot: date, status of the data, version.
    pub footer: &'a str,
}

/// The document as a file.
///
/// # Errors
/// The shell asks for a value that it does not get: a fault in the program.
pub fn html(document: &Document, shell: &Shell) -> Result<String, minijinja::Error> {
    let mut body = String::with_capacity(200_000);
    paragraph(&mut body, &document.lead, "lead");
    if let Some(paper) = document.paper.filter(|_| shell.pdf) {
        let text = match paper {
            Paper::Sheet => say!(document.language, sv: "Som PDF att skriva ut, högst två sidor", en: "As a PDF to print, at most two pages"),
            Paper::Report => {
                say!(document.language, sv: "Som PDF att skriva ut, med siffrorna bifogade", en: "As a PDF to print, with the figures attached")
            }
        };
        paragraph(&mut body, &Prose::new().link(text, format!("{}.pdf", document.stem)), "files");
    }
    let answer_first = matches!(document.blocks.first(), Some(Block::Answer { .. }));
    if !answer_first {
        contents(&mut body, document);
    }
    for (position, part) in document.blocks.iter().enumerate() {
        block(&mut body, part, document.language);
        if position == 0 && answer_first {
            contents(&mut body, document);
        }
    }
    let menu: Vec<Value> = shell
        .menu
        .iter()
        .map(|link| context! { text => link.text.as_str(), file => link.file.as_str(), current => link.file == format!("{}.html", document.stem) })
        .collect();
    let environment = SHELL.as_ref().map_err(|error| minijinja::Error::new(error.kind(), error.to_string()))?;
    environment.get_template("shell")?.render(context! {
        lang => document.language.tag(),
        skip => say!(document.language, sv: "Hoppa till innehållet", en: "Skip to content"),
        reports => say!(document.language, sv: "Rapporter", en: "Reports"),
        title => document.title.as_str(),
        heading => document.heading.as_str(),
        version => shell.version,
        footer => shell.footer,
        menu => menu,
        style => Value::from_safe_string(STYLE.clone()),
        body => Value::from_safe_string(body),
        sheet => document.paper == Some(Paper::Sheet),
    })
}

/// Text that cannot be anything but text.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            _ if character.is_control() && character != '\n' => {}
            _ => safe.push(character),
        }
    }
    safe
}

/// Whether a link may be followed: a web address, an anchor, a file of the run, or one of a run beside it.
fn is_safe(target: &str) -> bool {
    let below = target.strip_prefix("../").unwrap_or(target);
    let file = !below.contains(':') && !below.starts_with('/') && !below.contains("..");
    target.starts_with("https://") || target.starts_with("http://") || target.starts_with('#') || file
}

fn prose(out: &mut String, text: &Prose) {
    for run in &text.0 {
        inline(out, run);
    }
}

fn inline(out: &mut String, run: &Inline) {
    match run {
        Inline::Strong(text) => push(out, format_args!("<strong>{}</strong>", escaped(text))),
        Inline::Link { text, target } if is_safe(target) => push(out, format_args!("<a href=\"{}\">{}</a>", escaped(target), escaped(text))),
        Inline::Text(text) | Inline::Link { text, .. } => out.push_str(&escaped(text)),
        Inline::In(language, inner) => {
            push(out, format_args!("<span lang=\"{}\">", language.tag()));
            inline(out, inner);
            out.push_str("</span>");
        }
    }
}

fn push(out: &mut String, arguments: std::fmt::Arguments) {
    // Writing to a string cannot fail.
    let _ = out.write_fmt(arguments);
}

fn paragraph(out: &mut String, text: &Prose, class: &str) {
    if text.0.is_empty() {
        return;
    }
    if class.is_empty() {
        out.push_str("<p>");
    } else {
        push(out, format_args!("<p class=\"{class}\">"));
    }
    prose(out, text);
    out.push_str("</p>\n");
}

fn contents(out: &mut String, document: &Document) {
    if !document.contents {
        return;
    }
    let on_page = say!(document.language, sv: "På den här sidan", en: "On this page");
    push(out, format_args!("<nav class=\"contents\" aria-labelledby=\"sidan\">\n<p id=\"sidan\">{on_page}</p>\n<ul>\n"));
    for (text, anchor) in document.headings() {
        push(out, format_args!("<li><a href=\"#{}\">{}</a></li>\n", escaped(anchor), escaped(text)));
    }
    out.push_str("</ul>\n</nav>\n");
}

fn block(out: &mut String, block: &Block, language: Language) {
    match block {
        Block::Heading { level, text, anchor } => {
            let level = (*level).clamp(2, 6);
            push(out, format_args!("<h{level} id=\"{}\">{}</h{level}>\n", escaped(anchor), escaped(text)));
        }
        Block::Paragraph(text) => paragraph(out, text, ""),
        Block::Note(text) => paragraph(out, text, "note"),
        Block::Answer { heading, paragraphs } => {
            push(out, format_args!("<div class=\"answer\">\n<h2 id=\"svaret\">{}</h2>\n", escaped(heading)));
            for text in paragraphs {
                paragraph(out, text, "");
            }
            out.push_str("</div>\n");
        }
        Block::List(items) => {
            out.push_str("<ul>\n");
            for item in items {
                out.push_str("<li>");
                prose(out, item);
                out.push_str("</li>\n");
            }
            out.push_str("</ul>\n");
        }
        Block::Table(table) => numbered_table(out, table, language),
        Block::Figure(figure) => chart(out, figure, language),
        Block::ScreenOnly(blocks) => {
            out.push_str("<div class=\"screen\">\n");
            for inner in blocks {
                self::block(out, inner, language);
            }
            out.push_str("</div>\n");
        }
        Block::Weigh(weigh) => sliders(out, weigh),
    }
}

/// JSON inside a script element: no `<` that could end or open one, and it stays JSON.
fn inert_json(json: &str) -> String {
    json.replace('<', "\\u003c").replace('\u{2028}', "\\u2028").replace('\u{2029}', "\\u2029")
}

/// Sliders that the script shows; without it they stay hidden, and on paper too.
fn sliders(out: &mut String, weigh: &Weigh) {
    out.push_str("<section class=\"weigh\" id=\"weigh\" aria-labelledby=\"vikter\" hidden>\n");
    if let Some((text, anchor)) = &weigh.heading {
        push(out, format_args!("<h2 id=\"{}\">{}</h2>\n", escaped(anchor), escaped(text)));
    }
    for text in &weigh.reading {
        paragraph(out, text, "");
    }
    let [which, how_much] = weigh.legends.each_ref().map(|legend| escaped(legend));
    push(out, format_args!("<div class=\"weighing\">\n<div class=\"controls\">\n<fieldset>\n<legend>{which}</legend>\n"));
    for (position, list) in weigh.lists.iter().enumerate() {
        let checked = if position == 0 { " checked" } else { "" };
        push(
            out,
            format_args!(
                "<label class=\"choice\"><input type=\"radio\" name=\"weigh-list\" value=\"{}\"{checked}> {}</label>\n",
                escaped(list.key),
                escaped(&list.name)
            ),
        );
    }
    push(out, format_args!("</fieldset>\n<fieldset>\n<legend>{how_much}</legend>\n"));
    for pillar in &weigh.pillars {
        let (key, name, about) = (escaped(pillar.key), escaped(&pillar.name), escaped(&pillar.about));
        push(
            out,
            format_args!(
                "<div class=\"slider\">\n<label for=\"weigh-{key}\">{name}</label>\n<output id=\"weigh-{key}-share\" for=\"weigh-{key}\"></output>\n\
                 <input type=\"range\" id=\"weigh-{key}\" min=\"0\" max=\"100\" step=\"1\" aria-describedby=\"weigh-{key}-about\">\n\
                 <p id=\"weigh-{key}-about\">{about}</p>\n</div>\n"
            ),
        );
    }
    push(out, format_args!("</fieldset>\n<button type=\"button\">{}</button>\n</div>\n<div class=\"result\">\n", escaped(&weigh.reset)));
    out.push_str("<p class=\"said\" role=\"status\"></p>\n");
    out.push_str("<section class=\"scroll\" aria-labelledby=\"weigh-titel\" tabindex=\"0\">\n<table>\n");
    push(out, format_args!("<caption><span class=\"title\" id=\"weigh-titel\">{}</span></caption>\n<thead>\n<tr>", escaped(&weigh.title)));
    let grid = Grid { columns: weigh.columns.clone(), rows: Vec::new() };
    for column in &grid.columns {
        head(out, column, &grid);
    }
    out.push_str("</tr>\n</thead>\n<tbody></tbody>\n</table>\n</section>\n</div>\n</div>\n</section>\n");
    push(out, format_args!("<script type=\"application/json\" id=\"weigh-data\">{}</script>\n", inert_json(&weigh.data)));
    push(out, format_args!("<script>\n{}</script>\n", include_str!("html/weigh.js")));
}

fn numbered_table(out: &mut String, table: &Table, language: Language) {
    let number = table.number;
    let label = say!(language, sv: "Tabell", en: "Table");
    push(out, format_args!("<div class=\"table\" id=\"tabell-{number}\">\n"));
    push(out, format_args!("<section class=\"scroll\" aria-labelledby=\"tabell-{number}-titel\" tabindex=\"0\">\n<table>\n"));
    push(
        out,
        format_args!(
            "<caption><span class=\"title\" id=\"tabell-{number}-titel\"><span class=\"number\">{label} {number}.</span> {}</span></caption>\n",
            escaped(&table.title)
        ),
    );
    cells(out, &table.grid, language);
    out.push_str("</table>\n</section>\n");
    let missing = table.grid.meaning_of_dash(language);
    if !table.notes.is_empty() || missing.is_some() {
        out.push_str("<div class=\"notes\">\n");
        for note in &table.notes {
            paragraph(out, note, "");
        }
        if let Some(missing) = missing {
            paragraph(out, &missing.into(), "");
        }
        out.push_str("</div>\n");
    }
    origin(out, &table.origin, &[], language);
    out.push_str("</div>\n");
}

fn cells(out: &mut String, grid: &Grid, language: Language) {
    out.push_str("<thead>\n<tr>");
    for column in &grid.columns {
        head(out, column, grid);
    }
    out.push_str("</tr>\n</thead>\n<tbody>\n");
    for row in &grid.rows {
        out.push_str("<tr>");
        for (position, (column, value)) in grid.columns.iter().zip(row).enumerate() {
            let (open, close) = if position == 0 { ("th scope=\"row\"", "th") } else { ("td", "td") };
            push(out, format_args!("<{open}{}>", class(column, grid, Some(value))));
            cell(out, value, language);
            push(out, format_args!("</{close}>"));
        }
        out.push_str("</tr>\n");
    }
    out.push_str("</tbody>\n");
}

fn head(out: &mut String, column: &Column, grid: &Grid) {
    push(out, format_args!("<th scope=\"col\"{}>{}", class(column, grid, None), escaped(&column.head)));
    if let Some(unit) = &column.unit {
        push(out, format_args!(" <span class=\"unit\">{}</span>", escaped(unit)));
    }
    out.push_str("</th>");
}

/// Numbers stand to the right; a column of long text gets room, one of a few words on a narrow screen.
fn class(column: &Column, grid: &Grid, value: Option<&Cell>) -> &'static str {
    const LONG: usize = 44;
    const MIDDLING: usize = 16;
    if column.numeric {
        return " class=\"n\"";
    }
    if value.is_some_and(is_range) {
        return " class=\"range\"";
    }
    let Some(position) = grid.columns.iter().position(|other| other == column).filter(|_| value.is_none()) else { return "" };
    let length = |cell: &Cell| match cell {
        Cell::Text(text) => text.chars().count(),
        Cell::Prose(text) => text.plain().chars().count(),
        _ => 0,
    };
    match grid.rows.iter().filter_map(|row| row.get(position)).map(length).max().unwrap_or(0) {
        long if long > LONG => " class=\"wide\"",
        middling if middling > MIDDLING => " class=\"middling\"",
        _ => "",
    }
}

/// Whether a cell says nothing but from what to what: "1–5". A narrow screen would break it after its dash.
fn is_range(cell: &Cell) -> bool {
    let Cell::Text(text) = cell else { return false };
    text.contains('–')
        && text.chars().all(|character| character.is_ascii_digit() || ['–', ',', '.', '\u{a0}', '\u{202f}', '\u{2212}'].contains(&character))
}

fn cell(out: &mut String, cell: &Cell, language: Language) {
    match cell {
        Cell::Prose(text) => prose(out, text),
        Cell::Missing { reason } => {
            let missing = say!(language, sv: "uppgift saknas", en: "no figure");
            push(out, format_args!("<span aria-hidden=\"true\">–</span><span class=\"hidden\">{missing}: {}</span>", escaped(reason)));
        }
        other => out.push_str(&escaped(&other.text(language))),
    }
}

fn chart(out: &mut String, figure: &Figure, language: Language) {
    let number = figure.number;
    let label = say!(language, sv: "Figur", en: "Figure");
    let numbers = say!(language, sv: format!("Siffrorna i figur {number}"), en: format!("Numbers in figure {number}"));
    push(out, format_args!("<figure id=\"figur-{number}\">\n<figcaption>\n"));
    push(
        out,
        format_args!(
            "<p class=\"title\" id=\"figur-{number}-titel\"><span class=\"number\">{label} {number}.</span> {}</p>\n",
            escaped(&figure.title)
        ),
    );
    paragraph(out, &figure.caption, "read");
    out.push_str("</figcaption>\n");
    push(out, format_args!("<section class=\"scroll\" aria-labelledby=\"figur-{number}-titel\" tabindex=\"0\">\n"));
    out.push_str(&figure.svg);
    out.push_str("\n</section>\n");
    match &figure.data {
        FigureData::Own(grid) => {
            push(out, format_args!("<details>\n<summary>{numbers}</summary>\n"));
            push(out, format_args!("<section class=\"scroll\" aria-labelledby=\"figur-{number}-siffror\" tabindex=\"0\">\n<table>\n"));
            push(
                out,
                format_args!("<caption><span class=\"title\" id=\"figur-{number}-siffror\">{numbers}: {}</span></caption>\n", escaped(&figure.title)),
            );
            cells(out, grid, language);
            out.push_str("</table>\n</section>\n");
            if let Some(missing) = grid.meaning_of_dash(language) {
                out.push_str("<div class=\"notes\">\n");
                paragraph(out, &missing.into(), "");
                out.push_str("</div>\n");
            }
            out.push_str("</details>\n");
        }
        FigureData::Table(table) => {
            let link = say!(language, sv: format!("tabell {table}"), en: format!("table {table}"));
            let stand = say!(language, sv: "Siffrorna står i ", en: "The numbers are in ");
            let text = Prose::new().text(stand).link(link, format!("#tabell-{table}")).text(".");
            paragraph(out, &text, "notes");
        }
    }
    let mut files = vec![("SVG", format!("{}.svg", figure.file))];
    if figure.png {
        files.push(("PNG", format!("{}.png", figure.file)));
    }
    origin(out, &figure.origin, &files, language);
    out.push_str("</figure>\n");
}

fn origin(out: &mut String, origin: &Origin, images: &[(&str, String)], language: Language) {
    let line = origin.line(language);
    if line.0.is_empty() && origin.tables.is_empty() && images.is_empty() {
        return;
    }
    out.push_str("<p class=\"origin\">");
    prose(out, &line);
    if !origin.tables.is_empty() || !images.is_empty() {
        let mut links = Prose::new().text(say!(language, sv: " Ladda ned: ", en: " Download: "));
        let tables = origin.tables.iter().map(|table| (format!("{table}.csv"), format!("data/{table}.csv")));
        let images =
            images.iter().map(|(kind, file)| (say!(language, sv: format!("figuren som {kind}"), en: format!("the figure as {kind}")), file.clone()));
        for (position, (text, target)) in tables.chain(images).enumerate() {
            if position > 0 {
                links = links.text(", ");
            }
            links = links.link(text, target);
        }
        out.push_str("<span class=\"files\">");
        prose(out, &links.text("."));
        out.push_str("</span>");
    }
    out.push_str("</p>\n");
}
