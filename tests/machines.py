"""Several machines in one test: each with an installation, a clock and a library of its own."""

import shutil
import uuid

from glomviewer.domain.readings.protocol import Protocol, Reveal
from glomviewer.paths import installation_in as machine
from glomviewer.store.adding import NewPatch
from glomviewer.store.library import Library
from glomviewer.store.merging.foreign import FileLog, LibraryLog
from glomviewer.store.merging.merge import merge_log
from glomviewer.store.packs.row_reading import JournalReader

ANN, BOB, CID = (f"{letter * 32}" for letter in "abc")
READERS = ((ANN, "Ann"), (BOB, "Bob"), (CID, "Cid"))


def patch(number, *, pixels=None):
    return NewPatch(
        path=f"{number}.png",
        name=f"{number}",
        sha256=f"{number:064x}",
        pixel_hash=f"{number + 1000:064x}" if pixels is None else pixels,
        width=9,
        height=9,
        imported_label=number % 3 - 1,
    )


def make(folder, patches, readers=READERS[:2]):
    """A library on a machine of its own, with these patches and readers."""
    with machine(folder):
        library = Library.create(folder / "a.glomlib")
        library.add_patches(patches, root=folder)
        with library.write() as connection:
            for name_anywhere, name in readers:
                connection.exec_driver_sql(
                    "INSERT INTO readers (uuid, name, initials, added_at) VALUES (?, ?, ?, 1)",
                    (name_anywhere, name, name[0]),
                )
    return library


def copied(template, folder):
    """A closed library, taken to another machine and opened there."""
    shutil.copytree(template, folder / "a.glomlib")
    return opened(folder)


def opened(folder):
    with machine(folder):
        return Library.open(folder / "a.glomlib", backup=False)


def reading_of(library, patches, readers):
    """A reading with repeats in which everything can be taken back."""
    made = library.create_reading(
        name=uuid.uuid4().hex,
        patches=patches,
        protocol=Protocol(independent=False, reveal=Reveal.NEVER, repeats=0.5, needed=1),
        readers=readers,
        seed=3,
    )
    return made.reading


def merge(target, source, **options):
    with source.read(unblinded=True) as foreign, target.write() as connection:
        log = LibraryLog(foreign)
        return merge_log(connection, log, origin=target._origin[0], **options)


def lines_of(library):
    return b"".join(library.export_log())


def merge_lines(target, lines):
    log = FileLog(JournalReader([lines], "return.glomreturn"))
    return target.merge(log, source="return")[0]


def rows(library, sql):
    with library.read(unblinded=True) as connection:
        return connection.exec_driver_sql(sql).all()


def said(library):
    """The log here, in words that every library uses: decisions, acts, what was taken back."""
    decisions = rows(
        library,
        "SELECT o.uuid, d.sequence, d.clock, r.uuid, f.pixel_hash, i.uuid, d.field, d.kind, "
        "d.before_label, d.before_value, d.label, d.value, d.detail, d.comment, d.call_shown, "
        "d.on_screen, d.made_at, d.zone FROM decisions d JOIN origins o ON o.id = d.origin_id "
        "JOIN readers r ON r.id = d.reader_id JOIN files f ON f.patch_id = d.patch_id "
        "LEFT JOIN reading_items i ON i.id = d.item_id ORDER BY 1, 2",
    )
    journal = rows(
        library,
        "SELECT o.uuid, j.sequence, j.hash FROM journal j JOIN origins o ON o.id = j.origin_id "
        "WHERE j.kind <> 'merge' ORDER BY 1, 2",
    )
    withdrawn = rows(
        library,
        "SELECT o.uuid, b.sequence FROM withdrawn w JOIN batches b ON b.id = w.batch_id "
        "JOIN origins o ON o.id = b.origin_id ORDER BY 1, 2",
    )
    return decisions, journal, withdrawn


def labels(library):
    """What follows from the log: each reader's labels, current and first, and every patch."""
    own = rows(
        library,
        "SELECT f.pixel_hash, f.path, r.uuid, c.label, c.call_shown, c.first_label, c.made_at, "
        "o.uuid, d.sequence, fo.uuid, fd.sequence FROM current_labels c "
        "JOIN files f ON f.patch_id = c.patch_id JOIN readers r ON r.id = c.reader_id "
        "JOIN decisions d ON d.id = c.decision_id JOIN origins o ON o.id = d.origin_id "
        "LEFT JOIN decisions fd ON fd.id = c.first_id "
        "LEFT JOIN origins fo ON fo.id = fd.origin_id ORDER BY 1, 2, 3",
    )
    patches = rows(
        library,
        "SELECT f.pixel_hash, f.path, s.reference, s.source, s.blind, s.gate_label, s.disputed, "
        "s.referral, s.flagged, s.excluded, s.comments, s.decided_at, a.value, a.comment, "
        "x.value FROM patch_states s JOIN files f ON f.patch_id = s.patch_id "
        "LEFT JOIN decisions a ON a.id = s.adjudication_id "
        "LEFT JOIN decisions x ON x.id = s.exclusion_id ORDER BY 1, 2",
    )
    return own, patches


def state(library):
    return *said(library), *labels(library)
