"""A file as an answer of Django."""

from pathlib import Path

from django.http import Http404, HttpResponse

from fullfunnel.core.files import path_of, served


def send_file(data: Path, digest: str, *, media_type: str, name: str) -> HttpResponse:
    """Answer with a content under the headers of `served`. Http404: it is missing."""
    try:
        # At most MOST_BYTES; the front sends the answer in pieces, however it is made.
        content = path_of(data, digest).read_bytes()
    except FileNotFoundError as error:
        raise Http404("its content is missing") from error
    return HttpResponse(content, headers=served(media_type, name))
