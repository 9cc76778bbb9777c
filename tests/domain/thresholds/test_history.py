"""Undo and redo of a threshold, replayed from its log, against a plain stack."""

from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from glomviewer.domain.thresholds.history import REDO, UNDO, steps_of


@dataclass(frozen=True)
class Row:
    logit: float
    rule: str


@given(st.lists(st.sampled_from(["move", UNDO, REDO]), max_size=40))
def test_the_log_tells_what_a_stack_would_know(gestures):
    log = [Row(0.0, "best-f1")]
    done, undone, number = [0.0], [], 0.0
    for gesture in gestures:
        steps = steps_of(log)
        if gesture == UNDO:
            assert (steps.undo is None) == (len(done) < 2)
            if steps.undo is not None:
                log.append(Row(steps.undo.logit, UNDO))
                undone.append(done.pop())
        elif gesture == REDO:
            assert (steps.redo is None) == (not undone)
            if steps.redo is not None:
                log.append(Row(steps.redo.logit, REDO))
                done.append(undone.pop())
        else:
            number += 1.0
            log.append(Row(number, "by hand"))
            done.append(number)
            undone.clear()
        assert log[-1].logit == done[-1]
        in_force = steps_of(log).in_force
        assert in_force is not None
        assert in_force.logit == done[-1]
        assert in_force.rule not in (UNDO, REDO)


def test_an_empty_log_has_nothing_to_put_back():
    steps = steps_of([])
    assert (steps.in_force, steps.undo, steps.redo) == (None, None, None)
