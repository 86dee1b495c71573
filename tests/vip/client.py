# SPDX-License-Identifier: Apache-2.0
"""What a client of the address sees: asks the API server behind it again and again, and prints each change.

    client.py ADDRESS PORT

A line is the time on the monotonic clock and who answered, "-" for nobody. Each question is a connection of its own;
the next one comes 20 ms after the answer or, without one, after 500 ms.
"""

import http.client
import ssl
import sys
import time

PATIENCE_SECONDS = 0.5
PAUSE_SECONDS = 0.02


def ask(context: ssl.SSLContext) -> str:
    """Who answers; "-": nobody."""
    connection = http.client.HTTPSConnection(sys.argv[1], int(sys.argv[2]), timeout=PATIENCE_SECONDS, context=context)
    try:
        connection.request("GET", "/")
        return connection.getresponse().read().decode()
    except (OSError, http.client.HTTPException):
        return "-"
    finally:
        connection.close()


def main() -> None:
    """Ask until killed. What nobody answered is dated to when it was asked."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    last = ""
    while True:
        asked = time.monotonic()
        answer = ask(context)
        if answer != last:
            print(f"{asked if answer == '-' else time.monotonic():.3f} {answer}", flush=True)
            last = answer
        time.sleep(PAUSE_SECONDS)


main()
