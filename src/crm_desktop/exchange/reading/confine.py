"""The limits a child process sets for itself before it opens a foreign file."""

import sys


def confine(memory_bytes: int, seconds: float) -> None:
    """Let this process have so much memory and processor time, write no file and leave no core behind."""
    if sys.platform == "win32":
        from crm_desktop.exchange.reading.windows_job import confine_by_job

        confine_by_job(memory_bytes, seconds)
    else:
        _confine_by_rlimit(memory_bytes, seconds)


def _confine_by_rlimit(memory_bytes: int, seconds: float) -> None:
    import resource

    _lower(resource.RLIMIT_CORE, 0)
    _lower(resource.RLIMIT_FSIZE, 0)
    _lower(resource.RLIMIT_CPU, int(seconds) + 1)
    _lower(resource.RLIMIT_AS, memory_bytes)


def _lower(kind: int, most: int) -> None:
    """Lower a limit; a system that knows the name but not the limit (macOS and memory) is left alone."""
    import resource
    from contextlib import suppress

    with suppress(OSError, ValueError):
        hard = resource.getrlimit(kind)[1]
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(kind, (most, most))
