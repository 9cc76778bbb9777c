"""The version resource that Windows shows in a program's properties."""

from __future__ import annotations

from pathlib import Path

TEMPLATE = """VSVersionInfo(
  ffi=FixedFileInfo(filevers={numbers}, prodvers={numbers}, mask=0x3F, flags=0x0, OS=0x40004,
                    fileType=0x1, subtype=0x0, date=(0, 0)),
  kids=[
    StringFileInfo([StringTable('040904B0', [
      StringStruct('FileDescription', 'Review of glomerulus patches'),
      StringStruct('FileVersion', '{version}'),
      StringStruct('ProductName', 'glomviewer'),
      StringStruct('ProductVersion', '{version}'),
      StringStruct('LegalCopyright', 'Apache-2.0')])]),
    VarFileInfo([VarStruct('Translation', [1033, 1200])])
  ]
)
"""


def write(path: Path, version: str) -> None:
    """Write the resource for a version such as 0.1.0."""
    numbers = (*(int(part) for part in version.split(".")[:3]), 0)
    path.write_text(TEMPLATE.format(numbers=numbers, version=version), "utf-8")
