"""Settings: one file and the environment, every fault at once, no secret in any of them."""

from pathlib import Path

import pytest

from service.commands.init import EXAMPLE
from service.servers import SecretUnreadable
from service.settings import SettingsFault, read_settings


def written(folder: Path, text: str) -> Path:
    path = folder / "foidesk.toml"
    path.write_text(text, encoding="utf-8")
    return path


TOO_LONG = "x" * 300  # longer than any name of a file
SMALL = """
[authority]
name = "Anytown Borough Council"
[mailbox]
address = "foi@anytown.example"
host = "imap.anytown.example"
[smtp]
host = "smtp.anytown.example"
"""


def test_the_example_that_init_writes_can_be_read(tmp_path: Path) -> None:
    settings = read_settings(written(tmp_path, EXAMPLE))
    assert settings.authority.name == "Anytown Borough Council"
    assert (settings.mailbox.security, settings.smtp.security) == ("tls", "starttls")


def test_a_small_file_is_enough(tmp_path: Path) -> None:
    settings = read_settings(written(tmp_path, SMALL))
    assert (settings.database.url, settings.reference.scope, settings.mailbox.folder) == (
        "sqlite:///var/foidesk.db",
        "never",
        "INBOX",
    )


def test_every_fault_is_named_at_once(tmp_path: Path) -> None:
    faulty = SMALL.replace("foi@anytown.example", "foi at anytown") + "port = 99999\n[reference]\npattern = '{kind}'\n"
    with pytest.raises(SettingsFault) as fault:
        read_settings(written(tmp_path, faulty + "[team]\ndue_sonn = 4\n"))
    text = str(fault.value)
    assert "mailbox.address: must be a bare email address" in text
    assert "smtp.port: " in text
    assert "reference.pattern: " in text
    assert "team.due_sonn: " in text
    assert str(tmp_path / "foidesk.toml") in text


def test_a_missing_file_says_how_to_get_one(tmp_path: Path) -> None:
    with pytest.raises(SettingsFault, match=r"no such file.*foidesk init"):
        read_settings(tmp_path / "nothing.toml")


def test_files_that_cannot_even_be_looked_for_are_faults(tmp_path: Path) -> None:
    # As those in a folder that is closed to the desk's user, which to root none is.
    with pytest.raises(SettingsFault, match=r"cannot be read: File name too long"):
        read_settings(tmp_path / TOO_LONG)
    with pytest.raises(SettingsFault, match=r"templates: must be a folder that is there"):
        read_settings(written(tmp_path, f'templates = "{TOO_LONG}"{SMALL}'))


def test_what_is_no_folder_is_no_wording_of_ones_own(tmp_path: Path) -> None:
    with pytest.raises(SettingsFault, match=r"templates: must be a folder that is there"):
        read_settings(written(tmp_path, f'templates = "{tmp_path}/foidesk.toml"{SMALL}'))


def test_a_file_that_is_no_toml_is_named_with_the_line(tmp_path: Path) -> None:
    with pytest.raises(SettingsFault, match="line 1"):
        read_settings(written(tmp_path, "this is not toml"))


def test_the_environment_comes_before_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOIDESK_MAILBOX__HOST", "other.example")
    monkeypatch.setenv("FOIDESK_SMTP__PASSWORD", "hush")
    settings = read_settings(written(tmp_path, SMALL))
    assert settings.mailbox.host == "other.example"
    assert settings.smtp.secret() == "hush"


def test_a_password_is_never_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOIDESK_MAILBOX__PASSWORD", "hush-hush")
    settings = read_settings(written(tmp_path, SMALL))
    assert "hush-hush" not in repr(settings) + str(settings)
    with pytest.raises(SettingsFault) as fault:
        read_settings(written(tmp_path, SMALL.replace('host = "imap.anytown.example"', "")))
    assert "hush-hush" not in str(fault.value)


@pytest.mark.parametrize("security", ["none"])
def test_an_unencrypted_server_must_be_this_machine(tmp_path: Path, security: str) -> None:
    open_server = SMALL.replace("[smtp]", f'security = "{security}"\n[smtp]')
    with pytest.raises(SettingsFault, match="on this very machine only"):
        read_settings(written(tmp_path, open_server))
    read_settings(written(tmp_path, open_server.replace("imap.anytown.example", "127.0.0.1")))


def test_a_password_is_read_from_its_file_at_each_use(tmp_path: Path) -> None:
    secret = tmp_path / "password"
    text = SMALL.replace("[smtp]", f'password_file = "{secret}"\n[smtp]')
    settings = read_settings(written(tmp_path, text))
    with pytest.raises(SecretUnreadable, match="No such file"):
        settings.mailbox.secret()
    for password in ("first", "second"):
        secret.write_text(password + "\n")
        assert settings.mailbox.secret() == password


@pytest.mark.parametrize("text", ["", "\n", "  \n"])
def test_no_empty_password_is_sent_to_a_server(tmp_path: Path, text: str) -> None:
    secret = tmp_path / "password"
    secret.write_text(text)
    settings = read_settings(written(tmp_path, SMALL.replace("[smtp]", f'password_file = "{secret}"\n[smtp]')))
    with pytest.raises(SecretUnreadable, match=r"nothing stands in it\. Write the secret into it"):
        settings.mailbox.secret()


def test_a_password_file_that_is_no_text_is_told_without_what_stands_in_it(tmp_path: Path) -> None:
    secret = tmp_path / "password"
    secret.write_bytes(b"hush \xff\xfe")
    text = SMALL.replace("[smtp]", f'password_file = "{secret}"\n[smtp]')
    with pytest.raises(SecretUnreadable, match=r"password cannot be read: it is not UTF-8 text\.") as fault:
        read_settings(written(tmp_path, text)).mailbox.secret()
    assert "hush" not in str(fault.value)


SEVERAL = """
regime = "FOIA"
[authority]
name = "Anytown Borough Council"
telephone = "01632 960001"
[mailbox]
address = "foi@anytown.example"
aliases = ["freedom@anytown.example"]
host = "imap.anytown.example"
user = "foi"
password = "hush"
poll_seconds = 45
[[mailboxes]]
account = "environment"
address = "eir@anytown.example"
folder = "EIR"
kind = "EIR"
regime = "EIR"
[[mailboxes]]
account = "ferries"
address = "foi@ferries.example"
user = "ferries"
password = "quiet"
regime = "FOISA"
authority = { name = "Anytown Ferries", body = 7 }
smtp = { host = "smtp.ferries.example" }
[smtp]
host = "smtp.anytown.example"
user = "foi"
password = "hush"
pace_seconds = 9
"""


def test_what_a_further_mailbox_leaves_unsaid_is_as_the_first_one_says_it(tmp_path: Path) -> None:
    settings = read_settings(written(tmp_path, SEVERAL))
    environment, ferries = settings.mailboxes
    assert (environment.host, environment.user, environment.secret()) == ("imap.anytown.example", "foi", "hush")
    assert (environment.poll_seconds, environment.folder, environment.aliases) == (45, "EIR", ())
    assert (ferries.host, ferries.user, ferries.secret(), ferries.kind) == (
        "imap.anytown.example",
        "ferries",
        "quiet",
        "FOI",
    )


def test_each_mailbox_has_its_own_body_kind_law_and_way_out(tmp_path: Path) -> None:
    settings = read_settings(written(tmp_path, SEVERAL))
    assert [settings.regime_of(account) for account in ("foi", "environment", "ferries")] == ["FOIA", "EIR", "FOISA"]
    assert [box.kind for box in settings.every_mailbox] == ["FOI", "EIR", "FOI"]
    ours, theirs = settings.authority_of("environment"), settings.authority_of("ferries")
    assert (ours.name, ours.body) == ("Anytown Borough Council", 1)
    assert (theirs.name, theirs.body, theirs.telephone) == ("Anytown Ferries", 7, "01632 960001")
    assert settings.smtp_of("environment") == settings.smtp
    assert (settings.smtp_of("ferries").host, settings.smtp_of("ferries").pace_seconds) == ("smtp.ferries.example", 9)


def test_a_password_goes_to_no_other_server_and_with_no_other_name(tmp_path: Path) -> None:
    elsewhere = SEVERAL.replace('password = "quiet"', 'host = "imap.ferries.example"').replace(
        '"EIR"\nkind', '"EIR"\nuser = "eir"\nkind'
    )
    environment, ferries = read_settings(written(tmp_path, elsewhere)).mailboxes
    assert (environment.user, environment.secret()) == ("eir", "")
    assert (ferries.secret(), ferries.user) == ("", "ferries")
    assert read_settings(written(tmp_path, elsewhere)).smtp_of("ferries").secret() == ""


def test_every_address_of_every_mailbox_is_ours(tmp_path: Path) -> None:
    assert read_settings(written(tmp_path, SEVERAL)).own == {
        "foi@anytown.example",
        "freedom@anytown.example",
        "eir@anytown.example",
        "foi@ferries.example",
    }


@pytest.mark.parametrize("address", ["foi@anytown.example", "FOI@Anytown.example", "information@anytown.example"])
def test_the_team_is_not_written_to_in_a_mailbox_that_is_read(tmp_path: Path, address: str) -> None:
    aliased = SMALL.replace('host = "imap', 'aliases = ["information@anytown.example"]\nhost = "imap')
    with pytest.raises(SettingsFault, match=r"team\.address must not be an address of a mailbox"):
        read_settings(written(tmp_path, f'{aliased}[team]\naddress = "{address}"\n'))


def test_what_came_by_a_mailbox_that_is_no_longer_read_is_the_first_ones(tmp_path: Path) -> None:
    settings = read_settings(written(tmp_path, SEVERAL))
    assert settings.mailbox_of("archive") == settings.mailbox_of("closed-down") == settings.mailbox


def test_with_tokens_each_mailbox_sends_as_itself(tmp_path: Path) -> None:
    by_token = """
[authority]
name = "Anytown Borough Council"
[oauth]
provider = "microsoft"
tenant = "anytown.example"
client_id = "11111111-2222-3333-4444-555555555555"
client_secret = "hush"
[mailbox]
address = "foi@anytown.example"
host = "outlook.example"
sign_in = "oauth"
user = "foi@anytown.example"
[[mailboxes]]
account = "environment"
address = "eir@anytown.example"
user = "eir@anytown.example"
[smtp]
host = "smtp.outlook.example"
sign_in = "oauth"
user = "foi@anytown.example"
"""
    settings = read_settings(written(tmp_path, by_token))
    [environment] = settings.mailboxes
    smtp = settings.smtp_of("environment")
    assert (environment.user, smtp.user, smtp.host) == ("eir@anytown.example",) * 2 + ("smtp.outlook.example",)
    assert environment.oauth == smtp.oauth == settings.smtp.oauth == settings.oauth


@pytest.mark.parametrize(
    ("found", "put", "told"),
    [
        ('account = "ferries"', 'account = "environment"', "an account name of its own"),
        ('account = "ferries"', 'account = "archive"', "is taken"),
        ('account = "ferries"', "", "an account name of its own"),
        ('folder = "EIR"', "", 'mailboxes "foi" and "environment" read the same folder'),
        ('folder = "EIR"', 'folder = "EIR"\nfiled_folder = "INBOX"', "filed mail would come in again"),
        ('kind = "EIR"', 'kind = "e.i.r"', r"mailboxes\.0\.kind"),
        ('account = "environment"', 'account = "environment"\nfoldr = "X"', r"mailboxes\.0\.foldr"),
    ],
)
def test_mailboxes_that_cannot_be_told_apart_are_faults(tmp_path: Path, found: str, put: str, told: str) -> None:
    with pytest.raises(SettingsFault, match=told):
        read_settings(written(tmp_path, SEVERAL.replace(found, put, 1)))


SENT = """
[[sent]]
account = "sam"
folder = "shared/sam/Sent"
[[sent]]
account = "priya"
user = "priya@anytown.example"
password = "hers"
"""


def test_a_further_sent_folder_is_reached_as_the_mailbox_is(tmp_path: Path) -> None:
    settings = read_settings(
        written(tmp_path, SMALL.replace("[smtp]", 'user = "foi"\npassword = "ours"\n[smtp]') + SENT)
    )
    own, sam, priya = settings.sent_places
    assert (own.account, own.folder, own.private) == ("foi", "\\Sent", False)
    assert (sam.server.host, sam.server.user, sam.server.secret()) == ("imap.anytown.example", "foi", "ours")
    assert (sam.folder, sam.private) == ("shared/sam/Sent", True)
    assert (priya.server.user, priya.server.secret(), priya.folder) == ("priya@anytown.example", "hers", "\\Sent")


def test_a_password_goes_with_no_other_name_into_a_sent_folder(tmp_path: Path) -> None:
    text = SMALL.replace("[smtp]", 'user = "foi"\npassword = "ours"\n[smtp]') + SENT.replace('password = "hers"', "")
    assert read_settings(written(tmp_path, text)).sent_places[2].server.secret() == ""


def test_two_folders_of_one_account_have_one_sent_folder(tmp_path: Path) -> None:
    further = '[[mailboxes]]\naccount = "eir"\naddress = "eir@anytown.example"\nfolder = "EIR"\n'
    assert [place.account for place in read_settings(written(tmp_path, SMALL + further)).sent_places] == ["foi"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (SMALL + '[[sent]]\naccount = "foi"\nfolder = "shared/x/Sent"\n', "account name of its own"),
        (SMALL + '[[sent]]\naccount = "sam"\nfolder = "INBOX"\n', "cannot be read as the mail"),
    ],
)
def test_sent_folders_that_cannot_be_told_apart_are_faults(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(SettingsFault, match=told):
        read_settings(written(tmp_path, text))


@pytest.mark.parametrize("name", ["sign_in_limit", "api_limit"])
@pytest.mark.parametrize("brake", ["10 per fortnight", "10", "lots", "", "0 per minute"])
def test_a_brake_that_would_not_brake_is_a_fault(tmp_path: Path, name: str, brake: str) -> None:
    with pytest.raises(SettingsFault, match=rf'web\.{name}: must be a number.*such as "10 per minute"'):
        read_settings(written(tmp_path, f'{SMALL}[web]\n{name} = "{brake}"\n'))


@pytest.mark.parametrize("brake", ["5 per hour", "10/minute; 100/day", "3 per 5 minutes"])
def test_a_brake_may_be_written_in_several_ways(tmp_path: Path, brake: str) -> None:
    assert read_settings(written(tmp_path, f'{SMALL}[web]\napi_limit = "{brake}"\n')).web.api_limit == brake


@pytest.mark.parametrize(
    "url",
    [
        "foi.anytown.example",
        "ftp://foi.anytown.example",
        "https://",
        "https:foi",
        "https://foi.example:lots",
        "https://foi.example/ x",
        "https://foi.example/?a=b",
        "https://[foi",
        "",
    ],
)
def test_the_address_of_the_pages_must_be_one_that_links_can_begin_with(tmp_path: Path, url: str) -> None:
    with pytest.raises(SettingsFault, match=r"web\.url: must be the address of the pages, such as https://"):
        read_settings(written(tmp_path, f'{SMALL}[web]\nurl = "{url}"\n'))


@pytest.mark.parametrize("url", ["http://127.0.0.1:8000", "https://foi.anytown.example/desk/", "http://[::1]:8000"])
def test_the_address_of_the_pages_may_hold_a_port_and_a_path(tmp_path: Path, url: str) -> None:
    assert read_settings(written(tmp_path, f'{SMALL}[web]\nurl = "{url}"\n')).web.url == url


def test_a_word_without_quotes_is_told_with_file_and_line(tmp_path: Path) -> None:
    path = written(tmp_path, f"{SMALL}regime = FOIA\n")
    with pytest.raises(SettingsFault) as fault:
        read_settings(path)
    assert f"{path}: Invalid value (at line 9, column 10). " in str(fault.value)
    assert "sign_in" not in str(fault.value)


def test_a_file_in_another_encoding_is_told_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "foidesk.toml"
    path.write_bytes(f"{SMALL}# caf\xe9\n".encode("latin-1"))
    with pytest.raises(SettingsFault, match=r"foidesk\.toml, line 9: this is not UTF-8\. Save"):
        read_settings(path)


@pytest.mark.parametrize(
    ("name", "value"),
    [("FOIDESK_MAILBOX__ALIASES", "a@b.example"), ("FOIDESK_MAILBOXES", "[{"), ("FOIDESK_OAUTH", "hush-hush")],
)
def test_a_variable_that_must_be_json_is_named_without_its_value(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsFault, match=f"  {name} must be written in JSON") as fault:
        read_settings(written(tmp_path, SMALL))
    assert value not in str(fault.value)


def test_a_list_in_the_environment_is_json(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOIDESK_MAILBOX__ALIASES", '["a@anytown.example", "b@anytown.example"]')
    assert read_settings(written(tmp_path, SMALL)).mailbox.aliases == ("a@anytown.example", "b@anytown.example")


@pytest.mark.parametrize("name", ["FOIDESK_MAILBX__HOST", "FOIDESK_REGIM", "FOIDESK_WEB_PORT", "FOIDESK_"])
def test_a_misspelt_variable_is_a_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, "8001")
    with pytest.raises(SettingsFault, match=f"  {name}: there is no setting"):
        read_settings(written(tmp_path, SMALL))


def test_a_misspelt_variable_is_told_with_the_other_faults(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOIDESK_REGIM", "FOISA")
    with pytest.raises(SettingsFault, match=r"(?s)FOIDESK_REGIM: there.*smtp\.host: "):
        read_settings(written(tmp_path, SMALL.replace('host = "smtp.anytown.example"', "")))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("FOIDESK_CONFIG", "foidesk.toml"),
        ("FOIDESK_TEST_REQUIRE", "postgres"),
        ("FOIDESK_POSTGRES_PASSWORD", "x"),
        ("FOIDESK_SERVICE_HOST", "10.0.0.1"),
        ("FOIDESK_WEB_SERVICE_PORT_HTTP", "8000"),
        ("FOIDESK_PORT", "tcp://10.0.0.1:8000"),
        ("FOIDESK_PORT_8000_TCP", "tcp://10.0.0.1:8000"),
        ("FOIDESK_PORT_8000_TCP_ADDR", "10.0.0.1"),
    ],
)
def test_what_is_meant_for_others_is_let_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    assert read_settings(written(tmp_path, SMALL)).regime == "FOIA"


@pytest.mark.parametrize("url", ["sqlite:///", "sqlite:///:memory:"])
def test_a_database_in_memory_is_none(tmp_path: Path, url: str) -> None:
    with pytest.raises(SettingsFault, match=r"database\.url: must name a file"):
        read_settings(written(tmp_path, f'{SMALL}[database]\nurl = "{url}"\n'))
