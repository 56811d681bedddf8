"""Several clicks on « Renvoyer » at the same moment: the day's copies are counted once each."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from backoffice.core import mail
from backoffice.core.models import OutgoingMail
from support import rules
from support.actions import TooManyCopies, send_mail_again
from tests.accounts.factories import BROWSER, UserFactory


@pytest.mark.django_db(transaction=True)
def test_eight_clicks_at_once_send_three_copies(now):
    advisor = UserFactory(advisor=True)
    row = mail.queue(
        "accounts/emails/identifier.txt",
        to=advisor.email,
        subject="Votre identifiant",
        context={"user": advisor},
        person=advisor.public_id,
        now=now,
    )
    row.mark_sent(at=now)
    row.save()

    def send(_):
        try:
            send_mail_again(mail_id=row.pk, by=advisor, browser=BROWSER, now=now)
        except TooManyCopies:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(8) as clicks:
        left = list(clicks.map(send, range(8)))
    assert sum(left) == OutgoingMail.objects.filter(original=row).count() == rules.COPIES_A_DAY
