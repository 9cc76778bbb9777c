"""Build the reviewing size as a one-folder program, test it, and wrap it as a Debian package.

Run by `make package`. Works in an environment of its own (`.venv-package`), so that nothing of
the model size slips in.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tomllib
import venv
from pathlib import Path

import debian_package
import windows_version

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = ROOT / ".venv-package"
PROGRAM = ROOT / "dist" / "glomviewer"


def environment_python() -> Path:
    folder = "Scripts" if sys.platform == "win32" else "bin"
    return ENVIRONMENT / folder / "python"


def run_python(*arguments: str) -> None:
    subprocess.run([environment_python(), *arguments], cwd=ROOT, check=True)


def make_environment() -> None:
    if not environment_python().exists():
        venv.create(ENVIRONMENT, with_pip=True)
    run_python(
        *("-m", "pip", "install", "-q", "--disable-pip-version-check"),
        *("-c", "constraints.txt", "-e", ".[package]"),
    )


def freeze(version: str) -> None:
    (ROOT / "build").mkdir(exist_ok=True)
    windows_version.write(ROOT / "build" / "version.txt", version)
    run_python(
        *("-m", "PyInstaller", "--noconfirm", "--log-level", "WARN"),
        "packaging/glomviewer.spec",
    )


def self_test(program: Path) -> None:
    subprocess.run([program, "self-test"], check=True)


def main() -> int:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    make_environment()
    freeze(version)
    self_test(PROGRAM / ("glomviewer.exe" if sys.platform == "win32" else "glomviewer"))
    if shutil.which("dpkg-deb"):
        package = debian_package.build(PROGRAM, version, ROOT)
        self_test(debian_package.unpack(package) / "usr" / "lib" / "glomviewer" / "glomviewer")
        built = package.relative_to(ROOT)
        print(f"built {built}; install it with: apt-get install ./{built}")
    print(f"built {PROGRAM.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
