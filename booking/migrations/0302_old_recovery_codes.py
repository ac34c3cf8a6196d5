"""Codes on paper from before stay good: what was kept of each, a fast hash, is hashed slowly once
more. It takes half a second of a processor for each, and holds nothing meanwhile.
"""

from django.contrib.auth.hashers import make_password
from django.db import migrations, transaction


def keep_old(apps, schema_editor):
    for device in apps.get_model("otp_static", "StaticDevice").objects.order_by("pk"):
        tokens = device.token_set.values_list("token", flat=True)
        stored = {token: make_password(token) for token in tokens}
        with transaction.atomic():
            # Locked: one that was used meanwhile is gone, and is not brought back.
            left = list(device.token_set.select_for_update().filter(token__in=stored))
            device.codes.bulk_create(
                apps.get_model("booking", "RecoveryCode")(device=device, stored=stored[row.token])
                for row in left
            )
            device.token_set.filter(pk__in=[row.pk for row in left]).delete()


class Migration(migrations.Migration):

    atomic = False  # one device at a time; begun again, it goes on with those that are left

    dependencies = [
        ('booking', '0301_recovery_codes'),
        ('otp_static', '0003_add_timestamps'),
    ]

    operations = [
        migrations.RunPython(keep_old, migrations.RunPython.noop, elidable=True),
    ]
