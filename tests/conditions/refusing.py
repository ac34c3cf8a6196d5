"""Rows that both a form and the database refuse."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction


def kept_by_form_and_database(row: models.Model) -> bool:
    """Whether both refuse the row."""
    with pytest.raises(ValidationError):
        row.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        type(row)._default_manager.bulk_create([row])
    return True
