import { useIntl } from "react-intl";

const TWO = { minimumFractionDigits: 2, maximumFractionDigits: 2 } as const;

/** The figures of a ranking as one reads them. */
export function useFigures() {
  const intl = useIntl();
  return {
    score: (value: number) => intl.formatNumber(value, { ...TWO, signDisplay: "exceptZero" }),
    two: (value: number) => intl.formatNumber(value, TWO),
    share: (value: number) =>
      intl.formatNumber(value, { style: "percent", maximumFractionDigits: 0 }),
    count: (value: number) => intl.formatNumber(value),
  };
}
