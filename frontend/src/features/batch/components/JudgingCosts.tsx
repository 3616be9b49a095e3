import { Loader } from "@mantine/core";
import { FormattedMessage, useIntl } from "react-intl";
import { Notice } from "@/components/Notice";
import { ProblemNotice } from "@/components/ProblemNotice";
import { useJudgingCosts } from "@/lib/judging-costs";
import { useMoney } from "@/lib/money";

/** What it may cost to let a model compare the essays, before it is begun. */
export function JudgingCosts({ batchId, mostRounds }: { batchId: string; mostRounds: number }) {
  const intl = useIntl();
  const money = useMoney();
  const costs = useJudgingCosts(batchId, mostRounds);

  if (costs.error) return <ProblemNotice error={costs.error} onRetry={() => costs.refetch()} />;
  if (!costs.data) return <Loader type="dots" size="sm" />;
  const { least, most, budget, spent, currency, model, essay_count, is_within_budget } = costs.data;
  return (
    <Notice
      tone={is_within_budget ? "info" : "warn"}
      title={intl.formatMessage(
        { id: "batch.costs" },
        { least: money(least.money, currency), most: money(most.money, currency) },
      )}
    >
      <p>
        <FormattedMessage
          id="batch.costs.what"
          values={{
            model,
            essays: essay_count,
            least: least.requests,
            most: most.requests,
            budget: money(budget, currency),
            spent: money(spent, currency),
          }}
        />
        {!is_within_budget && (
          <>
            {" "}
            <FormattedMessage id="batch.costs.tooMuch" />
          </>
        )}
      </p>
    </Notice>
  );
}
