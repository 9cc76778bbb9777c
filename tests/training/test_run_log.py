import errno
from pathlib import Path

import pytest

from training.computing.device_faults import told_plainly
from training.config import UserError
from training.events import Error, Note, decode
from training.run_log import RunLog


def test_a_run_that_ends_badly_says_so_last(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    with pytest.raises(UserError), RunLog(path):
        raise UserError("lower the rate")
    last = decode(path.read_text().splitlines()[-1])
    assert isinstance(last, Error)
    assert (last.message, last.kind) == ("lower the rate", "user")


def test_a_disk_too_full_for_events_is_told_as_a_full_disk(tmp_path: Path) -> None:
    class Full:
        def write(self, text: str) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

        def flush(self) -> None: ...

        def close(self) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

    log = RunLog(tmp_path / "events.jsonl")
    with pytest.raises(UserError, match="is full: free some space"), log, told_plainly(tmp_path):
        log._file.close()
        log._file = Full()  # type: ignore[assignment]
        log.emit(Note("an epoch is over"))
