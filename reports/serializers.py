"""The trail as the API says it: the cells that the chain's hashes cover, and the hashes."""

from typing import Any

from rest_framework import serializers

from targets_site.audit.chain import CELLS, cells_of
from targets_site.audit.models import Entry, Link


class EntrySerializer(serializers.Serializer[Entry]):
    """`before` and `after` are JSON as text: so the hash covers them."""

    seq = serializers.IntegerField(read_only=True)
    at = serializers.DateTimeField(read_only=True)
    actor = serializers.CharField(read_only=True)
    role = serializers.CharField(read_only=True)
    action = serializers.CharField(read_only=True)
    object = serializers.CharField(read_only=True)
    before = serializers.CharField(read_only=True)
    after = serializers.CharField(read_only=True)
    reason = serializers.CharField(read_only=True)
    ip = serializers.CharField(read_only=True)
    position = serializers.IntegerField(read_only=True, allow_null=True)
    prev_hash = serializers.CharField(read_only=True)
    hash = serializers.CharField(read_only=True)

    def to_representation(self, instance: Entry) -> dict[str, Any]:
        """The hashes are empty until the sealer has chained the entry."""
        link: Link | None = getattr(instance, "link", None)
        said: dict[str, Any] = dict(zip(CELLS, cells_of(instance), strict=True))
        said["seq"] = instance.seq
        said["position"] = link.position if link else None
        said["prev_hash"] = link.prev_hash if link else ""
        said["hash"] = link.hash if link else ""
        return said
