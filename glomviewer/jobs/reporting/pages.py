"""A report as chapters of sentences, facts and tables: what each form of it is laid out from,
so that no form can say another figure than the others."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Column:
    """A table's column; numbers are set flush right. `width` is its share of the table in
    percent, 0 where its content decides."""

    title: str
    number: bool = False
    width: int = 0


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing as SVG, as wide as the page; `aspect` is its height by its width. What is text
    in it has been escaped."""

    title: str
    svg: str
    aspect: float
    note: str = ""


@dataclass(frozen=True, slots=True)
class Grid:
    """A table of texts whose first column names the row, below its picture if it has one.
    `empty` stands in its place where it has no row; a line feed within a cell begins a new line.
    """

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""
    empty: str = ""
    picture: Picture | None = None


@dataclass(frozen=True, slots=True)
class Chapter:
    """A headline with facts (name and value), sentences, and tables below."""

    title: str
    sentences: tuple[str, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    grids: tuple[Grid, ...] = ()

    @property
    def anchor(self) -> str:
        """What the list of contents points to."""
        return "".join(one if one.isalnum() else "-" for one in self.title.lower())


@dataclass(frozen=True, slots=True)
class Pages:
    """The whole report; `lead` stands above the chapters and at the foot of each page."""

    title: str
    lead: str
    facts: tuple[tuple[str, str], ...]
    chapters: tuple[Chapter, ...]

    @property
    def pictures(self) -> tuple[Picture, ...]:
        """In the order in which they stand in the report."""
        grids = [grid for chapter in self.chapters for grid in chapter.grids if grid.rows]
        return tuple(grid.picture for grid in grids if grid.picture is not None)


def text(title: str, width: int = 0) -> Column:
    return Column(title, width=width)


def number(title: str, width: int = 0) -> Column:
    return Column(title, number=True, width=width)
