"""A session to end."""

from django import forms

from targets_site.accounts.models import Session


class EndSessionForm(forms.Form):
    """`session`: the handle of one."""

    session = forms.UUIDField()

    def found(self) -> Session | None:
        """None where there is none such, or it is gone by now."""
        if not self.is_valid():
            return None
        of_persons = Session.objects.filter(user__isnull=False).select_related("user")
        return of_persons.filter(handle=self.cleaned_data["session"]).first()
