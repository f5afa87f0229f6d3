"""Digests of what a report says, on each step; and the database refuses to change what was said.

Written for each database, since no constraint compares a row with what it was. SQLite drops a
table's triggers when Django makes the table anew: a later migration that alters `reports_report`,
`reports_reporttext` or `reports_reportstep` ends with `install` again; the tests notice.
"""

from django.db import migrations, models

# Of a report under way people change stage and version, and a newer draft replaces it.
DRAFTED = (
    'area_id', 'year', 'department_id', 'edition', 'frozen', 'method_version', 'trail_seq',
    'trail_hash', 'job_id', 'made_by_id', 'made_at',
)
REFUSED = 'report_stays_as_it_is'
ISSUED = "EXISTS (SELECT 1 FROM reports_report r WHERE r.id = NEW.report_id AND r.stage = 'issued')"


def changed(differs):
    """differs: the database's words for `is another value, or empty`."""
    columns = ' OR '.join(f'NEW.{each} {differs} OLD.{each}' for each in DRAFTED)
    return f"OLD.stage = 'issued' OR {columns}"


# Name, what happens to which table, when it is refused; empty: always.
TRIGGERS = [
    ('reports_issued_update', 'UPDATE ON reports_report', changed),
    ('reports_issued_delete', 'DELETE ON reports_report', "OLD.stage = 'issued'"),
    ('reports_text_update', 'UPDATE ON reports_reporttext', ''),
    ('reports_text_delete', 'DELETE ON reports_reporttext', ''),
    ('reports_text_insert', 'INSERT ON reports_reporttext', ISSUED),
    ('reports_step_update', 'UPDATE ON reports_reportstep', ''),
    ('reports_step_delete', 'DELETE ON reports_reportstep', ''),
]
# INSERT OR REPLACE takes the old row away without a word to its triggers.
SQLITE_TRIGGERS = [
    (
        'reports_issued_insert',
        'INSERT ON reports_report',
        "EXISTS (SELECT 1 FROM reports_report r WHERE r.id = NEW.id AND r.stage = 'issued')",
    ),
    (
        'reports_text_replace',
        'INSERT ON reports_reporttext',
        'EXISTS (SELECT 1 FROM reports_reporttext t WHERE t.id = NEW.id'
        ' OR (t.report_id = NEW.report_id AND t.number = NEW.number))',
    ),
    (
        'reports_step_replace',
        'INSERT ON reports_reportstep',
        'EXISTS (SELECT 1 FROM reports_reportstep s WHERE s.id = NEW.id'
        ' OR (s.report_id = NEW.report_id AND s.version = NEW.version))',
    ),
]

FUNCTIONS = f"""
CREATE OR REPLACE FUNCTION reports_stay_as_they_are() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '{REFUSED}' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE OR REPLACE FUNCTION reports_text_of_issued() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF {ISSUED} THEN
        RAISE EXCEPTION '{REFUSED}' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
"""


def install(apps, schema_editor):
    if schema_editor.connection.vendor == 'postgresql':
        schema_editor.execute(FUNCTIONS, params=None)
        for name, event, condition in TRIGGERS:
            schema_editor.execute(on_postgresql(name, event, condition), params=None)
        return
    for name, event, condition in [*TRIGGERS, *SQLITE_TRIGGERS]:
        schema_editor.execute(f'DROP TRIGGER IF EXISTS {name}', params=None)
        schema_editor.execute(on_sqlite(name, event, condition), params=None)


def on_postgresql(name, event, condition):
    table = event.split()[-1]
    if callable(condition):
        condition = condition('IS DISTINCT FROM')
    # What is asked of another table stands in a function: a condition knows its own row only.
    when = f'WHEN ({condition})' if condition and condition != ISSUED else ''
    function = 'reports_text_of_issued' if condition == ISSUED else 'reports_stay_as_they_are'
    return (
        f'DROP TRIGGER IF EXISTS {name} ON {table};'
        f'CREATE TRIGGER {name} BEFORE {event} FOR EACH ROW {when} EXECUTE FUNCTION {function}();'
    )


def on_sqlite(name, event, condition):
    if callable(condition):
        condition = condition('IS NOT')
    when = f'WHEN {condition}' if condition else ''
    return f"CREATE TRIGGER {name} BEFORE {event} {when} BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END"


def remove(apps, schema_editor):
    if schema_editor.connection.vendor == 'postgresql':
        for name, event, _condition in TRIGGERS:
            schema_editor.execute(f'DROP TRIGGER {name} ON {event.split()[-1]}')
        for name in ('reports_stay_as_they_are', 'reports_text_of_issued'):
            schema_editor.execute(f'DROP FUNCTION {name}()')
        return
    for name, _event, _condition in [*TRIGGERS, *SQLITE_TRIGGERS]:
        schema_editor.execute(f'DROP TRIGGER {name}')


class Migration(migrations.Migration):

    dependencies = [
        ('reports', '0002_issued_files'),
    ]

    operations = [
        migrations.AddField(
            model_name='reportstep',
            name='content_sha256',
            field=models.CharField(blank=True, default='', max_length=64),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='reportstep',
            name='word_sha256',
            field=models.CharField(blank=True, default='', max_length=64),
            preserve_default=False,
        ),
        migrations.RunPython(install, remove),
    ]
