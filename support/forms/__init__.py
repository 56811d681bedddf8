"""What people fill in at the counter: contact, what follows a request, the filters of the mail log."""

from support.forms.calls import CallForm, NewCodeForm
from support.forms.companies import NoteForm, SearchForm, TagsForm
from support.forms.contact import ContactForm, refuse_unreadable
from support.forms.mails import MailFilterForm
from support.forms.papers import AccountChangeForm
from support.forms.people import ClosingForm, OpeningForm
from support.forms.registration_desk import MissingForm, RegistrationRefusalForm, SignedForm
from support.forms.registrations import (
    AccountStepForm,
    AnotherShopForm,
    CodeStepForm,
    CompanyStepForm,
    ConsentForm,
    RepresentativeStepForm,
    ShopStepForm,
)
from support.forms.requests import (
    AdditionForm,
    AnswerForm,
    FactorResetForm,
    HandOverForm,
    QuestionForm,
    RefusalForm,
    RejectionForm,
)
from support.forms.viewing import ViewForm

__all__ = [
    "AccountChangeForm",
    "AccountStepForm",
    "AdditionForm",
    "AnotherShopForm",
    "AnswerForm",
    "CallForm",
    "ClosingForm",
    "CodeStepForm",
    "CompanyStepForm",
    "ConsentForm",
    "ContactForm",
    "FactorResetForm",
    "HandOverForm",
    "MailFilterForm",
    "MissingForm",
    "NewCodeForm",
    "NoteForm",
    "OpeningForm",
    "QuestionForm",
    "RefusalForm",
    "RegistrationRefusalForm",
    "RejectionForm",
    "RepresentativeStepForm",
    "SearchForm",
    "ShopStepForm",
    "SignedForm",
    "TagsForm",
    "ViewForm",
    "refuse_unreadable",
]
