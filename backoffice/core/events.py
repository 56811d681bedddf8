"""The closed list of what the journal can tell, `subject.action`, by room (design 4.20)."""

from django.db import models


class Event(models.TextChoices):
    """What happened, `subject.action` (in the past tense), with its label in French."""

    # accounts
    COMPANY_CREATED = "company.created", "Société créée"
    ACCOUNT_OPENED = "account.opened", "Compte ouvert"
    ACCOUNT_BLOCKED = "account.blocked", "Compte bloqué"
    ACCOUNT_SIGNED_IN = "account.signed_in", "Connexion"
    ACCOUNT_SIGNED_OUT = "account.signed_out", "Déconnexion"
    ACCOUNT_SIGN_IN_REFUSED = "account.sign_in_refused", "Connexion refusée"
    TEMPORARY_PASSWORD_DRAWN = "temporary_password.drawn", "Mot de passe temporaire envoyé"
    TEMPORARY_PASSWORD_ACCEPTED = "temporary_password.accepted", "Mot de passe temporaire accepté"
    CODE_ACCEPTED = "code.accepted", "Code de première connexion accepté"
    CODE_REFUSED = "code.refused", "Code de première connexion refusé"
    CODE_REPLACEMENT_ASKED = "code.replacement_asked", "Nouveau code de première connexion choisi, à approuver"
    CODE_REPLACED = "code.replaced", "Code de première connexion remplacé"
    PASSWORD_CHOSEN = "password.chosen", "Mot de passe choisi"
    PASSWORD_CHANGED = "password.changed", "Mot de passe changé"
    PASSWORD_FORGOTTEN = "password.forgotten", "Lien de mot de passe oublié envoyé"
    ACCOUNT_UNBLOCKED = "account.unblocked", "Compte débloqué"
    ACCOUNT_FROZEN = "account.frozen", "Modifications du compte gelées"
    ACCOUNT_UNFROZEN = "account.unfrozen", "Modifications du compte rouvertes"
    ACCOUNT_VIEWED = "account.viewed", "Espace consulté par un conseiller"
    ACCOUNT_VIEW_ENDED = "account.view_ended", "Fin de consultation par un conseiller"
    BROWSER_MADE_KNOWN = "browser.made_known", "Navigateur rendu connu"
    BROWSER_FORGOTTEN = "browser.forgotten", "Navigateur oublié"
    SESSION_ENDED = "session.ended", "Session terminée"
    IDENTITY_CONFIRMED = "identity.confirmed", "Identité confirmée"
    IDENTITY_REFUSED = "identity.refused", "Confirmation d’identité refusée"
    FACTOR_ASKED = "factor.asked", "Code à usage unique demandé"
    FACTOR_ENROLLED = "factor.enrolled", "Second facteur activé"
    FACTOR_REMOVED = "factor.removed", "Second facteur retiré"
    FACTOR_ACCEPTED = "factor.accepted", "Code à usage unique accepté"
    FACTOR_REFUSED = "factor.refused", "Code à usage unique refusé"
    RECOVERY_CODES_DRAWN = "recovery_codes.drawn", "Codes de secours créés"
    RECOVERY_CODE_USED = "recovery_code.used", "Code de secours utilisé"
    FACTOR_REQUIRED = "factor.required", "Second facteur exigé de l’équipe"
    FACTOR_NOT_REQUIRED = "factor.not_required", "Second facteur laissé au choix de l’équipe"
    PERSON_INVITED = "person.invited", "Personne invitée"
    PERSON_ROLE_CHANGED = "person.role_changed", "Rôle changé"
    PERSON_REMOVED = "person.removed", "Accès d’une personne retiré"
    PERSON_CODE_SHOWN = "person.code_shown", "Code d’une personne invitée affiché"
    EMAIL_CHANGE_ASKED = "email_change.asked", "Changement d’adresse e-mail demandé"
    EMAIL_CHANGE_CONFIRMED = "email_change.confirmed", "Nouvelle adresse e-mail confirmée"
    EMAIL_CHANGED = "email.changed", "Adresse e-mail changée"
    PHONE_CHANGE_ASKED = "phone_change.asked", "Changement de téléphone demandé"
    PHONE_CHANGED = "phone.changed", "Téléphone changé"
    CONTACT_CHANGE_CANCELLED = "contact_change.cancelled", "Changement de coordonnées annulé"
    ADVISOR_INVITED = "advisor.invited", "Conseiller invité"
    PORTFOLIO_CHANGED = "portfolio.changed", "Portefeuille changé"
    JOURNAL_EXPORTED = "journal.exported", "Journal exporté"
    # shops
    SHOP_CREATED = "shop.created", "Boutique créée"
    SHOP_CLOSED = "shop.closed", "Boutique fermée"
    SHOP_SERVER_URL_SAVED = "shop.server_url_saved", "URL serveur enregistrée"
    SHOP_PAYMENT_PAGE_SAVED = "shop.payment_page_saved", "Page de paiement réglée"
    # certificates
    CERTIFICATE_ALGORITHM_CHOSEN = "certificate.algorithm_chosen", "Algorithme de signature choisi"
    CERTIFICATE_GENERATED = "certificate.generated", "Certificat de production généré"
    CERTIFICATE_ISSUED = "certificate.issued", "Certificat de test créé"
    CERTIFICATE_REVEALED = "certificate.revealed", "Certificat affiché"
    CONTRACT_ISSUED = "contract.issued", "Contrat établi"
    CONTRACT_CODE_PRINTED = "contract.code_printed", "Contrat imprimé avec son code de première connexion"
    CONTRACT_SIGNED = "contract.signed", "Contrat signé"
    AMENDMENT_ISSUED = "amendment.issued", "Avenant établi"
    ATTESTATION_ISSUED = "attestation.issued", "Attestation établie"
    # payments
    # support
    CONTACT_REQUEST_RECEIVED = "contact_request.received", "Demande de contact reçue"
    CONTACT_REQUEST_OPENED = "contact_request.opened", "Demande de contact ouverte par un conseiller"
    CONTACT_REQUEST_REPEATED = "contact_request.repeated", "Demande de contact répétée"
    CONTACT_REQUEST_ADDED_TO = "contact_request.added_to", "Demande de contact complétée"
    CONTACT_REQUEST_TAKEN = "contact_request.taken", "Demande de contact prise en charge"
    CONTACT_REQUEST_HANDED_OVER = "contact_request.handed_over", "Demande de contact transmise"
    CONTACT_REQUEST_PUT_ON_HOLD = "contact_request.put_on_hold", "Question posée sur une demande de contact"
    MAIL_SENT_AGAIN = "mail.sent_again", "E-mail renvoyé"
    CONTACT_REQUEST_TREATED = "contact_request.treated", "Demande de contact traitée"
    CONTACT_REQUEST_REFUSED = "contact_request.refused", "Demande de contact refusée"
    REGISTRATION_SUBMITTED = "registration.submitted", "Inscription déposée"
    REGISTRATION_INCOMPLETE = "registration.incomplete", "Complément demandé pour une inscription"
    REGISTRATION_ACCEPTED = "registration.accepted", "Inscription acceptée"
    REGISTRATION_REFUSED = "registration.refused", "Inscription refusée"
    REGISTRATION_SIGNED = "registration.signed", "Inscription close, contrat signé"
    CALL_BEGUN = "call.begun", "Rappel commencé"
    CALL_PROVEN = "call.proven", "Correspondant reconnu au téléphone"
    CALL_ENDED = "call.ended", "Rappel terminé sans suite"
    PROPOSAL_MADE = "proposal.made", "Approbation d’un second conseiller demandée"
    PROPOSAL_APPROVED = "proposal.approved", "Proposition approuvée par un second conseiller"
    PROPOSAL_REJECTED = "proposal.rejected", "Proposition écartée par un second conseiller"
    PROPOSAL_VOIDED = "proposal.voided", "Proposition annulée, le dossier a changé"
    PROPOSAL_LAPSED = "proposal.lapsed", "Proposition restée sans réponse"
    COMPANY_NOTE_WRITTEN = "company.note_written", "Note écrite au dossier"
    COMPANY_NOTE_STRUCK = "company.note_struck", "Note du dossier barrée"
    COMPANY_TAGGED = "company.tagged", "Étiquette posée"
    COMPANY_UNTAGGED = "company.untagged", "Étiquette retirée"

    @property
    def is_failure(self) -> bool:
        """Whether somebody tried and did not succeed, or was stopped for it."""
        return self in FAILURES

    @property
    def room(self) -> str:
        """In French, the part of the house it belongs to: a heading of the journal's list of events."""
        return ROOMS[self.value.partition(".")[0]]


FAILURES = frozenset(
    {
        Event.ACCOUNT_BLOCKED,
        Event.ACCOUNT_SIGN_IN_REFUSED,
        Event.CALL_ENDED,
        Event.CODE_REFUSED,
        Event.CONTACT_REQUEST_REFUSED,
        Event.FACTOR_REFUSED,
        Event.IDENTITY_REFUSED,
        Event.PROPOSAL_LAPSED,
        Event.PROPOSAL_REJECTED,
        Event.PROPOSAL_VOIDED,
        Event.REGISTRATION_REFUSED,
    }
)

# What advisors keep among themselves: no merchant's journal tells it.
DESK_ONLY = frozenset(
    {Event.COMPANY_NOTE_WRITTEN, Event.COMPANY_NOTE_STRUCK, Event.COMPANY_TAGGED, Event.COMPANY_UNTAGGED}
)

_ACCOUNTS, _PEOPLE = "Connexion et compte", "Société et équipe"
_SHOPS, _CERTIFICATES, _COUNTER = "Boutiques", "Certificats et contrats", "Guichet"
ROOMS = {
    "account": _ACCOUNTS,
    "advisor": _COUNTER,
    "amendment": _CERTIFICATES,
    "attestation": _CERTIFICATES,
    "browser": _ACCOUNTS,
    "call": _COUNTER,
    "certificate": _CERTIFICATES,
    "code": _ACCOUNTS,
    "company": _PEOPLE,
    "contact_change": _ACCOUNTS,
    "contact_request": _COUNTER,
    "contract": _CERTIFICATES,
    "email": _ACCOUNTS,
    "email_change": _ACCOUNTS,
    "factor": _ACCOUNTS,
    "identity": _ACCOUNTS,
    "journal": _PEOPLE,
    "mail": _COUNTER,
    "password": _ACCOUNTS,
    "person": _PEOPLE,
    "phone": _ACCOUNTS,
    "phone_change": _ACCOUNTS,
    "portfolio": _COUNTER,
    "proposal": _COUNTER,
    "recovery_code": _ACCOUNTS,
    "recovery_codes": _ACCOUNTS,
    "registration": _COUNTER,
    "session": _ACCOUNTS,
    "shop": _SHOPS,
    "temporary_password": _ACCOUNTS,
}
