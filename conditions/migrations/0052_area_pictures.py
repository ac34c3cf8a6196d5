"""Pictures of parts of the body."""

import conditions.models.base
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('conditions', '0051_areas_of_pain_kinds'),
    ]

    operations = [
        migrations.CreateModel(
            name='AreaPicture',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('file', models.CharField(db_index=True, max_length=32, verbose_name='file')),
                ('width', models.PositiveSmallIntegerField(editable=False, verbose_name='width')),
                ('height', models.PositiveSmallIntegerField(editable=False, verbose_name='height')),
                ('alt', models.CharField(help_text='Say it for people who cannot see it: “A woman lies on her back, knees bent.”', max_length=250, verbose_name='what it shows')),
                ('credit', models.CharField(blank=True, help_text='Who took or drew it, and its license: “Photo: Ann Lee, CC BY 4.0”.', max_length=120, verbose_name='credit')),
                ('order', models.PositiveSmallIntegerField(default=0, verbose_name='order')),
                ('slug', models.SlugField(default=conditions.models.base.new_slug, editable=False, max_length=80, unique=True)),
                ('area', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pictures', to='conditions.bodyarea')),
            ],
            options={
                'ordering': ['order', 'pk'],
                'abstract': False,
                'constraints': [models.CheckConstraint(condition=models.Q(('file', ''), _negated=True), name='conditions_areapicture_has_a_file'), models.CheckConstraint(condition=models.Q(('alt', ''), _negated=True), name='conditions_areapicture_says_what_it_shows')],
            },
        ),
    ]
