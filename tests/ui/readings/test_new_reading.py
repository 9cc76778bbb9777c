"""The dialog that makes a reading: what it says beforehand, and what it will not make."""

from dataclasses import replace

import pytest
from audit import clipped, cut_off, nameless
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt

from glomviewer.domain.patch_query import PatchQuery
from glomviewer.domain.readings.protocol import Order, Reveal
from glomviewer.domain.readings.sample import SampleKind
from glomviewer.ui.readings.draft import Draft
from glomviewer.ui.readings.new_reading import NewReadingDialog

GOOD = Draft(name="Study A", patches=120, cases=12, readers=(1, 2), needed=2, reveal=Reveal.NEVER)


def test_it_says_what_will_happen():
    assert GOOD.sentence() == (
        "2 readers, 120 patches each and 6 hidden repeats. Until a patch is called, nothing else "
        "about it can be seen; the model's call is never shown."
    )
    openly = replace(GOOD, independent=False, reveal=Reveal.AT_ONCE, percent=0, readers=(1,))
    assert openly.sentence() == ("1 reader, 120 patches in all. The model's call is shown at once.")
    assert "about 60 patches each" in replace(GOOD, needed=1).sentence()
    few = replace(GOOD, patches=3)
    assert "too few for hidden repeats" in few.sentence()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"patches": 0}, "no patch among these"),
        ({"kind": SampleKind.RANDOM, "size": 121}, "only 120 patches"),
        ({"kind": SampleKind.CASES, "size": 13}, "only 12 cases"),
        ({"reveal": Reveal.AT_ONCE}, "independent only as long as"),
        ({"reveal": Reveal.AFTER, "has_model": False}, "no model"),
        ({"needed": 3}, "can't be read by 3 of 2 readers"),
        ({"taken": ("Study A",)}, "already"),
    ],
)
def test_what_does_not_fit_is_explained(change, words):
    assert GOOD.obstacle() == ""
    assert words in replace(GOOD, **change).obstacle()


def test_what_is_still_to_be_said_is_no_reproach():
    assert GOOD.missing() == ""
    for change, words in (({"readers": ()}, "Tick who reads."), ({"name": " "}, "Give it a name.")):
        draft = replace(GOOD, **change)
        assert (draft.obstacle(), draft.missing()) == ("", words)


@given(
    st.booleans(),
    st.sampled_from(Reveal),
    st.sampled_from(Order),
    st.integers(0, 50),
    st.integers(1, 4),
    st.integers(0, 4),
)
def test_what_it_does_not_object_to_makes_a_protocol(
    independent, reveal, order, percent, needed, readers
):
    draft = replace(
        GOOD,
        independent=independent,
        reveal=reveal,
        order=order,
        percent=percent,
        needed=needed,
        readers=tuple(range(readers)),
    )
    if not (draft.obstacle() or draft.missing()):
        assert draft.protocol.reveal is reveal
        assert draft.sentence()


@pytest.fixture
def dialog(qtbot, session, theme):
    dialog = NewReadingDialog(
        session,
        in_view=(PatchQuery(labels=(1,)), "those in Review now: sclerotic"),
        others=[],
        parent=None,
    )
    qtbot.addWidget(dialog)
    with qtbot.waitExposed(dialog):
        dialog.show()
    qtbot.waitUntil(lambda: len(dialog.readers.boxes) == 2 and not dialog.patches.is_counting)
    return dialog


def test_it_begins_with_what_review_lists_and_with_oneself(dialog):
    assert dialog.patches.source.currentText() == "those in Review now: sclerotic"
    assert dialog.patches.counted.text() == "12 patches of 6 cases"
    assert dialog.readers.chosen == (1,)
    assert not dialog.verb.isEnabled()
    assert dialog.trouble.text() == ""
    assert dialog.outcome.text().endswith("Give it a name.")


def test_a_reading_is_made_as_it_was_said(qtbot, session, dialog):
    dialog.name.setText("Study B")
    dialog.patches.source.setCurrentIndex(1)
    qtbot.waitUntil(lambda: dialog.patches.counted.text() == "24 patches of 6 cases")
    dialog.patches.kind.setCurrentIndex(dialog.patches.kind.findData(SampleKind.CASES))
    dialog.patches.amount.setValue(2)
    dialog.order.setCurrentIndex(dialog.order.findData(Order.BY_CASE))
    dialog.reveal.setCurrentIndex(dialog.reveal.findData(Reveal.NEVER))
    dialog.readers.boxes[2].setChecked(True)
    assert dialog.needed.value() == 2
    dialog.percent.setValue(0)
    assert dialog.outcome.text().startswith("2 readers, about 8 patches each.")
    qtbot.mouseClick(dialog.verb, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: dialog.reading is not None)
    made = session.library.reading(dialog.reading)
    assert (made.name, made.patches) == ("Study B", 8)
    assert made.protocol.order is Order.BY_CASE
    assert made.protocol.reveal is Reveal.NEVER
    assert [one.reader.id for one in made.readers] == [1, 2]


def test_a_bad_choice_is_explained_and_not_accepted(qtbot, session, dialog):
    dialog.name.setText("Study C")
    dialog.reveal.setCurrentIndex(dialog.reveal.findData(Reveal.AT_ONCE))
    assert not dialog.verb.isEnabled()
    assert dialog.trouble.text().startswith("A reading is independent only as long as")
    dialog.kind.setCurrentIndex(dialog.kind.findData(False))
    assert dialog.verb.isEnabled()


def test_a_reader_is_added_and_comes_ticked(qtbot, session, dialog):
    qtbot.keyClicks(dialog.readers.name, "Cleo Third")
    assert dialog.readers.initials.text() == "CT"
    qtbot.mouseClick(dialog.readers.add, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(dialog.readers.boxes) == 3)
    assert dialog.readers.chosen == (1, 3)
    assert session.reader.id == 1
    assert dialog.needed.value() == 2


def test_it_fits_and_every_field_has_a_name(dialog):
    assert nameless(dialog) == []
    assert clipped(dialog) + cut_off(dialog) == []
