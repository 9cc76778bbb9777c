import json

import pytest

from glomviewer.__main__ import main


@pytest.fixture(scope="session")
def output(tmp_path_factory):
    """Where the libraries and pictures of all smoke tests are kept."""
    return tmp_path_factory.mktemp("bench-output")


@pytest.fixture
def measured(output, capsys):
    """Runs sections as `make bench` does, on small libraries; the rows as JSON."""

    def measure(*sections):
        words = ["bench", "--quick", "--json", "--only", ",".join(sections)]
        assert main([*words, "--output", str(output)]) == 0
        return json.loads(capsys.readouterr().out)["rows"]

    return measure
