"""patch,logit,error: appended whole lines, sound after a kill at any byte."""

import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from training.config import UserError
from training.patches.predictions_file import PredictionRow, PredictionsFile, read_predictions

ROWS = [
    PredictionRow("1", 0.1),
    PredictionRow("2", None, "truncated, or\nworse"),
    PredictionRow("3", -12.5),
]


def write(path: Path, rows, source: str = "model") -> frozenset[str]:
    with PredictionsFile(path, source) as file:
        file.append(rows)
        return file.done


def test_the_file_is_as_the_app_expects_it(tmp_path: Path):
    path = tmp_path / "out" / "predictions.csv"
    write(path, ROWS)
    assert path.read_bytes() == b'patch,logit,error\n1,0.1,\n2,,"truncated, or worse"\n3,-12.5,\n'


def test_it_goes_on_where_it_stopped(tmp_path: Path):
    path = tmp_path / "predictions.csv"
    assert write(path, ROWS[:2]) == frozenset()
    assert write(path, ROWS[2:]) == {"1", "2"}
    assert [row.patch for row in read_predictions(path)] == ["1", "2", "3"]


def test_a_cut_at_any_byte_costs_at_most_the_last_line(tmp_path: Path):
    path = tmp_path / "predictions.csv"
    write(path, ROWS)
    data = path.read_bytes()
    for cut in range(len(data) + 1):
        path.write_bytes(data[:cut])
        whole = max(0, data[:cut].count(b"\n") - 1)
        done = write(path, [])
        assert len(done) == whole
        write(path, ROWS[whole:])
        assert path.read_bytes() == data


def test_rows_of_another_model_are_not_mixed_in(tmp_path: Path):
    path = tmp_path / "predictions.csv"
    write(path, ROWS, source="old")
    assert write(path, ROWS[:1], source="new") == frozenset()
    assert [row.patch for row in read_predictions(path)] == ["1"]


@settings(max_examples=50, deadline=None)
@given(st.floats(width=32, allow_nan=False, allow_infinity=False))
def test_logits_survive_as_fp32(tmp_path_factory, logit):
    path = tmp_path_factory.mktemp("p") / "predictions.csv"
    write(path, [PredictionRow("1", logit)])
    read = read_predictions(path)[0].logit
    assert read is not None
    assert np.float32(read) == np.float32(logit)
    assert math.copysign(1, read) == math.copysign(1, logit)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("name,label\n1,1\n", "should begin with"),
        ("patch,logit,error\n1,2\n", "line 2.*three cells"),
        ("patch,logit,error\n1,x,\n", "line 2.*no number"),
        ("patch,logit,error\n1,inf,\n", "not finite"),
    ],
)
def test_another_file_is_refused_and_left_alone(tmp_path: Path, text, told):
    path = tmp_path / "labels.csv"
    path.write_text(text)
    with pytest.raises(UserError, match=told):
        read_predictions(path)
    with pytest.raises(UserError, match=told):
        PredictionsFile(path, "model")
    assert path.read_text() == text


def test_a_missing_file_is_told(tmp_path: Path):
    with pytest.raises(UserError, match="does not exist"):
        read_predictions(tmp_path / "predictions.csv")
