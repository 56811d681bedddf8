"""What can be wrong with a form, in words for its webmaster: shown in TEST, kept to ourselves in PRODUCTION."""

from dataclasses import dataclass
from http import HTTPStatus

from django.db import models

from backoffice.vads.signature import PREFIX


class Unreadable(models.TextChoices):
    """Why the bytes of a request are no form."""

    CONTENT_TYPE = (
        "content_type",
        "Le formulaire n’est envoyé ni en application/x-www-form-urlencoded, ni en multipart/form-data.",
    )
    MALFORMED = "malformed", "Le corps de la requête est incomplet ou mal formé."
    NOT_UTF8 = "not_utf8", "Le formulaire contient des octets qui ne sont pas de l’UTF-8."
    DUPLICATE = "duplicate", "Ce champ est envoyé deux fois. Pour une liste, séparez les valeurs par « ; »."
    CONTROL_CHARACTER = "control_character", "Ce champ contient un caractère de contrôle."
    TOO_LARGE = "too_large", "Le formulaire dépasse 256 ko."
    TOO_MANY_FIELDS = "too_many_fields", "Le formulaire dépasse 200 champs."


class Trouble(models.TextChoices):
    """What is wrong with a form whose fields, taken one by one, are right."""

    NO_SIGNATURE = "no_signature", "Le champ signature est absent ou vide."
    WRONG_SIGNATURE = (
        "wrong_signature",
        "La signature ne correspond pas aux champs reçus. Vérifiez le certificat et l’algorithme de ce mode, "
        "l’encodage UTF-8, et que chaque champ vads_ est signé tel qu’il est envoyé, même vide.",
    )
    UNKNOWN_SHOP = "unknown_shop", "Aucune boutique ouverte ne porte cet identifiant."
    NO_CERTIFICATE = "no_certificate", "La boutique n’a pas encore de certificat dans ce mode."
    OUT_OF_TIME = (
        "out_of_time",
        "La date est à plus de 24 heures de maintenant. Envoyez l’heure UTC du moment, sur 24 heures.",
    )
    USED = "used", "Ce numéro de transaction a déjà servi pour cette boutique ce jour-là (jour UTC)."
    ADDRESS = "address", "Cette adresse ne commence pas par http:// ou https://, ou contient un caractère interdit."
    OTHER_SITE = (
        "other_site",
        "Cette adresse n’est ni sur le site de la boutique, ni sur celui de son URL serveur.",
    )
    CLOCK_OFF = (
        "clock_off",
        "Le formulaire est accepté, mais sa date est à plus de 10 minutes de maintenant. Au-delà de 24 heures, il est "
        "refusé.",
    )
    NO_ACQUIRER = (
        "no_acquirer",
        "Les paiements de PRODUCTION ne sont pas encore reliés à une banque. Le formulaire n’est pas en cause.",
    )


@dataclass(frozen=True)
class FormFault:
    """One fault: the code of the dictionary (domain 3.2), the field that carries it ("" for the whole), the reason."""

    code: str
    field: str
    reason: str


# Nothing is wrong with the form: no code of the dictionary says so.
NO_ACQUIRER = FormFault(code="", field="", reason=Trouble.NO_ACQUIRER.label)


class FormUnreadable(Exception):
    """The request holds no form that can be read.

    `field` is set when one field is at fault, `mode` when the form could still say its own (`vads_ctx_mode`).
    """

    # The dictionary's code for what has none of its own.
    CODE = "99"

    def __init__(self, reason: Unreadable, *, field: str = "", mode: str | None = None) -> None:
        super().__init__(reason.value)
        self.reason, self.field, self.mode = reason, field, mode

    @property
    def http_status(self) -> HTTPStatus:
        """413 for a body that is too large, 400 for the rest (PAY-13)."""
        return HTTPStatus.REQUEST_ENTITY_TOO_LARGE if self.reason == Unreadable.TOO_LARGE else HTTPStatus.BAD_REQUEST

    @property
    def fault(self) -> FormFault:
        """The same as a fault for the incident page."""
        return FormFault(
            code=self.CODE, field=self.field if self.field.startswith(PREFIX) else "", reason=self.reason.label
        )


class FormRefused(Exception):
    """The form was read and is refused; carries its faults, the first being the one to tell."""

    def __init__(self, *faults: FormFault) -> None:
        super().__init__(", ".join(f"{fault.code} {fault.field}".rstrip() for fault in faults))
        self.faults = faults
