"""What a library has to say for a report of one reading."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path

from glomviewer.domain.report.rows import DecisionRow, LibraryRows
from glomviewer.store import report_chains, report_disputes, report_rows, sight
from glomviewer.store.errors import Refused
from glomviewer.store.journal import Act, program_version
from glomviewer.store.library import Library

PROGRAM = "glomviewer"


def program_name() -> str:
    """The program and its version, as a report names them."""
    return f"{PROGRAM} {program_version()}"


def library_rows(library: Library, reading: int) -> LibraryRows:
    """All rows that a report needs beside ratings and sign-offs, in one snapshot.

    Raises:
        Refused: who sits at the screen still reads blind.
        UnknownRecord: the library has no such reading.
    """
    refuse_the_blind(library)
    with library.read(unblinded=True) as connection:
        return LibraryRows(
            reading=report_rows.reading(connection, reading),
            sampling=report_rows.sampling(connection, reading),
            readers=tuple(report_rows.readers(connection, reading)),
            settlements=report_disputes.settlements(connection, reading),
            states=report_disputes.states(connection, reading),
            comments=report_rows.comments(connection, reading),
            case_numbers=report_rows.case_numbers(connection),
            chains=tuple(report_chains.chains(connection)),
            keys=tuple(report_chains.keys(connection)),
        )


def decision_rows(library: Library, reading: int) -> Iterator[DecisionRow]:
    """Every decision about the reading's patches, in the order of the log.

    Raises:
        Refused: who sits at the screen still reads blind.
    """
    refuse_the_blind(library)
    with library.read(unblinded=True) as connection:
        yield from report_rows.decisions(connection, reading)


def refuse_the_blind(library: Library) -> None:
    """Raises:
    Refused: a report would tell this reader what he may not know yet.
    """
    if library.viewer is None:
        return
    with library.read(unblinded=True) as connection:
        blinded = sight.is_blinded(connection, library.viewer)
    if blinded:
        raise Refused(
            "You still read blind, and a report would tell you what others have called; "
            "finish your reading first."
        )


def note_report(library: Library, reading: str, files: Sequence[Path]) -> bool:
    """Write into the journal that a report was made, with the hashes of its files; False where
    the library is open for reading only."""
    if library.read_only:
        return False
    hashes = {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in files}
    with library.write() as connection:
        library.note(
            connection,
            Act.EXPORT,
            "report of a reading",
            what=report_chains.REPORT,
            reading=reading,
            files=hashes,
        )
    return True
