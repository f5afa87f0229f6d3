"""Many people who save at the same time, two to a cell, and who try each figure until they are told
that it was saved."""

import itertools
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.client import HTTPException

from targets_site.accounts.models import Role, User
from tests.factories import make_post
from tests.services.ledger import Ledger
from tests.services.oracle import World
from tests.services.people import Official, Person
from tests.services.servers import Site

YEAR = 2020
CONFLICT = 409
# Seconds between two figures of one person, and before the same one is tried again.
THINKS, TRIES_AGAIN = 0.3, 1.0


@dataclass
class Crowd:
    """People of the world's department, on its first series."""

    people: list[Official]
    _stopped: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)
    # Each figure is another one: a row tells whose it was.
    _figures: "itertools.count[int]" = field(default_factory=lambda: itertools.count(101))

    @classmethod
    def of(cls, world: World, number: int, *, site: Site, ledger: Ledger) -> "Crowd":
        names = [f"official{each:02}" for each in range(number)]
        make_officials(names, world)
        with ThreadPoolExecutor(4) as hands:
            signed_in = list(hands.map(lambda name: Person.signed_in(site.url, name), names))
        series = [one.code for one in world.series.values()]
        return cls(
            [
                Official(person, series[place // 2], ledger, name)
                for place, (name, person) in enumerate(zip(names, signed_in, strict=True))
            ]
        )

    def __enter__(self) -> "Crowd":
        self._threads = [
            threading.Thread(target=self._work, args=(each,), daemon=True) for each in self.people
        ]
        for each in self._threads:
            each.start()
        return self

    def __exit__(self, *_error: object) -> None:
        """Whoever is at a figure ends it first."""
        self._stopped.set()
        for each in self._threads:
            each.join(60)
        assert not any(each.is_alive() for each in self._threads), "somebody waits endlessly"

    def _work(self, official: Official) -> None:
        read = 0
        while not self._stopped.is_set():
            value = self._next_value()
            while official.save(YEAR, value, read_version=read).outcome != "ok":
                if self._stopped.wait(TRIES_AGAIN):
                    return
                read = self._looked(official, read)
            read += 1
            self._stopped.wait(THINKS)

    def _next_value(self) -> str:
        number = next(self._figures)
        return f"{number // 100}.{number % 100:02}"

    @staticmethod
    def _looked(official: Official, read: int) -> int:
        """At the page, as after every failure: what stands there may be somebody else's by now, or
        the own figure, whose answer was lost; then the same is saved again on what was read."""
        last = official.attempts[-1]
        if last.status != CONFLICT:
            return read
        try:
            return official.version_to_read(YEAR)
        except (OSError, HTTPException):
            return read


def make_officials(names: list[str], world: World) -> None:
    """Of the world's department, all with the password of its official: hashing takes a second."""
    for name in names:
        user = User.objects.create(username=name, password=world.official.password)
        make_post(user, Role.OFFICIAL, department=world.department)
