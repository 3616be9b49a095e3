import { useEffect, useState } from "react";
import { useIntl } from "react-intl";

const MINUTE_S = 60;
const HOUR_S = 3600;
const DAY_S = 86_400;

/** How long ago, with the exact time on hover; older than a week it is the date. */
export function Moment({ at }: { at: string }) {
  const intl = useIntl();
  const now = useNow();
  const date = new Date(at);
  const exact = intl.formatDate(date, { dateStyle: "medium", timeStyle: "short" });
  const ago_s = (now - date.getTime()) / 1000;

  const words = () => {
    if (ago_s >= 7 * DAY_S) return intl.formatDate(date, { dateStyle: "medium" });
    if (ago_s >= DAY_S) return relative(-Math.round(ago_s / DAY_S), "day");
    if (ago_s >= HOUR_S) return relative(-Math.round(ago_s / HOUR_S), "hour");
    if (ago_s >= MINUTE_S) return relative(-Math.round(ago_s / MINUTE_S), "minute");
    return relative(0, "second");
  };
  const relative = (value: number, unit: "day" | "hour" | "minute" | "second") =>
    intl.formatRelativeTime(value, unit, { numeric: "auto" });

  return (
    <time dateTime={at} title={exact}>
      {words()}
    </time>
  );
}

function useNow(): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 30_000);
    return () => clearInterval(timer);
  }, []);
  return now;
}
