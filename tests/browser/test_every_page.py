"""Every page in both languages: accessible, self-contained, quiet, nothing cut off or upon each
other, and never wider than the window."""

import pytest

from indicators.models import Notice, Round, Verdict
from targets_site.accounts.models import User
from tests.browser.addresses import TARGETS, pages_behind_login, reading_pages
from tests.browser.conftest import sign_in
from tests.browser.looker import Looker, violations

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(params=["zh-hans", "en"])
def looker(page, site, speak, request):
    speak(request.param)
    return Looker(page, site, request.param)


@pytest.mark.usefixtures("target_to_come")
def test_every_page_for_readers(looker, site, heard):
    for address in reading_pages():
        looker.look(address)

    assert looker.found == [], "\n".join(map(str, looker.found))
    assert heard.outside(site) == []
    assert heard.complaints == []


def tell_the_reviewer(one):
    """A notice of a round and one of a verdict."""
    reviewer = User.objects.get(username="reviewer")
    verdict = Verdict.objects.filter(target__code=TARGETS[0]).earliest("as_of")
    Notice.objects.create(person=reviewer, kind="reports_overdue", round=one, due_at=one.due_at)
    Notice.objects.create(
        person=reviewer, kind="worse_light", target_code=TARGETS[0], as_of=verdict.as_of,
        verdict=verdict, before=verdict, worse_since=verdict.recorded_at,
    )  # fmt: skip


@pytest.mark.usefixtures("people")
def test_every_page_behind_login(looker, page, site, heard):
    tell_the_reviewer(Round.objects.get())

    for name, addresses in pages_behind_login().items():
        sign_in(page, site, name)
        for address in addresses:
            looker.look(address, who=f"{name}-")
        page.context.clear_cookies(name="sessionid")

    assert looker.found == [], "\n".join(map(str, looker.found))
    assert heard.outside(site) == []
    assert heard.complaints == []


def test_a_page_that_is_not_there_says_so(page, site, heard):
    response = page.goto(site + "/areas/000000/")

    assert response.status == 404
    assert violations(page) == []
