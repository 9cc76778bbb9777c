"""Single patches and their history, as records."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from glomviewer.domain.disputes.records import Referral
from glomviewer.domain.disputes.wording import REFERRAL_WORDS
from glomviewer.domain.labels import LabelSet, ReferenceSource, Split
from glomviewer.domain.records import Decision, Patch, Reader
from glomviewer.store import clock
from glomviewer.store.errors import UnknownRecord
from glomviewer.store.id_list import IDS, id_list
from glomviewer.store.image_file import ImageFile
from glomviewer.store.log import Field
from glomviewer.store.made_knowing import SHOWN
from glomviewer.store.roots import absolute_path, root_folders

FILE_STATES = ("present", "missing", "changed")
"""`Patch.file_state` by the number in the table: the file as it was when last looked for."""

_PATCH = f"""
SELECT p.id, f.name, f.root_id, f.path, f.sha256, f.pixel_hash, p.width, p.height,
p.microns_per_pixel, coalesce(sl.name, ''), coalesce(c.name, ''), p.imported_label, p.split,
s.reference, s.source, s.disputed, s.flagged, s.excluded, coalesce(e.value, ''),
p.file_state, p.duplicate_of, s.comments
FROM patches p JOIN files f ON f.patch_id = p.id JOIN patch_states s ON s.patch_id = p.id
LEFT JOIN slides sl ON sl.id = p.slide_id LEFT JOIN cases c ON c.id = p.case_id
LEFT JOIN decisions e ON e.id = s.exclusion_id
WHERE p.id IN {IDS}
"""

_HISTORY = f"""
SELECT d.id, o.uuid, d.sequence, d.batch_id, d.patch_id, r.id, r.name, r.initials, d.field,
d.before_label, d.before_value, d.before_value, d.label, d.value, d.comment,
d.label, d.detail, d.comment, d.made_at, d.zone, {SHOWN}, d.model, d.on_screen, d.kind
FROM decisions d JOIN origins o ON o.id = d.origin_id JOIN readers r ON r.id = d.reader_id
WHERE d.patch_id = ? ORDER BY d.clock DESC, o.uuid DESC, d.sequence DESC
"""


def patches(connection: Connection, library: Path, ids: Sequence[int]) -> list[Patch]:
    """These patches, in this order.

    Raises:
        UnknownRecord: the library lacks one of them.
    """
    roots = root_folders(connection, library)
    rows = connection.exec_driver_sql(_PATCH, (id_list(ids),))
    found = {row[0]: _patch(row, roots) for row in rows}
    try:
        return [found[patch] for patch in ids]
    except KeyError as error:
        raise UnknownRecord(f"The library has no patch {error}.") from None


def paths_of(connection: Connection, library: Path, ids: Iterable[int]) -> dict[int, str]:
    """The absolute path of each patch that the library knows."""
    roots = root_folders(connection, library)
    rows = connection.exec_driver_sql(
        f"SELECT patch_id, root_id, path FROM files WHERE patch_id IN {IDS}", (id_list(ids),)
    )
    return {row[0]: absolute_path(roots[row[1]], row[2]) for row in rows}


def image_files_of(
    connection: Connection, library: Path, ids: Iterable[int], hidden: Collection[int] = ()
) -> dict[int, ImageFile]:
    """Where the pixels of these patches are; of `hidden` ones it is not to be told."""
    roots = root_folders(connection, library)
    rows = connection.exec_driver_sql(
        f"SELECT patch_id, root_id, path, pixel_hash FROM files WHERE patch_id IN {IDS}",
        (id_list(ids),),
    )
    return {
        row[0]: ImageFile(Path(absolute_path(roots[row[1]], row[2])), row[3], row[0] in hidden)
        for row in rows
    }


def names_of(connection: Connection, ids: Iterable[int]) -> dict[int, str]:
    rows = connection.exec_driver_sql(
        f"SELECT patch_id, name FROM files WHERE patch_id IN {IDS}", (id_list(ids),)
    )
    return {row[0]: row[1] for row in rows}


def history(connection: Connection, patch: int, label_set: LabelSet) -> list[Decision]:
    """Everything that was ever decided about a patch, newest first."""
    return [_decision(row, label_set) for row in connection.exec_driver_sql(_HISTORY, (patch,))]


def _patch(row: Any, roots: dict[int, Path]) -> Patch:
    return Patch(
        id=row[0],
        name=row[1],
        path=absolute_path(roots[row[2]], row[3]),
        sha256=row[4],
        pixel_hash=row[5],
        width=row[6],
        height=row[7],
        microns_per_pixel=row[8],
        slide=row[9],
        case=row[10],
        imported_label=row[11],
        split=Split(row[12]),
        reference_label=row[13],
        reference_source=ReferenceSource(row[14]),
        disputed=bool(row[15]),
        flagged=bool(row[16]),
        excluded=bool(row[17]),
        exclusion_reason=row[18],
        file_state=FILE_STATES[row[19]],
        duplicate_of=row[20],
        comments=row[21],
    )


def _decision(row: Any, label_set: LabelSet) -> Decision:
    field = Field(row[8])
    return Decision(
        id=row[0],
        origin=row[1],
        sequence=row[2],
        batch=row[3],
        patch=row[4],
        reader=Reader(id=row[5], name=row[6], initials=row[7]),
        field=field.value,
        before=_said(field, label_set, row[9], row[10], row[11]),
        after=_said(field, label_set, row[12], row[13], row[14]),
        label=row[15],
        detail=row[16],
        comment=row[17],
        made_at=clock.moment(row[18]),
        zone=row[19],
        call_shown=bool(row[20]),
        model=row[21],
        on_screen=bool(row[22]),
        kind=row[23],
    )


def _said(
    field: Field, label_set: LabelSet, label: int | None, value: str | None, comment: str | None
) -> str:
    """What a decision says in words; for none at all, what holds without one."""
    if field in (Field.LABEL, Field.ADJUDICATION):
        return label_set.name_of(label)
    if field is Field.COMMENT:
        return comment or ""
    if field is Field.FLAG:
        return value or "not flagged"
    if field is Field.REFERRAL:
        return REFERRAL_WORDS[Referral(value or "")]
    return f"excluded: {value}" if value else "included"
