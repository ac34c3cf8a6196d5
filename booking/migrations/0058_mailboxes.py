from django.db import migrations

import booking.models.folded

AT_ONCE = 1000


def fill(apps, schema_editor):
    rows = apps.get_model("booking", "Appointment").objects
    last = 0
    with_email = rows.exclude(email="").only("pk", "email").order_by("pk")
    while found := list(with_email.filter(pk__gt=last)[:AT_ONCE]):
        # The field finds each row's mailbox by itself.
        rows.bulk_update(found, ["mailbox"], batch_size=100)
        last = found[-1].pk


class Migration(migrations.Migration):

    dependencies = [
        ('booking', '0057_folded_without_the_unseen'),
    ]

    operations = [
        migrations.AddField(
            model_name='appointment',
            name='mailbox',
            field=booking.models.folded.MailboxField(),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
    ]
