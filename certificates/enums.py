"""The words of going live: the steps of the test phase, the states of a contract, what each paper is and says."""

from django.db import models


class EvidenceStep(models.TextChoices):
    """What a shop proves in TEST before it gets its production certificate, in the order people do it (domain 2.2)."""

    ACCEPTED_PAYMENT = "accepted_payment", "Un paiement de TEST accepté"
    REFUSED_PAYMENT = "refused_payment", "Un paiement de TEST refusé"
    ACKNOWLEDGED_NOTIFICATION = "acknowledged_notification", "Une notification acquittée par votre site"

    @property
    def advice(self) -> str:
        """How the merchant gets the step done."""
        return _ADVICE[self]


_ADVICE = {
    EvidenceStep.ACCEPTED_PAYMENT: "payez depuis votre boutique avec une carte de test du scénario « accepté ».",
    EvidenceStep.REFUSED_PAYMENT: "payez depuis votre boutique avec une carte de test du scénario « refusé ».",
    EvidenceStep.ACKNOWLEDGED_NOTIFICATION: "renseignez l’URL serveur TEST, puis faites un paiement de TEST.",
}


class ContractState(models.TextChoices):
    ISSUED = "issued", "En attente de signature"
    SIGNED = "signed", "Signé"


CONTRACT_MOVES: dict[str, set[str]] = {
    ContractState.ISSUED: {ContractState.SIGNED},
    ContractState.SIGNED: set(),
}


class AmendmentKind(models.TextChoices):
    """What an avenant changes of what was agreed on."""

    NEW_CODE = "new_code", "Remplacement du code de première connexion"
    SETTLEMENT_ACCOUNT = "settlement_account", "Changement du compte de règlement"


class PaperKind(models.TextChoices):
    """What a number and a digest are found on."""

    CONTRACT = "contract", "Contrat d’adhésion"
    SIGNED_COPY = "signed_copy", "Copie signée du contrat d’adhésion"
    AMENDMENT = "amendment", "Avenant au contrat d’adhésion"
    ATTESTATION = "attestation", "Attestation"


class Standing(models.TextChoices):
    """Whether a paper of ours still says what is in force."""

    CURRENT = "current", "À jour"
    UNSIGNED = "unsigned", "En attente de signature"
    AMENDED = "amended", "Complété par un avenant"
    REPLACED = "replaced", "Remplacé"
    CHANGED = "changed", "Le dossier a changé depuis"
