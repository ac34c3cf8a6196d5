"""What stands on the cards of the shipped exercises."""

import re

CARD = re.compile(r'<section class="exercise".*?</section>', re.DOTALL)
TOWARD_THE_BACK = "Do more only if the pain moves from the leg toward the back, or stays the same."
