"""Requests of one sender at the same moment: the limit counts each of them once."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from support.actions import Letter, TooManyRequests, receive_request
from support.enums import Motive
from support.models import ContactRequest

LETTER = Letter(motive=Motive.OTHER, last_name="a", first_name="b", email="a@exemple.fr", message="c")


@pytest.mark.django_db(transaction=True)
def test_ten_requests_at_once_keep_five(now):
    def send(_):
        try:
            receive_request(letter=LETTER, by=None, address="198.51.100.7", now=now)
        except TooManyRequests:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(10) as senders:
        taken = list(senders.map(send, range(10)))
    assert sum(taken) == ContactRequest.objects.count() == 5
