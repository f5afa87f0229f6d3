from django.contrib.auth.views import LogoutView
from django.urls import path

from targets_site.accounts.views import issued, people, posts, resets, sheet, tokens
from targets_site.accounts.views.email import own_email
from targets_site.accounts.views.login import LoginView
from targets_site.accounts.views.password import password

app_name = "accounts"
urlpatterns = [
    path("login/", LoginView.as_view(), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("password/", password, name="password"),
    path("email/", own_email, name="own_email"),
    path("tokens/", tokens.tokens, name="tokens"),
    path("tokens/end/", tokens.end, name="end_token"),
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
    path("people/<id:user_id>/enable/", people.enable, name="enable_account"),
    path("people/<id:user_id>/reset/", people.reset_password, name="reset_password"),
    path("people/<id:user_id>/reset/ask/", people.ask_reset, name="ask_reset"),
    path("people/<id:user_id>/reset/issue/", people.issue_reset, name="issue_reset"),
    path("resets/", resets.resets, name="resets"),
    path("resets/<id:reset_id>/decide/", resets.decide, name="decide_reset"),
    path("posts/", posts.posts, name="posts"),
    path("posts/decide/", posts.decide, name="decide_requests"),
    path("posts/<id:post_id>/end/", posts.end, name="end_post"),
    path("posts/people/<id:user_id>/", posts.posts_of_person, name="posts_of_person"),
    path("posts/people/<id:user_id>/grant/", posts.grant, name="grant_post"),
]
