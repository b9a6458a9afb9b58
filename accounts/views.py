"""Pages about oneself; those for logging in and the like are allauth's."""

from allauth.account.adapter import get_adapter
from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.core.serializers.json import DjangoJSONEncoder
from django.http import JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import parking
from accounts.administrators import LastAdministrator
from accounts.erasure import erase_account
from accounts.export import everything_about
from accounts.forms import DeleteAccountForm, ProfileForm
from accounts.models import User


@parking.keeps_text()
def profile(request):
    # A copy, so that a name that was refused does not appear in the page's head.
    form = ProfileForm(request.POST or None, instance=User.objects.get(pk=request.user.pk))
    if request.method != "POST":
        form = parking.begun(request, form, "profile")
    if request.method == "POST" and form.is_valid():
        # Somebody who chooses another language reads on in it.
        user = form.save()
        language = user.language if "language" in form.changed_data else get_language()
        with override(language):
            messages.success(request, _("Your changes are saved."))
            return redirect("profile")
    return render(request, "accounts/profile.html", {"form": form}, status=422 if form.errors else 200)


@require_POST
def discard_parked(request):
    """Forget what was typed in one form before the session ended; the page of the form then stands as it is kept.

    It is in this browser's session only, so that nobody has to log in for it.
    """
    parking.forget(request, request.POST.get("kind", ""), request.POST.get("about", ""))
    page = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(page, {request.get_host()}, require_https=request.is_secure())
    return redirect(page if is_ours else "profile")


@login_required
@reauthentication_required
def download_my_data(request):
    """Everything about the person who asks, as one file."""
    if request.method != "POST":
        return render(request, "accounts/data.html")
    response = JsonResponse(
        everything_about(request.user),
        encoder=DjangoJSONEncoder,
        json_dumps_params={"ensure_ascii": False, "indent": 2},
    )
    response["Content-Disposition"] = f'attachment; filename="my-data-{timezone.now():%Y-%m-%d}.json"'
    return response


@login_required
@reauthentication_required
def delete_account(request):
    form = DeleteAccountForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        email, language = request.user.email, request.user.language
        try:
            erase_account(request.user, keep_contributions=form.keeps_contributions)
        except LastAdministrator as problem:
            form.add_error(None, str(problem))
        else:
            logout(request)
            with override(language):
                get_adapter().send_mail("account/email/account_deleted", email, {"kept": form.keeps_contributions})
            messages.success(request, _("Your account is deleted."))
            return redirect("home")
    return render(request, "accounts/delete.html", {"form": form}, status=422 if form.errors else 200)
