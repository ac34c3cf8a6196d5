"""`make screens`: the README's picture, made anew from a demo of its own.

python -m tests.screens
"""

import io
import re
from pathlib import Path
from urllib.parse import quote

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from tests.audit.demo import Demo, running_demo
from tests.chromium import follow, launch

FILE = Path(__file__).parent.parent / "docs" / "screens.png"
WINDOW, PHONE = (1280, 900), (390, 900)  # CSS pixels
DESK = (1700, 640)
HEIGHT, GAP = 760, 24  # of the upper row, and around each, in pixels of the picture
GROUND = "#d9dedb"


def main() -> None:
    with running_demo() as demo, sync_playwright() as playwright:
        browser = launch(playwright)
        upper = [
            shot(opened(browser, WINDOW, f"{demo.url}/")),
            shot(opened(browser, PHONE, f"{demo.url}/conditions/back-pain/")),
            shot(booked(browser, demo)),
        ]
        desk = shot(desk_page(browser, demo))
        browser.close()
    picture = laid_out([fitted(each, HEIGHT) for each in upper], desk)
    picture.quantize(256, dither=Image.Dither.NONE).save(FILE, optimize=True)


def opened(browser: Browser, size: tuple[int, int], address: str) -> Page:
    """That page in a window of so many pixels."""
    width, height = size
    page = browser.new_page(viewport={"width": width, "height": height}, device_scale_factor=2)
    page.goto(address, wait_until="networkidle")
    return page


def booked(browser: Browser, demo: Demo) -> Page:
    """The proof of a visit that was just booked on a phone."""
    page = opened(browser, PHONE, f"{demo.url}/book/")
    follow(page.locator("main .times a").first)
    page.locator("[name=red_flags][value=no]").check()
    for name, text in {
        "name": "Rosa Marquez",
        "phone": "(212) 555-0119",
        "email": "rosa@example.com",
    }.items():
        page.fill(f"[name={name}]", text)
    page.wait_for_timeout(3000)  # the form is for people, who take so long at least
    follow(page.get_by_role("button", name="Book this time"))
    page.wait_for_load_state("networkidle")
    return page


def desk_page(browser: Browser, demo: Demo) -> Page:
    """The next day that has free times, as the front desk sees it."""
    page = opened(browser, DESK, f"{demo.url}/book/")
    address = page.locator("main .times a").first.get_attribute("href") or ""
    year, month, day = re.findall(r"(\d{4})(\d{2})(\d{2})T", address)[0]
    day_sheet = f"/admin/desk/?date={year}-{month}-{day}"
    page.goto(f"{demo.url}/admin/login/?next={quote(day_sheet)}")
    page.fill("[name=username]", "front-desk")
    page.fill("[name=password]", demo.logins["front-desk"])
    follow(page.locator("[type=submit]"))
    page.wait_for_load_state("networkidle")
    return page


def shot(page: Page) -> Image.Image:
    return Image.open(io.BytesIO(page.screenshot())).convert("RGB")


def fitted(picture: Image.Image, height: int) -> Image.Image:
    return picture.resize((picture.width * height // picture.height, height))


def laid_out(upper: list[Image.Image], desk: Image.Image) -> Image.Image:
    """The upper ones in a row, the desk's below them and as wide as the row."""
    width = sum(each.width + GAP for each in upper) + GAP
    desk = desk.resize((width - 2 * GAP, desk.height * (width - 2 * GAP) // desk.width))
    picture = Image.new("RGB", (width, HEIGHT + desk.height + 3 * GAP), GROUND)
    left = GAP
    for each in upper:
        picture.paste(each, (left, GAP))
        left += each.width + GAP
    picture.paste(desk, (GAP, HEIGHT + 2 * GAP))
    return picture


if __name__ == "__main__":
    main()
