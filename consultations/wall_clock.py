"""Dates and times as people type them: on the clock of a consultation's own time zone."""

from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import from_current_timezone
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

# No consultation is planned further ahead, and at the ends of the calendar other zones have no such moment.
MOST_YEARS = 20
EARLIEST_YEAR = 2000


class WallClockWidget(forms.SplitDateTimeWidget):
    """A date and a time as the browser itself offers them: no script needed."""

    use_fieldset = True

    def __init__(self):
        super().__init__(
            date_format="%Y-%m-%d",
            time_format="%H:%M",
            date_attrs={"type": "date", "aria-label": gettext_lazy("Date")},
            time_attrs={"type": "time", "aria-label": gettext_lazy("Time")},
        )


class WallClockField(forms.SplitDateTimeField):
    """What a clock on the wall shows: a time without its zone."""

    widget = WallClockWidget

    def compress(self, data_list):
        with timezone.override("UTC"):
            moment = super().compress(data_list)
        latest = timezone.now().year + MOST_YEARS
        if moment and not EARLIEST_YEAR <= moment.year <= latest:
            raise ValidationError(
                _("Choose a year from %(earliest)s to %(latest)s.") % {"earliest": EARLIEST_YEAR, "latest": latest},
                code="year",
            )
        return moment and moment.replace(tzinfo=None)


def on_the_wall(moment, zone):
    """A moment as the clocks of a zone show it, to the minute."""
    return moment.astimezone(zone).replace(tzinfo=None, second=0, microsecond=0)


def moment_of(wall_clock, zone):
    """The moment at which the clocks of a zone show this. Raises ValidationError for an hour that is skipped."""
    with timezone.override(zone):
        return from_current_timezone(wall_clock)
