"""The only door for reference data: all of a folder, or nothing of it."""

from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from indicators.actions.observations import CorrectedByPeople, load_figure
from indicators.actions.readings import read_target
from indicators.actions.tallies import count_anew
from indicators.actions.targets import StatedTarget, state_target
from indicators.enums import ObsStatus
from indicators.models import (
    Indicator,
    ObservationVersion,
    Series,
    SeriesDepartment,
    StaleRow,
    TargetReading,
)
from indicators.reference.checks import Row, Rows, check
from indicators.reference.files import digest, read_folder
from indicators.reference.keys import SPECS
from indicators.reference.problems import Problem, RefusedReference
from plans.enums import DepartmentPart
from plans.models import Document, Domain, Target
from targets_site.accounts.models import User
from targets_site.audit.actions import record
from targets_site.audit.models import Entry
from targets_site.places.models import Area, Department

ACTION = "load_reference"
# Natural key and links of the kinds that are plain rows, in the order they are loaded.
PLAIN: dict[str, tuple[type[models.Model], str, dict[str, type[models.Model]]]] = {
    "domains": (Domain, "code", {}),
    "areas": (Area, "code", {"parent": Area, "successor": Area}),
    "departments": (Department, "code", {"area": Area, "successor": Department}),
    "documents": (Document, "slug", {"area": Area}),
    "indicators": (Indicator, "code", {}),
    "series": (Series, "code", {"area": Area, "indicator": Indicator}),
}
TARGET_DEFAULTS: dict[str, Any] = {
    "comparator": "", "value": None, "value_upper": None, "unit": "", "target_year": None,
    "firmness": "stated", "key": False,
}  # fmt: skip
READING_DEFAULTS: dict[str, Any] = {
    "hold_from": None, "tolerance": None, "baseline_year": None, "baseline_value": None,
    "note_en": "",
}  # fmt: skip
VERSION_DEFAULTS: dict[str, Any] = {
    "value": None, "missing_reason": "", "numerator": None, "denominator": None,
    "bound": "exact", "obs_status": "A", "published_scope": "", "published_as": "",
    "published_on": "", "source_url": "", "remark": "",
}  # fmt: skip


def load_reference(folder: Path) -> Counter[str]:
    """Load a folder; returns how many entries of each kind were new or changed.

    Idempotent: what was loaded before is left alone, also where people corrected it since; what
    is new in the folder and meets a correction by people is refused. One trail entry with counts,
    the folder's digest, and each figure that was another one before.
    Raises RefusedReference with every problem; nothing is written then.
    """
    if _loaded_last(folder):
        return Counter()
    rows = check(read_folder(folder))
    with transaction.atomic():
        sha256 = digest(folder)
        loader = _Loader(reference_user(), sha256=sha256)
        changed = loader.load(rows)
        if loader.problems:
            raise RefusedReference(loader.problems)
        if changed:
            counts: dict[str, Any] = {"sha256": sha256, "changed": dict(sorted(changed.items()))}
            before, after = loader.corrected
            record(
                ACTION,
                f"folder:{folder.name}",
                by=User.REFERENCE,
                before={"figures": before} if before else None,
                after={**counts, "figures": after} if after else counts,
            )
    return changed


def _loaded_last(folder: Path) -> bool:
    """Whether exactly this folder was the last one that changed anything."""
    last = Entry.objects.filter(action=ACTION).order_by("seq").last()
    return last is not None and (last.after or {}).get("sha256") == digest(folder)


def reference_user() -> User:
    """The author of loaded data; nobody can log in as it."""
    user, created = User.objects.get_or_create(
        username=User.REFERENCE, defaults={"is_active": False, "full_name": "参考数据"}
    )
    if created:
        user.set_unusable_password()
        user.save(update_fields=["password"])
    return user


class _Loader:
    """Writes checked rows; counts what changed and collects what may not be overwritten."""

    def __init__(self, by: User, *, sha256: str) -> None:
        self.by = by
        self.reason = f"参考数据更新 / reference data updated: {sha256}"
        # As they were stated, before and after, by series and year.
        self.corrected: tuple[dict[str, str], dict[str, str]] = ({}, {})
        self.changed: set[tuple[str, Any]] = set()
        self.problems: list[Problem] = []

    def load(self, rows: Rows) -> Counter[str]:
        # As whoever computes verdicts: the documents first, in this order; or a load and a worker
        # could wait for each other.
        list(Document.objects.select_for_update(no_key=True).order_by("pk").values_list("pk"))
        for kind in PLAIN:
            self._put_plain(kind, rows[kind])
        self._put_series_departments(rows["series"])
        self._put_targets(rows["targets"])
        self._put_readings(rows["readings"])
        self._put_observations(rows["observations"])
        self._count_anew()
        return Counter(kind for kind, _key in self.changed)

    def _refuse(self, row: Row) -> None:
        message = _("People have corrected this since; it is not overwritten.")
        self.problems.append(Problem(row.entry.file, row.entry.name, "", message))

    def _put_plain(self, kind: str, rows: Iterable[Row]) -> None:
        rows = list(rows)
        if not rows:
            return
        model, key_name, links = PLAIN[kind]
        stored = _by(model, key_name)
        linked = {
            name: stored if other is model else _by(other, _key_name(other))
            for name, other in links.items()
        }
        own_links = [name for name, other in links.items() if other is model]
        for row in rows:
            values = {**_empty(kind), key_name: row.key, **row.fields}
            values |= {
                name: linked[name][code]
                for name, code in row.links.items()
                if name not in own_links
            }
            before = stored.get(row.key)
            if before is None:
                stored[row.key] = model._default_manager.create(**values)
                self.changed.add((kind, row.key))
            else:
                self._update(kind, row, before, values)
        # A parent or successor may stand later in the same file.
        for row in rows:
            values = {name: stored.get(row.links.get(name, "")) for name in own_links}
            self._update(kind, row, stored[row.key], values)

    def _update(self, kind: str, row: Row, before: Any, values: Mapping[str, Any]) -> None:
        if all(getattr(before, name) == value for name, value in values.items()):
            return
        for name, value in values.items():
            setattr(before, name, value)
        before.save()
        self.changed.add((kind, row.key))
        _mark_stale(before)

    def _put_series_departments(self, rows: Iterable[Row]) -> None:
        series = _by(Series, "code")
        departments = {
            (department.area_id, department.name_zh): department
            for department in Department.objects.all()
        }
        stored: dict[int, set[tuple[int, int | None, int | None]]] = {}
        for link in SeriesDepartment.objects.all():
            stored.setdefault(link.series_id, set()).add(
                (link.department_id, link.from_year, link.to_year)
            )
        for row in rows:
            one = series[row.key]
            wanted = {
                (
                    departments[one.area_id, item["department"]].pk,
                    item["from_year"],
                    item["to_year"],
                )
                for item in row.lists.get("departments", [])
            }
            if wanted == stored.get(one.pk, set()):
                continue
            SeriesDepartment.objects.filter(series=one).delete()
            SeriesDepartment.objects.bulk_create(
                SeriesDepartment(
                    series=one, department_id=department, from_year=first, to_year=last
                )
                for department, first, last in sorted(wanted, key=str)
            )
            self.changed.add(("series", row.key))

    def _put_targets(self, rows: Iterable[Row]) -> None:
        documents = _by(Document, "slug")
        domains = _by(Domain, "code")
        departments = {
            (department.area_id, department.name_zh): department
            for department in Department.objects.all()
        }
        in_force = {
            target.code: target
            for target in Target.objects.in_force().prefetch_related("department_links", "replaces")
        }
        stated_now: list[tuple[Target, StatedTarget]] = []
        for row in rows:
            document = documents[row.entry.file.removeprefix("targets/").removesuffix(".yaml")]
            content = {
                **TARGET_DEFAULTS,
                **row.fields,
                "document": document,
                "area_id": document.area_id,
                "domain": domains[row.links["domain"]],
                "stated_decimals": row.stated_decimals,
            }
            parts = [
                (departments[document.area_id, name], part.value)
                for part in DepartmentPart
                for name in row.lists.get(part.value, [])
            ]
            stated = StatedTarget(content, parts, tuple(row.lists.get("replaces", [])))
            before = in_force.get(row.key)
            if before is not None and _same_target(before, stated):
                continue
            if before is not None and before.recorded_by_id != self.by.pk:
                loaded = Target.objects.filter(code=row.key, recorded_by=self.by).last()
                if loaded is None or not _same_target(loaded, stated):
                    self._refuse(row)
                continue
            stated_now.append((state_target(stated, by=self.by), stated))
            self.changed.add(("targets", row.key))
        # What a target restates may stand after it, so all of them must be there first.
        for target, stated in stated_now:
            target.replaces.set(Target.objects.in_force().filter(code__in=stated.replaces))

    def _put_readings(self, rows: Iterable[Row]) -> None:
        targets = {target.code: target for target in Target.objects.in_force()}
        series = _by(Series, "code")
        in_force = {
            reading.target.code: reading
            for reading in TargetReading.objects.in_force().select_related("target")
        }
        for row in rows:
            content = {**READING_DEFAULTS, **row.fields}
            wanted = series[row.links["series"]]
            before = in_force.get(row.key)
            if before is not None:
                if before.series_id == wanted.pk and _same(before, content):
                    continue
                if before.read_by_id != self.by.pk:
                    loaded = TargetReading.objects.filter(
                        target__code=row.key, read_by=self.by, series=wanted
                    ).last()
                    if loaded is None or not _same(loaded, content):
                        self._refuse(row)
                    continue
            read_target(targets[row.key], series=wanted, content=content, by=self.by)
            self.changed.add(("readings", row.key))

    def _put_observations(self, rows: Iterable[Row]) -> None:
        series = _by(Series, "code")
        loaded = {
            (version.observation.series_id, version.observation.year): version
            for version in ObservationVersion.objects.filter(entered_by=self.by)
            .select_related("observation")
            .order_by("number")
        }
        for row in rows:
            one, year = series[row.links["series"]], row.lists["year"]
            content = {
                **VERSION_DEFAULTS,
                **row.fields,
                "stated_decimals": row.stated_decimals,
            }
            if row.fields.get("value") is None and "obs_status" not in row.fields:
                content["obs_status"] = ObsStatus.MISSING
            before = loaded.get((one.pk, year))
            if before is not None and _same(before, content):
                continue
            if before is not None:
                content["correction_reason"] = self.reason
            try:
                now = load_figure(series=one, year=year, content=content, by=self.by)
            except CorrectedByPeople:
                self._refuse(row)
                continue
            self.changed.add(("observations", row.key))
            if before is not None:
                for told, version in zip(self.corrected, (before, now), strict=True):
                    told[f"{one.code}:{year}"] = version.missing_reason or version.value_as_stated

    def _count_anew(self) -> None:
        """What the overview counts changes with targets and with what an area is part of, before
        any verdict is computed."""
        areas, documents, targets = (
            [key for of, key in self.changed if of == kind]
            for kind in ("areas", "documents", "targets")
        )
        count_anew(
            Document.objects.filter(
                Q(targets__code__in=targets)
                | Q(slug__in=documents)
                | Q(area__code__in=areas)
                | Q(area__parent__code__in=areas)
                | Q(area__parent__parent__code__in=areas)
            )
        )


def _empty(kind: str) -> dict[str, Any]:
    """The values of the keys that an entry of this kind leaves out."""
    spec = SPECS[kind]
    return {
        field.name: field.get_default()
        for field in spec.model._meta.fields
        if field.name in spec.fields
    }


def _key_name(model: type[models.Model]) -> str:
    return "slug" if model is Document else "code"


def _by(model: type[models.Model], key_name: str) -> dict[str, Any]:
    return {getattr(row, key_name): row for row in model._default_manager.all()}


def _same(stored: TargetReading | ObservationVersion, content: Mapping[str, Any]) -> bool:
    return all(getattr(stored, name) == value for name, value in content.items())


def _same_target(stored: Target, stated: StatedTarget) -> bool:
    links = [
        (link.department_id, link.part)
        for link in sorted(stored.department_links.all(), key=lambda link: link.position)
    ]
    return (
        all(getattr(stored, name) == value for name, value in stated.content.items())
        and links == [(department.pk, part) for department, part in stated.departments]
        and {target.code for target in stored.replaces.all()} == set(stated.replaces)
    )


def _mark_stale(changed: models.Model) -> None:
    """Verdicts rest on a document's period, an indicator's nature and a series' frequency."""
    if isinstance(changed, Document):
        targets = Target.objects.in_force().filter(document=changed)
        StaleRow.objects.append_targets(targets.values_list("pk", flat=True))
    elif isinstance(changed, Indicator):
        StaleRow.objects.append_series(changed.series.values_list("pk", flat=True))
    elif isinstance(changed, Series):
        StaleRow.objects.append_series([changed.pk])
