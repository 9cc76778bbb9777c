import os
import subprocess
import sys

import pytest

PAGES = ("first-run", "review", "one-at-a-time", "cases", "models", "library")


@pytest.mark.slow
def test_the_demo_walks_through_without_a_display(tmp_path):
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM", "GLOMVIEWER_HOME")
    }
    walked = subprocess.run(
        [sys.executable, "-m", "glomviewer", "demo"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=900,
        check=False,
    )
    assert walked.returncode == 0, walked.stderr
    assert "The gate:" in walked.stdout
    assert "The library is sound" in walked.stdout
    for page in PAGES:
        assert (tmp_path / "demo-output" / f"{page}.png").stat().st_size > 10_000
