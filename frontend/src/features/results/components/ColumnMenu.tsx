import { Button } from "@mantine/core";
import { useState } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { Dialog } from "@/components/Dialog";
import { MEASURES, type Measure } from "@/lib/measures";
import { USUAL_COLUMNS } from "../search";
import classes from "./ColumnMenu.module.css";

interface ColumnMenuProps {
  shown: readonly Measure[];
  onChange: (columns: Measure[] | undefined) => void;
}

/** Which measures are columns, with a line on what each means. */
export function ColumnMenu({ shown, onChange }: ColumnMenuProps) {
  const intl = useIntl();
  const [isOpen, setOpen] = useState(false);
  const toggle = (measure: Measure) =>
    onChange(
      MEASURES.filter((each) => (each === measure ? !shown.includes(each) : shown.includes(each))),
    );

  return (
    <>
      <Button variant="default" size="sm" onClick={() => setOpen(true)}>
        <FormattedMessage id="results.columns" />
      </Button>
      <Dialog
        isOpen={isOpen}
        onClose={() => setOpen(false)}
        title={intl.formatMessage({ id: "results.columns.title" })}
        footer={
          <>
            <Button variant="default" onClick={() => onChange([...USUAL_COLUMNS])}>
              <FormattedMessage id="results.columns.usual" />
            </Button>
            <Button onClick={() => setOpen(false)}>
              <FormattedMessage id="results.columns.done" />
            </Button>
          </>
        }
      >
        <ul className={classes.columns}>
          {MEASURES.map((measure) => (
            <li key={measure}>
              <label>
                <input
                  type="checkbox"
                  checked={shown.includes(measure)}
                  onChange={() => toggle(measure)}
                  aria-describedby={`results-column-${measure}`}
                />
                <FormattedMessage id={`measure.${measure}.title`} />
              </label>
              <p id={`results-column-${measure}`}>
                <FormattedMessage id={`measure.${measure}.meaning`} />
              </p>
            </li>
          ))}
        </ul>
      </Dialog>
    </>
  );
}
