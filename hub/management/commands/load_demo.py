"""Load the demo content of all rooms."""

from collections import Counter

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

import hub.experts.demo
import hub.resources.demo
import hub.review.demo
import hub.review.demo_submissions
from consultations.demo import loading
from consultations.demo.another_time import quietly

# In this order: people, consultations and what was said come first.
ROOMS = [
    loading.load,
    hub.experts.demo.load,
    hub.review.demo.load,
    hub.resources.demo.load,
    hub.review.demo_submissions.load,
]


class Command(BaseCommand):
    help = "Adds what is missing of the demo content: accounts, consultations with contributions, and the hub's rooms."

    def handle(self, *, verbosity: int, **options) -> None:
        if settings.PRODUCTION:
            raise CommandError("This portal is in production mode, where invented people and texts do not belong.")
        made: Counter = Counter()
        try:
            with quietly(), transaction.atomic():
                for load in ROOMS:
                    made += load()
        except loading.DemoProblem as problem:
            raise CommandError(str(problem)) from problem
        if verbosity == 0:
            return
        if made:
            self.stdout.write("Made: " + ", ".join(f"{number} {kind}" for kind, number in made.items()) + ".")
        else:
            self.stdout.write("The demo content is there already.")
        accounts = loading.ACCOUNTS | hub.review.demo.ACCOUNTS
        addresses = ", ".join(fields["email"] for fields in accounts.values())
        self.stdout.write(f"Accounts: {addresses}; password {loading.PASSWORD}")
