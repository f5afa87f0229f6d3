"""What is read of the forms of the notices' page."""

from django import forms

from targets_site.accounts.forms.posts import LARGEST_ID


class UpToForm(forms.Form):
    """`up_to`: the highest id that the page knew of; 0 where it is none."""

    up_to = forms.IntegerField(min_value=1, max_value=LARGEST_ID)

    @property
    def number(self) -> int:
        return self.cleaned_data["up_to"] if self.is_valid() else 0
