"""The fingerprint of everything that a second advisor approves: any edit since it was proposed changes it (AUTHZ-06).

What strangers can change from outside is left out (wrong tries, repeated requests): they could void what waits.
"""

import hashlib
import json

from accounts.enums import AccountState
from accounts.models import ContactChange, TotpDevice, User
from accounts.rules import owners_of
from support.models import ContactRequest, Proposal, RequestMessage


def fingerprint_of(proposal: Proposal, *, contact: ContactRequest, person: User) -> str:
    """SHA-256, in lower-case hex, of what is proposed, of its request, and of what is on file of the person."""
    facts = {**_of_proposal(proposal), **_of_account(proposal), **_of_request(contact), **_of_file(person)}
    return hashlib.sha256(json.dumps(facts, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def _of_proposal(proposal: Proposal) -> dict[str, str]:
    call = proposal.call
    return {
        "proposal": str(proposal.public_id),
        "kind": proposal.kind,
        "words": proposal.words,
        "new_code": proposal.new_code_hash,
        "proposed_by": str(proposal.proposed_by_id),
        "proposed_at": proposal.proposed_at.isoformat(),
        "expires_at": proposal.expires_at.isoformat(),
        "call": f"{call.public_id} {call.number} {call.holder} {call.by_id}" if call else "",
    }


def _of_account(proposal: Proposal) -> dict[str, str]:
    contract = proposal.contract
    if contract is None:
        return {}
    return {
        "contract": f"{contract.number} {contract.digest}",
        "account": proposal.iban(),
        "owners": " ".join(sorted(str(owner.public_id) for owner in owners_of(contract.shop.company))),
    }


def _of_request(contact: ContactRequest) -> dict[str, str]:
    said = RequestMessage.objects.of(contact).without_repeats()
    return {
        "request": str(contact.public_id),
        "status": contact.status,
        "holder": str(contact.owner_id),
        "typed": "|".join((contact.last_name, contact.first_name, contact.siret, str(contact.phone), contact.email)),
        "said": str(said.count()),
    }


def _of_file(person: User) -> dict[str, str]:
    company, factor = person.company, TotpDevice.objects.of(person).confirmed().first()
    changes = ContactChange.objects.of(person).pending()
    return {
        "person": f"{person.public_id} {person.identifier} {person.full_name}",
        "reached": f"{person.email} {person.phone}",
        "code": person.code_hash,
        "is_stopped": f"{person.changes_frozen_at} {person.state == AccountState.CLOSED}",
        "factor": str(factor.public_id) if factor else "",
        "changes": " ".join(sorted(str(change.public_id) for change in changes)),
        "company": f"{company.siret} {company.legal_name} {company.email} {company.phone}" if company else "",
    }
