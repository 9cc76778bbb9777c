"""The gestures of a reader. Each is one batch in the log, whatever the number of patches."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection

from glomviewer.domain.changes import Changes
from glomviewer.domain.labels import LabelSet
from glomviewer.store import state
from glomviewer.store.carrying import WHOLE_CASE
from glomviewer.store.errors import Refused, UnknownRecord
from glomviewer.store.id_list import IDS, id_list
from glomviewer.store.log import Entry, Field, Gesture, Kind, append

NAMED_AT_MOST = 50_000
"""Above this number of patches, `Changes` says `all_patches` instead of naming them."""

_FLAG_OF_CHANGES = {
    Field.LABEL: "labels",
    Field.ADJUDICATION: "labels",
    Field.FLAG: "flags",
    Field.EXCLUSION: "exclusions",
    Field.REFERRAL: "labels",
    Field.COMMENT: "comments",
}
IN_FORCE_COLUMN = {
    Field.FLAG: "flag_id",
    Field.EXCLUSION: "exclusion_id",
    Field.ADJUDICATION: "adjudication_id",
    Field.REFERRAL: "referral_id",
}


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What the reader could see. `on_screen` None means that every patch was on screen."""

    call_shown: bool | Mapping[int, bool] = False
    model: str = ""
    on_screen: Collection[int] | None = None

    def shown(self, patch: int) -> bool:
        if isinstance(self.call_shown, bool):
            return self.call_shown
        return self.call_shown.get(patch, False)

    def knowing(self, known: Collection[int]) -> Circumstances:
        """The same, but that the calls of these patches are known to the reader."""
        if not known or self.call_shown is True:
            return self
        said = {} if self.call_shown is False else dict(self.call_shown)
        return replace(self, call_shown=said | dict.fromkeys(known, True))

    def seen(self, patch: int) -> bool:
        return self.on_screen is None or patch in self.on_screen


def label(
    connection: Connection,
    labels: Mapping[int, int],
    *,
    origin: int,
    reader: int,
    label_set: LabelSet,
    detail: str = "",
    comment: str = "",
    circumstances: Circumstances,
) -> Changes:
    """Label patches, each with its own label; what changes nothing is not logged again."""
    for code in set(labels.values()):
        check_label(label_set, code, detail)
    patches = list(labels)
    known = _current(connection, reader, patches)
    entries = [
        Entry(
            patch=patch,
            field=Field.LABEL,
            before_label=known[patch].label,
            label=code,
            detail=detail,
            comment=comment,
            call_shown=circumstances.shown(patch),
            model=circumstances.model if circumstances.shown(patch) else "",
            on_screen=circumstances.seen(patch),
        )
        for patch, code in labels.items()
        if comment or not known[patch].says(code, detail, circumstances.seen(patch))
    ]
    names = sorted(set(labels.values()))
    what = label_set.name_of(names[0]) if len(names) == 1 else "by the call"
    how_many = _count(entries)
    sentence = f"Labelled {how_many} {what}."
    return record(connection, entries, f"label {how_many} {what}", sentence, origin, reader)


def flag(
    connection: Connection, patches: Sequence[int], flagged: bool, *, origin: int, reader: int
) -> Changes:
    value = "flagged" if flagged else ""
    entries = _shared_entries(connection, Field.FLAG, patches, value=value)
    title = f"{'flag' if flagged else 'unflag'} {_count(entries)}"
    sentence = f"{'Flagged' if flagged else 'Unflagged'} {_count(entries)}."
    return record(connection, entries, title, sentence, origin, reader)


def exclude(
    connection: Connection,
    patches: Sequence[int],
    reason: str,
    *,
    origin: int,
    reader: int,
    whole_case: bool = False,
) -> Changes:
    """Exclude patches with a reason; a whole case's later patches will be excluded as well.

    Raises:
        Refused: the reason is empty.
    """
    reason = reason.strip()
    if not reason:
        raise Refused("Say why the patches are to be excluded, such as wrong stain.")
    detail = WHOLE_CASE if whole_case else ""
    entries = _shared_entries(connection, Field.EXCLUSION, patches, value=reason, detail=detail)
    what = f"{_count(entries)}: {reason}"
    return record(connection, entries, f"exclude {what}", f"Excluded {what}.", origin, reader)


def include(connection: Connection, patches: Sequence[int], *, origin: int, reader: int) -> Changes:
    entries = _shared_entries(connection, Field.EXCLUSION, patches, value="")
    what = f"{_count(entries)} again"
    return record(connection, entries, f"include {what}", f"Included {what}.", origin, reader)


def comment_on(
    connection: Connection, patch: int, text: str, *, origin: int, reader: int
) -> Changes:
    text = text.strip()
    if not text:
        raise Refused("The comment is empty, so nothing was saved.")
    _check_patches(connection, [patch])
    entry = Entry(patch, Field.COMMENT, comment=text, on_screen=True)
    return record(connection, [entry], "comment on 1 patch", "Comment saved.", origin, reader)


def adjudicate(
    connection: Connection,
    patch: int,
    code: int,
    reason: str,
    *,
    origin: int,
    reader: int,
    label_set: LabelSet,
    circumstances: Circumstances,
) -> Changes:
    """Settle what a patch is, whatever its readers say."""
    check_label(label_set, code, "")
    before = _in_force(connection, Field.ADJUDICATION, [patch])[patch]
    entry = Entry(
        patch=patch,
        field=Field.ADJUDICATION,
        before_label=before.label,
        label=code,
        comment=reason.strip(),
        call_shown=circumstances.shown(patch),
        model=circumstances.model if circumstances.shown(patch) else "",
        on_screen=True,
    )
    what = f"1 patch {label_set.name_of(code)}"
    sentence = f"Adjudicated {what}."
    return record(connection, [entry], f"adjudicate {what}", sentence, origin, reader)


def patches_of_case(connection: Connection, case: str) -> list[int]:
    """Every patch of a case; none for the empty name.

    Raises:
        UnknownRecord: the library has no such case.
    """
    if not case:
        return []
    rows = connection.exec_driver_sql(
        "SELECT p.id FROM patches p JOIN cases c ON c.id = p.case_id WHERE c.name = ?", (case,)
    )
    patches = [int(row[0]) for row in rows]
    if not patches:
        raise UnknownRecord(f"The library has no case {case}.")
    return patches


def record(
    connection: Connection,
    entries: Sequence[Entry],
    title: str,
    sentence: str,
    origin: int,
    reader: int,
) -> Changes:
    """Append a gesture and apply it; nothing is appended where nothing changes."""
    if not entries:
        return Changes(sentence="Nothing to change: it is so already.")
    batch = append(connection, Gesture(reader, title, Kind.DO, entries), origin=origin)
    state.apply_batch(connection, batch)
    return changes_of(entries, batch, sentence)


def changes_of(entries: Sequence[Entry], batch: int, sentence: str) -> Changes:
    patches = tuple(dict.fromkeys(entry.patch for entry in entries))
    flags: dict[str, Any] = {_FLAG_OF_CHANGES[entry.field]: True for entry in entries}
    if any(entry.on_screen for entry in entries):
        flags["seen"] = True
    if any(entry.comment for entry in entries):
        flags["comments"] = True
    many = len(patches) > NAMED_AT_MOST
    return Changes(
        patches=() if many else patches,
        all_patches=many,
        undo=True,
        sentence=sentence,
        batch=batch,
        **flags,
    )


@dataclass(frozen=True, slots=True)
class _Current:
    decision: int | None
    label: int = -1
    detail: str = ""
    on_screen: bool = False

    def says(self, code: int, detail: str, on_screen: bool) -> bool:
        """Whether a decision would add nothing; a first look at the patch does add something."""
        same = self.decision is not None and (self.label, self.detail) == (code, detail)
        return same and (self.on_screen or not on_screen)


def _current(connection: Connection, reader: int, patches: Sequence[int]) -> dict[int, _Current]:
    _check_patches(connection, patches)
    known = dict.fromkeys(patches, _Current(None))
    rows = connection.exec_driver_sql(
        "SELECT c.patch_id, d.id, d.label, d.detail, d.on_screen FROM current_labels c "
        f"JOIN decisions d ON d.id = c.decision_id WHERE c.patch_id IN {IDS} AND c.reader_id = ?",
        (id_list(patches), reader),
    )
    for patch, decision, code, detail, on_screen in rows:
        known[patch] = _Current(decision, code, detail, bool(on_screen))
    return known


def _shared_entries(
    connection: Connection, field: Field, patches: Sequence[int], *, value: str, detail: str = ""
) -> list[Entry]:
    in_force = _in_force(connection, field, patches)
    return [
        Entry(patch, field, before_value=in_force[patch].value, value=value, detail=detail)
        for patch in dict.fromkeys(patches)
        if (in_force[patch].value, in_force[patch].detail) != (value, detail)
    ]


@dataclass(frozen=True, slots=True)
class _Shared:
    """What holds of a patch, whoever said it."""

    label: int
    value: str
    detail: str


def _in_force(connection: Connection, field: Field, patches: Sequence[int]) -> dict[int, _Shared]:
    _check_patches(connection, patches)
    rows = connection.exec_driver_sql(
        "SELECT s.patch_id, coalesce(d.label, -1), coalesce(d.value, ''), coalesce(d.detail, '') "
        "FROM patch_states s LEFT JOIN decisions d "
        f"ON d.id = s.{IN_FORCE_COLUMN[field]} WHERE s.patch_id IN {IDS}",
        (id_list(patches),),
    )
    return {row[0]: _Shared(*row[1:]) for row in rows}


def _check_patches(connection: Connection, patches: Sequence[int]) -> None:
    wanted = set(patches)
    found = connection.exec_driver_sql(
        f"SELECT count(*) FROM patches WHERE id IN {IDS}", (id_list(wanted),)
    ).scalar_one()
    if found != len(wanted):
        raise UnknownRecord(
            f"The library has no patch for {len(wanted) - found} of the {len(wanted)} numbers."
        )


def check_label(label_set: LabelSet, code: int, detail: str) -> None:
    try:
        known = label_set[code]
    except KeyError:
        choices = ", ".join(f"{entry.code} {entry.name}" for entry in label_set.labels)
        raise Refused(f"There is no label {code}; the labels are {choices}.") from None
    if detail and detail not in known.details:
        choices = ", ".join(known.details) or "none"
        raise Refused(f"The label {known.name} has no detail {detail!r}; it has: {choices}.")


def _count(entries: Sequence[Entry]) -> str:
    number = len({entry.patch for entry in entries})
    return f"{number:,} patch" if number == 1 else f"{number:,} patches"
