"""The commonest spelling errors of a class, over HTTP."""

from tests.factories import a_registration


def test_is_read_and_not_sent_again_until_something_changes(caller):
    batch = caller.registers(a_registration(1))
    path = f"/v1/batches/{batch}/spelling-summary"

    answer = caller.asks("GET", path)
    again = caller.asks("GET", path, headers={"If-None-Match": answer.headers["ETag"]})

    assert (answer.status_code, answer.json["items"]) == (200, [])
    assert again.status_code == 304


def test_of_somebody_elses_batch_is_not_found(caller, a_caller):
    batch = caller.registers(a_registration(1))

    answer = a_caller().asks("GET", f"/v1/batches/{batch}/spelling-summary")

    assert (answer.status_code, answer.json["type"]) == (404, "/problems/batch-not-found")
