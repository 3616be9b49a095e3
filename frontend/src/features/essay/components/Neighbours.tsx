import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useEffect } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { announce } from "@/components/Announcer";
import { Icon } from "@/components/Icon";
import { ButtonLink } from "@/components/Links";
import { useShortcut } from "@/hooks/use-shortcut";
import type { EssayRow } from "@/lib/api";
import { essayName } from "@/lib/essays";
import { prefetchEssay } from "../api/get-essay";
import classes from "./Neighbours.module.css";

interface NeighboursProps {
  batchId: string;
  essayId: string;
  rows: readonly EssayRow[];
}

/** From essay to essay without going back to the list; the next one is fetched while this one is read. */
export function Neighbours({ batchId, essayId, rows }: NeighboursProps) {
  const intl = useIntl();
  const client = useQueryClient();
  const navigate = useNavigate();
  const at = rows.findIndex((row) => row.essay_id === essayId);
  const previous = at > 0 ? rows[at - 1] : undefined;
  const next = at >= 0 ? rows[at + 1] : undefined;

  const nextId = next?.essay_id;
  const previousId = previous?.essay_id;
  useEffect(() => {
    for (const id of [nextId, previousId]) if (id) prefetchEssay(client, batchId, id);
  }, [client, batchId, nextId, previousId]);

  const go = (to: EssayRow | undefined, end: "essay.isFirst" | "essay.isLast") => {
    if (!to) return announce(intl.formatMessage({ id: end }));
    announce(
      intl.formatMessage(
        { id: "essay.moved" },
        { name: essayName(to), number: rows.indexOf(to) + 1, total: rows.length },
      ),
    );
    navigate({
      to: "/batches/$batchId/essays/$essayId",
      params: { batchId, essayId: to.essay_id },
    });
  };
  // Brackets take AltGr on a Swedish keyboard, and so cannot be the only keys.
  useShortcut("n", "essay.key.next", () => go(next, "essay.isLast"));
  useShortcut("p", "essay.key.previous", () => go(previous, "essay.isFirst"));
  useShortcut("]", "essay.key.next", () => go(next, "essay.isLast"));
  useShortcut("[", "essay.key.previous", () => go(previous, "essay.isFirst"));

  if (at < 0 || rows.length < 2) return null;
  return (
    <nav className={classes.neighbours} aria-label={intl.formatMessage({ id: "essay.neighbours" })}>
      <Step batchId={batchId} to={previous} label="essay.previous" icon="chevronLeft" />
      <span className={classes.place}>
        <FormattedMessage id="essay.place" values={{ number: at + 1, total: rows.length }} />
      </span>
      <Step batchId={batchId} to={next} label="essay.next" icon="chevronRight" />
    </nav>
  );
}

interface StepProps {
  batchId: string;
  to: EssayRow | undefined;
  label: "essay.previous" | "essay.next";
  icon: "chevronLeft" | "chevronRight";
}

function Step({ batchId, to, label, icon }: StepProps) {
  const intl = useIntl();
  const name = to ? essayName(to) : null;
  if (!to)
    return (
      <span className={classes.end} aria-hidden="true">
        <Icon name={icon} />
      </span>
    );
  return (
    <ButtonLink
      to="/batches/$batchId/essays/$essayId"
      params={{ batchId, essayId: to.essay_id }}
      variant="default"
      className={classes.step}
      aria-label={intl.formatMessage({ id: label }, { name })}
      title={intl.formatMessage({ id: label }, { name })}
    >
      <Icon name={icon} />
    </ButtonLink>
  );
}
