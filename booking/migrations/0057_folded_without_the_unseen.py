from django.db import IntegrityError, migrations, transaction

from booking import contacts


def fold_again(apps, schema_editor):
    """Names in which more cannot be seen than was known when they were folded."""
    for model in ("Appointment", "WaitlistEntry"):
        rows = apps.get_model("booking", model).objects
        kept = rows.order_by("pk").values_list("pk", "name", "folded_name").iterator()
        other = {pk: contacts.fold(name) for pk, name, old in kept if contacts.fold(name) != old}
        for pk, folded in other.items():
            _write(rows.filter(pk=pk), folded)


def _write(row, folded):
    try:
        with transaction.atomic():
            row.update(folded_name=folded)
    except IntegrityError:
        pass  # the same person waits with another wish: both stay, nothing ends here


class Migration(migrations.Migration):

    dependencies = [
        ('booking', '0050_withdrawn_visit_types'),
    ]

    operations = [
        migrations.RunPython(fold_again, migrations.RunPython.noop, elidable=True),
    ]
