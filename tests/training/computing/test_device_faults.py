import errno
from pathlib import Path

import pytest
import torch

from training.computing.device_faults import told_plainly
from training.config import UserError

RESUME = "then resume the run"


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "is full: free some space"),
        (torch.OutOfMemoryError("CUDA out of memory."), "The memory ran out"),
        (MemoryError(), "The memory ran out"),
        (RuntimeError("DefaultCPUAllocator: can't allocate memory"), "The memory ran out"),
        (torch.AcceleratorError("device disappeared"), r"stopped answering \(device disappeared"),
        (
            RuntimeError("CUDA error: unspecified launch failure\nCUDA kernel errors might be"),
            r"stopped answering \(CUDA error: unspecified launch failure\)",
        ),
        (RuntimeError("CUDA error: uncorrectable ECC error encountered"), "The GPU stopped"),
    ],
)
def test_bad_luck_is_one_sentence_that_says_how_to_go_on(
    tmp_path: Path, error: Exception, told: str
) -> None:
    with pytest.raises(UserError, match=told) as caught, told_plainly(tmp_path):
        raise error
    assert RESUME in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "error", [RuntimeError("shapes differ"), FileNotFoundError(2, "none"), ValueError("no")]
)
def test_other_faults_stay_what_they_are(tmp_path: Path, error: Exception) -> None:
    with pytest.raises(type(error)) as caught, told_plainly(tmp_path):
        raise error
    assert caught.value is error


def test_what_is_told_already_is_left_alone(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"^lower the rate$"), told_plainly(tmp_path):
        raise UserError("lower the rate")
