"""The names that a report may carry: what could be a patient's stays in the library."""

from __future__ import annotations

from collections.abc import Mapping

from glomviewer.domain.pseudonyms import looks_like_accession, mentions_patient, pseudonym

WITHHELD = "[left out: it could name a patient]"
"""What stands in the place of a text that somebody typed."""


class SafeNames:
    """Names by which patches, cases and texts go in a report; the same library gives the same.

    A case whose name could be a patient's goes by its number in the library, the key to which
    is the library itself.
    """

    def __init__(self, case_numbers: Mapping[str, int]) -> None:
        self._case_numbers = case_numbers

    def case(self, name: str) -> str:
        if not name or not looks_like_accession(name):
            return name
        return pseudonym("case", self._case_numbers.get(name, 0))

    def patch(self, patch: int) -> str:
        """Its number: a file's name has nothing to tell to a monitor."""
        return pseudonym("patch", patch)

    def title(self, name: str, instead: str) -> str:
        """The name of a library or a reading."""
        return instead if mentions_patient(name) else name

    def text(self, typed: str) -> str:
        """A comment or a reason."""
        return WITHHELD if mentions_patient(typed) else typed
