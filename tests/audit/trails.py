"""Trails to chain, and the chain worked out the slow and obvious way."""

import hashlib
import json
from zoneinfo import ZoneInfo

from targets_site.audit.models import Entry, Link

SHANGHAI = ZoneInfo("Asia/Shanghai")


def entries(number, **fields):
    """So many, each about an object of its own; oldest first."""
    return [
        Entry.objects.create(
            actor="wang",
            action="approve",
            object=f"observation:x:{2000 + each}",
            before={"value": None},
            after={"value": f"{each}.10"},
            **fields,
        )
        for each in range(number)
    ]


def hashes_by_hand(chained):
    """Of these entries in this order, from the definition's words."""
    hashes, before = [], "0" * 64
    for each in chained:
        each.refresh_from_db()
        at = each.at.astimezone(SHANGHAI).strftime("%Y-%m-%dT%H:%M:%S.%f+08:00")
        cells = [str(each.seq), at, each.actor, each.role, each.action, each.object]
        cells += [_json(each.before), _json(each.after), each.reason, each.ip or ""]
        said = json.dumps(cells, ensure_ascii=False, separators=(",", ":"))
        before = hashlib.sha256((before + "\n" + said).encode("utf-8")).hexdigest()
        hashes.append(before)
    return hashes


def links():
    """Position, seq, hash before, hash."""
    return list(Link.objects.values_list("position", "entry_id", "prev_hash", "hash"))


def _json(value):
    if value is None:
        return ""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
