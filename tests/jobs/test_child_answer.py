import json
import sys
import threading

import psutil
import pytest

from glomviewer.jobs.child_answer import ask_child
from glomviewer.jobs.python_command import PythonCommand
from glomviewer.jobs.sentences import JobError
from glomviewer.jobs.tasks import Cancelled


def command(code):
    return PythonCommand((sys.executable, "-c", code))


def ask(code, *words, control=None):
    return ask_child(command(code), "verb", words, control=control or threading.Event())


def test_it_gives_the_json_that_the_verb_prints_last():
    code = "import json, sys; print('loading'); print(json.dumps({'said': sys.argv[1:]}))"
    assert ask(code, "--data", "ä b") == {"said": ["verb", "--data", "ä b"]}


def test_json_over_many_lines_is_read_too():
    code = "import json; print(json.dumps({'one': 1}, indent=2))"
    assert ask(code) == {"one": 1}


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("import sys; sys.exit('error: There is no patch.')", "There is no patch."),
        ("import sys; sys.exit(3)", "“verb” ended with code 3 and without a word."),
        ("print('not json')", "“verb” answered with something that this version can't read."),
        ("print([1])", "“verb” answered with something that this version can't read."),
    ],
)
def test_what_went_wrong_is_one_sentence(code, sentence):
    with pytest.raises(JobError) as refused:
        ask(code)
    assert str(refused.value) == sentence


def test_an_interpreter_that_is_not_there_is_told():
    with pytest.raises(JobError, match="can't be started"):
        ask_child(PythonCommand(("no such python",)), "verb", (), control=threading.Event())


def test_a_cancel_ends_the_child(tmp_path):
    told = tmp_path / "pid"
    code = (
        "import os, pathlib, time;"
        f"pathlib.Path({json.dumps(str(told))}).write_text(str(os.getpid())); time.sleep(60)"
    )

    class CancelOnceItRuns:
        def wait(self, seconds):
            threading.Event().wait(seconds)
            return told.exists() and bool(told.read_text(encoding="utf-8"))

    with pytest.raises(Cancelled):
        ask(code, control=CancelOnceItRuns())
    assert not psutil.pid_exists(int(told.read_text(encoding="utf-8")))
