"""Every action that the code records has its words, in both languages."""

from django.utils import translation

from reports.actions.contents import ACTION as REPORT_DIFFERS
from targets_site.audit.words import ACTION_WORDS, action_word
from tests.test_freshness import actions_in_the_code


def test_every_action_of_the_code_has_words_and_no_other_has():
    assert set(ACTION_WORDS) == actions_in_the_code() | {REPORT_DIFFERS}


def test_the_words_are_told_apart_in_both_languages():
    for language in ("zh-hans", "en"):
        with translation.override(language):
            words = [action_word(each) for each in ACTION_WORDS]
        assert len(set(words)) == len(words)
    with translation.override("zh-hans"):
        plain = [each for each in ACTION_WORDS if action_word(each).isascii()]
    assert plain == []


def test_an_action_without_words_is_shown_by_its_name():
    assert action_word("something_new") == "something_new"
