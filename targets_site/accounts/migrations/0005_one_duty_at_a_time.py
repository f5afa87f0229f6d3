"""The database refuses a granted post beside one that excludes it (accounts.models says which).

Written for each database: what is compared are periods of several rows, which no constraint that
both know can hold. SQLite drops a table's triggers when Django makes the table anew: a later
migration that alters `accounts_post` ends with `install` again; the tests of the model notice.
"""

from django.db import migrations

FIGURES = "('official', 'signer', 'reviewer')"
ADMINISTRATORS = "('system_admin', 'security_admin', 'audit_admin')"
# Both periods have days, and one in common.
EXCLUDED = f"""
    SELECT 1 FROM accounts_post held
    WHERE held.user_id = NEW.user_id AND held.granted_at IS NOT NULL
    AND (
        held.role IN {ADMINISTRATORS} OR NEW.role IN {ADMINISTRATORS}
        OR (held.role IN {FIGURES}) <> (NEW.role IN {FIGURES})
    )
    AND held.from_date <= COALESCE(held.to_date, held.from_date)
    AND NEW.from_date <= COALESCE(NEW.to_date, NEW.from_date)
    AND held.from_date <= COALESCE(NEW.to_date, held.from_date)
    AND NEW.from_date <= COALESCE(held.to_date, NEW.from_date)
"""
# A granted post that only becomes shorter cannot begin to exclude another.
BECOMES_SHORTER = """
    OLD.granted_at IS NOT NULL AND NEW.user_id = OLD.user_id AND NEW.role = OLD.role
    AND NEW.from_date >= OLD.from_date
    AND (OLD.to_date IS NULL OR NEW.to_date <= OLD.to_date)
"""

POSTGRESQL = f"""
CREATE OR REPLACE FUNCTION accounts_one_duty_at_a_time() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF {BECOMES_SHORTER} THEN RETURN NEW; END IF;
    END IF;
    -- Two grants to one person wait for each other.
    PERFORM 1 FROM accounts_user WHERE id = NEW.user_id FOR NO KEY UPDATE;
    IF EXISTS ({EXCLUDED} AND held.id <> NEW.id) THEN
        RAISE EXCEPTION 'one_duty_at_a_time' USING ERRCODE = 'exclusion_violation';
    END IF;
    RETURN NEW;
END $$;
DROP TRIGGER IF EXISTS accounts_one_duty_at_a_time ON accounts_post;
CREATE TRIGGER accounts_one_duty_at_a_time BEFORE INSERT OR UPDATE ON accounts_post
FOR EACH ROW WHEN (NEW.granted_at IS NOT NULL)
EXECUTE FUNCTION accounts_one_duty_at_a_time();
"""
SQLITE = [
    'DROP TRIGGER IF EXISTS accounts_one_duty_insert',
    'DROP TRIGGER IF EXISTS accounts_one_duty_update',
    f"""
    CREATE TRIGGER accounts_one_duty_insert BEFORE INSERT ON accounts_post
    WHEN NEW.granted_at IS NOT NULL AND EXISTS ({EXCLUDED})
    BEGIN SELECT RAISE(ABORT, 'one_duty_at_a_time'); END
    """,
    f"""
    CREATE TRIGGER accounts_one_duty_update BEFORE UPDATE ON accounts_post
    WHEN NEW.granted_at IS NOT NULL AND NOT COALESCE({BECOMES_SHORTER}, 0)
    AND EXISTS ({EXCLUDED} AND held.id <> NEW.id)
    BEGIN SELECT RAISE(ABORT, 'one_duty_at_a_time'); END
    """,
]


def install(apps, schema_editor):
    if schema_editor.connection.vendor == 'postgresql':
        schema_editor.execute(POSTGRESQL, params=None)
        return
    for statement in SQLITE:
        schema_editor.execute(statement, params=None)


def remove(apps, schema_editor):
    if schema_editor.connection.vendor == 'postgresql':
        schema_editor.execute('DROP TRIGGER accounts_one_duty_at_a_time ON accounts_post')
        schema_editor.execute('DROP FUNCTION accounts_one_duty_at_a_time()')
        return
    for statement in SQLITE[:2]:
        schema_editor.execute(statement)


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0004_fill_post_granted_at'),
    ]

    operations = [
        migrations.RunPython(install, remove),
    ]
