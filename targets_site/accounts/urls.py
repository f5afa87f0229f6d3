from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LogoutView
from django.urls import path

from targets_site.accounts.views import (
    issued,
    people,
    posts,
    resets,
    second_factor,
    sessions,
    sheet,
    tokens,
)
from targets_site.accounts.views.email import own_email
from targets_site.accounts.views.identity import confirm_identity
from targets_site.accounts.views.login import LoginView
from targets_site.accounts.views.password import password

app_name = "accounts"
urlpatterns = [
    path("login/", LoginView.as_view(), name="login"),
    path("login/code/", second_factor.second_step, name="second_step"),
    # Whose session has ended is signed out already.
    path("logout/", login_not_required(LogoutView.as_view()), name="logout"),
    path("password/", password, name="password"),
    path("second-factor/", second_factor.second_factor, name="second_factor"),
    path("second-factor/codes/", second_factor.recovery_codes, name="recovery_codes"),
    path("second-factor/end/", second_factor.end_second_factor, name="end_second_factor"),
    path("email/", own_email, name="own_email"),
    path("tokens/", tokens.tokens, name="tokens"),
    path("tokens/end/", tokens.end, name="end_token"),
    path("confirm/", confirm_identity, name="confirm_identity"),
    path("sessions/", sessions.sessions, name="sessions"),
    path("sessions/end/", sessions.end, name="end_session"),
    path("sessions/own/", sessions.own_sessions, name="own_sessions"),
    path("sessions/own/end/", sessions.end_own, name="end_own_session"),
    path("people/", people.people, name="people"),
    path("people/new/", people.new_account, name="new_account"),
    path("people/sheet/", sheet.account_sheet, name="account_sheet"),
    path("people/sheet/confirm/", sheet.confirm, name="confirm_sheet"),
    path("people/sheet/template.xlsx", sheet.template, name="sheet_template"),
    path(
        "people/one-time-passwords.csv",
        issued.passwords_file,
        {"kind": "csv"},
        name="passwords_csv",
    ),
    path(
        "people/one-time-passwords.xlsx",
        issued.passwords_file,
        {"kind": "xlsx"},
        name="passwords_xlsx",
    ),
    path("people/<id:user_id>/", people.account, name="account"),
    path("people/<id:user_id>/email/", people.set_email, name="set_email"),
    path("people/<id:user_id>/disable/", people.disable, name="disable_account"),
    path("people/<id:user_id>/unlock/", people.unlock, name="unlock_account"),
    path("people/<id:user_id>/bring-back/", people.bring_back, name="bring_back_account"),
    path("people/<id:user_id>/enable/", people.enable, name="enable_account"),
    path("people/<id:user_id>/sessions/end/", sessions.end_of_person, name="end_sessions"),
    path("people/<id:user_id>/reset/", people.reset_password, name="reset_password"),
    path("people/<id:user_id>/reset/ask/", people.ask_reset, name="ask_reset"),
    path("people/<id:user_id>/reset/issue/", people.issue_reset, name="issue_reset"),
    path(
        "people/<id:user_id>/second-factor/reset/ask/",
        people.ask_second_factor_reset,
        name="ask_second_factor_reset",
    ),
    path("resets/", resets.resets, name="resets"),
    path("resets/<id:reset_id>/decide/", resets.decide, name="decide_reset"),
    path("posts/", posts.posts, name="posts"),
    path("posts/decide/", posts.decide, name="decide_requests"),
    path("posts/<id:post_id>/end/", posts.end, name="end_post"),
    path("posts/people/<id:user_id>/", posts.posts_of_person, name="posts_of_person"),
    path("posts/people/<id:user_id>/grant/", posts.grant, name="grant_post"),
]
