"""What people do with the running product, over HTTP, and what they remember of it."""

import re
import time
from dataclasses import dataclass
from http.client import HTTPException
from http.cookiejar import CookieJar
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import (
    BaseHandler,
    HTTPCookieProcessor,
    HTTPSHandler,
    Request,
    build_opener,
)

from tests.services.ledger import Attempt, Ledger
from tests.services.servers import tls

PASSWORD = "Passw0rd-2026"
PATIENCE_SECONDS = 60
# By HTTP and by HTTPS.
CSRF_COOKIES = {"csrftoken", "__Host-csrf"}
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
        self._handlers = [HTTPCookieProcessor(self.cookies), HTTPSHandler(context=tls(site))]
        self._browser = build_opener(*self._handlers)

    @classmethod
    def signed_in(cls, site: str, username: str, password: str = PASSWORD) -> "Person":
        person = cls(site)
        person.get("/accounts/login/")
        page = person.post("/accounts/login/", username=username, password=password)
        assert "/accounts/login/" not in page.url, f"{username} was not signed in"
        return person

    def handle(self, handler: BaseHandler) -> None:
        """What the browser does otherwise from now on, of redirects for instance."""
        self._browser = build_opener(*self._handlers, handler)

    def get(self, path: str) -> Page:
        return self._ask(Request(self.site + path))

    def post(self, path: str, **fields: object) -> Page:
        token = next(each.value for each in self.cookies if each.name in CSRF_COOKIES)
        sent = urlencode({**fields, "csrfmiddlewaretoken": token}).encode()
        return self._ask(Request(self.site + path, data=sent, headers={"Origin": self.site}))

    def _ask(self, request: Request) -> Page:
        started = time.monotonic()
        try:
            answer = self._browser.open(request, timeout=PATIENCE_SECONDS)
        except HTTPError as error:
            answer = error
        with answer:
            text = answer.read().decode()
        return Page(answer.status, text, answer.url, time.monotonic() - started)


@dataclass
class Official:
    """Enters the figures of one series, reads the version before, and has each attempt written
    down with what came of it."""

    person: Person
    series: str
    ledger: Ledger
    name: str = "official"

    @property
    def attempts(self) -> list[Attempt]:
        return [each for each in self.ledger.attempts if each.by == self.name]

    def save(self, year: int, value: str, *, read_version: int = 0, **fields: object) -> Attempt:
        attempt = self.ledger.invoke(
            by=self.name, series=self.series, year=year, value=value, read_version=read_version
        )
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
            self.ledger.answered(attempt, outcome="unknown")
        else:
            outcome, said = told(page, value)
            self.ledger.answered(attempt, outcome=outcome, status=page.status, said=said)
        return attempt

    def version_to_read(self, year: int) -> int:
        """The number of the version that stands on the cell's page; 0 where none does."""
        page = self.person.get(f"/entry/series/{self.series}/{year}/")
        found = re.search(r'name="read_version" value="(\d*)"', page.text)
        return int(found[1] or 0) if found else 0


# What a page says where a figure was saved, where it was not, and where the person should look.
SAVED = ("已保存：", "已报送：")
NOT_SAVED = ("未保存", "未作任何保存", "未作修改")
PLEASE_LOOK = ("是否已保存",)


def told(page: Page, value: str) -> tuple[str, str]:
    """What came of a save, and the words that say so; "unknown" and none where no words do."""
    assert "Traceback" not in page.text, page.text
    words = {"unknown": PLEASE_LOOK, "fail": NOT_SAVED}
    if page.status == 200 and value in page.text:
        words["ok"] = SAVED
    for outcome, sentences in words.items():
        for said in sentences:
            if said in page.text:
                return outcome, said
    return "unknown", ""


def approve(reviewer: Person, version: int) -> Page:
    """version: its primary key. The page says that it was approved."""
    page = reviewer.post("/review/approve/", version=f"figure:{version}")
    assert page.status == 200, page.text
    assert "已审核通过：" in page.text, page.text
    return page


def version_waiting(reviewer: Person) -> int:
    """The only one on the reviewer's desk."""
    (found,) = set(re.findall(r'value="figure:(\d+)"', reviewer.get("/review/").text))
    return int(found)
