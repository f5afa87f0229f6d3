"""Made data: as many rows as promised, labelled as made, and only in an empty database."""

from collections import Counter
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from indicators.models import Observation, ObservationVersion, Series, TargetReading
from indicators.scale.filling import FILLED
from indicators.scale.places import places
from plans.models import Document, Target
from targets_site.places.models import Area
from tests.factories import make_area


def generate(**options):
    out = StringIO()
    wanted = {"areas": 3, "indicators": 20, "years": "2011-2015", **options}
    arguments = [text for name, value in wanted.items() for text in (f"--{name}", str(value))]
    call_command("generate_scale", *arguments, stdout=out)
    return out.getvalue()


def test_a_nation_has_its_provinces_prefectures_and_counties():
    found = places(3221)

    levels = Counter(place.level for place in found)
    assert levels == {"province": 31, "prefecture": 340, "county": 2850}
    codes = [place.code for place in found]
    assert len(set(codes)) == 3221
    assert all(len(code) == 6 and code.isdigit() for code in codes)
    # Each stands below an area that came before it, whose code begins alike.
    for number, place in enumerate(found):
        above = codes[:number]
        assert place.parent in above if place.parent else place.level == "province"
        assert place.code.startswith(place.parent.rstrip("0")[:4])


@pytest.mark.parametrize("number", [1, 2, 3, 10, 100, 9000])
def test_any_number_of_areas_has_codes_of_its_own(number):
    assert len({place.code for place in places(number)}) == number


@pytest.mark.django_db
def test_every_series_has_two_targets_and_a_figure_of_every_year():
    said = generate()

    assert said == "地区 / areas: 3\n目标 / targets: 120\n数据 / observations: 300\n"
    assert Area.objects.count() == Document.objects.count() == 3
    assert Series.objects.count() == 60
    assert Target.objects.in_force().count() == TargetReading.objects.in_force().count() == 120
    assert set(Target.objects.values_list("target_year", flat=True)) == {2013, 2015}
    by_series = Counter(Observation.objects.values_list("series", flat=True))
    assert set(by_series.values()) == {5}
    assert all(
        cell.in_force_id == cell.working_id == cell.versions.get().pk
        for cell in Observation.objects.all()
    )


@pytest.mark.django_db
def test_all_of_it_passes_the_checks_of_the_forms_and_says_that_it_is_made():
    generate()

    for model in (Area, Document, Series, Target, TargetReading):
        for row in model.objects.all()[:40]:
            row.full_clean(exclude=["indicator"])
    assert not Area.objects.exclude(name_zh__contains="生成").exists()
    assert not Target.objects.exclude(statement_zh__contains="非真实").exists()
    assert not ObservationVersion.objects.exclude(source_title__contains="非真实").exists()


@pytest.mark.django_db
def test_an_area_has_the_same_figures_at_any_size():
    generate(areas=1)
    values = ObservationVersion.objects.order_by("observation").values_list("value", flat=True)
    alone = list(values)
    Observation.objects.update(in_force=None, working=None)
    for model in reversed(FILLED):
        model.objects.all().delete()

    generate(areas=3)

    in_first = values.filter(observation__series__area__code="110000")
    assert list(in_first) == alone


@pytest.mark.django_db
def test_rows_can_be_added_after_it():
    generate()

    assert make_area("990001").pk > 3


@pytest.mark.django_db
def test_a_database_with_rows_is_left_alone():
    make_area()

    with pytest.raises(CommandError, match="not empty"):
        generate()

    assert Area.objects.count() == 1
    assert not Document.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        ["--areas", "0", "--indicators", "1", "--years", "2011-2020"],
        ["--areas", "9001", "--indicators", "1", "--years", "2011-2020"],
        ["--areas", "1", "--indicators", "500", "--years", "2011-2020"],
        ["--areas", "1", "--indicators", "1", "--years", "2020-2011"],
        ["--areas", "1", "--indicators", "1", "--years", "2011"],
        ["--areas", "1", "--indicators", "1"],
    ],
)
def test_wrong_arguments_are_refused(wrong):
    with pytest.raises(CommandError):
        call_command("generate_scale", *wrong)


@pytest.mark.parametrize("years", ["1999-2300", "1900-2020"])
def test_years_beyond_what_is_stored_are_named(years):
    with pytest.raises(CommandError, match="years lie in 1901-2100"):
        generate(years=years)
