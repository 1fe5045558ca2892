"""Files are kept by the hash of their content, known by what is in them, and never run."""

import hashlib
from io import BytesIO

import pytest

from fullfunnel.core.files import MOST_BYTES, PICTURES, is_whole, keep_file, kept_digests, path_of, remove_file, served
from fullfunnel.core.refused import Refused

PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)


def test_a_file_lies_under_its_hash_once(tmp_path):
    first, second = (keep_file(tmp_path, BytesIO(PNG)) for _ in range(2))
    assert first == second
    assert (first.digest, first.media_type, first.size) == (hashlib.sha256(PNG).hexdigest(), "image/png", 72)
    assert path_of(tmp_path, first.digest).read_bytes() == PNG
    assert list(kept_digests(tmp_path)) == [first.digest]
    assert path_of(tmp_path, first.digest).stat().st_mode & 0o777 == 0o600
    assert is_whole(tmp_path, first.digest)


def test_a_changed_or_missing_content_is_found(tmp_path):
    digest = keep_file(tmp_path, BytesIO(PNG)).digest
    path_of(tmp_path, digest).write_bytes(b"other")
    assert not is_whole(tmp_path, digest)
    remove_file(tmp_path, digest)
    assert not is_whole(tmp_path, digest)


class Endless:
    """A stream without end."""

    def __init__(self):
        self.given = 0

    def read(self, size):
        self.given += size
        return bytes(size)


def test_what_is_too_large_is_refused_before_all_of_it_is_read(tmp_path):
    stream = Endless()
    refused = keep_file(tmp_path, stream)
    assert refused == Refused("The file is larger than 20 MB; choose a smaller one.", "file")
    assert stream.given <= MOST_BYTES + 512 * 1024
    assert [path for path in (tmp_path / "files").rglob("*") if path.is_file()] == []


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"<!DOCTYPE html><p>hello",
        b"   \n<HTML>",
        b"harmless <script>alert(1)</script>",
        b"\x00\x01\x02\x03" * 20,
        b"MZ" + bytes(200),
    ],
)
def test_what_a_browser_would_run_or_nobody_knows_is_not_kept(tmp_path, content):
    assert isinstance(keep_file(tmp_path, BytesIO(content)), Refused)
    assert list(kept_digests(tmp_path)) == []


def test_the_content_counts_and_not_the_name(tmp_path):
    refused = keep_file(tmp_path, BytesIO(b"%PDF-1.7\n" + bytes(64)), known=PICTURES)
    assert refused == Refused("The file is none of these: png, jpeg, gif, webp.", "file")
    assert keep_file(tmp_path, BytesIO(b"%PDF-1.7\n" + bytes(64))).media_type == "application/pdf"
    assert keep_file(tmp_path, BytesIO("Grüße".encode())).media_type == "text/plain"


@pytest.mark.parametrize("digest", ["", "../main.db", "A" * 64, "a" * 63])
def test_only_a_digest_names_a_file(tmp_path, digest):
    with pytest.raises(ValueError, match="64"):
        path_of(tmp_path, digest)


def test_only_pictures_are_shown(tmp_path):
    shown, saved = served("image/png", "logo.png"), served("text/html", 'a"\r\nX: y.html')
    assert shown["Content-Disposition"] == "inline"
    assert saved["Content-Type"] == "application/octet-stream"
    assert saved["Content-Disposition"] == 'attachment; filename="a___X_ y.html"'
    assert {shown["X-Content-Type-Options"], saved["X-Content-Type-Options"]} == {"nosniff"}
