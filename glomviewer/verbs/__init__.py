"""The command line: one small module a verb, each with `add_arguments` and `run`.

Only the verb that was asked for is imported, so that `glomviewer --help` is instant.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Verb:
    """Where a verb lives, and what it does in a few words."""

    module: str
    summary: str


# A verb of two words is found by both.
VERBS: dict[str, Verb] = {
    "demo": Verb("demo", "make the demo library and open it"),
    "new": Verb("new", "make an empty library"),
    "import": Verb("import_patches", "take patches, labels or predictions into a library"),
    "predict": Verb("predict", "predict the patches that a model has not seen to yet"),
    "decide": Verb("decide", "label patches as a reader, and undo or redo"),
    "retrain": Verb("retrain", "train a candidate on all labels, and send it through the gate"),
    "models": Verb("models", "list, add, rename or remove models, or move a threshold"),
    "models threshold": Verb("threshold", "show or move a model's threshold, by rule or by hand"),
    "promote": Verb("promote", "make a model the active one, or roll back"),
    "reading": Verb("reading", "list readings, make one, finish or close it"),
    "disputes": Verb("disputes", "list what readers differ on, settle it, or say why it counts"),
    "export": Verb("export", "write labels, class folders or a manifest"),
    "agreement": Verb("agreement", "how well readers agree, with reference and model too"),
    "signoff": Verb("signoff", "sign a reading off, or list who has signed for what"),
    "pack export": Verb("pack_export", "write a reading for its readers, labels, or a model"),
    "pack open": Verb("pack_open", "make a library of a reading pack"),
    "pack return": Verb("pack_return", "write what was decided in a pack's library"),
    "pack merge": Verb("pack_merge", "take in returns, labels of another library, or models"),
    "pack key": Verb("pack_key", "say this installation's key, or list and withdraw known ones"),
    "report": Verb("report", "write the report of a reading: HTML, PDF, every decision"),
    "verify": Verb("verify", "say what is wrong with a library, if anything"),
    "backup": Verb("backup", "write a verified copy of a library's database, or list them"),
    "restore": Verb("restore", "put a backup in the place of a library's database"),
    "bench": Verb("bench", "measure the program on this machine"),
    "self-test": Verb("self_test", "try the installed program on a small library"),
}
