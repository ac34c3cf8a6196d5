"""Why it did not work, for whoever runs a command and for their logs."""

from django.db import DatabaseError


def reason(error: Exception) -> str:
    """In words; of the database only kind and code, as its own words quote patients' rows."""
    if isinstance(error, DatabaseError):
        code = getattr(error.__cause__, "sqlstate", None) or getattr(
            error.__cause__, "sqlite_errorname", None
        )
        return f"The database says {type(error).__name__} ({code or 'no code'})."
    return str(error)
