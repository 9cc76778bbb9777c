"""What is said of a dispute, and what adjudicating does to the percentages of cases."""

from datetime import UTC, datetime

import numpy as np
import pytest

from glomviewer.domain.disputes import wording
from glomviewer.domain.disputes.explaining import explain
from glomviewer.domain.disputes.records import (
    Adjudication,
    Call,
    Dispute,
    DisputeState,
    ReaderCalls,
    Referral,
    Referred,
)
from glomviewer.domain.disputes.relabelled import relabelled_by_adjudication
from glomviewer.domain.labels import LabelSet, ReferenceSource, Split
from glomviewer.domain.patch_table import COLUMNS, PatchTable
from glomviewer.domain.records import Reader
from glomviewer.paths import resources_dir

NOON = datetime(2026, 5, 3, 12, tzinfo=UTC)
ANN, BOB, CARA = (Reader(1, "Ann", "A"), Reader(2, "Bob", "B"), Reader(3, "Cara", "C"))


@pytest.fixture
def labels():
    file = resources_dir() / "labels" / "global_sclerosis.json"
    return LabelSet.from_json(file.read_text(encoding="utf-8"))


def call(label, *, after=False, reading="", comment=""):
    return Call(label, "", comment, NOON, "UTC", after, "demo · 1" if after else "", reading)


def dispute(**changes):
    facts = {
        "patch": 7,
        "name": "p7.png",
        "case": "case 1",
        "slide": "",
        "state": DisputeState.OPEN,
        "calls": (
            ReaderCalls(ANN, call(1), call(0, after=True)),
            ReaderCalls(BOB, call(1, reading="first"), call(1, reading="first")),
        ),
        "remarks": (),
        "referral": None,
        "adjudication": None,
        "imported_label": -1,
        "reference_label": -1,
        "reference_source": ReferenceSource.DISPUTED,
        "gate_label": 1,
        "split": Split.LOCKED,
        "excluded": False,
    }
    return Dispute(**(facts | changes))


@pytest.mark.parametrize(
    ("calls", "differing", "said"),
    [
        (0, 0, "Nobody has called it"),
        (1, 0, "One reader has called it"),
        (2, 1, "Both readers' calls differ"),
        (2, 0, "Both readers agree"),
        (3, 1, "1 of 3 readers' calls differs"),
        (12, 3, "3 of 12 readers' calls differ"),
        (4, 0, "All 4 readers agree"),
    ],
)
def test_how_many_differ(calls, differing, said):
    assert wording.difference_text(calls, differing) == said


def test_before_and_after_a_reveal():
    changed, kept = dispute().calls[0], ReaderCalls(BOB, call(1), call(1, after=True))
    assert wording.reveal_text(changed) == "Changed after the reveal"
    assert wording.reveal_text(kept) == "Kept after the reveal"
    assert wording.reveal_text(dispute().calls[1]) == "Before any reveal"
    assert wording.reveal_text(ReaderCalls(BOB, None, call(1, after=True))).startswith("Model's")


def test_an_explanation_names_who_said_what_before_and_after(labels):
    explained = explain(dispute(), labels)
    assert explained.headline.startswith("It counts as nothing: both readers' calls differ")
    first, changed, bob = explained.said
    assert first.startswith("Ann called it globally sclerotic") and "before any reveal" in first
    assert changed.startswith("Ann changed to not globally sclerotic")
    assert "after the call of demo · 1 had been shown" in changed
    assert "in the reading first" in bob
    assert explained.gate == (
        "For the gate it is globally sclerotic, from what was called before any reveal."
    )


@pytest.mark.parametrize("shown", [True, False])
def test_an_adjudication_says_whether_the_call_was_shown(labels, shown):
    settled = Adjudication(1, CARA, "tuft", NOON, "UTC", shown, "demo · 1" if shown else "")
    explained = explain(
        dispute(
            adjudication=settled,
            reference_label=1,
            reference_source=ReferenceSource.ADJUDICATED,
            gate_label=-1 if shown else 1,
            referral=Referred(Referral.CONSENSUS, BOB, "Hard.", NOON, "UTC", False),
        ),
        labels,
    )
    assert "Cara adjudicated it globally sclerotic" in explained.headline
    assert "“tuft”. The model's" in explained.headline
    assert ("had not been shown" in explained.headline) is not shown
    assert explained.gate.startswith("The gate takes nothing of it" if shown else "For the gate")
    (referred,) = (one for one in explained.said if "Put onto the consensus list by Bob" in one)
    assert referred.endswith(": “Hard.”")


@pytest.mark.parametrize(
    ("changes", "gate"),
    [
        ({"excluded": True}, "It is excluded"),
        ({"split": Split.TRAIN}, "it is a training patch"),
        ({"split": Split.NONE}, "in no part of the data yet"),
        ({"gate_label": -1, "calls": ()}, "nobody has called it anything"),
        (
            {"gate_label": -1, "calls": (ReaderCalls(ANN, None, call(1, after=True)),)},
            "every call was made after the model's had been shown",
        ),
        (
            {
                "gate_label": -1,
                "calls": (
                    ReaderCalls(ANN, call(1), call(1)),
                    ReaderCalls(BOB, call(0), call(1, after=True)),
                ),
            },
            "the readers' first calls differ",
        ),
    ],
)
def test_what_the_gate_takes(labels, changes, gate):
    assert gate in explain(dispute(**changes), labels).gate


def table(labels, **columns):
    rows = len(columns["reference"])
    filled = {name: np.zeros(rows, dtype=kind) for name, kind in COLUMNS.items()}
    filled["id"] = np.arange(1, rows + 1)
    for name, values in columns.items():
        filled[name] = np.array(values, dtype=COLUMNS[name])
    return PatchTable(filled, ["case a", "case b"], ["slide x"], labels.targets())


def test_cases_before_and_after_adjudicating(labels):
    made = table(
        labels,
        case=[0, 0, 0, 0, 0, 1, 1, -1],
        slide=[0, 0, 0, 0, 0, 0, 0, 0],
        reference=[1, 0, 0, 0, 0, 1, 2, 1],
        excluded=[0, 0, 0, 0, 0, 0, 0, 0],
    )
    found = relabelled_by_adjudication(made, {1: 0, 7: -1, 8: 0}, labels)
    first, second, alone = found.cases
    assert (first.case, first.before.positive, first.after.positive) == ("case a", 0, 1)
    assert first.before.total == first.after.total == 5 and first.changes_category
    assert second.case == "case b" and not second.relabelled
    assert alone.case == "slide x" and alone.changes_category
    assert found.patches == 3
    assert wording.relabelling_sentence(found) == (
        "Adjudicating has changed the reference label of 3 patches; 2 of 3 cases change category "
        "at 20 %."
    )


def test_excluded_patches_and_duplicates_count_nowhere(labels):
    made = table(
        labels, case=[0, 0, 0], reference=[1, 1, 0], excluded=[1, 0, 0], duplicate=[0, 1, 0]
    )
    found = relabelled_by_adjudication(made, {1: 0, 2: 0, 99: 0}, labels)
    assert found.patches == 0 and found.cases[0].after.total == 1
    assert wording.relabelling_sentence(found) == "Adjudicating has changed no label so far."


def test_cut_offs_in_words():
    assert wording.cut_offs_text((0.2,)) == "20 %"
    assert wording.cut_offs_text((0.2, 0.5)) == "20 and 50 %"
    limits = (0.1, 0.2, 0.5)
    said = [wording.category_text(category, limits) for category in (0, 1, 2, 3, None)]
    assert said == ["below 10 %", "10 to 20 %", "20 to 50 %", "50 % and above", "none"]
