"""The pages on which officials see what is to do and enter the figures of a round."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from indicators.actions import entry as actions
from indicators.actions.workflow import Locked, StaleVersion, WrongState
from indicators.forms.figures import FigureForm, ToSubmitForm
from indicators.models import ObservationVersion, Round
from indicators.queries.entry import grid_of
from indicators.queries.own_tasks import own_tasks
from indicators.queries.questions import waiting_questions
from indicators.question_words import said
from indicators.views.shared import found, not_entered, person, record_denial
from targets_site.accounts.access import NotAllowed, held_by


@require_safe
def tasks(request: HttpRequest) -> HttpResponse:
    """What is due, late, returned and done."""
    user = person(request)
    return render(
        request,
        "indicators/entry.html",
        {
            "tasks": own_tasks(user, moment=timezone.now()),
            "questions": [said(each) for each in waiting_questions(user)],
            "now": timezone.now(),
        },
    )


@require_safe
def grid(request: HttpRequest, round_id: int) -> HttpResponse:
    """The person's series of a round as rows, its years as columns."""
    if not held_by(person(request)).entered:
        return not_entered(request, about=f"round:{round_id}")
    return _grid_page(request, _round(request, round_id))


@require_POST
def submit_many(request: HttpRequest, round_id: int) -> HttpResponse:
    """Send the chosen drafts on, each by itself; says by name which went and what others lack."""
    if not held_by(person(request)).entered:
        return not_entered(request, about=f"round:{round_id}")
    one = _round(request, round_id)
    form = ToSubmitForm(request.POST)
    if not form.is_valid():
        messages.warning(request, _("Choose at least one saved figure to submit."))
        return redirect("indicators:grid", one.pk)
    if form.sourced:
        messages.info(request, _sourced(form.sourced))
    chosen = _chosen(request, one, form.ids)
    if len(chosen) < len(set(form.ids)):
        record_denial(request, about=f"round:{one.pk}", why="not readable")
        if not chosen:
            raise Http404
    sent, kept = [], []
    for version in chosen:
        why = _why_not_sent(request, version)
        if why:
            kept.append((version, why))
        else:
            sent.append(version)
    if kept or not sent:
        return _grid_page(request, one, sent=sent, kept=kept, status=422)
    messages.success(request, _("Submitted: %(figures)s.") % {"figures": _named(sent)})
    return redirect("indicators:grid", one.pk)


def _round(request: HttpRequest, round_id: int) -> Round:
    """A round of an area where the person enters figures; else 404."""
    entered = held_by(person(request)).entered
    own = Round.objects.filter(area__departments__in=entered).distinct()
    return found(request, own.select_related("area").prefetch_related("year_rows"), pk=round_id)


def _chosen(request: HttpRequest, one: Round, ids: list[int]) -> list[ObservationVersion]:
    """Those of the round that the person may read, by series and year."""
    versions = ObservationVersion.objects.readable_by(person(request)).filter(
        pk__in=ids, observation__series__area=one.area_id, observation__year__in=one.years
    )
    related = versions.select_related("observation__series__area", "observation__series__indicator")
    return list(related.order_by("observation__series__code", "observation__year"))


def _why_not_sent(request: HttpRequest, version: ObservationVersion) -> list[str]:
    """Send it on; what stood in the way, nothing where it went."""
    about = version.observation.about
    try:
        actions.submit(version=version, by=person(request))
    except ValidationError as error:
        return list(dict.fromkeys(error.messages))
    except StaleVersion:
        record_denial(request, about=about, why="stale")
        return [_("A newer version was saved meanwhile; look at it first.")]
    except WrongState as wrong:
        record_denial(request, about=about, why="state")
        return [_("It is no draft any more: %(state)s.") % {"state": _state(wrong)}]
    except Locked:
        record_denial(request, about=about, why="closed")
        return [_("No round asks for this year now.")]
    except NotAllowed as refused:
        record_denial(request, about=about)
        return [str(refused)]
    return []


def _sourced(number: int) -> str:
    said = ngettext(
        "The common source was filled into %(number)s figure.",
        "The common source was filled into %(number)s figures.",
        number,
    )
    return said % {"number": number}


def _state(wrong: WrongState) -> str:
    return str(wrong.version.get_state_display())


def _named(versions: list[ObservationVersion]) -> str:
    cells = [version.observation for version in versions]
    return _(", ").join(f"{cell.series.indicator.name} {cell.year}" for cell in cells)


def _grid_page(
    request: HttpRequest,
    one: Round,
    *,
    sent: list[ObservationVersion] | None = None,
    kept: list[tuple[ObservationVersion, list[str]]] | None = None,
    status: int = 200,
) -> HttpResponse:
    """sent, kept: what came of submitting, each kept one with what it lacks."""
    shown = grid_of(one, user=person(request))
    return render(
        request,
        "indicators/entry_grid.html",
        {
            "grid": shown,
            "round": one,
            "now": timezone.now(),
            "form": FigureForm.blank(by=person(request)),
            "sent": sent or [],
            "kept": kept or [],
        },
        status=status,
    )
