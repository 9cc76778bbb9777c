"""What is decided at home can not be done in the library of a pack: no return would bring it."""

import pytest

from glomviewer.domain.disputes.records import Referral
from glomviewer.domain.readings.protocol import Protocol
from glomviewer.store.errors import Refused

ACTS = {
    "exclude": lambda library: library.exclude(reader=1, patches=[1], reason="torn"),
    "include": lambda library: library.include(reader=1, patches=[1]),
    "adjudicate": lambda library: library.adjudicate(reader=1, patch=1, label=1, reason="so"),
    "refer": lambda library: library.refer(reader=1, patches=[1], to=Referral.CONSENSUS),
}


@pytest.mark.parametrize("act", ACTS)
def test_it_is_refused_in_the_library_of_a_pack(act, lab, laptop):
    with laptop.open(lab.pack(lab.reading(), lab.bob)) as library:
        laptop.read(library)
        with pytest.raises(Refused, match="at home"):
            ACTS[act](library)
        back = laptop.write_return(library)
    assert lab.merge(back, trust=laptop.fingerprint)[0].finished


def test_labels_comments_and_flags_come_home(lab, laptop):
    with laptop.open(lab.pack(lab.reading(), lab.bob)) as library:
        laptop.read(library)
        library.flag(reader=1, patches=[1])
        library.comment(reader=1, patch=1, text="folded")
        back = laptop.write_return(library)
    assert lab.merge(back, trust=laptop.fingerprint)[0].finished


AT_HOME = {
    "a reading": lambda library, to: library.create_reading(
        name="mine", patches=[1], protocol=Protocol(repeats=0.0), readers=[1]
    ),
    "a pack": lambda library, to: library.export_reading_pack(
        reading=1, reader=1, target=to / "x.glompack"
    ),
    "labels": lambda library, to: library.export_labels(target=to / "x.glomlabels"),
    "a merge": lambda library, to: library.merge_pack(to / "x.glomreturn"),
    "patches": lambda library, to: library.add_patches([], root=to),
    "a reader": lambda library, to: library.add_reader("Cid Else", "CE"),
}


@pytest.mark.parametrize("what", AT_HOME)
def test_a_pack_s_library_makes_sends_and_takes_in_nothing_itself(lab, laptop, tmp_path, what):
    with laptop.open(lab.pack(lab.reading(), lab.bob)) as library:
        library.finish_reading(reading=1, reader=1, reason="no time")
        before = library.heads()
        with pytest.raises(Refused, match="at home"):
            AT_HOME[what](library, tmp_path)
        assert library.heads() == before
