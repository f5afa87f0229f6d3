"""A report moved to a stage, its page, and its Word file as somebody edited it."""

from io import BytesIO

import docx

from reports.actions.stages import move_on
from reports.models import Report
from targets_site.accounts.models import User
from tests.factories import make_reviewer
from tests.reports.drafted import YEAR

PAGE = f"/report/990000/{YEAR}/"


def at_stage(report: Report, stage: str, *, by) -> Report:
    """Moved by one person, and issued by another."""
    while report.stage != stage:
        mover = second_reviewer(report.area) if report.stage == "approval" else by
        report = move_on(report=report, version=report.version, by=mover, confirmed=True)
    return report


def second_reviewer(area):
    return User.objects.filter(username="second").first() or make_reviewer("second", area)


def edited_word(client, address: str = f"{PAGE}report.docx", *, words: str) -> BytesIO:
    """The Word file as it is downloaded, with one more paragraph."""
    document = docx.Document(BytesIO(client.get(address).content))
    document.add_paragraph(words)
    saved = BytesIO()
    document.save(saved)
    saved.seek(0)
    saved.name = "修改稿.docx"
    return saved
