"""Agreement over time as a picture: every share where it belongs, legible in both schemes."""

import re
from dataclasses import replace
from xml.etree import ElementTree

import pytest
from reports import made_by_hand

from glomviewer.domain.agreement.statistic import Share, Statistic
from glomviewer.domain.report.agreement import QuarterLine
from glomviewer.jobs.reporting.html import render
from glomviewer.jobs.reporting.time_plot import time_plot


def share(count, of, low=None, high=None):
    if not of:
        return Share(0, 0, Statistic(None, "there is none", 0))
    return Share(count, of, Statistic(count / of, "", of, low, high))


def quarters(reader, *others):
    nothing = share(0, 0)
    return [
        QuarterLine(reader, number, one.of, one, nothing, share(number, 4))
        for number, one in enumerate(others, 1)
    ]


def drawn(lines):
    picture = time_plot(lines)
    assert picture is not None
    return ElementTree.fromstring(picture.svg)


def at(element, name):
    return float(element.attrib[name])


FOUR = (share(8, 10, 0.6, 0.9), share(2, 10, 0.1, 0.4), share(10, 10), share(0, 0))


def test_a_dot_for_each_share_and_a_ring_where_it_has_no_interval():
    circles = drawn(quarters("Ann (A)", *FOUR)).findall("circle")
    first, second, ring = circles[:3]
    assert [one.get("class") for one in circles] == ["dot", "dot", "ring"] + ["ring"] * 4
    assert at(first, "cx") < at(second, "cx") < at(ring, "cx")
    low, middle, top = (at(one, "cy") for one in (second, first, ring))
    assert (low - middle) / (low - top) == pytest.approx((0.8 - 0.2) / (1.0 - 0.2), abs=0.005)


def test_an_interval_reaches_from_its_low_to_its_high_end():
    root = drawn(quarters("Ann (A)", *FOUR))
    first = root.findall("circle")[0]
    spans = [one for one in root.findall("line") if one.get("class") == "stroke-ink"]
    assert len(spans) == 2 and spans[0].get("x1") == spans[0].get("x2") == first.get("cx")
    low, high, middle = at(spans[0], "y1"), at(spans[0], "y2"), at(first, "cy")
    assert high < middle < low
    assert (low - middle) / (middle - high) == pytest.approx(0.2 / 0.1, rel=0.02)


def test_the_dashed_line_is_all_quarters_together():
    root = drawn(quarters("Ann (A)", *FOUR))
    (others, sclerotic) = [one for one in root.findall("line") if one.get("stroke-dasharray")]
    grid = [at(one, "y1") for one in root.findall("line") if one.get("class") == "stroke-line"]
    bottom, top = max(grid), min(grid)
    for line, together in ((others, 20 / 30), (sclerotic, 10 / 16)):
        height = (bottom - at(line, "y1")) / (bottom - top)
        assert height == pytest.approx(together, abs=0.002)


def test_every_reader_has_a_row_and_a_long_or_hostile_name_breaks_nothing():
    names = ("Ann (A)", "Somebody With A Very Long Name (SN)", "<b>&\x00\x1b", "Nobody (N)")
    lines = [line for name in names[:3] for line in quarters(name, *FOUR)]
    lines += quarters(names[3], *[share(0, 0)] * 4)
    texts = [one.text for one in drawn(lines).findall("text")]
    assert "Ann (A)" in texts and "<b>&" in texts
    assert "Somebody With A Ver…" in texts and "Nobody (N)" not in texts


def test_nobody_has_called_anything():
    assert time_plot(quarters("Ann (A)", *[share(0, 0)] * 4)) is None


def test_in_a_page_its_colours_are_those_of_the_scheme():
    """An attribute of SVG gives way to any rule of a style sheet."""
    page = render(made_by_hand())
    style, svg = page.split("</style>")[0], re.search("<svg.*?</svg>", page, re.S)
    assert svg is not None
    for name in set(re.findall('class="([^"]+)"', svg.group())):
        assert re.search(rf"\.{name}\b[^}}]*{{[^}}]*var\(--", style), name
    again = render(replace(made_by_hand()))
    assert svg.group() in again
