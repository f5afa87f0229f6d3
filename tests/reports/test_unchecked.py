"""Numbers that people typed are told from those that were frozen and those that were drafted."""

from reports.paper.blocks import Fixed, Heading, Paragraph, Placed
from reports.paper.unchecked import unchecked_sentences

FIGURE = Fixed("f001", "98.40%")
DRAFTED = (
    Heading(1, ("一、总体情况",)),
    Paragraph(("2015年共3项。抽检合格率为", FIGURE, "。")),
    Placed("table_1"),
)


def test_what_was_drafted_is_not_listed():
    assert unchecked_sentences(DRAFTED, drafted=DRAFTED) == []


def test_typed_numbers_are_listed_with_their_sentences_in_order():
    edited = (
        Heading(2, ("（一）抽查１２批次",)),
        Paragraph(("2015年共3项。抽检合格率为", FIGURE, "，高于上年2个百分点；投诉下降三成。")),
        Paragraph(("下一步，加强监管。", "合格率", FIGURE, "，为全省前列。百分之九十满意。")),
        Placed("table_1"),
    )

    assert unchecked_sentences(edited, drafted=DRAFTED) == [
        "（一）抽查１２批次",
        "抽检合格率为98.40%，高于上年2个百分点；",
        "投诉下降三成。",
        "百分之九十满意。",
    ]


def test_locked_figures_and_words_that_only_look_like_numbers_are_not_listed():
    edited = (Heading(1, ("二、工作打算",)), Paragraph(("一是加强监管，达到", FIGURE, "。")))

    assert unchecked_sentences(edited, drafted=DRAFTED) == []
