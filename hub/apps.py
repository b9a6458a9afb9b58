from importlib import import_module

import django_countries
from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig

from hub import countries
from hub.formats import ordinals


class HubConfig(AppConfig):
    name = "hub"

    def ready(self):
        import_module("hub.checks")
        ordinals.begin()
        # The library has this name for what puts its lists in order, and no setting.
        django_countries.sort_key = countries.alphabetically


class PortalAdminConfig(AdminConfig):
    default_site = "hub.admin.PortalAdminSite"
