"""Names, e-mail addresses and telephone numbers as people type them.

Of a name: what can be seen of it, and when two are the same. An address is cleaned on the way in;
which of them are one mailbox.
A number is kept as typed, with E.164 beside it for search.
"""

import re
import unicodedata

import phonenumbers
from django.conf import settings

# They look like spaces, and Unicode counts them among letters and signs.
FILLERS = dict.fromkeys(map(ord, "\u115f\u1160\u2800\u3164\uffa0"), " ")
# Of what cannot be seen, some scripts need these two inside words.
JOINERS = "\u200c\u200d"
WITHOUT_JOINERS = dict.fromkeys(map(ord, JOINERS))
# Unicode's default-ignorable code points that are no format signs by category (variation selectors,
# fillers, vowels of Khmer that nobody writes), and the place of an object in a text.
IGNORABLE = {0x34F, 0x17B4, 0x17B5, *range(0x180B, 0x1810), 0x2065, *range(0xFE00, 0xFE10)}
IGNORABLE |= {*range(0xFFF0, 0xFFF9), 0xFFFC, *range(0xE0000, 0xE1000)}
# Unicode's combining classes of marks that are part of a letter, and of what is no mark.
NO_MARK, NUKTA, SOUND_MARK, VIRAMA = 0, 7, 8, 9
FOLDED_LENGTH = 200
MAILBOX_LENGTH = 260  # an address has 254, and "me.com" counts as "icloud.com"
# Typed in many ways, or left out: all kinds of apostrophes, quotes, backticks, primes. Names are
# written with a hyphen or with a space.
APOSTROPHES = [0x22, 0x27, 0x60, 0xB4, *range(0x2B9, 0x2C0), 0x2C8, 0x2CA, 0x2CB, 0x2EE, 0x374]
APOSTROPHES += [0x384, 0x55A, 0x55B, 0x5F3, 0x5F4, 0x7F4, 0x7F5, 0x1FBD, 0x1FBF, 0x1FEF, 0x1FFD]
APOSTROPHES += [0x1FFE, *range(0x2018, 0x2020), *range(0x2032, 0x2038), *range(0x275B, 0x275F)]
APOSTROPHES += [0xA78B, 0xA78C, 0xFF02, 0xFF07, 0xFF40]
HYPHENS = [0x2D, 0x58A, 0x5BE, *range(0x2010, 0x2016), 0x2043, 0x2212, 0xFE58, 0xFE63, 0xFF0D]
MARKS = dict.fromkeys(APOSTROPHES) | dict.fromkeys(HYPHENS, " ")
# Latin letters that Unicode does not take apart; small ones alone, the others are folded before.
# What `casefold` does already: the German sharp s is "ss".
PLAIN_LETTERS = str.maketrans(
    {
        "ø": "o",
        "ł": "l",
        "æ": "ae",
        "œ": "oe",
        "đ": "d",
        "ð": "d",
        "ħ": "h",
        "ı": "i",
        "þ": "th",
        "ŧ": "t",
        "ŋ": "n",
        "ƒ": "f",
        "ɓ": "b",
        "ɗ": "d",
        "ƙ": "k",
    }
)
# Where a provider delivers several spellings of an address to one mailbox, as each says in its help
# or code: Gmail (dots do not matter; googlemail.com is the same), Outlook.com and Exchange Online
# (plus addressing), Apple 118230 (one account has all three domains), Fastmail (plus and subdomain
# addressing), Proton's WebClients (`removeEmailAlias`). Yahoo's hyphens are aliases made one by
# one. Of any other host nothing is known: there each spelling may be somebody else.
SAME_HOST = {"googlemail.com": "gmail.com", "me.com": "icloud.com", "mac.com": "icloud.com"}
PROTON = ["proton.me", "protonmail.com", "pm.me"]
FASTMAIL = ("fastmail.com", "fastmail.fm")
LEAVES_OUT = {"gmail.com": "."} | dict.fromkeys(PROTON, "._-")
TAKES_PLUS = {"gmail.com", "outlook.com", "hotmail.com", "live.com", "msn.com", "icloud.com"}
TAKES_PLUS |= {*PROTON, *FASTMAIL}
LOOSE_JOINERS = re.compile(rf"(?<!\S)[{JOINERS}]+|[{JOINERS}]+(?!\S)")

QUOTED_PAIR, NEEDS_A_BACKSLASH = re.compile(r"\\(.)"), re.compile(r'[\\"]')
PLAIN_NAME = re.compile(r"[\w!#$%&'*+/=?^`{|}~-]+(\.[\w!#$%&'*+/=?^`{|}~-]+)*")  # a dot-atom


def tidy(typed: str) -> str:
    """One line, as it looks: without invisible characters and runs of spaces."""
    return " ".join(LOOSE_JOINERS.sub("", visible(typed).translate(FILLERS)).split())


def visible(typed: str) -> str:
    """Text of several lines without what cannot be seen, but for spaces, breaks and joiners."""
    return "".join(sign for sign in typed if sign in JOINERS or not is_invisible(sign))


def is_invisible(sign: str) -> bool:
    """Whether it only formats what stands beside it (joins, breaks, varies, turns the direction),
    or controls a device. Spaces and line breaks do not count.
    """
    if unicodedata.category(sign) == "Cc":
        return not sign.isspace()
    return unicodedata.category(sign) == "Cf" or ord(sign) in IGNORABLE


def has_letter(text: str) -> bool:
    """Whether there is a letter of any script; a dot or a dash alone is nobody's name."""
    return any(unicodedata.category(sign).startswith("L") for sign in text)


def fold(name: str) -> str:
    """The name as people compare it, at most 200 characters.

    Without capitals, accents, apostrophes, invisible characters and runs of spaces; joined and
    barred letters as plain ones, hyphens as spaces. Folded twice, it stays the same.
    """
    plain = _unaccented(tidy(name).translate(MARKS))
    plain = _unaccented(plain.casefold().translate(PLAIN_LETTERS))
    return " ".join(plain.translate(MARKS).split())[:FOLDED_LENGTH].rstrip()


def _unaccented(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text)
    return "".join(sign for sign in letters if not is_accent(sign) and not is_invisible(sign))


def is_accent(sign: str) -> bool:
    """Whether it is a mark on a letter that people leave out.

    Not those that make another letter: dots below in Indic scripts, sound marks in Japanese.
    """
    return unicodedata.combining(sign) not in (NO_MARK, NUKTA, SOUND_MARK, VIRAMA)


def tidy_email(typed: str) -> str:
    """The address as mail programs write it, or as near as can be: a form's validator decides.

    Without invisible characters and outer spaces, full-width signs as plain ones, the domain in
    small letters and, if it is an international one, in its ASCII form.
    """
    name, at, domain = unicodedata.normalize("NFKC", tidy(typed)).rpartition("@")
    domain = ascii_domain(domain) if at else domain
    return f"{unquoted(name.translate(WITHOUT_JOINERS))}{at}{domain}".strip()


def unquoted(name: str) -> str:
    """What stands before the @, without quotes and backslashes that say nothing: RFC 5322, 3.2.4.

    Else one mailbox would have as many spellings as its letters can be quoted.
    """
    plain = _meant(name)
    if plain == name or PLAIN_NAME.fullmatch(plain):
        return plain
    return '"' + NEEDS_A_BACKSLASH.sub(r"\\\g<0>", plain) + '"'


def _meant(name: str) -> str:
    """The letters that a quoted name stands for; any other as it is."""
    is_quoted = len(name) > 2 and name[0] == name[-1] == '"'
    return QUOTED_PAIR.sub(r"\1", name[1:-1]) if is_quoted else name


def is_on_the_internet(email: str) -> bool:
    """Whether its domain has a dot and is no address literal such as `[192.0.2.1]`."""
    domain = email.rpartition("@")[2]
    return "." in domain and not domain.startswith("[")


def ascii_domain(domain: str) -> str:
    """A domain in its ASCII form; as it is where it has none that everybody agrees on.

    Python's codec follows IDNA 2003, which makes other letters of some, such as "ss" of a sharp s.
    By IDNA 2008, which mail programs follow, those are domains of their own, and may be somebody
    else's: only what the codec gives back as it was, but for capitals, is the same by both.
    """
    without = domain.translate(WITHOUT_JOINERS)
    if without.isascii():  # elsewhere a joiner may make another domain
        return without.lower()
    small = unicodedata.normalize("NFC", domain.replace("\u3002", ".").lower())
    try:
        written = small.encode("idna")
        return written.decode("ascii").lower() if written.decode("idna") == small else domain
    except UnicodeError:
        return domain


def mailbox(email: str) -> str:
    """Where the mail arrives, for counting: one text for all spellings of an address that its
    provider delivers to the same mailbox. Capitals never matter. At most 260 characters.
    """
    name, _at, host = email.casefold().rpartition("@")
    name = _meant(name)
    owner, _dot, above = host.partition(".")
    if above in FASTMAIL:  # anything@rosa.fastmail.com is Rosa's
        name, host = owner, above
    host = SAME_HOST.get(host, host)
    if host in TAKES_PLUS:
        name = name.partition("+")[0] or name
    left_out = dict.fromkeys(map(ord, LEAVES_OUT.get(host, "")))
    return f"{name.translate(left_out) or name}@{host}"[:MAILBOX_LENGTH]


def to_e164(typed: str) -> str:
    """The number in E.164, such as `+12125550199`. Raises ValueError if none can have it.

    As dialled in the clinic's country, or with a plus sign and the code of any other.
    """
    try:
        number = phonenumbers.parse(typed, settings.CLINIC_COUNTRY)
    except phonenumbers.NumberParseException as error:
        raise ValueError(typed) from error
    if not phonenumbers.is_valid_number(number):
        raise ValueError(typed)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def abroad(digits: str) -> str:
    """The first digits of a number as dialled in the clinic's country, as E.164 begins with them:
    `+1212555` for "212 555", `+442079` for "020 79" in Britain.
    """
    code = phonenumbers.country_code_for_region(settings.CLINIC_COUNTRY)
    prefix = phonenumbers.ndd_prefix_for_region(settings.CLINIC_COUNTRY, True) or ""
    return f"+{code}{digits.removeprefix(prefix)}"


def phone_link(typed: str) -> str:
    """`tel:` address of a telephone number as typed, in E.164 where it can be."""
    try:
        return f"tel:{to_e164(typed)}"
    except ValueError:
        return "tel:" + "".join(sign for sign in typed if sign.isdigit() or sign == "+")
