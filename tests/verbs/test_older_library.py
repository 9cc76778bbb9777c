"""A verb brings an older library up to date, tells how far that is, and hears Ctrl-C."""

import signal
import sys

import pytest
from older import VERSION, older_library, version_of

from glomviewer.__main__ import main
from glomviewer.store import migrate
from glomviewer.store.schema import SCHEMA_VERSION
from glomviewer.verbs import shell


@pytest.fixture
def older(tmp_path):
    return older_library(tmp_path / "old.glomlib")


def test_how_far_it_is_goes_to_stderr(older, capsys, monkeypatch):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    shell.opened(older.folder).close()
    out, err = capsys.readouterr()
    assert "Copying the library (step 1 of 5)" in err
    assert out == ""
    assert version_of(older) == SCHEMA_VERSION


def test_ctrl_c_leaves_it_as_it_was(older, capsys, monkeypatch):
    copy = migrate.back_up

    def interrupted(*arguments, **options):
        signal.raise_signal(signal.SIGINT)
        return copy(*arguments, **options)

    monkeypatch.setattr(migrate, "back_up", interrupted)
    assert main(["decide", str(older.folder), "--new-reader", "Ann Other", "AO"]) == 130
    assert capsys.readouterr().err.strip() == "Cancelled; nothing was changed."
    assert version_of(older) == VERSION


def test_ctrl_c_while_there_is_nothing_to_do_is_not_lost(older, monkeypatch):
    shell.opened(older.folder).close()
    begin = shell.Library.open

    def interrupted(*arguments, **options):
        signal.raise_signal(signal.SIGINT)
        return begin(*arguments, **options)

    monkeypatch.setattr(shell.Library, "open", interrupted)
    with pytest.raises(KeyboardInterrupt):
        shell.opened(older.folder)
