"""Why people write to the counter, and where their request stands."""

from django.db import models


class Motive(models.TextChoices):
    """The reason chosen on the contact page; the value is what its address says (`?motif=code`)."""

    ACCOUNT_RESET = "reinitialisation", "Réinitialisation de compte"
    CODE_REQUEST = "code", "Demande de code de première connexion"
    TECHNICAL = "technique", "Question technique"
    BILLING = "facturation", "Facturation"
    OTHER = "autre", "Autre"


class RequestStatus(models.TextChoices):
    NEW = "new", "Nouvelle"
