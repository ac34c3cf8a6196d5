"""The keys of staff's apps are sealed, so that neither the database nor a backup of it shows them;
backwards they stand in the open again.
"""

from django.db import migrations

from booking.models.app_device import sealed_key, whose
from booking.models.sealed import unseal


def seal_keys(apps, schema_editor):
    for device in devices(apps, schema_editor):
        if is_open(device.key):  # begun again, it does no harm
            device.key = sealed_key(device.user_id, device.key)
            device.save(update_fields=["key"])


def open_keys(apps, schema_editor):
    for device in devices(apps, schema_editor):
        if not is_open(device.key):
            device.key = unseal(device.key, whose(device.user_id)).hex()
            device.save(update_fields=["key"])


def devices(apps, schema_editor):
    """Locked: a code that is shown at this moment waits, and finds what is written here."""
    rows = apps.get_model("otp_totp", "TOTPDevice").objects.using(schema_editor.connection.alias)
    return rows.select_for_update().order_by("pk")


def is_open(key):
    try:
        return bool(bytes.fromhex(key))
    except ValueError:
        return False


class Migration(migrations.Migration):

    dependencies = [
        ('booking', '0303_app_devices'),
    ]

    operations = [
        migrations.RunPython(seal_keys, open_keys),
    ]
