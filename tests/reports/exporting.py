"""Exports as a person asks for them, by the page's own doors."""

import csv
import io

from django.utils import timezone

from indicators.actions.jobs import work_off_job
from indicators.models import Job
from tests import factories


def signed_in(client, user, *, language="en"):
    client.force_login(user)
    client.cookies["django_language"] = language
    return client


def text_of(response):
    """What a page says, in one line."""
    return " ".join(response.content.decode().split())


def content_of(response):
    assert response.status_code == 200, response.status_code
    return b"".join(response.streaming_content)


def rows_of(content):
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def asked_for(client, **asked):
    """Ask for a large file on the page; returns its job, worked off."""
    response = client.post("/exports/large/", asked)
    assert response.status_code == 302, text_of(response)
    return work_off_job(Job.objects.latest("pk"))


def make_small_world():
    """Two provinces, the second with a city; targets, figures and verdicts of each, of two
    domains and years; one draft."""
    domains = [factories.make_domain("product"), factories.make_domain("environment")]
    province, other = factories.make_area("460000"), factories.make_area("360000")
    city = factories.make_area("360100", parent=other, level="prefecture")
    for number, area in enumerate((province, other, city), 1):
        document = factories.make_document(f"plan-{number}", area)
        for place, domain in enumerate(domains, 1):
            target = factories.make_target(
                f"plan-{number}-00{place}",
                document,
                domain=domain,
                target_year=2015 if place == 1 else 2020,
            )
            series = factories.make_series(
                area, indicator=factories.make_indicator(f"rate-{place}")
            )
            factories.make_reading(target, series)
            for year in (2014, 2015):
                factories.make_figure(series, year, f"9{place}.{number}0")
                factories.make_verdict(target, year, "behind", light="yellow")
    draft = factories.make_figure(series, 2016, "1.00", state="draft", entered_at=timezone.now())
    draft.observation.in_force = None
    draft.observation.save()
