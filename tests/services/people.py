"""What people do with the running product, over HTTP, and what they remember of it."""

import re
import time
from dataclasses import dataclass, field
from http.client import HTTPException
from http.cookiejar import CookieJar
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, Request, build_opener

PASSWORD = "Passw0rd-2026"
PATIENCE_SECONDS = 60
# What a figure below its target has to say.
WHY_BELOW = {"shortfall_reason": "抽检范围扩大", "next_steps": "加强监管"}


@dataclass(frozen=True)
class Page:
    """An answer, redirects followed. seconds: from asking until all of it was there."""

    status: int
    text: str
    url: str
    seconds: float

    def light(self) -> str:
        """Of the target whose page it is."""
        found = re.search(r'class="badge badge--(\w+)', self.text)
        assert found, f"no verdict on the page {self.url} ({self.status})"
        return found[1]


class Person:
    """Somebody with a browser that keeps cookies."""

    def __init__(self, site: str) -> None:
        self.site = site
        self.cookies = CookieJar()
        self._browser = build_opener(HTTPCookieProcessor(self.cookies))

    @classmethod
    def signed_in(cls, site: str, username: str, password: str = PASSWORD) -> "Person":
        person = cls(site)
        person.get("/accounts/login/")
        page = person.post("/accounts/login/", username=username, password=password)
        assert "/accounts/login/" not in page.url, f"{username} was not signed in"
        return person

    def get(self, path: str) -> Page:
        return self._ask(Request(self.site + path))

    def post(self, path: str, **fields: object) -> Page:
        token = next(each.value for each in self.cookies if each.name == "csrftoken")
        sent = urlencode({**fields, "csrfmiddlewaretoken": token}).encode()
        return self._ask(Request(self.site + path, data=sent))

    def _ask(self, request: Request) -> Page:
        started = time.monotonic()
        try:
            answer = self._browser.open(request, timeout=PATIENCE_SECONDS)
        except HTTPError as error:
            answer = error
        with answer:
            text = answer.read().decode()
        return Page(answer.status, text, answer.url, time.monotonic() - started)


@dataclass(frozen=True)
class Attempt:
    """One save. outcome: "ok" where the page said that it was saved, "fail" where it said that
    nothing was, "unknown" where no answer came."""

    year: int
    value: str
    outcome: str
    seconds: float


@dataclass
class Official:
    """Enters the figures of one series, reads the version before, and writes down what came of
    each attempt."""

    person: Person
    series: str
    attempts: list[Attempt] = field(default_factory=list)

    def save(self, year: int, value: str, *, read_version: int = 0, **fields: object) -> Attempt:
        started = time.monotonic()
        try:
            page = self.person.post(
                f"/entry/series/{self.series}/{year}/",
                value=value,
                source_title="统计公报",
                **WHY_BELOW,
                read_version=read_version or "",
                **fields,
            )
        except (OSError, HTTPException):
            outcome = "unknown"
        else:
            outcome = "ok" if says_saved(page, value) else "fail"
        attempt = Attempt(year, value, outcome, time.monotonic() - started)
        self.attempts.append(attempt)
        return attempt


def says_saved(page: Page, value: str) -> bool:
    """Alone, or by saying that it was sent on."""
    return value in page.text and any(said in page.text for said in ("已保存：", "已报送："))


def approve(reviewer: Person, version: int) -> Page:
    """version: its primary key. The page says that it was approved."""
    page = reviewer.post("/review/approve/", version=f"figure:{version}")
    assert page.status == 200, page.text
    assert "已审核通过：" in page.text, page.text
    return page
