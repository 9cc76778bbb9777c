"""Lists of ids as one bound parameter, so that 5,000 patches are one statement."""

from __future__ import annotations

import json
from collections.abc import Iterable

IDS = "(SELECT value FROM json_each(?))"
"""SQL for "one of the ids in this parameter", which is made by `id_list`."""


def id_list(ids: Iterable[int]) -> str:
    return json.dumps([int(i) for i in ids])
