"""Where contributions stand: the page on which moderators move a thread."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts import parking
from consultations import permissions
from consultations.models import Question
from consultations.moderation import acts
from consultations.moderation.forms_place import MoveForm
from consultations.moderation.models import Act
from consultations.moderation.sight import Stamp
from consultations.moderation.views import UNSEEN, sent_in, status_of
from consultations.views import find_comment


@parking.keeps_text()
def move(request, pk):
    """Put a thread under another question (moderators)."""
    root = find_comment(request, pk)
    if not permissions.can_move(request.user, root):
        raise PermissionDenied
    form = MoveForm(sent_in(request), root=root)
    problem, status = None, 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            problem = carry_out(request, root, form)
            if not problem:
                root = find_comment(request, pk)
                messages.success(request, _("The thread has been moved here."), extra_tags=f"comment-{pk}")
                return redirect(root.get_discussion_url())
            status = status_of(problem)
        root = find_comment(request, pk)
    else:
        form = parking.begun(request, form, "move_thread", pk)
    refusal = acts.why_not_placed(root)
    context = {
        "comment": root,
        "form": form,
        # As it stands now: pressing again decides about what is shown.
        "seen": Stamp.now(root),
        "problem": problem or refusal,
        "is_possible": not refusal,
    }
    return render(request, "consultations/move.html", context, status=status)


def carry_out(request, root, form: MoveForm) -> acts.ActError | None:
    """Do what the form says, or say why it cannot be done. A second click finds it done."""
    to, reason = form.cleaned_data["to"], form.cleaned_data["reason"]
    seen = form.cleaned_data["seen"] or UNSEEN
    try:
        acts.move(comment=root, moderator=request.user, to=to, reason=reason, seen=seen)
    except acts.Overtaken as problem:
        return None if is_done(problem.act, request.user, to) else problem
    except acts.ActError as problem:
        return problem
    return None


def is_done(act: Act | None, moderator, to: Question) -> bool:
    """Whether the act that came between was this very one."""
    is_own_move = act is not None and act.kind == Act.Kind.MOVED and act.actor_id == moderator.pk
    return is_own_move and act.after.get("question") == to.number
