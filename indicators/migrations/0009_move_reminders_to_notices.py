"""A reminder of a round is a notice; those that were mailed are kept, so that none is mailed again."""

from django.db import migrations

KINDS = {'opened': 'round_opened', 'due_soon': 'due_soon', 'overdue': 'overdue'}


def move(apps, schema_editor):
    """What was mailed counts as read, or every person would begin with a heap of old notices."""
    notices = apps.get_model('indicators', 'Notice').objects
    reminders = apps.get_model('indicators', 'Reminder').objects.order_by('pk')
    notices.bulk_create(
        (
            notices.model(
                round_id=each.round_id, person_id=each.person_id, kind=KINDS[each.kind],
                made_at=each.sent_at, mailed_at=each.sent_at, read_at=each.sent_at,
            )
            for each in reminders.iterator()
        ),
        batch_size=1000,
        # Backwards the notices stay too.
        ignore_conflicts=True,
    )  # fmt: skip


def move_back(apps, schema_editor):
    """What was not mailed, or is about a verdict, was nothing that reminders could say."""
    reminders = apps.get_model('indicators', 'Reminder').objects
    notices = apps.get_model('indicators', 'Notice').objects
    kind_of = {new: old for old, new in KINDS.items()}
    reminders.bulk_create(
        (
            reminders.model(
                round_id=each.round_id, person_id=each.person_id, kind=kind_of[each.kind],
                sent_at=each.mailed_at,
            )
            for each in notices.filter(kind__in=kind_of, mailed_at__isnull=False).order_by('pk')
        ),
        batch_size=1000,
    )  # fmt: skip


class Migration(migrations.Migration):

    dependencies = [
        ('indicators', '0008_notices'),
    ]

    operations = [
        # Backwards the table is there again before its rows are.
        migrations.RunPython(move, move_back),
        migrations.DeleteModel(name='Reminder'),
    ]
