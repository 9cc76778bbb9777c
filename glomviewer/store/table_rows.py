"""What the rows of a table say about the files of a source."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace

from glomviewer.domain.class_synonyms import label_meant, split_meant
from glomviewer.domain.labels import NO_LABEL, LabelSet, Split
from glomviewer.store.file_index import FileIndex
from glomviewer.store.import_columns import number
from glomviewer.store.import_values import (
    Columns,
    Finding,
    FindingKind,
    ImportOptions,
    ImportSource,
    LabelValue,
    PlannedCall,
    SourceKind,
    Table,
)

_SANE_MICRONS = (0.01, 20.0)


@dataclass(frozen=True, slots=True)
class RowReading:
    """One row, understood."""

    label: int = NO_LABEL
    case: str = ""
    slide: str = ""
    split: Split = Split.NONE
    microns_per_pixel: float | None = None


@dataclass(slots=True)
class TableRows:
    """`by_file` is what the table says about each file; `calls` are rows of predictions."""

    columns: Columns = field(default_factory=Columns)
    by_file: dict[str, RowReading] = field(default_factory=dict)
    calls: tuple[PlannedCall, ...] = ()
    values: tuple[LabelValue, ...] = ()
    findings: list[Finding] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    @classmethod
    def read(
        cls, source: ImportSource, options: ImportOptions, label_set: LabelSet | None
    ) -> TableRows:
        """Everything that the source's table says under these options."""
        table = source.table
        if table is None:
            return cls()
        rows = cls(columns=options.columns)
        if not options.columns.name:
            headers = ", ".join(table.header)
            rows._tell_table(
                f"none of its columns ({headers}) holds names of files; not used", table
            )
            return rows
        if options.kind not in (SourceKind.TABLE, SourceKind.PREDICTIONS):
            return rows
        rows.findings += table.problems
        if not table.rows:
            rows._tell_table("it has a header and no rows", table)
        meanings = _Meanings(table, options, label_set)
        rows.values = meanings.values()
        if options.kind is SourceKind.PREDICTIONS:
            rows._read_calls(source, table, meanings)
        else:
            rows._read_labels(source, table, meanings)
        return rows

    def _tell_table(self, reason: str, table: Table) -> None:
        self.findings.append(Finding(table.path.name, reason, FindingKind.TABLE))

    def _read_labels(self, source: ImportSource, table: Table, meanings: _Meanings) -> None:
        index = FileIndex(source.files)
        read: dict[str, RowReading] = {}
        for row in table.rows:
            name = meanings.cell(row, self.columns.name)
            file = self._one_file(name, index)
            if file is None:
                continue
            reading = meanings.read(row, name, self.findings)
            if file in read:
                read[file] = self._merged(name, read[file], reading)
            else:
                read[file] = reading
        self.by_file = read

    def _one_file(self, name: str, index: FileIndex) -> str | None:
        files = index.find(name)
        if len(files) == 1:
            return files[0]
        if not name:
            reason = "the row names no file"
        elif not files:
            reason = "no such image in the folder"
        else:
            reason = f"{len(files)} files have this name ({files[0]}, {files[1]}, …)"
        self.findings.append(Finding(name or "(empty name)", reason, FindingKind.TABLE))
        return None

    def _merged(self, name: str, first: RowReading, second: RowReading) -> RowReading:
        """A name that occurs twice: the first row counts, and no label where they differ."""
        if first.label == second.label:
            reason = "named twice in the table; the first row counts"
            self.findings.append(Finding(name, reason, FindingKind.TABLE, imported=True))
            return first
        reason = "named twice in the table with different labels; imported without a label"
        self.findings.append(Finding(name, reason, FindingKind.CONFLICT, imported=True))
        return replace(first, label=NO_LABEL)

    def _read_calls(self, source: ImportSource, table: Table, meanings: _Meanings) -> None:
        index = FileIndex(source.files)
        calls: dict[str, PlannedCall] = {}
        for row in table.rows:
            name = meanings.cell(row, self.columns.name)
            call = meanings.label_of(meanings.cell(row, self.columns.label))
            text = meanings.cell(row, self.columns.probability)
            probability = number(text)
            if not name or call not in (0, 1):
                reason = "the row names no file" if not name else "its class is neither 0 nor 1"
                self.findings.append(Finding(name or "(empty name)", reason, FindingKind.TABLE))
                continue
            if text and (probability is None or not 0 <= probability <= 1):
                reason = f"its probability {text!r} is no number from 0 to 1; the row was not used"
                self.findings.append(Finding(name, reason, FindingKind.TABLE))
                continue
            if name in calls:
                reason = "named twice in the table; the first row counts"
                self.findings.append(Finding(name, reason, FindingKind.TABLE, imported=True))
                continue
            files = index.find(name)
            path = files[0] if len(files) == 1 else ""
            calls[name] = PlannedCall(name, int(call), probability, path)
        self.calls = tuple(calls.values())


class _Meanings:
    """The cells of one table under the options of the moment."""

    def __init__(self, table: Table, options: ImportOptions, label_set: LabelSet | None) -> None:
        self._table = table
        self._columns = options.columns
        self._at = {column: at for at, column in enumerate(table.header)}
        self._labels: dict[str, int | None] = {}
        own = {} if label_set is None else _names_of(label_set)
        codes = None if label_set is None else set(own.values())
        counts: Counter[str] = Counter(self.cell(row, self._columns.label) for row in table.rows)
        self._counts = counts if self._columns.label else Counter()
        for text in self._counts:
            meant = options.value_labels.get(text, own.get(text.casefold()))
            if meant is None:
                meant = label_meant(text)
            if codes is not None and meant not in codes and meant != NO_LABEL:
                meant = None
            self._labels[text] = meant

    def cell(self, row: tuple[str, ...], column: str) -> str:
        at = self._at.get(column)
        return "" if at is None else row[at]

    def label_of(self, text: str) -> int | None:
        return self._labels.get(text, NO_LABEL)

    def values(self) -> tuple[LabelValue, ...]:
        return tuple(
            LabelValue(text, count, self._labels[text])
            for text, count in self._counts.most_common(1000)
        )

    def read(self, row: tuple[str, ...], name: str, findings: list[Finding]) -> RowReading:
        def tell(reason: str) -> None:
            findings.append(Finding(name, reason, FindingKind.TABLE, imported=True))

        columns = self._columns
        text = self.cell(row, columns.label)
        label = self.label_of(text)
        if label is None:
            tell(f"the label {text!r} is not known; imported without a label")
            label = NO_LABEL
        split_text = self.cell(row, columns.split)
        split = split_meant(split_text)
        if split is None:
            tell(f"the split {split_text!r} is not known; it is assigned like a new case")
            split = Split.NONE
        microns_text = self.cell(row, columns.microns_per_pixel)
        microns = number(microns_text)
        if microns_text and (
            microns is None or not _SANE_MICRONS[0] <= microns <= _SANE_MICRONS[1]
        ):
            tell(f"{microns_text!r} is no size of a pixel in microns; left unknown")
            microns = None
        return RowReading(
            label, self.cell(row, columns.case), self.cell(row, columns.slide), split, microns
        )


def _names_of(label_set: LabelSet) -> dict[str, int]:
    names: dict[str, int] = {}
    for label in label_set.labels:
        for name in (label.name, label.short, str(label.code)):
            names.setdefault(name.casefold(), label.code)
    return names
