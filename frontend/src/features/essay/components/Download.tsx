import { Button } from "@mantine/core";
import { FormattedMessage, useIntl } from "react-intl";
import { announce } from "@/components/Announcer";
import { Icon } from "@/components/Icon";
import { problemText } from "@/components/problem-text";
import { useDownloadOriginal } from "../api/download-original";

/** The file as it was handed in. */
export function Download({ batchId, essayId }: { batchId: string; essayId: string }) {
  const intl = useIntl();
  const download = useDownloadOriginal(batchId, essayId);
  return (
    <Button
      variant="default"
      loading={download.isPending}
      leftSection={<Icon name={download.error ? "alert" : "download"} size={16} />}
      title={download.error ? problemText(intl, download.error).title : undefined}
      onClick={() =>
        download.mutate(undefined, {
          onError: (error) => announce(problemText(intl, error).title),
        })
      }
    >
      <FormattedMessage id={download.error ? "essay.download.again" : "essay.download"} />
    </Button>
  );
}
