"""Bring locale/*/django.po up to date with the texts in code and templates."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from hub import catalogues


class Command(BaseCommand):
    help = "Adds new texts to the translation catalogues and removes those that are gone."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="change nothing; fail when a translation is missing")

    def handle(self, *, check: bool, **options) -> None:
        languages = [code for code, _ in settings.LANGUAGES if code != settings.LANGUAGE_CODE]
        if check:
            lacking = {code: catalogues.lacking_translation(settings.BASE_DIR, code) for code in languages}
        else:
            lacking = catalogues.update_catalogues(settings.BASE_DIR, languages)
        for language, texts in lacking.items():
            self.stdout.write(f"{language}: {len(texts)} texts to translate")
            for text in texts:
                self.stdout.write(f"    {text}")
        if check and any(lacking.values()):
            raise CommandError("There are texts without a translation. Run script/messages and translate them.")
