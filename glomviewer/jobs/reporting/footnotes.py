"""What is to be known of figures stands below their table, and a small number beside each."""

from __future__ import annotations

_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_APART = "\N{NO-BREAK SPACE}"


class Footnotes:
    """The notes of one table, in the order in which its cells ask for them."""

    def __init__(self) -> None:
        self._texts: list[str] = []

    def marks(self, *texts: str) -> str:
        """The numbers of these notes as they stand behind a figure; "" where all are empty."""
        return "".join(_APART + self._mark(text) for text in texts if text)

    @property
    def text(self) -> str:
        """All notes, one a line."""
        return "\n".join(
            f"{_raised(number)}{_APART}{text}" for number, text in enumerate(self._texts, 1)
        )

    def _mark(self, text: str) -> str:
        if text not in self._texts:
            self._texts.append(text)
        return _raised(self._texts.index(text) + 1)


def _raised(number: int) -> str:
    return str(number).translate(_RAISED)
