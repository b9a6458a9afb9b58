from django.contrib.admin import AdminSite
from django.utils.translation import gettext_lazy as _


class PortalAdminSite(AdminSite):
    site_title = _("Administration of the portal")
    site_header = _("Administration of the portal")
    index_title = _("What would you like to manage?")
