"""How a workspace looks to its customers: a colour that can be read, links, and a logo that is a picture."""

import hashlib
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from fullfunnel.core.files import kept_digests, path_of
from fullfunnel.core.refused import Refused
from fullfunnel.workspaces.actions import set_brand, set_logo
from fullfunnel.workspaces.models import AuditEntry, Brand, StoredFile

HERE = "/w/halden/settings/look/"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)
LOOK = {"language": "de", "colour": "#0B6B5B", "privacy_url": "https://halden.example/privacy", "imprint_url": ""}


@pytest.fixture
def logo(alice):
    def upload(content, name="logo.png"):
        return alice.client.post(HERE + "logo/", {"logo": SimpleUploadedFile(name, content)}, follow=True)

    return upload


def test_colour_language_and_links_are_kept(workspace, alice):
    assert alice.client.post(HERE, LOOK).status_code == 302
    brand = Brand.objects.get()
    assert (brand.colour, brand.language, brand.privacy_url) == ("#0b6b5b", "de", LOOK["privacy_url"])
    assert "#0b6b5b" in alice.client.get(HERE).content.decode()


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"colour": "green"}, "is no colour"),
        ({"privacy_url": "javascript:alert(1)"}, "Write a whole address"),
        ({"language": "tlh"}, "Select a valid choice"),
    ],
)
def test_what_cannot_be_says_what_would_be_right(workspace, alice, wrong, sentence):
    answer = alice.client.post(HERE, LOOK | wrong)
    assert (answer.status_code, sentence in answer.content.decode()) == (422, True)
    assert not Brand.objects.exists()


def test_a_logo_is_kept_by_its_hash_and_served_as_what_it_is(workspace, alice, charlie, logo, data_dir):
    assert "This is your logo now." in logo(PNG).content.decode()
    file = StoredFile.objects.get()
    assert (file.digest, file.media_type, file.name) == (hashlib.sha256(PNG).hexdigest(), "image/png", "logo.png")
    answer = alice.client.get(f"/w/halden/files/{file.public_id}")
    assert answer.content == PNG
    assert (answer.headers["Content-Type"], answer.headers["X-Content-Type-Options"]) == ("image/png", "nosniff")
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert charlie.client.get(f"/w/halden/files/{file.public_id}").status_code == 404


@pytest.mark.parametrize("content", [b"<svg><script>alert(1)</script></svg>", b"%PDF-1.7\n" + bytes(40), b"text"])
def test_a_logo_is_a_picture_whatever_its_name_says(workspace, logo, data_dir, content):
    assert "The file is none of these: png, jpeg, gif, webp." in logo(content).content.decode()
    assert (StoredFile.objects.count(), list(kept_digests(data_dir))) == (0, [])


def test_a_logo_has_at_most_two_megabytes(workspace, logo, data_dir):
    assert "larger than 2 MB" in logo(PNG + bytes(2 * 1024 * 1024)).content.decode()
    assert (StoredFile.objects.count(), list(kept_digests(data_dir))) == (0, [])


def test_the_logo_before_goes_unless_somebody_else_has_the_same(
    workspace, charlie, data_dir, django_capture_on_commit_callbacks
):
    elsewhere = charlie.user.memberships.get().workspace
    for each in (workspace, elsewhere):
        set_logo(each, content=BytesIO(PNG), name="a.png", by=None)
    old = StoredFile.objects.first().digest
    with django_capture_on_commit_callbacks(execute=True):
        set_logo(workspace, content=BytesIO(PNG + b"x"), name="b.png", by=None)
    assert path_of(data_dir, old).exists()
    with django_capture_on_commit_callbacks(execute=True):
        set_logo(elsewhere, content=BytesIO(PNG + b"x"), name="b.png", by=None)
    assert not path_of(data_dir, old).exists()
    assert StoredFile.objects.count() == 2


def test_who_is_no_admin_changes_nothing(workspace, bob, data_dir):
    before = AuditEntry.objects.count()
    assert bob.client.post(HERE, LOOK).status_code == 403
    assert isinstance(set_brand(workspace, by=bob.user, **LOOK), Refused)
    assert isinstance(set_logo(workspace, content=BytesIO(PNG), name="a.png", by=bob.user), Refused)
    assert (Brand.objects.count(), AuditEntry.objects.count(), list(kept_digests(data_dir))) == (0, before, [])
