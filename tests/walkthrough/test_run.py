import os
import subprocess
import sys

import pytest

PAGES = (
    *("first-run", "review", "one-at-a-time", "readings", "reading-screen", "disputes"),
    *("agreement", "cases", "models", "library"),
)


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
    assert "agree on" in walked.stdout and "The report was written to" in walked.stdout
    assert "Cleo Drawn has read" in walked.stdout and "has finished" in walked.stdout
    assert "The library is sound" in walked.stdout
    assert (tmp_path / "demo-output" / "report" / "report.pdf").stat().st_size > 10_000
    for page in PAGES:
        assert (tmp_path / "demo-output" / f"{page}.png").stat().st_size > 10_000
