"""The trail: one entry for every write, inserted in the transaction of what it records."""

from django.db import models
from django.utils import timezone

from targets_site.audit.readers import UNSEEN_BY_READERS


class Entry(models.Model):
    """One thing that was done: by whom, to what, from what to what, and why.

    Never changed and never deleted. The sealer chains it by a `Link`, within a second.
    """

    seq = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(default=timezone.now, help_text="时间")
    actor = models.CharField(max_length=150, blank=True, help_text="操作人")
    role = models.CharField(max_length=20, blank=True, help_text="岗位")
    action = models.CharField(max_length=40, help_text="动作")
    object = models.CharField(max_length=200, help_text="对象, as `kind:natural key`")
    before = models.JSONField(null=True, help_text="修改前")
    after = models.JSONField(null=True, help_text="修改后")
    reason = models.TextField(blank=True, help_text="原因")
    ip = models.GenericIPAddressField(null=True, help_text="来源地址")

    class Meta:
        ordering = ["seq"]
        indexes = [
            models.Index(fields=["object", "seq"], name="entry_by_object"),
            models.Index(fields=["at"], name="entry_by_time"),
            # The newest of these are asked for by every reading page, however many saves and
            # sign-ins came after them.
            models.Index(
                fields=["seq"],
                condition=~models.Q(action__in=UNSEEN_BY_READERS),
                name="entry_that_readers_see",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.seq} {self.action} {self.object}"


class Link(models.Model):
    """The place of one entry in the chain, and the hash that it has there.

    position: 1, 2, 3 … without gaps, given by the sealer; an entry that was committed late has a
    late one. prev_hash: of the link before, 64 zeros for the first. See `chain.py` for the hash.
    Never changed and never deleted.
    """

    position = models.BigIntegerField(primary_key=True)
    entry = models.OneToOneField(Entry, models.PROTECT, related_name="link")
    prev_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.CheckConstraint(condition=models.Q(position__gte=1), name="link_position_from_1")
        ]

    def __str__(self) -> str:
        return f"{self.position} {self.hash}"
