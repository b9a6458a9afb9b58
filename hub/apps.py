from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class HubConfig(AppConfig):
    name = "hub"


class PortalAdminConfig(AdminConfig):
    default_site = "hub.admin.PortalAdminSite"
