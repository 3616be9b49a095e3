import { NativeSelect, NumberInput } from "@mantine/core";
import { FormattedMessage, useIntl } from "react-intl";
import { Segmented } from "@/components/Segmented";
import { type Judging, judgedBy } from "../lib/judging";
import classes from "./JudgingOptions.module.css";

const MOST_ROUNDS = 60;
const TARGETS = [0.7, 0.8, 0.85, 0.9];
const PROFILES = ["balanced", "content", "language"] as const;

interface JudgingOptionsProps {
  judging: Judging;
  /** The language model that may judge; null where none is set up. */
  model: string | null;
  onChange: (judging: Judging) => void;
}

/** Who compares the essays and until when; closed, because what is usual is good for most. */
export function JudgingOptions({ judging, model, onChange }: JudgingOptionsProps) {
  const intl = useIntl();
  const { judge, profile, target, most_rounds: rounds, with_prior: hasPrior } = judging;
  const isMachine = judge !== "person";
  const judges = (["builtin", "llm", "person"] as const).filter(
    (each) => each !== "llm" || model !== null || judge === "llm",
  );
  const targets = [...new Set([...TARGETS, target])].sort();

  return (
    <details className={classes.fold}>
      <summary>
        <FormattedMessage id={`batch.judging.${judge}.summary`} values={{ rounds, model }} />
      </summary>
      <div className={classes.options}>
        <Segmented
          legend={intl.formatMessage({ id: "batch.judging.judge" })}
          value={judge}
          options={judges.map((each) => ({
            value: each,
            label: intl.formatMessage({ id: `batch.judging.${each}` }),
          }))}
          onChange={(chosen) => onChange(judgedBy(chosen, judging))}
        />
        <p className={classes.what}>
          <FormattedMessage id={`batch.judging.${judge}.what`} values={{ model }} />
        </p>
        {judge !== "builtin" && (
          <label className={classes.check}>
            <input
              type="checkbox"
              checked={hasPrior}
              onChange={(event) =>
                onChange({ ...judging, with_prior: event.currentTarget.checked })
              }
            />
            <span>
              <FormattedMessage id="batch.judging.prior" />
              <span className={classes.hint}>
                <FormattedMessage id="batch.judging.prior.what" />
              </span>
            </span>
          </label>
        )}
        {(judge === "builtin" || hasPrior) && (
          <NativeSelect
            className={classes.short}
            label={intl.formatMessage({ id: "batch.judging.profile" })}
            value={profile}
            onChange={(event) =>
              onChange({ ...judging, profile: event.currentTarget.value as Judging["profile"] })
            }
            data={PROFILES.map((each) => ({
              value: each,
              label: intl.formatMessage({ id: `batch.judging.profile.${each}` }),
            }))}
          />
        )}
        {isMachine && (
          <div className={classes.pair}>
            <NativeSelect
              label={intl.formatMessage({
                id: judge === "builtin" ? "batch.judging.target.builtin" : "batch.judging.target",
              })}
              value={String(target)}
              onChange={(event) =>
                onChange({ ...judging, target: Number(event.currentTarget.value) })
              }
              data={targets.map((each) => ({
                value: String(each),
                label: intl.formatNumber(each, { minimumFractionDigits: 2 }),
              }))}
            />
            <NumberInput
              label={intl.formatMessage({ id: "batch.judging.rounds" })}
              value={rounds}
              onChange={(value) =>
                onChange({
                  ...judging,
                  most_rounds: Math.min(MOST_ROUNDS, Math.max(1, Number(value) || 1)),
                })
              }
              min={1}
              max={MOST_ROUNDS}
              allowDecimal={false}
              allowNegative={false}
            />
          </div>
        )}
        <p className={classes.what}>
          <FormattedMessage id="batch.judging.mixed" />{" "}
          {model === null && judge !== "llm" && <FormattedMessage id="batch.judging.noModel" />}
        </p>
      </div>
    </details>
  );
}
