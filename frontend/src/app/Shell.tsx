import { Link, Outlet, useNavigate, useRouter } from "@tanstack/react-router";
import { useEffect } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { Announcer } from "@/components/Announcer";
import { Icon } from "@/components/Icon";
import { ButtonLink } from "@/components/Links";
import { Logo } from "@/components/Logo";
import { Bell } from "@/features/notifications/Bell";
import { useShortcut, useShortcutKeys } from "@/hooks/use-shortcut";
import { useMe } from "@/lib/account/me";
import { session } from "@/lib/api";
import { useLocale } from "@/lib/i18n";
import { LiveProvider } from "@/lib/live";
import { ConnectionSign } from "./ConnectionSign";
import classes from "./Shell.module.css";
import { ShortcutHelp } from "./ShortcutHelp";
import { UserMenu } from "./UserMenu";

/** What is around every page of somebody who is signed in. */
export function Shell() {
  const intl = useIntl();
  useSessionEnd();
  useAccountLanguage();
  useShortcutKeys();
  useNavigationShortcuts();

  return (
    <LiveProvider>
      <a href="#main" className={classes.skip}>
        <FormattedMessage id="app.skip" />
      </a>
      <header className={classes.header}>
        <div className={classes.bar}>
          <Link
            to="/batches"
            className={classes.brand}
            aria-label={intl.formatMessage({ id: "app.home" })}
          >
            <Logo />
            <span className={classes.name}>HuleEdu</span>
          </Link>
          <nav className={classes.nav} aria-label={intl.formatMessage({ id: "app.nav" })}>
            <Link
              to="/batches"
              className={classes.link}
              activeOptions={{ exact: true, includeSearch: false }}
            >
              <FormattedMessage id="app.nav.batches" />
            </Link>
          </nav>
          <div className={classes.right}>
            <ConnectionSign />
            <ButtonLink
              to="/batches/new"
              size="sm"
              leftSection={<Icon name="plus" size={16} />}
              className={classes.new}
              aria-label={intl.formatMessage({ id: "app.nav.new" })}
            >
              <FormattedMessage id="app.nav.new" />
            </ButtonLink>
            <Bell />
            <UserMenu />
          </div>
        </div>
      </header>
      <main id="main" tabIndex={-1} className={classes.main}>
        <Outlet />
      </main>
      <Announcer />
      <ShortcutHelp />
    </LiveProvider>
  );
}

/** A session that is over leads to signing in, and from there back to the page. */
function useSessionEnd(): void {
  const router = useRouter();
  useEffect(
    () =>
      session.subscribe(() => {
        if (session.state !== "out" || router.state.location.pathname === "/sign-in") return;
        const from = router.state.location.href;
        router.navigate({ to: "/sign-in", search: { from, over: true } });
      }),
    [router],
  );
}

/** The account's language, wherever one signs in. */
function useAccountLanguage(): void {
  const kept = useMe().data?.locale;
  const { setLocale } = useLocale();
  useEffect(() => {
    if (kept) setLocale(kept);
  }, [kept, setLocale]);
}

function useNavigationShortcuts(): void {
  const navigate = useNavigate();
  useShortcut("g b", "shortcut.batches", () => navigate({ to: "/batches" }));
  useShortcut("g n", "shortcut.notifications", () => navigate({ to: "/notifications" }));
  useShortcut("g s", "shortcut.settings", () => navigate({ to: "/settings" }));
  useShortcut("c", "shortcut.new", () => navigate({ to: "/batches/new" }));
}
