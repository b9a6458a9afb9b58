"""What search engines are told to read: the public pages, each in three languages."""

from django.contrib.sitemaps import Sitemap
from django.urls import reverse

from consultations.models import Consultation, Question
from hub.resources.models import Call, Resource


class PortalSitemap(Sitemap):
    i18n = alternates = x_default = True


class PagesSitemap(PortalSitemap):
    def items(self):
        return [
            "home",
            "consultations",
            "resources",
            "resource_calls",
            "about",
            "selection",
            "help",
            "terms",
            "privacy",
            "accessibility",
            "terms-of-use",
            "disclaimer",
            "contact",
        ]

    def location(self, item):
        return reverse(item)


class ConsultationsSitemap(PortalSitemap):
    def items(self):
        return Consultation.objects.published().order_by("pk")


class QuestionsSitemap(PortalSitemap):
    def items(self):
        published = Consultation.objects.published()
        return Question.objects.filter(consultation__in=published).select_related("consultation").order_by("pk")

    def lastmod(self, item):
        return item.latest_comment_at


class ResourcesSitemap(PortalSitemap):
    """The resources listed last; the others are found through their list."""

    most = 2000

    def items(self):
        return Resource.objects.listed().order_by("-state_since")[: self.most]

    def lastmod(self, item):
        return item.state_since


class CallsSitemap(PortalSitemap):
    def items(self):
        return Call.objects.published().order_by("pk")


SITEMAPS = {
    "pages": PagesSitemap,
    "consultations": ConsultationsSitemap,
    "questions": QuestionsSitemap,
    "resources": ResourcesSitemap,
    "calls": CallsSitemap,
}
