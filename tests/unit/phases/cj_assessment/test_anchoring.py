from pipelines.phases.cj_assessment import anchoring, comparisons, model
from pipelines.phases.cj_assessment.grades import Anchor
from tests.unit.phases.cj_assessment.simulated import a_class

CLASSES, ANCHORS = 25, 4


def test_anchors_that_are_right_seldom_drift():
    drifting = 0
    for seed in range(CLASSES):
        strengths, decisions = a_class(20, 9, seed=seed)
        anchors = {
            name: Anchor(strength=strengths[name], se=0.1) for name in list(strengths)[:ANCHORS]
        }
        compared = comparisons.of(list(strengths), decisions)
        drifting += len(anchoring.drifting(model.of(compared, anchors=anchors)))

    # Two standard errors leave one in twenty to luck.
    assert drifting <= 0.1 * CLASSES * ANCHORS
