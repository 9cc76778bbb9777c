import json
import time
from collections.abc import Sequence

import numpy as np
import pytest

from training.judging.gate_report import GateReport
from training.judging.gate_rules import Locked, Side, judge


def locked_set(
    patches: int = 400, groups: int = 40, prevalence: float = 0.25, seed: int = 0
) -> Locked:
    generator = np.random.default_rng(seed)
    labels = (generator.random(patches) < prevalence).astype(np.int8)
    names = [f"case {i % groups}" for i in range(patches)]
    return Locked(
        [str(i) for i in range(patches)], [f"h{i}" for i in range(patches)], names, labels
    )


def side(
    locked: Locked,
    wrong: Sequence[int] = (),
    seed: int = 1,
    seen: frozenset[str] | None = frozenset(),
) -> Side:
    """A model right on all but the patches `wrong`."""
    generator = np.random.default_rng(seed)
    sign = np.where(locked.labels == 1, 1.0, -1.0)
    sign[list(wrong)] *= -1
    return Side(sign * generator.uniform(0.5, 3.0, len(sign)), 0.0, seen)


def verdict(locked: Locked, old: Side | None, new: Side) -> GateReport:
    return judge(locked, old=old, new=new)


def test_many_mended_calls_are_better() -> None:
    locked = locked_set()
    report = verdict(locked, side(locked, range(0, 80)), side(locked, range(0, 10)))
    assert report.verdict == "better"
    assert report.may_promote
    assert report.mended == [str(i) for i in range(10, 80)]
    assert report.broken == []


def test_many_broken_calls_are_worse() -> None:
    locked = locked_set()
    report = verdict(locked, side(locked, range(0, 10)), side(locked, range(0, 80)))
    assert report.verdict == "worse"
    assert not report.may_promote
    assert "active model stays" in report.sentence


def test_a_gain_bought_with_recall_is_not_better() -> None:
    locked = locked_set()
    positives = np.flatnonzero(locked.labels == 1).tolist()
    negatives = np.flatnonzero(locked.labels == 0).tolist()
    old = side(locked, negatives[:60])
    new = side(locked, positives[:3])
    report = verdict(locked, old, new)
    f1 = report.difference["f1"]
    assert f1.low is not None and f1.low > 0
    assert report.verdict != "better"


def test_the_very_same_calls_are_not_worse() -> None:
    locked = locked_set()
    same = side(locked, range(5))
    report = verdict(locked, same, same)
    assert report.verdict == "not_worse"
    assert report.difference["f1"].value == 0.0


def test_a_small_set_with_a_few_flips_cannot_tell_and_says_how_many_would() -> None:
    locked = locked_set(100, 25)
    report = verdict(locked, side(locked, [0, 1, 2]), side(locked, [3, 4, 5], seed=2))
    assert report.verdict == "cannot_tell"
    assert report.needed is not None and report.needed > 25
    assert f"{report.needed:,} cases or slides" in report.needed_sentence
    assert report.needed_sentence in report.sentence


def test_no_broken_call_in_a_small_set_does_not_prove_that_none_will_break() -> None:
    # The bootstrap alone would put the lower bound at 0 here, on 60 patches.
    locked = locked_set(60, 30)
    old, new = side(locked, seed=1), side(locked, seed=2)
    report = verdict(locked, old, new)
    assert report.difference["f1"].low == 0.0
    assert report.verdict == "cannot_tell"
    large = locked_set(2000, 200)
    assert verdict(large, side(large, seed=1), side(large, seed=2)).verdict == "not_worse"


@pytest.mark.parametrize("groups", [1, 4])
def test_too_few_groups_never_promote(groups: int) -> None:
    locked = locked_set(400, groups)
    report = verdict(locked, side(locked, range(0, 80)), side(locked))
    assert report.verdict == "cannot_tell"


def test_without_groups_the_unit_is_the_patch() -> None:
    grouped = locked_set(200)
    locked = Locked(grouped.patches, grouped.hashes, [""] * 200, grouped.labels)
    report = verdict(locked, side(locked, range(40)), side(locked))
    assert (report.unit, report.groups) == ("patch", 200)


def test_fewer_than_twenty_groups_are_marked_unreliable() -> None:
    locked = locked_set(400, 19)
    report = verdict(locked, side(locked, range(80)), side(locked))
    assert not report.reliable
    assert "unreliable" in report.sentence
    assert verdict(locked_set(400, 20), side(locked), side(locked)).reliable


def test_no_active_model_is_a_first() -> None:
    locked = locked_set()
    report = verdict(locked, None, side(locked))
    assert report.verdict == "first"
    assert report.may_promote
    assert report.to_json()["old"] == {}
    assert report.to_json()["confusion_old"] is None


@pytest.mark.parametrize("who", ["old", "new"])
def test_a_model_that_has_seen_a_locked_patch_is_refused(who: str) -> None:
    locked = locked_set()
    sides = {"old": side(locked), "new": side(locked)}
    sides[who] = side(locked, seen=frozenset({"h7", "h8", "other"}))
    report = verdict(locked, sides["old"], sides["new"])
    assert report.verdict == "refused"
    assert report.left_out["seen_by_model"] == 2
    assert "2 of the locked patches" in report.sentence
    assert not report.may_promote


@pytest.mark.parametrize("who", ["old", "new"])
def test_an_unknown_past_is_refused(who: str) -> None:
    locked = locked_set()
    sides = {"old": side(locked), "new": side(locked)}
    sides[who] = side(locked, seen=None)
    report = verdict(locked, sides["old"], sides["new"])
    assert report.verdict == "refused"
    assert "not known" in report.sentence


def test_unreadable_patches_are_left_out_for_both_and_counted() -> None:
    locked = locked_set()
    old, new = side(locked), side(locked)
    new.logits[3] = np.nan
    old.logits[4] = np.nan
    report = verdict(locked, old, new)
    assert report.patches == 398
    assert report.left_out["unreadable"] == 2


def test_an_empty_locked_set_judges_nothing() -> None:
    empty = Locked([], [], [], np.array([], np.int8))
    nothing = Side(np.array([]), 0.0, frozenset())
    assert verdict(empty, nothing, nothing).verdict == "cannot_tell"
    assert verdict(empty, None, nothing).verdict == "first"


def test_looks_are_counted_and_the_report_is_json() -> None:
    locked = locked_set(100)
    report = judge(locked, old=side(locked), new=side(locked), looks=3, left_out={"no_label": 4})
    value = json.loads(json.dumps(report.to_json(), allow_nan=False))
    assert value["looks"] == 4
    assert value["left_out"]["no_label"] == 4
    assert set(value["difference"]) == {"auc", "f1", "recall", "precision", "log_loss"}
    assert value["confusion_new"][0][0] + value["confusion_new"][1][1] == 100


def test_equal_models_seldom_pass_as_better_or_worse() -> None:
    """Of 50 pairs of equally good models about 5 may fall outside by chance."""
    outside = 0
    for seed in range(50):
        locked = locked_set(300, 60, seed=seed)
        generator = np.random.default_rng(1000 + seed)
        old = side(locked, generator.choice(300, 12, replace=False).tolist(), seed=seed)
        new = side(locked, generator.choice(300, 12, replace=False).tolist(), seed=seed + 5000)
        report = judge(locked, old=old, new=new, draws=400)
        outside += report.verdict in ("better", "worse")
    assert outside <= 9


def test_five_thousand_patches_take_seconds_not_minutes() -> None:
    locked = locked_set(5_000, 400)
    start = time.process_time()
    verdict(locked, side(locked, range(300)), side(locked, range(200)))
    assert time.process_time() - start < 30
