"""What was erased is found again in a backup of before."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("booking", "0310_clinic_pool")]

    operations = [
        migrations.AddField(
            model_name="datarequest",
            name="rows",
            field=models.JSONField(blank=True, default=dict, editable=False),
        )
    ]
