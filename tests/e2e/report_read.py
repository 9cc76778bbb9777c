"""A report as its reader has it: facts, sentences and tables of each chapter, out of the HTML."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

VOID = ("meta", "br")


@dataclass
class Table:
    """A cell's lines are parted by newlines."""

    head: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)

    def row(self, *beginning: str) -> dict[str, str]:
        """The cells of the one row that begins so, by the heads of their columns."""
        (found,) = [row for row in self.rows if tuple(row[: len(beginning)]) == beginning]
        return dict(zip(self.head, found, strict=True))

    def column(self, name: str) -> list[str]:
        return [row[self.head.index(name)] for row in self.rows]


@dataclass
class ChapterRead:
    sentences: list[str] = field(default_factory=list)
    facts: dict[str, str] = field(default_factory=dict)
    tables: dict[str, Table] = field(default_factory=dict)


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.chapters: dict[str, ChapterRead] = {}
        self._chapter, self._table, self._name = ChapterRead(), Table(), ""
        self._cells: list[str] = []
        self._text, self._path = "", []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag == "br":
            self._text += "\n"
        if tag not in VOID:
            self._path.append(tag)
        if tag in ("h2", "p", "dt", "dd", "caption", "th", "td"):
            self._text = ""
        if tag == "table":
            self._table = Table()

    def handle_data(self, data: str) -> None:
        self._text += data

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        self._path.pop()
        text = self._text.strip()
        if tag == "h2":
            self._chapter = self.chapters.setdefault(text, ChapterRead())
        elif tag == "p":
            self._chapter.sentences.append(text)
        elif tag == "dt":
            self._name = text
        elif tag == "dd":
            self._chapter.facts[self._name] = text
        elif tag == "caption":
            self._chapter.tables[text] = self._table
        elif tag in ("th", "td"):
            self._cells.append(text)
        elif tag == "tr" and "thead" in self._path:
            self._table.head, self._cells = self._cells, []
        elif tag == "tr":
            self._table.rows.append(self._cells)
            self._cells = []


def read_report(path: Path) -> dict[str, ChapterRead]:
    page = _Page()
    page.feed(path.read_text(encoding="utf-8"))
    page.close()
    return page.chapters


def figure(cell: str) -> float:
    """The first number of a cell, which stands before its interval."""
    return float(cell.split()[0])


def interval(cell: str) -> tuple[float, float]:
    """`0.12 to 0.34`, wherever it stands in the cell."""
    words = cell.replace("(", " ").replace(")", " ").split()
    place = words.index("to")
    return float(words[place - 1]), float(words[place + 1])
