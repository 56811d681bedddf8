"""How the calls are made: claimed in a short transaction, spoken side by side outside any, written down in another."""

import asyncio
import logging
import random
from collections.abc import Callable, Iterable
from datetime import datetime

from asgiref.sync import sync_to_async

from backoffice.core import outbound
from backoffice.core.outbound import Outcome, OutcomeKind
from payments import actions, rules
from payments.actions import EndedCall
from payments.enums import AttemptOutcome
from payments.notifications import outbox, payload
from payments.notifications.outbox import Call

logger = logging.getLogger(__name__)

# While slow calls are in flight, newly due ones are looked for that often (IPN-10).
CLAIM_AGAIN_SECONDS = 1.0

Calls = dict[asyncio.Task[Outcome], Call]


async def drain(*, clock: Callable[[], datetime]) -> None:
    """Send everything that is due, up to fifty calls at a time, until nothing is in flight (design 4.3, IPN-10).

    `clock` gives the aware time. Cancelled (the worker stops), it writes the cut calls down before it gives way.
    """
    calls: Calls = {}
    try:
        while True:
            claimed = await _claim(limit=rules.CALLS_PER_DRAIN - len(calls), now=clock())
            calls |= {asyncio.create_task(_speak(call)): call for call in claimed}
            if not calls:
                return
            done, _ = await asyncio.wait(calls, timeout=CLAIM_AGAIN_SECONDS, return_when=asyncio.FIRST_COMPLETED)
            await _write_down([(calls.pop(task), task) for task in done], now=clock())
    finally:
        await _write_down_cut(calls, now=clock())


async def _claim(*, limit: int, now: datetime) -> list[Call]:
    return await sync_to_async(outbox.claim_due)(limit=limit, now=now) if limit else []


async def _speak(call: Call) -> Outcome:
    return await outbound.post(
        call.url, body=call.body, content_type=payload.CONTENT_TYPE, production=call.is_production
    )


async def _write_down(ended: Iterable[tuple[Call, asyncio.Task[Outcome]]], *, now: datetime) -> None:
    attempts = [_ended(call, task) for call, task in ended]
    if attempts:
        await sync_to_async(actions.record_attempts)(attempts, now=now, jitter=random.uniform(-1, 1))  # noqa: S311


async def _write_down_cut(calls: Calls, *, now: datetime) -> None:
    for task in calls:
        task.cancel()
    await asyncio.gather(*calls, return_exceptions=True)
    await _write_down([(call, task) for task, call in calls.items()], now=now)


def _ended(call: Call, task: asyncio.Task[Outcome]) -> EndedCall:
    if task.cancelled():
        return EndedCall(call=call, outcome=AttemptOutcome.LOST, answer=Outcome(kind=OutcomeKind.INTERRUPTED))
    if error := task.exception():
        # The door never raises for the network: this is a fault of ours, and the notification must not stay in flight.
        logger.error("a notification call failed", exc_info=error)
        return EndedCall(call=call, outcome=AttemptOutcome.INTERRUPTED, answer=Outcome(kind=OutcomeKind.INTERRUPTED))
    answer = task.result()
    return EndedCall(call=call, outcome=AttemptOutcome(answer.kind.value), answer=answer)
