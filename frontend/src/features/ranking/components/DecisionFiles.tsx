import { Button } from "@mantine/core";
import { FormattedMessage, useIntl } from "react-intl";
import { announce } from "@/components/Announcer";
import { Icon } from "@/components/Icon";
import { Notice } from "@/components/Notice";
import { Panel } from "@/components/Panel";
import { ProblemNotice } from "@/components/ProblemNotice";
import { Problem } from "@/lib/api";
import { chooseFile } from "@/lib/files";
import { useBringInDecisions, useDownloadDecisions, useTakeBackFile } from "../api/decision-files";
import classes from "./DecisionFiles.module.css";

interface DecisionFilesProps {
  batchId: string;
  /** Of the class, for the file's name. */
  name: string;
}

/** Decisions out to other programs, and those that were made elsewhere in. */
export function DecisionFiles({ batchId, name }: DecisionFilesProps) {
  const intl = useIntl();
  const download = useDownloadDecisions(batchId);
  const bringIn = useBringInDecisions(batchId);
  const takeBack = useTakeBackFile(batchId);

  const choose = async () => {
    const file = await chooseFile(".csv,text/csv");
    if (!file) return;
    takeBack.reset();
    bringIn.mutate(file, {
      onSuccess: ({ imported, known }) =>
        announce(intl.formatMessage({ id: "ranking.files.in.said" }, { imported, known })),
    });
  };

  return (
    <Panel aria-labelledby="ranking-files" className={classes.panel}>
      <h2 id="ranking-files">
        <FormattedMessage id="ranking.files" />
      </h2>
      <p className={classes.what}>
        <FormattedMessage id="ranking.files.what" values={{ columns: <Columns /> }} />
      </p>
      <div className={classes.buttons}>
        <Button
          variant="default"
          loading={download.isPending}
          leftSection={<Icon name="download" size={16} />}
          onClick={() => download.mutate(`${name}.csv`)}
        >
          <FormattedMessage id="ranking.files.out" />
        </Button>
        <Button
          variant="default"
          loading={bringIn.isPending}
          leftSection={<Icon name="upload" size={16} />}
          onClick={choose}
        >
          <FormattedMessage id="ranking.files.in" />
        </Button>
      </div>
      {download.error && <ProblemNotice error={download.error} />}
      {bringIn.error && (
        <>
          <ProblemNotice error={bringIn.error} />
          <Faults error={bringIn.error} />
        </>
      )}
      {takeBack.error && <ProblemNotice error={takeBack.error} />}
      {takeBack.data ? (
        <Notice
          tone="info"
          title={intl.formatMessage(
            { id: "ranking.files.back.said" },
            { count: takeBack.data.withdrawn },
          )}
        />
      ) : (
        bringIn.data && (
          <Notice
            tone="ok"
            title={intl.formatMessage(
              { id: "ranking.files.in.said" },
              { imported: bringIn.data.imported, known: bringIn.data.known },
            )}
          >
            {bringIn.data.imported > 0 && (
              <Button
                size="xs"
                variant="default"
                loading={takeBack.isPending}
                onClick={() => takeBack.mutate(bringIn.data.import_id)}
              >
                <FormattedMessage id="ranking.files.back" />
              </Button>
            )}
          </Notice>
        )
      )}
    </Panel>
  );
}

const COLUMNS = ["judge", "candidate_chosen", "candidate_not_chosen"];

function Columns() {
  return <code>{COLUMNS.join(",")}</code>;
}

/** The lines of a file that are wrong, as the server says it. */
function Faults({ error }: { error: unknown }) {
  if (!(error instanceof Problem) || error.faults.length === 0) return null;
  return (
    <ul className={classes.faults}>
      {error.faults.map((fault) => (
        <li key={`${fault.line}${fault.field}${fault.reason}`}>
          {fault.line !== undefined && (
            <strong>
              <FormattedMessage id="ranking.files.line" values={{ line: fault.line }} />
            </strong>
          )}{" "}
          {fault.reason}
        </li>
      ))}
    </ul>
  );
}
