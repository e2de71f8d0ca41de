"""The leak check itself: it names what a test left behind, and lets a tidy test pass."""

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CONFIG = f"""
[pytest]
asyncio_mode = auto
asyncio_default_fixture_loop_scope = function
pythonpath = {ROOT}
"""

LEAKING = """
    import asyncio, socket, threading

    kept, end = [], threading.Event()

    def test_socket():
        kept.append(socket.socket())

    def test_file():
        kept.append(open(__file__))

    def test_thread():
        threading.Thread(target=end.wait, name="worker").start()

    async def test_task():
        kept.append(asyncio.create_task(asyncio.sleep(60), name="forgotten"))

    async def test_tidy():
        end.set()
        with socket.socket():
            pass
        task = asyncio.create_task(asyncio.sleep(60))
        task.cancel()
        await asyncio.to_thread(lambda: None)
"""


def test_a_leak_fails_the_test_that_made_it_and_no_other(pytester: pytest.Pytester) -> None:
    pytester.makeini(CONFIG)
    pytester.makeconftest((ROOT / "tests" / "conftest.py").read_text())
    pytester.makepyfile(LEAKING)

    result = pytester.runpytest_subprocess()

    result.assert_outcomes(passed=5, errors=4)
    result.stdout.fnmatch_lines(
        [
            "*teardown of test_socket*",
            "left behind: descriptor * (socket:*",
            "*teardown of test_file*",
            "left behind: descriptor * (*test_*.py)",
            "*teardown of test_thread*",
            "left behind: thread worker",
            "*teardown of test_task*",
            "left running: forgotten*",
        ]
    )
