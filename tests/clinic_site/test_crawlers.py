"""What search engines are told."""


def test_robots_keeps_to_the_public_pages(client):
    response = client.get("/robots.txt")

    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert response.content.decode().splitlines() == [
        "User-agent: *",
        "Disallow: /admin/",
        "Disallow: /appointment",
        "Disallow: /book/*/",
        "Disallow: /m/",
        "",
        "Sitemap: http://127.0.0.1:8000/sitemap.xml",
    ]
