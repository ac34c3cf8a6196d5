"""What a visit is found by, each by an index of its own: the beginnings of any word of a name,
either end of a telephone number, a mailbox. And which visits are one person's.
"""

from collections.abc import Callable
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any

from django.db import connections, models
from django.db.models import Func, Q

from booking.models.calendar import IntervalQuerySet
from booking.models.folded import BackwardsField, LaterWordsField, WordField

WORDS = ["word_1", "word_2", "word_3", "word_4"]
# Written by `update_fields` with what they follow from.
OF_NAME = ["folded_name", *WORDS, "later_words"]
OF_PHONE = ["phone_backwards"]

# Step by step to the next name, by the index on them: DISTINCT reads every row of the index, and
# PostgreSQL may prefer the whole table.
NAMES = """
WITH RECURSIVE names(name) AS (
    SELECT min(folded_name) FROM booking_appointment WHERE folded_name > ''
    UNION ALL
    SELECT (SELECT min(folded_name) FROM booking_appointment WHERE folded_name > names.name)
    FROM names WHERE names.name IS NOT NULL
)
SELECT name FROM names WHERE name IS NOT NULL LIMIT %s
"""


def begins_a_word(typed: str) -> Q:
    """Rows in whose name a word begins so; `typed` is one folded word."""
    later = Q(later_words__gt="", later_words__contains=f" {typed}")
    return reduce(or_, (Q(**{f"{word}__begins": typed}) for word in WORDS), later)


def same_person(of: Callable[[str], Any]) -> Q:
    """Visits of whoever has these details, told by the name and by e-mail or telephone: families
    share those two. `of` gives the value of a field.
    """
    return Q(
        Q(mailbox=of("mailbox"), mailbox__gt="")
        | Q(phone_e164=of("phone_e164"), phone_e164__gt=""),
        folded_name=of("folded_name"),
    )


def is_to_come(now: datetime) -> Q:
    """Visits that are awaited or going on; the statuses stand below this module, as its rows do."""
    return Q(status__in=["booked", "arrived"], ends_at__gt=now)


class Sorted(Func):
    """A column to sort by. SQLite must not walk it: to spare the sorting of a few rows found by
    their words, it would read all visits in the order of their days.
    """

    template = "%(expressions)s"

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, template="+%(expressions)s")


class FindableQuerySet(IntervalQuerySet):
    """Questions about who has a visit."""

    def of_person(self, visit: Any) -> Any:
        """This visit, and the others that are the same person's as far as anybody can tell."""
        others = same_person(lambda name: getattr(visit, name))
        return self.filter(Q(pk=visit.pk) | others)

    def to_come(self, now: datetime) -> Any:
        """Those that hold their time and are not over, the next first: one that has just begun,
        too, as whoever is late calls about it.
        """
        return self.filter(is_to_come(now)).order_by(Sorted("starts_at"), "pk")

    def gone(self, now: datetime) -> Any:
        """The others: past, or cancelled; the latest first."""
        return self.exclude(is_to_come(now)).order_by(Sorted("starts_at").desc(), "-pk")

    def names(self, most: int) -> list[str]:
        """The folded names of all visits, each once, in the database's order; no more than `most`
        of them.
        """
        with connections[self.db].cursor() as cursor:
            cursor.execute(NAMES, [most])
            return [name for [name] in cursor.fetchall()]


class Findable(models.Model):
    """Fields that visits are found by; they follow from `name`, `phone` and `phone_e164`."""

    word_1 = WordField(1)
    word_2 = WordField(2)
    word_3 = WordField(3)
    word_4 = WordField(4)
    later_words = LaterWordsField(5)
    phone_backwards = BackwardsField()

    class Meta:
        abstract = True


def by_beginning(field: str, name: str) -> models.Index:
    """An index for `begins`, and for equality."""
    return models.Index(
        fields=[field], name=f"booking_appointment_{name}", opclasses=["varchar_pattern_ops"]
    )


INDEXES = [
    models.Index(fields=["folded_name"], name="booking_appointment_name"),
    *(by_beginning(word, word) for word in WORDS),
    models.Index(fields=["later_words"], name="booking_appointment_words"),
    by_beginning("phone_e164", "phone"),
    by_beginning("phone_backwards", "digits"),
    by_beginning("mailbox", "mailbox"),
]
