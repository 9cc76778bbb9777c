"""A model card as a document, and the document as Markdown and as one HTML file."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from string import Template


@dataclass(frozen=True, slots=True)
class Grid:
    """A table of texts."""

    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Chapter:
    """A headline with sentences, one a point where they are `points`, and tables below."""

    title: str
    sentences: tuple[str, ...] = ()
    points: bool = False
    grids: tuple[Grid, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    title: str
    lead: str
    chapters: tuple[Chapter, ...]


_MARKS = re.compile(r"([\\`*_{}\[\]<>#|~])")

_PAGE = Template("""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>$title</title>
<style>
:root { color-scheme: light dark; --ground: #ffffff; --text: #1f1f1f; --quiet: #6a6a6a;
  --line: #d9d9d9; }
@media (prefers-color-scheme: dark) { :root { --ground: #262626; --text: #e6e6e6;
  --quiet: #9a9a9a; --line: #3a3a3a; } }
body { margin: 0 auto; max-width: 52rem; padding: 2rem 1.5rem 4rem; background: var(--ground);
  color: var(--text); font: 15px/1.5 system-ui, sans-serif; font-variant-numeric: tabular-nums; }
h1 { font-size: 1.5rem; font-weight: 600; margin: 0; }
h2 { font-size: 1.05rem; font-weight: 600; margin: 2rem 0 .5rem; }
p { margin: .4rem 0; }
.lead { font-size: 1.05rem; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; margin: .6rem 0; }
th { color: var(--quiet); font-weight: 400; font-size: .85em; text-align: left; }
th, td { border-bottom: 1px solid var(--line); padding: .35rem .9rem .35rem 0;
  vertical-align: top; }
</style>
</head>
<body>
<h1>$title</h1>
<p class="lead">$lead</p>
$body
</body>
</html>
""")


def markdown(document: Document) -> str:
    parts = [f"# {_plain(document.title)}", _plain(document.lead)]
    for chapter in document.chapters:
        parts.append(f"## {_plain(chapter.title)}")
        if chapter.points:
            parts.append("\n".join(f"- {_plain(one)}" for one in chapter.sentences))
        else:
            parts.extend(map(_plain, chapter.sentences))
        parts.extend(map(_markdown_grid, chapter.grids))
    return "\n\n".join(parts) + "\n"


def html(document: Document) -> str:
    """One file that needs nothing else: no script, no picture, no address."""
    parts: list[str] = []
    for chapter in document.chapters:
        parts.append(f"<h2>{escape(chapter.title)}</h2>")
        if chapter.points:
            points = "".join(f"<li>{escape(one)}</li>" for one in chapter.sentences)
            parts.append(f"<ul>{points}</ul>")
        else:
            parts.extend(f"<p>{escape(one)}</p>" for one in chapter.sentences)
        parts.extend(map(_html_grid, chapter.grids))
    return _PAGE.substitute(
        title=escape(document.title), lead=escape(document.lead), body="\n".join(parts)
    )


def _plain(text: str) -> str:
    """Text that Markdown shows as it is, on one line."""
    return _MARKS.sub(r"\\\1", " ".join(text.split()))


def _markdown_grid(grid: Grid) -> str:
    def line(cells: Sequence[str]) -> str:
        return f"| {' | '.join(_plain(cell) for cell in cells)} |"

    rule = f"|{'---|' * len(grid.headers)}"
    return "\n".join((line(grid.headers), rule, *map(line, grid.rows)))


def _html_grid(grid: Grid) -> str:
    heads = "".join(f'<th scope="col">{escape(one)}</th>' for one in grid.headers)
    rows = "\n".join(
        f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in grid.rows
    )
    return (
        f'<div class="wide"><table>\n<thead><tr>{heads}</tr></thead>\n<tbody>\n{rows}\n</tbody>'
        "\n</table></div>"
    )
