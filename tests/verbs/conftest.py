"""A shell in which verbs are run."""

import json

import pytest

from glomviewer.__main__ import main


@pytest.fixture
def shell(capsys):
    """Run a verb with --json: (exit code, object printed, stderr)."""

    def run(*words):
        code = main([*map(str, words), "--json"])
        out, err = capsys.readouterr()
        return code, json.loads(out) if out else None, err

    return run
