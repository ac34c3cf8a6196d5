"""One address for each pattern of the site, its arguments filled in with what fits nothing."""

from django.urls import URLPattern, get_resolver


def addresses(patterns=None, before=""):
    for pattern in patterns or get_resolver().url_patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield "/" + "".join(filled(route))
        else:
            yield from addresses(pattern.url_patterns, route)


def filled(route):
    """The route as an address: `<int:pk>` as 1, other arguments and signs of expressions as x."""
    for part in route.replace("^", "").replace("$", "").split("<"):
        argument, end, rest = part.partition(">")
        if end:
            yield "1" if argument.startswith("int:") else "x"
        yield rest if end else part
