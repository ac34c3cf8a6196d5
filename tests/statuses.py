"""The statuses of a visit and the steps between them, written down apart from the code's own."""

ACTIVE = ["booked", "arrived", "fulfilled"]  # these hold their time
OVER = ["cancelled", "noshow"]  # these free it
EVERY = [*ACTIVE, *OVER]
STEPS = {
    "booked": {"arrived", "noshow", "cancelled"},
    "arrived": {"fulfilled", "booked"},
    "fulfilled": {"arrived"},
    "noshow": {"booked", "arrived"},
    "cancelled": set(),
}
