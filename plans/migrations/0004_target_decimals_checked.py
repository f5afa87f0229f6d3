from django.db import migrations

from targets_site.constraints_in_steps import CheckRows


class Migration(migrations.Migration):

    dependencies = [
        ('plans', '0003_target_decimals_stated'),
    ]

    operations = [
        CheckRows(model_name='target', name='target_decimals_stated'),
    ]
