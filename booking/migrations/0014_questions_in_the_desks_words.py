from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('booking', '0013_earlier_time_groups'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='enquiry',
            options={'ordering': ['-created_at'], 'verbose_name': 'question', 'verbose_name_plural': 'questions'},
        ),
    ]
