"""The product's settings, for a web process whose answers a test holds back."""

from targets_site.settings import *  # noqa: F403
from targets_site.settings import MIDDLEWARE as OURS

MIDDLEWARE = ["tests.services.held.HeldAfterMiddleware", *OURS]
