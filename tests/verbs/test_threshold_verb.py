"""`glomviewer models threshold`: by rule, by hand with a reason, and back."""

import json

import pytest
from builders import add_model, make_library

from glomviewer.__main__ import main


@pytest.fixture
def shell(capsys):
    def run(*words):
        code = main(["models", "threshold", *map(str, words), "--json"])
        out, err = capsys.readouterr()
        return code, json.loads(out) if out else None, err

    return run


@pytest.fixture
def folder(tmp_path):
    small = make_library(tmp_path, image_files=False)
    logits = {patch: (2.0 if patch % 2 == 0 else -2.0) + patch / 100 for patch in small.ids}
    add_model(small, logits, out_of_fold={**logits, 2: -1.0}, threshold=5.0)
    small.library.close()
    return small.library.folder


def test_it_shows_the_threshold_its_figures_and_its_history(shell, folder):
    code, told, _ = shell(folder)
    assert code == 0 and told["threshold_logit"] == 5.0
    assert told["on"]["set"] == "out-of-fold" and told["on"]["confusion"] == [[10, 0], [10, 0]]
    assert told["on"]["precision"]["value"] is None
    assert [change["reason"] for change in told["history"]] == ["as the model came"]


def test_by_rule_and_back(shell, folder):
    code, told, _ = shell(folder, "--rule", "recall:1")
    assert code == 0 and told["on"]["recall"]["value"] == 1.0
    assert told["history"][0]["rule"] == "recall:1"
    assert told["history"][0]["reason"] == "on 20 out-of-fold patches of 5 cases"
    assert told["calls_changed"] == 10 and len(told["crossing"]) == 5
    assert shell(folder, "--undo")[1]["threshold_logit"] == 5.0
    assert shell(folder, "--redo")[1]["threshold_logit"] == told["threshold_logit"]
    assert shell(folder, "--rule", "best-f1", "--on", "validation")[0] == 0


def test_by_hand_needs_a_reason(shell, folder):
    code, told, err = shell(folder, "--at", "0.5")
    assert (code, told) == (2, None) and "reason" in err
    assert shell(folder, "--at", "0.5", "--reason", "a trial")[1]["threshold_logit"] == 0.0


def test_a_look_at_the_locked_set_is_counted(shell, folder):
    assert shell(folder)[1]["looks"] == 0
    code, told, _ = shell(folder, "--locked")
    assert code == 0 and told["locked"]["patches"] == 4
    assert told["looks"] == 1 and shell(folder)[1]["looks"] == 1


@pytest.mark.parametrize(
    "words",
    [
        ("--rule", "highest"),
        ("--rule", "precision:1.5"),
        ("--at", "1.5", "--reason", "x"),
        ("--undo",),
        ("--cut-off", "0"),
        ("--model", "nobody"),
    ],
)
def test_bad_input_is_one_sentence_and_changes_nothing(shell, folder, words):
    code, told, err = shell(folder, *words)
    assert (code, told) == (2, None)
    assert err.startswith("error: ") and len(err.strip().splitlines()) == 1
    assert len(shell(folder)[1]["history"]) == 1
