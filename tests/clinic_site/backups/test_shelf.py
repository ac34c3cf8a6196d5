"""Which backups stay, and that nothing else in the folder is touched."""

from datetime import UTC, datetime, timedelta

from clinic_site.backups import shelf

TODAY = datetime(2026, 11, 30, 3, 0, tzinfo=UTC)


def test_seven_days_five_weeks_and_twelve_months_stay():
    daily = [TODAY - timedelta(days=count) for count in range(500)]

    stay = sorted(shelf.kept([*daily, TODAY - timedelta(hours=1)]), reverse=True)

    days = [TODAY - timedelta(days=count) for count in range(7)]
    sundays = [datetime(2026, 11, day, 3, tzinfo=UTC) for day in (29, 22, 15, 8)]
    ends = [datetime(2026, month, 1, 3, tzinfo=UTC) - timedelta(days=1) for month in range(1, 12)]
    assert stay == sorted({*days, *sundays, *ends}, reverse=True)


def test_gaps_take_no_place():
    yearly = [TODAY.replace(year=year) for year in range(2010, 2027)]

    assert shelf.kept(yearly) == set(yearly[-12:])


def test_only_our_files_are_thinned_out(tmp_path):
    moments = [TODAY + timedelta(minutes=count) for count in range(3)]
    names = [shelf.named(moment, encrypted=True) for moment in moments]
    for name in [*names, "notes.txt", "clinic.backup.age"]:
        (tmp_path / name).touch()

    assert shelf.thin_out(tmp_path) == names[:2]
    left = sorted(path.name for path in tmp_path.iterdir())
    assert left == [names[2], "clinic.backup.age", "notes.txt"]
