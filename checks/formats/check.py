"""Reads what a run wrote with other programs than the one that wrote it, and compares. Called by run.sh."""

import csv
import json
import os
import re
import sys
import zipfile
from pathlib import Path

csv.field_size_limit(1 << 30)


def fault(text):
    print(f"FAULT: {text}")
    sys.exit(1)


def table(path):
    with open(path, encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    return rows[0], rows[1:]


def kinds(run):
    """The type of each column, from the data package."""
    package = json.loads((run / "data/datapackage.json").read_text(encoding="utf-8"))
    return {resource["name"]: [field["type"] for field in resource["schema"]["fields"]] for resource in package["resources"]}


def sheets(book):
    """The sheet of every table, from the first sheet."""
    found = {}
    for row in book.worksheets[0].iter_rows(values_only=True):
        if len(row) > 2 and isinstance(row[2], str) and row[2].endswith(".csv"):
            found[row[2].removesuffix(".csv")] = row[0]
    return found


def chart_points(path, run):
    """What the charts draw, read through their own references: a range that is a row off would draw other numbers, and nothing would tell."""
    from openpyxl import load_workbook

    head, body = table(run / "data/markets.csv")
    at = {name: position for position, name in enumerate(head)}
    areas, scores = [], {}
    for row in body:
        if row[at["weighting"]] == "likely" and row[at["place"]]:
            if row[at["area"]] not in areas:
                areas.append(row[at["area"]])
            scores.setdefault(row[at["area"]], []).append((int(row[at["place"]]), float(row[at["score"]])))
    head, body = table(run / "data/demand.csv")
    at = {name: position for position, name in enumerate(head)}
    employed = {row[at["ssyk4"]]: {"C": row[at["employed_women"]], "D": row[at["employed_men"]]} for row in body}
    book = load_workbook(path)
    country, points = 0, 0
    with zipfile.ZipFile(path) as files:
        charts = sorted((name for name in files.namelist() if re.fullmatch(r"xl/charts/chart\d+\.xml", name)), key=lambda name: int(re.findall(r"\d+", name)[0]))
        for name in charts:
            references = re.findall(r"<c:(cat|val)>.*?<c:f>'([^']+)'!\$([A-Z])\$(\d+):\$[A-Z]\$(\d+)</c:f>", files.read(name).decode(), re.S)
            for kind, sheet, column, first, last in references:
                cells = [book[sheet][f"{column}{row}"].value for row in range(int(first), int(last) + 1)]
                if any(cell is None for cell in cells) or book[sheet][f"A{int(last) + 1}"].value is not None:
                    fault(f"{name}: {sheet}!{column}{first}:{last} is not the whole of its block")
                if kind == "cat":
                    continue
                if book[sheet]["B4"].value == "SSYK":
                    for row, cell in enumerate(cells, int(first)):
                        published = employed[book[sheet][f"B{row}"].value][column]
                        if isinstance(cell, str) != (1 <= int(published) <= 4) or not (isinstance(cell, str) or cell == int(published)):
                            fault(f"{name}: {cell} in row {row}, in demand.csv {published}")
                elif book[sheet][f"C{int(first) - 1}"].value in ("Grupp", "Tier"):
                    expected = [score for _, score in sorted(scores[areas[country]])[: len(cells)]]
                    if cells != expected:
                        fault(f"{name}: {cells}, in markets.csv {expected} for {areas[country]}")
                    country += 1
                points += len(cells)
    if country != len(areas):
        fault(f"{country} charts of countries for {len(areas)} areas")
    return points


def workbook(run):
    from openpyxl import load_workbook

    path = run / "tabeller.xlsx"
    book = load_workbook(path, read_only=True)
    where, types, cells = sheets(book), kinds(run), 0
    for name, kind in types.items():
        head, body = table(run / f"data/{name}.csv")
        if name not in where:
            fault(f"tabeller.xlsx: no sheet for {name}")
        lines = book[where[name]].iter_rows(values_only=True)
        if list(next(lines)) != head:
            fault(f"sheet {where[name]}: other columns than {name}.csv")
        count = 0
        for number, (line, row) in enumerate(zip(lines, body), 2):
            count += 1
            for column, (cell, text) in enumerate(zip(line, row)):
                if text == "":
                    same = cell is None
                elif kind[column] in ("number", "integer"):
                    same = isinstance(cell, (int, float)) and not isinstance(cell, bool) and float(cell) == float(text)
                elif kind[column] == "boolean":
                    same = cell is (text == "true")
                else:
                    same = cell == text
                if not same:
                    fault(f"sheet {where[name]}, row {number}, {head[column]}: {cell!r}, in the CSV {text!r}")
                cells += 1
        if count != len(body):
            fault(f"sheet {where[name]}: {count} rows, in the CSV {len(body)}")
    with zipfile.ZipFile(path) as files:
        names = files.namelist()
        charts = [name for name in names if re.fullmatch(r"xl/charts/chart\d+\.xml", name)]
        drawings = "".join(files.read(name).decode() for name in names if re.fullmatch(r"xl/drawings/drawing\d+\.xml", name))
        described = [text for text in re.findall(r'<xdr:cNvPr [^>]*descr="([^"]*)"', drawings) if text.strip()]
        worksheets = [name for name in names if re.fullmatch(r"xl/worksheets/sheet\d+\.xml", name)]
        for name in worksheets:
            text = files.read(name)
            if b"<f>" in text or b"<f " in text:
                fault(f"{name} has a formula")
            if b"mergeCell" in text:
                fault(f"{name} has merged cells")
    if not charts or len(described) != len(charts):
        fault(f"{len(charts)} charts, {len(described)} of them with alternative text")
    drawn = chart_points(path, run)
    print(f"workbook: {drawn} points of its charts are those of the tables")
    print(f"workbook: {cells} cells of {len(types)} tables equal the CSV; {len(charts)} charts, each with alternative text; no formula, no merged cells")


def feed(run):
    from jsonschema import Draft202012Validator

    content = json.loads((run / "feed.json").read_text(encoding="utf-8"))
    schema = json.loads((run / content["$schema"]).read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    errors = list(Draft202012Validator(schema).iter_errors(content))
    if errors:
        fault(f"feed.json: {errors[0].json_path}: {errors[0].message}")
    links = 0

    def walk(value):
        nonlocal links
        if isinstance(value, dict):
            for key, inner in value.items():
                if key in ("html", "pdf") and inner is not None:
                    links += 1
                    if not (run / inner).is_file():
                        fault(f"feed.json leads to {inner}, which is not there")
                walk(inner)
        elif isinstance(value, list):
            for inner in value:
                walk(inner)

    walk(content)
    head, body = table(run / "data/markets.csv")
    rows = [dict(zip(head, row)) for row in body]
    countries = 0
    for area in content["areas"]:
        for listed in area["lists"]:
            own = [row for row in rows if row["weighting"] == listed["key"] and row["area"] == area["key"] and row["market_type"] == "country" and row["place"]]
            own.sort(key=lambda row: int(row["place"]))
            if [row["market"] for row in own] != [country["iso2"] for country in listed["countries"]]:
                fault(f"feed.json, {area['key']}, {listed['key']}: another order than markets.csv")
            for row, country in zip(own, listed["countries"]):
                standing = country["standing"]
                pairs = [
                    (standing["tier"], row["tier"]),
                    (standing["median"], row["rank_median"]),
                    (standing["interval"]["p05"], row["rank_p05"]),
                    (standing["interval"]["p95"], row["rank_p95"]),
                    (country["score"], row["score"]),
                    (country["coverage"], row["coverage"]),
                ]
                for value, text in pairs:
                    if float(value) != float(text):
                        fault(f"feed.json, {area['key']}, {country['iso2']}: {value}, in markets.csv {text}")
                countries += 1
    print(f"feed: valid by its schema; {countries} places equal markets.csv; {links} links lead to a file")


def dataset(run):
    from pyld import jsonld

    def offline(url, options):
        raise RuntimeError(f"asks for {url}")

    content = json.loads((run / "data/dataset.jsonld").read_text(encoding="utf-8"))
    expanded = jsonld.expand(content, {"documentLoader": offline, "base": "https://example.org/data/"})
    node = expanded[0]
    wanted = ["https://schema.org/" + name for name in ("name", "description", "license", "distribution", "temporalCoverage", "spatialCoverage", "variableMeasured")]
    missing = [name for name in wanted if not node.get(name)]
    if "http://www.w3.org/ns/dcat#Dataset" not in node["@type"] or missing:
        fault(f"dataset.jsonld lacks {missing}")
    triples = jsonld.to_rdf(content, {"documentLoader": offline, "base": "https://example.org/data/"})["@default"]
    for part in node["https://schema.org/distribution"]:
        address = part["https://schema.org/contentUrl"][0]["@id"].removeprefix("https://example.org/data/")
        size = int(part["http://www.w3.org/ns/dcat#byteSize"][0]["@value"])
        if (run / "data" / address).stat().st_size != size:
            fault(f"dataset.jsonld: {address} has another size")
    print(f"dataset: valid JSON-LD without the network, {len(triples)} triples, {len(node['https://schema.org/distribution'])} distributions")


def printed(cell):
    """The tables that a cell prints."""
    outputs = [output for output in cell.get("outputs", []) if output["output_type"] in ("display_data", "execute_result")]
    return [(output["data"]["text/html"], output["data"]["text/plain"]) for output in outputs if "text/html" in output["data"]]


def number(text):
    return float(text.replace("\u00a0", "").replace("\u2212", "-").replace(",", ".")) if "," in text or "." not in text else float(text)


def notebook(run, path):
    import nbformat
    from nbclient import NotebookClient

    library = os.environ["MALMARKNAD_LIBRARY"]
    given = nbformat.read(path, as_version=4)
    nbformat.validate(given)
    # Run as it was written, but far from it, so that only the variables lead to the tables.
    fresh = nbformat.read(path, as_version=4)
    for cell in fresh.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    NotebookClient(fresh, timeout=300, kernel_name="python3", resources={"metadata": {"path": "/tmp"}}).execute()
    tables = pictures = 0
    for before, after in zip(given.cells, fresh.cells):
        if before.cell_type != "code":
            continue
        if printed(before) != printed(after):
            fault(f"notebook, {library}, {before.id}: prints another table than it opens with\n{printed(before)}\n{printed(after)}")
        tables += len(printed(before))
        drawn = [any("image/png" in output.get("data", {}) for output in cell.outputs) for cell in (before, after)]
        if drawn[0] != drawn[1]:
            fault(f"notebook, {library}, {before.id}: a picture only before or only after")
        pictures += drawn[0]
    # The ranking against the CSV, by itself.
    head, body = table(run / "data/markets.csv")
    rows = [dict(zip(head, row)) for row in body]
    settings = next(cell.source for cell in given.cells if "AREA = " in cell.source)
    area = re.search(r'^AREA = "(.*)"$', settings, re.M).group(1)
    ranking = next(cell for cell in given.cells if cell.cell_type == "code" and "rank_median" in cell.source)
    compared = 0
    for weighting, (html, _) in zip(("likely", "potential"), printed(ranking)):
        own = [row for row in rows if (row["weighting"], row["area"], row["market_type"]) == (weighting, area, "country") and row["place"]]
        own.sort(key=lambda row: int(row["place"]))
        lines = re.findall(r"<tr>(.*?)</tr>", html)[1:]
        for row, line in zip(own, lines):
            cells = re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", line)
            low, high = cells[3].split("–")
            values = [(cells[1], "tier", 0), (cells[2], "rank_median", 1), (low, "rank_p05", 1), (high, "rank_p95", 1), (cells[4], "score", 1)]
            for text, column, decimals in values:
                if f"{number(text):.{decimals}f}" != f"{float(row[column]):.{decimals}f}":
                    fault(f"notebook, {weighting}: {text} for {column}, in markets.csv {row[column]}")
                compared += 1
    if tables < 5 or compared < 50:
        fault(f"notebook: {tables} tables, {compared} numbers: too few to be right")
    print(f"notebook with {library}: valid, runs from top to bottom, {tables} tables as it opens with, {pictures} charts, {compared} numbers equal markets.csv")


def office(run, folder):
    from openpyxl import load_workbook

    where = sheets(load_workbook(run / "tabeller.xlsx", read_only=True))
    compared = 0
    types = kinds(run)
    for name in ("markets", "demand", "sources"):
        head, body = table(run / f"data/{name}.csv")
        found = [path for path in Path(folder).iterdir() if path.name.endswith(f"-{where[name]}.csv")]
        if not found:
            fault(f"LibreOffice: no sheet {where[name]}")
        converted, lines = table(found[0])
        if converted != head or len(lines) != len(body):
            fault(f"LibreOffice, {where[name]}: {len(lines)} rows, in the CSV {len(body)}")
        for number, (line, row) in enumerate(zip(lines, body), 2):
            for column, (cell, text) in enumerate(zip(line, row)):
                if types[name][column] in ("number", "integer") and text:
                    same = abs(float(cell) - float(text)) <= 1e-9 * max(1.0, abs(float(text)))
                else:
                    same = cell.lower() == text if types[name][column] == "boolean" else cell == text
                if not same:
                    fault(f"LibreOffice, {where[name]}, row {number}, {head[column]}: {cell!r}, in the CSV {text!r}")
                compared += 1
    print(f"workbook in LibreOffice: {compared} cells of three sheets equal the CSV")


command, run = sys.argv[1], Path(sys.argv[2])
if command == "files":
    for file, check in (("tabeller.xlsx", workbook), ("feed.json", feed), ("data/dataset.jsonld", dataset)):
        if (run / file).is_file():
            check(run)
        else:
            print(f"skipped: the run has no {file}")
elif command == "notebook":
    notebook(run, sys.argv[3])
else:
    office(run, sys.argv[3])
