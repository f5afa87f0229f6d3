"""What was stored before verdicts were counted is counted, as `actions.tallies` does since."""

from django.db import migrations

# PostgreSQL gives a statement 30 seconds.
DOCUMENTS_AT_ONCE = 200
GREY = "verdict.light = 'grey' AND verdict.status {} ('not_collected', 'no_data', 'outdated')"
IN_WORDS = "verdict.status {} ('not_measurable', 'judged_done', 'judged_partly', 'judged_not')"
STANDINGS = {
    **{
        light: f"verdict.light = '{light}' AND {IN_WORDS.format('NOT IN')}"
        for light in ('red', 'yellow', 'pale', 'green')
    },
    'side_short': f"{GREY.format('IN')} AND side_year IS NOT NULL AND side_state = 'short'",
    'side_other': f"{GREY.format('IN')} AND side_year IS NOT NULL AND side_state <> 'short'",
    'old_figure': f"{GREY.format('IN')} AND side_year IS NULL AND actual_year IS NOT NULL",
    'not_collected': f"{GREY.format('IN')} AND side_year IS NULL AND actual_year IS NULL",
    'undetermined': f"{GREY.format('NOT IN')} AND actual_year IS NOT NULL",
    'unfounded': f"{GREY.format('NOT IN')} AND actual_year IS NULL",
    'not_due': f"verdict.light = 'none' AND {IN_WORDS.format('NOT IN')}",
    'unjudged': f"verdict.light = 'none' AND {IN_WORDS.format('IN')}",
    **{
        f'judged_{light}': f"verdict.light = '{light}' AND {IN_WORDS.format('IN')}"
        for light in ('red', 'yellow', 'green')
    },
    'without_figure': "verdict.light = 'grey' AND actual_year IS NULL",
}
LAST_YEAR = 'COALESCE(target.target_year, document.end_year)'
COUNT = f"""
WITH RECURSIVE seen(target_id, as_of, last_year) AS (
    SELECT target.id, CAST(document.start_year AS integer), {LAST_YEAR}
    FROM plans_target target
    JOIN plans_document document ON document.id = target.document_id
    WHERE target.superseded_at IS NULL AND document.start_year <= {LAST_YEAR}
    AND document.id BETWEEN %s AND %s
    UNION ALL
    SELECT target_id, as_of + 1, last_year FROM seen WHERE as_of < last_year
)
INSERT INTO indicators_verdicttally (
    document_id, area_id, domain_id, goal_year, as_of, province_id, is_last, computed, in_words,
    {', '.join(STANDINGS)}
)
SELECT target.document_id, target.area_id, target.domain_id, COALESCE(target.target_year, 0),
    seen.as_of, COALESCE(parent.parent_id, area.parent_id, area.id), seen.as_of = seen.last_year,
    COUNT(*) FILTER (WHERE target.kind <> 'text'), COUNT(*) FILTER (WHERE target.kind = 'text'),
    {', '.join(f'COUNT(*) FILTER (WHERE {where})' for where in STANDINGS.values())}
FROM seen
JOIN plans_target target ON target.id = seen.target_id
JOIN places_area area ON area.id = target.area_id
LEFT JOIN places_area parent ON parent.id = area.parent_id
LEFT JOIN indicators_verdict verdict
    ON verdict.target_id = seen.target_id AND verdict.as_of = seen.as_of
    AND verdict.superseded_at IS NULL
GROUP BY 1, 2, 3, 4, 5, 6, 7
"""


def count(apps, schema_editor):
    documents = apps.get_model('plans', 'Document').objects.order_by('pk')
    ids = list(documents.values_list('pk', flat=True))
    with schema_editor.connection.cursor() as cursor:
        for start in range(0, len(ids), DOCUMENTS_AT_ONCE):
            some = ids[start : start + DOCUMENTS_AT_ONCE]
            cursor.execute(COUNT, [some[0], some[-1]])


def forget(apps, schema_editor):
    apps.get_model('indicators', 'VerdictTally').objects.all().delete()


class Migration(migrations.Migration):

    dependencies = [
        ('indicators', '0010_tallies'),
        ('plans', '0001_initial'),
    ]

    operations = [
        migrations.RunPython(count, forget),
    ]
