"""The table of the benchmarks: what is measured, its figure, its bound, whether that is kept."""

from dataclasses import dataclass

HEAD = """\
| what is measured                                    | figure | bound    |      |
| --------------------------------------------------- | -----: | -------- | ---- |
"""


@dataclass(frozen=True)
class Row:
    """One measure. `at_least` or `at_most` is its bound; without one it is only recorded."""

    name: str
    figure: float
    at_least: float | None = None
    at_most: float | None = None

    @property
    def is_missed(self) -> bool:
        too_low = self.at_least is not None and self.figure < self.at_least
        return too_low or (self.at_most is not None and self.figure > self.at_most)

    @property
    def bound(self) -> str:
        """The bound in words."""
        if self.at_least is not None:
            return f"≥ {self.at_least:g}"
        return "recorded" if self.at_most is None else f"≤ {self.at_most:g}"

    @property
    def verdict(self) -> str:
        """Whether the bound is kept; nothing where there is none."""
        if self.bound == "recorded":
            return ""
        return "FAIL" if self.is_missed else "ok"

    def __str__(self) -> str:
        return f"| {self.name:51} | {self.figure:6.2f} | {self.bound:8} | {self.verdict:4} |"
