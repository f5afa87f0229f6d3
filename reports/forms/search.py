"""What a reader may search for."""

from django import forms
from django.core.validators import MaxLengthValidator, MinLengthValidator
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

SHORTEST, LONGEST, MOST_WORDS = 2, 60, 5


class SearchForm(forms.Form):
    """Words that all have to be found; `words` is empty where nothing can be searched for."""

    q = forms.CharField(
        label=_("Search"),
        required=False,
        validators=[
            MinLengthValidator(
                SHORTEST,
                ngettext_lazy(
                    "Type at least %(limit_value)d character.",
                    "Type at least %(limit_value)d characters; one alone stands everywhere.",
                    "limit_value",
                ),
            ),
            MaxLengthValidator(
                LONGEST,
                ngettext_lazy(
                    "Type at most %(limit_value)d character.",
                    "Type at most %(limit_value)d characters.",
                    "limit_value",
                ),
            ),
        ],
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data, auto_id="search_%s", label_suffix="")

    def clean_q(self) -> str:
        query = " ".join(str(self.cleaned_data["q"]).split())
        if len(query.split()) > MOST_WORDS:
            raise forms.ValidationError(
                _("Type at most %(most)s words."), params={"most": MOST_WORDS}
            )
        return query

    @property
    def words(self) -> list[str]:
        return str(self.cleaned_data["q"]).split() if self.is_valid() else []
