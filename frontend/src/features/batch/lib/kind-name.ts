import { useIntl } from "react-intl";

const KINDS = ["nonword", "realword", "case", "compound_split", "join", "foreign"] as const;
type Kind = (typeof KINDS)[number];

/** The name of a kind of error, as on the page of an essay; a kind that is not known here goes by its own. */
export function useKindName(): (kind: string) => string {
  const intl = useIntl();
  return (kind) =>
    KINDS.includes(kind as Kind) ? intl.formatMessage({ id: `essay.kind.${kind as Kind}` }) : kind;
}
