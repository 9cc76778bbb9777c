import subprocess
import sys

CODE = """
import sys
sys.modules["PySide6"] = None
import glomviewer.jobs.operations, glomviewer.jobs.retraining, glomviewer.jobs.environment
heavy = {"torch", "timm", "sklearn", "pandas", "safetensors"} & set(sys.modules)
sys.exit(f"imported {heavy}" if heavy else 0)
"""


def test_what_verbs_use_needs_neither_qt_nor_torch():
    done = subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
