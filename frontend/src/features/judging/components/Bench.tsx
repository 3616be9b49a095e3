import { Button } from "@mantine/core";
import { useState } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { announce } from "@/components/Announcer";
import { Icon } from "@/components/Icon";
import { Notice } from "@/components/Notice";
import { ProblemNotice } from "@/components/ProblemNotice";
import { useShortcut } from "@/hooks/use-shortcut";
import type { Comparison } from "@/lib/api";
import type { useSitting } from "../lib/use-sitting";
import { useTies } from "../lib/use-ties";
import { type Choice, FOR, type Reason } from "../lib/words";
import classes from "./Bench.module.css";
import { CannotJudge } from "./CannotJudge";
import { Lease } from "./Lease";
import { Pair } from "./Pair";
import { Reasons, toggled } from "./Reasons";

const LINE_PX = 40;

interface BenchProps {
  pair: Comparison;
  bench: ReturnType<typeof useSitting>;
}

/** One pair and all one can do with it. */
export function Bench({ pair, bench }: BenchProps) {
  const intl = useIntl();
  const [reasons, setReasons] = useState<(typeof FOR)[number][]>([]);
  const [quick, setQuick] = useState<Choice | null>(null);
  const [isAsking, setAsking] = useState(false);
  const [hasTies, setTies] = useTies();

  const decide = async (choice: Choice, why: readonly Reason[] = reasons, isSure = false) => {
    const outcome = await bench.choose(choice, why, isSure || quick === choice);
    if (outcome === "quick") setQuick(choice);
    if (outcome === "decided" || outcome === "taken") {
      setQuick(null);
      setReasons([]);
      announce(
        intl.formatMessage({ id: `judging.said.${outcome === "taken" ? outcome : choice}` }),
      );
    }
  };
  const takeBack = async () => {
    if (await bench.takeBack()) {
      setQuick(null);
      announce(intl.formatMessage({ id: "judging.said.undone" }));
    }
  };
  const tick = (index: number) => {
    const reason = FOR[index];
    if (reason) setReasons(toggled(FOR, reasons, reason));
  };
  // Up scrolls a text that one has come down in, and only then says that both are equal.
  const up = () => {
    const pane = document.activeElement?.closest<HTMLElement>("[data-pane]");
    if (pane && (pane.scrollTop > 0 || !hasTies)) pane.scrollBy({ top: -LINE_PX });
    else if (hasTies) void decide("tie");
  };

  useShortcut("ArrowLeft", "judging.key.left", () => void decide("left"));
  useShortcut("ArrowRight", "judging.key.right", () => void decide("right"));
  useShortcut("ArrowUp", "judging.key.tie", up);
  useShortcut("t", "judging.key.tie", () => hasTies && void decide("tie"));
  useShortcut("u", "judging.key.undo", () => void takeBack());
  useShortcut("x", "judging.key.cannot", () => setAsking(true));
  useShortcut("1", "judging.reason.content", () => tick(0));
  useShortcut("2", "judging.reason.task", () => tick(1));
  useShortcut("3", "judging.reason.structure", () => tick(2));
  useShortcut("4", "judging.reason.language", () => tick(3));
  useShortcut("5", "judging.reason.vocabulary", () => tick(4));
  useShortcut("6", "judging.reason.style", () => tick(5));

  return (
    <>
      <Pair key={pair.comparison_id} pair={pair} />
      <Lease until={pair.lease_until} onSkip={bench.skip} />
      {bench.error && <ProblemNotice error={bench.error} />}
      {quick && (
        <div className={classes.asked}>
          <Notice tone="info" title={intl.formatMessage({ id: "judging.quick" })} isAlert>
            <p>
              <FormattedMessage id="judging.quick.what" />
            </p>
            <div className={classes.row}>
              <Button size="xs" onClick={() => decide(quick, reasons, true)}>
                <FormattedMessage id="judging.quick.keep" />
              </Button>
              <Button size="xs" variant="default" onClick={() => setQuick(null)}>
                <FormattedMessage id="judging.quick.read" />
              </Button>
            </div>
          </Notice>
        </div>
      )}
      <div className={classes.bar}>
        <div className={classes.choices} data-ties={hasTies || undefined}>
          <Button size="md" onClick={() => decide("left")} leftSection={<Icon name="arrowLeft" />}>
            <FormattedMessage id="judging.choose.left" />
          </Button>
          {hasTies && (
            <Button size="md" variant="default" onClick={() => decide("tie")}>
              <FormattedMessage id="judging.choose.tie" />
            </Button>
          )}
          <Button
            size="md"
            onClick={() => decide("right")}
            rightSection={<Icon name="arrowRight" />}
          >
            <FormattedMessage id="judging.choose.right" />
          </Button>
        </div>
        <Reasons
          legend="judging.reasons"
          reasons={FOR}
          chosen={reasons}
          onChange={setReasons}
          isNumbered
        />
        <div className={classes.row}>
          <Button
            size="xs"
            variant="default"
            onClick={takeBack}
            disabled={bench.sitting.made.length === 0}
            leftSection={<Icon name="retry" size={16} />}
          >
            <FormattedMessage id="judging.undo" />
          </Button>
          <Button size="xs" variant="default" onClick={() => setAsking(true)}>
            <FormattedMessage id="judging.cannot" />
          </Button>
          <label className={classes.ties}>
            <input
              type="checkbox"
              checked={hasTies}
              onChange={(event) => setTies(event.currentTarget.checked)}
            />
            <FormattedMessage id="judging.ties" />
          </label>
          <span className={classes.hint}>
            <FormattedMessage id="judging.hint" />
          </span>
        </div>
      </div>
      <CannotJudge
        isOpen={isAsking}
        onClose={() => setAsking(false)}
        onDecide={(why) => {
          setAsking(false);
          void decide("invalid", why, true);
        }}
      />
    </>
  );
}
