from django.db import migrations

import booking.models.folded


def fill(apps, schema_editor):
    rows = apps.get_model("booking", "WaitlistEntry").objects
    # The field finds each row's mailbox by itself.
    rows.bulk_update(rows.exclude(email="").only("pk", "email"), ["mailbox"], batch_size=100)


class Migration(migrations.Migration):
    dependencies = [("booking", "0073_told_ends")]
    operations = [
        migrations.AddField(
            model_name="waitlistentry",
            name="mailbox",
            field=booking.models.folded.MailboxField(),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
    ]
