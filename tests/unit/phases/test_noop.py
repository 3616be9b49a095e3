from uuid import UUID

from pipelines.phase import BatchContext, Done, Finished, ItemRef, SoFar, Unit
from pipelines.phases.noop import Noop, Once
from pipelines.vocabulary import Language

BATCH = BatchContext(UUID(int=1), Language.ENGLISH, "ENG5")
ITEMS = tuple(ItemRef(UUID(int=10 + n), f"text-{n}") for n in range(3))


class TestOnce:
    def test_wants_one_unit_about_the_batch_and_no_texts(self):
        (unit,) = Once().plan(BATCH, SoFar(0, ITEMS)).units

        assert (unit.item_id, unit.item_ids) == (BATCH.batch_id, ())

    def test_wants_nothing_more_after_that(self):
        assert Once().plan(BATCH, SoFar(1, ITEMS, done=1)) == Finished()

    def test_wants_nothing_of_a_batch_without_essays(self):
        assert Once().plan(BATCH, SoFar(0, ())) == Finished()

    def test_finds_nothing(self):
        assert Once().run_many(BATCH, [Unit(0, ())]) == [Done({})]


class TestNoop:
    def test_wants_a_unit_for_each_essay(self):
        wave = Noop().plan(BATCH, SoFar(0, ITEMS))

        assert [unit.item_id for unit in wave.units] == [item.item_id for item in ITEMS]

    def test_answers_for_every_unit(self):
        units = [Unit(position, ()) for position in range(3)]

        assert Noop(body_ms=1).run_many(BATCH, units) == [Done({})] * 3
