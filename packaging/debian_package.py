"""A Debian package of the built program: /usr/lib/glomviewer, a launcher, a desktop entry."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
ICON_SIZES = (16, 32, 48, 64, 128, 256, 512)


def build(program: Path, version: str, root: Path) -> Path:
    """Wrap the one-folder `program`; returns the package's path in dist/.

    Raises:
        subprocess.CalledProcessError: dpkg-deb refused.
    """
    tree = root / "build" / "debian"
    shutil.rmtree(tree, ignore_errors=True)
    shutil.copytree(program, tree / "usr/lib/glomviewer")
    _launcher(tree)
    _desktop_entry(tree, root)
    _documents(tree, root)
    _control(tree, version)
    package = root / "dist" / f"glomviewer_{version}_{_architecture()}.deb"
    subprocess.run(
        ["dpkg-deb", "--root-owner-group", "-Zxz", "--build", tree, package],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    return package


def unpack(package: Path) -> Path:
    """Unpack a package into a temporary folder, to try it without root."""
    folder = Path(tempfile.mkdtemp(prefix="glomviewer-deb-"))
    subprocess.run(["dpkg-deb", "-x", package, folder], check=True)
    return folder


def _architecture() -> str:
    return subprocess.run(
        ["dpkg", "--print-architecture"], check=True, capture_output=True, text=True
    ).stdout.strip()


def _launcher(tree: Path) -> None:
    folder = tree / "usr/bin"
    folder.mkdir(parents=True)
    (folder / "glomviewer").symlink_to("../lib/glomviewer/glomviewer")


def _desktop_entry(tree: Path, root: Path) -> None:
    applications = tree / "usr/share/applications"
    applications.mkdir(parents=True)
    shutil.copy(HERE / "debian/glomviewer.desktop", applications)
    icons = root / "resources/icons"
    scalable = tree / "usr/share/icons/hicolor/scalable/apps"
    scalable.mkdir(parents=True)
    shutil.copy(icons / "glomviewer.svg", scalable)
    for size in ICON_SIZES:
        picture = icons / f"glomviewer-{size}.png"
        if picture.exists():
            folder = tree / f"usr/share/icons/hicolor/{size}x{size}/apps"
            folder.mkdir(parents=True)
            shutil.copy(picture, folder / "glomviewer.png")


def _documents(tree: Path, root: Path) -> None:
    folder = tree / "usr/share/doc/glomviewer"
    folder.mkdir(parents=True)
    shutil.copy(root / "LICENSE", folder / "copyright")
    shutil.copy(root / "CHANGELOG.md", folder)


def _control(tree: Path, version: str) -> None:
    folder = tree / "DEBIAN"
    folder.mkdir()
    kilobytes = sum(file.stat().st_size for file in tree.rglob("*") if file.is_file()) // 1024
    text = (HERE / "debian/control.in").read_text("utf-8")
    filled = text.format(version=version, architecture=_architecture(), kilobytes=kilobytes)
    (folder / "control").write_text(filled, "utf-8")
