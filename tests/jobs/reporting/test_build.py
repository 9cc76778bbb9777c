"""Every figure of a report, against a small reading counted by hand (see conftest)."""

from dataclasses import replace

import numpy as np
import pytest

from glomviewer.domain.agreement.bootstrap import Stopped
from glomviewer.domain.agreement.rule import UnsureRule
from glomviewer.domain.disputes.records import DisputeState
from glomviewer.domain.labels import ReferenceSource
from glomviewer.domain.report.rows import Act, SettlementRow
from glomviewer.domain.report.study import SourceLine
from glomviewer.jobs.reporting.build import build
from glomviewer.jobs.reporting.disputes_csv import dispute_lines
from glomviewer.jobs.reporting.html import render
from glomviewer.jobs.reporting.watching import Watching

YES, NO = "globally sclerotic", "not globally sclerotic"


@pytest.fixture
def report(material, choices):
    return build(material, choices)


def line(lines, between, statistic):
    return next(one.figure for one in lines if (one.between, one.statistic) == (between, statistic))


def test_counts_are_of_first_calls(report):
    ann, bob = report.readers
    assert report.labels[:2] == (YES, NO)
    assert ann.counts == (5, 4, 1, 0) and bob.counts == (3, 6, 0, 0)
    assert (ann.items, ann.decided, ann.flagged, ann.comments) == (13, 13, 1, 2)
    assert bob.finished is None and report.sample.repeats == 3


def test_readers_agree_on_seven_of_nine(report):
    lines = report.agreement.pairs
    assert line(lines, "AO and BE", "Raw agreement").value == pytest.approx(7 / 9)
    # By hand: chance is 5/9 x 3/9 + 4/9 x 6/9 = 39/81.
    expected = (7 / 9 - 39 / 81) / (1 - 39 / 81)
    kappa = line(lines, "AO and BE", "Cohen's kappa")
    assert kappa.value == pytest.approx(expected) and kappa.n == 9
    assert line(lines, "AO and BE", "Positive agreement").value == pytest.approx(6 / 8)


def test_the_rule_and_the_categories_are_stated(material, choices, report):
    assert "categories of their own" in report.agreement.rule
    assert len(report.agreement.categories) == 4
    without = build(material, replace(choices, rule=UnsureRule.NOT_READ)).agreement
    assert without.categories == (YES, NO) and "as if the reader had not read" in without.rule
    left_out = build(material, replace(choices, rule=UnsureRule.PATCH_LEFT_OUT)).agreement
    assert left_out.rule.endswith("1 patch left out.")


def test_confusion_of_the_two(report):
    (found,) = report.agreement.matrices
    assert (found.row, found.column) == ("AO", "BE")
    assert found.names[:2] == (YES, NO) and found.counts[0][:2] == (3, 2)
    assert found.counts[1][:2] == (0, 4)


def test_ann_repeats_herself_two_times_of_three(report):
    raw = line(report.agreement.with_oneself, "Ann Other (AO)", "Raw agreement")
    assert raw.value == pytest.approx(2 / 3) and raw.n == 3
    assert not [one for one in report.agreement.with_oneself if "Bob" in one.between]


def test_disputes_and_how_they_ended(report):
    changed, adjudicated = report.disputes.disputes
    assert report.disputes.number(DisputeState.SETTLED) == 2
    assert report.disputes.endings == (("the readers agree since", 1), ("adjudicated", 1))
    assert (changed.patch, changed.outcome) == ("Patch 2", NO)
    assert changed.standing == "settled: the readers agree since"
    assert [(one.reader, one.first, one.final, one.revealed) for one in changed.calls] == [
        ("AO", YES, NO, True),
        ("BE", NO, NO, False),
    ]
    assert adjudicated.patch == "Patch 7" and adjudicated.outcome == YES
    assert adjudicated.by == "Cy Judge (CJ)" and adjudicated.reason == "folded capsule"
    assert adjudicated.calls[1].comment == "only segmental" and adjudicated.model == YES


@pytest.mark.parametrize(
    ("state", "standing", "by"),
    [
        (DisputeState.OPEN, "open", ""),
        (DisputeState.SENT_BACK, "sent back for another reading", "Mona Itor"),
        (DisputeState.CONSENSUS, "on the consensus list", "Mona Itor"),
    ],
)
def test_an_unsettled_dispute_says_where_it_waits(material, choices, state, standing, by):
    table = material.table
    reference, sources = table.reference.copy(), table.reference_source.copy()
    reference[6], sources[6] = -1, ReferenceSource.DISPUTED
    sent = SettlementRow(7, referred=Act("Mona Itor", choices.made, "for the meeting"))
    rows = replace(material.rows, settlements={7: sent}, states={7: state})
    table = replace(table, reference=reference, reference_source=sources)
    found = build(replace(material, table=table, rows=rows), choices).disputes
    waiting = found.disputes[1]
    assert (found.number(DisputeState.SETTLED), found.number(state)) == (1, 1)
    assert (waiting.standing, waiting.outcome, waiting.by) == (standing, "", by)
    assert waiting.reason == ("for the meeting" if by else "")
    assert [row.split(",")[2:5] for row in list(dispute_lines(found))[1:]] == [
        ["settled", "the readers agree since", NO],
        [state.value, "", ""],
    ]


def test_an_excluded_patch_is_disputed_no_more(material, choices):
    act = Act("Mona Itor", choices.made, "torn")
    rows = replace(material.rows, settlements={7: SettlementRow(7, excluded=act)}, states={})
    (_, excluded) = build(replace(material, rows=rows), choices).disputes.disputes
    assert (excluded.standing, excluded.outcome) == ("settled: excluded", "")
    assert (excluded.by, excluded.reason) == ("Mona Itor", "torn")


def test_what_the_reveal_did_to_ann(report):
    (ann,) = report.reveals
    assert (ann.shown, ann.changed) == (9, 1)
    # Of 8 patches that the model was not trained on 7 were right and stayed so. What counts of 2
    # now is nothing but her change after the reveal, which judges nobody.
    assert (ann.judged.overturned.count, ann.judged.overturned.of) == (0, 7)
    assert (ann.judged.repaired.count, ann.judged.repaired.of) == (0, 0)
    assert (ann.judged.changed.count, ann.judged.changed.of) == (1, 8)


def test_the_model_on_the_reference_labels(report):
    part = report.model
    assert (part.name, part.version) == ("swin", "3")
    # The reading's own threshold, not the model's of today.
    assert part.threshold == "0.6225 (logit 0.500)"
    assert (part.patches, part.trained_on, part.without_call) == (7, 1, 1)
    assert part.without_reference == 1
    # Reference 1 on 1, 5, 7, 8, of which 8 was missed; of 3, 4 and 6 4 was called wrongly.
    figures = {name: (one.value, one.n) for name, one in part.figures}
    assert figures["Accuracy"] == (pytest.approx(5 / 7), 7)
    assert figures["Sensitivity"] == (pytest.approx(3 / 4), 4)
    assert figures["Specificity"] == (pytest.approx(2 / 3), 3)
    assert figures["Positive predictive value"] == (pytest.approx(3 / 4), 4)
    assert figures["Negative predictive value"] == (pytest.approx(2 / 3), 3)
    assert figures["F1"][0] == pytest.approx(6 / 8)
    # By chance 4/7 x 4/7 + 3/7 x 3/7 = 25/49.
    assert figures["Cohen's kappa"][0] == pytest.approx((35 / 49 - 25 / 49) / (24 / 49))
    assert part.matrix is not None and part.matrix.counts == ((3, 1), (1, 2))


def test_a_model_that_knows_every_patch_is_not_judged(material, choices):
    table = replace(material.table, trained_on=np.ones(10, dtype=np.bool_))
    part = build(replace(material, table=table), choices).model
    assert part.figures == () and part.trained_on == 9 and "new to this model" in part.reason


def test_without_a_model_the_report_says_so(material, choices):
    table = replace(material.table, call=np.full(10, -1, dtype=np.int8), model="", threshold=None)
    report = build(replace(material, table=table, model=None), choices)
    assert report.reveals == () and report.model.reason.startswith("No model")
    assert report.model.reason in render(report)


def test_cases_before_and_after(report):
    found = report.cases.relabelling
    # A: 1 of 3 agreed, 2 disputed away; then 1 of 4. B: 2 of 3 agreed; then 3 of 4.
    assert [
        (one.case, (one.before.positive, one.before.total), (one.after.positive, one.after.total))
        for one in found.cases
    ] == [("Case 2", (2, 3), (3, 4)), ("case A", (1, 3), (1, 4))]
    assert found.changing == ()


def test_a_case_changes_category_at_the_cut_off(material, choices):
    found = build(material, replace(choices, cut_offs=(0.3,))).cases.relabelling
    assert [one.case for one in found.changing] == ["case A"]


def test_sign_off_later_changes_and_chains(report):
    (signed,), (late,), (chain,) = report.sign_offs, report.late_changes, report.chains
    assert (signed.reader, signed.meaning, signed.note) == ("Ann Other (AO)", "read", "all")
    assert signed.heads == "01234567 · 41 · eeeeeeeeeeeeeeee"
    assert (late.patch, late.old, late.new) == ("Patch 3", NO, YES)
    assert (chain.origin, chain.rows, chain.head) == ("01234567", 42, "f" * 64)


def test_why_reference_labels_count(report):
    assert report.sources == (
        SourceLine("adjudicated", 1, 1),
        SourceLine("all readers agree", 8, 7),
        SourceLine("a single reader", 1, 1),
    )
    ann, bob = report.agreement.held_against
    assert (ann.adjudicated, ann.agreed, ann.own_alone, ann.unsettled) == (1, 7, 1, 1)
    assert (bob.adjudicated, bob.agreed, bob.own_alone, bob.unsettled) == (1, 7, 0, 1)


def test_an_adjudication_with_the_call_in_view_judges_nobody(material, choices):
    untouched = material.table.untouched.copy()
    untouched[6] = -1
    table = replace(material.table, untouched=untouched)
    report = build(replace(material, table=table), choices)
    assert report.sources[0] == SourceLine("adjudicated with the model's call in view", 1, 0)
    assert [one.in_view for one in report.agreement.held_against] == [1, 1]
    assert line(report.agreement.with_reference, "AO and reference", "Raw agreement").n == 7


def test_nothing_that_could_be_a_patients_name_is_in_it(report, material, choices):
    page = render(report)
    assert "S23-12345" not in page and "Miller" not in page and "could name a patient" in page
    rows = replace(material.rows, reading=replace(material.rows.reading, name="S23-12345 again"))
    model = replace(material.model, name="tuned on S23-12345")
    titled = build(replace(material, rows=rows, library="Miller, Ann", model=model), choices)
    page = render(titled)
    assert "S23-12345" not in page and "Miller" not in page and "Reading 4" in page


def test_intervals_are_drawn_by_cases_and_are_the_same_again(material, choices):
    told = []
    watching = Watching(lambda done, every, what: told.append((done, every, what)))
    first = build(material, replace(choices, draws=200), watching)
    kappa = line(first.agreement.pairs, "AO and BE", "Cohen's kappa")
    assert kappa.low is not None and kappa.low <= (kappa.value or 0) <= (kappa.high or 0)
    assert "200 draws of whole cases" in first.agreement.interval
    assert {what for _, _, what in told} == {
        "intervals of agreement",
        "intervals of the model's figures",
    }
    assert render(build(material, replace(choices, draws=200))) == render(first)
    other_seed = build(material, replace(choices, draws=200, seed=1))
    assert "seed 1" in other_seed.agreement.interval


def test_cancel_stops_the_drawing(material, choices):
    with pytest.raises(Stopped):
        build(material, replace(choices, draws=200), Watching(cancelled=lambda: True))


def test_nobody_has_read_yet(material, choices):
    table = material.table
    nobody = np.full((10, 2), -1, dtype=np.int8)
    empty = replace(
        table,
        first=nobody,
        final=nobody,
        revealed=np.zeros((10, 2), dtype=np.bool_),
        repeats=(table.repeats[1],) * 2,
    )
    report = build(replace(material, table=empty), replace(choices, draws=20))
    assert report.disputes.disputes == () and report.cases.relabelling.cases == ()
    assert all(one.figure.value is None for one in report.agreement.pairs)
    assert "not defined: no patch has been called" in render(report)
