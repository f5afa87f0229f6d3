"""The meeting sheet of an area: as a page, and as the file that is handed round."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from reports.forms.goals import GoalForm
from reports.meeting import meeting_paper
from reports.paper.blocks import Paper
from reports.paper.errors import PaperUnavailable
from reports.printing import pdf_of_paper, word_of_paper
from reports.queries.meeting.sheet import goals_of_area, meeting_sheet
from reports.queries.rows import opening_goal
from reports.queries.scopes import area_of_code
from reports.views.paper_files import MEDIA_TYPES, PaperFile, handed_out, why_not
from targets_site.accounts.access import reading_page
from targets_site.places.models import Area
from targets_site.reading.kept import kept_page


@reading_page
@require_safe
@kept_page(GoalForm)
def meeting(request: HttpRequest, code: str) -> HttpResponse:
    return _page(request, *_asked(request, code))


@reading_page
@require_safe
def download(request: HttpRequest, code: str, suffix: str) -> HttpResponse:
    """The file; where there is none just now, the page that says why."""
    if suffix not in MEDIA_TYPES:
        raise Http404(suffix)
    area, goals, form = _asked(request, code)
    goal = _goal(goals, form)
    paper = _paper(area, goal)
    try:
        content = pdf_of_paper(paper) if suffix == "pdf" else word_of_paper(paper)
    except PaperUnavailable as error:
        return _page(request, area, goals, form, unavailable=why_not(error))
    title = f"{paper.title} {goal}"
    return handed_out(PaperFile(content, title, suffix), about=f"meeting:{area.code}:{goal}")


def _asked(request: HttpRequest, code: str) -> tuple[Area, dict[int, int], GoalForm]:
    area = area_of_code(code)
    goals = goals_of_area(area) if area else {}
    if area is None or not goals:
        raise Http404(code)
    return area, goals, GoalForm(request.GET, years=goals)


def _goal(goals: dict[int, int], form: GoalForm) -> int:
    return int(form.chosen("goal") or opening_goal(goals) or 0)


def _paper(area: Area, goal: int) -> Paper:
    return meeting_paper(meeting_sheet(area, goal))


def _page(
    request: HttpRequest,
    area: Area,
    goals: dict[int, int],
    form: GoalForm,
    *,
    unavailable: str = "",
) -> HttpResponse:
    goal = _goal(goals, form)
    paper = _paper(area, goal)
    context = {
        "area": area,
        "goals": goals,
        "goal": goal,
        "paper": paper,
        "problems": [*form.problems(), *([unavailable] if unavailable else [])],
    }
    return render(request, "reports/meeting.html", context, status=503 if unavailable else 200)
