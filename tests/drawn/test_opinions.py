from pathlib import Path

import pytest

from glomviewer.domain.labels import LabelSet
from glomviewer.drawn.opinions import DrawnReader, Opinions, Subject, read_subjects
from glomviewer.paths import resources_dir

LABELS = LabelSet.from_json(
    (resources_dir() / "labels/global_sclerosis.json").read_text(encoding="utf-8")
)
NAMES = [f"{number}.png" for number in range(400)]


def opinions(kind="open", truth: int | None = 0, difficulty=0.5, **temper):
    given = {"leaning": 0.5, "slips": 0.0, "unsure": 0.0, "yields": 0.0} | temper
    subjects = dict.fromkeys(NAMES, Subject(truth, kind, difficulty))
    return Opinions(DrawnReader("A Drawn", "AD", **given), subjects, LABELS)


def labels_of(one):
    return [one.first(name).label for name in NAMES]


def test_one_who_never_errs_says_what_was_drawn():
    assert set(labels_of(opinions(truth=0))) == {0}
    assert set(labels_of(opinions(kind="solidified", truth=1))) == {1}


def test_what_is_nearly_global_is_called_by_leaning():
    called = labels_of(opinions(kind="nearly global", truth=1, leaning=0.25))
    assert sum(called) / len(called) == pytest.approx(0.25, abs=0.07)


def test_slips_and_doubts_come_as_often_as_asked_for():
    called = labels_of(opinions(slips=0.1, unsure=0.1))
    assert called.count(1) / len(called) == pytest.approx(0.1, abs=0.05)
    assert called.count(2) / len(called) == pytest.approx(0.1, abs=0.05)


def test_whoever_cannot_tell_says_why():
    one = opinions(unsure=1.0, difficulty=0.5)
    assert all(one.first(name).detail in LABELS[2].details for name in NAMES)


def test_segmental_sclerosis_is_said_as_the_detail():
    assert opinions(kind="segmental").first("1.png").detail == "segmental sclerosis"


def test_tubules_are_seldom_taken_for_a_glomerulus():
    called = labels_of(opinions(kind="tubules", truth=None))
    assert called.count(3) > 0.7 * len(called)


def test_the_same_is_said_each_time_it_is_asked():
    one = opinions(kind="nearly global", unsure=0.3)
    assert [one.first(name) for name in NAMES] == [one.first(name) for name in NAMES]


def test_a_repeat_is_mostly_but_not_always_called_alike():
    one = opinions(kind="nearly global")
    alike = sum(one.first(name).label == one.first(name, again=True).label for name in NAMES)
    assert 0.8 < alike / len(NAMES) < 1.0


def test_only_a_call_that_contradicts_changes_a_mind_and_a_right_one_more_often():
    one = opinions(truth=0, yields=0.4)
    assert all(one.after(name, 0, 0) is None for name in NAMES)
    overturned = sum(one.after(name, 0, 1) is not None for name in NAMES)
    repaired = sum(one.after(name, 1, 0) is not None for name in NAMES)
    assert 0 < overturned < repaired < len(NAMES)
    assert all(one.after(name, 2, 1) is None for name in NAMES)


def test_the_demo_s_table_says_what_was_drawn():
    subjects = read_subjects(Path(resources_dir() / "demo" / "truth.csv"))
    assert len(subjects) == 300
    assert sum(subject.truth is None for subject in subjects.values()) == 3
