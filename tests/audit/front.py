"""The site behind a proxy with HTTPS and HTTP/2, as patients have it: see deploy/nginx.conf."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

HERE = Path(__file__).parent
PASSWORD = "of-an-hour"
KEYTOOL = ["keytool", "-genkeypair", "-alias", "site", "-keyalg", "EC", "-groupname", "secp256r1"]
KEYTOOL += ["-dname", "CN=127.0.0.1", "-validity", "2", "-storetype", "PKCS12"]


@contextmanager
def https_front(url: str) -> Iterator[str]:
    """Gives the address of a proxy before the site at `url`. Its certificate is its own: whoever
    asks must not mind.
    """
    with TemporaryDirectory(prefix="clinic-front-") as folder:
        keystore = Path(folder, "keys.p12")
        made = [*KEYTOOL, "-keystore", str(keystore), "-storepass", PASSWORD]
        subprocess.run(made, check=True, capture_output=True)
        with subprocess.Popen(
            ["node", str(HERE / "front.mjs"), url, str(keystore), PASSWORD],
            stdout=subprocess.PIPE,
            text=True,
        ) as process:
            assert process.stdout
            port = process.stdout.readline().strip()
            try:
                yield f"https://127.0.0.1:{port}"
            finally:
                process.terminate()
