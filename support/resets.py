"""What else can be done with a request to reopen an account: leaving its password, taking a second factor away."""

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from accounts.actions import NoFactor
from accounts.guards import advisor_required
from support import actions
from support.forms import FactorResetForm
from support.treatment import RESET_MOVED, do, found, page

NO_FACTOR: Mapping[type[Exception], str] = {NoFactor: "Rien n’a changé\u00a0: ce compte n’a pas de second facteur."}


@advisor_required
@require_POST
def unblock(request: HttpRequest, public_id: str) -> HttpResponse:
    """Lift the block and leave the password: strangers had caused it (RST-01)."""
    done = "Le compte est débloqué, sans changer de mot de passe. Un e-mail prévient son titulaire."
    return do(request, public_id, actions.unblock_account, done=done, moved=RESET_MOVED)


@advisor_required
@require_POST
def propose_factor_reset(request: HttpRequest, public_id: str) -> HttpResponse:
    """Propose to a second advisor that the account's second factor be taken away (AUTHZ-06)."""
    form = FactorResetForm(request.POST)
    if not form.is_valid():
        return page(request, found(request, public_id), factor_form=form)
    done, words = "Votre proposition attend un second conseiller, 24 heures au plus.", form.cleaned_data["words"]
    return do(request, public_id, actions.propose_factor_reset, done=done, refusals=NO_FACTOR, words=words)
