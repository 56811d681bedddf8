"""Two processes of the house, as two workers would be: what one counts the other knows (AUTH-10)."""

import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.db import connection
from django.utils import timezone

from accounts.enums import AccountState
from accounts.models import TryWindow, User
from tests.accounts.factories import PASSWORD, MembershipFactory

pytestmark = pytest.mark.django_db(transaction=True)
ROOT = Path(__file__).resolve().parents[2]

# Signs in once for each line it is given (address, identifier, password), and answers with the status.
WORKER = """
import sys
import django
django.setup()
from django.test import Client
for line in sys.stdin:
    address, identifier, password = line.split()
    answer = Client(REMOTE_ADDR=address).post("/connexion/", {"identifier": identifier, "password": password})
    print(answer.status_code, flush=True)
"""


class Worker:
    def __init__(self):
        database = urlsplit(os.environ["DATABASE_URL"])._replace(path="/" + connection.settings_dict["NAME"])
        self.process = subprocess.Popen(
            [sys.executable, "-c", WORKER],
            cwd=ROOT,
            env=os.environ | {"DATABASE_URL": urlunsplit(database)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    def sign_in(self, address, identifier, password="Wrong-Password-9"):
        print(address, identifier, password, file=self.process.stdin, flush=True)
        return int(self.process.stdout.readline())

    def end(self):
        self.process.stdin.close()
        self.process.wait(10)
        self.process.stdout.close()


@pytest.fixture
def workers():
    both = Worker(), Worker()
    yield both
    for worker in both:
        worker.end()


def test_auth_10_two_processes_by_turns_share_the_limit_of_an_address(workers):
    answers = [workers[number % 2].sign_in("192.0.2.7", "nobody-00001") for number in range(12)]
    assert answers == [200] * 10 + [429] * 2
    assert TryWindow.objects.get(key="192.0.2.7").tries == 10


def test_auth_10_two_processes_by_turns_share_the_three_tries_of_an_account(workers):
    user = MembershipFactory().user
    for number in range(3):
        assert workers[number % 2].sign_in(f"192.0.2.{number + 1}", user.identifier) == 200
    assert User.objects.get(pk=user.pk).state == AccountState.BLOCKED
    assert [worker.sign_in("192.0.2.9", user.identifier, PASSWORD) for worker in workers] == [200, 200]
    assert not user.sessions.filter(expire_date__gt=timezone.now()).exists()
