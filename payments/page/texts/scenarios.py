"""The test cards' scenarios for those who do not read French: the webmaster's words, in English for everybody else."""

# By the catalogue's own words (`backoffice.vads.cards`).
SCENARIOS_IN_ENGLISH = {
    "Accepté, sans action de l’acheteur": "Accepted, nothing asked of the buyer",
    "Accepté après authentification": "Accepted after authentication",
    "Accepté, boutique non inscrite à 3-D Secure": "Accepted, shop not enrolled in 3-D Secure",
    "Accepté, acheteur non inscrit à 3-D Secure": "Accepted, buyer not enrolled in 3-D Secure",
    "Accepté, sans garantie de paiement": "Accepted, without payment guarantee",
    "Accepté, empreinte du navigateur relevée": "Accepted, with browser fingerprint",
    "Accepté après empreinte et authentification": "Accepted after fingerprint and authentication",
    "Accepté après authentification, empreinte hors délai": "Accepted after authentication, fingerprint too late",
    "Accepté sans garantie, authentification hors délai": "Accepted without guarantee, authentication too late",
    "Refusé, la banque demande à être appelée": "Refused, the bank asks for a call",
    "Refusé, plafond dépassé": "Refused, limit exceeded",
    "Refusé, cryptogramme erroné": "Refused, wrong security code",
    "Refusé par la banque": "Refused by the bank",
    "Refusé, échec de l’authentification": "Refused, authentication failed",
    "Refusé après échec de l’authentification interactive": "Refused after a failed challenge",
}
