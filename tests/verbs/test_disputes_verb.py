"""`glomviewer disputes`: the queue, settling and referring, why, and what it does to cases."""

import json

import pytest
from builders import make_library

from glomviewer.__main__ import main


@pytest.fixture
def shell(capsys):
    def run(*words):
        code = main(["disputes", *map(str, words), "--json"])
        out, err = capsys.readouterr()
        return code, json.loads(out) if out else None, err

    return run


@pytest.fixture
def folder(tmp_path):
    """Ann and Bob differ on patches 1 and 2."""
    small = make_library(
        tmp_path,
        readers=[("Ann Reader", "AR"), ("Bob Other", "BO"), ("Cara Chief", "CC")],
        image_files=False,
    )
    ann, bob, _ = small.readers
    small.library.decide(reader=ann, patches=[1, 2], label=1)
    small.library.decide(reader=bob, patches=[1, 2], label=0, comment="open loops")
    small.library.close()
    return small.library.folder


def test_it_lists_open_disputes_with_all_calls(shell, folder):
    code, told, _ = shell(folder)
    assert code == 0 and told["counts"] == {
        "open": 2,
        "sent back": 0,
        "consensus": 0,
        "settled": 0,
    }
    first = told["disputes"][0]
    assert first["patch"] == 1 and first["case"] == "case 1"
    assert [call["final"]["label"] for call in first["calls"]] == [
        "globally sclerotic",
        "not globally sclerotic",
    ]
    assert first["calls"][1]["first"]["comment"] == "open loops"
    assert told["reference_sources"] == {"imported": 22, "disputed": 2}


def test_for_people_it_says_who_said_what(capsys, folder):
    assert main(["disputes", str(folder)]) == 0
    out = capsys.readouterr().out
    assert out.startswith("2 open, 0 sent back, 0 consensus, 0 settled")
    assert "Both readers' calls differ" in out and "BO  not globally sclerotic" in out
    assert "Adjudicating has changed no label so far." in out


def test_settling_with_a_reason_and_why(shell, folder):
    words = ("--adjudicate", 1, "globally sclerotic", "--reason", "solidified", "--reader", "CC")
    code, told, _ = shell(folder, *words)
    assert code == 0 and told["changed"]
    code, told, _ = shell(folder, "--why", 1)
    assert code == 0 and told["source"] == "adjudicated"
    assert told["label"] == told["gate_label"] == "globally sclerotic"
    assert "solidified" in told["sentences"][0]
    assert told["adjudication"]["reader"] == "Cara Chief"
    assert not told["adjudication"]["call_shown"]
    code, told, _ = shell(folder, "--state", "settled", "--cut-off", 20, 50)
    assert [one["patch"] for one in told["disputes"]] == [1]
    assert told["relabelling"]["patches"] == 1 and told["relabelling"]["cut_offs"] == [0.2, 0.5]
    assert told["relabelling"]["cases"][0]["case"] == "case 1"


def test_a_call_that_was_seen_keeps_the_label_out_of_the_gate(shell, folder):
    words = ("--adjudicate", 1, 1, "--reason", "so", "--reader", "CC", "--call-shown")
    assert shell(folder, *words)[0] == 0
    assert shell(folder, "--why", 1)[1]["gate_label"] == "no label"


def test_referring_and_opening_again(shell, folder):
    where = ("--reader", "CC", "--reason", "for all of us")
    assert shell(folder, "--refer", 1, "consensus", *where)[0] == 0
    told = shell(folder, "--state", "consensus")[1]
    assert told["disputes"][0]["referral"]["reason"] == "for all of us"
    assert shell(folder, "--refer", 1, "open", *where)[0] == 0
    assert shell(folder)[1]["counts"]["open"] == 2


def test_a_refused_cut_off_is_a_percentage(shell, folder):
    assert "percentage above 0" in shell(folder, "--cut-off", 400)[2]


@pytest.mark.parametrize(
    "words",
    [
        ("--adjudicate", 1, 1, "--reader", "CC"),
        ("--adjudicate", 1, "pink", "--reason", "so", "--reader", "CC"),
        ("--adjudicate", "p1.png", 1, "--reason", "so", "--reader", "CC"),
        ("--adjudicate", 1, 1, "--reason", "so", "--reader", "nobody"),
        ("--refer", 1, "elsewhere", "--reader", "CC"),
        ("--refer", 9, "reading", "--reader", "CC"),
        ("--why", 999),
        ("--reading", "none such"),
        ("--cut-off", 0),
    ],
)
def test_bad_input_is_one_sentence_and_changes_nothing(shell, folder, words):
    code, told, err = shell(folder, *words)
    assert (code, told) == (2, None)
    assert err.startswith("error: ") and len(err.strip().splitlines()) == 1
    assert shell(folder)[1]["counts"]["open"] == 2
