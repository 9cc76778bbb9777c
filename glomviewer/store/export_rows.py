"""Gathering what an export writes: one row a patch that is not excluded, by name."""

from __future__ import annotations

import math
from collections import defaultdict

from sqlalchemy import Connection

from glomviewer.domain.labels import NO_LABEL, ReferenceSource, Split
from glomviewer.store import clock
from glomviewer.store.export_values import (
    MODEL_COLUMNS,
    ExportedModel,
    ExportOptions,
    ExportRow,
)
from glomviewer.store.library import Library
from glomviewer.store.roots import absolute_path, root_folders

_PATCHES = """
SELECT p.id, f.name, f.root_id, f.path, f.sha256, s.reference, s.source, p.split,
p.microns_per_pixel, coalesce(c.name, ''), coalesce(l.name, ''), a.reader_id, a.made_at
FROM patches p JOIN files f ON f.patch_id = p.id JOIN patch_states s ON s.patch_id = p.id
LEFT JOIN cases c ON c.id = p.case_id LEFT JOIN slides l ON l.id = p.slide_id
LEFT JOIN decisions a ON a.id = s.adjudication_id
WHERE s.excluded = 0 ORDER BY f.sort_key, p.id
"""

_DECIDED = "SELECT patch_id, reader_id, label, made_at FROM current_labels ORDER BY made_at"

Figures = dict[int, tuple[int, float]]


def gather(
    library: Library, options: ExportOptions
) -> tuple[list[ExportRow], ExportedModel | None]:
    """All rows, and the model whose calls they hold where columns of a model are asked for."""
    library.refuse_while_blinded("Exporting")
    model, figures = _figures(library, options)
    with library.read() as connection:
        rows = _rows(connection, library, options, figures)
    return rows, model


def _rows(
    connection: Connection, library: Library, options: ExportOptions, figures: Figures
) -> list[ExportRow]:
    folders = root_folders(connection, library.folder)
    targets = library.label_set.targets()
    readers = {
        int(row[0]): f"{row[1]} ({row[2]})"
        for row in connection.exec_driver_sql("SELECT id, name, initials FROM readers")
    }
    decided: defaultdict[int, list[tuple[int, int, int]]] = defaultdict(list)
    for patch, reader, label, made_at in connection.exec_driver_sql(_DECIDED):
        decided[patch].append((reader, label, made_at))
    found: list[ExportRow] = []
    for (
        patch, name, root, path, sha256, reference, source, split, microns, case, slide,
        adjudicator, adjudicated_at,
    ) in connection.exec_driver_sql(_PATCHES):  # fmt: skip
        said = _Said(reference, ReferenceSource(source), decided.get(patch, []))
        if adjudicator is not None:
            said = _Said(reference, ReferenceSource(source), [(adjudicator, 0, adjudicated_at)])
        if options.reader is not None:
            said = said.by(options.reader)
        if options.labelled_only and said.label == NO_LABEL:
            continue
        if options.splits and Split(split) not in options.splits:
            continue
        call, probability = figures.get(patch, (None, None))
        found.append(
            ExportRow(
                patch=patch,
                name=name,
                path=absolute_path(folders[root], path),
                sha256=sha256,
                label=said.label,
                target=targets.get(said.label),
                source=said.source.name.lower().replace("_", " "),
                reader="; ".join(readers[reader] for reader in said.readers),
                time=said.time,
                case=case,
                slide=slide,
                split=Split(split),
                microns_per_pixel=microns,
                call=call,
                probability=probability,
            )
        )
    return found


class _Said:
    """Who said what about a patch; the imported label has neither reader nor time."""

    def __init__(
        self, label: int, source: ReferenceSource, decided: list[tuple[int, int, int]]
    ) -> None:
        self.label = label
        self.source = source
        self._decided = decided

    def by(self, reader: int) -> _Said:
        own = [entry for entry in self._decided if entry[0] == reader]
        if not own:
            return _Said(NO_LABEL, ReferenceSource.NONE, [])
        return _Said(own[-1][1], ReferenceSource.SINGLE_READER, own)

    @property
    def readers(self) -> list[int]:
        return [reader for reader, _, _ in self._decided]

    @property
    def time(self) -> str:
        if not self._decided:
            return ""
        last = max(made_at for _, _, made_at in self._decided)
        return clock.moment(last).isoformat(timespec="seconds")


def _figures(library: Library, options: ExportOptions) -> tuple[ExportedModel | None, Figures]:
    if not set(options.columns) & set(MODEL_COLUMNS):
        return None, {}
    record = library.model(options.model) if options.model else library.active_model()
    if record is None:
        return None, {}
    table = library.load_table(None)
    view = library.load_model_view(table, record.id)
    calls = view.calls()
    figures = {
        int(patch): (int(call), _probability(float(value)))
        for patch, call, value in zip(table.ids, calls, view.logit, strict=True)
        if call >= 0
    }
    threshold = _probability(record.threshold)
    return ExportedModel(record.id, record.name, record.version, threshold), figures


def _probability(logit: float) -> float:
    if logit >= 0:
        return 1.0 / (1.0 + math.exp(-logit))
    return math.exp(logit) / (1.0 + math.exp(logit))
