"""How an advisor's browser comes to see somebody's pages."""


def page_from(place):
    """The desk's page that asks why, for somebody of a company."""
    return f"/conseiller/societes/{place.company.public_id}/voir-comme/{place.user.public_id}/"


def look_as(client, person, reason="asked_by_phone"):
    """See the pages of this person, from the page of the company they came to first; return the answer."""
    answer = client.post(page_from(person.membership), {"reason": reason})
    assert (answer.status_code, answer["Location"]) == (302, "/")
    return answer
