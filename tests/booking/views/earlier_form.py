"""What is sent to be put on the earlier-time list."""

CHOICES = {"weekdays": ["1", "0"], "parts": ["morning"]}
CONTACT = {
    "name": "Rosa Marquez",
    "phone": "(212) 555-0199",
    "email": "rosa@example.org",
    "red_flags": "no",
}
