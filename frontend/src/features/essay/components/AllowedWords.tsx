import { ActionIcon } from "@mantine/core";
import { FormattedMessage, useIntl } from "react-intl";
import { announce } from "@/components/Announcer";
import { Icon } from "@/components/Icon";
import { Panel } from "@/components/Panel";
import { ProblemNotice } from "@/components/ProblemNotice";
import { useAllowedWords, useDisallowWord } from "../api/allowed-words";
import classes from "./AllowedWords.module.css";

/** The words that are no errors in this class, each with the way back; folded, and not there while there are none. */
export function AllowedWords({ batchId }: { batchId: string }) {
  const intl = useIntl();
  const words = useAllowedWords(batchId).data ?? [];
  const disallow = useDisallowWord(batchId);
  if (words.length === 0) return null;
  // The last one takes this list with it; a callback of `mutate` would be lost.
  const takeBack = (word: string) =>
    disallow.mutateAsync(word).then(
      () => announce(intl.formatMessage({ id: "essay.allow.undone" }, { word })),
      () => undefined, // it is shown below
    );
  return (
    <Panel className={classes.panel}>
      <details>
        <summary>
          <FormattedMessage id="essay.allowed" values={{ count: words.length }} />
        </summary>
        <ul>
          {words.map(({ word }) => (
            <li key={word}>
              <span>{word}</span>
              <ActionIcon
                variant="subtle"
                size="lg"
                disabled={disallow.isPending}
                onClick={() => takeBack(word)}
                aria-label={intl.formatMessage({ id: "essay.allowed.takeBack" }, { word })}
              >
                <Icon name="cross" size={16} />
              </ActionIcon>
            </li>
          ))}
        </ul>
      </details>
      {disallow.error && <ProblemNotice error={disallow.error} />}
    </Panel>
  );
}
