"""How far an import is stood on the import itself; now its job says it."""

import django.db.models.deletion
from django.db import migrations, models

NOT_BEGUN = {'waiting': 'read', 'reading': 'read', 'to_store': 'store'}
STORED = ('new', 'changed')


def move(apps, schema_editor):
    Import = apps.get_model('indicators', 'Import')
    for one in Import.objects.filter(job=None).order_by('pk'):
        if one.state in NOT_BEGUN:
            one.job = not_begun(apps, one)
        else:
            one.job = ended(apps, one)
        if one.state == 'reading':
            one.state = 'waiting'
        if one.state == 'waiting':
            one.read_at = one.lines_total = None
        one.save()
    check_now(schema_editor)


def not_begun(apps, one):
    """What was being read begins anew: its reader stopped for the new version."""
    step = NOT_BEGUN[one.state]
    size = sum(one.counts.get(each, 0) for each in STORED) if step == 'store' else 0
    job = make(apps, one, step, state='waiting', total=size or None)
    apps.get_model('indicators', 'JobPart').objects.create(
        job=job, number=1, content={}, size=size
    )
    return job


def ended(apps, one):
    finished_at = one.stored_at or one.read_at or one.started_at
    return make(
        apps, one, 'store' if one.state == 'stored' else 'read', state='done',
        started_at=one.started_at, finished_at=finished_at,
        total=one.lines_total, done=one.lines_done, result=one.counts,
    )


def make(apps, one, step, **fields):
    parameters = {'step': step, 'attachment': one.attachment_id}
    return apps.get_model('indicators', 'Job').objects.create(
        kind='import', parameters=parameters, asked_by_id=one.imported_by_id,
        asked_at=one.started_at, **fields,
    )


def move_back(apps, schema_editor):
    for one in apps.get_model('indicators', 'Import').objects.select_related('job'):
        one.lines_done = one.job.done
        one.job = None
        one.save()
    check_now(schema_editor)


def check_now(schema_editor):
    """PostgreSQL alters no table whose foreign keys are still to be checked."""
    if schema_editor.connection.vendor == 'postgresql':
        schema_editor.execute('SET CONSTRAINTS ALL IMMEDIATE')
        schema_editor.execute('SET CONSTRAINTS ALL DEFERRED')


class Migration(migrations.Migration):

    dependencies = [
        ('indicators', '0006_jobs'),
    ]

    operations = [
        migrations.RunPython(move, move_back),
        migrations.AlterField(
            model_name='import',
            name='job',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='import_of', to='indicators.job'),
        ),
        migrations.RemoveField(
            model_name='import',
            name='attempts',
        ),
        migrations.RemoveField(
            model_name='import',
            name='lines_done',
        ),
        migrations.AlterField(
            model_name='import',
            name='lines_total',
            field=models.PositiveIntegerField(help_text='known once it was read', null=True),
        ),
        migrations.RemoveConstraint(
            model_name='import',
            name='import_state_known',
        ),
        migrations.AlterField(
            model_name='import',
            name='state',
            field=models.CharField(choices=[('waiting', 'Waiting to be read'), ('previewed', 'Preview'), ('refused', 'Refused'), ('to_store', 'Waiting to be stored'), ('stored', 'Stored'), ('discarded', 'Discarded')], default='waiting', max_length=10),
        ),
        migrations.AddConstraint(
            model_name='import',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'previewed', 'refused', 'to_store', 'stored', 'discarded'])), name='import_state_known'),
        ),
    ]
