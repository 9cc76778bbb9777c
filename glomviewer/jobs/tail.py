"""The last words of a child, and the new lines of a file that grows."""

from __future__ import annotations

from collections import deque
from pathlib import Path

KEPT_LINES = 40


class LineTail:
    """The last lines that were printed, blank ones left out."""

    def __init__(self) -> None:
        self._lines: deque[str] = deque(maxlen=KEPT_LINES)

    def add(self, line: str) -> None:
        if line.strip():
            self._lines.append(line.rstrip())

    @property
    def last(self) -> str:
        return self._lines[-1].strip() if self._lines else ""

    @property
    def text(self) -> str:
        return "\n".join(self._lines)


class GrowingFile:
    """Gives the complete lines that have been added since it was last asked."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._offset = 0
        self._torn = b""

    def new_lines(self) -> list[str]:
        """Complete lines only; a file that has become shorter is read from its start."""
        try:
            with self._path.open("rb") as file:
                if file.seek(0, 2) < self._offset:
                    self._offset, self._torn = 0, b""
                file.seek(self._offset)
                added = file.read()
        except OSError:
            return []
        self._offset += len(added)
        *complete, self._torn = (self._torn + added).split(b"\n")
        return [line.decode("utf-8", "replace") for line in complete if line.strip()]


def last_line(path: Path) -> str:
    """The last line of a small file that says something, "" where there is none."""
    tail = LineTail()
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            for line in file:
                tail.add(line)
    except OSError:
        return ""
    return tail.last
