"""What may be asked of the API's list of the trail."""

import datetime
from typing import Any

from django import forms
from django.db.models import QuerySet

from targets_site.api.asked import Asked, Day
from targets_site.moments import start_of


class TrailAsked(Asked):
    """`since` and `until`: days, both of them included."""

    LOOKUPS = {"actor": "actor", "action": "action", "object": "object"}

    actor = forms.CharField(required=False, max_length=150)
    action = forms.RegexField(r"^[a-z_]{1,40}\Z", required=False)
    object = forms.CharField(required=False, max_length=200)
    since = Day()
    until = Day()
    at = None

    def chosen(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        rows = super().chosen(rows)
        since, until = self.cleaned_data["since"], self.cleaned_data["until"]
        if since:
            rows = rows.filter(at__gte=start_of(since))
        if until:
            rows = rows.filter(at__lt=start_of(until) + datetime.timedelta(days=1))
        return rows
