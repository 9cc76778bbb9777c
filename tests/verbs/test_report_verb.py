"""`glomviewer report`: one command for HTML, PDF and every decision."""

import json

import pytest
from finished_reading import read_through

from glomviewer.__main__ import main


@pytest.fixture
def shell(capsys):
    def run(*words):
        code = main(["report", *map(str, words)])
        out, err = capsys.readouterr()
        return code, out, err

    return run


@pytest.fixture
def read(tmp_path):
    read = read_through(tmp_path / "library")
    read.small.library.close()
    return read


def test_one_command_writes_all_files(shell, read, tmp_path):
    out = tmp_path / "out"
    code, said, _ = shell(read.folder, "--out", out, "--draws", "50", "--json")
    told = json.loads(said)
    assert code == 0 and told["reading"] == "Baseline" and told["noted"]
    names = ("report.html", "report.pdf", "decisions.csv", "disputes.csv")
    assert [(out / name).is_file() for name in names] == [True] * 4
    assert told["disputes"] == {
        "all": 6,
        "open": 1,
        "sent_back": 0,
        "consensus": 1,
        "settled": 4,
        "settled_how": {"adjudicated": 3, "the readers agree since": 1},
    }
    assert [one["judges"] for one in told["reference_sources"]] == [2, 0, 18, 0]
    assert told["reveals"][0]["repaired"]["of"] == 2
    kappa = next(one for one in told["agreement"] if one["statistic"] == "Cohen's kappa")
    assert kappa["value"] == pytest.approx(0.5) and kappa["low"] <= 0.5 <= kappa["high"]
    assert (out / "report.pdf").read_bytes().startswith(b"%PDF")


def test_it_says_where_it_wrote(shell, read, tmp_path):
    code, said, _ = shell(read.folder, "--out", tmp_path / "out", "--draws", "0")
    assert code == 0 and said.startswith("The report was written to ")
    assert "No intervals were drawn" in (tmp_path / "out/report.html").read_text("utf-8")


def test_the_cut_off_and_the_rule_are_those_asked_for(shell, read, tmp_path):
    words = ("--reading", "baseline", "--out", tmp_path / "out", "--draws", "0", "--json")
    code, said, _ = shell(read.folder, *words, "--cut-off", "60", "--rule", "not-read")
    assert code == 0 and json.loads(said)["cases_changing_category"] == ["case 1"]
    page = (tmp_path / "out/report.html").read_text("utf-8")
    assert "Category at 60 %" in page and "as if the reader had not read" in page


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--reading", "Follow-up"), "No single reading fits 'Follow-up'; there are: 'Baseline'."),
        (("--cut-off", "0"), "no percentage above 0"),
        (("--draws", "-1"), "can't be drawn"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(shell, read, tmp_path, words, sentence):
    code, said, err = shell(read.folder, "--out", tmp_path / "out", *words)
    assert (code, said) == (2, "") and sentence in err
    assert not (tmp_path / "out").exists()


def test_a_library_without_a_reading_has_no_report(shell, tmp_path):
    assert main(["new", str(tmp_path / "empty.glomlib")]) == 0
    code, _, err = shell(tmp_path / "empty.glomlib", "--out", tmp_path / "out")
    assert code == 2 and "no reading to report" in err
