import { NativeSelect } from "@mantine/core";
import { useIntl } from "react-intl";
import { announce } from "@/components/Announcer";
import { ProblemNotice } from "@/components/ProblemNotice";
import type { EssayRow, Language } from "@/lib/api";
import { LANGUAGES, languageOf } from "@/lib/languages";
import { useSetLanguage } from "../api/set-language";
import classes from "./EssayHead.module.css";

interface EssayLanguageProps {
  batchId: string;
  essay: EssayRow;
  course: Language;
  /** A run reads the essays in the languages they had when it started. */
  isRunning: boolean;
}

/** The language an essay is read in, which is its course's unless it is said here. */
export function EssayLanguage({ batchId, essay, course, isRunning }: EssayLanguageProps) {
  const intl = useIntl();
  const choose = useSetLanguage(batchId, essay.essay_id);
  const name = (language: Language) => intl.formatMessage({ id: `language.${language}` });

  const change = (language: Language) =>
    choose.mutate(language, {
      onSuccess: () =>
        announce(intl.formatMessage({ id: "essay.language.saved" }, { language: name(language) })),
    });
  return (
    <>
      <NativeSelect
        size="xs"
        className={classes.language}
        label={intl.formatMessage({ id: "essay.language" })}
        value={languageOf(essay, course)}
        disabled={isRunning || choose.isPending}
        onChange={(event) => change(event.currentTarget.value as Language)}
        data={LANGUAGES.map((language) => ({
          value: language,
          label:
            language === course
              ? intl.formatMessage({ id: "essay.language.course" }, { language: name(language) })
              : name(language),
        }))}
      />
      {choose.error && <ProblemNotice error={choose.error} />}
    </>
  );
}
