"""How long somebody takes who knows what to write: the keystroke-level model.

S. K. Card, T. P. Moran and A. Newell, "The keystroke-level model for user performance time with
interactive systems", Communications of the ACM 23(7), 1980, pages 396 to 410. In seconds: a key by
an average typist who is no secretary (40 words a minute; Shift is a key), pointing with the mouse,
the button press that follows, a hand from keys to mouse or back, and making up one's mind before
each field or click. The paper has no wheel: a turn of it, by a screen, counts as a press. A new
page is waited for a second, a list below a field for half of one. Reading is not in it, nor
thinking of what to say. What is done between two times of making up one's mind is one group.
"""

from math import ceil

from playwright.sync_api import Locator, Page

from tests.chromium import follow

KEY, POINT, PRESS, HAND, MIND, WAIT, LIST = 0.28, 1.10, 0.20, 0.40, 1.35, 1.0, 0.5
SHOWN = 20  # options of an open list, before it is scrolled
# By how many screens an element has to be scrolled to be seen.
SCREENS_AWAY = """element => {
    const {top, bottom} = element.getBoundingClientRect(), height = window.innerHeight;
    return Math.max(0, -top, bottom - height) / height;
}"""


class Worker:
    """Uses a page as people do: fields filled in, pages, taps, keys, groups of them, seconds."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.fields = self.pages = self.taps = self.keys = self.groups = 0
        self.seconds = 0.0
        self.has_mouse = True

    def write(self, name: str, text: str) -> None:
        """Type into the field; from the one before it, Tab is enough, and in it nothing is."""
        field = self.field(name)
        self._think()
        if not self._has_focus(field):
            self.page.keyboard.press("Tab")
            if self._has_focus(field):
                self._strike(1)
            else:
                self._point(field)
        self._hold_mouse(False)
        self.page.keyboard.type(text)
        self._strike(len(text) + sum(letter.isupper() for letter in text))
        self.fields += 1

    def tick_by_key(self, label: str) -> None:
        """Tab to it from the field before, and Space."""
        self.page.keyboard.press("Tab")
        target = self.page.get_by_label(label, exact=True)
        assert self._has_focus(target)
        self.page.keyboard.press("Space")
        self._think()
        self._strike(2)
        self.fields += 1

    def send(self) -> None:
        """Enter, in the form that has the focus."""
        self._think()
        self.seconds += WAIT
        self._strike(1)
        self.pages += 1
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def choose(self, name: str, label: str) -> None:
        """Open a list with the mouse, scroll it to what is wanted, and click that."""
        field = self.field(name)
        self._reach(field)
        field.select_option(label=label)
        field.focus()  # where opening it leaves the keys
        place = field.evaluate("element => element.selectedIndex")
        self._think()
        self.seconds += 2 * (POINT + PRESS) + PRESS * (place // SHOWN)
        self.fields += 1

    def tick(self, label: str) -> None:
        self._think()
        self._point(self.page.get_by_label(label, exact=True))
        self.fields += 1

    def click(self, target: Locator) -> None:
        """Press what changes this page."""
        self._think()
        self._point(target)

    def go(self, target: Locator) -> None:
        """Press what leads to another page."""
        self._reach(target)
        self._think()
        self.seconds += POINT + PRESS + WAIT
        self.pages += 1
        self.taps += 1
        follow(target)

    def take(self, options: Locator) -> None:
        """Enter, once a list stands below the field that has the focus: its first."""
        options.first.wait_for()
        self.seconds += LIST
        self.press()

    def press(self) -> None:
        """Enter on what has the focus, which changes this page."""
        self._think()
        self._strike(1)
        self.page.keyboard.press("Enter")

    def field(self, name: str) -> Locator:
        return self.page.locator(f"[name='{name}']")

    def _think(self) -> None:
        self.seconds += MIND
        self.groups += 1

    def _point(self, target: Locator) -> None:
        self._reach(target)
        self.seconds += POINT + PRESS
        self.taps += 1
        target.click()

    def _strike(self, keys: int) -> None:
        self._hold_mouse(False)
        self.keys += keys
        self.seconds += KEY * keys

    def _has_focus(self, target: Locator) -> bool:
        return target.evaluate("element => element === document.activeElement")

    def _reach(self, target: Locator) -> None:
        """A hand on the mouse, and the target on the screen."""
        self._hold_mouse(True)
        self.seconds += PRESS * ceil(target.evaluate(SCREENS_AWAY))
        target.scroll_into_view_if_needed()

    def _hold_mouse(self, mouse: bool) -> None:
        self.seconds += HAND * (mouse != self.has_mouse)
        self.has_mouse = mouse
