from datetime import UTC, datetime

import numpy as np

from glomviewer.domain.labels import ReferenceSource, Split
from glomviewer.domain.records import Decision, Patch, Reader
from glomviewer.ui.review.cells import cells
from glomviewer.ui.review.words import (
    HIDDEN,
    call_text,
    decision_texts,
    probability_text,
    reference_text,
    size_text,
    spoken,
)


def patch(**changes):
    values = {
        "id": 1,
        "name": "a.png",
        "path": "/a.png",
        "sha256": "",
        "pixel_hash": "",
        "width": 711,
        "height": 733,
        "microns_per_pixel": 0.25,
        "slide": "s",
        "case": "c",
        "imported_label": 1,
        "split": Split.TRAIN,
        "reference_label": 1,
        "reference_source": ReferenceSource.SINGLE_READER,
        "disputed": False,
        "flagged": False,
        "excluded": False,
        "exclusion_reason": "",
        "file_state": "present",
        "duplicate_of": None,
        "comments": 0,
    }
    return Patch(**{**values, **changes})


def decision(**changes):
    values = {
        "id": 1,
        "origin": "",
        "sequence": 1,
        "batch": 1,
        "patch": 1,
        "reader": Reader(1, "Ann Reader", "AR"),
        "field": "label",
        "before": "",
        "after": "",
        "label": 1,
        "detail": "",
        "comment": "",
        "made_at": datetime(2026, 3, 4, 9, 14, tzinfo=UTC),
        "zone": "UTC",
        "call_shown": False,
        "model": "",
        "on_screen": True,
        "kind": "do",
    }
    return Decision(**{**values, **changes})


def test_a_size_in_pixels_and_in_microns_where_known():
    assert size_text(patch()) == "711 × 733 px, 178 × 183 µm"
    assert size_text(patch(microns_per_pixel=None)) == "711 × 733 px"


def test_a_reference_label_says_why(session):
    labels = session.label_set
    assert reference_text(patch(), labels) == "Globally sclerotic (single reader)"
    assert reference_text(patch(reference_label=-1, disputed=True), labels).startswith("Disputed")


def test_a_decision_says_who_when_and_what_was_shown(session):
    line, comment = decision_texts(decision(comment="Wrinkled."), session.label_set)
    assert line.startswith("Globally sclerotic · AR · 04 Mar 2026")
    assert line.endswith("call hidden")
    assert comment == "Wrinkled."
    line, _ = decision_texts(decision(on_screen=False, call_shown=True), session.label_set)
    assert line.endswith("call shown · never on screen")
    line, _ = decision_texts(decision(field="flag", after="flagged"), session.label_set)
    assert line.startswith("Flagged · AR")


def test_a_probability_is_told_from_the_threshold():
    assert probability_text(0.0, 1.0) == "0.50"
    assert probability_text(6.61, 6.6) == "0.9987"


def test_a_call_is_hidden_on_locked_patches_and_where_asked(session):
    table, labels = session.table, session.label_set
    assert call_text(table, 9, labels).text == HIDDEN
    assert call_text(table, 1, labels, reveal=False).text == HIDDEN
    assert call_text(table, 1, labels).text == "Globally sclerotic, 0.95"


def test_what_is_spoken_tells_no_guarded_call(session):
    labels = session.label_set
    first, locked = cells(session.table, np.array([1, 9]))
    assert spoken(first, 0, 24, labels) == (
        "Patch 1 of 24, not globally sclerotic, the model: globally sclerotic"
    )
    assert spoken(locked, 8, 24, labels) == "Patch 9 of 24, not globally sclerotic"
    assert locked.probability is None
    assert locked.marked_call is None
    assert first.marked_call == 1
