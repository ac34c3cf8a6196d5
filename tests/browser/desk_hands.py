"""How somebody at the desk uses its pages: by the mouse, by keys alone, or without a script.

Links and buttons are reached by their names, as they are read out.
"""

import re

from playwright.sync_api import Locator, Page, expect

from tests.browser.model_time import POINT, PRESS, WAIT, Worker

# How many times Tab is pressed to the element: from what has the focus, or from where the address
# points to, or past the header by its first link. [presses, whether that link is taken]
STOPS = """target => {
    const every = [...document.querySelectorAll(
        "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']"
    )].filter((it) => it.checkVisibility({visibilityProperty: true}) && !it.disabled);
    const before = (it) => every.filter(
        (each) => it.compareDocumentPosition(each) & Node.DOCUMENT_POSITION_PRECEDING
    ).length;
    const at = every.indexOf(target), here = every.indexOf(document.activeElement);
    const place = location.hash && document.getElementById(location.hash.slice(1));
    if (here >= 0) return [at - here, false];
    if (place) return [at - before(place) + 1, false];
    const main = document.getElementById("content-start"), head = main ? before(main) : 0;
    return head > 2 && at >= head ? [at - head + 1, true] : [at + 1, false];
}"""


class Mouse(Worker):
    """Keys and mouse."""

    has_script = True
    way = "mouse"

    def board(self, day: object = "") -> None:
        """The board of a day; it stands open already, so that this costs nothing."""
        self.page.goto(f"/admin/desk/?date={day}" if day else "/admin/desk/")

    def link(self, name: str | re.Pattern[str]) -> Locator:
        return self._named("link", name)

    def button(self, name: str | re.Pattern[str]) -> Locator:
        return self._named("button", name)

    def _named(self, role: object, name: str | re.Pattern[str]) -> Locator:
        return self.page.get_by_role(role, name=name).filter(visible=True).first  # type: ignore[arg-type]

    def open(self, name: str) -> None:
        """A visit of the board, with what can be done with it."""
        self.click(self.page.locator("#board").get_by_role("link", name=name))
        expect(self.link(f"Book again: {name}")).to_be_visible()

    def find(self, words: str, name: str) -> None:
        """Who came before, by the beginning of their name."""
        self.write("name", words)
        self.take(self.page.locator("#caller-list [role=option]"))
        expect(self.field("name")).to_have_value(name)

    def free_time(self) -> None:
        self.go(self.page.locator(".board-free a").first)

    def undo(self, name: str) -> None:
        """From where it is confirmed."""
        self.go(self.button(f"Undo: {name}"))

    def unfold(self, words: str) -> None:
        self.click(self.page.locator("summary").filter(has_text=words))

    def move(self, name: str, therapist: str) -> None:
        """Drag a visit to somebody else, at the same time."""
        box, column = self.page.locator(".board-visit", has_text=name), self._column(therapist)
        self._reach(box)
        place, there = box.bounding_box(), column.bounding_box()
        assert place
        assert there
        self._think()
        self.seconds += 2 * (POINT + PRESS) + WAIT
        self.taps += 1
        self.pages += 1
        mouse = self.page.mouse
        mouse.move(place["x"] + 30, place["y"] + 10)
        mouse.down()
        mouse.move(place["x"] + 40, place["y"] + 20)
        mouse.move(there["x"] + 40, place["y"] + 10)
        with self.page.expect_navigation():
            mouse.up()

    def _column(self, therapist: str) -> Locator:
        return self.page.locator(".board-column").filter(has=self.page.get_by_text(therapist))

    def move_by_keys(self, name: str, therapist: str) -> None:
        """Cut it with x, and press Enter on a free time of somebody else."""
        self._to_visit(name)
        self._think()
        self._strike(1)
        self.seconds += WAIT
        self.pages += 1
        with self.page.expect_navigation():
            self.page.keyboard.press("x")
        self._place_with(therapist)
        self.send()

    def _to_visit(self, name: str) -> None:
        """To the board by its own link, into it by Enter, and down by arrows."""
        visit = self.page.locator("#board").get_by_role("link", name=name)
        self._into_board()
        for _row in range(30):
            if self._has_focus(visit):
                return
            self._strike(1)
            self.page.keyboard.press(self._arrow(visit))
        raise AssertionError(f"arrows do not reach {name}")

    def _into_board(self) -> None:
        """Its first visit, or its first time to place one."""
        self._tab_to(self.page.get_by_role("link", name="To the board", exact=True))
        self._strike(2)
        self.page.keyboard.press("Enter")
        expect(self.page.locator("#board")).to_be_focused()
        self.page.keyboard.press("Enter")

    def _place_with(self, therapist: str) -> None:
        """The first time to place a visit, and to the right until it is this therapist's."""
        self._into_board()
        for _column in range(9):
            if f"with {therapist}" in (
                self.page.locator(":focus").get_attribute("aria-label") or ""
            ):
                return
            self._strike(1)
            self.page.keyboard.press("ArrowRight")
        raise AssertionError(f"arrows do not reach {therapist}")

    def _arrow(self, visit: Locator) -> str:
        """Down in its column; else to the column to the right."""
        same = "it => it.closest('section') === document.activeElement.closest('section')"
        return "ArrowDown" if visit.evaluate(same) else "ArrowRight"

    def _enter(self, target: Locator) -> None:
        """Reach what leads to another page by Tab, and press it."""
        self._tab_to(target)
        self._think()
        self.seconds += WAIT
        self._strike(1)
        self.pages += 1
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def _tab_to(self, target: Locator) -> None:
        """Tab or Shift and Tab until it has the focus."""
        target.wait_for()
        presses, skips = target.evaluate(STOPS)
        if skips:
            self.page.keyboard.press("Tab")
            self.page.keyboard.press("Enter")
            self._strike(2)
        key = "Tab" if presses > 0 else "Shift+Tab"
        self._strike(abs(presses) + (presses < 0))
        for _press in range(abs(presses)):
            self.page.keyboard.press(key)
        for _more in range(60):  # a date has three stops, and what scrolls has one
            if self._has_focus(target):
                return
            self.page.keyboard.press(key)
            self._strike(1)
        raise AssertionError(f"Tab does not reach {target}")


class Plain(Mouse):
    """The same on a page without JavaScript."""

    has_script = False
    way = "no script"

    def find(self, words: str, name: str) -> None:
        self.write("name", words)
        self.go(self.button("Look up"))
        self.go(self.button(f"Use these: {name}"))

    def move(self, name: str, therapist: str) -> None:
        self.open(name)
        self.go(self.link(f"Move: choose a time on the board: {name}"))
        self.go(self.button(re.compile(f"Place here, .* with {therapist}")))

    def move_by_keys(self, name: str, therapist: str) -> None:
        self.move(name, therapist)


class Keyboard(Mouse):
    """No mouse at all: every key is counted, each Tab too."""

    way = "keyboard"

    def __init__(self, page: Page) -> None:
        super().__init__(page)
        self.has_mouse = False

    def write(self, name: str, text: str) -> None:
        self._think()
        if not self._has_focus(self.field(name)):
            self._tab_to(self.field(name))
        self.page.keyboard.type(text)
        self._strike(len(text) + sum(letter.isupper() for letter in text))
        self.fields += 1

    def choose(self, name: str, label: str) -> None:
        """Arrow down from what is chosen to what is wanted."""
        field = self.field(name)
        self._think()
        self._tab_to(field)
        before = field.evaluate("element => element.selectedIndex")
        field.select_option(label=label)
        self._strike(abs(field.evaluate("element => element.selectedIndex") - before))
        self.fields += 1

    def tick(self, label: str) -> None:
        self._think()
        target = self.page.get_by_label(label, exact=True)
        self._tab_to(target)
        self._strike(1)
        self.page.keyboard.press("Space")
        self.fields += 1

    def click(self, target: Locator) -> None:
        self._think()
        self._tab_to(target)
        self._strike(1)
        self.page.keyboard.press("Enter")

    def go(self, target: Locator) -> None:
        self._enter(target)

    def free_time(self) -> None:
        """The key for a new visit, from the board."""
        self._think()
        self._strike(1)
        self.seconds += WAIT
        self.pages += 1
        with self.page.expect_navigation():
            self.page.keyboard.press("n")

    def find(self, words: str, name: str) -> None:
        super().find(words, name)
        self.first_time()

    def first_time(self) -> None:
        """The focus is on the first free time beside the form already."""
        expect(self.page.locator("#caller-beside button").first).to_be_focused()
        self.press()

    def undo(self, name: str) -> None:
        """From the visit, where the page opens after a move."""
        self.go(self.button(f"Undo the change: {name}"))

    def open(self, name: str) -> None:
        self._to_visit(name)
        self.press()
        expect(self.link(f"Book again: {name}")).to_be_visible()

    def move(self, name: str, therapist: str) -> None:
        self.move_by_keys(name, therapist)

    def _hold_mouse(self, mouse: bool) -> None:
        assert not mouse


HANDS = {each.way: each for each in (Mouse, Keyboard, Plain)}
