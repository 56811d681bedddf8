"""State machines: a move is allowed when the table says so, and raises otherwise."""

from collections.abc import Collection, Mapping
from typing import TypeVar

State = TypeVar("State", bound=str)


class IllegalMove(Exception):
    """The object is in a state from which the asked move does not exist; carries `current` and `target`."""

    def __init__(self, current: str, target: str) -> None:
        super().__init__(f"{current} -> {target}")
        self.current, self.target = current, target


def require_move(moves: Mapping[State, Collection[State]], current: str, target: State) -> None:
    """Return when `moves[current]` holds `target`; raise IllegalMove otherwise.

    `current` is what the row holds (a plain string), so that a value unknown to the table is refused too.
    """
    allowed = next((targets for state, targets in moves.items() if state == current), ())
    if target not in allowed:
        raise IllegalMove(current, target)
