"""A library with a reading that is through: two readers, six wrong calls, one change of mind.

24 patches of 6 cases, 4 a case; even ones are globally sclerotic in truth (labels 1), odd ones
not. The model calls every patch rightly but 1 (called sclerotic) and 2 (called not), and was
trained on patches 21 to 24. Ann calls six patches wrongly at first: 1, 2, 3, 5, 7 and 9; after
the reveal she changes 3 to what it is. Bob errs on none. Cara adjudicates 1, 2 and 5 to the truth,
5 with the model's call in view, and refers 7 to a consensus meeting.
"""

from dataclasses import dataclass
from pathlib import Path

from builders import SmallLibrary, add_model, make_library, plans

from glomviewer.domain.disputes.records import Referral
from glomviewer.domain.readings.protocol import Order, Protocol, Reveal
from glomviewer.domain.readings.records import Meaning

WRONG = (1, 2, 3, 5, 7, 9)
CHANGED = 3
ADJUDICATED = (1, 2, 5)
IN_VIEW = 5
REFERRED = 7
TRAINED_ON = (21, 22, 23, 24)
PROTOCOL = Protocol(order=Order.FIXED, repeats=0.1, reveal=Reveal.AFTER, needed=2)
READERS = (("Ann Other", "AO"), ("Bob Else", "BE"), ("Cara More", "CM"))


@dataclass(frozen=True)
class Read:
    """The library, closed or not, and the reading in it."""

    small: SmallLibrary
    reading: int

    @property
    def folder(self) -> Path:
        return self.small.library.folder


def truth(patch):
    return int(patch % 2 == 0)


def read_through(folder: Path, *, finish: bool = True) -> Read:
    small = make_library(folder, plans(labelled=False), readers=READERS, image_files=False)
    library = small.library
    ann, bob, cara = small.readers
    right = {patch: 2.0 if truth(patch) else -2.0 for patch in small.ids}
    seen = [patch.pixel_hash for patch in library.patches(list(TRAINED_ON))]
    add_model(small, right | {1: 2.0, 2: -2.0}, seen=seen)
    reading = library.create_reading(
        name="Baseline",
        patches=small.ids,
        protocol=PROTOCOL,
        readers=(ann, bob),
        by=cara,
        seed=3,
    ).reading
    assert reading is not None
    for reader in (ann, bob):
        for item in library.reading_items(reading, reader):
            wrong = reader == ann and item.patch in WRONG
            label = 1 - truth(item.patch) if wrong else truth(item.patch)
            library.commit_item(reader=reader, item=item.id, label=label)
    first = next(one for one in library.reading_items(reading, ann) if one.patch == CHANGED)
    library.change_after_reveal(
        reader=ann, item=first.id, label=truth(CHANGED), comment="looked again"
    )
    if finish:
        for reader in (ann, bob):
            library.finish_reading(reading=reading, reader=reader)
            library.sign_off(reading=reading, reader=reader, meaning=Meaning.READ)
        for patch in ADJUDICATED:
            in_view = patch == IN_VIEW
            library.adjudicate(
                reader=cara,
                patch=patch,
                label=truth(patch),
                reason="settled",
                call_shown=in_view,
            )
        library.refer(reader=cara, patches=[REFERRED], to=Referral.CONSENSUS, reason="hard")
    return Read(small, reading)
