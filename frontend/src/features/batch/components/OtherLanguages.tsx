import { Link } from "@tanstack/react-router";
import { FormattedMessage, useIntl } from "react-intl";
import { Notice } from "@/components/Notice";
import type { BatchStatusBody, EssayRow } from "@/lib/api";
import { essayName } from "@/lib/essays";
import { mismatchOf } from "@/lib/languages";
import classes from "./OtherLanguages.module.css";

const MOST_NAMED = 10;

interface OtherLanguagesProps {
  batch: BatchStatusBody;
  rows: readonly EssayRow[];
}

/** The essays whose spelling was not checked because they are plainly in another language; nothing if none are. */
export function OtherLanguages({ batch, rows }: OtherLanguagesProps) {
  const intl = useIntl();
  const found = rows.flatMap((row) => {
    const seen = mismatchOf(row, batch.language);
    return seen ? [{ row, seen }] : [];
  });
  if (found.length === 0) return null;
  const more = found.length - MOST_NAMED;
  return (
    <Notice
      tone="warn"
      title={intl.formatMessage({ id: "batch.otherLanguages" }, { count: found.length })}
    >
      <p>
        <FormattedMessage
          id="batch.otherLanguages.do"
          values={{
            count: found.length,
            language: intl.formatMessage({ id: `language.${batch.language}` }),
          }}
        />
      </p>
      <ul className={classes.essays}>
        {found.slice(0, MOST_NAMED).map(({ row, seen }) => (
          <li key={row.essay_id}>
            <Link
              to="/batches/$batchId/essays/$essayId"
              params={{ batchId: batch.batch_id, essayId: row.essay_id }}
            >
              {essayName(row)}
            </Link>
            {" · "}
            <FormattedMessage id={`language.${seen}`} />
          </li>
        ))}
        {more > 0 && (
          <li>
            <FormattedMessage id="batch.otherLanguages.more" values={{ count: more }} />
          </li>
        )}
      </ul>
    </Notice>
  );
}
