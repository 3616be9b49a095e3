import { FormattedMessage } from "react-intl";
import { parts } from "../lib/duration";

/** A length of time in words. */
export function Length({ seconds: lengthS }: { seconds: number }) {
  const { unit, ...values } = parts(lengthS);
  return <FormattedMessage id={`batch.length.${unit}`} values={values} />;
}
