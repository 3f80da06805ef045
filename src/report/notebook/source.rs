//! The Python of the notebook's cells, in the run's language.

use serde_json::{Value, json};

use super::figures::{RANKERS, Tables};
use super::python;
use crate::config::{LIKELY, POTENTIAL};
use crate::language::{Language, say};
use crate::report::view::View;

/// The lists that the notebook shows.
pub const LISTS: [&str; 2] = [LIKELY, POTENTIAL];
/// Gates that close an occupation for a country.
pub const CLOSED: [&str; 2] = ["D", "E"];

pub fn list_name(list: &str, language: Language) -> &'static str {
    if list == POTENTIAL { say!(language, sv: "Oprövad", en: "Untested") } else { say!(language, sv: "Trolig", en: "Likely") }
}

pub fn first_tiers_words(language: Language) -> (&'static str, [&'static str; 4]) {
    say!(language,
        sv: ("Första gruppen i varje område; inom gruppen kan länderna inte skiljas åt", ["Område", "Lista", "Första gruppen", "Platser, 9 av 10 simuleringar"]),
        en: ("First tier of every area; inside it the countries cannot be told apart", ["Area", "List", "First tier", "Ranks, 9 simulations in 10"]),
    )
}

pub fn ranking_head(language: Language) -> [&'static str; 5] {
    say!(language,
        sv: ["Land", "Grupp", "Medianplats", "9 av 10 simuleringar", "Poäng"],
        en: ["Country", "Tier", "Median rank", "9 simulations in 10", "Score"],
    )
}

pub fn occupations_words(language: Language) -> (&'static str, [&'static str; 7]) {
    say!(language,
        sv: ("Kvinnor och män i länets yrken med brist eller bevakning", ["Yrke", "SSYK", "Bedömning", "Behov", "Kvinnor", "Män", "Kvinnor, %"]),
        en: ("Women and men in the county’s occupations rated as short or under watch", ["Occupation", "SSYK", "Rating", "Need", "Women", "Men", "Women, %"]),
    )
}

pub fn back_test_words(language: Language) -> (&'static str, [&'static str; 8]) {
    say!(language,
        sv: ("Länder utanför EU och EES, det senaste året som kan prövas", ["Prövning", "Siffror till", "Följande år", "Ordning", "Mått", "Värde", "95 procents intervall", "Stöd"]),
        en: ("Countries outside the EU and EEA, the latest year that can be tested", ["Test", "Figures up to", "Years that followed", "Order", "Measure", "Value", "95 per cent interval", "Support"]),
    )
}

pub fn reweighed_head(language: Language) -> [&'static str; 5] {
    say!(language,
        sv: ["Land", "Poäng med vikterna", "Rapportens poäng", "Rapportens grupp", "Rapportens platser"],
        en: ["Country", "Score with the weights", "Score of the report", "Tier of the report", "Ranks of the report"],
    )
}

/// The strings as a list of Python.
fn list<T: AsRef<str>>(items: &[T]) -> String {
    python(&json!(items.iter().map(AsRef::as_ref).collect::<Vec<&str>>()))
}

/// A dictionary, one entry a line.
fn dictionary(entries: impl IntoIterator<Item = (String, String)>) -> String {
    let entries: Vec<String> =
        entries.into_iter().map(|(key, value)| format!("    {}: {},\n", python(&Value::from(key)), python(&Value::from(value)))).collect();
    if entries.is_empty() { "{}".to_owned() } else { format!("{{\n{}}}", entries.concat()) }
}

pub fn settings(tables: &Tables, views: &[View], view: &View, data: &str) -> String {
    let language = view.language();
    let folder = say!(language, sv: "Mappen med körningens tabeller; MALMARKNAD_DATA i miljön går före.", en: "The folder with the run’s tables; MALMARKNAD_DATA in the environment goes first.");
    let area = say!(language, sv: "Området som visas; nycklarna står i AREAS.", en: "The area that is shown; the keys are in AREAS.");
    let library = say!(language, sv: "\"pandas\" eller \"polars\"; tomt tar det som finns.", en: "\"pandas\" or \"polars\"; empty takes the one that is there.");
    let names = say!(language, sv: "Namn och ord som tabellerna saknar på rapportens språk.", en: "Names and words that the tables, which are in Swedish, do not have.");
    let areas = dictionary(views.iter().map(|view| (view.area.key.clone(), view.name.clone())));
    let data = python(&Value::from(data));
    let key = python(&Value::from(view.area.key.as_str()));
    let english = if tables.names.is_empty() {
        "NAMES, WORDS = {}, {}".to_owned()
    } else {
        let words = dictionary(tables.words.iter().map(|(swedish, word)| ((*swedish).to_owned(), (*word).to_owned())));
        format!("WORDS = {words}\nNAMES = {}", dictionary(tables.names.clone()))
    };
    format!(
        "import os\nfrom pathlib import Path\n\n# {folder}\nDATA = Path(os.environ.get(\"MALMARKNAD_DATA\", {data}))\n# {area}\nAREA = {key}\n# {library}\nLIBRARY = os.environ.get(\"MALMARKNAD_LIBRARY\", \"\")\n\nAREAS = {areas}\n# {names}\n{english}"
    )
}

pub fn helpers(language: Language) -> String {
    let number = say!(language,
        sv: "    text = text.replace(\",\", \"\\u00a0\").replace(\".\", \",\")\n",
        en: "",
    );
    let (read, rows, wher, named, written, span, show) = say!(language,
        sv: (
            "Tabellen som det valda bibliotekets dataram.",
            "Dataramens rader som uppslag; det som saknas är None.",
            "Raderna där varje kolumn har det givna värdet.",
            "Namnet på rapportens språk.",
            "Talet som rapporterna skriver det; tomt där det saknas.",
            "Ett intervall.",
            "En tabell som HTML och text, lika med båda biblioteken.",
        ),
        en: (
            "The table as a frame of the library in use.",
            "The rows of a frame as dictionaries; what is missing is None.",
            "The rows in which every column has the given value.",
            "The name in the report’s language.",
            "The number as the reports write it; empty where it is missing.",
            "An interval.",
            "A table as HTML and text, the same with both libraries.",
        ),
    );
    format!(
        r#"import html
import math

from IPython.display import display

if not LIBRARY:
    try:
        import pandas
        LIBRARY = "pandas"
    except ImportError:
        LIBRARY = "polars"
if LIBRARY == "pandas":
    import pandas
else:
    import polars


def read(name):
    """{read}"""
    library = pandas if LIBRARY == "pandas" else polars
    return library.read_parquet(DATA / f"{{name}}.parquet")


def where(frame, **values):
    """{wher}"""
    for column, value in values.items():
        frame = frame[frame[column] == value] if LIBRARY == "pandas" else frame.filter(polars.col(column) == value)
    return frame


def rows(frame):
    """{rows}"""
    if LIBRARY == "polars":
        return frame.to_dicts()
    return [{{column: None if pandas.isna(value) else value for column, value in row.items()}} for row in frame.to_dict("records")]


def named(code, name):
    """{named}"""
    return NAMES.get(code, name)


def number(value, decimals):
    """{written}"""
    if value is None:
        return ""
    text = f"{{abs(value):,.{{decimals}}f}}"
    minus = value < 0 and any(digit in "123456789" for digit in text)
{number}    return ("\u2212" if minus else "") + text


def interval(row, low, high, decimals):
    """{span}"""
    if row[low] is None or row[high] is None:
        return ""
    return f"{{number(row[low], decimals)}}–{{number(row[high], decimals)}}"


def show(title, head, body):
    """{show}"""
    every = [head, *body]
    widths = [max(len(row[column]) for row in every) for column in range(len(head))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip(" ") for row in every]
    heads = "".join(f'<th scope="col">{{html.escape(cell)}}</th>' for cell in head)
    body = [
        f'<tr><th scope="row">{{html.escape(row[0])}}</th>' + "".join(f"<td>{{html.escape(cell)}}</td>" for cell in row[1:]) + "</tr>"
        for row in body
    ]
    caption = html.escape(title)
    page = f"<table>\n<caption>{{caption}}</caption>\n<thead><tr>{{heads}}</tr></thead>\n<tbody>\n" + "\n".join(body) + "\n</tbody>\n</table>"
    display({{"text/html": page, "text/plain": "\n".join([title, *lines])}}, raw=True)"#
    )
}

/// The names of the lists as Python.
fn list_names(language: Language) -> String {
    let names: Vec<String> = LISTS.iter().map(|list| format!("\"{list}\": \"{}\"", list_name(list, language))).collect();
    format!("{{{}}}", names.join(", "))
}

pub fn first_tiers(language: Language) -> String {
    let (title, head) = first_tiers_words(language);
    let (head, names) = (list(&head), list_names(language));
    let ranked = say!(language, sv: "De rangordnade länderna på en lista, i rapportens ordning.", en: "The ranked countries of a list, in the order of the report.");
    format!(
        r#"LISTS = {names}


def ranked(area, weighting):
    """{ranked}"""
    found = rows(where(read("markets"), weighting=weighting, market_type="country", area=area))
    return sorted((row for row in found if row["place"] is not None), key=lambda row: row["place"])


body = []
for area, name in AREAS.items():
    for weighting, label in LISTS.items():
        first = [row for row in ranked(area, weighting) if row["tier"] == 1]
        countries = ", ".join(named(row["market"], row["name"]) for row in first)
        low, high = min((row["rank_p05"] for row in first), default=None), max((row["rank_p95"] for row in first), default=None)
        body.append([name, label, countries, f"{{number(low, 0)}}–{{number(high, 0)}}" if first else ""])
show("{title}", {head}, body)"#
    )
}

pub fn ranking(language: Language) -> String {
    let head = list(&ranking_head(language));
    format!(
        r#"for weighting, label in LISTS.items():
    body = [
        [
            named(row["market"], row["name"]),
            number(row["tier"], 0),
            number(row["rank_median"], 1),
            interval(row, "rank_p05", "rank_p95", 1),
            number(row["score"], 1),
        ]
        for row in ranked(AREA, weighting)[:15]
    ]
    show(label, {head}, body)"#
    )
}

/// A cell that draws where matplotlib is there, and says so where it is not.
fn drawn(language: Language, body: &str) -> String {
    let without = say!(language, sv: "matplotlib saknas, så diagrammet ritas inte.", en: "matplotlib is not installed, so the chart is not drawn.");
    let body: String = body.lines().map(|line| if line.is_empty() { "\n".to_owned() } else { format!("    {line}\n") }).collect();
    format!("try:\n    import matplotlib.pyplot as plt\nexcept ImportError:\n    print(\"{without}\")\nelse:\n{body}")
}

pub fn interval_chart(language: Language) -> String {
    let (axis, title) = say!(language,
        sv: ("Plats: intervall i nio av tio simuleringar, och median", "Trolig, de femton första"),
        en: ("Rank: interval of nine simulations in ten, and median", "Likely, the first fifteen"),
    );
    drawn(
        language,
        &format!(
            r##"shown = ranked(AREA, "likely")[:15]
heights = list(range(len(shown), 0, -1))
figure, axis = plt.subplots(figsize=(8, 5))
axis.hlines(heights, [row["rank_p05"] for row in shown], [row["rank_p95"] for row in shown], color="#5F91B0", linewidth=6)
axis.plot([row["rank_median"] for row in shown], heights, "o", color="#0B3C5D")
axis.set_yticks(heights, [named(row["market"], row["name"]).replace("$", r"\$") for row in shown])
axis.set_xlim(left=0)
axis.set_xlabel("{axis}")
axis.set_title(f"{{AREAS[AREA]}}: {title}".replace("$", r"\$"))
axis.spines[["top", "right"]].set_visible(False)
figure.tight_layout()
plt.show()"##
        ),
    )
}

pub fn occupations(language: Language, small: i64, least: i64) -> String {
    let (title, head) = occupations_words(language);
    let head = list(&head);
    format!(
        r#"def recruited(area):
    listed = [row for row in rows(where(read("area_occupations"), area=area)) if row["score_weight"] is not None]
    demand = {{row["ssyk4"]: row for row in rows(read("demand"))}}
    listed.sort(key=lambda row: (-row["score_weight"], row["ssyk4"]))
    return [demand[row["ssyk4"]] for row in listed if row["ssyk4"] in demand]


def persons(count):
    return "1–{small}" if 1 <= count <= {small} else number(count, 0)


body = []
for row in recruited(AREA):
    women, men = row["employed_women"], row["employed_men"]
    few = any(1 <= count <= {small} for count in (women, men))
    share = 100 * women / (women + men) if women + men >= {least} and not few else None
    rating = WORDS.get(row["rating"], row["rating"])
    name = named(row["ssyk4"], row["occupation"])
    body.append([name, row["ssyk4"], rating, number(row["need"], 0), persons(women), persons(men), number(share, 0)])
show("{title}", {head}, body)"#
    )
}

pub fn people_chart(language: Language) -> String {
    let (women, men, axis) = say!(language, sv: ("Kvinnor", "Män", "Anställda i länet"), en: ("Women", "Men", "Employed in the county"));
    drawn(
        language,
        &format!(
            r##"shown = [row for row in recruited(AREA) if row["employed_women"] + row["employed_men"] >= 10][:15]
heights = list(range(len(shown), 0, -1))
figure, axis = plt.subplots(figsize=(8, 6))
axis.barh([height + 0.2 for height in heights], [row["employed_women"] for row in shown], height=0.38, color="#4A148C", label="{women}")
axis.barh([height - 0.2 for height in heights], [row["employed_men"] for row in shown], height=0.38, color="#D07A00", label="{men}")
axis.set_yticks(heights, [named(row["ssyk4"], row["occupation"]).replace("$", r"\$") for row in shown])
axis.set_xlabel("{axis}")
axis.legend()
axis.spines[["top", "right"]].set_visible(False)
figure.tight_layout()
plt.show()"##
        ),
    )
}

pub fn back_test(language: Language) -> String {
    let (title, head) = back_test_words(language);
    let (head, rankers) = (list(&head), list(&RANKERS));
    format!(
        r#"found = [row for row in rows(where(read("backtest"), sex="total", scope="third")) if row["ranker"] in {rankers}]
newest = {{}}
for row in found:
    newest[row["name"]] = max(row["as_of"], newest.get(row["name"], 0))
body = [
    [
        row["name"],
        str(int(row["as_of"])),
        row["outcome_years"] or "",
        LISTS.get(row["ranker"], row["ranker"]),
        row["measure"],
        number(row["value"], 2),
        interval(row, "p025", "p975", 2),
        WORDS.get(row["label"], row["label"]) or "",
    ]
    for row in found
    if row["as_of"] == newest[row["name"]]
]
show("{title}", {head}, body)"#
    )
}

/// Weights as a dictionary of Python.
fn weights_of(weights: &[(&'static str, f64)]) -> String {
    let parts: Vec<String> = weights.iter().map(|(name, share)| format!("\"{name}\": {share}")).collect();
    format!("{{{}}}", parts.join(", "))
}

pub fn reweigh(language: Language, weights: &[(&'static str, f64)], closed: f64) -> String {
    let scores = say!(language,
        sv: "Varje lands poäng i området med andra vikter på delarna.",
        en: "The score of every country in the area with other weights of the components.",
    );
    let (title, head) = (say!(language, sv: "Vikter", en: "Weights"), list(&reweighed_head(language)));
    let gates = list(&CLOSED);
    let whole = weights_of(weights);
    format!(
        r#"IN_FORCE = {whole}
CLOSED = {closed}


def scores(weights):
    """{scores}"""
    weight = {{row["ssyk4"]: row["score_weight"] for row in rows(where(read("area_occupations"), area=AREA)) if row["score_weight"] is not None}}
    sums = {{}}
    for row in rows(where(read("fit"), weighting="likely", market_type="country")):
        if row["ssyk4"] not in weight:
            continue
        pillars = [(row[name], share) for name, share in weights.items() if share > 0 and row[name] is not None]
        if row["gate"] in {gates}:
            score = CLOSED
        elif row["score"] is None or not pillars:
            continue
        else:
            whole = sum(share for _, share in pillars)
            score = math.exp(sum(share * math.log(value) for value, share in pillars) / whole)
        total, counted = sums.get(row["market"], (0.0, 0.0))
        sums[row["market"]] = (total + weight[row["ssyk4"]] * score, counted + weight[row["ssyk4"]])
    return {{market: total / counted for market, (total, counted) in sums.items()}}


def reweighed(weights):
    new = scores(weights)
    found = [row for row in ranked(AREA, "likely") if row["market"] in new]
    found.sort(key=lambda row: (-round(new[row["market"]], 6), row["market"]))
    body = [
        [
            named(row["market"], row["name"]),
            number(new[row["market"]], 1),
            number(row["score"], 1),
            number(row["tier"], 0),
            interval(row, "rank_p05", "rank_p95", 1),
        ]
        for row in found[:10]
    ]
    parts = ", ".join(f"{{name}} {{number(share, 2)}}" for name, share in weights.items())
    show(f"{title}: {{parts}}", {head}, body)"#
    )
}

pub fn reweighed(language: Language, weights: &[(&'static str, f64)]) -> String {
    let comment = say!(language, sv: "# Vikterna på Trolig är IN_FORCE.\n", en: "# The weights of Likely are IN_FORCE.\n");
    format!("{comment}weights = {}\nreweighed(weights)", weights_of(weights))
}
