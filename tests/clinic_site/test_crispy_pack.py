"""The form pack: label, hint, error, their binding, and the summary above."""

import re

import pytest
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Fieldset, Layout, Submit
from django import forms
from django.template import Context, Template
from django.test.html import Element, parse_html


class VisitForm(forms.Form):
    """One field of each kind the site uses."""

    name = forms.CharField(widget=forms.TextInput(attrs={"autocomplete": "name"}))
    email = forms.EmailField(
        label="E-mail",
        help_text="We send the confirmation here.",
        error_messages={"invalid": "Enter an e-mail address like name@example.com"},
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    red_flags = forms.ChoiceField(
        label="Do any of these apply?",
        choices=[("no", "No"), ("yes", "Yes")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose yes or no"},
    )
    reason = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 3}))
    payment = forms.ChoiceField(required=False, choices=[("", "–"), ("self-pay", "I pay myself")])
    agree = forms.BooleanField(required=False, label="Call me if a time comes free")
    key = forms.CharField(widget=forms.HiddenInput)


def html(source: str, form: forms.Form, **context: object) -> Element:
    template = Template("{% load crispy_forms_tags %}" + source)
    return parse_html(template.render(Context({"form": form, **context})))


GOOD = {"name": "First Last", "email": "a@example.com", "red_flags": "no", "key": "k"}


def test_an_empty_form_binds_labels_and_hints_to_its_fields():
    expected = """
    <div class="field"><label for="id_name">Name</label>
      <input type="text" name="name" autocomplete="name" required id="id_name"></div>
    <div class="field"><label for="id_email">E-mail</label>
      <p class="hint" id="id_email_helptext">We send the confirmation here.</p>
      <input type="email" name="email" autocomplete="email" maxlength="320" required
        aria-describedby="id_email_helptext" id="id_email"></div>
    <fieldset id="id_red_flags" role="radiogroup" aria-required="true" class="field">
      <legend>Do any of these apply?</legend>
      <div class="choice">
        <input type="radio" name="red_flags" value="no" required id="id_red_flags_0">
        <label for="id_red_flags_0">No</label></div>
      <div class="choice">
        <input type="radio" name="red_flags" value="yes" required id="id_red_flags_1">
        <label for="id_red_flags_1">Yes</label></div></fieldset>
    <div class="field">
      <label for="id_reason">Reason <span class="optional">(optional)</span></label>
      <textarea name="reason" cols="40" rows="3" id="id_reason"></textarea></div>
    <div class="field">
      <label for="id_payment">Payment <span class="optional">(optional)</span></label>
      <select name="payment" id="id_payment">
        <option value="" selected>–</option>
        <option value="self-pay">I pay myself</option></select></div>
    <div class="field"><div class="choice">
      <input type="checkbox" name="agree" id="id_agree">
      <label for="id_agree">Call me if a time comes free</label></div></div>
    <input type="hidden" name="key" id="id_key">
    """

    assert html("{{ form|crispy }}", VisitForm()) == parse_html(expected)


def test_a_wrong_field_names_its_error_to_screen_readers():
    form = VisitForm({**GOOD, "email": "first.last"})
    expected = """
    <div class="field wrong"><label for="id_email">E-mail</label>
      <p class="hint" id="id_email_helptext">We send the confirmation here.</p>
      <p class="error" id="id_email_error"><span class="away">Error: </span>Enter an e-mail
        address like name@example.com</p>
      <input type="email" name="email" value="first.last" autocomplete="email" maxlength="320"
        required aria-invalid="true" aria-describedby="id_email_helptext id_email_error"
        id="id_email"></div>
    """

    assert html("{{ form.email|as_crispy_field }}", form) == parse_html(expected)


def test_a_question_without_an_answer_says_so_on_its_fieldset():
    form = VisitForm({**GOOD, "red_flags": ""})
    opening = Template("{% load crispy_forms_tags %}{{ form.red_flags|as_crispy_field }}")

    html = opening.render(Context({"form": form}))

    assert " ".join(re.search(r"<fieldset[^>]*>", html)[0].split()) == (
        '<fieldset id="id_red_flags" role="radiogroup" aria-invalid="true" aria-required="true"'
        ' aria-describedby="id_red_flags_error" class="field wrong">'
    )


def test_the_summary_links_every_error_to_its_field():
    form = VisitForm({"name": "First Last", "email": "first.last"})
    form.add_error(None, "That time has just been taken.")
    expected = """
    <div class="summary" role="alert" tabindex="-1" autofocus><h2>There is a problem</h2><ul>
      <li>That time has just been taken.</li>
      <li><a href="#id_email">Enter an e-mail address like name@example.com</a></li>
      <li><a href="#id_red_flags_0">Choose yes or no</a></li>
      <li>This field is required.</li></ul></div>
    """

    assert html("{{ form|as_crispy_errors }}", form) == parse_html(expected)


def test_a_form_without_errors_has_no_summary():
    assert html("{{ form|as_crispy_errors }}", VisitForm(GOOD)) == parse_html("")


class NameForm(forms.Form):
    name = forms.CharField()


NAME = """<div class="field"><label for="id_name">Name</label>
  <input type="text" name="name" required id="id_name"></div>"""
BOOK = """<button type="submit" name="book" value="Book this time" id="submit-id-book"
  class="button">Book this time</button>"""


def test_the_whole_form_posts_with_a_token_and_its_button():
    form = NameForm()
    form.helper = FormHelper()
    form.helper.add_input(Submit("book", "Book this time"))
    expected = f"""<form method="post" novalidate>
      <input type="hidden" name="csrfmiddlewaretoken" value="TOKEN">
      {NAME}<div class="actions">{BOOK}</div></form>"""

    assert html("{% crispy form %}", form, csrf_token="TOKEN") == parse_html(expected)


def test_a_layout_groups_fields_and_keeps_the_summary_first():
    form = NameForm({})
    form.helper = FormHelper()
    form.helper.form_tag = False
    form.helper.disable_csrf = True
    form.helper.layout = Layout(
        Fieldset("Who is coming?", Div("name", css_class="card")), Submit("book", "Book this time")
    )
    wrong = """<div class="field wrong"><label for="id_name">Name</label>
      <p class="error" id="id_name_error"><span class="away">Error: </span>This field is
        required.</p>
      <input type="text" name="name" required aria-invalid="true"
        aria-describedby="id_name_error" id="id_name"></div>"""
    expected = f"""<div class="summary" role="alert" tabindex="-1" autofocus>
      <h2>There is a problem</h2>
      <ul><li><a href="#id_name">This field is required.</a></li></ul></div>
      <fieldset><legend>Who is coming?</legend><div class="card">{wrong}</div></fieldset>{BOOK}"""

    assert html("{% crispy form %}", form) == parse_html(expected)


@pytest.mark.parametrize("typed", ["<script>alert(1)</script>", '"><img src=x>'])
def test_what_was_typed_and_its_errors_are_escaped(typed):
    form = NameForm({"name": typed})
    form.add_error("name", f"{typed} is no name")

    rendered = Template("{% load crispy_forms_tags %}{{ form|crispy }}").render(
        Context({"form": form})
    )

    assert (typed in rendered, "<script" in rendered, "<img" in rendered) == (False, False, False)
