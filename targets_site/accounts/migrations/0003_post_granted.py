"""A post is requested, granted or refused, and ended, by whom and when.

Two constraints become wider: a post that is ended at once may end before it began, and what was
refused or ended can be asked for again.
"""

import django.db.models.deletion
import django.db.models.functions.comparison
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_user_must_change_password'),
        ('places', '0001_initial'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='post',
            name='post_ends_after_start',
        ),
        migrations.RemoveConstraint(
            model_name='post',
            name='post_held_once',
        ),
        migrations.AddField(
            model_name='post',
            name='requested_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='post',
            name='requested_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='post',
            name='granted_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='post',
            name='granted_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='post',
            name='refused_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='post',
            name='refused_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='post',
            name='refused_reason',
            field=models.TextField(blank=True, db_default='', default=''),
        ),
        migrations.AddField(
            model_name='post',
            name='ended_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='post',
            name='ended_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddConstraint(
            model_name='post',
            constraint=models.CheckConstraint(condition=models.Q(('to_date__isnull', True), ('to_date__gte', models.F('from_date')), ('ended_at__isnull', False), _connector='OR'), name='post_ends_after_start', violation_error_message='A post cannot end before it starts.'),
        ),
        migrations.AddConstraint(
            model_name='post',
            constraint=models.CheckConstraint(condition=models.Q(('granted_by__isnull', True), models.Q(('granted_at__isnull', False), models.Q(('granted_by', models.F('user')), _negated=True)), _connector='OR'), name='post_granted_by_somebody_else', violation_error_message='Nobody grants a post to himself.'),
        ),
        migrations.AddConstraint(
            model_name='post',
            constraint=models.CheckConstraint(condition=models.Q(('refused_at__isnull', True), models.Q(('granted_at__isnull', True), models.Q(('refused_reason', ''), _negated=True)), _connector='OR'), name='post_refused_with_reason', violation_error_message='A post is refused with a reason, and before a grant.'),
        ),
        migrations.AddConstraint(
            model_name='post',
            constraint=models.UniqueConstraint(models.F('user'), models.F('role'), models.F('area'), django.db.models.functions.comparison.Coalesce('department', 0), models.F('from_date'), condition=models.Q(('ended_at__isnull', True), ('refused_at__isnull', True)), name='post_held_once'),
        ),
    ]
