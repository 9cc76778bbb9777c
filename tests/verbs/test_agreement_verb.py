"""`glomviewer agreement`: figures as in the domain, rules, breakdowns and refusals."""

import json

import pytest
from builders import add_model, make_library
from readings import as_imported, make_reading

from glomviewer.__main__ import main
from glomviewer.domain.agreement.bootstrap import Bootstrap
from glomviewer.domain.agreement.statistic import Measure
from glomviewer.domain.agreement.summary import summarise
from glomviewer.store.library import Library


@pytest.fixture
def folder(tmp_path):
    readers = [("Ann Reader", "AR"), ("Bob Other", "BO"), ("Cara More", "CM")]
    small = make_library(tmp_path, readers=readers, image_files=False)
    add_model(small, {patch: 3.0 if patch % 2 == 0 else -3.0 for patch in small.ids})
    ann, bob, cara = small.readers
    make_reading(
        small,
        {ann: as_imported(small, p3=1), bob: as_imported(small, p5=1, p6=2)},
        changed={ann: {3: 0}},
    )
    small.library.adjudicate(reader=cara, patch=3, label=0, reason="so", call_shown=False)
    small.library.close()
    return small.library.folder


@pytest.fixture
def shell(capsys):
    def run(*words):
        code = main(["agreement", *map(str, words), "--json"])
        out, err = capsys.readouterr()
        return code, json.loads(out) if out else None, err

    return run


@pytest.fixture
def text(capsys):
    def run(*words):
        code = main(["agreement", *map(str, words)])
        out, err = capsys.readouterr()
        assert code == 0, err
        return out

    return run


def test_the_figures_are_those_of_the_domain(shell, folder):
    code, told, _ = shell(folder, "--reading", "baseline", "--intervals", 200)
    assert code == 0
    with Library.open(folder, write=False) as library:
        summary = summarise(library.ratings(1), library.label_set, plan=Bootstrap(200))
    for measure in Measure:
        figure, one = told["all"]["statistics"][measure.value], summary.everyone[measure]
        assert (figure["value"], figure["low"], figure["high"]) == (one.value, one.low, one.high)
        assert (figure["reason"] or "") == one.reason
    assert told["disputed"] == [3, 5, 6] and told["draws"] == 200
    assert told["pairs"][0]["confusion"]["counts"][0][1] == 1
    assert told["model"]["readers"][0]["reveals"]["repaired"]["count"] == 1
    assert told["model"]["title"] == "demo · 1"
    own = told["reference"][0]
    assert own["sources"] == {"adjudicated": 1, "readers_agree": 21}
    assert own["left_out"]["first_calls_differ"] == 2
    assert "as no reveal can have touched it" in told["reference_rule"]
    assert [case["disputed"] for case in told["cases"]] == [1, 2, 0, 0, 0, 0]
    assert told["time"][0]["quarters"][0]["calls"] == 6
    assert told["rule"] == "own-categories" and len(told["categories"]) == 4


def test_all_labels_and_another_rule(shell, folder):
    code, told, _ = shell(folder, "--rule", "not-read", "--intervals", 0)
    assert code == 0 and told["reading"] is None and told["draws"] == 0
    assert told["all"]["compared"] == 23 and len(told["categories"]) == 2
    left_out = shell(folder, "--rule", "left-out", "--intervals", 0)[1]
    assert left_out["left_out"] == 1


def test_a_terminal_gets_tables(text, folder):
    told = text(folder, "--reading", "Baseline", "--intervals", 100)
    assert "2 readers agree on 21 of 24 patches. Kappa 0.76 (" in told
    assert "AC1 takes 4 categories" in told
    assert "demo · 1, called sclerotic from 0.50 on. For review, not for diagnosis." in told
    assert "Ann Reader, repaired: 1 of 1, 1.000" in told
    assert "The reference label is taken as no reveal can have touched it" in told
    rests_on = "1 adjudicated, 21 on which all first calls agree; left out: 2 on which first calls"
    assert f"Ann Reader: {rests_on} differ." in told
    assert "Fleiss" not in told


@pytest.mark.parametrize(
    ("by", "title", "row"),
    [
        ("pair", "two readers at a time", "Ann Reader and Bob Other"),
        ("case", "case by case, most disputed first", "case 2"),
        ("class", "label by label, each against all others", "cannot tell"),
        ("time", "over time, in each reader's own order", "Bob Other"),
    ],
)
def test_one_breakdown_alone(text, folder, by, title, row):
    told = text(folder, "--reading", "Baseline", "--intervals", 0, "--by", by).splitlines()
    start = told.index(title)
    assert any(line.strip().startswith(row) for line in told[start + 1 :])
    assert "all readers" not in told


def test_what_is_not_defined_says_why(text, tmp_path):
    small = make_library(
        tmp_path, readers=[("Ann Reader", "AR"), ("Bob Other", "BO")], image_files=False
    )
    for reader in small.readers:
        small.library.decide(reader=reader, patches=small.ids, label=0)
    small.library.close()
    told = text(small.library.folder, "--intervals", 0)
    assert "Cohen's kappa" in told and "not defined" in told
    assert "both called every compared patch the same one class" in told


def test_nobody_has_read(text, tmp_path):
    small = make_library(tmp_path, image_files=False)
    small.library.close()
    assert "Nobody has read here yet." in text(small.library.folder)


@pytest.mark.parametrize("words", [("--reading", "Another"), ("--intervals", "-1")])
def test_bad_input_is_one_sentence(shell, folder, words):
    code, told, err = shell(folder, *words)
    assert (code, told) == (2, None)
    assert err.startswith("error: ") and len(err.strip().splitlines()) == 1
