"""Sheets of people who get accounts: understood whole, or refused with line and column."""

from datetime import date
from io import BytesIO

import openpyxl
import pytest
from django.utils import timezone
from django.utils.translation import override

from targets_site.accounts.cells import role_words
from targets_site.accounts.exports import account_sheet_template
from targets_site.accounts.models import Role
from targets_site.accounts.queries import all_departments
from targets_site.accounts.sheet import MOST_LINES, read_account_sheet
from targets_site.sheets import RefusedFile
from tests.factories import make_area, make_department, make_user
from tests.sheets.files import workbook

HEADINGS = "用户名,姓名,岗位,地区代码,部门,起始日期,截止日期"


def sheet_of(*lines, headings=HEADINGS):
    return "\r\n".join([headings, *lines]).encode()


def read(*lines, **options):
    return read_account_sheet(sheet_of(*lines, **options), name="名单.csv")


def problems_of(*lines, **options):
    with override("en"), pytest.raises(RefusedFile) as refused:
        read(*lines, **options)
    return [(each.line, each.column, each.message) for each in refused.value.problems]


def shown(sheet):
    return [
        (
            line.number,
            line.username,
            line.full_name,
            line.post.role.value,
            line.post.area.code,
            line.post.department and line.post.department.code,
            line.post.from_date,
            line.post.to_date,
        )
        for line in sheet.lines
    ]


@pytest.mark.usefixtures("hainan")
def test_a_sheet_is_understood_line_by_line():
    sheet = read(
        "zhang,张三,填报员,460000,省农业农村厅,2026-03-01,2030-12-31",
        "li.si,李四,Reviewer,460000,,,",
    )

    assert shown(sheet) == [
        (2, "zhang", "张三", "official", "460000", "460000-nynct", date(2026, 3, 1),
         date(2030, 12, 31)),
        (3, "li.si", "李四", "reviewer", "460000", None, timezone.localdate(), None),
    ]  # fmt: skip
    assert (sheet.name, sheet.encoding) == ("名单.csv", "UTF-8")
    assert [(each.username, len(each.posts)) for each in sheet.wanted] == [
        ("zhang", 1),
        ("li.si", 1),
    ]


@pytest.mark.usefixtures("hainan")
@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("zhang@hainan.gov.cn", "zhang@hainan.gov.cn"),
        (" Zhang.San@Hainan.GOV.cn ", "Zhang.San@hainan.gov.cn"),
        ("", ""),
    ],
)
def test_an_address_for_notices_may_be_given(typed, address):
    sheet = read(f"zhang,张三,领导,460000,,,,{typed}", headings=f"{HEADINGS},电子邮箱")

    assert [line.email for line in sheet.lines] == [address]
    assert [each.email for each in sheet.wanted] == [address]


@pytest.mark.usefixtures("hainan")
def test_one_line_of_a_person_is_enough_for_the_address():
    sheet = read(
        "zhang,张三,填报员,460000,省农业农村厅,,,",
        "zhang,张三,审核员,460000,,,,zhang@hainan.gov.cn",
        headings=f"{HEADINGS},电子邮箱",
    )

    assert [(each.email, len(each.posts)) for each in sheet.wanted] == [("zhang@hainan.gov.cn", 2)]


NO_ADDRESS = "This is no e-mail address; write it like zhang@example.cn."


@pytest.mark.usefixtures("hainan")
@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("zhang", NO_ADDRESS),
        ("zhang@", NO_ADDRESS),
        ("zhang@hainan", NO_ADDRESS),
        ("张三@hainan.gov.cn", NO_ADDRESS),
        ("zhang＠hainan.gov.cn", NO_ADDRESS),
        ("zhang@海南.cn", NO_ADDRESS),
        ("zhang@a.cn;li@a.cn", NO_ADDRESS),
        ("zhang@a.cn li@a.cn", NO_ADDRESS),
        ("=cmd@a.cn|x", NO_ADDRESS),
        ("zhang@hainan\u200b.gov.cn",
         "“E-mail address” contains a space or an invisible character; type it anew by hand."),
        (f"{'z' * 250}@a.cn", "“E-mail address” is too long."),
    ],
)  # fmt: skip
def test_what_is_no_address_is_refused(typed, message):
    line = f"zhang,张三,领导,460000,,,,{typed}"

    found = problems_of(line, headings=f"{HEADINGS},电子邮箱")

    assert found == [(2, "电子邮箱", message)]


@pytest.mark.usefixtures("hainan")
def test_two_addresses_for_one_person_contradict_each_other():
    found = problems_of(
        "zhang,张三,填报员,460000,省农业农村厅,,,zhang@a.cn",
        "zhang,张三,审核员,460000,,,,zhang@b.cn",
        headings=f"{HEADINGS},电子邮箱",
    )

    assert found == [(3, "电子邮箱", "Line 2 gives another address for the person.")]


@pytest.mark.usefixtures("hainan")
def test_a_person_may_have_two_posts_that_fit():
    sheet = read(
        "zhang,张三,填报员,460000,省农业农村厅,,",
        "li,李四,领导,460000,,,",
        "zhang,张三,审核员,460000,,,",
    )

    [zhang, li] = sheet.wanted
    assert (zhang.username, [post.role for post in zhang.posts]) == (
        "zhang", ["official", "reviewer"]
    )  # fmt: skip
    assert (li.username, [post.role for post in li.posts]) == ("li", ["leader"])


@pytest.mark.usefixtures("hainan")
@pytest.mark.parametrize(
    "headings",
    [
        "username,full_name,role,area_code,department,from_date,to_date",
        "User name,Full name,Post,Area code,Department,First day,Last day",
    ],
)
def test_english_headings_and_other_orders(headings):
    sheet = read("zhang,张三,signer,460000,Rural Affairs,,", headings=headings)

    assert shown(sheet)[0][1:6] == ("zhang", "张三", "signer", "460000", "460000-nynct")


@pytest.mark.usefixtures("hainan")
def test_columns_that_may_be_left_out():
    sheet = read("领导,460000,张三,zhang", headings="岗位,地区代码,姓名,用户名")

    assert shown(sheet)[0][1:] == (
        "zhang", "张三", "leader", "460000", None, timezone.localdate(), None
    )  # fmt: skip


@pytest.mark.parametrize(
    ("word", "role"),
    [
        ("填报员", "official"), ("单位负责人", "signer"), ("审核员", "reviewer"),
        ("领导", "leader"), ("监督检查员", "auditor"), ("数据管理员", "steward"),
        ("系统管理员", "system_admin"), ("安全管理员", "security_admin"),
        ("审计管理员", "audit_admin"),
        ("official", "official"), ("data steward", "steward"), ("audit_admin", "audit_admin"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_words_for_posts_in_both_languages(word, role, language):
    with override(language):
        assert role_words()[word] == Role(role)


@pytest.mark.usefixtures("hainan")
@pytest.mark.parametrize(
    ("line", "column", "message"),
    [
        pytest.param(
            ",张三,领导,460000,,,", "用户名", "“User name” is missing.", id="no-user-name"
        ),
        pytest.param("zhang,,领导,460000,,,", "姓名", "“Full name” is missing.", id="no-name"),
        pytest.param("zhang,张三,,460000,,,", "岗位", "“Post” is missing.", id="no-role"),
        pytest.param("zhang,张三,领导,,,,", "地区代码", "“Area code” is missing.", id="no-area"),
        pytest.param(
            "张三,张三,领导,460000,,,", "用户名",
            "A user name has 2 to 30 characters: small letters, digits, dot, hyphen or "
            "underscore; it begins with a letter.", id="user-name",
        ),
        pytest.param(
            "zhang,张\u200b三,领导,460000,,,", "姓名",
            "“Full name” contains a space or an invisible character; type it anew by hand.",
            id="invisible",
        ),
        pytest.param(
            "zhang,张三,局长,460000,,,", "岗位",
            "“局长” is no post; posts are: Official / Signer / Reviewer / Leader / Auditor / "
            "Data steward / System administrator / Security administrator / "
            "Audit administrator.", id="role",
        ),
        pytest.param(
            "zhang,张三,领导,469999,,,", "地区代码", "There is no area with the code “469999”.",
            id="unknown-area",
        ),
        pytest.param(
            "zhang,张三,领导,四六,,,", "地区代码", "There is no area with the code “四六”.",
            id="no-code",
        ),
        pytest.param(
            "zhang,张三,填报员,460000,,,", "部门", "An official or signer needs a department.",
            id="no-department",
        ),
        pytest.param(
            "zhang,张三,填报员,460000,省粮食局,,", "部门", "Hainan has no department “省粮食局”.",
            id="department",
        ),
        pytest.param(
            "zhang,张三,填报员,460000,省农业厅,,", "部门",
            "“Agriculture” existed until 2018; today it is “Rural Affairs”.", id="former",
        ),
        pytest.param(
            "zhang,张三,审核员,460000,省农业农村厅,,", "部门",
            "Only officials and signers have a department here; leave it empty.",
            id="department-of-a-reviewer",
        ),
        pytest.param(
            "zhang,张三,领导,460000,,2026-02-30,", "起始日期",
            "“First day” is no day; write it like 2026-03-01.", id="no-day",
        ),
        pytest.param(
            "zhang,张三,领导,460000,,,长期", "截止日期",
            "“Last day” is no day; write it like 2026-03-01.", id="no-last-day",
        ),
        pytest.param(
            "zhang,张三,领导,460000,,2098-03-01,2098-02-01", "截止日期",
            "A post cannot end before it starts.", id="ends-first",
        ),
        pytest.param(
            "zhang,张三,领导,460000,,2020-03-01,2021-02-01", "截止日期",
            "This day has passed: the post would never count.", id="over",
        ),
        pytest.param(
            "wang,王五,领导,460000,,,", "用户名", "An account has this name already.", id="taken"
        ),
        pytest.param(
            "reference,张三,领导,460000,,,", "用户名", "An account has this name already.",
            id="reference",
        ),
    ],
)  # fmt: skip
def test_a_line_that_is_refused_says_where_and_why(line, column, message):
    make_user("Wang")

    assert problems_of("li,李四,领导,460000,,,", line) == [(3, column, message)]


@pytest.mark.usefixtures("hainan")
@pytest.mark.parametrize(
    ("second", "column", "message"),
    [
        ("zhang,张四,审核员,460000,,,", "姓名", "Line 2 names somebody else for it."),
        (
            "zhang,张三,填报员,460000,省农业农村厅,2027-01-01,", "岗位",
            "Line 2 asks for the same post.",
        ),
        (
            "zhang,张三,领导,460000,,,", "岗位",
            "Nobody holds this and “Official” (line 2) at the same time.",
        ),
    ],
)  # fmt: skip
def test_lines_that_contradict_each_other(second, column, message):
    first = "zhang,张三,填报员,460000,省农业农村厅,,"

    assert problems_of(first, second) == [(3, column, message)]


@pytest.mark.usefixtures("hainan")
def test_every_problem_of_a_sheet_is_said_at_once():
    found = problems_of(
        "Zhang,,局长,999999,,x,y", "li,李四,领导,460000,,,", "li,李四,领导,460000,,,"
    )

    assert [(line, column) for line, column, _message in found] == [
        (2, "用户名"), (2, "姓名"), (2, "岗位"), (2, "地区代码"), (2, "起始日期"), (2, "截止日期"),
        (4, "岗位"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "typed",
    ["2026-03-01", "2026-3-1", "2026/3/1", "2026.3.1", "2026年3月1日", "２０２６-０３-０１"],
)
def test_days_as_people_write_them(hainan, typed):
    sheet = read(f"zhang,张三,领导,460000,,{typed},")

    assert sheet.lines[0].post.from_date == date(2026, 3, 1)


def test_a_sheet_without_lines_is_refused(db):
    assert problems_of() == [(None, "", "The sheet names nobody: it has no lines.")]


def test_a_sheet_that_is_too_long_is_refused(hainan):
    lines = [f"u{number},张三,领导,460000,,," for number in range(MOST_LINES + 1)]

    with pytest.raises(RefusedFile):
        read(*lines)
    assert len(read(*lines[:-1]).lines) == MOST_LINES


@pytest.mark.parametrize("number", [1, 30])
def test_reading_costs_the_same_for_one_and_thirty_lines(hainan, number, django_assert_num_queries):
    lines = [f"u{each},张三,填报员,460000,省农业农村厅,," for each in range(number)]

    with django_assert_num_queries(3):
        read(*lines)


def test_the_digest_changes_with_what_would_be_made(hainan, farming):
    line = "zhang,张三,填报员,460000,省农业农村厅,2026-01-01,"
    before, same = read(line).digest, read(line, headings=HEADINGS).digest
    renamed = read(line.replace("张三", "张四")).digest
    reachable = read(f"{line},zhang@a.cn", headings=f"{HEADINGS},电子邮箱").digest
    farming.name_zh = "省林业厅"
    farming.save()
    make_department(hainan, "省农业农村厅", code="460000-other")

    assert before == same
    assert len({before, renamed, reachable, read(line).digest}) == 4


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_template_is_read_as_it_is_filled_in(hainan, farming, language):
    with override(language):
        book = openpyxl.load_workbook(BytesIO(account_sheet_template(all_departments())))
        roles = [str(role.label) for role in Role]
    sheet = book.worksheets[0]
    offered = sheet.data_validations.dataValidation
    lists = {str(each.sqref): each.formula1 for each in offered}
    sheet.append(
        ["zhang", "张三", roles[0], "460000", "省农业农村厅", "2026-03-01", None, "z@a.cn"]
    )
    buffer = BytesIO()
    book.save(buffer)

    found = read_account_sheet(buffer.getvalue(), name="accounts.xlsx")

    assert shown(found) == [
        (2, "zhang", "张三", "official", "460000", "460000-nynct", date(2026, 3, 1), None)
    ]
    assert [line.email for line in found.lines] == ["z@a.cn"]
    assert lists["C2:C1001"] == f'"{",".join(roles)}"'
    assert set(lists) == {"C2:C1001", "D2:D1001", "E2:E1001"}
    assert [each.sheet_state for each in book.worksheets] == ["visible", "hidden"]


def test_a_workbook_may_hold_the_area_as_a_number(hainan, farming):
    headings = ["用户名", "姓名", "岗位", "地区代码", "部门"]
    content = workbook(headings, ["zhang", "张三", "填报员", 460000, "省农业农村厅"])

    found = read_account_sheet(content, name="accounts.xlsx")

    assert [line.post.area for line in found.lines] == [hainan]


def test_an_area_without_its_first_digit_is_refused(hainan, farming):
    headings = ["用户名", "姓名", "岗位", "地区代码", "部门"]
    content = workbook(headings, ["zhang", "张三", "填报员", 46000, "省农业农村厅"])

    with pytest.raises(RefusedFile) as refused:
        read_account_sheet(content, name="accounts.xlsx")

    assert [(each.line, each.column) for each in refused.value.problems] == [(2, "地区代码")]


def test_the_template_offers_only_departments_that_exist(hainan):
    make_department(make_area("340000"), "省粮食局")

    book = openpyxl.load_workbook(BytesIO(account_sheet_template(all_departments())))

    rows = list(book["lists"].iter_rows(values_only=True))
    assert rows == [("340000", "省粮食局"), ("460000", "省农业农村厅")]
