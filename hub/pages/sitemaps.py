"""What search engines are told to read: the public pages, each in three languages."""

from django.contrib.sitemaps import Sitemap
from django.urls import reverse

from consultations.models import Consultation, Question


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
            "help",
            "terms",
            "privacy",
            "accessibility",
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


SITEMAPS = {"pages": PagesSitemap, "consultations": ConsultationsSitemap, "questions": QuestionsSitemap}
