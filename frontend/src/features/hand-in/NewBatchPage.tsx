import { Button, NativeSelect, NumberInput, Textarea, TextInput } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, useEffect, useMemo, useRef, useState } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { announce } from "@/components/Announcer";
import { Page } from "@/components/Page";
import { Panel } from "@/components/Panel";
import { ProblemNotice } from "@/components/ProblemNotice";
import { needAssignment, useCatalogue, useWorkNames, withNeeded } from "@/components/work";
import { useMe } from "@/lib/account/me";
import { Problem } from "@/lib/api";
import { useCourses } from "@/lib/courses";
import { useRegisterBatch } from "./api/register-batch";
import { DropZone } from "./components/DropZone";
import { FileRow } from "./components/FileRow";
import { RowButton } from "./components/RowButton";
import { isArchive } from "./lib/gather";
import { readNames } from "./lib/names";
import { uploads } from "./lib/uploads";
import classes from "./NewBatchPage.module.css";

const MOST_ESSAYS = 5000;
const USUAL_PIPELINE = "comprehensive";

export function NewBatchPage() {
  const intl = useIntl();
  const navigate = useNavigate();
  const me = useMe().data;
  const courses = useCourses();
  const catalogue = useCatalogue();
  const { pipeline: pipelineName } = useWorkNames();
  const register = useRegisterBatch();
  const [files, setFiles] = useState<File[]>([]);
  const { count, unknown } = useEssayCount(files);
  const [written, setWritten] = useState<number | null>(null);
  const [pasted, setPasted] = useState("");
  const [missing, setMissing] = useState<Record<string, string>>({});
  const [tries, setTries] = useState(0);
  const form = useRef<HTMLFormElement>(null);
  const names = useMemo(() => readNames(pasted), [pasted]);
  const essays = written ?? count;

  useEffect(() => {
    if (tries > 0) form.current?.querySelector<HTMLElement>("[aria-invalid='true']")?.focus();
  }, [tries]);

  // What has been mended is no longer said to be wrong.
  const mend = (field: string) => {
    if (missing[field]) setMissing(({ [field]: _gone, ...others }) => others);
  };

  const error = (field: string, ...ofApi: string[]) =>
    missing[field] ??
    (register.error instanceof Problem
      ? ofApi.map((each) => (register.error as Problem).fault(each)).find(Boolean)
      : undefined);

  const needsAssignment = (pipeline: string) => {
    const { pipelines = [], phases = [] } = catalogue.data ?? {};
    const wanted = pipelines.find(({ name }) => name === pipeline)?.phases ?? [];
    return needAssignment(withNeeded(wanted, phases), phases).length > 0;
  };

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    const text = (name: string) => String(data.get(name) ?? "").trim();
    const wrong: Record<string, string> = {};
    const say = (field: string, id: "course" | "class" | "essays" | "names" | "instructions") => {
      wrong[field] = intl.formatMessage(
        { id: `handIn.new.${id}.missing` },
        { names: names.twice.join(", "), most: MOST_ESSAYS },
      );
    };
    if (!text("course")) say("course", "course");
    if (!text("class")) say("class", "class");
    if (essays < Math.max(1, count) || essays > MOST_ESSAYS) say("essays", "essays");
    if (needsAssignment(text("pipeline")) && !text("instructions"))
      say("instructions", "instructions");
    if (names.twice.length > 0) say("names", "names");
    setMissing(wrong);
    if (Object.keys(wrong).length > 0) {
      setTries((before) => before + 1);
      return;
    }
    register.mutate(
      {
        course_code: text("course"),
        class_designation: text("class"),
        essay_instructions: text("instructions"),
        teacher_name: me?.display_name ?? "",
        student_names: names.names,
        pipeline: text("pipeline") || null,
        essays,
      },
      {
        onSuccess: (batchId) => {
          if (files.length > 0) uploads.begin(batchId, files);
          navigate({
            to: "/batches/$batchId/files",
            params: { batchId },
            search: { isNew: true },
            replace: true,
          });
        },
      },
    );
  };

  const add = (given: File[]) => {
    setFiles((before) => withoutDoubles([...before, ...given]));
    mend("essays");
    announce(intl.formatMessage({ id: "handIn.adding" }, { count: given.length }));
  };

  return (
    <Page
      title={intl.formatMessage({ id: "handIn.new.title" })}
      lead={<FormattedMessage id="handIn.new.lead" />}
    >
      <form
        ref={form}
        className={classes.form}
        onSubmit={submit}
        onChange={(event) => mend((event.target as unknown as HTMLInputElement).name)}
        noValidate
      >
        <Panel className={classes.panel} aria-labelledby="new-files">
          <h2 id="new-files">
            <FormattedMessage id="handIn.new.files" />
          </h2>
          <DropZone onFiles={add} isCompact={files.length > 0} />
          {files.length > 0 && (
            <ul
              className={classes.files}
              aria-label={intl.formatMessage({ id: "handIn.new.files" })}
            >
              {files.map((file) => (
                <FileRow
                  key={keyOf(file)}
                  name={file.name}
                  sizeBytes={file.size}
                  state="chosen"
                  actions={
                    <RowButton
                      icon="cross"
                      label={intl.formatMessage({ id: "handIn.leaveOut" }, { name: file.name })}
                      onClick={() => setFiles((before) => before.filter((each) => each !== file))}
                    />
                  }
                />
              ))}
            </ul>
          )}
          <NumberInput
            className={classes.short}
            name="essays"
            label={intl.formatMessage({ id: "handIn.new.essays" })}
            description={intl.formatMessage(
              { id: unknown ? "handIn.new.essays.unknown" : "handIn.new.essays.description" },
              { count },
            )}
            value={essays || ""}
            onChange={(value) => setWritten(value === "" ? null : Number(value))}
            min={1}
            max={MOST_ESSAYS}
            allowDecimal={false}
            allowNegative={false}
            error={error("essays", "expected_essay_count", "essay_ids")}
          />
        </Panel>

        <Panel className={classes.panel} aria-labelledby="new-about">
          <h2 id="new-about">
            <FormattedMessage id="handIn.new.about" />
          </h2>
          <div className={classes.pair}>
            <NativeSelect
              name="course"
              label={intl.formatMessage({ id: "handIn.new.course" })}
              error={error("course", "course_code")}
              data={[
                { value: "", label: intl.formatMessage({ id: "handIn.new.course.choose" }) },
                ...(courses.data ?? []).map((each) => ({ value: each.code, label: each.name })),
              ]}
            />
            <TextInput
              name="class"
              label={intl.formatMessage({ id: "handIn.new.class" })}
              placeholder={intl.formatMessage({ id: "handIn.new.class.example" })}
              maxLength={100}
              autoComplete="off"
              error={error("class", "class_designation")}
            />
          </div>
          <Textarea
            name="instructions"
            label={intl.formatMessage({ id: "handIn.new.instructions" })}
            description={intl.formatMessage({ id: "handIn.new.instructions.description" })}
            maxLength={20_000}
            rows={4}
            error={error("instructions", "essay_instructions")}
          />
          <Textarea
            name="names"
            label={intl.formatMessage({ id: "handIn.new.names" })}
            description={intl.formatMessage({ id: "handIn.new.names.description" })}
            value={pasted}
            onChange={(event) => setPasted(event.currentTarget.value)}
            rows={4}
            error={error("names", "student_names")}
          />
          {names.names.length > 0 && (
            <p className={classes.hint} role="status">
              <FormattedMessage
                id="handIn.new.names.count"
                values={{ count: names.names.length }}
              />
            </p>
          )}
          <NativeSelect
            name="pipeline"
            onChange={() => mend("instructions")}
            className={classes.short}
            key={catalogue.isSuccess ? "known" : "unknown"}
            defaultValue={USUAL_PIPELINE}
            label={intl.formatMessage({ id: "handIn.new.pipeline" })}
            description={intl.formatMessage({ id: "handIn.new.pipeline.description" })}
            error={error("pipeline", "pipeline")}
            data={[
              ...(catalogue.data?.pipelines ?? []).map(({ name }) => ({
                value: name,
                label: pipelineName(name),
              })),
              { value: "", label: intl.formatMessage({ id: "handIn.new.pipeline.none" }) },
            ]}
          />
        </Panel>

        {courses.isError && (
          <ProblemNotice error={courses.error} onRetry={() => courses.refetch()} />
        )}
        {register.isError && <ProblemNotice error={register.error} />}
        <div className={classes.send}>
          <Button type="submit" size="md" loading={register.isPending}>
            {files.length > 0 ? (
              <FormattedMessage id="handIn.new.submit" values={{ count: files.length }} />
            ) : (
              <FormattedMessage id="handIn.new.submitEmpty" />
            )}
          </Button>
        </div>
      </form>
    </Page>
  );
}

/** How many essays the chosen files hold; what is in an archive is counted without unpacking it. */
function useEssayCount(files: File[]) {
  const [members, setMembers] = useState(new Map<File, number | null>());
  useEffect(() => {
    const fresh = files.filter((file) => isArchive(file) && !members.has(file));
    if (fresh.length === 0) return;
    let isCurrent = true;
    import("./lib/zip-count")
      .then(({ countMembers }) =>
        Promise.all(
          fresh.map(async (file) => [file, await countMembers(file).catch(() => null)] as const),
        ),
      )
      .then((counted) => isCurrent && setMembers(new Map([...members, ...counted])));
    return () => {
      isCurrent = false;
    };
  }, [files, members]);

  const counts = files.map((file) => (isArchive(file) ? members.get(file) : 1));
  return {
    count: counts.reduce<number>((sum, each) => sum + (each ?? 0), 0),
    unknown: counts.some((each) => each === null),
  };
}

function keyOf(file: File): string {
  return `${file.webkitRelativePath || file.name}:${file.size}:${file.lastModified}`;
}

function withoutDoubles(files: File[]): File[] {
  return [...new Map(files.map((file) => [keyOf(file), file])).values()];
}
