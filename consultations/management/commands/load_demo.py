"""Load the demo content."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from consultations.demo import loading


class Command(BaseCommand):
    help = "Adds what is missing of the demo content: accounts, consultations, questions and contributions."

    def handle(self, *, verbosity: int, **options) -> None:
        if settings.PRODUCTION:
            raise CommandError("This portal is in production mode, where invented people and texts do not belong.")
        try:
            made = loading.load()
        except loading.DemoProblem as problem:
            raise CommandError(str(problem)) from problem
        if verbosity == 0:
            return
        if made:
            self.stdout.write("Made: " + ", ".join(f"{number} {kind}" for kind, number in made.items()) + ".")
        else:
            self.stdout.write("The demo content is there already.")
        accounts = ", ".join(fields["email"] for fields in loading.ACCOUNTS.values())
        self.stdout.write(f"Accounts: {accounts}; password {loading.PASSWORD}")
