"""Exit codes."""

OK = 0
FAILED = 1
USAGE = 2  # unusable arguments
BELOW_BAR = 3  # ran, but the asked bar was not met (``--fail-on``)
INTERRUPTED = 130
