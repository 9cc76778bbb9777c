"""The report in a browser: complete, the same each time, harmless, and alone."""

import re
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser

import pytest
from report_parts import texts_of, with_every_text
from reports import at, made_by_hand

from glomviewer.jobs.reporting.chapters import pages_of
from glomviewer.jobs.reporting.html import render, render_for_pdf

VOID = {"meta", "br"}
HOSTILE = "</td><script>alert(1)</script><img src=x onerror=alert(1)>\"'{{ 7*7 }}"


class Reader(HTMLParser):
    """Tags that are not closed in order, the tags that occur, and the text in between."""

    def __init__(self):
        super().__init__()
        self.open, self.tags, self.attributes, self.text = [], set(), [], []

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes += attrs
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if not self.open or self.open[-1] != "style":
            self.text.append(data)


def read(html):
    reader = Reader()
    reader.feed(html)
    reader.close()
    assert reader.open == []
    return reader


def shown(html):
    """The text as a person reads it, on one line."""
    return " ".join(" ".join(read(html).text).split())


@pytest.fixture(scope="module")
def html():
    return render(made_by_hand())


FIGURES = {
    "heading": ("Reading report: Baseline", "Kidney study", "glomviewer 0.1.0", "5b0f6c1e"),
    "dates": ("2026-11-23 09:30:07 UTC (10:30:07 Europe/Berlin)", "2026-11-21 17:45:07 UTC"),
    "sample": ("Patches 1,234", "Cases 16", "Slides 21", "Hidden repeats 62"),
    "readers": (
        "Anna Lee (AL) 1,296 1,295 3.4 s 5 8",
        "Bo Kim (BK) 1,297 1,294 4.7 s 6 9",
        "Anna Lee (AL) 311 902 17 4 1,234",
        "Bo Kim (BK) 299 911 13 10 1,233",
        "2026-11-20 16:14:07 UTC 17:14:07 Europe/Berlin not finished",
    ),
    "agreement": (
        "Cohen's kappa, AL and BK: 0.712 (0.601 to 0.813), on 1,190 patches.",
        "AL and BK 1,190 0.712 0.601 to 0.813 0.766 0.655 to 0.866 on 333",
        "all readers 1,191 0.834 ¹ 0.744 to 0.905 not defined ²",
        "¹ nearly all calls are of one label ² one class",
        "Cohen's kappa scikit-learn, cohen_kappa_score Gwet's AC1 irrCAC, gwet",
        "AL and BK globally sclerotic 610 0.787 (0.655 to 0.876) 0.713 (0.602 to 0.814) "
        "0.835 (0.745 to 0.906)",
        "case 3 77 9 0.883 0.412 not defined ¹",
        "a case by itself has none. ¹ one class used by all",
        "Bo Kim (BK) 1 324 289 of 323 0.895 (0.890 to 0.902) 301 of 322 0.935 "
        "(0.930 to 0.942) 78 of 321 0.243 (0.238 to 0.250)",
        "globally sclerotic 271 33 304 not globally sclerotic 25 861 886",
        "Categories counted, also in Gwet's AC1: globally sclerotic, not globally sclerotic.",
        "95 % intervals by 2,000 bootstrap draws of 16 cases, seed 1.",
    ),
    "reference": (
        "AL and reference 1,180 0.921 0.866 to 0.962",
        "Anna Lee (AL) 51 1,161 3 15 16 18 19",
        "By first calls. Where all agree, his own is one of them.",
    ),
    "model and readers": (
        "AL and model, before the reveal 998 0.688 0.577 to 0.777",
        "AL and model, after the reveal 997 0.699 0.588 to 0.779",
    ),
    "oneself": ("AL and AL 61 0.952 0.851 to 1.000",),
    "disputes": (
        "Disputes 2 Open 1 Sent back for another reading 0 On the consensus list 0 Settled 1 "
        "Settled: adjudicated 1",
        "2 disputes: 1 open, 0 sent back for another reading, 0 on the consensus list and 1 "
        "settled.",
        "Patch 41 case 3 AL: globally sclerotic, then not globally sclerotic "
        "BK: not globally sclerotic “only segmental” Model: globally sclerotic, 0.61 "
        "settled: adjudicated not globally sclerotic Cy Judge (CJ) 2026-11-21 15:21:07 UTC "
        "16:21:07 Europe/Berlin a capsule that is open",
        "Patch 42 case 4 AL: not globally sclerotic BK: globally sclerotic open – – –",
    ),
    "reveals": (
        "Anna Lee (AL) 1,231 1,207 24 21",
        "7 of 904 0.008 (0.003 to 0.015) 5 of 48",
        "14 of 73 0.192 (0.187 to 0.199) 13 of 41",
        "Bo Kim (BK) 0 of 0 not defined ¹ 0 of 0 not defined ¹ 12 of 74",
        "¹ there is no such patch",
    ),
    "model": (
        "Model swin-base Version 4 Threshold 0.9885 (logit 4.454) Patches judged 996",
        "trained on 228",
        "no reference label 6",
        "no prediction 2",
        "Accuracy 0.943 (0.925 to 0.958) 996",
        "Positive predictive value 0.884 (0.833 to 0.925) 242",
        "globally sclerotic 214 29 243 not globally sclerotic 28 725 753",
    ),
    "cases": (
        "case 3 22.6 % (11.4 to 39.8) 7 of 31 18.8 % (8.9 to 35.3) 6 of 32 "
        "changes: 20 % or more to below 20 %",
        "case 4 4.9 % (1.3 to 16.1) 2 of 41 7.1 % (2.5 to 19.0) 3 of 42 below 20 %",
        "1 case of 2 changes category",
    ),
    "sources": ("adjudicated 57 53 all readers agree 1,171 1,163 imported 0 2",),
    "sign-off": (
        "Anna Lee (AL) read 2026-11-20 11:14:07 UTC 12:14:07 Europe/Berlin all of it 3f1c9a…",
        "Patch 43 AL label globally sclerotic not globally sclerotic 2026-11-22 12:34:07 UTC",
        "a slip of the key",
    ),
    "log": ("0d5e77aa AL, CJ 4,321 " + "9c" * 32, "Ward laptop SHA256:ab12 cd34 ef56"),
    "statement": (
        "For review, not for diagnosis.",
        "an audit trail as 21 CFR 11 describes one",
        "a file on a disk whose owner holds the key, and it is not a validated system",
    ),
}


@pytest.mark.parametrize("part", FIGURES)
def test_every_figure_stands_beside_its_name(html, part):
    page = shown(html)
    missing = [text for text in FIGURES[part] if text not in page]
    assert not missing


def test_every_text_of_the_report_is_in_it():
    tagged = with_every_text(made_by_hand(), lambda text: f"{text} ‡")
    page = shown(render(tagged))
    missing = {text for text in texts_of(tagged) if " ".join(text.split()) not in page}
    # A closing date, an origin and the like are all there; nothing was forgotten in a layout.
    assert not missing


def test_the_same_report_gives_the_same_bytes():
    assert render(made_by_hand()) == render(made_by_hand())


def test_made_again_only_the_date_differs(html):
    report = made_by_hand()
    again = render(replace(report, heading=replace(report.heading, made=at(18, 1, day=25))))
    before, after = html.splitlines(), again.splitlines()
    differing = [old for old, new in zip(before, after, strict=True) if old != new]
    assert len(differing) == 1 and "Report made" in differing[0]


@pytest.mark.parametrize("form", [render, render_for_pdf])
def test_hostile_names_stay_text(form):
    page = form(with_every_text(made_by_hand(), lambda text: HOSTILE))
    tags = read(page).tags
    assert not tags & {"script", "img"} and tags == read(form(made_by_hand())).tags
    assert unescape(page).count("{{ 7*7 }}") > 50 and "49" not in read(page).text


def test_it_needs_no_network_and_runs_nothing(html):
    for word in ("http:", "https:", "//", "url(", "@import", "javascript:", "<script", "<link"):
        assert word not in html
    attributes = read(html).attributes
    assert not [name for name, _ in attributes if name.startswith("on") or name == "src"]
    assert all(value.startswith("#") for name, value in attributes if name == "href")


def test_each_link_of_the_contents_leads_somewhere(html):
    attributes = read(html).attributes
    anchors = [value for name, value in attributes if name == "id"]
    links = [value.removeprefix("#") for name, value in attributes if name == "href"]
    assert links == anchors and len(set(anchors)) == len(anchors)


def test_tables_can_be_listened_to(html):
    tables = re.findall(r"<table.*?</table>", html, re.S)
    assert len(tables) > 15
    for table in tables:
        assert table.count("<caption>") == 1
        assert "<th>" not in table and '<th scope="col"' in table
        assert table.count('<th scope="row">') == table.split("<tbody>")[1].count("<tr>")
    assert '<html lang="en">' in html


def test_each_row_has_a_cell_for_each_column():
    for chapter in pages_of(made_by_hand()).chapters:
        for grid in chapter.grids:
            assert {len(row) for row in grid.rows} <= {len(grid.columns)}
            widths = [column.width for column in grid.columns]
            assert sum(widths) in (0, 100) or 0 in widths
