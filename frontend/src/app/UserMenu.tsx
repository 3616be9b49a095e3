import { useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { FormattedMessage, useIntl } from "react-intl";
import { Icon } from "@/components/Icon";
import { Popover } from "@/components/Popover";
import { LanguageChoice, ThemeChoice } from "@/components/Preferences";
import { useChangeMe, useMe } from "@/lib/account/me";
import { session } from "@/lib/api";
import { openShortcutHelp } from "./ShortcutHelp";
import classes from "./UserMenu.module.css";

/** Who one is, language, theme, settings and the way out. */
export function UserMenu() {
  const intl = useIntl();
  const me = useMe().data;
  const change = useChangeMe();
  const navigate = useNavigate();
  const client = useQueryClient();

  const leave = async () => {
    await navigate({ to: "/sign-in" });
    await session.signOut();
    client.clear();
  };

  return (
    <Popover
      label={intl.formatMessage({ id: "menu.open" })}
      button={
        <span className={classes.face}>{initials(me?.display_name) ?? <Icon name="user" />}</span>
      }
    >
      {(close) => (
        <div className={classes.menu}>
          <div className={classes.who}>
            <strong>{me?.display_name}</strong>
            <span>{me?.email}</span>
          </div>
          <LanguageChoice onChosen={(locale) => change.mutate({ locale })} />
          <ThemeChoice />
          <ul className={classes.items}>
            <li className={classes.onlyNarrow}>
              <Link to="/batches" className={classes.item} onClick={close}>
                <Icon name="folder" />
                <FormattedMessage id="app.nav.batches" />
              </Link>
            </li>
            <li>
              <Link to="/settings" className={classes.item} onClick={close}>
                <Icon name="user" />
                <FormattedMessage id="menu.settings" />
              </Link>
            </li>
            <li>
              <button
                type="button"
                className={classes.item}
                onClick={() => {
                  close();
                  openShortcutHelp();
                }}
              >
                <Icon name="keyboard" />
                <FormattedMessage id="menu.shortcuts" />
              </button>
            </li>
            <li>
              <button type="button" className={classes.item} onClick={leave}>
                <Icon name="arrowRight" />
                <FormattedMessage id="menu.signOut" />
              </button>
            </li>
          </ul>
        </div>
      )}
    </Popover>
  );
}

function initials(name: string | undefined): string | null {
  const words = name?.trim().split(/\s+/) ?? [];
  const letters = [words[0]?.[0], words.length > 1 ? words.at(-1)?.[0] : ""].join("");
  return letters ? letters.toUpperCase() : null;
}
