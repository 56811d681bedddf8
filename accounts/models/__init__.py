"""Companies, people, portfolios, and what a door remembers: passwords, codes, factors, browsers, links, sessions."""

from accounts.models.companies import SIRET_SHAPE, Company
from accounts.models.contacts import ContactChange
from accounts.models.devices import Device, TryWindow
from accounts.models.factors import RecoveryCode, TotpDevice
from accounts.models.kept_forms import KeptForm
from accounts.models.links import MailedLink
from accounts.models.memberships import Membership
from accounts.models.passwords import PasswordRecord
from accounts.models.people import User
from accounts.models.portfolios import Assignment
from accounts.models.sessions import Session
from accounts.models.told_codes import ToldCode

__all__ = [
    "SIRET_SHAPE",
    "Assignment",
    "Company",
    "ContactChange",
    "Device",
    "KeptForm",
    "MailedLink",
    "Membership",
    "PasswordRecord",
    "RecoveryCode",
    "Session",
    "ToldCode",
    "TotpDevice",
    "TryWindow",
    "User",
]
