"""Everything that can be wrong with a folder, found before anything is written."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import CheckConstraint
from django.utils.translation import gettext_lazy as _

from indicators.enums import ObsStatus
from indicators.models import Indicator, Observation, Series
from indicators.reference.files import Entry
from indicators.reference.keys import SPECS, Spec
from indicators.reference.problems import Filled, Problem, RefusedReference
from plans.enums import Comparator, Kind
from plans.models import Document, Domain, Target
from targets_site.figures import decimals_of
from targets_site.places.models import Area, Department


@dataclass
class Row:
    """One checked entry: its natural key, model fields, links by natural key, and lists."""

    entry: Entry
    key: Any = None
    fields: dict[str, Any] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)
    lists: dict[str, Any] = field(default_factory=dict)

    @property
    def stated_decimals(self) -> int:
        """Digits after the point as written, of the end that has more where there are two."""
        ends = (self.fields.get("value"), self.fields.get("value_upper"))
        return max((decimals_of(each) for each in ends if each is not None), default=0)


Rows = dict[str, list[Row]]

# How an entry of each kind is named by others.
_NATURAL_KEY: dict[str, Callable[[Row], Any]] = {
    "areas": lambda row: row.fields.get("code"),
    "domains": lambda row: row.fields.get("code"),
    "departments": lambda row: row.fields.get("code"),
    "documents": lambda row: row.fields.get("slug"),
    "indicators": lambda row: row.fields.get("code"),
    "series": lambda row: ".".join(
        (row.links.get("area", ""), row.links.get("indicator", ""), row.fields.get("scope", "all"))
    ),
    "targets": lambda row: row.fields.get("code"),
    "readings": lambda row: row.links.get("target"),
    "observations": lambda row: (row.links.get("series"), row.lists.get("year")),
}


def check(entries: Mapping[str, list[Entry]]) -> Rows:
    """Rows by kind, ready to load.

    Raises RefusedReference with every problem of the folder, not only the first.
    """
    checker = _Checker()
    for kind, spec in SPECS.items():
        checker.read(kind, spec, entries.get(kind, []))
    checker.check_links()
    checker.check_targets()
    checker.check_readings()
    checker.check_observations()
    if checker.problems:
        raise RefusedReference(checker.problems)
    return checker.rows


class _Checker:
    def __init__(self) -> None:
        self.rows: Rows = {}
        self.problems: list[Problem] = []
        self.held: dict[tuple[str, tuple[Any, ...]], bool] = {}
        self.stored: dict[str, set[Any]] = {
            "areas": _column(Area, "code"),
            "domains": _column(Domain, "code"),
            "departments": _column(Department, "code"),
            "documents": _column(Document, "slug"),
            "indicators": _column(Indicator, "code"),
            "series": _column(Series, "code"),
            "targets": set(Target.objects.in_force().values_list("code", flat=True)),
            "observations": set(Observation.objects.values_list("series__code", "year")),
        }
        self.department_names: set[tuple[Any, Any]] = set(
            Department.objects.values_list("area__code", "name_zh")
        )

    def report(self, row: Row, key: str, message: Any) -> None:
        self.problems.append(Problem(row.entry.file, row.entry.name, key, message))

    # Each entry by itself.

    def read(self, kind: str, spec: Spec, entries: Iterable[Entry]) -> None:
        rows: list[Row] = []
        seen: set[Any] = set()
        for entry in entries:
            row = Row(entry)
            self._read_keys(spec, row)
            self._check_model(spec, row)
            row.key = _NATURAL_KEY[kind](row)
            if row.key in seen:
                self.report(row, "", _("This stands twice in the folder."))
            seen.add(row.key)
            rows.append(row)
        self.rows[kind] = rows

    def _read_keys(self, spec: Spec, row: Row) -> None:
        known = {**spec.fields, **spec.lists}
        for key, given in row.entry.values.items():
            if key in spec.links:
                if isinstance(given, str) and given.strip():
                    row.links[key] = given.strip()
                elif given:
                    self.report(row, key, _("Write one text here, not a list."))
                continue
            if key not in known:
                self.report(row, key, _("Unknown key."))
                continue
            if given in ("", None):
                continue
            try:
                value = known[key](given)
            except ValidationError as error:
                self.report(row, key, _lazy(error))
                continue
            target = row.lists if key in spec.lists else row.fields
            target[spec.renamed.get(key, key)] = value
        for key in sorted(spec.required):
            if row.entry.values.get(key) in ("", None, []):
                self.report(row, key, _("This key is required."))

    def _check_model(self, spec: Spec, row: Row) -> None:
        """Choices, lengths and the rules that also stand in the database."""
        instance = spec.model(**row.fields)
        if hasattr(instance, "stated_decimals"):
            instance.stated_decimals = row.stated_decimals
        back = {field: key for key, field in spec.renamed.items()}
        given = set(row.fields)
        absent = [f.name for f in spec.model._meta.fields if f.name not in given]
        try:
            instance.clean_fields(exclude=absent)
        except ValidationError as error:
            for name, errors in error.error_dict.items():
                self.report(row, back.get(name, name), _lazy(errors[0]))
            return
        if any(
            (problem.file, problem.entry) == (row.entry.file, row.entry.name)
            for problem in self.problems
        ):
            return
        for constraint in spec.model._meta.constraints:
            if not isinstance(constraint, CheckConstraint):
                continue
            looked_at = _fields_of(constraint, spec.model)
            if not self._holds(constraint, instance, looked_at):
                named = [back.get(name, name) for name in looked_at]
                self.report(row, ", ".join(named), constraint.violation_error_message)

    def _holds(
        self, constraint: CheckConstraint, instance: models.Model, looked_at: list[str]
    ) -> bool:
        """Asks the database once for each set of values that a constraint looks at."""
        fields = instance._meta.fields
        values = tuple(getattr(instance, f.attname) for f in fields if f.name in looked_at)
        if (constraint.name, values) not in self.held:
            links = {f.name for f in fields if f.is_relation}
            try:
                constraint.validate(type(instance), instance, exclude=links)
                self.held[constraint.name, values] = True
            except ValidationError:
                self.held[constraint.name, values] = False
        return self.held[constraint.name, values]

    # Entries against each other and against what the database holds.

    def keys_of(self, kind: str) -> set[Any]:
        return self.stored.get(kind, set()) | {row.key for row in self.rows[kind]}

    def check_links(self) -> None:
        keys = {kind: self.keys_of(kind) for kind in self.stored}
        for kind, spec in SPECS.items():
            for row in self.rows[kind]:
                for key, other in spec.links.items():
                    if key in row.links and row.links[key] not in keys[other]:
                        self.report(row, key, _("Nothing of this name is known."))
        self.check_departments()
        for row in self.rows["series"]:
            items = row.lists.get("departments", [])
            if len({(item["department"], item["from_year"]) for item in items}) != len(items):
                self.report(row, "departments", _("This stands twice in the list."))
            for item in items:
                if (item["from_year"] or 0) > (item["to_year"] or 9999):
                    self.report(row, "departments", _("A period cannot end before it starts."))
                self._check_department(
                    row, "departments", row.links.get("area"), item["department"]
                )

    def check_departments(self) -> None:
        """One name once an area, here and with what the database holds."""
        codes: dict[tuple[Any, Any], Any] = {
            (area, name): code
            for area, name, code in Department.objects.values_list("area__code", "name_zh", "code")
        }
        for row in self.rows["areas"]:
            if row.links.get("parent") == row.key:
                self.report(row, "parent", _("An area is no part of itself."))
        for row in self.rows["departments"]:
            named = (row.links.get("area"), row.fields.get("name_zh"))
            if codes.setdefault(named, row.key) != row.key:
                self.report(row, "name_zh", _("The area has another department of this name."))
            self.department_names.add(named)

    def _check_department(self, row: Row, key: str, area: str | None, name: str) -> None:
        if (area, name) not in self.department_names:
            self.report(row, key, _("The area has no department of this name."))

    def check_targets(self) -> None:
        documents: dict[Any, tuple[Any, Any]] = {
            slug: (area, start)
            for slug, area, start in Document.objects.values_list(
                "slug", "area__code", "start_year"
            )
        }
        documents.update(
            (row.key, (row.links.get("area"), row.fields.get("start_year")))
            for row in self.rows["documents"]
        )
        codes = self.keys_of("targets")
        for row in self.rows["targets"]:
            slug = row.entry.file.removeprefix("targets/").removesuffix(".yaml")
            if slug not in documents:
                self.report(row, "", _("The file is named for a document that is not known."))
                continue
            area, start = documents[slug]
            if not str(row.key).startswith(f"{slug}-"):
                self.report(row, "code", _("The code begins with the name of the file."))
            target_year = row.fields.get("target_year")
            if target_year is not None and start is not None and target_year < start:
                self.report(row, "target_year", _("This lies before the period of the document."))
            for key in ("lead", "responsible"):
                names = row.lists.get(key, [])
                if len(set(names)) != len(names):
                    self.report(row, key, _("This stands twice in the list."))
                for name in names:
                    self._check_department(row, key, area, name)
            for code in row.lists.get("replaces", []):
                if code == row.key:
                    self.report(row, "replaces", _("A target does not restate itself."))
                elif code not in codes:
                    self.report(row, "replaces", _("Nothing of this name is known."))
            in_words = row.fields.get("kind") == Kind.TEXT
            if not in_words and not row.fields.get("unit"):
                self.report(row, "unit", _("This key is required."))
            if in_words and "value" in row.fields:
                self.report(row, "value", _("A target in words has no value."))

    def check_readings(self) -> None:
        units = dict(Indicator.objects.values_list("code", "unit"))
        in_use = set(Indicator.objects.filter(series__readings__isnull=False).values_list("code"))
        for row in self.rows["indicators"]:
            if (row.key,) in in_use and units[row.key] != row.fields.get("unit"):
                self.report(row, "unit", _("The unit of an indicator in use cannot change."))
        units.update((row.key, row.fields.get("unit", "")) for row in self.rows["indicators"])
        names = ("unit", "kind", "comparator", "target_year")
        targets: dict[Any, tuple[Any, ...]] = {
            code: tuple(values)
            for code, *values in Target.objects.in_force().values_list("code", *names)
        }
        targets.update(
            (row.key, tuple(row.fields.get(name) for name in names)) for row in self.rows["targets"]
        )
        for row in self.rows["readings"]:
            unit, kind, comparator, target_year = targets.get(row.key, ("", "", "", None))
            for key in ("hold_from", "baseline_year"):
                if key in row.fields and row.fields[key] > (target_year or 9999):
                    self.report(row, key, _("This lies after the target year."))
            if "hold_from" in row.fields and kind != Kind.HOLD:
                self.report(row, "hold_from", _("Only a level that is held has this year."))
            indicator = row.links.get("series", "..").split(".")[1:2]
            # A relative target counts in per cent of whatever its indicator counts.
            compared = kind != Kind.RELATIVE and row.key in targets
            if indicator and compared and units.get(indicator[0], unit) != unit:
                self.report(row, "series", _("The indicator is counted in another unit."))
            if kind == Kind.TEXT:
                self.report(row, "target", _("A target in words is not measured by a series."))
            half = ("baseline_year" in row.fields) != ("baseline_value" in row.fields)
            if half and kind != Kind.RELATIVE:
                self.report(row, "baseline_value", _("A baseline needs its year and its value."))
            if "tolerance" in row.fields and comparator != Comparator.ABOUT:
                self.report(row, "tolerance", _("Only a target of about a value has a tolerance."))

    def check_observations(self) -> None:
        limits: dict[str, tuple[Decimal | None, Decimal | None, int]] = {
            code: (smallest, largest, decimals)
            for code, smallest, largest, decimals in Indicator.objects.values_list(
                "code", "smallest", "largest", "decimals"
            )
        }
        limits.update(
            (
                row.key,
                (
                    row.fields.get("smallest"),
                    row.fields.get("largest"),
                    row.fields.get("decimals", 2),
                ),
            )
            for row in self.rows["indicators"]
        )
        for row in self.rows["observations"]:
            value = row.fields.get("value")
            if ("numerator" in row.fields) != ("denominator" in row.fields):
                self.report(row, "denominator", _("Give numerator and denominator, or neither."))
            if row.fields.get("denominator") is not None and row.fields["denominator"] <= 0:
                self.report(row, "denominator", _("A denominator is more than 0."))
            if value is not None and ObsStatus.MISSING in row.fields.get("obs_status", ""):
                self.report(row, "obs_status", _("M says that there is no value."))
            indicator = row.links.get("series", "..").split(".")[1:2]
            if value is None or not indicator or indicator[0] not in limits:
                continue
            smallest, largest, decimals = limits[indicator[0]]
            if smallest is not None and value < smallest:
                self.report(row, "value", _("This is less than the indicator can be."))
            if largest is not None and value > largest:
                self.report(row, "value", _("This is more than the indicator can be."))
            if decimals_of(value) > decimals:
                self.report(row, "value", _("This has more decimals than the indicator allows."))


def _fields_of(constraint: CheckConstraint, model: type[models.Model]) -> list[str]:
    """Names of the fields that a constraint speaks of."""
    said = str(constraint.condition)
    names = [f.name for f in model._meta.fields]
    return [name for name in names if re.search(rf"\b{name}(__|\b)", said)]


def _column(model: type[models.Model], name: str) -> set[Any]:
    return set(model._default_manager.values_list(name, flat=True))


def _lazy(error: ValidationError) -> Any:
    """The message still untranslated, so that it can be said in both languages."""
    return Filled(error.message, error.params) if error.params else error.message
