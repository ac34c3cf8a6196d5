"""The day board in a browser: it refreshes itself, visits move by drag and by keys, phones too.

Each script is taken away once: what it does must be seen to be missing then.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from booking.models import Appointment, StaffSession, Therapist, VisitType
from booking.visits import attendance, changes
from tests.axe import violations
from tests.builders import (
    PATIENT,
    add_hours,
    at,
    book_by_desk,
    make_therapist,
    make_visit_type,
)
from tests.chromium import follow, open_page

# What the page does does not depend on the database.
pytestmark = pytest.mark.only("sqlite")

LOOK = "document.dispatchEvent(new Event('board:look'))"
SIZES = {"desk": (1280, 800), "tablet": (768, 1024), "phone": (390, 844)}


@pytest.fixture
def day(site) -> date:
    """A day two weeks ahead, on which Ana and Ben work; Rosa comes to Ana, Omar to Ben."""
    day = timezone.localdate() + timedelta(days=14)
    make_visit_type(change_window_hours=0)
    for slug in ("ana-ruiz", "ben-cole"):
        therapist = make_therapist(slug, hours="9:00-17:00")
        for weekday in (5, 6):
            add_hours(therapist, weekday, "9:00-17:00")
    come("Rosa Marquez", "ana-ruiz", "10:00", day)
    come("Omar Haddad", "ben-cole", "11:00", day)
    return day


def come(name: str, slug: str, wall: str, day: date) -> Appointment:
    patient = replace(PATIENT, name=name, email=f"{name.split()[0].lower()}@example.org")
    therapist = Therapist.objects.get(slug=slug)
    return book_by_desk(therapist, at(wall, day), patient=patient)


def visit_of(name: str) -> Appointment:
    return Appointment.objects.get(name=name)


def when(name: str) -> tuple[str, str]:
    """(therapist, clinic time) of somebody's visit as it is now."""
    found = visit_of(name)
    return found.therapist.slug, f"{timezone.localtime(found.starts_at):%H:%M}"


@pytest.fixture
def cookie(site) -> Callable[..., dict]:
    """The cookie of somebody who is signed in."""

    def sign_in(group: str = "Front desk", therapist: str = "") -> dict:
        user = User.objects.create_user(group, is_staff=True)
        user.groups.set([Group.objects.get(name=group)])
        Therapist.objects.filter(slug=therapist).update(user=user)
        client = Client()
        client.force_login(user)
        return {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": site.url}

    return sign_in


@pytest.fixture
def board(site, day, cookie, new_page) -> Callable[..., Page]:
    """Open the board of that day; `without` names a script that is taken away."""

    def start(group="Front desk", therapist="", size="desk", without="", **options) -> Page:
        width, height = SIZES[size]
        page = new_page(viewport={"width": width, "height": height}, **options)
        page.context.add_cookies([cookie(group, therapist)])
        if without:
            page.route(f"**/js/{without}*.js", lambda route: route.abort())
        page.goto(f"{site.url}/admin/desk/?date={day}")
        return page

    return start


def look(page: Page) -> None:
    with page.expect_response(lambda answer: "/desk/board/" in answer.url):
        page.evaluate(LOOK)


def on_grid(page: Page, name: str) -> Locator:
    return page.locator(f"#at-{visit_of(name).pk}")


def move_by_patient(name: str, slug: str, wall: str, day: date) -> None:
    changes.move_by_patient(
        appointment=visit_of(name),
        therapist=Therapist.objects.get(slug=slug),
        starts_at=at(wall, day),
        now=timezone.now(),
    )


# It keeps itself up to date


FULLEST = """() => {
    document.querySelector(".desk-bar h1").textContent = "Today, Wednesday, September 30";
    document.querySelector(".desk-sum").textContent = "131 visits · 12 here now";
    const bar = document.querySelector(".desk-bar"), main = bar.querySelector(".desk-main");
    return bar.offsetHeight < 2 * main.offsetHeight;
}"""


def test_the_longest_head_takes_one_row_on_a_small_screen_of_a_desk(site, board):
    page = board()
    page.goto(f"{site.url}/admin/desk/")  # today, which has the most buttons

    assert page.get_by_role("link", name="Walk-in now").is_visible()
    assert page.evaluate(FULLEST)


def test_it_says_what_changed_and_what_patients_did_comes_first(board, day):
    page = board()
    come("Cy Dee", "ana-ruiz", "9:00", day)
    changes.cancel_by_patient(appointment=visit_of("Omar Haddad"), now=timezone.now())
    look(page)

    said = page.locator("#board-said")
    expect(said).to_have_text(
        "Omar Haddad cancelled, by the patient; New here: Cy Dee, 9:00, Ana Ruiz, Booked"
    )
    assert on_grid(page, "Omar Haddad").locator("i").inner_text() == "Cancelled"
    assert page.locator("#board-sum").inner_text() == "2 visits"
    assert "1 visit was changed" in page.locator("#board-news summary").inner_text()


def test_focus_scroll_and_the_chosen_visit_stay(board, day):
    page = board()
    link = on_grid(page, "Rosa Marquez").locator("a")
    link.press("Enter")
    details = page.locator(f"#visit-{visit_of('Rosa Marquez').pk}")
    details.get_by_role("link", name="Cancel: Rosa Marquez").focus()
    scroller = page.locator("#board")
    scroller.evaluate("it => it.scrollTo(0, 77)")
    come("Cy Dee", "ana-ruiz", "9:00", day)
    look(page)
    expect(page.locator("#board-said")).not_to_be_empty()

    assert page.locator(":focus").get_attribute("aria-label") == "Cancel: Rosa Marquez"
    assert (details.is_visible(), link.get_attribute("aria-current")) == (True, "true")
    assert scroller.evaluate("it => it.scrollTop") == 77


def test_where_the_button_with_the_focus_is_gone_its_visit_gets_it(board, day):
    page = board()
    on_grid(page, "Rosa Marquez").locator("a").click()
    page.get_by_role("link", name="Cancel: Rosa Marquez").focus()
    changes.cancel_by_desk(appointment=visit_of("Rosa Marquez"), now=timezone.now())
    look(page)
    expect(page.locator("#board-said")).not_to_be_empty()

    assert page.locator(":focus").inner_text() == "Rosa Marquez"


def test_it_looks_by_itself_but_not_while_somebody_types(board, day):
    page = board()
    page.clock.install()
    page.reload()
    asked = []
    page.on("request", lambda request: asked.append("/desk/board/" in request.url))
    with page.expect_response(lambda answer: "/desk/board/" in answer.url) as answer:
        page.clock.fast_forward(23_000)
    assert (answer.value.status, asked) == (304, [True])

    page.locator("#staff-find").press_sequentially("Ro")
    page.clock.fast_forward(5_000)
    page.evaluate(LOOK)
    page.wait_for_timeout(0)
    assert asked == [True]


def test_without_its_script_nothing_refreshes_and_the_link_does(board, day):
    page = board(without="board")
    come("Cy Dee", "ana-ruiz", "9:00", day)
    page.evaluate(LOOK)
    page.wait_for_load_state("networkidle")
    assert page.get_by_text("Cy Dee").count() == 0

    follow(page.get_by_role("link", name="Refresh"))
    assert on_grid(page, "Cy Dee").is_visible()


def test_where_the_server_is_away_it_says_how_old_it_is_and_tries_again(board, day):
    page = board()
    old = page.locator("#board-fresh").inner_text().removeprefix("as of ")
    page.route("**/desk/board/*", lambda route: route.abort())
    page.evaluate(LOOK)
    expect(page.locator("#board-fresh")).to_have_text(f"Not refreshed since {old}")
    assert on_grid(page, "Rosa Marquez").is_visible()

    page.unroute("**/desk/board/*")
    come("Cy Dee", "ana-ruiz", "9:00", day)
    look(page)
    expect(on_grid(page, "Cy Dee")).to_be_visible()
    expect(page.locator("#board-fresh")).to_contain_text("as of")


def test_whoever_is_signed_out_keeps_the_page_and_is_told(board):
    page = board()
    StaffSession.objects.all().delete()
    page.evaluate(LOOK)

    expect(page.locator("#board-fresh")).to_contain_text("Not refreshed since")
    assert on_grid(page, "Rosa Marquez").is_visible()


# Visits move


def test_a_visit_is_cut_and_placed_by_keys_alone(board, day):
    page = board()
    on_grid(page, "Rosa Marquez").locator("a").focus()
    with page.expect_navigation():
        page.keyboard.press("x")
    page.get_by_role("button", name="Place here, 9 a.m. with Ana Ruiz").focus()
    page.keyboard.press("ArrowRight")
    assert page.locator(":focus").inner_text().split()[-1] == "9:00"
    with page.expect_navigation():
        page.keyboard.press("Enter")

    assert when("Rosa Marquez") == ("ben-cole", "09:00")
    assert "Moved to" in page.locator(".messagelist").inner_text()


def test_escape_closes_a_visit_and_stops_a_move(board):
    page = board()
    link = on_grid(page, "Rosa Marquez").locator("a")
    link.press("Enter")
    expect(page.locator("#board-side li")).to_be_focused()
    page.keyboard.press("Escape")
    expect(link).to_be_focused()
    assert page.locator("#board-side li").count() == 0

    with page.expect_navigation():
        page.keyboard.press("x")
    assert page.locator(".board-moving").is_visible()
    with page.expect_navigation():
        page.keyboard.press("Escape")
    assert page.locator(".board-moving").count() == 0


def test_a_visit_opens_without_a_page_load_and_back_closes_it(board, day):
    page = board()
    pk = visit_of("Rosa Marquez").pk
    page.evaluate("window.isSamePage = true")
    on_grid(page, "Rosa Marquez").locator("a").click()
    expect(page.locator(f"#visit-{pk}")).to_be_focused()
    assert page.url.endswith(f"?date={day}&open={pk}#visit-{pk}")
    on_grid(page, "Omar Haddad").locator("a").click()
    expect(page.locator("#board-side li h3")).to_have_text("Omar Haddad")
    page.go_back()
    expect(page.locator("#board-side li h3")).to_have_text("Rosa Marquez")
    page.go_back()
    expect(page.locator("#board-side li")).to_have_count(0)
    assert page.evaluate("window.isSamePage") is True


def test_without_its_script_a_visit_opens_by_the_same_link(board):
    page = board(without="board-open")
    page.evaluate("window.isSamePage = true")
    with page.expect_navigation():
        on_grid(page, "Rosa Marquez").locator("a").click()
    assert page.evaluate("window.isSamePage") is None
    assert page.locator("#board-side li h3").inner_text() == "Rosa Marquez"


def test_an_address_that_names_a_visit_alone_opens_it(site, board, day):
    page = board()
    page.goto("about:blank")
    page.goto(f"{site.url}/admin/desk/?date={day}#visit-{visit_of('Rosa Marquez').pk}")
    expect(page.locator("#board-side li h3")).to_have_text("Rosa Marquez")


def test_now_is_jumped_to(site, board):
    """By the script as the board opens, and by the link once it was scrolled away."""
    page = board()
    today = timezone.localdate()
    add_hours(make_therapist("cy-dee", hours=""), today.weekday(), "0:00-0:00")
    page.goto(f"{site.url}/admin/desk/?date={today}")
    line = page.locator("#now")
    expect(line).to_be_in_viewport()
    for top in (0, 9999):
        page.locator("#board").evaluate("(it, top) => it.scrollTo(0, top)", top)
        page.get_by_role("link", name="Now, on the board").click()
        expect(line).to_be_in_viewport()


def test_close_leads_back_to_the_visit_without_a_script(board):
    page = board(java_script_enabled=False)
    link = on_grid(page, "Rosa Marquez").locator("a")
    with page.expect_navigation():
        link.press("Enter")
    page.locator("#board-side").get_by_role("link", name="Close").press("Enter")

    expect(link).to_be_focused()


def test_arrows_go_among_visits_and_tab_goes_on_too(board, day):
    come("Cy Dee", "ana-ruiz", "14:00", day)
    page = board()
    on_grid(page, "Rosa Marquez").locator("a").focus()
    seen = []
    for key in ("ArrowDown", "ArrowDown", "ArrowRight", "ArrowLeft", "ArrowUp"):
        page.keyboard.press(key)
        seen.append(page.evaluate("document.activeElement.closest('li').dataset.name"))

    assert seen == ["Cy Dee", "Cy Dee", "Omar Haddad", "Rosa Marquez", "Rosa Marquez"]
    page.keyboard.press("Tab")
    assert page.locator(":focus").get_attribute("aria-label") == "Book 10:45 a.m. with Ana Ruiz"


def test_without_their_script_keys_do_nothing(board):
    page = board(without="board-keys")
    link = on_grid(page, "Rosa Marquez").locator("a")
    link.focus()
    for key in ("ArrowDown", "x", "Escape"):
        page.keyboard.press(key)

    expect(link).to_be_focused()
    assert "moving" not in page.url


def test_a_visit_is_placed_on_another_day_without_a_script(board, day):
    page = board(java_script_enabled=False)
    on_grid(page, "Rosa Marquez").locator("a").click()
    follow(page.get_by_role("link", name="Move: choose a time on the board: Rosa Marquez"))
    follow(page.get_by_role("link", name="Next day"))
    follow(page.get_by_role("button", name="Place here, 9 a.m. with Ben Cole"))

    found = visit_of("Rosa Marquez")
    assert (found.therapist.slug, found.starts_at) == ("ben-cole", at("9:00", day + timedelta(1)))


def carry(page: Page, name: str, slug: str, rows: int) -> None:
    """Take a visit by the mouse to another column, so many quarters up or down; not let go yet."""
    box, column = on_grid(page, name), page.locator(f"#column-{slug} .board-rows")
    box.scroll_into_view_if_needed()
    place, there = box.bounding_box(), column.bounding_box()
    assert place
    assert there
    height = (
        box.evaluate("it => it.parentElement.clientHeight")
        / column.locator("xpath=../../*[1]//li[not(@id)]").count()
        / 4
    )
    page.mouse.move(place["x"] + 30, place["y"] + 10)
    page.mouse.down()
    page.mouse.move(place["x"] + 40, place["y"] + 20)
    page.mouse.move(there["x"] + 40, place["y"] + 10 + rows * height)


def test_a_visit_is_dragged_to_another_therapist_and_quarter(board):
    page = board()
    carry(page, "Rosa Marquez", "ben-cole", -3)
    assert page.locator(".board-drop").inner_text() == "9:15 a.m."
    with page.expect_navigation():
        page.mouse.up()

    assert when("Rosa Marquez") == ("ben-cole", "09:15")


def test_a_drop_on_a_visit_moves_nothing_and_says_why(board):
    page = board()
    carry(page, "Rosa Marquez", "ben-cole", 4)
    with page.expect_navigation():
        page.mouse.up()

    assert when("Rosa Marquez") == ("ana-ruiz", "10:00")
    assert "already has a visit at that time" in page.locator("#content").inner_text()


def test_a_drag_ends_by_escape_or_where_it_began(board):
    page = board()
    carry(page, "Rosa Marquez", "ben-cole", -3)
    page.keyboard.press("Escape")
    page.mouse.up()
    carry(page, "Rosa Marquez", "ana-ruiz", 0)
    page.mouse.up()

    assert page.locator(".board-drop").count() == 0
    assert (when("Rosa Marquez"), "#" in page.url) == (("ana-ruiz", "10:00"), False)


def test_a_finger_drags_nothing(board):
    page = board(has_touch=True)
    on_grid(page, "Rosa Marquez").locator("a").evaluate(
        """it => {
          const say = (kind, x, y) => it.dispatchEvent(new PointerEvent(kind, {
            bubbles: true, pointerType: "touch", clientX: x, clientY: y, buttons: 1 }));
          say("pointerdown", 200, 400); say("pointermove", 700, 500);
        }"""
    )

    assert page.locator(".board-drop, .is-dragging").count() == 0


def test_without_its_script_nothing_is_dragged(board):
    page = board(without="board-drag")
    carry(page, "Rosa Marquez", "ben-cole", -3)
    assert page.locator(".board-drop").count() == 0
    page.mouse.up()

    assert when("Rosa Marquez") == ("ana-ruiz", "10:00")


# One click, and small screens


def test_arrived_is_one_click_on_the_grid_without_a_script(site, board):
    page = board(java_script_enabled=False)
    now = timezone.localtime().replace(second=0, microsecond=0)
    starts_at = now - timedelta(hours=now.hour // 23)  # the rows of a day end at midnight
    book_by_desk(Therapist.objects.last(), starts_at, patient=replace(PATIENT, name="Cy Dee"))
    page.goto(f"{site.url}/admin/desk/?date={now.date()}")
    click = page.get_by_role("button", name="Arrived: Cy Dee").first
    size = click.bounding_box()
    follow(click)

    assert size
    assert (size["width"] >= 24, size["height"] >= 24) == (True, True)
    assert visit_of("Cy Dee").status == "arrived"


def test_a_tablet_shows_two_therapists_and_tabs_lead_to_the_others(board):
    make_therapist("cy-dee", hours="9:00-17:00")
    page = board(size="tablet")
    heads = page.locator(".board-column .board-head").all()

    def in_view() -> list[str]:
        edge = page.locator("#board").bounding_box()
        assert edge
        places = [(head.inner_text().split("\n")[0], head.bounding_box()) for head in heads[1:]]
        return [
            name
            for name, box in places
            if box and edge["x"] < box["x"] < edge["x"] + edge["width"] - 9
        ]

    assert in_view() == ["Ana Ruiz", "Ben Cole"]
    page.get_by_role("link", name="Cy Dee", exact=True).click()
    page.wait_for_timeout(500)
    assert in_view() == ["Ben Cole", "Cy Dee"]


def test_tabs_lead_sideways_without_a_script(board):
    page = board(size="phone", java_script_enabled=False)
    page.get_by_role("link", name="Ben Cole", exact=True).click()

    edge, column = (
        page.locator("#board").bounding_box(),
        page.locator("#column-ben-cole").bounding_box(),
    )
    assert edge
    assert column
    assert column["x"] - edge["x"] < 65


def test_a_therapists_phone_lists_their_day_with_what_to_know_and_seen(board, day):
    Appointment.objects.filter(name="Rosa Marquez").update(reason="Back pain", note="Stairs")
    page = board("Therapist", "ana-ruiz", "phone", java_script_enabled=False)
    card = page.locator(".desk-visit")

    assert (page.locator("#board").is_visible(), card.count()) == (False, 1)
    words = card.inner_text()
    assert [word in words for word in ("Rosa Marquez", "Back pain", "Stairs")] == [True] * 3


def test_seen_is_in_reach_on_a_therapists_phone(site, board):
    page = board("Therapist", "ana-ruiz", "phone", java_script_enabled=False)
    now = timezone.now().replace(second=0, microsecond=0)
    here = book_by_desk(
        Therapist.objects.get(slug="ana-ruiz"), now, patient=replace(PATIENT, name="Cy Dee")
    )
    attendance.set_status(appointment=here, status="arrived", now=now)
    page.goto(f"{site.url}/admin/desk/?date={timezone.localdate(now)}")
    follow(page.get_by_role("button", name="Seen: Cy Dee"))

    assert visit_of("Cy Dee").status == "fulfilled"


@pytest.mark.parametrize(("size", "shown"), [("phone", False), ("tablet", True), ("desk", True)])
def test_notices_are_folded_on_a_phone_alone(board, size, shown):
    page = board(size=size, java_script_enabled=False)
    assert page.locator(".desk-new").is_visible() == shown

    if not shown:
        page.locator(".board-fold > summary").click()
        assert page.locator(".desk-new").is_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_open_and_moving_it_is_accessible_and_keeps_the_policy(
    site, browser, day, cookie, size, scheme
):
    width, height = SIZES[size]
    found = {}
    pk = visit_of("Rosa Marquez").pk
    now = timezone.now().replace(second=0, microsecond=0)
    book_by_desk(Therapist.objects.last(), now, patient=replace(PATIENT, name="Cy Dee"))
    VisitType.objects.update(minutes=45)
    pages = {
        "open": f"?date={day}&open={pk}#visit-{pk}",
        "moving": f"?date={day}&moving={pk}",
        "now": f"?date={timezone.localdate(now)}",
    }
    cookies = [cookie()]
    view = {"width": width, "height": height}
    with open_page(browser, viewport=view, color_scheme=scheme) as (page, complaints):
        page.context.add_cookies(cookies)
        for name, asked in pages.items():
            page.goto(f"{site.url}/admin/desk/{asked}")
            wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            found[name] = (list(complaints), max(0, wide), violations(page))
            complaints.clear()  # the checker's own styles break the policy

    assert found == dict.fromkeys(pages, ([], 0, []))


def test_a_fault_of_the_grid_is_found(board):
    """The measure itself: a target too small to hit, and one without a name."""
    page = board()
    page.evaluate(
        "document.querySelector('.board-free').innerHTML = '<button></button><a href=x>.</a>'"
    )
    assert [line.split(":")[0] for line in violations(page)][:1] == ["button-name"]
