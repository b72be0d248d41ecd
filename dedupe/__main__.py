"""``python -m dedupe``: the same as the command ``dedupe``."""

from dedupe.cli import main

if __name__ == "__main__":
    main()
