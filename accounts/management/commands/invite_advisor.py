"""`manage.py invite_advisor`: how the first advisor comes, and those after."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts import actions, addresses, rules
from accounts.enums import LinkPurpose

NAME_LENGTH = 80


class Command(BaseCommand):
    help = "Mail somebody the link to an advisor's account; run again for the same e-mail, another link replaces it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--first-name", required=True)
        parser.add_argument("--last-name", required=True)
        parser.add_argument("--email", required=True, help="where the invitation goes")
        parser.add_argument("--identifier", help="what the advisor signs in as; drawn from the name when absent")

    def handle(self, *args: Any, **options: Any) -> None:
        email = _email(options["email"])
        try:
            user, _ = actions.invite_advisor(
                first_name=_name(options["first_name"], "--first-name"),
                last_name=_name(options["last_name"], "--last-name"),
                email=email,
                identifier=options["identifier"],
                now=timezone.now(),
            )
        except actions.AlreadyOpen as opened:
            raise CommandError(f"{email} has an advisor's account already: {opened.user.identifier}.") from None
        except actions.IdentifierRefused:
            raise CommandError(
                "--identifier takes 3 to 64 characters: a to z, 0 to 9, dot, dash, underscore; a letter or digit first."
            ) from None
        except actions.IdentifierTaken:
            raise CommandError(
                f"--identifier {options['identifier']} is taken, or {email} was invited under another one."
            ) from None
        hours = int(rules.LINK_LIVES[LinkPurpose.ADVISOR_INVITATION].total_seconds() // 3600)
        self.stdout.write(
            f"Invited: {user.full_name}, identifier {user.identifier}. A worker mails the link to {email};"
            f" it works once, for {hours} hours."
        )


def _name(typed: str, option: str) -> str:
    name = " ".join(typed.split())
    if not name or len(name) > NAME_LENGTH or not name.isprintable():
        raise CommandError(f"{option} takes 1 to {NAME_LENGTH} printable characters.")
    return name


def _email(typed: str) -> str:
    try:
        return addresses.normalise(typed)
    except addresses.EmailRefused:
        raise CommandError("--email takes an address such as nom@banque.example.") from None
