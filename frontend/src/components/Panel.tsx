import type { HTMLAttributes } from "react";
import classes from "./Panel.module.css";

/** A sheet of paper on the page. */
export function Panel({ className, ...rest }: HTMLAttributes<HTMLElement>) {
  return <section className={`${classes.panel} ${className ?? ""}`} {...rest} />;
}
