"""Which rule confirms a removal: measured over the bundled history, read daily, weekly and monthly.

Run it with ``python benchmarks/confirmation.py``. Each reader asks at its own pace and sees the newest snapshot of the
bundled history; renamed codes are left out. An announced absence is wrong if the offering is back within 60 days after
it was first missing. The delay is that between the first reading without an offering that stays away and the reading
that announces it. An absence of a week, which the bundled history is too sparse to show, is put to each rule as well.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from statistics import median
from typing import Final, NamedTuple

from aws_ssm_fetcher.core.config import Caution
from aws_ssm_fetcher.processors.history.bundled import bundled_past
from aws_ssm_fetcher.processors.history.changes import changes

DAY: Final = timedelta(days=1)
WRONG_DAYS: Final = 60
PACES: Final = {"daily": 1, "weekly": 7, "monthly": 30}


class ConfirmationRule(NamedTuple):
    """When an absence is announced."""

    snapshots: int
    days: int
    either: bool = False
    """Whether one of the two is enough."""

    def announces(self, count: int, days: int) -> bool:
        """Return whether so many readings without it, over so many days, are enough."""
        enough = count >= self.snapshots, days >= self.days
        return any(enough) if self.either else all(enough)

    def __str__(self) -> str:
        """Name the rule."""
        return f"{self.snapshots} snapshots {'or' if self.either else 'over'} {self.days} days"


RULES: Final = (
    ConfirmationRule(3, 14, either=True),
    ConfirmationRule(2, 1),
    ConfirmationRule(2, 7),
    ConfirmationRule(2, 8),
    ConfirmationRule(2, 14),
    ConfirmationRule(3, 21),
)


class Absence(NamedTuple):
    """An offering is gone from a moment on, and may come back."""

    begins: datetime
    ends: datetime | None


def absences() -> list[Absence]:
    """List the absences of all offerings in the bundled history, without those that are renames."""
    past = bundled_past()
    renames = [change for change in changes(past, Caution()) if change.kind == "renamed"]
    renamed = {(region, change.old) for change in renames for region in change.regions}
    taken = [run.taken for run in past.runs]
    absences_found = []
    for subject, spans in past.spans.items():
        if subject.kind == "offering" and (subject.region, subject.service) not in renamed:
            for number, span in enumerate(spans):
                if span.last is not None:
                    back = spans[number + 1].first if number + 1 < len(spans) else None
                    absences_found.append(Absence(taken[span.last + 1], None if back is None else taken[back]))
    return absences_found


def delay(absence: Absence, rule: ConfirmationRule, pace: int, start: datetime, end: datetime) -> int | None:
    """Return the days from the first reading without an offering to the one that announces it, if one does."""
    until = absence.ends or end
    steps = -(-(absence.begins - start) // (pace * DAY))
    reading = first = start + steps * pace * DAY
    count = 0
    while reading < until:
        count += 1
        if rule.announces(count, (reading - first).days):
            return (reading - first).days
        reading += pace * DAY
    return None


def main() -> None:
    """Print a line for each rule and pace."""
    past, every_absence = bundled_past(), absences()
    start, end = past.runs[0].taken, past.runs[-1].taken + 365 * DAY
    short = [absence for absence in every_absence if absence.ends and absence.ends - absence.begins <= WRONG_DAYS * DAY]
    lasting = [absence for absence in every_absence if absence.ends is None]
    print(f"{len(every_absence)} absences: {len(short)} of up to {WRONG_DAYS} days, {len(lasting)} that last")
    week = Absence(start + 100 * DAY, start + 107 * DAY)
    print(f"{'rule':<26}{'read':<10}{'wrong':>6}{'a week':>11}{'delay: median':>15}{'longest':>9}")
    for rule in RULES:
        for pace, days in PACES.items():
            wrong = sum(delay(absence, rule, days, start, end) is not None for absence in short)
            weekly = "announced" if delay(week, rule, days, start, end) is not None else "-"
            delays = [
                days_late for absence in lasting if (days_late := delay(absence, rule, days, start, end)) is not None
            ]
            print(f"{rule!s:<26}{pace:<10}{wrong:>6}{weekly:>11}{median(delays):>15g}{max(delays):>9}")


if __name__ == "__main__":
    main()
