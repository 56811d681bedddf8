"""Where a lost code stands, as the advisor's page and the follow-up page show it: the call, then the approval."""

from dataclasses import dataclass
from datetime import datetime

from support import rules
from support.enums import Voice
from support.models import CallBack, ContactRequest, FollowUpLink, Proposal
from support.phrases import Phrase, phrases_of


@dataclass(frozen=True)
class CallScene:
    """The latest call of a request and the latest proposal that came of one, either of which may be missing.

    `is_living` during the call; `wrong_codes` are those that count with its own.
    """

    call: CallBack | None
    proposal: Proposal | None
    is_living: bool
    wrong_codes: int

    @property
    def is_ringing(self) -> bool:
        """Whether the two words are to be exchanged now."""
        return self.is_living and self.call is not None and self.call.is_ringing

    @property
    def is_proven(self) -> bool:
        """Whether the page that was recognised can go on."""
        return self.is_living and self.call is not None and self.call.is_proven

    @property
    def is_found(self) -> bool:
        """Whether the right code was typed."""
        return self.call is not None and self.call.is_found

    @property
    def is_waiting(self) -> bool:
        """Whether a second advisor has yet to decide."""
        return self.proposal is not None and self.proposal.is_pending

    @property
    def has_wrong_code(self) -> bool:
        """Whether the last code typed in this call was a wrong one."""
        return self.is_proven and self.call is not None and self.call.is_last_code_wrong

    @property
    def version(self) -> str:
        """A word that changes with what the page shows: scripts compare it before they redraw anything."""
        call = f"{self.call.state}{self.call.pk}" if self.call else ""
        proposal = f"{self.proposal.state}{self.proposal.pk}" if self.proposal else ""
        return f"{call}-{self.is_living:d}{self.has_wrong_code:d}-{proposal}"

    @property
    def phrases(self) -> dict[Voice, Phrase]:
        """The two words of each follow-up page."""
        return phrases_of(self.call.public_id) if self.call else {}

    @property
    def spoken(self) -> Phrase | None:
        """The words of the page that was recognised."""
        return self.phrases.get(Voice(self.call.holder)) if self.call and self.call.holder else None


def scene_of(contact: ContactRequest, *, now: datetime) -> CallScene:
    """Where the request's lost code stands. Three queries."""
    calls = CallBack.objects.of(contact)
    call = calls.with_people().first()
    return CallScene(
        call=call,
        proposal=Proposal.objects.of(contact).with_people().first() if call else None,
        is_living=call is not None and (call.is_ringing or call.is_proven) and now < call.ends_at,
        wrong_codes=_counted_with(call, now=now) if call else 0,
    )


def _counted_with(call: CallBack, *, now: datetime) -> int:
    return CallBack.objects.counted_with(call, since=now - rules.CODE_TRIES_WINDOW).wrong_codes()


@dataclass(frozen=True)
class PageScene:
    """What the holder of one follow-up link sees of it."""

    scene: CallScene
    phrase: Phrase | None
    may_type: bool
    may_choose: bool
    tries_left: int
    # Whether what became of the call is this page's business: another sender's page is told nothing of it.
    is_own: bool


def page_scene(link: FollowUpLink, *, now: datetime) -> PageScene:
    """What this link's page shows: the words of its own, and the forms once it was recognised."""
    scene = scene_of(link.contact_request, now=now)
    call = scene.call if link.contact_request.is_open else None
    goes_on = call is not None and rules.goes_on_with(call, link, now=now)
    is_own = call is not None and (scene.is_ringing or link.holder == call.holder)
    return PageScene(
        scene=scene,
        phrase=scene.phrases.get(Voice(link.holder)) if scene.is_living and is_own else None,
        may_type=goes_on and rules.has_code_tries(scene.wrong_codes),
        may_choose=goes_on,
        tries_left=max(0, rules.CODE_TRIES - scene.wrong_codes),
        is_own=scene.call is not None and scene.call.holder == link.holder,
    )
