"""The pages of one's own second factor: what it is, the picture to scan, the recovery codes, giving it up."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import actions, flow, one_time_codes, rules, viewing
from accounts.browsers import browser_of
from accounts.forms.factors import FirstCodeForm
from accounts.guards import confirmation_due, confirmation_required, open_before_enrolment, signed_in_person
from accounts.models import KeptForm, RecoveryCode, TotpDevice, User
from accounts.sessions import digest_of, opened_at
from accounts.views.frame import frame_of, landing_of
from accounts.views.second_factor import too_many_codes

WRONG_CODE = "Ce n’est pas le code de cette clé en ce moment. Attendez le suivant et saisissez-le."


@open_before_enrolment
@require_safe
def detail(request: HttpRequest) -> HttpResponse:
    """Whether there is one, what it asks, how many recovery codes are left."""
    user = signed_in_person(request)
    factor = TotpDevice.objects.of(user).confirmed().first()
    left = RecoveryCode.objects.of(user).unused().count() if factor else 0
    context = {
        **frame_of(user),
        "person": user,
        "factor": factor,
        "left": left,
        "is_low": rules.recovery_codes_are_low(left),
        "must_have": user.owes_factor or rules.must_have_factor(user),
        "may_require": rules.may_require_factor(user),
        "is_frozen": user.is_frozen,
        "company": user.company,
    }
    return render(request, "accounts/second_factor.html", context)


@open_before_enrolment
@require_POST
def begin(request: HttpRequest) -> HttpResponseBase:
    """Draw a key, then show it."""
    if due := _confirmation_due(request):
        return due
    try:
        actions.begin_enrolment(user=signed_in_person(request), now=timezone.now())
    except actions.ChangesFrozen:
        return redirect("accounts:second_factor")
    return redirect("accounts:enrol")


@open_before_enrolment
@sensitive_post_parameters("code")
@sensitive_variables("form", "drawn")
@require_http_methods(["GET", "HEAD", "POST"])
def enrol(request: HttpRequest) -> HttpResponseBase:
    """The key as a picture and in words, until the application gave its first code; then the recovery codes, once.

    Whoever gives that code has seen the key: who is there is asked before showing it, and not again while somebody
    installs an application.
    """
    user, now = signed_in_person(request), timezone.now()
    waiting = TotpDevice.objects.of(user).pending(since=now - rules.ENROLMENT_LIFE).first()
    if waiting is None or user.is_frozen:
        return redirect("accounts:second_factor")
    form = FirstCodeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            drawn = _confirm(request, user, form.cleaned_data["code"])
        except actions.FactorClosed as closed:
            return too_many_codes(request, closed)
        except (actions.NothingToConfirm, actions.ChangesFrozen):
            return redirect("accounts:second_factor")
        if drawn is not None:
            return _recovery_codes(request, user, drawn, is_enrolling=True)
        form.add_error("code", WRONG_CODE)
    if due := _confirmation_due(request):
        return due
    context = {
        "form": form,
        "person": user,
        "is_replacing": rules.has_factor(user),
        **_key_of(waiting, user),
        **frame_of(user),
    }
    return render(request, "accounts/enrol.html", context)


@require_POST
@confirmation_required
@sensitive_variables("drawn")
def draw(request: HttpRequest) -> HttpResponse:
    """Other recovery codes, shown once; the earlier ones are dead."""
    user = signed_in_person(request)
    try:
        drawn = actions.draw_recovery_codes(user=user, browser=browser_of(request), now=timezone.now())
    except (actions.NoFactor, actions.ChangesFrozen):
        return redirect("accounts:second_factor")
    return _recovery_codes(request, user, drawn, is_enrolling=False)


@require_POST
@confirmation_required
def remove(request: HttpRequest) -> HttpResponse:
    """Go back to the password alone, unless one must have a second factor."""
    session = digest_of(request.session.session_key or "")
    try:
        actions.remove_factor(
            user=signed_in_person(request), session=session, browser=browser_of(request), now=timezone.now()
        )
    except actions.FactorNeeded:
        messages.error(request, "Votre second facteur est obligatoire : il se remplace, il ne se retire pas.")
    except (actions.NoFactor, actions.ChangesFrozen):
        pass  # The page says how things stand.
    else:
        request.session.cycle_key()
        messages.success(request, "Le second facteur est retiré. Vos autres sessions sont terminées.")
    return redirect("accounts:second_factor")


def _confirmation_due(request: HttpRequest) -> HttpResponseBase | None:
    """Where to confirm who is there, before a key is drawn or shown.

    Not asked of whoever owes a factor and signed in within the last half hour, since they just gave the password and
    nothing else opens; nor of whoever came in with a recovery code, who has no application left to confirm with.
    """
    # Neither of these two excuses is the owner's while an advisor looks on (KEY-03).
    viewing.require_own_eyes(request)
    user, now = signed_in_person(request), timezone.now()
    has_just_come = now - opened_at(request.session, now=now) < rules.ENROLMENT_LIFE
    if (user.owes_factor and has_just_come) or flow.is_recovered(request, now=now):
        return None
    return confirmation_due(request)


@sensitive_variables("code")
def _confirm(request: HttpRequest, user: User, code: str) -> list[str] | None:
    """The recovery codes once the first code was right; this session goes on under a new id (SESS-01)."""
    session = digest_of(request.session.session_key or "")
    drawn = actions.confirm_enrolment(
        user=user, code=code, session=session, browser=browser_of(request), now=timezone.now()
    )
    if drawn is not None:
        request.session.cycle_key()
        flow.forget_recovery(request)
    return drawn


def _recovery_codes(request: HttpRequest, user: User, drawn: list[str], *, is_enrolling: bool) -> HttpResponse:
    """The answer itself shows them, so that they are kept nowhere in clear, not even in the session."""
    now = timezone.now()
    has_kept_form = KeptForm.objects.by(user).living(now=now).exists()
    context = {
        "codes": drawn,
        "all_codes": "\n".join(drawn),
        "is_enrolling": is_enrolling,
        "drawn_at": now,
        "next_page": "accounts:kept_form" if has_kept_form else landing_of(user),
        "person": user,
        **frame_of(user),
    }
    return render(request, "accounts/recovery_codes.html", context)


@sensitive_variables("key")
def _key_of(waiting: TotpDevice, user: User) -> dict[str, Any]:
    key = waiting.secret()
    picture = one_time_codes.picture_of(key, identifier=user.identifier)
    return {"picture": picture, "typed_key": one_time_codes.typed_key(key)}
