import { Button } from "@mantine/core";
import { useState } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { announce } from "@/components/Announcer";
import { Dialog } from "@/components/Dialog";
import { ProblemNotice } from "@/components/ProblemNotice";
import { useCancel } from "../api/run";

/** Stops the run, after asking. */
export function CancelRun({ batchId, isCancelling }: { batchId: string; isCancelling: boolean }) {
  const intl = useIntl();
  const [isOpen, setOpen] = useState(false);
  const cancel = useCancel(batchId);
  const close = () => {
    setOpen(false);
    cancel.reset();
  };
  const confirm = () =>
    cancel.mutate(undefined, {
      onSuccess: () => {
        close();
        announce(intl.formatMessage({ id: "batch.cancel.said" }));
      },
    });

  return (
    <>
      <Button variant="default" disabled={isCancelling} onClick={() => setOpen(true)}>
        <FormattedMessage id={isCancelling ? "batch.cancelling" : "batch.cancel"} />
      </Button>
      <Dialog
        isOpen={isOpen}
        onClose={close}
        title={intl.formatMessage({ id: "batch.cancel.ask" })}
        footer={
          <>
            <Button variant="default" onClick={close}>
              <FormattedMessage id="batch.cancel.no" />
            </Button>
            <Button onClick={confirm} loading={cancel.isPending}>
              <FormattedMessage id="batch.cancel.yes" />
            </Button>
          </>
        }
      >
        <p>
          <FormattedMessage id="batch.cancel.what" />
        </p>
        {cancel.error && <ProblemNotice error={cancel.error} />}
      </Dialog>
    </>
  );
}
