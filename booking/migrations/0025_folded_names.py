from django.db import migrations

import booking.models.folded
from booking import contacts

AT_ONCE = 1000


def fill(apps, schema_editor):
    for model in ("Appointment", "WaitlistEntry"):
        rows = apps.get_model("booking", model).objects
        last = 0
        while found := list(rows.filter(pk__gt=last).only("pk", "name").order_by("pk")[:AT_ONCE]):
            # The field folds each row's name by itself.
            rows.bulk_update(found, ["folded_name"], batch_size=100)
            last = found[-1].pk


def name_domains_in_ascii(apps, schema_editor):
    """International domains as the forms keep them from now on, so that a lost link finds them."""
    for model in ("Appointment", "WaitlistEntry", "Enquiry"):
        rows = apps.get_model("booking", model).objects
        for row in rows.filter(email__regex=r"@.*[^ -~]").only("pk", "email"):
            address = contacts.tidy_email(row.email)
            # An open wish of the same person may stand at the same address: nothing ends here.
            if model != "WaitlistEntry" or not rows.filter(email__iexact=address).exists():
                rows.filter(pk=row.pk).update(email=address)


class Migration(migrations.Migration):

    dependencies = [
        ('booking', '0024_what_patients_were_told'),
    ]

    operations = [
        migrations.AddField(
            model_name='appointment',
            name='folded_name',
            field=booking.models.folded.FoldedField(),
        ),
        migrations.AddField(
            model_name='waitlistentry',
            name='folded_name',
            field=booking.models.folded.FoldedField(),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
        migrations.RunPython(name_domains_in_ascii, migrations.RunPython.noop, elidable=True),
    ]
