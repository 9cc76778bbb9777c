"""What an export is asked for, and what it tells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from glomviewer.domain.labels import Split

REMARK = "For review, not for diagnosis."


class ExportColumn(StrEnum):
    """Columns beside `name,ground truth`. The value is the header."""

    LABEL = "label"
    SOURCE = "label source"
    READER = "reader"
    TIME = "time"
    CASE = "case"
    SLIDE = "slide"
    SPLIT = "split"
    MICRONS = "microns_per_pixel"
    FILE = "file"
    PATCH = "patch"
    CALL = "model call"
    PROBABILITY = "model probability"
    THRESHOLD = "model threshold"
    MODEL = "model"
    REMARK = "remark"


READER_COLUMNS = (ExportColumn.LABEL, ExportColumn.SOURCE, ExportColumn.READER, ExportColumn.TIME)
GROUP_COLUMNS = (ExportColumn.CASE, ExportColumn.SLIDE, ExportColumn.SPLIT)
MODEL_COLUMNS = (
    ExportColumn.CALL,
    ExportColumn.PROBABILITY,
    ExportColumn.THRESHOLD,
    ExportColumn.MODEL,
    ExportColumn.REMARK,
)


@dataclass(frozen=True, slots=True)
class ExportOptions:
    """`model` is a model's id, "" for the active one; `reader` takes that reader's own labels
    in place of the reference labels; `splits` restricts to some splits, () for all."""

    columns: tuple[ExportColumn, ...] = (*READER_COLUMNS, *GROUP_COLUMNS)
    model: str = ""
    reader: int | None = None
    labelled_only: bool = False
    splits: tuple[Split, ...] = ()


@dataclass(frozen=True, slots=True)
class ExportRow:
    """One patch of an export. Codes and the model's figures are None where there are none."""

    patch: int
    name: str
    path: str
    sha256: str
    label: int
    target: int | None
    source: str
    reader: str
    time: str
    case: str
    slide: str
    split: Split
    microns_per_pixel: float | None
    call: int | None = None
    probability: float | None = None


@dataclass(frozen=True, slots=True)
class ExportedModel:
    """The model whose calls stand in an export. `threshold` is a calibrated probability."""

    id: str
    name: str
    version: int
    threshold: float

    @property
    def title(self) -> str:
        return f"{self.name} · {self.version}"


@dataclass(frozen=True, slots=True)
class ExportReport:
    """`written` are the files, `missing` names of patches whose file was not there."""

    written: tuple[Path, ...] = ()
    patches: int = 0
    per_label: Mapping[str, int] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    model: str = ""
    sentence: str = ""
