import { Button } from "@mantine/core";
import { useEffect, useState } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { Notice } from "@/components/Notice";

/** Tells when the pair is no longer kept for this person; deciding is still possible as long as nobody else has it. */
export function Lease({ until, onSkip }: { until: string; onSkip: () => void }) {
  const intl = useIntl();
  const isOver = useIsOver(until);
  if (!isOver) return null;
  return (
    <Notice tone="info" title={intl.formatMessage({ id: "judging.lease" })} isAlert>
      <p>
        <FormattedMessage id="judging.lease.what" />
      </p>
      <Button variant="default" size="xs" onClick={onSkip}>
        <FormattedMessage id="judging.lease.skip" />
      </Button>
    </Notice>
  );
}

function useIsOver(until: string): boolean {
  const left = Date.parse(until) - Date.now();
  const [over, setOver] = useState<string | null>(null);
  useEffect(() => {
    const timer = setTimeout(() => setOver(until), Date.parse(until) - Date.now());
    return () => clearTimeout(timer);
  }, [until]);
  return left <= 0 || over === until;
}
