"""The guide's samples: how a shop signs and verifies, in two languages.

Tests run the Python one on the golden vectors; the PHP one was run on the same by PHP 8.2 (no PHP is asked of whoever
runs the tests): whoever changes it runs it again.
"""

PYTHON = """\
import base64
import hashlib
import hmac


def signature(champs, certificat, algorithme="HMAC-SHA-256"):
    noms = sorted((nom for nom in champs if nom.startswith("vads_")), key=str.encode)
    texte = "+".join([*(champs[nom] for nom in noms), certificat]).encode("utf-8")
    if algorithme == "SHA-1":
        return hashlib.sha1(texte).hexdigest()
    empreinte = hmac.digest(certificat.encode("utf-8"), texte, "sha256")
    return base64.b64encode(empreinte).decode("ascii")


def est_authentique(recus, certificat, algorithme="HMAC-SHA-256"):
    attendue = signature(recus, certificat, algorithme).encode("utf-8")
    return hmac.compare_digest(attendue, recus.get("signature", "").encode("utf-8"))
"""

PHP = """\
<?php

function signature(array $champs, string $certificat, string $algorithme = 'HMAC-SHA-256'): string
{
    ksort($champs, SORT_STRING);
    $texte = '';
    foreach ($champs as $nom => $valeur) {
        if (strncmp((string) $nom, 'vads_', 5) === 0) {
            $texte .= $valeur . '+';
        }
    }
    $texte .= $certificat;
    if ($algorithme === 'SHA-1') {
        return sha1($texte);
    }
    return base64_encode(hash_hmac('sha256', $texte, $certificat, true));
}

function est_authentique(array $recus, string $certificat, string $algorithme = 'HMAC-SHA-256'): bool
{
    return hash_equals(signature($recus, $certificat, $algorithme), $recus['signature'] ?? '');
}
"""

# The moment of a form, which each language gives in its own time zone unless it is told otherwise.
PYTHON_MOMENT = 'datetime.now(UTC).strftime("%Y%m%d%H%M%S")'
PHP_MOMENT = "gmdate('YmdHis')"
