"""The demo's reading room: alive, honest, and hiding nothing from whoever looks at the demo."""

import csv

import pytest

from glomviewer.domain.disputes.records import DisputeState, Referral
from glomviewer.domain.labels import NO_LABEL, Split
from glomviewer.domain.readings.records import Meaning
from glomviewer.paths import resources_dir
from glomviewer.store.demo_library import make_demo_library
from glomviewer.store.demo_room import READ, READ_PATCHES, WAITING, WAITING_PATCHES
from glomviewer.store.library import Library
from glomviewer.store.verify import FileCheck, verify


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("demo") / "demo.glomlib"
    make_demo_library(made)
    return made


@pytest.fixture
def library(folder):
    with Library.open(folder, write=False) as library:
        yield library


def reading_named(library, name):
    return next(one for one in library.readings() if one.name == name)


def own_items(library, reading):
    return {
        one.reader.name: library.reading_items(reading.id, one.reader.id) for one in reading.readers
    }


def test_the_demo_is_sound(folder):
    assert verify(folder, files=FileCheck.SIZE).problems == []


def test_every_reader_but_the_demo_s_own_says_that_he_is_drawn(library):
    names = {reader.name for reader in library.readers()}
    assert {name for name in names if not name.endswith(" Drawn")} == {"Demo Reader"}


def test_two_have_read_independently_and_signed(library):
    reading = reading_named(library, READ)
    assert reading.protocol.independent and reading.is_finished
    assert reading.patches == READ_PATCHES
    assert [one.signed for one in reading.readers] == [True, True]
    assert {signed.meaning for signed in library.signoffs(reading.id)} == {Meaning.READ}
    for items in own_items(library, reading).values():
        assert all(item.is_done for item in items)
        assert sum(item.is_repeat for item in items) == 6


def test_they_differ_hesitate_change_and_comment(library):
    lists = own_items(library, reading_named(library, READ))
    items = [item for own in lists.values() for item in own]
    cannot_tell = next(one.code for one in library.label_set.labels if one.details and one.code > 1)
    assert 3 <= sum(item.first_label != item.label for item in items) <= 20
    assert sum(bool(item.comment) for item in items) >= 3
    hesitant = [item for item in items if item.label == cannot_tell]
    assert hesitant and all(item.detail for item in hesitant)
    calls = [{item.patch: item.first_label for item in own} for own in lists.values()]
    agreed = sum(calls[0][patch] == calls[1][patch] for patch in calls[0])
    assert 0.7 < agreed / READ_PATCHES < 0.95


def test_disputes_stand_in_every_state(library):
    counts = library.dispute_counts()
    assert counts[DisputeState.OPEN] >= 5
    assert {counts[state] for state in DisputeState if state is not DisputeState.OPEN} == {1}
    [settled] = library.disputes(DisputeState.SETTLED)
    adjudication = library.dispute(settled).adjudication
    assert adjudication is not None and adjudication.reader.name == "Cleo Drawn"
    assert adjudication.reason and not adjudication.call_shown
    [back] = library.disputes(DisputeState.SENT_BACK)
    referred = library.dispute(back).referral
    assert referred is not None and referred.to is Referral.READING and referred.reason


def test_what_waits_for_the_demo_s_reader_hides_nothing_from_him(library):
    waiting = reading_named(library, WAITING)
    [own] = waiting.readers
    assert own.reader.name == "Demo Reader" and own.done == 0
    assert waiting.patches == WAITING_PATCHES and not waiting.protocol.independent
    seen = library.load_table(None)
    library.viewer = own.reader.id
    before_him = library.load_table(own.reader.id)
    assert (before_him["imported"] == seen["imported"]).all()
    assert (before_him["reference"] == seen["reference"]).all()


def test_the_locked_set_is_left_to_whoever_uses_the_demo(library):
    table = library.load_table(None)
    read = [patch for one in library.readings() for patch in library.reading_patches(one.id)]
    rows = table.rows_of(tuple(read))
    assert not (table["split"][rows] == Split.LOCKED).any()
    assert (table["imported"][rows] != NO_LABEL).all()


def test_all_patches_come_with_the_calls_of_the_demo_model(library):
    model = library.active_model()
    assert model is not None and library.unpredicted(model.id) == []
    table = library.load_table(None)
    calls = library.load_model_view(table, model.id, None).calls()
    names = {patch.id: patch.name for patch in library.patches(table.ids.tolist())}
    with (resources_dir() / "demo" / "calls.csv").open(encoding="utf-8", newline="") as lines:
        written = {row["name"]: int(row["predicted_class"]) for row in csv.DictReader(lines)}
    told = {names[patch]: int(call) for patch, call in zip(table.ids, calls, strict=True)}
    assert told == written
