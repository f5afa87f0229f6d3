"""When people chose the passwords of today, as far as the trail tells."""

from django.db import migrations
from django.db.models import OuterRef, Subquery, Value
from django.db.models.functions import Concat


def date_from_the_trail(apps, schema_editor):
    """Who never changed his password has had it since the account was made; that stays empty."""
    entries = apps.get_model("audit", "Entry").objects.filter(
        action="change_password", object=Concat(Value("user:"), OuterRef("username"))
    )
    newest = Subquery(entries.order_by("-seq").values("at")[:1])
    undated = apps.get_model("accounts", "User").objects.filter(password_changed_at=None)
    undated.update(password_changed_at=newest)


class Migration(migrations.Migration):

    dependencies = [
        ('audit', '0001_initial'),
        ('accounts', '0010_password_history'),
    ]

    operations = [
        migrations.RunPython(date_from_the_trail, migrations.RunPython.noop),
    ]
