from modeltranslation.translator import TranslationOptions, register

from consultations.moderation.models import Announcement


@register(Announcement)
class AnnouncementTranslation(TranslationOptions):
    fields = ["title", "text"]
