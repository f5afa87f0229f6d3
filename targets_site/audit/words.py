"""What the actions of the trail are called where people read it."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

# A test holds them to the actions that the code records.
ACTION_WORDS: Mapping[str, Promise] = {
    # Figures, judgements and what goes with them
    "save": pgettext_lazy("trail", "Draft saved"),
    "submit": pgettext_lazy("trail", "Submitted"),
    "sign": pgettext_lazy("trail", "Signed"),
    "recall": pgettext_lazy("trail", "Recalled by the sender"),
    "return": pgettext_lazy("trail", "Returned"),
    "approve": pgettext_lazy("trail", "Approved"),
    "attach": pgettext_lazy("trail", "File stored as evidence"),
    "hand_in": pgettext_lazy("trail", "Material handed in"),
    "import": pgettext_lazy("trail", "Imported file stored"),
    "discard": pgettext_lazy("trail", "Imported file discarded"),
    # Questions about figures and their check
    "find_questions": pgettext_lazy("trail", "Questions found by the rules"),
    "ask_question": pgettext_lazy("trail", "Question put to a department"),
    "answer_question": pgettext_lazy("trail", "Question answered"),
    "conclude_question": pgettext_lazy("trail", "Question concluded"),
    # Rounds
    "open_round": pgettext_lazy("trail", "Reporting round opened"),
    "change_round": pgettext_lazy("trail", "Reporting round changed"),
    "grant_exception": pgettext_lazy("trail", "More time granted"),
    # Readings, reference data and verdicts
    "propose_reading": pgettext_lazy("trail", "Reading proposed"),
    "confirm_reading": pgettext_lazy("trail", "Reading confirmed"),
    "refuse_reading": pgettext_lazy("trail", "Reading refused"),
    "load_reference": pgettext_lazy("trail", "Reference data loaded"),
    "recompute": pgettext_lazy("trail", "Verdicts computed"),
    # Reports
    "draft_report": pgettext_lazy("trail", "Report drafted"),
    "upload_report": pgettext_lazy("trail", "Edited report handed in"),
    "move_report": pgettext_lazy("trail", "Report moved on"),
    "return_report": pgettext_lazy("trail", "Report returned"),
    "report_differs": pgettext_lazy("trail", "Issued report found changed"),
    # Sessions
    "login": pgettext_lazy("trail", "Signed in"),
    "login_failed": pgettext_lazy("trail", "Sign-in failed"),
    "logout": pgettext_lazy("trail", "Signed out"),
    "end_session": pgettext_lazy("trail", "Session ended by somebody"),
    "confirm_identity": pgettext_lazy("trail", "Password confirmed"),
    "denied": pgettext_lazy("trail", "Access denied"),
    "lock_account": pgettext_lazy("trail", "Account locked"),
    "lock_address": pgettext_lazy("trail", "Address locked"),
    "lock_tokens": pgettext_lazy("trail", "Tokens of an address locked"),
    "unlock_account": pgettext_lazy("trail", "Account unlocked"),
    # Accounts and posts
    "create_account": pgettext_lazy("trail", "Account made"),
    "create_demo_account": pgettext_lazy("trail", "Demo account made"),
    "import_accounts": pgettext_lazy("trail", "Accounts made from a sheet"),
    "disable_account": pgettext_lazy("trail", "Account disabled"),
    "suspend_account": pgettext_lazy("trail", "Account suspended"),
    "bring_back_account": pgettext_lazy("trail", "Account brought back"),
    "enable_account": pgettext_lazy("trail", "Account opened again"),
    "ask_enable_account": pgettext_lazy("trail", "Opening an account asked for"),
    "confirm_enable_account": pgettext_lazy("trail", "Opening an account confirmed"),
    "refuse_enable_account": pgettext_lazy("trail", "Opening an account refused"),
    "reset_password": pgettext_lazy("trail", "One-time password made"),
    "ask_reset_password": pgettext_lazy("trail", "One-time password asked for"),
    "confirm_reset_password": pgettext_lazy("trail", "One-time password confirmed"),
    "refuse_reset_password": pgettext_lazy("trail", "One-time password refused"),
    "export_one_time_passwords": pgettext_lazy("trail", "One-time passwords fetched"),
    "change_password": pgettext_lazy("trail", "Password changed"),
    "change_email": pgettext_lazy("trail", "E-mail address changed"),
    "set_up_second_factor": pgettext_lazy("trail", "Second factor set up"),
    "end_second_factor": pgettext_lazy("trail", "Second factor turned off"),
    "make_recovery_codes": pgettext_lazy("trail", "Recovery codes made"),
    "use_recovery_code": pgettext_lazy("trail", "Recovery code used"),
    "reset_second_factor": pgettext_lazy("trail", "Second factor taken off"),
    "ask_reset_second_factor": pgettext_lazy("trail", "Taking a second factor off asked for"),
    "confirm_reset_second_factor": pgettext_lazy("trail", "Taking a second factor off confirmed"),
    "refuse_reset_second_factor": pgettext_lazy("trail", "Taking a second factor off refused"),
    "request_post": pgettext_lazy("trail", "Post asked for"),
    "grant_post": pgettext_lazy("trail", "Post granted"),
    "refuse_post": pgettext_lazy("trail", "Post refused"),
    "end_post": pgettext_lazy("trail", "Post ended"),
    "make_token": pgettext_lazy("trail", "Access token made"),
    "end_token": pgettext_lazy("trail", "Access token ended"),
    # Exports, and looking into the trail
    "export": pgettext_lazy("trail", "Exported"),
    "search_trail": pgettext_lazy("trail", "Trail searched"),
    # What security rests on
    "note_settings": pgettext_lazy("trail", "Settings noted"),
    # Checks of each night
    "run_checks": pgettext_lazy("trail", "Trail and reports checked"),
    "mail_trail_head": pgettext_lazy("trail", "Head of the trail mailed"),
    # Jobs
    "start_job": pgettext_lazy("trail", "Job started"),
    "end_job": pgettext_lazy("trail", "Job ended"),
    "cancel_job": pgettext_lazy("trail", "Job cancelled"),
    "retry_job": pgettext_lazy("trail", "Job tried again"),
    "retry_stale": pgettext_lazy("trail", "Verdicts tried again"),
    # Notices
    "give_notices": pgettext_lazy("trail", "Notices given"),
    "give_notices_again": pgettext_lazy("trail", "Notices given again"),
    "withdraw_notices": pgettext_lazy("trail", "Notices withdrawn"),
    "mail_notices": pgettext_lazy("trail", "Notices mailed"),
    "mail_notices_failed": pgettext_lazy("trail", "Mailing notices failed"),
    "read_notices": pgettext_lazy("trail", "Notices read"),
}


def action_word(action: str) -> str:
    """The action's own name where it has no words."""
    return str(ACTION_WORDS.get(action, action))
