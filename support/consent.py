"""What an enrolment agrees to: the sentence beside the box and the conditions it names, under one digest.

Pure: no row, no clock. The digest is kept with the enrolment, so that what was shown can be proved later.
"""

import hashlib
import json
from dataclasses import asdict

from certificates import conditions

SENTENCE = (
    "Je certifie l’exactitude de ces informations, je suis habilité à engager cette société, et j’accepte les "
    "conditions générales, les conditions particulières et le référentiel sécuritaire de l’offre."
)


def digest() -> str:
    """SHA-256, in lower-case hex, of the sentence and of today's conditions."""
    shown = {
        "sentence": SENTENCE,
        "version": conditions.VERSION,
        "chapters": [asdict(chapter) for chapter in conditions.CHAPTERS],
    }
    text = json.dumps(shown, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()
