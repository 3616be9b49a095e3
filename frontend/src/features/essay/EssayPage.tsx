import { Loader } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { EmptyState } from "@/components/EmptyState";
import { Icon } from "@/components/Icon";
import { ButtonLink } from "@/components/Links";
import { Page } from "@/components/Page";
import { ProblemNotice } from "@/components/ProblemNotice";
import { type EssayRow, type Language, Problem } from "@/lib/api";
import { essayName } from "@/lib/essays";
import { useBatchLive } from "@/lib/live";
import { useEssay, type WholeEssay } from "./api/get-essay";
import { Download } from "./components/Download";
import { EssayHead } from "./components/EssayHead";
import { Measures } from "./components/Measures";
import { Neighbours } from "./components/Neighbours";
import { NoText } from "./components/NoText";
import { Reader } from "./components/Reader";
import classes from "./EssayPage.module.css";

const NO_ROWS: readonly EssayRow[] = [];

/** One essay: its text with what was found in it, and where it stands in its class. */
export function EssayPage({ batchId, essayId }: { batchId: string; essayId: string }) {
  const intl = useIntl();
  const { status, rows } = useBatchLive(batchId);
  const all = rows.data?.rows ?? NO_ROWS;
  const row = all.find((each) => each.essay_id === essayId);
  const essay = useEssay(batchId, essayId, row);
  const known = essay.data ?? row;
  const isMissing = essay.error instanceof Problem && essay.error.status === 404;

  return (
    <Page
      title={known ? essayName(known) : intl.formatMessage({ id: "essay.title" })}
      above={
        <nav className={classes.trail} aria-label={intl.formatMessage({ id: "essay.trail" })}>
          <Link to="/batches/$batchId" params={{ batchId }}>
            <Icon name="arrowLeft" size={16} />
            {status.data?.class_designation ?? <FormattedMessage id="essay.toBatch" />}
          </Link>
          <Link to="/batches/$batchId/results" params={{ batchId }}>
            <FormattedMessage id="essay.toResults" />
          </Link>
        </nav>
      }
      lead={
        known && <EssayHead key={essayId} batchId={batchId} essay={known} batch={status.data} />
      }
      actions={
        <>
          {known?.file_name && <Download batchId={batchId} essayId={essayId} />}
          <Neighbours batchId={batchId} essayId={essayId} rows={all} />
        </>
      }
    >
      {essay.data ? (
        <Found batchId={batchId} essay={essay.data} course={status.data?.language} rows={all} />
      ) : isMissing ? (
        <EmptyState
          icon="search"
          title={intl.formatMessage({ id: "essay.missing" })}
          actions={
            <ButtonLink to="/batches/$batchId" params={{ batchId }}>
              <FormattedMessage id="essay.toBatch" />
            </ButtonLink>
          }
        />
      ) : essay.error ? (
        <ProblemNotice error={essay.error} onRetry={() => essay.refetch()} />
      ) : (
        <Loader
          type="dots"
          role="status"
          aria-label={intl.formatMessage({ id: "essay.loading" })}
        />
      )}
    </Page>
  );
}

interface FoundProps {
  batchId: string;
  essay: WholeEssay;
  /** The language of the course; not known at once. */
  course: Language | undefined;
  rows: readonly EssayRow[];
}

function Found({ batchId, essay, course, rows }: FoundProps): ReactNode {
  if (essay.text === null) return <NoText batchId={batchId} essay={essay} />;
  return (
    <>
      <Reader
        key={essay.essay_id}
        batchId={batchId}
        essay={essay}
        course={course}
        text={essay.text}
      />
      <Measures essay={essay} rows={rows} />
    </>
  );
}
