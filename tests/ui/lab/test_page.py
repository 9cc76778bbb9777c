"""The lab, by keys and mouse, with a stand-in for training."""

import json

import pytest
from PySide6.QtCore import Qt

from glomviewer.ui.lab.cost_watch import MEASURING
from glomviewer.ui.lab.page import UNDER_WAY

CONTROL = Qt.KeyboardModifier.ControlModifier


def click(qtbot, button):
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def rested(qtbot, page, session):
    """Wait until nothing runs any more, whatever the page has begun by itself."""
    qtbot.waitUntil(lambda: not session.tasks.running)


def start(qtbot, page):
    qtbot.waitUntil(lambda: page.bar.train.isEnabled())
    qtbot.keyClick(page.recipe.recipe, Qt.Key.Key_R, CONTROL)


def trained(page):
    return page.run.headline.text().endswith("is trained")


def may_finish(page):
    return page.run.finish.isVisible() and page.run.finish.isEnabled()


def test_it_shows_what_would_be_used_by_class_and_split(page):
    bars = {(bar.split, bar.label.target): (bar.patches, bar.cases) for bar in page.data.bars.bars}
    assert bars[("Training", 1)] == (8, 4)
    assert bars[("Validation", 0)] == (2, 1)
    assert bars[("Locked", 1)] == (2, 1)
    assert "Training, globally sclerotic: 8 patches, 4 cases" in (
        page.data.bars.accessibleDescription()
    )


def test_a_label_changes_the_counts_and_what_is_left_out_opens(qtbot, page, session):
    reader = session.reader.id
    assert page.data.left_out_title.text() == "Nothing is left out."
    session.run(lambda library: library.decide(reader=reader, patches=[1, 2], label=2))
    qtbot.waitUntil(lambda: len(page.data.buttons) == 1)
    assert page.data.buttons[0].text() == "2 cannot tell"
    with qtbot.waitSignal(page.open_patches) as opened:
        click(qtbot, page.data.buttons[0])
    assert opened.args[1] == "Left out of training: cannot tell"


def test_leaks_are_looked_for_by_itself_and_again_when_labels_change(qtbot, page, session):
    qtbot.waitUntil(lambda: page.leaks.headline.text() == "No leak was found")
    assert not page.leaks.findings.isVisible()
    searches = []
    page.jobs.leaks_known.connect(searches.append)
    rested(qtbot, page, session)
    reader = session.reader.id
    session.run(lambda library: library.decide(reader=reader, patches=[1], label=1))
    qtbot.waitUntil(lambda: len(searches) == 1)


LEAKS = {
    "findings": [
        {"kind": "twice", "severity": "note", "sentence": "One is there twice.", "patches": []},
        {
            "kind": "split",
            "severity": "refuse",
            "sentence": "A case is on both sides.",
            "patches": ["3", "9"],
        },
    ],
    "checked": ["cases on both sides: 6 groups"],
}


@pytest.mark.parametrize("behaviour", [{"leaks": LEAKS}])
def test_a_finding_opens_its_patches_and_the_worst_comes_first(qtbot, page, behaviour):
    qtbot.waitUntil(lambda: len(page.leaks.open_buttons) == 1)
    (button,) = page.leaks.open_buttons
    assert button.text() == "Open 2 patches"
    with qtbot.waitSignal(page.open_patches) as opened:
        click(qtbot, button)
    query, title = opened.args
    assert query.ids == (3, 9)
    assert title == "Leak: split"
    click(qtbot, page.leaks.what.head)
    assert page.leaks.checked.isVisible()


@pytest.mark.parametrize("behaviour", [{"leaks": "unknown", "estimate": "unknown"}])
def test_what_an_older_training_cannot_do_is_not_made_up(qtbot, page, session, behaviour):
    qtbot.waitUntil(lambda: "no verb 'leaks'" in page.leaks.trouble.text())
    qtbot.waitUntil(lambda: page.bar.cost.text() == MEASURING)
    qtbot.waitUntil(lambda: page.bar.cost.text() == "")
    assert page.bar.train.isEnabled()


def test_time_and_memory_are_measured_for_the_very_fields(qtbot, page, behaviour, tmp_path):
    qtbot.waitUntil(lambda: page.bar.cost.text() == "About 4 min and 1.0 GB of memory.")


def test_train_by_key_shows_curves_and_ends_with_a_candidate(qtbot, page, session):
    start(qtbot, page)
    qtbot.waitUntil(lambda: trained(page))
    assert page.run.plots.isVisible()
    assert page.run.figures["Epoch"].text() == "3 of 3"
    assert page.run.plots.accuracy.validation.text() == "validation 0.730"
    rested(qtbot, page, session)
    assert session.library.models()[0].run is not None
    qtbot.waitUntil(lambda: page.bar.past.text().startswith("The last run with quick took"))


@pytest.mark.parametrize("behaviour", [{"slow": 0.3, "epochs": 60}])
def test_a_run_is_paused_goes_on_and_keeps_its_best_by_keys(qtbot, page, session, behaviour):
    start(qtbot, page)
    qtbot.waitUntil(lambda: page.run.finish.isVisible() and page.run.finish.isEnabled())
    assert page.bar.cost.text() == UNDER_WAY
    keys = page.recipe.recipe
    qtbot.keyClick(keys, Qt.Key.Key_P, CONTROL)
    qtbot.waitUntil(lambda: page.run.headline.text().endswith("is paused"))
    assert page.run.pause.text() == "Go on"
    qtbot.keyClick(keys, Qt.Key.Key_P, CONTROL)
    qtbot.waitUntil(lambda: page.run.pause.text() == "Pause")
    qtbot.keyClick(keys, Qt.Key.Key_B, CONTROL)
    qtbot.waitUntil(lambda: trained(page))
    rested(qtbot, page, session)
    assert session.library.runs()[0].state == "finished"


@pytest.mark.parametrize("behaviour", [{"slow": 0.3, "epochs": 60}])
def test_a_cancelled_run_offers_to_go_on_from_its_last_epoch(qtbot, page, session, behaviour):
    start(qtbot, page)
    qtbot.waitUntil(lambda: page.run.figures["Epoch"].text() != "–")
    click(qtbot, page.run.cancel)
    qtbot.waitUntil(lambda: page.run.resume.isVisible())
    assert page.run.headline.text().endswith("was stopped")
    assert page.bar.train.isEnabled()
    click(qtbot, page.run.resume)
    qtbot.waitUntil(lambda: page.run.finish.isVisible() and page.run.finish.isEnabled())
    click(qtbot, page.run.finish)
    qtbot.waitUntil(lambda: trained(page))
    rested(qtbot, page, session)


@pytest.mark.parametrize("behaviour", [{"crash_at": 2}])
def test_a_run_that_dies_says_why_and_can_be_resumed(qtbot, page, session, behaviour):
    start(qtbot, page)
    qtbot.waitUntil(lambda: "device-side assert" in page.run.trouble.text())
    qtbot.waitUntil(lambda: page.run.resume.isVisible())
    rested(qtbot, page, session)


@pytest.mark.parametrize("behaviour", [{"hints": ["overfitting", "plateau", "leak"]}])
def test_what_curves_show_is_said_in_sentences(qtbot, page, session, behaviour):
    start(qtbot, page)
    qtbot.waitUntil(lambda: trained(page))
    assert page.run.hints.text() == "The curves show overfitting.\nThe curves show plateau."
    rested(qtbot, page, session)


def test_the_run_gets_the_recipe_with_its_changes(qtbot, page, session):
    page.recipe.choose_recipe("swin")
    page.recipe.form.unfold("Learning")
    row = page.recipe.form.rows["epochs"]
    row.editor.setFocus()
    row.editor.selectAll()
    qtbot.keyClicks(row.editor, "7")
    start(qtbot, page)
    qtbot.waitUntil(lambda: trained(page))
    (folder,) = session.library.paths.runs.iterdir()
    job = json.loads((folder / "job.json").read_text(encoding="utf-8"))
    assert job["recipe"] == {"name": "swin", "epochs": 7}
    rested(qtbot, page, session)
