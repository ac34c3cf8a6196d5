"""Parts of pages that are rendered once, and never show what was true before."""

import re

from django.template import Context, Template
from django.utils.safestring import SafeString

CALL = Template('{% load parts %}{% part "includes/call.html" clinic_phone=phone look=look %}')


def call(phone, look=""):
    html = CALL.render(Context({"phone": phone, "look": look}))
    return re.search(r'class="(.*?)".*?>\s*Call (.*?)\s*</a>', html, re.DOTALL).groups()


def test_a_part_says_what_it_is_given_each_time():
    assert [call("1"), call("2"), call("1"), call("1", "tap")] == [
        ("", "1"),
        ("", "2"),
        ("", "1"),
        ("tap", "1"),
    ]


def test_a_text_that_was_safe_once_is_escaped_when_it_is_not():
    assert [call(SafeString("<b>1</b>")), call("<b>1</b>")] == [
        ("", "<b>1</b>"),
        ("", "&lt;b&gt;1&lt;/b&gt;"),
    ]


def test_a_part_knows_nothing_but_what_it_is_given():
    html = CALL.render(Context({"phone": "1", "clinic_phone_link": "tel:+12125550143"}))

    assert "tel:" not in html
