"""What people type for accounts and posts, understood or refused: one reading for the forms and
for the sheets, whose columns have the names of the fields."""

import datetime
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from targets_site.accounts.actions.posts import WantedPost
from targets_site.accounts.models import Role, User
from targets_site.accounts.validators import validate_email_address, validate_username
from targets_site.places.models import Area, Department
from targets_site.typed_text import TYPED_AS, TextKind, clean_text, strip_ends

LABELS = {
    "username": gettext_lazy("User name"),
    "full_name": gettext_lazy("Full name"),
    "role": gettext_lazy("Post"),
    "area_code": gettext_lazy("Area code"),
    "department": gettext_lazy("Department"),
    "from_date": gettext_lazy("First day"),
    "to_date": gettext_lazy("Last day"),
    "email": gettext_lazy("E-mail address"),
}
LONGEST_NAME = 60
LONGEST_EMAIL = 254
AREA_CODE_DIGITS = 6  # GB/T 2260
POST_KEYS = ("role", "area_code", "department", "from_date", "to_date")
DAY = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?")

Cells = Mapping[str, str]


class CellProblem(NamedTuple):
    """What is wrong with a cell; `key` is one of LABELS."""

    key: str
    message: str


@dataclass(frozen=True)
class Places:
    """Areas by code, and their departments, read at once for many lines."""

    areas: Mapping[str, Area]
    departments: Mapping[int, list[Department]]


@dataclass
class Read:
    """A line on its way: what is wrong with it so far."""

    cells: Cells
    problems: list[CellProblem] = field(default_factory=list)

    def text(self, key: str, *, longest: int = LONGEST_NAME) -> str:
        """The cell as text; empty, with a problem, where it cannot be text."""
        try:
            return clean_text(
                self.cells.get(key), kind=TextKind.NAME, longest=longest, label=str(LABELS[key])
            ).value
        except ValidationError as error:
            self.refuse(key, *error.messages)
            return ""

    def required(self, key: str) -> str:
        text = self.text(key)
        if not text and not self.has_problem(key):
            self.refuse(key, _("“%(field)s” is missing.") % {"field": LABELS[key]})
        return text

    def refuse(self, key: str, *messages: str) -> None:
        self.problems += [CellProblem(key, message) for message in messages]

    def has_problem(self, key: str) -> bool:
        return any(problem.key == key for problem in self.problems)


def places_of(lines: Iterable[Cells]) -> Places:
    """The areas that the lines name, with their departments; two queries."""
    codes = {_digits(line.get("area_code") or "") for line in lines}
    named = [code for code in codes if re.fullmatch(f"[0-9]{{{AREA_CODE_DIGITS}}}", code)]
    areas = {area.code: area for area in Area.objects.filter(code__in=named)}
    departments = defaultdict(list)
    of_areas = Department.objects.filter(area__in=areas.values()).select_related("successor")
    for department in of_areas:
        departments[department.area_id].append(department)
    return Places(areas, departments)


def read_person(read: Read) -> tuple[str, str]:
    """User name and full name, either empty where something is wrong with it."""
    username, full_name = read.required("username"), read.required("full_name")
    if username:
        try:
            validate_username(username)
        except ValidationError as error:
            read.refuse("username", *error.messages)
    return username, full_name


def read_email(read: Read) -> str:
    """Where notices go, its domain in small letters; empty where none is given, or, with a
    problem, where it is none."""
    address = read.text("email", longest=LONGEST_EMAIL)
    if not address:
        return ""
    try:
        validate_email_address(address)
    except ValidationError as error:
        read.refuse("email", *error.messages)
        return ""
    return User.objects.normalize_email(address)


def read_post(read: Read, places: Places) -> WantedPost | None:
    """The post of a line; None, with problems, where it is none."""
    role, area = _role(read), _area(read, places)
    department = _department(read, places, area)
    from_date = _day(read, "from_date") or timezone.localdate()
    to_date = _day(read, "to_date")
    if role is None or area is None or any(read.has_problem(key) for key in POST_KEYS):
        return None
    wanted = WantedPost(role, area, department, from_date, to_date)
    for key, message in wanted.problems():
        read.refuse(key, message)
    return wanted


def role_words() -> dict[str, Role]:
    """Every word for a role, in small letters: of each language, and the code."""
    words = {role.value: role for role in Role}
    for language, _name in settings.LANGUAGES:
        with override(language):
            words |= {str(role.label).casefold(): role for role in Role}
    return words


def is_over(place: Area | Department) -> bool:
    """Whether it no longer exists."""
    return place.to_year is not None and place.to_year < timezone.localdate().year


def _digits(text: str) -> str:
    return strip_ends(text).translate(TYPED_AS)


def _role(read: Read) -> Role | None:
    text = read.required("role")
    role = role_words().get(text.casefold())
    if text and role is None:
        words = {"word": text, "known": " / ".join(str(each.label) for each in Role)}
        read.refuse("role", _("“%(word)s” is no post; posts are: %(known)s.") % words)
    return role


def _area(read: Read, places: Places) -> Area | None:
    text = _digits(read.required("area_code"))
    area = places.areas.get(text)
    if text and area is None:
        read.refuse("area_code", _("There is no area with the code “%(code)s”.") % {"code": text})
    if area is not None and is_over(area):
        read.refuse("area_code", _("The area %(area)s no longer exists.") % {"area": area.name})
    return area


def _department(read: Read, places: Places, area: Area | None) -> Department | None:
    text = read.text("department", longest=120)
    if not text or area is None:
        return None
    found = _named(text, places.departments.get(area.pk, []))
    if found is None:
        message = _("%(area)s has no department “%(name)s”.")
        read.refuse("department", message % {"area": area.name, "name": text})
    elif is_over(found):
        read.refuse("department", _over_in_words(found))
    return found


def _named(text: str, departments: Collection[Department]) -> Department | None:
    names = {each.name_en.casefold(): each for each in departments}
    names |= {each.code: each for each in departments}
    names |= {each.name_zh: each for each in departments}
    return names.get(text) or names.get(text.casefold())


def _over_in_words(department: Department) -> str:
    words = {"name": department.name, "year": department.to_year}
    if department.successor is None:
        return _("“%(name)s” existed until %(year)s.") % words
    words["successor"] = department.successor.name
    return _("“%(name)s” existed until %(year)s; today it is “%(successor)s”.") % words


def _day(read: Read, key: str) -> datetime.date | None:
    """2026-03-01, 2026/3/1, 2026.3.1 or 2026年3月1日."""
    text = read.text(key)
    if not text:
        return None
    match = DAY.fullmatch(text.translate(TYPED_AS))
    try:
        if match:
            return datetime.date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        pass
    message = _("“%(field)s” is no day; write it like 2026-03-01.")
    read.refuse(key, message % {"field": LABELS[key]})
    return None
