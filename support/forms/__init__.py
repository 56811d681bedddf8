"""What people fill in at the counter: contact, what follows a request, the filters of the mail log."""

from support.forms.calls import CallForm, NewCodeForm
from support.forms.companies import NoteForm, SearchForm, TagsForm
from support.forms.contact import ContactForm, refuse_unreadable
from support.forms.mails import MailFilterForm
from support.forms.registrations import (
    AccountStepForm,
    CodeStepForm,
    CompanyStepForm,
    ConsentForm,
    MissingForm,
    RegistrationRefusalForm,
    RepresentativeStepForm,
    ShopStepForm,
    SignedForm,
)
from support.forms.requests import AdditionForm, AnswerForm, HandOverForm, QuestionForm, RefusalForm, RejectionForm

__all__ = [
    "AccountStepForm",
    "AdditionForm",
    "AnswerForm",
    "CallForm",
    "CodeStepForm",
    "CompanyStepForm",
    "ConsentForm",
    "ContactForm",
    "HandOverForm",
    "MailFilterForm",
    "MissingForm",
    "NewCodeForm",
    "NoteForm",
    "QuestionForm",
    "RefusalForm",
    "RegistrationRefusalForm",
    "RejectionForm",
    "RepresentativeStepForm",
    "SearchForm",
    "ShopStepForm",
    "SignedForm",
    "TagsForm",
    "refuse_unreadable",
]
