"""Posts that were made before posts had to be granted count as granted, by nobody."""

from django.db import migrations
from django.utils import timezone


def grant_what_there_is(apps, schema_editor):
    apps.get_model('accounts', 'Post').objects.filter(
        granted_at__isnull=True, requested_at__isnull=True
    ).update(granted_at=timezone.now())


def remove_what_was_never_granted(apps, schema_editor):
    """Without the columns a post that was only asked for, or refused, would count; that somebody
    asked for it stands in the trail."""
    apps.get_model('accounts', 'Post').objects.filter(granted_at__isnull=True).delete()


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0003_post_granted'),
    ]

    operations = [
        migrations.RunPython(grant_what_there_is, remove_what_was_never_granted),
    ]
