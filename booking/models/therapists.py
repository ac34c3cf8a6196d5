"""Who treats."""

from datetime import date

from auditlog.registry import auditlog
from django.conf import settings
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import Count, F, Q, Subquery, Sum, Value
from django.db.models.functions import Greatest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from booking.credentials import meanings
from booking.models.staff_places import keys_of_places, of_places
from booking.models.visit_type import VisitType

YEARS = (1950, 2200)


class Gender(models.TextChoices):
    """Of a therapist, where the clinic says it; and what a patient may ask for."""

    WOMAN = "woman", _("A woman")
    MAN = "man", _("A man")


class TherapistQuerySet(models.QuerySet["Therapist"]):
    """Questions about therapists."""

    def visible_to(self, user: PermissionsMixin) -> "TherapistQuerySet":
        """Those a signed-in user has to do with: who works at a place of theirs or has no hours
        yet, and themself. Not whether they may.
        """
        every: TherapistQuerySet = (
            self.model._default_manager.all()
        )  # joins stay in their own query
        here = every.filter(working_hours__location__in=keys_of_places(user))
        new = every.filter(working_hours__isnull=True)
        theirs = Q(pk__in=here.order_by().values("pk")) | Q(pk__in=new.order_by().values("pk"))
        return self.filter(of_places(user) | theirs | Q(user=user.pk))

    def practice_together(self, today: date) -> tuple[int, int]:
        """How many are active, and for how many years they have treated people, all added up; who
        does not say since when adds none. One query.
        """
        years = Sum(Greatest(Value(today.year) - F("treats_since"), 0), default=0)
        found = self.filter(active=True).aggregate(people=Count("pk"), years=years)
        return found["people"], found["years"]

    def with_shortest_visit(self) -> "TherapistQuerySet":
        """Each with `shortest_visit`: a gap of fewer minutes in their day is of use to nobody."""
        taken = F("minutes") + F("buffer_before") + F("buffer_after")
        lengths = VisitType.objects.offered().annotate(taken=taken).order_by("taken")
        return self.annotate(shortest_visit=Subquery(lengths.values("taken")[:1]))


@auditlog.register(
    m2m_fields={"treats"}, exclude_fields=["working_hours", "time_off", "appointments"]
)
class Therapist(models.Model):
    """A licensed clinician with a calendar."""

    name = models.CharField(max_length=100)
    slug = models.SlugField(unique=True)
    credentials = models.CharField(max_length=60, blank=True, help_text=_("Such as PT, DPT."))
    languages = models.CharField(max_length=200, blank=True)
    gender = models.CharField(
        max_length=10,
        choices=Gender,
        blank=True,
        help_text=_("Tells the desk whom a patient's wish suits. Patients do not see it."),
    )
    licence = models.CharField(
        _("license"),
        max_length=100,
        blank=True,
        help_text=_("State and number, as on the license."),
    )
    school = models.CharField(
        max_length=120, blank=True, help_text=_("Where they studied, and what they left with.")
    )
    treats_since = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text=_("Year. Patients read how many years that is.")
    )
    interests = models.CharField(
        max_length=200, blank=True, help_text=_("What they treat most, such as: running injuries.")
    )
    own_words = models.CharField(
        max_length=240, blank=True, help_text=_("One sentence in which they speak to patients.")
    )
    bio = models.TextField(_("about"), blank=True)
    treats = models.ManyToManyField(
        "conditions.Condition",
        related_name="+",
        blank=True,
        help_text=_("Their page links to the pages of these."),
    )
    photo = models.CharField(_("photograph"), max_length=32, blank=True, editable=False)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="therapist",
        help_text=_("Lets the therapist sign in and see their own appointments."),
    )
    active = models.BooleanField(
        default=True, help_text=_("Untick when someone leaves: hidden, history kept.")
    )
    online_booking = models.BooleanField(
        default=True, help_text=_("Untick to pause online booking with this therapist.")
    )
    order = models.PositiveSmallIntegerField(default=0)

    objects = TherapistQuerySet.as_manager()
    shortest_visit: int | None = None  # minutes, where `with_shortest_visit` was asked

    class Meta:
        ordering = ["order", "name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(treats_since__isnull=True) | Q(treats_since__range=YEARS),
                name="booking_therapist_treats_since_a_year",
                violation_error_message=_("Enter a year, such as 2012."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.credentials}" if self.credentials else self.name

    def get_absolute_url(self) -> str:
        return reverse("booking:therapist", args=[self.slug])

    @property
    def letters(self) -> list[tuple[str, str]]:
        """The letters after the name with what they mean, those that are known."""
        return meanings(self.credentials)

    @property
    def initials(self) -> str:
        """Up to two letters for the monogram."""
        words = self.name.split()
        return "".join(word[0] for word in [words[0], *words[1:][-1:]] if word).upper()

    def years_by(self, today: date) -> int:
        """Years of treating by that day, as people count them: the first is not one yet."""
        return max(0, today.year - self.treats_since) if self.treats_since else 0
