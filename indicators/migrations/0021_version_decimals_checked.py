from django.db import migrations

from targets_site.constraints_in_steps import CheckRows


class Migration(migrations.Migration):

    dependencies = [
        ('indicators', '0020_version_decimals_stated'),
    ]

    operations = [
        CheckRows(model_name='observationversion', name='version_decimals_stated'),
    ]
