"""The end of every page: the search and the links look alike wherever a visitor is."""

import pytest

# What the pages look like does not depend on the database; SQLite's process has the time.
pytestmark = pytest.mark.only("sqlite")

PAGES = ["/", "/team/", "/search/", "/nowhere/", "/conditions/back-pain/"]
OFF_THE_LINE = """forms => forms.map(form => {
  const [field, button] = ['input', 'button'].map(name => form.querySelector(name));
  return Math.abs(field.getBoundingClientRect().bottom - button.getBoundingClientRect().bottom);
})"""
WEIGHTS = "links => [...new Set(links.map(link => getComputedStyle(link).fontWeight))]"


@pytest.mark.parametrize("width", [390, 1280])
def test_a_field_and_its_button_stand_on_one_line_and_no_link_shouts(demo, new_page, width):
    page = new_page(base_url=demo.url, viewport={"width": width, "height": 844})
    found = {}
    for path in PAGES:
        page.goto(path)
        off = page.locator("form[role=search]").evaluate_all(OFF_THE_LINE)
        found[path] = max(off) < 2, page.locator(".foot a").evaluate_all(WEIGHTS)

    assert found == dict.fromkeys(PAGES, (True, ["400"]))
