from modeltranslation.translator import TranslationOptions, register

from consultations.models import ConductRule, Consultation, DiscussionSpace, Objective, Question, Terms


@register(Objective)
class ObjectiveTranslation(TranslationOptions):
    fields = ["name"]


@register(Terms)
class TermsTranslation(TranslationOptions):
    fields = ["conduct", "use_of_contributions"]


@register(DiscussionSpace)
class DiscussionSpaceTranslation(TranslationOptions):
    fields = ["title", "introduction"]


@register(Consultation)
class ConsultationTranslation(TranslationOptions):
    fields = ["title", "summary", "aim", "how_to_contribute", "audience", "contact", "outcome"]


@register(Question)
class QuestionTranslation(TranslationOptions):
    fields = ["text", "introduction"]


@register(ConductRule)
class ConductRuleTranslation(TranslationOptions):
    fields = ["text"]
