import { Button } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { ButtonLink } from "@/components/Links";
import { Notice } from "@/components/Notice";
import { ProblemNotice } from "@/components/ProblemNotice";
import type { EssayRow, Language } from "@/lib/api";
import { languageOf, mismatchOf, outdated } from "@/lib/languages";
import { useSetLanguage } from "../api/set-language";
import classes from "./NotChecked.module.css";

interface OtherLanguageProps {
  batchId: string;
  essay: EssayRow;
  course: Language;
}

/** That a text is not in the language it was read in, or is to be read in another one; nothing where all is well. */
export function OtherLanguage({ batchId, essay, course }: OtherLanguageProps) {
  const intl = useIntl();
  const read = useSetLanguage(batchId, essay.essay_id);
  const place = useRef<HTMLDivElement>(null);
  const [wasPressed, setPressed] = useState(false);
  const name = (language: Language) => intl.formatMessage({ id: `language.${language}` });
  const language = name(languageOf(essay, course));
  const checked = outdated(essay, course);
  const seen = mismatchOf(essay, course);

  // The button has gone with what it has changed.
  useEffect(() => {
    if (wasPressed && checked) place.current?.focus();
  }, [wasPressed, checked]);

  if (checked)
    return (
      <div className={classes.above} ref={place} tabIndex={-1}>
        <Notice
          tone="info"
          title={intl.formatMessage({ id: "essay.outdated" }, { language: name(checked) })}
        >
          <p>
            <FormattedMessage id="essay.outdated.do" values={{ language }} />
          </p>
          <ButtonLink to="/batches/$batchId" params={{ batchId }} size="xs" variant="default">
            <FormattedMessage id="essay.toBatch" />
          </ButtonLink>
        </Notice>
      </div>
    );
  if (!seen) return null;
  return (
    <div className={classes.above}>
      <Notice
        tone="warn"
        title={
          seen === "unknown"
            ? intl.formatMessage({ id: "essay.other.unknown" }, { language })
            : intl.formatMessage({ id: "essay.other" }, { language: name(seen) })
        }
      >
        <p>
          <FormattedMessage id="essay.other.why" values={{ language }} />
        </p>
        {seen !== "unknown" && (
          <Button
            size="xs"
            variant="default"
            loading={read.isPending}
            onClick={() => {
              setPressed(true);
              read.mutate(seen);
            }}
          >
            <FormattedMessage id="essay.other.read" values={{ language: name(seen) }} />
          </Button>
        )}
        {read.error && <ProblemNotice error={read.error} />}
      </Notice>
    </div>
  );
}
