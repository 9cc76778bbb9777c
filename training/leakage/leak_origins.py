"""What a base or an active model has seen of the patches that are to judge it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from training.leakage.leak_findings import Finding, Severity, counted
from training.models.model_folder import read_card, read_seen
from training.patches.manifest import ManifestRow

# For whom they are too good, and what comes of it.
_PARTS: tuple[tuple[tuple[str, ...], str, Severity, str], ...] = (
    (("locked", "final"), "locked", "warn", "the gate will not judge on them"),
    (("validation",), "validation", "warn", "figures on validation are too good"),
)


class Origin(Protocol):
    """A model or weights that training starts from, or that the candidate is compared with."""

    @property
    def source(self) -> str: ...
    @property
    def seen(self) -> frozenset[str]: ...
    @property
    def seen_known(self) -> bool: ...


class KnownModel:
    """A model folder's record of what it was trained and tuned on, its weights left unread."""

    def __init__(self, folder: Path) -> None:
        card = read_card(folder)
        self.source = f"{card.name} version {card.version}"
        self.seen = read_seen(folder)
        self.seen_known = card.seen == "known"


def seen_before(rows: Sequence[ManifestRow], origin: Origin, role: str) -> list[Finding]:
    """`role`: "base" or "active"."""
    what = "the starting weights" if role == "base" else "the active model"
    if not origin.seen_known:
        return [
            Finding(
                "unknown_origin",
                "warn",
                f"It is unknown what {what} ({origin.source}) learnt from: held-out patches may "
                "be among it, so the gate will not judge.",
            )
        ]
    findings: list[Finding] = []
    for splits, name, severity, consequence in _PARTS:
        known = [row for row in rows if row.split in splits and row.hash in origin.seen]
        if known:
            findings.append(
                Finding(
                    f"seen_by_{role}",
                    severity,
                    f"{_capital(what)} ({origin.source}) or an ancestor was trained or tuned on "
                    f"{counted(len(known), f'{name} patch', f'{name} patches')}: {consequence}.",
                    tuple(row.patch for row in known),
                    tuple(dict.fromkeys(row.group for row in known if row.group)),
                )
            )
    return findings


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]
