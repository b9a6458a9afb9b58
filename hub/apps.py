from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig

from hub.formats import ordinals


class HubConfig(AppConfig):
    name = "hub"

    def ready(self):
        ordinals.begin()


class PortalAdminConfig(AdminConfig):
    default_site = "hub.admin.PortalAdminSite"
