"""The two words by which the merchant and the advisor recognise each other on the telephone (design 4.6).

They are derived, not kept: from the call, the follow-up page that shows them and the server's key. Each page has its
own, so that whoever sent a request and whoever reads the file's mailbox are told apart.
"""

from dataclasses import dataclass
from uuid import UUID

from django.utils.crypto import salted_hmac

from support.enums import Voice

# Common nouns, each unlike the others by ear, and none that could hurt.
WORDS = tuple(
    """
    abricot agneau alpage ananas ancre armoire arrosoir automne avion balcon bambou banane barque bateau bijou
    biscuit bonnet bougie boussole bouton brioche brouette cabane cactus cadran canard carafe carotte castor cerise
    chalet chameau chapeau charrue chausson chemise cigogne citron clairon clavier cloche colline compas coquille
    corbeille cornet coussin crayon dauphin diamant domino dragon enclume escargot falaise farine fauteuil fenouil
    figue flocon fontaine fougère fourchette framboise fromage fusain galet gazelle girafe glacier gobelet guitare
    hamac haricot harpe horloge jardin jasmin journal jumelles kayak lagune lanterne lavande levain lilas limonade
    lucarne magnolia maison mandarine manteau marmite marteau matelas meringue miroir montagne moulin mouton muguet
    navire noisette nuage olive orchestre otarie palmier panier papillon parasol pelouse piano pinceau pivoine
    platane poivron pommier potager prairie radeau raisin renard rivage rosier ruban sablier safran sandale sapin
    saumon serrure sifflet soleil sorbet tabouret tambour tapis terrasse tilleul tiroir tomate tortue toupie
    tracteur tulipe valise vanille velours verger violon volcan wagon
    """.split()  # noqa: SIM905 (a list of words reads better unquoted)
)


@dataclass(frozen=True)
class Phrase:
    """What the merchant reads to the advisor, and what the advisor must answer."""

    merchant: str
    advisor: str


# Whose pages can go on with a call, always in this order.
HOLDERS = (Voice.SENDER, Voice.OWNER)


def phrases_of(call: UUID) -> dict[Voice, Phrase]:
    """The two words of each page during this call; no word stands twice among them all."""
    drawn: list[str] = []
    for holder in HOLDERS:
        drawn.append(_word(f"{call}:{holder}:merchant", besides=drawn))
        drawn.append(_word(f"{call}:{holder}:advisor", besides=drawn))
    pairs = zip(drawn[::2], drawn[1::2], strict=True)
    return {holder: Phrase(*pair) for holder, pair in zip(HOLDERS, pairs, strict=True)}


def _word(seed: str, *, besides: list[str]) -> str:
    number = int.from_bytes(salted_hmac("support.phrases", seed, algorithm="sha256").digest())
    free = [word for word in WORDS if word not in besides]
    return free[number % len(free)]
