"""The whole product with the real data, in Chromium."""

import pytest
from django.conf import settings as project_settings

from indicators.actions.verdicts import recompute
from indicators.reference.load import load_reference
from plans.models import Target


@pytest.fixture
def site(live_server, settings):
    """Address of a server with the reference data and open reading pages."""
    settings.OPEN_READING = True
    settings.ALLOWED_HOSTS = ["*"]
    load_reference(project_settings.BASE_DIR / "fixtures")
    recompute(Target.objects.values_list("pk", flat=True))
    return live_server.url


@pytest.fixture
def heard(context):
    """What the browser complained of, and every address it asked."""
    noise = Heard()
    context.on("request", lambda request: noise.requests.append(request.url))
    context.on("console", lambda message: noise.hear(message))
    context.on("weberror", lambda error: noise.complaints.append(str(error.error)))
    return noise


class Heard:
    def __init__(self):
        self.requests, self.complaints = [], []

    def hear(self, message):
        if message.type in {"error", "warning"}:
            self.complaints.append(message.text)

    def outside(self, site):
        """Addresses that left the host."""
        own = (site, "data:", "blob:")
        return [url for url in self.requests if not url.startswith(own)]
