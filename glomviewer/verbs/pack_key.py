"""Say the fingerprint of this installation's key, to be read out over the telephone."""

from __future__ import annotations

import argparse

from glomviewer.store.packs.keys import installation_key
from glomviewer.verbs.shell import add_json, say


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    fingerprint = installation_key().fingerprint
    say(arguments, fingerprint, {"fingerprint": fingerprint})
    return 0
