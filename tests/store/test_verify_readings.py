"""Whoever edits who reads, what, and by which protocol is found: the journal says it as well."""

import pytest
from builders import add_model, make_library, plans
from machines import machine

from glomviewer.domain.readings.protocol import Protocol, Reveal
from glomviewer.store import verify_readings

PROTOCOL = Protocol(repeats=0.25, reveal=Reveal.AFTER, needed=2)


class TakenBack(Exception):  # noqa: N818 - nothing went wrong
    """Ends a transaction without a trace."""


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    """Ann has finished both readings, Bob neither; the second one is closed."""
    folder = tmp_path_factory.mktemp("readings")
    with machine(folder / "home"):
        yield from filled(folder)


def filled(folder):
    small = make_library(
        folder, plans(), readers=(("Ann Other", "AO"), ("Bob Else", "BE")), image_files=False
    )
    add_model(small, dict.fromkeys(small.ids, 1.0))
    library = small.library
    for name in ("first", "second"):
        made = library.create_reading(
            name=name, patches=small.ids, protocol=PROTOCOL, readers=small.readers, seed=2
        )
        assert made.reading is not None
        library.finish_reading(reading=made.reading, reader=small.reader, reason="no time")
    library.close_reading(reading=2, reason="over")
    with library:
        yield library


def test_what_nobody_edited_is_sound(library):
    with library.read() as connection:
        assert list(verify_readings.disagreements(connection)) == []


REPEAT = "(SELECT min(id) FROM reading_items WHERE repeat_of IS NOT NULL)"
EDITS = {
    "name of a reader": ("UPDATE readers SET name = 'Eve' WHERE id = 1", "Ann Other"),
    "initials of a reader": ("UPDATE readers SET initials = 'X' WHERE id = 2", "Bob Else"),
    "protocol": (
        "UPDATE readings SET protocol = replace(protocol, 'after', 'never') WHERE id = 1",
        "The reading first is not as",
    ),
    "no protocol": ("UPDATE readings SET protocol = '{' WHERE id = 1", "first"),
    "threshold": ("UPDATE readings SET threshold = 0.5 WHERE id = 2", "second"),
    "name of a reading": ("UPDATE readings SET name = 'third' WHERE id = 2", "third"),
    "another one opened": ("UPDATE readings SET closed_at = NULL WHERE id = 2", "not closed"),
    "another one closed": ("UPDATE readings SET closed_at = 1 WHERE id = 1", "is closed"),
    "end taken off": (
        "UPDATE reading_readers SET finished_at = NULL WHERE reading_id = 1 AND reader_id = 1",
        "Ann Other has finished",
    ),
    "end made up": (
        "UPDATE reading_readers SET finished_at = 1 WHERE reading_id = 1 AND reader_id = 2",
        "Bob Else has finished",
    ),
    "reader taken out": ("DELETE FROM reading_readers WHERE reader_id = 2", "other readers"),
    "order": ("UPDATE reading_items SET place = place + 100 WHERE id = 1", "The lists"),
    "turn": ("UPDATE reading_items SET turn = (turn + 1) % 8 WHERE id = 3", "The lists"),
    "repeat of nothing": (
        f"UPDATE reading_items SET repeat_of = NULL WHERE id = {REPEAT}",
        "The lists",
    ),
    "repeat of another": (
        f"UPDATE reading_items SET repeat_of = (SELECT o.id FROM reading_items o WHERE o.place = 0 "
        f"AND o.reader_id = 2 AND o.reading_id = 2) WHERE id = {REPEAT}",
        "repeat nothing",
    ),
}


@pytest.mark.parametrize("edit", EDITS)
def test_an_edit_is_found_and_it_is_told_where(library, edit):
    sql, told = EDITS[edit]
    sentences: list[str] = []
    with pytest.raises(TakenBack), library.write() as connection:
        assert connection.exec_driver_sql(sql).rowcount > 0
        sentences = list(verify_readings.disagreements(connection))
        raise TakenBack
    assert sentences and any(told in sentence for sentence in sentences), sentences
