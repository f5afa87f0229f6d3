"""Until now only the trail said whether a signer or a reviewer returned a version."""

from django.db import migrations

KINDS = {
    'observation': ('ObservationVersion', 'observation__series__code', 'observation__year'),
    'judgement': ('JudgementVersion', 'judgement__target_code', 'judgement__year'),
}


def mark(apps, schema_editor):
    entries = apps.get_model('audit', 'Entry').objects.filter(action='return', role='signer')
    for about, said in entries.values_list('object', 'after'):
        kind, code, year = about.split(':')
        model, code_field, year_field = KINDS[kind]
        apps.get_model('indicators', model).objects.filter(
            **{code_field: code, year_field: int(year)},
            number=said['version'],
            state='returned',
        ).update(returned_by_signer=True)


class Migration(migrations.Migration):

    dependencies = [
        ('audit', '0001_initial'),
        ('indicators', '0003_versions_sent_for_and_returned_by_signer'),
    ]

    operations = [
        # Backwards the column goes, and the trail still says it.
        migrations.RunPython(mark, migrations.RunPython.noop),
    ]
