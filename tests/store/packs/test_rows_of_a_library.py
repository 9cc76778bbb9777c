"""What a library's journal says goes through a file and has the same hash on the other side."""

import pytest

from glomviewer.store import journal
from glomviewer.store.adding import NewPatch
from glomviewer.store.library import Library
from glomviewer.store.packs.canonical import canonical
from glomviewer.store.packs.row_reading import JournalReader
from glomviewer.store.packs.rows import (
    DecisionRow,
    GestureContent,
    JournalEntry,
    OriginName,
    ReaderName,
    RowsHead,
    rows_to_bytes,
)


@pytest.fixture
def library(tmp_path):
    with Library.create(tmp_path / "test.glomlib") as library:
        patches = [
            NewPatch(
                path=f"p{number}.png",
                name=f"p{number}.png",
                sha256=f"{number:064x}",
                pixel_hash=f"{number + 1000:064x}",
                width=10,
                height=10,
            )
            for number in range(4)
        ]
        library.add_patches(patches, root=tmp_path)
        yield library


_ACTS = (
    "SELECT o.uuid, j.sequence, j.clock, j.kind, coalesce(r.uuid, ''), j.made_at, j.zone, "
    "j.title, j.program, j.body, j.hash, j.batch_id FROM journal j JOIN origins o "
    "ON o.id = j.origin_id LEFT JOIN readers r ON r.id = j.reader_id ORDER BY j.sequence"
)


def acts_of(connection):
    for *fields, batch in connection.exec_driver_sql(_ACTS).all():
        entry = JournalEntry(*fields)
        if batch is None:
            yield entry
            continue
        content = journal.content_of_batch(connection, batch)
        origin, root = content.pop("root")
        gesture = GestureContent(**content, root=(origin, root))
        rows = tuple(DecisionRow(*row) for row in journal.rows_of_batch(connection, batch))
        yield JournalEntry(*fields, gesture=gesture, rows=rows)


def test_the_chain_holds_after_the_journey(library):
    ann = library.add_reader("Ann Other", "AO").id
    library.decide_many(reader=ann, labels={1: 1, 2: 0}, comment="a \u2028 line, ß and \U0001f600")
    library.flag(reader=ann, patches=[3])
    library.undo(reader=ann)
    with library.read() as connection:
        entries = list(acts_of(connection))
        origins = {entry.origin for entry in entries}
        readers = connection.exec_driver_sql("SELECT uuid, name, initials FROM readers").all()
    head = RowsHead(
        tuple(OriginName(uuid) for uuid in origins), tuple(ReaderName(*row) for row in readers)
    )
    reader = JournalReader(rows_to_bytes(head, entries), "x.glomreturn")
    arrived = list(reader.entries())
    assert arrived == entries
    assert sum(entry.gesture is not None for entry in arrived) == 3
    previous = ""
    for entry in arrived:
        previous = journal.entry_hash(previous, entry.header(), entry.rows)
        assert previous == entry.hash


def test_both_write_values_down_alike():
    value = {"b": [1, 0.1, None, True, "ß\u2028\n\U0001f600"], "a": {}}
    assert canonical(value) == journal.canonical(value)
