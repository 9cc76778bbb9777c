"""Taking in a return or another library's labels, in the caller's one transaction."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlalchemy import Connection

from glomviewer.domain.labels import LabelSet
from glomviewer.store import journal
from glomviewer.store.errors import Refused
from glomviewer.store.exchange import known_keys, labels, returning, sent_readings, telling
from glomviewer.store.exchange.errors import AlteredImages, OtherPack
from glomviewer.store.exchange.guarded import GuardedLog
from glomviewer.store.exchange.merged import MergedPack
from glomviewer.store.exchange.returning import ReturnPayload
from glomviewer.store.exchange.watching import Watching
from glomviewer.store.exchange.writing import keep_pack
from glomviewer.store.journal import Act
from glomviewer.store.merging.merge import ORIGINS, SIGNED_BY, merge_log
from glomviewer.store.merging.report import MergeReport, counted
from glomviewer.store.packs.manifest import PackKind
from glomviewer.store.packs.opening import Pack

_PACK = """
SELECT k.reading_id, k.reader_id, g.uuid, r.uuid, r.name, g.name FROM packs k
JOIN readings g ON g.id = k.reading_id JOIN readers r ON r.id = k.reader_id
WHERE k.uuid = ? AND k.kind = ?
"""
SENDER = "whoever wrote the file"

_BROUGHT = f"""
SELECT origin FROM (
SELECT x.key AS origin, json_extract(m.body, '$.{SIGNED_BY}') AS signed_by, min(m.sequence)
FROM journal m CROSS JOIN json_each(m.body, '$.{ORIGINS}') x
WHERE m.kind = '{Act.MERGE.value}' AND m.origin_id = ?3 GROUP BY x.key) WHERE signed_by = ?2
"""
"""Logs that came here first in a file signed by this key."""

_OTHERS_LOGS = f"""
SELECT o.uuid, max(j.sequence) FROM origins o JOIN journal j ON j.origin_id = o.id
LEFT JOIN readers r ON r.id = j.reader_id GROUP BY o.id
HAVING o.installation <> '' OR max(coalesce(r.uuid <> ?1, 0))
OR NOT (max(coalesce(r.uuid = ?1, 0)) OR o.uuid IN ({_BROUGHT}))
"""
"""Logs that a reader (a uuid) can't go on with: those that are written here, others', and those in
which nobody has acted by name, unless it was his key that brought them."""
_INSTALLATIONS = """
SELECT count(DISTINCT fingerprint) FROM packs WHERE kind = ? AND reading_id = ? AND reader_id = ?
"""


@dataclass(frozen=True, slots=True)
class Incoming:
    """A file that is to be taken in. `trust` is the fingerprint that was compared, `origin` the
    row under which this installation writes, `by` who takes it in."""

    pack: Pack
    file: str
    trust: str
    origin: int
    by: int | None
    watching: Watching


def take_in_return(connection: Connection, incoming: Incoming) -> MergedPack:
    """Merge a reader's decisions.

    Raises:
        OtherPack, AlteredImages, UnknownKey, OtherKey, Refused: nothing was changed.
        ImportCancelled: the transaction must not be committed.
    """
    pack, file = incoming.pack, incoming.file
    payload = returning.read_return(pack.manifest, file)
    of = _whose(connection, payload, file)
    trusted = trust_key(connection, incoming, payload.reader, of.reader_name)
    missing = _compare_images(connection, incoming, of.reading, of.reader)
    log = _log(connection, incoming, reader=payload.reader)
    report = _merge(connection, incoming, log, all_by=of.reader)
    keep_pack(
        connection,
        pack.manifest.uuid,
        PackKind.RETURN,
        fingerprint=pack.fingerprint,
        reading=of.reading,
        reader=of.reader,
        note=payload.pack,
    )
    installations = int(
        connection.exec_driver_sql(
            _INSTALLATIONS, (PackKind.RETURN.value, of.reading, of.reader)
        ).scalar_one()
    )
    merged = MergedPack(
        kind=PackKind.RETURN,
        file=file,
        fingerprint=pack.fingerprint,
        sentences=(),
        reader=of.reader_name,
        reading=of.reading_name,
        done=payload.done,
        items=payload.items,
        finished=payload.finished,
        missing=missing,
        installations=installations,
        trusted=trusted,
        report=report,
    )
    return replace(merged, sentences=tuple(telling.return_sentences(merged)))


def take_in_labels(connection: Connection, incoming: Incoming, label_set: LabelSet) -> MergedPack:
    """Merge the log of another library with the same patches.

    Raises:
        UnknownKey, OtherKey, Refused: nothing was changed.
        ImportCancelled: the transaction must not be committed.
    """
    pack, file = incoming.pack, incoming.file
    payload = labels.read_labels(pack.manifest, file)
    if payload.label_set != label_set:
        raise Refused(
            f"{file} uses other labels than this library; labels are taken in only where both "
            "libraries call things alike. Nothing was changed."
        )
    trusted = trust_key(connection, incoming, known_keys.LIBRARIES, SENDER)
    sent = labels.read_readings(pack.read(labels.READINGS), file)
    log = _log(connection, incoming)
    added = sent_readings.add_readings(connection, sent, log.readers)
    report = _merge(connection, incoming, log)
    keep_pack(connection, pack.manifest.uuid, PackKind.LABELS, fingerprint=pack.fingerprint)
    sentences = [f"Labels of another library were merged from {file}.", *report.sentences]
    if added:
        sentences.append(f"{counted(added, 'reading came', 'readings came')} with them.")
    return MergedPack(
        kind=PackKind.LABELS,
        file=file,
        fingerprint=pack.fingerprint,
        sentences=tuple(sentences),
        trusted=trusted,
        report=report,
    )


@dataclass(frozen=True, slots=True)
class _Answered:
    """Which reading of which reader (rows' ids) a return answers, and what they are called."""

    reading: int
    reader: int
    reading_name: str
    reader_name: str


def _whose(connection: Connection, payload: ReturnPayload, file: str) -> _Answered:
    row = connection.exec_driver_sql(_PACK, (payload.pack, PackKind.READING.value)).one_or_none()
    if row is None:
        raise OtherPack(
            f"{file} answers a pack that this library has not written: it belongs to another "
            "library, or this one was put back from a backup that is older than the pack. Nothing "
            "was changed."
        )
    if (row[2], row[3]) != (payload.reading, payload.reader):
        raise OtherPack(
            f"{file} names another reading or another reader than the pack that it answers; "
            "nothing was changed."
        )
    return _Answered(reading=row[0], reader=row[1], reading_name=row[5], reader_name=row[4])


def trust_key(connection: Connection, incoming: Incoming, subject: str, name: str) -> bool:
    """Whether the key was unknown for this subject so far; from now on it is known.

    Raises:
        UnknownKey, OtherKey: nobody says that it was compared, or another one was.
    """
    public = incoming.pack.signer
    if known_keys.is_known(connection, public, subject):
        return False
    known_keys.check_trust(public, incoming.trust, incoming.file, name)
    known_keys.trust(connection, public, subject, name)
    journal.write(
        connection,
        incoming.origin,
        Act.PACK,
        f"key of {name} compared and trusted",
        reader=incoming.by,
        body={"fingerprint": incoming.pack.fingerprint, "for": subject},
    )
    return True


def _compare_images(connection: Connection, incoming: Incoming, reading: int, reader: int) -> int:
    """How many images could not be looked at where they were read.

    Raises:
        AlteredImages: some are not those that were sent.
    """
    theirs = returning.read_images(incoming.pack.read(returning.IMAGES), incoming.file)
    sent = connection.exec_driver_sql(
        "SELECT uuid, sent_hash FROM reading_items WHERE reading_id = ? AND reader_id = ?",
        (reading, reader),
    ).all()
    altered = sum(theirs.get(item, "") not in ("", hashed) for item, hashed in sent)
    if altered:
        what = "1 image is" if altered == 1 else f"{altered:,} images are"
        raise AlteredImages(
            f"{what} not as they were sent: somebody has altered them at the reader's place, so "
            f"nobody knows what was read. Nothing of {incoming.file} was taken in; write the pack "
            "anew."
        )
    return sum(not theirs.get(item) for item, _ in sent)


def _log(connection: Connection, incoming: Incoming, *, reader: str = "") -> GuardedLog:
    """`reader` is the uuid of whom a return is for."""
    own = journal.head_of(connection, incoming.origin)
    asked = (reader, incoming.pack.fingerprint, incoming.origin)
    others = connection.exec_driver_sql(_OTHERS_LOGS, asked) if reader else ()
    return GuardedLog(
        incoming.pack.read(returning.JOURNAL),
        incoming.file,
        own_origin=own.origin,
        own_acts=own.sequence,
        reader=reader,
        others={str(row[0]): int(row[1]) for row in others},
    )


def _merge(
    connection: Connection, incoming: Incoming, log: GuardedLog, *, all_by: int | None = None
) -> MergeReport:
    report = merge_log(
        connection,
        log,
        origin=incoming.origin,
        source=incoming.file,
        reader=incoming.by,
        all_by=all_by,
        signed_by=incoming.pack.fingerprint,
        progress=incoming.watching.import_progress,
        cancelled=incoming.watching.cancelled,
    )
    if report.refused and not report.new:
        raise Refused(report.sentence)
    return report
