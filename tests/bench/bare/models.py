"""A shop and its visits, as few columns as the view needs."""

from django.db import models


class Shop(models.Model):
    site_id = models.CharField(max_length=8, unique=True)
    certificate = models.CharField(max_length=16)

    def __str__(self) -> str:
        return self.site_id


class Visit(models.Model):
    shop = models.ForeignKey(Shop, on_delete=models.PROTECT)
    trans_id = models.CharField(max_length=6)
    amount_cents = models.BigIntegerField()
    fields = models.JSONField()
    opened_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.trans_id
