"""The system administrator's pages."""

import csv
from io import BytesIO, StringIO

import openpyxl
import pytest
from django.core import signing
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from targets_site.accounts.models import Post, Role, User
from targets_site.audit.models import Entry
from targets_site.places.models import Department
from tests.accounts.conftest import make_holder
from tests.factories import make_department, make_post, make_user

pytestmark = pytest.mark.usefixtures("in_english")

PEOPLE, NEW, SHEET = "/accounts/people/", "/accounts/people/new/", "/accounts/people/sheet/"
CONFIRM = "/accounts/people/sheet/confirm/"
CSV, XLSX = "/accounts/people/one-time-passwords.csv", "/accounts/people/one-time-passwords.xlsx"
TWO_LINES = (
    "用户名,姓名,岗位,地区代码,部门\n"
    "zhang,张三,填报员,460000,省农业农村厅\n"
    "li,李四,审核员,460000,\n"
)


@pytest.fixture
def signed_in(client, system_admin):
    client.force_login(system_admin)
    return client


def address(name, user):
    return reverse(f"accounts:{name}", args=[user.pk])


def upload(client, text=TWO_LINES, name="名单.csv"):
    return client.post(SHEET, {"file": SimpleUploadedFile(name, text.encode())})


def preview(client, text=TWO_LINES):
    response = upload(client, text)
    assert response.status_code == 200, response.content.decode()
    return response.context["form"].initial["sheet"]


def issued(response):
    """User name and one-time password of each on the page."""
    return {row.username: row.password for row in response.context["rows"]}


def test_list_shows_accounts_with_posts_and_state(signed_in, hainan, farming):
    make_post(make_user("zhang", full_name="张三"), Role.OFFICIAL, department=farming)
    make_post(
        make_user("li", full_name="李四", must_change_password=True), Role.LEADER, granted_at=None
    )
    make_user("wang", is_active=False)
    make_user(User.REFERENCE)

    page = signed_in.get(PEOPLE)

    people = page.context["page"].object_list
    assert [each.username for each in people] == ["li", "sysadmin", "wang", "zhang"]
    assert [[post.role for post in each.current_posts] for each in people] == [
        [], ["system_admin"], [], ["official"]
    ]  # fmt: skip
    assert [post.role for post in people[0].requested_posts] == ["leader"]
    for text in ("张三", "Rural Affairs", "Disabled", "Waits for the first login", "Asked for"):
        assert text in page.content.decode()


@pytest.mark.parametrize(
    ("search", "found"),
    [("zha", ["zhang"]), ("ZHA", ["zhang"]), ("张", ["zhang"]), ("%", []), ("' or 1=1", [])],
)
def test_list_is_searched_by_both_names(signed_in, search, found):
    make_user("zhang", full_name="张三")
    make_user("li", full_name="李四")

    people = signed_in.get(PEOPLE, {"q": search}).context["page"].object_list

    assert [each.username for each in people] == found


@pytest.mark.parametrize("query", [{"q": "\x00"}, {"q": "x" * 100}, {"page": "0"}, {"page": "x"}])
def test_list_opens_whatever_is_asked_for(signed_in, query):
    assert signed_in.get(PEOPLE, query).status_code == 200


def test_list_is_honest_where_nobody_is_called_so(signed_in):
    assert "Nobody is called so." in signed_in.get(PEOPLE, {"q": "zz"}).content.decode()


@pytest.mark.parametrize("number", [1, 30])
def test_list_costs_the_same_for_one_and_thirty_people(
    signed_in, number, django_assert_num_queries
):
    for each in range(number):
        user = make_user(f"zhang{each}")
        make_post(user, Role.OFFICIAL, department=make_department())
        make_post(user, Role.SIGNER, department=make_department(), granted_at=None)

    with django_assert_num_queries(10):
        signed_in.get(PEOPLE, {"q": "zhang"})


def test_list_comes_in_pages(signed_in):
    for each in range(26):
        make_user(f"zhang{each:02}")

    second = signed_in.get(PEOPLE, {"q": "zhang", "page": "2"})

    assert [each.username for each in second.context["page"]] == ["zhang25"]
    assert 'href="?q=zhang&amp;page=1"' in second.content.decode()


def test_new_account_is_shown_with_its_password_once(signed_in, hainan):
    response = signed_in.post(NEW, {"username": "zhang", "full_name": "张三"})

    [password] = issued(response).values()
    zhang = User.objects.get(username="zhang")
    assert response.status_code == 200
    assert zhang.check_password(password)
    assert password in response.content.decode()
    assert "no-store" in response.headers["Cache-Control"]
    assert password not in signed_in.get(address("account", zhang)).content.decode()
    assert password not in signed_in.get(PEOPLE).content.decode()
    assert not Post.objects.filter(user=zhang).exists()


def test_new_account_asks_for_a_post(signed_in, hainan, farming):
    signed_in.post(
        NEW,
        {
            "username": "zhang",
            "full_name": "张三",
            "role": "official",
            "area_code": "460000",
            "department": "省农业农村厅",
        },
    )

    post = Post.objects.get(user__username="zhang")
    assert (post.role, post.department, post.granted_at) == ("official", farming, None)


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"username": "Zhang", "full_name": "张三"}, "A user name has 2 to 30 characters"),
        ({"username": "zhang"}, "“Full name” is missing."),
        ({"username": "wang", "full_name": "王五"}, "An account has this name already."),
        ({"username": "Wang", "full_name": "王五"}, "An account has this name already."),
        ({"username": "zhang\x00", "full_name": "张三"}, "contains control characters"),
        ({"username": "zhang", "full_name": "张三", "role": "leader"}, "“Area code” is missing."),
        ({"username": "zhang", "full_name": "张三", "area_code": "1"}, "“Post” is missing."),
        ({"username": "zhang", "full_name": "张三", "role": "boss"}, "“boss” is no post"),
    ],
)
def test_new_account_says_what_to_change(signed_in, typed, message):
    make_user("wang")

    response = signed_in.post(NEW, typed)

    assert response.status_code == 422
    assert message in response.content.decode()
    assert User.objects.count() == 2


def test_new_account_takes_nothing_that_the_form_does_not_have(signed_in):
    """Nobody makes a superuser, or an account with a password or a granted post of his choice."""
    signed_in.post(
        NEW,
        {
            "username": "zhang", "full_name": "张三", "is_superuser": "on", "is_staff": "on",
            "must_change_password": "", "password": "Hainan-2026", "granted_at": "2026-01-01",
            "granted_by": "1", "posts": "1", "id": "1", "is_active": "",
        },
    )  # fmt: skip

    zhang = User.objects.get(username="zhang")
    assert (zhang.is_superuser, zhang.is_staff, zhang.is_active, zhang.must_change_password) == (
        False, False, True, True
    )  # fmt: skip
    assert not zhang.check_password("Hainan-2026")
    assert list(Post.objects.granted().exclude(role=Role.SYSTEM_ADMIN)) == []


def test_account_page_shows_posts_and_who_decided(signed_in, security_admin):
    zhang = make_user("zhang", full_name="张三")
    make_post(zhang, Role.REVIEWER, granted_by=security_admin)
    make_post(
        zhang,
        Role.LEADER,
        granted_at=None,
        refused_by=security_admin,
        refused_at="2026-03-01T00:00Z",
        refused_reason="岗位已有人担任",
    )

    page = signed_in.get(address("account", zhang)).content.decode()

    for text in ("张三", "granted by secadmin", "refused by secadmin", "岗位已有人担任"):
        assert text in page


def test_disable_and_enable(signed_in):
    zhang = make_user("zhang")

    disabled = signed_in.post(address("disable_account", zhang), follow=True)
    zhang.refresh_from_db()
    was_active = zhang.is_active
    enabled = signed_in.post(address("enable_account", zhang))

    zhang.refresh_from_db()
    assert disabled.redirect_chain == [(address("account", zhang), 302)]
    assert "Disabled: zhang." in disabled.content.decode()
    assert (was_active, zhang.is_active) == (False, True)
    assert zhang.check_password(issued(enabled)["zhang"])


def test_reset_password(signed_in):
    zhang = make_user("zhang")

    response = signed_in.post(address("reset_password", zhang))

    zhang.refresh_from_db()
    assert zhang.must_change_password
    assert zhang.check_password(issued(response)["zhang"])


def test_an_address_for_notices_is_set_changed_and_taken_away(signed_in):
    zhang = make_user("zhang")

    for typed in ("zhang@A.cn", " zhang@b.cn ", "zhang@b.cn", ""):
        response = signed_in.post(address("set_email", zhang), {"email": typed}, follow=True)
        assert response.redirect_chain == [(address("account", zhang), 302)]

    zhang.refresh_from_db()
    assert zhang.email == ""
    changes = Entry.objects.filter(action="change_email").order_by("pk")
    assert [(each.object, each.actor, each.role) for each in changes] == [
        ("user:zhang", "sysadmin", "system_admin")
    ] * 3
    assert [(each.before["email"], each.after["email"]) for each in changes] == [
        ("", "zhang@a.cn"), ("zhang@a.cn", "zhang@b.cn"), ("zhang@b.cn", "")
    ]  # fmt: skip


def test_what_is_no_address_is_shown_again_and_stored_nowhere(signed_in):
    zhang = make_user("zhang", email="zhang@a.cn")

    response = signed_in.post(address("set_email", zhang), {"email": "zhang@a"})

    zhang.refresh_from_db()
    assert response.status_code == 422
    assert "This is no e-mail address; write it like zhang@example.cn." in response.content.decode()
    assert 'value="zhang@a"' in response.content.decode()
    assert zhang.email == "zhang@a.cn"
    assert not Entry.objects.filter(action="change_email").exists()


def test_new_account_with_an_address(signed_in):
    signed_in.post(NEW, {"username": "zhang", "full_name": "张三", "email": "zhang@a.cn"})
    refused = signed_in.post(NEW, {"username": "li", "full_name": "李四", "email": "li"})

    assert User.objects.get(username="zhang").email == "zhang@a.cn"
    assert Entry.objects.get(action="create_account").after == {
        "full_name": "张三", "email": "zhang@a.cn"
    }  # fmt: skip
    assert (refused.status_code, User.objects.filter(username="li").exists()) == (422, False)
    assert "This is no e-mail address" in refused.content.decode()


@pytest.mark.parametrize(
    "name", ["disable_account", "enable_account", "reset_password", "set_email"]
)
def test_nobody_decides_on_his_own_account(signed_in, system_admin, name):
    response = signed_in.post(address(name, system_admin))

    system_admin.refresh_from_db()
    assert response.status_code == 403
    assert (system_admin.is_active, system_admin.must_change_password) == (True, False)
    assert Entry.objects.get(action="denied").object == f"page:{address(name, system_admin)}"
    own_page = signed_in.get(address("account", system_admin)).content.decode()
    assert "somebody else decides on it" in own_page
    assert address(name, system_admin) not in own_page


@pytest.mark.parametrize(
    "name", ["account", "disable_account", "enable_account", "reset_password", "set_email"]
)
def test_an_account_of_nobody_is_not_found(signed_in, name):
    reference = make_user(User.REFERENCE)
    method = signed_in.get if name == "account" else signed_in.post

    assert method(address(name, reference)).status_code == 404
    nobody = address(name, reference).replace(f"/{reference.pk}/", f"/{10**30}/")
    assert method(nobody).status_code == 404


def test_sheet_page_offers_a_template(signed_in, hainan):
    page = signed_in.get(SHEET).content.decode()
    template = signed_in.get("/accounts/people/sheet/template.xlsx")

    assert 'href="/accounts/people/sheet/template.xlsx"' in page
    assert template.headers["Content-Disposition"] == 'attachment; filename="accounts.xlsx"'
    book = openpyxl.load_workbook(BytesIO(template.content))
    assert [cell.value for cell in book.worksheets[0][1]] == [
        "User name", "Full name", "Post", "Area code", "Department", "First day", "Last day",
        "E-mail address",
    ]  # fmt: skip


def test_preview_shows_what_will_be_made_and_makes_nothing(signed_in, hainan):
    response = upload(signed_in)

    page = response.content.decode()
    assert response.status_code == 200
    for text in ("zhang", "张三", "Official", "Rural Affairs", "li", "李四", "2 lines: 2 accounts"):
        assert text in page
    assert User.objects.count() == 1
    assert not Post.objects.requested().exists()


def test_a_refused_sheet_is_shown_with_line_and_column(signed_in, hainan):
    response = upload(signed_in, TWO_LINES.replace("审核员", "局长").replace("zhang", "Zhang"))

    page = response.content.decode()
    assert response.status_code == 422
    assert [(each.line, each.column) for each in response.context["problems"]] == [
        (2, "用户名"), (3, "岗位")
    ]  # fmt: skip
    assert "“名单.csv” is refused as a whole" in page
    assert "“局长” is no post" in page
    assert 'name="sheet"' not in page


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("名单.pdf", "%PDF", "Only CSV files"),
        ("名单.xls", "x", "save it as"),
        ("名单.xlsx", "PK nothing", ""),
        ("名单.csv", "x" * 1_000_001, "The file has more than 1000 kB; split it."),
        ("名单.csv", "", "The file is empty."),
    ],
)
def test_what_is_no_sheet_is_refused(signed_in, name, content, message):
    response = upload(signed_in, content, name=name)

    assert response.status_code == 422
    assert message in response.content.decode()


def test_no_file_is_no_sheet(signed_in):
    response = signed_in.post(SHEET, {})

    assert response.status_code == 422
    assert "Choose a file." in response.content.decode()


def test_confirmed_sheet_makes_accounts_with_requested_posts(signed_in, hainan, farming):
    response = signed_in.post(CONFIRM, {"sheet": preview(signed_in)})

    passwords = issued(response)
    assert response.status_code == 200
    assert "no-store" in response.headers["Cache-Control"]
    assert list(passwords) == ["zhang", "li"]
    for username, password in passwords.items():
        user = User.objects.get(username=username)
        assert user.check_password(password)
        assert user.must_change_password
    assert [
        (post.user.username, post.role, post.department)
        for post in Post.objects.requested().order_by("pk")
    ] == [("zhang", "official", farming), ("li", "reviewer", None)]


def test_addresses_of_a_sheet_are_shown_and_stored(signed_in, hainan):
    text = (
        "用户名,姓名,岗位,地区代码,部门,电子邮箱\n"
        "zhang,张三,填报员,460000,省农业农村厅,zhang@a.cn\n"
        "li,李四,审核员,460000,,\n"
    )
    shown = upload(signed_in, text)

    signed_in.post(CONFIRM, {"sheet": shown.context["form"].initial["sheet"]})

    assert "zhang@a.cn" in shown.content.decode()
    assert dict(User.objects.filter(username__in=["zhang", "li"]).values_list(
        "username", "email"
    )) == {"zhang": "zhang@a.cn", "li": ""}  # fmt: skip


def test_no_password_of_a_sheet_stands_in_the_trail_or_the_session(signed_in, hainan):
    response = signed_in.post(CONFIRM, {"sheet": preview(signed_in)})
    signed_in.post(CSV, {"list": response.context["signed"]})

    written = repr(list(Entry.objects.values())) + repr(dict(signed_in.session))
    actions = list(Entry.objects.values_list("action", flat=True))
    assert actions == [
        "login", "create_account", "create_account", "request_post", "request_post",
        "import_accounts", "export_one_time_passwords",
    ]  # fmt: skip
    for password in issued(response).values():
        assert password not in written


def test_a_sheet_confirmed_twice_makes_nothing_more(signed_in, hainan):
    sheet = preview(signed_in)
    signed_in.post(CONFIRM, {"sheet": sheet})
    before = list(User.objects.values())

    again = signed_in.post(CONFIRM, {"sheet": sheet})

    assert again.status_code == 409
    assert "An account has this name already." in again.content.decode()
    assert list(User.objects.values()) == before


def test_all_of_a_sheet_or_nothing(signed_in, hainan):
    sheet = preview(signed_in)
    make_user("li")

    response = signed_in.post(CONFIRM, {"sheet": sheet})

    assert response.status_code == 409
    assert not User.objects.filter(username="zhang").exists()
    assert not Post.objects.requested().exists()


def test_what_changed_since_the_preview_is_shown_anew(signed_in, hainan, farming):
    sheet = preview(signed_in)
    Department.objects.filter(pk=farming.pk).update(name_zh="省农业农村和渔业厅")
    make_department(hainan, "省农业农村厅", code="460000-new", name_en="New")

    response = signed_in.post(CONFIRM, {"sheet": sheet})
    confirmed = signed_in.post(CONFIRM, {"sheet": response.context["form"].initial["sheet"]})

    assert response.status_code == 409
    assert "look once more" in response.content.decode()
    assert confirmed.status_code == 200
    assert Post.objects.get(user__username="zhang").department.code == "460000-new"


def tampered(signed):
    return signed[:20] + ("A" if signed[20] != "A" else "B") + signed[21:]


@pytest.mark.parametrize("change", [tampered, lambda _signed: "", lambda _signed: "x:y:z"])
def test_a_preview_that_somebody_changed_is_not_carried_out(signed_in, hainan, change):
    response = signed_in.post(CONFIRM, {"sheet": change(preview(signed_in))}, follow=True)

    assert response.redirect_chain == [(SHEET, 302)]
    assert "too old or not whole" in response.content.decode()
    assert User.objects.count() == 1


def test_a_preview_is_for_who_made_it_and_for_an_hour(signed_in, hainan, client, monkeypatch):
    sheet = preview(signed_in)
    client.force_login(make_holder(Role.SYSTEM_ADMIN, "colleague"))
    by_another = client.post(CONFIRM, {"sheet": sheet})
    client.force_login(User.objects.get(username="sysadmin"))
    now = signing.time.time()
    monkeypatch.setattr(signing.time, "time", lambda: now + 3601)
    too_late = client.post(CONFIRM, {"sheet": sheet})

    assert (by_another.status_code, too_late.status_code) == (302, 302)
    assert User.objects.count() == 2


def test_passwords_are_taken_as_csv_and_xlsx(signed_in, hainan):
    page = signed_in.post(CONFIRM, {"sheet": preview(signed_in)})

    as_csv = signed_in.post(CSV, {"list": page.context["signed"]})
    as_xlsx = signed_in.post(XLSX, {"list": page.context["signed"]})

    expected = [
        ["User name", "Full name", "One-time password"],
        *[[row.username, row.full_name, row.password] for row in page.context["rows"]],
    ]
    assert list(csv.reader(StringIO(as_csv.content.decode("utf-8-sig")))) == expected
    rows = openpyxl.load_workbook(BytesIO(as_xlsx.content)).active.iter_rows(values_only=True)
    assert [list(row) for row in rows] == expected
    for response in (as_csv, as_xlsx):
        assert "no-store" in response.headers["Cache-Control"]
        assert response.headers["Content-Disposition"].startswith("attachment;")
    assert Entry.objects.last().after == {"accounts": ["zhang", "li"]}


def test_passwords_are_taken_by_who_made_them_and_within_minutes(
    signed_in, hainan, client, monkeypatch
):
    signed = signed_in.post(CONFIRM, {"sheet": preview(signed_in)}).context["signed"]
    client.force_login(make_holder(Role.SYSTEM_ADMIN, "colleague"))
    by_another = client.post(CSV, {"list": signed})
    client.force_login(User.objects.get(username="sysadmin"))
    changed = client.post(CSV, {"list": tampered(signed)})
    now = signing.time.time()
    monkeypatch.setattr(signing.time, "time", lambda: now + 901)
    too_late = client.post(CSV, {"list": signed})

    assert [each.status_code for each in (by_another, changed, too_late)] == [400] * 3
    assert not Entry.objects.filter(action="export_one_time_passwords").exists()


def test_a_name_that_a_spreadsheet_would_run_is_only_text(signed_in):
    page = signed_in.post(NEW, {"username": "zhang", "full_name": "=1+1"})

    as_csv = signed_in.post(CSV, {"list": page.context["signed"]})
    as_xlsx = signed_in.post(XLSX, {"list": page.context["signed"]})

    assert "zhang,'=1+1," in as_csv.content.decode()
    [_heading, row] = openpyxl.load_workbook(BytesIO(as_xlsx.content)).active.iter_rows()
    assert (row[1].value, row[1].data_type) == ("=1+1", "s")
