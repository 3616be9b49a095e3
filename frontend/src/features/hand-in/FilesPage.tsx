import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useEffect } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { announce } from "@/components/Announcer";
import { Icon } from "@/components/Icon";
import { ButtonLink } from "@/components/Links";
import { Notice } from "@/components/Notice";
import { Page } from "@/components/Page";
import { Panel } from "@/components/Panel";
import { ProblemNotice } from "@/components/ProblemNotice";
import { ProgressBar } from "@/components/ProgressBar";
import type { EssayRow, HandedInFile } from "@/lib/api";
import { useBatchDetail } from "@/lib/batch-detail";
import { useBatchLive } from "@/lib/live";
import { isBeingRead, useFiles } from "./api/list-files";
import { useRefreshBatch } from "./api/refresh-batch";
import { DropZone } from "./components/DropZone";
import { HandedInRow } from "./components/HandedInRow";
import { UploadRows } from "./components/UploadRows";
import classes from "./FilesPage.module.css";
import { isOnItsWay, uploads, useUploads } from "./lib/uploads";

const SEVERITY = { failed: 0, received: 1, reading: 1, read: 2 } as const;

/** Every file of a batch: on its way, being read, read, or in need of somebody. */
export function FilesPage({ batchId }: { batchId: string }) {
  const intl = useIntl();
  const batch = useBatchDetail(batchId);
  const files = useFiles(batchId);
  const { rows, status } = useBatchLive(batchId);
  const sent = useUploads(batchId);
  useTakenFiles(batchId);
  useGoOn(batchId);

  const essays = new Map(rows.data?.rows.map((row) => [row.essay_id, row]));
  const current = (files.data ?? []).filter((file) => file.is_current).sort(byNeed(essays));
  const missing = rows.data?.rows.filter((row) => !row.file_name).length ?? 0;
  const failed = current.filter((file) => file.status === "failed").length;
  const reading = current.filter(isBeingRead).length;
  const read = current.length - failed - reading;
  const stuck = sent.uploads.filter((each) => !isOnItsWay(each));
  const moving = sent.uploads.filter(isOnItsWay);
  const isFrozen = status.data?.status === "processing";
  const error = batch.error ?? files.error ?? rows.error;

  const add = (given: File[]) => {
    uploads.add(batchId, given);
    announce(intl.formatMessage({ id: "handIn.adding" }, { count: given.length }));
  };

  return (
    <Page
      title={intl.formatMessage({ id: "handIn.files.title" })}
      documentTitle={
        batch.data &&
        intl.formatMessage(
          { id: "handIn.files.documentTitle" },
          { name: batch.data.class_designation },
        )
      }
      above={
        <Link to="/batches/$batchId" params={{ batchId }} className={classes.back}>
          <Icon name="arrowLeft" size={18} />
          {batch.data?.class_designation ?? <FormattedMessage id="handIn.toBatch" />}
        </Link>
      }
      lead={
        files.data && (
          <FormattedMessage
            id="handIn.files.lead"
            values={{ read, reading, failed: failed + stuck.length, missing }}
          />
        )
      }
      actions={
        <ButtonLink to="/batches/$batchId" params={{ batchId }}>
          <FormattedMessage id="handIn.goOn" />
        </ButtonLink>
      }
    >
      {error && <ProblemNotice error={error} onRetry={() => files.refetch()} />}
      {isFrozen && (
        <Notice tone="info" title={intl.formatMessage({ id: "handIn.frozen" })}>
          <p>
            <FormattedMessage id="handIn.frozen.do" />
          </p>
        </Notice>
      )}
      {moving.length > 0 && (
        <div className={classes.sending}>
          <ProgressBar
            value={sent.given ? (sent.given - moving.length - stuck.length) / sent.given : null}
            label={intl.formatMessage({ id: "handIn.sending" })}
          />
          <span>
            <FormattedMessage
              id="handIn.sendingCount"
              values={{ taken: sent.taken, given: sent.given }}
            />
          </span>
        </div>
      )}
      {!isFrozen && files.data && (missing > 0 || current.length === 0) && (
        <DropZone onFiles={add} isCompact={current.length > 0 || sent.uploads.length > 0} />
      )}
      {(current.length > 0 || sent.uploads.length > 0) && (
        <Panel className={classes.list}>
          <ul aria-label={intl.formatMessage({ id: "handIn.files.title" })}>
            <UploadRows batchId={batchId} items={[...stuck, ...moving]} />
            {current.map((file) => (
              <HandedInRow
                key={file.file_id}
                batchId={batchId}
                file={file}
                essay={file.essay_id ? essays.get(file.essay_id) : undefined}
                names={batch.data?.student_names ?? []}
                isFrozen={isFrozen}
              />
            ))}
          </ul>
        </Panel>
      )}
    </Page>
  );
}

/** What needs somebody first, then what is under way, then the rest as the essays are numbered. */
function byNeed(essays: Map<string, EssayRow>) {
  const position = (file: HandedInFile) => essays.get(file.essay_id ?? "")?.position ?? 0;
  return (a: HandedInFile, b: HandedInFile) =>
    SEVERITY[a.status] - SEVERITY[b.status] || position(a) - position(b);
}

/** The list is read again whenever the server has taken some files. */
function useTakenFiles(batchId: string): void {
  const refresh = useRefreshBatch(batchId);
  useEffect(() => {
    uploads.whenTaken((taken) => {
      if (taken === batchId) refresh();
    });
    return () => {
      uploads.whenTaken(() => undefined);
      uploads.forget(batchId);
    };
  }, [batchId, refresh]);
}

/** A batch just made goes on to its own page once all its files are there, and stays here if one was not taken. */
function useGoOn(batchId: string): void {
  const intl = useIntl();
  const navigate = useNavigate();
  const { isNew } = useSearch({ from: "/signed-in/batches/$batchId/files" });
  const { uploads: left, taken, given } = useUploads(batchId);
  const isOver = given > 0 && !left.some(isOnItsWay);
  const refused = left.length;

  useEffect(() => {
    if (!isOver) return;
    announce(intl.formatMessage({ id: "handIn.taken" }, { taken, refused }));
    if (isNew && refused === 0) {
      navigate({ to: "/batches/$batchId", params: { batchId }, replace: true });
    }
  }, [isOver, isNew, refused, taken, batchId, navigate, intl]);
}
