import { Button, Switch, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { announce } from "@/components/Announcer";
import { Page } from "@/components/Page";
import { Panel } from "@/components/Panel";
import { LanguageChoice, ThemeChoice } from "@/components/Preferences";
import { ProblemNotice } from "@/components/ProblemNotice";
import { useShortcutsSetting } from "@/hooks/use-shortcut";
import { useChangeMe, useMe } from "@/lib/account/me";
import classes from "./SettingsPage.module.css";

export function SettingsPage() {
  const intl = useIntl();
  const change = useChangeMe();
  const [hasShortcuts, setShortcuts] = useShortcutsSetting();

  return (
    <Page title={intl.formatMessage({ id: "settings.title" })}>
      {change.isError && <ProblemNotice error={change.error} />}
      <Account />
      <Panel className={classes.panel} aria-labelledby="settings-appearance">
        <h2 id="settings-appearance">
          <FormattedMessage id="settings.appearance" />
        </h2>
        <LanguageChoice onChosen={(locale) => change.mutate({ locale })} />
        <ThemeChoice />
        <p className={classes.hint}>
          <FormattedMessage id="settings.appearance.language" />
        </p>
      </Panel>
      <Panel className={classes.panel} aria-labelledby="settings-keyboard">
        <h2 id="settings-keyboard">
          <FormattedMessage id="settings.keyboard" />
        </h2>
        <Switch
          checked={hasShortcuts}
          onChange={(event) => setShortcuts(event.currentTarget.checked)}
          label={intl.formatMessage({ id: "settings.shortcuts" })}
          description={intl.formatMessage({ id: "settings.shortcuts.description" })}
        />
      </Panel>
    </Page>
  );
}

function Account() {
  const intl = useIntl();
  const me = useMe();
  const change = useChangeMe();
  const [isMissing, setMissing] = useState(false);
  const saved = intl.formatMessage({ id: "settings.saved" });

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const name = String(new FormData(event.currentTarget).get("name")).trim();
    setMissing(!name);
    if (name) change.mutate({ display_name: name }, { onSuccess: () => announce(saved) });
  };

  if (me.isError) return <ProblemNotice error={me.error} onRetry={() => me.refetch()} />;
  return (
    <Panel className={classes.panel} aria-labelledby="settings-account">
      <h2 id="settings-account">
        <FormattedMessage id="settings.account" />
      </h2>
      {change.isError && <ProblemNotice error={change.error} />}
      <form className={classes.form} onSubmit={submit} noValidate>
        <TextInput
          key={me.data?.display_name}
          name="name"
          autoComplete="name"
          defaultValue={me.data?.display_name}
          label={intl.formatMessage({ id: "settings.name" })}
          description={intl.formatMessage({ id: "settings.name.description" })}
          error={isMissing && intl.formatMessage({ id: "settings.name.missing" })}
          maxLength={200}
        />
        <TextInput
          label={intl.formatMessage({ id: "settings.email" })}
          value={me.data?.email ?? ""}
          readOnly
        />
        <div className={classes.save}>
          <Button type="submit" loading={change.isPending}>
            <FormattedMessage id="settings.save" />
          </Button>
          {change.isSuccess && <span>{saved}</span>}
        </div>
      </form>
    </Panel>
  );
}
