"""What was stored before verdicts were counted is counted when it is computed anew."""

from django.db import migrations


def mark_stale(apps, schema_editor):
    targets = apps.get_model('plans', 'Target').objects.filter(superseded_at__isnull=True)
    stale = apps.get_model('indicators', 'StaleRow')
    stale.objects.bulk_create(
        (stale(target_id=pk) for pk in targets.values_list('pk', flat=True)), batch_size=5000
    )


class Migration(migrations.Migration):

    dependencies = [
        ('indicators', '0010_tallies'),
        ('plans', '0001_initial'),
    ]

    operations = [
        # Backwards there is nothing to do: a target computed once too often does no harm.
        migrations.RunPython(mark_stale, migrations.RunPython.noop),
    ]
