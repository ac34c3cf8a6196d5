from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('booking', '0171_data_requests'),
    ]

    operations = [
        migrations.CreateModel(
            name='LastDone',
            fields=[
                ('name', models.CharField(max_length=20, primary_key=True, serialize=False)),
                ('at', models.DateTimeField()),
            ],
            options={
                'default_permissions': (),
            },
        ),
    ]
