"""From which address a request comes: asked here alone, by whatever counts, records or shows it."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """As the address is usually written; empty where it is none, as on a socket of the machine.

    Each proxy appends whom it was asked by to X-Forwarded-For, so that with PROXIES of ours the
    one that the outermost of them saw is the PROXIES-th from the right. What stands left of it,
    and without a proxy the whole header, is what anybody may have written.
    """
    connected = _address(request.META.get("REMOTE_ADDR", ""))
    if not settings.PROXIES:
        return connected
    passed_on = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    if len(passed_on) < settings.PROXIES:
        return connected
    return _address(passed_on[-settings.PROXIES]) or connected


def _address(text: str) -> str:
    try:
        address = ipaddress.ip_address(text.strip())
    except ValueError:
        return ""
    # The same machine, whichever kind of socket it reached us by.
    mapped = getattr(address, "ipv4_mapped", None)
    # A scope names an interface of ours.
    return str(mapped or address).partition("%")[0]
