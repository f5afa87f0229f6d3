"""How many targets stand how, counted once where verdicts are stored."""

from functools import reduce
from operator import add

from django.db import models
from django.db.models import F, Q

from indicators.standings import COMPUTED, IN_WORDS, Standing
from plans.models import Document, Domain
from targets_site.places.models import Area

COUNTS = ("computed", "in_words", *Standing.values, "without_figure")


class CountField(models.PositiveSmallIntegerField):  # type: ignore[type-arg]
    def __init__(self, **options: object) -> None:
        options.setdefault("default", 0)
        super().__init__(**options)  # type: ignore[arg-type]


class VerdictTally(models.Model):
    """The targets in force of a document, area, domain and goal year, as seen from one year.

    province: the area itself or the one at the top of what it is part of. goal_year: 0 where the
    targets give no target year. is_last: the row of the last year that its targets are seen from
    (the goal year, else the end of the document); each target is counted in exactly one such row.
    computed, in_words: targets by whether the method judges them; the rest counts their verdicts
    in force, without_figure (`standings.has_no_figure`) among the others.

    Written by `actions.tallies` alone.
    """

    document = models.ForeignKey(Document, models.CASCADE, related_name="+", db_index=False)
    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    province = models.ForeignKey(Area, models.PROTECT, related_name="+", db_index=False)
    domain = models.ForeignKey(Domain, models.PROTECT, related_name="+", db_index=False)
    goal_year = models.PositiveSmallIntegerField(help_text="目标年; 0 for none")
    as_of = models.PositiveSmallIntegerField(help_text="截至年份")
    is_last = models.BooleanField()
    computed = CountField()
    in_words = CountField()
    red = CountField()
    yellow = CountField()
    pale = CountField()
    green = CountField()
    side_short = CountField()
    side_other = CountField()
    old_figure = CountField()
    not_collected = CountField()
    undetermined = CountField()
    unfounded = CountField()
    not_due = CountField()
    unjudged = CountField()
    judged_red = CountField()
    judged_yellow = CountField()
    judged_green = CountField()
    without_figure = CountField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["document", "area", "domain", "goal_year", "as_of"],
                name="verdict_tally_once",
            ),
            models.CheckConstraint(
                condition=Q(computed__gte=reduce(add, map(F, COMPUTED))),
                name="verdict_tally_computed_within_targets",
            ),
            models.CheckConstraint(
                condition=Q(in_words__gte=reduce(add, map(F, IN_WORDS))),
                name="verdict_tally_in_words_within_targets",
            ),
        ]
        # What the pages sum up stands in the index in the order of the sums: read in a stretch,
        # a tenth of the time that the rows take one by one.
        indexes = [
            models.Index(
                fields=["goal_year", "as_of", "province", "domain", "area", *COUNTS],
                name="verdict_tally_sums",
            ),
            models.Index(
                fields=["province", "area", "goal_year", "computed", "in_words"],
                condition=Q(is_last=True),
                name="verdict_tally_goals",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.document_id} {self.domain_id} {self.goal_year} {self.as_of}"
