"""Finding the file that a row of a table means: with or without folder, extension, letter case."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from unicodedata import normalize

from glomviewer.domain.spreadsheets import harmful
from training.decode import SUFFIXES


class FileIndex:
    """Paths by full path, by name, and by name without extension; exact spelling goes first."""

    def __init__(self, files: Iterable[str]) -> None:
        self._exact: dict[str, list[str]] = defaultdict(list)
        self._folded: dict[str, list[str]] = defaultdict(list)
        for file in files:
            for key in _keys(file):
                self._exact[key].append(file)
                self._folded[_fold(key)].append(file)

    def find(self, cell: str) -> list[str]:
        """The files that a cell may mean; several where it says too little."""
        wanted = cell.strip().replace("\\", "/").removeprefix("./")
        if not wanted:
            return []
        plain = harmful(wanted)
        for key in (wanted, *_looser(wanted), *([plain, *_looser(plain)] if plain else [])):
            found = self._exact.get(key) or self._folded.get(_fold(key))
            if found:
                return found
        return []


def _keys(file: str) -> tuple[str, ...]:
    name = file.rpartition("/")[2]
    stem, suffix = _split(name)
    if suffix.lower() not in SUFFIXES:
        return (file, name) if name != file else (file,)
    bare = file[: -len(suffix)]
    return (file, name, bare, stem) if name != file else (file, bare)


def _looser(wanted: str) -> list[str]:
    """The same without its folders (tables carry paths of other machines), then without an
    image extension, then both."""
    name = wanted.rpartition("/")[2]
    stem, suffix = _split(name)
    if suffix.lower() in SUFFIXES:
        return [name, wanted[: -len(suffix)], stem]
    return [name]


def _split(name: str) -> tuple[str, str]:
    """(stem, suffix with its dot); no suffix where nothing stands before the dot."""
    stem, dot, suffix = name.rpartition(".")
    return (stem, dot + suffix) if stem else (name, "")


def _fold(key: str) -> str:
    return key.casefold() if key.isascii() else normalize("NFC", key).casefold()
