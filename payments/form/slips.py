"""The slips that make a signature wrong: for each one what happened, and what the webmaster does about it."""

from django.db import models


class Slip(models.TextChoices):
    """What alone would have made a signature right, or, when nothing does, what the one received looks like."""

    OTHER_MODE = "other_mode", "Le formulaire est signé avec le certificat de l’autre mode."
    OTHER_ALGORITHM = "other_algorithm", "Le formulaire est signé avec l’autre algorithme."
    OTHER_BOTH = "other_both", "Le formulaire est signé avec le certificat de l’autre mode et l’autre algorithme."
    UPPER_CASE = "upper_case", "La signature SHA-1 est écrite en majuscules."
    PLUS_LOST = "plus_lost", "Les « + » de la signature sont devenus des espaces pendant l’envoi."
    SPACED = "spaced", "La signature est entourée d’espaces ou d’un retour à la ligne."
    URLSAFE = "urlsafe", "La signature est en Base64 « pour adresses » : « - » et « _ » au lieu de « + » et « / »."
    UNPADDED = "unpadded", "La signature en Base64 a perdu son « = » final."
    HEXADECIMAL = "hexadecimal", "La signature HMAC-SHA-256 est en hexadécimal au lieu de Base64."
    BASE64 = "base64", "La signature SHA-1 est en Base64 au lieu d’hexadécimal."
    EMPTY_LEFT_OUT = "empty_left_out", "Les champs vides sont envoyés, mais absents du calcul."
    TRIMMED = "trimmed", "Les valeurs sont signées sans leurs espaces de début et de fin."
    LINE_ENDS = "line_ends", "Les retours à la ligne ne sont pas les mêmes dans le calcul et dans l’envoi."
    ESCAPED = "escaped", "Les valeurs sont signées avec des entités HTML (&amp;, &eacute;…), et envoyées sans."
    UNESCAPED = "unescaped", "Les valeurs sont envoyées avec des entités HTML (&amp;, &eacute;…), et signées sans."
    QUOTES = "quotes", "Les guillemets droits ou les barres obliques inverses sont traités d’un côté seulement."
    LATIN_1 = "latin_1", "Les valeurs sont signées en ISO-8859-1 (Latin-1), et envoyées en UTF-8."
    ENCODED_TWICE = "encoded_twice", "Les accents sont encodés deux fois en UTF-8, dans le calcul ou dans l’envoi."
    COMPOSED = "composed", "Les accents sont composés dans le calcul et décomposés dans l’envoi, ou l’inverse."
    ORDER = "order", "Les champs ne sont pas dans l’ordre attendu au moment du calcul."
    CERTIFICATE_SPACED = "certificate_spaced", "Le certificat est copié avec un espace ou un retour à la ligne."
    CERTIFICATE_MISSING = "certificate_missing", "Le certificat manque à la fin du texte signé."
    FIELD_ADDED = "field_added", "Un champ est ajouté au formulaire après le calcul de la signature."
    LOOKS_SHA_1 = "looks_sha_1", "La signature a la forme d’une SHA-1, alors que ce mode attend HMAC-SHA-256."
    LOOKS_HMAC = "looks_hmac", "La signature a la forme d’une HMAC-SHA-256, alors que ce mode attend SHA-1."
    LOOKS_RIGHT = "looks_right", "La signature a la forme attendue ; aucune erreur connue ne l’explique."
    LOOKS_NEITHER = "looks_neither", "La signature reçue n’a la forme ni d’une SHA-1, ni d’une HMAC-SHA-256."

    @property
    def advice(self) -> str:
        """What to do about it, in French."""
        return _ADVICE[self]

    @property
    def is_explained(self) -> bool:
        """Whether the cause is known: then a certificate of the shop made the signature."""
        return self not in UNEXPLAINED


UNEXPLAINED = frozenset({Slip.LOOKS_SHA_1, Slip.LOOKS_HMAC, Slip.LOOKS_RIGHT, Slip.LOOKS_NEITHER})

_SAME_TEXT = "Signez la valeur exacte que vous envoyez, sans la transformer ensuite."
_OTHER_ALGORITHM = "Choisissez le même algorithme dans votre module et sur la page Certificats, pour ce mode."
_UTF_8 = "Écrivez la page, la base de données et le calcul en UTF-8, sans conversion entre eux."

_ADVICE = {
    Slip.OTHER_MODE: (
        "Chaque mode a son certificat : prenez celui du mode envoyé dans vads_ctx_mode, ou changez ce mode."
    ),
    Slip.OTHER_ALGORITHM: _OTHER_ALGORITHM,
    Slip.OTHER_BOTH: "Reprenez le certificat et l’algorithme sur la page Certificats, dans la colonne de ce mode.",
    Slip.UPPER_CASE: "Écrivez les 40 caractères hexadécimaux en minuscules.",
    Slip.PLUS_LOST: "Encodez la signature à l’envoi : chaque « + » s’écrit %2B dans une adresse ou un corps encodé.",
    Slip.SPACED: "Retirez ce qui entoure la signature dans le champ caché.",
    Slip.URLSAFE: "Utilisez le Base64 ordinaire, avec « + », « / » et « = ».",
    Slip.UNPADDED: "Envoyez les 44 caractères, « = » final compris.",
    Slip.HEXADECIMAL: "Encodez en Base64 les 32 octets du calcul, et non leur écriture hexadécimale.",
    Slip.BASE64: "Écrivez le calcul SHA-1 en 40 caractères hexadécimaux minuscules.",
    Slip.EMPTY_LEFT_OUT: "Gardez les champs vides dans le calcul, ou ne les envoyez pas.",
    Slip.TRIMMED: f"{_SAME_TEXT} Les espaces comptent.",
    Slip.LINE_ENDS: "Retirez les retours à la ligne des valeurs avant de signer : les navigateurs les réécrivent.",
    Slip.ESCAPED: f"{_SAME_TEXT} Calculez d’abord, puis échappez les valeurs dans la page.",
    Slip.UNESCAPED: "N’échappez les valeurs qu’une fois dans la page, après le calcul.",
    Slip.QUOTES: f"{_SAME_TEXT} N’échappez les guillemets que dans la page, en &quot;.",
    Slip.LATIN_1: _UTF_8,
    Slip.ENCODED_TWICE: f"{_UTF_8} N’appelez aucune fonction de conversion sur un texte déjà en UTF-8.",
    Slip.COMPOSED: _SAME_TEXT,
    Slip.ORDER: "Triez les champs par nom, octet par octet : majuscules avant minuscules, « 10 » avant « 2 ».",
    Slip.CERTIFICATE_SPACED: "Recopiez le certificat avec le bouton « Copier », sans rien autour.",
    Slip.CERTIFICATE_MISSING: "Terminez le texte par « + » et le certificat, même en HMAC-SHA-256.",
    Slip.FIELD_ADDED: "Ajoutez tous les champs avant de calculer la signature.",
    Slip.LOOKS_SHA_1: _OTHER_ALGORITHM,
    Slip.LOOKS_HMAC: _OTHER_ALGORITHM,
    Slip.LOOKS_RIGHT: (
        "Recopiez le certificat du mode demandé, et vérifiez qu’aucun champ n’est changé entre le calcul et l’envoi."
    ),
    Slip.LOOKS_NEITHER: "Envoyez 40 caractères hexadécimaux en SHA-1, ou 44 caractères de Base64 en HMAC-SHA-256.",
}
