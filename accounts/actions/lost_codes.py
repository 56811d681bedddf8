"""A code of first connection after the door: compared once more, on a call or for the contract, or replaced."""

from datetime import datetime

from django.db import transaction

from accounts import codes, emails, rules, throttle
from accounts.actions import tries
from accounts.actions.frozen import lock_unfrozen
from accounts.actions.records import record
from accounts.browsers import Browser
from accounts.enums import CodeUse
from accounts.models import ToldCode, User
from backoffice.core.journal import Event


def compare_code_again(*, user: User, code: str, use: CodeUse, browser: Browser, now: datetime) -> bool:
    """Whether the code is right; a wrong one counts on the account as at the door, a right one forgives none (RST-07).

    `use` says where it was typed. On a call blocked accounts are compared too, and whoever called bounds the tries; to
    print the contract as at the door, no more than it takes. Raises ChangesFrozen,
    throttle.TooManyTries (AUTH-08, AUTH-11), HashesBusy.
    """
    is_counted = tries.take_turn(identifier=user.identifier, browser=browser, now=now)
    with throttle.given_back_when_busy(browser, is_counted=is_counted), transaction.atomic():
        locked = lock_unfrozen(user)
        if use is CodeUse.CONTRACT and not rules.may_try(locked, None):
            return False
        is_right = codes.is_right(codes.normalise(code), owner=locked.public_id, encoded=locked.code_hash)
        if is_right:
            record(Event.CODE_ACCEPTED, user=locked, by=None, now=now, address=browser.address, way=use.value)
        else:
            record(Event.CODE_REFUSED, user=locked, by=None, now=now, address=browser.address, way=use.value)
            tries.count_failure(locked, None, now=now, browser=browser)
    if is_counted and is_right:
        throttle.give_back(browser)
    return is_right


def hash_new_code(*, user: User, code: str) -> str:
    """How a code that waits for its approval is kept. Raises codes.CodeRefused (RST-10), HashesBusy."""
    digits = codes.normalise(code)
    company = user.company
    facts = [str(user.phone), *([company.siret, str(company.phone)] if company else [])]
    codes.require_acceptable(digits, facts=facts)
    return codes.hash_code(digits, owner=user.public_id)


@transaction.atomic
def replace_code(*, user: User, code_hash: str, by: User, browser: Browser, now: datetime, request: str) -> None:
    """Make another code the account's; the former one opens nothing any more, nor can it be read again.

    `by` approved it, `request` is the public id of what is treated. Raises ChangesFrozen.
    """
    locked = lock_unfrozen(user)
    locked.code_hash = code_hash
    locked.save(update_fields=["code_hash"])
    ToldCode.objects.of(locked).destroy(at=now)
    emails.code_replaced(locked, now=now)
    record(Event.CODE_REPLACED, user=locked, by=by, now=now, address=browser.address, request=request)
