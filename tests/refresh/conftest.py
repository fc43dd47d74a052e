"""The audit and the server that the tests of refreshing share."""

import pytest
from refreshaudit import QUICK, audit, serving

from analysis.refresh import http


@pytest.fixture
def server():
    with serving() as running:
        yield running


@pytest.fixture
def project(tmp_path, monkeypatch, server):
    monkeypatch.setenv("CLAIMS_PROJECT", str(tmp_path))
    monkeypatch.setattr(http.FetchPolicy.__init__, "__kwdefaults__", QUICK)
    return audit(tmp_path, server.url)
