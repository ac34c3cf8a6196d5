from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [('booking', '0085_ways_to_a_place')]

    operations = [
        migrations.AddField(
            model_name='visittype',
            name='no_show_fee',
            field=models.DecimalField(blank=True, decimal_places=2, help_text='For who does not come, or cancels later than a change is free. Empty: none.', max_digits=8, null=True),
        ),
    ]
