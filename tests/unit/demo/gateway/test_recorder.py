from __future__ import annotations

from demo.gateway.recorder import Call, Recorder

CALL = Call("GET", "/rest/api/3/field", "", 200, 1, True, "a", 5, None)


def test_it_remembers_calls_and_how_many_ran_at_once() -> None:
    recorder = Recorder()
    recorder.begin()
    recorder.begin()
    recorder.end(CALL)
    recorder.begin()
    report = recorder.report()
    assert report["most_at_once"] == 2
    assert [call["path"] for call in report["calls"]] == ["/rest/api/3/field"]


def test_forgetting_keeps_count_of_what_still_runs() -> None:
    recorder = Recorder()
    recorder.begin()
    recorder.begin()
    recorder.end(CALL)
    recorder.reset()
    assert recorder.report() == {"calls": [], "most_at_once": 1}
