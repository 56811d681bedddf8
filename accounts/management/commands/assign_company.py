"""`manage.py assign_company`: who looks after which company."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts import actions
from accounts.models import Company, User


class Command(BaseCommand):
    help = "Put a company into an advisor's portfolio, or take it out; what is in nobody's is for all advisors."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--advisor", required=True, help="the advisor's identifier")
        parser.add_argument("--siret", required=True, help="the company's SIRET, 14 digits")
        parser.add_argument("--remove", action="store_true", help="take it out")

    def handle(self, *args: Any, **options: Any) -> None:
        advisor = User.objects.known_as(options["advisor"]).first()
        if advisor is None:
            raise CommandError(f"--advisor {options['advisor']}: nobody has this identifier.")
        company = Company.objects.with_siret(options["siret"]).first()
        if company is None:
            raise CommandError(f"--siret {options['siret']}: no company has this SIRET.")
        act = actions.unassign_company if options["remove"] else actions.assign_company
        try:
            act(advisor=advisor, company=company, by=None, now=timezone.now())
        except actions.NotAnAdvisor:
            raise CommandError(f"--advisor {advisor.identifier} is no advisor, or the account is closed.") from None
        except actions.AlreadyAssigned:
            raise CommandError(f"{company} is in the portfolio of {advisor.identifier} already.") from None
        except actions.NotAssigned:
            raise CommandError(f"{company} is not in the portfolio of {advisor.identifier}.") from None
        verb = "taken out of" if options["remove"] else "put into"
        self.stdout.write(f"{company} is {verb} the portfolio of {advisor.full_name} ({advisor.identifier}).")
