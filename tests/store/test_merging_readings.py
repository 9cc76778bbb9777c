"""What merging does with readings: ends and sign-offs hold everywhere, other acts only at home."""

import shutil

import pytest
from builders import add_model, make_library
from machines import machine, merge, opened, rows

from glomviewer.domain.readings.protocol import Protocol, Reveal
from glomviewer.domain.readings.records import Meaning
from glomviewer.store import pending, recomputation, verify_log
from glomviewer.store.errors import Refused


@pytest.fixture
def three(tmp_path):
    """A library with a reading, and two copies of it on machines of their own."""
    with machine(tmp_path / "home"):
        made = make_library(tmp_path)
    home = made.library
    bob = home.add_reader("Bob Else", "BE").id
    protocol = Protocol(reveal=Reveal.NEVER, repeats=0.0)
    home.create_reading(
        name="first", patches=[1, 2, 3], protocol=protocol, readers=[made.reader, bob], seed=1
    )
    add_model(made, {1: 1.0}, model_id="m1")
    add_model(made, {1: 1.0}, model_id="m2")
    home.close()
    libraries = []
    for name in ("home", "one", "two"):
        folder = tmp_path / "copies" / name
        folder.mkdir(parents=True)
        shutil.copytree(home.folder, folder / "a.glomlib")
        libraries.append(opened(folder))
    yield libraries
    for library in libraries:
        library.close()


def read(library, reader, label):
    for item in library.reading_items(1, reader):
        library.commit_item(reader=reader, item=item.id, label=label)


def sound(library):
    with library.read(unblinded=True) as connection:
        assert verify_log.log_problems(connection) == []
        assert recomputation.differences(connection) == []
        assert pending.differences(connection) == 0


def test_a_finished_and_signed_reading_is_so_at_home_too(three):
    home, one, _ = three
    read(one, 1, 1)
    one.finish_reading(reading=1, reader=1)
    one.sign_off(reading=1, reader=1, meaning=Meaning.READ, note="with care")
    assert rows(home, "SELECT count(*) FROM pending WHERE reader_id = 1") == [(3,)]
    merge(home, one)
    progress = home.reading(1).progress_of(1)
    assert progress is not None and progress.finished is not None and progress.signed
    (signed,) = home.signoffs(1)
    assert (signed.note, signed.heads) == ("with care", one.signoffs(1)[0].heads)
    assert rows(home, "SELECT count(*) FROM pending WHERE reader_id = 1") == [(0,)]
    with pytest.raises(Refused):
        home.finish_reading(reading=1, reader=1)
    merge(home, one)
    assert len(home.signoffs(1)) == 1
    sound(home)


def test_the_same_reading_from_two_installations_is_kept_twice_and_told(three):
    home, one, two = three
    read(one, 1, 0)
    read(two, 1, 1)
    two.decide(reader=2, patches=[4], label=1)
    merge(home, one)
    report = merge(home, two)
    assert "has read 3 patches of first on two installations" in report.sentence
    assert {(one.label, one.kind) for one in home.history(1)} == {(0, "do"), (1, "do")}
    merge(two, one)
    assert [item.label for item in home.reading_items(1, 1)] == [
        item.label for item in two.reading_items(1, 1)
    ]
    sound(home)
    sound(two)


def test_a_model_promoted_elsewhere_is_not_promoted_here(three):
    home, one, _ = three
    one.promote("m2", reader=1, reason="better")
    one.set_threshold("m1", 3.5, reader=1)
    one.count_look(None, "a look there")
    merge(home, one)
    active = home.active_model()
    assert active is not None and active.id == "m1"
    assert home.model("m1").threshold != 3.5 and home.looks() == 0
    assert any("made active" in row.title for row in home.journal(limit=5))
    sound(home)


def test_a_copy_that_comes_back_to_its_machine_goes_on_in_its_log(three, tmp_path):
    """The library of machine one is carried to machine two and back again: the acts that were
    merged there, and those that one writes afterwards, are told apart."""
    _, one, two = three
    one.count_look(None, "at one")
    merge(two, one)
    two.count_look(None, "at two")
    two.close()
    folder = tmp_path / "copies" / "one"
    one.close()
    shutil.rmtree(folder / "a.glomlib")
    shutil.copytree(two.folder, folder / "a.glomlib")
    back = opened(folder)
    back.count_look(None, "at one again")
    assert back.looks() == 2
    sound(back)
    back.close()
