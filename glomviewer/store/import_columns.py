"""Reading a table of patches as people write it: any separator, encoding and column names."""

from __future__ import annotations

import codecs
import csv
import io
import math
import re
import unicodedata
from pathlib import Path

from glomviewer.store.import_values import Columns, Finding, FindingKind, ImportRefused, Table
from training.decode import SUFFIXES

_DELIMITERS = (",", ";", "\t", "|")
_MAX_BYTES = 500_000_000

_MEANINGS: dict[str, tuple[str, ...]] = {
    "name": (
        "name",
        "filename",
        "file",
        "image",
        "imagename",
        "imagefile",
        "imageid",
        "patch",
        "patchname",
        "patchid",
        "path",
        "filepath",
        "imagepath",
        "img",
        "fname",
    ),
    "label": (
        "groundtruth",
        "groundtruthlabel",
        "gt",
        "label",
        "truth",
        "target",
        "class",
        "category",
        "diagnosis",
        "classname",
        "labelname",
        "importedlabel",
        "referencelabel",
    ),
    "call": ("predictedclass", "predicted", "prediction", "predictedlabel", "pred", "call"),
    "probability": (
        "probability",
        "probability1",
        "probabilityclass1",
        "prob",
        "score",
        "p",
        "confidence",
        "predictedprobability",
        "softmax",
    ),
    "case": ("case", "caseid", "patient", "patientid", "biopsy", "biopsyid", "accession"),
    "slide": ("slide", "slideid", "slidename", "wsi", "wsiname", "wsiid"),
    "split": ("split", "set", "partition", "subset"),
    "microns_per_pixel": (
        "micronsperpixel",
        "mpp",
        "umperpixel",
        "µmperpixel",
        "μmperpixel",
        "umpx",
        "µmpx",
        "μmpx",
        "pixelsize",
        "pixelsizemicrons",
        "pixelsizeum",
    ),
}
"""Header names without their separators, the likeliest first."""


def read_table(path: Path) -> Table:
    """Read a CSV in UTF-8 (with or without its mark), UTF-16 with its mark, or cp1252.

    Raises:
        ImportRefused: the file can't be read, is empty, or is no table.
    """
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise ImportRefused(f"{path.name} is larger than 500 MB; this is no table of patches.")
        raw = path.read_bytes()
    except OSError as error:
        raise ImportRefused(f"{path.name} can't be read: {error.strerror}.") from error
    text, encoding = _decoded(raw)
    if not text.strip():
        raise ImportRefused(f"{path.name} is empty; it needs a header such as name,ground truth.")
    if "\0" in text:
        raise ImportRefused(f"{path.name} holds bytes that no text has; this is no CSV.")
    delimiter = _delimiter(text)
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise ImportRefused(f"{path.name} is no CSV that can be read: {error}.") from error
    return _table(path, encoding, delimiter, lines)


def found_columns(header: tuple[str, ...]) -> tuple[Columns, bool]:
    """Which column holds what, by its name; and whether the label column is a model's call."""
    by_letters: dict[str, str] = {}
    for column in header:
        by_letters.setdefault(_letters(column), column)
    found: dict[str, str] = {}
    for meaning, names in _MEANINGS.items():
        for name in names:
            if name in by_letters:
                found[meaning] = by_letters[name]
                break
    call = found.pop("call", "")
    if "label" not in found and call:
        return Columns(label=call, **found), True
    found.pop("probability", None)
    return Columns(**found), False


def number(text: str) -> float | None:
    """A finite number, with a point or a decimal comma; None for anything else."""
    try:
        value = float(text.strip().replace(",", "."))
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _decoded(raw: bytes) -> tuple[str, str]:
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return raw.decode("utf-16", errors="replace"), "utf-16"
    try:
        return raw.decode("utf-8-sig"), "utf-8"
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace"), "cp1252"


def _delimiter(text: str) -> str:
    """The separator that cuts the first lines into the most equal columns."""
    head = [line for line in text.splitlines()[:20] if line.strip()]

    def score(delimiter: str) -> tuple[int, int]:
        try:
            widths = [len(row) for row in csv.reader(head, delimiter=delimiter)]
        except csv.Error:
            return (0, 0)
        first = widths[0]
        return (sum(width == first for width in widths) if first > 1 else 0, first)

    return max(_DELIMITERS, key=score)


def _table(path: Path, encoding: str, delimiter: str, lines: list[list[str]]) -> Table:
    numbered = [(at, row) for at, row in enumerate(lines, start=1) if any(map(str.strip, row))]
    if not numbered:
        raise ImportRefused(f"{path.name} holds nothing but separators.")
    _, first = numbered[0]
    if _is_data(first):
        header = tuple(f"column {at}" for at in range(1, len(first) + 1))
    else:
        header = _told_apart([cell.strip() for cell in first])
        numbered = numbered[1:]
    rows: list[tuple[str, ...]] = []
    problems: list[Finding] = []
    for at, row in numbered:
        cells = [cell.strip() for cell in row]
        if len(cells) > len(header) and any(cells[len(header) :]):
            problems.append(
                Finding(
                    f"{path.name}, line {at}",
                    f"{len(cells)} cells where the header has {len(header)}",
                    FindingKind.TABLE,
                )
            )
            continue
        padded = cells[: len(header)] + [""] * (len(header) - len(cells))
        rows.append(tuple(padded))
    return Table(path, encoding, delimiter, header, tuple(rows), tuple(problems))


def _is_data(first: list[str]) -> bool:
    """Whether the first line already names a patch, so that there is no header."""
    return any(Path(cell.strip()).suffix.lower() in SUFFIXES for cell in first)


def _told_apart(header: list[str]) -> tuple[str, ...]:
    seen: dict[str, int] = {}
    names: list[str] = []
    for at, cell in enumerate(header, start=1):
        name = cell or f"column {at}"
        seen[name] = seen.get(name, 0) + 1
        names.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return tuple(names)


def _letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFC", text).casefold())
