import { useIntl } from "react-intl";
import { announce } from "@/components/Announcer";
import { failureText } from "@/components/work";
import type { EssayRow, HandedInFile } from "@/lib/api";
import { chooseFile } from "@/lib/files";
import { download } from "../api/download-file";
import { useRemoveFile } from "../api/remove-file";
import { useRetryFile } from "../api/retry-file";
import { uploads } from "../lib/uploads";
import { ACCEPT } from "./DropZone";
import { FileRow } from "./FileRow";
import { Pupil } from "./Pupil";
import { RowButton } from "./RowButton";

interface HandedInRowProps {
  batchId: string;
  file: HandedInFile;
  essay: EssayRow | undefined;
  names: string[];
  /** While a run reads the texts they may not change. */
  isFrozen: boolean;
}

/** A file the server has. */
export function HandedInRow({ batchId, file, essay, names, isFrozen }: HandedInRowProps) {
  const intl = useIntl();
  const remove = useRemoveFile(batchId);
  const retry = useRetryFile(batchId);
  const name = file.file_name;
  const isFailed = file.status === "failed";
  const isBusy = remove.isPending || retry.isPending;

  const replace = async () => {
    const chosen = await chooseFile(ACCEPT);
    if (chosen && file.essay_id) uploads.add(batchId, [chosen], file.essay_id);
  };

  return (
    <FileRow
      name={name}
      archiveName={file.archive_name}
      sizeBytes={file.size_bytes}
      state={file.status}
      failure={isFailed ? failureText(intl, file.failure_code, file.failure_reason) : null}
      pupil={essay && <Pupil batchId={batchId} essay={essay} names={names} />}
      actions={
        <>
          {isFailed && (
            <RowButton
              icon="retry"
              label={intl.formatMessage({ id: "handIn.readAgain" }, { name })}
              isDisabled={isFrozen || isBusy}
              onClick={() => retry.mutate(file.file_id)}
            />
          )}
          <RowButton
            icon="swap"
            label={intl.formatMessage({ id: "handIn.replace" }, { name })}
            words={isFailed ? intl.formatMessage({ id: "handIn.replace.short" }) : undefined}
            isDisabled={isFrozen || isBusy}
            onClick={replace}
          />
          <RowButton
            icon="download"
            label={intl.formatMessage({ id: "handIn.download" }, { name })}
            onClick={() => download(batchId, file)}
          />
          <RowButton
            icon="trash"
            label={intl.formatMessage({ id: "handIn.remove" }, { name })}
            isDisabled={isFrozen || isBusy}
            onClick={() =>
              remove.mutate(file.file_id, {
                onSuccess: () => announce(intl.formatMessage({ id: "handIn.removed" }, { name })),
              })
            }
          />
        </>
      }
    />
  );
}
