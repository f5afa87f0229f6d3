"""The sheet of people who get accounts: read whole, or refused whole with line and column."""

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

from django.utils.translation import gettext as _

from targets_site.accounts.actions.accounts import WantedAccount, taken_names
from targets_site.accounts.actions.posts import WantedPost, overlap
from targets_site.accounts.cells import (
    AREA_CODE_DIGITS,
    Places,
    Read,
    places_of,
    read_email,
    read_person,
    read_post,
)
from targets_site.accounts.models import exclude_each_other
from targets_site.sheets import Line, Note, Problem, RefusedFile, Table, read_table

COLUMNS = {
    "username": ("用户名", "username", "User name"),
    "full_name": ("姓名", "full_name", "Full name"),
    "role": ("岗位", "role", "Post"),
    "area_code": ("地区代码", "area_code", "Area code"),
    "department": ("部门", "department", "Department"),
    "from_date": ("起始日期", "from_date", "First day"),
    "to_date": ("截止日期", "to_date", "Last day"),
    "email": ("电子邮箱", "email", "E-mail address"),
}
REQUIRED = ("username", "full_name", "role", "area_code")
# Numbers in these have lost their leading zeros, but for those with all their digits.
CODES = ("username", "area_code")
CODE_LENGTHS = {"area_code": AREA_CODE_DIGITS}
MOST_LINES = 1000


@dataclass(frozen=True)
class SheetLine:
    """One line understood: a person, and a post asked for; a person may have several lines, of
    which one at least gives the address where there is one."""

    number: int
    username: str
    full_name: str
    email: str
    post: WantedPost
    notes: tuple[Note, ...]


@dataclass(frozen=True)
class AccountSheet:
    """A sheet that can be carried out as it stands; its lines in the order of the file."""

    name: str
    sha256: str
    encoding: str
    lines: tuple[SheetLine, ...]

    @property
    def wanted(self) -> list[WantedAccount]:
        """The accounts in the order in which the sheet first names them."""
        of_person: dict[tuple[str, str], list[SheetLine]] = {}
        for line in self.lines:
            of_person.setdefault((line.username, line.full_name), []).append(line)
        return [
            WantedAccount(
                username,
                full_name,
                posts=tuple(line.post for line in lines),
                email=next((line.email for line in lines if line.email), ""),
            )
            for (username, full_name), lines in of_person.items()
        ]

    @property
    def digest(self) -> str:
        """SHA-256 of what the sheet would make: the same while the preview is still right."""
        made = [
            (
                line.username,
                line.full_name,
                line.email,
                line.post.role.value,
                line.post.area.code,
                line.post.department and line.post.department.code,
                line.post.from_date.isoformat(),
                line.post.to_date and line.post.to_date.isoformat(),
            )
            for line in self.lines
        ]
        return hashlib.sha256(repr(made).encode()).hexdigest()


def read_account_sheet(content: bytes, *, name: str) -> AccountSheet:
    """What the sheet asks for. name: as uploaded, which says the format.

    Raises RefusedFile with every line that is wrong: not to be understood, a name that is taken,
    or posts that nobody holds at the same time.
    """
    table = read_table(
        BytesIO(content),
        name=name,
        columns=COLUMNS,
        required=REQUIRED,
        text_columns=CODES,
        code_lengths=CODE_LENGTHS,
        units=(),
        max_rows=MOST_LINES,
    )
    lines = list(table.lines)
    if not lines:
        raise RefusedFile([Problem(None, "", _("The sheet names nobody: it has no lines."))])
    return AccountSheet(
        name=name,
        sha256=hashlib.sha256(content).hexdigest(),
        encoding=table.encoding,
        lines=_understood(lines, table),
    )


def _understood(lines: Sequence[Line], table: Table) -> tuple[SheetLine, ...]:
    places = places_of(line.cells for line in lines)
    taken = taken_names(line.cells.get("username", "").strip().lower() for line in lines)
    understood: list[SheetLine] = []
    problems: list[Problem] = []
    of_person: defaultdict[str, list[SheetLine]] = defaultdict(list)
    for line in lines:
        read = Read(line.cells)
        found = _read_line(line, read, places, taken=taken)
        if found is not None:
            _compare(found, read, of_person[found.username])
            of_person[found.username].append(found)
            understood.append(found)
        problems += [
            Problem(line.number, table.headings.get(key, COLUMNS[key][0]), message)
            for column in COLUMNS
            for key, message in read.problems
            if key == column
        ]
    if problems:
        raise RefusedFile(problems)
    return tuple(understood)


def _read_line(line: Line, read: Read, places: Places, *, taken: set[str]) -> SheetLine | None:
    username, full_name = read_person(read)
    email = read_email(read)
    if username in taken:
        read.refuse("username", _("An account has this name already."))
    post = read_post(read, places)
    if post is None or read.problems:
        return None
    return SheetLine(line.number, username, full_name, email, post, line.notes)


def _compare(line: SheetLine, read: Read, others: Sequence[SheetLine]) -> None:
    """Refuse what contradicts an earlier line of the same person."""
    for other in others:
        words = {"line": other.number, "held": other.post.role.label}
        if other.full_name != line.full_name:
            read.refuse("full_name", _("Line %(line)s names somebody else for it.") % words)
        elif other.email and line.email and other.email != line.email:
            read.refuse("email", _("Line %(line)s gives another address for the person.") % words)
        elif not overlap(line.post, other.post):
            continue
        elif _place(line.post) == _place(other.post):
            read.refuse("role", _("Line %(line)s asks for the same post.") % words)
        elif exclude_each_other(line.post.role, other.post.role):
            message = _("Nobody holds this and “%(held)s” (line %(line)s) at the same time.")
            read.refuse("role", message % words)


def _place(post: WantedPost) -> tuple[str, int, int | None]:
    return post.role, post.area.pk, post.department.pk if post.department else None
