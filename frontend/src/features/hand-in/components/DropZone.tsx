import { Button } from "@mantine/core";
import { type DragEvent, useRef, useState } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { Icon } from "@/components/Icon";
import { essaysAmong, gather } from "../lib/gather";
import classes from "./DropZone.module.css";

// What the browser's own dialog offers first; the server decides by what is in a file.
export const ACCEPT = ".txt,.docx,.pdf,.odt,.rtf,.zip";

interface DropZoneProps {
  onFiles: (files: File[]) => void;
  /** Smaller, where files are there already. */
  isCompact?: boolean;
}

/** Takes dropped files and folders; the two buttons do the same without a mouse. */
export function DropZone({ onFiles, isCompact }: DropZoneProps) {
  const intl = useIntl();
  const [isOver, setOver] = useState(false);
  const files = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);

  const give = (given: File[]) => given.length > 0 && onFiles(given);
  const drop = async (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    give(await gather(event.dataTransfer));
  };
  const chosen = (input: HTMLInputElement) => {
    give(essaysAmong(input.files ?? []));
    // The same file may be chosen again after it was mended.
    input.value = "";
  };

  return (
    <fieldset
      className={classes.zone}
      data-over={isOver || undefined}
      data-compact={isCompact || undefined}
      aria-label={intl.formatMessage({ id: "handIn.drop.label" })}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setOver(false);
      }}
      onDrop={drop}
    >
      <span className={classes.icon}>
        <Icon name="upload" size={isCompact ? 22 : 30} />
      </span>
      <p className={classes.words}>
        <strong>
          <FormattedMessage id="handIn.drop" />
        </strong>
        <span>
          <FormattedMessage id="handIn.drop.kinds" />
        </span>
      </p>
      <div className={classes.buttons}>
        <Button variant="default" size="sm" onClick={() => files.current?.click()}>
          <FormattedMessage id="handIn.drop.files" />
        </Button>
        <Button variant="default" size="sm" onClick={() => folder.current?.click()}>
          <FormattedMessage id="handIn.drop.folder" />
        </Button>
      </div>
      <input
        ref={files}
        type="file"
        multiple
        hidden
        accept={ACCEPT}
        aria-label={intl.formatMessage({ id: "handIn.drop.files" })}
        onChange={(event) => chosen(event.currentTarget)}
      />
      <input
        ref={folder}
        type="file"
        hidden
        webkitdirectory=""
        aria-label={intl.formatMessage({ id: "handIn.drop.folder" })}
        onChange={(event) => chosen(event.currentTarget)}
      />
    </fieldset>
  );
}

declare module "react" {
  interface InputHTMLAttributes<T> {
    webkitdirectory?: "";
  }
}
