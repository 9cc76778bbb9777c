"""A reading goes out in packs, is read elsewhere, and comes home: once, twice, in any order."""

import shutil

import pytest
from machines import machine
from read_elsewhere import read_elsewhere

from glomviewer.domain.readings.protocol import Order, Reveal
from glomviewer.domain.readings.records import Meaning
from glomviewer.store import pending, recomputation
from glomviewer.store.errors import Refused
from glomviewer.store.exchange import machine_memory
from glomviewer.store.exchange.errors import UnknownKey
from glomviewer.store.exchange.opening import open_reading_pack
from glomviewer.store.exchange.watching import Watching
from glomviewer.store.packs.errors import (
    DamagedPack,
    PackCancelled,
    WrongKind,
)
from glomviewer.store.verify import FileCheck, verify


def test_what_is_read_elsewhere_counts_at_home(lab, laptop):
    reading = lab.reading()
    back = read_elsewhere(lab, laptop, reading, lab.bob)
    found, changes = lab.merge(back, trust=laptop.fingerprint)
    bob = lab.library.reading(reading).progress_of(lab.bob)
    assert bob is not None and bob.finished is not None and bob.left == 0
    assert found.finished and found.done == found.items == bob.items
    assert changes.labels and changes.packs
    assert found.report.unplaced == 0
    items = lab.library.reading_items(reading, lab.bob)
    assert [item.label for item in items] == [item.place % 2 for item in items]
    with lab.library.read(unblinded=True) as connection:
        assert recomputation.differences(connection) == []
        assert pending.differences(connection) == 0
    assert verify(lab.library.folder).problems == []


@pytest.mark.parametrize("reveal", [Reveal.NEVER, Reveal.AFTER])
def test_the_library_of_a_pack_is_sound(lab, laptop, reveal):
    lab.add_model()
    with laptop.open(lab.pack(lab.reading(reveal=reveal), lab.bob)) as library:
        assert verify(library.folder, files=FileCheck.HASH).problems == []
        laptop.read(library)
        laptop.write_return(library)
        assert verify(library.folder, files=FileCheck.HASH).problems == []
        with library.read(unblinded=True) as connection:
            assert recomputation.differences(connection) == []
            assert pending.differences(connection) == 0


def test_what_was_changed_after_a_reveal_comes_home_as_such(lab, laptop):
    lab.add_model()
    reading = lab.reading(reveal=Reveal.AFTER, repeats=0.0)
    with laptop.open(lab.pack(reading, lab.bob)) as library:
        laptop.read(library, [1, 1], finish=False)
        item = library.reading_items(1, 1)[0]
        library.change_after_reveal(reader=1, item=item.id, label=0)
        back = laptop.write_return(library)
    lab.merge(back, trust=laptop.fingerprint)
    first, second = lab.library.reading_items(reading, lab.bob)[:2]
    assert (first.label, first.first_label) == (0, 1)
    assert (second.label, second.first_label) == (1, 1)
    told = {row[0]: row[2:] for row in lab.labels()}
    assert sorted(told.values()) == [(0, 1, 1), (1, 0, 1)]


def test_an_older_pack_of_the_same_reading_can_be_answered_too(lab, laptop):
    reading = lab.reading()
    first = lab.pack(reading, lab.bob, "first.glompack")
    lab.pack(reading, lab.bob, "second.glompack")
    with laptop.open(first) as library:
        laptop.read(library)
        back = laptop.write_return(library)
    found, _ = lab.merge(back, trust=laptop.fingerprint)
    assert found.finished


def test_a_sign_off_on_the_laptop_holds_at_home(lab, laptop):
    reading = lab.reading()
    with laptop.open(lab.pack(reading, lab.bob)) as library:
        laptop.read(library)
        there = library.readings()[0]
        bob = library.readers()[0].id
        library.sign_off(reading=there.id, reader=bob, meaning=Meaning.READ, note="all of it")
        back = laptop.write_return(library)
    lab.merge(back, trust=laptop.fingerprint)
    signed = lab.library.signoffs(reading)
    assert [(one.reader.name, one.note) for one in signed] == [("Bob Reader", "all of it")]


def test_what_home_knew_before_a_pack_is_no_change_after_its_sign_off(lab, laptop):
    lab.library.decide(reader=lab.bob, patches=[lab.small.ids[0]], label=1)
    reading = lab.reading()
    pack = lab.pack(reading, lab.bob)
    with laptop.open(pack) as library:
        laptop.read(library)
        there = library.readings()[0]
        library.sign_off(reading=there.id, reader=library.readers()[0].id, meaning=Meaning.READ)
        back = laptop.write_return(library)
    lab.merge(back, trust=laptop.fingerprint)
    assert lab.library.later_changes(reading) == []
    lab.library.decide(reader=lab.bob, patches=[lab.small.ids[2]], label=0, comment="looked again")
    (change,) = lab.library.later_changes(reading)
    assert (change.patch, change.reason) == (lab.small.ids[2], "looked again")


def test_merging_a_return_twice_changes_nothing(lab, laptop):
    reading = lab.reading()
    back = read_elsewhere(lab, laptop, reading, lab.bob)
    lab.merge(back, trust=laptop.fingerprint)
    before = lab.labels(), lab.acts(but=())
    found, _ = lab.merge(back)
    assert found.report.new == 0 and "Nothing was new" in found.sentence
    assert (lab.labels(), lab.acts(but=())) == before


def test_part_of_a_reading_can_be_returned_and_later_all_of_it(lab, laptop):
    reading = lab.reading()
    with laptop.open(lab.pack(reading, lab.bob)) as library:
        laptop.read(library, [1, 1, 1], finish=False)
        first = laptop.write_return(library, "first.glomreturn")
        laptop.read(library)
        second = laptop.write_return(library, "second.glomreturn")
    found, _ = lab.merge(first, trust=laptop.fingerprint)
    assert (found.done, found.finished) == (3, False)
    assert "has not finished yet" in found.sentence
    found, _ = lab.merge(second)
    assert found.finished and found.report.known
    again, _ = lab.merge(first)
    assert again.report.new == 0
    bob = lab.library.reading(reading).progress_of(lab.bob)
    assert bob is not None and bob.left == 0


def test_two_packs_come_home_to_the_same_in_either_order(lab, laptop, other_laptop, tmp_path):
    reading = lab.reading()
    ones = read_elsewhere(lab, laptop, reading, lab.ann, [1] * 6, finish=False)
    twos = read_elsewhere(lab, other_laptop, reading, lab.bob)
    lab.library.close()
    copy = tmp_path / "copy"
    shutil.copytree(lab.folder, copy)
    ends = []
    for folder, order in ((lab.folder, (ones, twos)), (copy, (twos, ones))):
        lab.library = type(lab.library).open(folder / "small.glomlib", backup=False)
        for back in order:
            key = laptop.fingerprint if back == ones else other_laptop.fingerprint
            lab.merge(back, trust=key)
        ends.append((lab.labels(), lab.acts(but=("merge", "pack"))))
        lab.library.close()
    assert ends[0] == ends[1]
    assert len(ends[0][0]) > 10


def test_two_installations_return_one_pack_and_both_are_kept(lab, laptop, other_laptop):
    reading = lab.reading(repeats=0.0)
    pack = lab.pack(reading, lab.bob)
    returns = []
    for machine_, label in ((laptop, 1), (other_laptop, 0)):
        with machine_.open(pack) as library:
            count = len(library.load_table(None))
            machine_.read(library, [label] * count)
            returns.append(machine_.write_return(library))
    lab.merge(returns[0], trust=laptop.fingerprint)
    with pytest.raises(UnknownKey):
        lab.merge(returns[1])
    found, _ = lab.merge(returns[1], trust=other_laptop.fingerprint)
    assert found.installations == 2
    assert "2 installations have returned" in found.sentence
    said = {(row.reader.name, row.label) for row in lab.library.history(1) if row.field == "label"}
    assert said == {("Bob Reader", 0), ("Bob Reader", 1)}
    assert len(lab.labels()) == 10


def test_what_was_decided_in_a_pack_comes_after_what_was_there_before(lab, laptop):
    for label in (0, 1, 0, 1, 0):
        lab.library.decide(reader=lab.bob, patches=lab.small.ids, label=label)
    reading = lab.reading(repeats=0.0)
    with laptop.open(lab.pack(reading, lab.bob)) as library:
        laptop.read(library, [1] * len(library.load_table(None)))
        back = laptop.write_return(library)
    lab.merge(back, trust=laptop.fingerprint)
    assert {row[2] for row in lab.labels()} == {1}


def test_a_pack_opened_twice_leads_to_the_same_library(lab, laptop, tmp_path):
    pack = lab.pack(lab.reading(), lab.bob)
    with laptop.open(pack) as library:
        laptop.read(library, [1, 1], finish=False)
        first = library.folder
    copy = tmp_path / "elsewhere.glompack"
    shutil.copy(pack, copy)
    with machine(laptop.place):
        again = open_reading_pack(copy, folder=tmp_path / "other.glomlib")
    assert again.folder == first and again.was_there
    assert not (tmp_path / "other.glomlib").exists()


def test_a_place_whose_name_is_no_text_is_remembered(tmp_path):
    with machine(tmp_path):
        machine_memory.remember_library("reading", "reader", tmp_path / "a\udcff.glomlib")
        assert machine_memory.library_of("reading", "reader") == tmp_path / "a\udcff.glomlib"


def test_a_cancelled_or_broken_opening_leaves_nothing(lab, laptop):
    pack = lab.pack(lab.reading(), lab.bob)
    with pytest.raises(PackCancelled):
        laptop.open(pack, watching=Watching(cancelled=lambda: True))
    assert sorted(one.name for one in laptop.folder.iterdir()) == ["settings"]
    data = pack.read_bytes()
    place = data.index(b"IDAT") + 8
    pack.write_bytes(data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :])
    with pytest.raises(DamagedPack):
        laptop.open(pack)
    assert sorted(one.name for one in laptop.folder.iterdir()) == ["settings"]


def test_a_cancelled_export_leaves_nothing(lab):
    reading = lab.reading()
    asked = []

    def at_the_fifth():
        asked.append(1)
        return len(asked) > 5

    before = lab.acts(but=())
    with pytest.raises(PackCancelled):
        lab.pack(reading, lab.bob, watching=Watching(cancelled=at_the_fifth))
    assert not list(lab.folder.glob("*glompack*")) and not list(lab.folder.glob(".*"))
    assert lab.acts(but=()) == before


def test_progress_is_told_patch_by_patch(lab):
    told = []
    reading = lab.reading()
    lab.pack(reading, lab.bob, watching=Watching(progress=lambda *one: told.append(one)))
    count = len(lab.library.reading_items(reading, lab.bob))
    assert told[0][:2] == (0, count) and told[-1][:2] == (count, count)


def test_a_pack_is_opened_and_a_return_is_merged_not_the_other_way_round(lab, laptop):
    reading = lab.reading()
    pack = lab.pack(reading, lab.bob)
    with pytest.raises(WrongKind, match="open it"):
        lab.merge(pack)
    back = read_elsewhere(lab, laptop, reading, lab.bob)
    with pytest.raises(WrongKind):
        laptop.open(back)


def test_there_is_no_pack_for_whoever_has_finished_or_does_not_read(lab, laptop):
    reading = lab.reading()
    cid = lab.library.add_reader("Cid Else", "CE").id
    with pytest.raises(Refused, match="does not read"):
        lab.pack(reading, cid)
    lab.merge(read_elsewhere(lab, laptop, reading, lab.bob), trust=laptop.fingerprint)
    with pytest.raises(Refused, match="finished"):
        lab.pack(reading, lab.bob)


def test_only_a_pack_s_library_can_be_returned(lab, tmp_path):
    with pytest.raises(Refused, match="not opened from a reading pack"):
        lab.library.export_return(target=tmp_path / "x.glomreturn")


def test_an_image_that_was_altered_at_home_is_not_sent(lab):
    reading = lab.reading()
    shutil.copy(lab.small.images / "p1.png", lab.small.images / "p2.png")
    with pytest.raises(Refused, match="altered since it was imported"):
        lab.pack(reading, lab.bob)
    (lab.small.images / "p2.png").unlink()
    with pytest.raises(Refused, match="can't be read"):
        lab.pack(reading, lab.bob)
    assert not list(lab.folder.glob("*.glompack"))


@pytest.mark.parametrize("order", list(Order))
@pytest.mark.parametrize("reveal", [Reveal.NEVER, Reveal.AFTER])
def test_every_order_and_reveal_comes_home(lab, laptop, order, reveal):
    lab.add_model()
    reading = lab.reading(order=order, reveal=reveal)
    back = read_elsewhere(lab, laptop, reading, lab.bob)
    lab.merge(back, trust=laptop.fingerprint)
    items = lab.library.reading_items(reading, lab.bob)
    assert [item.label for item in items] == [item.place % 2 for item in items]
