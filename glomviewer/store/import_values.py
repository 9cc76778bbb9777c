"""The values that an import is made of: what was found, what was chosen, what would happen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from glomviewer.domain.labels import NO_LABEL, Split
from glomviewer.domain.name_patterns import NamePattern, PatternTrial

DEFAULT_MAX_PIXELS = 50_000_000


class SourceKind(StrEnum):
    CLASS_FOLDERS = "a folder per class"
    TABLE = "a folder with a table"
    FOLDER = "a folder without labels"
    PREDICTIONS = "a table of predictions"


class FindingKind(StrEnum):
    """Why something is told about a file or a row."""

    UNREADABLE = "unreadable"
    NOT_AN_IMAGE = "not an image"
    NAME = "name"
    COPY = "copy"
    DUPLICATE = "duplicate"
    CONFLICT = "conflict"
    TABLE = "table"
    KNOWN = "already in the library"


class ImportRefused(ValueError):  # noqa: N818
    """One clear sentence: there is nothing here that could be imported at all."""


class ImportCancelled(Exception):  # noqa: N818
    """The person who waits has pressed Cancel; nothing has been written."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to tell about one file or one row of a table.

    `imported` says that the patch is taken in all the same (a conflict: without a label).
    """

    name: str
    reason: str
    kind: FindingKind
    imported: bool = False


@dataclass(frozen=True, slots=True)
class ImportProgress:
    """`seconds_left` is None while nobody can know; `rate` is files a second."""

    stage: str
    done: int
    total: int
    seconds_left: float | None = None
    rate: float | None = None
    findings: int = 0


Progress = Callable[[ImportProgress], None]
Cancelled = Callable[[], bool]


def no_progress(progress: ImportProgress) -> None:
    """For callers who do not want to be told."""


def never_cancelled() -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Table:
    """A CSV as read. Header names are made different from each other; rows are as long as
    the header. `problems` are lines that could not be used."""

    path: Path
    encoding: str
    delimiter: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    problems: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Columns:
    """Which header of a table holds what; "" for none."""

    name: str = ""
    label: str = ""
    case: str = ""
    slide: str = ""
    split: str = ""
    microns_per_pixel: str = ""
    probability: str = ""

    def with_(self, **changes: str) -> Columns:
        return replace(self, **changes)


@dataclass(frozen=True, slots=True)
class ClassFolder:
    """A folder with images: path relative to the source, files in it, the label it means."""

    path: str
    files: int
    label: int


@dataclass(frozen=True, slots=True)
class ImportSource:
    """What lies in a folder or beside a table. Made by `scanning.read_source`.

    `files` are paths relative to `folder`, with forward slashes, in natural order.
    `other_tables` can be chosen instead by reading the source again. `copies` are files that
    system A's preparation made of others beside them.
    """

    folder: Path
    kind: SourceKind
    files: tuple[str, ...]
    class_folders: tuple[ClassFolder, ...] = ()
    table: Table | None = None
    other_tables: tuple[Path, ...] = ()
    copies: frozenset[str] = frozenset()
    findings: tuple[Finding, ...] = ()
    notes: tuple[str, ...] = ()
    proposed: ImportOptions = field(default_factory=lambda: ImportOptions())


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """What a person chooses in the preview.

    `folder_labels` and `value_labels` overrule the synonyms: folder (relative) or cell → label
    code, -1 for no label. `microns_per_pixel` counts where no column says it. `unlisted`: take
    in files that a table does not name, without a label. `shares` are those of the splits:
    train, validation, locked, final, adding up to 1; None for the library's own.
    """

    kind: SourceKind = SourceKind.FOLDER
    columns: Columns = Columns()
    pattern: NamePattern | None = None
    folder_labels: Mapping[str, int] = field(default_factory=dict)
    value_labels: Mapping[str, int] = field(default_factory=dict)
    microns_per_pixel: float | None = None
    copy_in: bool = False
    leave_out_copies: bool = True
    unlisted: bool = True
    max_pixels: int = DEFAULT_MAX_PIXELS
    shares: tuple[float, float, float, float] | None = None
    model_name: str = "imported predictions"

    def with_(self, **changes: Any) -> ImportOptions:
        return replace(self, **changes)


@dataclass(frozen=True, slots=True)
class PlannedPatch:
    """A file that would become a patch. `path` is relative to the source."""

    path: str
    name: str
    label: int = NO_LABEL
    case: str = ""
    slide: str = ""
    split: Split = Split.NONE
    microns_per_pixel: float | None = None


@dataclass(frozen=True, slots=True)
class PlannedCall:
    """A row of a table of predictions; `path` where a file of the source is meant."""

    name: str
    call: int
    probability: float | None
    path: str = ""


@dataclass(frozen=True, slots=True)
class LabelValue:
    """A text in the label column, how often it occurs, and the label it means (None: unknown)."""

    text: str
    rows: int
    label: int | None


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """What would happen: shown before anything is written, then handed to `run_import`.

    `per_label` counts patches by label code (-1 for none), `per_split` by the split that a
    column gives. `known` is how many of the files are in the library already, by their path.
    """

    source: ImportSource
    options: ImportOptions
    patches: tuple[PlannedPatch, ...]
    calls: tuple[PlannedCall, ...]
    findings: tuple[Finding, ...]
    warnings: tuple[str, ...]
    per_label: Mapping[int, int]
    per_split: Mapping[Split, int]
    cases: int
    slides: int
    label_values: tuple[LabelValue, ...]
    trial: PatternTrial | None
    known: int = 0

    @property
    def left_out(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if not finding.imported)


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What happened. `added` are the new patches' ids; `sentence` is the quiet line."""

    added: tuple[int, ...] = ()
    known: int = 0
    labels_added: int = 0
    per_label: Mapping[int, int] = field(default_factory=dict)
    per_split: Mapping[Split, int] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    warnings: tuple[str, ...] = ()
    model: str = ""
    predictions: int = 0
    seconds: float = 0.0
    cancelled: bool = False
    sentence: str = ""
