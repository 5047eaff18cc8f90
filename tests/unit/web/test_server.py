"""Serving the pages."""

import socket

import pytest
from flask import Flask

from web.files import LARGEST_UPLOAD
from web.server import CannotListen, NoHost, PageServer


def test_a_port_that_is_taken_is_told_with_what_to_do() -> None:
    app = Flask("nothing")
    app.config[LARGEST_UPLOAD] = 1
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(CannotListen, match="choose another port"):
            PageServer(app, "127.0.0.1", taken.getsockname()[1])


@pytest.mark.parametrize("host", ["no-such-host.invalid", "300.1.1.1", "192.0.2.1", ""])
def test_a_host_that_is_not_this_machine_is_told_with_what_to_write(host: str) -> None:
    app = Flask("nothing")
    app.config[LARGEST_UPLOAD] = 1
    with pytest.raises(NoHost, match=r"no address of this machine\. Say in \[web\] host"):
        PageServer(app, host, 0)
