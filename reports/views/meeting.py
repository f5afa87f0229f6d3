"""The meeting sheet of an area: as a page, and as the file that is handed round."""

from contextlib import nullcontext
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from reports.forms.goals import GoalForm, SeenFromForm
from reports.meeting import meeting_paper
from reports.paper.blocks import Paper
from reports.paper.errors import PaperUnavailable
from reports.printing import pdf_of_paper, word_of_paper
from reports.queries.meeting.sheet import Goal, goals_of_area, meeting_sheet
from reports.queries.rows import opening_goal
from reports.queries.scopes import area_of_code
from reports.views.paper_files import MEDIA_TYPES, PaperFile, handed_out, why_not
from targets_site.accounts.access import reading_page
from targets_site.places.models import Area
from targets_site.reading.back import file_knows_day
from targets_site.reading.kept import kept_page
from targets_site.reading.then import then_of


@dataclass(frozen=True)
class Asked:
    """Which sheet: of an area, for one of its goal years, as seen from a year."""

    area: Area
    goals: dict[int, Goal]
    goal: Goal
    as_of: int
    problems: tuple[str, ...]

    @property
    def paper(self) -> Paper:
        return meeting_paper(meeting_sheet(self.area, self.goal.year, self.as_of))


@reading_page
@require_safe
@kept_page(GoalForm, SeenFromForm)
def meeting(request: HttpRequest, code: str) -> HttpResponse:
    return _page(request, _asked(request, code))


@reading_page
@require_safe
@file_knows_day
def download(request: HttpRequest, code: str, suffix: str) -> HttpResponse:
    """The file; where there is none just now, the page that says why."""
    if suffix not in MEDIA_TYPES:
        raise Http404(suffix)
    then = then_of(request)
    with then.standing() if then else nullcontext():
        asked = _asked(request, code)
        paper = asked.paper
    try:
        content = pdf_of_paper(paper) if suffix == "pdf" else word_of_paper(paper)
    except PaperUnavailable as error:
        return _page(request, asked, unavailable=why_not(error))
    title = f"{paper.title} {asked.goal.year}" + (f" {then.text}" if then else "")
    about = f"meeting:{asked.area.code}:{asked.goal.year}:{asked.as_of}"
    said = {"at": then.text} if then else {}
    return handed_out(PaperFile(content, title, suffix), about=about, said=said)


def _asked(request: HttpRequest, code: str) -> Asked:
    area = area_of_code(code)
    goals = {goal.year: goal for goal in goals_of_area(area)} if area else {}
    if area is None or not goals:
        raise Http404(code)
    form = GoalForm(request.GET, years=goals)
    computed = {year: goal.computed for year, goal in goals.items()}
    # There is one, since there are goals.
    goal = goals[form.chosen("goal") or opening_goal(computed) or 0]
    seen = SeenFromForm(request.GET, years=goal.years)
    as_of = seen.chosen("as_of") or goal.years[-1]
    return Asked(area, goals, goal, as_of, (*form.problems(), *seen.problems()))


def _page(request: HttpRequest, asked: Asked, *, unavailable: str = "") -> HttpResponse:
    context = {
        "asked": asked,
        "area": asked.area,
        "counts": {year: goal.computed for year, goal in asked.goals.items()},
        "stay": f"?goal={asked.goal.year}&as_of={asked.as_of}",
        "paper": asked.paper,
        "problems": [*asked.problems, *([unavailable] if unavailable else [])],
    }
    return render(request, "reports/meeting.html", context, status=503 if unavailable else 200)
