import { Button, TextInput } from "@mantine/core";
import { useNavigate, useRouter, useSearch } from "@tanstack/react-router";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { Logo } from "@/components/Logo";
import { Notice } from "@/components/Notice";
import { LanguageChoice, ThemeChoice } from "@/components/Preferences";
import { ProblemNotice } from "@/components/ProblemNotice";
import { Problem, session } from "@/lib/api";
import classes from "./SignInPage.module.css";

export function SignInPage() {
  const intl = useIntl();
  const router = useRouter();
  const navigate = useNavigate();
  const { from, over } = useSearch({ from: "/sign-in" });
  const [error, setError] = useState<unknown>(null);
  const [missing, setMissing] = useState({ email: false, password: false });
  const [isBusy, setBusy] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const isWrong = error instanceof Problem && error.status === 401;
  const fault = (field: string) => (error instanceof Problem ? error.fault(field) : undefined);

  useEffect(() => {
    // Who is signed in already has nothing to do here.
    session.restore().then((state) => {
      if (state === "in") navigate({ to: "/batches", replace: true });
    });
  }, [navigate]);

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    const email = String(data.get("email")).trim();
    const password = String(data.get("password"));
    const nothing = { email: !email, password: !password };
    setMissing(nothing);
    setError(null);
    if (nothing.email || nothing.password) {
      field(form.current, nothing.email ? "email" : "password")?.focus();
      return;
    }
    setBusy(true);
    try {
      await session.signIn(email, password);
      router.history.replace(from ?? "/batches");
    } catch (problem) {
      setError(problem);
      field(form.current, "password")?.select();
    } finally {
      setBusy(false);
    }
  };

  return (
    <main className={classes.page}>
      <title>{`${intl.formatMessage({ id: "auth.title" })} · HuleEdu`}</title>
      <div className={classes.card}>
        <div className={classes.brand}>
          <Logo size={44} />
          <span>HuleEdu</span>
        </div>
        <h1>
          <FormattedMessage id="auth.title" />
        </h1>
        <p className={classes.lead}>
          <FormattedMessage id="auth.lead" />
        </p>
        {over && !error && (
          <Notice tone="info" title={intl.formatMessage({ id: "auth.over" })}>
            <p>
              <FormattedMessage id="auth.over.do" />
            </p>
          </Notice>
        )}
        {isWrong && (
          <Notice tone="fail" title={intl.formatMessage({ id: "auth.wrong" })} isAlert>
            <p>
              <FormattedMessage id="auth.wrong.do" />
            </p>
          </Notice>
        )}
        {error !== null && !isWrong && <ProblemNotice error={error} />}
        <form ref={form} className={classes.form} onSubmit={submit} noValidate>
          <TextInput
            name="email"
            type="email"
            autoComplete="username"
            autoFocus
            required
            withAsterisk={false}
            label={intl.formatMessage({ id: "auth.email" })}
            error={
              missing.email ? intl.formatMessage({ id: "auth.email.missing" }) : fault("email")
            }
          />
          <TextInput
            name="password"
            type="password"
            autoComplete="current-password"
            required
            withAsterisk={false}
            label={intl.formatMessage({ id: "auth.password" })}
            error={
              missing.password
                ? intl.formatMessage({ id: "auth.password.missing" })
                : fault("password")
            }
          />
          <Button type="submit" loading={isBusy} fullWidth>
            <FormattedMessage id="auth.submit" />
          </Button>
        </form>
      </div>
      <div className={classes.preferences}>
        <LanguageChoice />
        <ThemeChoice />
      </div>
    </main>
  );
}

function field(form: HTMLFormElement | null, name: string): HTMLInputElement | null {
  const found = form?.elements.namedItem(name);
  return found instanceof HTMLInputElement ? found : null;
}
