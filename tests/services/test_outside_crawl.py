"""Somebody who knows nothing of the product follows every link that he finds, as each kind of
person, and types attacks into every field and parameter: the site answers, with no error of its
own, and hands nothing of it back as anything but text; neither does it to who looks later."""

import json
import re
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from urllib.parse import parse_qsl, quote, unquote_to_bytes, urljoin, urlsplit

import pytest
from django.conf import settings as project_settings

from targets_site.accounts.models import ADMINISTRATOR_ROLES, DEPARTMENT_ROLES, Role
from tests import factories
from tests.services.people import Person
from tests.services.servers import LOCAL, wait_until

pytestmark = [
    pytest.mark.services,
    pytest.mark.faults,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(project_settings.EMBEDDED, reason="against the service mode"),
]
MARK = "zq9xv"
ATTACKS = json.loads(
    (Path(__file__).parent.parent / "data" / "attacks.json").read_text(encoding="utf-8")
)["payloads"]
NEVER = [each.replace("MARK", MARK) for attack in ATTACKS for each in attack["never"]]
# Addresses that differ in numbers and codes only are one kind of page.
OF_A_KIND = 2
# A page waits for nothing that somebody types (the attacks would have it sleep for 20 s). How quick
# pages are is measured elsewhere: on a busy machine six hashes of passwords take five seconds.
PATIENCE_SECONDS = 15.0
# gunicorn takes lines of 4094 bytes, and the site shall meet the attack.
MOST_IN_AN_ADDRESS, MOST_IN_A_BODY = 3000, 6000
# What ends the visit; the visitor stays.
LEFT_ALONE = ("/accounts/logout/",)
AT_ONCE = 2
# Who looks at what the others stored.
LOOK_LATER = {Role.OFFICIAL, Role.REVIEWER}
BOUNDARY = "zq9xv-boundary"


@dataclass(frozen=True)
class Field:
    name: str
    value: str = ""
    is_file: bool = False


@dataclass(frozen=True)
class Door:
    """An address that takes something, and what its fields hold by themselves. method: "PATH"
    where a part of the address itself is the field."""

    method: str
    path: str
    fields: tuple[Field, ...]
    has_parts: bool = False

    @property
    def kind(self) -> tuple[str, str, tuple[str, ...]]:
        return self.method, shape(self.path), tuple(each.name for each in self.fields)


@dataclass(frozen=True)
class Try:
    """An attack in one field of a door, or in all of them where `name` is empty."""

    door: Door
    name: str
    attack: dict[str, object]


def shape(path: str) -> str:
    path = path.partition("?")[0]
    return re.sub(r"[0-9][\w.-]*|(?<=/)[a-z]+-[a-z0-9-]+(?=/)", "N", path)


class Seen(HTMLParser):
    """Links and forms of a page; each form with its method, action and fields."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.forms: list[dict[str, str]] = []
        self.fields: list[list[Field]] = []
        self._elsewhere: list[tuple[str, Field]] = []
        self._select = ""
        self.feed(text)
        ids = {form["id"]: at for at, form in enumerate(self.forms) if "id" in form}
        for owner, found in self._elsewhere:
            if owner in ids:
                self.fields[ids[owner]].append(found)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "a" and "href" in said:
            self.links.append(said["href"])
        elif tag == "form":
            self.forms.append(said)
            self.fields.append([])
        elif tag == "option" and self._select and said.get("value"):
            # The one that is chosen, else the first that says something.
            self._put(self._select, said["value"], over="selected" in said)
        elif tag in ("input", "select", "textarea", "button") and "name" in said:
            self._select = said["name"] if tag == "select" else ""
            found = Field(said["name"], said.get("value", ""), said.get("type") == "file")
            if "form" in said:
                self._elsewhere.append((said["form"], found))
            elif self.fields:
                self.fields[-1].append(found)

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""

    def _put(self, name: str, value: str, *, over: bool) -> None:
        for at, found in enumerate(self.fields[-1] if self.fields else ()):
            if found.name == name and (over or not found.value):
                self.fields[-1][at] = Field(name, value)


@dataclass
class Visitor:
    """name: empty for who is not signed in."""

    url: str
    port: int
    name: str
    cookies: dict[str, str] = field(default_factory=dict)
    findings: list[str] = field(default_factory=list)
    answers: Counter[int] = field(default_factory=Counter)
    doors: dict[tuple[str, str, tuple[str, ...]], Door] = field(default_factory=dict)
    # Where the last answer sent him, on this site.
    led_to: list[str] = field(default_factory=list)

    def sign_in(self) -> None:
        person = Person.signed_in(self.url, self.name) if self.name else Person(self.url)
        self.cookies = {each.name: each.value for each in person.cookies}

    def crawl(self) -> None:
        """Each kind of page, from the first one on."""
        waiting, seen, kinds = ["/"], {"/"}, Counter[tuple[str, tuple[str, ...]]]()
        while waiting:
            page = waiting.pop(0)
            text = self.ask("GET", page)
            for link in [*self.found_on(page, text), *self.led_to]:
                path = link.partition("#")[0]
                names = tuple(name for name, _value in parse_qsl(urlsplit(path).query))
                kind = shape(path), names
                if path in seen or kinds[kind] >= OF_A_KIND or path.startswith(LEFT_ALONE):
                    continue
                seen.add(path)
                kinds[kind] += 1
                waiting.append(path)

    def found_on(self, page: str, text: str) -> list[str]:
        """Links of this site; what takes something is noted on the way."""
        found = Seen(text)
        links = [urljoin(page, each) for each in found.links]
        links = [each for each in links if each.startswith("/") and not each.startswith("//")]
        for each in links:
            asked = urlsplit(each)
            named = parse_qsl(asked.query, keep_blank_values=True)
            self.note("GET", asked.path, [Field(*pair) for pair in named])
            self.note_parts(asked.path)
        for form, fields in zip(found.forms, found.fields, strict=True):
            method, action = form.get("method", "get").upper(), form.get("action", "")
            asked = urlsplit(urljoin(page, action or page))
            query = f"?{asked.query}" if asked.query and method == "POST" else ""
            has_parts = form.get("enctype") == "multipart/form-data"
            self.note(method, asked.path + query, fields, has_parts=has_parts)
        return links

    def note(self, method: str, path: str, fields: list[Field], *, has_parts: bool = False) -> None:
        named = {each.name: each for each in fields if each.name != "csrfmiddlewaretoken"}
        door = Door(method, path, tuple(named.values()), has_parts)
        if named and not path.startswith(LEFT_ALONE):
            self.doors.setdefault(door.kind, door)

    def note_parts(self, path: str) -> None:
        """Where an address holds a number or a code, anything may stand."""
        parts = path.split("/")
        for at, part in enumerate(parts):
            if part and shape(f"/{part}/") == "/N/":
                hole = "/".join([*parts[:at], "{}", *parts[at + 1 :]])
                self.note("PATH", hole, [Field(str(at))])

    def attack(self, tries: list[Try]) -> None:
        for each in tries:
            self.send(each)

    def send(self, one: Try) -> None:
        door, attack = one.door, one.attack
        if door.method == "PATH":
            text = encoded(attack, most=MOST_IN_AN_ADDRESS)
            self.ask("GET", door.path.replace("{}", text), attack=attack)
            return
        is_get = door.method == "GET"
        share = MOST_IN_AN_ADDRESS // (1 if one.name else len(door.fields))
        text = encoded(attack, most=share if is_get else MOST_IN_A_BODY)
        sent = [
            (each, text if one.name in ("", each.name) else quote(each.value))
            for each in door.fields
        ]
        body = "&".join(f"{quote(each.name)}={value}" for each, value in sent)
        if is_get:
            self.ask("GET", f"{door.path}?{body}", attack=attack)
        elif door.has_parts:
            self.ask("POST", door.path, parts=sent, attack=attack)
        else:
            self.ask("POST", door.path, body=body, attack=attack)

    def ask(
        self,
        method: str,
        path: str,
        *,
        body: str = "",
        parts: list[tuple[Field, str]] | None = None,
        attack: dict[str, object] | None = None,
    ) -> str:
        """The answer's text. Who was signed out on the way signs in and asks again, or all that
        follows would only meet the login."""
        text, is_out = self._ask(method, path, body, parts, attack)
        if is_out and self.name:
            self.sign_in()
            text, is_out = self._ask(method, path, body, parts, attack)
            if is_out:
                self.findings.append(f"{method} {path[:120]} → is out for good")
        return text

    def _ask(self, method, path, body, parts, attack) -> tuple[str, bool]:
        headers = {"Cookie": "; ".join(f"{name}={text}" for name, text in self.cookies.items())}
        token = self.cookies.get("csrftoken", "")
        sent = b""
        if parts is not None:
            headers["Content-Type"] = f"multipart/form-data; boundary={BOUNDARY}"
            sent = in_parts([*parts, (Field("csrfmiddlewaretoken"), token)])
        elif method == "POST":
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            sent = f"{body}&csrfmiddlewaretoken={token}".encode()
        line = HTTPConnection(LOCAL, self.port, timeout=60)
        started = time.monotonic()
        line.request(method, quote(path, safe="/?&=%:;,+@!*()~'"), body=sent or None,
                     headers=headers)  # fmt: skip
        answer = line.getresponse()
        content = answer.read()
        took = time.monotonic() - started
        line.close()
        self.answers[answer.status] += 1
        is_page = "text/html" in answer.headers.get("Content-Type", "")
        text = content.decode(errors="replace") if is_page else ""
        for each in answer.headers.get_all("Set-Cookie") or []:
            key, _, said = each.partition(";")[0].partition("=")
            if key in ("csrftoken", "sessionid"):
                self.cookies[key] = said
        said = attack["id"] if attack else "a link"
        wrong = wrong_in(answer, text, took)
        if wrong:
            shown = (body or str(parts or ""))[:160]
            self.findings.append(f"{said}: {method} {path[:160]} {shown} → {', '.join(wrong)}")
        location = answer.headers.get("Location", "")
        self.led_to = [location] if location.startswith("/") else []
        return text, location.startswith("/accounts/login/") or answer.status == 401


def wrong_in(answer: HTTPResponse, text: str, took: float) -> list[str]:
    wrong = []
    if answer.status >= 500:
        wrong.append(str(answer.status))
    if took > PATIENCE_SECONDS:
        wrong.append(f"{took:.1f} s")
    if "mark" in {name.lower().removeprefix("x-") for name in answer.headers}:
        wrong.append("a header of the sender's")
    if any(each.startswith("mark=") for each in answer.headers.get_all("Set-Cookie") or []):
        wrong.append("a cookie of the sender's")
    if leads_away(answer.headers.get("Location", "/")):
        wrong.append(f"leads to {answer.headers['Location']}")
    return [*wrong, *(f"answers with {each}" for each in NEVER if each in text)]


def leads_away(location: str) -> bool:
    """As a browser reads it: blanks at the ends and tabs inside fall away, a backslash is a
    slash. What begins with none is an address of ours, beside the one that was asked."""
    read = re.sub(r"[\t\r\n]", "", location.strip()).replace("\\", "/")
    here = f"http://{LOCAL}/here/"
    return urljoin(here, read).partition(LOCAL)[0] != "http://" or read.startswith("//")


def encoded(attack: dict[str, object], *, most: int) -> str:
    """As it stands in an address or a form's body, of so many bytes at most."""
    if "raw" in attack:
        return str(attack["raw"]).replace("MARK", MARK)
    text = str(attack["text"]).replace("MARK", MARK) * int(str(attack.get("times", 1)))
    # Nothing is cut in the middle of a character.
    while len(found := quote(text, safe="")) > most:
        text = text[: len(text) * most // len(found)]
    return found


def in_parts(fields: list[tuple[Field, str]]) -> bytes:
    """A body of multipart/form-data; what is typed into a file's field names the file and is what
    stands in it."""
    found = b""
    for each, value in fields:
        raw = unquote_to_bytes(value)
        name = f'Content-Disposition: form-data; name="{each.name}"'.encode()
        if each.is_file:
            told = raw[:200].replace(b'"', b'\\"').replace(b"\r", b"%0D").replace(b"\n", b"%0A")
            name += b'; filename="' + told + b'"\r\nContent-Type: text/csv'
        found += b"--" + BOUNDARY.encode() + b"\r\n" + name + b"\r\n\r\n" + raw + b"\r\n"
    return found + b"--" + BOUNDARY.encode() + b"--\r\n"


def shared_out(visitors: list[Visitor]) -> dict[str, list[Try]]:
    """What each visitor tries. Every field of every kind of page meets each of the nastiest attacks
    alone; all fields at once of the largest form of the page meet all the others. Whoever found
    the same door takes his turn."""
    tries: dict[str, list[Try]] = {one.name: [] for one in visitors}
    doors = {kind: door for one in visitors for kind, door in one.doors.items()}
    met, turn = set(), 0
    for kind in sorted(doors, key=lambda each: (-len(each[2]), each)):
        method, page, names = kind
        holders = [one for one in visitors if kind in one.doors]
        alone = [each for each in names if (method, page, each) not in met]
        found = [(name, attack) for name in alone for attack in ATTACKS if attack.get("alone")]
        if alone and (method, page) not in met:
            found += [("", attack) for attack in ATTACKS if fits(attack, method)]
        met |= {(method, page), *((method, page, each) for each in names)}
        for name, attack in found:
            holder, turn = holders[turn % len(holders)], turn + 1
            tries[holder.name].append(Try(holder.doors[kind], name, attack))
    return tries


def tried(one: Try) -> tuple[str, str, str]:
    return (*one.door.kind[:2], one.name)


def fits(attack: dict[str, object], method: str) -> bool:
    """Beside the nastiest: an address is a name of something, a form's field may be anything."""
    if method == "PATH":
        return str(attack["id"]).startswith("path")
    return not attack.get("alone")


@pytest.fixture
def people():
    """Somebody of each role, and something to read, to decide and to enter."""
    department = factories.make_department()
    series = factories.make_series(department=department)
    target = factories.make_target()
    factories.make_reading(target, series)
    for year in (2018, 2019):
        factories.make_figure(series, year, "97.95")
        factories.make_verdict(target, year, "behind")
    factories.make_figure(series, 2017, "96.00", state="submitted")
    factories.make_round(department.area, 2019, 2020)
    for role in Role:
        user = factories.make_user(role.value)
        own = department if role in DEPARTMENT_ROLES else None
        factories.make_post(user, role, department=own)
    return [role.value for role in Role]


def test_an_outsider_finds_no_way_in(site, people):
    # One address tries to sign in again and again.
    site.more = {"LOGIN_FAILURES_BY_ADDRESS": "10000"}
    site.web()
    visitors = [Visitor(site.url, site.port, name) for name in ("", *people)]
    with ThreadPoolExecutor(AT_ONCE) as at_once:
        list(at_once.map(Visitor.sign_in, visitors))
        list(at_once.map(Visitor.crawl, visitors))
        tries = shared_out(visitors)
        # Administrators come last: what they try may end others' accounts.
        others = [one for one in visitors if one.name not in ADMINISTRATOR_ROLES]
        list(at_once.map(lambda one: one.attack(tries[one.name]), others))
        looking = [one for one in others if one.name in LOOK_LATER]
        list(at_once.map(Visitor.crawl, looking))
    for one in visitors:
        if one not in others:
            one.attack(tries[one.name])
    visitors[-1].crawl()

    # What is there since something was stored.
    began = {tried(each) for found in tries.values() for each in found}
    for one in visitors:
        more = [each for each in shared_out(visitors)[one.name] if tried(each) not in began]
        one.attack(more)
        tries[one.name] += more
    doors = {kind for one in visitors for kind in one.doors}
    fields = {(kind[0], kind[1], name) for kind in doors for name in kind[2]}
    made = [each for one in visitors for each in tries[one.name]]
    met = {tried(each) for each in made if each.name}
    for one in visitors:
        print(f"{one.name or 'nobody'}: {len(tries[one.name])} tries, {dict(one.answers)}")
    print(f"{len(doors)} doors, {len(met)} of {len(fields)} fields met, {len(made)} tries")
    assert [f"{one.name}: {each}" for one in visitors for each in one.findings] == []
    assert met == fields
    seen = sum((one.answers for one in visitors), Counter())
    assert {200, 302, 400, 404, 422} <= seen.keys()
    assert {kind[0] for kind in doors} == {"GET", "POST", "PATH"}
    assert {"username", "next", "value", "reason", "text", "q"} <= {each[2] for each in fields}
    assert len(doors) > 100
    wait_until(lambda: Person(site.url).get("/healthz").status == 200, seconds=5)
