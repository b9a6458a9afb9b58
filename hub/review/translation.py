from modeltranslation.translator import TranslationOptions, register

from hub.review.models import Criterion


@register(Criterion)
class CriterionTranslation(TranslationOptions):
    fields = ["name", "question", "weak", "sufficient", "strong"]
