"""Whatever readers do in whatever order, first calls stay, and the log says what is kept."""

import tempfile
from pathlib import Path

import hypothesis
from builders import PatchPlan, add_model, make_library
from hypothesis import given
from hypothesis import strategies as st

from glomviewer.domain.readings.protocol import Protocol, Reveal
from glomviewer.store import recomputation
from glomviewer.store.errors import LibraryError

PATCHES = 7
ACTS = st.lists(
    st.tuples(
        st.sampled_from(["commit"] * 6 + ["decide", "flag", "undo", "undo", "redo", "finish"]),
        st.integers(0, 1),
        st.integers(0, 7),
        st.integers(0, 1),
    ),
    max_size=25,
)


class Hand:
    """What one keeps by hand of a reader's items: the labels in force, in their order."""

    def __init__(self, items):
        self.labels = {item.id: [] for item in items}
        self.done = []
        self.undone = []
        self.finished = False

    def say(self, item, label):
        said = (label, self.finished)
        self.labels[item].append(said)
        self.done.append((item, said))

    def last(self, item):
        return self.labels[item][-1][0] if self.labels[item] else -1

    def first(self, item, reveal):
        said = self.labels[item]
        in_time = [label for label, late in said if not late]
        if not said:
            return -1
        return said[0][0] if reveal is Reveal.AFTER or not in_time else in_time[-1]


def act_on(small, reading, hands, act):
    """Do one act, and note it by hand where it was let through."""
    kind, who, number, label = act
    library, reader, hand = small.library, small.readers[who], hands[who]
    items = library.reading_items(reading, reader)
    item = items[number % len(items)]
    try:
        if kind == "commit":
            changes = library.commit_item(reader=reader, item=item.id, label=label, comment="so")
            if changes:
                hand.say(item.id, label)
                hand.undone.clear()
        elif kind == "flag":
            if library.flag_item(reader=reader, item=item.id, flagged=bool(label)):
                hand.done.append((None, None))
                hand.undone.clear()
        elif kind == "decide":
            library.decide(reader=reader, patches=[item.patch], label=label, comment="so")
            hand.done.append((None, None))
            hand.undone.clear()
        elif kind == "undo":
            library.undo(reader=reader)
            one = hand.done.pop()
            hand.undone.append(one)
            if one[0] is not None:
                hand.labels[one[0]].pop()
        elif kind == "redo":
            library.redo(reader=reader)
            one = hand.undone.pop()
            hand.done.append(one)
            if one[0] is not None:
                hand.labels[one[0]].append(one[1])
        else:
            library.finish_reading(reading=reading, reader=reader, reason="so")
            hand.finished = True
    except LibraryError:
        return


@given(st.sampled_from([Reveal.NEVER, Reveal.AFTER]), ACTS)
@hypothesis.settings(max_examples=25)
def test_readings_keep_what_was_said_first(reveal, acts):
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        readers = (("Ann Other", "AO"), ("Bob Else", "BE"))
        plans = [PatchPlan(case=f"case {n % 3}") for n in range(PATCHES)]
        small = make_library(Path(folder), plans, readers=readers, image_files=False)
        add_model(small, dict.fromkeys(small.ids, 1.0))
        with small.library as library:
            reading = library.create_reading(
                name="r",
                patches=small.ids,
                protocol=Protocol(repeats=0.2, reveal=reveal),
                readers=small.readers,
                seed=1,
            ).reading
            assert reading is not None
            hands = [Hand(library.reading_items(reading, reader)) for reader in small.readers]
            for act in acts:
                act_on(small, reading, hands, act)
                with library.write() as connection:
                    assert recomputation.differences(connection) == []
            for reader, hand in zip(small.readers, hands, strict=True):
                for item in library.reading_items(reading, reader):
                    assert item.label == hand.last(item.id)
                    assert item.first_label == hand.first(item.id, reveal)
