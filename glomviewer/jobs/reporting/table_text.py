"""The lines of a table that is read by a spreadsheet or a program."""

from __future__ import annotations

import csv
import io

from glomviewer.domain.spreadsheets import harmless


def line_of(cells: tuple[str, ...]) -> str:
    """One line of CSV; no cell begins as a formula of a spreadsheet would."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow([harmless(cell) for cell in cells])
    return text.getvalue()
