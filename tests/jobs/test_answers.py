"""Who may be given an answer that comes from another thread."""

import ast
from pathlib import Path

import glomviewer

ROOT = Path(glomviewer.__file__).parent
ASKING = {"ask", "compute", "histogram", "post", "queue_counts", "run", "select", "submit"}


def emits_handed_out(source):
    """The lines on which `signal.emit` itself, uncalled, is given as somebody's answer."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        if node.func.attr in ASKING:
            given = [*node.args, *(keyword.value for keyword in node.keywords)]
            yield from (node.lineno for value in given if _hands_out(value))


def _hands_out(value):
    if isinstance(value, ast.Call):
        return any(_hands_out(inner) for inner in value.args)
    return isinstance(value, ast.Attribute) and value.attr == "emit"


def test_no_signal_itself_takes_an_answer():
    """Nobody can tell from `signal.emit` whether its object still exists: a method takes it."""
    found = [
        f"{path.relative_to(ROOT.parent)}:{line}"
        for path in ROOT.rglob("*.py")
        for line in emits_handed_out(path.read_text(encoding="utf-8"))
    ]
    assert not found


def test_a_signal_that_takes_an_answer_is_found():
    source = "s.ask(q, self.a.emit)\ns.run(o, failed=partial(self.b.emit, 1))\ns.ask(q, self.c)"
    assert list(emits_handed_out(source)) == [1, 2]
