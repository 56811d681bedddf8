"""What accounts write to people: each function queues one message inside the action's transaction."""

from datetime import datetime
from typing import Any

from django.conf import settings

from accounts import links, rules
from accounts.enums import CancelReason, LinkPurpose, Way
from accounts.models import ContactChange, Membership, ToldCode, User
from accounts.not_me import Report
from backoffice.core import mail
from backoffice.core.journal import Event


def identifier(user: User, *, now: datetime) -> None:
    """The identifier alone; the temporary password travels in a message of its own."""
    subject = f"Votre identifiant {settings.BRAND['name']}"
    _queue(user, "identifier", subject=subject, now=now, inviter=_inviter(user))


def temporary_password(user: User, *, password: str, now: datetime) -> None:
    """Secret: the body is gone once sent. Never holds the code of first connection (RST-04, RST-08).

    Carries a link that makes the owner's browser known, so that strangers' tries do not stop them (design 4.5).
    """
    token = links.issue(purpose=LinkPurpose.RECOVERY, user=user, now=now)
    context: dict[str, Any] = {"password": password, "token": token, "expires_at": user.temporary_password_expires_at}
    context["inviter"] = _inviter(user)
    _queue(user, "temporary_password", subject="Votre mot de passe temporaire", now=now, is_secret=True, **context)


def account_blocked(user: User, *, now: datetime) -> None:
    """The account refuses every try from now on, and what to do (AUTH-16)."""
    _warn(user, "account_blocked", event=Event.ACCOUNT_BLOCKED, subject="Votre compte est bloqué", now=now)


def account_unblocked(user: User, *, is_treated: bool, now: datetime) -> None:
    """Every browser is taken again; after a treatment, with the temporary password of another message (AUTH-16)."""
    subject = "Votre compte est débloqué"
    _warn(
        user,
        "account_unblocked",
        event=Event.ACCOUNT_UNBLOCKED,
        subject=subject,
        now=now,
        at=now,
        is_treated=is_treated,
    )


def new_browser(user: User, *, now: datetime) -> None:
    """Somebody signed in from a browser the account did not know, after several wrong tries (AUTH-16)."""
    _warn(
        user,
        "new_browser",
        event=Event.ACCOUNT_SIGNED_IN,
        subject="Connexion depuis un nouveau navigateur",
        now=now,
        at=now,
    )


def forgotten_password(user: User, *, token: str, now: datetime) -> None:
    """Secret: the link to the code, then to a new password; without a token, whom to ask (design 4.7)."""
    context: dict[str, Any] = {"token": token, "expires_at": now + rules.LINK_LIVES[LinkPurpose.FORGOTTEN]}
    _queue(user, "forgotten_password", subject="Votre mot de passe oublié", now=now, is_secret=True, **context)


def password_chosen(user: User, *, way: Way, now: datetime) -> None:
    """The person's own password is in place (AUTH-16)."""
    context: dict[str, Any] = {"at": now, "was_temporary": way is Way.TEMPORARY_PASSWORD}
    _warn(
        user,
        "password_chosen",
        event=Event.PASSWORD_CHOSEN,
        subject="Votre mot de passe est enregistré",
        now=now,
        **context,
    )


def password_changed(user: User, *, now: datetime) -> None:
    """Somebody who knew the current password replaced it (AUTH-16, PWD-08)."""
    _warn(
        user, "password_changed", event=Event.PASSWORD_CHANGED, subject="Votre mot de passe est changé", now=now, at=now
    )


def factor_enrolled(user: User, *, is_replacing: bool, now: datetime) -> None:
    """A one-time code is asked at the door from now on, or another application gives it (AUTH-16)."""
    subject = "Votre second facteur est remplacé" if is_replacing else "Votre second facteur est activé"
    _warn(
        user,
        "factor_enrolled",
        event=Event.FACTOR_ENROLLED,
        subject=subject,
        now=now,
        at=now,
        is_replacing=is_replacing,
    )


def factor_removed(user: User, *, now: datetime) -> None:
    """The password alone opens the account again (AUTH-16)."""
    _warn(
        user, "factor_removed", event=Event.FACTOR_REMOVED, subject="Votre second facteur est retiré", now=now, at=now
    )


def recovery_code_used(user: User, *, left: int, now: datetime) -> None:
    """Somebody came in with a recovery code, and how many are left (AUTH-16)."""
    _warn(
        user,
        "recovery_code_used",
        event=Event.RECOVERY_CODE_USED,
        subject="Connexion avec un code de secours",
        now=now,
        at=now,
        left=left,
    )


def recovery_codes_drawn(user: User, *, now: datetime) -> None:
    """The recovery codes printed before are dead (AUTH-16)."""
    _warn(
        user,
        "recovery_codes_drawn",
        event=Event.RECOVERY_CODES_DRAWN,
        subject="Vos codes de secours sont remplacés",
        now=now,
        at=now,
    )


def email_change_asked(user: User, *, change: ContactChange, now: datetime) -> None:
    """To the address on file: another was given, and what to do if its owner did not ask (AUTH-16)."""
    _warn(
        user,
        "email_change_asked",
        event=Event.EMAIL_CHANGE_ASKED,
        subject="Changement de votre adresse e-mail",
        now=now,
        change=change,
    )


def email_change_link(user: User, *, change: ContactChange, token: str, now: datetime) -> None:
    """Secret, to the new address: the link that proves it is read. Says nothing of whose account it is.

    Whoever mistypes an address writes to a stranger, who learns neither a name nor an identifier.
    """
    expires_at = change.asked_at + rules.LINK_LIVES[LinkPurpose.EMAIL_CHANGE]
    subject = "Confirmez votre adresse e-mail"
    context = {"token": token, "expires_at": expires_at}
    _queue(user, "email_change_link", subject=subject, now=now, to=change.value, is_secret=True, **context)


def email_change_confirmed(user: User, *, change: ContactChange, now: datetime) -> None:
    """To the address on file: the new one was confirmed, and from when it will be used (AUTH-16)."""
    _warn(
        user,
        "email_change_confirmed",
        event=Event.EMAIL_CHANGE_CONFIRMED,
        subject="Nouvelle adresse e-mail confirmée",
        now=now,
        change=change,
    )


def email_changed(user: User, *, former: str, now: datetime) -> None:
    """To both addresses: the former one is warned, the new one welcomed (AUTH-16)."""
    subject = "Votre adresse e-mail est changée"
    _warn(user, "email_changed_former", event=Event.EMAIL_CHANGED, subject=subject, now=now, to=former)
    _queue(user, "email_changed", subject=subject, now=now)


def phone_change_asked(user: User, *, change: ContactChange, now: datetime) -> None:
    """Another telephone was given, and from when it will be called (AUTH-16)."""
    _warn(
        user,
        "phone_change_asked",
        event=Event.PHONE_CHANGE_ASKED,
        subject="Changement de votre téléphone",
        now=now,
        change=change,
    )


def phone_changed(user: User, *, now: datetime) -> None:
    """The new telephone is the one that is called (AUTH-16)."""
    _warn(user, "phone_changed", event=Event.PHONE_CHANGED, subject="Votre téléphone est changé", now=now)


def contact_change_cancelled(user: User, *, change: ContactChange, reason: CancelReason, now: datetime) -> None:
    """What was on file stays, and why (AUTH-16)."""
    subject = "Changement de coordonnées annulé"
    _warn(
        user,
        "contact_change_cancelled",
        event=Event.CONTACT_CHANGE_CANCELLED,
        subject=subject,
        now=now,
        change=change,
        reason=reason.label,
    )


def account_frozen(user: User, *, reported: Report, now: datetime) -> None:
    """What a report of « Ce n’était pas moi » did, and who acts next (AUTH-16).

    When the e-mail itself was what somebody else changed, to the company: the address on file is theirs.
    """
    company = user.company
    is_astray = reported.event is Event.EMAIL_CHANGED and company is not None
    to = company.email if company and is_astray else ""
    subject = "Les modifications de votre compte sont gelées"
    _queue(user, "account_frozen", subject=subject, now=now, to=to, reported=reported)


def account_unfrozen(user: User, *, now: datetime) -> None:
    """An advisor opened the account to changes again (AUTH-16)."""
    subject = "Votre compte peut de nouveau être modifié"
    _warn(user, "account_unfrozen", event=Event.ACCOUNT_UNFROZEN, subject=subject, now=now, at=now)


def advisor_invitation(user: User, *, token: str, now: datetime) -> None:
    """Secret: the link by which an invited advisor chooses a password."""
    expires_at = now + rules.LINK_LIVES[LinkPurpose.ADVISOR_INVITATION]
    subject = f"Votre invitation {settings.BRAND['name']}"
    context: dict[str, Any] = {"token": token, "expires_at": expires_at}
    _queue(user, "advisor_invitation", subject=subject, now=now, is_secret=True, **context)


def invitation_accepted(user: User, *, now: datetime) -> None:
    """The invited advisor's account is open: the identifier to keep (AUTH-16)."""
    subject = f"Votre identifiant {settings.BRAND['name']}"
    _warn(user, "invitation_accepted", event=Event.PASSWORD_CHOSEN, subject=subject, now=now, at=now)


def person_invited(owner: User, *, place: Membership, by: User, now: datetime) -> None:
    """Told to every owner: somebody else will have access to the company (AUTH-16)."""
    _warn(
        owner,
        "person_invited",
        event=Event.PERSON_INVITED,
        subject="Une personne est invitée",
        now=now,
        at=now,
        place=place,
        by=by,
    )


def owner_made(owner: User, *, place: Membership, by: User, now: datetime) -> None:
    """Told to every owner: somebody may do from now on all that they may (AUTH-16)."""
    _warn(
        owner,
        "owner_made",
        event=Event.PERSON_ROLE_CHANGED,
        subject="Votre société a un gérant de plus",
        now=now,
        at=now,
        place=place,
        by=by,
    )


def role_changed(place: Membership, *, by: User, now: datetime) -> None:
    """What the person may do from now on."""
    _warn(
        place.user,
        "role_changed",
        event=Event.PERSON_ROLE_CHANGED,
        subject="Votre rôle a changé",
        now=now,
        at=now,
        place=place,
        by=by,
    )


def person_removed(place: Membership, *, now: datetime) -> None:
    """The access is over; whom to ask when that is not expected."""
    _queue(place.user, "person_removed", subject="Votre accès est retiré", now=now, place=place)


def access_ended(place: Membership, *, now: datetime) -> None:
    """The planned end has come."""
    _queue(place.user, "access_ended", subject="Votre accès est terminé", now=now, place=place)


def access_ended_for(owner: User, *, place: Membership, now: datetime) -> None:
    """Told to every owner: an integrator's access ended by itself, as planned."""
    _queue(owner, "access_ended_for", subject="Un accès s’est terminé", now=now, place=place)


def _inviter(user: User) -> str:
    """Who tells this person the code of first connection; an empty string when it stands on a contract."""
    told = ToldCode.objects.of(user).select_related("told_by").first()
    return told.told_by.full_name if told else ""


def _warn(user: User, name: str, *, event: Event, subject: str, now: datetime, to: str = "", **context: Any) -> None:
    """A security mail: its template ends with `_not_me.txt`, whose link reports `event` as somebody else's doing.

    Secret, as whatever holds a link is (AUTH-16, design 4.19).
    """
    token = links.issue(purpose=LinkPurpose.NOT_ME, user=user, now=now, event=event.value)
    not_me = {"token": token, "expires_at": now + rules.LINK_LIVES[LinkPurpose.NOT_ME]}
    _queue(user, name, subject=subject, now=now, to=to, is_secret=True, not_me=not_me, **context)


def _queue(
    user: User, name: str, *, subject: str, now: datetime, to: str = "", is_secret: bool = False, **context: Any
) -> None:
    """To the address on file, unless `to` names the one that is to come or that was."""
    mail.queue(
        f"accounts/emails/{name}.txt",
        to=to or user.email,
        subject=subject,
        context={"user": user, **context},
        now=now,
        is_secret=is_secret,
        company=user.company.public_id if user.company else None,
        person=user.public_id,
    )
