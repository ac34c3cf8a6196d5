"""The guard against double booking lets visits pass that were booked over another on purpose.

One transaction: there is no moment without it. On PostgreSQL the new index is built while nobody
can read or write visits, for an exclusion constraint knows neither CONCURRENTLY nor NOT VALID: five
seconds for each 100,000 visits on a busy machine of two cores (most clinics have fewer). The site's
limit of eight seconds for a statement would end it, and is lifted for this transaction; its limit
of three for a lock stays, so that a long dump makes the migration fail, to be run again, and not
everybody wait behind it. The new guard asks for less than the old one: no row can refuse it.
"""

from django.db import migrations, models

import booking.constraints


def take_the_time_it_needs(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("SET LOCAL statement_timeout = 0")


class Migration(migrations.Migration):

    dependencies = [
        ('booking', '0101_no_telephone_known'),
    ]

    operations = [
        migrations.RunPython(take_the_time_it_needs, migrations.RunPython.noop, elidable=True),
        migrations.RemoveConstraint(
            model_name='appointment',
            name='booking_appointment_no_overlap',
        ),
        migrations.AddConstraint(
            model_name='appointment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('phone', ''), _negated=True), models.Q(('no_phone_reason', ''), _negated=True), _connector='OR'), name='booking_appointment_phone_or_reason', violation_error_message='Give a telephone number, or say why there is none.'),
        ),
        migrations.AddConstraint(
            model_name='appointment',
            constraint=models.CheckConstraint(condition=models.Q(('overrides', False), models.Q(('override_reason', ''), _negated=True), _connector='OR'), name='booking_appointment_override_has_reason'),
        ),
        migrations.AddConstraint(
            model_name='appointment',
            constraint=booking.constraints.NoOverlap(condition=models.Q(('overrides', False), ('status__in', ['booked', 'arrived', 'fulfilled'])), end='ends_at', name='booking_appointment_no_overlap', partition='therapist', start='starts_at', violation_error_message='That time is already booked.'),
        ),
    ]
