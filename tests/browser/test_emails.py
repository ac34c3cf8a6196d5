"""Every e-mail as a mail program shows it: on a phone, in a window, light and dark."""

import pytest

from booking.models import OutgoingEmail
from tests import every_email
from tests.axe import OPTIONS, violations
from tests.browser.looks import PAGE_IS_WIDER

# What an e-mail looks like does not depend on the database; SQLite's process has the time.
pytestmark = [pytest.mark.only("sqlite"), pytest.mark.django_db]

# Landmarks are the mail program's own; a document of somebody else's has none.
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
LAW = OPTIONS | {"runOnly": {"type": "tag", "values": WCAG}}
WIDTHS = (320, 390, 1280)
ROUND_THE_BUTTON = "a => a.getBoundingClientRect().height"
FINGER = 44  # pixels that a button is high


# Of many visits: each has a link in its own line, and no button speaks for all of them.
LINKS_ALONE = {"series", "series-moved"}


@pytest.mark.parametrize("kind", OutgoingEmail.Kind.values)
def test_every_email_is_legible_and_fits_in_either_scheme(page, settings, kind):
    settings.FRONT_DESK_EMAIL = "desk@clinic.example"
    [html, *_event] = every_email.message(kind).alternatives
    page.set_content(html.content)

    found = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        found += ["wider than the window"] * page.evaluate(PAGE_IS_WIDER)
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            found += [f"{width} {scheme}: {line}" for line in violations(page, LAW)]
    assert found == []
    buttons = page.locator(".do a")
    heights = [button.evaluate(ROUND_THE_BUTTON) for button in buttons.all()]
    assert [height for height in heights if height < FINGER] == []
    assert (heights == []) == (kind in LINKS_ALONE)


def test_an_email_that_cannot_be_read_is_found(page):
    page.set_content("<html lang='en'><title>x</title><p style='color: #ccc'>Faint</p></html>")

    assert len(violations(page, LAW)) == 1


def test_the_dark_scheme_is_dark(page):
    [html, *_event] = every_email.message("confirmation").alternatives
    page.set_content(html.content)
    grounds = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        sheet = page.locator(".sheet")
        grounds.append(sheet.evaluate("sheet => getComputedStyle(sheet).backgroundColor"))

    assert grounds == ["rgb(255, 255, 255)", "rgb(24, 37, 36)"]
