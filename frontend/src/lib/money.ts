import { useIntl } from "react-intl";

/** Amounts of money as one reads them; a currency that nobody knows is written behind. */
export function useMoney() {
  const intl = useIntl();
  return (amount: number, currency: string): string => {
    try {
      return intl.formatNumber(amount, {
        style: "currency",
        currency,
        // Comparing a class may cost less than a cent.
        maximumFractionDigits: amount > 0 && amount < 0.1 ? 4 : 2,
      });
    } catch {
      return `${intl.formatNumber(amount, { maximumFractionDigits: 4 })} ${currency}`;
    }
  };
}
