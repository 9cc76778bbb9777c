"""`patch,logit,error`, appended batch by batch, so that an interrupted prediction goes on."""

from __future__ import annotations

import csv
import io
import json
import math
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

import numpy as np

from training import atomic
from training.config import UserError

HEADER = "patch,logit,error\n"


@dataclass(frozen=True, slots=True)
class PredictionRow:
    """`logit` is the raw log-odds of class 1, None where `error` says why there is none."""

    patch: str
    logit: float | None
    error: str = ""


class PredictionsFile:
    """Open for appending; `done` are the patches that were there already.

    `source` names the model and its preprocessing in a file beside: rows of another one are
    thrown away rather than mixed with these.
    """

    def __init__(self, path: Path, source: str) -> None:
        self.path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        if self._is_of_another(source):
            path.unlink(missing_ok=True)
        kept = _sound_text(path)
        self.done = frozenset(row.patch for row in _parse(kept, path))
        # In place, not by a rename: the app may have the file open for reading.
        with path.open("rb+" if path.exists() else "wb") as file:
            file.truncate(len(kept))
            if not kept:
                file.write(HEADER.encode("ascii"))
        atomic.write_text(_source_path(path), json.dumps({"source": source}) + "\n")
        self._file = path.open("a", encoding="utf-8", newline="")

    def append(self, rows: Iterable[PredictionRow]) -> None:
        """Write and flush whole lines."""
        buffer = io.StringIO(newline="")
        writer = csv.writer(buffer, lineterminator="\n")
        for row in rows:
            logit = "" if row.logit is None else str(np.float32(row.logit))
            # A line is the unit of recovery, so no cell may hold a line feed.
            writer.writerow((row.patch, logit, " ".join(row.error.split())))
        self._file.write(buffer.getvalue())
        self._file.flush()

    def __enter__(self) -> PredictionsFile:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()

    def _is_of_another(self, source: str) -> bool:
        try:
            told = json.loads(_source_path(self.path).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return False
        return not isinstance(told, dict) or told.get("source") != source


def read_predictions(path: Path) -> list[PredictionRow]:
    """The whole lines of the file; a torn last line is left out. UserError where it is none."""
    if not path.exists():
        raise UserError(f"{path} does not exist.")
    return _parse(_sound_text(path), path)


def _source_path(path: Path) -> Path:
    return path.with_name(path.name + ".source.json")


def _sound_text(path: Path) -> bytes:
    """The file up to its last line feed."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return b""
    except OSError as error:
        raise UserError(f"{path} could not be read ({error}).") from error
    return data[: data.rfind(b"\n") + 1]


def _parse(data: bytes, path: Path) -> list[PredictionRow]:
    if not data:
        return []
    try:
        lines = list(csv.reader(io.StringIO(data.decode("utf-8"), newline="")))
    except (UnicodeDecodeError, csv.Error) as error:
        raise UserError(f"{path} is no predictions file ({error}).") from error
    if lines[0] != HEADER.strip().split(","):
        raise UserError(f"{path} should begin with {HEADER.strip()!r}.")
    return [_row(cells, f"{path}, line {number}") for number, cells in enumerate(lines[1:], 2)]


def _row(cells: list[str], where: str) -> PredictionRow:
    if len(cells) != 3:
        raise UserError(f"{where}: it should have three cells, and has {len(cells)}.")
    patch, logit, error = cells
    if not logit:
        return PredictionRow(patch, None, error)
    try:
        value = float(logit)
    except ValueError as problem:
        raise UserError(f"{where}: the logit {logit!r} is no number.") from problem
    if not math.isfinite(value):
        raise UserError(f"{where}: the logit {logit!r} is not finite.")
    return PredictionRow(patch, value, error)
