#!/usr/bin/env python3
"""Opens plain_points.html, or another page, in headless Chromium with OpenGL in software and prints what it posts.

    plain_points.py [PAGE] [--chromium PROGRAM] [--patience SECONDS]

A page posts a line of JSON to /result for each measurement and anything to /end when it is done; its folder is served.
Needs Chromium; nothing of the product does.
"""
import argparse
import functools
import http.server
import pathlib
import subprocess
import tempfile
import threading


class Handler(http.server.SimpleHTTPRequestHandler):
    ended = threading.Event()

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        self.send_response(204)
        self.end_headers()
        if self.path == "/result":
            print(body, flush=True)
        else:
            Handler.ended.set()

    def log_message(self, *_):
        pass


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("page", nargs="?", type=pathlib.Path, default=pathlib.Path(__file__).with_name("plain_points.html"))
    options.add_argument("--chromium", default="chromium")
    options.add_argument("--patience", type=float, default=150)
    asked = options.parse_args()
    server = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(Handler, directory=str(asked.page.resolve().parent)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with tempfile.TemporaryDirectory() as profile:
        browser = subprocess.Popen(
            [asked.chromium, "--headless=new", "--no-sandbox", "--use-gl=angle", "--use-angle=swiftshader",
             "--enable-unsafe-swiftshader", "--disable-frame-rate-limit", "--disable-gpu-vsync", "--no-first-run",
             "--window-size=1100,900", f"--user-data-dir={profile}",
             f"http://127.0.0.1:{server.server_port}/{asked.page.name}"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        in_time = Handler.ended.wait(asked.patience)
        browser.terminate()
        browser.wait()
    if not in_time:
        raise SystemExit(f"The page did not end within {asked.patience:g} s.")


if __name__ == "__main__":
    main()
