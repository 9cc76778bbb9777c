"""Reads from a library what a report of one of its readings is made of."""

from __future__ import annotations

from glomviewer.domain.readings.protocol import Protocol
from glomviewer.domain.records import ModelRecord
from glomviewer.jobs.reporting.material import Material
from glomviewer.store.library import Library
from glomviewer.store.report_source import library_rows, program_name


def gather(library: Library, reading: int) -> Material:
    """Raises:
    Refused: who sits at the screen still reads blind.
    UnknownRecord: the library has no such reading.
    """
    rows = library_rows(library, reading)
    return Material(
        library=library.folder.stem,
        program=program_name(),
        labels=library.label_set,
        rows=rows,
        protocol=_sentences(rows.reading.protocol),
        table=library.ratings(reading),
        sign_offs=tuple(library.signoffs(reading)),
        late=tuple(library.later_changes(reading)),
        model=_model(library, rows.reading.model),
    )


def _sentences(protocol: str) -> tuple[str, ...]:
    """The protocol clause by clause, each as a sentence of its own."""
    clauses = Protocol.from_json(protocol).sentence().removesuffix(".").split("; ")
    return tuple(f"{clause[0].upper()}{clause[1:]}." for clause in clauses)


def _model(library: Library, wanted: str) -> ModelRecord | None:
    return library.model(wanted) if wanted else library.active_model()
