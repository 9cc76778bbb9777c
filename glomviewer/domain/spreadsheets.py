"""Cells that a spreadsheet would run as a formula are made plain text."""

from __future__ import annotations

_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def harmless(cell: str) -> str:
    """The cell with an apostrophe before it where a spreadsheet would run it (CWE-1236)."""
    return "'" + cell if cell.startswith(_STARTS) else cell


def harmful(cell: str) -> str:
    """What `harmless` made this cell of, "" where it made nothing: to read one's own tables."""
    return cell[1:] if cell[:1] == "'" and cell[1:].startswith(_STARTS) else ""
