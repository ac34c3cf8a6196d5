"""What pages say to their readers."""

from django.test import Client


def body(client: Client, path: str) -> str:
    """The HTML between header and footer."""
    response = client.get(path, follow=True)
    assert (path, response.status_code) == (path, 200)
    html = response.content.decode()
    return html[html.index("<main") : html.index("</main>")]
