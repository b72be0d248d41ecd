"""Ask the index over HTTP, and watch a crawl: `dedupe serve`, `dedupe watch`, `dedupe query --server`.

    server.py      one process that speaks HTTP and waits: uvicorn, limits, queue, figures
    api.py         the addresses that answer JSON; contract.py says what they take and give
    site.py        the addresses that answer pages: ask about an article, browse the report live
    readers.py     processes that compute: each has the index open, answers one question at a time, and is
                   killed when a page hangs it; reader.py is what runs in them
    questions.py   what they answer as JSON; live.py what they answer as pages; lists.py what is counted
                   over the whole index for them
    inbox.py       what was posted, on the disk until it is in the index; keeper.py the one who puts it there
    watch.py       a directory that a crawler fills

Answers are the bytes that the command line prints for the same state of the index. A question sees one
committed state from its first row to its last, and no writer waits for it.

Not here: TLS, users, compression. Put a reverse proxy in front where others than this machine ask.
"""
