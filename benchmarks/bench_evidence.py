"""Speed and memory of reading: web archives of made-up news pages, from compressed records to the table of statements.

``python -m benchmarks evidence`` prints the table. Each run is a process of its own, whose memory is counted with that of its
workers. Words are those of the running text; wall time, loading of the reader left out. Half as many pages show whether memory is flat.
"""

from __future__ import annotations

import gzip
import json
import random
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

from detente.evidence import model
from detente.evidence.bulk import How, read_archive, reader_of

PAGES = {"rules": 2000, "model": 400}  # pages of an archive: the model takes longer
BARS = {"rules": (3000, 700), "model": (1500, 1200)}  # words a second on one processor, megabytes
TWICE = 1.5  # two workers against one
PARAGRAPHS = 12

WHO = (
    "The minister|Ms Orlova|Mr Tan|A spokesman for the council|The rebels|General Iwu|Observers|The envoy|She|He".split(
        "|"
    )
)
SAYS = "said|told reporters|insisted|warned|added|denied|claimed|argued|suggested|promised".split("|")
WHAT = (
    "the talks in the capital would go on until the summer|the shelling of the valley must end before anybody sits down|"
    "no government could accept such terms in a single week|at least 40 people had been killed on the road to the port|"
    "a ceasefire was closer than at any time since the war began|the allies would not pay for another round without results"
).split("|")
FILLER = (
    "Trucks waited at the crossing through the night, and the market opened late. |"
    "The river has been the line between the two armies for most of the last year. |"
    "Schools in the three towns have been shut since the spring, aid workers count. |"
).split("|")


def page(rng: random.Random, number: int) -> tuple[bytes, int]:
    """A page of news that never was, with menus and scripts about it; how many words its text has."""
    paragraphs = []
    for _ in range(PARAGRAPHS):
        who, says, what = rng.choice(WHO), rng.choice(SAYS), rng.choice(WHAT)
        told = f"“{what.capitalize()},” {who.lower()} {says}. " if rng.random() < 0.4 else f"{who} {says} that {what}. "
        paragraphs.append(told + "".join(rng.choices(FILLER, k=3)))
    body = "".join(f"<p>{text}</p>" for text in paragraphs)
    menu = "".join(f"<li><a href='/{n}'>Section {n}</a></li>" for n in range(60))
    html = (
        f"<html><head><title>Report {number}</title><script>{'var a=1;' * 400}</script></head><body><nav><ul>{menu}</ul></nav>"
        f"<article><h1>Report {number}</h1>{body}</article><footer>{'x ' * 500}</footer></body></html>"
    )
    return html.encode(), sum(len(text.split()) for text in paragraphs)


def write_archive(file: Path, pages: int) -> int:
    """An archive of so many pages; how many words they have."""
    rng = random.Random(0)
    words = 0
    with file.open("wb") as out:
        for number in range(pages):
            body, count = page(rng, number)
            words += count
            http = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + body
            head = (
                f"WARC/1.1\r\nWARC-Type: response\r\nWARC-Target-URI: http://news.example/{number}\r\n"
                f"WARC-Date: 2015-03-15T00:00:00Z\r\nWARC-Record-ID: <urn:uuid:00000000-0000-0000-0000-{number:012d}>\r\n"
                f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(http)}\r\n\r\n"
            )
            out.write(gzip.compress(head.encode() + http + b"\r\n\r\n"))
    return words


def measure(file: Path, workers: int, *, fast: bool) -> Row:
    """Seconds and the peak memory of all processes, in a process of its own."""
    code = f"from benchmarks.bench_evidence import child; child({str(file)!r}, {workers}, {fast})"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return dict(json.loads(found.stdout.splitlines()[-1]))


Row = dict[str, Any]


def child(file: str, workers: int, fast: bool) -> None:
    """Reads an archive and prints what it took."""
    import psutil

    peak, stop = [0.0], threading.Event()

    def watch() -> None:
        me = psutil.Process()
        while not stop.wait(0.1):
            total = 0
            for process in (me, *me.children(recursive=True)):
                try:
                    total += process.memory_info().rss
                except psutil.Error:
                    continue
            peak[0] = max(peak[0], total / 1e6)

    how = How(fast=fast)
    if workers == 1:
        reader_of(how)  # loading is not counted
    threading.Thread(target=watch, daemon=True).start()
    started = time.perf_counter()
    read_archive(Path(file), Path(f"{file}.{workers}.parquet"), how, workers=workers)
    seconds = time.perf_counter() - started
    stop.set()
    print(json.dumps({"seconds": seconds, "mb": peak[0]}))


def run() -> list[Row]:
    """Rows of the table: rules always, the model where one is shipped."""
    rows: list[Row] = []
    for name, fast in (("rules", True), ("model", False)):
        if not fast and model.shipped() is None:
            continue
        with tempfile.TemporaryDirectory() as folder:
            whole, half = Path(folder) / "whole.warc.gz", Path(folder) / "half.warc.gz"
            words = write_archive(whole, PAGES[name])
            write_archive(half, PAGES[name] // 2)
            one, two, less = (measure(*job, fast=fast) for job in ((whole, 1), (whole, 2), (half, 2)))
        speed, most = BARS[name]
        rows += [
            {
                "name": f"{PAGES[name]:,} pages by {name}, one processor",
                "figure": words / one["seconds"],
                "unit": "w/s",
                "bar": speed,
                "memory_mb": one["mb"],
            },
            {
                "name": "two workers against one",
                "figure": one["seconds"] / two["seconds"],
                "unit": "x",
                "bar": TWICE,
                "memory_mb": two["mb"],
                "versus": f"half the pages took {less['mb']:.0f} MB: memory is flat",
            },
            {"name": "memory of all processes", "figure": two["mb"], "unit": "MB", "bar": most},
        ]
    return rows
