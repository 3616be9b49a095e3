import { NativeSelect, TextInput } from "@mantine/core";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { useIntl } from "react-intl";
import { Icon } from "@/components/Icon";
import { useShortcut } from "@/hooks/use-shortcut";
import { useCourses } from "@/lib/courses";
import { type BatchesSearch, SORTS, STATES } from "../search";
import classes from "./Filters.module.css";

const TYPING_MS = 250;

/** Search, status, course and order; all of them are in the address, so that a view can be kept and sent. */
export function Filters() {
  const intl = useIntl();
  const navigate = useNavigate();
  const search = useSearch({ from: "/signed-in/batches" });
  const courses = useCourses().data ?? [];
  const field = useRef<HTMLInputElement>(null);
  useShortcut("/", "batches.shortcut.search", () => field.current?.focus());

  const change = (part: { [K in keyof BatchesSearch]: string | undefined }) =>
    navigate({
      to: "/batches",
      // An empty choice leaves the address.
      search: (before) =>
        Object.fromEntries(
          Object.entries({ ...before, ...part }).filter(([, value]) => value),
        ) as BatchesSearch,
      replace: true,
    });
  const [words, setWords] = useDelayed(search.search ?? "", (value) =>
    change({ search: value.trim() || undefined }),
  );

  return (
    <search className={classes.filters}>
      <TextInput
        ref={field}
        className={classes.search}
        type="search"
        leftSection={<Icon name="search" size={18} />}
        label={intl.formatMessage({ id: "batches.search" })}
        placeholder={intl.formatMessage({ id: "batches.search.hint" })}
        value={words}
        onChange={(event) => setWords(event.currentTarget.value)}
      />
      <NativeSelect
        label={intl.formatMessage({ id: "batches.status" })}
        value={search.status ?? ""}
        onChange={(event) => change({ status: event.currentTarget.value })}
        data={[
          { value: "", label: intl.formatMessage({ id: "batches.status.any" }) },
          ...STATES.map((value) => ({
            value,
            label: intl.formatMessage({ id: `status.${value}` }),
          })),
        ]}
      />
      <NativeSelect
        label={intl.formatMessage({ id: "batches.course" })}
        value={search.course ?? ""}
        onChange={(event) => change({ course: event.currentTarget.value })}
        data={[
          { value: "", label: intl.formatMessage({ id: "batches.course.any" }) },
          ...courses.map((course) => ({ value: course.code, label: course.name })),
        ]}
      />
      <NativeSelect
        label={intl.formatMessage({ id: "batches.sort" })}
        value={search.sort ?? "action"}
        onChange={(event) => change({ sort: event.currentTarget.value })}
        data={SORTS.map((value) => ({
          value,
          label: intl.formatMessage({ id: `batches.sort.${value}` }),
        }))}
      />
    </search>
  );
}

/** What is being typed, told on after a pause; what comes from outside replaces it. */
function useDelayed(outside: string, tell: (value: string) => void) {
  const [value, setValue] = useState(outside);
  const latest = useRef(tell);
  useEffect(() => {
    latest.current = tell;
  });
  useEffect(() => setValue(outside), [outside]);
  useEffect(() => {
    if (value.trim() === outside) return;
    const timer = setTimeout(() => latest.current(value), TYPING_MS);
    return () => clearTimeout(timer);
  }, [value, outside]);
  return [value, setValue] as const;
}
