"""What tests of readings in the store do to a library, by ids."""

from glomviewer.domain.readings.protocol import Protocol, Reveal
from glomviewer.store import pending

SCLEROTIC, NOT_SCLEROTIC, CANNOT_TELL = 1, 0, 2
INDEPENDENT = Protocol(repeats=0.1, reveal=Reveal.AFTER, needed=2)


def begun(small, protocol=INDEPENDENT, *, name="first", readers=2, patches=None, **more):
    """A reading of all patches for the first readers; its id."""
    changes = small.library.create_reading(
        name=name,
        patches=small.ids if patches is None else patches,
        protocol=protocol,
        readers=small.readers[:readers],
        **{"seed": 1} | more,
    )
    return changes.reading


def call(small, reader, item, label=SCLEROTIC, **more):
    return small.library.commit_item(reader=reader, item=item.id, label=label, **more)


def read_all(small, reading, reader, label=SCLEROTIC):
    for item in small.library.reading_items(reading, reader):
        call(small, reader, item, label)


def rows_of(library, sql):
    with library.read(unblinded=True) as connection:
        return connection.exec_driver_sql(sql).all()


def pending_is_right(library):
    with library.read(unblinded=True) as connection:
        return pending.differences(connection) == 0
