"""What a reader has been shown before he opens a pack counts, although the pack does not know."""

import pytest

from glomviewer.domain.labels import NO_LABEL
from glomviewer.domain.readings.protocol import Order, Reveal
from glomviewer.store import recomputation
from glomviewer.store.adding import NewPatch
from glomviewer.store.errors import Refused
from glomviewer.store.journal import Act
from glomviewer.store.library import Library
from glomviewer.store.verify import verify

SIMPLE = {"order": Order.FIXED, "repeats": 0.0}


@pytest.fixture
def study(lab):
    lab.add_model()
    return lab


def telling(study, name="Telling"):
    return study.reading(name, reveal=Reveal.AFTER, **SIMPLE)


def blind(study, name="Blind"):
    return study.reading(name, reveal=Reveal.NEVER, **SIMPLE)


def read_at_home(study, reading, labels):
    """Bob reads as many patches as there are labels, sees the calls, and finishes."""
    study.library.viewer = study.bob
    for item, label in zip(study.library.reading_items(reading, study.bob), labels, strict=False):
        study.library.commit_item(reader=study.bob, item=item.id, label=label)
    study.library.finish_reading(reading=reading, reader=study.bob, reason="no time")
    study.library.viewer = None


def opened(study, laptop, reading, name):
    return laptop.open(study.pack(reading, study.bob, f"{name}.glompack"))


def read_away(study, laptop, reading, name, labels=None):
    with opened(study, laptop, reading, name) as library:
        laptop.read(library, labels)
        return laptop.write_return(library, f"{name}.glomreturn")


def firsts(study, reading):
    """Bob's first call of each patch in this reading, as agreement counts it, by place."""
    table = study.library.ratings(reading)
    of = [one.name for one in table.readers].index("Bob Reader")
    return table.first[:, of].tolist()


def sound(library):
    with library.read(unblinded=True) as connection:
        assert recomputation.differences(connection) == []
    assert verify(library.folder).problems == []


def test_a_label_in_a_pack_after_a_reveal_at_home_is_no_first_call(study, laptop):
    read_at_home(study, telling(study), [1, 1, 1])
    reading = blind(study)
    with opened(study, laptop, reading, "second") as away:
        (act,) = away.journal(limit=9)
        assert "known" not in str(act.body), "nothing in it says what its reader knows"
        laptop.read(away, [0] * 10)
        back = laptop.write_return(away)
    study.merge(back, trust=laptop.fingerprint)
    assert sorted(firsts(study, reading)) == [NO_LABEL] * 3 + [0] * 7
    assert [(label, shown, first) for _, _, label, shown, first in study.labels()].count(
        (0, 1, 1)
    ) == 3
    patch = study.library.reading_items(reading, study.bob)[0].patch
    assert [one.call_shown for one in study.library.history(patch)] == [True, False]
    sound(study.library)


def test_a_reveal_in_a_pack_that_is_still_out_counts_by_its_protocol(study, laptop):
    first = study.pack(telling(study), study.bob, "first.glompack")
    study.library.finish_reading(reading=1, reader=study.bob, reason="reads it elsewhere")
    reading = blind(study)
    back = read_away(study, laptop, reading, "second", [0] * 10)
    study.merge(back, trust=laptop.fingerprint)
    assert firsts(study, reading) == [NO_LABEL] * 10
    with laptop.open(first) as away:
        laptop.read(away, [1] * 10)
        study.merge(laptop.write_return(away, "first.glomreturn"))
    assert firsts(study, 1) == [1] * 10
    assert firsts(study, reading) == [NO_LABEL] * 10
    sound(study.library)


@pytest.mark.parametrize("first_in", ["first", "second"])
def test_the_order_in_which_returns_come_does_not_matter(study, laptop, first_in):
    early, late = telling(study, "Early"), blind(study, "Late")
    with opened(study, laptop, early, "first") as one:
        assert one.commit_item(reader=1, item=1, label=1).reveal is None, "the other keeps it"
        laptop.read(one, [1] * 10)
        returns = {"first": laptop.write_return(one, "first.glomreturn")}
    returns["second"] = read_away(study, laptop, late, "second", [0] * 10)
    for name in sorted(returns, reverse=first_in == "second"):
        study.merge(returns[name], trust=laptop.fingerprint)
    assert firsts(study, early) == [1] * 10
    assert firsts(study, late) == [0] * 10
    sound(study.library)


def test_what_is_known_travels_with_labels_to_another_library(study, laptop, tmp_path):
    read_at_home(study, telling(study), [1] * 4)
    reading = blind(study)
    study.merge(read_away(study, laptop, reading, "second", [0] * 10), trust=laptop.fingerprint)
    labels = tmp_path / "all.glomlabels"
    study.library.export_labels(target=labels)
    with Library.create(tmp_path / "other.glomlib") as other:
        table = study.library.patches(study.small.ids)
        other.add_patches(
            [
                NewPatch(
                    path=one.name,
                    name=one.name,
                    sha256=one.sha256,
                    pixel_hash=one.pixel_hash,
                    width=one.width,
                    height=one.height,
                    imported_label=one.imported_label,
                )
                for one in table
            ],
            root=tmp_path,
        )
        other.merge_pack(labels, trust=study.fingerprint)
        assert labels_of(other) == labels_of(study.library)
        sound(other)


def labels_of(library):
    with library.read(unblinded=True) as connection:
        return connection.exec_driver_sql(
            "SELECT f.pixel_hash, r.uuid, c.label, c.call_shown, c.first_label "
            "FROM current_labels c JOIN files f ON f.patch_id = c.patch_id "
            "JOIN readers r ON r.id = c.reader_id ORDER BY 1, 2"
        ).all()


def test_a_pack_that_is_written_anew_for_who_lost_it_keeps_its_first_calls(study, laptop):
    reading = telling(study)
    study.pack(reading, study.bob, "lost.glompack")
    study.merge(read_away(study, laptop, reading, "again", [1] * 10), trust=laptop.fingerprint)
    assert firsts(study, reading) == [1] * 10


def test_a_label_at_home_counts_as_made_knowing_while_a_telling_pack_is_out(study):
    study.pack(telling(study), study.bob)
    for reader in (study.ann, study.bob):
        study.library.finish_reading(reading=1, reader=reader, reason="reads elsewhere")
    study.library.decide(reader=study.bob, patches=[1], label=1)
    study.library.decide(reader=study.ann, patches=[2], label=1)
    shown = {one.call_shown for one in study.library.history(1)}
    assert shown == {True}
    assert {one.call_shown for one in study.library.history(2)} == {False}


def test_a_return_can_not_say_what_somebody_knew(study, laptop):
    reading = blind(study)
    with opened(study, laptop, reading, "pack") as away:
        items = [one.uuid for one in study.library.reading_items(reading, study.ann)]
        away.record(Act.PACK, "forged", known=items)
        laptop.read(away)
        back = laptop.write_return(away)
    with pytest.raises(Refused, match="decided at home"):
        study.merge(back, trust=laptop.fingerprint)
