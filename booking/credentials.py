"""What the letters after a therapist's name mean, in words that patients know.

Degrees as US schools give them; specialties as the American Board of Physical Therapy Specialties
(ABPTS) names them.
"""

from django.utils.translation import gettext_lazy as _

MEANINGS = {
    "PT": _("Licensed physical therapist"),
    "PTA": _("Physical therapist assistant"),
    "BSPT": _("Bachelor's degree in physical therapy"),
    "MPT": _("Master's degree in physical therapy"),
    "MSPT": _("Master's degree in physical therapy"),
    "DPT": _("Doctor's degree in physical therapy"),
    "OCS": _("Board-certified for bones, joints and muscles (orthopedics)"),
    "SCS": _("Board-certified for sport"),
    "GCS": _("Board-certified for older people (geriatrics)"),
    "NCS": _("Board-certified for brain and nerves (neurology)"),
    "PCS": _("Board-certified for children (pediatrics)"),
    "WCS": _("Board-certified for women's health"),
    "CCS": _("Board-certified for heart and lungs"),
}


def meanings(credentials: str) -> list[tuple[str, str]]:
    """The letters of `credentials` ("PT, DPT") that are known, in order, with their meaning."""
    letters = (each.strip() for each in credentials.split(","))
    return [(each, str(MEANINGS[each])) for each in letters if each in MEANINGS]
