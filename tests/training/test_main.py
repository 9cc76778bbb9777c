"""`python -m training`: verbs are found, loaded only when asked for, and faults are sentences."""

import subprocess
import sys
from pathlib import Path

import pytest

from training.__main__ import VERBS, main

ROOT = Path(__file__).resolve().parents[2]


def test_without_a_verb_all_are_listed(capsys):
    assert main([]) == 2
    assert main(["--help"]) == 0
    told = capsys.readouterr().out
    assert all(verb in told for verb in VERBS)


def test_an_unknown_verb_is_code_2(capsys):
    assert main(["dance"]) == 2
    assert "no verb 'dance'" in capsys.readouterr().err


@pytest.mark.parametrize("verb", ["predict", "embed", "convert", "weights", "device", "serve"])
def test_every_verb_has_help(verb, capsys):
    with pytest.raises(SystemExit) as ended:
        main([verb, "--help"])
    assert ended.value.code == 0
    assert f"python -m training {verb}" in capsys.readouterr().out


def test_what_the_app_imports_needs_no_torch():
    code = (
        "import sys; import training.config, training.events, training.decode, training.recipe\n"
        "import training.recipe_files, training.curve_hints, training.patches.manifest\n"
        "heavy = {'torch', 'timm', 'sklearn', 'pandas', 'safetensors'} & set(sys.modules)\n"
        "sys.exit(f'loaded: {heavy}' if heavy else 0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_a_verb_whose_packages_are_missing_says_what_to_install(monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "torch", None)
    monkeypatch.delitem(sys.modules, "training.device", raising=False)
    assert main(["device"]) == 2
    error = capsys.readouterr().err
    assert "torch" in error
    assert "glomviewer[model]" in error


@pytest.mark.parametrize("place", ["file", "file/below"])
def test_a_folder_that_can_not_be_made_is_told_without_a_traceback(
    place, labelled_folder, tmp_path, capsys
) -> None:
    (tmp_path / "file").write_text("no folder")
    out = tmp_path / place
    command = ["crossval", "--data", str(labelled_folder), "--out", str(out)]
    assert main([*command, "--recipe", "logistic", "--tiny"]) == 2
    told = capsys.readouterr().err.splitlines()[-1]
    assert told.startswith(f"error: {tmp_path / 'file'}")


def test_a_seed_that_nothing_can_draw_from_is_refused(tmp_path, capsys) -> None:
    command = ["crossval", "--data", str(tmp_path), "--out", str(tmp_path / "out")]
    assert main([*command, "--seed", "-1"]) == 2
    assert capsys.readouterr().err == "error: --seed is -1; it should be 0 to 2147483647.\n"


def test_a_reader_of_the_output_may_leave_early() -> None:
    command = [sys.executable, "-m", "training", "recipes", "swin", "--json"]
    child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert child.stdout is not None
    assert child.stderr is not None
    child.stdout.close()
    assert child.stderr.read() == b""
    child.stderr.close()
    assert child.wait() == 0
