"""`glomviewer` starts the window; `glomviewer VERB …` does one thing without it."""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Callable, Sequence
from functools import partial
from types import ModuleType

from glomviewer.verbs import VERBS

REFUSED = 2
INTERRUPTED = 130


def main(argv: Sequence[str] | None = None) -> int:
    """Run the window or a verb. 0: done; 1: done, and something is wrong; 2: refused."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    if arguments == ["demo"] and not _has_display():
        return _walk_through()
    if " ".join(arguments[:2]) in VERBS:
        arguments[:2] = [" ".join(arguments[:2])]
    if arguments and arguments[0] in VERBS:
        code, parsed = run_verb(arguments[0], arguments[1:])
        if code == 0 and arguments[0] == "demo" and not parsed.no_window:
            return _open_window([str(parsed.library)])
        return code
    if arguments and arguments[0] in ("-h", "--help", "help"):
        _overview().print_help()
        return 0
    if arguments and arguments[0] in ("-V", "--version"):
        from importlib.metadata import version

        print(version("glomviewer"))
        return 0
    if len(arguments) > 1 or (arguments and not os.path.exists(arguments[0])):  # noqa: PTH110
        return _refuse(
            f"There is no verb and no library {arguments[0]!r}; "
            "`glomviewer --help` lists the verbs."
        )
    return _open_window(arguments)


def run_verb(verb: str, arguments: Sequence[str]) -> tuple[int, argparse.Namespace]:
    """Run one verb; what a user can understand becomes one sentence on stderr."""
    module = _module(verb)
    parser = argparse.ArgumentParser(
        prog=f"glomviewer {verb}", description=module.__doc__, allow_abbrev=False
    )
    module.add_arguments(parser)
    parsed = parser.parse_args(arguments)
    return _told(partial(module.run, parsed)), parsed


def _told(action: Callable[[], int]) -> int:
    """What an action returns, or the exit code of an error that its user can understand."""
    from glomviewer.store.import_values import ImportCancelled
    from glomviewer.verbs.failures import TOLD, sentence_of

    try:
        return action()
    except BrokenPipeError:
        # Whoever read our output has closed it, as `head` does; nothing is left to say to him.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except ImportCancelled:
        print("Cancelled; nothing was changed.", file=sys.stderr)
        return INTERRUPTED
    except TOLD as error:
        return _refuse(sentence_of(error))
    except UnicodeEncodeError as error:
        # Shells hand over any bytes, and file systems hold them; nothing of it can be kept.
        return _refuse(
            f"{error.object!a:.80} holds bytes that are no text (UTF-8); write or name it anew."
        )
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return INTERRUPTED


def _open_window(arguments: Sequence[str]) -> int:
    from glomviewer.app import run_window

    return run_window(list(arguments))


def _has_display() -> bool:
    from glomviewer.walkthrough.display import has_display

    return has_display()


def _walk_through() -> int:
    from glomviewer.walkthrough.run import walk_through_demo

    return _told(walk_through_demo)


def _module(verb: str) -> ModuleType:
    return importlib.import_module(f"glomviewer.verbs.{VERBS[verb].module}")


def _overview() -> argparse.ArgumentParser:
    width = max(map(len, VERBS))
    lines = [f"  {name:<{width}}  {verb.summary}" for name, verb in VERBS.items()]
    return argparse.ArgumentParser(
        prog="glomviewer",
        usage="glomviewer [LIBRARY.glomlib]\n       glomviewer VERB --help",
        description="Review a classifier's calls on kidney glomeruli, correct them, retrain it.",
        epilog="verbs:\n" + "\n".join(lines) + "\n\nFor review, not for diagnosis.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        add_help=False,
    )


def _refuse(sentence: str) -> int:
    print(f"error: {sentence}", file=sys.stderr)
    return REFUSED


if __name__ == "__main__":
    sys.exit(main())
