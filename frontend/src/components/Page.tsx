import { type ReactNode, useEffect, useRef } from "react";
import classes from "./Page.module.css";

interface PageProps {
  /** The heading, and the document's title. */
  title: string;
  /** The document's title where it says more than the heading. */
  documentTitle?: string;
  /** A way back or a trail, above the heading. */
  above?: ReactNode;
  /** A line below the heading. */
  lead?: ReactNode;
  /** Beside the heading: what one can do here. */
  actions?: ReactNode;
  children: ReactNode;
}

let isFirst = true;

/** A page's title, heading and actions; opening one moves the focus to its heading, so that it is read out. */
export function Page({ title, documentTitle, above, lead, actions, children }: PageProps) {
  const heading = useRef<HTMLHeadingElement>(null);

  useEffect(() => {
    if (isFirst) isFirst = false;
    else heading.current?.focus({ preventScroll: true });
  }, []);

  return (
    <div className={classes.page}>
      <title>{`${documentTitle ?? title} · HuleEdu`}</title>
      {above}
      <div className={classes.top}>
        <div className={classes.words}>
          <h1 ref={heading} tabIndex={-1} className={classes.heading}>
            {title}
          </h1>
          {lead && <div className={classes.lead}>{lead}</div>}
        </div>
        {actions && <div className={classes.actions}>{actions}</div>}
      </div>
      {children}
    </div>
  );
}
