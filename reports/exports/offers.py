"""A file as the page of exports offers it."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.http import urlencode

from reports.exports import TABLES
from reports.exports.asked import BUNDLE, Asked
from reports.exports.counting import Counted, counted, is_large, preview
from reports.exports.rights import permitted
from reports.exports.standing import standing
from reports.exports.tables import Table
from targets_site.accounts.models import User


@dataclass(frozen=True)
class Offer:
    """One file as the page offers it. tables: what it holds; number: of its rows; first: those at
    its start, as the file has them; is_large: a job writes it."""

    asked: Asked
    tables: list[Table]
    number: Counted
    first: list[list[str]]
    is_large: bool

    @property
    def rows(self) -> int:
        return self.number.number

    @property
    def table(self) -> Table:
        return self.tables[0]

    @property
    def is_bundle(self) -> bool:
        return self.asked.table == BUNDLE

    @property
    def address(self) -> str:
        return address_of(self.asked)

    @property
    def parameters(self) -> dict[str, str]:
        """What the form that asks for a job sends."""
        return self.asked.parameters


def offer_of(asked: Asked, by: User | None) -> Offer:
    """Raises NotAllowed where the table is not for the person."""
    with standing(asked.at):
        number = counted(asked, by)
        return Offer(
            asked=asked,
            tables=[TABLES[name] for name in permitted(asked.tables, by)],
            number=number,
            first=preview(asked, by),
            is_large=is_large(asked, number),
        )


def address_of(asked: Asked) -> str:
    address = reverse("reports:export_as", args=[asked.table, asked.format])
    return f"{address}?{urlencode(asked.query)}" if asked.query else address
