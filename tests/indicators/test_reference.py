"""The door for reference data: our own folder, a fifth province, and everything that is refused."""

import re
import shutil
from pathlib import Path

import pytest
import yaml
from django.conf import settings

from indicators.models import (
    Indicator,
    Observation,
    ObservationVersion,
    StaleRow,
    TargetReading,
    VerdictTally,
)
from indicators.reference.load import load_reference
from indicators.reference.problems import RefusedReference
from plans.models import Target
from targets_site.audit.models import Entry
from targets_site.places.models import Area
from tests.factories import make_figure, make_user

pytestmark = pytest.mark.django_db
FIXTURES = settings.BASE_DIR / "fixtures"

FIFTH = {
    "areas.yaml": [
        {"code": "450000", "level": "province", "name_zh": "某自治区", "name_en": "Fifth"}
    ],
    "domains.yaml": [{"code": "product", "name_zh": "产品质量", "name_en": "Products"}],
    "departments.yaml": [
        {"code": "450000-nyt", "area": "450000", "name_zh": "省农业厅", "name_en": "Agriculture"}
    ],
    "documents.yaml": [
        {
            "slug": "fifth-2016",
            "area": "450000",
            "title_zh": "某省质量发展纲要",
            "title_en": "Outline",
            "start_year": "2016",
            "end_year": "2020",
        }
    ],
    "indicators.yaml": [
        {
            "code": "pass-rate",
            "name_zh": "抽检合格率",
            "name_en": "Pass rate",
            "unit": "%",
            "decimals": "2",
            "smallest": "0",
            "largest": "100",
        }
    ],
    "series.yaml": [{"area": "450000", "indicator": "pass-rate"}],
    "targets/fifth-2016.yaml": [
        {
            "code": "fifth-2016-001",
            "domain": "product",
            "statement_zh": "抽检合格率达到98%以上",
            "statement_en": "Pass rate of at least 98%",
            "stated": "达到98%以上",
            "locator": "一、目标",
            "kind": "reach",
            "comparator": "ge",
            "value": "98.0",
            "unit": "%",
            "target_year": "2020",
            "lead": ["省农业厅"],
        }
    ],
    "readings/fifth-2016.yaml": [
        {"target": "fifth-2016-001", "series": "450000.pass-rate.all", "note_zh": "同一指标"}
    ],
    "observations/bulletin.yaml": [
        {
            "series": "450000.pass-rate.all",
            "year": "2020",
            "value": "97.50",
            "source_title": "统计公报",
            "source_grade": "official",
        }
    ],
}


@pytest.fixture
def fifth(tmp_path):
    """A folder with a fifth province; `change` rewrites one file of it."""

    def change(name, entries):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(yaml.safe_dump(entries, allow_unicode=True), encoding="utf-8")

    for name, entries in FIFTH.items():
        change(name, entries)
    return Folder(tmp_path, change)


class Folder:
    def __init__(self, path, change):
        self.path, self.change = path, change

    def change_entry(self, name, **values):
        """The first entry of a file with other values; None takes a key away."""
        entry = {**FIFTH[name][0], **values}
        self.change(name, [{key: value for key, value in entry.items() if value is not None}])


def test_our_own_folder_loads_once_and_then_changes_nothing():
    first = load_reference(FIXTURES)
    Entry.objects.all().delete()  # or the digest alone would answer
    again = load_reference(FIXTURES)

    assert first["areas"] == 4
    assert first["documents"] == 5
    assert first["targets"] == len(Target.objects.in_force())
    assert again == {}


def test_every_target_with_a_figure_is_read():
    load_reference(FIXTURES)

    unread = (
        Target.objects.in_force()
        .exclude(kind="text")
        .exclude(pk__in=TargetReading.objects.in_force().values("target"))
    )

    assert list(unread) == []


def test_a_fifth_province_needs_no_code(fifth):
    load_reference(FIXTURES)

    changed = load_reference(fifth.path)

    assert changed["targets"] == 1
    version = Observation.objects.get(series__area__code="450000").in_force
    assert version.value_as_stated == "97.50"
    assert version.state == "approved"
    assert Target.objects.get(code="fifth-2016-001").value_as_stated == "98.0"


def test_a_load_is_one_trail_entry_and_leaves_work_to_do(fifth):
    load_reference(fifth.path)

    entry = Entry.objects.get()

    assert entry.action == "load_reference"
    assert entry.actor == "reference"
    assert entry.after["changed"]["observations"] == 1
    assert StaleRow.objects.exists()


@pytest.mark.parametrize(
    ("file", "values", "field"),
    [
        ("targets/fifth-2016.yaml", {"kind": "wish"}, "kind"),
        ("targets/fifth-2016.yaml", {"value": "98%"}, "value"),
        ("targets/fifth-2016.yaml", {"value": "NaN"}, "value"),
        ("targets/fifth-2016.yaml", {"value": None}, "kind, value"),
        ("targets/fifth-2016.yaml", {"unit": None}, "unit"),
        ("targets/fifth-2016.yaml", {"stated": None}, "stated"),
        ("targets/fifth-2016.yaml", {"colour": "green"}, "colour"),
        ("targets/fifth-2016.yaml", {"code": "other-001"}, "code"),
        ("targets/fifth-2016.yaml", {"code": "fifth-2016-x"}, "code"),
        ("targets/fifth-2016.yaml", {"domain": "magic"}, "domain"),
        ("targets/fifth-2016.yaml", {"lead": ["省无此厅"]}, "lead"),
        ("targets/fifth-2016.yaml", {"lead": "省农业厅"}, "lead"),
        ("targets/fifth-2016.yaml", {"replaces": ["no-such-001"]}, "replaces"),
        ("targets/fifth-2016.yaml", {"target_year": "2009"}, "target_year"),
        ("targets/fifth-2016.yaml", {"target_year": "two"}, "target_year"),
        ("readings/fifth-2016.yaml", {"series": "450000.other.all"}, "series"),
        ("readings/fifth-2016.yaml", {"target": "fifth-2016-009"}, "target"),
        ("readings/fifth-2016.yaml", {"baseline_year": "2015"}, "baseline_value"),
        ("readings/fifth-2016.yaml", {"tolerance": "1"}, "tolerance"),
        ("indicators.yaml", {"unit": "个"}, "series"),
        ("series.yaml", {"area": "999999"}, "area"),
        ("areas.yaml", {"code": "45000"}, "code"),
        ("observations/bulletin.yaml", {"value": "100.5"}, "value"),
        ("observations/bulletin.yaml", {"value": "97.505"}, "value"),
        ("observations/bulletin.yaml", {"bound": "roughly"}, "bound"),
        ("observations/bulletin.yaml", {"obs_status": "Z"}, "obs_status"),
        ("observations/bulletin.yaml", {"missing_reason": "未统计"}, "value, missing_reason"),
        ("observations/bulletin.yaml", {"source_title": None}, "source_title"),
        ("observations/bulletin.yaml", {"published_on": "yesterday"}, "published_on"),
        ("documents.yaml", {"end_year": "2012"}, "start_year, end_year"),
        ("targets/fifth-2016.yaml", {"value": "９８"}, "value"),
        ("targets/fifth-2016.yaml", {"kind": "monotone", "comparator": "about"},
         "kind, comparator"),
        ("targets/fifth-2016.yaml", {"replaces": ["fifth-2016-001"]}, "replaces"),
        ("targets/fifth-2016.yaml", {"lead": ["省农业厅", "省农业厅"]}, "lead"),
        ("targets/fifth-2016.yaml", {"stated": "达到\0"}, "stated"),
        ("readings/fifth-2016.yaml", {"hold_from": "2017"}, "hold_from"),
        ("readings/fifth-2016.yaml", {"baseline_year": "2021", "baseline_value": "90"},
         "baseline_year"),
        ("indicators.yaml", {"decimals": "7"}, "decimals"),
        ("indicators.yaml", {"smallest": "101"}, "smallest, largest"),
        ("series.yaml", {"frequency": "0"}, "frequency"),
        ("areas.yaml", {"parent": "450000"}, "parent"),
        ("observations/bulletin.yaml", {"numerator": "9"}, "denominator"),
        ("observations/bulletin.yaml", {"numerator": "9", "denominator": "0"}, "denominator"),
        ("observations/bulletin.yaml", {"obs_status": "M"}, "obs_status"),
    ],
)  # fmt: skip
def test_a_wrong_entry_refuses_the_whole_folder(fifth, file, values, field):
    fifth.change_entry(file, **values)

    with pytest.raises(RefusedReference) as refused:
        load_reference(fifth.path)

    assert field in {problem.field for problem in refused.value.problems}
    assert not Area.objects.exists()
    assert not Entry.objects.exists()


def test_a_refusal_names_file_entry_and_field_in_both_languages(fifth):
    fifth.change_entry("targets/fifth-2016.yaml", value="98%")

    with pytest.raises(RefusedReference) as refused:
        load_reference(fifth.path)

    said = str(refused.value)
    assert said.startswith("targets/fifth-2016.yaml › #1 fifth-2016-001 › value: ")
    assert "Write a plain figure" in said
    assert "请填写普通数字" in said


def test_two_entries_of_one_key_are_refused(fifth):
    fifth.change("observations/bulletin.yaml", FIFTH["observations/bulletin.yaml"] * 2)

    with pytest.raises(RefusedReference, match="bulletin"):
        load_reference(fifth.path)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("areas.yaml", "- code: '1'\n  code: '2'\n"),
        ("areas.yaml", "code: '1'\n"),
        ("areas.yaml", "- just text\n"),
        ("areas.yaml", "- {code: '1'\n"),
        ("areas.yaml", b"- code: \xff\xfe\n"),
        ("notes.txt", "hello"),
        ("targets.yaml", "[]"),
    ],
)
def test_an_unreadable_file_is_named_in_both_languages(fifth, name, text):
    path = fifth.path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())

    with pytest.raises(RefusedReference) as refused:
        load_reference(fifth.path)

    assert {problem.file for problem in refused.value.problems} == {name}
    assert " / " in str(refused.value)


def test_a_key_that_is_taken_out_is_emptied(fifth):
    load_reference(fifth.path)
    fifth.change_entry("indicators.yaml", largest=None)

    changed = load_reference(fifth.path)

    assert changed == {"indicators": 1}
    assert Indicator.objects.get().largest is None


def test_the_unit_of_an_indicator_in_use_stays(fifth, tmp_path):
    load_reference(fifth.path)
    foreign = tmp_path / "foreign"
    foreign.mkdir()
    entry = {**FIFTH["indicators.yaml"][0], "unit": "件"}
    (foreign / "indicators.yaml").write_text(yaml.safe_dump([entry], allow_unicode=True))

    with pytest.raises(RefusedReference):
        load_reference(foreign)


def test_a_target_may_restate_one_that_stands_after_it(fifth):
    first = {**FIFTH["targets/fifth-2016.yaml"][0], "replaces": ["fifth-2016-002"]}
    second = {**FIFTH["targets/fifth-2016.yaml"][0], "code": "fifth-2016-002",
              "replaces": ["fifth-2016-003"]}  # fmt: skip
    third = {**FIFTH["targets/fifth-2016.yaml"][0], "code": "fifth-2016-003"}
    fifth.change("targets/fifth-2016.yaml", [first, second, third])

    load_reference(fifth.path)

    restated = Target.objects.in_force().values_list("code", "replaces__code")
    assert set(restated) == {
        ("fifth-2016-001", "fifth-2016-002"),
        ("fifth-2016-002", "fifth-2016-003"),
        ("fifth-2016-003", None),
    }


def test_a_folder_that_is_not_there_is_refused():
    with pytest.raises(RefusedReference):
        load_reference(Path("no-such-folder"))


def test_a_changed_target_supersedes_the_old_one_and_keeps_its_reading(fifth):
    load_reference(fifth.path)
    fifth.change_entry("targets/fifth-2016.yaml", value="97.5")

    changed = load_reference(fifth.path)

    assert changed == {"targets": 1}
    old, new = Target.objects.filter(code="fifth-2016-001").order_by("pk")
    assert (old.value_as_stated, new.value_as_stated) == ("98.0", "97.5")
    assert old.superseded_at is not None
    assert TargetReading.objects.in_force().get().target == new


def test_a_changed_figure_becomes_a_new_version(fifth):
    load_reference(fifth.path)
    fifth.change_entry("observations/bulletin.yaml", value="97.6")

    load_reference(fifth.path)

    versions = ObservationVersion.objects.order_by("number")
    assert [version.value_as_stated for version in versions] == ["97.50", "97.6"]
    assert Observation.objects.get().in_force == versions[1]
    told = Entry.objects.filter(action="load_reference").latest("seq")
    cell = f"{versions[1].observation.series.code}:{versions[1].observation.year}"
    assert told.before == {"figures": {cell: "97.50"}}
    assert told.after["figures"] == {cell: "97.6"}
    assert told.after["sha256"] in versions[1].correction_reason
    assert versions[0].correction_reason == ""


def test_what_people_corrected_is_never_overwritten(fifth):
    load_reference(fifth.path)
    series = Observation.objects.get().series
    make_figure(series, 2020, "97.7", entered_by=make_user())

    assert load_reference(fifth.path) == {}
    fifth.change_entry("observations/bulletin.yaml", value="97.6")
    with pytest.raises(RefusedReference, match="corrected"):
        load_reference(fifth.path)

    assert Observation.objects.get().in_force.value_as_stated == "97.7"


def test_the_worked_example_of_the_manual_loads(tmp_path):
    """fixtures/README.md shows a fifth province; what it shows must load as it stands."""
    load_reference(FIXTURES)
    manual = (FIXTURES / "README.md").read_text(encoding="utf-8")
    shown = re.findall(r"^`([a-z/0-9-]+\.yaml)`[^\n]*\n\n```yaml\n(.*?)^```", manual, re.M | re.S)
    for name, text in shown:
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True, parents=True)
        path.write_text(text, encoding="utf-8")

    changed = load_reference(tmp_path)

    assert changed["documents"] == 1
    assert changed["targets"] == 2


def test_our_folder_stays_readable_as_plain_yaml():
    for path in FIXTURES.rglob("*.yaml"):
        assert isinstance(yaml.safe_load(path.read_text(encoding="utf-8")), list), path


def test_a_copied_folder_is_the_same_folder(tmp_path):
    load_reference(FIXTURES)
    shutil.copytree(FIXTURES, tmp_path / "copy")

    assert load_reference(tmp_path / "copy") == {}


def loaded_goals():
    rows = VerdictTally.objects.filter(is_last=True)
    return list(rows.values_list("province__code", "goal_year", "computed"))


def test_targets_are_counted_before_any_verdict_is_computed(fifth):
    load_reference(fifth.path)

    assert loaded_goals() == [("450000", 2020, 1)]


def test_what_an_area_becomes_part_of_counts_its_targets(fifth):
    load_reference(fifth.path)
    whole = {"code": "440000", "level": "province", "name_zh": "某省", "name_en": "Whole"}
    part = {**FIFTH["areas.yaml"][0], "level": "prefecture", "parent": "440000"}
    fifth.change("areas.yaml", [whole, part])

    load_reference(fifth.path)

    assert loaded_goals() == [("440000", 2020, 1)]
