"""Whether processes that are not our children have ended. A zombie has: when it is collected is init's affair."""

import time

import psutil

POLL_S = 0.005


def survivors(processes: list[psutil.Process], limit_s: float) -> list[psutil.Process]:
    """Those that still live after so many seconds; returns as soon as none does."""
    give_up_at = time.monotonic() + limit_s
    while living := [process for process in processes if _lives(process)]:
        if time.monotonic() > give_up_at:
            return living
        time.sleep(POLL_S)
    return []


def _lives(process: psutil.Process) -> bool:
    try:
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False
