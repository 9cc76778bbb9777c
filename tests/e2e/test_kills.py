"""A process that is killed while it writes loses nothing that it had confirmed."""

from dataclasses import replace
from pathlib import Path

import pytest

from glomviewer.bench.kills.aftermath import Before, problems_after
from glomviewer.bench.kills.killing import run_kills
from glomviewer.bench.kills.messages import Moment, Order, Said, Work, understood
from glomviewer.bench.kills.scene import Scene
from glomviewer.bench.kills.victim import BULK
from glomviewer.store.library import Library
from glomviewer.store.packs.opening import open_pack


def killed(count, tmp_path, seed):
    report = run_kills(count, seed=seed, folder=tmp_path)
    print(report.sentence)
    assert report.failures == []
    assert report.kills == count
    return report


def test_sixteen_kills_lose_nothing(tmp_path):
    assert killed(16, tmp_path, seed=20).confirmed > 0


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_two_hundred_kills_lose_nothing(tmp_path):
    report = killed(200, tmp_path, seed=4)
    assert report.in_flight >= 40, "too few kills fell into a write for this to say anything"


@pytest.fixture(scope="module")
def scene(tmp_path_factory):
    scene = Scene(tmp_path_factory.mktemp("kills"), seed=1)
    scene.build()
    return scene


def order(scene, work):
    reader = scene.second if work is Work.READ else scene.reader
    return Order(work, str(scene.library), reader, seed=0)


def before(scene):
    with Library.open(scene.library, write=False) as library:
        return Before.of(library, scene.reader)


def problems(scene, work, said, found=None):
    return problems_after(scene.library, order(scene, work), said, found or before(scene))


def test_a_lost_decision_is_noticed(scene):
    said = [Said(Moment.DONE, {"patch": BULK + 5, "label": 1, "batch": 99_999})]
    lost, wrong = problems(scene, Work.LABEL, said)
    assert "logged as []" in lost
    assert "was confirmed" in wrong


def test_half_a_bulk_gesture_is_noticed(scene):
    with Library.open(scene.library) as library:
        library.decide(reader=scene.reader, patches=range(1, BULK // 2), label=1)
    said = [Said(Moment.TRYING, {"label": 1})]
    assert "after a bulk gesture" in problems(scene, Work.BULK, said)[0]
    with Library.open(scene.library) as library:
        library.undo(reader=scene.reader)
    assert problems(scene, Work.BULK, said) == []


def test_half_an_import_is_noticed(scene):
    there = before(scene)
    fewer = Before(there.patches - 3, there.active, there.bulk)
    said = [Said(Moment.TRYING, {"patches": 16})]
    assert "3 patches of the import" in problems(scene, Work.IMPORT, said, fewer)[0]
    assert problems(scene, Work.IMPORT, said, there) == []


def test_a_lost_promotion_is_noticed(scene):
    said = [Said(Moment.DONE, {"active": "drawn-2"})]
    assert "the active model is" in problems(scene, Work.PROMOTE, said)[0]


def test_a_lost_commit_is_noticed(scene):
    with Library.open(scene.library) as library:
        (reading,) = library.readings()
        item = library.reading_items(reading.id, scene.second)[0]
    facts = {"item": item.id, "patch": item.patch, "label": 1, "batch": 99_999}
    lost, wrong = problems(scene, Work.READ, [Said(Moment.DONE, facts)])
    assert "logged as []" in lost
    assert f"item {item.id}" in wrong


def test_half_a_merge_is_noticed(scene):
    order = scene.order(Work.MERGE, 0)
    said = [Said(Moment.TRYING, {})]
    with Library.open(scene.library, write=False) as library:
        there = Before.of(library, scene.reader, order.origin)
    assert problems_after(scene.library, order, said, there) == []
    with Library.open(scene.library) as library:
        library.merge_pack(Path(order.source), trust=fingerprint_of(order.source))
    assert problems_after(scene.library, order, said, there) == []
    half = replace(order, acts=order.acts + 3)
    assert "of the other machine are here" in problems_after(scene.library, half, said, there)[0]


def fingerprint_of(file):
    with open_pack(Path(file)) as pack:
        return pack.fingerprint


def test_a_held_lock_is_noticed(scene):
    with Library.open(scene.library):
        assert "the lock is still held" in problems(scene, Work.LABEL, [], before(scene))[0]


def test_a_line_torn_by_the_kill_was_never_said():
    whole = Said(Moment.DONE, {"patch": 1}).line()
    assert understood(whole + '{"moment": "done", "pa') == [Said(Moment.DONE, {"patch": 1})]
