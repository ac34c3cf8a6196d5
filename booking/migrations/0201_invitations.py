from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('booking', '0200_staff_sessions'),
    ]

    operations = [
        migrations.AlterField(
            model_name='outgoingemail',
            name='kind',
            field=models.CharField(choices=[('confirmation', 'Confirmation'), ('moved', 'Moved'), ('cancelled', 'Cancelled'), ('details', 'Details changed'), ('series', 'Series booked'), ('series-moved', 'Series moved'), ('series-cancelled', 'Series cancelled'), ('reminder', 'Reminder'), ('link', 'Link sent again'), ('wish', 'Put on the earlier-time list'), ('offer', 'Sooner time offered'), ('desk-new', 'To the desk: new'), ('desk-moved', 'To the desk: moved'), ('desk-cancelled', 'To the desk: cancelled'), ('desk-enquiry', 'To the desk: question'), ('desk-full', 'To the desk: online limit reached'), ('password', 'To staff: new password'), ('invitation', 'To staff: invitation')], max_length=20),
        ),
    ]
