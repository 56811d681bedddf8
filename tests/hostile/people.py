"""Who calls, each in a browser of their own: a stranger, the two halves of a first connection, owner, advisor."""

from http.cookies import SimpleCookie

from django.test import Client
from django.utils import timezone

from accounts import links
from accounts.enums import AccountState, LinkPurpose, Role
from accounts.models import User
from backoffice.core.journal import Event
from certificates.models import Evidence
from shops.enums import Mode
from support import links as follow_up_links
from support.enums import Voice
from tests.accounts.factories import (
    CODE,
    PASSWORD,
    TEMPORARY_PASSWORD,
    AssignmentFactory,
    MembershipFactory,
    UserFactory,
    give_code_if_asked,
    just_confirmed,
)
from tests.certificates.factories import ContractFactory, prove_test_phase
from tests.hostile import found
from tests.payments.factories import (
    CardChallengeFactory,
    NotificationFactory,
    PaymentSessionFactory,
    TransactionFactory,
    shop_ready,
)
from tests.support.factories import (
    CompanyNoteFactory,
    ContactRequestFactory,
    ProposalFactory,
    RegistrationFactory,
    called_about,
)

EVERYBODY = ("stranger", "code", "new password", "owner", "blocked owner", "advisor")
# Whose forms are tried as theirs, though this person finds them too.
EARLIER = {
    "stranger": (),
    "code": ("stranger",),
    "new password": ("stranger",),
    "owner": ("stranger",),
    "blocked owner": ("stranger", "owner"),
    "advisor": ("stranger", "owner"),
}


class House:
    """A shop with something on each page, and what the addresses that name a row need."""

    def __init__(self):
        self.shop = shop_ready()
        contract = ContractFactory(shop=self.shop)
        prove_test_phase(self.shop)
        assert Evidence.objects.exists()
        self.owner = MembershipFactory(user__code_hash="x", company=self.shop.company).user
        self.coming = MembershipFactory(user__first_connection=True, company=self.shop.company).user
        self.advisor = UserFactory(advisor=True)
        # With the right password beside it, so that an attack in « next » reaches what follows a sign-in.
        found.USUAL["identifier"] = self.owner.identifier
        blocked = MembershipFactory(user__blocked=True, user__code_hash="x", company=self.shop.company).user
        now = timezone.now()
        self.transaction = TransactionFactory(shop=self.shop)
        NotificationFactory(transaction=self.transaction)
        visit = PaymentSessionFactory(shop=self.shop)
        request = ContactRequestFactory(identifier=blocked.identifier, taken=True, owner=self.advisor)
        question = ContactRequestFactory(
            technical=True, waiting=True, siret=self.shop.company.siret, owner=self.advisor
        )
        registration = RegistrationFactory()
        proposal = ProposalFactory(call=called_about(self.coming))
        lost = ContactRequestFactory(code_request=True, taken=True, siret=self.shop.company.siret, owner=self.advisor)
        talking = called_about(self.coming, replaced=False, proven=True)
        _, recognised = follow_up_links.issue(contact=talking.contact_request, holder=Voice.SENDER, now=now)
        _, follow_up = follow_up_links.issue(contact=question, holder=Voice.SENDER, now=now)
        AssignmentFactory(advisor=self.advisor, company=self.shop.company)
        reader = MembershipFactory(user=UserFactory(factor=True), company=self.shop.company, role=Role.READER).user
        factor = ContactRequestFactory(identifier=reader.identifier, taken=True, owner=self.advisor)
        somebody = {"public_id": self.shop.company.public_id, "person_id": reader.public_id}
        # The closed list of addresses that show a form only to whoever names the right row.
        self.arguments = {
            "payments:page": {"token": visit.token},
            "payments:bank": {"token": CardChallengeFactory().session.token},
            "payments:language": {"token": visit.token},
            "payments:cancel": {"token": visit.token},
            "payments:result": {"token": self.transaction.session.token},
            "payments:transaction": {"public_id": self.transaction.public_id},
            "support:company": {"public_id": self.shop.company.public_id},
            "support:strike_note": {
                "public_id": self.shop.company.public_id,
                "note_id": CompanyNoteFactory(company=self.shop.company, author=self.advisor).public_id,
            },
            "support:registration_desk": {"public_id": registration.public_id},
            "support:ask_for_more": {"public_id": registration.public_id},
            "support:accept_registration": {"public_id": registration.public_id},
            "support:refuse_registration": {"public_id": registration.public_id},
            "support:sign_contract": {"public_id": self.shop.company.public_id, "number": contract.number},
            "support:person": somebody,
            "support:open_request": somebody,
            "support:end_person_sessions": somebody,
            "support:close_access": somebody,
            "support:close_shop": {"public_id": self.shop.company.public_id},
            "support:papers": {"public_id": self.shop.company.public_id},
            "support:type_code": {"token": recognised},
            "support:choose_code": {"token": recognised},
            "support:begin_call": {"public_id": lost.public_id},
            "support:prove_call": {"public_id": lost.public_id},
            "support:approval": {"public_id": proposal.public_id},
            "support:reject_proposal": {"public_id": proposal.public_id},
            "support:approve_proposal": {"public_id": proposal.public_id},
            "support:view_as": {"public_id": self.shop.company.public_id, "person_id": self.owner.public_id},
            "support:request": {"public_id": request.public_id},
            "support:accept_reset": {"public_id": request.public_id},
            "support:unblock_account": {"public_id": request.public_id},
            "support:propose_factor_reset": {"public_id": factor.public_id},
            "support:take_request": {"public_id": request.public_id},
            "support:hand_over_request": {"public_id": request.public_id},
            "support:ask_merchant": {"public_id": request.public_id},
            "support:answer_request": {"public_id": question.public_id},
            "support:refuse_request": {"public_id": request.public_id},
            "support:follow_up": {"token": follow_up},
            "accounts:recovery": {"token": links.issue(purpose=LinkPurpose.RECOVERY, user=self.coming, now=now)},
            "accounts:invitation": {
                "token": links.issue(purpose=LinkPurpose.ADVISOR_INVITATION, user=UserFactory(invited=True), now=now)
            },
            "support:not_me": {
                "token": links.issue(
                    purpose=LinkPurpose.NOT_ME, user=self.owner, now=now, event=Event.PASSWORD_CHANGED.value
                )
            },
            "accounts:forgotten_link": {"token": links.issue(purpose=LinkPurpose.FORGOTTEN, user=self.owner, now=now)},
        }
        # Whatever other address has a parameter.
        self.usual = {
            "site_id": [self.shop.site_id],
            "mode": [Mode.TEST],
            "public_id": [self.owner.public_id],
            "token": ["A" * 32, "A" * 43],
        }

    def cookies_of(self, who):
        """The cookies of a browser where this person stands at their step."""
        client = Client()
        if who in {"code", "new password"}:
            self._post(client, "/connexion/", identifier=self.coming.identifier, password=TEMPORARY_PASSWORD)
            if who == "new password":
                self._post(client, "/premiere-connexion/", code=CODE)
        elif who != "stranger":
            person = self.advisor if who == "advisor" else self.owner
            entered = client.post("/connexion/", {"identifier": person.identifier, "password": PASSWORD})
            assert give_code_if_asked(client, entered).status_code == 302
            # Within their five minutes, so that the pages behind the confirmation show their forms.
            just_confirmed(client)
            if who == "blocked owner":
                User.objects.filter(pk=self.owner.pk).update(state=AccountState.BLOCKED)
        return SimpleCookie(client.cookies.output(header="", sep=";"))

    @staticmethod
    def _post(client, path, **typed):
        assert client.post(path, typed).status_code == 302
