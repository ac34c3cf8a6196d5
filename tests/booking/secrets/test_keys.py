"""One key for each use: held over the whole source, and over every use there is."""

import ast
from enum import StrEnum, unique
from pathlib import Path

import pytest
from django.core.signing import BadSignature

from booking.secrets import keys
from booking.secrets.keys import Use

TOP = Path(__file__).parents[3]
ONE_PLACE = "booking/secrets/keys.py"
READS = {"clinic_site/gunicorn_config.py"}  # asks at the start whether there is one
MAKERS = {"Signer", "TimestampSigner", "dumps", "loads", "salted_hmac"}
SIGNS = {"signing", "crypto", "django.core.signing", "django.utils.crypto"}


def modules():
    found = [path for app in ("booking", "clinic_site", "conditions") for path in walk(app)]
    return [name for name in found if name != ONE_PLACE]


def walk(app):
    return sorted(str(path.relative_to(TOP)) for path in (TOP / app).rglob("*.py"))


def takes_a_key(source):
    """What a module does that is for `keys` alone."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Attribute(attr=name) if name.startswith("SECRET_KEY"):
                yield name
            case ast.Call(func=ast.Attribute(value=ast.Name(id=module), attr=name)):
                yield from {name} & MAKERS if module in SIGNS else ()
            case ast.ImportFrom(module=module, names=names) if module in SIGNS:
                yield from {each.name for each in names} & MAKERS
            case ast.keyword(arg=("salt" | "key_salt") as name):
                yield name


def uses(source):
    """Which keys a module asks for."""
    return {
        node.attr
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Attribute) and getattr(node.value, "id", "") == "Use"
    }


def test_no_other_module_takes_the_key_or_a_salt():
    found = {name: list(takes_a_key((TOP / name).read_text())) for name in modules()}

    assert {name for name, made in found.items() if made} == READS


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("hmac.digest(settings.SECRET_KEY, b'', 'sha256')", ["SECRET_KEY"]),
        ("for each in settings.SECRET_KEY_FALLBACKS: pass", ["SECRET_KEY_FALLBACKS"]),
        ("signing.dumps({})", ["dumps"]),
        ("from django.core.signing import Signer", ["Signer"]),
        ("from django.utils.crypto import salted_hmac", ["salted_hmac"]),
        ("sign(salt='booking')", ["salt"]),
        ("json.dumps({}); from django.core.signing import BadSignature", []),
    ],
)
def test_a_module_that_does_is_found(source, found):
    assert list(takes_a_key(source)) == found


def test_each_key_is_asked_for_in_one_module():
    asked = [use for name in modules() for use in uses((TOP / name).read_text())]

    assert sorted(asked) == sorted(use.name for use in Use)


def test_no_two_uses_have_one_key():
    made = [keys.of(use) for use in Use] + [keys.signer(use).sign("a") for use in Use]
    made += [keys.mark(use, "a") for use in Use] + [keys.digest(use, "a") for use in Use]

    assert len(set(made)) == 4 * len(Use)
    assert len({len(keys.of(use)) for use in Use}) == 1


def test_two_uses_of_one_text_are_refused():
    with pytest.raises(ValueError, match="duplicate"):
        unique(StrEnum("Two", {"A": "same", "B": "same"}))


@pytest.mark.parametrize("other", [use for use in Use if use is not Use.STAMPS])
def test_what_is_signed_for_one_use_is_worth_nothing_to_another(other):
    signed = keys.signer(other).sign("a")
    with pytest.raises(BadSignature):
        keys.signer(Use.STAMPS).unsign(signed)


def test_keys_of_before_are_known_while_the_settings_name_them(settings):
    before = keys.of(Use.SEALED)
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another"

    assert list(keys.every(Use.SEALED)) == [keys.of(Use.SEALED), before]
    assert keys.of(Use.SEALED) != before
