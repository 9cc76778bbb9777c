"""Calls that came with a pack, sealed until their reader has committed. See `packs.sealing`."""

from __future__ import annotations

import base64
import json
import math
from collections.abc import Mapping

from sqlalchemy import Connection

from glomviewer.domain.readings.records import RevealedCall
from glomviewer.store import settings
from glomviewer.store.packs import sealing
from glomviewer.store.packs.errors import UnsoundContent


def to_bytes(call: RevealedCall) -> bytes:
    """A call as it is sealed."""
    content = {
        "call": call.call,
        "model": call.model,
        "probability": call.probability,
        "threshold": call.threshold,
    }
    return json.dumps(content, sort_keys=True).encode("utf-8")


def keep(
    connection: Connection, reading_uuid: str, secret: bytes, sealed: Mapping[str, bytes]
) -> None:
    """Keep a pack's sealed calls by the uuids of its items, which are in the library by now."""
    settings.set_setting(connection, _secret_key(reading_uuid), secret.hex())
    connection.exec_driver_sql(
        "INSERT INTO sealed_calls (item_id, sealed) SELECT id, ? FROM reading_items WHERE uuid = ?",
        [(base64.b64encode(one).decode("ascii"), item) for item, one in sealed.items()],
    )


def opened(connection: Connection, item: int) -> RevealedCall | None:
    """The call that was sealed for an item; None where the model has none of it.

    Raises:
        UnsoundContent: it was altered.
    """
    row = connection.exec_driver_sql(
        "SELECT k.sealed, i.uuid, g.uuid FROM sealed_calls k JOIN reading_items i "
        "ON i.id = k.item_id JOIN readings g ON g.id = i.reading_id WHERE k.item_id = ?",
        (item,),
    ).one_or_none()
    if row is None:
        return None
    try:
        secret = bytes.fromhex(settings.setting(connection, _secret_key(row[2])))
        sealed = base64.b64decode(row[0], validate=True)
    except ValueError as error:
        raise UnsoundContent(_ALTERED) from error
    content = sealing.unseal(secret, row[1], sealed)
    return _call(content) if content else None


_ALTERED = "The model's call of this patch can't be opened; ask for a new pack."


def _secret_key(reading_uuid: str) -> str:
    return f"sealed calls of {reading_uuid}"


def _call(content: bytes) -> RevealedCall:
    try:
        said = json.loads(content)
        call = RevealedCall(
            call=int(said["call"]),
            probability=float(said["probability"]),
            model=str(said["model"]),
            threshold=float(said["threshold"]),
        )
    except (ValueError, KeyError, TypeError) as error:
        raise UnsoundContent(_ALTERED) from error
    if call.call not in (0, 1) or not all(map(math.isfinite, (call.probability, call.threshold))):
        raise UnsoundContent(_ALTERED)
    return call
