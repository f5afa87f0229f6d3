"""Links and forms of a page as it stood lead to pages as they stood.

In one place, on the finished page: dozens of templates write addresses, and one that forgot the
day would lead back to today unseen.
"""

import re
from functools import lru_cache
from html import escape, unescape
from urllib.parse import parse_qs, urljoin, urlsplit

from django.conf import settings
from django.urls import Resolver404, get_script_prefix, resolve

NAME = "at"
_TAG = re.compile(r"<(a|form)\s(?:[^>\"]|\"[^\"]*\")*>")
_HREF = re.compile(r'(\shref=")([^"]*)(")')
_ACTION = re.compile(r'\saction="([^"]*)"')
# On what leads back to today, or chooses another day.
LEADS_ELSEWHERE = "data-today"


def keep_day(page: bytes, *, path: str, day: str) -> bytes:
    """The page, in which what leads to a page that goes back names the day.

    path: of the page itself, which addresses like `?goal=2015` are of. What leads to pages where
    people write, to files of a report, or outside stays as it is.
    """
    return _TAG.sub(lambda tag: _kept(tag, path, day), page.decode()).encode()


def _kept(tag: re.Match[str], path: str, day: str) -> str:
    text = tag[0]
    if LEADS_ELSEWHERE in text:
        return text
    if tag[1] == "a":
        return _HREF.sub(lambda href: href[1] + _in_html(href[2], path, day) + href[3], text)
    if 'method="post"' in text:
        return text
    action = _ACTION.search(text)
    if not goes_back(_path(unescape(action[1]) if action else "", path)):
        return text
    return f'{text}<input type="hidden" name="{NAME}" value="{escape(day)}">'


def _in_html(href: str, path: str, day: str) -> str:
    return escape(with_day(unescape(href), path=path, day=day)) if href else href


def with_day(address: str, *, path: str, day: str) -> str:
    """The address with the day, where it leads to a page that goes back and names none itself."""
    if address.startswith("#") or not goes_back(_path(address, path)):
        return address
    whole, hash_sign, fragment = address.partition("#")
    if NAME in parse_qs(urlsplit(whole).query, keep_blank_values=True):
        return address
    return f"{whole}{'&' if '?' in whole else '?'}{NAME}={day}{hash_sign}{fragment}"


def _path(address: str, path: str) -> str:
    """The path that an address on the page of `path` leads to; empty for another host's."""
    parts = urlsplit(urljoin(path, address))
    return "" if parts.scheme or parts.netloc else parts.path


def goes_back(path: str) -> bool:
    """Whether what is found there can be shown as it stood."""
    return _goes_back(path, get_script_prefix(), settings.ROOT_URLCONF)


@lru_cache(maxsize=4096)
def _goes_back(path: str, prefix: str, _addresses: str) -> bool:
    if not path.startswith(prefix):
        return False
    try:
        found = resolve("/" + path.removeprefix(prefix)).func
    except Resolver404:
        return False
    return bool(getattr(found, "goes_back", False))
