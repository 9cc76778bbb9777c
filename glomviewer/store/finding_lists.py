"""The list of what an import left out and why, as a table for a spreadsheet."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path

from glomviewer.domain.spreadsheets import harmless
from glomviewer.store.import_values import Finding


def write_findings(path: Path, findings: Iterable[Finding]) -> None:
    """Write `name,what,reason,imported` in UTF-8. Raises OSError."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["name", "what", "reason", "imported"])
        for finding in findings:
            row = [finding.name, finding.kind.value, finding.reason]
            writer.writerow([harmless(cell) for cell in row] + [int(finding.imported)])
