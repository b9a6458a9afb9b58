from modeltranslation.translator import TranslationOptions, register

from accounts.models import StakeholderGroup


@register(StakeholderGroup)
class StakeholderGroupTranslation(TranslationOptions):
    fields = ["name"]
