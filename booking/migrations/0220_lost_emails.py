from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("booking", "0211_history_without_names"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="outgoingemail",
            index=models.Index(
                condition=models.Q(("state", "given-up")),
                fields=["appointment"],
                name="booking_outgoingemail_lost",
            ),
        ),
    ]
