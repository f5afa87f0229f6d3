"""Areas and the departments in them."""

from django.core.validators import RegexValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from targets_site.localized import localized


class AreaLevel(models.TextChoices):
    PROVINCE = "province", _("Province")
    PREFECTURE = "prefecture", _("Prefecture")
    COUNTY = "county", _("County")


class Area(models.Model):
    """A province, prefecture or county by its GB/T 2260 code."""

    code = models.CharField(
        max_length=6,
        unique=True,
        validators=[RegexValidator(r"^[0-9]{6}\Z", _("An area code has six digits."))],
        help_text="行政区划代码",
    )
    level = models.CharField(max_length=10, choices=AreaLevel)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="parts")
    name_zh = models.CharField(max_length=60, help_text="名称")
    name_en = models.CharField(max_length=80)
    from_year = models.PositiveSmallIntegerField(null=True, blank=True)
    to_year = models.PositiveSmallIntegerField(null=True, blank=True)
    successor = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="predecessors"
    )

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(level__in=AreaLevel.values), name="area_level_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name_zh}"

    def get_absolute_url(self) -> str:
        return reverse("reports:area", args=[self.code])

    @property
    def name(self) -> str:
        return localized(self, "name")


class Department(models.Model):
    """An office of an area, named as its documents name it."""

    code = models.SlugField(max_length=60, unique=True, help_text="`<area>-<short name>`")
    area = models.ForeignKey(Area, models.PROTECT, related_name="departments")
    name_zh = models.CharField(max_length=60, help_text="部门")
    name_en = models.CharField(max_length=120)
    from_year = models.PositiveSmallIntegerField(null=True, blank=True)
    to_year = models.PositiveSmallIntegerField(null=True, blank=True)
    successor = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="predecessors"
    )

    class Meta:
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(fields=["area", "name_zh"], name="department_named_once"),
        ]

    def __str__(self) -> str:
        return self.name_zh

    @property
    def name(self) -> str:
        return localized(self, "name")
