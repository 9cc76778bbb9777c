"""What was found on the way from test data into training, one sentence a finding."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

# Nothing here forbids a training: what mustn't be judged, the gate refuses to judge.
Severity = Literal["warn", "note"]
_RANK: dict[str, int] = {"warn": 0, "note": 1}


@dataclass(frozen=True, slots=True)
class Finding:
    """`patches` and `groups` are those concerned, named as the manifest names them.

    `warn`: figures are or may be too good. `note`: harmless as the patches are split now, put
    right already, or merely to be known.
    """

    kind: str
    severity: Severity
    sentence: str
    patches: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "severity": self.severity,
            "sentence": self.sentence,
            "patches": list(self.patches),
            "groups": list(self.groups),
        }


@dataclass(frozen=True, slots=True)
class LeakReport:
    """Findings, the gravest first, and in `checked` what was looked for and on how much."""

    findings: list[Finding]
    checked: list[str]

    def to_json(self) -> dict[str, Any]:
        return {
            "findings": [finding.to_json() for finding in self.findings],
            "checked": list(self.checked),
        }

    def counts(self) -> dict[str, int]:
        """Findings' kinds with how many patches each concerns: no names, fit for model.json."""
        found: dict[str, int] = {}
        for finding in self.findings:
            many = len(finding.patches) or len(finding.groups) or 1
            found[finding.kind] = found.get(finding.kind, 0) + many
        return found


def gravest_first(findings: Sequence[Finding]) -> list[Finding]:
    return sorted(findings, key=lambda finding: _RANK[finding.severity])


def such_as(names: Sequence[str], *, most: int = 2) -> str:
    """ "(a and b)" of few names, "(such as a and b)" of more, "" of none."""
    if not names:
        return ""
    start = "" if len(names) <= most else "such as "
    return f" ({start}{' and '.join(names[:most])})"


def counted(count: int, one: str, many: str = "") -> str:
    return f"{count:,} {one if count == 1 else many or one + 's'}"
