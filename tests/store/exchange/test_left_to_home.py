"""What is decided at home can not be done in the library of a pack: no return would bring it."""

import pytest

from glomviewer.domain.disputes.records import Referral
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
