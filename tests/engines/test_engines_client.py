import io
import zipfile

import pytest

from stanch.engines.client import client_names
from stanch.errors import InputError


def package(**files):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as made:
        for name, content in files.items():
            made.writestr(name, content)
    return data.getvalue()


def test_an_app_within_a_bundle_of_apps_is_read(tmp_path):
    inner = package(**{"classes.dex": b"\x05email\x00", "res/icon.png": b"phone"})
    (tmp_path / "app.xapk").write_bytes(package(**{"base.apk": inner}))
    assert client_names((str(tmp_path / "app.xapk"),)) >= {"email"}
    assert "phone" not in client_names((str(tmp_path / "app.xapk"),))


def test_other_peoples_code_in_a_folder_is_not_the_apps(tmp_path):
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "a.ts").write_text("x.displayName")
    (tmp_path / "node_modules").mkdir()
    (tmp_path / "node_modules" / "b.js").write_text("x.birthDate")
    assert client_names((str(tmp_path),)) == {"display_name"}


def test_no_client_is_not_an_empty_client(tmp_path):
    assert client_names(()) is None


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [("app.apk", package(x=b"1")[:-20], "can't be unpacked"), ("index.bundle", b"\xc6\x1f\xbc\x03\xc1\x03\x19\x1f", "Hermes bytecode can't be read")],
)
def test_a_broken_client_is_one_clear_error(tmp_path, name, data, says):
    (tmp_path / name).write_bytes(data)
    with pytest.raises(InputError, match=says):
        client_names((str(tmp_path / name),))


def test_a_client_that_is_not_there_is_an_error():
    with pytest.raises(InputError, match="no such client"):
        client_names(("/nowhere/app.apk",))
