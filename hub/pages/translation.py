from modeltranslation.translator import TranslationOptions, register

from hub.pages.models import Page, PageVersion


@register([Page, PageVersion])
class PageTextsTranslation(TranslationOptions):
    fields = ["title", "summary", "body"]
