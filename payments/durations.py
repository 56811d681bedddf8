"""How long something took, or how far a clock is off, in words short enough for a badge or a sentence."""

from backoffice.vads.moments import SILENT_DRIFT


def length_of(seconds: float) -> str:
    """A duration in words short enough for a badge, without a break: « 0,3 s », « 12 min », « 1 h 30 », « 3 jours »."""
    return _length(seconds).replace(" ", "\N{NO-BREAK SPACE}")


def is_clock_off(drift_seconds: int) -> bool:
    """Whether a form's date is further from its moment than goes without saying (design 4.13)."""
    return abs(drift_seconds) > SILENT_DRIFT.total_seconds()


def drift_then(seconds: int) -> str:
    """What a shop's clock did when it signed a form: « retardait de 1 h 02 »; "" when that is unremarkable."""
    if not is_clock_off(seconds):
        return ""
    return f"{'avançait' if seconds > 0 else 'retardait'} de {length_of(abs(seconds))}"


def drift_now(seconds: int) -> str:
    """The same as a sentence: « L’horloge de la boutique retarde de 1 h 02. », « … est à l’heure, à 12 s près. »."""
    length = length_of(abs(seconds)) if abs(seconds) >= 1 else length_of(1)
    if not is_clock_off(seconds):
        return f"L’horloge de la boutique est à l’heure, à {length} près."
    return f"L’horloge de la boutique {'avance' if seconds > 0 else 'retarde'} de {length}."


def _length(seconds: float) -> str:
    if seconds < 0.1:
        return "moins de 0,1 s"
    if seconds < 60:
        return f"{seconds:.1f} s".replace(".", ",").replace(",0 ", " ")
    minutes = round(seconds / 60)
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"{minutes} min"
    if hours >= 48:
        return f"{hours // 24} jours"
    return f"{hours} h {rest:02d}" if rest else f"{hours} h"
