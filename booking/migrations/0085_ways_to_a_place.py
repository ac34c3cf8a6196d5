from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [('booking', '0081_clinic_groups')]

    operations = [
        migrations.AddField(
            model_name='location',
            name='by_bus',
            field=models.TextField(blank=True, verbose_name='by bus or train'),
        ),
        migrations.AddField(
            model_name='location',
            name='by_car',
            field=models.TextField(blank=True, help_text='The way here, for who drives.'),
        ),
        migrations.AddField(
            model_name='location',
            name='on_foot',
            field=models.TextField(blank=True),
        ),
        migrations.AlterField(
            model_name='location',
            name='map_url',
            field=models.URLField(blank=True, help_text='Where “Directions” leads. Empty: a map that finds the address.', verbose_name='map link'),
        ),
    ]
