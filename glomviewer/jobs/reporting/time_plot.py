"""Agreement over time as a picture: a row for each reader, a panel for each question, and in it
the four quarters of his own order with their intervals. The same lines give the same bytes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element, SubElement, tostring

from glomviewer.domain.agreement.over_time import QUARTERS
from glomviewer.domain.agreement.statistic import Share
from glomviewer.domain.report.agreement import QuarterLine
from glomviewer.jobs.reporting.pages import Picture

TITLE = "Over time: shares in four parts of each reader's own order, with 95 % intervals"
NOTE = (
    "A dot is the share of a quarter and the line through it its interval; a ring has none. "
    "Dashed: all four quarters together."
)
QUESTIONS = ("Same as other readers", "Same as the reference label", "Globally sclerotic")
_WIDTH, _LEFT, _GAP = 960.0, 196.0, 40.0
_TOP, _PANEL, _APART, _FOOT = 26.0, 62.0, 26.0, 42.0
_DOT = 3.5
_LONGEST = 20
_ENDS = ("x1", "y1", "x2", "y2")
# A page's style sheet puts the colours of its scheme in the place of these, by the class.
_INK, _QUIET, _LINE = "#1f1f1f", "#5f5f5f", "#d9d9d9"


@dataclass(frozen=True, slots=True)
class _Panel:
    """Where one reader's quarters are drawn, and what they are."""

    x: float
    y: float
    width: float
    shares: tuple[Share, ...]

    def across(self, quarter: int) -> float:
        return self.x + self.width * (quarter + 0.5) / QUARTERS

    def up(self, share: float) -> float:
        return self.y + _PANEL * (1.0 - share)


def time_plot(lines: Sequence[QuarterLine]) -> Picture | None:
    """None where no reader has called anything."""
    readers = list(dict.fromkeys(line.reader for line in lines if line.calls))
    if not readers:
        return None
    height = _TOP + len(readers) * (_PANEL + _APART) - _APART + _FOOT
    box = f"0 0 {_WIDTH:g} {height:g}"
    root = Element("svg", {"viewBox": box, "role": "img", "aria-label": TITLE})
    width = (_WIDTH - _LEFT - _GAP * (len(QUESTIONS) - 1)) / len(QUESTIONS)
    for row, reader in enumerate(readers):
        y = _TOP + row * (_PANEL + _APART)
        own = [line for line in lines if line.reader == reader]
        _write(root, 0.0, y + _PANEL / 2 + 5, _short(reader))
        by_question = zip(
            *((line.others, line.reference, line.positive) for line in own), strict=True
        )
        for column, shares in enumerate(by_question):
            panel = _Panel(_LEFT + column * (width + _GAP), y, width, shares)
            _draw(root, panel)
            if row == 0:
                _write(root, panel.x, y - 11, QUESTIONS[column], quiet=True)
            if row == len(readers) - 1:
                _name_quarters(root, panel)
    _write(root, _LEFT, height - 6, "Quarter of the reader's own order", quiet=True)
    return Picture(TITLE, tostring(root, encoding="unicode"), height / _WIDTH, NOTE)


def _draw(root: Element, panel: _Panel) -> None:
    right = panel.x + panel.width
    for share in (0.0, 0.5, 1.0):
        _line(root, panel.x, panel.up(share), right, panel.up(share), kind="line")
        _write(root, panel.x - 6, panel.up(share) + 4, f"{share:g}", quiet=True, anchor="end")
    together = sum(share.of for share in panel.shares)
    if together:
        middle = panel.up(sum(share.count for share in panel.shares) / together)
        _line(root, panel.x, middle, right, middle, kind="quiet", dashed=True)
    for quarter, share in enumerate(panel.shares):
        _dot(root, panel, quarter, share)


def _dot(root: Element, panel: _Panel, quarter: int, share: Share) -> None:
    figure = share.share
    if figure.value is None:
        return
    x, y = panel.across(quarter), panel.up(figure.value)
    bounded = figure.low is not None and figure.high is not None
    if figure.low is not None and figure.high is not None:
        _line(root, x, panel.up(figure.low), x, panel.up(figure.high), kind="ink")
    where = {"cx": _number(x), "cy": _number(y), "r": _number(_DOT)}
    drawn = {"class": "dot" if bounded else "ring", "stroke": _INK, "stroke-width": "1.5"}
    SubElement(root, "circle", where | drawn | {"fill": _INK if bounded else "#ffffff"})


def _name_quarters(root: Element, panel: _Panel) -> None:
    for quarter in range(QUARTERS):
        at = panel.across(quarter), panel.y + _PANEL + 17
        _write(root, *at, str(quarter + 1), quiet=True, anchor="middle")


def _line(
    root: Element, x1: float, y1: float, x2: float, y2: float, *, kind: str, dashed: bool = False
) -> None:
    colour = {"ink": _INK, "quiet": _QUIET, "line": _LINE}[kind]
    ends = {name: _number(at) for name, at in zip(_ENDS, (x1, y1, x2, y2), strict=True)}
    width = "1.5" if kind == "ink" else "1"
    found = {"class": f"stroke-{kind}", "stroke": colour, "stroke-width": width}
    SubElement(root, "line", ends | found | ({"stroke-dasharray": "4 3"} if dashed else {}))


def _write(
    root: Element, x: float, y: float, text: str, *, quiet: bool = False, anchor: str = "start"
) -> None:
    kind, colour = ("quiet", _QUIET) if quiet else ("ink", _INK)
    where = {"x": _number(x), "y": _number(y), "text-anchor": anchor, "font-size": "14"}
    SubElement(root, "text", where | {"class": f"fill-{kind}", "fill": colour}).text = text


def _number(value: float) -> str:
    return f"{value:.1f}"


def _short(reader: str) -> str:
    """The whole name stands in the table."""
    shown = "".join(one for one in reader if one.isprintable())
    return shown if len(shown) <= _LONGEST else f"{shown[: _LONGEST - 1]}…"
