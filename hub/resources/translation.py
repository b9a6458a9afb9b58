from modeltranslation.translator import TranslationOptions, register

from hub.resources.models import Call, GuidingPrinciple, Region, Resource


@register([Region, GuidingPrinciple])
class NameTranslation(TranslationOptions):
    fields = ["name"]


@register(Call)
class CallTranslation(TranslationOptions):
    fields = ["title", "text"]


@register(Resource)
class ResourceTranslation(TranslationOptions):
    fields = ["title", "summary"]
