"""Exit codes."""

OK = 0
FAILED = 1
USAGE = 2  # unusable arguments
BELOW_BAR = 3  # ran, but the asked bar was not met (``--fail-on``)
DAMAGED = 3  # ran, and what it looked at is not whole (``dedupe check``)
INTERRUPTED = 130
