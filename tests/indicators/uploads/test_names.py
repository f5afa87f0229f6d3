"""The names of files: cleaned, or refused."""

from io import BytesIO

import pytest

from indicators.uploads import check_upload
from tests.indicators.uploads.files import PDF, refusal_of


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        pytest.param("C:\\fakepath\\证明.pdf", "证明.pdf", id="windows-path"),
        pytest.param("../../../etc/证明.pdf", "证明.pdf", id="path"),
        pytest.param("a/b\\证明.pdf", "证明.pdf", id="mixed-path"),
        pytest.param(" 证明 1.pdf\u3000", "证明 1.pdf", id="spaces"),
        pytest.param("\ufeff证明.pdf\u200b", "证明.pdf", id="invisible-at-the-ends"),
        pytest.param("re\u0301sume\u0301.pdf", "r\u00e9sum\u00e9.pdf", id="nfc"),
        pytest.param("２０１９年（１）.pdf", "２０１９年（１）.pdf", id="full-width-stays"),
        pytest.param("=cmd|'/C calc'!A0.pdf", "C calc'!A0.pdf", id="formula"),
        pytest.param("<img src=x>.pdf", "<img src=x>.pdf", id="markup-is-escaped-where-shown"),
        pytest.param("证" * 146 + ".pdf", "证" * 146 + ".pdf", id="150-characters"),
    ],
)
def test_check_upload_cleans_the_name(name, shown):
    assert check_upload(BytesIO(PDF), name=name).name == shown


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("", id="empty"),
        pytest.param("   ", id="spaces"),
        pytest.param("folder/", id="folder"),
        pytest.param("..", id="parent"),
        pytest.param("证\x00明.pdf", id="nul"),
        pytest.param("证\r\n明.pdf", id="line-end"),
        pytest.param("证\x85明.pdf", id="c1-control"),
        pytest.param("证\ud800明.pdf", id="lone-surrogate"),
        pytest.param("证明\u202efdp.exe.pdf", id="turned-round"),
        pytest.param("证明\u2066.pdf", id="isolate"),
        pytest.param("证\u200b明.pdf", id="zero-width"),
        pytest.param("证" * 147 + ".pdf", id="151-characters"),
    ],
)
def test_check_upload_refuses_names(name):
    assert refusal_of(PDF, name) == "name"
