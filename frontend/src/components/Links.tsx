import { Button, type ButtonProps } from "@mantine/core";
import { createLink } from "@tanstack/react-router";
import type { AnchorHTMLAttributes, Ref } from "react";

type Anchor = Omit<AnchorHTMLAttributes<HTMLAnchorElement>, keyof ButtonProps> &
  ButtonProps & { ref?: Ref<HTMLAnchorElement> };

/** A link that looks like a button. */
export const ButtonLink = createLink(({ ref, ...props }: Anchor) => (
  <Button component="a" ref={ref} {...props} />
));
