import { useIntl } from "react-intl";
import { problemText } from "@/components/problem-text";
import { type FailureText, failureText } from "@/components/work";
import { chooseFile } from "@/lib/files";
import { type Upload, uploads } from "../lib/uploads";
import { ACCEPT } from "./DropZone";
import { FileRow } from "./FileRow";
import { RowButton } from "./RowButton";

/** Files on their way, and those that were not taken. */
export function UploadRows({ batchId, items }: { batchId: string; items: Upload[] }) {
  return items.map((upload) => <UploadRow key={upload.id} batchId={batchId} upload={upload} />);
}

function UploadRow({ batchId, upload }: { batchId: string; upload: Upload }) {
  const intl = useIntl();
  const name = upload.file.name;
  const isStuck = upload.state === "refused" || upload.state === "failed";
  const replace = async () => {
    const file = await chooseFile(ACCEPT);
    if (file) uploads.again(batchId, upload.id, file);
  };

  return (
    <FileRow
      name={name}
      sizeBytes={upload.file.size}
      state={upload.state === "failed" ? "refused" : upload.state}
      progress={upload.progress}
      failure={isStuck ? reasonOf(upload) : null}
      actions={
        isStuck && (
          <>
            {upload.state === "failed" && (
              <RowButton
                icon="retry"
                label={intl.formatMessage({ id: "handIn.sendAgain" }, { name })}
                words={intl.formatMessage({ id: "handIn.sendAgain.short" })}
                onClick={() => uploads.again(batchId, upload.id)}
              />
            )}
            <RowButton
              icon="swap"
              label={intl.formatMessage({ id: "handIn.replace" }, { name })}
              words={intl.formatMessage({ id: "handIn.replace.short" })}
              onClick={replace}
            />
            <RowButton
              icon="cross"
              label={intl.formatMessage({ id: "handIn.leaveOut" }, { name })}
              onClick={() => uploads.drop(batchId, upload.id)}
            />
          </>
        )
      }
    />
  );

  function reasonOf({ problem, refusals }: Upload): FailureText {
    if (problem) {
      const { title, detail } = problemText(intl, problem);
      return { why: title, todo: detail };
    }
    const [first] = refusals;
    const text = failureText(intl, first?.failure_code, first?.failure_reason);
    // An archive of which some members were not taken names them.
    if (!first?.archive_name) return text;
    const members = refusals.map((row) => row.file_name).join(", ");
    return { why: `${members}: ${text.why}`, todo: text.todo };
  }
}
