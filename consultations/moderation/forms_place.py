"""Is what a moderator sent about the place of a thread well formed?"""

from django import forms
from django.utils.translation import gettext_lazy as _

from consultations.forms import TypedText
from consultations.models import Comment, Question


class MoveForm(forms.Form):
    """To which question of the consultation a thread goes, and why."""

    seen = forms.CharField(required=False, max_length=100)
    to = forms.ModelChoiceField(
        Question.objects.none(),
        label=_("Move the thread to"),
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={
            "required": _("Choose where the thread should go."),
            "invalid_choice": _("Choose a question of this consultation."),
        },
    )
    reason = TypedText(
        label=_("Reason"),
        help_text=_("Shown to everybody beside the thread, and told to its author. Kept in the record, too."),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"class": "short"}),
    )

    def __init__(self, *args, root: Comment, **kwargs):
        super().__init__(*args, **kwargs)
        # Where it stands is among them: whoever chose that was overtaken, and is told so.
        self.fields["to"].queryset = root.question.consultation.questions.all()
