"""The advisor's side of a call about a lost code, on the page of its request (design 4.6)."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.guards import advisor_required, signed_in_person
from support import actions, treatment
from support.callees import callees_of
from support.enums import ADDING_VOICES, Voice
from support.forms import CallForm

GONE = "Rien n’a changé : ce numéro n’est plus au dossier. Choisissez parmi ceux qui sont proposés."
RECENT = "Rien n’a changé : ce numéro est au dossier depuis moins de 48 heures. Appelez-en un autre, ou attendez."
OVER = "Rien n’a changé : l’appel est terminé, ou son temps est passé. Rappelez."
NOT_FOUND = "Rien n’a changé : le bon code n’a pas été saisi, ou la demande est close."


@advisor_required
@require_POST
def begin(request: HttpRequest, public_id: str) -> HttpResponse:
    """Note which number on file is being called, and show the words to exchange."""
    contact, advisor = treatment.found(request, public_id), signed_in_person(request)
    form = CallForm(request.POST, callees=callees_of(contact, by=advisor, now=timezone.now()))
    if not form.is_valid():
        return treatment.page(request, contact, call_form=form)
    return treatment.do(
        request,
        public_id,
        actions.begin_call,
        done="Composez le numéro. Le titulaire lit le premier mot de sa page de suivi.",
        refusals={actions.NumberTooRecent: RECENT, actions.NoSuchAccount: GONE},
        callee=form.cleaned_data["callee"],
    )


@advisor_required
@require_POST
def prove(request: HttpRequest, public_id: str) -> HttpResponse:
    """The word that was heard is the one of this page."""
    treatment.found(request, public_id)
    heard = request.POST.get("page", "")
    if heard not in ADDING_VOICES:
        messages.error(request, "Rien n’a changé : choisissez le mot que vous avez entendu.")
        return redirect("support:request", public_id)
    return treatment.do(
        request,
        public_id,
        actions.prove_call,
        done="Correspondant reconnu. Lisez-lui le second mot.",
        moved=OVER,
        refusals={actions.CallOver: OVER},
        holder=Voice(heard),
    )


@advisor_required
@require_POST
def end(request: HttpRequest, public_id: str) -> HttpResponse:
    """Hang up without any result."""
    return treatment.do(
        request,
        public_id,
        actions.end_call,
        done="L’appel est terminé. La demande reste à vous.",
        refusals={actions.CallOver: OVER},
    )


@advisor_required
@require_POST
def close(request: HttpRequest, public_id: str) -> HttpResponse:
    """Treat the request: the code is found."""
    done = "La demande est traitée : le code est retrouvé. Si un mot de passe temporaire manquait, il part par e-mail."
    return treatment.do(request, public_id, actions.close_found_code, done=done, moved=NOT_FOUND)
