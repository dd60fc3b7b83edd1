# SPDX-License-Identifier: Apache-2.0
"""A browser without a window, commanded through a pipe."""
import base64
import json
import os
import pathlib
import select
import shutil
import subprocess
import tempfile

NAMES = ("chromium", "chromium-browser", "google-chrome")


def find():
    """The path of a browser, or None."""
    return next(filter(None, map(shutil.which, NAMES)), None)


class Browser:
    """One page. What it asked for, and what it complained of, is in requests and complaints."""

    def __init__(self, program, width=1280, height=900):
        self.profile = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        ours, self.sender = os.pipe()
        self.receiver, theirs = os.pipe()

        # The browser reads commands from 3 and answers on 4.
        def arrange():
            low, high = os.dup(ours), os.dup(theirs)
            os.dup2(low, 3)
            os.dup2(high, 4)

        command = [
            program, "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-extensions",
            "--disable-background-networking", "--disable-component-update", "--remote-debugging-pipe",
            f"--window-size={width},{height}", f"--user-data-dir={self.profile.name}", "about:blank",
        ]
        self.process = subprocess.Popen(
            command, preexec_fn=arrange, close_fds=False, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(ours)
        os.close(theirs)
        self.buffer, self.number, self.session = b"", 0, None
        self.requests, self.complaints, self.events = [], [], []
        page = next(t for t in self.call("Target.getTargets")["targetInfos"] if t["type"] == "page")
        self.session = self.call("Target.attachToTarget", targetId=page["targetId"], flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.call(f"{domain}.enable")

    def __enter__(self):
        return self

    def __exit__(self, *what):
        self.session = None
        try:
            self.call("Browser.close")
            self.process.wait(20)
        except (OSError, EOFError, TimeoutError, subprocess.TimeoutExpired):
            self.process.kill()
            self.process.wait()
        os.close(self.sender)
        os.close(self.receiver)
        self.profile.cleanup()

    def message(self):
        """The next one, or TimeoutError."""
        while b"\0" not in self.buffer:
            if not select.select([self.receiver], [], [], 60)[0]:
                raise TimeoutError("the browser does not answer")
            more = os.read(self.receiver, 1 << 20)
            if not more:
                raise EOFError("the browser is gone")
            self.buffer += more
        one, self.buffer = self.buffer.split(b"\0", 1)
        return json.loads(one)

    def note(self, event):
        """Keeps what a test looks at."""
        name, what = event["method"], event.get("params", {})
        self.events.append(name)
        if name == "Network.requestWillBeSent":
            self.requests.append(what["request"]["url"])
        elif name == "Log.entryAdded":
            self.complaints.append(what["entry"]["text"])
        elif name == "Runtime.exceptionThrown":
            self.complaints.append(what["exceptionDetails"].get("exception", {}).get("description", "exception"))
        elif name == "Runtime.consoleAPICalled":
            self.complaints.append(str([a.get("value") for a in what["args"]]))

    def call(self, method, **params):
        """The result of one command."""
        self.number += 1
        command = {"id": self.number, "method": method, "params": params}
        if self.session:
            command["sessionId"] = self.session
        os.write(self.sender, json.dumps(command).encode() + b"\0")
        while True:
            message = self.message()
            if message.get("id") == self.number:
                if "error" in message:
                    raise RuntimeError(f"{method}: {message['error']['message']}")
                return message["result"]
            if "method" in message:
                self.note(message)

    def open(self, path, fragment=""):
        """Loads a file, wholly."""
        self.events.clear()
        self.call("Page.navigate", url="about:blank")
        while "Page.loadEventFired" not in self.events:
            self.note(self.message())
        self.events.clear()
        self.requests.clear()
        self.call("Page.navigate", url=pathlib.Path(path).resolve().as_uri() + fragment)
        while "Page.loadEventFired" not in self.events:
            message = self.message()
            if "method" in message:
                self.note(message)

    def run(self, script):
        """The value of an expression in the page."""
        result = self.call("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True, userGesture=True)
        if "exceptionDetails" in result:
            raise RuntimeError(f"{script}: {result['exceptionDetails']}")
        return result["result"].get("value")

    def look(self, media="", scheme="light"):
        """As on paper, or in the dark."""
        self.call("Emulation.setEmulatedMedia", media=media,
                  features=[{"name": "prefers-color-scheme", "value": scheme}])

    def resize(self, width, height):
        """The window."""
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=True)

    def picture(self, path, width, height, **more):
        """What is seen, as PNG."""
        self.resize(width, height)
        data = self.call("Page.captureScreenshot", format="png", **more)["data"]
        pathlib.Path(path).write_bytes(base64.b64decode(data))

    def paper(self, path):
        """What is printed, as PDF."""
        data = self.call("Page.printToPDF", printBackground=False, preferCSSPageSize=True)["data"]
        pathlib.Path(path).write_bytes(base64.b64decode(data))
