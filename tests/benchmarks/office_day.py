"""People of four provinces at their desks, and what each of them does: who is who, and one step
after the other, each answered as it should be."""

import json
import random
import re
import threading
import time
from base64 import b32decode, b32encode
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from tests.accounts.totp import shown_by_app
from tests.services.ledger import Attempt, Ledger
from tests.services.people import PASSWORD, WHY_BELOW

if TYPE_CHECKING:
    from targets_site.accounts.models import User

PATIENCE_SECONDS = 60.0
AREAS = ("320000", "330000", "370000", "440000")
# Of 200: those who enter figures, those who decide on them, and those who read.
OFFICIALS, REVIEWERS, LEADERS, AUDITORS = 120, 20, 30, 30
SERIES_EACH, YEARS = 6, (2016, 2017, 2018, 2019, 2020)
# Of every reviewer's app, as it is typed: their role asks for a second factor.
APP_KEY = b32encode(bytes(20)).decode()
FORM = "application/x-www-form-urlencoded"
CODE_PAGE = "/accounts/login/code/"
SOURCE = "2020年质量状况公报"


class WrongAnswer(Exception):
    """Not what the person should have been answered."""


@dataclass(frozen=True)
class Asked:
    """One request. kind: what it was for."""

    kind: str
    seconds: float
    at: float


@dataclass
class Notes:
    """What all of them saw; used by many threads at once."""

    ledger: Ledger
    asked: list[Asked] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    logins: list[float] = field(default_factory=list)
    # Decisions of reviewers: the state that a version must be in, by its primary key.
    decided: dict[int, str] = field(default_factory=dict)
    counted: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True)
class Answer:
    status: int
    text: str
    location: str


class Desk:
    """A browser: cookies, one connection that a step begins and the
    server or the next step ends."""

    def __init__(self, port: int, username: str, notes: Notes) -> None:
        self.username, self.notes = username, notes
        self.cookies: dict[str, str] = {}
        self._line = HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)

    def get(self, path: str, *, kind: str, has: str = "") -> Answer:
        answer = self.ask("GET", path, kind=kind)
        if answer.status != 200 or has not in answer.text:
            raise WrongAnswer(f"GET {path} answers {answer.status} without “{has}”")
        return answer

    def post(
        self, path: str, fields: dict[str, object], *, kind: str, fetched: bool = False
    ) -> Answer:
        """fetched: as a script asks."""
        body = urlencode({**fields, "csrfmiddlewaretoken": self.cookies["csrftoken"]}, doseq=True)
        headers = {"X-Requested-With": "fetch"} if fetched else {}
        return self.ask("POST", path, kind=kind, body=body, headers=headers)

    def send(self, method: str, path: str, sent: dict[str, object], *, kind: str) -> Answer:
        """To the API."""
        headers = {"Content-Type": "application/json", "X-CSRFToken": self.cookies["csrftoken"]}
        return self.ask(method, path, kind=kind, body=json.dumps(sent), headers=headers)

    def sign_in(self) -> None:
        self.get("/accounts/login/", kind="login page")
        fields: dict[str, object] = {"username": self.username, "password": PASSWORD}
        started = time.monotonic()
        answer = self.post("/accounts/login/", fields, kind="login")
        self.notes.logins.append(time.monotonic() - started)
        if answer.location == CODE_PAGE:
            self.get(CODE_PAGE, kind="login page")
            answer = self.post(CODE_PAGE, {"code": shown_by_app(APP_KEY)}, kind="login")
        if answer.status != 302 or "login" in answer.location:
            raise WrongAnswer(f"{self.username} was not signed in: {answer.status}")
        self.leave()

    def leave(self) -> None:
        """Between two steps the server ends the connection; a browser opens another one."""
        self._line.close()

    def ask(
        self,
        method: str,
        path: str,
        *,
        kind: str,
        body: str | None = None,
        headers: dict[str, str] | None = None,
    ) -> Answer:
        headers = {"Content-Type": FORM, **(headers or {})} if body is not None else {}
        headers["Cookie"] = "; ".join(f"{name}={text}" for name, text in self.cookies.items())
        started = time.monotonic()
        self._line.request(method, path, body=body, headers=headers)
        response = self._line.getresponse()
        text = response.read().decode()
        if kind not in ("login", "login page"):
            self.notes.asked.append(Asked(kind, time.monotonic() - started, started))
        for each in response.headers.get_all("Set-Cookie") or []:
            name, _, value = each.partition(";")[0].partition("=")
            self.cookies[name] = value
        if response.status >= 500:
            raise WrongAnswer(f"{method} {path} answers {response.status}")
        return Answer(response.status, text, response.headers.get("Location", ""))


class Person:
    """Somebody at work. STEPS: what is done next, by how likely it is."""

    STEPS: dict[str, int] = {}

    def __init__(self, desk: Desk, chance: random.Random) -> None:
        self.desk, self.notes, self.chance = desk, desk.notes, chance

    def step(self) -> None:
        name = self.chance.choices([*self.STEPS], [*self.STEPS.values()])[0]
        try:
            getattr(self, name)()
        except (OSError, HTTPException) as error:
            self.notes.errors.append(f"{name} of {self.desk.username}: {error!r}")
        except WrongAnswer as error:
            self.notes.errors.append(f"{name} of {self.desk.username}: {error}")
        finally:
            self.desk.leave()


@dataclass
class Cell:
    """A figure that one official enters. number: of the version that was saved last."""

    series: str
    year: int
    number: int = 0
    is_sent: bool = False

    def next_value(self) -> str:
        """Another one each time, so that each save can be told from the others."""
        return f"98.{10 + self.number:02}"


class Official(Person):
    STEPS = {"look": 2, "open_grid": 3, "save_by_form": 4, "save_by_api": 4, "submit": 3}

    def __init__(
        self, desk: Desk, chance: random.Random, *, series: list[str], round_id: int
    ) -> None:
        super().__init__(desk, chance)
        self.round_id = round_id
        self.cells = [Cell(code, year) for code in series for year in YEARS]

    def look(self) -> None:
        self.desk.get("/entry/", kind="own tasks", has="</html>")

    def open_grid(self) -> None:
        self.desk.get(f"/entry/{self.round_id}/", kind="grid", has="</html>")

    def save_by_form(self) -> None:
        """As the grid's script does."""
        cell = self._chosen()
        attempt = self._begun(cell)
        fields: dict[str, object] = {
            "value": attempt.value, "source_title": SOURCE, **WHY_BELOW,
            "read_version": cell.number or "",
        }  # fmt: skip
        path = f"/entry/{self.round_id}/{cell.series}/{cell.year}/"
        answer = self.desk.post(path, fields, kind="save by form", fetched=True)
        self._saved(cell, attempt, answer)

    def save_by_api(self) -> None:
        cell = self._chosen()
        attempt = self._begun(cell)
        sent: dict[str, object] = {
            "value": attempt.value, "source_title": SOURCE, **WHY_BELOW,
            "read_version": cell.number or None,
        }  # fmt: skip
        path = f"/api/v1/figures/{cell.series}/{cell.year}/"
        self._saved(cell, attempt, self.desk.send("PUT", path, sent, kind="save by API"))

    def submit(self) -> None:
        """By the API, the version that was saved last."""
        drafts = [each for each in self.cells if each.number and not each.is_sent]
        if not drafts:
            return self.save_by_form()
        cell = self.chance.choice(drafts)
        path = f"/api/v1/figures/{cell.series}/{cell.year}/submit/"
        answer = self.desk.send("POST", path, {"version": cell.number}, kind="submit")
        if answer.status != 200 or json.loads(answer.text)["state"] not in ("submitted", "signed"):
            raise WrongAnswer(f"POST {path} answers {answer.status}: {answer.text:.200}")
        cell.is_sent = True
        self.notes.counted["submitted"] += 1
        return None

    def _chosen(self) -> Cell:
        """One that is not with the reviewers."""
        open_cells = [each for each in self.cells if not each.is_sent]
        if open_cells:
            return self.chance.choice(open_cells)
        raise WrongAnswer("this official has nothing left to enter: give him more series")

    def _begun(self, cell: Cell) -> Attempt:
        return self.notes.ledger.invoke(
            by=self.desk.username,
            series=cell.series,
            year=cell.year,
            value=cell.next_value(),
            read_version=cell.number,
        )

    def _saved(self, cell: Cell, attempt: Attempt, answer: Answer) -> None:
        is_saved = answer.status == 200 and attempt.value in answer.text
        self.notes.ledger.answered(
            attempt,
            outcome="ok" if is_saved else "fail",
            status=answer.status,
            said=answer.text[:60],
        )
        if not is_saved:
            raise WrongAnswer(f"a save is refused with {answer.status}: {answer.text:.300}")
        cell.number += 1


class Reviewer(Person):
    STEPS = {"queue": 2, "approve": 5, "give_back": 1, "completeness": 1}
    # Somebody else may have decided meanwhile: all of an area see the same list.
    DECIDED_BY_OTHERS = (403, 404, 409)

    def queue(self) -> list[int]:
        answer = self.desk.get("/review/", kind="review queue", has="</html>")
        return sorted({int(each) for each in re.findall(r'value="figure:(\d+)"', answer.text)})

    def completeness(self) -> None:
        self.desk.get("/review/completeness/", kind="completeness", has="</html>")

    def approve(self) -> None:
        self._decide("/review/approve/", {}, "approved", at_once=3)

    def give_back(self) -> None:
        self._decide("/review/return/", {"reason": "来源不清，请核实。"}, "returned", at_once=1)

    def _decide(self, path: str, fields: dict[str, object], state: str, *, at_once: int) -> None:
        waiting = self.queue()
        if not waiting:
            return
        chosen = self.chance.sample(waiting, min(len(waiting), at_once))
        keys = [f"figure:{each}" for each in chosen]
        answer = self.desk.post(path, {**fields, "version": keys}, kind=state)
        if answer.status == 302:
            self.notes.decided.update(dict.fromkeys(chosen, state))
            self.notes.counted[state] += len(chosen)
        elif answer.status in self.DECIDED_BY_OTHERS:
            self.notes.counted["decided by others"] += 1
            self.notes.counted[state] += _listed_as_done(answer.text)
        else:
            raise WrongAnswer(f"POST {path} answers {answer.status}: {answer.text:.300}")


def _listed_as_done(page: str) -> int:
    """How many of those that were ticked were decided beside those that were not."""
    _before, _heading, done = page.partition('aria-labelledby="done"')
    return done.partition("</section>")[0].count("<li>")


@dataclass(frozen=True)
class Addresses:
    """What there is to read; each a list of addresses."""

    areas: list[str]
    targets: list[str]
    indicators: list[str]
    documents: list[str]
    figures: list[str]


class Reader(Person):
    """A leader."""

    STEPS = {"overview": 4, "area": 3, "target": 4, "indicator": 2, "document": 1, "search": 2,
             "export": 1, "registers": 1}  # fmt: skip
    WORDS = ("水", "合格率", "海南 水质", "农产品", "专利")

    def __init__(self, desk: Desk, chance: random.Random, *, addresses: Addresses) -> None:
        super().__init__(desk, chance)
        self.addresses = addresses

    def overview(self) -> None:
        asked = self.chance.choice(["", "?goal=2015", "?goal=2020"])
        self.desk.get(f"/{asked}", kind="overview", has="</html>")

    def area(self) -> None:
        self._one_of(self.addresses.areas, "area")

    def target(self) -> None:
        self._one_of(self.addresses.targets, "target")

    def indicator(self) -> None:
        self._one_of(self.addresses.indicators, "indicator")

    def document(self) -> None:
        self._one_of(self.addresses.documents, "document")

    def search(self) -> None:
        asked = urlencode({"q": self.chance.choice(self.WORDS)})
        self.desk.get(f"/search/?{asked}", kind="search", has="</html>")

    def export(self) -> None:
        area = self.chance.choice(self.addresses.areas).strip("/").rpartition("/")[2]
        table = self.chance.choice(["targets", "observations", "verdicts"])
        self.desk.get(f"/exports/{table}.csv?area={area}", kind="small export", has="area_code")

    def registers(self) -> None:
        self.desk.get("/registers/", kind="registers", has="</html>")

    def _one_of(self, some: list[str], kind: str) -> None:
        self.desk.get(self.chance.choice(some), kind=kind, has="</html>")


class Auditor(Reader):
    STEPS = {**Reader.STEPS, "provenance": 3, "trail": 3}

    def provenance(self) -> None:
        self._one_of(self.addresses.figures, "provenance")

    def trail(self) -> None:
        self.desk.get("/trail/", kind="trail", has="</html>")


@dataclass
class Office:
    """Everybody at work, each in a thread."""

    people: list[Person]
    think_seconds: float
    # Seconds in which they come in, one after the other: each login costs a hash.
    seconds_to_come: float
    # Or were refused.
    all_are_in: threading.Event = field(default_factory=threading.Event)
    _ended: threading.Event = field(default_factory=threading.Event)
    _came: list[Person] = field(default_factory=list)

    @contextmanager
    def at_work(self) -> Iterator[None]:
        threads = [
            threading.Thread(target=self._work, args=(person, number))
            for number, person in enumerate(self.people)
        ]
        for each in threads:
            each.start()
        try:
            yield
        finally:
            self._ended.set()
            for each in threads:
                each.join(PATIENCE_SECONDS * 2)

    def _work(self, person: Person, number: int) -> None:
        self._ended.wait(self.seconds_to_come * number / len(self.people))
        try:
            person.desk.sign_in()
        except (OSError, HTTPException, WrongAnswer) as error:
            person.notes.errors.append(f"login of {person.desk.username}: {error!r}")
            return
        finally:
            self._came.append(person)
            if len(self._came) == len(self.people):
                self.all_are_in.set()
        while not self._ended.wait(person.chance.uniform(0.5, 1.5) * self.think_seconds):
            person.step()


def made_people() -> dict[str, list[str]]:
    """Areas, departments, series with targets, an open round each; user names by role. Their
    passwords are hashed once, since making 200 would take minutes."""
    from django.contrib.auth.hashers import make_password

    from targets_site.accounts.models import Post, Role, User
    from tests import factories

    hashed = make_password(PASSWORD)

    def user(name: str) -> User:
        return User.objects.create(username=name, password=hashed)

    names: dict[str, list[str]] = {"official": [], "reviewer": [], "leader": [], "auditor": []}
    indicators = [
        factories.make_indicator(f"day-{number}", name_zh=f"第{number}项合格率")
        for number in range(SERIES_EACH)
    ]
    for number in range(OFFICIALS):
        code = AREAS[number % len(AREAS)]
        area = factories.make_area(code)
        department = factories.make_department(area, f"第{number // 8}处")
        one = user(f"official{number}")
        factories.make_post(one, Role.OFFICIAL, department=department)
        names["official"].append(one.username)
        document = factories.make_document(f"day-{code}", area)
        for indicator in indicators:
            series = factories.make_series(area, indicator, f"o{number}", department)
            if indicator is indicators[0]:
                target = factories.make_target(f"day-{code}-{number:03}", document)
                factories.make_reading(target, series)
    for code in AREAS:
        factories.make_round(factories.make_area(code), *YEARS)
    for role, number in (("reviewer", REVIEWERS), ("leader", LEADERS), ("auditor", AUDITORS)):
        for each in range(number):
            one = user(f"{role}{each}")
            area = factories.make_area(AREAS[each % len(AREAS)])
            factories.make_post(one, Role(role), area=area)
            if role == "reviewer":
                give_app(one)
            names[role].append(one.username)
    assert Post.objects.count() >= OFFICIALS + REVIEWERS + LEADERS + AUDITORS
    return names


def give_app(user: "User") -> None:
    """As if set up long ago."""
    from django.utils import timezone

    from targets_site.accounts.models import Authenticator

    Authenticator.objects.create(user=user, name="app", key=b32decode(APP_KEY).hex())
    user.second_factor_since = timezone.now()
    user.save(update_fields=["second_factor_since"])


def seated(names: dict[str, list[str]], *, port: int, notes: Notes, seed: int) -> list[Person]:
    """All of them, in the order in which they come in: mixed."""
    from indicators.models import Round

    rounds = dict(Round.objects.values_list("area__code", "pk"))
    addresses = _addresses()
    chance = random.Random(seed)
    people: list[Person] = []
    for role, some in names.items():
        for number, name in enumerate(some):
            desk, own = Desk(port, name, notes), random.Random(f"{seed} {name}")
            if role == "official":
                code = AREAS[number % len(AREAS)]
                series = [f"{code}.day-{each}.o{number}" for each in range(SERIES_EACH)]
                people.append(Official(desk, own, series=series, round_id=rounds[code]))
            elif role == "reviewer":
                people.append(Reviewer(desk, own))
            else:
                kind = Auditor if role == "auditor" else Reader
                people.append(kind(desk, own, addresses=addresses))
    chance.shuffle(people)
    return people


def _addresses() -> Addresses:
    from indicators.models import Indicator, Observation
    from plans.models import Document, Target
    from targets_site.places.models import Area
    from tests.benchmarks.pages import spread

    targets = Target.objects.in_force().order_by("pk")
    figures = Observation.objects.filter(in_force__isnull=False).order_by("pk")
    known = Indicator.objects.filter(series__readings__isnull=False).distinct()
    with_targets = Area.objects.filter(documents__isnull=False).distinct().order_by("code")
    return Addresses(
        areas=[f"/areas/{code}/" for code in spread(with_targets, "code")],
        targets=[f"/targets/{code}/" for code in spread(targets, "code")],
        indicators=[f"/indicators/{code}/" for code in spread(known.order_by("code"), "code")],
        documents=[f"/documents/{slug}/" for slug in spread(Document.objects.all(), "slug")],
        figures=[
            f"/provenance/{code}/{year}/"
            for code, year in figures.values_list("series__code", "year")[:200:10]
        ],
    )
