import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { FormattedMessage } from "react-intl";
import { Panel } from "@/components/Panel";
import type { Assessment } from "@/lib/api";
import { essayName } from "@/lib/essays";
import { useFigures } from "../lib/figures";
import classes from "./Disagreements.module.css";

const FIRST = 10;

type Pair = Assessment["disagreements"][number];

/** Pairs that people and machines decided differently, the plainest first; nothing where only one kind decided. */
export function Disagreements({ found }: { found: Assessment }) {
  const people = found.judges.some((judge) => judge.kind === "person");
  const machines = found.judges.some((judge) => judge.kind !== "person");
  const pairs = found.disagreements;

  if (!people || !machines) return null;
  return (
    <Panel aria-labelledby="ranking-disagreements" className={classes.panel}>
      <h2 id="ranking-disagreements">
        <FormattedMessage id="ranking.disagreements" />
      </h2>
      <p className={classes.what}>
        <FormattedMessage
          id={pairs.length === 0 ? "ranking.disagreements.none" : "ranking.disagreements.what"}
          values={{ count: pairs.length }}
        />
      </p>
      {pairs.length > 0 && <List found={found} pairs={pairs.slice(0, FIRST)} />}
      {pairs.length > FIRST && (
        <details className={classes.rest}>
          <summary>
            <FormattedMessage
              id="ranking.disagreements.rest"
              values={{ count: pairs.length - FIRST }}
            />
          </summary>
          <List found={found} pairs={pairs.slice(FIRST)} />
        </details>
      )}
    </Panel>
  );
}

function List({ found, pairs }: { found: Assessment; pairs: readonly Pair[] }) {
  const figures = useFigures();
  return (
    <ol className={classes.list}>
      {pairs.map((pair) => (
        <li key={`${pair.persons_prefer} ${pair.machines_prefer}`}>
          <span>
            <FormattedMessage
              id="ranking.disagreement"
              values={{
                persons: pair.persons,
                machines: pair.machines,
                theirs: <Essay found={found} id={pair.persons_prefer} />,
                its: <Essay found={found} id={pair.machines_prefer} />,
              }}
            />
          </span>
          <span className={classes.gap}>
            <FormattedMessage
              id={pair.gap >= 0 ? "ranking.disagreement.people" : "ranking.disagreement.machines"}
              values={{ gap: figures.two(Math.abs(pair.gap)) }}
            />
          </span>
        </li>
      ))}
    </ol>
  );
}

function Essay({ found, id }: { found: Assessment; id: string }): ReactNode {
  const essay = found.essays.find((each) => each.essay_id === id);
  return (
    <Link
      to="/batches/$batchId/essays/$essayId"
      params={{ batchId: found.batch_id, essayId: id }}
      preload={false}
    >
      {essay ? essayName(essay) : id}
    </Link>
  );
}
