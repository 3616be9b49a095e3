/** Drawn on a 24 by 24 grid, in the colour of the text around. */
const PATHS = {
  alert:
    "M12 9v4m0 3.5v.01M10.3 4.3 2.8 17.5A2 2 0 0 0 4.5 20.5h15a2 2 0 0 0 1.7-3L13.7 4.3a2 2 0 0 0-3.4 0Z",
  arrowLeft: "M19 12H5m6-6-6 6 6 6",
  arrowRight: "M5 12h14m-6-6 6 6-6 6",
  bell: "M6 16V11a6 6 0 1 1 12 0v5l1.5 2h-15L6 16Zm4 4.5a2.2 2.2 0 0 0 4 0",
  check: "m5 12.5 4.5 4.5L19 7.5",
  chevronDown: "m6 9 6 6 6-6",
  chevronLeft: "m15 6-6 6 6 6",
  chevronRight: "m9 6 6 6-6 6",
  circle: "M12 4a8 8 0 1 1 0 16 8 8 0 0 1 0-16Z",
  clock: "M12 4a8 8 0 1 1 0 16 8 8 0 0 1 0-16Zm0 3.5V12l3 2",
  cross: "m6 6 12 12M18 6 6 18",
  download: "M12 4v11m-4.5-4.5L12 15l4.5-4.5M5 19.5h14",
  external: "M13 5h6v6m0-6-9 9M10 6H6a1 1 0 0 0-1 1v11a1 1 0 0 0 1 1h11a1 1 0 0 0 1-1v-4",
  file: "M6 3.5h8l4 4v13H6v-17Zm8 0v4h4",
  folder: "M3.5 6.5h6l2 2.5h9v10.5h-17v-13Z",
  info: "M12 4a8 8 0 1 1 0 16 8 8 0 0 1 0-16Zm0 7v5m0-8v.01",
  keyboard: "M3 7h18v10H3V7Zm4 3.5h.01M11 10.5h.01M15 10.5h.01M7.5 14h9",
  menu: "M4 7h16M4 12h16M4 17h16",
  minus: "M6 12h12",
  moon: "M19.5 14.5A8 8 0 0 1 9.5 4.5a8 8 0 1 0 10 10Z",
  pencil: "m5 19 1-4L16 5l3 3L9 18l-4 1Z",
  play: "M8 5v14l11-7L8 5Z",
  plus: "M12 5v14M5 12h14",
  retry: "M19 12a7 7 0 1 1-2.1-5L19 9m0-5v5h-5",
  search: "M11 4.5a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13Zm5 11.5 4 4",
  stop: "M6.5 6.5h11v11h-11v-11Z",
  sun: "M12 8a4 4 0 1 1 0 8 4 4 0 0 1 0-8Zm0-5v2m0 14v2M3 12h2m14 0h2M5.6 5.6 7 7m10 10 1.4 1.4m0-12.8L17 7M7 17l-1.4 1.4",
  swap: "M7 4v13m0 0-3-3m3 3 3-3m7 6V7m0 0-3 3m3-3 3 3",
  trash: "M5 7h14M10 7V4.5h4V7m-7.5 0 .8 13h9.4l.8-13M10 11v5m4-5v5",
  upload: "M12 16V5m-4.5 4.5L12 5l4.5 4.5M5 19.5h14",
  user: "M12 4.5a3.5 3.5 0 1 1 0 7 3.5 3.5 0 0 1 0-7ZM5 20c.5-4 3-6 7-6s6.5 2 7 6",
} as const;

export type IconName = keyof typeof PATHS;

/** A picture beside words; alone it says nothing to a screen reader. */
export function Icon({ name, size = 20 }: { name: IconName; size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.8"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      <path d={PATHS[name]} />
    </svg>
  );
}
