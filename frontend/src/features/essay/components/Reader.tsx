import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { announce } from "@/components/Announcer";
import { Panel } from "@/components/Panel";
import { useShortcut } from "@/hooks/use-shortcut";
import type { Language } from "@/lib/api";
import type { WholeEssay } from "../api/get-essay";
import { segmented } from "../lib/segments";
import {
  KINDS,
  type Kind,
  type SpellingError,
  spans,
  stepped,
  type Version,
} from "../lib/spelling";
import { AllowedWords } from "./AllowedWords";
import { ErrorCard } from "./ErrorCard";
import { ErrorList } from "./ErrorList";
import { EssayText } from "./EssayText";
import { Layers } from "./Layers";
import { NotChecked } from "./NotChecked";
import { OtherLanguage } from "./OtherLanguage";
import classes from "./Reader.module.css";

interface ReaderProps {
  batchId: string;
  essay: WholeEssay;
  course: Language | undefined;
  text: string;
}

const NO_ERRORS: readonly SpellingError[] = [];

/** The text with its errors marked, the one that is looked at explained beside it, and all of them as a list. */
export function Reader({ batchId, essay, course, text }: ReaderProps) {
  const intl = useIntl();
  const navigate = useNavigate({ from: "/batches/$batchId/essays/$essayId" });
  const { error: current } = useSearch({ from: "/signed-in/batches/$batchId/essays/$essayId" });
  const [version, setVersion] = useState<Version>("original");
  const [isOn, setOn] = useState(true);
  const [hidden, setHidden] = useState<ReadonlySet<Kind>>(new Set());
  const checked = essay.results.spellcheck;
  // Of a text in another language there is nothing to show.
  const spelling = checked?.mismatch ? undefined : checked;
  const errors = spelling?.errors ?? NO_ERRORS;
  const kinds = KINDS.filter((kind) => errors.some((error) => error.kind === kind));
  const visible = useMemo(
    () => (isOn ? errors.filter((error) => !hidden.has(error.kind)) : []),
    [errors, isOn, hidden],
  );
  const ids = useMemo(() => visible.map((error) => error.id), [visible]);
  const shown = version === "corrected" && spelling ? spelling.corrected_text : text;
  const paragraphs = useMemo(
    () => segmented(shown, spans(shown, visible, version)),
    [shown, visible, version],
  );
  const looked = visible.find((error) => error.id === current);

  // Until something else is looked at, its word can be marked again where it was unmarked.
  const [allowed, setAllowed] = useState<SpellingError>();

  const page = useRef<HTMLDivElement>(null);
  const look = useCallback(
    (id: number | undefined) => {
      setAllowed(undefined);
      navigate({
        search: id === undefined ? {} : { error: id },
        replace: true,
        resetScroll: false,
      });
    },
    [navigate],
  );
  const goTo = (id: number | undefined) => {
    if (id === undefined) return announce(intl.formatMessage({ id: "essay.errors.none" }));
    look(id);
    focusMark(page.current, id);
  };
  const step = (by: 1 | -1) => goTo(stepped(ids, looked?.id, by));
  useShortcut("j", "essay.key.nextError", () => step(1));
  useShortcut("k", "essay.key.previousError", () => step(-1));
  useFunctionKey(step);

  // A mark that comes back gets the focus once it is drawn.
  const [awaited, setAwaited] = useState<number>();
  useEffect(() => {
    if (awaited === undefined || !ids.includes(awaited)) return;
    setAwaited(undefined);
    focusMark(page.current, awaited);
  }, [awaited, ids]);

  // An address that names an error opens with it in view.
  const first = useRef(looked?.id);
  useEffect(() => {
    if (first.current !== undefined) focusMark(page.current, first.current);
  }, []);

  return (
    <div className={classes.reader} ref={page}>
      <Panel className={classes.text} aria-label={intl.formatMessage({ id: "essay.text" })}>
        {course && <OtherLanguage batchId={batchId} essay={essay} course={course} />}
        {spelling && (
          <Layers
            version={version}
            onVersion={setVersion}
            isOn={isOn}
            onOn={setOn}
            kinds={kinds}
            hidden={hidden}
            onKind={(kind) =>
              setHidden((before) => {
                const next = new Set(before);
                if (!next.delete(kind)) next.add(kind);
                return next;
              })
            }
            errors={errors}
          />
        )}
        {!checked && <NotChecked batchId={batchId} essay={essay} />}
        <EssayText
          text={shown}
          paragraphs={paragraphs}
          errors={visible}
          current={looked?.id}
          version={version}
          onLook={look}
          onEnter={() => page.current?.querySelector<HTMLElement>("[data-error-card]")?.focus()}
        />
      </Panel>
      {spelling && (
        <div className={classes.side}>
          <ErrorCard
            batchId={batchId}
            errors={errors}
            error={looked}
            allowed={allowed}
            onAllowed={(error) => {
              look(undefined);
              setAllowed(error);
            }}
            onUndone={(error) => {
              setAllowed(undefined);
              look(error.id);
              setAwaited(error.id);
            }}
            place={looked ? ids.indexOf(looked.id) + 1 : 0}
            count={ids.length}
            total={errors.length}
            onStep={step}
            onLeave={() => looked && focusMark(page.current, looked.id)}
          />
          <ErrorList errors={visible} current={looked?.id} onChoose={goTo} />
          <AllowedWords batchId={batchId} />
        </div>
      )}
      <span className="visually-hidden">
        <FormattedMessage id="essay.errors.keys" />
      </span>
    </div>
  );
}

function focusMark(page: HTMLElement | null, id: number): void {
  const mark = page?.querySelector<HTMLElement>(`[data-error="${id}"]`);
  mark?.focus({ preventScroll: true });
  mark?.scrollIntoView({ block: "center" });
}

/** F8 and Shift+F8, as in editors; the list of shortcuts tells a key by its name alone, not with Shift. */
function useFunctionKey(step: (by: 1 | -1) => void): void {
  const latest = useRef(step);
  useEffect(() => {
    latest.current = step;
  });
  useShortcut("F8", "essay.key.nextError", () => latest.current(1));
  useShortcut("Shift+F8", "essay.key.previousError", () => latest.current(-1));
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.key !== "F8" || !event.shiftKey || document.querySelector("dialog[open]")) return;
      event.preventDefault();
      latest.current(-1);
    };
    window.addEventListener("keydown", press, { capture: true });
    return () => window.removeEventListener("keydown", press, { capture: true });
  }, []);
}
