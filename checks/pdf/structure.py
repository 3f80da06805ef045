"""What a screen reader and a printer meet in every PDF of a run: title and language, headings in order, header cells, alternative texts, reading order,
pages, attached numbers. Reads with poppler's tools; ends with 1 if something is missing."""

import html.parser
import pathlib
import re
import subprocess
import sys

# Two sides of one sheet.
SHEETS = ("styrgrupp", "uppfoljning", "bransch-")


def output(*command):
    return subprocess.run(command, capture_output=True, check=True).stdout.decode("utf-8", "replace")


class Page(html.parser.HTMLParser):
    """The headings of a web page, but for its last part on a sheet, which is for the screen only."""

    def __init__(self):
        super().__init__()
        self.headings, self.open, self.printed = [], False, True

    def handle_starttag(self, tag, attributes):
        if ("class", "screen") in attributes:
            self.printed = False
        if self.printed and tag in ("h1", "h2", "h3"):
            self.headings.append("")
            self.open = True

    def handle_endtag(self, tag):
        if tag in ("h1", "h2", "h3"):
            self.open = False

    def handle_data(self, data):
        if self.open:
            self.headings[-1] += data


def words(text):
    return re.sub(r"[\s\u00ad-]+", "", text)


def faults(path):
    information = output("pdfinfo", path)
    field = dict(line.split(":", 1) for line in information.splitlines() if ":" in line)
    if not field.get("Title", "").strip():
        yield "no title"
    if field.get("Tagged", "").strip() != "yes":
        yield "not tagged"
    pages = int(field["Pages"])
    if path.stem.startswith(SHEETS) and pages > 2:
        yield f"{pages} pages; one sheet has 2"
    tree = [line.strip() for line in output("pdfinfo", "-struct", path).splitlines()]
    tags = [re.match(r'"?([A-Za-z0-9]+)', line).group(1) for line in tree if re.match(r'[A-Z][A-Za-z0-9]*\b', line)]
    levels = [int(tag[1]) for tag in tags if re.fullmatch(r"H[1-6]", tag)]
    if levels[:1] != [1] or levels.count(1) != 1:
        yield "the headings do not begin with one of level 1"
    if any(after > before + 1 for before, after in zip(levels, levels[1:])):
        yield "a level of headings is skipped"
    if tags.count("Table") and not tags.count("TH"):
        yield "tables without header cells"
    if tags.count("Table") > tags.count("Caption"):
        yield "a table without a caption"
    attached = int(output("pdfdetach", "-list", path).split()[0])
    if tags.count("Table") and not attached:
        yield "no attached numbers"
    text = words(output("pdftotext", path, "-"))
    page = Page()
    page.feed(path.with_suffix(".html").read_text(encoding="utf-8"))
    place = 0
    for heading in page.headings:
        found = text.find(words(heading), place)
        if found < 0:
            yield f"the heading “{heading}” is not read in its place"
        else:
            place = found
    print(f"{path.name}: {pages} pages, {len(levels)} headings, {tags.count('Table')} tables, {tags.count('Figure')} figures, {attached} attachments")


bad = False
for found in sorted(pathlib.Path(sys.argv[1]).glob("*.pdf")):
    for fault in faults(found):
        print(f"FAULT {found.name}: {fault}")
        bad = True
sys.exit(bad)
